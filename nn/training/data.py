"""Examples: rows from any iterable, from NumPy or pandas, checked number by number; their order and their split."""

from array import array
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from math import isfinite
from numbers import Real
from random import Random
from typing import Any, TypeVar

from nn.nested import numbers_in
from nn.training.structure import Structure, structure

Target = float | list[Any]
T = TypeVar("T")


@dataclass(frozen=True)
class Data:
    """Examples: a list of inputs and a target for each. Targets are ints where all of them are whole numbers.

    An input is a list of numbers, or of lists of numbers, or deeper; a target as well, or one number.
    """

    inputs: list[list[Any]]
    targets: list[Target]

    def part(self, rows: Iterable[int]) -> "Data":
        """Those rows, in that order."""
        rows = list(rows)
        return Data([self.inputs[i] for i in rows], [self.targets[i] for i in rows])

    def example(self, i: int) -> tuple[list[Any], Any]:
        """A row and its target, as lists of their own: a model, a loss or a metric may change what it gets."""
        return _copied(self.inputs[i]), _copied(self.targets[i])

    def answers(self) -> list[Any]:
        """All targets, copied likewise."""
        return list(map(_copied, self.targets)) if isinstance(self.targets[0], list) else list(self.targets)

    @property
    def table(self) -> "array[float]":
        """The numbers of each row and, behind them, those of its target, row after row, as compiled code reads them."""
        def table() -> "array[float]":
            found = array("d")
            flat = self.flat
            for x, target in zip(self.inputs, self.targets, strict=True):
                found.extend(x if flat else numbers_in(x))
                if isinstance(target, list):
                    found.extend(target if flat else numbers_in(target))
                else:
                    found.append(target)
            return found

        return self._once("_table", table)

    @property
    def width(self) -> int:
        """How many numbers a row of the table has."""
        return len(self.table) // len(self.inputs)

    def row(self, i: int) -> "array[float]":
        """A row of the table."""
        return self.table[self.width * i:self.width * (i + 1)]

    @property
    def places(self) -> dict[bytes, int]:
        """The index of each row, by the bytes of its numbers and its target's; cached."""
        def places() -> dict[bytes, int]:
            table, size = self.table.tobytes(), 8 * self.width
            return {table[start:start + size]: i for i, start in enumerate(range(0, len(table), size))}

        return self._once("_places", places)

    def _once(self, name: str, make: Callable[[], T]) -> T:
        own: dict[str, Any] = vars(self)        # cached_property has a lock in Python 3.11, which a fork may find taken
        if name not in own:
            own[name] = make()
        return own[name]        # type: ignore[no-any-return]

    @property
    def flat(self) -> bool:
        """Whether inputs and targets are lists of numbers of one length, or numbers, and not nested deeper."""
        def flat() -> bool:
            nested = any(isinstance(x, list) and isinstance(x[0], list) for x in (self.inputs[0], self.targets[0]))
            several = isinstance(self.targets[0], list)
            return not nested and len({*map(len, self.inputs)}) == 1 and not (
                several and len({*map(len, self.targets)}) > 1)     # type: ignore[arg-type]

        return self._once("_flat", flat)

    @property
    def structure(self) -> Structure:
        """That of an input and of a target, if it is the same for all examples; else None, and there is no table."""
        def found() -> Structure:
            first = structure((self.inputs[0], self.targets[0]))
            same = self.flat or all(structure(example) == first
                                    for example in zip(self.inputs, self.targets, strict=True))
            return first if same else None

        return self._once("_structure", found)

    @property
    def longest(self) -> int:
        """How many items the longest input has, where inputs differ in length; else 0."""
        def longest() -> int:
            lengths = {*map(len, self.inputs)}
            return max(lengths) if len(lengths) > 1 else 0

        return self._once("_longest", longest)

    @property
    def shape(self) -> tuple[int, int | None]:
        """How many numbers a row has, and how many a target; None where that is one number, and not a list of one."""
        first = self.targets[0]
        return len(self.inputs[0]), len(first) if isinstance(first, list) else None


def _copied(x: Any) -> Any:
    if x.__class__ is not list:
        return x
    return list(map(_copied, x)) if x[0].__class__ is list else list(x)


