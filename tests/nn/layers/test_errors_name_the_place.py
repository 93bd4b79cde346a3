"""Errors say where the fault is, and what to call instead."""

import numpy as np
import pytest

import nn
from autograd import Value

ROW = [1.0, 2.0]
PLACES = {      # a layer, what it is given, and the place that the error names
    "Linear": (nn.Linear(2, 1), ["a", 1.0], r"\[0\] is 'a'"),
    "Maxout": (nn.Maxout(2, 1), [1.0, None], r"\[1\] is None"),
    "Neuron": (nn.Neuron(2), [1.0, {}], r"\[1\] is \{\}"), "Layer": (nn.MLP(2, [2, 1]), [1.0, "b"], r"\[1\] is 'b'"),
    "RBF": (nn.RBF(2, 2, 1), [None, 1.0], r"\[0\] is None"), "ReLU": (nn.ReLU(), [1.0, "x"], r"\[1\] is 'x'"),
    "softmax": (nn.Softmax(), [1.0, None], r"\[1\] is None"),
    "Tanh": (nn.Tanh(), [[ROW], [["x"]]], r"\[1\]\[0\]\[0\] is"),
    "Dropout": (nn.Dropout(0.5), [1.0, "x"], r"\[1\] is 'x'"), "RBM": (nn.RBM(2, 2), [1, None], r"\[1\] is None"),
    "BatchNorm1d": (nn.BatchNorm1d(2), [ROW, [1.0, None]], r"\[1\]\[1\] is None"),
    "LayerNorm": (nn.LayerNorm(2), [1.0, "x"], r"\[1\] is 'x'"),
    "Conv1d": (nn.Conv1d(1, 1, 2), [[1.0, "a"]], r"\[0\]\[1\] is 'a'"),
    "Conv2d": (nn.Conv2d(1, 1, 2), [[["a", "b"], ["c", "d"]]], r"\[0\]\[0\]\[0\] is 'a'"),
    "MaxPool2d": (nn.MaxPool2d(2), [[ROW, [1.0, None]]], r"\[0\]\[1\]\[1\] is None"),
    "RNN": (nn.RNN(2, 3), [ROW, [None, 1.0]], r"\[1\]\[0\] is None"),
    "GRU": (nn.GRU(2, 3), [["x", 1]], r"\[0\]\[0\] is"),
    "LSTM": (nn.LSTM(2, 3), [ROW, ROW, [1.0, "x"]], r"\[2\]\[1\] is 'x'"),
    "LSTMCell": (nn.LSTMCell(2, 3), [1.0, "x"], r"\[1\] is 'x'")}


@pytest.mark.parametrize("name", PLACES)
def test_a_text_or_none_among_numbers_is_named_with_its_place(name):
    layer, given, place = PLACES[name]
    with pytest.raises(TypeError, match=f"^{name}: input{place}"):
        layer(given)
    with pytest.raises(TypeError, match=f"^{name}: input{place}"):
        layer(np.array(given, dtype=object))


def test_the_place_in_a_batch_and_in_attention():
    with pytest.raises(TypeError, match=r"^Linear: input\[2\]\[1\] is 'x', which is no number$"):
        nn.Sequential(nn.Linear(2, 1))([ROW, ROW, [1.0, "x"]])
    rows = [ROW, [1.0, None]]
    with pytest.raises(TypeError, match=r"^MultiheadAttention: key\[1\]\[1\] is None"):
        nn.MultiheadAttention(2, 1)([ROW], rows, [ROW, ROW])


def test_a_flattened_batch_is_recognized():
    """Under batched=True, Flatten() makes one row of all images."""
    images = [[[[1.0, 2.0, 3.0]] * 3]] * 10
    model = nn.Sequential(nn.Flatten(), nn.Linear(9, 1))
    message = r"Linear of 9 inputs was given 90, 10 times as many: if that is a list of 10 examples, .*nn.Flatten\(1\)"
    with pytest.raises(ValueError, match=message):
        nn.predict(model, images, batched=True)
    with pytest.raises(ValueError, match=message):
        nn.fit(model, nn.mse_loss, images, [[0.0]] * 10, nn.SGD(model.parameters(), lr=0.1), 1, batched=True,
               progress=False)
    model[0] = nn.Flatten(1)
    assert len(nn.predict(model, images, batched=True)) == 10


