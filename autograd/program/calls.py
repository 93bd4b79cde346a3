"""Long formulas of the table as single ops, which compiled code calls: there, only the arms that are chosen run."""

from functools import cache
from typing import Any

from autograd.ops.formula_dependencies import from_table
from autograd.ops.primitives import INTERNAL, Op
from autograd.ops.symbolic import Symbol
from autograd.program.emit import Emitter, chooses_whether, emit_partial
from autograd.program.program import flops
from autograd.program.recorded_formulas import partial_names, recorded

LONG = 37       # flops from which a formula is called: that of pow's slope by the exponent has 38

_slopes: dict[Op, tuple[Op, int]] = {}


class _Slope(Op):
    """The slope of an op; a process that reads a pickle of it makes it anew."""

    __slots__ = ()

    def __reduce__(self) -> tuple[Any, ...]:
        return slope, _slopes[self]


def called(op: Op) -> bool:
    """Whether compiled code calls the op's value, a long formula, rather than holding the formula."""
    return op in _slopes or _long_value(op)


def is_slope(op: Op) -> bool:
    """Whether the op is the slope of another one: `slope` made it."""
    return op in _slopes


@cache
def _long_value(op: Op) -> bool:
    return op.composite and op.arity is not None and from_table(op.formula) and flops(op, op.arity) > LONG


@cache
def slope(op: Op, place: int) -> Op | None:
    """The partial by an operand as an op of the operands and the result; None for a short one, or with `nothing`."""
    formula = op.partial_formulas[place]
    if not from_table(formula):
        return None
    partial = recorded(op, formula, partial_names(op))
    if chooses_whether(partial) or _flops(partial) <= LONG:
        return None
    made = INTERNAL[f"{op.key}__slope_{place}"] = _Slope(composite=True)
    made.key = made.name = f"{op.key}__slope_{place}"
    made.arity, made.formula, made.latex = len(partial_names(op)), formula, ""
    made.partial_formulas = made.float_partials = made.partials = ()
    made.value = lambda *args: op.float_partials[place](*args)
    made.function = lambda *args: op.partials[place](*args)     # on carriers, as eager derivatives call it
    _slopes[made] = op, place
    return made


def _flops(x: Any) -> int:
    inner: set[Symbol] = set()
    waiting = [x]
    while waiting:
        x = waiting.pop()
        if isinstance(x, Symbol) and x.op and x not in inner:
            inner.add(x)
            waiting += x.args
    return sum(1 if x.op.by_constant else flops(x.op, len(x.args)) for x in inner if x.op)


def emit_slope(op: Op) -> Emitter:
    """The formula of a slope, as the function that appends it; see `emit_partial`."""
    return emit_partial(*_slopes[op])
