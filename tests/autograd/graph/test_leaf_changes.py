"""Leaves changed between forward and backward, by every door: the gradient of the forward that ran, or an error."""

import copy
import math
import pickle

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

import autograd as ag
from autograd import StaleValueError, Value, no_grad, topological_order, zero_grad


def data(w):
    w.data = 7.0


def data_in_place(w):
    w.data += 5.0
    w.data *= 2
    w.data -= 1
    w.data /= 3
    w.data **= 2


def attribute(w):
    setattr(w, "data", 7)       # noqa: B010


def numpy_scalar(w):
    w.data = np.float32(7.0)


def an_optimisers_step(w):
    w.grad = 3.0
    for p in [w]:
        p.data -= 0.1 * p.grad
    zero_grad([w])


def within_no_grad(w):
    with no_grad():
        w.data = (w * 3.5).data


def twice(w):
    w.data, w.data = 9.0, 7.0


def back_again(w):
    old = w.data
    w.data = 7.0
    w.data = old


def its_copies(w):
    for twin in (copy.copy(w), copy.deepcopy(w), pickle.loads(pickle.dumps(w)), w.detach()):
        twin.data = 7.0


def rebound(w):
    v = w
    v += 5.0
    v *= v
    v -= w
    v /= 2.0
    v **= 2


def an_array_of_them(w):
    a = np.array([w, w])
    a += 1.0
    a *= a
    a[0].backward(0.0)
    zero_grad([w])


DOORS = [data, data_in_place, attribute, numpy_scalar, an_optimisers_step, within_no_grad, twice, back_again,
         its_copies, rebound, an_array_of_them]


@pytest.mark.parametrize("change", DOORS)
def test_backward_answers_for_the_forward_that_ran(change):
    x, w, b = Value(3.0), Value(2.0), Value(0.5)
    y = (x * w * w + w.exp() / x - ag.dot([w, x], [x, b])) ** 2 + ag.sin(w)
    inner = 3.0 * 4.0 + math.exp(2.0) / 3.0 - (2.0 * 3.0 + 3.0 * 0.5)
    expected = [2.0 * inner * (4.0 - math.exp(2.0) / 9.0 - 2.0 - 0.5),
                2.0 * inner * (12.0 + math.exp(2.0) / 3.0 - 3.0) + math.cos(2.0), 2.0 * inner * -3.0]
    for _ in range(2):
        for leaf in (w, x, b):
            change(leaf)
        zero_grad([x, w, b])
        y.backward()
        assert [leaf.grad for leaf in (x, w, b)] == pytest.approx(expected, rel=1e-13)


@pytest.mark.parametrize("change", DOORS)
def test_a_derivative_of_a_derivative_is_right_or_an_error(change):
    w = Value(2.0)

    def f(x):
        y = x * w * x
        change(w)
        return y

    if change in (its_copies, rebound, an_array_of_them):
        assert ag.grad(ag.grad(f))(1.5) == 4.0
    else:
        with pytest.raises(StaleValueError):
            ag.grad(ag.grad(f))(1.5)
        assert ag.grad(ag.grad(lambda x: x * w * x))(1.5) == 2.0 * w.data       # computed again, it is right
    w = Value(2.0)
    assert ag.grad(f)(1.5) == 6.0       # a first derivative needs the stored partials only
    w = Value(2.0)
    assert ag.derivative(ag.derivative(f))(1.5) == 4.0      # and forward mode nothing at all


def test_a_leaf_used_before_and_after_its_assignment():
    w = Value(2.0)
    old = w * w
    w.data = 7.0
    y = old * w
    assert y.data == 28.0
    y.backward()
    assert w.grad == 2.0 * 2.0 * 7.0 + 4.0 * 1.0


def stale_part(w):
    """A graph whose one part used another number than its other part."""
    old = w * w
    w.data = 7.0
    return old, w * 3.0


