"""One step of a recurrent network by itself: RNNCell, LSTMCell, GRUCell, with PyTorch's names."""

from collections.abc import Sequence
from typing import Any

from nn.init import Seed, generator
from nn.layers.examples import is_row, wrong_inputs
from nn.layers.outputs import Outputs
from nn.layers.recurrent import GRU, LSTM, RNN
from nn.layers.recurrent_network import Recurrent


class _Cell(Recurrent):
    """A cell has one set of weights, named ``weight_ih`` and so on, and its steps are called one by one."""

    def __init__(self, input_size: int, hidden_size: int, bias: bool = True, *, seed: Seed = None,
                 nonlinearity: str = "tanh") -> None:
        super().__init__(input_size, hidden_size, bias, nonlinearity)
        self._add_weights("", input_size, generator(seed))

    def __call__(self, input: Sequence[Any], state: Any = None) -> Any:
        """The next state: h, of an LSTM (h, c); ``state`` is the one before, zeros if left out."""
        if not is_row(input, self.input_size):
            raise wrong_inputs(type(self).__name__, input, self.input_size)
        given = state if state is None else [state] if self.parts == 1 else [[part] for part in state]
        first, = self._initial(given, 1)
        after = tuple(Outputs(part) for part in self._advance(self._weights(""), tuple(input), first, ()))
        return after if self.parts > 1 else after[0]


class RNNCell(_Cell):
    """One step of `RNN`: h' = tanh(W_ih x + b_ih + W_hh h + b_hh).

    >>> h = RNNCell(2, 3, seed=0)([1.0, 0.0])
    >>> len(h)
    3
    """

    _step = RNN._step


class LSTMCell(_Cell):
    """One step of `LSTM`, whose equations stand there.

    >>> cell = LSTMCell(2, 3, seed=0)
    >>> h, c = cell([1.0, 0.0])
    >>> h, c = cell([0.0, 1.0], (h, c))
    >>> len(h), len(c)
    (3, 3)
    """

    gates, parts = LSTM.gates, LSTM.parts
    _step = LSTM._step

    def __init__(self, input_size: int, hidden_size: int, bias: bool = True, *, seed: Seed = None) -> None:
        super().__init__(input_size, hidden_size, bias, seed=seed)


class GRUCell(_Cell):
    """One step of `GRU`, whose equations stand there."""

    gates = GRU.gates
    _step = GRU._step

    def __init__(self, input_size: int, hidden_size: int, bias: bool = True, *, seed: Seed = None) -> None:
        super().__init__(input_size, hidden_size, bias, seed=seed)
