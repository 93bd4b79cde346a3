"""no_grad and anomaly hold in their task, their thread and copies of their context, and nowhere else."""

import asyncio
import contextvars
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import autograd as ag
from autograd import AnomalyError, TraceError, Value, anomaly, fori_loop, no_grad
from autograd.graph.context import active_inputs, modes


def records():
    return (Value(2.0) * 3.0).op is not None


def watches():
    try:
        Value(1.0) / 0.0
    except AnomalyError:
        return True
    return False


@pytest.fixture(autouse=True)
def _nothing_is_left():
    yield
    assert records()
    assert not watches()
    assert not modes.transforms
    assert modes.recorder is None
    assert not active_inputs
    assert Value.__mul__.__code__.co_qualname == "Arithmetic.__mul__"


def in_thread(function, *args):
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(function, *args).result()


# ---- coroutines ----


@pytest.mark.parametrize(("block", "inside"), [(no_grad, lambda: not records()), (anomaly, watches)])
def test_a_block_that_is_held_across_an_await_is_its_tasks_only(block, inside):
    async def holds(entered, leave):
        with block():
            entered.set()
            await leave.wait()
            assert inside()
        assert not inside()

    async def trains(entered, leave):
        await entered.wait()
        w = Value(3.0)
        loss = w * w
        loss.backward()
        assert w.grad == 6.0        # was 0 while the other one waits inside no_grad
        assert not inside()
        leave.set()

    async def main():
        entered, leave = asyncio.Event(), asyncio.Event()
        await asyncio.gather(holds(entered, leave), trains(entered, leave))

    asyncio.run(main())


def test_many_tasks_that_enter_and_leave_in_any_order():
    block, watched = no_grad(), anomaly()       # the same ones in all tasks

    async def evaluates(i):
        for k in range(20):
            with block:
                await asyncio.sleep(0.0001 * ((i * 7 + k) % 3))
                assert not records()
                with watched:
                    await asyncio.sleep(0)
                    assert watches()
                assert not watches()
            assert records()

    async def trains(i):
        for k in range(40):
            await asyncio.sleep(0.00005 * ((i + k) % 3))
            x = Value(float(i))
            (x * x).backward()
            assert x.grad == 2.0 * i
            assert ag.grad(ag.grad(lambda x: x**3.0))(float(i)) == 6.0 * i

    async def main():
        await asyncio.gather(*map(evaluates, range(10)), *map(trains, range(10)))

    asyncio.run(main())


def test_a_cancelled_task_leaves_its_blocks():
    async def waits():
        with no_grad(), anomaly():
            await asyncio.sleep(1000)

    async def main():
        task = asyncio.create_task(waits())
        await asyncio.sleep(0)
        assert records()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(main())


def test_what_is_started_inside_is_inside_until_the_block_is_left():
    async def looks():
        return records()

    async def main():
        with no_grad():
            assert not await looks()
            assert not await asyncio.create_task(looks())
            assert not await asyncio.to_thread(records)
            assert in_thread(records)       # starts with a context of its own
            assert not in_thread(contextvars.copy_context().run, records)
            late = asyncio.create_task(looks())
        assert await late       # begins when the block is over: what trains there may not lose its gradients

    asyncio.run(main())


def test_a_copied_context_keeps_its_blocks_to_itself():
    context = contextvars.copy_context()
    block = no_grad()
    context.run(block.__enter__)
    assert records()
    assert not context.run(records)
    context.run(block.__exit__, None, None, None)
    assert context.run(records)


def test_an_asynchronous_generator():
    async def numbers():
        with no_grad():
            for i in range(3):
                yield (Value(float(i)) * 2.0).op

    async def main():
        assert [op async for op in numbers()] == [None, None, None]
        assert records()

    asyncio.run(main())


def test_a_generator_is_in_the_context_of_who_runs_it():
    def numbers():
        with no_grad():
            yield 1
            yield 2

    first, second = numbers(), numbers()
    next(first)
    assert not records()        # as the docstring of no_grad says
    next(second)
    first.close()               # not the one that was entered last
    assert not records()
    second.close()
    assert records()
    elsewhere = numbers()
    in_thread(next, elsewhere)
    assert records()
    assert next(elsewhere) == 2
    assert records()
    elsewhere.close()


def test_a_generator_that_is_dropped_inside_a_block():
    def numbers():
        with no_grad(), anomaly():
            yield 1

    next(numbers())
    assert records()
    assert not watches()


# ---- transforms ----


def test_a_derivative_in_a_thread_with_the_same_context_is_part_of_the_outer_one():
    def beside(function, *args):
        return in_thread(contextvars.copy_context().run, function, *args)

    def f(x):
        return x * beside(ag.grad(lambda y: x * y * y), 3.0)       # x * 6x

    assert ag.grad(f)(2.0) == ag.derivative(f)(2.0) == 24.0
    compiled = ag.jit(lambda x: beside(lambda: x * 2.0 if x > 0.0 else -x), backend="python")
    assert [compiled(x) for x in (1.0, -1.0, 3.0)] == [2.0, 1.0, 6.0]


def test_derivatives_and_compiled_functions_in_tasks():
    async def main():
        compiled = ag.jit(lambda x: x * x if x > 0.0 else -x, backend="python")

        async def work(i):
            for k in range(10):
                await asyncio.sleep(0)
                with no_grad():
                    await asyncio.to_thread(compiled, float(i + k + 1))
                    assert ag.grad(compiled)(float(i + 1)) == 2.0 * (i + 1)
                    await asyncio.sleep(0)
                assert compiled(-float(i + 1)) == i + 1

        await asyncio.gather(*map(work, range(6)))

    asyncio.run(main())


# ---- a function that calls itself from a thread while it is traced ----


def test_a_thread_calls_the_function_that_is_being_traced(jit):
    calls = []

    def beside(*args):
        found = []
        thread = threading.Thread(target=lambda: found.append(halves(*args)), daemon=True)
        thread.start()
        thread.join(20)
        return found[0]     # IndexError where it waits for its own caller

    @jit
    def halves(x, top):
        calls.append(top)
        return x + beside(8.0, False) if top else x * 0.5

    assert [halves(x, True) for x in (1.0, 2.0, 3.0)] == [5.0, 6.0, 7.0]
    assert calls == [True, False]


@pytest.mark.parametrize("f", [lambda x: x * 2.0 if x > 0.0 else -x,
                               lambda x: fori_loop(0, 2, lambda i, c: c + 0.5 if c > 0.0 else -c, x)])
def test_a_compiled_function_decides_by_a_value_that_another_thread_traces(f, jit):
    inner = jit(f)
    straight = jit(lambda x: x * 2.0)
    outer = jit(lambda x: in_thread(inner, x))
    assert inner(1.0) == 2.0
    for x in (1.0, -1.0):
        with pytest.raises(TraceError, match="another thread traces"):      # was TypeError at -1.0, at the latest
            outer(x)
    assert [jit(lambda x: in_thread(straight, x))(x) for x in (1.0, -1.0)] == [2.0, -2.0]


def test_a_free_threaded_build_is_refused():
    code = ("import sysconfig; real = sysconfig.get_config_var\n"
            "sysconfig.get_config_var = lambda name: 1 if name == 'Py_GIL_DISABLED' else real(name)\n"
            "import {}")
    for package in ("autograd", "nn", "viz"):
        done = subprocess.run([sys.executable, "-c", code.format(package)], capture_output=True, text=True, check=False,
                              cwd=Path(__file__).parents[3])
        assert "ImportError: this Python is a free-threaded build" in done.stderr
        assert "use the usual build of that version" in done.stderr
