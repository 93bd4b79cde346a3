"""Formulas of ops as functions that append instructions: each recorded once and printed as Python source."""

from collections.abc import Callable
from functools import cache
from operator import attrgetter
from typing import Any

from autograd.errors import TraceError
from autograd.ops.formula_dependencies import from_table
from autograd.ops.operand import SLOT, Operand
from autograd.ops.primitives import Op, nothing, parameters
from autograd.ops.printer import INSTRUCTIONS, Printer, Target
from autograd.ops.symbolic import Symbol
from autograd.program.recorded_formulas import partial_names, recorded

Emitter = Callable[..., Any]
_CONSTANTS_AS_OPERANDS = INSTRUCTIONS._replace(constant="builder.constant({})", nothing="builder.constant(0.0)")
_OP_BY_OP = INSTRUCTIONS._replace(call=lambda op, args: f"emit(op_{op.key}, {', '.join(args)})")


class Register(Operand):
    """A register of a Program in the making, as an operand of formulas of any number of arguments."""

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


def emit_value(op: Op) -> Emitter:
    """The value of a composite op, as a function of a builder and the operands."""
    return (_emit_value if from_table(op.formula) else _emit_value.__wrapped__)(op)


def emit_partial(op: Op, argument: int) -> Emitter:
    """A partial as a function of a builder, the operands and the result; for builders whose constants are floats.

    It returns the partial, the condition that anything flows, and the condition that it is `one`, which makes no node.
    """
    return (_emit_partial if from_table(op.partial_formulas[argument]) else _emit_partial.__wrapped__)(op, argument)


@cache
def _emit_value(op: Op) -> Emitter:
    if op.arity is None:
        return lambda builder, *args: builder.operand(op.formula(*map(builder.symbol, args)))
    names, printer = parameters(op.arity), _printer(_CONSTANTS_AS_OPERANDS)
    return _emitter(printer, names, printer.write(recorded(op, op.formula, names)), op.name)


@cache
def _emit_partial(op: Op, argument: int) -> Emitter:
    formula, names = op.partial_formulas[argument], partial_names(op)
    flow, printer = (_flow, _printer(INSTRUCTIONS)) if from_table(formula) else (_flow_op_by_op, _printer(_OP_BY_OP))
    return _emitter(printer, names, ", ".join(flow(printer, recorded(op, formula, names))), f"d{op.name}")


def _printer(target: Target) -> Printer:
    printer = Printer(target)
    printer.indent = " "
    return printer


def _emitter(printer: Printer, names: tuple[str, ...], answer: str, title: str) -> Emitter:
    return printer.function(("builder", *names), [" emit = builder.emit", *printer.lines, f" return {answer}"], title)


def _flow(printer: Printer, partial: Any) -> tuple[str, str, str]:
    """The source of a partial, of the condition that anything flows, and of the condition that it is `one`."""
    if partial is nothing:
        return "0.0", "0.0", "0.0"
    if not isinstance(partial, Symbol):
        return printer.write(partial), "1.0", "1.0" if partial == 1.0 else "0.0"
    if not _special(partial, 1.0):
        return printer.write(partial), "1.0", "0.0"
    condition = printer.write(partial.args[0])
    outside = printer.known
    flows = []
    for arm in partial.args[1:]:
        printer.known = dict(outside)
        flows.append(_flow(printer, arm))
    printer.known = outside
    for flow, other in (flows, flows[::-1]):
        if flow[1] == "0.0":
            return other[0], _decide(printer, condition, *(came for _, came, _ in flows)), other[2]
    values, *conditions = zip(*flows, strict=True)
    came, unit = (_decide(printer, condition, *arms) for arms in conditions)
    return _choose(printer, condition, *values), came, unit


def _flow_op_by_op(printer: Printer, partial: Any) -> tuple[str, str, str]:
    """As `_flow`, of a formula that eager accumulation calls as it is: each op makes a node, `where` included."""
    order = [partial] if isinstance(partial, Symbol) else []
    found = set(order)
    for x in order:         # grows while it is read
        fresh = [arg for arg in x.args if isinstance(arg, Symbol) and arg not in found]
        found.update(fresh)
        order += fresh
    flows: dict[int, str] = {id(nothing): "0.0"}
    for x in sorted(order, key=attrgetter("serial")):
        args = list(map(printer.write, x.args))
        if x.op:
            printer.known[x] = printer.assign(printer.application(x.op, args))
        if _special(x):     # a node where neither arm is `nothing`
            arms = [flows.get(id(arm), "1.0") for arm in x.args[1:]]
            both = printer.assign(f"builder.both({', '.join(arms)})")
            printer.known[x] = _choose(printer, both, printer.known[x], _choose(printer, *args))
            flows[id(x)] = _decide(printer, args[0], *arms)
    return printer.write(partial), flows.get(id(partial), "1.0"), "0.0"


def _choose(printer: Printer, *args: str) -> str:
    return printer.assign(f"builder.choose({', '.join(args)})")


def _decide(printer: Printer, *args: str) -> str:
    return printer.assign(f"builder.decide({', '.join(args)})")


def chooses_whether(partial: Any) -> bool:
    """Whether a recorded partial is a number, or selects `nothing` or 1, which sweeps have to know of."""
    return not isinstance(partial, Symbol) or _special(partial, 1.0)


def _special(x: Any, unit: float | None = None) -> bool:
    """Whether this is `nothing`, or the constant ``unit``, or selects between such."""
    if isinstance(x, Symbol):
        return x.op is not None and x.op.selects and any(_special(arm, unit) for arm in x.args[1:])
    return x is nothing or x == unit
