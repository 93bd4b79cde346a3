"""A payoff with branches: an Asian call with a barrier on one path of Heston's model, and its seven sensitivities.

python benchmarks/payoff.py [--sizes 50 250] [--only NAME ...] [--hips PYTHON]

The barrier is checked once a week: a path below it ends with a rebate. At the end the option pays the average
minus the strike, or a floor. The formula is ordinary Python with two `if` (formulas.py); each combination of their
outcomes is one specialization. Engines that cannot branch get `where` instead. All engines get the same normal draws.
The clock runs over 200 paths, one after another; the table has the time of one path, and compile times of all
specializations together.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy
import peers
from formulas import PARAMETERS, WEEK, YEARS, monitored, payoff, payoff_with_where, settled
from timing import Engine, contest, deep, machine, options, present

import autograd

PATHS = 200
OURS = "ours, llvm"
LARGEST = {"jax, unrolled": 50}     # beyond, compiling takes minutes


def draws(steps: int) -> Any:
    """Two normal numbers for each step of each path."""
    return numpy.random.default_rng(7).normal(size=(PATHS, 2 * steps))


def our_payoff(parameters: Sequence[Any], normals: Sequence[Any]) -> Any:
    return payoff(parameters, normals, autograd.exp, autograd.sqrt)


def one_by_one(slopes: Callable[[Any, Any], Any], parameters: Any, paths: Sequence[Any], **kind: bool) -> Engine:
    return Engine(lambda: [slopes(parameters, normals) for normals in paths], calls=PATHS, **kind)


def ours(steps: int, backend: str) -> Engine:
    f = autograd.jit(autograd.value_and_grad(our_payoff, argnums=0), backend=backend)
    return one_by_one(f, PARAMETERS, draws(steps).tolist(), compiles=True)


def eager(steps: int) -> Engine:
    return one_by_one(autograd.value_and_grad(our_payoff, argnums=0), PARAMETERS, draws(steps).tolist())


def xad(steps: int) -> Engine:
    import xad.math
    path: list[float] = []
    slopes = peers.of_xad(lambda p: payoff(p, path, xad.math.exp, xad.math.sqrt))

    def on_path(parameters: Sequence[float], normals: Sequence[float]) -> tuple[float, list[float]]:
        path[:] = normals
        return slopes(parameters)

    return one_by_one(on_path, PARAMETERS, draws(steps).tolist())


def torch(steps: int) -> Engine:
    import torch
    parameters = torch.tensor(PARAMETERS, dtype=torch.float64, requires_grad=True)

    def slopes(parameters: Any, normals: Sequence[float]) -> Any:
        y = payoff(parameters.unbind(), normals, torch.exp, torch.sqrt)
        return y.detach(), torch.autograd.grad(y, parameters)[0]

    return one_by_one(slopes, parameters, draws(steps).tolist())


def jax_unrolled(parameters: Any, normals: Any) -> Any:
    import jax.numpy as np
    return payoff_with_where(parameters, normals, np.exp, np.sqrt, np.where)


def jax_scan(parameters: Any, normals: Any) -> Any:
    """One week is the body of the loop."""
    import jax
    np = jax.numpy
    dt, weeks = YEARS / (len(normals) // 2), len(normals) // (2 * WEEK)

    def body(state: Any, week: Any) -> Any:
        return monitored(parameters, state, week[0], week[1], dt, np.exp, np.sqrt, np.where), None

    times = np.arange(WEEK, weeks * WEEK + 1, WEEK) * dt
    start = tuple(map(np.asarray, (0.0, parameters[1], 0.0, 1.0, 0.0)))
    state, _ = jax.lax.scan(body, start, (normals.reshape(weeks, 2 * WEEK), times))
    return settled(parameters, state, weeks, np.exp, np.where)


def jax(steps: int, f: Callable[[Any, Any], Any]) -> Engine:
    import jax
    jax.config.update("jax_enable_x64", True)
    compiled = jax.jit(jax.value_and_grad(f))
    paths = list(map(jax.numpy.array, draws(steps)))
    parameters = jax.numpy.array(PARAMETERS)
    return one_by_one(lambda *args: jax.block_until_ready(compiled(*args)), parameters, paths, compiles=True)


def jax_vmap(steps: int) -> Engine:
    """All paths in one call: a different task from one path after another."""
    import jax
    jax.config.update("jax_enable_x64", True)
    compiled = jax.jit(jax.vmap(jax.value_and_grad(jax_scan), in_axes=(None, 0)))
    parameters, paths = jax.numpy.array(PARAMETERS), jax.numpy.array(draws(steps))
    return Engine(lambda: jax.block_until_ready(compiled(parameters, paths)),
                  lambda out: numpy.column_stack(out).ravel().tolist(), compiles=True, calls=PATHS)


def casadi(steps: int, lower: Callable[[Any], Any]) -> Engine:
    import casadi
    p, z = casadi.SX.sym("p", len(PARAMETERS)), casadi.SX.sym("z", 2 * steps)
    y = payoff_with_where(casadi.vertsplit(p), casadi.vertsplit(z), casadi.exp, casadi.sqrt, casadi.if_else)
    f = lower(casadi.Function("payoff", [p, z], [y, casadi.densify(casadi.gradient(y, p))]))
    parameters, normals, value, slopes = map(numpy.array, (PARAMETERS, draws(steps)[0], [0.0], PARAMETERS))
    trigger = peers.with_buffers(f, [parameters, normals], [value, slopes])

    def one(parameters: Any, path: Any) -> Any:
        normals[:] = path
        trigger()
        return value[0], slopes.copy()

    return one_by_one(one, parameters, draws(steps), compiles=True)


def by_hand(steps: int) -> Engine:
    function = peers.by_hand("payoff")
    paths, out = draws(steps), numpy.empty((PATHS, 1 + len(PARAMETERS)))
    parameters = numpy.array(PARAMETERS)
    places = [(peers.address(normals), peers.address(result)) for normals, result in zip(paths, out, strict=True)]

    def call() -> None:
        for normals, result in places:
            function(steps, peers.address(parameters), normals, result)

    return Engine(call, lambda _: out.ravel().tolist(), compiles=True, calls=PATHS)


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[50, 250], help="steps of a path, a multiple of 5")
    chosen = parser.parse_args()
    makers = present({
        OURS: partial(ours, backend="llvm"),
        "ours, python": partial(ours, backend="python"),
        "ours, eager": eager,
        "XAD": xad,
        "HIPS autograd": lambda steps: peers.of_hips(chosen.hips, "payoff", draws(steps).tolist(), 1, PATHS),
        "PyTorch": torch,
        "jax, unrolled": partial(jax, f=jax_unrolled),
        "jax, scan": partial(jax, f=jax_scan),
        "jax, scan, vmap over all paths": jax_vmap,
        "CasADi, virtual machine": partial(casadi, lower=lambda f: f),
        "CasADi, C": partial(casadi, lower=peers.casadi_code),
        "C by hand": by_hand,
    }, 5, chosen.only)
    print(f"Payoff, microseconds per path and ratios to ours; medians; {machine()}\n")
    for steps in chosen.sizes:
        print(f"{steps} steps, {versions(steps)}\n")
        able = {name: make for name, make in makers.items() if steps <= LARGEST.get(name, steps)}
        contest(able, steps, chosen.rounds, 1e-12, ("us", 1e6), [OURS])


def versions(steps: int) -> str:
    """The number of specializations that the paths need, and their lengths."""
    f = autograd.jit(autograd.value_and_grad(our_payoff, argnums=0), backend="python")
    for normals in draws(steps).tolist():
        f(PARAMETERS, normals)
    lengths = [len(program.instructions) for program in f.programs]
    return f"{len(lengths)} versions of {min(lengths):,} to {max(lengths):,} instructions"


if __name__ == "__main__":
    deep(main)