def read_examples(inputs: Any, targets: Any, names: tuple[str, str] = ("X", "y")) -> Data:
    """The examples in ``inputs`` and ``targets``; one ValueError for the first row that is wrong, with its number.

    inputs: an iterable of rows, each an iterable of numbers, or one number; generators are read once. Arrays and tables
    (NumPy, pandas, PyTorch) are such iterables. targets: as many, each a number or a sequence of numbers.

    All rows need the same length. A row may also be nested: a sequence of vectors, an image of channels. What is inside
    has one shape then, and only the outermost length may differ from row to row, as of sequences. Two kinds of lists
    of numbers may differ in length, too: rows of whole numbers from 0 on, which are indices, as of words; and targets
    with a number for each item of their rows. nan, which stands for something missing, and infinities are errors:
    their replacement depends on the data.

    >>> read_examples([[1, 2], [3, 4]], [0, 1])
    Data(inputs=[[1.0, 2.0], [3.0, 4.0]], targets=[0, 1])
    >>> read_examples([[1.5, 2.0], [3.0]], [0, 1])
    Traceback (most recent call last):
    ValueError: X, row 1 (counted from 0): it has 1 number, and row 0 has 2 numbers; give all rows the same length, or \
write sequences of numbers as [[x] for x in row]
    """
    rows = read_inputs(inputs, names[0])
    wanted = _rows(names[1], targets, list(map(len, rows)))
    if len(rows) != len(wanted):
        raise ValueError(f"{names[0]} has {len(rows)} rows and {names[1]} {len(wanted)}; give one target for each row")
    kinds = {*map(type, wanted)}
    whole = kinds == {int} or (
        float not in kinds and all(type(x) is int for target in wanted for x in numbers_in(target)))
    return Data(rows, wanted if whole else list(map(_floats, wanted)))


def read_inputs(inputs: Any, name: str = "X") -> list[list[Any]]:
    """The inputs of examples, checked as `read_examples` does."""
    return [_floats(row) if isinstance(row, list) else [float(row)] for row in _rows(name, inputs)]


def _floats(x: Any) -> Any:
    if not isinstance(x, list):
        return float(x)
    return list(map(_floats, x)) if isinstance(x[0], list) else list(map(float, x))


def split_validation(data: Data, validation: Any, seed: int) -> tuple[Data, Data | None]:
    """The examples to train on and those to validate on: another pair, or a part of these, drawn once by ``seed``."""
    if validation is None:
        return data, None
    if isinstance(validation, (tuple, list)) and len(validation) == 2:
        held_out = read_examples(validation[0], validation[1], ("validation X", "validation y"))
        if not data.flat or not held_out.flat:
            if any(_inside(one) != _inside(other) for one, other in ((held_out.inputs[0], data.inputs[0]),
                                                                     (held_out.targets[0], data.targets[0]))):
                raise ValueError("validation: what is in its rows or targets has another depth or length than in those "
                                 "of training")
        elif held_out.shape != data.shape:
            raise ValueError(f"validation: its rows have {held_out.shape[0]} numbers and its targets "
                             f"{held_out.shape[1] or 'one'}, those of training {data.shape[0]} and "
                             f"{data.shape[1] or 'one'}")
        return data, held_out
    if isinstance(validation, bool) or not isinstance(validation, Real) or not 0.0 < float(validation) < 1.0:
        raise ValueError("validation is a pair (X, y), a part between 0 and 1, or None, not "
                         f"{validation if isinstance(validation, Real) else type(validation).__name__}")
    rows = row_order(len(data.inputs), seed, 0)
    kept = len(rows) - round(len(rows) * float(validation))
    if not 0 < kept < len(rows):
        raise ValueError(f"validation={validation} of {len(rows)} rows leaves none on one side")
    return data.part(rows[:kept]), data.part(rows[kept:])


def row_order(count: int, seed: int, epoch: int) -> list[int]:
    """The order of an epoch, which depends on nothing but these numbers: so going on needs no generator's state.

    >>> row_order(5, seed=0, epoch=1) == row_order(5, seed=0, epoch=1) != row_order(5, seed=0, epoch=2)
    True
    """
    return shuffled(count, f"{seed}, epoch {epoch}")


def shuffled(count: int, seed: str) -> list[int]:
    """The numbers below ``count`` as ``Random(seed).shuffle`` orders them, with three calls less for each."""
    rows, draw = list(range(count)), Random(seed).getrandbits
    for bits in range(count.bit_length(), 1, -1):
        for i in range(min(count, 2**bits - 1) - 1, 2**(bits - 1) - 2, -1):     # i + 1 has so many bits
            j = draw(bits)
            while j > i:
                j = draw(bits)
            rows[i], rows[j] = rows[j], rows[i]
    return rows


def _rows(name: str, given: Any, steps: list[int] | None = None) -> list[Any]:
    """A checked number, or list of such, for each row: of one length, or indices, or of targets as many as ``steps``.
    """
    rows = _items(name, given)
    if _plain(rows):
        return rows
    rows = [_row(f"{name}, row {i} (counted from 0)", item) for i, item in enumerate(rows)]
    if not rows:
        raise ValueError(f"{name} is empty; give at least one row")
    size, inner = _size(rows[0])
    for i, row in enumerate(rows):
        its = _size(row)[1]
        if its != inner:
            raise ValueError(f"{name}, row {i} (counted from 0): what is in it {_shape_in_words(its)}, and in row 0 "
                             f"{_shape_in_words(inner)}; give all rows one depth and inner length")
    odd = [] if inner else [(i, _size(row)[0]) for i, row in enumerate(rows) if _size(row)[0] != size]
    if odd and not _may_differ(rows, steps):
        i, found = odd[0]
        advice = "" if None in (found, size) else ", or write sequences of numbers as [[x] for x in row]"
        raise ValueError(f"{name}, row {i} (counted from 0): it {_size_in_words(found)}, and row 0 "
                         f"{_size_in_words(size)}; give all rows the same length{advice}")
    return rows


