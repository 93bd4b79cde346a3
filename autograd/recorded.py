"""Gradients inside a function that is traced: swept without a choice, so that no `where` becomes a guard."""

from collections.abc import Sequence
from operator import attrgetter
from typing import Any, cast

import autograd.cotangents as cotangents
import autograd.forward as forward
import autograd.reverse as reverse
from autograd.arguments import plain as _usual_plain
from autograd.conditions import Conditions
from autograd.cotangents import argument
from autograd.differentiate import Line, depends
from autograd.emitters import mostly_arms
from autograd.errors import TraceError
from autograd.lines import shown, users_line
from autograd.modes import modes
from autograd.op import Op, apply, one
from autograd.operand import Operand
from autograd.program import Instruction, Program
from autograd.selections import chosen
from autograd.sweeps import Sweep
from autograd.traced import Recorder
from autograd.value import Value, topological_order
from autograd.writer import Emitter

# How many derivatives are taken of a derivative in which each choice of an arm is a guard: with all ten powers that
# the slope of a power holds, and the ten of each of these, a fourth derivative would be 500,000 instructions.
OFTEN = 2


class Recorded(Line):
    """A line whose operands are Values and floats: it is recorded as it grows."""

    def __init__(self) -> None:
        Conditions.__init__(self)
        recorder = modes.recorder
        self.often = len(modes.transforms) - recorder.depth + recorder.derived >= OFTEN

    def emit(self, op: Op, *args: Any) -> Any:
        """The operand that holds ``op`` of these operands."""
        return apply(op, args)

    def flow(self, op: Op, place: int) -> Emitter:
        """As every line; of a formula that is mostly arms, where it is to be differentiated often, the arm chosen."""
        def of_the_arm(line: Line, *operands: Any) -> tuple[Any, float, float]:
            partial = op.rules[place](*operands)
            return (0.0, 0.0, 0.0) if partial is None else (partial, 1.0, 1.0 if partial is one else 0.0)

        return of_the_arm if self.often and mostly_arms(op, place) else super().flow(op, place)

    def symbol(self, operand: Any) -> Any:
        """Formulas take Values and floats as they are."""
        return operand

    def operand(self, x: Any) -> Any:
        """And give them."""
        return x


def _sweep_values(output: Value, leaves: Sequence[Value]) -> list[Any]:
    """Reverse accumulation over the nodes between ``leaves`` and ``output``, every arm of `where` included."""
    if not modes.recorder:
        return _usual(output, leaves)
    order = topological_order(output, min((leaf._serial for leaf in leaves), default=0))
    given, reached, made = set(leaves), set(leaves), []
    constants = set() if modes.recorder.derived else modes.recorder.plain
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
    root = registers.get(output, 1.0)
    return Sweep(program, Recorded(), nodes, active, [root]).run(root, wrt)[0]


def _plain(x: Any, outermost: bool) -> Any:
    """What a derivative answers; where it leaves all transforms it is a plain number, which the Program has to know."""
    recorder = modes.recorder
    if not recorder or not isinstance(x, Value) or len(modes.transforms) != recorder.depth:
        return _usual_plain(x, outermost)
    own = apply(chosen, (1.0, x, x))        # another name: f may use that very node, too
    recorder.plain.add(own)
    return own


def _floats(xs: Sequence[Any]) -> set[Value]:
    """Those of the Values, and of what feeds them, that are plain numbers to eager: made of such arguments alone."""
    recorder = modes.recorder
    order = [x for x in xs if isinstance(x, Value)]
    found = set(order)
    for node in order:          # grows as it is read
        for arg in node.args:
            if isinstance(arg, Value) and arg not in found:
                found.add(arg)
                order.append(arg)
    floats: set[Value] = recorder.inputs - recorder.varied
    for node in sorted(order, key=attrgetter("_serial")):
        made = node._serial > recorder.start and node.op not in (None, argument)
        if (made and all(x in floats for x in node.args if isinstance(x, Value))) or (
                node in recorder.plain and not recorder.derived):
            floats.add(node)
    return floats


def _combined(outputs: Sequence[Any], weights: Sequence[Any]) -> Any:
    """As eagerly, where a weight of exactly 0 is none at all; a choice, since its number may be another next time."""
    if not modes.recorder:
        return _usual_combined(outputs, weights)
    floats = _floats(weights)

    def selected(out: Any, weight: Any) -> list[Any]:
        if isinstance(out, Value):
            return [apply(chosen, (weight, out, 0.0))]
        return out._each(lambda part: selected(part, weight)) if isinstance(out, Operand) else [out]

    return _usual_combined([selected(out, w)[0] if isinstance(w, Value) and w in floats else out
                            for out, w in zip(outputs, weights, strict=True)], weights)


for _module in (cotangents, reverse, forward):
    Recorder.swaps.methods[_module, "plain"] = _usual_plain, _plain
_usual = cotangents._sweep_values
Recorder.swaps.methods[cotangents, "_sweep_values"] = _usual, _sweep_values
_usual_combined = cotangents.combined
Recorder.swaps.methods[reverse, "combined"] = _usual_combined, _combined
