"""Every op at every combination of the eleven edges, in every mode, against the folder `edges`."""

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

import autograd as ag
from autograd import TABLE, Value
from autograd.ops.primitives import Op
from tests.support import edge_matrix
from tests.support.edge_matrix import GRID, number

MATRIX = edge_matrix.matrix()
Function = Callable[..., Any]
SECOND = {(0, 0): "d2/dx2", (0, 1): "d2/dxdy", (1, 0): "d2/dxdy", (1, 1): "d2/dy2"}


def close(got: Any, want: float) -> bool:
    """Equal to the last few digits; zeros are equal, whatever their sign."""
    return got == want or (got != got and want != want) or math.isclose(got, want, rel_tol=2e-15, abs_tol=1e-323)


def exactly(got: float, want: float) -> bool:
    return close(got, want) and (want != 0.0 or math.copysign(1.0, got) == math.copysign(1.0, want))


def placed(f: Function, args: Sequence[float], i: int) -> Function:
    """``f`` as a function of argument ``i`` alone."""
    return lambda x: f(*args[:i], x, *args[i + 1:])


def by_reverse(f: Function, i: int) -> Function:
    return lambda *args: ag.grad(f, argnums=i)(*args)


def by_forward(f: Function, i: int) -> Function:
    return lambda *args: ag.derivative(placed(f, args, i))(args[i])


def first(f: Function, args: Sequence[float], i: int) -> Iterator[tuple[str, float]]:
    """The partial by argument ``i``, by each route there is."""
    leaf = Value(args[i])
    f(*args[:i], leaf, *args[i + 1:]).backward()
    yield "backward, the others constant", leaf.grad
    yield "grad", ag.grad(placed(f, args, i))(args[i])
    yield "derivative", ag.derivative(placed(f, args, i))(args[i])
    directions = [float(i == j) for j in range(len(args))]
    yield "jvp", ag.jvp(f, tuple(args), tuple(directions))[1]
    yield "gradient as a Value", ag.value_and_grad(by_reverse(f, i))(*args)[0]
    yield "derivative as a Value", ag.value_and_grad(by_forward(f, i))(*args)[0]
    yield "gradient as a Dual", ag.jvp(by_reverse(f, i), tuple(args), (1.0,) * len(args))[0]


def second(f: Function, args: Sequence[float], i: int, j: int) -> list[float]:
    """The partial by ``j`` of the partial by ``i``, nested in the four ways.

    Reverse inside forward differentiates a tangent: it takes the two in the other order.
    """
    ways = ((ag.grad, by_reverse, i, j), (ag.grad, by_forward, i, j), (ag.derivative, by_forward, i, j),
            (ag.derivative, by_reverse, j, i))
    return [outer(placed(inner(f, by), args, then))(args[then]) for outer, inner, by, then in ways]


def failures(f: Function, args: tuple[float, ...], value: str, partials: Sequence[str],
             op: Op | None = None, seconds: dict[tuple[int, int], str] | None = None) -> Iterator[str]:
    """What is not as expected at one point. A cell of "." is nothing at all, which reads 0."""
    want = number(value)
    slopes = [0.0 if cell == "." else number(cell) for cell in partials]
    leaves = [Value(x) for x in args]
    node = f(*leaves)
    for route, got in (("floats", f(*args)), ("Values", getattr(node, "data", node))):
        if not exactly(got, want):
            yield f"{args}: {value}, but {got} of {route}"
    if op is not None:
        for i, (slope, cell) in enumerate(zip(op.float_partials, partials, strict=True)):
            got = slope(*args, op.value(*args))
            if (got is None) is not (cell == ".") or not close(got or 0.0, slopes[i]):
                yield f"{args} by {i}: {cell}, but {got} on floats"
    node.backward()
    for i, (leaf, slope) in enumerate(zip(leaves, slopes, strict=True)):
        for route, got in [("backward", leaf.grad), *first(f, args, i)]:
            if not close(got, slope):
                yield f"{args} by {i}: {partials[i]}, but {got} by {route}"
    for i, j in itertools.product(range(len(args)), repeat=2):
        four = second(f, args, i, j)
        cell = (seconds or {}).get((i, j), "?")
        if cell != "?":
            if not all(close(got, number(cell)) for got in four):
                yield f"{args} by {i} and {j}: {cell}, but {four}"
        elif not all(close(got, other) for got in four for other in four if got == got and other == other):
            yield f"{args} by {i} and {j}: the four ways differ, {four}"    # where one overflowed it may be nan


