"""What pictures need to know of a model: its layers, what each gives, and how large its gradients are."""

import copy
import math
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from autograd import Value, no_grad


def real(x: Any, what: str) -> float:
    """A number as a float, a Value's as well."""
    try:
        return float(x.data if isinstance(x, Value) else x)
    except (TypeError, ValueError):
        raise TypeError(f"{what}: expected numbers, not {type(x).__name__}") from None


def rows(data: Any, what: str) -> list[list[float]]:
    """A table of numbers, from lists, NumPy or pandas; every row of one length."""
    data = data.to_numpy() if hasattr(data, "to_numpy") else data       # a DataFrame iterates over its columns
    try:
        table = [[real(x, what) for x in row] for row in data]
    except TypeError as error:
        raise TypeError(f"{what}: expected rows of numbers, as in [[0.0, 1.0], [1.0, 0.0]]") from error
    if not table or not table[0]:
        raise ValueError(f"{what} is empty; give at least one row")
    other = next((len(row) for row in table if len(row) != len(table[0])), None)
    if other is not None:
        raise ValueError(f"{what} has rows of {len(table[0])} and of {other} numbers; give every row the same length")
    return table


def scores(model: Callable[[Any], Any], row: Sequence[float]) -> list[float]:
    """What a model or function gives for one row, as a list of floats; no graph is recorded."""
    with no_grad():
        return flat(model(list(row)), "the model's output")


def flat(out: Any, what: str) -> list[float]:
    """One number, or all numbers of a sequence."""
    if not isinstance(out, Value) and hasattr(out, "__len__"):
        return [real(x, what) for x in out]
    return [real(out, what)]


def layers(model: Any) -> dict[str, Any]:
    """The layers of a model by name: the modules that contain none, where a layer's neurons count as its numbers.

    >>> from nn import MLP
    >>> list(layers(MLP(2, [3, 1])))
    ['layers.0', 'layers.1']
    """
    found: dict[str, Any] = {}

    def walk(name: str, x: Any, above: tuple[Any, ...]) -> bool:
        """Whether a module is in there."""
        if any(x is outer for outer in above):
            return False
        if not _is_module(x):
            items = x.items() if isinstance(x, dict) else enumerate(x) if isinstance(x, (list, tuple)) else ()
            return sum(walk(f"{name}.{key}", item, (*above, x)) for key, item in items) > 0
        inside = not neurons(x) and sum(      # a neuron's activation may be a module: no layer of its own
            walk(f"{name}.{key}" if name else str(key), item, (*above, x)) for key, item in _items(x)) > 0
        if not inside and not any(x is other for other in found.values()):      # one that is used twice counts once
            found[name or type(x).__name__] = x
        return True

    if not _is_module(model):
        raise TypeError(f"expected a model made of nn's modules, not {type(model).__name__}")
    walk("", model, ())
    return found


def _is_module(x: Any) -> bool:
    return hasattr(x, "named_parameters") and callable(x) and not isinstance(x, type)


def _items(module: Any) -> Iterator[tuple[str, Any]]:
    """The attributes; what a Sequential keeps in a list of its own is named by number, as its parameters are."""
    named = {name.split(".")[0] for name, _ in module.named_parameters()}
    for key, item in vars(module).items():
        if isinstance(item, (list, tuple)) and key not in named and any(map(_is_module, item)):
            yield from ((str(i), inner) for i, inner in enumerate(item))
        else:
            yield key, item


def gradient_norms(model: Any) -> dict[str, float]:
    """The size of each layer's gradient now: the root of the sum of squares over its parameters' ``grad``.

    Names are those of the layers, as parameters are named. Record it after each ``backward()`` and give
    the list to `plot_gradient_norms`.

    >>> from nn import MLP
    >>> model = MLP(1, [1, 1], None, seed=0)
    >>> model([0.0]).backward()         # all inputs 0: of the last layer, only the bias has a gradient
    >>> gradient_norms(model)["layers.1"]
    1.0
    """
    known = layers(model)
    grads: dict[str, list[float]] = {}
    for name, parameter in model.named_parameters():
        owner = max((layer for layer in known if name.startswith(f"{layer}.")), key=len, default="")
        grads.setdefault(owner or (next(iter(known)) if len(known) == 1 else name.split(".")[0]),
                         []).append(parameter.grad)
    return {name: math.hypot(*some) for name, some in grads.items()}


def activations(model: Any, data: Any) -> dict[str, list[list[float]]]:
    """What each layer gives for each row of the data: from its name to one list of numbers per row.

    The model itself is left alone: a copy of it, whose layers write down what they give, is run.
    """
    watched = copy.deepcopy(model)
    seen: dict[str, list[list[float]]] = {}
    for name, layer in layers(watched).items():
        hear(layer, partial(_note, seen.setdefault(name, [])))
    for row in rows(data, "X"):
        scores(watched, row)
    return {name: given for name, given in seen.items() if given}


def _note(heard: list[list[float]], _: Any, out: Any) -> None:
    heard.append(flat(out, "a layer's output"))


def hear(layer: Any, listener: Callable[[Any, Any], None]) -> None:
    """From now on, tell ``listener`` what the layer is given and what it gives: its class is another one."""
    kind = type(layer)

    def called(self: Any, *args: Any, **options: Any) -> Any:
        out = kind.__call__(self, *args, **options)
        listener(args[0] if args else None, out)
        return out

    layer.__class__ = type(kind.__name__, (kind,), {"__call__": called})


def neurons(layer: Any) -> list[Any]:
    """The neurons of a layer, of a neuron itself; none of a layer that is a matrix."""
    return getattr(layer, "neurons", None) or ([layer] if hasattr(layer, "w") and hasattr(layer, "b") else [])


def activation_name(neuron: Any) -> str:
    """What a neuron's activation is called: "tanh" for the function and the module, "linear" for none.

    >>> from nn import Neuron, Tanh
    >>> activation_name(Neuron(2, "tanh")), activation_name(Neuron(2, Tanh())), activation_name(Neuron(2, None))
    ('tanh', 'tanh', 'linear')
    """
    known = getattr(neuron, "activation_name", None)
    if isinstance(known, str):
        return known
    function = getattr(neuron, "activation", None)
    if function is None or isinstance(function, str):
        return function or "linear"
    return str(getattr(function, "__name__", type(function).__name__.lower()))
