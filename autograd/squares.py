"""x ** 2 is a square, whose slope is 2x; that of a power in general minds every exponent and costs 20 times that."""

from collections.abc import Callable
from typing import Any

from autograd.op import TABLE
from autograd.operand import Operand

_power: Callable[[Any, Any], Any] = vars(Operand)["__pow__"]
_square = TABLE["square"].function


def _squared(self: Any, other: Any) -> Any:
    return _square(self) if other.__class__ in (int, float) and other == 2 else _power(self, other)


setattr(Operand, "__pow__", _squared)       # noqa: B010 (which mypy does not know)
