"""Derivatives of functions by forward accumulation with Duals: jvp, derivative."""

from collections.abc import Callable, Sequence
from typing import Any

from autograd.graph.context import outermost, transform_scope
from autograd.ops.ieee import number
from autograd.ops.operand import DUAL, Operand
from autograd.transforms.derivative_layout import arrange, numbers_of_shape
from autograd.transforms.dual import Dual
from autograd.transforms.float_dual import make_dual
from autograd.transforms.presence import settled, weight
from autograd.transforms.pytree import fill, flatten, plain


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
    return make_dual(x, tangent, rank, present)


def derivative(f: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """d f / dx of a function of one number, by forward mode; nestable: ``derivative(derivative(f))``.

    >>> derivative(derivative(lambda x: x * x * x))(2.0)
    12.0
    """
    return lambda x: jvp(f, (x,), (1.0,))[1]
