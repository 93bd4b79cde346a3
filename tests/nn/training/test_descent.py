"""Gradient descent in the introductions' examples: steps, oscillation, decay."""

import math
from itertools import product

import pytest

import autograd as ag
from autograd import Value, accumulation, derivative, grad
from nn import MLP, SGD, Module
from nn.optim import decay_groups


def descend(x, f, step, size):
    """Positions, from the start on; ``step`` makes of a gradient the direction."""
    while True:
        yield x
        x = x - size * step(grad(f)(x))


def taken(positions, count):
    return [x for x, _ in zip(positions, range(count), strict=False)]


def square(x):
    return x * x


def unit(slope):
    return math.copysign(1.0, slope) if slope else 0.0


def test_a_square_from_1_is_at_0_after_one_step():
    x = Value(1.0)
    square(x).backward()
    SGD([x], lr=0.5).step()
    assert x.data == 0.0


def test_a_square_from_1_with_the_unit_gradient_takes_two_steps():
    assert taken(descend(1.0, square, unit, 0.5), 4) == [1.0, 0.5, 0.0, 0.0]


def test_a_square_from_04_with_the_unit_gradient_oscillates_for_ever():
    positions = taken(descend(0.4, square, unit, 0.5), 1001)
    assert all(math.isclose(x, -0.1 if i % 2 else 0.4) for i, x in enumerate(positions))


def test_smaller_unit_steps_come_near_and_swing_until_the_gradient_is_asked():
    positions = taken(descend(0.4, square, unit, 0.1), 1001)
    assert 0 < abs(positions[4]) < 1e-15
    assert all(abs(x - (-0.1 if i % 2 else 0.0)) < 1e-12 for i, x in enumerate(positions) if i >= 4)
    steps = next(i for i, x in enumerate(descend(0.4, square, unit, 0.1)) if abs(grad(square)(x)) < 1e-9)
    assert steps == 4


def test_a_bowl_from_far_is_at_its_bottom_after_one_step():
    x, y = Value(-5.0), Value(-5.0)
    (x * x + y * y).backward()
    SGD([x, y], lr=0.5).step()
    assert (x.data, y.data) == (0.0, 0.0)


def test_the_minimum_of_a_parabola():
    def f(x):
        return x * x + 3 * x

    assert (grad(f)(-1.5), derivative(derivative(f))(-1.5)) == (0.0, 2.0)
    x = Value(4.0)
    optimizer = SGD([x], lr=0.3)
    for _ in range(100):
        optimizer.zero_grad()
        f(x).backward()
        optimizer.step()
    assert math.isclose(x.data, -1.5, rel_tol=1e-12)


def both_directions(f, xs, step, rounds):
    """Where the better of all neighbours leads, and how often f was asked."""
    asked = 0

    def counted(xs):
        nonlocal asked
        asked += 1
        return f(xs)

    for _ in range(rounds):
        xs = min((tuple(map(sum, zip(xs, by, strict=True))) for by in product((-step, step), repeat=len(xs))),
                 key=counted)
    return xs, asked


@pytest.mark.parametrize("n", [1, 2, 5])
def test_trying_both_directions_needs_no_derivative_and_does_not_scale(n):
    def f(xs):
        return ag.sum([x * x + 3 * x for x in xs])

    ends, asked = both_directions(f, (4.0,) * n, 0.125, 60)
    assert all(x in (-1.5, -1.375, -1.625) for x in ends)
    assert asked == 60 * 2**n       # of n numbers there are 2**n choices
    leaves = [Value(x) for x in ends]
    loss = f(leaves)
    loss.backward()         # one pass answers for all n, along each arrow once
    assert [x.grad for x in leaves] == [2 * x + 3 for x in ends]
    assert accumulation(loss).reverse == 6 * n      # x * x has two, 3 * x one, their sum two, and one leads to the loss


def test_parameters_instead_of_inputs_are_other_leaves_of_the_same_graph():
    a, b, c, x1, x2 = (Value(v) for v in (2.0, 0.5, 7.0, -1.0, 3.0))
    loss = a * x1**2 + b * x2**2 + c
    loss.backward()
    assert loss.data == a.data + 9 * b.data + c.data
    assert (a.grad, b.grad, c.grad) == (1.0, 9.0, 1.0)
    assert (x1.grad, x2.grad) == (-4.0, 3.0)


def test_restarts_find_the_deeper_of_two_minima():
    def f(x):
        return (x * x - 1) ** 2 + 0.3 * x       # minima near 1 and, deeper, near -1

    ends = [taken(descend(start, f, float, 0.05), 400)[-1] for start in (1.5, 0.6, -0.3, -1.5)]
    assert [round(x) for x in ends] == [1, 1, -1, -1]
    assert round(min(ends, key=f)) == -1


@pytest.mark.parametrize("rate", [0.1, 1.0])
def test_weight_decay_on_weights_and_not_on_biases(rate):
    net = MLP(2, [3, 1], "tanh", seed=3)
    for i, p in enumerate(net.parameters()):
        p.data += 0.25 * i
    named = list(net.named_parameters())
    before = {name: p.data for name, p in named}
    loss = ag.mean([(net(x) - t) ** 2 for x, t in (((1.0, -1.0), 1.0), ((0.5, 2.0), -1.0))])
    loss.backward()
    SGD(decay_groups(net, 0.1), lr=rate).step()
    for name, p in named:
        slope = p.grad if name.endswith(".b") else p.grad + 0.1 * before[name]
        assert p.data == before[name] - rate * slope
    assert sum(name.endswith(".b") for name in before) == 4


def test_what_is_a_bias_is_told_by_its_name():
    class Names(Module):
        def __init__(self):
            self.weight, self.bias = [[Value(1.0)], [Value(2.0)]], [Value(3.0), Value(4.0)]
            self.b = [[Value(5.0)]]
            self.layers = [{"b": Value(6.0), "w": Value(7.0)}]
            self.bias_like = Value(8.0)
            self.b2 = Value(9.0)

    class Nested(Module):
        def __init__(self):
            self.b = Names()        # a part of that name is none

    weights, biases = decay_groups(Nested(), 0.5)
    assert sorted(p.data for p in weights["params"]) == [1.0, 2.0, 7.0, 8.0, 9.0]
    assert sorted(p.data for p in biases["params"]) == [3.0, 4.0, 5.0, 6.0]
    assert (weights["weight_decay"], biases["weight_decay"]) == (0.5, 0.0)


def test_a_model_without_biases_has_one_group():
    class Weights(Module):
        def __init__(self):
            self.w = [Value(1.0), Value(2.0)]

    groups = decay_groups(Weights(), 0.5)
    assert [len(group["params"]) for group in groups] == [2]
    assert len(SGD(groups).param_groups) == 1


@pytest.mark.parametrize(("make", "error", "message"), [
    (lambda: decay_groups([Value(1.0)], 0.1), TypeError, "decay_groups: expected a Module, .* not list"),
    (lambda: decay_groups(Module(), 0.1), ValueError, "decay_groups: this model has no parameters"),
    (lambda: decay_groups(MLP(1, [1]), -0.1), ValueError, "weight_decay is a finite number, at least 0, not -0.1"),
])
def test_bad_groups(make, error, message):
    with pytest.raises(error, match=message):
        make()
