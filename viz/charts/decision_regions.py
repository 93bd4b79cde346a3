"""``plot_decision``: the class that a model predicts at each point of the plane, and the data."""

import math
from collections.abc import Callable, Sequence
from typing import Any

from viz.charts import canvas
from viz.charts.grid import outputs, outputs_at_once, plane
from viz.charts.numbers import in_order, read_labels
from viz.model_layers import evaluating
from viz.palette import INK, LINE, channels
from viz.words.charts import CHARTS

SHARES = (0.12, 0.22, 0.32, 0.42, 0.52)     # of its class's colour in the colour of a region, surer from band to band
SURER = "darker: surer"


@canvas.speaks
def plot_decision(model: Callable[[Any], Any], X: Any, y: Sequence[Any], *,  # noqa: N803
                  threshold: float | None = None, steps: int = 60, title: str = "Decisions", lang: str | None = None,
                  names: Sequence[str] = ("first input", "second input")) -> Any:
    """The plane in the colours of the predicted classes, and the data in the colours of their own classes.

    model: a function of a list of two numbers. It returns one score, or one score per class.
    X, y: points, as rows of two numbers, and their classes. With one score, a score above ``threshold`` predicts
        the larger of two classes (1 of 0 and 1, or of -1 and 1). Left out, the threshold is 0 where a class is
        negative, else 0.5, as for probabilities and a regression of 0 and 1, or 0 for logits, as `nn.accuracy` tells
        them; a warning says so where that is not clear. With several scores, the predicted class is the index of the
        largest.
    steps: the number of points across the plane, ``steps`` squared in all. The model is traced once and evaluated at
        all of them as NumPy arrays; one that cannot be traced is called for each.
    names: of the two inputs, for the axes.

    The plane is darker where the model is surer, in five bands of the lead of a class over the next: of the difference
    of two probabilities, or for other scores of what that is if they are logits. Points with a
    wrong prediction get a ring, and the title counts the others. The plane is grey if the score is nan. Returns a
    matplotlib Figure. Needs matplotlib (extra ``train``).
    lang: of its words, "en" or "zh"; by default what `viz.set_language` says.

    >>> plot_decision(lambda x: x[0] - x[1], [[0.0, 1.0], [1.0, 0.0]], [-1, 1], steps=5)._suptitle.get_text()
    'Decisions: 2 of 2 points right'
    """
    from nn.metrics import usual_threshold  # lazily: pictures of expressions do not need nn

    points, xs, ys = plane(X, steps, names)
    labels = read_labels(y, len(points))
    with evaluating(model):
        given = outputs(model, points)
    classes = _classes(labels, len(given[0]))
    place = {c: i for i, c in enumerate(classes)}
    if threshold is None:
        signed = any(not isinstance(c, str) and c < 0 for c in classes)
        threshold = usual_threshold("plot_decision", [out[0] for out in given], [place[c] == 1 for c in labels], signed,
                                    "give threshold=", 3) if len(given[0]) == 1 else 0.0
    with evaluating(model):
        scores = outputs_at_once(model, [[x, y] for y in ys for x in xs], points, given)
    bands = _bands(scores + given, threshold)
    leads = [[_leads(out, threshold) for out in scores[i * steps:(i + 1) * steps]] for i in range(steps)]
    right = [_predicted(_leads(out, threshold)) == place[c] for out, c in zip(given, labels, strict=True)]

    drawn = canvas.figure(7, 5.2, CHARTS("{}: {} of {} points right", canvas.plain(title, 48), sum(right), len(right)))
    axes = drawn.subplots()
    canvas.style(axes, x=names[0], y=names[1])
    axes.set_facecolor(LINE)
    handles, words = [], []
    for k, c in enumerate(classes):
        ink, marker = canvas.CLASSES[k % len(canvas.CLASSES)], canvas.MARKERS[k % len(canvas.MARKERS)]
        _region(axes, xs, ys, [[lead[k] for lead in line] for line in leads], ink, bands)
        mine = [row for row, label in zip(points, labels, strict=True) if label == c]
        handles.append(axes.scatter([row[0] for row in mine], [row[1] for row in mine], color=ink, marker=marker,
                                    s=canvas.area(len(points)), edgecolor="white", linewidth=0.5, zorder=3))
        words.append(CHARTS("class {}", c))
    wrong = [row for row, fine in zip(points, right, strict=True) if not fine]
    if wrong:
        handles.append(axes.scatter([row[0] for row in wrong], [row[1] for row in wrong], facecolor="none",
                                    edgecolor=INK, linewidth=1.1, s=3.5 * canvas.area(len(points)), zorder=4))
        words.append(CHARTS("on the wrong side"))
    from matplotlib.patches import Patch
    handles.append(Patch(facecolor=_mixed(INK, SHARES[-1]), edgecolor=_mixed(INK, SHARES[0]), linewidth=4))
    words.append(CHARTS(SURER))
    if any(math.isnan(lead[0]) for line in leads for lead in line):
        handles.append(Patch(facecolor=LINE))
        words.append(CHARTS("no number here"))
    canvas.legend(axes, handles, words)
    return drawn


