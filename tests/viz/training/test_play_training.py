"""``play_training``: what the page records is what training by hand gives, and what cannot be shown is told."""

import base64
import json
import re
from html import unescape

import pytest

import nn
from autograd import Value
from nn.optim import SGD, Adam
from viz import play_training, set_language, write
from viz.training.recording import GRID
from viz.words.training import WORDS

POINTS = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
XOR = [-1, 1, 1, -1]


def model(activation="tanh"):
    return nn.MLP(2, [3, 1], activation, seed=0)


def recorded(page):
    return json.loads(re.search('id="recorded">(.*?)</script>', page.html, re.DOTALL)[1])


def by_hand(model, rate, steps, optimizer=SGD):
    """The loss at each step, and the weights and gradients after the last."""
    steps_of = optimizer(model.parameters(), lr=rate)
    losses = []
    for step in range(steps + 1):
        for p in model.parameters():
            p.grad = 0.0
        loss = nn.mse_loss([model(point) for point in POINTS], XOR)
        loss.backward()
        losses.append(loss.data)
        if step < steps:
            steps_of.step()
    return losses, [p.data for p in model.parameters()], [p.grad for p in model.parameters()]


@pytest.mark.parametrize("optimizer", [SGD, Adam])
def test_the_numbers_are_those_of_training_by_hand(optimizer):
    data = recorded(play_training(model(), POINTS, XOR, steps=6, learning_rates=(0.1, 0.4), optimizer=optimizer))
    assert [run["rate"] for run in data["runs"]] == [0.1, 0.4]
    for run in data["runs"]:
        losses, weights, gradients = by_hand(model(), run["rate"], 6, optimizer)
        assert run["losses"] == pytest.approx(losses, rel=1e-5)
        step, loss, right, _, told, heat = run["pictures"][-1]
        assert (step, len(run["pictures"]), run["diverged"]) == (6, 7, False)
        assert loss == run["losses"][-1]
        assert told == pytest.approx(weights, rel=1e-5)
        assert heat == pytest.approx(gradients, rel=1e-5)
        assert 0 <= right <= 4
    assert data["names"][0] == "l1.n1.w1"
    assert data["layers"] == [{"size": 3, "weights": [[0, 1], [3, 4], [6, 7]]}, {"size": 1, "weights": [[9, 10, 11]]}]


def test_the_model_itself_does_not_learn():
    mine = model()
    before = mine.state_dict()
    play_training(mine, POINTS, XOR, steps=2)
    assert mine.state_dict() == before
    assert not any(p.has_grad for p in mine.parameters())


def test_a_tile_is_the_neurons_output():
    data = recorded(play_training(model(), POINTS, XOR, steps=1, learning_rates=[0.1]))
    (left, right), (low, high) = data["limits"]
    tiles = base64.b64decode(data["runs"][0]["pictures"][0][3])
    assert len(tiles) == 4 * GRID * GRID
    shown = [byte - 256 if byte > 127 else byte for byte in tiles]
    x, y = left + (right - left) * (2 * 3 + 1) / (2 * GRID), high - (high - low) * (2 * 5 + 1) / (2 * GRID)
    mine = model()
    assert shown[2 * GRID * GRID + 5 * GRID + 3] == round(127 * mine.layers[0]([x, y])[2].data)
    assert shown[3 * GRID * GRID + 5 * GRID + 3] == round(127 * max(-1, min(1, mine([x, y]).data)))


def test_the_border_is_the_middle_of_the_classes_or_what_is_said():
    def right(threshold, shift):
        net = nn.Sequential(nn.Linear(2, 1, seed=0))
        for p in net.parameters():
            p.data = 0.0
        net.parameters()[-1].data = shift
        return recorded(play_training(net, POINTS, [0, 1, 1, 1], steps=1, threshold=threshold,
                                      loss=nn.binary_cross_entropy_with_logits))["runs"][0]["pictures"][0][2]

    assert (right(None, 0.25), right(0.0, 0.25), right(0.0, -0.25)) == (1, 3, 1)


def test_layers_that_read_something_else_have_no_lines():
    class Own(nn.Module):
        def __init__(self):
            self.first, self.last = nn.Linear(2, 3, seed=0), nn.Linear(3, 1, seed=1)

        def __call__(self, x):
            return self.last([h * h for h in self.first(x)])

    layers = recorded(play_training(Own(), POINTS, XOR, steps=1))["layers"]
    assert [len(layer["weights"]) for layer in layers] == [3, 0]


