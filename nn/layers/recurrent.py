"""Recurrent layers: Elman's network, LSTM and GRU over sequences, with their equations and PyTorch's names.

Backpropagation through time is `backward` of the unrolled graph: a weight is one Value that all steps use. Each length
of a sequence is a graph of its own. In `fit` and `predict` one compiled loop over the steps serves all lengths.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

from autograd import relu, sigmoid, tanh
from nn.init import Seed
from nn.layers.recurrent_network import RecurrentNetwork
from nn.layers.recurrent_steps import Numbers, Step, Weights


def elman_step(weights: Weights, x: Sequence[Any], h: Sequence[Any], activation: Any = tanh) -> Step:
    """The next state of Elman's network: h' = tanh(W_ih x + b_ih + W_hh h + b_hh)."""
    return {"h": [activation(a + b) for a, b in zip(weights.of_input(x), weights.of_state(h), strict=True)]}


def lstm_step(weights: Weights, x: Sequence[Any], h: Sequence[Any], c: Sequence[Any]) -> Step:
    """The gates, the next cell and the next state of an LSTM; the equations stand at `LSTM`."""
    a_i, a_f, a_g, a_o = _gates([u + v for u, v in zip(weights.of_input(x), weights.of_state(h), strict=True)], 4)
    i, f, g, o = _each(sigmoid, a_i), _each(sigmoid, a_f), _each(tanh, a_g), _each(sigmoid, a_o)
    c = [f_j * c_j + i_j * g_j for i_j, f_j, g_j, c_j in zip(i, f, g, c, strict=True)]
    return {"i": i, "f": f, "g": g, "o": o, "c": c, "h": [o_j * tanh(c_j) for o_j, c_j in zip(o, c, strict=True)]}


def gru_step(weights: Weights, x: Sequence[Any], h: Sequence[Any]) -> Step:
    """The gates and the next state of a GRU; the equations stand at `GRU`."""
    (r_x, z_x, n_x), (r_h, z_h, n_h) = _gates(weights.of_input(x), 3), _gates(weights.of_state(h), 3)
    r = [sigmoid(a + b) for a, b in zip(r_x, r_h, strict=True)]
    z = [sigmoid(a + b) for a, b in zip(z_x, z_h, strict=True)]
    n = [tanh(a + r_j * b) for a, r_j, b in zip(n_x, r, n_h, strict=True)]
    return {"r": r, "z": z, "n": n,
            "h": [(1.0 - z_j) * n_j + z_j * h_j for z_j, n_j, h_j in zip(z, n, h, strict=True)]}


class RNN(RecurrentNetwork):
    """Elman's network ("Finding structure in time", 1990): its state, the context units, comes back as an input.

        h' = tanh(W_ih x + b_ih + W_hh h + b_hh)

    nonlinearity: "tanh" or "relu". Weights begin uniform in ±1/sqrt(hidden_size), as in torch.nn.RNN.

    >>> rnn = RNN(2, 3, seed=0)
    >>> outputs, h = rnn([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [0.5, 0.5]])
    >>> len(outputs), len(outputs[0]), len(h), h[0] == outputs[-1]
    (4, 3, 1, True)
    """

    def _step(self, weights: Weights, x: Sequence[Any], state: tuple[Numbers, ...]) -> Step:
        return elman_step(weights, x, state[0], relu if self.nonlinearity == "relu" else tanh)


class LSTM(RecurrentNetwork):
    """Long short-term memory (Hochreiter and Schmidhuber, 1997; with the forget gate of Gers et al., 2000).

        i = sigmoid(W_ii x + b_ii + W_hi h + b_hi)          input gate
        f = sigmoid(W_if x + b_if + W_hf h + b_hf)          forget gate
        g = tanh(W_ig x + b_ig + W_hg h + b_hg)             new content
        o = sigmoid(W_io x + b_io + W_ho h + b_ho)          output gate
        c' = f c + i g                                      the cell: where f is near 1, the gradient is kept
        h' = o tanh(c')

    The rows of the weights are those of i, f, g, o, in this order, as in torch.nn.LSTM.

    >>> outputs, (h, c) = LSTM(2, 3, num_layers=2, seed=0)([[1.0, 0.0], [0.0, 1.0]])
    >>> len(outputs), len(h), len(c[0]), h[1] == outputs[-1]
    (2, 2, 3, True)
    """

    gates, parts = 4, ("h", "c")
    named: ClassVar = {"i": "input gate i", "f": "forget gate f", "g": "new content g", "o": "output gate o",
                       "c": "cell c", "h": "state h"}

    def __init__(self, input_size: int, hidden_size: int, num_layers: int = 1, bidirectional: bool = False, *,
                 bias: bool = True, dropout: float = 0.0, seed: Seed = None) -> None:
        super().__init__(input_size, hidden_size, num_layers, bidirectional, bias=bias, dropout=dropout, seed=seed)

    def _step(self, weights: Weights, x: Sequence[Any], state: tuple[Numbers, ...]) -> Step:
        return lstm_step(weights, x, *state)


class GRU(RecurrentNetwork):
    """Gated recurrent unit (Cho et al., 2014), in the form of torch.nn.GRU, whose reset gate acts after W_hn.

        r = sigmoid(W_ir x + b_ir + W_hr h + b_hr)          reset gate
        z = sigmoid(W_iz x + b_iz + W_hz h + b_hz)          update gate
        n = tanh(W_in x + b_in + r (W_hn h + b_hn))         new content
        h' = (1 - z) n + z h

    The rows of the weights are those of r, z, n, in this order.

    >>> outputs, h = GRU(2, 3, bidirectional=True, seed=0)([[1.0, 0.0], [0.0, 1.0]])
    >>> len(outputs[0]), len(h), h[0] + h[1] == outputs[-1][:3] + outputs[0][3:]
    (6, 2, True)
    """

    gates = 3
    named: ClassVar = {"r": "reset gate r", "z": "update gate z", "n": "new content n", "h": "state h"}

    def __init__(self, input_size: int, hidden_size: int, num_layers: int = 1, bidirectional: bool = False, *,
                 bias: bool = True, dropout: float = 0.0, seed: Seed = None) -> None:
        super().__init__(input_size, hidden_size, num_layers, bidirectional, bias=bias, dropout=dropout, seed=seed)

    def _step(self, weights: Weights, x: Sequence[Any], state: tuple[Numbers, ...]) -> Step:
        return gru_step(weights, x, state[0])


def _gates(a: Numbers, number: int) -> list[Numbers]:
    size = len(a) // number
    return [a[k * size:(k + 1) * size] for k in range(number)]


def _each(activation: Any, numbers: Numbers) -> Numbers:
    return [activation(a) for a in numbers]
