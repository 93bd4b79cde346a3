"""Linear and Maxout: against NumPy, in every mode, in pictures."""

import numpy as np
import pytest

import autograd as ag
from autograd import Value, derivative, grad, jit, no_grad, topological_order
from nn import Linear, Maxout

X = [0.5, -1.5, 2.0]


def matrix(values):
    return np.array([[value.data for value in row] for row in values])


def test_linear_is_affine():
    linear = Linear(3, 2, seed=1)
    weight, bias = matrix(linear.weight), np.array([b.data for b in linear.bias])
    assert [y.data for y in linear(X)] == pytest.approx(weight @ X + bias, rel=1e-15)
    assert [y.data for y in linear(np.array(X))] == [y.data for y in linear(X)]
    without = Linear(3, 2, bias=False, seed=1)
    assert without.bias is None
    assert [y.data for y in without(X)] == pytest.approx(matrix(without.weight) @ X, rel=1e-15)
    assert list(linear.state_dict()) == ["weight", "bias"]
    assert list(without.state_dict()) == ["weight"]
    assert linear.state_dict()["weight"] == weight.tolist()


def test_one_dot_node_per_output():
    out = Linear(100, 3, seed=0)([Value(float(i)) for i in range(100)])
    assert [[node.op.name for node in topological_order(y) if node.op] for y in out] == [["dot", "add"]] * 3
    assert isinstance(Linear(2, 1, seed=0)([1.0, 2.0]), list)      # also a single one


def test_gradients_are_those_of_matrices():
    linear, xs, upstream = Linear(3, 2, seed=2), [Value(x) for x in X], np.array([0.3, -0.7])
    ag.dot(linear(xs), list(upstream)).backward()
    assert np.array([[w.grad for w in row] for row in linear.weight]) == pytest.approx(np.outer(upstream, X))
    assert [b.grad for b in linear.bias] == pytest.approx(list(upstream))
    assert [x.grad for x in xs] == pytest.approx(list(upstream @ matrix(linear.weight)))


@pytest.mark.parametrize("make", [Linear, Maxout])
def test_every_mode_agrees(make):
    module = make(3, 2, seed=3)

    def total(x):
        first, second = module([x, X[1], X[2]])
        return ag.sin(first) * second

    expected = grad(total)(0.5)
    assert derivative(total)(0.5) == pytest.approx(expected, rel=1e-14)
    assert jit(total)(0.5) == total(0.5).data
    assert jit(grad(total))(0.5) == expected


@pytest.mark.parametrize("make", [Linear, Maxout])
def test_first_weights_are_uniform_and_seeded(make):
    module = make(16, 200, seed=4)
    drawn = np.array([p.data for p in module.parameters()])
    assert 0.249 < drawn.max() <= 0.25
    assert -0.25 <= drawn.min() < -0.249
    assert (drawn**2).mean() == pytest.approx(0.25**2 / 3, rel=0.05)
    assert make(16, 200, seed=4).state_dict() == module.state_dict()
    assert make(16, 200, seed=5).state_dict() != module.state_dict()


def test_maxout_is_the_largest():
    maxout = Maxout(3, 2, 4, seed=5)
    pieces = [[sum(w.data * x for w, x in zip(row, X, strict=True)) + b.data
               for row, b in zip(rows, biases, strict=True)]
              for rows, biases in zip(maxout.weight, maxout.bias, strict=True)]
    out = maxout(X)
    assert [y.data for y in out] == pytest.approx(list(map(max, pieces)), rel=1e-14)
    ag.sum(out).backward()
    for biases, affine in zip(maxout.bias, pieces, strict=True):
        assert [b.grad for b in biases] == [float(z == max(affine)) for z in affine]
    assert {name: np.array(x).shape for name, x in maxout.state_dict().items()} == {"weight": (2, 4, 3), "bias": (2, 4)}


def test_frames_in_pictures():
    linear, x = Linear(2, 2, seed=0), [Value(1.0), Value(2.0)]
    out = linear(x)
    assert [y.group.path for y in out] == [("Linear(2, 2)", f"output {j}  w·x + b") for j in (1, 2)]
    assert out[0].group.inputs == tuple(x)
    assert [p.label for p in linear.parameters()] == ["n1.w1", "n1.w2", "n2.w1", "n2.w2", "n1.b", "n2.b"]
    assert Linear(2, 1, bias=False, seed=0)(x)[0].group.path == ("Linear(2, 1, bias=False)", "output 1  w·x")
    assert Maxout(2, 1, seed=0)(x)[0].group.path == ("Maxout(2, 1, 2)", "output 1  max(w·x + b)")
    with no_grad():
        assert linear(x)[0].group is None


@pytest.mark.parametrize(("call", "message"), [
    (lambda: Linear(0, 1), "in_features is a whole number, at least 1, not 0"),
    (lambda: Linear(1, 2.0), "out_features is a whole number, at least 1, not 2.0"),
    (lambda: Maxout(True, 1), "in_features is a whole number, at least 1, not True"),
    (lambda: Maxout(1, -1), "out_features is a whole number, at least 1, not -1"),
    (lambda: Maxout(1, 1, 0), "num_pieces is a whole number, at least 1, not 0"),
    (lambda: Linear(2, 1)(1.0), "Linear takes a sequence of 2 numbers, not float"),
    (lambda: Linear(1, 1)(Value(1.0)), "Linear takes a sequence of 1 numbers, not Value"),
    (lambda: Linear(2, 1)([]), "Linear of 2 inputs was given 0"),
    (lambda: Linear(2, 1)([[1.0, 2.0], [3.0]]), "Linear of 2 inputs was given 1"),
    (lambda: Linear(2, 1)(np.ones((5, 3))), "Linear of 2 inputs was given 3"),
    (lambda: Maxout(2, 1)([[1.0]]), "Maxout of 2 inputs was given 1"),
    (lambda: Linear(2, 1, seed="one"), "seed is a whole number, a random.Random or None, not 'one'"),
    (lambda: Maxout(2, 1, seed=0.5), "seed is a whole number, a random.Random or None, not 0.5"),
    (lambda: Linear(2, 1)("ab"), "Linear takes a sequence of 2 numbers, not str"),
    (lambda: Maxout(2, 1)([1.0, 2.0, 3.0]), "Maxout of 2 inputs was given 3"),
    (lambda: Maxout(2, 1)(None), "Maxout takes a sequence of 2 numbers, not NoneType"),
])
def test_bad_inputs(call, message):
    with pytest.raises((TypeError, ValueError), match=message):
        call()
