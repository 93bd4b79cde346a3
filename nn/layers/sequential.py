"""Sequential: modules one after another, each given what the one before it returned."""

from collections.abc import Iterator
from typing import Any

from nn.module import Module


class Sequential(Module):
    """``Sequential(a, b, c)(x)`` is c(b(a(x))); any function that takes what the one before returns will do.

    Indexing, ``len`` and iteration give the modules, a slice gives a Sequential of some. Their parameters
    are named as in PyTorch: ``0.weight``.

    >>> from nn import Linear, Tanh
    >>> model = Sequential(Linear(2, 3, seed=0), Tanh(), Linear(3, 1, seed=1))
    >>> list(model.state_dict())
    ['0.weight', '0.bias', '2.weight', '2.bias']
    """

    def __init__(self, *modules: Any) -> None:
        for i, module in enumerate(modules):
            if not callable(module):
                raise TypeError(f"Sequential takes modules or functions, but number {i} is a "
                                f"{type(module).__name__}; write Sequential(a, b), each of them as an argument")
            if isinstance(module, type):
                raise TypeError(f"Sequential takes modules, but number {i} is the class {module.__name__}; write "
                                f"{module.__name__}(...)")
            setattr(self, str(i), module)

    def __call__(self, x: Any) -> Any:
        for module in self:
            x = module(x)
        return x

    def __iter__(self) -> Iterator[Any]:
        return iter([module for name, module in vars(self).items() if name.isdigit()])

    def __len__(self) -> int:
        return len(list(iter(self)))

    def __getitem__(self, index: int | slice) -> Any:
        found = list(iter(self))[index]
        if not isinstance(index, slice):
            return found
        part = Sequential()     # in pictures its modules keep the positions that they have here
        for i, module in enumerate(found):
            setattr(part, str(i), module)
        return part

    def __repr__(self) -> str:
        return f"Sequential({', '.join(getattr(module, '__name__', repr(module)) for module in self)})"
