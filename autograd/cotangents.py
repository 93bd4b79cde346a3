"""Reverse accumulation for whoever goes on with the result: in Values, and through what is wrapped around them.

The table's partials apply to Values as to floats, so a gradient of Values is a graph again.
"""

from collections.abc import Sequence
from typing import Any

from autograd.arguments import plain
from autograd.errors import AnomalyError, StaleValueError
from autograd.op import TABLE, Op, apply
from autograd.operand import Operand
from autograd.presence import FLOW, condition, emit, factors, settled
from autograd.value import Value, topological_order


def cotangents(output: Any, leaves: Sequence[Value], last: bool) -> list[Any]:
    """d output / d leaf for each leaf; what is wrapped around the output is wrapped around each."""
    if isinstance(output, Value):
        if last:
            output._leave()     # raises if another thread still needs what it depends on
            adjoints, sums = output._sweep(1.0)
            adjoints.update(sums)
            return [adjoints.get(leaf, 0.0) for leaf in leaves]
        return _sweep_values(output, leaves)
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
    adjoints: dict[Value, Any] = {output: 1.0}
    absent: set[Value] = set()      # whose adjoint is structurally 0, of which a derivative may be taken
    for node in reversed(order):
        op, args = node.op, node.args
        if op is None or node not in active or node not in adjoints:
            continue
        for arg in args:
            if isinstance(arg, Value) and arg.assigned_since(node):
                raise StaleValueError(f"a leaf {arg!r} was assigned after {op.name} had used it; "
                                      "assign before the function runs, or compute again")
        try:
            wanted = [isinstance(arg, Value) and arg in active for arg in args]
            for arg, want, (there, partial) in zip(args, wanted, factors(op, args, node, wanted), strict=True):
                if not want or partial is None:
                    continue
                gone = node in absent or not there
                part = apply(FLOW, (float(node not in absent), adjoints[node], there, partial)) if gone else \
                    times(adjoints[node], partial)
                if not gone:
                    absent.discard(arg)
                elif arg not in adjoints:
                    absent.add(arg)
                adjoints[arg] = plus(adjoints[arg], part) if arg in adjoints else part
        except AnomalyError as error:
            raise error.anomaly.error(op, args, node) from None
    return [settled(emit, adjoints.get(leaf, 0.0), float(leaf not in absent)) for leaf in leaves]


def times(adjoint: Any, partial: Any) -> Any:
    """Their product; a factor of exactly 1 makes no node."""
    if not isinstance(partial, Operand) and partial == 1.0:
        return adjoint
    return partial if not isinstance(adjoint, Operand) and adjoint == 1.0 else adjoint * partial


def plus(adjoint: Any, part: Any) -> Any:
    """Their sum."""
    return adjoint + part


# the inner product of outputs and cotangents: only its derivatives are asked for, and its value may overflow
weighted = Op()
for _slot in Op.__slots__:
    setattr(weighted, _slot, getattr(TABLE["dot"], _slot))
weighted.name = "cotangents"
unasked = weighted, FLOW        # recorded eagerly, a flow is -0.0 or a part of that


def combined(outputs: Sequence[Any], weights: Sequence[Any]) -> Any:
    """A node whose derivatives are those of the outputs, each times its weight.

    A weight of exactly 0 is structural: it does not meet an infinite slope. If it is a Value, derivatives by it are
    right there, too.
    """
    pairs = [(out, w) for out, w in zip(outputs, weights, strict=True) if isinstance(w, Operand) or w != 0]
    # the last first, as the sweep then comes to the first output first, like that of one node
    for i, (out, w) in reversed([*enumerate(pairs)]):
        if isinstance(w, Operand):
            pairs[i] = apply(FLOW, (condition(w), w, 1.0, out)), 1.0
    return apply(weighted, [*(out for out, _ in pairs), *(w for _, w in pairs)])
