"""``plot_loss`` and ``plot_gradient_norms``: curves over epochs or steps."""

from collections.abc import Mapping, Sequence
from typing import Any

from viz.charts import canvas
from viz.charts.numbers import read_number
from viz.model_layers import titles
from viz.palette import BLUE, INK, ORANGE
from viz.words.charts import CHARTS, chart_word

DATA_PREFIXES = {"train_": "training", "val_": "validation", "valid_": "validation", "validation_": "validation",
                 "test_": "test"}      # the beginnings of names, and the data that they stand for
Curves = dict[str, list[float | None]]


@canvas.speaks
def plot_loss(history: Mapping[str, Sequence[Any]], *, title: str = "Training", lang: str = "en") -> Any:
    """Losses, and under them metrics, per epoch: a solid line for training, a dashed line for validation.

    history: a mapping from names to one number per epoch, or None for an epoch without one. "val_loss" is the
        validation of "loss". Names with "loss" share the upper panel; every other metric has its own panel.

    The axis is logarithmic if all numbers are positive and the largest is 50 times the smallest. A nan or an
    infinity breaks the line, and gets a mark at the edge. Returns a matplotlib Figure, which shows itself in a
    notebook; ``savefig("loss.png")`` saves it. Needs matplotlib (extra ``train``).
    lang: of its words, "en" or "zh".

    >>> plot_loss({"loss": [2.3, 0.9, 0.4], "val_loss": [2.4, 1.2, 0.9]}).axes[0].get_ylabel()
    'loss'
    """
    curves = _curves(history, "history")
    epochs = range(1, 1 + len(next(iter(curves.values()))))
    panels: dict[str, list[str]] = {}
    for name in curves:
        panels.setdefault("loss" if "loss" in name.lower() else _base(name), []).append(name)
    order = sorted(panels, key=lambda panel: panel != "loss")
    drawn = canvas.figure(8, 1.2 + 2.9 * len(order), title)
    rows = drawn.subplots(len(order), sharex=True, squeeze=False)[:, 0]
    for axes, panel in zip(rows, order, strict=True):
        canvas.style(axes, y=chart_word(panel))
        bases = list(dict.fromkeys(_base(name) for name in panels[panel]))
        lines: list[tuple[Any, str]] = []
        for name in panels[panel]:
            data = _data(name, curves)
            second = data in ("validation", "test")
            place = bases.index(_base(name))
            ink = (ORANGE if second else BLUE) if len(bases) == 1 else canvas.CLASSES[(1 + place) % len(canvas.CLASSES)]
            label = CHARTS("{}, {}", chart_word(_base(name)), CHARTS(data)) if data else chart_word(name)
            lines += canvas.draw_line(axes, epochs, curves[name], label, color=ink, linewidth=2,
                                     linestyle="--" if second else "-")
        _finish(axes, [curves[name] for name in panels[panel]], lines)
    rows[-1].set_xlabel(CHARTS("epoch"), fontsize=11, color=INK)
    return drawn


