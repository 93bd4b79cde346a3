"""Arguments as PyTorch users write them: dim, inplace, hx and input, modules by name in a Sequential."""

import copy
import inspect
import pickle
from collections import OrderedDict

import numpy as np
import pytest

import nn
from autograd import Value, jit

BATCH = [[0.0, 1.0, 3.0], [2.0, -1.0, 0.5]]


@pytest.mark.parametrize("kind", [nn.Softmax, nn.LogSoftmax])
def test_dim_is_the_last(kind):
    wanted = kind()(BATCH)
    for given, dim in ((BATCH, -1), (BATCH, 1), (np.array(BATCH), 1), (BATCH, np.int64(1)), ([BATCH], 2)):
        assert kind(dim=dim)(given) == (wanted if given is not None and np.ndim(given) == 2 else [wanted])
    assert kind(0)(BATCH[0]) == wanted[0]
    assert list(jit(kind(dim=-1))(BATCH[0])) == wanted[0]
    assert (repr(kind()), repr(kind(dim=1))) == (f"{kind.__name__}()", f"{kind.__name__}(dim=1)")
    with pytest.raises(ValueError, match=r"\(dim=0\) was given 2 dimensions: .* acts along the last one; write dim=-1"):
        kind(dim=0)(BATCH)
    with pytest.raises(ValueError, match=r"\(dim=1\) was given 1 dimension; an example comes alone, and not in"):
        kind(dim=1)(BATCH[0])
    with pytest.raises(ValueError, match=r"\(dim=-2\) was given 2 dimensions"):
        kind(dim=-2)(BATCH)
    for wrong in (1.0, True, "last"):
        with pytest.raises(ValueError, match="dim is a whole number or None, not"):
            kind(wrong)


@pytest.mark.parametrize("make", [nn.ReLU, nn.LeakyReLU, nn.ELU, nn.SiLU, nn.Dropout])
def test_inplace_is_accepted_and_overwrites_nothing(make):
    x = [Value(-1.0), Value(2.0)]
    layer, plain = make(inplace=True).eval(), make().eval()
    assert [y.data for y in layer(x)] == [y.data for y in plain(x)]
    assert [v.data for v in x] == [-1.0, 2.0]
    assert repr(layer) == repr(plain)
    with pytest.raises(ValueError, match="inplace is True or False"):
        make(inplace=1)


@pytest.mark.parametrize("kind", [nn.RNN, nn.LSTM, nn.GRU])
def test_batch_first_of_a_recurrent_layer_says_how_a_batch_is_given(kind):
    message = rf"^{kind.__name__} has no option 'batch_first': a sequence comes alone, \[T\]\[input_size\]; leave"
    for given in (True, False):
        with pytest.raises(TypeError, match=message):
            kind(2, 3, batch_first=given)


@pytest.mark.parametrize(("make", "message"), [
    (lambda: nn.Conv1d(1, 1, 2, dilation=2), "^Conv1d has no option 'dilation': taps .* side by side; leave it out"),
    (lambda: nn.Conv2d(1, 1, 2, groups=1), "^Conv2d has no option 'groups': leave it out, and make a convolution for"),
    (lambda: nn.Conv2d(1, 1, 2, padding_mode="zeros"), "^Conv2d has no option 'padding_mode': the padding is 0"),
    (lambda: nn.MaxPool2d(2, ceil_mode=True), "^MaxPool2d has no option 'ceil_mode': windows lie wholly"),
    (lambda: nn.AvgPool2d(2, divisor_override=3), "^AvgPool2d has no option 'divisor_override': leave it out"),
    (lambda: nn.LSTM(2, 3, proj_size=1), "^LSTM has no option 'proj_size': leave it out, and put a Linear behind"),
    (lambda: nn.Linear(2, 3, device="cpu"), "^Linear has no option 'device': numbers are on the CPU; leave it out"),
    (lambda: nn.GRUCell(2, 3, dtype=float), "^GRUCell has no option 'dtype': numbers are Python's floats, of 64 bits"),
    (lambda: nn.BatchNorm2d(2, fused=True), "^BatchNorm2d has no option 'fused': it has num_features, eps, momentum"),
    (lambda: nn.Conv1d(1, 1, 2, 1, 0, True, 1), "^Conv1d: too many .*; without names it takes in_channels, .*, bias$"),
    (lambda: nn.AvgPool2d(3, 2, 1, False), "^AvgPool2d: too many .*; without names it takes kernel_size, .*, padding$"),
    (lambda: nn.AvgPool2d(), "^AvgPool2d: missing a required argument: 'kernel_size'; without names it takes"),
])
def test_arguments_that_a_layer_does_not_take(make, message):
    with pytest.raises(TypeError, match=message):
        make()


def test_arguments_that_a_users_layer_does_not_take():
    class Inner(nn.MaxPool2d):
        def __init__(self, size, **options):
            super().__init__(size, **options)

    class Net(nn.Module):
        def __init__(self, width):
            self.inner = Inner(width)
            self.scale = "a" + width        # a TypeError of its own

    with pytest.raises(TypeError, match=r"^Net has no option 'height': it has width$"):
        Net(height=3)
    with pytest.raises(TypeError, match=r"^MaxPool2d has no option 'ceil_mode'"):
        Inner(2, ceil_mode=True)
    with pytest.raises(TypeError, match="can only concatenate str"):
        Net(2)