def neighbours(items: Sequence[Any], start: int, many: int) -> list[Any]:
    """As many of the items, spread among them, from one on."""
    return [items[(start + 4 * k) % len(items)] for k in range(many)]


def report(found: list[str]) -> None:
    assert not found, f"{len(found)} answers are not as written:\n" + "\n".join(found[:20])


def named(name: str) -> tuple[Function, Op | None]:
    """The function of a block; `sum/2` is a sum of two, `dot/2` that of one pair."""
    base, _, count = name.partition("/")
    op = TABLE[base]
    if not count:
        return op.function, op
    if base == "dot":
        return lambda x, y: op.function([x], [y]), None
    return lambda *xs: op.function(xs), None


def test_every_op_has_its_edges() -> None:
    fixed = {name for name, op in TABLE.items() if op.arity in (1, 2)} | {"clip", "where"}
    several = {name for name, op in TABLE.items() if op.arity is None}
    pairs = {f"{name}/{n}" for name in several for n in (1, 2)} - {"dot/1"}
    assert fixed | pairs == MATRIX.keys(), "write the expected answers of a new op into tests/support/edges"
    for name in MATRIX.keys() - {"clip", "where"}:
        count = int(name[-1]) if "/" in name else TABLE[name].arity
        for part in ("value", "d/dx", "d/dy")[:1 + count]:
            assert MATRIX[name][part].keys() == set(itertools.product(GRID, repeat=count)), (name, part)


@pytest.mark.parametrize("name", sorted(MATRIX.keys() - {"clip", "where"}))
def test_edges_in_every_mode(name: str) -> None:
    (f, op), parts = named(name), MATRIX[name]
    found = []
    for point, value in parts["value"].items():
        partials = [parts[part][point] for part in ("d/dx", "d/dy")[:len(point)]]
        seconds = {pair: parts.get(part, {}).get(point, "?") for pair, part in SECOND.items()}
        found += [f"{name}{line}" for line in failures(f, tuple(map(number, point)), value, partials, op, seconds)]
    report(found)


# how many of the eleven neighbours of each edge; the long campaign takes every combination
MANY = pytest.mark.parametrize("many", [2, pytest.param(len(GRID), marks=pytest.mark.campaign)])


@MANY
def test_clip_in_every_mode(many: int) -> None:
    """A cell holds one letter for each x: it passes, or is held at lo or hi, or all is nan."""
    slopes = {"x": ["1", ".", "."], "l": [".", "1", "."], "h": [".", ".", "1"], "n": ["nan"] * 3}
    found = []
    for row, ((lo, hi), letters) in enumerate(MATRIX["clip"]["held"].items()):
        for x, letter in neighbours([*zip(GRID, letters, strict=True)], 5 * row, many):
            value = {"x": x, "l": lo, "h": hi, "n": "nan"}[letter]
            args = tuple(map(number, (x, lo, hi)))
            found += [f"clip{line}" for line in failures(ag.clip, args, value, slopes[letter], TABLE["clip"])]
    report(found)


@MANY
def test_where_in_every_mode(many: int) -> None:
    """A cell names the arm that the condition, its column, takes."""
    found = []
    for (_, condition), arm in MATRIX["where"]["value"].items():
        for a, b in ((a, b) for i, a in enumerate(GRID) for b in neighbours(GRID, i, many)):
            args = tuple(map(number, (condition, a, b)))
            value, slopes = (a, [".", "1", "."]) if arm == "a" else (b, [".", ".", "1"])
            found += [f"where{line}" for line in failures(_chosen, args, value, slopes, TABLE["where"])]
    report(found)


def _chosen(condition: Any, a: Any, b: Any) -> Any:
    return ag.where(condition, a, b) * 1.0      # where hands a constant arm on as it is
