"""Two published networks of two layers, computed by hand, by Values and by layers, against their printed figures."""

import math

import pytest

import autograd as ag
from autograd import Value
from nn import SGD, Linear, Sequential, Sigmoid, half_squared_error


def close(x, y):
    return math.isclose(getattr(x, "data", x), y, rel_tol=1e-9, abs_tol=1e-12)


class TwoTwoOne:
    """Two inputs, two hidden neurons, one output, no biases."""

    def __init__(self):
        self.ca, self.cb, self.da, self.db, self.ec, self.ed = self.weights = [
            Value(w) for w in (0.1, 0.7, 0.3, 0.2, 0.4, 0.6)]

    def __call__(self, a=0.5, b=0.8):
        self.hc, self.hd = self.ca * a + self.cb * b, self.da * a + self.db * b
        self.oc, self.od = self.hc.sigmoid(), self.hd.sigmoid()
        self.he = self.ec * self.oc + self.ed * self.od
        self.oe = self.he.sigmoid()
        return (self.oe - 1) ** 2 / 2


def test_two_two_one():
    net = TwoTwoOne()
    loss = net()
    for value, figure in ((net.hc, 0.61), (net.hd, 0.31), (net.oc, 0.6479408020806503), (net.od, 0.5768852611320463),
                          (net.he, 0.605307477511488), (net.oe, 0.646869632605513), (loss, 0.062350528188082684)):
        assert close(value, figure)
    loss.backward()
    for w in net.weights:
        w.data -= 0.1 * w.grad
    assert close(net(), 0.06184490194555641)
    assert close(net.oe, 0.6483043874440387)


def test_two_two_one_gradients():
    net = TwoTwoOne()
    net().backward()
    oc, od, oe = 0.6479408020806503, 0.5768852611320463, 0.646869632605513
    at_e = (oe - 1) * oe * (1 - oe)
    at_c, at_d = at_e * 0.4 * oc * (1 - oc), at_e * 0.6 * od * (1 - od)
    expected = [at_c * 0.5, at_c * 0.8, at_d * 0.5, at_d * 0.8, at_e * oc, at_e * od]
    assert [w.grad for w in net.weights] == pytest.approx(expected, rel=1e-12)


def test_two_two_one_as_linear_layers_and_sgd():
    hidden, out = Linear(2, 2, bias=False), Linear(2, 1, bias=False)
    for linear, rows in ((hidden, [[0.1, 0.7], [0.3, 0.2]]), (out, [[0.4, 0.6]])):
        for row, numbers in zip(linear.weight, rows, strict=True):
            for w, number in zip(row, numbers, strict=True):
                w.data = number
    model = Sequential(hidden, Sigmoid(), out, Sigmoid())
    loss = half_squared_error(model([0.5, 0.8]), [1.0])
    assert close(loss, 0.062350528188082684)
    loss.backward()
    SGD(model.parameters(), lr=0.1).step()
    assert close(model([0.5, 0.8])[0], 0.6483043874440387)
    assert close(half_squared_error(model([0.5, 0.8]), [1.0]), 0.06184490194555641)


def test_two_two_one_printed_figures_come_from_a_wrong_slope():
    # The text takes h(1-h), of what goes into a sigmoid, where its slope is O(1-O), of what comes out.
    net = TwoTwoOne()
    net()
    hc, hd, he = net.hc.data, net.hd.data, net.he.data
    at_e = (net.oe.data - 1) * he * (1 - he)
    at_c, at_d = at_e * 0.4 * hc * (1 - hc), at_e * 0.6 * hd * (1 - hd)
    wrong = [at_c * 0.5, at_c * 0.8, at_d * 0.5, at_d * 0.8, at_e * net.oc.data, at_e * net.od.data]
    for w, slope in zip(net.weights, wrong, strict=True):
        w.data -= 0.1 * slope
    loss = net()
    assert near(net.oe, 0.648366218)
    assert near(loss, 0.061823158)


