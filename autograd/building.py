"""Builder: a Program in the making, on which ops and the table's formulas append instructions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from autograd.errors import TraceError
from autograd.formula import Symbol, record
from autograd.op import Op, apply, nothing, parameters
from autograd.operand import Operand
from autograd.program import Atom, Guard, Instruction, Program

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

    def __init__(self, inputs: int, instructions: Sequence[Instruction] = (), inline: bool = False) -> None:
        self.inputs, self.instructions = inputs, list(instructions)
        self.inline = inline        # composite ops: their formulas take their places

    def operand(self, atom: Atom) -> Any:
        """The register of that number, to which ops apply; a constant as it is."""
        return Register(self, atom) if atom.__class__ is int else atom

    def emit(self, op: Op, args: Sequence[Any]) -> Any:
        """Append ``op`` applied to registers and numbers."""
        if self.inline and op.composite:
            if op.arity is None:
                return op.formula(*args)
            names = parameters(op.arity)
            return self.instantiate(recorded(op.formula, names), dict(zip(names, args, strict=True)), {})
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


def expand(program: Program) -> Program:
    """The same computation in elementary ops: every composite op replaced by its formula."""
    builder = Builder(len(program.inputs), inline=True)
    registers: list[Any] = [Register(builder, i) for i in range(builder.inputs)]

    def now(x: Atom) -> Any:
        return registers[x] if x.__class__ is int else x

    for op, args in program.instructions:
        registers.append(apply(op, list(map(now, args))))
    guards = tuple(Guard(relation, atom(now(left)), atom(now(right)), outcome)
                   for relation, left, right, outcome in program.guards)
    labels = {atom(now(register)): label for register, label in program.labels.items()}
    return replace(program, instructions=tuple(builder.instructions), labels=labels, guards=guards,
                   outputs=tuple(atom(now(x)) for x in program.outputs))
