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
        seen: set[int] = set()
        for name, value in _find("", vars(self)):
            if id(value) not in seen:       # a shared parameter counts once
                seen.add(id(value))
                yield name, value

    def parameters(self) -> list[Value]:
        """All leaf Values in the attributes, in Modules, lists, tuples and dicts as well."""
        return [value for _, value in self.named_parameters()]

    def zero_grad(self) -> None:
        """Forget the gradients of all parameters."""
        zero_grad(self.parameters())


def _find(prefix: str, x: Any) -> Iterator[tuple[str, Value]]:
    if isinstance(x, Value):
        if x.op is None:        # a computed Value kept in an attribute is not a parameter
            yield prefix, x
        return
    if isinstance(x, Module):
        # a Module that overrides parameters(), as the lecture's do, is asked
        if type(x).parameters is not Module.parameters:
            yield from ((f"{prefix}.{i}", value) for i, value in enumerate(x.parameters()))
            return
        x = vars(x)
    items = x.items() if isinstance(x, dict) else enumerate(x) if isinstance(x, (list, tuple)) else ()
    for key, item in items:
        yield from _find(f"{prefix}.{key}" if prefix else str(key), item)
