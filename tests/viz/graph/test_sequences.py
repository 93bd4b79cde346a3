"""Unrolled recurrent networks and attention: a card for each step, one for the weights that all steps share."""

import math

import pytest

import nn
from viz import draw_dot, draw_network
from viz.graph.cards import Card
from viz.graph.module_cards import ModuleCard
from viz.graph.picture import picture

SEQUENCE = [[0.5], [-1.0], [2.0]]


class Net(nn.Module):
    def __init__(self, layer, outputs):
        self.rnn, self.out = layer, nn.Linear(outputs, 1, seed=1)

    def __call__(self, rows):
        return self.out(self.rnn(rows)[0][-1])[0]


def cards(loss, collapse="auto"):
    loss.backward()
    drawn = picture(loss, collapse)
    assert drawn.mode == "layer"
    return {card.name: card for card in drawn.items if isinstance(card, ModuleCard)}, drawn


@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU"])
def test_each_step_is_a_card_and_the_weights_that_they_share_another(kind):
    model = Net(getattr(nn, kind)(1, 2, seed=0), 2)
    found, drawn = cards(nn.mse_loss(model(SEQUENCE), 1.0))
    assert set(found) == {"rnn: step 1", "rnn: step 2", "rnn: step 3", "rnn: weights", "out", "mse_loss"}
    weights = found["rnn: weights"]
    assert weights.weight_count == len(model.rnn.parameters())
    assert weights.gradient_sizes == [pytest.approx(math.hypot(*(p.grad for p in model.rnn.parameters())))]
    joined = {arrow.consumer for arrow in drawn.arrows if arrow.operand == weights.key}
    assert joined == {found[f"rnn: step {t}"].key for t in (1, 2, 3)}
    assert not any(isinstance(item, Card) and "weight" in item.name for item in drawn.items)


def test_layers_and_directions_have_frames_and_a_step_is_the_place_in_the_sequence():
    model = Net(nn.RNN(1, 2, 2, True, seed=0), 4)
    found, drawn = cards(nn.mse_loss(model(SEQUENCE), 1.0), "layer")
    assert {"layer 0: step 1", "layer 0, reverse: step 3", "layer 1: step 2", "layer 1, reverse: step 3"} <= set(found)
    assert "layer 1, reverse: step 1" not in found     # the loss is of the last outputs, where it has just begun
    assert {"layer 0: weights", "layer 0, reverse: weights", "layer 1: weights"} <= set(found)
    [outer] = [frame for frame in drawn.clusters if frame.path == ("rnn  RNN(1, 2, num_layers=2, bidirectional=True)",)]
    assert [frame.path[1] for frame in outer.clusters] == ["layer 0", "layer 0, reverse", "layer 1", "layer 1, reverse"]


def test_the_steps_of_a_cell_are_counted_from_its_state():
    cell, state = nn.LSTMCell(1, 2, seed=0), None
    for x in SEQUENCE:
        state = cell(x, state)
    found, _ = cards(sum(state[0]))
    names = {f"LSTMCell(1, 2): {part}" for part in ("step 1", "step 2", "step 3", "weights")}
    assert names <= set(found)


def test_steps_go_on_from_the_state_of_an_earlier_call():
    lstm, state = nn.LSTM(1, 2, seed=0), None
    for x in SEQUENCE:
        outputs, state = lstm([x], state)
    found, _ = cards(sum(outputs[-1]))
    assert {f"LSTM(1, 2): {part}" for part in ("step 1", "step 2", "step 3", "weights")} <= set(found)


def test_attention_is_queries_keys_values_and_heads():
    attention = nn.MultiheadAttention(4, 2, seed=0)
    model = Net(attention, 4)
    model.rnn = lambda rows: attention(rows, rows, rows)
    rows = [[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 1.0]]
    found, _ = cards(nn.mse_loss(model(rows), 1.0))
    parts = {name.partition(": ")[2]: card for name, card in found.items() if name.startswith("rnn: ")}
    counts = {"queries": 20, "keys": 20, "values": 20, "head 1": 0, "head 2": 0}
    assert {name: parts[name].weight_count for name in counts} == counts


def test_few_shared_weights_are_cards_of_their_own():
    model = Net(nn.RNN(1, 1, seed=0), 1)
    found, drawn = cards(nn.mse_loss(model(SEQUENCE), 1.0))
    assert "rnn: weights" not in found
    assert sum(isinstance(item, Card) and item.name.startswith(("weight", "bias")) for item in drawn.items) == 4


def test_draw_network_names_the_way_to_draw_a_recurrent_network():
    model = Net(nn.LSTM(1, 2, seed=0), 2)
    with pytest.raises(ValueError, match=r"rnn: draw_network does not draw LSTM, .* draw_dot\(loss\) draws every"):
        draw_network(model, nn.mse_loss(model(SEQUENCE), 1.0))
    assert draw_dot(model(SEQUENCE)).source.startswith("digraph")