@canvas.speaks
def plot_gradient_norms(norms: Mapping[str, Sequence[Any]] | Sequence[Mapping[str, Any]], *,
                        names: Any = None, title: str = "Size of the gradient in each layer", lang: str = "en") -> Any:
    """The norm of each layer's gradient, step by step, on a logarithmic axis.

    norms: a list of the results of `gradient_norms` after each ``backward()``, or a mapping from layers to norms.
        A norm of exactly 0 gets a mark at the lower edge.
    names: of the layers in the legend, in order; or the model, whose layers then stand there with their kind, as in
        "0: Linear". By default the legend has the names of the layers alone.

    Lines far below each other show a gradient that vanishes on its way back. The first layer is dark, the last
    layer light. Returns a matplotlib Figure. Needs matplotlib (extra ``train``).
    lang: of its words, "en" or "zh".

    >>> plot_gradient_norms([{"0": 0.1, "1": 1.0}, {"0": 0.05, "1": 0.8}]).axes[0].get_yscale()
    'log'
    """
    if not isinstance(norms, Mapping):
        rows = [dict(row) for row in norms]
        if any(row.keys() != rows[0].keys() for row in rows):
            raise ValueError("norms: every step must have the same layers; record gradient_norms(model) of one model")
        norms = {name: [row[name] for row in rows] for name in (rows[0] if rows else ())}
    curves = _curves(norms, "norms")
    if any(y is not None and y < 0 for ys in curves.values() for y in ys):
        raise ValueError("norms: a norm is never negative; give what gradient_norms(model) gives")
    shown = _layer_names(list(curves), names)
    steps = range(1, 1 + len(next(iter(curves.values()))))
    drawn = canvas.figure(8, 4.2, title)
    axes = drawn.subplots()
    canvas.style(axes, x=CHARTS("step"), y=CHARTS("norm of the gradient (logarithmic)"))
    axes.set_yscale("log")
    lines: list[tuple[Any, str]] = []
    for name, ys, ink in zip(shown, curves.values(), _ramp(len(curves)), strict=True):
        lines += canvas.draw_line(axes, steps, ys, name, color=ink, linewidth=2)
    _finish(axes, list(curves.values()), lines)
    axes.get_legend().set_title(CHARTS("layer"), prop={"size": 10})
    return drawn


def _layer_names(keys: Sequence[str], names: Any) -> list[str]:
    """What the legend calls the layers ``keys``."""
    if names is None:
        return list(keys)
    if hasattr(names, "named_parameters"):
        known = titles(names)
        return [known.get(key, key) for key in keys]
    if isinstance(names, str) or len(names) != len(keys):
        raise ValueError(f"names: expected the model or {len(keys)} names, one per layer, not {names!r}")
    return [str(name) for name in names]


def _curves(given: Any, argument: str) -> Curves:
    """The numbers as floats, after checks: at least one curve, and all of one length of at least 1."""
    if not isinstance(given, Mapping):
        raise TypeError(f"{argument}: expected a mapping from names to lists of numbers, not {type(given).__name__}")
    curves: Curves = {str(name): [None if y is None else read_number(y, f"{argument}[{name!r}]") for y in ys]
                      for name, ys in given.items()}
    if not curves or not any(curves.values()):
        raise ValueError(f"{argument} is empty; record at least one step before drawing it")
    first, *rest = curves
    for name in rest:
        if len(curves[name]) != len(curves[first]):
            raise ValueError(f"{argument}: {first!r} has {len(curves[first])} numbers and {name!r} has "
                             f"{len(curves[name])}; give one of each per step, None where nothing was measured")
    return curves


def _base(name: str) -> str:
    """The name without the prefix for the data."""
    return name.removeprefix(next(filter(name.startswith, DATA_PREFIXES), ""))


def _data(name: str, curves: Curves) -> str:
    """The data of a curve, such as "validation"; empty if they are unknown."""
    alone = all(_base(other) != name for other in curves if other != name)
    named = (data for prefix, data in DATA_PREFIXES.items() if name.startswith(prefix))
    return next(named, "" if alone else "training")


def _ramp(n: int) -> list[Any]:
    """n colours from dark to light, an order that is visible in grey as well."""
    from matplotlib import colormaps
    return [colormaps["viridis"](0.88 * i / max(1, n - 1)) for i in range(n)]


def _finish(axes: Any, curves: Sequence[Sequence[float | None]], lines: Sequence[tuple[Any, str]]) -> None:
    """Choose the scale of the axis, put its ticks at whole numbers, and draw the legend."""
    from matplotlib.ticker import MaxNLocator
    if axes.get_yscale() != "log" and canvas.logarithmic([y for ys in curves for y in ys if y is not None]):
        axes.set_yscale("log")
        axes.set_ylabel(CHARTS("{} (logarithmic)", axes.get_ylabel()), parse_math=False)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
    pad = max(0.5, 0.015 * len(curves[0]))
    axes.set_xlim(1 - pad, len(curves[0]) + pad)
    canvas.grid(axes)
    canvas.legend(axes, *zip(*lines, strict=True))
