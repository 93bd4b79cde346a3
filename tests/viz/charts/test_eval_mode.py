"""Charts and drawings show a model as it is used, in eval mode, and leave its mode as it was."""

import pytest

from nn import BatchNorm1d, Dropout, Linear, Sequential, Tanh
from viz import draw_network, plot_decision
from viz.charts.histograms import layer_outputs

X, Y = [[1.0, 2.0], [0.5, -1.0], [2.0, 1.0]], [0, 1, 1]


@pytest.mark.parametrize("draw", [lambda net: plot_decision(net, X, Y, steps=5)._repr_png_(),
                                  lambda net: layer_outputs(net, X)], ids=["decision", "activations"])
def test_a_chart_is_of_eval_mode(draw):
    net = Sequential(Linear(2, 3, seed=0), BatchNorm1d(3), Tanh(), Dropout(0.5, seed=0), Linear(3, 1, seed=1))
    in_train_mode = draw(net)
    assert [module.training for module in net.modules()] == [True] * 6
    assert draw(net.eval()) == in_train_mode
    assert not net.training


def test_a_network_with_dropout_is_drawn():
    net = Sequential(Linear(2, 3, seed=0), Tanh(), Dropout(0.5), Linear(3, 1, seed=1))
    draw_network(net)
    assert net.training
