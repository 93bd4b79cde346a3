"""bind: reads its buffers at each call and is bit-identical to a call with the same numbers."""

import math
from array import array

import numpy as np
import pytest

import autograd as ag
from autograd import Value, value_and_grad
from tests.support.bit_identity import bits

POINTS = [(1.0, 2.0), (-1.0, 0.5), (0.0, -3.0), (math.nan, 1.0), (5.0, 5.0)]


def branching(p):
    x, y = p
    return ag.sin(x) * y if x > 0.0 else x - y * y


def flat(answer):
    value, slopes = answer
    return [bits(float(x)) for x in (value, *slopes)]


@pytest.mark.parametrize("make", [lambda n: array("d", bytes(8 * n)), np.zeros], ids=["array", "numpy"])
def test_what_is_in_the_buffers_is_what_counts(jit, make):
    f = value_and_grad(branching)
    inputs, out = make(2), make(3)
    run = jit(f).bind(inputs, out=out)
    for point in POINTS:
        inputs[0], inputs[1] = point
        run()
        assert [bits(float(x)) for x in out] == flat(f(list(point))), point


def test_captured_values_are_read_at_each_call_or_once(jit):
    w = [Value(0.5), Value(-2.0), Value(3.0)]

    def loss(row):
        total = sum(a * x for a, x in zip(w, row, strict=False)) + w[2]
        return total * total if total > 0.0 else -total

    f = value_and_grad(loss, wrt=w)
    row, out = array("d", [1.0, 2.0]), array("d", bytes(32))
    run = jit(f).bind(row, out=out)
    for data, *point in [(0.25, 1.0, 2.0), (-7.0, 3.0, 1.0), (4.0, -1.0, -1.0), (0.0, 0.0, 0.0)]:
        w[0].data = data
        row[:] = array("d", point)
        run()
        assert [bits(x) for x in out] == flat(f(point))
    w[1].data = 0.125
    run.read()
    for point in ([1.0, 2.0], [-3.0, 4.0]):
        row[:] = array("d", point)
        run.held()
        assert [bits(x) for x in out] == flat(f(point))


def test_what_was_read_is_held(jit):
    w, row, out = Value(2.0), array("d", [3.0]), array("d", [0.0])
    run = jit(lambda p: w * p[0]).bind(row, out=out)
    assert out[0] == 0.0
    w.data = 10.0
    run.held()
    assert out[0] == 6.0
    run()
    assert out[0] == 30.0


@pytest.mark.parametrize(("buffer", "message"), [
    ([1.0], "buffer of doubles.*not list"), (array("f", [1.0]), "buffer of doubles"), (b"12345678", "and writable"),
    (np.zeros((2, 2))[:, 0], "buffer contiguous"), (np.zeros(1, dtype=np.float32), "float64"),
])
def test_what_is_no_buffer_of_doubles(jit, buffer, message):
    good = array("d", [1.0])
    for given, out in ((buffer, good), (good, buffer)):
        with pytest.raises(TypeError, match=message):
            jit(lambda p: p[0]).bind(given, out=out)


def test_an_out_of_another_size_is_refused_before_anything_is_written(jit):
    out = array("d", [7.0, 7.0, 7.0])
    with pytest.raises(ValueError, match="2 numbers do not fill an out of 3"):
        jit(lambda p: [p[0], p[0]]).bind(array("d", [1.0]), out=out)
    assert out.tolist() == [7.0, 7.0, 7.0]
    with pytest.raises(TypeError, match="2 arguments"):
        jit(lambda p, q: p).bind(out, out, out=out)


@pytest.mark.parametrize("f", [lambda s: [s[1] + s[2], s[0], s[1]], lambda s: [s[2], s[0], s[1]],
                               lambda s: [s[0] if s[0] > s[1] else s[1], s[0], s[2] * s[0]],
                               lambda s: [s[0] * 2.0, s[1] * 3.0, s[2] if s[1] * 3.0 > 5.0 else -s[2]]])
def test_in_place_and_overlapping(f, jit):
    z, right = array("d", [1.0, 2.0, 3.0]), [1.0, 2.0, 3.0]
    run = jit(f).bind(z, out=z)
    for _ in range(3):
        run()
        right = f(right)
        assert z.tolist() == right
    row = np.arange(5.0)
    shifted = jit(f).bind(row[:3], out=row[2:])
    wanted = f(row[:3].tolist())
    shifted()
    assert row.tolist() == [0.0, 1.0, *wanted]
    beside = jit(f).bind(row[:3], out=np.zeros(3))
    beside()
    assert row.tolist() == [0.0, 1.0, *wanted]


def test_where_nothing_can_be_compiled_it_is_called(jit):
    z, out = array("d", [3.0]), array("d", [0.0])
    with ag.anomaly():
        run = jit(lambda p: p[0] * p[0]).bind(z, out=out)
        run()
    assert out[0] == 9.0
