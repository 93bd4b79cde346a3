"""A Program as a function for JAX, which can compile, batch, differentiate and distribute it."""

from collections.abc import Callable, Sequence
from typing import Any

from autograd.errors import missing
from autograd.lower.jax_blocks import varying
from autograd.lower.jax_steps import Steps
from autograd.program.nested import has_loops
from autograd.program.program import Program
from autograd.program.rolled import straightened
from autograd.program.simplification import expand


def lower(program: Program) -> Callable[[Sequence[Any]], list[Any]]:
    """A function of JAX: of all inputs, as one sequence of scalars or arrays; it gives the list of the outputs.

    Under jit no exception can be raised: in each element where a guard does not hold, all outputs and their derivatives
    are nan; ``checks`` tells these from other nans. JAX's own derivatives include the arm that `where` did not choose,
    and are nan if that one is infinite. The table's are not: lower the Program of the derivative,
    ``jit(grad(f)).programs[0]``. Results are Python's but for the digits that XLA's functions and its fused
    multiply-adds change; numbers below 2.2e-308 count as 0.

    Loops stay loops, so that the time to compile does not grow with their iterations. They may branch; an iteration
    that takes a way which the Program does not have counts as a guard that does not hold. Snapshots cut a loop in as
    many stretches, each of which runs once more. `while_loop`, and a count that is computed, have values, and
    derivatives that need nothing of what an iteration computed; others raise UnspellableError, as arrays of JAX have
    fixed sizes.
    """
    run = _runner(program)
    import jax.numpy as jnp

    def outputs(inputs: Sequence[Any]) -> list[Any]:
        found, holds = run(inputs)
        # times nan, as selecting a nan would make derivatives 0
        return [x * jnp.where(holds, 1.0, jnp.nan) for x in found] if program.guards or has_loops(program) else found

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

    program = expand(straightened(program))
    steps = Steps(program)
    constants = {x.hex(): x for x in (1.0, *steps.constants())}
    loops = has_loops(program)

    def one(*inputs: Any) -> tuple[list[Any], Any]:
        shape = jnp.broadcast_shapes(*(x.shape for x in inputs))
        hidden = jax.lax.optimization_barrier({key: jnp.asarray(x, float) for key, x in constants.items()})
        alive = jnp.asarray(True)
        for x in inputs:
            alive = varying(alive, x)
        found, events = steps.run(inputs, hidden, alive)
        holds = jnp.full(shape, True)
        for _, held in events:
            holds &= held
        return [jnp.broadcast_to(x, shape) for x in found], holds

    def run(inputs: Sequence[Any]) -> tuple[list[Any], Any]:
        if not jax.config.jax_enable_x64:
            raise ValueError(f"{program.name}: JAX computes in 32 bits, half of the digits would be lost; call "
                             'jax.config.update("jax_enable_x64", True) first')
        if len(inputs) != len(program.inputs):
            raise TypeError(f"{program.name}: {len(inputs)} arrays for {len(program.inputs)} inputs")
        arrays, run = [jnp.asarray(x, float) for x in inputs], one
        if loops and arrays:        # a loop is one of numbers: over each axis it is mapped
            arrays = list(jnp.broadcast_arrays(*arrays))
            for _ in arrays[0].shape:
                run = jax.vmap(run)
        return run(*arrays)

    return run
