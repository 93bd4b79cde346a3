"""Pictures of graphs, networks and training, which show the contributions that each gradient is the sum of.

The rooms are graph (``draw_dot``), player (``play``), training (``play_training``), network (``draw_network``), charts
(``plot_...``), mistakes (``compare``), engine_check (``check_engine``), words and command (``pathgrad``).
They import autograd and, if a model or a table needs it, nn. No other package imports viz.
Begin with graph/dot.py.

>>> from autograd import Value
>>> from viz import draw_dot, write
>>> a, b = Value(2), Value(1)
>>> e = (a + b) * (b + 1)
>>> e.backward()
>>> picture = draw_dot(e)       # shows itself in a notebook; write(picture, "graph.svg") saves it
"""

import sys as _sys
from importlib import import_module as _import_module
from typing import TYPE_CHECKING as _TYPE_CHECKING
from typing import Any as _Any

try:
    from autograd import Value as _Value  # noqa: F401
except ImportError as error:
    import autograd as _found

    _other = "HIPS autograd" if hasattr(_found, "elementwise_grad") else "another package of that name"
    raise ImportError(f"viz needs pathgrad's own package autograd, but {_found.__file__} was imported, which is "
                      f"{_other}; install pathgrad in an environment without it") from error

from viz.charts.categories import plot_categories
from viz.charts.curves import plot_gradient_norms, plot_loss
from viz.charts.decision_regions import plot_decision
from viz.charts.feature_maps import plot_feature_maps
from viz.charts.histograms import plot_activations
from viz.charts.images import plot_features, plot_reconstructions
from viz.charts.landscape import plot_landscape
from viz.charts.layer_norms import plot_layer_norms
from viz.charts.maps import plot_hits, plot_u_matrix
from viz.charts.neurons import plot_neurons
from viz.charts.sheet import plot_map
from viz.charts.through_time import gradient_through_time, plot_gates, plot_gradient_through_time
from viz.charts.visits import plot_visits
from viz.graph.dot import draw_dot
from viz.model_layers import gradient_norms
from viz.network.drawing import draw_network
from viz.rendering.fonts import MissingFontWarning
from viz.rendering.formats import RenderError, write
from viz.words.language import set_language

if _TYPE_CHECKING:
    from viz import mistakes
    from viz.engine_check.checking import check_engine
    from viz.player.play import frames, play
    from viz.training.playing import play_training

_sys.modules["viz.drawing"] = _sys.modules["viz.graph.digraph"]       # pickles of pictures written before name it so

# loaded at their first use: a picture needs none of these
_LATER = {"mistakes": "viz.mistakes", "check_engine": "viz.engine_check.checking", "play": "viz.player.play",
          "frames": "viz.player.play", "play_training": "viz.training.playing"}


def __getattr__(name: str) -> _Any:
    if name not in _LATER:
        raise AttributeError(f"module 'viz' has no attribute {name!r}")
    module = _import_module(_LATER[name])
    found = globals()[name] = module if module.__name__ == f"viz.{name}" else getattr(module, name)
    return found


__all__ = ["MissingFontWarning", "RenderError", "check_engine", "draw_dot", "draw_network", "frames", "gradient_norms",
           "gradient_through_time", "mistakes", "play", "play_training", "plot_activations", "plot_categories",
           "plot_decision", "plot_feature_maps", "plot_features", "plot_gates", "plot_gradient_norms",
           "plot_gradient_through_time", "plot_hits", "plot_landscape", "plot_layer_norms", "plot_loss", "plot_map",
           "plot_neurons", "plot_reconstructions", "plot_u_matrix", "plot_visits", "set_language", "write"]