SEQUENCE, ZEROS = [[1.0, 0.5], [0.0, -1.0]], [0.1, 0.2, 0.3]


@pytest.mark.parametrize("kind", [nn.RNN, nn.GRU, nn.LSTM])
def test_recurrent_networks_take_input_and_hx(kind):
    layer = kind(2, 3, seed=0)
    state = ([ZEROS], [ZEROS]) if kind is nn.LSTM else [ZEROS]
    text = repr(layer(SEQUENCE, state))
    assert repr(layer(input=SEQUENCE, hx=state)) == repr(layer(SEQUENCE, hx=state)) == text
    assert repr(layer(sequence=SEQUENCE, state=state)) == text
    assert repr(layer(input=SEQUENCE)) == repr(layer(SEQUENCE))
    with pytest.raises(TypeError, match=f"{kind.__name__}: hx and state are the same; give one of them"):
        layer(SEQUENCE, state=state, hx=state)


@pytest.mark.parametrize("kind", [nn.RNNCell, nn.GRUCell, nn.LSTMCell])
def test_recurrent_cells_take_hx(kind):
    cell = kind(2, 3, seed=0)
    state = (ZEROS, ZEROS) if kind is nn.LSTMCell else ZEROS
    assert repr(cell(input=SEQUENCE[0], hx=state)) == repr(cell(SEQUENCE[0], state))
    with pytest.raises(TypeError, match="hx and state are the same"):
        cell(SEQUENCE[0], state=state, hx=state)


def named():
    return nn.Sequential(OrderedDict([("first", nn.Linear(2, 3, seed=0)), ("act", nn.Tanh()),
                                      ("last", nn.Linear(3, 1, seed=1))]))


def test_a_sequential_of_named_modules():
    model, plain = named(), nn.Sequential(nn.Linear(2, 3, seed=0), nn.Tanh(), nn.Linear(3, 1, seed=1))
    assert list(model.state_dict()) == ["first.weight", "first.bias", "last.weight", "last.bias"]     # as in PyTorch
    assert model([1.0, 2.0])[0].data == plain([1.0, 2.0])[0].data
    assert (len(model), model[0], model[-1], model.act) == (3, model.first, model.last, model[1])
    assert repr(model) == "Sequential(\n  (first): Linear(2, 3)\n  (act): Tanh()\n  (last): Linear(3, 1)\n)"
    assert [name for name, _ in model.named_children()] == ["first", "act", "last"]
    assert model([Value(1.0), Value(2.0)])[0].group.path[0] == "last  Linear(3, 1)"
    assert list(model[1:].state_dict()) == ["last.weight", "last.bias"]
    for twin in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        assert (repr(twin), twin.state_dict()) == (repr(model), model.state_dict())
    assert nn.Sequential({}) is not None
    assert len(nn.Sequential({})) == 0


def test_names_stay_with_their_modules():
    def names(model):
        return [name for name, _ in model.named_children()]

    model = named()
    model.append(nn.ReLU())
    assert names(model) == ["first", "act", "last", "3"]
    model[1] = nn.ReLU()
    model.last = nn.Linear(3, 2, seed=2)
    assert (names(model), repr(model[1]), len(model([1.0, 2.0]))) == (["first", "act", "last", "3"], "ReLU()", 2)
    assert model.insert(1, nn.Tanh()) is model
    assert names(model) == ["first", "1", "act", "last", "4"]
    del model[2]
    assert names(model) == ["first", "1", "last", "3"]
    model.add_module("last", nn.Identity())
    model.add_module("4", nn.Identity())
    assert names(model) == ["first", "1", "last", "3", "4"]
    assert [repr(model.pop(0)) for _ in range(5)][2] == "Identity()"
    assert len(model) == 0


@pytest.mark.parametrize("name", ["", "a.b", "append", "training", "_x", "1", 0])
def test_names_that_are_none(name):
    with pytest.raises(KeyError, match="is no name for a module"):
        nn.Sequential({name: nn.Tanh()})


def test_named_modules_train_compiled_and_are_saved(tmp_path):
    x, y = [[0.1 * i, 1.0] for i in range(8)], [[0.2 * i] for i in range(8)]
    states = []
    for jit_ in (False, True):
        model = named()
        nn.fit(model, nn.mse_loss, x, y, nn.SGD(model.parameters(), lr=0.1), 3, jit=jit_, seed=0, progress=False)
        states.append(model.state_dict())
    assert states[0] == states[1]
    nn.save(model.state_dict(), tmp_path / "model.json")
    other = named().load_state_dict(nn.load(tmp_path / "model.json"))
    assert other.state_dict() == states[1]


@pytest.mark.parametrize("kind", [nn.SOM, nn.CompetitiveLayer, nn.ART1, nn.FuzzyART, nn.FuzzyARTMAP, nn.RBM,
                                  nn.BoltzmannMachine, nn.DBN])
def test_models_without_gradients_tell_their_options_too(kind):
    names = ", ".join(inspect.signature(kind).parameters)
    with pytest.raises(TypeError, match=f"^{kind.__name__} has no option 'epochs': it has {names}$"):
        kind(epochs=3)
