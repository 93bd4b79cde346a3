"""Formulas of ops as recorded expressions, and properties of these: what a partial passes, how much of it is arms."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from autograd.errors import TraceError
from autograd.ops.formula_dependencies import add_dependencies, from_table
from autograd.ops.primitives import Op, nothing, parameters
from autograd.ops.symbolic import Symbol, record


def recorded(op: Op, formula: Callable[..., Any], names: Sequence[str]) -> Any:
    """The expression of a formula of ``op``; TraceError if it branches or leaves the ops."""
    if not from_table(formula):       # read each time, with the present contents of its free variables
        add_dependencies(op, formula)
    try:
        return record(formula, names)
    except Exception as error:
        raise TraceError(f"{op.name} cannot be compiled: a formula of it branches, or leaves the ops ({error}); "
                         "write it with where, greater and less") from error


def partial_names(op: Op) -> tuple[str, ...]:
    """The parameters of the partials of ``op``: its arguments and its result."""
    return (*parameters(op.arity or 0), "out")


def passes(op: Op, argument: int) -> bool:
    """Whether a contribution can flow to an operand at all."""
    return op.arity is None or not from_table(op.partial_formulas[argument]) or _passes(op, argument)


@cache
def _passes(op: Op, argument: int) -> bool:
    return recorded(op, op.partial_formulas[argument], partial_names(op)) is not nothing


@cache
def mostly_arms(op: Op, argument: int) -> bool:
    """Whether more than half of a partial's expression is in arms that are not chosen, whichever are."""
    formula = op.partial_formulas[argument]
    if not from_table(formula):
        return False
    total, longest = _length(recorded(op, formula, partial_names(op)), set())
    return total > 2 * longest


def _length(x: Any, known: set[Symbol]) -> tuple[int, int]:
    """The number of ops in an expression, and the largest on one way through it, without those in ``known``."""
    if not isinstance(x, Symbol) or x.op is None or x in known:
        return 0, 0
    known.add(x)
    if not x.op.selects:
        parts = [_length(arg, known) for arg in x.args]
        return 1 + sum(total for total, _ in parts), 1 + sum(longest for _, longest in parts)
    condition, *arms = _length(x.args[0], known), *(_length(arm, set(known)) for arm in x.args[1:])
    return condition[0] + sum(total for total, _ in arms), condition[1] + max(longest for _, longest in arms)
