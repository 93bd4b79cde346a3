"""fit never freezes the type of a target: ints, floats and Values train as in eager mode."""

import math

import numpy as np
import pytest

import autograd as ag
import nn
from nn import mse_loss
from tests.support.training_pairs import POINTS, SIDES, Net, both, changing, set_temperature


def whole(output, target):
    return ag.square(output[0] - target) * (2.0 if isinstance(target, int) else 0.5)


def floating(output, target):
    return mse_loss(output, target) * (2.0 if type(target) is float else 0.5)


def third_class(output, target):
    """The kind matters for one class only."""
    weight = 3.0 if isinstance(target, (int, float)) and target == 1 else 1.0
    return weight * mse_loss(output, float(target) if isinstance(target, int) else target)


def matched(output, target):
    match target:
        case 0:
            return ag.square(output[0])
        case int():
            return ag.square(output[0] - 3.0)
    return output[0]


def with_a_method(output, target):
    return mse_loss(output, target) * (2.0 if hasattr(target, "is_integer") or hasattr(target, "bit_length") else 1.0)


def tried(output, target):
    try:
        return mse_loss(output, target) * (1 + target.bit_length())
    except AttributeError:
        return mse_loss(output, target)


def in_a_text(output, target):
    return mse_loss(output, target) * {"1": 2.0}.get(f"{target}", 1.0)


@pytest.mark.parametrize("loss", [whole, third_class, matched, with_a_method, tried, in_a_text])
def test_what_asks_for_the_kind_of_a_target_runs_eagerly(loss):
    both(lambda: (Net(), loss), "has other numbers eagerly", y=SIDES)


def test_a_number_that_is_rarely_asked_for_its_kind():
    """One row in forty differs, and nothing sets it apart."""
    odd = POINTS[23][0]

    class Kinds(Net):
        def forward(self, x):
            return super().forward([a * (2.0 if isinstance(a, float) and a == odd else 1.0) for a in x])

    both(lambda: (Kinds(), mse_loss), "row 23 (counted from 0) has other numbers eagerly")


def test_floats_are_floats_both_ways():
    both(lambda: (Net(), floating), "has other numbers eagerly")


class Stacked(Net):
    """NumPy adds floats up in another order than objects."""

    def forward(self, x):
        return super().forward([np.mean(np.array([x[0] * k for k in range(1, 20)])), x[1]])


def test_numpy_arrays_of_floats_and_of_values():
    both(lambda: (Stacked(), mse_loss), "has other numbers eagerly")


@pytest.mark.parametrize("loss", [
    lambda o, t: ag.square(o[0] - 1.0) if t else ag.square(o[0]),
    lambda o, t: ag.square(o[0] - (2.0 if t in (1, 5) else 1.0)),
    lambda o, t: ag.square(o[0] - {0: 1.0, 1: -1.0}[0] * t),
    lambda o, t: ag.square(o[0] - t) if t == 1 else abs(o[0]),
    nn.binary_cross_entropy_with_logits])
def test_what_compares_targets_is_compiled(loss):
    both(lambda: (Net(), loss), y=SIDES)


@pytest.mark.parametrize("loss", [lambda o, t: ag.square(o[0] - [1.0, -1.0][t]),
                                  lambda o, t: ag.square(o[0] - [1.0, -1.0][int(t)]),
                                  lambda o, t: ag.square(o[0] - (2.0 if t in {1, 5} else 1.0)),
                                  lambda o, t: ag.square(o[0] - math.sqrt(t))])
def test_what_needs_the_number_of_a_target_runs_eagerly(loss):
    both(lambda: (Net(), loss), "not compiled, and slower: TraceError", y=SIDES)


def test_of_metrics_and_a_validation_too():
    both(lambda: (Net(), whole), "has other numbers eagerly", y=SIDES, validation=0.3,
         metrics={"mean": lambda outputs, targets: sum(o[0] for o in outputs)})
    both(changing(set_temperature), validation=0.3, metrics={"n": lambda outputs, targets: sum(o[0] for o in outputs)})


class Embedding(nn.Module):
    def __init__(self, look_up):
        self.rows = [[ag.Value(0.1 * i), ag.Value(0.2 * i)] for i in range(3)]
        self.look_up = look_up

    def __call__(self, x):
        return ag.sum(self.look_up(self.rows, x[0]))


@pytest.mark.parametrize(("look_up", "how"), [(lambda rows, t: rows[int(t)], "int"),
                                              (lambda rows, t: rows[range(3)[t]], "index")])
def test_an_embedding_by_int_is_told_to_choose(look_up, how):
    model = Embedding(lambda rows, t: look_up(rows, t if how == "int" or isinstance(t, ag.Value) else int(t)))
    with pytest.warns(RuntimeWarning) as told:
        history = nn.fit(model, nn.mse_loss, [[0], [1], [2]], [1.0, 2.0, 3.0],
                         nn.SGD(model.parameters(), lr=0.1), 2, progress=False)
    [remark] = history.remarks
    assert str(told[0].message) == remark
    assert f"{'int(t)' if how == 'int' else 'range(3)[t]'} of a traced Value would be frozen" in remark
    assert "to look something up by it, choose with where and equal" in remark
    assert "trunc" not in remark


def test_an_embedding_that_chooses_compiles():
    def chosen(rows, t):
        return [ag.sum([ag.where(ag.equal(t, i), row[k], 0.0) for i, row in enumerate(rows)]) for k in range(2)]

    losses = []
    for look_up, jit in ((chosen, True), (lambda rows, t: rows[int(t)], False)):
        model = Embedding(look_up)
        losses.append(nn.fit(model, nn.mse_loss, [[0], [1], [2]], [1.0, 2.0, 3.0],
                             nn.SGD(model.parameters(), lr=0.1), 5, progress=False, jit=jit)["loss"])
    assert losses[0] == pytest.approx(losses[1], rel=1e-14)
