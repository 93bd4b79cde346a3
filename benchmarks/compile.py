"""Time of `jit` to trace, differentiate and compile, by the size of the Program.

python benchmarks/compile.py [--sizes 100 1000 10000 100000 200000]

Two shapes, each with its gradient: Rosenbrock's function, and a sum of terms with elementary functions.
The time is that of the first call of a new function; the last column is that time minus five
milliseconds, divided by the number of instructions. Then the first call of a small function in fresh
processes, with and without the cost of loading and setting up the compiler; and of a large one with
`cache=True`, whose code the processes find on the disk.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from statistics import median
from time import perf_counter
from typing import Any

from formulas import rosenbrock
from timing import figure, machine

BACKENDS = "llvm", "python"
START = 0.005       # seconds that a compilation may take, however small
FRESH = 7           # processes


def functions(x: Sequence[Any]) -> Any:
    """One term per coordinate: a composite op, a function of the C library and a quotient."""
    import autograd as ag
    total = 0.0
    for a in x:
        total = total + ag.sigmoid(a) * ag.sin(3.0 * a) / (1.0 + a * a)
    return total


SHAPES: dict[str, Callable[[Any], Any]] = {"arithmetic": rosenbrock, "functions": functions}


def first_call(f: Callable[[Any], Any], n: int, backend: str) -> tuple[float, int]:
    """Seconds of the first call, and the number of instructions, simplified and with composite ops expanded."""
    from autograd import jit, value_and_grad
    from autograd.program.simplification import expand
    numbers = random.Random(n)
    x = [numbers.uniform(-2.0, 2.0) for _ in range(n)]
    start = perf_counter()
    compiled = jit(value_and_grad(f), backend=backend)
    compiled(x)
    return perf_counter() - start, len(expand(compiled.programs[0]).instructions)


def by_size(sizes: Sequence[int]) -> None:
    print("| shape | instructions |" + "".join(f" {backend}, ms | us per instruction |" for backend in BACKENDS))
    print("|" + "---|" * (2 + 2 * len(BACKENDS)))
    for name, f in SHAPES.items():
        at_10, at_20 = (first_call(f, n, "python")[1] for n in (10, 20))
        for size in sizes:
            n = max(2, round(10 + 10 * (size - at_10) / (at_20 - at_10)))
            cells = []
            for k, backend in enumerate(BACKENDS):      # what is made of a Program is kept: each is another one
                runs = [first_call(f, n + 2 * i + k, backend) for i in range(max(1, min(9, 50_000 // size)))]
                seconds, count = median(run[0] for run in runs), runs[0][1]
                cells += [figure(seconds * 1e3), figure(max(0.0, seconds - START) / count * 1e6)]
            print(f"| {name} | {count:,} | {' | '.join(cells)} |", flush=True)


def small(x: float, y: float) -> Any:
    """A small function of two numbers; about 40 instructions with its gradient."""
    import autograd as ag
    return ag.exp(-x * x) * ag.sin(y) + x / (1.0 + y * y)


def fresh(backend: str) -> None:
    """Runs in a fresh process: seconds for the first compiled function, for a second one, and instructions."""
    from autograd import jit, value_and_grad
    times = []
    for f in small, lambda x, y: small(y, x):
        start = perf_counter()
        compiled = jit(value_and_grad(f), backend=backend)
        compiled(0.5, 0.7)
        times.append(perf_counter() - start)
    print(json.dumps([*times, len(compiled.programs[0].instructions)]))


def first_of_all() -> None:
    print("| backend | instructions | first function, ms | another one, ms |")
    print("|---|---|---|---|")
    for backend in BACKENDS:
        answers = [subprocess.run([sys.executable, __file__, "--fresh", backend], check=True, capture_output=True,
                                  text=True).stdout for _ in range(FRESH)]
        first, second, count = zip(*map(json.loads, answers), strict=True)
        cells = [backend, str(count[0]), figure(median(first) * 1e3), figure(median(second) * 1e3)]
        print(f"| {' | '.join(cells)} |", flush=True)


def kept(cache: bool) -> None:
    """Runs in a fresh process: seconds for a small compiled function, and for a large one after it."""
    from autograd import jit, value_and_grad
    times = []
    for f, n in (rosenbrock, 10), (functions, 300):
        x = [0.1 + i / n for i in range(n)]
        start = perf_counter()
        jit(value_and_grad(f), cache=cache)(x)
        times.append(perf_counter() - start)
    print(json.dumps(times))


def from_disk() -> None:
    print("| | a small function, first, ms | 10,000 instructions after it, ms |\n|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for name, cache, processes in ("no cache", "", FRESH), ("into the cache", "kept", 1), (
                "from the cache", "kept", FRESH):
            answers = [subprocess.run([sys.executable, __file__, "--kept", cache], check=True, capture_output=True,
                                      text=True, env=os.environ | {"PATHGRAD_CACHE_DIR": folder}).stdout
                       for _ in range(processes)]
            print(f"| {name} |", *(f"{figure(median(found) * 1e3)} |" for found in zip(*map(json.loads, answers),
                                                                                    strict=True)), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 1_000, 10_000, 100_000, 200_000])
    parser.add_argument("--fresh", choices=BACKENDS, help="only the first calls of a small function, in this process")
    parser.add_argument("--kept", choices=("", "kept"), help="only these, with or without a cache, in this process")
    chosen = parser.parse_args()
    if chosen.kept is not None:
        kept(bool(chosen.kept))
        return
    if chosen.fresh:
        fresh(chosen.fresh)
        return
    print(f"Compiling; medians; {machine()}\n")
    for backend in BACKENDS:
        first_call(rosenbrock, 3, backend)      # what is loaded once
    by_size(chosen.sizes)
    print(f"\nA small function, in a fresh process; medians of {FRESH}\n")
    first_of_all()
    print(f"\nWith `cache=True`, in fresh processes; medians of {FRESH}\n")
    from_disk()


if __name__ == "__main__":
    main()