class TwoTwoTwo:
    """Two inputs, two hidden neurons, two outputs; the biases are held fixed."""

    def __init__(self):
        self.w = [Value(w) for w in (0.15, 0.20, 0.25, 0.30, 0.40, 0.45, 0.50, 0.55)]

    def __call__(self):
        w1, w2, w3, w4, w5, w6, w7, w8 = self.w
        self.net_h1 = w1 * 0.05 + w2 * 0.10 + 0.35
        self.net_h2 = w3 * 0.05 + w4 * 0.10 + 0.35
        self.h1, self.h2 = self.net_h1.sigmoid(), self.net_h2.sigmoid()
        self.net_o1 = w5 * self.h1 + w6 * self.h2 + 0.60
        self.o1, self.o2 = self.net_o1.sigmoid(), (w7 * self.h1 + w8 * self.h2 + 0.60).sigmoid()
        return (0.01 - self.o1) ** 2 / 2 + (0.99 - self.o2) ** 2 / 2

    def step(self):
        loss = self()
        ag.zero_grad(self.w)
        loss.backward()
        for w in self.w:
            w.data -= 0.5 * w.grad
        return loss


def near(x, y, digits=9):
    return abs(getattr(x, "data", x) - y) < 0.5000001 * 10.0**-digits


def test_two_two_two_first_step():
    net = TwoTwoTwo()
    loss = net.step()
    for value, figure in ((net.net_h1, 0.3775), (net.h1, 0.593269992), (net.h2, 0.596884378),
                          (net.net_o1, 1.105905967), (net.o1, 0.75136507), (net.o2, 0.772928465),
                          (loss, 0.298371109), (net.w[4].grad, 0.082167041), (net.w[0].grad, 0.000438568),
                          (net.net_o1.grad, 0.138498562), (net.h1.grad, 0.036350306)):
        assert near(value, figure), figure
    assert close(net(), 0.2910277736937)


def test_two_two_two_weights_after_one_step():
    net = TwoTwoTwo()
    net.step()
    for w, figure in zip(net.w, ("0.149780716", "0.19956143", "0.24975114", "0.29950229", "0.35891648", "0.408666186",
                                 "0.511301270", "0.561370121"), strict=True):
        assert near(w, float(figure), len(figure) - 2), figure      # in every digit that is printed


def test_two_two_two_ten_thousand_steps():
    net = TwoTwoTwo()
    for _ in range(10_000):
        net.step()
    assert close(net(), 3.510187782978859e-05)
    assert close(net.o1, 0.01591362044355068)
    assert close(net.o2, 0.9840642735146238)


def test_two_two_two_printed_figures_come_from_updated_weights():
    # What the text prints is what comes out if the error is sent back to the hidden layer through
    # the already updated w5..w8. Our backward answers for the forward that ran, so that has to be
    # done on purpose: assign the new weights, then evaluate the hidden gradients by a new forward.
    net = TwoTwoTwo()
    for step in range(10_000):
        if step == 1:
            assert near(net(), 0.291027924)
        net().backward()
        deltas = [(o.data - t) * o.data * (1 - o.data) for o, t in ((net.o1, 0.01), (net.o2, 0.99))]
        for w in net.w[4:]:
            w.data -= 0.5 * w.grad
        w5, w6, w7, w8 = (w.data for w in net.w[4:])
        hidden = [(deltas[0] * w5 + deltas[1] * w7) * net.h1.data * (1 - net.h1.data),
                  (deltas[0] * w6 + deltas[1] * w8) * net.h2.data * (1 - net.h2.data)]
        for i, w in enumerate(net.w[:4]):
            w.data -= 0.5 * hidden[i // 2] * (0.05, 0.10)[i % 2]
        ag.zero_grad(net.w)
    assert near(net(), 0.000035085, 9)
    assert near(net.o1, 0.015912196, 9)
    assert near(net.o2, 0.984065734, 9)


def test_two_two_two_a_leaf_changed_between_forward_and_backward():
    untouched, changed = TwoTwoTwo(), TwoTwoTwo()
    untouched().backward()
    loss = changed()
    for w in changed.w[4:]:
        w.data -= 0.04
    loss.backward()
    assert [w.grad for w in changed.w] == [w.grad for w in untouched.w]
