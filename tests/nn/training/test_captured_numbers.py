"""fit never freezes the number of a captured Value: it trains eagerly, or raises TraceError with jit=True."""

import os

import pytest

import autograd as ag
from autograd import TraceError, Value
from nn import SGD, fit, mse_loss
from tests.support.training_pairs import POINTS, SUMS, Net, both


def read_of_a_parameter():
    model = Net()
    return model, lambda o, t: mse_loss(o, t) + o[0] * model.last.weight[0][0].data ** 2


def read_of_what_a_callback_sets():
    tau = Value(1.0)
    return Net(), lambda o, t: mse_loss(o, t) * tau.data, lambda epoch, h: setattr(tau, "data", 1.0 / epoch)


def read_in_a_sum():
    model = Net()
    return model, lambda o, t: mse_loss(o, t) + o[0] * sum(p.data ** 2 for p in model.parameters())


def read_to_round():
    model = Net()
    return model, lambda o, t: mse_loss(o, t) + o[0] * round(model.last.weight[0][0].data, 1)


def read_as_text():
    model = Net()
    return model, lambda o, t: mse_loss(o, t) + o[0] * float(f"{model.last.weight[0][0]:.3f}")


def read_by_nn():
    model = Net()
    return model, lambda o, t: mse_loss(o, t) + o[0] * sum(model.first.state_dict()["bias"])


def read_in_the_model():
    class Reading(Net):
        def forward(self, x):
            return [a / (1.0 + abs(self.last.weight[0][0].data)) for a in super().forward(x)]

    return Reading(), mse_loss


def read_in_an_inner_trace():
    tau = Value(1.0)

    def loss(output, target):
        return mse_loss(output, target) * ag.trace(lambda z: z * tau.data, 1.0)(1.0)[0]

    return Net(), loss, lambda epoch, h: setattr(tau, "data", 1.0 / epoch)


READING = [read_of_a_parameter, read_of_what_a_callback_sets, read_in_a_sum, read_to_round, read_as_text, read_by_nn,
           read_in_the_model, read_in_an_inner_trace]


@pytest.mark.parametrize("make", READING)
def test_the_number_of_a_captured_value_is_not_frozen(make):
    both(make, "of a Value from outside would be frozen")
    model, loss, *_ = make()
    with pytest.raises(TraceError, match=rf"(?s)would be frozen.*{os.path.basename(__file__)}"):
        fit(model, loss, POINTS, SUMS, SGD(model.parameters(), lr=0.02), 1, progress=False, jit=True)


def test_the_line_that_reads_the_number_is_named():
    model, loss, _ = read_of_what_a_callback_sets()
    with pytest.raises(TraceError, match=r"mse_loss\(o, t\) \* tau\.data") as caught:
        fit(model, loss, POINTS, SUMS, SGD(model.parameters(), lr=0.02), 1, progress=False, jit=True)
    assert "the data" in str(caught.value)


def test_the_number_is_a_constant_of_what_is_compiled_alone():
    w = Value(2.0)
    f = ag.jit(lambda x: x * w.data)
    assert f(3.0) == 6.0
    w.data = 5.0
    assert f(3.0) == 6.0
    assert f(4.0) == 8.0


def test_values_made_inside_may_be_looked_at():
    both(lambda: (Net(), lambda o, t: mse_loss(o, t) * Value(0.5).data))
