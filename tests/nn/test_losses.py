"""Losses: exact at their limits, the same in every mode, and what is refused."""

import math
from collections import deque
from functools import partial

import mpmath
import numpy as np
import pytest

import autograd as ag
import nn
from autograd import Value, anomaly, derivative, grad, gradcheck, hessian, jit, value_and_grad

FAR = [1000.0, -1000.0, 40.0, -40.0, 0.5, 0.0]


def binary(x, t):
    """The loss and its slopes by x and t, from the definition, in 2000 digits."""
    with mpmath.workdps(2000):
        x, t, one = mpmath.mpf(x), mpmath.mpf(t), mpmath.mpf(1)
        p, q = one / (1 + mpmath.exp(-x)), one / (1 + mpmath.exp(x))
        return float(-t * mpmath.log(p) - (1 - t) * mpmath.log(q)), float(p - t), float(mpmath.log(q) - mpmath.log(p))


def categorical(logits, t):
    """The loss and its gradient y - t, from the definition, in 2000 digits."""
    with mpmath.workdps(2000):
        powers = [mpmath.exp(mpmath.mpf(x)) for x in logits]
        shares = [power / mpmath.fsum(powers) for power in powers]
        loss = -mpmath.fsum(t * mpmath.log(y) for t, y in zip(t, shares, strict=True) if t)
        return float(loss), [float(y - t) for y, t in zip(shares, t, strict=True)]


def one_hot(i, n):
    return [float(j == i) for j in range(n)]


@pytest.mark.parametrize("target", [0, 1, 0.25])
@pytest.mark.parametrize("x", FAR)
def test_binary_cross_entropy_keeps_its_digits(x, target):
    loss, slope, by_target = binary(x, target)
    f = nn.binary_cross_entropy_with_logits
    assert f(x, target) == pytest.approx(loss, rel=1e-14, abs=0)
    rel = 1e-14 if target in (0, 1) else 1e-13      # p - 1/4 is a difference, and none of nearly equal numbers here
    assert grad(f)(x, float(target))[0] == pytest.approx(slope, rel=rel, abs=0)
    # a target that is traced goes another way, to the same numbers
    assert jit(f)(x, float(target)) == f(x, target)
    compiled, slopes = jit(value_and_grad(f, argnums=(0, 1)))(x, float(target))
    assert compiled == pytest.approx(loss, rel=1e-14, abs=0)
    assert slopes == (pytest.approx(slope, rel=rel, abs=0), pytest.approx(by_target, rel=1e-13, abs=1e-300))


@pytest.mark.parametrize(("p", "target", "exact", "pytorchs"), [        # of PyTorch 2.13.0 in double precision
    (1.0, 0.0, 0.0, 1000000003995.8029), (0.0, 1.0, 0.0, -1000000003995.8029), (1e-40, 1.0, -1e40, -1000000003995.8029),
    (1e-13, 1.0, -1e13, -1000000003995.7028), (1e-6, 1.0, -1e6, -1e6), (1.0, 1.0, -1.0, 0.0), (0.0, 0.0, 1.0, 0.0)])
def test_the_gradient_of_binary_cross_entropy_is_that_of_its_bounded_logarithm(p, target, exact, pytorchs):
    """It is not PyTorch's where p (1 - p) is below 1e-12."""
    x, f = Value(p), nn.binary_cross_entropy
    f(x, target).backward()
    assert x.grad == jit(grad(f))(p, target)[0] == pytest.approx(exact, rel=1e-15, abs=0)
    assert (p - target) / max(p * (1.0 - p), 1e-12) == pytest.approx(pytorchs, rel=1e-8)


def test_binary_cross_entropy_behind_a_sigmoid():
    def slope(x, target):
        return grad(lambda x: nn.binary_cross_entropy(ag.sigmoid(x), target))(x)

    assert slope(-92.0, 1.0) == pytest.approx(-1.0, rel=1e-14)      # PyTorch's is -1e-28
    assert slope(50.0, 0.0) == 0.0 != grad(nn.binary_cross_entropy_with_logits)(50.0, 0.0)[0]


