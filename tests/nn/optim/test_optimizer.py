"""All optimisers: bad input, groups, closures, failed and interrupted steps, nan."""

import math

import numpy as np
import pytest

import nn
from autograd import Value
from nn import LBFGS, MLP, SGD, Adadelta, Adagrad, Adam, Adamax, AdamW, Linear, NAdam, RAdam, RMSprop, Rprop
from nn.optim import Optimizer

STEPPING = [SGD, Adam, AdamW, RMSprop, Adagrad, Adadelta, Adamax, NAdam, RAdam, Rprop]


def numbers(*data):
    return [Value(x) for x in data]


v, w = numbers(1.0, 2.0)


def test_they_are_in_nn_and_its_optim():
    assert all(getattr(nn, name) is getattr(nn.optim, name) for name in (
        "LBFGS", *(kind.__name__ for kind in STEPPING)))


@pytest.mark.parametrize("kind", STEPPING)
@pytest.mark.parametrize(("params", "options", "error", "message"), [
    ([v], {"lr": -0.1}, ValueError, "lr is a finite number, at least 0, not -0.1"),
    ([v], {"lr": math.nan}, ValueError, "lr is a finite number, at least 0, not nan"),
    ([v], {"lr": math.inf}, ValueError, "lr is a finite number, at least 0, not inf"),
    ([v], {"lr": "0.1"}, ValueError, "lr is a finite number, at least 0, not '0.1'"),
    ([v], {"lr": True}, ValueError, "lr is a finite number, at least 0, not True"),
    ([], {}, ValueError, "params: the list is empty"),
    (iter(()), {}, ValueError, "params: the list is empty"),
    ([[], [[]]], {}, ValueError, "params: the list is empty"),
    ([[v], [v]], {}, ValueError, "group 0: parameter 1 is in group 0 already"),
    ([{"params": []}], {}, ValueError, "group 0: params: the list is empty"),
    ([{"params": [v]}, {"params": [v, w]}], {}, ValueError, "group 1: parameter 0 is in group 0 already"),
    ([v, w, v], {}, ValueError, "group 0: parameter 2 is in group 0 already"),
    ([v, v * 2], {}, ValueError, "group 0: parameter 1 was computed by <op mul>; only leaves can be moved"),
    ([v, 1.0], {}, TypeError, "group 0: parameter 1 is no Value but float"),
    ([{"params": [v]}, w], {}, TypeError, "a parameter group is a dict .*, not Value"),
    ([{"lr": 1.0}], {}, TypeError, "a parameter group is a dict .*, not dict without params"),
    ([{"params": [v], "lrr": 1.0}], {}, ValueError, "has no option 'lrr'; it has lr, "),
    ([{"params": [v], "lr": -1.0}], {}, ValueError, "lr is a finite number, at least 0, not -1.0"),
    ([{"params": v}], {}, TypeError, "group 0: params: expected a list of Values or of groups, not Value"),
    (v, {}, TypeError, "params: expected a list of Values or of groups, not Value"),
    ({"params": [v]}, {}, TypeError, "params: expected a list of Values or of groups, not dict"),
    (3, {}, TypeError, "params: expected a list of Values or of groups, not int"),
    (MLP(1, [1]), {}, TypeError, r"give the model's parameters, model.parameters\(\)"),
])
def test_bad_input(kind, params, options, error, message):
    with pytest.raises(error, match=f"^{kind.__name__}.*{message}"):
        kind(params, **options)


