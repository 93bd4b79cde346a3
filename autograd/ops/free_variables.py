"""Free variables of functions: the globals, closure cells and attributes that their code reads, with their contents."""

from collections.abc import Iterator, Mapping
from types import CellType, CodeType, FunctionType, ModuleType
from typing import Any, NamedTuple, cast
from weakref import ref

from autograd.ops.operand import Operand


class FreeVariable(NamedTuple):
    """A variable that code reads from outside, and its content at the time."""

    holder: Any     # a dict of globals, a cell, or the owner of an attribute: by a weak reference where it takes one
    name: str
    was: Any

    def now(self) -> Any:
        """The present content; None where the variable is deleted."""
        holder = self.holder
        if holder.__class__ is CellType:
            try:
                return holder.cell_contents
            except ValueError:
                return None
        if holder.__class__ is ref:
            holder = holder()
        return next((names[self.name] for names in _namespaces(holder) if self.name in names), None)

    def holds(self) -> bool:
        """Whether the content is the same object, or bit-identical."""
        now = self.now()
        return now is self.was or (
            now.__class__ is self.was.__class__ and immutable(now) and repr(now) == repr(self.was))


def immutable(x: Any) -> bool:
    """Whether an object is a number or a text, which never changes."""
    return x is None or isinstance(x, (int, float, complex, str, bytes)) or type(x).__name__ == "Fraction" or \
        (type(x).__module__ == "numpy" and getattr(x, "shape", None) == () and type(x).__name__ != "ndarray")


def free_variables(f: FunctionType) -> Iterator[FreeVariable]:
    """The globals and closure cells that the code reads, and the attributes that it reads of their contents."""
    from dis import get_instructions  # imported late: eager work does not need it
    cells = dict(zip(f.__code__.co_freevars, f.__closure__ or (), strict=True))
    for code in _code_objects(f):
        before: Any = None      # the content read by the last instruction
        for step in get_instructions(code):
            name, holder = step.argval, cast(Any, None)
            kind, _, _ = step.opname.partition("_BORROW")
            if kind == "LOAD_GLOBAL" and name in f.__globals__:
                holder = f.__globals__
            elif kind == "LOAD_DEREF" and name in cells:
                holder = cells[name]
            elif kind in ("LOAD_ATTR", "LOAD_METHOD") and any(name in names for names in _namespaces(before)):
                holder = _weak(before)
            before = None
            if holder is not None:
                variable = FreeVariable(holder, name, None)
                before = variable.now()
                yield variable._replace(was=before)


def _code_objects(f: FunctionType) -> list[CodeType]:
    """The code of a function, and of the functions defined in it."""
    codes = [f.__code__]
    for code in codes:      # grows while it is read
        codes += [x for x in code.co_consts if isinstance(x, CodeType)]
    return codes


def _weak(x: Any) -> Any:
    try:
        return ref(x)
    except TypeError:
        return x


def _namespaces(x: Any) -> list[Mapping[str, Any]]:
    """Globals themselves, or the dicts of an object's attributes, its own before its classes'."""
    if x.__class__ is dict:
        return [x]
    if isinstance(x, Operand) or immutable(x):
        return []
    kinds = x.__mro__ if isinstance(x, type) else () if isinstance(x, ModuleType) else type(x).__mro__
    own = [] if isinstance(x, type) else [getattr(x, "__dict__", {})]
    return [*own, *map(vars, kinds)]
