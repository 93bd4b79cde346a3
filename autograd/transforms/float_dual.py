"""FloatDual, a Dual whose operators and ops are spelled out for floats."""

from collections.abc import Callable, Sequence
from functools import partial
from types import FunctionType
from typing import Any

import autograd.transforms.dual_operators as dual_operators
from autograd.graph.instrumentation import fill
from autograd.ops.ieee import number
from autograd.ops.operand import Operand
from autograd.ops.primitives import Op
from autograd.transforms.dual import Dual
from autograd.transforms.presence import CERTAIN, FLOW


class FloatDual(dual_operators.Arithmetic, Dual):
    """A Dual of floats: the same numbers by a shorter way. Inside no_grad, anomaly and traces it takes the general one.

    Its tangent is a float, or None; a zero that may be another number next time has another class.
    """

    __slots__ = ()
    present = CERTAIN

    def _apply(self, op: Op, args: Sequence[Any]) -> Any:
        if op.arity == 1:
            out, total = op.value(self.primal), self.tangent
            if out.__class__ is float:
                if total is not None:
                    slope = op.float_partials[0](self.primal, out)
                    total = None if slope is None else slope * total
                dual = new()
                dual.primal, dual.tangent, dual._rank = out, total, self._rank
                return dual
        rank, primals, tangents = self._rank, [], []
        for arg in args:
            kind = arg.__class__
            if kind is FloatDual and arg._rank is rank:
                primals.append(arg.primal)
                tangents.append(arg.tangent)
            elif isinstance(arg, Operand):      # of another derivative
                return Dual._apply(self, op, args)
            else:
                primals.append(arg if kind is float else number(arg, op.name))
                tangents.append(None)
        out = op.value(*primals)
        if op is FLOW or out.__class__ is not float:
            return Dual._apply(self, op, args)
        total = None
        partials = op.nary_partials(primals, out) if op.arity is None else None
        for i, tangent in enumerate(tangents):
            if tangent is not None:
                slope = op.float_partials[i](*primals, out) if partials is None else partials[i]
                if slope is not None:
                    total = slope * tangent if total is None else total + slope * tangent
        dual = new()
        dual.primal, dual.tangent, dual._rank = out, total, rank
        return dual


new = partial(object.__new__, FloatDual)


def make_dual(primal: Any, tangent: Any, rank: tuple[int, int], present: Any = CERTAIN) -> Dual:
    """A Dual, of the class for floats where it can."""
    floats = primal.__class__ is float and (tangent is None or tangent.__class__ is float)
    if not floats or present.__class__ is not float or not present:
        return Dual(primal, tangent, rank, present)
    dual = new()
    dual.primal, dual.tangent, dual._rank = primal, tangent, rank
    return dual


dual_operators.FloatDual, dual_operators.new, dual_operators.make_dual = FloatDual, new, make_dual


def _general(owner: type, name: str) -> Callable[[Any], Any]:
    """The method of a class above, as it is when it is called."""
    return lambda usual: lambda self, *args: getattr(owner, name)(self, *args)


for _layer in ("no_grad", "tracing"):
    fill(_layer, {(FloatDual, "_apply"): _general(Dual, "_apply"),
                  **{(dual_operators.Arithmetic, name): _general(Operand, name)
                     for name, method in vars(dual_operators.Arithmetic).items() if isinstance(method, FunctionType)}})
