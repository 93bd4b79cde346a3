"""The table's formulas as functions that append to a straight line: read once on symbols, written as Python source."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from autograd.errors import TraceError
from autograd.ops.noted import note, ours
from autograd.ops.operand import SLOT, Operand
from autograd.ops.primitives import Op, nothing, parameters
from autograd.ops.symbolic import Symbol, record
from autograd.program.writer import Emitter, Writer


def passes(op: Op, argument: int) -> bool:
    """Whether an operand may ever receive anything."""
    return op.arity is None or not ours(op.partial_formulas[argument]) or _passes(op, argument)


@cache
def _passes(op: Op, argument: int) -> bool:
    return _recorded(op, op.partial_formulas[argument], (*parameters(op.arity or 0), "out")) is not nothing


@cache
def mostly_arms(op: Op, argument: int) -> bool:
    """Whether more than half of a partial's formula is in arms that are not chosen, whichever are."""
    if not ours(op.partial_formulas[argument]):
        return False
    whole, longest = _length(_recorded(op, op.partial_formulas[argument], (*parameters(op.arity or 0), "out")), set())
    return whole > 2 * longest


def _length(x: Any, known: set[Symbol]) -> tuple[int, int]:
    """How many ops a formula has, and at most on one way through it; those that are known count nothing."""
    if not isinstance(x, Symbol) or x.op is None or x in known:
        return 0, 0
    known.add(x)
    if x.op.name != "where":
        parts = [_length(arg, known) for arg in x.args]
        return 1 + sum(whole for whole, _ in parts), 1 + sum(longest for _, longest in parts)
    condition, *arms = _length(x.args[0], known), *(_length(arm, set(known)) for arm in x.args[1:])
    return condition[0] + sum(whole for whole, _ in arms), condition[1] + max(longest for _, longest in arms)


def emit_value(op: Op) -> Emitter:
    """The value of a composite op, as a function of a builder and the operands."""
    return (_emit_value if ours(op.formula) else _emit_value.__wrapped__)(op)


def emit_partial(op: Op, argument: int) -> Emitter:
    """A partial, whether it is there at all, and whether it makes no node: of a builder, the operands and the result.

    For builders whose constants are floats.
    """
    return (_emit_partial if ours(op.partial_formulas[argument]) else _emit_partial.__wrapped__)(op, argument)


@cache
def _emit_value(op: Op) -> Emitter:
    if op.arity is None:
        return lambda builder, *args: builder.operand(op.formula(*map(builder.symbol, args)))
    names, writer = parameters(op.arity), Writer("builder.constant({})")
    return writer.function(names, writer.write(_recorded(op, op.formula, names)))


@cache
def _emit_partial(op: Op, argument: int) -> Emitter:
    names, writer = (*parameters(op.arity or 0), "out"), Writer("{}")
    flow = writer.flow if ours(op.partial_formulas[argument]) else writer.called
    return writer.function(names, ", ".join(flow(_recorded(op, op.partial_formulas[argument], names))))


def _recorded(op: Op, formula: Callable[..., Any], names: Sequence[str]) -> Any:
    if not ours(formula):       # read each time, with its variables as they are then
        note(op, formula)
    try:
        return record(formula, names)
    except Exception as error:
        raise TraceError(f"{op.name} cannot be compiled: a formula of it branches, or leaves the ops ({error}); "
                         "write it with where, greater and less") from error


class Register(Operand):
    """A register of a straight line in the making, for formulas of any number of operands."""

    __slots__ = ("builder", "index")
    _rank = (SLOT, 0)
    _symbolic = True

    def __init__(self, builder: Any, index: int) -> None:
        self.builder, self.index = builder, index

    def _apply(self, op: Op, args: Any) -> Any:
        return self.builder.symbol(self.builder.emit(op, *map(self.builder.operand, args)))

    @property
    def _primal(self) -> Any:
        raise TraceError("a formula that is compiled selects with where, greater and less; it cannot branch")
