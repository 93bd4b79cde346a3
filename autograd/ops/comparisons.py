"""Comparisons of carriers: they compare data, so ordinary `if` and `while` work; == between equal numbers is True.

Operators of bits are refused.
"""

from sys import _getframe, modules
from typing import Any

from autograd.ops.plain_calls import DISTRIBUTIONS, refuse_distributions

PLAIN = frozenset({float, int})


class Comparable:
    """The six comparisons; subclasses have ``_primal``, the number, and say by ``_beside`` what another one has.

    SciPy's distributions begin with > or >=, and go on to an error of NumPy's or, outside the support, to a plain nan.
    """

    __slots__ = ()
    _primal: Any

    def _beside(self, other: Any) -> Any:
        raise NotImplementedError

    def __lt__(self, other: Any) -> bool:
        out = self._primal < (other if other.__class__ in PLAIN else self._beside(other))
        return out if out.__class__ is bool else _truth(out)

    def __le__(self, other: Any) -> bool:
        out = self._primal <= (other if other.__class__ in PLAIN else self._beside(other))
        return out if out.__class__ is bool else _truth(out)

    def __gt__(self, other: Any) -> bool:
        if other.__class__ in PLAIN:
            if "scipy.stats" in modules and _getframe(1).f_globals.get("__name__") in DISTRIBUTIONS:
                refuse_distributions(_getframe(1))
            out = self._primal > other
        else:
            out = self._primal > self._beside(other)
        return out if out.__class__ is bool else _truth(out)

    def __ge__(self, other: Any) -> bool:
        if other.__class__ in PLAIN:
            if "scipy.stats" in modules and _getframe(1).f_globals.get("__name__") in DISTRIBUTIONS:
                refuse_distributions(_getframe(1))
            out = self._primal >= other
        else:
            out = self._primal >= self._beside(other)
        return out if out.__class__ is bool else _truth(out)

    def __eq__(self, other: object) -> bool:
        out = self._primal == (other if other.__class__ in PLAIN else self._beside(other))
        return out if out.__class__ is bool else _truth(out)

    def __ne__(self, other: object) -> bool:
        out = self._primal != (other if other.__class__ in PLAIN else self._beside(other))
        return out if out.__class__ is bool else _truth(out)


def _truth(out: Any) -> Any:
    """The result of a comparison: beside an array an array of bools, else a bool."""
    return out if getattr(out, "shape", ()) else bool(out)


def _refuse_bits(self: Any, other: Any) -> Any:
    if not isinstance(other, (Comparable, float, int)):
        return NotImplemented
    raise TypeError("<<, >>, &, | and ^ work on the bits of an int, and a Value is a float, also the i of a "
                    "compiled loop: write v // 2**k for v >> k, v * 2**k for v << k, and v % 2 for v & 1")


for _name in ("lshift", "rshift", "and", "or", "xor"):
    setattr(Comparable, f"__{_name}__", _refuse_bits)
    setattr(Comparable, f"__r{_name}__", _refuse_bits)
