"""What is drawn over the epochs: losses, metrics, and the size of the gradient in each layer."""

from collections.abc import Mapping, Sequence
from typing import Any

from viz.charts import canvas
from viz.graph.labels import BLUE, INK, ORANGE
from viz.model_layers import real

DATA = {"train_": "training", "val_": "validation", "valid_": "validation", "validation_": "validation",
        "test_": "test"}       # what a name may begin with, and which data it means
Curves = dict[str, list[float | None]]


def plot_loss(history: Mapping[str, Sequence[Any]], *, title: str = "Training") -> Any:
    """Losses, and under them metrics, per epoch: one line for training, a dashed one for validation.

    history: from a name to one number per epoch. "val_loss" is the validation of "loss". What has
        "loss" in its name stands in the upper panel, everything else has a panel of its own. None is
        an epoch in which nothing was measured.

    The axis is logarithmic where all numbers are positive and the largest is 50 times the smallest.
    A nan or an infinity is marked at the edge, and its line is broken. Gives a matplotlib Figure, which
    shows itself in a notebook; ``savefig("loss.png")`` saves it. Needs matplotlib (extra ``train``).

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
        canvas.style(axes, y=panel)
        bases = list(dict.fromkeys(_base(name) for name in panels[panel]))
        lines: list[tuple[Any, str]] = []
        for name in panels[panel]:
            data = _data(name, curves)
            second = data in ("validation", "test")
            place = bases.index(_base(name))
            ink = (ORANGE if second else BLUE) if len(bases) == 1 else canvas.CLASSES[(1 + place) % len(canvas.CLASSES)]
            label = f"{_base(name)}, {data}" if data else name
            lines += canvas.draw_line(axes, epochs, curves[name], label, color=ink, linewidth=2,
                                     linestyle="--" if second else "-")
        _finish(axes, [curves[name] for name in panels[panel]], lines)
    rows[-1].set_xlabel("epoch", fontsize=11, color=INK)
    return drawn


def plot_gradient_norms(norms: Mapping[str, Sequence[Any]] | Sequence[Mapping[str, Any]], *,
                        title: str = "Size of the gradient in each layer") -> Any:
    """The norm of each layer's gradient, step by step, on a logarithmic axis.

    norms: a list of what `gradient_norms` gave after each ``backward()``, or from the name of a layer
        to its norms. A gradient that is exactly 0 is marked at the lower edge: nothing flows there.

    Lines that lie far below each other are a gradient that vanishes on its way back; the first layer
    is dark, the last one light. Gives a matplotlib Figure. Needs matplotlib (extra ``train``).

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
    steps = range(1, 1 + len(next(iter(curves.values()))))
    drawn = canvas.figure(8, 4.2, title)
    axes = drawn.subplots()
    canvas.style(axes, x="step", y="norm of the gradient (logarithmic)")
    axes.set_yscale("log")
    lines: list[tuple[Any, str]] = []
    for (name, ys), ink in zip(curves.items(), _ramp(len(curves)), strict=True):
        lines += canvas.draw_line(axes, steps, ys, name, color=ink, linewidth=2)
    _finish(axes, list(curves.values()), lines)
    return drawn


def _curves(given: Any, what: str) -> Curves:
    """The numbers, checked: at least one name, all of one length of at least one."""
    if not isinstance(given, Mapping):
        raise TypeError(f"{what}: expected a mapping from names to lists of numbers, not {type(given).__name__}")
    curves: Curves = {str(name): [None if y is None else real(y, f"{what}[{name!r}]") for y in ys]
                      for name, ys in given.items()}
    if not curves or not any(curves.values()):
        raise ValueError(f"{what} is empty; record at least one step before drawing it")
    first, *rest = curves
    for name in rest:
        if len(curves[name]) != len(curves[first]):
            raise ValueError(f"{what}: {first!r} has {len(curves[first])} numbers and {name!r} has "
                             f"{len(curves[name])}; give one of each per step, None where nothing was measured")
    return curves


def _base(name: str) -> str:
    """The name without what says on which data it was measured."""
    return name.removeprefix(next(filter(name.startswith, DATA), ""))


def _data(name: str, curves: Curves) -> str:
    """On which data it was measured, where that is known."""
    alone = all(_base(other) != name for other in curves if other != name)
    return next((DATA[prefix] for prefix in DATA if name.startswith(prefix)), "" if alone else "training")


def _ramp(n: int) -> list[Any]:
    """n colours in an order that one sees, also without colour: dark to light."""
    from matplotlib import colormaps
    return [colormaps["viridis"](0.88 * i / max(1, n - 1)) for i in range(n)]


def _finish(axes: Any, curves: Sequence[Sequence[float | None]], lines: Sequence[tuple[Any, str]]) -> None:
    """The axis that the numbers ask for, whole epochs, and the legend."""
    from matplotlib.ticker import MaxNLocator
    if axes.get_yscale() != "log" and canvas.logarithmic([y for ys in curves for y in ys if y is not None]):
        axes.set_yscale("log")
        axes.set_ylabel(f"{axes.get_ylabel()} (logarithmic)", parse_math=False)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
    pad = max(0.5, 0.015 * len(curves[0]))
    axes.set_xlim(1 - pad, len(curves[0]) + pad)
    canvas.grid(axes)
    canvas.legend(axes, *zip(*lines, strict=True))
