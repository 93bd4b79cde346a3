"""The graph of a network opens folded by layer, narrow enough for a notebook, in order, under its modules' names."""

import random
import re

import pytest

import autograd as ag
import nn
from autograd import Value
from viz import draw_dot
from viz.graph.module_cards import ModuleCard
from viz.graph.picture import picture

WIDEST = 1600       # pixels of a screen, 4 / 3 of a point


class Net(nn.Module):
    """A user's own module with another one inside."""

    def __init__(self):
        self.encoder = nn.Sequential(nn.Linear(4, 6, seed=1), nn.Tanh(), nn.Linear(6, 4, seed=2))
        self.head = nn.Linear(4, 3, seed=3)

    def __call__(self, x):
        return self.head([ag.relu(y) for y in self.encoder(x)])


def averaged(model, inputs, loss, count=20):
    choose = random.Random(1)
    rows = [[Value(choose.uniform(-1, 1), f"x{i}") for i in range(inputs)] for _ in range(count)]
    root = sum((loss(model(row), i) for i, row in enumerate(rows)), Value(0.0)) / count
    root.label = "loss"
    root.backward()
    return root


def squared(out, i):
    return (out - (-1) ** i) ** 2


def sequence(steps, width=1):
    choose = random.Random(steps)
    return [[Value(choose.uniform(-1, 1), f"x{i}") for i in range(width)] for _ in range(steps)]


def recurrent(kind, steps, *options, each=False):
    """A loss of the last output, or of each."""
    layer = getattr(nn, kind)(1, 4, *options, seed=0)
    outputs, _ = layer(sequence(steps))
    head = nn.Linear(len(outputs[0]), 1, seed=1)
    found = [head(y)[0] for y in outputs] if each else [head(outputs[-1])[0]]
    return backwards(nn.mse_loss(found, [0.5] * len(found)))


def attention(heads, places):
    layer, head, rows = nn.MultiheadAttention(12, heads, seed=0), nn.Linear(12, 1, seed=1), sequence(places, 12)
    return backwards(nn.mse_loss([head(row)[0] for row in layer(rows, rows, rows)[0]], [0.5] * places))


def parallel(count):
    class Branches(nn.Module):
        def __init__(self):
            self.parts = nn.ModuleList([nn.Linear(3, 2, seed=i) for i in range(count)])
            for i in range(count):
                setattr(self, f"branch{i}", nn.Linear(3, 2, seed=i))

        def __call__(self, x):
            parts = [*self.parts, *(getattr(self, f"branch{i}") for i in range(count))]
            return [sum(outputs) for outputs in zip(*(part(x) for part in parts), strict=True)]

    return backwards(nn.mse_loss(Branches()([Value(0.5, f"x{i}") for i in range(3)]), [1.0, 0.0]))


def convolutions():
    model = nn.Sequential(nn.Conv1d(1, 3, 2, seed=0), nn.ReLU(), nn.Conv1d(3, 6, 2, seed=0), nn.Flatten(),
                          nn.Linear(24, 2, seed=1))
    return backwards(nn.cross_entropy(model([[Value(float(i), f"x{i}") for i in range(6)]]), 1))


def backwards(root):
    root.backward()
    return root


