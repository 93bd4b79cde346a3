"""One step of a recurrent network by itself: RNNCell, LSTMCell, GRUCell, with PyTorch's names."""

from collections.abc import Sequence
from typing import Any

from nn.init import Seed, generator
from nn.layers.examples import is_list, is_row, without_tensors, wrong_inputs
from nn.layers.outputs import Outputs, state_of
from nn.layers.recurrent import GRU, LSTM, RNN
from nn.layers.recurrent_steps import Numbers, Recurrent, by_either_name
from nn.nested import misplaced, no_numbers


class _Cell(Recurrent):
    """A cell has one set of weights, named ``weight_ih`` and so on, and its steps are called one by one."""

    def __init__(self, input_size: int, hidden_size: int, bias: bool = True, *, seed: Seed = None,
                 nonlinearity: str = "tanh") -> None:
        super().__init__(input_size, hidden_size, bias, nonlinearity)
        self._add_weights("", input_size, generator(seed))

    @by_either_name
    def __call__(self, input: Sequence[Any], state: Any = None) -> Any:
        """The next state: h, of an LSTM (h, c); ``state``, or ``hx``, is the one before, zeros if left out."""
        input = without_tensors(input)
        if not is_row(input, self.input_size):
            raise wrong_inputs(type(self).__name__, input, self.input_size)
        if no_numbers(input):
            raise TypeError(f"{type(self).__name__}: {misplaced('input', input)}")
        first = self._initial_row(state)
        step = self._advance(self._weights(""), tuple(input), first, (f"step {self._steps_before(first[0]) + 1}",))
        return state_of([Outputs(step[part]) for part in self.parts])

    def _initial_row(self, given: Any) -> tuple[Numbers, ...]:
        """The state before, checked; zeros if none is given."""
        parts = [None] * len(self.parts) if given is None else [given] if len(self.parts) == 1 else given
        parts = list(map(without_tensors, parts)) if is_list(parts) else parts
        if not (is_list(parts) and len(parts) == len(self.parts)
                and all(part is None or is_row(part, self.hidden_size) for part in parts)):
            what = "a pair (h, c), each of" if len(self.parts) > 1 else "h, of"
            raise ValueError(f"{type(self).__name__}: the state before is {what} {self.hidden_size} numbers; leave it "
                             "out for zeros")
        return tuple([0.0] * self.hidden_size if part is None else list(part) for part in parts)


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
    """One step of `GRU`, whose equations stand there.

    >>> h = GRUCell(2, 3, seed=0)([1.0, 0.0])
    >>> len(h)
    3
    """

    gates = GRU.gates
    _step = GRU._step

    def __init__(self, input_size: int, hidden_size: int, bias: bool = True, *, seed: Seed = None) -> None:
        super().__init__(input_size, hidden_size, bias, seed=seed)
