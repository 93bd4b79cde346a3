"""The systems that the introductory texts describe, trained by fit, each as one test with its figures."""

from itertools import product

import numpy as np
import pytest
from sklearn.datasets import load_digits, load_iris
from sklearn.linear_model import LogisticRegression

import autograd as ag
import nn
from nn import MLP, SGD, Adam, Linear, Neuron, Sequential, Sigmoid, Tanh, accuracy, fit
from nn.optim import LBFGS, decay_groups
from viz import plot_loss


def held_out(x, y, part, seed):
    """Rows to train on and rows to test, drawn anew."""
    rows = np.random.default_rng(seed).permutation(len(x))
    test, train = np.split(rows, [int(part * len(x))])
    return x[train], y[train], x[test], y[test]


def share_right(model, x, y):
    return np.mean([np.argmax([out.data for out in model(row)]) == t for row, t in zip(x.tolist(), y, strict=True)])


# ---- one neuron ---------------------------------------------------------------------------------


def test_one_neuron_is_logistic_regression():
    x, y = load_iris(return_X_y=True)
    x, y = x[50:, 2:], (y[50:] == 2).astype(int)        # the two kinds that overlap, by the two sizes of their petals
    theirs = LogisticRegression(C=2.0, tol=1e-12, max_iter=10000).fit(x, y)
    neuron = Neuron(2, None, seed=1)
    # their sum of losses times C, and half the squared weights, over the rows and C

    def loss(output, target):
        return nn.binary_cross_entropy_with_logits(output, target) + ag.dot(neuron.w, neuron.w) / (2 * 2.0 * len(x))

    fit(neuron, loss, x, y, LBFGS(neuron.parameters(), max_iter=500, tolerance_grad=1e-10, tolerance_change=0.0), 2,
        jit=True, progress=False)
    assert [w.data for w in neuron.w] == pytest.approx(theirs.coef_[0], abs=1e-6)
    assert neuron.b.data == pytest.approx(theirs.intercept_[0], abs=1e-6)


def test_one_neuron_is_linear_regression():
    rng = np.random.default_rng(2)
    x = rng.normal(size=(40, 3))
    y = x @ [1.0, -2.0, 0.5] + 0.3 + rng.normal(scale=0.1, size=40)
    neuron = Neuron(3, None, seed=2)
    fit(neuron, nn.mse_loss, x, y, SGD(neuron.parameters(), lr=0.3), 300, jit=True, progress=False)
    full = np.column_stack([x, np.ones(40)])
    expected = np.linalg.solve(full.T @ full, full.T @ y)
    assert [p.data for p in neuron.parameters()] == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("size", [None, 8, 1])
def test_batch_mini_batch_and_single_example(size):
    """A line without noise: all three end in it, and fewer rows per step need fewer epochs."""
    x = np.linspace(-1, 1, 32)
    neuron = Neuron(1, None, seed=3)
    history = fit(neuron, nn.half_squared_error, x, 3 * x - 0.5, SGD(neuron.parameters(), lr=0.4), 150, size,
                  jit=True, progress=False)
    assert [p.data for p in neuron.parameters()] == pytest.approx([3, -0.5], abs=1e-7)
    epochs = sum(loss > 1e-6 for loss in history["loss"])
    assert {None: 20, 8: 4, 1: 0}[size] < epochs < {None: 60, 8: 16, 1: 4}[size]


def test_weight_decay_shrinks_weights_and_not_biases():
    x = np.linspace(-1, 1, 21)
    neuron = Neuron(1, None, seed=4)
    optimizer = SGD(decay_groups(neuron, 0.1), lr=0.5)
    fit(neuron, nn.half_squared_error, x, 2 * x + 1, optimizer, 500, jit=True, progress=False)
    spread = np.mean(x * x)
    # where the gradient, spread (w - 2) + 0.1 w, is 0
    assert [p.data for p in neuron.parameters()] == pytest.approx([2 * spread / (spread + 0.1), 1.0], rel=1e-12)


# ---- networks -----------------------------------------------------------------------------------


