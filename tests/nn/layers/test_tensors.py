"""Each layer takes PyTorch tensors, and lists of them, with the numbers of lists; torch itself is not needed."""

import numpy as np
import pytest

import nn
from autograd import Value
from nn.layers.neuron import Layer


class Dtype:
    """As torch.dtype, it has no ``kind``."""


class Tensor:
    """What layers may rely on of a torch.Tensor: no NumPy array, and as PyTorch raises where it is a number."""

    dtype = Dtype()

    def __init__(self, numbers):
        self._x = np.array(numbers)
        self.shape, self.ndim = self._x.shape, self._x.ndim

    def tolist(self):
        return self._x.tolist()

    def item(self):
        return self._x.item()

    def __len__(self):
        if not self.shape:
            raise TypeError("len() of a 0-d tensor")
        return len(self._x)

    def __iter__(self):
        if not self.shape:
            raise TypeError("iteration over a 0-d tensor")
        return iter([Tensor(x) for x in self._x])

    def __getitem__(self, i):
        return Tensor(self._x[i])

    def __float__(self):
        return float(self._x)


def torch_tensor(numbers):
    return pytest.importorskip("torch").tensor(numbers)


ROW, ROWS, IMAGE = [0.5, -1.0, 2.0], [[0.5, -1.0, 2.0], [1.5, 0.0, 0.25]], [[[0.5, -1.0, 2.0], [1.0, 0.25, 3.0]]]
STATE = [1.0, 0.0, 0.5]
LAYERS = {
    "Linear": (nn.Linear(3, 2, seed=0), ROW), "Maxout": (nn.Maxout(3, 2, seed=0), ROW),
    "Neuron": (nn.Neuron(3, seed=0), ROW), "Layer": (Layer(3, 2, seed=0), ROW), "MLP": (nn.MLP(3, [4, 1], seed=0), ROW),
    "RBF": (nn.RBF(3, 4, 2, seed=0), ROW), "RBF.basis": (nn.RBF(3, 4, 2, seed=0).basis, ROW),
    "ReLU": (nn.ReLU(), ROW), "Tanh of a number": (nn.Tanh(), 0.5), "GELU of an image": (nn.GELU(), IMAGE),
    "Identity": (nn.Identity(), ROW), "Softmax": (nn.Softmax(), ROW), "LogSoftmax": (nn.LogSoftmax(), ROWS),
    "Dropout": (nn.Dropout(0.5).eval(), ROW), "BatchNorm1d": (nn.BatchNorm1d(3).eval(), ROW),
    "BatchNorm1d of a batch": (nn.BatchNorm1d(3), ROWS), "LayerNorm": (nn.LayerNorm(3), ROW),
    "Embedding": (nn.Embedding(4, 2, seed=0), [3, 0]), "Flatten": (nn.Flatten(), IMAGE),
    "Conv1d": (nn.Conv1d(2, 1, 2, seed=0), ROWS), "Conv2d": (nn.Conv2d(1, 2, 2, seed=0), IMAGE),
    "MaxPool2d": (nn.MaxPool2d(2), IMAGE), "AvgPool2d": (nn.AvgPool2d(2), IMAGE),
    "RNN": (nn.RNN(3, 2, seed=0), ROWS), "LSTM": (nn.LSTM(3, 2, seed=0), ROWS), "GRU": (nn.GRU(3, 2, seed=0), ROWS),
    "RNNCell": (nn.RNNCell(3, 2, seed=0), ROW), "LSTMCell": (nn.LSTMCell(3, 2, seed=0), ROW),
    "RBM": (nn.RBM(3, 2, seed=0), STATE), "RBM.free_energy": (nn.RBM(3, 2, seed=0).free_energy, STATE),
    "RBM.reconstruct": (nn.RBM(3, 2, seed=0).reconstruct, STATE), "DBN": (nn.DBN([3, 2, 2], seed=0), STATE),
    "BoltzmannMachine.energy": (nn.BoltzmannMachine(3, seed=0).energy, [1.0, 0.0, 1.0]),
    "Sequential": (nn.Sequential(nn.Flatten(), nn.Dropout(0.0), nn.Linear(6, 2, seed=0), nn.Softmax()), IMAGE)}


def floats(x):
    return list(map(floats, x)) if isinstance(x, (list, tuple)) else x.data if isinstance(x, Value) else float(x)


@pytest.mark.parametrize("tensor", [Tensor, torch_tensor])
@pytest.mark.parametrize("name", LAYERS)
def test_a_tensor_gives_what_lists_give(name, tensor):
    layer, given = LAYERS[name]
    wanted = floats(layer(given))
    assert floats(layer(tensor(given))) == wanted
    if isinstance(given, list):     # the tensors in a tensor
        assert floats(layer(list(tensor(given)))) == wanted


@pytest.mark.parametrize("tensor", [Tensor, torch_tensor])
def test_states_and_masks_may_be_tensors(tensor):
    start = [[0.5, -0.5]]
    for kind, cell in ((nn.RNN, nn.RNNCell), (nn.GRU, nn.GRUCell)):
        whole, one = kind(3, 2, seed=0), cell(3, 2, seed=0)
        assert floats(whole(tensor(ROWS), tensor(start))) == floats(whole(ROWS, start))
        assert floats(one(tensor(ROW), tensor(start[0]))) == floats(one(ROW, start[0]))
    lstm = nn.LSTM(3, 2, seed=0)
    assert floats(lstm(ROWS, (tensor(start), tensor(start)))) == floats(lstm(ROWS, (start, start)))
    attention, t = nn.MultiheadAttention(3, 1, seed=0), tensor(ROWS)
    for mask, padding in ((None, None), ([[False, True], [False, False]], None), (None, [False, True])):
        assert floats(attention(t, t, t, padding and tensor(padding), attn_mask=mask and tensor(mask))) == floats(
            attention(ROWS, ROWS, ROWS, padding, attn_mask=mask))


@pytest.mark.parametrize("tensor", [Tensor, torch_tensor])
def test_a_tensor_of_another_shape_is_refused(tensor):
    with pytest.raises(ValueError, match="Linear of 3 inputs was given 2"):
        nn.Linear(3, 1)(tensor([1.0, 2.0]))
    with pytest.raises(TypeError, match="takes a sequence of 3 numbers, not float"):
        nn.Linear(3, 1)(tensor(1.0))
    with pytest.raises(ValueError, match="LayerNorm of 3 numbers was given one number"):
        nn.LayerNorm(3)(tensor(1.0))
