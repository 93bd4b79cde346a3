"""A Program as a function of NumPy arrays: the same ops in the same order, each on whole arrays."""

from collections.abc import Callable, Sequence
from typing import Any

from autograd.errors import missing
from autograd.lower.schedule import Step, order
from autograd.ops.primitives import Op
from autograd.program.program import RELATIONS, Guard, Instruction, Program, names
from autograd.program.rolled import straightened
from autograd.program.simplification import expand
from autograd.program.unrolling import unrolled

# The names of the ops in NumPy and in jax.numpy.
SAME = ("add", "abs", "fmod", "sqrt", "cbrt", "floor", "ceil", "trunc", "exp", "exp2", "expm1", "log",
        "log2", "log10", "log1p", "sin", "cos", "tan", "sinh", "cosh", "tanh", "where")
NAMES = {**{name: name for name in SAME}, "sub": "subtract", "mul": "multiply", "div": "divide", "neg": "negative",
         "pos": "positive", "stop_gradient": "positive", "pow": "power", "round": "rint", "asin": "arcsin",
         "acos": "arccos", "atan": "arctan", "atan2": "arctan2", "asinh": "arcsinh", "acosh": "arccosh",
         "atanh": "arctanh"}
COMPARISONS = ("greater", "less", "equal")       # bools there, numbers here


def spelling(module: Any, op: Op) -> Callable[..., Any] | None:
    """The op as a function of arrays in NumPy, or in a module with the same names; None if there is none."""
    if op.name in COMPARISONS:
        compare = getattr(module, op.name)
        return lambda x, y: module.where(compare(x, y), 1.0, 0.0)
    if op.name == "pow" and module.__name__ == "numpy":
        return lambda x, y: _power(module, x, y)
    return getattr(module, NAMES[op.name]) if op.name in NAMES else None


def _power(module: Any, x: Any, y: Any) -> Any:
    """x**y; for an exponent 0.5 NumPy takes the square root, which at -0.0 and -inf is something else."""
    found = module.power(x, y)
    rooted = module.where(module.equal(x, -module.inf), module.inf, found + 0.0)
    return module.where(module.equal(y, 0.5), rooted, found)


def lower(program: Program) -> Callable[[Sequence[Any]], Any]:
    """A function of NumPy: of all inputs, as one sequence of arrays or numbers, which are broadcast.

    It returns a list of the outputs, arrays of the common shape, or an int, the number of the guard that failed for all
    elements. Raises ValueError if a guard fails for some elements only. Results are Python's but for the last digits of
    functions for which NumPy does not call the C library. Loops are written out, up to 100,000 instructions: those
    whose count and ways depend on constants and on the iteration alone. Others raise UnrollingError.

    >>> from autograd import trace
    >>> f = lower(trace(lambda a, b: (a + b) * (b + 1), 2.0, 1.0))
    >>> import numpy
    >>> f([numpy.array([2.0, 3.0]), 1.0])[0].tolist()
    [6.0, 8.0]
    """
    try:
        import numpy as np
    except ImportError as error:
        raise missing("autograd.lower.numpy", "numpy", "numpy") from error

    program = expand(unrolled(straightened(program)))
    steps = list(order(program))
    dying = _last_reads(steps)
    # erf, erfc and a user's own ops: their own values, one element after another
    functions = {op.name: spelling(np, op) or np.vectorize(op.value, otypes=[float]) for op, _ in program.instructions}

    def run(inputs: Sequence[Any]) -> Any:
        # same_kind: an array of complex numbers is an error, not its real part
        arrays = [np.asarray(x).astype(float, casting="same_kind", copy=False) for x in inputs]
        if len(arrays) != len(program.inputs):
            raise TypeError(f"{program.name}: {len(arrays)} arrays for {len(program.inputs)} inputs")
        shape = np.broadcast_shapes(*(x.shape for x in arrays))
        registers = dict(enumerate(arrays))
        outputs = []
        with np.errstate(all="ignore"):
            for (what, number, reads), dead in zip(steps, dying, strict=True):
                operands = [registers[x] if x.__class__ is int else x for x in reads]
                if isinstance(what, Instruction):
                    registers[number] = functions[what.op.name](*operands)
                elif what is None:
                    outputs.append(np.array(np.broadcast_to(operands[0], shape)))
                elif not _holds(program, what, np.broadcast_to(getattr(np, what.relation)(*operands), shape)):
                    return number
                for register in dead:
                    del registers[register]
        return outputs

    return run


def _last_reads(steps: Sequence[Step]) -> list[list[int]]:
    """For each step the registers that are not read after it: their arrays are freed at once."""
    last: dict[int, int] = {}
    for place, step in enumerate(steps):
        last |= {x: place for x in (*step.reads, *([step.number] if step.makes else [])) if x.__class__ is int}
    dying: list[list[int]] = [[] for _ in steps]
    for register, place in last.items():
        dying[place].append(register)
    return dying


def _holds(program: Program, guard: Guard, outcomes: Any) -> bool:
    """Whether a guard holds for all elements; a ValueError if it holds for some only."""
    held: int = int((outcomes == guard.outcome).sum())
    if 0 < held < outcomes.size:
        called = names(program)
        left, right = [called[x] if x.__class__ is int else repr(x) for x in (guard.left, guard.right)]
        raise ValueError(f"{program.name}: {left} {RELATIONS[guard.relation]} {right} is {guard.outcome} for {held} of "
                         f"{outcomes.size} elements only; choose with where, or call it for these and those apart")
    return held == int(outcomes.size)
