"""Timing for all benchmarks: engines take turns, and only ratios within a round are compared.

No setting of Python's garbage collector is touched, neither ours nor a peer's; where many peers
share the process, it is kept from looking through their modules, which no user has all of.
"""

import argparse
import gc
import os
import platform
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import distributions, version
from statistics import median
from time import perf_counter, process_time, sleep
from typing import Any, NamedTuple

import numpy

TURN = 0.02     # seconds that an engine's turn should take, if one call does not take longer
PACKAGES = "llvmlite", "numpy", "micrograd", "xad", "torch", "jax", "casadi", "distributed"
SLOW = 0.2      # seconds of a call from which on an engine sits out nine rounds of ten

Times = dict[str, list[float | None]]       # per engine, one entry per round; None where it sat out


class Work(NamedTuple):
    """The work of one engine in a round."""

    run: Callable[[], object]
    repetitions: int = 1
    every: int = 1          # it takes part in one of so many rounds; more than 1 for slow engines
    cycles: bool = False    # its graphs are reference cycles, which only the garbage collector frees
    calls: int = 1          # calls in one run


def interleaved(work: Mapping[str, Work], rounds: int) -> Times:
    """Seconds per repetition of each engine in each round, after one round that does not count.

    The clock includes freeing of graphs. Reference counting frees them, except for reference cycles:
    the collector frees some of these during the run, and the rest here before the clock stops. Threads of the engine
    before rest first: XLA's go on for some 10 ms after its answer, which the next one would pay for.
    """
    times: Times = {name: [] for name in work}
    for i in range(-1, rounds):
        for name, (run, repetitions, every, cycles, calls) in work.items():
            if i % every:
                times[name].append(None)
                continue
            rest()
            start = perf_counter()
            for _ in range(repetitions):
                run()
            if cycles:
                gc.collect()
            times[name].append((perf_counter() - start) / (repetitions * calls))
    return {name: seconds[1:] for name, seconds in times.items()}


def rest() -> None:
    """Wait until no thread of this process works, a quarter of a second at most."""
    for _ in range(125):
        before = process_time()
        sleep(0.002)
        if process_time() - before < 0.0002:
            return


def typical(times: Times, name: str) -> float:
    """The median of the rounds that ``name`` took part in."""
    return median(t for t in times[name] if t is not None)


def ratio(times: Times, name: str, other: str) -> float:
    """The median, over common rounds, of the time of ``name`` divided by that of ``other``; common noise cancels."""
    pairs = zip(times[name], times[other], strict=True)
    return median(t / u for t, u in pairs if t is not None and u is not None)


def epochs_in_turns(train: Callable[[Callable[[int, Any], None]], object], peer: Callable[[int], None]) -> Times:
    """Processor seconds of each epoch: ours, which ``train`` runs with a callback, and after it PyTorch's."""
    times: Times = {"ours": [], "PyTorch": []}
    start = process_time()

    def turn(epoch: int, _: Any) -> None:
        nonlocal start
        times["ours"].append(process_time() - start)
        start = process_time()
        peer(epoch)
        times["PyTorch"].append(process_time() - start)
        start = process_time()

    train(turn)
    return times


def agree(results: Mapping[str, Sequence[float]], tolerance: float) -> None:
    """Exit unless all engines found the same numbers, relative to the largest."""
    first, expected = next(iter(results.items()))
    for name, found in results.items():
        scale = max(1.0, *map(abs, expected))
        error = max(abs(x - y) for x, y in zip(found, expected, strict=True)) / scale
        if not error <= tolerance:
            sys.exit(f"{name} and {first} differ by {error:.1e}, more than {tolerance:.0e}")


def deep(main: Callable[[], None]) -> None:
    """Run ``main`` in a thread with a large stack and recursion limit, as micrograd's recursion needs."""
    failed: list[BaseException] = []

    def run() -> None:
        try:
            main()
        except BaseException as error:      # a thread would swallow a SystemExit
            failed.append(error)

    sys.setrecursionlimit(10_000_000)
    threading.stack_size(1 << 30)
    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]


def machine() -> str:
    """Cores, processor and Python version, for the head of a table."""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{os.cpu_count()} cores, {platform.machine()}, {python}"


def packages() -> str:
    """The installed versions of all packages in the comparison."""
    names = {distribution.name for distribution in distributions()}
    return ", ".join(f"{name} {version(name)}" for name in PACKAGES if name in names)


