"""The Values that a function captures, and whether they changed: new ones may depend on the inputs of a derivative."""

from operator import is_
from types import CodeType
from typing import Any
from weakref import ref

from autograd.compiler.captured_state import CapturedState
from autograd.compiler.captured_storage import MISSING
from autograd.graph.value import Value
from autograd.ops.operand import Operand

PLAIN = frozenset({int, float, complex, bool, str, bytes, type(None), CodeType, type(MISSING)})


class CapturedValues:
    """The Values and Duals that functions can read from outside, as they are now.

    It is kept with compiled code, and so keeps nothing alive but lists, dicts and other objects without weak
    references, and Values that were not computed.
    """

    __slots__ = ("_found", "_parts")

    def __init__(self, *functions: Any) -> None:
        captured = CapturedState(*functions)
        self._found = [(storage.path, key, _mark(x)) for storage in captured.storages
                       for key, x in storage.read().items() if _carries(x)]
        self._parts: list[tuple[Any, Any, list[Any], bool]] = []
        for source, take in captured.parts():
            items = take(source)
            marks = [*map(_mark, items)]
            # lists of many parameters or numbers are compared directly, which is faster
            known = all(mark is None or mark is x for mark, x in zip(marks, items, strict=True))
            self._parts.append((_weak(source), take, [*items] if known else marks, known))

    def same(self) -> bool:
        """Whether only plain numbers changed. False also means that it cannot tell without a new walk."""
        try:
            for source, take, before, known in self._parts:
                if source.__class__ is ref:
                    source = source()
                    if source is None:
                        return False
                now = take(source)
                if len(now) != len(before):
                    return False
                if not (known and all(map(is_, now, before))) and not all(
                        map(is_, map(_mark, now), map(_mark, before) if known else before)):
                    return False
        except RuntimeError:        # another thread adds something just now
            return False
        return True

    def finds(self, other: "CapturedValues") -> bool:
        """Whether both found the same Values and Duals in the same places."""
        return len(self._found) == len(other._found) and all(
            one[:2] == two[:2] and _alike(one[2], two[2]) for one, two in zip(self._found, other._found, strict=True))


def _mark(x: Any) -> Any:
    """An object that stays the same as long as ``x`` exists, and keeps no object of a class and no graph alive."""
    kind = x.__class__
    if kind in PLAIN:
        return None
    if kind is tuple:
        return x if any(map(_structured, x)) else None
    if isinstance(x, Value):
        return x if x._a is None else x._serial     # unique, and the same int object each time
    if isinstance(x, Operand):
        return object()     # a Dual is another one each time
    return _weak(x)


def _structured(x: Any) -> bool:
    return x.__class__ not in PLAIN


def _alike(one: Any, other: Any) -> bool:
    if one.__class__ is tuple and other.__class__ is tuple:
        return len(one) == len(other) and all(map(_alike, map(_mark, one), map(_mark, other)))
    return one is other


def _carries(x: Any) -> bool:
    """Whether it is a Value or a Dual, or a tuple with one."""
    return isinstance(x, Operand) or (isinstance(x, tuple) and any(map(_carries, x)))


def _weak(x: Any) -> Any:
    try:
        return ref(x)
    except TypeError:
        return x
