"""Dependencies of user-defined formulas in a Program: the free variables whose contents are compiled into it.

The table's own formulas read constants only and have none.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

from autograd.errors import TraceError
from autograd.ops.free_variables import FreeVariable, free_variables, immutable
from autograd.ops.primitives import TABLE, Op

_collected: ContextVar[list[FreeVariable] | None] = ContextVar("formula dependencies", default=None)


@contextmanager
def collect_dependencies() -> Iterator[list[FreeVariable]]:
    """Inside it, the list of the dependencies of all formulas that become part of a Program."""
    found: list[FreeVariable] = []
    token = _collected.set(found)
    try:
        yield found
    finally:
        _collected.reset(token)


def from_table(formula: Any) -> bool:
    """Whether a formula is one of the table's own."""
    module = getattr(getattr(formula, "__wrapped__", formula), "__module__", None) or ""
    return module.startswith("autograd.")


def foldable(op: Op) -> bool:
    """Whether an op of constants is a constant: its formula depends on nothing that may change."""
    return from_table(op.formula) or isinstance(op.formula, BuiltinFunctionType)


def collecting(op: Op, formula: Any, function: Callable[..., Any]) -> Callable[..., Any]:
    """``function``, made from the formula, as one that adds the formula's dependencies while a Program is made."""
    def call(*args: Any) -> Any:
        if _collected.get() is not None:
            add_dependencies(op, formula)
        return function(*args)

    return call


def add_dependencies(op: Op, formula: Any) -> None:
    """Collect the free variables of ``formula``; TraceError where an object may change and stay the same object."""
    found = _collected.get()
    seen: dict[int, Any] = {}
    waiting: list[tuple[str, Any]] = [("", formula)]       # each with the name of the variable that holds it
    while waiting:
        name, x = waiting.pop()
        # a user's wrapper is read itself, and refers to the function it wraps
        if not isinstance(x, (FunctionType, MethodType)) or x.__module__ == "autograd.ops.primitives":
            x = getattr(x, "__wrapped__", x)
        if isinstance(x, FunctionType) and x.__module__ == "autograd" and x.__name__ in TABLE:
            x = TABLE[x.__name__].formula       # an op applied to a plain number is its value
        if id(x) in seen or immutable(x) or from_table(x) or isinstance(x, (type, ModuleType)):
            continue
        seen[id(x)] = x
        if isinstance(x, FunctionType):
            variables = list(free_variables(x))
            waiting += [(variable.name, variable.was) for variable in variables]
            waiting += [(f"a default of {x.__name__}", default)
                        for default in (*(x.__defaults__ or ()), *(x.__kwdefaults__ or {}).values())]
            if found is not None:
                found += variables
        elif isinstance(x, partial):
            waiting += [(name, x.func), *((name or f"an argument of {formula_name(x)}", part)
                                          for part in (*x.args, *x.keywords.values()))]
        elif isinstance(x, (tuple, frozenset)):
            waiting += [(name, item) for item in x]
        elif isinstance(x, MethodType) or not callable(x) or isinstance(type(x).__call__, FunctionType):
            raise TraceError(f"{op.name} cannot be compiled: its formula reads "
                             f"{name or f'the object of {formula_name(x)}'}, which may change; give it as an argument")


def formula_name(x: Any) -> str:
    """A formula's name in messages: of a partial its function's, of an object with ``__call__`` its class's."""
    x = getattr(x, "__wrapped__", x)
    while isinstance(x, partial):
        x = x.func
    name: str = getattr(x, "__qualname__", type(x).__qualname__)
    return name.rpartition("<locals>.")[2]
