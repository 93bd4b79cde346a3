"""summary: a table of a model's layers, the shapes of what they return, and how many numbers they learn."""

from typing import Any

from autograd import Value, no_grad, trainable
from nn.modules.modes import modal, modes_of, restore, switch

HEADER = ("layer", "output shape", "parameters")


class Summary:
    """A table of layers, as text; ``rows`` has its numbers.

    rows: (name and kind of a layer, the shapes of what it returned in its calls, how many parameters it has).
    parameters, trainable, buffers: how many numbers in all; a shared one counts once.
    """

    def __init__(self, rows: list[tuple[str, list[Any], int]], model: Any) -> None:
        self.rows = rows
        parameters = model.parameters()
        self.parameters, self.trainable = len(parameters), len(trainable(parameters))
        self.buffers = len(model.buffers())

    def __repr__(self) -> str:
        cells = [(name, ", ".join(dict.fromkeys(map(str, shapes))) or "not called", f"{count:,}")
                 for name, shapes, count in self.rows]
        widths = [max(len(row[i]) for row in [HEADER, *cells]) for i in range(3)]
        lines = [f"{a:<{widths[0]}}  {b:<{widths[1]}}  {c:>{widths[2]}}".rstrip() for a, b, c in [HEADER, *cells]]
        frozen = self.parameters - self.trainable
        total = f"parameters: {self.parameters:,}" + (f", of which {frozen:,} are frozen" if frozen else "") + (
            f"; buffers: {self.buffers:,}" if self.buffers else "")
        rule = "-" * max(map(len, [*lines, total]))
        return "\n".join([lines[0], rule, *lines[1:], rule, total])


def summary(model: Any, input: Any) -> Summary:
    """The layers of a model, the shapes of their outputs for ``input``, and their numbers of parameters.

    The model, a Module, is called once with ``input``, one example, in eval mode and without a graph; it is left as it
    was. A layer that is called several times has one row; () is the shape of one number. Of a layer that returns
    several things, as a recurrent one does, the shapes are nested as these: of an LSTM (outputs, (h, c)).

    >>> from nn import Linear, Sequential, Tanh
    >>> summary(Sequential(Linear(2, 3), Tanh(), Linear(3, 1)), [0.5, -1.0])
    layer       output shape  parameters
    ------------------------------------
    Sequential  (1,)                  13
    0: Linear   (3,)                   9
    1: Tanh     (3,)                   0
    2: Linear   (1,)                   4
    ------------------------------------
    parameters: 13
    """
    if not hasattr(model, "named_modules"):
        raise TypeError(f"summary takes a Module, not {type(model).__name__}")
    found = [(name, module) for name, module in model.named_modules() if not _is_neuron(name)]
    modes = modes_of(modal(model))
    shapes: dict[int, list[Any]] = {id(module): [] for _, module in found}

    def note(module: Any, args: Any, output: Any) -> None:
        shapes[id(module)].append(_shape(output))

    handles = [module.register_forward_hook(note) for _, module in found]
    try:
        switch([module for module, _ in modes], False)
        with no_grad():
            model(input)
    finally:
        for handle in handles:
            handle.remove()
        restore(modes)
    return Summary([(f"{name}: {type(module).__name__}" if name else type(module).__name__, shapes[id(module)],
                     len(module.parameters())) for name, module in found], model)


def _is_neuron(name: str) -> bool:
    """Whether a module is a neuron in a layer, by its name: a layer has one row."""
    return "neurons" in name.split(".")[:-1]


def _shape(x: Any) -> Any:
    """The lengths of nested lists, by the first of each; for a tuple of several things or a dict that of each."""
    if x is None or isinstance(x, str):
        return x
    if isinstance(x, dict):
        return {name: _shape(item) for name, item in x.items()}
    if isinstance(x, tuple) and any(_is_several(item) for item in x):
        return tuple(map(_shape, x))
    sizes = []
    while _is_several(x):
        sizes.append(len(x))
        x = next(iter(x), None)
    return tuple(sizes)


def _is_several(x: Any) -> bool:
    return hasattr(x, "__len__") and not isinstance(x, (str, Value)) and getattr(x, "shape", None) != ()