def test_two_two_two():
    """10,000 steps of a course's network, whose biases stay as they are."""
    model = Sequential(Linear(2, 2), Sigmoid(), Linear(2, 2), Sigmoid())
    model.load_state_dict({"0.weight": [[0.15, 0.20], [0.25, 0.30]], "0.bias": [0.35, 0.35],
                           "2.weight": [[0.40, 0.45], [0.50, 0.55]], "2.bias": [0.60, 0.60]})
    weights = [w for i in (0, 2) for row in model[i].weight for w in row]
    errors = fit(model, nn.half_squared_error, [[0.05, 0.10]], [[0.01, 0.99]], SGD(weights, lr=0.5), 10000,
                 jit=True, progress=False)["loss"]
    assert errors[:2] == pytest.approx([0.298371108760003, 0.2910277736937], rel=1e-9)
    outputs = [y.data for y in model([0.05, 0.10])]
    assert outputs == pytest.approx([0.01591362044355068, 0.9840642735146238], rel=1e-9)
    assert nn.half_squared_error(outputs, [0.01, 0.99]) == pytest.approx(3.510187782978859e-05, rel=1e-9)


def xor(seed, size):
    """The largest error of a network that learnt from the four rows."""
    model = MLP(2, [4, 1], "tanh", output_activation="tanh", seed=seed)
    x = list(product((-1, 1), repeat=2))
    fit(model, nn.mse_loss, x, [a * b for a, b in x], SGD(model.parameters(), lr=0.2), 500, size, jit=True,
        progress=False)
    return max(abs(model(row).data - row[0] * row[1]) for row in x)


@pytest.mark.parametrize("size", [None, 2, 1])
def test_xor(size):
    assert xor(4, size) < 0.1


def test_restarts_and_noise_help_out_of_a_local_minimum():
    assert xor(5, None) > 1.9       # one of the four is answered wrongly, and stays so
    assert xor(6, None) < 0.1
    assert xor(5, 1) < 0.1


def test_four_class_one_hot():
    rng = np.random.default_rng(6)
    x = rng.uniform(-1, 1, size=(120, 2))
    kind = 2 * (x[:, 0] > 0) + (x[:, 1] > 0)
    model = Sequential(Linear(2, 8, seed=6), Tanh(), Linear(8, 4, seed=7))
    history = fit(model, nn.cross_entropy, x, np.eye(4)[kind], Adam(model.parameters(), lr=0.05), 60, 10, 0.25,
                  {"accuracy": accuracy}, jit=True, progress=False)
    assert history["val_accuracy"][-1] >= 0.9
    assert share_right(model, x, kind) >= 0.95


def moons():
    """Two interleaved half circles with noise 0.1, and the sides -1 and 1."""
    noise = np.random.default_rng(1337).normal(scale=0.1, size=(100, 2))
    angle = np.linspace(0.0, np.pi, 50)
    upper = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return np.concatenate([upper, [1.0, 0.5] - upper]) + noise, np.repeat([-1, 1], 50)


def test_micrograds_demo():
    """100 steps with all points, the rate falling from 1 to 0.1: the two moons, told apart."""
    x, y = moons()
    model = MLP(2, [16, 16, 1], init="micrograd", seed=8)
    parameters = model.parameters()
    optimizer = SGD(parameters, lr=1.0)
    rate = nn.optim.lr_scheduler.LambdaLR(optimizer, lambda epoch: 1.0 - 0.9 * epoch / 100)

    def loss(score, side):
        return (1.0 - side * score).relu() + 1e-4 * ag.dot(parameters, parameters)

    history = fit(model, loss, x, y, optimizer, 100, schedulers=[rate], metrics={"accuracy": accuracy}, jit=True,
                  progress=False)
    assert history["accuracy"][-1] == 1.0
    assert len(plot_loss(history).axes) == 2


# ---- data from scikit-learn ---------------------------------------------------------------------


def test_iris():
    x, y = load_iris(return_X_y=True)
    x, y, test_x, test_y = held_out((x - x.mean(axis=0)) / x.std(axis=0), y, 0.4, seed=9)
    model = Sequential(Linear(4, 8, seed=9), Tanh(), Linear(8, 3, seed=10))
    fit(model, nn.cross_entropy, x, y, Adam(decay_groups(model, 1e-3), lr=0.05), 40, 10, jit=True, progress=False)
    assert share_right(model, test_x, test_y) >= 0.93


def test_digits():
    x, y = load_digits(return_X_y=True)
    x, y, test_x, test_y = held_out(x / 16.0, y, 0.25, seed=11)
    model = Sequential(Linear(64, 16, seed=11), Tanh(), Linear(16, 10, seed=12))
    fit(model, nn.cross_entropy, x, y, Adam(model.parameters(), lr=0.01), 10, 16, jit=True, progress=False)
    assert share_right(model, test_x, test_y) >= 0.95
