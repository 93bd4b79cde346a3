"""What the introductory texts say about layers, activations and losses, each as one test."""

import math
import random
from itertools import pairwise

import numpy as np
import pytest

import autograd as ag
import nn
from autograd import Value, grad
from nn import MLP, LeakyReLU, Linear, Maxout, ReLU, Sequential, Sigmoid, Tanh, init
from nn.optim import decay_groups
from viz import draw_dot


def descend(module, loss, rate):
    """One step of gradient descent."""
    module.zero_grad()
    loss.backward()
    for p in module.parameters():
        p.data -= rate * p.grad
    return loss.data


def numbers(values):
    return np.array([[value.data for value in row] for row in values])


def gradients(values):
    return np.array([[value.grad for value in row] for row in values])


# ---- a feedforward network with several hidden layers and several outputs -----------------------


def quadrants(n, seed):
    """Points, and which of the four quadrants each is in."""
    rng = random.Random(seed)
    points = [[rng.choice((-1, 1)) * rng.uniform(0.2, 1.0) for _ in range(2)] for _ in range(n)]
    return [(x, 2 * (x[0] > 0) + (x[1] > 0)) for x in points]


def one_hot(i):
    return [float(j == i) for j in range(4)]


def predicted(model, x):
    return int(np.argmax([y.data for y in model(x)]))


@pytest.mark.parametrize("kind", ["softmax and cross-entropy", "sigmoid and squares"])
def test_four_class_one_hot(kind):
    softmax = kind.startswith("softmax")
    last = nn.Identity() if softmax else Sigmoid()
    model = Sequential(Linear(2, 6, seed=1), Tanh(), Linear(6, 5, seed=2), Tanh(), Linear(5, 4, seed=3), last)
    error = nn.cross_entropy if softmax else nn.half_squared_error
    data = quadrants(48, seed=4)
    for _ in range(60):
        loss = ag.mean([error(model(x), one_hot(i)) for x, i in data])
        descend(model, loss, 1.0 if softmax else 4.0)
    held_out = quadrants(200, seed=5)
    assert sum(predicted(model, x) == i for x, i in held_out) >= 195


# ---- equal weights ------------------------------------------------------------------------------


def hidden_neurons(start):
    """The hidden weights of a network that learnt from XOR, one row per neuron."""
    first, second = Linear(2, 3, seed=6), Linear(3, 1, seed=7)
    start(first, second)
    model = Sequential(first, Tanh(), second)
    for _ in range(20):
        loss = ag.sum([nn.half_squared_error(model(x), y) for x, y in
                       (((0, 0), -1), ((0, 1), 1), ((1, 0), 1), ((1, 1), -1))])
        descend(model, loss, 0.1)
    return [[w.data for w in row] for row in first.weight], [b.data for b in first.bias]


def test_symmetry_is_kept():
    def equal(first, second):
        init.constant_([first.weight, second.weight], 0.5)
        init.zeros_([first.bias, second.bias])

    rows, biases = hidden_neurons(equal)
    assert rows[0] == rows[1] == rows[2] != [0.5, 0.5]      # to the bit: three times the same neuron
    assert biases[0] == biases[1] == biases[2] != 0.0


def test_symmetry_is_broken():
    def small(first, second):
        init.normal_([first.weight, second.weight], 0, 0.01, seed=8)
        init.zeros_([first.bias, second.bias])

    rows, _ = hidden_neurons(small)
    assert len({tuple(row) for row in rows}) == 3


# ---- the recursion of deltas --------------------------------------------------------------------

SLOPES = {"sigmoid": (Sigmoid(), lambda z: 1 / (1 + np.exp(-z)), lambda a: a * (1 - a)),
          "tanh": (Tanh(), np.tanh, lambda a: 1 - a * a)}


@pytest.mark.parametrize("activation", SLOPES)
@pytest.mark.parametrize("sizes", [(1, 1), (3, 2), (2, 4, 3), (3, 5, 4, 2)])
def test_deltas(activation, sizes):
    module, f, slope = SLOPES[activation]
    linears = [Linear(n, m, seed=i) for i, (n, m) in enumerate(pairwise(sizes))]
    model = Sequential(*[part for linear in linears for part in (linear, module)])
    rng = np.random.default_rng(9)
    x, y = rng.normal(size=sizes[0]), rng.uniform(size=sizes[-1])
    nn.half_squared_error(model(x), y).backward()
    a = [x]
    for linear in linears:
        a.append(f(numbers(linear.weight) @ a[-1] + numbers([linear.bias])[0]))
    delta = -(y - a[-1]) * slope(a[-1])
    for i, linear in reversed(list(enumerate(linears))):
        assert gradients(linear.weight) == pytest.approx(np.outer(delta, a[i]), rel=1e-10)
        assert gradients([linear.bias])[0] == pytest.approx(delta, rel=1e-10)
        delta = (numbers(linear.weight).T @ delta) * slope(a[i])


