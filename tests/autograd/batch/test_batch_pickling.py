"""Pickles of batched functions hold their Programs: a process that reads one traces nothing."""

import os
import pickle
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest

from autograd import grad, jit, value_and_grad, vmap
from tests.support import batched_functions as functions
from tests.support.batches import same_bits

rng = np.random.default_rng(0)
X, Y = rng.normal(size=(2, 300))


@pytest.fixture(scope="module")
def worker():
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        yield pool


def sent(worker, batched, *columns):
    found, calls, process = worker.submit(functions.run, batched, *columns).result(timeout=60)
    assert process != os.getpid()
    return found, calls


@pytest.mark.parametrize("make", [
    lambda: vmap(functions.counted), lambda: vmap(value_and_grad(functions.counted, argnums=(0, 1))),
    lambda: vmap(jit(functions.counted)), lambda: vmap(grad(functions.counted), reduce="mean")])
def test_a_worker_traces_nothing(make, worker):
    batched = make()
    wanted = batched(X, Y)
    found, calls = sent(worker, batched, X, Y)
    assert calls == 0
    assert all(map(same_bits, *(x if isinstance(x, tuple) else [x] for x in (_flat(found), _flat(wanted)))))


def _flat(x):
    return tuple(item for part in x for item in _flat(part)) if isinstance(x, tuple) else (x,)


def test_what_was_not_traced_is_traced_there(worker):
    batched = vmap(functions.counted)
    batched(abs(X), Y)
    found, calls = sent(worker, batched, X, Y)
    assert calls == 1
    assert same_bits(found, vmap(functions.counted)(X, Y))


def test_a_decorated_function_takes_its_versions_to_the_one_of_that_name(worker):
    functions.decorated(X)
    assert pickle.loads(pickle.dumps(functions.decorated)) is functions.decorated
    found, calls = sent(worker, functions.decorated, X)
    assert calls == 0
    assert same_bits(found, 2.0 * X + 1.0)
    assert sent(worker, functions.decorated, X)[1] == 0


def test_parameters_go_along_with_the_method_that_reads_them(worker):
    model = functions.Model(0.5)
    batched = vmap(model.loss, reduce="sum")
    batched(X, Y)
    model.slope.data = -2.0
    found, calls = sent(worker, batched, X, Y)
    assert calls == 0
    assert found == batched(X, Y)
    again = pickle.loads(pickle.dumps(batched))
    again.function.__self__.slope.data = 3.0        # one Value, of the method and of its version
    assert again(X, Y) == vmap(functions.Model(3.0).loss, reduce="sum")(X, Y)


def test_values_of_a_module_are_those_that_the_module_has_there(worker):
    """As for every function that pickle finds by its name; a version for others is not used."""
    batched = vmap(functions.weighted)
    batched(X)
    functions.weight.data = 7.0
    try:
        assert same_bits(batched(X), 7.0 * X)
        found, calls = sent(worker, batched, X)
        assert same_bits(found, 1.5 * X)
        assert calls == 1
        # the ways out that vmap and the page on machines name
        assert same_bits(vmap(functions.weighted, executor=worker)(X), 7.0 * X)
        by_argument = vmap(functions.weighted_by, in_axes=(None, 0))
        by_argument(functions.weight.data, X)
        assert same_bits(sent(worker, by_argument, 7.0, X)[0], 7.0 * X)
    finally:
        functions.weight.data = 1.5


def test_functions_without_a_name_are_a_clear_error_but_for_what_sends_code():
    def local(x):
        return x * 3.0

    for f in (local, lambda x: x * 3.0, grad(local), jit(local)):
        with pytest.raises(pickle.PicklingError, match="define it at the top of a module, or send it by"):
            pickle.dumps(vmap(f))
    cloudpickle = pytest.importorskip("cloudpickle")
    again = pickle.loads(cloudpickle.dumps(vmap(local)))
    assert same_bits(again(X), 3.0 * X)


def test_copies_leave_the_executor_here():
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        batched = vmap(functions.counted, executor=pool)
        again = pickle.loads(pickle.dumps(batched))
    assert again.executor is None
    assert same_bits(again(X, Y), vmap(functions.counted)(X, Y))
