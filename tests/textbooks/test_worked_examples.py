"""Worked examples of introductions to backpropagation, against their exact figures."""

import math
import operator

import pytest

import autograd as ag
from autograd import Value, accumulation, count_paths, grad, paths
from nn import MLP, SGD, Neuron, half_squared_error


def close(x, y):
    return math.isclose(getattr(x, "data", x), y, rel_tol=1e-9, abs_tol=1e-12)


def test_colah():
    a, b = Value(2, label="a"), Value(1, label="b")
    c, d = a + b, b + 1
    e = c * d
    e.backward()
    assert (c.data, d.data, e.data) == (3, 2, 6)
    assert c.partials == (1.0, 1.0)
    assert d.partials == (1.0, None)
    assert e.partials == (2.0, 3.0)
    assert (a.grad, b.grad) == (2, 5)
    routes = list(paths(e, b))
    assert [[node is c or node is d for node in route.nodes] for route in routes] == [[False, True, False]] * 2
    assert {route.nodes[1] for route in routes} == {c, d}
    assert sorted(route.product for route in routes) == [2, 3]


def test_three_inputs():
    a, b, c = Value(1), Value(2), Value(3)
    y = (a + b) * (b * c)
    y.backward()
    assert (y.data, a.grad, b.grad, c.grad) == (18, 6, 15, 6)
    assert sorted(route.product for route in paths(y, b)) == [6, 9]


@pytest.mark.parametrize("x", [-1.3, 0.0, 0.4, 2.0])
def test_composite(x):
    assert close(grad(lambda x: ag.sin(x**3 + 5))(x), math.cos(x**3 + 5) * 3 * x**2)


def test_car_price():
    price, count, tax = Value(20), 2, 1.1
    subtotal = price * count
    total = subtotal * tax
    total.backward()
    assert close(total, 44)
    assert close(price.grad, 2.2)
    assert (total.grad, subtotal.grad) == (1, 1.1)


def test_nodes_add_passes_the_gradient_on():
    a, b = Value(3), Value(4)
    (a + b).backward(1.3)
    assert (a.grad, b.grad) == (1.3, 1.3)


def test_nodes_multiply_swaps_the_factors():
    a, b = Value(10), Value(5)
    (a * b).backward(1.3)
    assert (a.grad, b.grad) == (6.5, 13.0)


def test_nodes_affine():
    xs = [Value(x) for x in (1.0, -2.0)]
    weights = [[Value(w) for w in row] for row in ((0.1, 0.2), (0.3, 0.4), (0.5, 0.6))]
    h = [ag.dot(row, xs) + bias for row, bias in zip(weights, (0.5, 0.6, 0.7), strict=True)]
    assert [close(value, y) for value, y in zip(h, (0.2, 0.1, 0.0), strict=True)] == [True] * 3
    ag.sum(h).backward()
    assert [close(x.grad, y) for x, y in zip(xs, (0.9, 1.2), strict=True)] == [True] * 2
    assert [[w.grad for w in row] for row in weights] == [[1.0, -2.0]] * 3


@pytest.mark.parametrize(("x", "slope"), [(2.0, 1.0), (-2.0, 0.0), (0.0, 0.0)])
def test_nodes_relu(x, slope):
    assert grad(ag.relu)(x) == slope


@pytest.mark.parametrize("target", range(3))
def test_softmax_with_loss(target):
    logits = [0.3, -1.2, 2.5]

    def loss(logits):
        return -ag.log(ag.softmax(logits)[target])

    total = math.fsum(math.exp(z) for z in logits)
    expected = [math.exp(z) / total - (i == target) for i, z in enumerate(logits)]
    assert all(map(close, grad(loss)(logits), expected))


def test_forward_vs_reverse():
    a, b = Value(2), Value(1)
    c = a + b
    counts = accumulation(c * (b + 1))
    # reverse visits each of the five edges once; forward visits c-e once per input
    assert counts == (6, 5)
    network = MLP(3, [4, 4, 1], "tanh", seed=0)
    counts = accumulation(network([Value(x) for x in (1.0, -1.0, 0.5)]))
    # reverse: of each neuron the arrows of w, of x, of the dot product, of b and, hidden, of the sum
    assert counts.reverse == 4 * (3 + 3 + 2 + 1) + 4 * (4 + 4 + 2 + 1) + (4 + 4 + 2)
    # forward, for each leaf again: the arrows of the layers above it, and those inside its own neuron
    last, second = 4 + 1, 4 * 4 + 4 + 4
    inputs, weights1, biases1 = 4 * 3 + second + last, 3 + (4 * 3 + last), 2 + (4 * 3 + last)
    weights2, biases2 = 3 + 2, 2 + 2
    assert counts.forward == 3 * inputs + 12 * weights1 + 4 * biases1 + 16 * weights2 + 4 * biases2 + 4 * 2 + 1
    assert count_paths(c, b) == 1