LOGITS = [[1000.0, -1000.0, 0.0], [-1000.0, 1000.0], [40.0, 0.0, 1.0, 39.0], [0.3, -1.2, 2.5], [0.0, 1e-9], [7.0],
          [1e6, 1e6 + 40.0], [-3000.0, -3040.0]]


@pytest.mark.parametrize("logits", LOGITS)
def test_cross_entropy_of_a_class_keeps_its_digits(logits):
    for i in range(len(logits)):
        loss, slopes = categorical(logits, one_hot(i, len(logits)))
        f = nn.cross_entropy
        assert f(logits, i) == pytest.approx(loss, rel=1e-14, abs=1e-320)
        values = [Value(x) for x in logits]
        f(values, i).backward()
        assert [value.grad for value in values] == pytest.approx(slopes, rel=1e-14, abs=1e-320)
        # one compiled loss takes every class
        compiled, gradient = jit(value_and_grad(f))(logits, float(i))
        assert compiled == f(logits, i)
        assert gradient[0] == [value.grad for value in values]
        assert gradient[1] == 0.0


def test_a_compiled_cross_entropy_is_traced_once():
    traced = []

    @jit
    def loss(logits, target):
        traced.append(target)
        return nn.cross_entropy(logits, target)

    logits = [0.3, -1.2, 2.5]
    assert [loss(logits, i) for i in (0, 1, 2)] == [nn.cross_entropy(logits, i) for i in (0, 1, 2)]
    assert len(traced) == 1
    assert [loss(logits, bad) != loss(logits, bad) for bad in (3, -1, 0.5)] == [True] * 3       # nan


@pytest.mark.parametrize("logits", LOGITS)
def test_cross_entropy_of_probabilities(logits):
    n = len(logits)
    for t in (one_hot(n - 1, n), [1.0 / n] * n, [0.5 * p for p in one_hot(0, n)]):
        with mpmath.workdps(2000):
            powers = [mpmath.exp(mpmath.mpf(x)) for x in logits]
            shares = [power / mpmath.fsum(powers) for power in powers]
            loss = float(-mpmath.fsum(p * mpmath.log(y) for p, y in zip(t, shares, strict=True)))
            slopes = [float(mpmath.fsum(t) * y - p) for p, y in zip(t, shares, strict=True)]
        assert nn.cross_entropy(logits, t) == pytest.approx(loss, rel=1e-14, abs=1e-14)
        assert grad(nn.cross_entropy)(logits, t)[0] == pytest.approx(slopes, rel=1e-14, abs=1e-15)
        assert jit(nn.cross_entropy)(logits, t) == nn.cross_entropy(logits, t)


def test_infinite_logits():
    masked, target = [Value(0.5), Value(float("-inf"))], 0
    loss = nn.cross_entropy(masked, target)
    loss.backward()
    assert (loss.data, [x.grad for x in masked]) == (0.0, [0.0, 0.0])
    assert nn.cross_entropy([0.5, float("-inf")], 1) == float("inf")
    assert [nn.binary_cross_entropy_with_logits(float("inf"), t) for t in (0, 1)] == [float("inf"), 0.0]


def test_a_class_that_is_a_value_makes_no_anomaly():
    with anomaly():
        assert nn.cross_entropy([Value(1.0), Value(2.0)], Value(1.0)).data == nn.cross_entropy([1.0, 2.0], 1)


OUT, T = [0.5, -1.25, 3.0], [1.0, -0.25, 3.5]
FIGURES = {     # by hand: differences -1/2, -1, -1/2
    "mse_loss": (T, 0.5, [-1 / 3, -2 / 3, -1 / 3]),
    "l1_loss": (T, 2 / 3, [-1 / 3, -1 / 3, -1 / 3]),
    "half_squared_error": (T, 0.75, [-0.5, -1.0, -0.5]),
    "hinge_loss": ([1.0, 1.0, 1.0], 2.75 / 3, [-1 / 3, -1 / 3, 0.0]),
}


