"""Which rows an argument has: its structure, taken apart as in_axes says; for lanes and for plain loops."""

from array import array
from collections.abc import Sequence
from typing import Any

from autograd.batch.columns import OBJECTS, as_array
from autograd.batch.in_axes import axes_of_arguments, axes_of_items, sharing
from autograd.ops.operand import Operand
from autograd.transforms.containers import is_container, item_places, opened
from autograd.transforms.pytree import StaticArgument, is_static, refuse_computed


class Reader:
    """The arguments of a call. A subclass says what it takes from each table, and puts that together.

    count: of rows. numbers: of a row.
    """

    def __init__(self, in_axes: Any, args: Sequence[Any], kwargs: dict[str, Any]) -> None:
        self.count, self._counted = -1, ""
        self.numbers = 0
        self._shared: list[range] = []
        axes = axes_of_arguments(in_axes, len(args))
        self.args = [self.read(x, axis, f"argument {i}") for i, (x, axis) in enumerate(zip(args, axes, strict=True))]
        self.kwargs = {key: self.read(x, 0, f"argument {key!r}") for key, x in kwargs.items()} if kwargs else kwargs
        if self.count < 0:
            raise ValueError("vmap: no argument has rows; give an array or a list, or another in_axes")

    def shared(self) -> frozenset[int]:
        """The numbers of a row that are the same for all rows."""
        return frozenset([i for some in self._shared for i in some])

    def read(self, x: Any, axis: Any, name: str) -> Any:
        """What is taken from an argument, or from an item of one."""
        if axis is None or x is None or x.__class__ is StaticArgument:
            before = self.numbers
            found = self.static(x) if is_static(x) else self.share(x, name)
            if self.numbers > before:
                self._shared.append(range(before, self.numbers))
            return found
        table = as_array(x, name)
        if table is not None:
            return self.array(table, _whole(axis, "an array", name), name)
        if is_container(x):
            items, _ = opened(x, argument=True)
            refuse_computed(x)
            axes = axes_of_items(axis, x, items, name)
            return self.together(x, [
                self.static(item) if is_static(item) else self.read(item, part, name + place)
                for item, part, place in zip(items, axes, item_places(x), strict=True)])
        if isinstance(x, OBJECTS):
            if isinstance(axis, int) and not (isinstance(x, tuple) and any(map(_is_table, x))):
                return self.list(x, axis, name)
            axes = axes_of_items(axis, x, x, name)
            return self.together(x, [self.read(item, part, f"{name}[{i}]")
                                     for i, (item, part) in enumerate(zip(x, axes, strict=True))])
        if isinstance(x, (array, memoryview)):
            return self.buffer(x, _whole(axis, "a buffer", name), name)
        if isinstance(x, Operand) or (hasattr(x, "__float__") and not is_static(x)):
            raise ValueError(f"vmap: {name} is one number, which has no rows; {sharing(name)}")
        raise TypeError(f"vmap: {name} is a {type(x).__name__}, which has no rows; {sharing(name)}")

    def counts(self, count: int, numbers: int, name: str) -> None:
        """An argument, or an item of one, has so many rows of so many numbers."""
        self.numbers += numbers
        if self.count < 0:
            self.count, self._counted = count, name
        elif self.count != count:
            raise ValueError(f"vmap: {name} has {count} rows, and {self._counted} has {self.count}; give the same "
                             f"number, or {sharing(name)}")

    # ---- of a subclass ----

    def static(self, x: Any) -> Any:
        """An object that holds no number."""
        raise NotImplementedError

    def share(self, x: Any, name: str) -> Any:
        """Numbers that all rows share."""
        raise NotImplementedError

    def array(self, x: Any, axis: int, name: str) -> Any:
        """A NumPy array."""
        raise NotImplementedError

    def buffer(self, x: Any, axis: int, name: str) -> Any:
        """An ``array.array`` or a memoryview, without NumPy."""
        raise NotImplementedError

    def list(self, x: Sequence[Any], axis: int, name: str) -> Any:
        """A list of numbers or of rows."""
        raise NotImplementedError

    def together(self, x: Any, items: Sequence[Any]) -> Any:
        """A container, a tuple or a list, of these items."""
        raise NotImplementedError


def _whole(axis: Any, what: str, name: str) -> int:
    if not isinstance(axis, int):
        raise ValueError(f"vmap: {name} is {what}, and its in_axes is {axis!r}; give an int or None")
    return axis


def _is_table(x: Any) -> bool:
    """Whether an item of a tuple has rows of its own."""
    return isinstance(x, (*OBJECTS, array, memoryview)) or is_container(x) or getattr(x, "ndim", 0) > 0
