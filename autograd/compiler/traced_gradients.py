"""Gradients inside a function that is traced: swept without a choice, so that no `where` becomes a guard."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple, cast

import autograd.transforms.higher_order as cotangents
from autograd.compiler.loop_numbers import LoopNumbers, recorded
from autograd.errors import TraceError
from autograd.graph.context import modes
from autograd.graph.instrumentation import fill
from autograd.graph.value import Value, feeding
from autograd.ops.primitives import Op, apply, one
from autograd.program.conditions import Conditions
from autograd.program.emit import Emitter, emit_partial
from autograd.program.forward_sweep import ForwardSweep
from autograd.program.program import Instruction, Program
from autograd.program.recorded_formulas import mostly_arms
from autograd.program.reverse_sweep import ReverseSweep
from autograd.program.sweep import depends
from autograd.program.tape import Tape
from autograd.source_lines import shown, users_line

# How many derivatives are taken of a derivative in which each choice of an arm is a guard: with all ten powers that
# the slope of a power holds, and the ten of each of these, a fourth derivative would be 500,000 instructions.
MANY_DERIVATIVES = 2


class RecordingTape(Tape):
    """A line whose operands are Values and floats: it is recorded as it grows."""

    def __init__(self) -> None:
        Conditions.__init__(self)
        recorder = modes.recorder
        self.derived = len(modes.transforms) - recorder.depth + recorder.derived    # derivatives taken of this one
        self.often = self.derived >= MANY_DERIVATIVES

    def emit(self, op: Op, *args: Any) -> Any:
        """The operand that holds ``op`` of these operands."""
        return recorded(op, args, LoopNumbers(op, args)) if op.nested else apply(op, args)

    def op_of(self, operand: Any) -> Op | None:
        """The op that computed an operand."""
        return operand.op if isinstance(operand, Value) else None

    def replace_op(self, operand: Any, op: Op) -> None:
        """Let another op have computed this operand: a loop that keeps more of each iteration."""
        operand._origin, operand._data = op, LoopNumbers(op, operand.args)

    def flow(self, op: Op, place: int) -> Emitter:
        """As every line; of a formula that is mostly arms, where it is to be differentiated often, the arm chosen."""
        def of_the_arm(line: Tape, *operands: Any) -> tuple[Any, float, float]:
            partial = op.partials[place](*operands)
            return (0.0, 0.0, 0.0) if partial is None else (partial, 1.0, 1.0 if partial is one else 0.0)

        return of_the_arm if self.often and mostly_arms(op, place) else emit_partial(op, place)

    def symbol(self, operand: Any) -> Any:
        """Formulas take Values and floats as they are."""
        return operand

    def operand(self, x: Any) -> Any:
        """And give them."""
        return x


def _sweep_values(terms: Sequence[tuple[Value, Any, Any]], leaves: Sequence[Value]) -> list[Any]:
    """Reverse accumulation over the nodes between ``leaves`` and the outputs, every arm of `where` included."""
    part = _part([out for out, _, _ in terms], leaves)
    seeds = [(part.registers.get(out, 1.0), seed, there) for out, seed, there in terms]
    tape = RecordingTape()
    sweep = ReverseSweep(part.program, tape, part.nodes, part.active, [root for root, _, _ in seeds])
    sweep.again = tape.derived > 0
    return sweep.run(seeds, part.wrt)[0]


def _push_values(outputs: Sequence[Any], leaves: Sequence[Value]) -> list[list[Any]]:
    """The same by forward accumulation."""
    part = _part([out for out in outputs if isinstance(out, Value)], leaves)
    sweep = ForwardSweep(part.program, RecordingTape(), part.nodes, part.active)
    return sweep.run(part.wrt, [part.registers.get(out, 1.0) if isinstance(out, Value) else 1.0 for out in outputs])


class _Part(NamedTuple):
    """The part of a recorded graph that a sweep is over."""

    program: Program
    nodes: list[Value]              # of its registers
    registers: dict[Value, int]
    wrt: list[int]                  # the leaves' registers
    active: list[bool]              # which registers depend on them


def _part(outputs: Sequence[Value], leaves: Sequence[Value]) -> _Part:
    order = feeding(outputs, min((leaf._serial for leaf in leaves), default=0))
    given, reached, made = set(leaves), set(leaves), []
    constants = modes.recorder.plain
    for node in order:
        depends_on_them = node not in constants and any(isinstance(x, Value) and x in reached for x in node.args)
        if depends_on_them:
            reached.add(node)
            if node._serial < modes.recorder.start:
                raise TraceError(f"Value(data={node._data!r}) was computed outside from a Value that the derivative is "
                                 "taken by, and would count as a constant; compute it inside the function"
                                 + shown(users_line()))
        if node.op is not None and (depends_on_them or node not in given):      # a leaf may depend on another one
            made.append(node)
    inside = set(made)
    used = (x for node in made for x in node.args if isinstance(x, Value))
    inputs = [*dict.fromkeys(x for x in (*leaves, *used) if x not in inside)]
    nodes = [*inputs, *made]
    registers = {node: i for i, node in enumerate(nodes)}
    program = Program("", ("",) * len(inputs), tuple(
        Instruction(cast(Op, node.op), tuple([registers[x] if isinstance(x, Value) else float(x) for x in node.args]))
        for node in made), ())
    wrt = [registers[leaf] for leaf in leaves]
    active = depends(program, wrt, {registers[node] for node in constants if node in inside})
    return _Part(program, nodes, registers, wrt, active)


def _traced(sweep: Callable[..., list[Any]], usual: Callable[..., list[Any]]) -> Callable[..., list[Any]]:
    return lambda *args: (sweep if modes.recorder else usual)(*args)


fill("tracing", {(cotangents, sweep.__name__): partial(_traced, sweep) for sweep in (_sweep_values, _push_values)})