@pytest.mark.parametrize("name", FIGURES)
def test_figures(name):
    target, loss, gradient = FIGURES[name]
    f = getattr(nn, name)
    assert f(OUT, target) == pytest.approx(loss, rel=1e-15)
    assert grad(f)(OUT, target)[0] == pytest.approx(gradient, rel=1e-15)
    assert f(np.array(OUT), target) == f(tuple(OUT), iter(target)) == f(OUT, target)


def test_reductions():
    for f in (nn.mse_loss, nn.l1_loss, nn.binary_cross_entropy_with_logits):
        t = [0.0, 1.0, 1.0]
        assert f(OUT, t, reduction="sum") == pytest.approx(3 * f(OUT, t), rel=1e-15)
        assert f(OUT, t, reduction="mean") == f(OUT, t)
        assert f(OUT[0], t[0]) == f(OUT[:1], t[:1]) == f(OUT[0], t[:1]) == f(OUT[0], t[0], reduction="sum")


TARGETS = {"mse_loss": T, "l1_loss": T, "half_squared_error": T, "hinge_loss": [1.0, -1.0, -1.0],
           "binary_cross_entropy_with_logits": [1.0, 0.0, 0.0], "cross_entropy": 2}


@pytest.mark.parametrize("name", TARGETS)
def test_every_mode_agrees(name):
    f, target = getattr(nn, name), TARGETS[name]
    plain = f(OUT, target)
    assert type(plain) is float
    values = [Value(x) for x in OUT]
    loss = f(values, target)
    loss.backward()
    gradient = [value.grad for value in values]
    assert loss.data == plain
    assert f([values[0], *OUT[1:]], target).data == plain     # numbers among them
    along = derivative(lambda s: f([s, OUT[1] + 2 * s, OUT[2] - s], target))(OUT[0])
    moved = grad(lambda x: f(x, target))([OUT[0], OUT[1] + 2 * OUT[0], OUT[2] - OUT[0]])
    assert along == pytest.approx(moved[0] + 2 * moved[1] - moved[2], rel=1e-13)
    assert jit(f)(OUT, target) == jit(lambda x: f(x, target))(OUT) == plain
    assert jit(grad(f))(OUT, target)[0] == pytest.approx(gradient, rel=1e-15)
    targets = Value(2.0) if name == "cross_entropy" else [Value(t) for t in target]
    assert f(OUT, targets).data == plain
    assert gradcheck(lambda a, b, c: f([a, b, c], target), *OUT)


def test_numpys_numbers_and_single_precision():
    output, target = np.float32([0.1, 0.2]), np.float32([0.3, 0.7])
    for f in (nn.mse_loss, nn.l1_loss, nn.half_squared_error):
        exact = f([float(x) for x in output], [float(x) for x in target])
        assert f(output, target) == f(list(output), list(target)) == exact
    assert nn.cross_entropy(output, np.int64(1)) == nn.cross_entropy([float(x) for x in output], 1)
    assert nn.binary_cross_entropy_with_logits(output, [np.float32(1), np.float32(0)]) == \
        nn.binary_cross_entropy_with_logits([float(x) for x in output], [1, 0])
    assert nn.mse_loss(np.array(3.0), np.array([1.0])) == 4.0
    assert nn.cross_entropy(OUT, np.array(2)) == nn.cross_entropy(OUT, 2)


def test_second_derivatives():
    # of cross-entropy: diag(y) - y y^T
    y = np.array(ag.softmax(OUT))
    for target in (2, one_hot(2, 3)):
        second = hessian(lambda x, t=target: nn.cross_entropy(x, t))(OUT)
        assert np.array(second) == pytest.approx(np.diag(y) - np.outer(y, y), rel=1e-12, abs=1e-15)


