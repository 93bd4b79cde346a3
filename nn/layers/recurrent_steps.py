"""What recurrent cells and networks share: weights by PyTorch's names, one step, its frames in pictures.

The equations of a step stand in recurrent.py.
"""

from collections.abc import Callable, Sequence
from functools import wraps
from inspect import signature
from math import sqrt
from typing import Any, ClassVar, NamedTuple, TypeVar

from autograd import Value, dot
from nn.frames import enclose, entitle, titles
from nn.init import uniform_
from nn.module import Module
from nn.validators import count, flag

Numbers = list[Any]
Call = TypeVar("Call", bound=Callable[..., Any])
Step = dict[str, Numbers]       # what one step computes, by the letters of the equations: of an LSTM i, f, g, o, c, h


def by_either_name(call: Call) -> Call:
    """A call that takes its two arguments by PyTorch's names, too: ``input`` and ``hx``."""
    names = {theirs: ours for theirs, ours in zip(("input", "hx"), [*signature(call).parameters][1:], strict=True)
             if theirs != ours}

    @wraps(call)
    def called(self: Any, *args: Any, **options: Any) -> Any:
        for theirs, ours in names.items():
            if theirs in options:
                if ours in options:
                    raise TypeError(f"{type(self).__name__}: {theirs} and {ours} are the same; give one of them")
                options[ours] = options.pop(theirs)
        return call(self, *args, **options)

    return called       # type: ignore[return-value]


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
    parts: ClassVar[tuple[str, ...]] = ("h",)       # of a state: an LSTM has two, h and c
    named: ClassVar[dict[str, str]] = {"h": "state h"}      # the letters of the equations, in words
    _entitle = entitle

    def __init__(self, input_size: int, hidden_size: int, bias: bool, nonlinearity: str = "tanh") -> None:
        self.input_size, self.hidden_size = count("input_size", input_size), count("hidden_size", hidden_size)
        self.bias = flag("bias", bias)
        if nonlinearity not in ("tanh", "relu"):
            raise ValueError(f"nonlinearity is 'tanh' or 'relu', not {nonlinearity!r}")
        self.nonlinearity = nonlinearity

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

    def _step(self, weights: Weights, x: Sequence[Any], state: tuple[Numbers, ...]) -> Step:
        """One more input: the gates and the state after it, from the state before, (h,) or (h, c)."""
        raise NotImplementedError

    def _advance(self, weights: Weights, x: Sequence[Any], state: tuple[Numbers, ...],
                 title: tuple[str, ...]) -> Step:
        """`_step`, with a frame around each unit in pictures."""
        after = self._step(weights, x, state)
        inputs = (*x, *(number for part in state for number in part))
        for j, h in enumerate(after["h"], 1):
            enclose([h], (*titles(self), *title, f"unit {j}"), inputs)
        return after

    def _steps_before(self, h: Numbers, layer: tuple[str, ...] = ()) -> int:
        """How many steps of this module led to the state h, for the titles of frames."""
        group = h[0].group if isinstance(h[0], Value) else None
        return int(group.path[-2].removeprefix("step ")) if group and group.path[:-2] == (*titles(self), *layer) else 0

    def __repr__(self) -> str:
        options = "" if self.bias else ", bias=False"
        options += "" if self.nonlinearity == "tanh" else f", nonlinearity={self.nonlinearity!r}"
        return f"{type(self).__name__}({self.input_size}, {self.hidden_size}{options})"


def _affine(weight: list[Numbers], bias: Numbers | None, x: Sequence[Any]) -> Numbers:
    products = [dot(row, x) for row in weight]
    return products if bias is None else [p + b for p, b in zip(products, bias, strict=True)]
