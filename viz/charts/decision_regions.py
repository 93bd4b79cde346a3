"""Which class a model gives each point of the plane, and where its data lie."""

import math
from collections.abc import Callable, Sequence
from typing import Any

from viz.charts import canvas
from viz.graph.labels import INK
from viz.model_layers import real, rows, scores

SHARE = 0.28            # how much of its class's colour a region has
UNKNOWN = "#d4d7df"     # where the model gives no number


def plot_decision(model: Callable[[Any], Any], X: Any, y: Sequence[Any], *, threshold: float = 0.0,  # noqa: N803
                  steps: int = 60, title: str = "Decisions",
                  names: Sequence[str] = ("first input", "second input")) -> Any:
    """The plane in the colours of the classes that the model gives, and the data in those that they have.

    model: takes a list of two numbers; gives one score, or one per class.
    X, y: points, as rows of two numbers, and their classes. With one score, of two classes the
        larger (1 of 0 and 1, or of -1 and 1) is given where the score is above ``threshold``: 0 for a
        score, 0.5 for a probability. With several scores the class is the index of the largest.
    steps: how many points across the model is asked for; ``steps`` squared evaluations.
    names: what the two inputs are called, at the axes.

    Points that lie on the wrong side are ringed and counted; where the model gives nan the plane is
    grey. Gives a matplotlib Figure. Needs matplotlib (extra ``train``).

    >>> plot_decision(lambda x: x[0] - x[1], [[0.0, 1.0], [1.0, 0.0]], [-1, 1], steps=5)._suptitle.get_text()
    'Decisions: 2 of 2 points right'
    """
    points = rows(X, "X")
    if len(points[0]) != 2:
        raise ValueError(f"X has rows of {len(points[0])} numbers; a decision boundary is drawn for 2 inputs: "
                         "choose two columns, and give a function of those two")
    labels = [_label(c) for c in y]
    if len(labels) != len(points):
        raise ValueError(f"X has {len(points)} rows and y has {len(labels)}; give one class for each point")
    if not all(math.isfinite(x) for row in points for x in row):
        raise ValueError("X has numbers that are not finite; leave those rows out")
    if not isinstance(steps, int) or steps < 2:
        raise ValueError(f"steps: expected how many points across, at least 2, not {steps!r}")
    if isinstance(names, str) or len(names) != 2:
        raise ValueError(f"names: expected the names of the 2 inputs, as in (\"length\", \"width\"), not {names!r}")
    given = [scores(model, row) for row in points]
    classes = _classes(labels, len(given[0]))
    place = {c: i for i, c in enumerate(classes)}
    xs, ys = (_span([row[axis] for row in points], steps) for axis in (0, 1))
    leads = [[_leads(scores(model, [x, y]), threshold) for x in xs] for y in ys]
    right = [_winner(_leads(out, threshold)) == place[c] for out, c in zip(given, labels, strict=True)]

    drawn = canvas.figure(7, 5.2, f"{canvas.plain(title, 48)}: {sum(right)} of {len(right)} points right")
    axes = drawn.subplots()
    canvas.style(axes, x=names[0], y=names[1])
    axes.set_facecolor(UNKNOWN)
    handles, words = [], []
    for k, c in enumerate(classes):
        ink, marker = canvas.CLASSES[k % len(canvas.CLASSES)], canvas.MARKERS[k % len(canvas.MARKERS)]
        _region(axes, xs, ys, [[lead[k] for lead in line] for line in leads], ink)
        mine = [row for row, label in zip(points, labels, strict=True) if label == c]
        handles.append(axes.scatter([row[0] for row in mine], [row[1] for row in mine], s=34, color=ink,
                                    marker=marker, edgecolor="white", linewidth=0.7, zorder=3))
        words.append(f"class {c}")
    wrong = [row for row, fine in zip(points, right, strict=True) if not fine]
    if wrong:
        handles.append(axes.scatter([row[0] for row in wrong], [row[1] for row in wrong], s=120, facecolor="none",
                                    edgecolor=INK, linewidth=1.4, zorder=4))
        words.append("on the wrong side")
    if any(math.isnan(lead[0]) for line in leads for lead in line):
        from matplotlib.patches import Patch
        handles.append(Patch(facecolor=UNKNOWN))
        words.append("no number here")
    canvas.legend(axes, handles, words)
    return drawn


def _label(c: Any) -> Any:
    """A class as something that compares: 1, 1.0 and numpy's 1 are one class."""
    if isinstance(c, str):
        return c
    x = real(c, "y")
    if not math.isfinite(x):
        raise ValueError("y has classes that are not finite; leave those points out")
    return int(x) if x.is_integer() else x


def _classes(labels: Sequence[Any], outputs: int) -> list[Any]:
    """The classes in the order of the model's scores."""
    if outputs == 0:
        raise ValueError("the model gives no score; it must give one number, or one per class")
    known = sorted(set(labels), key=lambda c: (isinstance(c, str), c))
    if outputs == 1:
        if len(known) > 2:
            raise ValueError(f"y has {len(known)} classes, but the model gives one score, which tells two apart; give "
                             "a model with one score per class")
        if len(known) == 1 and not isinstance(known[0], str):       # the other one of its pair
            known = sorted({known[0], {1: 0, 0: 1, -1: 1}.get(known[0], 0)})
        return known if len(known) == 2 else [*known, "other"]
    strange = [c for c in known if c not in range(outputs)]
    if strange:
        raise ValueError(f"y has the class {strange[0]!r}, but the model's {outputs} scores stand for 0 to "
                         f"{outputs - 1}; give each class as the index of its score")
    return list(range(outputs))


def _leads(out: Sequence[float], threshold: float) -> list[float]:
    """By how much each class leads the best of the others; nan where a score is."""
    out = [threshold - out[0], out[0] - threshold] if len(out) == 1 else out
    if any(math.isnan(x) for x in out):
        return [math.nan] * len(out)
    out = [max(-1e300, min(1e300, x)) for x in out]         # the difference of two infinities would be nan
    return [x - max(out[:k] + out[k + 1:]) for k, x in enumerate(out)]


def _winner(leads: Sequence[float]) -> int:
    """The first of the largest; -1 where none is a number."""
    return -1 if math.isnan(leads[0]) else leads.index(max(leads))


def _region(axes: Any, xs: Sequence[float], ys: Sequence[float], leads: Sequence[Sequence[float]], ink: str) -> None:
    """Where a class leads: its colour, and a line around it."""
    finite = [lead for line in leads for lead in line if not math.isnan(lead)]
    if not finite or max(finite) < 0:
        return
    mixed = tuple(1 - SHARE + SHARE * int(ink[i:i + 2], 16) / 255 for i in (1, 3, 5))
    scale = max(map(abs, finite)) or 1.0            # as contours, numbers of any size
    share = [[lead / scale for lead in line] for line in leads]
    axes.contourf(xs, ys, share, levels=[0.0, 2.0], colors=[mixed])
    if min(finite) < 0 < max(finite):
        axes.contour(xs, ys, share, levels=[0.0], colors=[INK], linewidths=1.3)


def _span(numbers: Sequence[float], steps: int) -> list[float]:
    """Evenly from below the smallest to above the largest."""
    low, high = min(numbers), max(numbers)
    pad = 0.12 * (high - low) or 1.0
    return [low - pad + (high - low + 2 * pad) * i / (steps - 1) for i in range(steps)]
