"""Paths: all of them, the largest first, without enumerating."""

import itertools
import math

import pytest

import autograd as ag
from autograd import Path, Value, accumulation, count_paths, paths


def doubled(n):
    x = y = Value(1.0)
    for _ in range(n):
        y = y * 0.75 + y * 0.5
    return y, x


def test_counts_are_exact_and_nothing_is_enumerated():
    y, x = doubled(1000)
    assert count_paths(y, x) == 2**1000
    first = list(paths(y, x, top=3))
    assert [path.product for path in first] == pytest.approx([0.75**1000, 0.75**999 * 0.5, 0.75**999 * 0.5], rel=1e-9)
    assert len(first[0].nodes) == 2001
    assert len(list(itertools.islice(paths(y, x), 20))) == 20


def test_ties_do_not_slow_the_search_on_long_graphs():
    x = y = Value(1.0)
    for _ in range(10_000):
        y = y * 0.3 + y * 0.3
    assert next(paths(y, x, top=1)).product == 0.0      # 0.3 to the ten-thousandth
    assert count_paths(y, x) == 2**10_000


def test_near_ties_come_in_order():
    x = y = Value(1.0)
    for _ in range(5):
        y = y * 1.0000001 + y * 1.0
    products = [path.product for path in paths(y, x)]
    assert products == sorted(products, reverse=True)


def test_largest_first_and_complete():
    y, x = doubled(8)
    products = [path.product for path in paths(y, x)]
    assert len(products) == 256
    assert products == sorted(products, reverse=True)
    y.backward()
    assert math.fsum(products) == pytest.approx(x.grad, rel=1e-14)


def test_order_is_by_magnitude_with_signs_zeros_and_infinities():
    x = Value(2.0)
    y = ag.sum([x * -5.0, x * 3.0, x * 0.0, x * 4.0, x * math.inf])
    assert [path.product for path in paths(y, x)] == [math.inf, -5, 4, 3, 0]


def test_a_path_has_nodes_from_input_to_output():
    a, b = Value(2.0), Value(1.0)
    c = a + b
    e = c * (b + 1)
    path = next(paths(e, a))
    assert path == Path((a, c, e), (1.0, 2.0), 2.0, (0, 0))
    assert path.nodes[1] is c


def test_parallel_edges_are_separate_paths():
    x = Value(3.0)
    assert [path.product for path in paths(x * x, x)] == [3, 3]
    assert count_paths(x + x, x) == 2


def test_no_path_and_the_empty_path():
    x, other = Value(1.0), Value(1.0)
    assert list(paths(x * 2, other)) == []
    assert count_paths(x * 2, other) == 0
    assert [path.product for path in paths(x, x)] == [1.0]
    assert list(paths(ag.relu(x - 5), x)) == []       # nothing flows through a dead relu
    assert list(paths(x * 2, x, top=0)) == []


def test_underflowing_products_keep_their_order():
    x = Value(1.0)
    small = y = x
    for _ in range(400):
        y, small = y * 0.1, small * 0.01
    first, second = paths(y + small, x)
    assert first.product == second.product == 0
    assert first.nodes[-2] is y


def test_accumulation():
    x = Value(1.0)
    y = x
    for _ in range(10):
        y = y.sin()
    assert accumulation(y) == (10, 10)
    xs = [Value(1.0) for _ in range(10)]
    assert accumulation(ag.sum(xs).sin()) == (20, 11)


def test_bad_arguments():
    x = Value(1.0)
    with pytest.raises(TypeError, match="expected Values, not float"):
        list(paths(x, 1.0))
    with pytest.raises(ValueError, match="top=-1"):
        paths(x, x, top=-1)
    with pytest.raises(TypeError, match="expected Values, not str"):
        accumulation("x")
