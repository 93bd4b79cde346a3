"""Training inside the playground: its numbers are those of the network trained in plain nn, its data are checked."""

import contextlib
import io
import json
import math
import sys
from pathlib import Path

import pytest

import nn
from nn.optim import SGD

PAGE = Path(__file__).parent.parent / "docs" / "playground" / "page"


@pytest.fixture
def training(monkeypatch, tmp_path):
    monkeypatch.syspath_prepend(str(PAGE))
    monkeypatch.chdir(tmp_path)
    import training
    yield training
    sys.modules.pop("training")


def ask(training, **request):
    return json.loads(training.train(json.dumps(request)))


@pytest.mark.parametrize("data", ["xor", "circle", "moons", "line"])
def test_the_steps_are_those_of_nn(training, data):
    start = ask(training, command="start", data=data, hidden=["3", "2"])
    shown = ask(training, command="step", count=4, rate=0.2)
    model = nn.MLP(2, [3, 2, 1], "tanh", seed=0)
    optimizer = SGD(model.parameters(), lr=0.2)
    losses = []
    for _ in range(5):
        optimizer.zero_grad()
        loss = nn.mse_loss([model([x, y]) for x, y, _ in start["points"]], [t for _, _, t in start["points"]])
        loss.backward()
        losses.append(loss.data)
        gradient = model.layers[0].neurons[0].w[1].grad
        if len(losses) < 5:
            optimizer.step()
    assert [float(start["loss"]), float(shown["loss"])] == [losses[0], losses[4]]
    assert shown["neurons"][0][0]["dw"][1] == gradient
    assert shown["step"] == 4
    assert all(abs(number) <= 1 for x, y, t in start["points"] for number in (x, y, t)) or data == "moons"


def test_a_tile_is_the_neurons_output(training):
    shown = ask(training, command="start", hidden=["4"])
    model = nn.MLP(2, [4, 1], "tanh", seed=0)
    side = training.GRID
    x, y = (training.LIMIT * (2 * i + 1 - side) / side for i in (3, side - 1 - 5))     # column 3 of row 5 from the top
    assert shown["tiles"][0][2][5 * side + 3] == round(model.layers[0]([x, y])[2].data, 4)
    assert shown["tiles"][1][0][5 * side + 3] == round(model([x, y]).data, 4)


def test_it_learns(training):
    ask(training, command="start", data="line", hidden=["2"])
    shown = ask(training, command="step", count=20, rate=0.5)
    assert shown["right"] >= 55


def test_steps_that_are_too_large_end_in_words_not_in_nan(training):
    ask(training, command="start", data="circle", hidden=["4"])
    shown = ask(training, command="step", count=3000, rate=1e3)
    assert not shown["finite"]
    assert shown["neurons"] == shown["tiles"] == []
    json.dumps(shown, allow_nan=False)


@pytest.mark.parametrize(("text", "word", "line"), [
    ("", "trainRows", 0), ("1,2,a", "trainRows", 0), ("1,2,a\n" * 201, "trainRows", 0), ("1,2,a\n1,b,a", "trainRow", 2),
    ("x,y,class\n1,2,a\n\n3,4", "trainRow", 4), ("1,2,a\n1,nan,b", "trainRow", 2), ("1,2,a\n1,1e999,b", "trainRow", 2),
    ("1,2,a\n3,4,a", "trainClasses", 0), ("1,2,a\n3,4,b\n5,6,c", "trainClasses", 0)])
def test_a_table_that_cannot_be_learnt_is_refused(training, text, word, line):
    assert ask(training, command="start", data="csv", text=text) == {"refused": word, "line": line}


def test_a_table_is_scaled(training):
    text = "\ufeffheight,weight,class\n150,50,b\n 200 , 100,a\n175,75,b\n"
    assert ask(training, command="start", data="csv", text=text)["points"] == [
        [-1.0, -1.0, 1.0], [1.0, 1.0, -1.0], [0.0, 0.0, 1.0]]
    huge = ask(training, command="start", data="csv", text="-1e308,1,a\n1e308,1,b")["points"]
    assert huge == [[-1.0, 0.0, -1.0], [1.0, 0.0, 1.0]]


def test_layers_that_are_too_large_are_refused(training):
    assert ask(training, command="start", hidden=["7"])["refused"] == "trainSizes"
    assert ask(training, command="start", hidden=[])["refused"] == "trainSizes"


def test_what_is_saved_gives_the_same_network_elsewhere(training, tmp_path):
    ask(training, command="start", data="line", hidden=["3"])
    shown = ask(training, command="step", count=5, rate=0.25)
    code = ask(training, command="code", rate=0.25)["text"]
    names = {}
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(code, "training.py", "exec"), names)
    assert names["model"].layers[0].neurons[0].w[0].data == shown["neurons"][0][0]["w"][0]
    assert len(printed.getvalue().splitlines()) == 5
    (tmp_path / "saved.json").write_text(ask(training, command="weights")["text"], "utf-8")
    other = nn.MLP(2, [3, 1], "tanh", seed=1)
    other.load_state_dict(nn.load(tmp_path / "saved.json"))
    assert other.state_dict() == names["model"].state_dict()
    assert math.isfinite(float(shown["loss"]))
