"""The arguments of a call: where the numbers of each row are, and the first row as the function gets it."""

from array import array
from collections.abc import Sequence
from typing import Any

from autograd.batch.columns import (
    Memory,
    as_array,
    axis_first,
    numbers_at,
    of_array,
    of_memory,
    of_numbers,
    of_rows,
)
from autograd.batch.reader import Reader
from autograd.compiler.signature import alike, call_signature
from autograd.transforms.containers import rebuilt
from autograd.transforms.pytree import fill, flatten, is_static


class Arguments(Reader):
    """The arguments as columns.

    columns: of each number of a row the address in row 0 and the bytes to the next row, 0 for what is shared.
    args, kwargs: a row, whose arrays are copies, so that none is kept alive; of no rows, a row of ones. signature: of
    its call. same: what all rows share. alike: whether rows differ in their numbers alone, and not in texts, flags,
    functions or classes.
    """

    def __init__(self, in_axes: Any, args: Sequence[Any], kwargs: dict[str, Any]) -> None:
        self.columns = array("q")
        self._plain: list[float] = []       # what is shared, and their places in the columns
        self._places: list[int] = []
        self._owners: list[Any] = []
        self.alike = True
        super().__init__(in_axes, args, kwargs)
        if self._plain:
            numbers = array("d", self._plain)
            self._owners.append(numbers)
            start = numbers.buffer_info()[0]
            for i, place in enumerate(self._places):
                self.columns[place] = start + 8 * i
        self.signature: Any = call_signature(self.args, self.kwargs)[0]
        self.same = self.shared()

    def again(self, columns: "array[int]", count: int, owner: Any) -> "Arguments":
        """Others of the same structure; its first row's numbers are not these."""
        other = object.__new__(Arguments)
        other.__dict__ = {**self.__dict__, "columns": columns, "count": count, "_owners": owner}
        return other

    def row(self, i: int) -> tuple[list[Any], dict[str, Any]]:
        """A row as the function gets it."""
        numbers = iter(numbers_at([start + i * step for start, step in zip(
            self.columns[::2], self.columns[1::2], strict=True)]))
        made = [x if is_static(x) else fill(x, numbers, argument=True) for x in [*self.args, *self.kwargs.values()]]
        return made[:len(self.args)], dict(zip(self.kwargs, made[len(self.args):], strict=True))

    # ---- see Reader; each gives what row 0 has ----

    def static(self, x: Any) -> Any:
        """The object."""
        return x

    def together(self, x: Any, items: Sequence[Any]) -> Any:
        """A row of it."""
        return tuple(items) if type(x) is tuple else [*items] if isinstance(x, (list, range)) else \
            rebuilt(x, items, argument=True)

    def share(self, x: Any, name: str) -> Any:
        """The argument itself, or another library's as an array."""
        found = as_array(x, name)
        if found is not None and found.dtype.char == "d":
            memory = of_array(found, name)
            self._add([*memory._replace(shape=(1, *memory.shape), strides=(0, *memory.strides)).places()], 0,
                      memory.owner)
            self.numbers += found.size
            return found.copy(order="K")
        numbers = of_numbers(flatten(x if found is None else found, argument=True)[0], name)
        first = len(self.columns)
        self._places += range(first, first + 2 * len(numbers), 2)
        self._plain += numbers
        self.numbers += len(numbers)
        self._add([0] * len(numbers), 0, None)
        return x if found is None else found

    def array(self, x: Any, axis: int, name: str) -> Any:
        """Its first row, with the memory order of the array."""
        if axis != 0 or not x.ndim:
            x = x.transpose(axis_first(axis, x.shape, name))
        memory = of_array(x, name)
        x = memory.owner
        self._rows(memory, name)
        if x.ndim == 1:
            return float(x[0]) if len(x) else 1.0
        return x[0].copy(order="K") if len(x) else x.sum(0) + 1.0

    def buffer(self, x: Any, axis: int, name: str) -> Any:
        """A number, or nested lists."""
        return self._nested(of_memory(x, name), axis, name)

    def list(self, x: Sequence[Any], axis: int, name: str) -> Any:
        """Its first item."""
        memory, regular = of_rows(x, name)
        if regular and axis not in (0, -len(memory.shape)):
            return self._nested(memory, axis, name)
        if not regular and axis:
            raise ValueError(f"vmap: {name} is a list with an item for each row, and has no axis {axis}; give 0")
        self._rows(memory, name)
        self.alike = self.alike and alike(x)
        return x[0] if x else 1.0

    def _nested(self, memory: Memory, axis: int, name: str) -> Any:
        memory = memory.along(axis, name)
        self._rows(memory, name)
        items: Any = numbers_at(memory.places()) if memory.shape[0] else [1.0 for _ in memory.places()]
        for size in memory.shape[:1:-1]:
            items = [items[i:i + size] for i in range(0, len(items), size)]
        return items[0] if len(memory.shape) == 1 else items

    def _rows(self, memory: Memory, name: str) -> None:
        places = memory.places()
        self.counts(memory.shape[0], len(places), name)
        self._add(places, memory.strides[0], memory.owner)

    def _add(self, places: Sequence[int], step: int, owner: Any) -> None:
        self._owners.append(owner)
        if len(places) == 1:
            self.columns.extend((places[0], step))
            return
        more = array("q", bytes(16 * len(places)))
        more[::2] = array("q", places)
        more[1::2] = array("q", (step,)) * len(places)
        self.columns += more
