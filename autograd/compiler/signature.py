"""Call signatures: the classes, lengths, shapes and static values that calls of one Program have in common."""

import sys
from collections.abc import Iterator, Sequence
from math import prod
from typing import Any, NamedTuple

from autograd.lower.layout import Fixed, Nested, Row, Table
from autograd.transforms.arrays import elements, is_ndarray, is_numpy_bool, memory_strides
from autograd.transforms.containers import exact, is_container, opened
from autograd.transforms.pytree import SEQUENCES, StaticArgument, check_computed, is_static

NUMBER = 1          # the signature of an argument that is one number; a tuple would be slower to hash


class Items(NamedTuple):
    """The signature of a sequence; items: how many numbers it holds, or the signature of each item."""

    kind: type
    items: Any


class Named(NamedTuple):
    """The signature of a container; items: as in `Items`."""

    kind: type
    key: Any
    items: Any


class Array(NamedTuple):
    """The signature of an array; strides: None for row by row."""

    shape: tuple[int, ...]
    of_objects: bool
    strides: tuple[int, ...] | None


class Static(NamedTuple):
    """The signature of an argument that is no number: a flag, a name, a function, an array of bools with its bytes."""

    kind: type
    value: Any
    strides: tuple[int, ...] | None = None
    content: Any = b""      # also what tells equal values apart, as 0.0 and -0.0


class Signature(NamedTuple):
    """The signature of a call: that of each argument, and the names of those given by keyword, which are last.

    As a key it equals the plain tuple of both, which is quicker to make.
    """

    arguments: tuple[Any, ...]      # each NUMBER, Items, Named, Array or Static
    keywords: tuple[str, ...]

    def static(self) -> list[Any]:
        """The values of the static arguments, and of the static items in containers."""
        return [part.value for part in _flat(self.arguments) if part.__class__ is Static]

    def fast_arguments(self) -> Row | Nested | None:
        """The arguments as a fast entry takes them, those by keyword last; None where it cannot."""
        found = _sequence_layout(tuple, self.arguments, 0)[0]
        return found if self.arguments else None


def _layout(argument: Any, first: int) -> tuple[Any, int]:
    """The layout of an argument whose first number is at the place ``first``, None for none; and the place after it."""
    if argument is NUMBER:
        return first, first + 1
    if isinstance(argument, Items) and argument.kind in (list, tuple):
        if argument.items.__class__ is int:
            return Row(argument.kind, argument.items, first), first + argument.items
        return _sequence_layout(argument.kind, argument.items, first)
    if isinstance(argument, Array) and not argument.of_objects and "numpy" in sys.modules \
            and (argument.strides is None or 1 not in argument.shape):      # an axis of one has any stride
        return Table(argument.shape, first, argument.strides), first + prod(argument.shape)
    if isinstance(argument, Static) and argument.kind.__module__ != "numpy":
        return Fixed(argument.value), first
    return None, first


def _sequence_layout(kind: type, items: Sequence[Any], first: int) -> tuple[Any, int]:
    """The layout of a sequence of such arguments, and the place after it."""
    if all(item is NUMBER for item in items):
        return Row(kind, len(items), first), first + len(items)
    parts = []
    for item in items:
        part, first = _layout(item, first)
        parts.append(part)
    return (None if None in parts else Nested(kind, parts)), first


def call_signature(args: Sequence[Any], kwargs: dict[str, Any]) -> tuple[tuple[Any, Any], list[Any], bool]:
    """The signature of a call, as a plain tuple; the numbers in its arguments; whether all of them are floats.

    >>> found, numbers, floats = call_signature(([1.0, 2.0], 3, "fast"), {})
    >>> Signature(*found).arguments
    (Items(kind=<class 'list'>, items=2), 1, Static(kind=<class 'str'>, value='fast', strides=None, content=b''))
    >>> numbers, floats
    ([1.0, 2.0, 3], False)
    """
    arguments: list[Any] = []
    numbers: list[Any] = []
    floats = True
    for arg in (*args, *kwargs.values()) if kwargs else args:
        if arg.__class__ is float:
            arguments.append(NUMBER)
            numbers.append(arg)
        elif is_static(arg):
            arguments.append(_static(arg))
        else:
            argument, inside, plain = _numbers(arg)
            arguments.append(argument)
            numbers += inside
            floats = floats and plain
    return (tuple(arguments), (*kwargs,) if kwargs else ()), numbers, floats


