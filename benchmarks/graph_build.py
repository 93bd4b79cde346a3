"""Eager build, backward and free of one long chain and of many short ones; bytes per operation of a graph.

python benchmarks/graph_build.py [--large]

Every operation is a Python operator on scalars; the same two functions below build the graph for
each engine. The time covers building, backward and freeing: the clock runs until each graph is freed.
XAD runs twice, with a new tape for each graph and with one tape cleared and used again.
"""

import argparse
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import process_time
from typing import Any

import micrograd.engine
import xad.adj_1st
from timing import Work, agree, deep, interleaved, machine, ratio, typical

import autograd

A, B = 1.0000001, 1e-9
ROUNDS = {1_000: 81, 10_000: 81, 100_000: 27, 1_000_000: 5}
EVERY = {1_000: 9, 10_000: 9, 100_000: 9, 1_000_000: 5}     # round micrograd takes part in, being slow
HELD = 1_000_000        # operations in the graph that is weighed

Shape = Callable[[Any, Any, int], Any]


def chain(a: Any, b: Any, n: int) -> Any:
    """One chain of n operations."""
    x = a
    for _ in range(n // 2):
        x = x * a + b
    return x


def many(a: Any, b: Any, n: int) -> Any:
    """n / 10 chains of nine operations; a tenth operation adds each chain to the sum."""
    total = b
    for _ in range(n // 10):
        x = a
        for _ in range(4):
            x = x * a + b
        total = total + x * b
    return total


def ours(shape: Shape, n: int) -> tuple[float, float]:
    a, b = autograd.Value(A), autograd.Value(B)
    shape(a, b, n).backward()
    return a.grad, b.grad


def of_micrograd(shape: Shape, n: int) -> tuple[float, float]:
    a, b = micrograd.engine.Value(A), micrograd.engine.Value(B)
    shape(a, b, n).backward()
    return a.grad, b.grad


def on_tape(tape: xad.adj_1st.Tape, shape: Shape, n: int) -> tuple[float, float]:
    a, b = xad.adj_1st.Real(A), xad.adj_1st.Real(B)
    tape.registerInput(a)
    tape.registerInput(b)
    tape.newRecording()
    x = shape(a, b, n)
    tape.registerOutput(x)
    x.derivative = 1.0
    tape.computeAdjoints()
    return a.derivative, b.derivative


def of_xad(shape: Shape, n: int) -> tuple[float, float]:
    with xad.adj_1st.Tape() as tape:
        return on_tape(tape, shape, n)


kept = xad.adj_1st.Tape()


def of_xad_kept(shape: Shape, n: int) -> tuple[float, float]:
    with kept:
        try:
            return on_tape(kept, shape, n)
        finally:
            kept.clearAll()


ENGINES = {"ours": ours, "XAD": of_xad, "XAD, tape kept": of_xad_kept, "micrograd": of_micrograd}


def compare(sizes: list[int]) -> None:
    print(f"Graph build, ns per operation; medians; {machine()}")
    print(f"{'shape':6} {'n':>8} {'ours':>7} {'XAD':>6} {'kept':>6} {'micrograd':>10}"
          f" {'ours/XAD':>9} {'ours/kept':>10} {'micrograd/ours':>15}")
    for shape in chain, many:
        for n in sizes:
            agree({name: engine(shape, n) for name, engine in ENGINES.items()}, 1e-12)
            work = {name: Work(partial(engine, shape, n), max(1, 20_000 // n)) for name, engine in ENGINES.items()}
            work["micrograd"] = Work(partial(of_micrograd, shape, n), max(3, 200_000 // n), EVERY[n], cycles=True)
            times = interleaved(work, ROUNDS[n])
            mine, tape, again, micro = (typical(times, name) / n * 1e9 for name in ENGINES)
            print(f"{shape.__name__:6} {n:8} {mine:7.0f} {tape:6.0f} {again:6.0f} {micro:10.0f}"
                  f" {ratio(times, 'ours', 'XAD'):9.2f} {ratio(times, 'ours', 'XAD, tape kept'):10.2f}"
                  f" {ratio(times, 'micrograd', 'ours'):15.1f}", flush=True)


def beside_no_grad() -> None:
    """The same ops recorded and inside no_grad, in turns: medians of the ratios of processor time.

    Also in the last of 1,000 blocks: from Python 3.13 on a class that is changed so often is slow for ever.
    """
    ps, qs = [autograd.Value(0.1 * i) for i in range(64)], [autograd.Value(0.2 * i) for i in range(64)]
    pairs = [*zip(ps, qs, strict=True)]
    cases = {"p * q": lambda: [p * q for p, q in pairs], "2 - p": lambda: [2 - p for p in ps],
             "(p*q + 1)*p - q/3": lambda: [(p * q + 1) * p - q / 3 for p, q in pairs],
             "sum(p * q)": lambda: sum(p * q for p, q in pairs), "p.tanh()": lambda: [p.tanh() for p in ps],
             "tanh(p)": lambda: [autograd.tanh(p) for p in ps], "p ** 2": lambda: [p ** 2 for p in ps],
             "p ** 1.5": lambda: [p ** 1.5 for p in ps], "chain of 20,000": lambda: chain(ps[3], qs[3], 20_000)}
    for _ in range(1_000):
        with autograd.no_grad():
            _ = ps[0] * qs[0]

    def seconds(f: Callable[[], object]) -> float:
        start = process_time()
        for _ in range(1 if "chain" in name else 60):
            f()
        return process_time() - start

    print("\nno_grad beside recording, 64 terms")
    for name, f in cases.items():
        rounds = []
        for _ in range(30):
            recorded = seconds(f)
            with autograd.no_grad():
                rounds.append(seconds(f) / recorded)
        print(f"{name:18} {sorted(rounds)[15]:.2f}", flush=True)


def memory(key: str) -> int:
    """Bytes resident now (VmRSS), or at the highest so far (VmHWM)."""
    status = Path("/proc/self/status").read_text().split()
    return int(status[status.index(f"{key}:") + 1]) * 1024


def weigh(engine: str) -> None:
    """Build and differentiate a chain, hold it, and print the memory that this took."""
    a: Any
    before = memory("VmRSS")
    if engine == "XAD":
        with kept:
            a, b = xad.adj_1st.Real(A), xad.adj_1st.Real(B)
            kept.registerInput(a)
            kept.registerInput(b)
            kept.newRecording()
            x = chain(a, b, HELD)
            kept.registerOutput(x)
            x.derivative = 1.0
            kept.computeAdjoints()
    else:
        kind = autograd.Value if engine == "ours" else micrograd.engine.Value
        a, b = kind(A), kind(B)
        x = chain(a, b, HELD)
        x.backward()
    print(f"{engine:10} {(memory('VmRSS') - before) / HELD:6.0f} held, "
          f"{(memory('VmHWM') - before) / HELD:6.0f} at the highest", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--large", action="store_true", help="also a million operations")
    parser.add_argument("--weigh", choices=["ours", "XAD", "micrograd"], help="only the memory of one engine")
    options = parser.parse_args()
    if options.weigh:
        weigh(options.weigh)
        return
    compare([n for n in ROUNDS if n <= 100_000 or options.large])
    beside_no_grad()
    if not Path("/proc/self/status").exists():
        print("memory is measured on Linux only")
        return
    print("\nbytes per operation, resident after building and backward of 1,000,000, a fresh process each", flush=True)
    for engine in "ours", "XAD", "micrograd":
        subprocess.run([sys.executable, __file__, "--weigh", engine], check=True)


if __name__ == "__main__":
    deep(main)
