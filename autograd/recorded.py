"""Gradients inside a function that is traced: swept without a choice, so that no `where` becomes a guard."""

from collections.abc import Sequence
from typing import Any, cast

import autograd.cotangents as cotangents
from autograd.differentiate import WHERE, Line, depends, sweep
from autograd.errors import TraceError
from autograd.lines import shown, users_line
from autograd.modes import modes
from autograd.op import Op, apply
from autograd.program import Instruction, Program
from autograd.traced import Recorder
from autograd.value import Value, feeding


class Recorded(Line):
    """A line whose operands are Values and floats: it is recorded as it grows."""

    def __init__(self) -> None:
        pass

    def emit(self, op: Op, *args: Any) -> Any:
        """The operand that holds ``op`` of these operands."""
        if op is WHERE and args[0].__class__ is float:
            return args[1] if args[0] else args[2]
        return apply(op, args)

    def symbol(self, operand: Any) -> Any:
        """Formulas take Values and floats as they are."""
        return operand

    def operand(self, x: Any) -> Any:
        """And give them."""
        return x


def _sweep_values(terms: Sequence[tuple[Value, Any, Any]], leaves: Sequence[Value]) -> list[Any]:
    """Reverse accumulation over the nodes between ``leaves`` and the outputs, every arm of `where` included."""
    if not modes.recorder:
        return _usual(terms, leaves)
    order = feeding([out for out, _, _ in terms], min((leaf._serial for leaf in leaves), default=0))
    given = set(leaves)
    made = [node for node in order if node.op is not None and node not in given]
    inside = set(made)
    inputs = [*dict.fromkeys((*leaves, *(x for node in made for x in node.args if isinstance(x, Value)
                                         and x not in inside)))]
    nodes = [*inputs, *made]
    registers = {node: i for i, node in enumerate(nodes)}
    program = Program("", ("",) * len(inputs), tuple(
        Instruction(cast(Op, node.op), tuple([registers[x] if isinstance(x, Value) else float(x) for x in node.args]))
        for node in made), ())
    wrt = [registers[leaf] for leaf in leaves]
    active = depends(program, wrt)
    for i, node in enumerate(nodes):
        if active[i] and node not in given and node._serial < modes.recorder.start:
            raise TraceError(f"Value(data={node._data!r}) was computed outside from a Value that the derivative is "
                             "taken by, and would count as a constant; compute it inside the function"
                             + shown(users_line()))
    seeds = [(registers.get(out, 1.0), w, there) for out, w, there in terms]
    return sweep(program, Recorded(), nodes, active, wrt, seeds)[0]


_usual = cotangents._sweep_values
Recorder.swaps.methods[cotangents, "_sweep_values"] = _usual, _sweep_values
Recorder.swaps.install()
