"""Sequential: modules one after another, each given what the one before it returned."""

from collections.abc import Mapping
from reprlib import recursive_repr
from typing import Any

from nn.layers.numbered import Numbered


class Sequential(Numbered):
    """``Sequential(a, b, c)(x)`` is c(b(a(x))); any function that takes what the one before returns will do.

    Indexing, ``len`` and iteration give the modules, a slice gives a Sequential of some, ``a + b`` one of both.
    ``append``, ``extend``, ``insert``, ``pop``, assignment and ``del`` change them; an optimiser keeps the parameters
    that it was given, and `fit` follows a change that a callback makes. Their parameters are named as in PyTorch:
    ``0.weight``. A dict or an OrderedDict gives names instead: ``Sequential({"first": Linear(2, 3)})`` has
    ``first.weight``, and ``.first``. A module keeps its name until it is removed or replaced by slicing.

    >>> from nn import Linear, Tanh
    >>> model = Sequential(Linear(2, 3, seed=0), Tanh(), Linear(3, 1, seed=1))
    >>> list(model.state_dict())
    ['0.weight', '0.bias', '2.weight', '2.bias']
    >>> model
    Sequential(
      (0): Linear(2, 3)
      (1): Tanh()
      (2): Linear(3, 1)
    )
    """

    def __init__(self, *modules: Any) -> None:
        if len(modules) == 1 and isinstance(modules[0], Mapping):
            given = modules[0]
            for i, name in enumerate(given):
                if not isinstance(name, str) or not name or "." in name or name[0] == "_" or hasattr(self, name) or (
                        name.isdigit() and name != str(i)):
                    raise KeyError(f"Sequential: {name!r} is no name for a module: take a text without a dot and a "
                                   "leading _, which names no method or attribute, or the number of its place")
            self._give([self._checked(i, module) for i, module in enumerate(given.values())], [*given])
        else:
            super().__init__(*modules)

    def __call__(self, x: Any) -> Any:
        for module in self:
            x = module(x)
        return x

    def _checked(self, i: int, module: Any) -> Any:
        if not callable(module):
            raise TypeError(f"Sequential takes modules or functions, but number {i} is a "
                            f"{type(module).__name__}; write Sequential(a, b), each of them as an argument")
        if isinstance(module, type):
            raise TypeError(f"Sequential takes modules, but number {i} is the class {module.__name__}; write "
                            f"{module.__name__}(...)")
        return module

    __repr__ = recursive_repr()(Numbered.__repr__)
