"""What the code of functions mentions besides their arguments: variables from outside, and what is in them."""

from collections.abc import Iterator, Mapping
from types import CellType, CodeType, FunctionType, ModuleType
from typing import Any, NamedTuple, cast
from weakref import ref

from autograd.ops.operand import Operand


class Mention(NamedTuple):
    """A variable, and what was in it."""

    holder: Any     # a dict of globals, a cell, or what it is an attribute of: by a weak reference, where it takes one
    name: str
    was: Any

    def now(self) -> Any:
        """What is in it; None where it was deleted."""
        holder = self.holder
        if holder.__class__ is CellType:
            try:
                return holder.cell_contents
            except ValueError:
                return None
        if holder.__class__ is ref:
            holder = holder()
        return next((names[self.name] for names in _names(holder) if self.name in names), None)

    def holds(self) -> bool:
        """Whether that is what it was, or equal to the bit."""
        now = self.now()
        return now is self.was or (now.__class__ is self.was.__class__ and fixed(now) and repr(now) == repr(self.was))


def fixed(x: Any) -> bool:
    """Whether an object never changes."""
    return x is None or isinstance(x, (int, float, complex, str, bytes)) or type(x).__name__ == "Fraction" or \
        (type(x).__module__ == "numpy" and getattr(x, "shape", None) == () and type(x).__name__ != "ndarray")


def mentions(f: FunctionType) -> Iterator[Mention]:
    """The variables that the code reads: globals, those of outer functions, and attributes of what is in them."""
    from dis import get_instructions  # who compiles nothing does not wait for it
    cells = dict(zip(f.__code__.co_freevars, f.__closure__ or (), strict=True))
    for code in _codes(f):
        before: Any = None      # what was read last
        for step in get_instructions(code):
            name, holder = step.argval, cast(Any, None)
            kind, _, _ = step.opname.partition("_BORROW")
            if kind == "LOAD_GLOBAL" and name in f.__globals__:
                holder = f.__globals__
            elif kind == "LOAD_DEREF" and name in cells:
                holder = cells[name]
            elif kind in ("LOAD_ATTR", "LOAD_METHOD") and any(name in names for names in _names(before)):
                holder = _weak(before)
            before = None
            if holder is not None:
                mention = Mention(holder, name, None)
                before = mention.now()
                yield mention._replace(was=before)


def _codes(f: FunctionType) -> list[CodeType]:
    """The code of a function, and of the functions in it."""
    codes = [f.__code__]
    for code in codes:      # grows as it is read
        codes += [x for x in code.co_consts if isinstance(x, CodeType)]
    return codes


def _weak(x: Any) -> Any:
    try:
        return ref(x)
    except TypeError:
        return x


def _names(x: Any) -> list[Mapping[str, Any]]:
    """The names in globals, or those that an object has, its classes' last."""
    if x.__class__ is dict:
        return [x]
    if isinstance(x, Operand) or fixed(x):
        return []
    kinds = x.__mro__ if isinstance(x, type) else () if isinstance(x, ModuleType) else type(x).__mro__
    own = [] if isinstance(x, type) else [getattr(x, "__dict__", {})]
    return [*own, *map(vars, kinds)]
