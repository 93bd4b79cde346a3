"""The table's formulas as functions that append to a straight line: read once on symbols, written as Python source."""

from collections.abc import Callable, Sequence
from functools import cache
from inspect import getclosurevars
from math import inf, nan
from types import FunctionType, ModuleType
from typing import Any

from autograd.errors import TraceError
from autograd.formula import Symbol, record
from autograd.op import TABLE, Op, nothing, parameters
from autograd.operand import Operand

Emitter = Callable[..., Any]
# Every straight line has these constants, under these numbers. -0.0 is the one that adds nothing:
# x + -0.0 is x for every x, and x + 0.0 is not, for x = -0.0.
NOT_ADDED, ONE, ZERO = -1, -2, -3


class _Writer:
    """Straight-line source: every op of a formula is one call of the builder."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.space: dict[str, Any] = {"NOT_ADDED": NOT_ADDED, "ONE": ONE, "ZERO": ZERO, "inf": inf, "nan": nan}
        self.known: dict[Any, str] = {}

    def write(self, x: Any) -> str:
        """The name of the operand that holds ``x``."""
        if not isinstance(x, Symbol):
            return self.call("constant", repr(float(x)))
        if x.op is None:
            return x.name
        if x not in self.known:
            self.space[f"op_{x.op.name}"] = x.op
            self.known[x] = self.call("emit", f"op_{x.op.name}", *map(self.write, x.args))
        return self.known[x]

    def call(self, method: str, *args: str) -> str:
        line = f"{method}({', '.join(args)})"
        if line not in self.known:
            self.known[line] = f"t{len(self.known)}"
            self.lines.append(f" {self.known[line]} = {line}")
        return self.known[line]

    def flow(self, partial: Any) -> tuple[str, ...]:
        """What an operand receives of the adjoint s by this partial, and whether it receives anything."""
        if partial is nothing:
            return "NOT_ADDED", "ZERO"
        if isinstance(partial, Symbol) and partial.op and partial.op.name == "where" and _selects(partial):
            condition = self.write(partial.args[0])
            (a, from_a), (b, from_b) = map(self.flow, partial.args[1:])
            self.space["op_where"] = partial.op
            return tuple(self.call("emit", "op_where", condition, *arms) for arms in ((a, b), (from_a, from_b)))
        self.space["op_mul"] = TABLE["mul"]
        return self.call("emit", "op_mul", "s", self.write(partial)), "ONE"

    def function(self, names: Sequence[str], answer: str) -> Emitter:
        """The function of a builder and these operands."""
        source = "\n".join([f"def emitter(builder, {', '.join(names)}):",
                            " emit, constant = builder.emit, builder.constant", *self.lines, f" return {answer}"])
        exec(source, self.space)
        return self.space["emitter"]       # type: ignore[no-any-return]


def _selects(x: Symbol) -> bool:
    """Whether an arm of this `where`, or of one in it, is nothing."""
    return any(arm is nothing or (isinstance(arm, Symbol) and arm.op is not None and arm.op.name == "where"
                                  and _selects(arm)) for arm in x.args[1:])


@cache
def of_value(op: Op) -> Emitter:
    """The value of a composite op, as a function of a builder and the operands."""
    if op.arity is None:
        return lambda builder, *args: Slot.place(builder, op.formula(*[Slot.of(builder, arg) for arg in args]))
    names, writer = parameters(op.arity), _Writer()
    return writer.function(names, writer.write(_recorded(op, op.formula, names)))


@cache
def of_flow(op: Op, argument: int) -> Emitter:
    """What an operand receives and whether it does: of a builder, the adjoint, the operands and the result."""
    names, writer = (*parameters(op.arity or 0), "out"), _Writer()
    value, presence = writer.flow(_recorded(op, op.partials[argument], names))
    return writer.function(("s", *names), f"{value}, {presence}")


def _recorded(op: Op, formula: Callable[..., Any], names: Sequence[str]) -> Any:
    plain = getattr(formula, "__wrapped__", formula)
    if not plain.__module__.startswith("autograd.") and isinstance(plain, FunctionType):
        read = getclosurevars(plain)
        changing = [name for name, x in {**read.nonlocals, **read.globals}.items()
                    if not callable(x) and not isinstance(x, (int, float, ModuleType))]
        if changing:
            raise TraceError(f"{op.name} cannot be compiled: its formula reads {', '.join(changing)}, which may "
                             "change; give it as an argument")
    try:
        return record(formula, names)
    except Exception as error:
        raise TraceError(f"{op.name} cannot be compiled: a formula of it branches, or leaves the ops ({error}); "
                         "write it with where, greater and less") from error


class Slot(Operand):
    """A register of a straight line in the making, for formulas of any number of operands."""

    __slots__ = ("builder", "index")
    _rank = 1_000_001
    _symbolic = True

    def __init__(self, builder: Any, index: int) -> None:
        self.builder, self.index = builder, index

    @staticmethod
    def of(builder: Any, operand: int) -> Any:
        """The operand as something that formulas take: a Slot, or a float."""
        return Slot(builder, operand) if operand >= 0 else builder.values[~operand]

    @staticmethod
    def place(builder: Any, x: Any) -> int:
        """The operand that holds what a formula gave."""
        return x.index if isinstance(x, Slot) else builder.constant(float(x))

    def _apply(self, op: Op, args: Any) -> Any:
        return Slot.of(self.builder, self.builder.emit(op, *[Slot.place(self.builder, arg) for arg in args]))

    @property
    def _primal(self) -> Any:
        raise TraceError("a formula that is compiled selects with where, greater and less; it cannot branch")
