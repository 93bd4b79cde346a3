"""Feed-forward layers take one example or a list of examples, as lists, tuples or arrays."""

import numpy as np
import pytest

from autograd import Value
from nn import ELU, MLP, RBF, Identity, LayerNorm, Linear, LogSoftmax, Maxout, Neuron, ReLU, Sequential, Softmax, Tanh
from nn.layers.neuron import Layer

ROWS = [[0.5, -1.0, 2.0], [3.0, 0.0, -0.5]]
LAYERS = {"Linear": Linear(3, 2, seed=0), "RBF": RBF(3, 4, 2, seed=0),
          "Maxout": Maxout(3, 2, seed=0), "Neuron": Neuron(3, seed=0),
          "Layer": Layer(3, 2, seed=0), "Layer of one": Layer(3, 1, seed=0), "MLP": MLP(3, [1, 1], seed=0),
          "MLP of two": MLP(3, [4, 2], "tanh", seed=0), "ReLU": ReLU(), "ELU": ELU(0.5), "Identity": Identity(),
          "Softmax": Softmax(), "LogSoftmax": LogSoftmax(), "LayerNorm": LayerNorm(3),
          "Sequential": Sequential(Linear(3, 4, seed=0), Tanh(), Linear(4, 2, seed=1), Softmax())}


def floats(x):
    return list(map(floats, x)) if hasattr(x, "__len__") else x.data if isinstance(x, Value) else float(x)


@pytest.mark.parametrize("name", LAYERS)
def test_a_list_of_examples_gives_a_list_of_results(name):
    layer = LAYERS[name]
    wanted = [floats(layer(row)) for row in ROWS]
    for rows in (ROWS, list(map(tuple, ROWS)), np.array(ROWS), list(np.array(ROWS))):
        assert floats(layer(rows)) == wanted