def _classes(labels: Sequence[Any], outputs: int) -> list[Any]:
    """The classes in the order of the model's scores."""
    if outputs == 0:
        raise ValueError("the model gives no score; it must give one number, or one per class")
    known = in_order(labels)
    if outputs == 1:
        if len(known) > 2:
            raise ValueError(f"y has {len(known)} classes, but the model gives one score, which tells two apart; give "
                             "a model with one score per class")
        if len(known) == 1 and not isinstance(known[0], str):       # the other class of the pair
            known = sorted({known[0], {1: 0, 0: 1, -1: 1}.get(known[0], 0)})
        return known if len(known) == 2 else [*known, "other"]
    strange = [c for c in known if c not in range(outputs)]
    if strange:
        raise ValueError(f"y has the class {strange[0]!r}, but the model's {outputs} scores stand for 0 to "
                         f"{outputs - 1}; give each class as the index of its score")
    return list(range(outputs))


def _leads(out: Sequence[float], threshold: float) -> list[float]:
    """The lead of each class: its score minus the largest of the other scores; nan if a score is nan."""
    out = [threshold - out[0], out[0] - threshold] if len(out) == 1 else out
    if any(math.isnan(x) for x in out):
        return [math.nan] * len(out)
    out = [max(-1e300, min(1e300, x)) for x in out]         # the difference of two infinities would be nan
    return [x - max(out[:k] + out[k + 1:]) for k, x in enumerate(out)]


def _predicted(leads: Sequence[float]) -> int:
    """The index of the class with the largest lead, the first of equal ones; -1 for nan."""
    return -1 if math.isnan(leads[0]) else leads.index(max(leads))


def _bands(scores: Sequence[Sequence[float]], threshold: float) -> list[float]:
    """The leads at which the plane becomes darker: a fifth, two fifths, ... of certainty."""
    shares = [i / len(SHARES) for i in range(1, len(SHARES))]
    finite = [out for out in scores if all(map(math.isfinite, out))]
    one = len(scores[0]) == 1       # whose lead is twice the distance to the threshold
    if all(0 <= x <= 1 for out in finite for x in out) and (
            0 < threshold < 1 if one else all(abs(sum(out) - 1) < 1e-6 for out in finite)):
        return [share * (2 * max(threshold, 1 - threshold) if one else 1.0) for share in shares]
    return [2 * math.atanh(share) * (2.0 if one else 1.0) for share in shares]


def _region(axes: Any, xs: Sequence[float], ys: Sequence[float], leads: Sequence[Sequence[float]], ink: str,
            bands: Sequence[float]) -> None:
    """Draw the region where a class leads, darker where it leads by more, and a line around it."""
    finite = [lead for line in leads for lead in line if not math.isnan(lead)]
    if not finite or max(finite) < 0:
        return
    scale = max(map(abs, finite)) or 1.0            # contours of numbers of any size
    share = [[lead / scale for lead in line] for line in leads]
    levels = [0.0, *(band / scale for band in bands if band < scale), 2.0]
    axes.contourf(xs, ys, share, levels=levels, colors=[_mixed(ink, part) for part in SHARES[:len(levels) - 1]])
    if min(finite) < 0 < max(finite):
        axes.contour(xs, ys, share, levels=[0.0], colors=[INK], linewidths=1.3)


def _mixed(ink: str, share: float) -> tuple[float, ...]:
    """A colour mixed with white."""
    return tuple(1 - share + share * channel / 255 for channel in channels(ink))
