"""``draw_network``: circles for neurons, lines for weights."""

from collections.abc import Sequence
from typing import Any

from autograd import Value
from viz.graph.digraph import Drawing
from viz.network.columns import columns
from viz.network.network_dot import NetworkDot
from viz.network.propagation import propagation
from viz.words.networks import WORDS


def draw_network(model: Any, loss: Value | None = None, *, example: int | None = None, by: str = "weight",
                 names: Sequence[str] | None = None, outputs: Sequence[str] | None = None,
                 lang: str = "en") -> Drawing:
    """The neurons of a model as circles and its weights as lines; with a loss, also what ran through them.

    model: an MLP, a Sequential of Linear layers and activations, or another module whose layers each have one list
        of weights per neuron and follow one another. One call of a copy of the model checks that.
    loss: a Value that was computed with this model. All numbers are read from its graph, which is not run again.
    example: the number of one example, if the loss was computed of several, counted from 0. By default the drawing
        has means of inputs, outputs and targets over the examples, and sums of deltas and gradients, as the loss's
        own gradient has them; a factor 1/n of a mean loss is inside them.
    by: "weight" or "gradient": what the width and the colour of the lines show.
    names, outputs: of the inputs and of the outputs, such as the columns of a table and the classes.
    lang: "en" or "zh".

    Without a loss a circle contains the bias, unless the biases of its layer are all 0. With a loss it contains the
    neuron's output and under it delta, the derivative of the loss by the neuron's weighted input z = w·x + b:
    Rumelhart, Hinton, Williams, "Learning representations by back-propagating errors", 1986, where it is dE/dx; the
    name is theirs in "Parallel Distributed Processing", 1986, with the other sign, and as here in Bishop, "Pattern
    Recognition and Machine Learning", 2006, section 5.3, and in Nielsen, "Neural Networks and Deep Learning", 2015,
    chapter 2. For one example the gradient by the bias is delta, and by a weight delta times its input. The output of
    the last layer is what its activation or a softmax gives, and its target is shown where the loss is one of nn's or
    is written with a difference. Gradients are those of the last ``loss.backward()``; before it there are none.

    Blue is positive, orange negative, as in all pictures. The lines of a small network have their numbers beside
    them, in two digits. A layer of more than 16 neurons is one box with their number. The result is a
    ``graphviz.Digraph``, which shows itself in notebooks, as the loss itself does; ``viz.write`` saves it.

    >>> from nn import MLP
    >>> model = MLP(2, [3, 1], "tanh", seed=0)
    >>> draw_network(model).source.count(" -> ")
    9
    >>> loss = (model([0.5, -1.0]) - 1.0) ** 2
    >>> loss.backward()
    >>> "δ" in draw_network(model, loss, names=["length", "width"]).source
    True
    """
    if lang not in WORDS:
        raise ValueError(f"lang: expected 'en' or 'zh', not {lang!r}")
    if by not in ("weight", "gradient"):
        raise ValueError(f"by: expected 'weight' or 'gradient', not {by!r}")
    if loss is not None and not isinstance(loss, Value):
        raise TypeError(f"loss: expected a Value, not {type(loss).__name__}")
    if loss is None and (example is not None or by == "gradient"):
        raise ValueError("example and by=\"gradient\" need a loss: write draw_network(model, loss)")
    layers = columns(model)
    for what, given, count in (("names", names, len(layers[0].rows[0])), ("outputs", outputs, layers[-1].size)):
        if given is not None and (isinstance(given, str) or len(given) != count):
            raise ValueError(f"{what}: expected {count} names, not {given!r}")
    ran = None if loss is None else propagation(layers, loss, example)
    if ran is not None and by == "gradient" and ran.deltas is None:
        raise ValueError("by=\"gradient\": there are no gradients yet; call loss.backward() first")
    return NetworkDot(layers, ran, WORDS[lang], by, names, outputs).drawing()
