"""Evaluates a model at many points: traced once and as arrays if that gives its numbers, else point by point."""

import math
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import autograd.lower.numpy
from autograd import Value, no_grad, topological_order, trace
from viz.charts.numbers import read_output, read_rows

Rows = list[list[float]]


def plane(X: Any, steps: int, names: Sequence[str]) -> tuple[Rows, list[float], list[float]]:  # noqa: N803
    """Points of two numbers, and ``steps`` evenly spaced places along each axis, from below the least to above."""
    points = read_points(X, "the plane is drawn for 2 inputs: choose two columns, and give a function of those two")
    if not isinstance(steps, int) or steps < 2:
        raise ValueError(f"steps: expected how many points across, at least 2, not {steps!r}")
    check_names(names)
    xs, ys = (_span([row[axis] for row in points], steps) for axis in (0, 1))
    return points, xs, ys


def read_points(X: Any, advice: str) -> Rows:  # noqa: N803
    """Rows of two finite numbers; advice: what to do where there are more or fewer of them."""
    points = read_rows(X, "X")
    if len(points[0]) != 2:
        raise ValueError(f"X has rows of {len(points[0])} numbers; {advice}")
    if not all(math.isfinite(x) for row in points for x in row):
        raise ValueError("X has numbers that are not finite; leave those rows out")
    return points


def check_names(names: Sequence[str]) -> None:
    """A ValueError where these are not the names of two inputs."""
    if isinstance(names, str) or len(names) != 2:
        raise ValueError(f"names: expected the names of the 2 inputs, as in (\"length\", \"width\"), not {names!r}")


def outputs(model: Callable[[Any], Any], rows: Sequence[Sequence[float]]) -> Rows:
    """The outputs of a model for each row, without recording a graph."""
    with no_grad():
        return [read_output(model(list(row)), "the model's output") for row in rows]


def outputs_at_once(model: Callable[[Any], Any], rows: Sequence[Sequence[float]],
                    known: Sequence[Sequence[float]], given: Sequence[Sequence[float]]) -> Rows:
    """The same for many rows. known: rows whose outputs ``given`` the arrays must reproduce to nine digits.

    A model that cannot be traced, or whose comparisons choose between branches, is called for each row. So is one
    that gives other numbers when traced, such as one that draws at random.
    """
    try:
        with warnings.catch_warnings(action="ignore"):      # of numbers that are drawn: the comparison finds them
            program = trace(model, list(rows[0]))
        columns = autograd.lower.numpy.lower(program)([*zip(*known, *rows, strict=True), *_captured(model, rows[0])])
    except Exception:       # of the user's code as well, which may take floats only
        return outputs(model, rows)
    if isinstance(columns, int):    # a guard
        return outputs(model, rows)
    found = [[float(x) for x in row] for row in zip(*columns, strict=True)]
    agree = len(found) == len(known) + len(rows) and all(
        len(a) == len(b) and all(map(_close, a, b)) for a, b in zip(found, given, strict=False))
    return found[len(known):] if agree else outputs(model, rows)


def _captured(model: Callable[[Any], Any], row: Sequence[float]) -> list[float]:
    """The numbers that a trace of the model has as further inputs: leaves of its graph, in order of creation."""
    inputs = [Value(x) for x in row]
    out = model(list(inputs))
    found = [x for x in (out if hasattr(out, "__len__") else [out]) if isinstance(x, Value)]
    graph = topological_order(autograd.sum(found))
    return [node.data for node in graph if node.op is None and not any(node is x for x in inputs)]


def _close(a: float, b: float) -> bool:
    return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12) or (a != a and b != b)


def _span(numbers: Sequence[float], steps: int) -> list[float]:
    low, high = min(numbers), max(numbers)
    pad = 0.12 * (high - low) or 1.0
    return [low - pad + (high - low + 2 * pad) * i / (steps - 1) for i in range(steps)]
