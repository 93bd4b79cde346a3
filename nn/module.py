"""Module: anything with parameters, which are the Values found in its attributes."""

from collections.abc import Iterator
from typing import Any

from autograd import Value, zero_grad


class Module:
    """The base of neurons, layers and networks: assign Values and Modules to attributes, and that is all.

    >>> class Line(Module):
    ...     def __init__(self):
    ...         self.slope, self.offset = Value(2.0), Value(1.0)
    ...     def __call__(self, x):
    ...         return self.slope * x + self.offset
    >>> [name for name, _ in Line().named_parameters()]
    ['slope', 'offset']
    """

    def named_parameters(self) -> Iterator[tuple[str, Value]]:
        """Each parameter once, with its name: ``layers.0.neurons.2.w.1``, in order of assignment."""
        seen: dict[int, Any] = {}       # a shared parameter counts once, and a Module may contain itself
        waiting: list[tuple[str, Any]] = [("", vars(self))]
        while waiting:
            name, x = waiting.pop()
            if isinstance(x, Value) and x.op is None and id(x) not in seen:     # a computed Value is no parameter
                yield name, x
            elif isinstance(x, (Module, dict, list, tuple)) and id(x) not in seen:
                waiting += [(f"{name}.{key}" if name else str(key), item) for key, item in reversed(_items(x))]
            seen[id(x)] = x

    def parameters(self) -> list[Value]:
        """All leaf Values in the attributes, in Modules, lists, tuples and dicts as well."""
        return [value for _, value in self.named_parameters()]

    def zero_grad(self) -> None:
        """Forget the gradients of all parameters."""
        zero_grad(self.parameters())


def _items(x: Any) -> list[tuple[Any, Any]]:
    if isinstance(x, Module):
        # a Module that overrides parameters(), as the lecture's do, is asked
        x = vars(x) if type(x).parameters is Module.parameters else x.parameters()
    return list(x.items()) if isinstance(x, dict) else list(enumerate(x))
