"""A hook acts once in a call, whatever the layer is given: one example, a list of them, or a list of images."""

import numpy as np
import pytest

import nn
from autograd import Value
from nn.layers.neuron import Layer
from viz.model_layers import observe_calls

ROW, PLANE, SEQUENCE = [0.5, -1.0, 2.0], [[1.0, 2.0, 0.5], [0.0, -1.0, 3.0], [2.0, 2.0, 1.0]], [[0.5, -1.0, 2.0]] * 4
GIVEN = {       # a layer and one example
    "Linear": (lambda: nn.Linear(3, 2, seed=0), ROW), "Maxout": (lambda: nn.Maxout(3, 2, seed=0), ROW),
    "Neuron": (lambda: nn.Neuron(3, seed=0), ROW), "Layer": (lambda: Layer(3, 2, seed=0), ROW),
    "MLP": (lambda: nn.MLP(3, [4, 2], seed=0), ROW), "RBF": (lambda: nn.RBF(3, 4, 2, seed=0), ROW),
    "ReLU": (nn.ReLU, ROW), "ReLU of an image": (nn.ReLU, [PLANE]), "LeakyReLU": (nn.LeakyReLU, ROW),
    "Identity": (nn.Identity, ROW), "Softmax": (nn.Softmax, ROW), "LogSoftmax": (nn.LogSoftmax, [PLANE]),
    "Dropout": (lambda: nn.Dropout(0.5, seed=0), ROW), "LayerNorm": (lambda: nn.LayerNorm(3), ROW),
    "LayerNorm of an image": (lambda: nn.LayerNorm((3, 3)), [PLANE]), "BatchNorm1d": (lambda: nn.BatchNorm1d(3), ROW),
    "Embedding": (lambda: nn.Embedding(4, 2, seed=0), [0, 3, 1]), "Flatten": (lambda: nn.Flatten(1), PLANE),
    "Conv1d": (lambda: nn.Conv1d(3, 2, 2, seed=0), PLANE), "Conv2d": (lambda: nn.Conv2d(1, 2, 2, seed=0), [PLANE]),
    "MaxPool2d": (lambda: nn.MaxPool2d(2, 1), [PLANE]), "AvgPool2d": (lambda: nn.AvgPool2d(2, 1), [PLANE]),
    "RBM": (lambda: nn.RBM(3, 2, seed=0), [1, 0, 1]), "DBN": (lambda: nn.DBN([3, 2, 2], seed=0), [1, 0, 1]),
    "Sequential": (lambda: nn.Sequential(nn.Linear(3, 2, seed=0), nn.Tanh()), ROW)}


def floats(x):
    return list(map(floats, x)) if isinstance(x, list) else x.data if isinstance(x, Value) else float(x)


def twice(x):
    return list(map(twice, x)) if isinstance(x, list) else x * 2


@pytest.mark.parametrize("many", [False, True])
@pytest.mark.parametrize("name", GIVEN)
def test_hooks_act_once_in_a_call(name, many):
    make, example = GIVEN[name]
    given = [example, example, example] if many else example
    layer, plain, calls = make(), make(), []
    for module in (layer, plain):
        module.train(name == "Dropout")
    layer.register_forward_pre_hook(lambda module, args: calls.append(args))
    layer.register_forward_hook(lambda module, args, output: twice(output))
    assert floats(layer(given)) == floats(twice(plain(given)))
    assert calls == [(given,)]


def test_each_module_of_a_network_is_hooked_once_for_a_batch_of_images():
    net, calls = nn.Sequential(nn.Conv2d(1, 2, 2, seed=0), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(1)), []
    for _, module in net.named_modules():
        module.register_forward_hook(lambda module, args, output: calls.append(type(module).__name__))
    net([[PLANE], [PLANE]])
    assert calls == ["Conv2d", "ReLU", "MaxPool2d", "Flatten", "Sequential"]


@pytest.mark.parametrize(("make", "inside"), [
    (lambda: nn.MLP(3, [4, 1, 2], "tanh", seed=0), lambda net: net.layers),
    (lambda: nn.RBF(3, 4, 2, seed=0), lambda net: [net.output]),
    (lambda: nn.DBN([3, 2, 2], seed=0), lambda net: net.rbms),
    (lambda: nn.MultiheadAttention(3, 1, seed=0), lambda net: [net.out_proj])])
def test_the_layers_inside_are_called_once_for_a_batch(make, inside):
    net, plain, calls = make(), make(), []
    for layer in inside(net):
        layer.register_forward_hook(lambda module, args, output: calls.append(module))
    rows = [[1.0, 0.0, 0.5], [0.25, 1.0, 0.0]]
    given = [rows] * 3 if isinstance(net, nn.MultiheadAttention) else [rows]
    found = net(*given)
    assert calls == list(inside(net))
    if len(given) == 1:
        assert floats(found) == [floats(plain(row)) for row in rows]


@pytest.mark.parametrize("name", GIVEN)
def test_a_class_whose_call_extends_its_base_acts_once(name):
    make, example = GIVEN[name]
    layer, calls = make(), []
    layer.eval()

    class Extended(type(layer)):
        def __call__(self, x):
            calls.append(x)
            return twice(super().__call__(x))

    plain = floats(layer([example, example]))
    layer.__class__ = Extended
    hooked = []
    layer.register_forward_hook(lambda module, args, output: hooked.append(args))
    assert floats(layer([example, example])) == twice(plain)
    assert len(calls) == len(hooked) == 1


@pytest.mark.parametrize("layer", [nn.RNN(3, 2, seed=0), nn.LSTM(3, 2, 2, True, seed=0), nn.GRU(3, 2, seed=0)])
def test_a_sequence_is_one_call(layer):
    calls = []
    with layer.register_forward_hook(lambda module, args, output: calls.append(args)):
        layer(SEQUENCE)
    assert calls == [(SEQUENCE,)]


def test_an_observer_of_pictures_sees_one_call():
    layer, seen = nn.Linear(3, 2, seed=0), []
    observe_calls(layer, lambda given, output: seen.append(given))
    layer(np.array([ROW, ROW]))
    assert len(seen) == 1


def test_a_batch_trains_with_hooks_to_the_bit():
    """The hook's numbers, compiled and eager, are those of a layer that computes them itself."""
    rows, targets = [[0.5, 1.0], [-1.0, 2.0], [0.25, -0.5], [3.0, 1.0]], [1.0, 0.0, 2.0, -1.0]

    class Doubled(nn.Linear):
        def __call__(self, x):
            return twice(super().__call__(x))

    def trained(hooked, jit, batched):
        net = (nn.Linear if hooked else Doubled)(2, 1, seed=0)
        if hooked:
            net.register_forward_hook(lambda module, args, output: twice(output))
        nn.fit(net, nn.mse_loss, rows, targets, nn.SGD(net.parameters(), lr=0.01), 3, 2, jit=jit, batched=batched,
               progress=False)
        return repr(net.state_dict())

    for batched in (False, True):
        assert len({trained(hooked, jit, batched) for hooked in (True, False) for jit in (True, False)}) == 1
