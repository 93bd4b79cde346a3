"""What a notebook shows of a Value: its network, if it is computed by one and fits a screen, else its graph."""

from autograd import Value
from viz.graph.digraph import Drawing
from viz.graph.dot import draw_dot
from viz.network.columns_of_graph import columns_of_graph
from viz.network.network_dot import NetworkDot
from viz.network.propagation import propagation
from viz.words.language import spoken
from viz.words.networks import WORDS


def notebook_picture(value: Value) -> Drawing:
    """The drawing of the network whose output or loss this is; the graph of one neuron, of a network of so many layers
    that a screen has no room for them side by side, and of all else.

    >>> from nn import MLP, Neuron
    >>> [notebook_picture(model([1.0, 2.0])).engine for model in (MLP(2, [3, 1], seed=0), Neuron(2, seed=0))]
    ['neato', 'dot']
    """
    columns = columns_of_graph(value)
    if sum(column.size for column in columns) > 1:
        try:
            words = WORDS[spoken()]
            network = NetworkDot(columns, propagation(columns, value), words, "weight", None, None)
            if not network.layout.too_deep:
                return network.drawing()
        except ValueError:      # the layers do not follow one another
            pass
    return draw_dot(value)
