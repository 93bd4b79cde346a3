"""What formulas of the user's own that become part of a Program mention; of the table's own, that they do not."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

from autograd.errors import TraceError
from autograd.ops.mentions import Mention, fixed, mentions
from autograd.ops.primitives import TABLE, Op

_noted: ContextVar[list[Mention] | None] = ContextVar("mentions", default=None)


@contextmanager
def noted() -> Iterator[list[Mention]]:
    """Inside it, the list of what formulas that are made part of a Program mention."""
    found: list[Mention] = []
    token = _noted.set(found)
    try:
        yield found
    finally:
        _noted.reset(token)


def ours(formula: Any) -> bool:
    """Whether a formula is one of the table's own, which mention constants only."""
    module = getattr(getattr(formula, "__wrapped__", formula), "__module__", None) or ""
    return module.startswith("autograd.")


def constant(op: Op) -> bool:
    """Whether the value of constants is a constant."""
    return ours(op.formula) or isinstance(op.formula, BuiltinFunctionType)


def noting(op: Op, formula: Any, function: Callable[..., Any]) -> Callable[..., Any]:
    """``function``, which is the formula's; called while a Program is made its numbers become a part of that."""
    def call(*args: Any) -> Any:
        if _noted.get() is not None:
            note(op, formula)
        return function(*args)

    return call


def note(op: Op, formula: Any) -> None:
    """Note what ``formula`` mentions; TraceError where that may change without being another object."""
    found = _noted.get()
    seen: dict[int, Any] = {}
    waiting: list[tuple[str, Any]] = [("", formula)]       # with the name by which it is mentioned
    while waiting:
        name, x = waiting.pop()
        # a user's wrapper is read itself, and mentions what it wraps
        if not isinstance(x, (FunctionType, MethodType)) or x.__module__ == "autograd.ops.primitives":
            x = getattr(x, "__wrapped__", x)
        if isinstance(x, FunctionType) and x.__module__ == "autograd" and x.__name__ in TABLE:
            x = TABLE[x.__name__].formula       # an op applied to a plain number is its value
        if id(x) in seen or fixed(x) or ours(x) or isinstance(x, (type, ModuleType)):
            continue
        seen[id(x)] = x
        if isinstance(x, FunctionType):
            read = list(mentions(x))
            waiting += [(mention.name, mention.was) for mention in read]
            waiting += [(f"a default of {x.__name__}", default)
                        for default in (*(x.__defaults__ or ()), *(x.__kwdefaults__ or {}).values())]
            if found is not None:
                found += read
        elif isinstance(x, partial):
            waiting += [(name, x.func), *((name or f"an argument of {called(x)}", part)
                                          for part in (*x.args, *x.keywords.values()))]
        elif isinstance(x, (tuple, frozenset)):
            waiting += [(name, item) for item in x]
        elif isinstance(x, MethodType) or not callable(x) or isinstance(type(x).__call__, FunctionType):
            raise TraceError(f"{op.name} cannot be compiled: its formula reads {name or f'the object of {called(x)}'}, "
                             "which may change; give it as an argument")


def called(x: Any) -> str:
    """What the user calls a formula: of a partial its function, of an object with ``__call__`` its class."""
    x = getattr(x, "__wrapped__", x)
    while isinstance(x, partial):
        x = x.func
    name: str = getattr(x, "__qualname__", type(x).__qualname__)
    return name.rpartition("<locals>.")[2]
