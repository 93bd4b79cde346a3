"""The parts that all recurrent layers share: weights by PyTorch's names, states, layers and directions, checks.

The equations of a step stand in recurrent.py.
"""

from collections.abc import Sequence
from math import sqrt
from typing import Any, ClassVar, NamedTuple

from autograd import Group, Value, dot
from nn.init import Seed, generator, uniform_
from nn.layers.examples import is_row, wrong_inputs
from nn.layers.outputs import Outputs
from nn.module import Module
from nn.validators import count, flag

Numbers = list[Any]


class Weights(NamedTuple):
    """What one direction of one layer learns; the rows of all gates stand below each other."""

    weight_ih: list[Numbers]        # [gates * hidden_size][input_size]
    weight_hh: list[Numbers]        # [gates * hidden_size][hidden_size]
    bias_ih: Numbers | None
    bias_hh: Numbers | None

    def of_input(self, x: Sequence[Any]) -> Numbers:
        """W_ih x + b_ih."""
        return _affine(self.weight_ih, self.bias_ih, x)

    def of_state(self, h: Sequence[Any]) -> Numbers:
        """W_hh h + b_hh."""
        return _affine(self.weight_hh, self.bias_hh, h)


class Recurrent(Module):
    """What cells and networks share: weights by PyTorch's names, initial states, checks, frames in pictures."""

    gates: ClassVar[int] = 1        # of a unit
    parts: ClassVar[int] = 1        # of a state: an LSTM has two, h and c

    def __init__(self, input_size: int, hidden_size: int, bias: bool, nonlinearity: str = "tanh") -> None:
        self.input_size, self.hidden_size = count("input_size", input_size), count("hidden_size", hidden_size)
        self.bias = flag("bias", bias)
        if nonlinearity not in ("tanh", "relu"):
            raise ValueError(f"nonlinearity is 'tanh' or 'relu', not {nonlinearity!r}")
        self.nonlinearity = nonlinearity
        self.path: tuple[str, ...] = (repr(self),)

    def _entitle(self, outer: tuple[str, ...], name: str) -> None:
        self.path = (*outer, f"{name}  {self!r}")

    def _add_weights(self, suffix: str, inputs: int, rng: Any) -> None:
        """The weights of one direction, uniform in ±1/sqrt(hidden_size), as PyTorch's."""
        rows, hidden = self.gates * self.hidden_size, self.hidden_size
        for name, width in (("weight_ih", inputs), ("weight_hh", hidden)):
            setattr(self, name + suffix, [[Value(0.0, label=f"{name}{suffix}[{i}][{j}]") for j in range(width)]
                                          for i in range(rows)])
        for name in ("bias_ih", "bias_hh") if self.bias else ():
            setattr(self, name + suffix, [Value(0.0, label=f"{name}{suffix}[{i}]") for i in range(rows)])
        bound = 1.0 / sqrt(hidden)
        for part in self._weights(suffix):
            if part is not None:
                uniform_(part, -bound, bound, seed=rng)

    def _weights(self, suffix: str) -> Weights:
        return Weights(*[getattr(self, name + suffix, None) for name in Weights._fields])     # type: ignore[arg-type]

    def _step(self, weights: Weights, x: Sequence[Any], state: tuple[Numbers, ...]) -> tuple[Numbers, ...]:
        """The state after one more input: (h,), or (h, c)."""
        raise NotImplementedError

    def _advance(self, weights: Weights, x: Sequence[Any], state: tuple[Numbers, ...],
                 title: tuple[str, ...]) -> tuple[Numbers, ...]:
        """`_step`, with a frame around each unit in pictures."""
        after = self._step(weights, x, state)
        inputs = (*x, *(number for part in state for number in part))
        for j, h in enumerate(after[0], 1):
            if isinstance(h, Value) and h.op is not None:       # under no_grad there is nothing to frame
                h.group = Group((*self.path, *title, f"unit {j}"), inputs)
        return after

    def _initial(self, given: Any, rows: int) -> list[tuple[Numbers, ...]]:
        """The initial state of each of ``rows`` layers and directions, zeros if none is given."""
        size = self.hidden_size
        if given is None:
            return [tuple([0.0] * size for _ in range(self.parts)) for _ in range(rows)]
        parts = [given] if self.parts == 1 else given
        if not (_is_list(parts, self.parts)
                and all(_is_list(part, rows) and all(is_row(row, size) for row in part) for part in parts)):
            what = "a pair (h, c), each of" if self.parts > 1 else "h, of"
            raise ValueError(f"{type(self).__name__}: the first state is {what} {rows} x {size} numbers; leave it out "
                             "for zeros")
        return [tuple(list(part[k]) for part in parts) for k in range(rows)]

    def __repr__(self) -> str:
        options = "" if self.bias else ", bias=False"
        options += "" if self.nonlinearity == "tanh" else f", nonlinearity={self.nonlinearity!r}"
        return f"{type(self).__name__}({self.input_size}, {self.hidden_size}{options})"


