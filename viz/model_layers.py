"""The layers of a model: their names, neurons, activations and gradient norms, and a way to observe their calls."""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


def layers(model: Any) -> dict[str, Any]:
    """The layers of a model by name: the modules without modules inside. A layer of neurons is one layer.

    >>> from nn import MLP
    >>> list(layers(MLP(2, [3, 1])))
    ['layers.0', 'layers.1']
    """
    found: dict[str, Any] = {}

    def walk(name: str, x: Any, above: tuple[Any, ...]) -> bool:
        """Whether ``x`` is a module or contains one. above: the objects around it."""
        if any(x is outer for outer in above):
            return False
        if not _is_module(x):
            items = x.items() if isinstance(x, dict) else enumerate(x) if isinstance(x, (list, tuple)) else ()
            return sum(walk(f"{name}.{key}", item, (*above, x)) for key, item in items) > 0
        inside = not neurons(x) and sum(      # the activation of a neuron may be a module, but is no layer
            walk(f"{name}.{key}" if name else str(key), item, (*above, x)) for key, item in _attributes(x)) > 0
        if not inside and not any(x is other for other in found.values()):      # a layer used twice counts once
            found[name or type(x).__name__] = x
        return True

    if not _is_module(model):
        raise TypeError(f"expected a model made of nn's modules, not {type(model).__name__}")
    walk("", model, ())
    return found


def titles(model: Any) -> dict[str, str]:
    """The layers of a model by name, each with its activation or the kind of its module.

    >>> from nn import MLP, Linear, ReLU, Sequential
    >>> titles(MLP(2, [3], "tanh")), titles(Sequential(Linear(2, 3), ReLU()))
    ({'layers.0': 'layers.0: linear'}, {'0': '0: Linear', '1': '1: ReLU'})
    """
    found = {}
    for name, layer in layers(model).items():
        inside = neurons(layer) or ([layer] if getattr(layer, "activation", None) else [])
        found[name] = f"{name}: {activation_of(inside[0]) if inside else type(layer).__name__}"
    return found


def _is_module(x: Any) -> bool:
    return hasattr(x, "named_parameters") and callable(x) and not isinstance(x, type)


def _attributes(module: Any) -> Iterator[tuple[str, Any]]:
    """The attributes of a module; the modules in a Sequential by their numbers, as in names of parameters."""
    named = {name.split(".")[0] for name, _ in module.named_parameters()}
    for key, item in vars(module).items():
        if isinstance(item, (list, tuple)) and key not in named and any(map(_is_module, item)):
            yield from ((str(i), inner) for i, inner in enumerate(item))
        else:
            yield key, item


def gradient_norms(model: Any) -> dict[str, float]:
    """The norm of each layer's gradient: the root of the sum of squares of its parameters' ``grad``.

    The names are those of the layers, as in names of parameters. Record the norms after each ``backward()``, and
    give the list to `plot_gradient_norms`.

    >>> from nn import MLP
    >>> model = MLP(1, [1, 1], None, seed=0)
    >>> model([0.0]).backward()         # the input is 0: of the last layer, only the bias has a gradient
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


def observe_calls(layer: Any, observer: Callable[[Any, Any], None]) -> None:
    """Call ``observer`` with input and output after each call of ``layer``. Gives the object another class."""
    kind = type(layer)

    def observed(self: Any, *args: Any, **options: Any) -> Any:
        out = kind.__call__(self, *args, **options)
        observer(args[0] if args else None, out)
        return out

    layer.__class__ = type(kind.__name__, (kind,), {"__call__": observed})


@contextmanager
def evaluating(model: Any) -> Iterator[None]:
    """A block in which a module is in eval mode, as a trained model is used; afterwards it is as before."""
    from nn.modules.modes import modal, modes_of, restore, switch  # lazily: pictures of expressions do not need nn

    before = modes_of(modal(model)) if _is_module(model) and hasattr(model, "modules") else []
    try:
        switch([module for module, _ in before], False)
        yield
    finally:
        restore(before)


def neurons(layer: Any) -> list[Any]:
    """The neurons of a layer; a neuron itself; none of a layer that has a weight matrix."""
    return getattr(layer, "neurons", None) or ([layer] if hasattr(layer, "w") and hasattr(layer, "b") else [])


def activation_of(neuron: Any) -> str:
    """The name of a neuron's activation for a picture, such as "tanh" for the function and the module, or "linear".

    >>> from nn import Neuron, Tanh
    >>> activation_of(Neuron(2, "tanh")), activation_of(Neuron(2, Tanh())), activation_of(Neuron(2, None))
    ('tanh', 'tanh', 'linear')
    """
    from nn.layers.neuron import activation_name  # lazily: pictures of expressions do not need nn

    known = getattr(neuron, "activation_name", None)
    activation = known if isinstance(known, str) else getattr(neuron, "activation", None)
    return activation if isinstance(activation, str) else activation_name(activation)
