"""Tangents and adjoints that are there under a condition: what it is, products and sums of them, and what is left.

A tangent, or the weight of an output, that is exactly 0 is structural: nothing of it meets a slope, which may be
infinite. Where its number may be another in the next call, the condition goes along with it, and a product is the op
`flow`, which selects. As that stays linear, the derivative by a tangent is right also where the tangent is 0.

A condition is 1.0 (`CERTAIN`), 0.0, or an operand: a Value, or a register of a straight line. What has one is -0.0
where that does not hold.
"""

from collections.abc import Sequence
from typing import Any

from autograd.graph.context import modes
from autograd.ops.internal import chosen
from autograd.ops.operand import VALUE, Operand
from autograd.ops.primitives import TABLE, Op, apply
from autograd.ops.table import others
from autograd.transforms.pytree import map_primal

FLOW = TABLE["flow"]
CERTAIN = 1.0


def choose(condition: Any, a: Any, b: Any) -> Any:
    """``a`` or ``b``; for operands: while a function is traced, these are Values."""
    if condition.__class__ is float:
        return a if condition else b
    return apply(chosen, (condition, a, b))


def both(p: Any, q: Any) -> Any:
    """The condition that both hold."""
    return (p if q else 0.0) if q.__class__ is float else choose(p, q, 0.0)


def either(p: Any, q: Any) -> Any:
    """The condition that one of them holds."""
    return (1.0 if q else p) if q.__class__ is float else choose(p, 1.0, q)


def condition(x: Any) -> Any:
    """When a number is not 0: where a function is traced it is a Value, as the next number may be another."""
    while isinstance(x, Operand) and x._rank[0] != VALUE:       # a Dual
        x = x._primal
    return x if modes.recorder and isinstance(x, Operand) else CERTAIN if x else 0.0


def weight(x: Any) -> tuple[Any, Any]:
    """A tangent or weight as -0.0 where it is 0, and when it is not: its number itself where a function is traced."""
    there = condition(x)
    return apply(FLOW, (there, x, 1.0, 1.0)) if isinstance(x, Operand) else x, there


def factors(op: Op, args: Sequence[Any], out: Any, tangents: Sequence[Any]) -> Sequence[tuple[Any, Any]]:
    """What each tangent meets in a derivative of ``op``: a condition, and a partial (None: nothing)."""
    if op is FLOW:
        p, x, q, y = args
        return others(condition(p), x, condition(q), y)
    if op.arity is None:
        return [(CERTAIN, partial) for partial in modes.formula(op.nary_partials, args, out)]
    rules = op.partials if any(isinstance(x, Operand) for x in (*args, *tangents)) else op.float_partials
    return [(CERTAIN, None if tangent is None else modes.formula(rule, *args, out))
            for rule, tangent in zip(rules, tangents, strict=True)]


def product(x: Any, p: Any, y: Any, q: Any) -> tuple[Any, Any]:
    """``y`` times ``x``, which are there under the conditions q and p, and when their product is."""
    came = both(p, q)
    return y * x if came.__class__ is float and came else apply(FLOW, (q, y, p, x)), came


def settled(x: Any, present: Any) -> Any:
    """What leaves: ``x``, and 0.0 where it is not there, but with the derivatives of ``x``."""
    if present.__class__ is float and present:
        return x
    return map_primal(x, lambda x: choose(present, x, x + 0.0))
