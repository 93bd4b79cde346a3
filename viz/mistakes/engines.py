"""The gallery: each mistake by its name, with the engine that makes it and the smallest graphs that show it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from autograd import Value, relu, tanh
from viz.mistakes import sweeps
from viz.mistakes.steps import Run
from viz.words.language import chosen
from viz.words.mistakes import WORDS


@dataclass(frozen=True)
class Engine:
    """A way to get gradients wrong. Called with a root, it gives the gradient of each Value, and changes none.

    run: the same with every step, as a `Run`; awake: of a sick neuron, where the engine is right, the gradients that
    a lively neuron would pass. example: makes a small graph on which the mistake shows.

    >>> a = Value(3.0)
    >>> ENGINES["assign"](a * a)[a]         # = for +=: 6 is right
    3.0
    """

    name: str
    run: Callable[..., Run]
    example: Callable[[], Value]
    awake: Callable[[Value], Run] | None = None

    def __call__(self, root: Value) -> dict[Value, float]:
        return self.run(root).gradients

    def title(self, lang: str | None = None) -> str:
        """What the mistake is called, in one line."""
        return WORDS[chosen(lang)].titles[self.name]

    def why(self, lang: str | None = None) -> str:
        """What is wrong about it, in one sentence that holds for every graph."""
        return WORDS[chosen(lang)].why[self.name]


def _inputs(*numbers: float) -> Iterable[Value]:
    return (Value(number, label) for number, label in zip(numbers, "abxw", strict=False))


def _two_uses() -> Value:
    a, b = _inputs(2.0, 1.0)
    c, d = a + b, b + 1
    c.label, d.label = "c", "d"
    return _named(c * d, "e")


def _shared_in_the_middle() -> Value:
    x = Value(3.0, "x")
    c = _named(x * 2, "c")
    return _named(c * _named(c + 1, "d"), "e")


def _weight_then_error() -> Value:
    x, v, w = Value(1.0, "x"), Value(0.5, "v"), Value(2.0, "w")
    h = _named(v * x, "h")
    return _named(w * h, "y")


def _neuron(activation: Callable[[Value], Value], bias: float) -> Value:
    w, x, b = Value(2.0, "w"), Value(3.0, "x"), Value(bias, "b")
    return _named(activation(_named(w * x + b, "z")), "y")


def _named(node: Value, label: str) -> Value:
    node.label = label
    return node


ENGINES = {engine.name: engine for engine in (
    Engine("assign", sweeps.assign, _two_uses),
    Engine("early", sweeps.early, _shared_in_the_middle),
    Engine("revisit", sweeps.revisit, _shared_in_the_middle),
    Engine("no_zero_grad", sweeps.no_zero_grad, _two_uses),
    Engine("second_backward", sweeps.second_backward, _shared_in_the_middle),
    Engine("updated_weights", sweeps.updated_weights, _weight_then_error),
    Engine("saturated", partial(sweeps.sick, ops=("tanh", "sigmoid")), partial(_neuron, tanh, -1.0),
           partial(sweeps.sick, ops=("tanh", "sigmoid"), awake=True)),
    Engine("dead_relu", partial(sweeps.sick, ops=("relu",)), partial(_neuron, relu, -10.0),
           partial(sweeps.sick, ops=("relu",), awake=True)),
)}
"""The engines of the gallery by their names, each with an example of a graph on which it goes wrong.

>>> [*ENGINES]
['assign', 'early', 'revisit', 'no_zero_grad', 'second_backward', 'updated_weights', 'saturated', 'dead_relu']
"""
