"""nn.accumulate: means and gradients for loops that fit does not write."""

import numpy as np
import pytest

import nn
from autograd import Value, sigmoid

rng = np.random.default_rng(0)
X, Y = rng.normal(size=(37, 2)), np.sign(rng.normal(size=37))


def by_backward(f, parameters, rows):
    """The same by a loop of backward passes."""
    total, sums = 0.0, [0.0] * len(parameters)
    for row in rows:
        for p in parameters:
            p.grad = 0.0
        out = f(*row)
        out.backward()
        total += out.data
        sums = [a + p.grad for a, p in zip(sums, parameters, strict=True)]
    return total / len(rows), [x / len(rows) for x in sums]


def test_it_is_the_loop_of_backward_passes():
    model = nn.MLP(2, [4, 1], seed=0)
    parameters = model.parameters()

    def loss(x, y):
        return (1.0 - y * model(x)).relu()
    rows = [*zip(X.tolist(), Y.tolist(), strict=True)]
    for _ in range(3):
        right = by_backward(loss, parameters, rows)
        assert nn.accumulate(loss, parameters, (X, Y)) == right
        assert nn.accumulate(loss, parameters, (X.tolist(), Y.tolist())) == right
        for p, slope in zip(parameters, right[1], strict=True):
            p.data -= 0.1 * slope


def test_only_the_gradient_that_is_asked_for():
    generator, critic = nn.Linear(2, 1, seed=0), nn.Linear(1, 1, seed=1)

    def deceived(z):
        return -sigmoid(critic([generator(z)[0]])[0]).log()
    mean, slopes = nn.accumulate(deceived, generator.parameters(), X)
    assert len(slopes) == 3
    assert (mean, slopes) == by_backward(deceived, generator.parameters(), [(x,) for x in X.tolist()])


def test_what_the_function_reads_may_change():
    w, settings = Value(2.0), {"rate": 1.0}

    def f(x):
        return settings["rate"] * w * x
    assert nn.accumulate(f, [w], [1.0, 3.0]) == (4.0, [2.0])
    settings["rate"] = 0.5
    assert nn.accumulate(f, [w], [1.0, 3.0]) == (2.0, [1.0])
    w.data = 4.0
    assert nn.accumulate(f, [w], [1.0, 3.0]) == (4.0, [1.0])


def test_nothing_is_written_and_bad_rows_are_refused():
    w = Value(2.0)

    def f(x, y):
        return w * x * y
    w.grad = 7.0
    nn.accumulate(f, [w], ([1.0], [2.0]))
    assert (w.data, w.grad) == (2.0, 7.0)
    drop = nn.Dropout(0.5, seed=0)
    for g in (f, lambda x, y: w * x * y * drop([1.0])[0]):
        for rows, message in ((([1.0, 2.0], [2.0]), "argument 1 has 1 rows, and argument 0 has 2; give the same num"),
                              ((Y, Y[:3]), "argument 1 has 3 rows"), ((2.0, [2.0]), "argument 0 is one number"),
                              (([1.0, 2.0], np.array(2.0)), "argument 1 is one number, which has no rows; let the")):
            with pytest.raises(ValueError, match=f"^accumulate: {message}"):     # nothing of in_axes, which it has not
                nn.accumulate(g, [w], rows)
    with pytest.raises(ValueError, match="the mean of no rows"):
        nn.accumulate(f, [w], ([], []))


def test_random_numbers_are_drawn_for_each_row():
    def model():
        return nn.Sequential(nn.Linear(2, 3, seed=0), nn.Dropout(0.5, seed=0), nn.Linear(3, 1, seed=1))
    one, other = model(), model()

    def loss_of(net):
        return lambda x: net(x)[0]**2
    parameters = other.parameters()
    for _ in range(2):
        found = nn.accumulate(loss_of(one), one.parameters(), X)
        assert found == by_backward(loss_of(other), parameters, [(x,) for x in X.tolist()])


def test_columns_in_containers():
    w = Value(2.0)
    assert nn.accumulate(lambda d: w * d["x"] * d["y"], [w], {"x": [1.0, 2.0], "y": [3.0, 4.0]}) == (11.0, [5.5])
