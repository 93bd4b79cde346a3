"""Tangents and adjoints that are there under a condition: what it is, products and sums of them, and what is left.

A tangent, or the weight of an output, that is exactly 0 is structural: nothing of it meets a slope, which may be
infinite. Where its number may be another in the next call, the condition goes along with it, and a product is the op
`flow`, which selects. As that stays linear, the derivative by a tangent is right also where the tangent is 0.

A condition is 1.0 (`CERTAIN`), 0.0, or what ``emit`` takes for an operand: a Value, or a register of a straight line.
"""

from collections.abc import Callable, Sequence
from typing import Any

from autograd.modes import modes
from autograd.op import TABLE, Op, apply
from autograd.operand import VALUE, Operand
from autograd.ops import others

ADD, FLOW, WHERE = TABLE["add"], TABLE["flow"], TABLE["where"]
CERTAIN = 1.0
Emit = Callable[..., Any]


def emit(op: Op, *args: Any) -> Any:
    """The op on whatever the arguments are."""
    return apply(op, args)


def condition(x: Any) -> Any:
    """When this tangent or weight is there: its number itself where a function is traced, as the next may be 0."""
    while isinstance(x, Operand) and x._rank[0] != VALUE:       # a Dual
        x = x._primal
    return x if modes.recorder and isinstance(x, Operand) else CERTAIN if x else 0.0


def both(emit: Emit, p: Any, q: Any) -> Any:
    """The condition under which two factors are there."""
    if p.__class__ is float:
        return q if p else 0.0
    if q.__class__ is float:
        return p if q else 0.0
    return emit(WHERE, p, q, 0.0)


def either(emit: Emit, p: Any, q: Any) -> Any:
    """The condition under which one of two terms is there, each of which is -0.0 where it is not."""
    if p.__class__ is float:
        return CERTAIN if p else q
    if q.__class__ is float:
        return CERTAIN if q else p
    return emit(WHERE, p, 1.0, q)


def factors(op: Op, args: Sequence[Any], out: Any, wanted: Sequence[bool]) -> Sequence[tuple[Any, Any]]:
    """What each argument that is wanted meets in a derivative of ``op``: a condition, and a partial (None: nothing)."""
    if op is FLOW:
        return others(*args)
    if op.arity is None:
        return [(CERTAIN, partial) for partial in modes.formula(op.rule, args, out)]
    rules = op.rules if any(isinstance(arg, Operand) for arg in args) else op.slopes
    return [(CERTAIN, modes.formula(rule, *args, out) if want else None)
            for rule, want in zip(rules, wanted, strict=True)]


def product(x: Any, p: Any, y: Any, q: Any) -> tuple[Any, Any]:
    """``y`` times ``x``, which are there under the conditions q and p, and when their product is."""
    came = both(emit, p, q)
    return y * x if came.__class__ is float and came else apply(FLOW, (q, y, p, x)), came


def settled(emit: Emit, x: Any, present: Any) -> Any:
    """What leaves: ``x``, and 0.0 where it is not there, but with the derivatives of ``x``."""
    if present.__class__ is float and present:
        return x
    return emit(ADD, x, emit(WHERE, present, -0.0, 0.0))     # x + -0.0 is x for every x