class RecurrentNetwork(Recurrent):
    """A recurrent network over sequences: layers of one direction or two, each of which reads the outputs below."""

    def __init__(self, input_size: int, hidden_size: int, num_layers: int = 1, bidirectional: bool = False, *,
                 bias: bool = True, seed: Seed = None, nonlinearity: str = "tanh") -> None:
        self.num_layers, self.bidirectional = count("num_layers", num_layers), flag("bidirectional", bidirectional)
        super().__init__(input_size, hidden_size, bias, nonlinearity)
        rng = generator(seed)
        for suffix, _, inputs in self._directions():
            self._add_weights(suffix, inputs, rng)

    def __call__(self, sequence: Sequence[Sequence[Any]], state: Any = None) -> tuple[list[Numbers], Any]:
        """The outputs ``[T][hidden_size * directions]`` of one sequence ``[T][input_size]``, and the last state.

        state: the first one, zeros if left out: ``[num_layers * directions][hidden_size]``, of an LSTM a pair (h, c) of
        these. The last state has the same form. Sequences may differ in length; each is given by itself.
        """
        rows = self._checked(sequence)
        states = self._initial(state, self.num_layers * (1 + self.bidirectional))
        ends: list[tuple[Numbers, ...]] = []
        below: list[list[Numbers]] = []
        for (suffix, backwards, _), first in zip(self._directions(), states, strict=True):
            outputs, end = self._run(suffix, rows[::-1] if backwards else rows, first)
            ends.append(end)
            below.append(outputs[::-1] if backwards else outputs)
            if len(below) == 1 + self.bidirectional:        # the layer is complete
                rows = [Outputs(y for part in step for y in part) for step in zip(*below, strict=True)]
                below = []
        last = tuple([end[part] for end in ends] for part in range(self.parts))
        return rows, last if self.parts > 1 else last[0]

    def _run(self, suffix: str, rows: list[Any], state: tuple[Numbers, ...]) -> tuple[list[Numbers], Any]:
        """The outputs of one direction of one layer, and its last state."""
        weights, outputs = self._weights(suffix), []
        layer = () if self.num_layers == 1 and not self.bidirectional else (f"layer{suffix}",)
        for t, x in enumerate(rows, 1):
            state = self._advance(weights, x, state, (*layer, f"step {t}"))
            outputs.append(state[0])
        return outputs, state

    def _directions(self) -> list[tuple[str, bool, int]]:
        """Of each layer and direction: the end of its weights' names, whether it reads backwards, its inputs."""
        ways = [("", False), ("_reverse", True)] if self.bidirectional else [("", False)]
        return [(f"_l{k}{way}", backwards, self.hidden_size * len(ways) if k else self.input_size)
                for k in range(self.num_layers) for way, backwards in ways]

    def _checked(self, sequence: Any) -> list[Any]:
        """The rows of a sequence; an error that says which of them is no input."""
        name = type(self).__name__
        if not _is_list(sequence):
            raise TypeError(f"{name}: expected a sequence of rows of numbers, not {type(sequence).__name__}")
        if len(sequence) == 0:
            raise ValueError(f"{name}: the sequence is empty; give at least one step")
        for t, row in enumerate(sequence):
            if not is_row(row, self.input_size):
                if _is_list(row) and len(row) and _is_list(row[0]):
                    raise TypeError(f"{name} takes one sequence at a time, [T][{self.input_size}], not a batch; "
                                    "call it for each")
                raise wrong_inputs(f"{name}, step {t},", row, self.input_size)
        return [tuple(row) for row in sequence]

    def __repr__(self) -> str:
        options = f", num_layers={self.num_layers}" if self.num_layers > 1 else ""
        options += ", bidirectional=True" if self.bidirectional else ""
        return super().__repr__()[:-1] + options + ")"


def _affine(weight: list[Numbers], bias: Numbers | None, x: Sequence[Any]) -> Numbers:
    products = [dot(row, x) for row in weight]
    return products if bias is None else [p + b for p, b in zip(products, bias, strict=True)]


def _is_list(x: Any, length: int | None = None) -> bool:
    """Whether ``x`` is a list, a tuple or an array, of that length if one is given."""
    return hasattr(x, "__len__") and hasattr(x, "__getitem__") and not isinstance(x, (str, dict)) \
        and length in (None, len(x))
