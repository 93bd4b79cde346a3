"""summary shows the shapes of all that a layer returns, one for each call."""

from nn import GRU, LSTM, RNN, Conv2d, Flatten, LayerNorm, Linear, Module, ReLU, Sequential, summary


def test_summary_of_several_outputs_and_of_images():
    """Of a recurrent layer the shapes of the outputs and of the states; of a layer of images one shape a call."""
    sequence, image = [[0.5, -1.0, 2.0]] * 4, [[[1.0, 2.0, 3.0]] * 3]

    def shapes(model, given):
        return [found for _, found, _ in summary(model, given).rows]

    assert shapes(RNN(3, 2), sequence) == [[((4, 2), (1, 2))]]
    assert shapes(GRU(3, 2, bidirectional=True), sequence[:1]) == [[((1, 4), (2, 2))]]
    assert shapes(LSTM(3, 2, 2), sequence) == [[((4, 2), ((2, 2), (2, 2)))]]
    assert shapes(Sequential(Conv2d(1, 2, 2), ReLU(), Flatten(), Linear(8, 1)), image) == [
        [(1,)], [(2, 2, 2)], [(2, 2, 2)], [(8,)], [(1,)]]
    assert shapes(Sequential(Linear(3, 2), ReLU(), LayerNorm(2)), sequence) == [[(4, 2)]] * 4
    assert repr(summary(LSTM(3, 2), sequence)).splitlines()[2] == "LSTM   ((4, 2), ((1, 2), (1, 2)))          56"

    class Named(Module):
        def forward(self, x):
            return {"sum": x[0] + x[1], "both": x[:2], "none": None}

    assert shapes(Named(), [1.0, 2.0]) == [[{"sum": (), "both": (2,), "none": None}]]