@pytest.mark.parametrize(("name", "call"), [
    ("RNNCell", nn.RNNCell(2, 3)), ("LSTMCell", nn.LSTMCell(2, 3)), ("GRUCell", nn.GRUCell(2, 3)),
    (r"RBM\.free_energy", nn.RBM(2, 2).free_energy), (r"BoltzmannMachine\.energy", nn.BoltzmannMachine(2).energy)])
def test_a_list_of_rows_where_one_is_meant(name, call):
    for rows in ([[0.0, 1.0], [1.0, 1.0]], [[0.0], [1.0]], ((0.0, 1.0),), np.zeros((3, 2))):
        message = rf"^{name} takes one row of 2 numbers, not a list of {len(rows)} rows; call it for each, as in"
        with pytest.raises(ValueError, match=message):
            call(rows)
    with pytest.raises(ValueError, match=f"^{name} of 2 inputs was given 3$"):
        call([1.0, 0.0, 1.0])


WITHOUT_GRADIENTS = {"SOM": nn.SOM(2, (2, 2)), "ART1": nn.ART1(0.5), "FuzzyART": nn.FuzzyART(0.5),
                     "FuzzyARTMAP": nn.FuzzyARTMAP(0.5), "CompetitiveLayer": nn.CompetitiveLayer(2, 2)}


@pytest.mark.parametrize("name", WITHOUT_GRADIENTS)
def test_a_model_that_learns_without_gradients_says_so(name):
    model = WITHOUT_GRADIENTS[name]
    rows = r"X, y" if name == "FuzzyARTMAP" else "X"
    message = rf"^{name} .*: it learns by a rule of its own, without gradients; call model.fit\({rows}\) instead of nn"
    with pytest.raises(AttributeError, match=message):
        nn.fit(model, nn.mse_loss, [ROW], [1.0], nn.SGD(model.parameters(), lr=0.1), 1)
    assert not hasattr(model, "parameters")
    with pytest.raises(AttributeError, match="object has no attribute 'nothing'"):
        _ = model.nothing
    if name == "CompetitiveLayer":      # a function of a row
        return
    with pytest.raises(TypeError, match=message):
        nn.fit(model, nn.mse_loss, [ROW], [1.0], nn.SGD([Value(1.0)], lr=0.1), 1, progress=False)
    with pytest.raises(TypeError, match=message + r".fit, and model.predict\(X\) instead of nn.predict"):
        nn.predict(model, [ROW])


def test_a_boltzmann_machine_says_what_to_call():
    machine = nn.BoltzmannMachine(2, seed=0)
    with pytest.raises(TypeError, match=r"a loss would need Z.* Call its own fit, as in machine.fit\(X\)"):
        nn.fit(machine, nn.mse_loss, [[1, 0]], [1.0], nn.SGD(machine.parameters(), lr=0.1), 1, progress=False)
    with pytest.raises(TypeError, match="BoltzmannMachine is no function of an example"):
        nn.predict(machine, [[1, 0]])


def test_a_state_may_be_a_list_of_arrays():
    layer, rows = nn.Conv2d(1, 2, 3, seed=0), [np.ones((1, 3, 3)), np.zeros((1, 3, 3))]
    layer.load_state_dict({"weight": rows, "bias": np.zeros(2)})
    assert layer.state_dict()["weight"] == [row.tolist() for row in rows]
    with pytest.raises(ValueError, match="weight is not 2 x 1 x 3 x 3 numbers, but uneven"):
        layer.load_state_dict({"weight": [rows[0], np.ones((1, 3, 4))], "bias": np.zeros(2)})


def test_images_of_different_sizes():
    """A list of images may hold several sizes; one image may not."""
    layer = nn.Conv2d(1, 1, (1, 3), seed=0)
    assert [len(image[0]) for image in layer([np.ones((1, 3, 3)), np.ones((1, 4, 4))])] == [3, 4]
    for kernel in (2, (1, 3)):
        with pytest.raises(ValueError, match="Conv2d: rows are empty or differ in length"):
            nn.Conv2d(2, 1, kernel)([np.ones((3, 3)), np.ones((4, 4))])
