"""A layer's outputs are a list, which says what to write where a number was meant."""

import copy
import json
import operator
import pickle

import numpy as np
import pytest

import autograd as ag
from autograd import Value, jit, no_grad
from nn import MLP, Linear, Maxout, Sequential, Tanh, mse_loss

X = [0.5, -1.0]
ONE = "list of 1 number: write o\\[0\\] for the number, or use a loss of nn, as in mse_loss\\(o, t\\)"
MODELS = [Linear(2, 1, seed=0), Sequential(Linear(2, 1, seed=0), Tanh()), Maxout(2, 1, seed=0)]


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("t", [1, 1.0, Value(1.0), [1.0]])
def test_a_loss_on_the_list_names_its_number(model, t):
    for wrong in (lambda o: (o - t) ** 2, lambda o: (t - o) ** 2, lambda o: o * t, lambda o: o / t, lambda o: o ** 2,
                  lambda o: -o, lambda o: o * 2, lambda o: 2 * o):
        with pytest.raises(TypeError, match=ONE):
            wrong(model(X))
        with no_grad(), pytest.raises(TypeError, match=ONE):
            wrong(model(X))


@pytest.mark.parametrize("compare", [operator.lt, operator.le, operator.gt, operator.ge, operator.add])
def test_a_comparison_with_a_number_does_so_and_lists_compare(compare):
    o = Linear(2, 1, seed=0)(X)
    with pytest.raises(TypeError, match=ONE):
        compare(o, 0.0)
    assert compare(list(o), [0.0]) == compare(o, [0.0])


def test_attributes_of_a_value_do_so():
    for name in ("backward", "data", "grad", "tanh"):
        with pytest.raises(AttributeError, match=f"{name}: the output is a {ONE}"):
            getattr(Linear(2, 1, seed=0)(X), name)
    assert not hasattr(Linear(2, 1, seed=0)(X), "shape")


def test_of_several_numbers_it_says_how_to_take_them():
    for model in (Linear(2, 3, seed=0), MLP(2, [3], seed=0)):
        with pytest.raises(TypeError, match="list of 3 numbers: take them one by one"):
            model(X) - 1.0


def test_it_is_a_list_in_every_other_way():
    model = Linear(2, 2, seed=0)
    with no_grad():
        o = model(X)
    with pytest.raises(TypeError, match="list of 2 numbers"):
        o - np.float64(1.0)
    numbers = [x.data for x in o]
    assert isinstance(o, list)
    assert (o, repr(o)) == ([*o], repr([*o]))
    assert type(copy.copy(o)) is type(copy.deepcopy(o)) is type(o)
    assert pickle.loads(pickle.dumps(model(X)))[0].data == numbers[0]
    assert json.dumps([float(x.data) for x in o]) == json.dumps(numbers)
    assert (np.array([1.0, 2.0]) - model(X))[1].data == 2.0 - numbers[1]
    assert (model(X) - np.array([1.0, 2.0]))[1].data == numbers[1] - 2.0
    assert o.__add__([1.0]) == [*o, 1.0]


def test_compiled_it_is_a_plain_list_by_the_fast_way():
    model = Linear(2, 2, seed=0)
    with no_grad():
        wanted = [x.data for x in model(X)]
    compiled = jit(lambda x: Linear(2, 2, seed=0)(x))
    assert compiled(X) == wanted
    assert type(compiled(X)) is list
    assert compiled.versions.latest.fast_entry is not None
    assert ag.jacobian(lambda x: model(x))(X) == [[w.data for w in row] for row in model.weight]
    assert mse_loss(model(X), [0.0, 0.0]).data == sum(x * x for x in wanted) / 2
