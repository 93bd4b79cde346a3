"""Iterators of chunks: the same results, one chunk after another, in flat memory."""

import tracemalloc

import numpy as np
import pytest

import autograd as ag
from autograd import grad, value_and_grad, vmap
from tests.support.batches import bits

rng = np.random.default_rng(0)
X, Y = rng.normal(size=(103, 2)), rng.normal(size=103)


def loss(w, x, y):
    score = w[0] * x[0] + w[1] * x[1]
    return (score - y)**2 if score > y else ag.sin(score)


def chunks(array, size=10):
    return (array[i:i + size] for i in range(0, len(array), size))


def test_results_come_chunk_after_chunk():
    f = vmap(loss, in_axes=(None, 0, 0))
    found = f([1.0, 2.0], chunks(X), chunks(Y))
    assert iter(found) is found
    assert [part.shape for part in found] == [(10,)] * 10 + [(3,)]
    again = np.concatenate([*f([1.0, 2.0], chunks(X), chunks(Y, 10))])
    assert again.tolist() == f([1.0, 2.0], X, Y).tolist()


@pytest.mark.parametrize("reduce", ["sum", "mean"])
def test_sums_are_those_of_one_batch(reduce):
    f = vmap(value_and_grad(loss), in_axes=(None, 0, 0), reduce=reduce)
    value, (by_w, by_x, by_y) = f([1.0, 2.0], X, Y)
    parts = f([1.0, 2.0], chunks(X, 7), chunks(Y, 7))
    assert bits(parts[0]) == bits(value)
    assert parts[1][0] == by_w
    assert parts[1][1].tolist() == by_x.tolist()
    assert parts[1][2].tolist() == by_y.tolist()


def test_inside_a_derivative():
    f = vmap(loss, in_axes=(None, 0, 0), reduce="mean")
    assert grad(lambda a: f([a, 2.0], chunks(X), chunks(Y)))(1.0) == grad(lambda a: f([a, 2.0], X, Y))(1.0)


def test_memory_stays_flat():
    f = vmap(lambda x: x * x if x > 0.0 else x, reduce="sum")
    f(np.ones(4))
    total, size = 0.0, 50_000
    tracemalloc.start()
    found = f(np.full(size, float(i % 3 - 1)) for i in range(40))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    for i in range(40):
        total += size * abs(float(i % 3 - 1)) * (1 if i % 3 == 2 else -1)
    assert found == total
    assert most < 8 * 8 * size      # of 40 chunks, some at a time


@pytest.mark.parametrize("dtype", ["f8", "f4", "i2"])
def test_memory_mapped_arrays(tmp_path, dtype):
    size = 400_000
    mapped = np.memmap(tmp_path / "numbers", dtype, "w+", shape=(size, 2))
    mapped[:] = np.arange(2 * size).reshape(size, 2) % 7
    mapped.flush()
    f = vmap(lambda p: p[0] * p[1], reduce="sum")
    f(mapped[:3])
    tracemalloc.start()
    found = f(np.memmap(tmp_path / "numbers", dtype, "r", shape=(size, 2)))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found == float(np.sum(mapped[:, 0].astype(float) * mapped[:, 1]))
    assert most < 8 * size      # half of it as float64


def test_chunks_have_to_go_together():
    f = vmap(loss, in_axes=(None, 0, 0))
    with pytest.raises(ValueError, match="argument 2 is no iterator of chunks"):
        f([1.0, 2.0], chunks(X), Y)
    with pytest.raises(ValueError, match="argument 0 is an iterator, and in_axes shares it"):
        f(chunks(X), chunks(X), chunks(Y))
    with pytest.raises(ValueError, match="ends before another"):
        [*f([1.0, 2.0], chunks(X), chunks(Y[:50]))]
    with pytest.raises(ValueError, match="argument 2 has 9 rows"):
        [*f([1.0, 2.0], chunks(X), chunks(Y, 9))]
    with pytest.raises(ValueError, match="sum of no rows"):
        vmap(loss, in_axes=(None, 0, 0), reduce="sum")([1.0, 2.0], iter(()), iter(()))
    with pytest.raises(ValueError, match=r"write list\(x\) for a column"):
        [*vmap(lambda x: x)(x for x in (1.0, 2.0))]
    structure = vmap(lambda x: [x] * len(x) if isinstance(x, list) else x, reduce="sum")
    with pytest.raises(ValueError, match="another structure for this chunk"):
        structure(iter([X, Y]))
