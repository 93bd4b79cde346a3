"""Batched functions as objects: pickles, copies, text, and calls from several threads."""

import copy
import gc
import pickle
from concurrent.futures import ThreadPoolExecutor
from weakref import ref

import numpy as np

from autograd import grad, jit, value_and_grad, vmap
from tests.support.batches import loop, same_bits, table

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


def test_a_batched_function_leaves_no_cycle():
    gc.collect()
    gc.disable()
    try:
        batched = vmap(value_and_grad(lambda x: cube(x)), reduce="mean", threads=2)
        batched(X)
        vmap(lambda x: cube(x))(X)
        gone = ref(batched), ref(batched.versions.roots[next(iter(batched.versions.roots))].trace.program)
        del batched
        assert [x() for x in gone] == [None, None]
    finally:
        gc.enable()


def test_no_array_of_a_call_is_kept():
    batched = vmap(lambda p, q, w: p[0] * q * w[1], in_axes=(0, 0, None))
    rows, column, shared = np.ones((5, 2)), np.ones(5), np.ones(3)
    found = batched(rows, column, shared)
    gone = [ref(x) for x in (rows, column, shared, found)]
    del rows, column, shared, found
    assert [x() for x in gone] == [None] * 4


def test_calls_like_the_last_one_read_their_own_numbers():
    def f(w, s, p, x):
        return w[0] * p[0] + w[1] * p[1] * x + s if x > 0.0 else s * w[0]
    batched = vmap(value_and_grad(f), in_axes=(None, None, 0, 0))
    rng = np.random.default_rng(0)
    for count in (4, 4, 7, 1, 3, 3):
        w, s, p, x = rng.normal(size=2), float(rng.normal()), rng.normal(size=(2 * count, 2)), rng.normal(size=count)
        for given in ((w, s, p[::2], x), (w, s, p[:count], x), (w[::-1], s, p[::-2], x[::-1]), (w, 2, p[::2], x),
                      (w, s, np.asfortranarray(p[::2]), x), (w, s, p[::2].astype(np.float32).astype(float), x)):
            right = [(list(given[0]), float(given[1]), row, y)
                     for row, y in zip(given[2].tolist(), given[3].tolist(), strict=True)]
            assert same_bits(table(batched(*given), count), loop(value_and_grad(f), right))
        w *= 2.0
        assert batched(w, s, p[:count], x)[0][0] == vmap(f, in_axes=(None, None, 0, 0))(w, s, p[:count], x)[0]
