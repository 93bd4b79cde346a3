"""The gradient of a Program as a Program: one sweep over its instructions, with the table's partials."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from autograd.ops.primitives import one
from autograd.program.forward_sweep import ForwardSweep
from autograd.program.gc_pause import gc_paused
from autograd.program.loop_gradients import pull as pull
from autograd.program.loop_tangents import push as push
from autograd.program.program import Program
from autograd.program.repeat_gradient import IrregularError, RolledSweep
from autograd.program.reverse_sweep import ReverseSweep
from autograd.program.rolled import is_rolled, straightened
from autograd.program.sweep import depends
from autograd.program.tape import Tape, written_out


@gc_paused
def gradients(program: Program, wrt: Sequence[int], outputs: Sequence[int] = (0,), *,
              presence: bool = False, cut: Collection[int] = (), exact: bool = True, again: bool = False) -> Program:
    """The outputs of ``program``, and then the derivatives of some of them, each by all the inputs ``wrt``.

    presence: append to the derivatives of each output, for each input, whether anything flows to it; -1.0 for a
        structural zero, whose derivatives still flow.
    cut: registers that count as constants.
    exact: whether derivatives of derivatives are added in eager's order, too, at the price of more instructions.
    again: whether these derivatives are differentiated again for sure: then loops, too, keep that order.
    """
    if is_rolled(program):
        if not presence and not cut:
            try:
                return _swept(program, wrt, outputs, RolledSweep)
            except IrregularError:
                pass
        program = straightened(program)
    program, cut = written_out(program, cut)
    return _swept(program, wrt, outputs, ReverseSweep, presence, cut, exact, again)


def _swept(program: Program, wrt: Sequence[int], outputs: Sequence[int], kind: type[ReverseSweep],
           presence: bool = False, cut: Collection[int] = (), exact: bool = True, again: bool = False) -> Program:
    tape = Tape(program)
    active = depends(program, wrt, cut)
    roots = [program.outputs[output] for output in outputs]
    sweep = kind(program, tape, range(len(active)), active, roots if exact else ())
    sweep.again = again
    found = [*program.outputs]
    for output in outputs:
        slopes, came = sweep.run([(program.outputs[output], one, 1.0)], wrt)
        found += slopes + came if presence else slopes
    return replace(program, name=f"d{program.name}", instructions=tuple(tape.instructions), outputs=tuple(found),
                   elementary=False)


def gradients_again(program: Program, wrt: Sequence[int], outputs: Sequence[int] = (0,)) -> Program:
    """As `gradients`, for a Program that is differentiated again."""
    return gradients(program, wrt, outputs, again=True)


@gc_paused
def jacobian(program: Program, wrt: Sequence[int], outputs: Sequence[int]) -> Program:
    """As `gradients`, in one forward sweep: cheaper where the inputs ``wrt`` are fewer than the outputs."""
    program, _ = written_out(straightened(program))
    tape = Tape(program)
    active = depends(program, wrt)
    rows = ForwardSweep(program, tape, range(len(active)), active).run(wrt, [program.outputs[i] for i in outputs])
    return replace(program, name=f"d{program.name}", instructions=tuple(tape.instructions),
                   outputs=(*program.outputs, *[x for row in rows for x in row]), elementary=False)
