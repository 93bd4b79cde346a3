"""vmap on the workers of executors: the same bits, whatever comes first, fails or is killed."""

import os
import signal
import warnings
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from random import Random

import numpy as np
import pytest

import autograd as ag
from autograd import TABLE, AutogradError, Value, grad, hessian, jit, primitive, value_and_grad, vmap
from autograd.batch import remote
from autograd.batch.memory_file import MemoryFile
from tests.support.batches import same_bits
from tests.support.branchy_functions import branchy as random_branchy

COUNT = 5003
rng = np.random.default_rng(0)
X, Y, P = rng.normal(size=COUNT), rng.random(COUNT), rng.normal(size=(COUNT, 3))
slope = Value(0.75)


def branchy(x, y):
    while x > 1.5:
        x = x - 1.0
    if x > y:
        return ag.sin(x) * y * slope
    return ag.exp(x) if y > 0.5 else x * y + slope


def loss(w, x, y):
    return (w[0] * x + w[1] - y) ** 2 if x > 0.0 else (w[1] - y) ** 2


CASES = {
    "branches": (branchy, {}, (X, Y)),
    "gradients": (value_and_grad(branchy, argnums=(0, 1)), {}, (X, Y)),
    "captured": (value_and_grad(branchy, wrt=[slope]), {}, (X, Y)),
    "hessian": (hessian(lambda p: p[0] * ag.exp(p[1]) + p[2] ** 2), {}, (P,)),
    "a dict": (lambda d: {"a": d["x"] * 2.0, "b": [d["y"], "text"]}, {}, ({"x": X, "y": Y},)),
    "sum": (value_and_grad(loss), {"in_axes": (None, 0, 0), "reduce": "sum"}, ([0.5, -1.0], X, Y)),
    "mean, kept": (value_and_grad(loss, argnums=(0, 1)), {"in_axes": (None, 0, 0), "reduce": "mean"},
                   ([0.5, -1.0], X, Y)),
    "columns": (lambda p: p[0] - p[1] * p[2], {"in_axes": 1}, (np.asfortranarray(P.T),)),
    "integers": (jit(lambda x: x * x), {}, (np.arange(COUNT),)),
    "strides": (lambda x: ag.sqrt(x), {}, (np.repeat(Y, 2)[::-2],)),
}


class Late(Executor):
    """Computes only when it is asked for a result, the last task first."""

    def __init__(self):
        self.tasks, self.most = [], 0

    def submit(self, fn, /, *args, **kwargs):
        late = self

        class Asked(Future):
            def result(self, timeout=None):
                while not self.done():
                    waiting, function, given, named = late.tasks.pop()
                    if waiting.set_running_or_notify_cancel():
                        waiting.set_result(function(*given, **named))
                return super().result(timeout)

        future = Asked()
        self.tasks.append((future, fn, args, kwargs))
        self.most = max(self.most, len(self.tasks))
        return future


@pytest.fixture(scope="module")
def processes():
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        yield pool


@pytest.fixture
def small(monkeypatch):
    """Chunks of a few hundred rows."""
    monkeypatch.setattr(remote, "LEAST_WORK", 1000)


def flat(found):
    """The arrays of a result, and what else it holds."""
    if isinstance(found, dict):
        return flat(list(found.values()))
    return [x for part in found for x in flat(part)] if isinstance(found, (list, tuple)) else [found]


def alike(found, wanted):
    found, wanted = flat(found), flat(wanted)
    return len(found) == len(wanted) and all(
        a == b if isinstance(a, str) else same_bits(a, b) for a, b in zip(found, wanted, strict=True))


@pytest.mark.parametrize("name", CASES)
def test_every_executor_gives_the_same_bits(name, processes, small, monkeypatch):
    f, options, columns = CASES[name]
    wanted = vmap(f, **options)(*columns)
    with ThreadPoolExecutor(2) as threads:
        monkeypatch.setattr("autograd.batch.run.LEAST_WORK", 500)
        for executor in (processes, Late(), threads):
            assert alike(vmap(f, **options, executor=executor)(*columns), wanted)


@pytest.mark.parametrize("count", [0, 1, 2, 67])
def test_a_few_rows_run_here(count, small):
    executor = Late()
    assert alike(vmap(value_and_grad(branchy), executor=executor)(X[:count], Y[:count]),
                 vmap(value_and_grad(branchy))(X[:count], Y[:count]))
    assert not executor.most


def test_random_functions_that_branch(small):
    """Rows that leave the known ways come back, and run in versions that later chunks know."""
    for seed in range(12):
        draw = Random(f"executors {seed}")
        weight = Value(draw.choice((0.5, -1.0)), label="w")
        f, text = random_branchy(draw, weight)
        columns, slopes = (X[:300], Y[:300], P[:300, :2]), jit(value_and_grad(f), backend="python")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)     # more than 64 versions
            try:
                wanted = vmap(slopes)(*columns)
            except (ArithmeticError, ValueError, TypeError):
                continue
            assert alike(vmap(slopes, executor=Late())(*columns), wanted), text