def test_a_training_that_diverges_ends_there():
    data = recorded(play_training(model(None), POINTS, XOR, steps=120, learning_rates=(0.1, 1e3)))
    calm, wild = data["runs"]
    assert (calm["diverged"], wild["diverged"]) == (False, True)
    assert len(calm["losses"]) == 121
    assert 1 <= len(wild["losses"]) < 121
    assert 35 <= len(calm["pictures"]) <= 45
    assert [picture[0] for picture in calm["pictures"]][-2:] == [117, 120]
    json.dumps(data, allow_nan=False)


@pytest.mark.parametrize(("change", "error", "told"), [
    ({"X": [[1, 2, 3]] * 4}, ValueError, "rows of 3 numbers"),
    ({"X": [[1, float("nan")]] * 4}, ValueError, "not finite"),
    ({"X": "points"}, TypeError, "X: expected rows of numbers"), ({"y": [1, 1, 1, 1]}, ValueError, "there are 1"),
    ({"y": [1, 2, 3, 1]}, ValueError, "there are 3"), ({"y": ["a", "b", "a", "b"]}, ValueError, "texts"),
    ({"y": [1, -1]}, ValueError, "4 rows and y has 2"),
    ({"X": [[0, 1]] * 1001, "y": [0] * 1001}, ValueError, "1,001 rows"),
    ({"steps": 0}, ValueError, "steps: expected"), ({"every": 0.5}, ValueError, "every: expected"),
    ({"learning_rates": []}, ValueError, "learning_rates"), ({"learning_rates": [0.1, -1]}, ValueError, "positive"),
    ({"learning_rates": [0.1, 0.1]}, ValueError, "different"), ({"lang": "fr"}, ValueError, "lang"),
    ({"names": "xy"}, ValueError, "names"), ({"model": nn.MLP(2, [13, 1], seed=0)}, ValueError, "13 neurons"),
    ({"model": nn.MLP(2, [3, 2], seed=0)}, ValueError, "gives 2 numbers"), ({"model": len}, TypeError, "made of nn"),
    ({"steps": 400, "every": 1}, ValueError, r"MB of pictures.*1\.5 MB fit"),
    ({"loss": lambda outputs, _: outputs[0] * float("inf")}, ValueError, "before the first step")])
def test_what_cannot_be_shown_is_told(change, error, told):
    given = {"model": model(), "X": POINTS, "y": XOR} | change
    with pytest.raises(error, match=told):
        play_training(given.pop("model"), given.pop("X"), given.pop("y"), **given)


def test_a_picture_is_no_larger_than_the_limit_counts():
    mine = nn.MLP(2, [6, 4, 1], "tanh", seed=0)
    few, more = (len(play_training(mine, POINTS, XOR, steps=steps, learning_rates=[1e-6])._repr_html_())
                 for steps in (1, 9))
    assert (more - few) / 8 < 11 * GRID * GRID * 4 / 3 + len(mine.parameters()) * 26 + 40


def test_it_is_one_file_that_fetches_nothing(tmp_path):
    page = play_training(model(), POINTS, XOR, steps=1)
    text = write(page, tmp_path / "training.html").read_text("utf-8")
    assert not re.search(r"(src|href)\s*=|url\(|@import|https?://(?!www\.w3\.org/2000/svg)", text)
    policy = unescape(re.search(r'Content-Security-Policy" content="([^"]*)"', text)[1])
    assert policy.startswith("default-src 'none'; img-src data:; ")
    assert "unsafe" not in policy
    assert 'sandbox="allow-scripts"' in page._repr_html_()


@pytest.mark.parametrize("name", ["</script><img src=x onerror=alert(1)>", "\u2028<!--", "${title}"])
def test_hostile_names_are_text(name):
    mine = model()
    mine.parameters()[0].label = name
    page = play_training(mine, POINTS, XOR, steps=1, names=(name, "y"))
    assert page.html.count("<script") == 3
    assert "<img" not in page.html
    assert len(recorded(page)["names"]) == len(mine.parameters())


def test_the_language_is_chosen_or_set():
    assert WORDS["zh"].heading in play_training(model(), POINTS, XOR, steps=1, lang="zh").html.partition("<body>")[2]
    try:
        set_language("zh")
        assert '<html lang="zh">' in play_training(model(), POINTS, XOR, steps=1).html
    finally:
        set_language("en")


def test_values_and_arrays_are_points():
    numpy = pytest.importorskip("numpy")
    plain = play_training(model(), POINTS, XOR, steps=1).html
    assert play_training(model(), numpy.array(POINTS), numpy.array(XOR), steps=1).html == plain
    assert play_training(model(), [[Value(x) for x in row] for row in POINTS], XOR, steps=1).html == plain
