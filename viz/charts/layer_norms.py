"""``plot_layer_norms``: the norm of each layer's gradient at one moment, one line for each model."""

from collections.abc import Mapping
from typing import Any

from viz.charts import canvas
from viz.charts.numbers import read_number
from viz.words.charts import CHARTS


@canvas.speaks
def plot_layer_norms(norms: Mapping[str, Mapping[str, Any]], *, title: str = "Gradient from layer to layer",
                     lang: str = "en") -> Any:
    """The norm of the gradient in each layer, first layer on the left, on a logarithmic axis: a line for each model.

    norms: from a model's name to what `gradient_norms` gave after its ``backward()``, as in ``{"random weights":
    gradient_norms(a), "pre-trained": gradient_norms(b)}``. The models have the same layers. A line that rises to the
    right is a gradient that vanishes on its way back. Returns a matplotlib Figure. Needs matplotlib (extra ``train``).
    lang: of its words, "en" or "zh".

    >>> plot_layer_norms({"random": {"0": 1e-4, "2": 0.1}, "pre-trained": {"0": 0.01, "2": 0.1}}).axes[0].get_yscale()
    'log'
    """
    if not isinstance(norms, Mapping) or not norms or not all(isinstance(x, Mapping) and x for x in norms.values()):
        raise TypeError('norms: expected a mapping from names to results of gradient_norms, as in {"random": '
                        "gradient_norms(model)}")
    names = list(next(iter(norms.values())))
    other = next((name for name, found in norms.items() if list(found) != names), None)
    if other is not None:
        raise ValueError(f"norms: {other!r} has the layers {', '.join(norms[other])} and {next(iter(norms))!r} "
                         f"{', '.join(names)}; compare models of the same layers")
    drawn = canvas.figure(8, 4.2, title)
    axes = drawn.subplots()
    canvas.style(axes, x=CHARTS("layer"), y=CHARTS("norm of the gradient (logarithmic)"))
    axes.set_yscale("log")
    lines: list[tuple[Any, str]] = []
    for i, (name, found) in enumerate(norms.items()):
        ys = [read_number(y, f"norms[{name!r}]") for y in found.values()]
        lines += canvas.draw_line(axes, range(len(ys)), ys, str(name), linewidth=2,
                                  color=canvas.CLASSES[i % len(canvas.CLASSES)])
    axes.set_xticks(range(len(names)), names)
    canvas.grid(axes)
    canvas.legend(axes, *zip(*lines, strict=True))
    return drawn
