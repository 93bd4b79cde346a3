"""``plot_activations``: histograms of the outputs of each layer, which reveal dead relus and saturated sigmoids."""

import copy
import math
from collections.abc import Sequence
from functools import partial
from typing import Any

from viz.charts import canvas
from viz.charts.numbers import call_model, read_output, read_rows
from viz.model_layers import activation_of, evaluating, layers, neurons, observe_calls
from viz.palette import BLUE, DARK, INK, ORANGE
from viz.words.charts import CHARTS

BOUNDS = {"sigmoid": (0.0, 1.0), "tanh": (-1.0, 1.0)}
NEAR_BOUND = 0.01   # where the slope of a sigmoid is below 0.01, and that of tanh below 0.02
MAX_RATIO = 20      # of the widest range of outputs to the narrowest, up to which all layers have one axis
MAX_INTERVALS = 6   # between ticks of the axis of outputs


@canvas.speaks
def plot_activations(model: Any, X: Any, *, bins: int = 40,  # noqa: N803
                     title: str = "Outputs of each layer", lang: str = "en") -> Any:
    """A histogram per layer of all its outputs for the rows of ``X``, with a remark if the layer hardly learns.

    bins: about how many bars there are from the least output to the largest.

    All layers have one scale of shares and one of outputs, and bars of one width, so that they compare. Where the
    range of one layer is more than 20 times that of another, each has its own scale of outputs.

    Outputs that are exactly 0, or within 0.01 of a bound of sigmoid or tanh (saturated), are orange: almost no
    gradient flows back through them. The remark counts the neurons that have such outputs in every row; with relu
    they are dead, and no longer learn. Returns a matplotlib Figure. Needs matplotlib (extra ``train``).
    lang: of its words, "en" or "zh".

    >>> from nn import MLP
    >>> plot_activations(MLP(2, [3, 1], "tanh", seed=0), [[0.5, 1.0]]).axes[0].get_title(loc="left")
    'layers.0: tanh'
    """
    if not isinstance(bins, int) or bins < 1:
        raise ValueError(f"bins: expected how many bars, at least 1, not {bins!r}")
    kinds = {name: _activation(layer) for name, layer in layers(model).items()}
    outputs = layer_outputs(model, X)
    spans = {name: _span([x for row in given for x in row], kinds[name]) for name, given in outputs.items()}
    widths = [high - low for low, high in spans.values()]
    together = max(widths) <= MAX_RATIO * min(widths)
    whole = min(low for low, _ in spans.values()), max(high for _, high in spans.values())
    drawn = canvas.figure(9.0, 1.0 + (1.6 if together else 2.0) * len(outputs), title)
    panels = drawn.subplots(len(outputs), sharey=True, squeeze=False).ravel()
    for axes, (name, given) in zip(panels, outputs.items(), strict=True):
        last = axes is panels[-1]
        canvas.style(axes, CHARTS("{}: {}", name, kinds[name]) if kinds[name] else name,
                     CHARTS("output") if last or not together else "", CHARTS("share"))
        low, high = whole if together else spans[name]
        _bars(axes, [x for row in given for x in row], bins, kinds[name], low, high)
        axes.text(1.02, 1.0, "\n".join(_notes(given, kinds[name])), transform=axes.transAxes, ha="left", va="top",
                  fontsize=10, color=DARK[ORANGE])
        # few ticks; the power of ten or the offset that they share stands once, away from the label
        axes.ticklabel_format(axis="x", scilimits=(-2, 4))
        axes.locator_params(axis="x", nbins=MAX_INTERVALS)
        axes.locator_params(axis="y", nbins=4)
        axes.set_xlabel(axes.get_xlabel(), loc="left")
        if together and not last:
            axes.tick_params(labelbottom=False)
            axes.xaxis.get_offset_text().set_visible(False)
    return drawn


def _span(numbers: Sequence[float], kind: str) -> tuple[float, float]:
    """The range of a layer's outputs, or of its activation where that has bounds; never empty."""
    finite = [x for x in numbers if math.isfinite(x)]
    low, high = BOUNDS.get(kind) or (min(finite, default=0.0), max(finite, default=1.0))
    return (low, high) if low < high and math.isfinite(high - low) else (low - 0.5, low + 0.5)


