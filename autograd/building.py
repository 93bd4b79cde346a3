"""Builder: a Program in the making, on which ops and the table's formulas append instructions."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from autograd.errors import TraceError
from autograd.formula import Symbol, record
from autograd.op import TABLE, Op, apply, nothing, parameters
from autograd.operand import Operand
from autograd.program import Atom, Instruction

NOT_ADDED = -0.0        # x + -0.0 is x, for every x


class Register(Operand):
    """A register of a Program in the making."""

    __slots__ = ("builder", "index")
    _rank = 1_000_001
    _symbolic = True

    def __init__(self, builder: "Builder", index: int) -> None:
        self.builder, self.index = builder, index

    def _apply(self, op: Op, args: Any) -> "Register":
        return self.builder.emit(op, args)

    @property
    def _primal(self) -> Any:
        raise TraceError("a formula that is compiled selects with where, greater and less; it cannot branch")


class Choice(NamedTuple):
    """What only one arm of a `where` gives; the other, or a part of it, is `nothing`."""

    condition: Register
    a: Any
    b: Any


class Builder:
    """A growing straight line of instructions."""

    def __init__(self, inputs: int, instructions: Sequence[Instruction] = ()) -> None:
        self.inputs, self.instructions = inputs, list(instructions)

    def operand(self, atom: Atom) -> Any:
        """The register of that number, to which ops apply; a constant as it is."""
        return Register(self, atom) if atom.__class__ is int else atom

    def emit(self, op: Op, args: Sequence[Any]) -> Register:
        """Append ``op`` applied to registers and numbers."""
        self.instructions.append(Instruction(op, tuple(map(atom, args))))
        return Register(self, self.inputs + len(self.instructions) - 1)

    def instantiate(self, x: Any, values: Mapping[str, Any], known: dict[Symbol, Any]) -> Any:
        """A recorded formula on these operands; what is constant in it is computed now."""
        if not isinstance(x, Symbol):
            return x if x is nothing else float(x)
        if x.op is None:
            return values[x.name]
        if x in known:
            return known[x]
        first = self.instantiate(x.args[0], values, known)
        if x.op.name == "where" and not isinstance(first, Register):
            out = self.instantiate(x.args[1] if first else x.args[2], values, known)
        else:
            rest = [self.instantiate(arg, values, known) for arg in x.args[1:]]
            if x.op.name == "where" and any(arg is nothing or isinstance(arg, Choice) for arg in rest):
                out = Choice(first, *rest)
            else:
                out = apply(x.op, (first, *rest))
        known[x] = out
        return out


def atom(x: Any) -> Atom:
    """What an instruction holds for an operand."""
    return x.index if x.__class__ is Register else float(x)


_recorded: dict[Callable[..., Any], Any] = {}


def recorded(formula: Callable[..., Any], names: Sequence[str]) -> Any:
    """The formula on symbols; the table's are recorded once."""
    if formula not in _recorded:
        _recorded[formula] = record(formula, names)
    return _recorded[formula]


def expand(inputs: int, instructions: Sequence[Instruction], outputs: Sequence[Atom]) -> Any:
    """The same computation in elementary ops: every composite op replaced by its formula."""
    builder = Builder(inputs)
    registers: list[Any] = [Register(builder, i) for i in range(inputs)]
    for op, args in instructions:
        operands = [registers[arg] if arg.__class__ is int else arg for arg in args]
        if not op.composite:
            registers.append(apply(op, operands))
        elif op.arity is None:
            registers.append(op.formula(*operands))
        else:
            names = parameters(op.arity)
            symbol = recorded(op.formula, names)
            registers.append(builder.instantiate(symbol, dict(zip(names, operands, strict=True)), {}))
    return builder, registers
