"""Compiled functions and their results, copied and pickled."""

import copy
import pickle
from functools import partial

import pytest

import autograd as ag
from autograd import (
    Value,
    value_and_grad,
)


def test_a_copied_node_still_has_its_gradient(jit):
    w = Value(2.0)
    node = jit(lambda x: w * w * x)(3.0)
    twin = copy.copy(node)
    twin.backward()
    assert w.grad == 12.0


@ag.jit
def decorated(x):
    return x * 2.0 if x > 0.0 else -x


def plain(x):
    return x * x


class Model:
    def __init__(self, k):
        self.k = Value(k)
        self.step = ag.jit(value_and_grad(self.loss, wrt=[self.k]))
        self.fast = ag.jit(self.loss)

    def loss(self, x):
        return self.k * self.k * x

    @ag.jit
    def scaled(self, x):
        return self.k.detach() * x


@pytest.mark.parametrize("twin", [copy.copy, copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_a_compiled_function_can_be_copied_and_pickled(jit, twin):
    for f in (plain, value_and_grad(plain), partial(plain)):
        compiled = jit(f)
        wanted = compiled(3.0)
        again = twin(compiled)
        assert not again.programs
        assert (again(3.0), again.backend) == (wanted, compiled.backend)
        assert len(again.programs) == 1
    assert twin(decorated) is decorated         # as a function is
    assert twin(Model.scaled) is Model.scaled
    assert twin([decorated])[0](-1.0) == 1.0


@pytest.mark.parametrize("twin", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_a_copied_object_has_compiled_functions_of_its_own(twin):
    model = Model(2.0)
    assert model.step(3.0) == (12.0, [12.0])
    assert (model.fast(3.0).data, model.scaled(3.0).data) == (12.0, 6.0)
    other = twin(model)
    other.k.data = 5.0
    assert other.step(3.0) == (75.0, [30.0])
    assert (other.fast(3.0).data, other.scaled(3.0).data) == (75.0, 15.0)
    assert model.step(3.0) == (12.0, [12.0])
    assert (model.fast(3.0).data, model.scaled(3.0).data) == (12.0, 6.0)
    assert twin(model.scaled)(3.0).data == 6.0
    assert twin(model.step)(3.0) == (12.0, [12.0])


def test_what_cannot_be_pickled_is_pickle_s_error(jit):
    for f in (lambda x: x, value_and_grad(lambda x: x)):
        with pytest.raises((pickle.PicklingError, AttributeError), match="lambda"):
            pickle.dumps(jit(f))
        assert copy.deepcopy(jit(f))(2.0) == f(2.0)


@pytest.mark.parametrize("name", ["mine", "square"])
def test_a_deep_copy_is_a_copy_or_a_clear_error(jit, name):
    def mine(x):
        return x * x * x

    mine.__name__ = name
    node = jit(mine)(Value(2.0))
    for twin in (copy.deepcopy, lambda node: pickle.loads(pickle.dumps(node))):
        try:
            made = twin(node)
        except (TypeError, pickle.PicklingError) as error:
            assert "jit" in str(error)      # noqa: PT017
        else:
            assert made.op.value(3.0) == 27.0
