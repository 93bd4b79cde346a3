"""The layers and directions of a recurrent network over a sequence, its states and checks."""

from collections.abc import Sequence
from functools import reduce
from typing import Any, ClassVar
from warnings import warn

from autograd import OpenList, TraceError, Value, scan
from nn.init import Seed, generator
from nn.layers.dropout import dropped
from nn.layers.examples import is_list, is_row, without_tensors, wrong_inputs
from nn.layers.outputs import Outputs, state_of
from nn.layers.recurrent_steps import Numbers, Recurrent, Step, Weights, by_either_name
from nn.modules.noise import Noise
from nn.nested import misplaced, no_numbers
from nn.validators import count, flag, share


class RecurrentNetwork(Recurrent):
    """A recurrent network over sequences: layers of one direction or two, each of which reads the outputs below.

    It is called with a sequence and a first state, or with PyTorch's names of the two, ``input`` and ``hx``.

    dropout: in train mode each output of a layer reaches the next one with probability 1 - dropout, divided by that, as
    `nn.Dropout` says; each step has a mask of its own. Outputs of the last layer and states are never dropped.
    """

    dropout = 0.0       # in pickles from before it
    _unsupported: ClassVar = {
        "batch_first": "a sequence comes alone, [T][input_size]; leave it out, and call the layer for each of a batch, "
                       "as nn.fit and nn.predict do",
        "proj_size": "leave it out, and put a Linear behind the layer"}

    def __init__(self, input_size: int, hidden_size: int, num_layers: int = 1, bidirectional: bool = False, *,
                 bias: bool = True, dropout: float = 0.0, seed: Seed = None, nonlinearity: str = "tanh") -> None:
        self.num_layers, self.bidirectional = count("num_layers", num_layers), flag("bidirectional", bidirectional)
        self.dropout = share("dropout", dropout)
        super().__init__(input_size, hidden_size, bias, nonlinearity)
        rng = generator(seed)
        for suffix, _, inputs in self._directions():
            self._add_weights(suffix, inputs, rng)
        if self.dropout:
            self.noise = Noise(rng.getrandbits(64))
            if num_layers == 1:
                warn(f"{type(self).__name__}: dropout acts between layers, and there is one; give num_layers=2 or more",
                     RuntimeWarning, stacklevel=3 if self.gates == 1 else 5)     # others have an __init__ of their own

    @by_either_name
    def __call__(self, sequence: Sequence[Sequence[Any]], state: Any = None) -> tuple[list[Numbers], Any]:
        """The outputs ``[T][hidden_size * directions]`` of one sequence ``[T][input_size]``, and the last state.

        state: the first one, zeros if left out: ``[num_layers * directions][hidden_size]``, of an LSTM a pair (h, c) of
        these. The last state has the same form. Sequences may differ in length; each is given by itself. In compiled
        code a sequence may be an `autograd.OpenList`: then one version serves all lengths; the outputs are one, too.
        """
        if isinstance(sequence, OpenList):
            return scanned(self, sequence, state)
        rows, runs = self._unrolled(sequence, state)
        ends = [(steps[0] if backwards else steps[-1]) for backwards, steps in runs.values()]
        return rows, state_of([[end[part] for end in ends] for part in self.parts])

    def trace(self, sequence: Sequence[Sequence[Any]], state: Any = None) -> dict[str, list[Numbers]]:
        """What each step computes, by the letters of the equations and the end of the weights' names.

        Of an LSTM of one layer ``i_l0``, ``f_l0``, ``g_l0``, ``o_l0``, ``c_l0`` and ``h_l0``, each
        ``[T][hidden_size]`` in the order of the sequence. They are Values: after ``backward()`` of a loss that was
        computed from them, their ``grad`` is the gradient through time.

        >>> from nn import GRU
        >>> steps = GRU(1, 2, seed=0).trace([[1.0], [0.5], [0.0]])
        >>> list(steps), len(steps["z_l0"]), len(steps["z_l0"][0])
        (['r_l0', 'z_l0', 'n_l0', 'h_l0'], 3, 2)
        """
        runs = self._unrolled(sequence, state)[1]
        return {letter + suffix: [step[letter] for step in steps]
                for suffix, (_, steps) in runs.items() for letter in self.named}

    def _unrolled(self, sequence: Any, state: Any) -> tuple[list[Numbers], dict[str, tuple[bool, list[Step]]]]:
        """The outputs; and of each layer and direction whether it reads backwards, and its steps in time's order."""
        rows = read_sequence(type(self).__name__, sequence, self.input_size)
        states = initial_states(self, state)
        runs: dict[str, tuple[bool, list[Step]]] = {}
        below: list[list[Step]] = []
        for (suffix, backwards, _), first in zip(self._directions(), states, strict=True):
            if runs and not below and self.dropout and self.training:       # a layer above the first begins
                rows = [Outputs(dropped(y, self.dropout, self.noise) for y in row) for row in rows]
            below.append(self._run(suffix, backwards, rows, first))
            runs[suffix] = backwards, below[-1]
            if len(below) == 1 + self.bidirectional:        # the layer is complete
                rows = [Outputs(y for step in steps for y in step["h"]) for steps in zip(*below, strict=True)]
                below = []
        return rows, runs

    def _run(self, suffix: str, backwards: bool, rows: list[Any], state: tuple[Numbers, ...]) -> list[Step]:
        """The steps of one direction of one layer, in the order of the sequence."""
        weights, steps = self._weights(suffix), []
        number = suffix.removeprefix("_l").replace("_reverse", ", reverse")
        layer = () if self.num_layers == 1 and not self.bidirectional else (f"layer {number}",)
        places, before = range(len(rows)), 0 if backwards else self._steps_before(state[0], layer)
        for t in reversed(places) if backwards else places:
            steps.append(self._advance(weights, rows[t], state, (*layer, f"step {before + t + 1}")))
            state = tuple(steps[-1][part] for part in self.parts)
        return steps[::-1] if backwards else steps

    def _directions(self) -> list[tuple[str, bool, int]]:
        """Of each layer and direction: the end of its weights' names, whether it reads backwards, its inputs."""
        ways = [("", False), ("_reverse", True)] if self.bidirectional else [("", False)]
        return [(f"_l{k}{way}", backwards, self.hidden_size * len(ways) if k else self.input_size)
                for k in range(self.num_layers) for way, backwards in ways]

    def __repr__(self) -> str:
        options = f", num_layers={self.num_layers}" if self.num_layers > 1 else ""
        options += ", bidirectional=True" if self.bidirectional else ""
        options += f", dropout={self.dropout:g}" if self.dropout else ""
        return super().__repr__()[:-1] + options + ")"


