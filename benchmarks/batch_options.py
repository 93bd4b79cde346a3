"""Prices and sensitivities of many options in one call: Black-Scholes by closed form, Heston's model by paths.

python benchmarks/batch_options.py [--options 100000] [--paths 10000] [--steps 50 250] [--only NAME ...]

Black-Scholes: the price of a call and its five derivatives for each option, from arrays to arrays. NumPy and C have the
derivatives by hand. *by erf*: JAX with 0.5 + 0.5 erf(x / sqrt 2), which has few digits of small probabilities, in place
of its norm.cdf. *one core*: a process whose processors are cut down to one, in which JAX has one thread.
Heston: the mean payoff over all paths of payoff.py's option, with a barrier and an average, and seven sensitivities.
Ours is the plain Python loop with its two `if`; JAX runs `lax.scan` under `vmap`, every path to its end, and selects.
Below each table stand its goals. Compile times: for the closed form ours is that of another size, which needs no new
code; for the paths it has ten calls, as versions that few paths take are compiled after some calls.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from statistics import median
from time import process_time
from typing import Any

import numpy
import peers
from formulas import PARAMETERS, call_price
from payoff import jax_scan, our_payoff
from timing import Engine, contest, deep, goal, machine, options, present

import autograd

FAST, TWO, EXACT = "ours, fast", "ours, fast, two threads", "ours"
JAX, BY_ERF = "jax, vmap", "jax, vmap, by erf"
TORCH, NUMPY, C = "PyTorch", "NumPy by hand", "C by hand, -ffast-math"


# ---- Black-Scholes ------------------------------------------------------------------------------


def market(n: int) -> list[Any]:
    """Spots, strikes, rates, times and volatilities."""
    uniform = numpy.random.default_rng(0).uniform
    return [uniform(low, high, n) for low, high in ((80, 120), (80, 120), (0.0, 0.05), (0.1, 2.0), (0.1, 0.5))]


def our_price(*option: Any) -> Any:
    return call_price(*option, autograd.exp, autograd.log, autograd.normal_cdf)


def ours(n: int, fast: bool, threads: int = 1) -> Engine:
    greeks = autograd.value_and_grad(our_price, argnums=tuple(range(5)))
    return Engine(partial(autograd.vmap(greeks, fast=fast, threads=threads), *market(n)), compiles=True)


def jax(n: int, by_erf: bool) -> Engine:
    import jax
    jax.config.update("jax_enable_x64", True)

    def normal_cdf(x: Any) -> Any:
        return 0.5 + 0.5 * jax.scipy.special.erf(0.5 ** 0.5 * x) if by_erf else jax.scipy.stats.norm.cdf(x)

    def price(*option: Any) -> Any:
        return call_price(*option, jax.numpy.exp, jax.numpy.log, normal_cdf)

    greeks = jax.jit(jax.vmap(jax.value_and_grad(price, argnums=tuple(range(5)))))
    columns = list(map(jax.numpy.array, market(n)))
    return Engine(lambda: jax.block_until_ready(greeks(*columns)), compiles=True)


def torch(n: int) -> Engine:
    import torch
    columns = [torch.tensor(x, requires_grad=True) for x in market(n)]

    def call() -> Any:
        y = call_price(*columns, torch.exp, torch.log, torch.special.ndtr)
        return y.detach(), torch.autograd.grad(y.sum(), columns)

    return Engine(call)


def numpy_by_hand(n: int) -> Engine:
    from scipy.special import ndtr
    spot, strike, rate, time, vol = market(n)

    def call() -> Any:
        root = numpy.sqrt(time)
        spread = vol * root
        d = (numpy.log(spot / strike) + rate * time) / spread + 0.5 * spread
        share, debt = ndtr(d), numpy.exp(-rate * time) * ndtr(d - spread)
        vega = spot * root * numpy.exp(-0.5 * d * d) * (2.0 * numpy.pi) ** -0.5
        owed = strike * debt
        return (spot * share - owed,
                [share, -debt, time * owed, 0.5 * vega * vol / time + rate * owed, vega])

    return Engine(call)


def by_hand(n: int) -> Engine:
    columns, out = numpy.concatenate(market(n)), numpy.empty(6 * n)
    function = peers.by_hand("options", "-ffast-math")
    places = peers.address(columns), peers.address(out)
    return Engine(partial(function, n, *places), lambda _: out.tolist(), compiles=True)


def black_scholes(n: int, only: list[str] | None, rounds: int, one_core: bool) -> None:
    makers: dict[str, Callable[[int], Engine]] = {
        FAST: partial(ours, fast=True), TWO: partial(ours, fast=True, threads=2), EXACT: partial(ours, fast=False),
        JAX: partial(jax, by_erf=False), BY_ERF: partial(jax, by_erf=True), TORCH: torch, NUMPY: numpy_by_hand,
        C: by_hand}
    if one_core:
        os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])     # before JAX is loaded, which counts processors then
        del makers[TWO], makers[TORCH], makers[NUMPY]
    print(f"\nBlack-Scholes and five derivatives, {n:,} options, {'one core' if one_core else 'all cores'}, "
          "nanoseconds per option and ratios to ours\n")
    times = contest(present(makers, 10, only), n, rounds, 1e-12, ("ns", 1e9 / n), [FAST, EXACT])
    if one_core:
        goal("fast within 0.6 times jax.jit(vmap), both on one core", times, FAST, JAX, 0.6)
        goal("and within 0.6 times that by erf", times, FAST, BY_ERF, 0.6)
    else:
        goal("one thread takes >= 1.7 times as long as two", times, FAST, TWO, 1.7, least=True)
        print(f"  where these cores allow {2 / extra_work(n):.2f}: beside another one at work a core is slower")
        goal("eager's bits within 2 times NumPy by hand", times, EXACT, NUMPY, 2.0)


def extra_work(n: int) -> float:
    """The processor time of two threads over that of one; the median of many."""
    one, two = ours(n, True).call, ours(n, True, 2).call
    ratios = []
    for _ in range(200):
        seconds = []
        for call in (one, two):
            start = process_time()
            call()
            seconds.append(process_time() - start)
        ratios.append(seconds[1] / seconds[0])
    return median(ratios)


# ---- Heston -------------------------------------------------------------------------------------


def draws(paths: int, steps: int) -> Any:
    """Two normal numbers for each step of each path."""
    return numpy.random.default_rng(7).normal(size=(paths, 2 * steps))


def our_paths(steps: int, paths: int, fast: bool) -> Engine:
    slopes = autograd.value_and_grad(our_payoff, argnums=0)
    mean = autograd.vmap(slopes, (None, 0), reduce="mean", fast=fast)
    call = partial(mean, numpy.array(PARAMETERS), draws(paths, steps))
    for _ in range(9):
        call()
    return Engine(call, compiles=True)


def jax_paths(steps: int, paths: int) -> Engine:
    import jax
    jax.config.update("jax_enable_x64", True)
    each = jax.vmap(jax.value_and_grad(jax_scan), in_axes=(None, 0))
    mean = jax.jit(lambda p, z: jax.tree.map(lambda x: x.mean(axis=0), each(p, z)))
    parameters, normals = jax.numpy.array(PARAMETERS), jax.numpy.array(draws(paths, steps))
    return Engine(lambda: jax.block_until_ready(mean(parameters, normals)), compiles=True)


def heston(steps: int, paths: int, only: list[str] | None, rounds: int) -> None:
    makers: dict[str, Callable[[int], Engine]] = {
        FAST: partial(our_paths, paths=paths, fast=True), EXACT: partial(our_paths, paths=paths, fast=False),
        JAX: partial(jax_paths, paths=paths)}
    print(f"\nHeston, mean of {paths:,} paths of {steps} steps and seven derivatives, microseconds per path\n")
    times = contest(present(makers, 5, only), steps, rounds, 1e-10, ("us", 1e6 / paths), [FAST, EXACT])
    goal("jax scan under vmap takes >= 3 times as long", times, JAX, FAST, 3.0, least=True)


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--options", type=int, default=100_000)
    parser.add_argument("--paths", type=int, default=10_000)
    parser.add_argument("--steps", type=int, nargs="+", default=[50, 250], help="of a path, a multiple of 5")
    parser.add_argument("--one-core", action="store_true", help="only Black-Scholes, in this process, on one core")
    chosen = parser.parse_args()
    if chosen.one_core:
        black_scholes(chosen.options, chosen.only, chosen.rounds, True)
        return
    print(f"Medians; {machine()}")
    black_scholes(chosen.options, chosen.only, chosen.rounds, False)
    if hasattr(os, "sched_setaffinity"):
        sys.stdout.flush()
        subprocess.run([sys.executable, *sys.argv, "--one-core"], check=True)
    for steps in chosen.steps:
        heston(steps, chosen.paths, chosen.only, chosen.rounds)


if __name__ == "__main__":
    deep(main)