def sigmoid(z):
    return 1 / (1 + math.exp(-z))


def test_four_neurons():
    i, f = (0.5, -0.3, 0.8), (0.2, 0.7)
    w = [Value(x) for x in (0.1, -0.2, 0.3, 0.4, 0.5, -0.6, 0.7, -0.8, 0.9, 1.0)]
    b = [Value(0.1), Value(-0.1)]
    h1 = ag.dot(w[:3], i).sigmoid()
    h2 = ag.dot(w[3:6], i)
    o = [(w[6] * h1 + w[7] * h2 + b[0]).sigmoid(), (w[8] * h1 + w[9] * h2 + b[1]).sigmoid()]
    loss = (o[0] - f[0]) ** 2 / 2 + (o[1] - f[1]) ** 2 / 2
    loss.backward()
    # the products, derived by hand: error x slope of the output x weight x slope of the hidden x input
    x = [value.data for value in w]
    s = sigmoid(sum(map(operator.mul, x[:3], i)))
    linear = sum(map(operator.mul, x[3:6], i))
    out = [sigmoid(x[6] * s + x[7] * linear + 0.1), sigmoid(x[8] * s + x[9] * linear - 0.1)]
    delta = [(y - t) * y * (1 - y) for y, t in zip(out, f, strict=True)]
    assert close(w[6].grad, delta[0] * s)
    assert close(w[0].grad, delta[0] * x[6] * s * (1 - s) * i[0] + delta[1] * x[8] * s * (1 - s) * i[0])
    assert close(w[5].grad, delta[0] * x[7] * i[2] + delta[1] * x[9] * i[2])
    assert [close(bias.grad, d) for bias, d in zip(b, delta, strict=True)] == [True, True]
    for k in (0, 5):        # w1 and w6 reach the loss over both outputs
        routes = [route.product for route in paths(loss, w[k])]
        assert len(routes) == 2
        assert math.isclose(w[k].grad, math.fsum(routes), rel_tol=1e-12)
        assert all(len(list(paths(out, w[k]))) == 1 for out in o)
    by_w1 = [delta[j] * x[6 + 2 * j] * s * (1 - s) * i[0] for j in (0, 1)]
    assert sorted(route.product for route in paths(loss, w[0])) == pytest.approx(sorted(by_w1), rel=1e-12)
    by_w6 = [delta[j] * x[7 + 2 * j] * i[2] for j in (0, 1)]
    assert sorted(route.product for route in paths(loss, w[5])) == pytest.approx(sorted(by_w6), rel=1e-12)


@pytest.mark.parametrize("z", [-30.0, -2.5, -1e-3, 0.0, 0.4, 3.0, 20.0])
def test_tanh_is_twice_a_sigmoid_of_twice_z_less_one(z):
    x = Value(z)
    y = 2 * ag.sigmoid(2 * x) - 1
    y.backward()
    assert close(y, math.tanh(z))
    assert close(ag.tanh(Value(z)), y.data)
    assert math.isclose(x.grad, math.cosh(z) ** -2, rel_tol=1e-9, abs_tol=1e-12)
    assert math.isclose(grad(ag.tanh)(z), x.grad, rel_tol=1e-9, abs_tol=1e-12)


def test_labels_of_tanh_are_plus_and_minus_one():
    # targets are scaled to the activation's range: with -1 and 1 a tanh neuron learns OR
    data = [((0.0, 0.0), -1.0), ((0.0, 1.0), 1.0), ((1.0, 0.0), 1.0), ((1.0, 1.0), 1.0)]
    neuron = Neuron(2, "tanh", seed=1)
    optimizer = SGD(neuron.parameters(), lr=0.5)
    for _ in range(300):
        optimizer.zero_grad()
        ag.mean([half_squared_error(neuron(x), label) for x, label in data]).backward()
        optimizer.step()
    assert all(abs(neuron(x).data - label) < 0.2 for x, label in data)
    # a label beyond the range leaves an error at least as large as it lies beyond
    assert ag.tanh(Value(40.0)).data == 1.0
    assert all(half_squared_error(ag.tanh(Value(z)), 2.0).data >= 0.5 for z in (-5.0, 0.0, 5.0, 40.0))