def scanned(network: RecurrentNetwork, rows: Any, state: Any) -> tuple[Any, Any]:
    """The network in compiled code, for a sequence of any length: a loop over its steps for each direction."""
    states = initial_states(network, state)
    if any(isinstance(x, Value) for parts in states for part in parts for x in part):
        raise TraceError(f"{type(network).__name__}: a first state that is computed, and a sequence of any length")
    if network.dropout and network.training and network.num_layers > 1:
        raise TraceError(f"{type(network).__name__}: dropout between layers, and a sequence of any length")
    ends, below = [], []
    for (suffix, backwards, inputs), first in zip(network._directions(), states, strict=True):
        weights = network._weights(suffix)

        def step(before: Any, x: Any, weights: Weights = weights, inputs: int = inputs) -> Any:
            [x] = read_sequence(type(network).__name__, [x], inputs)
            after = network._step(weights, x, before)
            return tuple([after[part] for part in network.parts]), before[0]

        last, before = scan(step, first, rows, reverse=backwards)
        end = [last[0]]
        below.append(end + before[:-1] if backwards else before[1:] + end)
        ends.append(last)
        if len(below) == 1 + network.bidirectional:        # the layer is complete
            rows, below = reduce(lambda left, right: left.beside(right), below), []
    return rows, state_of([[end[place] for end in ends] for place in range(len(network.parts))])


def initial_states(network: RecurrentNetwork, given: Any) -> list[tuple[Numbers, ...]]:
    """The first state of each layer and direction: its parts, each of ``hidden_size`` numbers; zeros for None."""
    name, parts, size = type(network).__name__, len(network.parts), network.hidden_size
    rows = network.num_layers * (1 + network.bidirectional)
    if given is None:
        return [tuple([0.0] * size for _ in range(parts)) for _ in range(rows)]
    found = [given] if parts == 1 else given
    found = list(map(without_tensors, found)) if is_list(found) else found
    if not (is_list(found) and len(found) == parts
            and all(is_list(part) and len(part) == rows for part in found)
            and all(is_row(row, size) for part in found for row in part)):
        what = "a pair (h, c), each of" if parts > 1 else "h, of"
        raise ValueError(f"{name}: the first state is {what} {rows} x {size} numbers; leave it out for zeros")
    return [tuple(list(part[k]) for part in found) for k in range(rows)]


def read_sequence(name: str, sequence: Any, size: int) -> list[Any]:
    """The rows of a sequence for the layer ``name``, each of ``size``; an error that says which of them is no input."""
    if not is_list(sequence):
        raise TypeError(f"{name}: expected a sequence of rows of numbers, not {type(sequence).__name__}")
    sequence = without_tensors(sequence)
    if len(sequence) == 0:
        raise ValueError(f"{name}: the sequence is empty; give at least one step")
    for t, row in enumerate(sequence):
        if not is_row(row, size):
            if is_list(row) and len(row) and is_list(row[0]):
                raise TypeError(f"{name} takes one sequence at a time, [T][{size}], not a batch; call it for each")
            raise wrong_inputs(f"{name}, step {t},", row, size)
        if no_numbers(row):
            raise TypeError(f"{name}: {misplaced('input', sequence)}")
    return [tuple(row) for row in sequence]
