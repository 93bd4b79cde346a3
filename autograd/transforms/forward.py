"""Dual, a number and its derivative along one direction, and forward accumulation with it: jvp, derivative."""

from collections.abc import Callable, Sequence
from typing import Any

from autograd.errors import TraceError
from autograd.graph.context import modes, outermost, transform_scope
from autograd.ops.ieee import number
from autograd.ops.operand import DUAL, Operand
from autograd.ops.primitives import TABLE, Op, apply, one
from autograd.transforms.derivative_layout import arrange, numbers_of_shape
from autograd.transforms.presence import CERTAIN, either, factors, product, settled, weight
from autograd.transforms.pytree import fill, flatten, map_primal, plain


class Dual(Operand):
    """A primal and its tangent; None is a tangent that is a structural zero, which no slope multiplies.

    A tangent that is itself differentiated by, or traced, has a condition ``present``: where that is 0, no slope
    multiplies the tangent either.
    Nested transforms have levels, and a higher one wraps a lower one. Without levels, d/dx [x d/dy (x + y)] at
    x = y = 1 would be 2 instead of 1: the inner derivative would take the outer x for its own y
    (Siskind and Pearlmutter 2005, "Perturbation confusion").
    """

    __slots__ = ("_rank", "present", "primal", "tangent")

    def __init__(self, primal: Any, tangent: Any, rank: tuple[int, int], present: Any = CERTAIN) -> None:
        self.primal, self.tangent, self._rank, self.present = primal, tangent, rank, present

    @property
    def _primal(self) -> Any:
        if modes.recorder:      # a function that reads a Dual from outside has no Program
            modes.recorder.meets(self._rank)
        return self.primal

    def _beside(self, other: Any) -> Any:
        return other._primal if isinstance(other, Dual) else other      # a Value, where it is traced, records it

    @property
    def data(self) -> float:
        """The innermost plain number, for decisions that need no derivative; TraceError if it is traced."""
        return self._primal.data if isinstance(self.primal, Operand) else self._primal    # type: ignore[no-any-return]

    def detach(self) -> Any:
        """The same number as a constant to every derivative."""
        return TABLE["stop_gradient"].function(self)

    # always empty: functions may label what they compute, but no picture shows a Dual
    label = property(lambda self: "", lambda self, label: None)

    def __repr__(self) -> str:
        return f"Dual({self.primal!r}, tangent={self.tangent!r})"

    def _map_primal(self, function: Callable[[Any], Any]) -> "Dual":
        return Dual(map_primal(self.primal, function), self.tangent, self._rank, self.present)

    def _to_float(self) -> float:
        if modes.transforms:    # in a no_grad block of a function that is being differentiated: a constant to it
            return self.data
        raise TraceError("a result depends on a derivative of another call, which is over or runs in another thread; "
                         "take both in one thread, and keep no argument of a differentiated function")

    def _pulled(self, terms: Sequence[Any], pull: Callable[[list[Any]], list[Any]]) -> list[Any]:
        """``pull``, which is linear in outputs and in weights, applied to primals and to tangents; Duals of both."""
        primals, tangents, present = [], [], 0.0
        for out, w, there in terms:
            mine = [isinstance(part, Dual) and part._rank == self._rank for part in (out, w)]
            x, y = (part.primal if own else part for part, own in zip((out, w), mine, strict=True))
            primals.append((x, y, there))
            if mine[0] and out.tangent is not None:
                tangents.append((out.tangent, y, there))
                present = either(present, out.present)
            if mine[1] and w.tangent is not None:
                tangents.append((x, w.tangent, w.present))
                present = either(present, w.present)
        found = pull(primals)
        slopes = pull(tangents) if tangents else [None] * len(found)
        return [Dual(primal, slope, self._rank, present) for primal, slope in zip(found, slopes, strict=True)]

    def _apply(self, op: Op, args: Sequence[Any]) -> Any:
        rank = self._rank
        if modes.recorder:
            modes.recorder.meets(rank)
        mine = [isinstance(arg, Dual) and arg._rank == rank for arg in args]
        primals = [arg.primal if own else arg for arg, own in zip(args, mine, strict=True)]
        primals = [primal if isinstance(primal, Operand) else number(primal, op.name) for primal in primals]
        tangents = [arg.tangent if own else None for arg, own in zip(args, mine, strict=True)]
        out = apply(op, primals)
        if modes.no_grad_blocks or all(tangent is None for tangent in tangents):     # in no_grad it is a constant
            return Dual(out, None, rank)
        total, present = None, 0.0
        for arg, tangent, (there, partial) in zip(args, tangents, factors(op, primals, out, tangents), strict=True):
            if tangent is not None and partial is not None:
                if partial is one:
                    part, came = tangent, arg.present
                elif arg.present is there is CERTAIN:       # nearly always
                    part, came = partial * tangent, CERTAIN
                else:
                    part, came = product(tangent, arg.present, partial, there)
                present = CERTAIN if came is CERTAIN else either(present, came)
                total = part if total is None else total + part
        return Dual(out, total, rank, present)


def jvp(f: Callable[..., Any], primals: Sequence[Any], tangents: Sequence[Any]) -> tuple[Any, Any]:
    """The value of ``f`` and its derivative along ``tangents``, which are shaped like ``primals``, or a ValueError.

    A tangent of exactly 0 is a structural zero: nothing flows through that argument, whatever the slopes are; ``f``
    gets and computes the same. A derivative by a tangent that is a Value is right at 0, too; compiled code selects.

    >>> jvp(lambda x, y: x * y, (3.0, 4.0), (1.0, 0.0))
    (12.0, 4.0)
    """
    if not isinstance(primals, (tuple, list)) or not isinstance(tangents, (tuple, list)):
        raise TypeError("jvp takes the arguments and the tangents as tuples: jvp(f, (x, y), (dx, dy))")
    if len(tangents) != len(primals):
        raise ValueError(f"jvp: {len(tangents)} tangents for {len(primals)} number{'s' * (len(primals) != 1)}; give "
                         "one for each")
    last = outermost()
    with transform_scope() as level:
        rank = DUAL, level
        args = []
        for i, (primal, tangent) in enumerate(zip(primals, tangents, strict=True)):
            items, layout = flatten(primal, argument=True)
            along = numbers_of_shape("jvp", "tangents", tangent, layout, f"argument {i}")
            duals = [_enter(x, t, rank) for x, t in zip(items, along, strict=True)]
            args.append(fill(primal, iter(duals), argument=True))
        out = f(*args)
    outs, layout = flatten(out)
    duals = [x if isinstance(x, Dual) and x._rank == rank else _enter(x, 0.0, rank, "the function's result")
             for x in outs]
    slopes = [0.0 if dual.tangent is None else settled(dual.tangent, dual.present) for dual in duals]
    return fill(out, iter([plain(dual.primal, last) for dual in duals])), \
        arrange((), layout, [[plain(slope, last) for slope in slopes]])


def _enter(x: Any, tangent: Any, rank: tuple[int, int], name: str = "jvp") -> Dual:
    x = x if isinstance(x, Operand) else number(x, name)
    tangent = tangent if isinstance(tangent, Operand) else number(tangent, name) or None
    tangent, present = weight(tangent)
    return Dual(x, tangent, rank, present)


def derivative(f: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """d f / dx of a function of one number, by forward mode; nestable: ``derivative(derivative(f))``.

    >>> derivative(derivative(lambda x: x * x * x))(2.0)
    12.0
    """
    return lambda x: jvp(f, (x,), (1.0,))[1]