@pytest.mark.parametrize(("call", "message"), [
    (lambda: nn.mse_loss([1.0, 2.0], [1.0]), "mse_loss: 2 outputs and 1 targets; give as many of each"),
    (lambda: nn.l1_loss([1.0, 2.0], 1.0), "l1_loss: 2 outputs and 1 targets"),
    (lambda: nn.half_squared_error([], []), "half_squared_error of no numbers is undefined; give at least one"),
    (lambda: nn.mse_loss(1.0, 1.0, reduction="max"), "mse_loss: reduction is 'mean' or 'sum' or 'none', not 'max'"),
    (lambda: nn.mse_loss([[1.0, 2.0]], [[1.0]]), "mse_loss: 2 outputs and 1 targets"),
    (lambda: nn.mse_loss([1.0, {2.0: 1}], [1.0, 2.0]), "expected a number or a Value, not dict"),
    (lambda: nn.mse_loss({1.0, 2.0}, [1.0, 2.0]), "expected a number or a Value, not set"),
    (lambda: nn.mse_loss([1.0, 2.0], [1.0, []]), "mse_loss: 2 outputs and 1 targets"),
    (lambda: nn.huber_loss(1.0, 2.0, delta=0.0), "huber_loss: delta is a finite number above 0, not 0.0"),
    (lambda: nn.kl_div([0.0], [1.0], reduction="average"), "'mean' or 'batchmean' or 'sum' or 'none', not 'average'"),
    (lambda: nn.cross_entropy([[1.0, 2.0], [1.0]], [0, 0]), "the logits of example 1 are not as many as those of ex"),
    (lambda: nn.cross_entropy([[1.0, 2.0], [1.0, 2.0]], [0]), "cross_entropy: 2 outputs and 1 targets"),
    (lambda: nn.cross_entropy([1.0, 2.0], 0, weight=[1.0, 2.0, 3.0]), "weight has 3 numbers for 2 classes"),
    (lambda: nn.cross_entropy([[1.0, 2.0]], [1], ignore_index=1), "no target counts, so there is no mean"),
    (lambda: nn.cross_entropy([1.0, 2.0], [0.5, 0.5], ignore_index=1), "ignore_index is for targets that are numbers"),
    (lambda: nn.cross_entropy([1.0, 2.0], 0, label_smoothing=1.5), "label_smoothing is a number from 0 to 1, not 1.5"),
    (lambda: nn.nll_loss([-1.0, -2.0], 2), "nll_loss: there is no class 2 among 2 logits; classes count from 0 to 1"),
    (lambda: nn.binary_cross_entropy(0.5, -1), "binary_cross_entropy: targets are from 0 to 1, not -1; labels -1"),
    (lambda: nn.hinge_embedding_loss(0.5, 0), "hinge_embedding_loss: targets are -1 and 1, not 0; scale labels"),
    (lambda: nn.binary_cross_entropy_with_logits([0.5, 1.0], [0, 1], pos_weight=[1.0, 2.0, 3.0]),
     "outputs of shape 2 and pos_weight of shape 3; give pos_weight of the outputs' shape"),
    (lambda: nn.mse_loss("ab", [1.0, 2.0]), "expected a number or a Value, not str"),
    (lambda: nn.mse_loss(1.0, None), "expected a number or a Value, not NoneType"),
    (lambda: nn.hinge_loss(0.5, 0), "hinge_loss: targets are -1 and 1, not 0"),
    (lambda: nn.binary_cross_entropy_with_logits(0.5, -1), "targets are from 0 to 1, not -1; labels -1 and 1"),
    (lambda: nn.binary_cross_entropy_with_logits(0.5, float("nan")), "targets are from 0 to 1, not nan"),
    (lambda: nn.cross_entropy(1.0, 0), "cross_entropy: input is the list of logits"),
    (lambda: nn.cross_entropy(Value(1.0), 0), "cross_entropy: input is the list of logits"),
    (lambda: nn.cross_entropy([], 0), "cross_entropy: input is the list of logits"),
    (lambda: nn.cross_entropy([1.0, 2.0], 2), "there is no class 2 among 2 logits; classes count from 0 to 1"),
    (lambda: nn.cross_entropy([1.0, 2.0], np.int64(2)), "there is no class 2 among 2 logits"),
    (lambda: nn.cross_entropy([1.0, 2.0], -1), "there is no class -1 among 2 logits"),
    (lambda: nn.cross_entropy([1.0, 2.0], 0.5), "there is no class 0.5 among 2 logits"),
    (lambda: nn.cross_entropy([1.0, 2.0], [1.0]), "cross_entropy: 2 outputs and 1 targets"),
    (lambda: nn.cross_entropy([1.0, 2.0], None), "expected a number or a Value, not NoneType"),
])
def test_bad_inputs(call, message):
    with pytest.raises((TypeError, ValueError), match=message):
        call()


