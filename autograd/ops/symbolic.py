"""Symbols: a formula of the table called with them records the expression that it computes."""

from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

from autograd.errors import TraceError
from autograd.ops.operand import SYMBOL, Operand
from autograd.ops.primitives import Op

_serials = count()


class Symbol(Operand):
    """An argument of a formula, or the result of an op inside it."""

    __slots__ = ("args", "name", "op", "serial")
    _rank = (SYMBOL, 0)
    _symbolic = True

    def __init__(self, name: str, op: Op | None = None, args: Sequence[Any] = ()) -> None:
        self.name, self.op, self.args, self.serial = name, op, args, next(_serials)

    def _apply(self, op: Op, args: Any) -> "Symbol":
        return Symbol("", op, args)

    @property
    def _primal(self) -> Any:
        raise TraceError("a formula selects with where, greater and less; it cannot branch")


def record(formula: Callable[..., Any], names: Sequence[str]) -> Any:
    """The expression that the formula computes of symbols of these names; raises if it cannot be recorded."""
    return formula(*map(Symbol, names))
