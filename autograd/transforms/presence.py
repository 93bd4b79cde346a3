"""Tangents and adjoints that are present under a condition: the condition, their products and their sums.

A tangent, or the weight of an output, that is exactly 0 is a structural zero: it is not multiplied by a slope, which
may be infinite. If its number may differ in the next call, it carries its condition, and a product is the op `flow`,
which selects. That op is linear, so the derivative by a tangent is right where the tangent is 0, too.

A condition is 1.0 (`CERTAIN`), 0.0, or an operand: a Value, or a register of a Program. Where the condition does not
hold, the tangent or adjoint is -0.0, which changes no sum.
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
    """``a`` or ``b``; an op if the condition is an operand, as it is while a function is traced."""
    if condition.__class__ is float:
        return a if condition else b
    return apply(chosen, (condition, a, b))


def both(p: Any, q: Any) -> Any:
    """The condition that two tangents are present: both hold."""
    return (p if q else 0.0) if q.__class__ is float else choose(p, q, 0.0)


def either(p: Any, q: Any) -> Any:
    """The condition that one of them holds."""
    return (1.0 if q else p) if q.__class__ is float else choose(p, 1.0, q)


def condition(x: Any) -> Any:
    """The condition that a number is not 0; a Value while a function is traced, as the next call may have another."""
    while isinstance(x, Operand) and x._rank[0] != VALUE:       # a Dual
        x = x._primal
    return x if modes.recorder and isinstance(x, Operand) else CERTAIN if x else 0.0


def weight(x: Any) -> tuple[Any, Any]:
    """A tangent or weight, -0.0 where it is 0, and the condition that it is not 0."""
    there = condition(x)
    return apply(FLOW, (there, x, 1.0, 1.0)) if isinstance(x, Operand) else x, there


def factors(op: Op, args: Sequence[Any], out: Any, tangents: Sequence[Any]) -> Sequence[tuple[Any, Any]]:
    """For each tangent the factor in a derivative of ``op``: a condition, and a partial (None: nothing flows)."""
    if op is FLOW:
        p, x, q, y = args
        return others(condition(p), x, condition(q), y)
    if op.arity is None:
        return [(CERTAIN, partial) for partial in modes.formula(op.nary_partials, args, out)]
    rules = op.partials if any(isinstance(x, Operand) for x in (*args, *tangents)) else op.float_partials
    return [(CERTAIN, None if tangent is None else modes.formula(rule, *args, out))
            for rule, tangent in zip(rules, tangents, strict=True)]


def product(x: Any, p: Any, y: Any, q: Any) -> tuple[Any, Any]:
    """The product of ``y`` and ``x``, which have the conditions q and p, and the condition of the product."""
    came = both(p, q)
    return y * x if came.__class__ is float and came else apply(FLOW, (q, y, p, x)), came


def settled(x: Any, present: Any) -> Any:
    """The tangent or adjoint as a result: ``x``, or 0.0 where it is not present, with the derivatives of ``x``."""
    if present.__class__ is float and present:
        return x
    return map_primal(x, lambda x: choose(present, x, x + 0.0))