# ---- many engines, of which some are missing and some compile -----------------------------------


class Missing(Exception):   # noqa: N818
    """An engine, or a program that it needs, is not installed."""


def numbers(out: Any) -> list[float]:
    """The numbers in an engine's result: nested lists and tuples of numbers and arrays."""
    if isinstance(out, (list, tuple)):
        return [x for part in out for x in numbers(part)]
    return [float(x) for x in numpy.ravel(out)]


class Engine(NamedTuple):
    """An engine that is ready for the call."""

    call: Callable[[], Any]                                 # this is timed
    read: Callable[[Any], Sequence[float]] = numbers        # the numbers in the result of `call`
    compiles: bool = False                                  # whether construction compiles code
    cycles: bool = False
    calls: int = 1


Makers = Mapping[str, Callable[[int], Engine]]      # each makes its engine for a size


def options(document: str | None) -> argparse.ArgumentParser:
    """The options common to the scripts with many engines."""
    parser = argparse.ArgumentParser(description=document, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", metavar="NAME", help="peers with one of these in their names, beside ours")
    parser.add_argument("--hips", metavar="PYTHON", help="an interpreter with HIPS autograd; else one is made")
    parser.add_argument("--rounds", type=int, default=21)
    return parser


def present(makers: Makers, small: int, only: Sequence[str] | None) -> Makers:
    """The requested engines that are installed, each run once at a small size; missing ones are printed."""
    found = {}
    for name, make in makers.items():
        if only and not name.startswith("ours") and not any(part.lower() in name.lower() for part in only):
            continue
        try:
            make(small).call()
        except (ImportError, Missing) as error:
            print(f"missing: {name} ({error})", flush=True)
        else:
            found[name] = make
    return found


def first_answer(make: Callable[[int], Engine], size: int) -> tuple[Engine, float]:
    """An engine at that size, and the seconds from construction to its first result: an equal one compiles less."""
    start = perf_counter()
    engine = make(size)
    engine.call()
    return engine, perf_counter() - start


def contest(makers: Makers, size: int, rounds: int, tolerance: float, unit: tuple[str, float],
            references: Sequence[str], little: int | None = None) -> Times:
    """Make all engines, compare their results with the first one's, time them in turns, print a table.

    ``little``: a size with the same compile time, for tasks whose call at ``size`` takes long itself. The result has
    the times, and under "NAME, first answer" the seconds of an engine's construction and first call.
    """
    made = {name: first_answer(make, little or size) for name, make in makers.items()}
    if little:
        made = {name: (makers[name](size), seconds) for name, (_, seconds) in made.items()}
    agree({name: engine.read(engine.call()) for name, (engine, _) in made.items()}, tolerance)
    gc.collect()
    gc.freeze()
    times = interleaved({name: turn(engine) for name, (engine, _) in made.items()}, rounds)
    gc.unfreeze()
    print(f"| | {unit[0]} | compile, s |{''.join(f' / {name} |' for name in references)}")
    print("|" + "---|" * (3 + len(references)))
    for name, (engine, seconds) in made.items():
        ratios = [figure(ratio(times, name, other)) if other in made else "" for other in references]
        print("|", " | ".join([name, figure(typical(times, name) * unit[1]),
                               figure(seconds) if engine.compiles else "", *ratios]), "|")
    print(flush=True)
    return times | {f"{name}, first answer": [seconds] for name, (_, seconds) in made.items()}


def goal(claim: str, times: Times, name: str, other: str | None, bar: float, least: bool = False) -> None:
    """Print whether the time of ``name``, over that of ``other`` or in seconds, is at most ``bar``, or at least."""
    if any(x not in times for x in (name, other or name)):
        print(f"- {claim}: not measured, {name if name not in times else other} is missing")
        return
    found = ratio(times, name, other) if other else typical(times, name)
    print(f"- {claim}: {'yes' if (found >= bar if least else found <= bar) else 'NO'} ({figure(found)})", flush=True)


def turn(engine: Engine) -> Work:
    """The number of repetitions that fills a turn."""
    start = perf_counter()
    engine.call()
    seconds = perf_counter() - start
    repetitions = max(3 if engine.cycles else 1, round(TURN / seconds))
    return Work(engine.call, repetitions, 10 if seconds > SLOW else 1, engine.cycles, engine.calls)


def figure(x: float) -> str:
    """Three significant digits, or all digits before the point."""
    return f"{x:,.0f}" if x >= 100 else f"{x:.3g}"
