"""Dual, a number and its derivative along one direction; forward accumulation: jvp, derivative."""

from collections.abc import Callable, Sequence
from typing import Any

from autograd.arguments import flatten, is_array, plain, same_count, through
from autograd.errors import TraceError
from autograd.floats import number
from autograd.modes import modes, nested, outermost
from autograd.op import Op, apply, one
from autograd.operand import Operand


class Dual(Operand):
    """A primal and its tangent; None is a tangent that is structurally zero, and meets no infinite slope.

    Nested transforms have levels, and a higher one wraps a lower one. Without levels,
    d/dx [x d/dy (x + y)] at x = y = 1 would give 2 for 1: the inner derivative would take the outer
    x for its own y (Siskind and Pearlmutter 2005, "Perturbation confusion").
    """

    __slots__ = ("_primal", "_rank", "tangent")

    def __init__(self, primal: Any, tangent: Any, level: int) -> None:
        self._primal, self.tangent, self._rank = primal, tangent, level

    @property
    def primal(self) -> Any:
        """The number itself, or what a lower level wraps around it."""
        return self._primal

    @property
    def data(self) -> float:
        """The plain number at the bottom, for decisions that need no derivative."""
        return self._primal.data if isinstance(self._primal, Operand) else self._primal     # type: ignore[attr-defined,no-any-return]

    def detach(self) -> float:
        """The plain number at the bottom: a constant to every derivative."""
        return self.data

    @property
    def label(self) -> str:
        """Always empty: functions may label what they compute, but no picture shows a Dual."""
        return ""

    @label.setter
    def label(self, label: str) -> None:
        pass

    def __repr__(self) -> str:
        return f"Dual({self._primal!r}, tangent={self.tangent!r})"

    def _through(self, function: Callable[[Any], Any]) -> "Dual":
        return Dual(through(self._primal, function), self.tangent, self._rank)

    def _leave(self) -> float:
        if modes.transforms:    # in a no_grad block of a function that is being differentiated: a constant to it
            return self.data
        raise TraceError("a result depends on a derivative of another call, which is over or runs in another thread; "
                         "take both in one thread, and keep no argument of a differentiated function")

    def _each(self, function: Callable[[Any], list[Any]]) -> list[Any]:
        primals = function(self._primal)
        tangents = [None] * len(primals) if self.tangent is None else function(self.tangent)
        return [Dual(primal, tangent, self._rank) for primal, tangent in zip(primals, tangents, strict=True)]

    def _apply(self, op: Op, args: Sequence[Any]) -> Any:
        level = self._rank
        mine = [isinstance(arg, Dual) and arg._rank == level for arg in args]
        primals = [arg._primal if own else arg for arg, own in zip(args, mine, strict=True)]
        primals = [primal if isinstance(primal, Operand) else number(primal, op.name) for primal in primals]
        if modes.quiet:     # no_grad: what is computed here is a constant
            return Dual(apply(op, primals), None, level)
        moving = [own and arg.tangent is not None for arg, own in zip(args, mine, strict=True)]
        out = apply(op, primals)
        if op.arity is None:
            partials = modes.formula(op.rule, primals, out)
        else:
            floats = not any(isinstance(primal, Operand) for primal in primals)
            rules = op.slopes if floats else op.rules
            partials = [modes.formula(rule, *primals, out) if move else None
                        for rule, move in zip(rules, moving, strict=True)]
        tangent = None
        for arg, move, partial in zip(args, moving, partials, strict=True):
            if move and partial is not None:
                part = arg.tangent if partial is one else partial * arg.tangent
                tangent = part if tangent is None else tangent + part
        return Dual(out, tangent, level)


def jvp(f: Callable[..., Any], primals: Sequence[Any], tangents: Sequence[Any]) -> tuple[Any, Any]:
    """The value of ``f`` and its derivative along ``tangents``, which are shaped like ``primals``.

    A tangent of exactly 0 is structural: that argument enters as a plain number.

    >>> jvp(lambda x, y: x * y, (3.0, 4.0), (1.0, 0.0))
    (12.0, 4.0)
    """
    if not isinstance(primals, (tuple, list)) or not isinstance(tangents, (tuple, list)):
        raise TypeError("jvp takes the arguments and the tangents as tuples: jvp(f, (x, y), (dx, dy))")
    same_count("jvp", "tangents", len(tangents), len(primals))
    last = outermost()
    with nested() as level:
        args = []
        for primal, tangent in zip(primals, tangents, strict=True):
            items, rebuild = flatten(primal)
            along = flatten(tangent)[0]
            same_count("jvp", "tangents", len(along), len(items))
            array = is_array(primal)        # whose elements all need an op's methods
            args.append(rebuild([_enter(x, t, level, array) for x, t in zip(items, along, strict=True)]))
        outs, rebuild = flatten(f(*args))
    mine = [isinstance(out, Dual) and out._rank == level for out in outs]
    values = [out._primal if own else _constant(out) for out, own in zip(outs, mine, strict=True)]
    slopes = [out.tangent if own and out.tangent is not None else 0.0 for out, own in zip(outs, mine, strict=True)]
    return (rebuild([plain(value, last) for value in values]),
            rebuild([plain(slope, last) for slope in slopes]))


def _enter(x: Any, tangent: Any, level: int, array: bool) -> Any:
    x = x if isinstance(x, Operand) else number(x, "jvp")
    tangent = tangent if isinstance(tangent, Operand) else number(tangent, "jvp")
    if isinstance(tangent, Operand) or tangent != 0.0:
        return Dual(x, tangent, level)
    return Dual(x, None, level) if array else x


def _constant(out: Any) -> Any:
    return out if isinstance(out, Operand) else number(out, "the function's result")


def derivative(f: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """d f / dx of a function of one number, by forward mode; nestable: ``derivative(derivative(f))``.

    >>> derivative(derivative(lambda x: x * x * x))(2.0)
    12.0
    """
    return lambda x: jvp(f, (x,), (1.0,))[1]
