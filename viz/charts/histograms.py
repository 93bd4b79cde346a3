"""``plot_activations``: histograms of the outputs of each layer, which reveal dead relus and saturated sigmoids."""

import copy
import math
from collections.abc import Sequence
from functools import partial
from typing import Any

from viz.charts import canvas
from viz.charts.numbers import call_model, read_output, read_rows
from viz.model_layers import activation_of, layers, neurons, observe_calls
from viz.palette import BLUE, DARK, INK, ORANGE

BOUNDS = {"sigmoid": (0.0, 1.0), "tanh": (-1.0, 1.0)}
NEAR_BOUND = 0.01   # where the slope of a sigmoid is below 0.01, and that of tanh below 0.02
COLUMNS = 3
MAX_INTERVALS = 6   # between ticks of the axis of outputs


def plot_activations(model: Any, X: Any, *, bins: int = 40, title: str = "Outputs of each layer") -> Any:  # noqa: N803
    """A histogram per layer of all its outputs for the rows of ``X``, with a remark if the layer hardly learns.

    Outputs that are exactly 0, or within 0.01 of a bound of sigmoid or tanh (saturated), are orange: almost no
    gradient flows back through them. The remark counts the neurons that have such outputs in every row; with relu
    they are dead, and no longer learn. Returns a matplotlib Figure. Needs matplotlib (extra ``train``).

    >>> from nn import MLP
    >>> plot_activations(MLP(2, [3, 1], "tanh", seed=0), [[0.5, 1.0]]).axes[0].get_title(loc="left")
    'layers.0: tanh'
    """
    if not isinstance(bins, int) or bins < 1:
        raise ValueError(f"bins: expected how many bars, at least 1, not {bins!r}")
    kinds = {name: _activation(layer) for name, layer in layers(model).items()}
    outputs = layer_outputs(model, X)
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
        axes.set_ylim(top=axes.get_ylim()[1] * (1 + 0.14 * len(notes)))     # the remark stands above the bars
        # few ticks; the power of ten or the offset that they share stands once, away from the label
        axes.ticklabel_format(axis="x", scilimits=(-2, 4))
        axes.locator_params(axis="x", nbins=MAX_INTERVALS)
        axes.set_xlabel(axes.get_xlabel(), loc="left")
        axes.set_yticks([tick for tick in axes.get_yticks() if 0 <= tick <= min(1.0, axes.get_ylim()[1])])
    for axes in panels[len(outputs):]:
        axes.set_visible(False)
    return drawn


def layer_outputs(model: Any, data: Any) -> dict[str, list[list[float]]]:
    """The outputs of each layer by its name: a list of numbers per row of ``data``.

    Calls a copy of the model, whose layers record their outputs, so that the model keeps its state.
    """
    observed = copy.deepcopy(model)
    outputs: dict[str, list[list[float]]] = {}
    for name, layer in layers(observed).items():
        observe_calls(layer, partial(_record_output, outputs.setdefault(name, [])))
    for row in read_rows(data, "X"):
        call_model(observed, row)
    return {name: given for name, given in outputs.items() if given}


def _record_output(outputs: list[list[float]], _: Any, out: Any) -> None:
    outputs.append(read_output(out, "a layer's output"))


def _bars(axes: Any, numbers: Sequence[float], bins: int, kind: str) -> None:
    finite = [x for x in numbers if math.isfinite(x)]
    low, high = min(finite, default=0.0), max(finite, default=1.0)
    if kind in BOUNDS:
        low, high = BOUNDS[kind]
    if not low < high or not math.isfinite(high - low):
        low, high = low - 0.5, low + 0.5
    parts = [[x for x in finite if not _saturated(x, kind)], [x for x in finite if _saturated(x, kind)]]
    axes.hist(parts, bins=bins, range=(low, high), weights=[[1 / len(numbers)] * len(part) for part in parts],
              color=[BLUE, ORANGE], stacked=True, edgecolor="white", linewidth=0.4)
    axes.yaxis.set_major_formatter(lambda share, _: f"{100 * share:g}%")
    if low < 0 < high:
        axes.axvline(0.0, color=INK, linewidth=0.8, linestyle=":")
    canvas.grid(axes)


def _saturated(x: float, kind: str) -> bool:
    """Whether almost no gradient flows back through this output: 0 of a relu, or a bound of a sigmoid."""
    return min(abs(x - bound) for bound in BOUNDS[kind]) <= NEAR_BOUND if kind in BOUNDS else x == 0


def _notes(given: Sequence[Sequence[float]], kind: str) -> list[str]:
    """The remark on a layer, line by line; empty if all is well."""
    numbers = [x for row in given for x in row]
    saturated = sum(_saturated(x, kind) for x in numbers)
    broken = sum(not math.isfinite(x) for x in numbers)
    notes = [f"{_percent(broken, len(numbers))} nan or infinite"] if broken else []
    if saturated:
        reason = f"within {NEAR_BOUND} of a bound: saturated" if kind in BOUNDS else "exactly 0"
        notes.append(f"{_percent(saturated, len(numbers))} {reason}")
        width = min(map(len, given))
        always = sum(all(_saturated(row[j], kind) for row in given) for j in range(width)) if len(given) > 1 else 0
        if always:
            notes.append(f"in every row: {always} of {width} neurons")
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
