"""Operand, the base class of carriers (Values, Duals, Symbols, Registers): their operators and methods.

A carrier defines the application of an op (`_apply`) and its rank; of two carriers the one of higher
rank applies the op. Everything else, Python's operators and NumPy's names included, is here.
"""

import operator
from collections.abc import Callable
from typing import Any

from autograd.errors import TraceError
from autograd.ops.array_calls import array_ufunc
from autograd.ops.comparisons import Comparable
from autograd.ops.plain_calls import call_and_advice
from autograd.ops.primitives import Op
from autograd.ops.table import TABLE

COMPARISONS = {"less": operator.lt, "less_equal": operator.le, "greater": operator.gt,
               "greater_equal": operator.ge, "equal": operator.eq, "not_equal": operator.ne}
# Kinds of carriers; of two the higher applies the op, and of two of a kind the one of the higher level.
VALUE, DUAL, COMPLEX, SYMBOL, SLOT = range(5)
# Python's binary operators, by their special methods without underscores.
OPERATORS = {op.special_method: op.name for op in TABLE.values() if op.special_method and op.arity == 2}


class Operand(Comparable):
    """A number that ops apply to; subclasses define ``_apply(op, args)``, ``_primal`` and ``_rank``."""

    __slots__ = ()
    _rank: tuple[int, int] = (VALUE, 0)     # the kind, and the level of the transform that it belongs to
    _primal: Any    # the number, or the next carrier below, which comparisons compare

    def _apply(self, op: Op, args: Any) -> Any:
        raise NotImplementedError

    def _beside(self, other: Any) -> Any:
        """The primal of ``other``, for comparisons."""
        return other._primal if isinstance(other, Operand) else other

    def _to_float(self) -> Any:
        """The plain number, for a result of the outermost transform."""
        return self._primal

    def _map_primal(self, function: Callable[[Any], Any]) -> Any:
        """``function`` applied to the innermost primal; the carriers around it stay."""
        return function(self)

    __hash__ = object.__hash__      # by identity: graphs hold equal numbers in different places

    def __bool__(self) -> bool:
        return self != 0.0

    def __float__(self) -> float:
        call, advice = call_and_advice("a plain number here")
        raise TraceError(f"{call} would lose the gradient: {advice}")

    def __int__(self) -> int:
        call, advice = call_and_advice("int(v)")
        raise TraceError(f"{call} would lose the gradient: {advice}")

    def __complex__(self) -> complex:
        call, advice = call_and_advice("complex(v)")
        raise TraceError(f"{call} would lose the gradient, and there are no complex Values: {advice}")

    def as_integer_ratio(self) -> Any:
        """Refused: `statistics` and `fractions` compute with plain numbers."""
        call, advice = call_and_advice("a fraction of a Value")
        raise TraceError(f"{call} would lose the gradient: {advice}")

    @property
    def real(self) -> Any:
        """The number itself: all of them are real."""
        return self

    @property
    def imag(self) -> float:
        """0.0."""
        return 0.0

    def conjugate(self) -> Any:
        """The number itself."""
        return self

    def __index__(self) -> int:
        raise TraceError(f"{call_and_advice('this')[0]}: a Value cannot count or index: write int(v.data), or choose "
                         "what is differentiated with argnums, without this")

    def __format__(self, spec: str) -> str:
        return format(self._primal, spec) if spec else str(self)

    def __round__(self, ndigits: int | None = None) -> Any:
        if ndigits is not None:
            raise TypeError("round(v, ndigits) has no derivative worth the name: write round(v.data, ndigits)")
        return TABLE["round"].function(self)

    def __divmod__(self, other: Any) -> tuple[Any, Any]:
        return self // other, self % other

    def __rdivmod__(self, other: Any) -> tuple[Any, Any]:
        return other // self, other % self

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        """NumPy's functions by name, elementwise, as of object arrays; NumPy itself is not imported."""
        return array_ufunc(ufunc, method, inputs, kwargs, COMPARISONS)


def _accepts(x: Any, reflected: str) -> bool:
    """Whether an operator computes with x, rather than leaves it to x's reflected operator."""
    return isinstance(x, (Operand, float, int)) or not hasattr(type(x), reflected) \
        or getattr(x, "shape", None) == () or type(x).__name__ == "Fraction"


def _operator(name: str, op: Op) -> None:
    function, reflected = op.function, f"__r{name[2:]}"

    def forward(self: Any, other: Any, modulus: Any = None) -> Any:
        if modulus is not None:
            raise TypeError("pow(x, y, modulus) is for ints, and has no derivative: write x**y % modulus")
        return function(self, other) if _accepts(other, reflected) else NotImplemented

    def backward(self: Any, other: Any) -> Any:
        return function(other, self)

    setattr(Operand, name, forward)
    setattr(Operand, reflected, backward)


def _method(name: str, op: Op) -> None:
    function = op.function
    setattr(Operand, name, lambda self, *rest: function(self, *rest))


for _op in TABLE.values():
    for _name in ([_op.name] if _op.arity and _op.method else []) + [*_op.numpy_names]:
        _method(_name, _op)
    if _op.special_method:
        (_operator if _op.arity == 2 else _method)(f"__{_op.special_method}__", _op)
