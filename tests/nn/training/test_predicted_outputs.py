"""predict gives what the model gives in eval mode, example by example; compiled and eager to the bit."""

import numpy as np
import pytest

from nn import MLP, BatchNorm1d, Dropout, Embedding, Flatten, Linear, Module, Sequential, Softmax, predict
from nn.training import loss_gradients
from tests.support.small_training import POINTS


class Several(Module):
    """Nested outputs: a sequence of vectors and a number."""

    def __init__(self):
        self.linear = Linear(2, 3, seed=0)

    def forward(self, x):
        assert not self.training
        return self.linear(x), [[y * 2 for y in self.linear(x)], [x[0], 1.0]], x[1]


MODELS = {"one number": lambda: MLP(2, [3, 1], seed=0), "several": lambda: Sequential(Linear(2, 3, seed=0), Softmax()),
          "nested": Several, "modes": lambda: Sequential(Dropout(0.9), Linear(2, 2, seed=0), BatchNorm1d(2)),
          "function": lambda: lambda x: x[0] * 2 + x[1], "branch": lambda: lambda x: x[0] if x[0] > x[1] else -x[1]}


def floats(x):
    return list(map(floats, x)) if hasattr(x, "__len__") else float(getattr(x, "data", x))


@pytest.mark.parametrize("name", MODELS)
def test_predict_is_the_model_in_eval_mode(name):
    model = MODELS[name]()
    found = predict(model, POINTS)
    assert repr(predict(model, POINTS, jit=True)) == repr(predict(model, np.array(POINTS), jit=False)) == repr(found)
    assert repr(predict(model, POINTS * 3)) == repr(found * 3)     # enough to compile
    if isinstance(model, Module):
        assert model.training
        model.eval()
    assert repr(found) == repr([floats(model(x)) for x in POINTS])


def test_batches_and_nested_examples():
    model = Sequential(Embedding(4, 1, seed=0), Flatten(1), BatchNorm1d(2))
    model.eval()
    wanted = [floats(y) for y in model([[0, 1], [2, 3], [3, 3]])]
    for jit in (True, False):
        for size in (None, 2):
            assert predict(model, [[0, 1], [2, 3], [3, 3]], batched=True, batch_size=size, jit=jit) == wanted
    sequences = [[[1.0, 2.0]], [[3.0, 4.0], [5.0, 6.0]]]
    assert predict(lambda s: [a + b for a, b in s], sequences, jit=True) == [[3.0], [7.0, 11.0]]


def test_predict_compiles_where_it_pays(monkeypatch):
    made, usual = [], loss_gradients.CompiledLoss
    monkeypatch.setattr(loss_gradients, "CompiledLoss", lambda *args: made.append(1) or usual(*args))
    model = Linear(2, 1, seed=0)
    predict(model, POINTS)
    assert not made
    predict(model, POINTS * 3)
    assert made == [1]


def test_what_cannot_be_compiled_runs_eagerly():
    calls = []
    assert predict(lambda x: calls.append(1) or x[0], [[float(i)] for i in range(80)]) == list(map(float, range(80)))
    assert len(calls) >= 80


@pytest.mark.parametrize(("call", "message"), [
    (lambda: predict(Linear, POINTS), "has to be a function or a Module"),
    (lambda: predict(Linear(2, 1), [[1.0, float("nan")]]), r"X, row 0 \(counted from 0\): number 1 is nan"),
    (lambda: predict(Linear(2, 1), []), "X is empty"),
    (lambda: predict(Linear(3, 1), POINTS), "^Linear of 3 inputs was given 2"),
    (lambda: predict(Linear(2, 1), [[1, 2], [3]]), r"X, row 1 \(counted from 0\): Linear of 2 inputs was given 1"),
    (lambda: predict(Linear(2, 1), [[1, 2], [3]], jit=True), r"X, row 1 \(counted from 0\): Linear of 2 inputs"),
    (lambda: predict(Linear(2, 1), [[1, 2], [3, 4], [3]], batched=True, batch_size=2), r"X, row 2 \(counted from 0\)"),
    (lambda: predict(lambda xs: xs[:1], POINTS, batched=True), "has to return a list of as many outputs"),
    (lambda: predict(Linear(2, 1), POINTS, jit="maybe"), 'jit is "auto", True or False')])
def test_wrong_calls(call, message):
    with pytest.raises((ValueError, TypeError), match=message):
        call()


def test_a_module_that_looks_at_its_own_attributes():
    """It does not name ``training``, and gets no attribute of that name."""
    class Chain(Module):
        def __init__(self):
            self.first, self.drop, self.last = Linear(2, 3, seed=0), Dropout(0.5), Linear(3, 1, seed=1)

        def __call__(self, x):
            for module in vars(self).values():
                x = module(x)
            return x

    chain = Chain()
    assert predict(chain, POINTS) == predict(Sequential(chain.first, chain.last), POINTS)
    assert "training" not in vars(chain)


@pytest.mark.parametrize("run", [False, True])
@pytest.mark.parametrize(("output", "message"), [
    ({"a": 1.0}, "something of type dict"), ({0: 1.0}, "something of type dict"), ("text", "something of type str"),
    (b"ab", "something of type bytes"), ({1.0}, "something of type set"), (None, "None"),
    ([1.0, None], "a list with None"), ([[1.0], ["b"]], "a list with something of type str"),
    ([], "a list of no numbers"),
    (object(), "something of type object")])
def test_outputs_that_are_no_numbers_are_refused(output, message, run):
    with pytest.raises(TypeError, match=rf"X, row 0 \(counted from 0\), the model returned {message}"):
        predict(lambda x: output, POINTS, jit=run)
