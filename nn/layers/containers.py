"""ModuleList, ModuleDict: modules that a network calls as it likes; and Flatten, between images and vectors."""

from collections.abc import Iterable, Iterator, Mapping
from numbers import Integral
from typing import Any

from nn.layers.examples import without_tensors
from nn.layers.numbered import Numbered
from nn.layers.outputs import Outputs
from nn.module import Module, name_modules
from nn.modules.text import folded, tree


class ModuleList(Numbered):
    """A list of modules; a plain list as an attribute does as well. It is no function: its owner calls its modules.

    >>> from nn import Linear
    >>> layers = ModuleList([Linear(2, 2, seed=0) for _ in range(3)])
    >>> layers
    ModuleList(
      (0-2): 3 x Linear(2, 2)
    )
    >>> list(layers[1:].state_dict())
    ['0.weight', '0.bias', '1.weight', '1.bias']
    """

    def __init__(self, modules: Iterable[Any] = ()) -> None:
        super().__init__(*modules)

    def __call__(self, *args: Any, **options: Any) -> Any:
        raise TypeError("a ModuleList cannot be called: call its modules, as in for layer in layers: x = layer(x), or "
                        "write Sequential(a, b)")

    def _checked(self, i: int, module: Any) -> Any:
        if not isinstance(module, Module):
            raise TypeError(f"ModuleList takes modules, but number {i} is "
                            f"{f'the class {module.__name__}' if isinstance(module, type) else type(module).__name__}")
        return module

    def __repr__(self) -> str:
        return tree(type(self).__name__, folded([repr(module) for module in self]))


class ModuleDict(Module):
    """Modules by name; the parameters are named ``key.weight``, as in PyTorch.

    modules: a dict, or pairs. A key is a text that is no name of a method or attribute, and has no dot.

    >>> from nn import Linear, ReLU, Tanh
    >>> choices = ModuleDict({"hidden": Linear(2, 2, seed=0), "relu": ReLU()})
    >>> choices["tanh"] = Tanh()
    >>> list(choices), "relu" in choices, list(choices.state_dict())
    (['hidden', 'relu', 'tanh'], True, ['hidden.weight', 'hidden.bias'])
    """

    def __init__(self, modules: Mapping[str, Any] | Iterable[tuple[str, Any]] = ()) -> None:
        self._keys: tuple[str, ...] = ()
        self.update(modules)

    def __call__(self, *args: Any, **options: Any) -> Any:
        raise TypeError("a ModuleDict cannot be called: call one of its modules, as in modules['key'](x)")

    def __getitem__(self, key: str) -> Any:
        if key not in self._keys:
            raise KeyError(f"{key!r}; there are {', '.join(self._keys) or 'none'}")
        return vars(self)[key]

    def __setitem__(self, key: str, module: Any) -> None:
        if not isinstance(module, Module):
            raise TypeError(f"ModuleDict takes modules, but {key!r} is of type {type(module).__name__}")
        if not isinstance(key, str) or not key or "." in key or (key not in self._keys and hasattr(self, key)):
            raise KeyError(f"{key!r} is no key of a ModuleDict: a text without a dot, which names no method of it")
        vars(self)[key] = module
        if key not in self._keys:
            self._keys = (*self._keys, key)
        name_modules(self)

    def __delitem__(self, key: str) -> None:
        self.pop(key)

    def add_module(self, name: str, module: Any) -> None:
        """The same as ``modules[name] = module``."""
        self[name] = module

    def pop(self, key: str) -> Any:
        """Remove a module, and give it."""
        module = self[key]
        self._keys = tuple(name for name in self._keys if name != key)
        del vars(self)[key]
        return module

    def update(self, modules: Mapping[str, Any] | Iterable[tuple[str, Any]]) -> None:
        """Add modules, or replace those of the same keys."""
        for key, module in dict(modules).items():
            self[key] = module

    def __len__(self) -> int:
        return len(self._keys)

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __contains__(self, key: object) -> bool:
        return key in self._keys

    def keys(self) -> list[str]:
        """The names, in order."""
        return list(self._keys)

    def values(self) -> list[Any]:
        """The modules, in order."""
        return [vars(self)[key] for key in self._keys]

    def items(self) -> list[tuple[str, Any]]:
        """Pairs of name and module, in order."""
        return [(key, vars(self)[key]) for key in self._keys]


class Flatten(Module):
    """Nested lists as one list: the dimensions from ``start_dim`` to ``end_dim`` become one.

    Examples come one by one, so that a whole image is flattened. PyTorch counts the batch as dimension 0, and begins
    at 1: write ``Flatten(1)`` where the model is given lists of examples (``fit(batched=True)``).

    >>> Flatten()([[[1, 2], [3, 4]], [[5, 6], [7, 8]]])
    [1, 2, 3, 4, 5, 6, 7, 8]
    >>> Flatten(1)([[[1, 2], [3, 4]], [[5, 6], [7, 8]]])
    [[1, 2, 3, 4], [5, 6, 7, 8]]
    """

    def __init__(self, start_dim: int = 0, end_dim: int = -1) -> None:
        for name, x in (("start_dim", start_dim), ("end_dim", end_dim)):
            if not isinstance(x, Integral) or isinstance(x, bool):
                raise ValueError(f"Flatten: {name} is a whole number, not {x!r}")
        self.start_dim, self.end_dim = int(start_dim), int(end_dim)

    def __call__(self, x: Any) -> list[Any]:
        x = without_tensors(x)
        depth, inner = 0, x
        while hasattr(inner, "__len__"):
            depth, inner = depth + 1, next(iter(inner), None)
        first, last = (dim + depth if dim < 0 else dim for dim in (self.start_dim, self.end_dim))
        if not 0 <= first <= last < depth:
            raise ValueError(f"Flatten({self.start_dim}, {self.end_dim}) was given {depth} dimensions")
        return _flattened(x, first, last)

    def extra_repr(self) -> str:
        return "" if (self.start_dim, self.end_dim) == (0, -1) else f"{self.start_dim}, {self.end_dim}"


def _flattened(x: Any, first: int, last: int) -> list[Any]:
    if first:
        return [_flattened(item, first - 1, last - 1) for item in x]
    for _ in range(last):
        if not all(hasattr(inner, "__len__") for inner in x):
            raise ValueError("Flatten was given lists that differ in depth: some hold numbers, others lists")
        x = [item for inner in x for item in inner]
    return Outputs(x)
