"""The steps of a Program on JAX."""

from collections.abc import Iterator, Sequence
from typing import Any

from autograd.lower.jax_blocks import read_item
from autograd.lower.jax_loops import NativeLoop
from autograd.lower.jax_replay import NativeReplay
from autograd.lower.numpy import spelling
from autograd.lower.schedule import Step, UnspellableError, order
from autograd.program.nested import item
from autograd.program.program import Atom, Guard, Instruction, Program
from autograd.program.replay import Replay

# XLA rewrites x + 0.0 to x, (x * a) / a to x, (x / y) / z to x / (y * z), x**0.5 to sqrt(x); the results differ at
# zeros, at infinities and near the ends of the range. It does not look behind a barrier. So all constants but whole
# exponents are behind one, and the results of these ops are multiplied by a 1.0 from there.
APART = ("div", "exp", "exp2", "pow")
WHOLE = (-1.0, 1.0, 2.0, 3.0)
# XLA fuses what it can into one loop, and compiles a loop in a time that grows with the square of its length. So after
# this many steps all results that are still to be read go through a barrier, where a loop ends.
REGION = 100


class Steps:
    """A Program, and those of the loops in it."""

    def __init__(self, program: Program) -> None:
        import jax
        import jax.numpy as jnp

        self.program, self.steps = program, [*order(program)]
        self.borders = _borders(self.steps)
        self.loops: dict[int, Any] = {}
        own = {"erf": jax.scipy.special.erf, "erfc": jax.scipy.special.erfc, "stop_gradient": jax.lax.stop_gradient}
        self.functions: dict[str, Any] = {}
        for register, (op, args) in enumerate(program.instructions, len(program.inputs)):
            if op.nested:
                self.loops[register] = self._native(op.nested, args)
            elif op is not item:
                self.functions[op.name] = own.get(op.name) or spelling(jnp, op)
                if self.functions[op.name] is None:
                    raise UnspellableError(f"{op.name}: JAX cannot call its value, a Python function; state it as a "
                                           "formula in other ops, with composite=True")

    def _native(self, loop: Any, args: Sequence[Any]) -> Any:
        if isinstance(loop, Replay):
            ahead = self._native(loop.forward, args[:loop.operands])
            return NativeReplay(loop, ahead, self._native(loop.back, args[loop.operands:]))
        if loop.count is None:
            given = args[loop.count_at]
            if given.__class__ is float:
                loop = loop.changed(count=max(int(given), 0))
            elif given in self.loops and (self.loops[given].loop.count or -1) >= 0:
                loop = loop.changed(count=self.loops[given].loop.count)
        return NativeLoop(loop, [Steps(way.program) for way in loop.ways])

    def constants(self) -> Iterator[float]:
        """The numbers that stand behind a barrier."""
        for what, number, reads in self.steps:
            if number in self.loops and isinstance(what, Instruction):
                loop = self.loops[number]
                yield from (x for x in loop.scalars(reads) if x.__class__ is float)
                for code in loop.codes:
                    yield from code.constants()
            elif not isinstance(what, Instruction) or what.op is not item:
                yield from (x for x in reads if x.__class__ is float)

    def run(self, inputs: Sequence[Any], hidden: Any, alive: Any, whole: bool = True) -> tuple[list[Any], list[Any]]:
        """The outputs; and of each guard, in the order in which they are checked, the number and whether it holds.

        The number of a loop that finds no way is that of all guards. hidden: the constants, behind a barrier. alive:
        where loops are to run. whole: False to check guards on the inputs alone.
        """
        import jax.numpy as jnp
        from jax.lax import optimization_barrier

        program, registers = self.program, dict(enumerate(inputs))
        found, events = list[Any](), list[tuple[int, Any]]()

        def read(x: Atom) -> Any:
            return registers[x] if x.__class__ is int else hidden[float(x).hex()]

        for place, (what, number, reads) in enumerate(self.steps):
            if isinstance(what, Guard):
                held = getattr(jnp, what.relation)(*map(read, reads)) == what.outcome
                events.append((number, held))
                alive = alive & held
            elif not whole:
                break
            elif number in self.loops and isinstance(what, Instruction):
                operands = [registers[x] if x.__class__ is int else x for x in reads]
                registers[number], fine = self.loops[number].run(operands, hidden, alive)
                events.append((len(program.guards), fine))
                alive = alive & fine
            elif isinstance(what, Instruction) and what.op is item:
                registers[number] = read_item(registers[int(reads[0])], reads[1], registers[reads[2]]
                                              if reads[2].__class__ is int else reads[2])
            elif isinstance(what, Instruction):
                operands = [*map(read, reads)]
                if what.op.name == "pow" and reads[1] in WHOLE and reads[1].__class__ is float:
                    operands[1] = reads[1]
                out = self.functions[what.op.name](*operands)
                registers[number] = out * read(1.0) if what.op.name in APART else out
            else:
                found.append(read(reads[0]))
            if place in self.borders:
                kept = optimization_barrier([registers[register] for register in self.borders[place]])
                registers.update(zip(self.borders[place], kept, strict=True))
        return found, events


def _borders(steps: Sequence[Step]) -> dict[int, list[int]]:
    """The last step of each region but the last; the registers filled in it that are read after it."""
    last = {x: place for place, step in enumerate(steps) for x in step.reads if x.__class__ is int}
    found: dict[int, list[int]] = {}
    for end in range(REGION, len(steps), REGION):
        filled = [step.number for step in steps[end - REGION:end] if step.makes]
        found[end - 1] = [register for register in filled if last.get(register, 0) >= end]
    return found