@pytest.mark.skipif(not hasattr(os, "memfd_create"), reason="files in memory are Linux's")
def test_processes_of_this_machine_write_into_files(processes, small, monkeypatch):
    taken, take = [], MemoryFile.take
    monkeypatch.setattr(MemoryFile, "take", lambda *args: (taken.append(1), take(*args)))
    assert same_bits(vmap(ag.sin, executor=processes)(X), vmap(ag.sin)(X))
    assert len(taken) > 1


def test_captured_values_are_read_here_at_each_call(processes, small):
    batched = vmap(lambda x: x * slope, executor=processes)
    try:
        for number in (0.5, 2.0):
            slope.data = number
            assert same_bits(batched(X), X * number)
    finally:
        slope.data = 0.75


def test_rows_of_another_structure_are_an_error_in_every_call(small):
    batched = vmap(lambda x: [x, x] if x > 0 else [x, x, x], executor=Late())
    for _ in range(3):      # the version that gives the other one is known from the second call on
        with pytest.raises(ValueError, match="another structure"):
            batched(X)


def test_few_chunks_wait_as_many_as_the_workers_need(small):
    executor = Late()
    vmap(lambda x: ag.sin(x), executor=executor)(np.ones(1_000_000))
    assert executor.most == remote.PARTS        # it does not say how many workers it has
    executor = Late()
    executor._max_workers = 3
    vmap(lambda x: ag.sin(x), executor=executor)(np.ones(1_000_000))
    assert executor.most == 3 * remote.AHEAD
    executor = Late()
    vmap(lambda x: x, executor=executor)(np.ones(100))      # too few: they run here
    assert executor.most == 0


@pytest.fixture
def own_op():
    """`primitive`, whose ops are gone after the test."""
    before = set(TABLE)
    yield primitive
    for name in set(TABLE) - before:
        del TABLE[name]


def test_an_exception_in_a_worker_is_that_of_this_process_and_ends_the_call(small, own_op):
    def refused(x):
        if x > 1.0:
            raise ValueError("no such point")
        return x

    op = own_op("refusing_op", refused, lambda x, out: 1.0)
    executor = Late()
    with pytest.raises(ValueError, match="no such point"):
        vmap(lambda x: op(x), executor=executor)(X)
    assert all(future.cancelled() for future, *_ in executor.tasks)


def test_an_op_that_workers_do_not_define_is_a_clear_error(processes, small, own_op):
    op = own_op("unknown_op", lambda x: x * 2.0, lambda x, out: 2.0)
    with pytest.raises(AutogradError, match="no op 'unknown_op' here: import the module that defines it"):
        vmap(lambda x: op(x) + 1.0, executor=processes)(X)


class Killing(Executor):
    """A pool of processes, one of which is killed after some tasks."""

    def __init__(self):
        self.pool, self.count = ProcessPoolExecutor(1, get_context("spawn")), 0

    def submit(self, fn, /, *args, **kwargs):
        self.count += 1
        if self.count == 8:
            os.kill(next(iter(self.pool._processes)), signal.SIGKILL)
        return self.pool.submit(fn, *args, **kwargs)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="signals of POSIX")
def test_a_killed_worker_is_one_warning_and_the_same_answer(small):
    wanted = vmap(value_and_grad(loss), in_axes=(None, 0, 0), reduce="sum")([0.5, -1.0], X, Y)
    killing = Killing()
    with pytest.warns(RuntimeWarning, match="executor failed .BrokenProcessPool") as told:
        found = vmap(value_and_grad(loss), in_axes=(None, 0, 0), reduce="sum", executor=killing)([0.5, -1.0], X, Y)
    killing.pool.shutdown()
    assert alike(found, wanted)
    assert len(told) == 1
    assert told[0].filename == __file__
    with pytest.warns(RuntimeWarning, match="computed here"):     # a pool that is closed
        assert same_bits(vmap(lambda x: x * 2.0, executor=killing.pool)(X), X * 2.0)


def test_workers_that_lack_the_package_are_one_warning_and_the_same_answer(small):
    class Lacking(Executor):
        def submit(self, fn, /, *args, **kwargs):
            future = Future()
            future.set_exception(ModuleNotFoundError("No module named 'autograd'"))
            return future

    with pytest.warns(RuntimeWarning, match="lack pathgrad") as told:
        found = vmap(grad(branchy), executor=Lacking())(X, Y)
    assert len(told) == 1
    assert same_bits(found, vmap(grad(branchy))(X, Y))


def test_fast_code_runs_in_workers_too(processes, small):
    found = vmap(lambda x, y: ag.exp(x) * y + x, fast=True, executor=processes)(X, Y)
    assert np.allclose(found, np.exp(X) * Y + X, rtol=1e-14)


def test_what_is_no_executor_is_refused():
    with pytest.raises(TypeError, match=r"concurrent\.futures\.Executor"):
        vmap(branchy, executor=4)
    with pytest.raises(ValueError, match="its own number of workers"):
        vmap(branchy, executor=Late(), threads=2)