def test_deltas_of_an_mlp():
    net = MLP(2, [3, 2], "sigmoid", output_activation="sigmoid", seed=10)
    x, y = np.array([0.4, -0.9]), np.array([0.0, 1.0])
    nn.half_squared_error(net(x), y).backward()
    (w1, b1), (w2, b2) = [(numbers([neuron.w for neuron in layer.neurons]),
                           np.array([neuron.b.data for neuron in layer.neurons])) for layer in net.layers]
    hidden = 1 / (1 + np.exp(-(w1 @ x + b1)))
    out = 1 / (1 + np.exp(-(w2 @ hidden + b2)))
    last = (out - y) * out * (1 - out)
    first = (w2.T @ last) * hidden * (1 - hidden)
    for layer, delta, below in ((net.layers[0], first, x), (net.layers[1], last, hidden)):
        assert gradients([neuron.w for neuron in layer.neurons]) == pytest.approx(np.outer(delta, below), rel=1e-12)
        assert [neuron.b.grad for neuron in layer.neurons] == pytest.approx(list(delta), rel=1e-12)


# ---- gradients that fade, die and saturate ------------------------------------------------------


@pytest.mark.parametrize("w", [1.0, -0.5, 3.0])
def test_vanishing_gradients_per_layer(w):
    x = Value(0.3)
    signals = [x]
    for i in range(12):
        linear = Linear(1, 1, seed=i)
        linear.weight[0][0].data = w
        signals += [y.sigmoid() for y in linear(signals[-1:])]
    signals[-1].backward()
    for before, after in pairwise(signals):
        assert 0 < abs(before.grad) <= 0.25 * abs(w) * abs(after.grad)
    assert abs(x.grad) <= (0.25 * abs(w)) ** 12


@pytest.mark.parametrize("w", [1.0, -0.5, 3.0])
def test_a_sigmoid_layer_at_0_multiplies_the_signal_by_exactly_a_quarter_of_the_weight(w):
    x = Value(0.0)
    signals = [x]
    for _ in range(12):
        linear = Linear(1, 1)
        linear.weight[0][0].data = w
        linear.bias[0].data = -w * signals[-1].data         # so that z = 0, where a sigmoid is steepest
        signals += [y.sigmoid() for y in linear(signals[-1:])]
    signals[-1].backward()
    for before, after in pairwise(signals):
        assert before.grad == 0.25 * w * after.grad
    assert x.grad == (0.25 * w) ** 12


def test_vanishing_gradients_of_wide_layers_at_0():
    sizes, weights, quarter = (4, 3, 4, 2), np.random.default_rng(12), 0.25
    linears = [Linear(n, m) for n, m in pairwise(sizes)]
    values = [Value(0.5) for _ in range(4)]
    inputs = [values]
    for linear in linears:
        for row, b in zip(linear.weight, linear.bias, strict=True):
            for w in row:
                w.data = float(weights.choice([-1.5, -0.5, 0.25, 1.0]))
            b.data = -0.5 * sum(w.data for w in row)        # every input is 1/2, so z = 0 everywhere
        inputs.append([y.sigmoid() for y in linear(inputs[-1])])
    ag.sum(inputs[-1]).backward()
    delta = np.full(2, 1.0)
    for linear, given in zip(reversed(linears), reversed(inputs[:-1]), strict=True):
        delta = quarter * numbers(linear.weight).T @ delta
        assert [value.grad for value in given] == list(delta)
    assert any(delta)


def test_vanishing_gradients_of_wide_layers():
    net = MLP(4, [4] * 8, "sigmoid", output_activation="sigmoid", seed=11)
    ag.sum(net([0.1, -0.2, 0.3, -0.4])).backward()
    norms = [sum(abs(neuron.b.grad) for neuron in layer.neurons) for layer in net.layers]     # of the deltas
    for i, layer in enumerate(net.layers[1:]):
        largest = np.abs(numbers([neuron.w for neuron in layer.neurons])).sum(axis=1).max()
        assert 0 < norms[i] <= 0.25 * largest * norms[i + 1]
    assert norms[0] < 1e-3 * norms[-1]


POINTS = [[0.5, 1.0], [1.0, -0.5], [-1.0, 0.2]]


@pytest.mark.parametrize(("activation", "dies"), [(ReLU(), True), (LeakyReLU(), False)])
def test_a_dying_relu(activation, dies):
    linear = Linear(2, 1, seed=12)
    model = Sequential(linear, activation)
    linear.bias[0].data = -10.0        # one step that was too large
    before = model.state_dict()
    for _ in range(5):
        loss = ag.mean([nn.mse_loss(model(x), 1.0) for x in POINTS])
        descend(model, loss, 0.1)
    assert (model.state_dict() == before) == dies       # no gradient ever comes back
    assert all(p.grad == 0.0 for p in model.parameters()) == dies


