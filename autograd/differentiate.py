"""The gradient of a Program as a Program: one reverse sweep over its instructions, with the table's partials."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from autograd.emitters import Slot, of_flow
from autograd.op import TABLE, Op, one
from autograd.program import Atom, Instruction, Program
from autograd.selections import Choices, chosen, merged, ways
from autograd.uncollected import uncollected

ADD, MUL = TABLE["add"], TABLE["mul"]


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
        if float in map(type, args) and int not in map(type, args):
            return op.value(*args)
        self.instructions.append(Instruction(op, args))
        return self.inputs + len(self.instructions) - 1

    def flow(self, op: Op, place: int, *operands: Any) -> tuple[Any, Any, Any]:
        """A partial by one operand, the condition under which it is there, and that under which it is `one`."""
        found: tuple[Any, Any, Any] = of_flow(op, place)(self, *operands)
        return found

    def choose(self, condition: Any, a: Any, b: Any) -> Any:
        """The operand that is ``a`` or ``b``."""
        if condition.__class__ is float:
            return a if condition else b
        return a if self.same(a, b) else self.emit(chosen, condition, a, b)

    def same(self, a: Any, b: Any) -> bool:
        """Whether they are one operand, or one constant to the bit."""
        return a is b or (a.__class__ is b.__class__ is int and a == b) or (
            a.__class__ is b.__class__ is float and repr(a) == repr(b))

    def both(self, first: Any, second: Any) -> Any:
        """The condition that both hold."""
        if second.__class__ is float:
            return first if second else 0.0
        return first if self.same(first, second) else self.choose(first, second, 0.0)

    def either(self, first: Any, second: Any) -> Any:
        """The condition that one of them holds."""
        if second.__class__ is float:
            return 1.0 if second else first
        return first if self.same(first, second) else self.choose(first, 1.0, second)

    def negated(self, condition: Any) -> Any:
        """The condition that it does not hold."""
        return self.choose(condition, 0.0, 1.0)

    def symbol(self, operand: Atom) -> Any:
        """The operand as something that formulas take: a Slot, or a float."""
        return Slot(self, operand) if operand.__class__ is int else operand

    def operand(self, x: Any) -> Any:
        """The operand that holds what a formula gave."""
        return x.index if isinstance(x, Slot) else float(x)


@uncollected()
def gradients(program: Program, wrt: Sequence[int], outputs: Sequence[int] = (0,), *,
              presence: bool = False, cut: Collection[int] = ()) -> Program:
    """The outputs of ``program``, and then the derivatives of some of them, each by all the inputs ``wrt``.

    presence: behind those of each output, for each input, whether anything flows to it at all.
    cut: registers that count as constants.
    """
    line = Line(program)
    sweep = Sweep(program, line, range(len(program.inputs) + len(program.instructions)), depends(program, wrt, cut))
    found = [*program.outputs]
    for output in outputs:
        slopes, came = sweep.run(program.outputs[output], wrt)
        found += slopes + came if presence else slopes
    return replace(program, name=f"d{program.name}", instructions=tuple(line.instructions), outputs=tuple(found),
                   elementary=False)


class Adjoint(NamedTuple):
    """What has come to a node so far."""

    value: Any
    came: Any       # the condition under which anything came
    unit: Any       # the condition under which it is the 1 that the sweep began with, which is no node


NONE = Adjoint(0.0, 0.0, 0.0)


class Sweep:
    """Reverse sweeps over a Program, which append the derivatives of an output.

    line: what is appended to; its constants are floats. here: its operands for the registers of ``program``.
    active: which of these depend on what derivatives are taken by.

    Contributions are added in the order in which `backward` adds them. Where an op passes nothing
    to an operand (the arm that `where` did not choose) an adjoint remembers under which condition
    it is there at all: contributions are selected, not multiplied, as 0 * inf is nan.
    """

    def __init__(self, program: Program, line: Any, here: Sequence[Any], active: Sequence[bool]) -> None:
        self.program, self.line, self.here, self.active = program, line, here, active
        self.choices = Choices(program, line, here, active)
        self.adjoints: dict[Atom, Adjoint] = {}

    def run(self, root: Atom, wrt: Sequence[int]) -> tuple[list[Any], list[Any]]:
        """The derivatives of ``root`` by the inputs ``wrt``, and whether anything came."""
        line, inputs = self.line, len(self.program.inputs)
        self.adjoints = {}
        self.give(root, Adjoint(1.0, 1.0, 1.0))
        for register in range(inputs + len(self.program.instructions) - 1, inputs - 1, -1):
            adjoint = self.adjoints.pop(register, None)
            if adjoint is None:
                continue
            op, args = self.program.instructions[register - inputs]
            operands = [self.here[arg] if arg.__class__ is int else arg for arg in args]
            if op is chosen or op is merged:
                self.pass_on(op, args[-2:], operands[:-2], adjoint)
                continue
            partials = _all(line, op, operands, self.here[register]) if op.arity is None else None
            for place, arg in enumerate(args):
                if arg.__class__ is not int or not self.active[arg]:
                    continue
                if partials:
                    flow = partials[place], 1.0, 1.0 if partials[place] is one else 0.0
                else:
                    flow = line.flow(op, place, *operands, self.here[register])
                self.give(arg, self.times(adjoint, *flow))
        found = [self.adjoints.get(register, NONE) for register in wrt]
        return [line.choose(x.came, x.value, 0.0) for x in found], [x.came for x in found]

    def times(self, adjoint: Adjoint, partial: Any, came: Any, unit: Any) -> Adjoint:
        """The adjoint times a partial, which may be nothing, or a 1 that makes no node, as in eager accumulation."""
        line = self.line
        came = line.both(adjoint.came, came)
        if came.__class__ is float and not came:
            return NONE
        if unit.__class__ is float and unit:
            value = adjoint.value
        elif adjoint.unit.__class__ is float and adjoint.unit:
            value = partial
        else:
            value = line.choose(unit, adjoint.value, line.emit(MUL, adjoint.value, partial))
            value = line.choose(adjoint.unit, partial, value)
        return Adjoint(value, came, line.both(adjoint.unit, unit))

    def give(self, arg: Atom, part: Adjoint) -> None:
        """A contribution to a node, whatever its name."""
        if arg.__class__ is int and self.active[arg] and not (part.came.__class__ is float and not part.came):
            for node, condition in self.choices.nodes.get(int(arg), {}).items():
                self.add(node, part, condition)
            self.add(arg, part, self.line.negated(self.choices.any.get(int(arg), 0.0)))

    def pass_on(self, op: Op, args: Sequence[Atom], conditions: Sequence[Any], adjoint: Adjoint) -> None:
        """What came to a choice goes to its operands; those that are used otherwise, too, have it where it is them."""
        line, when = self.line, ways(self.line, op, conditions)
        for arg, mine, way in zip(args, conditions[-2:] * 2, when, strict=False):
            if arg.__class__ is not int:
                continue
            alone, named = self.choices.uses[arg] == 1, arg in self.choices.nodes
            if op is merged and (named or not alone):
                self.give(arg, adjoint._replace(came=line.both(adjoint.came, line.both(*conditions))))
            if alone:
                self.add(arg, adjoint, mine if op is merged and not named else way)

    def add(self, arg: Atom, part: Adjoint, condition: Any) -> None:
        """Add a contribution, if there is one, to what has come so far."""
        line, came = self.line, self.line.both(part.came, condition)
        if arg.__class__ is not int or not self.active[arg] or (came.__class__ is float and not came):
            return
        before = self.adjoints.get(arg)
        if before is None:
            self.adjoints[arg] = part._replace(came=came)
        elif before.came.__class__ is came.__class__ is float:
            self.adjoints[arg] = Adjoint(line.emit(ADD, before.value, part.value), 1.0, 0.0)
        else:
            value = line.emit(merged, before.came, came, before.value, part.value)
            unit = line.choose(before.came, line.choose(came, 0.0, before.unit), part.unit)
            self.adjoints[arg] = Adjoint(value, line.either(before.came, came), unit)


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
