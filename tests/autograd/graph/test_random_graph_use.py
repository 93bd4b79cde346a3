"""Graphs that are built, assigned, differentiated and copied in random order."""

import copy
import pickle

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

import autograd as ag
from autograd import StaleValueError, Value, no_grad, zero_grad


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
