"""The layers of modules of one's own as columns of neurons."""

import autograd
import nn
from autograd import Value
from viz import draw_network
from viz.network.columns import columns


class Dense(nn.Module):
    """A layer of one's own, written out, under names of one's own."""

    def __init__(self, n, m):
        self.kernel = [[Value(0.1 * (i + j) - 0.2) for i in range(n)] for j in range(m)]
        self.shift = [Value(0.05 * j) for j in range(m)]

    def forward(self, x):
        return [(sum(w * xi for w, xi in zip(row, x, strict=True)) + b).tanh()
                for row, b in zip(self.kernel, self.shift, strict=True)]


class Net(nn.Module):
    def __init__(self):
        self.hidden = [nn.Neuron(2, "tanh", seed=j) for j in range(3)]
        self.dense, self.out = Dense(3, 2), nn.Linear(2, 1, seed=0)

    def forward(self, x):
        return autograd.sigmoid(self.out(self.dense([h(x) for h in self.hidden]))[0])


def test_layers_of_ones_own_and_functions_between_them_are_drawn():
    model = Net()
    one, two, three = columns(model)
    assert (one.title, two.title, three.title) == ("hidden: tanh", "dense: Dense", "out: sigmoid")
    assert (one.size, two.size, three.size) == (3, 2, 1)
    assert two.rows == model.dense.kernel
    assert two.offsets == model.dense.shift
    assert draw_network(model).source.count(" -> ") == 6 + 6 + 2


class Plain(nn.Module):
    """A neuron as lectures write it, without an attribute for its activation."""

    def __init__(self):
        self.w, self.b = [Value(0.5), Value(-0.5)], Value(0.1)

    def __call__(self, x):
        return sum((w * xi for w, xi in zip(self.w, x, strict=True)), self.b).tanh()


def test_an_activation_that_is_not_known_is_not_called_linear():
    assert [column.title for column in columns(Plain())] == ["Plain: Plain"]
    assert [column.title for column in columns(nn.Neuron(2, None))] == ["Neuron: linear"]
