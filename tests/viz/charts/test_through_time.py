"""Charts of recurrent networks: the gradient through time, gates and states step by step."""

import math

import pytest

import nn
from autograd import Value
from tests.support.charts import named, saved
from viz import gradient_through_time, plot_gates, plot_gradient_through_time

SEQUENCE = [[0.1, 1.0], [0.9, 0.0], [0.4, 0.0], [0.6, 1.0]]


def states(kind, letter="h", length=4):
    """The states of a layer after backward of a loss of the last step."""
    steps = getattr(nn, kind)(2, 3, seed=1).trace((SEQUENCE * length)[:length])
    (steps["h_l0"][-1][0] ** 2).backward()
    return steps[f"{letter}_l0"]


def test_a_line_is_the_norm_of_the_gradient_by_each_state():
    elman, cells = states("RNN"), states("LSTM", "c")
    [axes] = plot_gradient_through_time({"Elman": elman, "LSTM, cell": cells, "by hand": [0.5, 1.0]}).axes
    assert list(named(axes)) == ["Elman", "LSTM, cell", "by hand"]
    assert axes.get_yscale() == "log"
    expected = [math.sqrt(sum(unit.grad ** 2 for unit in step)) for step in elman]
    assert list(axes.lines[0].get_xdata()) == [1, 2, 3, 4]
    assert list(axes.lines[0].get_ydata()) == pytest.approx(expected, rel=1e-15)
    assert list(axes.lines[1].get_ydata()) == gradient_through_time(cells)
    assert list(axes.lines[2].get_ydata()) == [0.5, 1.0]


def test_the_gradient_of_a_long_elman_network_vanishes_and_that_of_an_open_forget_gate_does_not():
    """With W = 0 and the forget gate open the cell keeps its gradient, f = sigmoid(20) per step, to the first step."""
    elman = gradient_through_time(states("RNN", length=50))
    assert elman[0] < 1e-6 * elman[-1]
    lstm = nn.LSTM(2, 3, seed=1)
    for row in (lstm.weight_ih_l0, lstm.weight_hh_l0):
        nn.init.zeros_(row)
    for bias in lstm.bias_ih_l0[3:6]:
        bias.data = 20.0
    steps = lstm.trace((SEQUENCE * 13)[:50])
    steps["h_l0"][-1][0].backward()
    kept = gradient_through_time(steps["c_l0"])
    f = 1.0 / (1.0 + math.exp(-(20.0 + lstm.bias_hh_l0[3].data)))
    assert kept[0] == pytest.approx(kept[-1] * f ** 49, rel=1e-9)


def test_gradients_of_zero_are_marked_and_the_chart_is_saved():
    drawn = plot_gradient_through_time({"a": [0.0, 0.5]})
    assert list(named(drawn.axes[0])) == ["a", "a: exactly 0"]
    assert saved(drawn) == saved(plot_gradient_through_time({"a": [0.0, 0.5]}))


@pytest.mark.parametrize(("given", "kind", "message"), [
    ({}, TypeError, "a mapping from names to the states of the steps"),
    ([1.0], TypeError, "a mapping from names to the states of the steps"),
    ({"a": []}, ValueError, r"states\['a'\] is empty"),
    ({"a": ["x"]}, TypeError, r"\[T\]\[hidden_size\] Values"),
    ({"a": [1.0, -1.0]}, ValueError, r"states\['a'\]: the size of a gradient is never negative"),
    ({"a": [None]}, TypeError, "expected numbers, not NoneType"),
    ({"a": [[1.0, 2.0]]}, TypeError, r"states\['a'\]: expected \[T\]\[hidden_size\] Values"),
    ({"a": [[Value(1.0)]]}, ValueError, "there are no gradients yet; compute a loss from these states")])
def test_bad_states(given, kind, message):
    with pytest.raises(kind, match=message):
        plot_gradient_through_time(given)


@pytest.mark.parametrize(("kind", "panels"), [
    ("RNN", ["inputs", "state h"]), ("GRU", ["inputs", "reset gate r", "update gate z", "new content n", "state h"]),
    ("LSTM", ["inputs", "input gate i", "forget gate f", "new content g", "output gate o", "cell c", "state h"])])
def test_each_gate_has_a_panel_with_its_numbers(kind, panels):
    layer = getattr(nn, kind)(2, 3, 2, True, seed=0)
    drawn = plot_gates(layer, SEQUENCE, end="_l1_reverse", names=["number", "mark"])
    shown = [axes for axes in drawn.axes if axes.images]
    assert [axes.get_title(loc="left") for axes in shown] == panels
    assert [label.get_text() for label in shown[0].get_yticklabels()] == ["number", "mark"]
    assert shown[0].images[0].get_array().tolist() == [list(column) for column in zip(*SEQUENCE, strict=True)]
    steps = layer.trace(SEQUENCE)
    for axes in shown[1:]:
        numbers = steps[f"{axes.get_title(loc='left')[-1]}_l1_reverse"]
        assert axes.images[0].get_array().tolist() == [[row[j].data for row in numbers] for j in range(3)]
        low, high = axes.images[0].get_clim()
        assert (low, high) == (0.0, 1.0) if "gate" in axes.get_title(loc="left") else low == -high
    assert drawn.axes[len(shown) - 1].get_xlabel() == "step"
    assert len(saved(drawn)) > 1000


@pytest.mark.parametrize(("act", "kind", "message"), [
    (lambda: plot_gates(nn.Linear(2, 3), SEQUENCE), TypeError, "an RNN, LSTM or GRU, not of a Linear"),
    (lambda: plot_gates(nn.GRU(2, 3), SEQUENCE, end="_l1"), ValueError, "end: expected '_l0', a layer and direct"),
    (lambda: plot_gates(nn.GRU(2, 3), SEQUENCE, names=["one"]), ValueError, "names: expected 2 names, one per input"),
    (lambda: plot_gates(nn.GRU(2, 3), []), ValueError, "GRU: the sequence is empty")])
def test_bad_calls(act, kind, message):
    with pytest.raises(kind, match=message):
        act()