def _may_differ(rows: list[Any], steps: list[int] | None) -> bool:
    """Whether lists of numbers may differ in length: those of indices, and targets with a number for each step."""
    if not all(isinstance(row, list) for row in rows):
        return False
    if steps is not None:
        return steps == list(map(len, rows))
    return all(type(x) is int and x >= 0 for row in rows for x in row)


def _plain(rows: list[Any]) -> bool:
    """Whether all rows are finite numbers, or lists of as many finite floats: the usual case, fast."""
    kinds = {*map(type, rows)}
    if kinds == {list}:
        return len({*map(len, rows)}) == 1 and {*map(type, chain.from_iterable(rows))} == {float} and \
            all(map(isfinite, chain.from_iterable(rows)))
    return (kinds == {float} and all(map(isfinite, rows))) or (kinds == {int} and max(map(abs, rows)) < 2**1000)


def _size(row: Any) -> tuple[int | None, tuple[int, ...]]:
    """How many items a row has, None of a number, and the lengths inside them."""
    if not isinstance(row, list):
        return None, ()
    inner, x = [], row[0]
    while isinstance(x, list):
        inner.append(len(x))
        x = x[0]
    return len(row), tuple(inner)


def _inside(row: Any) -> tuple[bool, tuple[int, ...]]:
    """Whether a row is a list, and the lengths inside it."""
    size, inner = _size(row)
    return size is not None, inner


def _items(name: str, x: Any) -> list[Any]:
    """The items of an array, a table or another iterable, as a list."""
    x = x.to_numpy() if hasattr(x, "to_numpy") else x
    if getattr(getattr(x, "dtype", None), "kind", "") in ("M", "m"):       # whose tolist() gives nanoseconds
        raise ValueError(f"{name} holds dates or times; make numbers of them, such as days since the first")
    x = x.tolist() if hasattr(x, "tolist") else x
    if isinstance(x, (str, bytes, Mapping)) or not isinstance(x, Iterable):
        raise ValueError(f"{name} is of type {type(x).__name__}; give a sequence of rows of numbers")
    return list(x)


def _row(where: str, x: Any) -> Any:
    if x.__class__ is list and {*map(type, x)} == {float} and all(map(isfinite, x)):
        return x        # the usual case, fast
    x = _item(x)
    if x.__class__ is not list and (isinstance(x, Real) or not isinstance(x, Iterable) or isinstance(x, (str, bytes))):
        return _number(where, "it", x)
    items = _items(where, x)
    if not items:
        raise ValueError(f"{where}: it has no numbers")
    if not _is_sequence(items[0]):
        return [x if x.__class__ is float and isfinite(x) else _number(where, f"number {i}", x)
                for i, x in enumerate(items)]
    inner = [_row(f"{where}, item {i}", item) for i, item in enumerate(items)]
    wanted = _shape(inner[0])
    for i, item in enumerate(inner):
        if _shape(item) != wanted:
            raise ValueError(f"{where}: item {i} {_shape_in_words(_shape(item))}, and item 0 "
                             f"{_shape_in_words(wanted)}; give the items of a row one shape")
    return inner


def _is_sequence(x: Any) -> bool:
    return hasattr(x, "__len__") and not isinstance(x, (str, bytes, Mapping)) and getattr(x, "shape", None) != ()


def _shape(x: Any) -> tuple[int, ...]:
    size, inner = _size(x)
    return () if size is None else (size, *inner)


def _shape_in_words(shape: tuple[int, ...]) -> str:
    return f"is {' x '.join(map(str, shape))}" if len(shape) > 1 else _size_in_words(shape[0] if shape else None)


def _number(where: str, what: str, x: Any) -> float:
    x = _item(x)
    if not isinstance(x, Real):
        shown = repr(x) if len(repr(x)) < 40 else f"of type {type(x).__name__}"
        raise ValueError(f"{where}: {what} is {shown}, which is no number")
    try:
        number = int(x) if isinstance(x, int) else float(x)
        if isfinite(number):
            return number
    except OverflowError:
        raise ValueError(f"{where}: {what} is beyond 1.8e308") from None
    raise ValueError(f"{where}: {what} is {number}; leave the row out, or put a number there")


def _item(x: Any) -> Any:
    """Python's number for that of an array."""
    return x.item() if hasattr(x, "item") and getattr(x, "shape", None) == () else x


def _size_in_words(size: int | None) -> str:
    return "is one number" if size is None else f"has {size} number{'s' * (size != 1)}"