def alike(items: Sequence[Any]) -> bool:
    """Whether all items have one signature: they differ in their numbers alone.

    >>> alike([{"x": 1.0, "kind": "call"}, {"x": 2.0, "kind": "put"}]), alike([[1.0], [2]])
    (False, True)
    """
    kinds = set(map(type, items))
    if kinds <= {float, int} or (len(kinds) == 1 and kinds <= {list, tuple, dict} and _of_numbers(items)):
        return True
    first = call_signature(items[:1], {})[0] if items else ()
    return all(call_signature((item,), {})[0] == first for item in items)


def _of_numbers(items: Sequence[Any]) -> bool:
    """Whether sequences or dicts hold as many plain numbers each, under the same keys; soon, as rows are many."""
    named = items[0].__class__ is dict
    first = [*items[0]] if named else len(items[0])
    return all(([*item] if named else len(item)) == first and
               set(map(type, item.values() if named else item)) <= {float, int} for item in items)


_new: Any = tuple.__new__       # Items(...) takes 100 ns more, in a call of 1000


def _static(x: Any) -> Static:
    if x.__class__ is StaticArgument:
        x = x.value
        return Static(x.__class__, x, None, exact(x))
    if not is_numpy_bool(x):
        return _new(Static, (x.__class__, x, None, b""))      # type: ignore[no-any-return]
    return Static(x.__class__, f"bools of shape {x.shape}" if x.shape else bool(x), memory_strides(x), x.tobytes())


def _numbers(x: Any) -> tuple[Any, list[Any], bool]:
    """The signature of an argument that is not static; the numbers in it; whether all of them are floats."""
    if is_ndarray(x):
        argument: Any = Array(x.shape, x.dtype == object, memory_strides(x)) if x.ndim else NUMBER
        return argument, elements(x, argument=True), x.dtype.char == "d"
    if is_container(x):
        inside, key = opened(x, argument=True)
        try:
            hash(key)
        except TypeError as error:
            raise TypeError(f"jit: what is static in this {type(x).__name__} has to be hashable ({error}): write a "
                            "tuple for a list") from None
        items, numbers, floats = _sequence(inside, named=True)
        check_computed(x, inside, numbers)
        return Named(x.__class__, key, items), numbers, floats
    if not isinstance(x, SEQUENCES):
        return NUMBER, [x], x.__class__ is float
    items, numbers, floats = _sequence(x)
    return _new(Items, (x.__class__, items)), numbers, floats


def _sequence(x: Sequence[Any], named: bool = False) -> tuple[Any, list[Any], bool]:
    """How many numbers ``x`` holds, or the signature of each item; the numbers; whether all of them are floats."""
    if set(map(type, x)) == {float}:
        return len(x), list(x), True
    parts, numbers, floats = [], list[Any](), True
    for item in x:
        part, inside, plain = (_static(item), [], True) if named and is_static(item) else _numbers(item)
        parts.append(part)
        numbers += inside
        floats = floats and plain
    flat = all(part.__class__ is int for part in parts)
    return len(x) if flat else tuple(parts), numbers, floats


def _flat(signatures: Sequence[Any]) -> Iterator[Any]:
    """All signatures, also those inside others."""
    for part in signatures:
        yield part
        if part.__class__ in (Items, Named) and part.items.__class__ is tuple:
            yield from _flat(part.items)
