"""Every layer that is trained by gradients trains compiled, to the bits of the eager training."""

from random import Random

import pytest

from nn import (
    GRU,
    LSTM,
    RBF,
    RNN,
    Adam,
    AvgPool2d,
    BatchNorm1d,
    BatchNorm2d,
    Conv1d,
    Conv2d,
    Dropout,
    Embedding,
    Flatten,
    LayerNorm,
    Linear,
    MaxPool2d,
    Module,
    MultiheadAttention,
    Sequential,
    Tanh,
    fit,
    mse_loss,
)


class LastOf(Module):
    """A linear layer on the last output of a layer of sequences."""

    def __init__(self, layer, width):
        self.layer, self.out = layer, Linear(width, 1, seed=9)

    def __call__(self, rows):
        inputs = [rows] * 3 if isinstance(self.layer, MultiheadAttention) else [rows]
        return self.out(self.layer(*inputs)[0][-1])


def image(*sizes):
    return lambda rng: [image(*sizes[1:])(rng) for _ in range(sizes[0])] if sizes else rng.gauss(0.0, 1.0)


CASES = {       # name: the model, the shape of an example, whether a batch goes in whole
    "RNN": (lambda: LastOf(RNN(2, 3, seed=0), 3), image(4, 2), False),
    "RNN, two layers, both ways": (lambda: LastOf(RNN(2, 2, 2, True, seed=0), 4), image(3, 2), False),
    "LSTM": (lambda: LastOf(LSTM(2, 3, seed=0), 3), image(4, 2), False),
    "GRU": (lambda: LastOf(GRU(2, 3, seed=0), 3), image(4, 2), False),
    "MultiheadAttention": (lambda: LastOf(MultiheadAttention(4, 2, seed=0), 4), image(3, 4), False),
    "Conv1d": (lambda: Sequential(Conv1d(2, 2, 2, seed=0), Flatten(), Linear(6, 1, seed=1)), image(2, 4), False),
    "Conv2d, MaxPool2d": (lambda: Sequential(Conv2d(1, 2, 2, padding=1, seed=0), MaxPool2d(2), Flatten(),
                                             Linear(8, 1, seed=1)), image(1, 4, 4), False),
    "AvgPool2d": (lambda: Sequential(AvgPool2d(2), Flatten(), Linear(4, 1, seed=1)), image(1, 4, 4), False),
    "RBF": (lambda: RBF(2, 3, 1, seed=0), image(2), False),
    "LayerNorm": (lambda: Sequential(Linear(2, 3, seed=0), LayerNorm(3), Linear(3, 1, seed=1)), image(2), False),
    "Dropout": (lambda: Sequential(Linear(2, 3, seed=0), Tanh(), Dropout(0.5), Linear(3, 1, seed=1)), image(2), False),
    "BatchNorm1d": (lambda: Sequential(Linear(2, 3, seed=0), BatchNorm1d(3), Linear(3, 1, seed=1)), image(2), True),
    "BatchNorm2d": (lambda: Sequential(Conv2d(1, 2, 2, seed=0), BatchNorm2d(2), Flatten(1), Linear(8, 1, seed=1)),
                    image(1, 3, 3), True),
    "Embedding": (lambda: Sequential(lambda row: row[0], Embedding(4, 3, seed=0), Linear(3, 1, seed=1)),
                  lambda rng: [rng.randrange(4)], False),
}


@pytest.mark.parametrize("name", CASES)
def test_compiled_training_is_eager_training_to_the_bit(name):
    make, draw, batched = CASES[name]
    rng = Random(1)
    inputs = [draw(rng) for _ in range(10)]
    targets = [rng.gauss(0.0, 1.0) for _ in inputs]
    states = []
    for jit in (True, False):
        model = make()
        before = model.state_dict()
        history = fit(model, mse_loss, inputs, targets, Adam(model.parameters(), lr=0.05), 3, 4, batched=batched,
                      jit=jit, progress=False)
        assert model.state_dict() != before
        states.append((dict(history), model.state_dict()))
    assert repr(states[0]) == repr(states[1])
