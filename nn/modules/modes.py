"""Modes: which modules are in train mode and which in eval mode, switched, remembered and restored."""

from collections.abc import Iterable
from inspect import signature
from typing import Any

from nn.modules.parts import Parts


def modal(module: Parts) -> list[Any]:
    """The modules inside whose mode counts: layers of nn and of classes below them.

    All, where the code of a user's class names ``training`` or has a ``train`` of its own. Else a class of the user's
    own is left alone: it may do something with each of its attributes.
    """
    modules = list(module.modules())
    if any(_names_training(type(inner)) or has_own_train(inner) for inner in modules):
        return modules
    return [inner for inner in modules if any(base.__module__.startswith("nn.") and base.__module__[:9] != "nn.module"
                                              for base in type(inner).__mro__)]


def _names_training(kind: type) -> bool:
    codes = [getattr(x, "__code__", None) for base in kind.__mro__ if not base.__module__.startswith("nn.")
             for x in vars(base).values()]
    return any("training" in code.co_names or "training" in code.co_consts for code in codes if code is not None)


def modes_of(modules: Iterable[Parts]) -> list[tuple[Any, Any]]:
    """Each module, and its mode if it has one of its own."""
    return [(module, vars(module).get("training")) for module in modules]


def restore(modes: list[tuple[Any, Any]]) -> None:
    """Give each module the mode that `modes_of` found."""
    for module, mode in modes:
        if mode is None:
            vars(module).pop("training", None)
        else:
            module.training = mode


def switch(modules: Iterable[Any], mode: bool) -> None:
    """Put modules into train mode or out of it: one with a ``train(mode)`` of its own by that, with all inside it."""
    done = set[int]()
    for module in modules:
        if id(module) in done:
            continue
        if has_own_train(module):
            done.update(map(id, module.modules()))
            module.train(mode)
        else:
            module.training = mode


def has_own_train(module: Any) -> bool:
    """Whether its class, or it, overrides `Module.train`; a method ``train(X, y)`` is another thing."""
    train = getattr(module, "train", None)
    if not callable(train) or isinstance(train, Parts) or getattr(train, "__module__", "") == "nn.module":
        return False
    taken = list(signature(train).parameters.values())
    return bool(taken) and (taken[0].name == "mode" or taken[0].kind is taken[0].VAR_POSITIONAL)
