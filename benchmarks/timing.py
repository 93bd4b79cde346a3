"""How every benchmark here times: engines take turns, and only ratios within a round are compared.

No setting of Python's garbage collector is touched, neither ours nor a peer's.
"""

import gc
import os
import platform
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from statistics import median
from time import perf_counter
from typing import NamedTuple

Times = dict[str, list[float | None]]       # per engine, one entry per round; None where it sat out


class Work(NamedTuple):
    """What one engine does in a round."""

    run: Callable[[], object]
    repetitions: int = 1
    every: int = 1          # it takes part in every so many rounds, if it is slow
    cycles: bool = False    # its graphs are cycles, as micrograd's are, which only the collector frees


def interleaved(work: Mapping[str, Work], rounds: int) -> Times:
    """Seconds per repetition of each engine in each round, after one round that does not count.

    Everyone's graphs are freed on the clock. Reference counting sees to that, but for cycles: those
    the collector frees when it likes, and what is left of them it frees here, before the clock stops.
    """
    times: Times = {name: [] for name in work}
    for i in range(-1, rounds):
        for name, (run, repetitions, every, cycles) in work.items():
            if i % every:
                times[name].append(None)
                continue
            start = perf_counter()
            for _ in range(repetitions):
                run()
            if cycles:
                gc.collect()
            times[name].append((perf_counter() - start) / repetitions)
    return {name: seconds[1:] for name, seconds in times.items()}


def typical(times: Times, name: str) -> float:
    """The median of the rounds that ``name`` took part in."""
    return median(t for t in times[name] if t is not None)


def ratio(times: Times, name: str, other: str) -> float:
    """The median over their common rounds of name's time by other's: noise that both saw cancels."""
    pairs = zip(times[name], times[other], strict=True)
    return median(t / u for t, u in pairs if t is not None and u is not None)


def agree(results: Mapping[str, Sequence[float]], tolerance: float) -> None:
    """Exit unless all engines found the same numbers, relative to the largest."""
    first, expected = next(iter(results.items()))
    for name, found in results.items():
        scale = max(1.0, *map(abs, expected))
        error = max(abs(x - y) for x, y in zip(found, expected, strict=True)) / scale
        if not error <= tolerance:
            sys.exit(f"{name} and {first} differ by {error:.1e}, more than {tolerance:.0e}")


def deep(main: Callable[[], None]) -> None:
    """Run ``main`` where micrograd's recursion has room: a thread with a big stack and no low limit."""
    sys.setrecursionlimit(10_000_000)
    threading.stack_size(1 << 30)
    thread = threading.Thread(target=main)
    thread.start()
    thread.join()


def machine() -> str:
    """What a reader needs to know of it."""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{os.cpu_count()} cores, {platform.machine()}, {python}"
