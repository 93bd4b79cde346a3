"""Pictures of where every part of a gradient came from.

>>> from autograd import Value
>>> from viz import draw_dot, write
>>> a, b = Value(2, label="a"), Value(1, label="b")
>>> e = (a + b) * (b + 1)
>>> e.backward()
>>> picture = draw_dot(e)       # shows itself in a notebook; write(picture, "graph.svg") saves it
"""

try:
    from autograd import Value as _Value  # noqa: F401
except ImportError as error:        # HIPS autograd bears the same name
    import autograd as _other

    raise ImportError(f"viz needs the autograd of pathgrad; imported was {_other.__file__}: install pathgrad "
                      "into an environment without the other package named autograd") from error

from viz.charts.curves import plot_gradient_norms, plot_loss
from viz.charts.decision_regions import plot_decision
from viz.charts.histograms import plot_activations
from viz.graph.dot import draw_dot
from viz.model_layers import gradient_norms
from viz.network.drawing import draw_network
from viz.rendering import RenderError, write

__all__ = ["RenderError", "draw_dot", "draw_network", "gradient_norms", "plot_activations", "plot_decision",
           "plot_gradient_norms", "plot_loss", "write"]
