"""Threads of a batched function: the same bits, whatever happens to them."""

import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import numpy as np
import pytest

import autograd as ag
from autograd import fori_loop, value_and_grad, vmap
from autograd.batch import run, version
from autograd.batch.threads import in_order, kept_threads, share_out
from tests.support.batches import same_bits

X = np.random.default_rng(0).normal(size=20_000)


def wave(x):
    return ag.sin(x) * x + 0.1


def half(x):
    return x * 0.5 if x > 0.0 else ag.exp(x)


@pytest.fixture(autouse=True)
def small_parts(monkeypatch):
    monkeypatch.setattr(run, "LEAST_WORK", 1000)
    monkeypatch.setattr(version, "LARGE_WORK", 1000)


@pytest.mark.parametrize("options", [{}, {"reduce": "sum"}, {"fast": True}, {"fast": True, "reduce": "mean"}])
@pytest.mark.parametrize("f", [wave, half])
def test_no_bit_depends_on_the_number_of_threads(f, options):
    f = value_and_grad(f)
    wanted = vmap(f, **options)(X)
    for threads in (2, 5):
        batched = vmap(f, threads=threads, **options)
        for _ in range(3):
            assert all(map(same_bits, batched(X), wanted))


def test_fast_sums_of_a_small_batch_are_those_of_its_first_call():
    """From the third call on they could be one call of machine code."""
    batched = vmap(wave, fast=True, reduce="sum")
    assert len({batched(X[:2_000]) for _ in range(5)}) == 1


def test_few_rows_of_much_work_are_shared_out(monkeypatch):
    monkeypatch.undo()
    seen = []

    def noted(parts, *rest):
        seen.append([*parts])
        share_out(seen[-1], *rest)

    monkeypatch.setattr(run, "share_out", noted)

    def long(x):
        return fori_loop(0, 10_000, lambda i, c: c * 0.5 + x, 1.0)
    assert same_bits(vmap(long, threads=2)(X[:64]), vmap(long)(X[:64]))
    assert len(seen[0]) > 4
    vmap(wave, threads=2)(X[:64])
    assert len(seen) == 1


def test_parts_are_shared_out_to_threads_that_are_kept():
    names = []
    for _ in range(2):
        all_here = threading.Barrier(3)     # each of three threads waits there with a part

        def compute(part, all_here=all_here):
            all_here.wait(60)
            names[-1].add(threading.current_thread().name)
        names.append(set())
        share_out(range(3), compute, 3, kept_threads(3))
    assert len(names[0]) == 3
    assert names[0] == names[1]


@pytest.mark.parametrize("parts", [0, 1, 3])
def test_no_more_threads_help_than_there_are_parts(parts):
    with ThreadPoolExecutor(3000) as pool:
        done = []
        share_out(range(parts), done.append, 3000, pool)
        assert sorted(done) == [*range(parts)]
        assert len(pool._threads) <= max(parts - 1, 0)


def test_vmap_is_there_where_no_process_can_be_copied():
    """As on Windows."""
    code = "import os\nfor name in ('fork', 'register_at_fork'):\n    vars(os).pop(name, None)\n" \
           "from autograd import vmap\nprint([*vmap(lambda x: x * x, threads=2)([1.0, 2.0])])"
    out = subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[3], capture_output=True)
    assert out.stdout.split() == [b"[1.0,", b"4.0]"]


def test_an_error_in_a_thread_ends_all_and_is_raised():
    done, other = [], threading.Event()

    def compute(part):
        done.append(part)
        if threading.current_thread() is threading.main_thread():
            other.wait(10)
            time.sleep(0.01)
            return
        other.set()
        raise MemoryError("no room")
    with pytest.raises(MemoryError, match="no room"):
        share_out(range(1000), compute, 2, kept_threads(2))
    assert len(done) == 2


def test_an_error_here_waits_for_the_other_threads():
    begun, ended = threading.Event(), []

    def compute(part):
        if part == 0:
            begun.set()
            time.sleep(0.05)
            ended.append(part)

    def finish(part, result):
        begun.wait(10)
        raise KeyboardInterrupt

    def either(part):
        finish(part, None) if part else compute(part)

    for call, parts, *functions in ((share_out, [1, 0], either), (in_order, [1, 0, 1], compute, finish)):
        ended.clear()
        begun.clear()
        with pytest.raises(KeyboardInterrupt):
            call(parts, *functions, 2, kept_threads(2))
        assert ended == [0]


@pytest.mark.parametrize("f", [wave, half])
def test_a_pool_that_does_other_work_blocks_nothing(f):
    """Also a call from inside the pool that it is given."""
    with ThreadPoolExecutor(1) as pool:
        batched = vmap(f, executor=pool)
        assert same_bits(pool.submit(batched, X).result(60), vmap(f)(X))
    free = threading.Event()
    with ThreadPoolExecutor(2) as pool:
        busy = [pool.submit(free.wait, 60) for _ in range(2)]
        assert same_bits(vmap(f, executor=pool)(X), vmap(f)(X))
        free.set()
        wait(busy)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_forked_process_has_threads_of_its_own():
    batched = vmap(wave, threads=2)
    wanted = batched(X)
    child = os.fork()
    if not child:
        os._exit(0 if same_bits(batched(X), wanted) and any(
            thread.is_alive() for thread in kept_threads(2)._threads) else 1)
    assert os.waitpid(child, 0)[1] == 0