def test_a_copy_knows_which_of_its_nodes_are_stale():
    for twin in (copy.deepcopy, lambda y: pickle.loads(pickle.dumps(y))):
        w = Value(2.0)
        old, new = stale_part(w)
        leaf, old, new, _ = topological_order(twin(old + new))
        assert leaf.assigned_since(old)
        assert not leaf.assigned_since(new)


def test_a_shallow_copy_of_a_stale_node_is_stale():
    w = Value(2.0)
    twin = copy.copy(stale_part(w)[0])
    with pytest.raises(StaleValueError):
        ag.grad(lambda t: ag.value_and_grad(lambda: twin * t, wrt=[w])()[1][0])(1.0)
    twin.backward()
    assert w.grad == 4.0


def test_gradient_descent_is_that_of_plain_floats_to_the_last_bit():
    w, b = Value(0.3), Value(-0.2)
    p, q = 0.3, -0.2
    points = [(0.5, 1.0), (-1.0, 0.25), (2.0, -0.75)]
    for _ in range(200):
        loss = ag.sum([(x * w + b - t) * (x * w + b - t) for x, t in points])
        zero_grad([w, b])
        loss.backward()
        errors = [x * p + q - t for x, t in points]
        dp = dq = 0.0
        for (x, _), e in reversed(list(zip(points, errors, strict=True))):
            for _ in range(2):      # the factors of the square are computed apart, the younger first
                dp, dq = dp + e * x, dq + e
        assert (w.grad, b.grad) == (dp, dq)
        for leaf in (w, b):
            leaf.data -= 0.05 * leaf.grad
        p, q = p - 0.05 * dp, q - 0.05 * dq
        assert (w.data, b.data) == (p, q)


# ---- anything, in any order ----


class Model:
    """What a Value should hold: its derivative by all that feeds it, carried along as whole floats."""

    def __init__(self, number, slopes=()):
        self.data, self.grad, self.leaf, self.assigned = number, None, not slopes, False
        self.slopes = {**dict(slopes), self: 1.0}

    def by(self, other):
        return self.slopes.get(other, 0.0)


def made(number, parts):
    """The model of a result: (operand, partial) for each operand."""
    slopes = {}
    for operand, partial in parts:
        for node, slope in operand.slopes.items():
            slopes[node] = slopes.get(node, 0.0) + partial * slope
    return Model(number, slopes)


small = st.integers(-3, 3).map(float)
index = st.integers(0, 10**6)
BINARY = {
    "+": (lambda a, b: a + b, lambda x, y: (1.0, 1.0)),
    "-": (lambda a, b: a - b, lambda x, y: (1.0, -1.0)),
    "*": (lambda a, b: a * b, lambda x, y: (y, x)),
    "dot": (lambda a, b: ag.dot([a, b], [b, 2.0]), lambda x, y: (y, x + 2.0)),
    "sum": (lambda a, b: ag.sum([a, b, a]), lambda x, y: (2.0, 1.0)),
}


