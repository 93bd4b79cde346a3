"""Outputs, the list that layers give: arithmetic on it says which number of it is meant, and what to write."""

from collections.abc import Callable, Sequence
from typing import Any

from autograd import Value

ARITHMETIC = ("sub", "rsub", "mul", "rmul", "imul", "truediv", "rtruediv", "pow", "rpow", "matmul", "rmatmul")
WITH_NUMBERS = ("add", "radd", "iadd", "lt", "le", "gt", "ge")      # lists have these with lists


class Outputs(list[Any]):
    """The outputs of a layer, a list like any other. Transforms and compiled functions make a plain list of it.

    >>> from nn import Linear
    >>> out = Linear(2, 1, seed=0)([0.5, -1.0])
    >>> out - 1.0
    Traceback (most recent call last):
    TypeError: the output is a list of 1 number: write o[0] for the number, or use a loss of nn, as in mse_loss(o, t)
    """

    __slots__ = ()
    _plain_list = True

    def __neg__(self) -> Any:
        raise TypeError(self._advice())

    def __getattr__(self, name: str) -> Any:
        if hasattr(Value, name) and not name.startswith("__"):
            raise AttributeError(f"{name}: {self._advice()}")
        raise AttributeError(f"a list of outputs has no attribute {name!r}")

    def _advice(self) -> str:
        if len(self) == 1:
            return ("the output is a list of 1 number: write o[0] for the number, or use a loss of nn, as in "
                    "mse_loss(o, t)")
        return (f"the output is a list of {len(self)} numbers: take them one by one, as in [a - b for a, b in zip(o, "
                "t)], or use a loss of nn, as in mse_loss(o, t)")


class Memory(Outputs):
    """c, the second part of an LSTM's state: by it layers see that they were given the pair (h, c)."""

    __slots__ = ()


def state_of(parts: Sequence[list[Any]]) -> Any:
    """The state of a recurrent layer by its parts: h, or the pair (h, c)."""
    return parts[0] if len(parts) == 1 else (parts[0], Memory(parts[1]))


def _refused(usual: Callable[..., Any] | None, numbers_only: bool) -> Callable[..., Any]:
    def method(self: Outputs, other: Any, *rest: Any) -> Any:
        if hasattr(other, "dtype") and getattr(other, "shape", ()) != ():      # an array computes with lists
            return NotImplemented
        if numbers_only and not isinstance(other, (Value, float, int)):
            return usual(self, other) if usual else NotImplemented
        raise TypeError(self._advice())

    return method


for _name in (*ARITHMETIC, *WITH_NUMBERS):
    setattr(Outputs, f"__{_name}__", _refused(getattr(list, f"__{_name}__", None), _name in WITH_NUMBERS))