NETWORKS = {
    **{f"{kind} of {steps} steps": lambda kind=kind, steps=steps: recurrent(kind, steps)
       for kind in ("RNN", "LSTM", "GRU") for steps in (3, 12, 40)},
    "a loss of each step": lambda: recurrent("RNN", 12, each=True),
    "bidirectional": lambda: recurrent("RNN", 12, 1, True),
    "two layers": lambda: recurrent("LSTM", 12, 2),
    "two layers, bidirectional": lambda: recurrent("RNN", 3, 2, True, each=True),
    "attention": lambda: attention(2, 3), "heads": lambda: attention(4, 6),
    "parallel": lambda: parallel(6), "convolutions": convolutions,
    "moons": lambda: averaged(nn.MLP(2, [16, 16, 1], seed=1), 2, squared, 30),
    "deep": lambda: averaged(nn.MLP(8, [8] * 9 + [1], "tanh", seed=1), 8, squared, 3),
    "wide": lambda: averaged(nn.MLP(64, [32, 1], seed=1), 64, squared, 2),
    "own": lambda: averaged(Net(), 4, lambda out, i: nn.cross_entropy(out, i % 3)),
    "hinge": lambda: averaged(nn.MLP(2, [3, 1], seed=1), 2, lambda out, i: nn.hinge_loss(out, (-1) ** i), 5),
    "one example": lambda: averaged(nn.MLP(2, [3, 1], seed=1), 2, squared, 1),
}


def cards(root):
    return [item for item in picture(root).items if isinstance(item, ModuleCard)]


def place(svg, key):
    """The position of a card, from left and from top."""
    text = re.search(rf"<title>{key}</title>.*?<text [^>]*?x=\"([-0-9.]+)\" y=\"([-0-9.]+)\"", svg, re.DOTALL)
    return float(text[1]), float(text[2])


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_network_fits_a_notebook(name, lang):
    """MLP(2, [16, 16, 1]) and a loss over 30 points was 10,137 pixels wide and took 7 s."""
    root = NETWORKS[name]()
    drawn = draw_dot(root, lang=lang)
    svg = drawn.pipe("svg").decode()
    assert float(re.search(r'<svg width="([0-9.]+)pt"', svg)[1]) * 4 / 3 <= WIDEST
    assert draw_dot(root, lang=lang).source == drawn.source


def test_steps_and_parts_side_by_side_share_a_card():
    """40 steps were 3,700 pixels wide, and six branches 2,900."""
    names = [card.name for card in cards(recurrent("LSTM", 40))]
    assert {"LSTM(1, 4): step 1", "LSTM(1, 4): steps 2 to 39", "LSTM(1, 4): step 40", "LSTM(1, 4): weights"} <= {*names}
    assert "heads 1 to 4" in [card.name for card in cards(attention(4, 6))]
    assert {"parts.0 to parts.5", "branch0 to branch5"} <= {card.name for card in cards(parallel(6))}
    model = nn.Sequential(*[nn.Linear(2, 2, seed=i) for i in range(5)])     # one after another: each has its own
    loss = backwards(nn.mse_loss(model([0.5, -1.0]), [0.0, 1.0]))
    assert [f"{i}" for i in range(5)] == [card.name.rpartition(".")[2] for card in cards(loss)][:5]


def test_what_a_card_of_many_steps_says_is_the_sum_of_its_steps():
    root = recurrent("GRU", 12)
    [folded] = [card for card in cards(root) if "steps 2 to 11" in card.name]
    steps = [item for item in picture(root, "layer").items if isinstance(item, ModuleCard)]
    [last] = [card for card in steps if card.name.endswith("step 11")]
    assert len([card for card in steps if ": step " in card.name]) == 12
    assert folded.values == last.values         # what the next step reads
    assert folded.gradients == last.gradients


def test_layers_losses_and_activations_have_their_own_names():
    names = [card.name for card in cards(NETWORKS["own"]())]
    assert names == ["encoder.0", "tanh", "encoder.2", "relu", "head", "cross_entropy", "loss", ""]      # "": inputs
    assert [card.name for card in cards(NETWORKS["moons"]())] == ["layers.0", "layers.1", "layers.2", "loss", ""]
    assert "hinge_loss" in [card.name for card in cards(NETWORKS["hinge"]())]
    source = draw_dot(NETWORKS["own"]()).source
    assert ">encoder<" in source        # the frame of the module inside
    assert "…" not in "".join(names)


@pytest.mark.parametrize(("loss", "target"), [
    (nn.mse_loss, 1.0), (nn.l1_loss, 0.5), (nn.half_squared_error, 1.0), (nn.hinge_loss, 1.0),
    (nn.binary_cross_entropy_with_logits, 0.3)])