@pytest.mark.parametrize(("function", "z", "slope"), [
    (ag.relu, -3.0, None), (ag.relu, 3.0, "1"),          # dead, alive
    (ag.sigmoid, 30.0, "9.358e−14"), (ag.sigmoid, 0.0, "0.25"),     # saturated, and at its steepest
])
def test_a_dying_relu_and_a_saturating_sigmoid_in_a_picture(function, z, slope):
    z = Value(z, label="z")
    out = function(z)
    out.label = "out"
    out.backward()
    source = draw_dot(out).source
    assert f">∂out/∂z = {slope}<" in source if slope else ">no gradient flows<" in source


def test_a_saturating_sigmoid():
    z = 20.0
    slow = grad(lambda z: nn.half_squared_error(ag.sigmoid(z), 0.0))(z)
    fast = grad(lambda z: nn.binary_cross_entropy_with_logits(z, 0.0))(z)
    tail = 1 / (1 + math.exp(z))        # 1 - sigmoid(z)
    assert slow == pytest.approx((1 - tail) ** 2 * tail, rel=1e-14)     # 2e-9: wrong by 1, and hardly moving
    assert fast == pytest.approx(1 - tail, rel=1e-15)       # the usual loss undoes the slope


# ---- maxout -------------------------------------------------------------------------------------


def test_maxout_with_relu_as_special_case():
    maxout, linear = Maxout(2, 3, seed=13), Linear(2, 3, seed=14)
    for j in range(3):
        init.zeros_([maxout.weight[j][0], maxout.bias[j][0]])       # w1 = b1 = 0
        for value, same in zip([*maxout.weight[j][1], maxout.bias[j][1]], [*linear.weight[j], linear.bias[j]],
                               strict=True):
            value.data = same.data
    relu = Sequential(linear, ReLU())
    positive = 0
    for x in POINTS:
        one, other = maxout(x), relu(x)
        assert [y.data for y in one] == [y.data for y in other]
        positive += sum(y.data > 0 for y in one)
        ag.sum(one).backward()
        ag.sum(other).backward()
    assert 0 < positive < 9
    assert [gradients([maxout.weight[j][1]])[0].tolist() for j in range(3)] == gradients(linear.weight).tolist()
    assert [maxout.bias[j][1].grad for j in range(3)] == [b.grad for b in linear.bias]


# ---- the loss, and the decay of weights ---------------------------------------------------------


@pytest.mark.parametrize("target", [1, [0.0, 1.0, 0.0]])
def test_softmax_with_loss(target):
    linear, x = Linear(2, 3, seed=15), np.array([0.7, -1.1])
    nn.cross_entropy(linear(x), target).backward()
    z = numbers(linear.weight) @ x + numbers([linear.bias])[0]
    difference = np.exp(z) / np.exp(z).sum() - [0, 1, 0]        # y - t
    assert [b.grad for b in linear.bias] == pytest.approx(list(difference), rel=1e-13)
    assert gradients(linear.weight) == pytest.approx(np.outer(difference, x), rel=1e-13)


def test_weight_decay_on_weights_and_not_on_biases():
    data, reg, rate = [(x, i) for i, x in enumerate(POINTS)], 0.01, 0.5

    def network():
        return Sequential(Linear(2, 4, seed=16), Tanh(), Linear(4, 3, seed=17))

    def loss(model):
        return ag.mean([nn.cross_entropy(model(x), i) for x, i in data])

    plain, decayed, penalised = network(), network(), network()
    descend(plain, loss(plain), rate)
    before = network().state_dict()
    start = [p.data for p in decayed.parameters()]
    loss(decayed).backward()
    nn.SGD(decay_groups(decayed, reg), lr=rate).step()
    # by hand: dW + reg W, and db alone
    by_hand = {name: old - rate * (p.grad + reg * old if "weight" in name else p.grad)
               for (name, p), old in zip(decayed.named_parameters(), start, strict=True)}
    assert {name: p.data for name, p in decayed.named_parameters()} == pytest.approx(by_hand, rel=1e-14)
    weights = [p for name, p in penalised.named_parameters() if "weight" in name]
    descend(penalised, loss(penalised) + reg / 2 * ag.sum([w**2 for w in weights]), rate)
    for name, p in decayed.state_dict().items():
        p, q, r, first = (np.array(x) for x in (p, plain.state_dict()[name], penalised.state_dict()[name],
                                                before[name]))
        assert p == pytest.approx(r, rel=1e-12)     # the same as a penalty of half the squared weights
        assert p == pytest.approx(q - rate * reg * first if "weight" in name else q, rel=1e-12)
