"""Reverse accumulation for whoever goes on with the result: in Values, and through what is wrapped around them.

The table's partials apply to Values as to floats, so a gradient of Values is a graph again.
"""

from collections.abc import Sequence
from typing import Any

from autograd.arguments import plain
from autograd.errors import AnomalyError, StaleValueError
from autograd.modes import modes
from autograd.op import apply, one, unlisted
from autograd.operand import Operand
from autograd.value import Value, topological_order


def cotangents(output: Any, leaves: Sequence[Value], last: bool) -> list[Any]:
    """d output / d leaf for each leaf; what is wrapped around the output is wrapped around each."""
    if isinstance(output, Value):
        if last:
            output._leave()     # raises if another thread still needs what it depends on
            adjoints, sums = output._sweep(1.0)
            adjoints.update(sums)
            return [adjoints.get(leaf, 0.0) for leaf in leaves]
        return [plain(adjoint, last) for adjoint in _sweep_values(output, leaves)]
    if isinstance(output, Operand):     # a Dual: differentiation is linear, so it takes both parts
        return [plain(part, last) for part in output._each(lambda part: cotangents(part, leaves, last))]
    return [0.0] * len(leaves)


def _sweep_values(output: Value, leaves: Sequence[Value]) -> list[Any]:
    """Reverse accumulation whose adjoints are Values, over the nodes between ``leaves`` and ``output``."""
    since = min((leaf._serial for leaf in leaves), default=0)
    order = topological_order(output, since)
    active = set(leaves)
    for node in order:
        if any(isinstance(arg, Value) and arg in active for arg in node.args):
            active.add(node)
    adjoints: dict[Value, Any] = {output: one}
    for node in reversed(order):
        op, args = node.op, node.args
        if op is None or node not in active or node not in adjoints:
            continue
        for arg in args:
            if isinstance(arg, Value) and arg.assigned_since(node):
                raise StaleValueError(f"a leaf {arg!r} was assigned after {op.name} had used it; "
                                      "assign before the function runs, or compute again")
        try:
            partials = modes.formula(op.rule, args, node) if op.arity is None else None
            for i, arg in enumerate(args):
                if isinstance(arg, Value) and arg in active:
                    partial = partials[i] if partials else modes.formula(op.rules[i], *args, node)
                    if partial is not None:
                        part = times(adjoints[node], partial)
                        adjoints[arg] = plus(adjoints[arg], part) if arg in adjoints else part
        except AnomalyError as error:
            raise error.anomaly.error(op, args, node) from None
    found = [adjoints.get(leaf, 0.0) for leaf in leaves]
    return [1.0 if adjoint is one else adjoint for adjoint in found]


def times(adjoint: Any, partial: Any) -> Any:
    """Their product; no node where one of them is a 1 that is there whatever the numbers are."""
    if partial is one:
        return adjoint
    return partial if adjoint is one else adjoint * partial


def plus(adjoint: Any, part: Any) -> Any:
    """Their sum."""
    return adjoint + part


# a Value as the argument of a function: `pos` is nan at nan, and would add that to derivatives that it is no part of
argument = unlisted("argument", like="pos", slopes=(lambda x, out: 1.0,), rules=(lambda x, out: one,),
                    partials=(lambda x, out: 1.0,))
# the inner product of outputs and cotangents: only its derivatives are asked for, and its value may overflow
weighted = unlisted("cotangents", like="dot")


def combined(outputs: Sequence[Any], weights: Sequence[Any]) -> Any:
    """A node whose derivatives are those of the outputs, each times its weight.

    A weight of exactly 0 is structural: it does not meet an infinite slope.
    """
    pairs = [(out, w) for out, w in zip(outputs, weights, strict=True) if isinstance(w, Operand) or w != 0]
    return apply(weighted, [*(out for out, _ in pairs), *(w for _, w in pairs)])