@pytest.mark.parametrize(("make", "message"), [
    (lambda: SGD([v], momentum=-0.1), "SGD: momentum is a finite number, at least 0, not -0.1"),
    (lambda: SGD([v], dampening=math.inf), "SGD: dampening is a finite number, not inf"),
    (lambda: SGD([v], nesterov=1), "SGD: nesterov is True or False, not 1"),
    (lambda: SGD([v], nesterov=True), "SGD: nesterov needs a momentum above 0 and a dampening of 0"),
    (lambda: SGD([v], momentum=0.9, dampening=0.1, nesterov=True), "SGD: nesterov needs a momentum"),
    (lambda: SGD([{"params": [v], "momentum": 0.0}], momentum=0.9, nesterov=True), "SGD: nesterov needs a momentum"),
    (lambda: Adam([v], betas=0.9), r"Adam: betas is a pair of numbers, as in \(0.9, 0.999\), not 0.9"),
    (lambda: Adam([v], betas=(0.9, 1.0)), r"Adam: betas\[1\] is a number from 0 up to, but not including, 1, not 1.0"),
    (lambda: AdamW([v], eps=0.0), "AdamW: eps is a finite number above 0, not 0.0"),
    (lambda: RMSprop([v], alpha=1.0), "RMSprop: alpha is a number from 0 up to, but not including, 1, not 1.0"),
    (lambda: RMSprop([v], eps=0), "RMSprop: eps is a finite number above 0, not 0"),
    *[(lambda kind=kind: kind([v], weight_decay=-1), f"{kind.__name__}: weight_decay is a finite number, at least 0")
      for kind in STEPPING if kind is not Rprop],
    (lambda: Adagrad([v], lr_decay=-1), "Adagrad: lr_decay is a finite number, at least 0, not -1"),
    (lambda: Adadelta([v], rho=1.0), "Adadelta: rho is a number from 0 up to, but not including, 1, not 1.0"),
    (lambda: NAdam([v], decoupled_weight_decay=1), "NAdam: decoupled_weight_decay is True or False, not 1"),
    (lambda: Rprop([v], etas=(0.5, 0.9)), r"Rprop: etas are a factor below 1 and one above 1, as in \(0.5, 1.2"),
    (lambda: Rprop([v], step_sizes=(1.0, 0.5)), "Rprop: step_sizes is a pair of numbers, the smaller first"),
    (lambda: Rprop([v], step_sizes=1.0), "Rprop: step_sizes is a pair of numbers, the smaller first, not 1.0"),
    (lambda: LBFGS([v], max_iter=0), "LBFGS: max_iter is a whole number, at least 1, not 0"),
    (lambda: LBFGS([v], max_eval=2.5), "LBFGS: max_eval is a whole number, at least 1, not 2.5"),
    (lambda: LBFGS([{"params": [v]}, {"params": [w]}]), "LBFGS takes one group of parameters"),
])
def test_bad_options(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_parameters_may_be_nested():
    linear = Linear(2, 2, seed=0)
    optimizer = SGD([{"params": [linear.weight], "weight_decay": 0.1}, {"params": [np.array(linear.bias)]}], lr=0.1)
    first, second = (group["params"] for group in optimizer.param_groups)
    assert [id(p) for p in first] == [id(p) for row in linear.weight for p in row]
    assert [id(p) for p in second] == [id(p) for p in linear.bias]
    assert len(SGD(linear.weight).param_groups[0]["params"]) == 4


def test_a_class_that_says_nothing_of_its_step():
    with pytest.raises(NotImplementedError, match=r"Optimizer\.update: an optimiser says here how its step goes"):
        Optimizer([v], {}).step()


def test_numbers_of_other_kinds_are_kept_as_floats():
    group = Adam([v], lr=np.float32(0.5), betas=[0, 0.5]).param_groups[0]
    assert repr([group["lr"], group["betas"]]) == "[0.5, (0.0, 0.5)]"


def test_groups_that_come_later():
    a, b = numbers(1.0, 1.0)
    optimizer = SGD([a], lr=0.5)
    optimizer.add_param_group({"params": [b], "lr": 0.25})
    a.grad = b.grad = 1.0
    optimizer.step()
    assert (a.data, b.data) == (0.5, 0.75)
    with pytest.raises(ValueError, match="SGD, group 2: parameter 0 is in group 1 already"):
        optimizer.add_param_group({"params": [b]})
    assert repr(optimizer).startswith("SGD(1 parameters: lr=0.5, momentum=0.0")


def test_zero_grad_and_the_closure():
    a, b = numbers(3.0, 4.0)
    optimizer = SGD([{"params": [a]}, {"params": [b]}], lr=0.5)

    def closure():
        optimizer.zero_grad()
        loss = a * a + b * b
        loss.backward()
        return loss

    a.grad = 100.0
    assert optimizer.step(closure).data == 25.0
    assert (a.data, b.data) == (0.0, 0.0)
    assert optimizer.step() is None
    optimizer.zero_grad()
    assert not a.has_grad
    assert not b.has_grad


@pytest.mark.parametrize("kind", STEPPING)
def test_a_step_that_fails_moves_nothing(kind):
    a, b = numbers(1.0, 2.0)
    optimizer = kind([{"params": [a]}, {"params": [b]}], lr=0.1)
    a.grad = b.grad = 1.0
    optimizer.step()
    before = a.data, b.data, optimizer.state_dict()
    option = "etas" if kind is Rprop else "lr"      # Rprop needs the rate for its first step only
    optimizer.param_groups[1][option] = None
    with pytest.raises(TypeError):
        optimizer.step()
    optimizer.param_groups[1][option] = before[2]["param_groups"][1][option]
    assert (a.data, b.data, optimizer.state_dict()) == before
    with pytest.raises(ZeroDivisionError):
        optimizer.step(lambda: 1 / 0)
    assert (a.data, b.data, optimizer.state_dict()) == before


def test_a_step_that_is_interrupted_is_taken_back():
    class Interrupted(Value):
        countdown = 2

        @property
        def data(self):
            return Value.data.fget(self)

        @data.setter
        def data(self, x):
            Interrupted.countdown -= 1
            if not Interrupted.countdown:
                raise KeyboardInterrupt
            Value.data.fset(self, x)

    params = [Value(1.0), Interrupted(2.0), Interrupted(3.0), Value(4.0)]
    for p in params:
        p.grad = 1.0
    optimizer = Adam(params)
    state = optimizer.state_dict()
    with pytest.raises(KeyboardInterrupt):
        optimizer.step()
    assert [p.data for p in params] == [1.0, 2.0, 3.0, 4.0]
    assert optimizer.state_dict() == state


def test_an_interrupt_after_the_last_number_takes_the_state_back_too():
    class Late(SGD):
        armed = False

        def __setattr__(self, name, x):
            super().__setattr__(name, x)
            if self.armed and name == "state":
                Late.armed = False
                raise KeyboardInterrupt

    x, = params = numbers(1.0)
    x.grad = 1.0
    optimizer = Late(params, momentum=0.5)
    Late.armed = True
    with pytest.raises(KeyboardInterrupt):
        optimizer.step()
    assert x.data == 1.0
    assert optimizer.state == [{"momentum_buffer": None}]


@pytest.mark.parametrize("kind", STEPPING)
def test_a_gradient_of_nan_goes_through_and_stays_where_it_is(kind):
    a, b, alone = numbers(1.0, 2.0, 2.0)
    both, other = kind([a, b]), kind([alone])
    for slope in (0.5, math.nan, 0.25):
        a.grad, b.grad, alone.grad = slope, 0.5, 0.5
        both.step()
        other.step()
    assert math.isnan(a.data)
    assert b.data == alone.data != 2.0


def test_no_gradient_counts_as_0():
    a, b = numbers(1.0, 1.0)
    optimizer = SGD([a, b], lr=0.5, momentum=0.5)
    a.grad = b.grad = 1.0
    optimizer.step()
    optimizer.zero_grad()
    optimizer.step()
    assert (a.data, b.data) == (0.25, 0.25)         # the velocity goes on


def test_rmsprop_whose_gradient_stays_the_same_is_never_nan():
    below = 0
    for slope in (0.1, 0.3, 0.7, 1.1):
        x, square, mean = Value(1.0), 0.0, 0.0
        optimizer = RMSprop([x], lr=1e-9, alpha=0.5, centered=True)
        for _ in range(200):
            x.grad = slope
            square, mean = (square + slope * slope) / 2, (mean + slope) / 2
            below += square - mean * mean < 0
            optimizer.step()
        assert math.isfinite(x.data)
    assert below        # it does happen