def test_every_loss_is_a_frame_under_its_name(loss, target):
    model = nn.MLP(2, [3, 1], seed=1)
    root = loss(model([1.0, 2.0]), target)
    root.backward()
    assert [card.name for card in cards(root)][-1] == loss.__name__
    assert root.group.path == (loss.__name__,)


def test_log_softmax_is_a_frame():
    assert [y.group.path for y in nn.log_softmax([Value(1.0), Value(2.0)])] == [("log_softmax",)] * 2
    assert nn.log_softmax([1.0, 1.0])[0] == pytest.approx(-0.6931471805599453)


def test_the_graph_of_one_neuron_shows_each_operation():
    y = nn.Neuron(2, "tanh", seed=1)([Value(1.0, "x1"), Value(2.0, "x2")])
    assert not cards(y)


def test_neurons_and_inputs_stand_in_order():
    """Neurons stood in the order 15, 16, 14."""
    model = nn.MLP(3, [8, 4, 1], "tanh", seed=3)
    loss = (model([Value(float(i), f"x{i}") for i in range(3)]) - 1) ** 2
    loss.backward()
    for rankdir, axis in (("TB", 0), ("LR", 1)):
        svg = draw_dot(loss, collapse="neuron", rankdir=rankdir).pipe("svg").decode()
        for keys in (["n1", "n2", "n3"], [f"p{i}" for i in range(1, 9)], [f"p{i}" for i in range(9, 13)]):
            positions = [place(svg, key)[axis] for key in keys]
            assert positions == sorted(positions)


def test_sign_and_size_are_both_shown():
    """A colour stood for the size, and the sign of a layer's gradients was nowhere."""
    root = NETWORKS["moons"]()
    source = draw_dot(root).source
    for card in cards(root):
        for some in (card.gradients, card.weight_gradients):
            if some and len(some) > 3:
                for colour, count in (("#1d5fd6", sum(x > 0 for x in some)), ("#d95f02", sum(x < 0 for x in some))):
                    assert not count or f'COLOR="{colour}">■ {count:,}<' in source
    assert "how many of the gradients are" in source


def test_the_legend_says_only_what_is_drawn():
    source = draw_dot(NETWORKS["moons"]()).source
    legend = source[:source.index("node [")]
    assert "∂" not in source                    # no arrow has a local partial
    for absent in ("contribution", "Thickness", "upstream"):
        assert absent not in legend
    drawn = set(re.findall('BGCOLOR="(#[0-9a-f]+)"', source[source.index("node ["):]))
    assert set(re.findall('BGCOLOR="(#[0-9a-f]+)"', legend)) <= drawn


def test_no_arrow_strikes_a_title_through():
    """From top to bottom the arrows to all inputs leave a frame at its top, where its title stood."""
    y = nn.Neuron(2, "tanh", seed=1)([Value(1.0, "x1"), Value(2.0, "x2")])
    y.backward()
    assert "labelloc=b" in draw_dot(y, rankdir="TB").source
    assert "labelloc=b" not in draw_dot(y, rankdir="LR").source


def test_a_wide_expression_goes_from_top_to_bottom():
    """One sigmoid neuron was 8,130 pixels wide."""
    names = ("w1", "x1", "w2", "x2", "b")
    w1, x1, w2, x2, b = (Value(0.1 * i + 0.123, name) for i, name in enumerate(names))
    y = 1 / (1 + ag.exp(-(w1 * x1 + w2 * x2 + b)))
    y.backward()
    svg = draw_dot(y).pipe("svg").decode()
    assert float(re.search(r'<svg width="([0-9.]+)pt"', svg)[1]) * 4 / 3 <= WIDEST
    assert "rankdir=TB" in draw_dot(y).source
    small = w1 * x1 + b
    small.backward()
    assert "rankdir=LR" in draw_dot(small).source
