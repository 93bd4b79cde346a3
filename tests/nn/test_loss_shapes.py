"""Outputs and targets of different shapes are refused in every loss, though they have as many numbers."""

import numpy as np
import pytest

import nn
from autograd import Value, jit

ELEMENTWISE = {"mse_loss": nn.mse_loss, "l1_loss": nn.l1_loss, "huber_loss": nn.huber_loss,
               "smooth_l1_loss": nn.smooth_l1_loss, "half_squared_error": nn.half_squared_error,
               "hinge_loss": nn.hinge_loss, "hinge_embedding_loss": nn.hinge_embedding_loss, "kl_div": nn.kl_div,
               "binary_cross_entropy": nn.binary_cross_entropy,
               "binary_cross_entropy_with_logits": nn.binary_cross_entropy_with_logits}
WRONG = [       # outputs, targets, and what the error says
    ([[1.0, 1.0]], [[1.0], [1.0]], "1 x 2 and targets of shape 2 x 1"),
    ([[1.0], [1.0]], [[1.0, 1.0]], "2 x 1 and targets of shape 1 x 2"),
    ([1.0] * 4, [[1.0, 1.0], [1.0, 1.0]], "4 and targets of shape 2 x 2"),
    ([[1.0] * 3] * 2, [[1.0] * 2] * 3, "2 x 3 and targets of shape 3 x 2"),
    ([[[1.0, 1.0]], [[1.0, 1.0]]], [[1.0] * 4], "2 x 1 x 2 and targets of shape 1 x 4"),
    ([[1.0, 1.0], [1.0]], [[1.0], [1.0, 1.0]], "2 x 2 and targets of shape 2 x 1"),
    ([[1.0], [1.0, 1.0], [1.0]], [[1.0], [1.0], [1.0, 1.0]], "3 x 1, whose lists differ in length")]
RIGHT = [       # one has dimensions of 1 more
    ([1.0], 1.0), (1.0, [1.0]), ([[1.0]], 1.0), ([[1.0], [1.0]], [1.0, 1.0]), ([1.0, 1.0], [[1.0], [1.0]]),
    ([[1.0, 1.0]], [1.0, 1.0]), ([[[1.0, 1.0]], [[1.0, 1.0]]], [[1.0, 1.0], [1.0, 1.0]]),
    ([[[1.0], [1.0]], [[1.0]]], [[1.0, 1.0], [1.0]]), ([[1.0, 1.0], [1.0]], [[1.0, 1.0], [1.0]])]


def array(x):
    ragged = isinstance(x, list) and len({len(row) if isinstance(row, list) else 0 for row in x}) > 1
    return x if ragged else np.array(x)


@pytest.mark.parametrize(("outputs", "targets", "message"), WRONG)
@pytest.mark.parametrize("name", ELEMENTWISE)
def test_other_shapes_are_refused(name, outputs, targets, message):
    for o, t in ((outputs, targets), (array(outputs), targets), (outputs, array(targets))):
        with pytest.raises(ValueError, match=f"^{name}: outputs of shape {message}|differ in length; give targets of"):
            ELEMENTWISE[name](o, t)


@pytest.mark.parametrize(("outputs", "targets"), RIGHT)
@pytest.mark.parametrize("name", ELEMENTWISE)
def test_dimensions_of_1_may_differ(name, outputs, targets):
    wanted = float(ELEMENTWISE[name](list(map(float, flat(outputs))), flat(targets)))
    for o, t in ((outputs, targets), (array(outputs), targets), (outputs, array(targets))):
        assert float(ELEMENTWISE[name](o, t)) == wanted


def test_iterators_are_read_once():
    assert nn.mse_loss([[1.0], [2.0]], iter([1.0, 4.0])) == nn.mse_loss(iter([[1.0], [2.0]]), [1.0, 4.0]) == 2.0
    assert nn.mse_loss([1.0, 2.0], iter([[1.0], [4.0]])) == 2.0


def flat(x):
    return [number for item in x for number in flat(item)] if isinstance(x, list) else [x]


WIDE = nn.Linear(2, 4, seed=0)


@pytest.mark.parametrize("call", [
    lambda: nn.MSELoss()([[1.0, 2.0]], [[1.0], [2.0]]),
    lambda: nn.mse_loss([[Value(1.0), Value(2.0)]], [[1.0], [2.0]]),
    lambda: jit(nn.mse_loss)([[1.0, 2.0]], [[1.0], [2.0]]),
    lambda: nn.mse_loss([[1.0, 2.0]], [[1.0], [2.0]], reduction="none"),
    lambda: nn.kl_div([[1.0, 2.0]], [[1.0], [2.0]], reduction="batchmean"),
    lambda: nn.cross_entropy([[1.0, 2.0, 3.0, 4.0]] * 2, [[[0.5, 0.0], [0.5, 0.0]]] * 2),
    lambda: nn.cross_entropy([1.0, 2.0, 3.0, 4.0], [[0.5, 0.0], [0.5, 0.0]]),
    lambda: nn.nll_loss([[1.0, 2.0]] * 4, [[0, 1], [1, 0]]),
    lambda: nn.fit(WIDE, nn.mse_loss, [[1.0, 2.0]], [[[1.0, 2.0], [3.0, 4.0]]], nn.SGD(WIDE.parameters(), lr=0.1), 1)])
def test_no_way_around_it(call):
    with pytest.raises((ValueError, TypeError), match=r"outputs of shape .* and targets of shape|and 1 targets"):
        call()


@pytest.mark.parametrize("weight", [[1.0, 2.0], [[1.0, 2.0]], [1.0] * 6, [[1.0], [2.0], [3.0]], [[[1.0], [2.0], [1.0]]],
                                    [[1.0, 2.0, 3.0], [1.0]], []])
def test_weights_of_another_shape_are_refused(weight):
    """As many numbers divide the outputs is no reason: weights are broadcast as in PyTorch, which refuses these."""
    x, t = [[0.1, 0.2, 0.3], [0.3, 0.4, 0.5]], [[1.0, 0.0, 1.0], [0.0, 1.0, 1.0]]
    for loss in (nn.binary_cross_entropy, nn.binary_cross_entropy_with_logits):
        with pytest.raises(ValueError, match=r"outputs of shape 2 x 3 and weight of shape .*; give weight of"):
            loss(x, t, weight=weight)
    with pytest.raises(ValueError, match="and pos_weight of shape"):
        nn.binary_cross_entropy_with_logits(x, t, pos_weight=weight)


def test_weights_of_sequences_that_differ_in_length():
    x, t = [[[0.5, 0.5], [0.5, 0.5]], [[0.5, 0.5]]], [[[1, 1], [1, 1]], [[1, 1]]]
    each = nn.binary_cross_entropy(x, t, reduction="none", weight=[1.0, 2.0])
    assert each == nn.binary_cross_entropy(x, t, reduction="none", weight=[[[1.0, 2.0]] * 2, [[1.0, 2.0]]])
    assert [w / each[0][0][0] for w in each[1][0]] == [1.0, 2.0]
    assert nn.binary_cross_entropy([[0.5], [0.5]], [1, 1], weight=[1.0, 3.0], reduction="sum") == 4 * each[0][0][0]
    assert nn.binary_cross_entropy(0.5, 1, weight=iter([2.0])) == 2 * each[0][0][0]