class Machine(RuleBasedStateMachine):
    """Builds, assigns, differentiates and copies at random. All numbers are whole, so every comparison is exact."""

    @initialize(numbers=st.lists(small, min_size=2, max_size=3))
    def start(self, numbers):
        self.pairs = [(Value(x), Model(x)) for x in numbers]

    def pick(self, i):
        return self.pairs[i % len(self.pairs)]

    def leaf(self, i):
        leaves = [pair for pair in self.pairs if pair[1].leaf]
        return leaves[i % len(leaves)]

    def keep(self, value, model):
        if max(abs(model.data), *map(abs, model.slopes.values())) < 2.0**12:
            self.pairs.append((value, model))

    @rule(i=index, j=index, name=st.sampled_from(sorted(BINARY)))
    def compute(self, i, j, name):
        (a, x), (b, y) = self.pick(i), self.pick(j)
        value, partials = BINARY[name]
        out = value(a, b)
        self.keep(out, made(value(x.data, y.data), zip((x, y), partials(x.data, y.data), strict=True)))

    @rule(i=index, c=small)
    def compute_with_a_constant(self, i, c):
        a, x = self.pick(i)
        self.keep(c - a * c, made(c - x.data * c, [(x, -c)]))

    @rule(i=index)
    def compute_in_place(self, i):
        a, x = self.pick(i)
        a *= a
        a += 1.0
        self.keep(a, made(x.data * x.data + 1.0, [(x, 2.0 * x.data)]))

    @rule(i=index, j=index)
    def compute_within_no_grad(self, i, j):
        (a, x), (b, y) = self.pick(i), self.pick(j)
        with no_grad():
            self.keep(a * b, Model(x.data * y.data))

    @rule(i=index, c=small)
    def assign(self, i, c):
        a, x = self.leaf(i)
        a.data = c
        x.data, x.assigned = c, True

    @rule(i=index)
    def step(self, i):
        a, x = self.leaf(i)
        if abs(a.grad) < 2.0**12 and abs(x.data) < 2.0**12:
            a.data -= a.grad
            x.data, x.assigned = x.data - (x.grad or 0.0), True

    @rule(i=index, c=small)
    def assign_to_a_result(self, i, c):
        a, x = self.pick(i)
        if not x.leaf:
            with pytest.raises(StaleValueError):
                a.data = c

    @rule(i=index, seed=small)
    def backward(self, i, seed):
        a, x = self.pick(i)
        a.backward(seed)
        for node, slope in x.slopes.items():
            node.grad = seed * slope + ((node.grad or 0.0) if node.leaf else 0.0)

    @rule(i=index, j=index, c=small)
    def clear_and_set(self, i, j, c):
        (a, x), (b, y) = self.pick(i), self.pick(j)
        zero_grad([a])
        x.grad = None
        b.grad = y.grad = c

    @rule(i=index)
    def detach(self, i):
        a, x = self.pick(i)
        self.keep(a.detach(), Model(x.data))

    @rule(i=index)
    def copy_one(self, i):
        a, x = self.pick(i)
        model = Model(x.data, {node: slope for node, slope in x.slopes.items() if node is not x})
        model.grad = x.grad
        self.keep(copy.copy(a), model)

    @rule(i=index, pickled=st.booleans())
    def copy_all(self, i, pickled):
        x = self.pick(i)[1]
        originals = [pair for pair in self.pairs if pair[1] in x.slopes]
        values = [value for value, _ in originals]
        twins = pickle.loads(pickle.dumps(values)) if pickled else copy.deepcopy(values)
        if len(originals) < len(x.slopes) or len(self.pairs) > 60:
            return      # some were not kept
        fresh = {model: Model(model.data) for _, model in originals}
        for (_, model), twin in zip(originals, twins, strict=True):
            new = fresh[model]
            new.grad, new.leaf, new.assigned = model.grad, model.leaf, model.assigned
            new.slopes = {fresh[node]: slope for node, slope in model.slopes.items()}
            self.pairs.append((twin, new))

    @rule(i=index, j=index)
    def differentiate_twice(self, i, j):
        (a, x), (w, y) = self.pick(i), self.leaf(j)
        try:
            mixed = ag.grad(lambda t: ag.value_and_grad(lambda: a * t, wrt=[w])()[1][0])(1.0)
        except StaleValueError:
            assert any(node.assigned for node in x.slopes)
        else:
            assert mixed == x.by(y)

    @invariant()
    def everything_is_as_it_should_be(self):
        for value, model in getattr(self, "pairs", ()):
            assert value.data == model.data
            assert (value.has_grad, value.grad) == (model.grad is not None, model.grad or 0.0)
            assert (value.op is None) == model.leaf


def test_anything_in_any_order():
    run_state_machine_as_test(Machine, settings=settings(max_examples=120, stateful_step_count=40, deadline=None))


@pytest.mark.campaign
def test_anything_in_any_order_for_long(figure):
    run_state_machine_as_test(Machine, settings=settings(
        max_examples=3_000, stateful_step_count=60, deadline=None, derandomize=False))
    figure("random building, assigning, differentiating and copying", "3000 runs of up to 60 steps, all exact")
