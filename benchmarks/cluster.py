"""A batched function on a Dask cluster: two workers beside one, on rows of about a microsecond of work each.

python benchmarks/cluster.py [--rows 10000000] [--rounds 5]

Each round asks a cluster of one worker process, one of two, and this process alone for the same sums of values and
gradients; the results have to be the same to the bit. Needs Dask: pip install -e ".[dask]"
"""

import argparse
import os
from collections.abc import Callable
from functools import partial
from time import perf_counter, process_time, sleep
from typing import Any, NamedTuple

import numpy
from timing import Work, figure, goal, interleaved, machine, ratio, typical

ROUNDS = 42     # of the loop in a row: about a microsecond with its gradient


def orbit(x: Any, y: Any) -> Any:
    """A row: some rounds of a map, and how far it comes."""
    import autograd as ag
    for _ in range(ROUNDS):
        x, y = x + 0.1 * y, y - 0.1 * ag.sin(x)
    return x * x + y * y


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()

    from distributed import Client, LocalCluster

    from autograd import value_and_grad, vmap

    x, y = numpy.random.default_rng(0).normal(size=(2, chosen.rows))
    step = partial(vmap, value_and_grad(orbit), reduce=None)
    wanted: Any = None

    def run(batched: Any) -> None:
        nonlocal wanted
        found = batched(x, y)
        parts = [found[0], *found[1]]
        if wanted is None:
            wanted = parts
        assert all(numpy.array_equal(a, b) for a, b in zip(parts, wanted, strict=True))

    print(f"{chosen.rows:,} rows, value and gradient; medians of {chosen.rounds}; {machine()}, load "
          f"{os.getloadavg()[0]:.1f}\n")
    start = perf_counter()
    one_process = step()
    run(one_process)
    print(f"a row takes {figure((perf_counter() - start) / chosen.rows * 1e6)} us here, compilation included\n")
    with _cluster(LocalCluster, 1) as one, _cluster(LocalCluster, 2) as two, Client(one) as first, Client(two) as other:
        work = {"this process": Work(partial(run, one_process)),
                "Dask, one worker": Work(partial(run, step(executor=first.get_executor()))),
                "Dask, two workers": Work(partial(run, step(executor=other.get_executor())))}
        times = interleaved(work, chosen.rounds)
        took = _processor_time(other, work["Dask, two workers"].run)
    alone = process_time()
    run(one_process)
    alone = process_time() - alone
    print("| | s | one worker / this |\n|---|---|---|")
    for name in work:
        print(f"| {name} | {figure(typical(times, name))} | {figure(ratio(times, 'Dask, one worker', name))} |")
    print()
    goal("two workers are >= 1.6 times as fast as one", times, "Dask, one worker", "Dask, two workers", 1.6, least=True)
    print(f"\nProcessor time: {figure(alone)} s for the rows in one process; beyond an idle cluster's, "
          f"{figure(took.workers)} s in the two workers and {figure(took.here)} s here, with the scheduler; the idle "
          f"cluster takes {figure(took.idle)} of a core. So two workers that have two cores to themselves are "
          f"{figure(alone * (2 - took.idle) / (took.workers + took.here))} times as fast as one core with these rows")


class _Took(NamedTuple):
    """Processor seconds beyond an idle cluster's, in this process and in the workers; the cores that it takes idle."""

    here: float
    workers: float
    idle: float


def _processor_time(client: Any, run: Any) -> _Took:
    """What a run takes. An idle cluster's share is taken off, as it depends on how long others keep the cores busy."""
    def used(work: Callable[[], object]) -> Any:
        before = perf_counter(), process_time(), sum(client.run(process_time).values())
        work()
        after = perf_counter(), process_time(), sum(client.run(process_time).values())
        return numpy.subtract(after, before)

    idle, took = used(partial(sleep, 3.0)), used(run)
    share = idle[1:] / idle[0]
    here, workers = took[1:] - share * took[0]
    return _Took(here, workers, share.sum())


def _cluster(make: Any, workers: int) -> Any:
    return make(n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=":0", silence_logs=50)


if __name__ == "__main__":
    main()
