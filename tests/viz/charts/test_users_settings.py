"""Matplotlib's settings of the user, such as a grid on all axes, leave the charts legible."""

import matplotlib as mpl
import pytest

import nn
import viz

ROWS = [[0.1, 0.2], [0.9, 0.8], [0.2, 0.9], [0.7, 0.1]]
CHARTS = {
    "features": lambda: viz.plot_features(nn.RBM(4, 3, seed=0), (2, 2)),
    "reconstructions": lambda: viz.plot_reconstructions(nn.RBM(4, 3, seed=0), [[0, 1, 1, 0]], (2, 2)),
    "U-matrix": lambda: viz.plot_u_matrix(nn.SOM(2, (3, 3), seed=0)),
    "hits": lambda: viz.plot_hits(nn.SOM(2, (3, 3), seed=0), ROWS),
    "categories": lambda: viz.plot_categories(nn.FuzzyART(0.8).fit(ROWS), ROWS),
    "gates": lambda: viz.plot_gates(nn.LSTM(2, 2, seed=0), ROWS),
    "neurons": lambda: viz.plot_neurons(nn.MLP(2, [2, 1], "tanh", seed=0), ROWS, steps=3),
    "decision": lambda: viz.plot_decision(lambda x: x[0] - x[1], ROWS, [0, 1, 0, 1], steps=3),
}


@pytest.mark.parametrize("name", CHARTS)
def test_a_grid_on_all_axes_stays_out_of_pictures(name):
    with mpl.rc_context({"axes.grid": True}):
        drawn = CHARTS[name]()
        assert not [line for axes in drawn.axes if axes.get_label() != "<colorbar>"
                    for line in axes.get_xgridlines() + axes.get_ygridlines() if line.get_visible()]


def test_tiles_keep_their_frames():
    with mpl.rc_context({"axes.spines.top": False, "axes.spines.right": False}):
        assert all(spine.get_visible() for axes in CHARTS["neurons"]().axes for spine in axes.spines.values())
