"""Batched functions as objects: pickles, copies, text, and calls from several threads."""

import copy
import pickle
from concurrent.futures import ThreadPoolExecutor
from weakref import ref

import numpy as np

from autograd import grad, jit, value_and_grad, vmap
from tests.support.batches import same_bits

X = np.linspace(-2.0, 3.0, 31)


def cube(x):
    return x * x * x if x > 0.0 else x * x


named = vmap(cube, reduce="sum")


@vmap
def decorated(x):
    return 2.0 * x


def test_pickles_take_the_function_and_the_options():
    first = vmap(value_and_grad(cube), in_axes=(-1,), reduce="mean", threads=2)
    first(X)
    for again in (pickle.loads(pickle.dumps(first)), copy.copy(first), copy.deepcopy(first)):
        assert (again.in_axes, again.reduce, again.threads) == ((-1,), "mean", 2)
        assert list(again.programs) == list(first.programs)
        assert again(X)[0] == first(X)[0]
    assert pickle.loads(pickle.dumps(named))(X) == named(X)
    assert pickle.loads(pickle.dumps(decorated)) is decorated
    assert pickle.loads(pickle.dumps(vmap(jit(cube))))(X).tolist() == vmap(cube)(X).tolist()


def test_text():
    batched = vmap(grad(cube))
    assert repr(batched) == "<vmap of cube: 0 versions>"
    batched(X)
    assert repr(batched) == "<vmap of cube: 2 versions>"
    assert str(batched.programs).count("x > 0.0 is True") == 1
    assert repr(vmap(decorated)) == "<vmap of decorated: 0 versions>"


def test_calls_from_several_threads():
    batched = vmap(value_and_grad(cube), threads=2)
    rows = np.random.default_rng(0).normal(size=(8, 4000))
    right = [vmap(value_and_grad(cube))(row) for row in rows]
    with ThreadPoolExecutor(8) as pool:
        for found, expected in zip(pool.map(batched, rows), right, strict=True):
            assert same_bits(found[0], expected[0])
            assert same_bits(found[1], expected[1])


def test_no_array_of_a_call_is_kept():
    batched = vmap(lambda p, q: p[0] * q)
    rows, column = np.ones((5, 2)), np.ones(5)
    found = batched(rows, column)
    gone = [ref(x) for x in (rows, column, found)]
    del rows, column, found
    assert [x() for x in gone] == [None] * 3
