"""The gradient of a Program as a Program: one reverse sweep over its instructions, with the table's partials."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from autograd.emitters import Slot, of_flow
from autograd.noted import constant
from autograd.op import TABLE, Op
from autograd.ops import others
from autograd.presence import FLOW, both, either, settled
from autograd.program import Atom, Instruction, Program
from autograd.uncollected import uncollected

ADD, MUL, WHERE = TABLE["add"], TABLE["mul"], TABLE["where"]


class Line:
    """A straight line that grows as eager accumulation would record it, node for node; operands are Atoms.

    Nothing is simplified: merged subexpressions would add up their contributions to a second
    derivative in another order.
    """

    def __init__(self, program: Program) -> None:
        self.instructions = list(program.instructions)
        self.inputs = len(program.inputs)

    def emit(self, op: Op, *args: Any) -> Any:
        """The operand that holds ``op`` of these operands."""
        if float in map(type, args):
            if int not in map(type, args) and constant(op):        # a user's may mention what changes
                return op.value(*args)
            if op is WHERE and args[0].__class__ is float:
                return args[1] if args[0] else args[2]
        self.instructions.append(Instruction(op, args))
        return self.inputs + len(self.instructions) - 1

    def times(self, adjoint: Any, partial: Any) -> Any:
        """Their product; a factor of exactly 1 makes no node, as in eager accumulation."""
        if partial.__class__ is float and partial == 1.0:
            return adjoint
        return partial if adjoint.__class__ is float and adjoint == 1.0 else self.emit(MUL, adjoint, partial)

    def symbol(self, operand: Atom) -> Any:
        """The operand as something that formulas take: a Slot, or a float."""
        return Slot(self, operand) if operand.__class__ is int else operand

    def operand(self, x: Any) -> Any:
        """The operand that holds what a formula gave."""
        return x.index if isinstance(x, Slot) else float(x)


@uncollected
def gradients(program: Program, wrt: Sequence[int], outputs: Sequence[int] = (0,), *,
              presence: bool = False, cut: Collection[int] = ()) -> Program:
    """The outputs of ``program``, and then the derivatives of some of them, each by all the inputs ``wrt``.

    presence: behind those of each output, for each input, whether anything flows to it at all; -1.0 where
        nothing does, but derivatives of it may be taken.
    cut: registers that count as constants.
    """
    line = Line(program)
    here = range(len(program.inputs) + len(program.instructions))
    active = depends(program, wrt, cut)
    found = [*program.outputs]
    for output in outputs:
        slopes, came = sweep(program, line, here, active, wrt, [(program.outputs[output], 1.0, 1.0)])
        found += slopes + came if presence else slopes
    return replace(program, name=f"d{program.name}", instructions=tuple(line.instructions), outputs=tuple(found),
                   elementary=False)


def sweep(program: Program, line: Any, here: Sequence[Any], active: Sequence[bool], wrt: Sequence[int],
          seeds: Sequence[tuple[Atom, Any, Any]]) -> tuple[list[Any], list[Any]]:
    """Append the derivatives of outputs by the inputs ``wrt``; where they are, and whether anything came.

    seeds: the outputs, each with its adjoint, and the condition under which that is there: else it is -0.0.
    line: what is appended to; its constants are floats. here: its operands for the registers of ``program``.
    active: which of these depend on ``wrt``.

    Contributions are added in the order in which `backward` adds them. Where an op passes nothing
    to an operand (the arm that `where` did not choose) an adjoint remembers under which condition
    it is there at all: below it contributions are selected, not multiplied, as 0 * inf is nan. Where
    that is a question of a tangent or a weight (presence.py), derivatives of them go on all the same.
    """
    emit, inputs = line.emit, len(program.inputs)
    adjoints: dict[int, Any] = {}       # the sums
    presence: dict[int, Any] = {}       # and whether anything came, where that is a question
    linear: set[int] = set()            # those where it is one of tangents or weights

    def receive(register: int, part: Any, came: Any, through: bool) -> None:
        certain = came.__class__ is float and came
        if register not in adjoints:
            adjoints[register] = part
            if not certain:
                presence[register] = came
        else:
            adjoints[register] = emit(ADD, adjoints[register], part)
            if certain:
                presence.pop(register, None)
                linear.discard(register)
            elif register in presence:
                presence[register] = either(emit, presence[register], came)
        if through and register in presence:
            linear.add(register)

    for root, adjoint, there in seeds:
        if root.__class__ is int:       # a constant 1.0 would be found as register 1
            receive(int(root), adjoint, there, True)
    for register in range(inputs + len(program.instructions) - 1, inputs - 1, -1):
        if register not in adjoints or not active[register]:
            continue
        adjoint, present = adjoints.pop(register), presence.pop(register, 1.0)
        op, args = program.instructions[register - inputs]
        operands = [here[arg] if arg.__class__ is int else arg for arg in args]
        partials = _all(line, op, operands, here[register]) if op.arity is None else None
        for place, arg in enumerate(args):
            if arg.__class__ is not int or not active[arg]:
                continue
            flows = op is FLOW or register in linear
            there, came = 1.0, 1.0
            if op is FLOW:
                there, part = others(*operands)[place]
            elif partials:
                part = partials[place] if flows else line.times(adjoint, partials[place])
            else:
                part, came = of_flow(op, place)(line, 1.0 if flows else adjoint, *operands, here[register])
            if part is None or (came.__class__ is float and not came):
                continue
            if flows:       # until here it is the partial
                part = _product(line, present, adjoint, there, part)
                part = part if came.__class__ is float else emit(WHERE, came, part, -0.0)
                came = both(emit, both(emit, present, there), came)
            elif present.__class__ is not float or came.__class__ is not float:
                came = both(emit, present, came)
                part = emit(WHERE, came, part, -0.0)
            receive(arg, part, came, flows)
    there = [presence.get(register, 1.0) if register in adjoints else 0.0 for register in wrt]
    slopes = [(settled if register in linear else _chosen)(emit, adjoints.get(register, 0.0), came)
              for register, came in zip(wrt, there, strict=True)]
    return slopes, [emit(WHERE, came, 1.0, -1.0) if register in linear else came
                    for register, came in zip(wrt, there, strict=True)]


def _product(line: Any, p: Any, adjoint: Any, q: Any, partial: Any) -> Any:
    """The contribution of an adjoint that is there under the condition p by a partial that is under q."""
    if q.__class__ is float and q and partial.__class__ is float and partial == 1.0:
        return adjoint      # which is -0.0 where it is not there
    certain = both(line.emit, p, q)
    if certain.__class__ is float and certain:
        return line.times(adjoint, partial)
    return line.emit(FLOW, p, adjoint, q, partial)


def _chosen(emit: Any, adjoint: Any, came: Any) -> Any:
    return emit(WHERE, came, adjoint, 0.0)


def _all(line: Any, op: Op, operands: Sequence[Any], out: Any) -> list[Any]:
    """All partials of an op of any number of arguments."""
    return [line.operand(x) for x in op.rule(list(map(line.symbol, operands)), line.symbol(out))]


def depends(program: Program, wrt: Sequence[int], cut: Collection[int] = ()) -> list[bool]:
    """Which registers depend on the inputs ``wrt``, by another way than through those in ``cut``."""
    active = [False] * len(program.inputs)
    for register in wrt:
        active[register] = True
    for _, args in program.instructions:
        active.append(len(active) not in cut and any(active[arg] for arg in args if arg.__class__ is int))
    return active
