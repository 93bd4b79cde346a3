"""Initial matrices and kernels: identity, orthogonal, sparse, truncated normal; the fans of kernels."""

import math
import statistics

import numpy as np
import pytest

from autograd import Value
from nn import init


def tensor(*sizes):
    return [tensor(*sizes[1:]) for _ in range(sizes[0])] if sizes else Value(9.0)


def array(x):
    return np.array([array(item) for item in x]) if isinstance(x, list) else x.data


def test_identity():
    for sizes in ((3, 3), (2, 5), (5, 2)):
        assert (array(init.eye_(tensor(*sizes))) == np.eye(*sizes)).all()
    assert (array(init.ones_(tensor(2, 3))) == 1.0).all()


@pytest.mark.parametrize(("sizes", "groups"), [((3, 3, 3), 1), ((4, 2, 3, 5), 1), ((4, 2, 3, 3), 2), ((2, 3, 4, 4), 1)])
def test_a_convolution_with_dirac_kernels_copies_its_input(sizes, groups):
    found = array(init.dirac_(tensor(*sizes), groups))
    expected = np.zeros(sizes)
    per_group = sizes[0] // groups
    for i in range(sizes[0]):
        if i % per_group < sizes[1]:
            expected[(i, i % per_group, *(length // 2 for length in sizes[2:]))] = 1.0
    assert (found == expected).all()


@pytest.mark.parametrize("sizes", [(4, 4), (3, 7), (7, 3), (6, 2, 3, 3), (40, 40)])
def test_orthogonal_rows_or_columns(sizes):
    drawn = array(init.orthogonal_(tensor(*sizes), gain=2.0, seed=1)).reshape(sizes[0], -1)
    wide = drawn if drawn.shape[0] <= drawn.shape[1] else drawn.T
    assert np.abs(wide @ wide.T - 4.0 * np.eye(len(wide))).max() < 1e-14 * 40
    again = array(init.orthogonal_(tensor(*sizes), gain=2.0, seed=1)).reshape(sizes[0], -1)
    assert (drawn == again).all()


def test_orthogonal_matrices_are_spread_evenly():
    """The first entry of a uniformly random unit vector of 3 numbers is uniform in [-1, 1]."""
    first = sorted(array(init.orthogonal_(tensor(3, 3), seed=i))[0, 0] for i in range(600))
    assert max(abs((2 * (i + 0.5) / 600 - 1) - x) for i, x in enumerate(first)) < 2 * 1.63 / math.sqrt(600)


def test_each_column_has_as_many_zeros():
    drawn = array(init.sparse_(tensor(10, 7), sparsity=0.25, std=0.5, seed=3))
    assert ((drawn == 0.0).sum(axis=0) == 3).all()      # 2.5, and then rounded up
    kept = drawn[drawn != 0.0]
    assert abs(kept.std() - 0.5) < 5 * 0.5 / math.sqrt(2 * len(kept))
    assert {tuple(np.flatnonzero(column == 0.0)) for column in drawn.T} != {(0, 1, 2)}


def test_a_truncated_normal_stays_inside():
    drawn = [x.data for x in init.trunc_normal_(tensor(4000), 1.0, 2.0, -1.0, 2.0, seed=5)]
    assert -1.0 <= min(drawn) < -0.99
    assert 1.99 < max(drawn) <= 2.0
    normal = statistics.NormalDist()
    low, high = -1.0, 0.5
    mean = 1.0 + 2.0 * (normal.pdf(low) - normal.pdf(high)) / (normal.cdf(high) - normal.cdf(low))
    assert statistics.fmean(drawn) == pytest.approx(mean, abs=5 * 0.87 / math.sqrt(4000))


def test_fans_of_kernels():
    for sizes, fan_in, fan_out in (((8, 3, 5), 15, 40), ((8, 4, 3, 3), 36, 72)):
        bound = math.sqrt(6.0 / (fan_in + fan_out))
        drawn = np.abs(array(init.xavier_uniform_(tensor(*sizes), seed=1)))
        assert 0.9 * bound < drawn.max() <= bound
        he = np.abs(array(init.kaiming_uniform_(tensor(*sizes), nonlinearity="relu", seed=1)))
        assert 0.9 * math.sqrt(6.0 / fan_in) < he.max() <= math.sqrt(6.0 / fan_in)


def test_as_the_installed_pytorch():
    torch = pytest.importorskip("torch")
    for name in ("linear", "conv1d", "conv2d", "sigmoid", "tanh", "relu", "leaky_relu", "selu"):
        assert init.calculate_gain(name) == pytest.approx(torch.nn.init.calculate_gain(name), rel=1e-15)
    for sizes, groups in (((4, 2, 3, 3), 2), ((3, 5, 4), 1)):
        theirs = torch.nn.init.dirac_(torch.empty(sizes), groups).numpy()
        assert (array(init.dirac_(tensor(*sizes), groups)) == theirs).all()


@pytest.mark.parametrize(("call", "message"), [
    (lambda: init.eye_(tensor(3)), r"eye_ takes a list of rows .* not a tensor of shape \(3,\)"),
    (lambda: init.sparse_(tensor(3, 2, 2), 0.5), r"sparse_ takes a list of rows .* not a tensor of shape \(3, 2, 2\)"),
    (lambda: init.sparse_(tensor(3, 2), 1.5), "sparsity is a number from 0 to 1, not 1.5"),
    (lambda: init.dirac_(tensor(3, 2)), "dirac_ takes the kernels of a convolution"),
    (lambda: init.dirac_(tensor(3, 2, 2), 2), "whose outputs are a multiple of groups=2"),
    (lambda: init.orthogonal_(tensor(3)), "orthogonal_ takes a list of rows"),
    (lambda: init.orthogonal_([[Value(1.0)], [Value(1.0), Value(2.0)]]), "all of one shape"),
    (lambda: init.trunc_normal_(tensor(3), 0.0, 1.0, 6.0, 7.0), "no number of mean 0.0 and deviation 1.0"),
])
def test_bad_inputs(call, message):
    with pytest.raises(ValueError, match=message):
        call()
