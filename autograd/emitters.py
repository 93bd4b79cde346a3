"""The table's formulas as functions that append to a straight line: read once on symbols, written as Python source."""

from collections.abc import Callable, Sequence
from functools import cache
from math import inf, nan
from typing import Any

from autograd.errors import TraceError
from autograd.formula import Symbol, record
from autograd.noted import note, ours
from autograd.op import Op, nothing, parameters
from autograd.operand import SLOT, Operand

Emitter = Callable[..., Any]


class _Writer:
    """Straight-line source: every op of a formula is one call of the builder.

    spelling: of a constant; a str.format template.
    """

    def __init__(self, spelling: str) -> None:
        self.spelling = spelling
        self.lines: list[str] = []
        self.space: dict[str, Any] = {"inf": inf, "nan": nan}
        self.known: dict[Symbol, str] = {}

    def write(self, x: Any) -> str:
        """The name of the operand that holds ``x``."""
        if not isinstance(x, Symbol):
            return self.spelling.format(repr(float(x)))
        if x.op is None:
            return x.name
        if x not in self.known:
            self.space[f"op_{x.op.name}"] = x.op
            written = map(self.arm if x.op.name == "where" else self.write, x.args)
            self.known[x] = self.call("emit", f"op_{x.op.name}", *written)
        return self.known[x]

    def arm(self, x: Any) -> str:
        """The same, where eager computes it for itself: what an arm of `where` has is not there after it."""
        outside, self.known = self.known, dict(self.known)
        name = self.write(x)
        self.known = outside
        return name

    def call(self, method: str, *args: str) -> str:
        self.lines.append(f" t{len(self.lines)} = {method}({', '.join(args)})")
        return f"t{len(self.lines) - 1}"

    def flow(self, partial: Any) -> tuple[str, ...]:
        """What an operand receives of the adjoint s by this partial, and whether it receives anything."""
        if partial is nothing:
            return "-0.0", "0.0"    # x + -0.0 is x for every x, and x + 0.0 is not, for x = -0.0
        if isinstance(partial, Symbol) and partial.op and partial.op.name == "where" and _selects(partial):
            condition = self.write(partial.args[0])
            outside = self.known
            flows = []
            for arm in partial.args[1:]:
                self.known = dict(outside)
                flows.append(self.flow(arm))
            self.known = outside
            self.space["op_where"] = partial.op
            return tuple(self.call("emit", "op_where", condition, *arms) for arms in zip(*flows, strict=True))
        return self.call("builder.times", "s", self.write(partial)), "1.0"

    def function(self, names: Sequence[str], answer: str) -> Emitter:
        """The function of a builder and these operands."""
        source = "\n".join([f"def emitter(builder, {', '.join(names)}):",
                            " emit = builder.emit", *self.lines, f" return {answer}"])
        exec(source, self.space)
        return self.space.pop("emitter")       # type: ignore[no-any-return]


def _selects(x: Symbol) -> bool:
    """Whether an arm of this `where`, or of one in it, is nothing."""
    return any(arm is nothing or (isinstance(arm, Symbol) and arm.op is not None and arm.op.name == "where"
                                  and _selects(arm)) for arm in x.args[1:])


def of_value(op: Op) -> Emitter:
    """The value of a composite op, as a function of a builder and the operands."""
    return (_of_value if ours(op.formula) else _of_value.__wrapped__)(op)


def of_flow(op: Op, argument: int) -> Emitter:
    """What an operand receives, and whether it does: of a builder, the adjoint s, the operands and the result.

    For builders whose constants are floats.
    """
    return (_of_flow if ours(op.partials[argument]) else _of_flow.__wrapped__)(op, argument)


@cache
def _of_value(op: Op) -> Emitter:
    if op.arity is None:
        return lambda builder, *args: builder.operand(op.formula(*map(builder.symbol, args)))
    names, writer = parameters(op.arity), _Writer("builder.constant({})")
    return writer.function(names, writer.write(_recorded(op, op.formula, names)))


@cache
def _of_flow(op: Op, argument: int) -> Emitter:
    names, writer = (*parameters(op.arity or 0), "out"), _Writer("{}")
    value, presence = writer.flow(_recorded(op, op.partials[argument], names))
    return writer.function(("s", *names), f"{value}, {presence}")


def _recorded(op: Op, formula: Callable[..., Any], names: Sequence[str]) -> Any:
    if not ours(formula):       # read each time, with its variables as they are then
        note(op, formula)
    try:
        return record(formula, names)
    except Exception as error:
        raise TraceError(f"{op.name} cannot be compiled: a formula of it branches, or leaves the ops ({error}); "
                         "write it with where, greater and less") from error


class Slot(Operand):
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
