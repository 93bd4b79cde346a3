"""One batched function on a Dask cluster of two processes, one of which is killed: by executor, arrays and tables."""

import importlib.util
import os
import signal
import threading
import warnings

import numpy as np
import pytest

import autograd as ag
from autograd import value_and_grad, vmap
from autograd.batch import remote
from tests.support import batched_functions as functions
from tests.support.batches import same_bits

if any(importlib.util.find_spec(name) is None for name in ("dask", "distributed", "pandas")):
    pytest.skip("Dask is not installed", allow_module_level=True)

# Dask's own warnings: of memory that a test machine lacks, of sockets that are left to the collector
pytestmark = pytest.mark.filterwarnings("default", "error:vmap")


def payoff(w, x, y):
    price = ag.exp(w[0] * x) * y
    return price - w[1] if price > w[1] else 0.0 * price


W = [0.3, 1.1]


@pytest.fixture(scope="module")
def client():
    with pytest.MonkeyPatch.context() as patched:
        # workers find the tests, as the users' ones find their modules
        patched.setenv("PYTHONPATH", os.pathsep.join([os.getcwd(), os.environ.get("PYTHONPATH", "")]))
        from distributed import Client, LocalCluster
        with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0",
                          silence_logs=50) as cluster, Client(cluster) as client:
            yield client


def rows(count, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=count), rng.random(count) + 0.5


def summed(executor, columns):
    return vmap(value_and_grad(payoff, argnums=0), in_axes=(None, 0, 0), reduce="sum", executor=executor)(W, *columns)


def test_the_executor_of_a_client_gives_the_same_bits(client, monkeypatch):
    monkeypatch.setattr(remote, "LEAST_WORK", 20_000)
    columns = rows(8000)
    assert summed(client.get_executor(), columns) == summed(None, columns)
    elsewhere = vmap(value_and_grad(payoff, argnums=0), in_axes=(None, 0, 0), reduce="sum",
                     executor=client.get_executor())
    elsewhere.nearby = False        # as on another machine
    assert elsewhere(W, *columns) == summed(None, columns)
    weight = ag.Value(2.5)
    found = vmap(lambda x: x * weight if x > 0 else -x, executor=client.get_executor())(columns[0])
    assert same_bits(found, np.where(columns[0] > 0, columns[0] * 2.5, -columns[0]))


def test_blocks_of_arrays_run_where_they_are_and_trace_nothing(client):
    import dask.array as da
    x, y = rows(4000)
    batched = vmap(functions.counted)
    wanted = batched(x, y)
    found = da.map_blocks(batched, da.from_array(x, 500), da.from_array(y, 500), dtype=float,
                          meta=np.empty(0)).compute()
    assert same_bits(found, wanted)
    assert set(client.run(lambda: functions.calls).values()) == {0}


def test_partitions_of_tables_run_where_they_are(client):
    import dask.dataframe as dd
    import pandas as pd
    x, y = rows(2000)
    wanted = vmap(functions.counted)(x, y)
    table = dd.from_pandas(pd.DataFrame({"x": x, "y": y}), npartitions=4)
    batched = vmap(functions.counted)
    batched(x, y)
    found = table.map_partitions(lambda part: pd.Series(batched(part["x"], part["y"]), part.index),
                                 meta=("price", "f8")).compute()
    assert same_bits(found.to_numpy(), wanted)


def killed_in_the_middle(client, columns):
    """The sums, with one of two workers killed as soon as it has finished some chunks."""
    executor = client.get_executor()
    pids, done = list(client.run(os.getpid).values()), threading.Event()
    submit = executor.submit

    def counted(*args, **kwargs):
        future = submit(*args, **kwargs)
        future.add_done_callback(lambda _: done.is_set() or (done.set(), os.kill(pids[0], signal.SIGKILL)))
        return future

    executor.submit = counted
    with warnings.catch_warnings():
        # where the worker held an answer on its way, Dask's Future fails; its rows are computed here, which is said
        warnings.simplefilter("ignore", RuntimeWarning)
        found = summed(executor, columns)
    assert done.is_set()
    return found, pids[0]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="signals of POSIX")
def test_a_killed_worker_does_not_change_the_answer(client, monkeypatch):
    monkeypatch.setattr(remote, "LEAST_WORK", 20_000)
    columns = rows(20_000, 1)
    wanted = summed(None, columns)
    found, killed = killed_in_the_middle(client, columns)
    assert found == wanted
    client.wait_for_workers(2, timeout=60)      # Dask starts another one in its place
    assert killed not in client.run(os.getpid).values()
    assert summed(client.get_executor(), columns) == wanted


@pytest.mark.campaign
def test_millions_of_rows_on_two_workers_one_of_which_is_killed(client, figure):
    columns = rows(3_000_003, 2)
    wanted = summed(None, columns)
    found, _ = killed_in_the_middle(client, columns)
    assert found == wanted
    figure("Dask: rows on two workers, one killed in the middle: sums of value and gradient", "3,000,003, to the bit")
