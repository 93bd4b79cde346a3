"""Reverse sweeps over a Program: the contributions to each adjoint, their order and their conditions."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

from autograd.errors import TraceError
from autograd.ops.internal import chosen, merged
from autograd.ops.primitives import Op, one
from autograd.program.aliases import Aliases, arm_conditions
from autograd.program.first_results import first_results
from autograd.program.nested import Loop, item
from autograd.program.program import Atom, Program
from autograd.program.sweep import NONE, Adjoint, Sweep

# loop_gradients.py, which is built on this file, puts its function here
pull_loop: Callable[[Any, int], None] = print


class ReverseSweep(Sweep):
    """Reverse sweeps over a Program; they append the derivatives of outputs to a tape.

    exactly: outputs whose contributions are added in eager's order also where nodes are selected.

    Contributions are added in the order in which `backward` adds them. Where an op passes nothing
    to an operand (the arm that `where` did not choose) the adjoint holds the condition that something
    flows: contributions are selected, not multiplied, since 0 * inf is nan. Where a tangent or a weight
    may be 0, derivatives by it flow all the same.
    """

    def __init__(self, program: Program, tape: Any, here: Sequence[Any], active: Sequence[bool],
                 exactly: Sequence[Atom] = ()) -> None:
        super().__init__(program, tape, here, active)
        # loops that something flows to; of each the adjoints of whole blocks, in the result of another loop
        self.loops: dict[int, dict[int, Any]] = {}
        # of rows that several loops read, what the last row gives to a carry
        self.last: dict[tuple[int, int], tuple[Any, Adjoint]] = {}
        self.kept: dict[int, dict[Any, Any]] = {}       # of each loop, the blocks of rows that it was given
        # the loops and blocks of which numbers are read one by one
        self.single = {(args[0], int(args[1])) for op, args in program.instructions if op is item}
        # another name of a loop's number is no node: contributions go to the number itself, one by one
        self.numbers: dict[Any, Any] = {
            register: (int(args[0]), int(args[1]), int(args[2]))
            for register, (op, args) in enumerate(program.instructions, len(program.inputs))
            if op is item and args[2].__class__ is float and active[int(args[0])]
            and program.instructions[int(args[0]) - len(program.inputs)].op.nested.__class__ is Loop}
        firsts = first_results(program, active, {number[0] for number in self.numbers.values()})
        self.numbers = {register: firsts.get(number, number) for register, number in self.numbers.items()}
        self.again = False      # whether the derivatives are differentiated again
        self.watched: Collection[int] = ()      # inputs of which it is asked whether anything is added to them
        self.aliases = Aliases()
        if exactly:
            self.aliases.find(program, tape, here, active, exactly)

    def run(self, seeds: Sequence[tuple[Atom, Any, Any]], wrt: Sequence[int]) -> tuple[list[Any], list[Any]]:
        """The derivatives of outputs by the inputs ``wrt``; and whether anything flows, -1.0 for a structural zero.

        seeds: the outputs, each with its adjoint, which is `one` or a weight, and the condition that this is not 0.
        """
        self.adjoints, self.loops, self.last = {}, {}, {}
        for root, seed, present in seeds:
            if root.__class__ is int and self.active[root]:      # a constant 1.0 would be found as register 1
                self.give(root, Adjoint(1.0, 1.0, 1.0, 1.0) if seed is one else Adjoint(seed, 1.0, present, 0.0))
        self.sweep()
        return self.answer([self.adjoints.get(self.node(register), NONE) for register in wrt])

    def node(self, register: Any) -> Any:
        """What has the adjoint of a register: the loop's number that it is, which is swept with the loop, or itself."""
        number = self.numbers.get(register) if register.__class__ is int else None
        if number is None:
            return register
        if number.__class__ is int:
            return self.node(number)
        self.loops.setdefault(number[0], {})
        return number

    def add(self, arg: Any, adjoint: Adjoint, condition: Any = 1.0) -> None:
        """Add a contribution."""
        super().add(self.node(arg), adjoint, condition)

    def sweep(self) -> None:
        """Pass all adjoints on, from the last instruction to the first."""
        inputs = len(self.program.inputs)
        for register in range(inputs + len(self.program.instructions) - 1, inputs - 1, -1):
            if register in self.loops:
                self.pull(register)
            elif register in self.adjoints:
                self.visit(register)

    def pull(self, register: int) -> None:
        """Pass the adjoints of a loop's result on to its operands."""
        pull_loop(self, register)

    def visit(self, register: int) -> None:
        """Pass the adjoint of a register on to the operands of its instruction."""
        adjoint = self.adjoints[register]
        op, args = self.program.instructions[register - len(self.program.inputs)]
        if op is item:
            if args[2].__class__ is int:
                raise TraceError("a third derivative through a loop whose count is no constant is not compiled; "
                                 "take it without jit")
            return
        if op is chosen or op is merged:
            conditions = [self.here[x] if x.__class__ is int else x for x in args[:-2]]
            self.pass_on(op, args[-2:], conditions, adjoint)
            return
        for arg, partial, there, came, unit in self.partials(register, self.active):
            self.give(arg, self.times(adjoint, partial, self.tape.both(adjoint.came, came), there, unit))

    def give(self, arg: Atom, adjoint: Adjoint) -> None:
        """Add a contribution to the node that a register stands for."""
        if arg in self.aliases.nodes:
            for node, condition in self.aliases.nodes[arg].items():
                self.add(node, adjoint, condition)
            self.add(arg, adjoint, self.tape.negated(self.aliases.any[arg]))
        else:
            self.add(arg, adjoint)

    def go_on(self, arg: Atom, adjoint: Adjoint, gain: Any) -> None:
        """Take an adjoint to which a loop has added its contributions; gain: the condition that there were any."""
        self.adjoints[self.node(arg)] = adjoint

    def pass_on(self, op: Op, args: Sequence[Atom], conditions: Sequence[Any], adjoint: Adjoint) -> None:
        """Add a selection's adjoint to its operands, but for shared ones, which `give` has served as its aliases."""
        tape, aliases = self.tape, self.aliases
        if op is chosen:
            for arg, way in zip(args, arm_conditions(tape, op, conditions), strict=True):
                if arg.__class__ is int and self.active[arg] and arg not in aliases.shared:
                    self.add(arg, adjoint, way)
            return
        for arg, mine, other in zip(args, conditions, conditions[::-1], strict=True):
            if arg.__class__ is not int or not self.active[arg]:
                continue
            if arg in aliases.shared:       # the sum is a node of its own
                self.give(arg, adjoint._replace(came=tape.both(adjoint.came, tape.both(mine, other))))
                continue
            for node, condition in aliases.nodes.get(arg, {}).items():
                self.add(node, adjoint, tape.both(tape.both(mine, other), condition))
            self.add(arg, adjoint, tape.both(mine, tape.negated(tape.both(other, aliases.any.get(arg, 0.0)))))
