"""A Program as a function for JAX, which can compile, batch, differentiate and distribute it."""

from collections.abc import Callable, Sequence
from typing import Any

from autograd.errors import missing
from autograd.lower.numpy import spelling
from autograd.lower.schedule import Step, UnspellableError, order
from autograd.program.program import Atom, Guard, Instruction, Program
from autograd.program.rolled import straightened
from autograd.program.simplification import expand
from autograd.program.unrolling import unrolled

# XLA rewrites x + 0.0 to x, (x * a) / a to x, (x / y) / z to x / (y * z), x**0.5 to sqrt(x); the results differ at
# zeros, at infinities and near the ends of the range. It does not look behind a barrier. So all constants but whole
# exponents are behind one, and the results of these ops are multiplied by a 1.0 from there.
APART = ("div", "exp", "exp2", "pow")
WHOLE = (-1.0, 1.0, 2.0, 3.0)
# XLA fuses what it can into one loop, and compiles a loop in a time that grows with the square of its length. So after
# this many steps all results that are still to be read go through a barrier, where a loop ends.
REGION = 100


def lower(program: Program) -> Callable[[Sequence[Any]], list[Any]]:
    """A function of JAX: of all inputs, as one sequence of scalars or arrays; it gives the list of the outputs.

    Under jit no exception can be raised: in each element where a guard does not hold, all outputs and their derivatives
    are nan; ``checks`` tells these from other nans. JAX's own derivatives include the arm that `where` did not choose,
    and are nan if that one is infinite. The table's are not: lower the Program of the derivative,
    ``jit(grad(f)).programs[0]``. Results are Python's but for the digits that XLA's functions and its fused
    multiply-adds change; numbers below 2.2e-308 count as 0.
    """
    run = _runner(program)
    import jax.numpy as jnp

    def outputs(inputs: Sequence[Any]) -> list[Any]:
        found, holds = run(inputs)
        # times nan, as selecting a nan would make derivatives 0
        return [x * jnp.where(holds, 1.0, jnp.nan) for x in found] if program.guards else found

    return outputs


def checks(program: Program) -> Callable[[Sequence[Any]], Any]:
    """A function of the same inputs: whether all guards hold, for each element."""
    run = _runner(program)
    return lambda inputs: run(inputs)[1]


def _runner(program: Program) -> Callable[[Sequence[Any]], tuple[list[Any], Any]]:
    """A function of the inputs: the outputs, and whether all guards hold."""
    try:
        import jax
        import jax.numpy as jnp
    except ImportError as error:
        raise missing("autograd.lower.jax", "jax", "jax") from error

    program = expand(unrolled(straightened(program)))
    steps = list(order(program))
    borders = _borders(steps)
    constants = {x.hex(): x for x in (1.0, *(x for step in steps for x in step.reads)) if x.__class__ is float}
    own = {"erf": jax.scipy.special.erf, "erfc": jax.scipy.special.erfc, "stop_gradient": jax.lax.stop_gradient}
    functions: dict[str, Any] = {}
    for op, _ in program.instructions:
        functions[op.name] = own.get(op.name) or spelling(jnp, op)
        if functions[op.name] is None:
            raise UnspellableError(f"{op.name}: JAX cannot call its value, a Python function; state it as a formula in "
                                   "other ops, with composite=True")

    def run(inputs: Sequence[Any]) -> tuple[list[Any], Any]:
        if not jax.config.jax_enable_x64:
            raise ValueError(f"{program.name}: JAX computes in 32 bits, half of the digits would be lost; call "
                             'jax.config.update("jax_enable_x64", True) first')
        if len(inputs) != len(program.inputs):
            raise TypeError(f"{program.name}: {len(inputs)} arrays for {len(program.inputs)} inputs")
        registers = dict(enumerate(jnp.asarray(x, float) for x in inputs))
        shape = jnp.broadcast_shapes(*(x.shape for x in registers.values()))
        hidden = jax.lax.optimization_barrier({key: jnp.asarray(x, float) for key, x in constants.items()})

        def read(x: Atom) -> Any:
            return registers[x] if x.__class__ is int else hidden[float(x).hex()]

        found, holds = [], jnp.full(shape, True)
        for place, (what, number, reads) in enumerate(steps):
            operands = list(map(read, reads))
            if isinstance(what, Instruction):
                if what.op.name == "pow" and reads[1] in WHOLE and reads[1].__class__ is float:
                    operands[1] = reads[1]
                out = functions[what.op.name](*operands)
                registers[number] = out * read(1.0) if what.op.name in APART else out
            elif isinstance(what, Guard):
                holds &= getattr(jnp, what.relation)(*operands) == what.outcome
            else:
                found.append(jnp.broadcast_to(operands[0], shape))
            if place in borders:
                kept = jax.lax.optimization_barrier([registers[register] for register in borders[place]])
                registers.update(zip(borders[place], kept, strict=True))
        return found, holds

    return run


def _borders(steps: Sequence[Step]) -> dict[int, list[int]]:
    """The last step of each region but the last; the registers filled in it that are read after it."""
    last = {x: place for place, step in enumerate(steps) for x in step.reads if x.__class__ is int}
    found: dict[int, list[int]] = {}
    for end in range(REGION, len(steps), REGION):
        filled = [step.number for step in steps[end - REGION:end] if step.makes]
        found[end - 1] = [register for register in filled if last.get(register, 0) >= end]
    return found