def layer_outputs(model: Any, data: Any) -> dict[str, list[list[float]]]:
    """The outputs of each layer by its name: a list of numbers per row of ``data``.

    Calls a copy of the model, whose layers record their outputs, so that the model keeps its state.
    """
    observed = copy.deepcopy(model)
    outputs: dict[str, list[list[float]]] = {}
    for name, layer in layers(observed).items():
        observe_calls(layer, partial(_record_output, outputs.setdefault(name, [])))
    with evaluating(observed):
        for row in read_rows(data, "X"):
            call_model(observed, row)
    return {name: given for name, given in outputs.items() if given}


def _record_output(outputs: list[list[float]], _: Any, out: Any) -> None:
    outputs.append(read_output(out, "a layer's output"))


def _bars(axes: Any, numbers: Sequence[float], bins: int, kind: str, low: float, high: float) -> None:
    finite = [x for x in numbers if math.isfinite(x)]
    parts = [[x for x in finite if not _saturated(x, kind)], [x for x in finite if _saturated(x, kind)]]
    axes.hist(parts, bins=_edges(low, high, bins), weights=[[1 / len(numbers)] * len(part) for part in parts],
              color=[BLUE, ORANGE], stacked=True, edgecolor="white", linewidth=0.4)
    axes.yaxis.set_major_formatter(lambda share, _: f"{100 * share:g}%")
    if low < 0 < high:
        axes.axvline(0.0, color=INK, linewidth=0.8, linestyle=":")
    canvas.grid(axes)


def _edges(low: float, high: float, bins: int) -> list[float]:
    """The edges of about ``bins`` bars. In a range of some units -1, 0 and 1, the bounds of activations, are edges.

    >>> _edges(-1.0, 1.0, 4), _edges(0.0, 2.25, 4)
    ([-1.0, -0.5, 0.0, 0.5, 1.0], [0.0, 0.5, 1.0, 1.5, 2.0, 2.5])
    """
    width = (high - low) / bins
    if not 0.001 < width < 1 or low > 1 or high < -1:
        return [low + width * i for i in range(bins)] + [high]
    parts = round(1 / width)        # of a unit
    return [i / parts for i in range(math.floor(low * parts + 1e-9), math.ceil(high * parts - 1e-9) + 1)]


def _saturated(x: float, kind: str) -> bool:
    """Whether almost no gradient flows back through this output: 0 of a relu, or a bound of a sigmoid."""
    return min(abs(x - bound) for bound in BOUNDS[kind]) <= NEAR_BOUND if kind in BOUNDS else x == 0


def _notes(given: Sequence[Sequence[float]], kind: str) -> list[str]:
    """The remark on a layer, line by line; empty if all is well."""
    numbers = [x for row in given for x in row]
    saturated = sum(_saturated(x, kind) for x in numbers)
    broken = sum(not math.isfinite(x) for x in numbers)
    notes = [CHARTS("{} nan or infinite", _percent(broken, len(numbers)))] if broken else []
    if saturated:
        part = _percent(saturated, len(numbers))
        notes.append(CHARTS("{} within {} of a bound: saturated", part, NEAR_BOUND) if kind in BOUNDS else
                     CHARTS("{} exactly 0", part))
        width = min(map(len, given))
        always = sum(all(_saturated(row[j], kind) for row in given) for j in range(width)) if len(given) > 1 else 0
        if always:
            notes.append(CHARTS("in every row: {} of {} neurons", always, width))
    return notes


def _percent(part: int, whole: int) -> str:
    """A share in whole percent, which never rounds to 0 or to 100.

    >>> _percent(1, 3), _percent(1, 1000), _percent(999, 1000)
    ('33%', '<1%', '>99%')
    """
    share = 100 * part / whole
    return "<1%" if share < 1 else ">99%" if 99 < share < 100 else f"{share:.0f}%"


def _activation(layer: Any) -> str:
    """The name of the activation of a layer, or of the class of the layer."""
    inside = neurons(layer) or ([layer] if getattr(layer, "activation", None) else [])
    return activation_of(inside[0]) if inside else type(layer).__name__.lower()
