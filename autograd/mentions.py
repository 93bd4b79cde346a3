"""What the code of functions mentions besides their arguments: variables from outside, and what is in them."""

import sys
from collections.abc import Iterator, Mapping
from functools import partial
from types import CellType, CodeType, FunctionType, MethodType, ModuleType
from typing import Any, NamedTuple, cast
from weakref import ref

from autograd.lines import OURS
from autograd.operand import Operand

MOST = 300      # functions that are read


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

    def moved(self) -> bool:
        """Whether a Value or a Dual is there now, or was, and another one."""
        now = self.now()
        return now is not self.was and (isinstance(now, Operand) or isinstance(self.was, Operand))


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


def _attributes(f: FunctionType, own: Any) -> Iterator[Mention]:
    """Those of the object that ``f`` is a method of which its code names, wherever; of its classes all, for super()."""
    for name in dict.fromkeys(name for code in _codes(f) for name in code.co_names):
        for holder in (own, *type(own).__mro__):
            found = next((names[name] for names in _names(holder) if name in names), None)
            if found is not None:
                yield Mention(_weak(holder), name, found)


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


def outside(function: Any) -> list[Mention]:
    """The variables that a function, and those which it mentions, read numbers, Values and Duals from."""
    found: list[Mention] = []
    waiting: list[tuple[Any, Any]] = [(function, None)]
    seen: dict[tuple[int, int], Any] = {}
    while waiting and len(seen) < MOST:
        x, own = waiting.pop()
        if (id(x), id(own)) in seen or fixed(x):
            continue
        seen[id(x), id(own)] = x, own       # kept, so that its id is no other's
        if isinstance(x, FunctionType):
            if _users(x.__module__ or ""):
                named = [*mentions(x), *(_attributes(x, own) if own is not None else ())]
                # a graph is not kept
                found += [mention._replace(was=None) if getattr(mention.was, "_a", None) is not None else mention
                          for mention in named if isinstance(mention.was, (int, float, Operand))]
                waiting += [(mention.was, own) for mention in named]
            waiting.append((x.__dict__.get("__wrapped__"), own))
        elif isinstance(x, MethodType) or hasattr(type(x), "__func__"):
            waiting.append((x.__func__, getattr(x, "__self__", own)))
        elif isinstance(x, partial):
            waiting.append((x.func, x.args[0] if x.args else None))
        elif isinstance(x, property):
            waiting.append((x.fget, own))
        elif type(x).__module__.partition(".")[0] == "autograd":        # a derivative, or what is compiled
            waiting.append((getattr(x, "function", None), own))
        else:
            waiting += [(getattr(type(x), name, None), x) for name in ("__call__", "forward")]
    return found


def _users(module: str) -> bool:
    """Whether code may be the user's own."""
    top = module.partition(".")[0]
    return top not in OURS and (top == "__main__" or top not in sys.stdlib_module_names)
