"""How the outputs of each layer are distributed: a dying relu and a saturating sigmoid are seen here."""

import math
from collections.abc import Sequence
from typing import Any

from viz.charts import canvas
from viz.graph.labels import BLUE, DARK, INK, ORANGE
from viz.model_layers import activation_name, activations, layers, neurons

BOUNDS = {"sigmoid": (0.0, 1.0), "tanh": (-1.0, 1.0)}
CLOSE = 0.01        # to a bound: there the slope of a sigmoid is below 0.01, that of tanh below 0.02
COLUMNS = 3
TICKS = 6           # intervals of the axis of outputs


def plot_activations(model: Any, X: Any, *, bins: int = 40, title: str = "Outputs of each layer") -> Any:  # noqa: N803
    """A histogram per layer of everything it gives for the rows of ``X``, and what is wrong with it in words.

    Orange are outputs that are exactly 0, and those within 0.01 of a bound of sigmoid or tanh
    (saturated): next to nothing flows back through them. Neurons for which that holds in every row are
    counted: with relu those are dead, and no longer learn. Gives a matplotlib Figure. Needs matplotlib
    (extra ``train``).

    >>> from nn import MLP
    >>> plot_activations(MLP(2, [3, 1], "tanh", seed=0), [[0.5, 1.0]]).axes[0].get_title(loc="left")
    'layers.0: tanh'
    """
    if not isinstance(bins, int) or bins < 1:
        raise ValueError(f"bins: expected how many bars, at least 1, not {bins!r}")
    kinds = {name: _kind(layer) for name, layer in layers(model).items()}
    outputs = activations(model, X)
    columns = min(COLUMNS, len(outputs))
    height = math.ceil(len(outputs) / columns)
    drawn = canvas.figure(max(6.0, 4.0 * columns), 0.8 + 2.9 * height, title)
    panels = drawn.subplots(height, columns, squeeze=False).ravel()
    for i, (axes, (name, given)) in enumerate(zip(panels, outputs.items(), strict=False)):
        canvas.style(axes, f"{name}: {kinds[name]}" if kinds[name] else name, "output",
                    "share of outputs" if i % columns == 0 else "")
        _bars(axes, [x for row in given for x in row], bins, kinds[name])
        notes = _notes(given, kinds[name])
        axes.text(0.5, 1.0, "\n".join(notes), transform=axes.transAxes, ha="center", va="top", fontsize=9.5,
                  color=DARK[ORANGE])
        axes.set_ylim(top=axes.get_ylim()[1] * (1 + 0.14 * len(notes)))     # the words stand above the bars
        # few ticks, with a power of ten or an offset of small numbers written once, where the label is not
        axes.ticklabel_format(axis="x", scilimits=(-2, 4))
        axes.locator_params(axis="x", nbins=TICKS)
        axes.set_xlabel(axes.get_xlabel(), loc="left")
        axes.set_yticks([tick for tick in axes.get_yticks() if 0 <= tick <= min(1.0, axes.get_ylim()[1])])
    for axes in panels[len(outputs):]:
        axes.set_visible(False)
    return drawn


def _bars(axes: Any, numbers: Sequence[float], bins: int, kind: str) -> None:
    finite = [x for x in numbers if math.isfinite(x)]
    low, high = min(finite, default=0.0), max(finite, default=1.0)
    if kind in BOUNDS:
        low, high = BOUNDS[kind]
    if not low < high or not math.isfinite(high - low):
        low, high = low - 0.5, low + 0.5
    parts = [[x for x in finite if not _stuck(x, kind)], [x for x in finite if _stuck(x, kind)]]
    axes.hist(parts, bins=bins, range=(low, high), weights=[[1 / len(numbers)] * len(part) for part in parts],
              color=[BLUE, ORANGE], stacked=True, edgecolor="white", linewidth=0.4)
    axes.yaxis.set_major_formatter(lambda share, _: f"{100 * share:g}%")
    if low < 0 < high:
        axes.axvline(0.0, color=INK, linewidth=0.8, linestyle=":")
    canvas.grid(axes)


def _stuck(x: float, kind: str) -> bool:
    """Whether next to nothing flows back through a function that gave this: 0 of a relu, a bound of a sigmoid."""
    return min(abs(x - bound) for bound in BOUNDS[kind]) <= CLOSE if kind in BOUNDS else x == 0


def _notes(given: Sequence[Sequence[float]], kind: str) -> list[str]:
    """What the numbers say, in words; nothing where all is well."""
    numbers = [x for row in given for x in row]
    stuck = sum(_stuck(x, kind) for x in numbers)
    broken = sum(not math.isfinite(x) for x in numbers)
    notes = [f"{_percent(broken, len(numbers))} nan or infinite"] if broken else []
    if stuck:
        what = f"within {CLOSE} of a bound: saturated" if kind in BOUNDS else "exactly 0"
        notes.append(f"{_percent(stuck, len(numbers))} {what}")
        width = min(map(len, given))
        always = sum(all(_stuck(row[j], kind) for row in given) for j in range(width)) if len(given) > 1 else 0
        if always:
            notes.append(f"in every row: {always} of {width} neurons")
    return notes


def _percent(part: int, whole: int) -> str:
    """
    >>> _percent(1, 3), _percent(1, 1000), _percent(999, 1000)
    ('33%', '<1%', '>99%')
    """
    share = 100 * part / whole
    return "<1%" if share < 1 else ">99%" if 99 < share < 100 else f"{share:.0f}%"


def _kind(layer: Any) -> str:
    """The name of the function that a layer ends with, or its class's."""
    inside = neurons(layer) or ([layer] if getattr(layer, "activation", None) else [])
    return activation_name(inside[0]) if inside else type(layer).__name__.lower()