def test_an_output_that_is_no_probability_is_named():
    """As PyTorch does. Compiled code, which compares nothing, gives nan; `fit` says the same in each of its ways."""
    message = r"binary_cross_entropy: number 1 of the input \(counted from 0\) is 1.5.*; put a sigmoid behind the model"
    for outputs in ([0.5, 1.5], [[0.5], [1.5]], [Value(0.25) * 2.0, Value(0.75) * 2.0], np.array([0.5, 1.5])):
        with pytest.raises(ValueError, match=message):
            nn.binary_cross_entropy(outputs, [[1], [1]] if isinstance(outputs[0], list) else [1, 1])
    with pytest.raises(ValueError, match=r"number 0 of the input .* is -0\.5"):
        nn.BCELoss()(-0.5, 0)
    assert math.isnan(nn.binary_cross_entropy(math.nan, 1))
    assert nn.binary_cross_entropy([0.0, 1.0], [0, 1]) == 0.0
    compiled = jit(lambda x: nn.binary_cross_entropy([2.0 * x], [1.0]))
    assert compiled(0.25) == nn.binary_cross_entropy(0.5, 1)
    assert math.isnan(compiled(0.75))
    for way in (True, False, "auto"):
        model = nn.Linear(1, 1, seed=0)
        before = model.state_dict()
        with pytest.raises(ValueError, match=r"number 0 of the input .* is 34\.9"):
            nn.fit(model, nn.binary_cross_entropy, [[0.1], [50.0]], [0, 1], nn.SGD(model.parameters(), lr=0.1),
                   epochs=1, progress=False, jit=way)
        assert model.state_dict() == before


@pytest.mark.parametrize("loss", [nn.cross_entropy, nn.nll_loss])
def test_the_mean_of_ignored_targets_alone_is_an_error_and_their_sum_is_0(loss):
    """PyTorch's mean is nan. `fit` names the example before the first step."""
    with pytest.raises(ValueError, match=r"no target counts, so there is no mean; leave .*reduction='sum'"):
        loss([1.0, 2.0], -100, ignore_index=-100)
    assert loss([1.0, 2.0], -100, ignore_index=-100, reduction="sum") == 0.0
    model = nn.Linear(1, 2, seed=0)
    with pytest.raises(ValueError, match=r"y, row 1 \(counted from 0\): .*no target counts"):
        nn.fit(model, partial(loss, ignore_index=-100), [[0.0], [1.0]], [1, -100],
               nn.SGD(model.parameters(), lr=0.1), epochs=1, progress=False)


def test_tables_and_other_sequences_are_their_numbers():
    pandas = pytest.importorskip("pandas")
    wanted = nn.mse_loss([[1.0, 2.0], [3.0, 4.0]], [[0.0, 0.0], [0.0, 0.0]])
    table = np.array([[1.0, 2.0], [3.0, 4.0]])
    for x in (table, pandas.DataFrame(table), [pandas.Series(row) for row in table], deque(table),
              (tuple(row) for row in table)):
        assert nn.mse_loss(x, [[0.0, 0.0], [0.0, 0.0]]) == wanted
    for loss, y in ((nn.cross_entropy, [0, 1]), (nn.nll_loss, [0, 1]),
                    (nn.binary_cross_entropy_with_logits, [[0, 1], [1, 0]]), (nn.huber_loss, [[0, 1], [1, 0]])):
        assert loss(iter(table), y, reduction="none") == loss(table, y, reduction="none")
    assert nn.cross_entropy(pandas.DataFrame(table), pandas.Series([0, 1])) == nn.cross_entropy(table, [0, 1])
