"""Reverse accumulation whose result can be differentiated again: in Values, and inside the Duals around them.

The table's partials apply to Values as to floats, so a gradient of Values is a graph again.
"""

from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from autograd.errors import AnomalyError, StaleValueError
from autograd.graph.context import modes, transform_scope
from autograd.graph.value import Value, feeding
from autograd.ops.ieee import number
from autograd.ops.internal import weighted
from autograd.ops.operand import Operand
from autograd.ops.primitives import apply, one
from autograd.ops.table import others
from autograd.transforms.presence import FLOW, settled, weight
from autograd.transforms.pytree import innermost, plain


def variable(x: Any) -> Value:
    """A fresh leaf that a derivative is taken by, marked as such: `jit` compiles nothing that captures it."""
    leaf = Value(number(x, "argument"))
    leaf._da = True
    return leaf


def cotangents(output: Any, leaves: Sequence[Value], last: bool) -> list[Any]:
    """d output / d leaf for each leaf; if the output is a Dual, each of them is a Dual of the same levels."""
    if not last or not isinstance(output, Value):
        received = _sweep_values if isinstance(output, Value) else _received
        return [plain(part, last) for part in received([(output, one, 1.0)], leaves)]
    output._to_float()     # raises if another thread still needs what it depends on
    adjoints, sums = output._sweep(1.0)
    adjoints.update(sums)
    return [adjoints.get(leaf, 0.0) for leaf in leaves]


def pulled(outputs: Sequence[Any], weights: Sequence[Any], leaves: Sequence[Value], last: bool) -> list[Any]:
    """The cotangent of each leaf: the sum over the outputs, each times its weight, which counts as a constant.

    A weight of exactly 0 is a structural zero: it is not multiplied by a slope, which may be infinite. If it is a
    Value, derivatives by it are right at 0, too.
    """
    weights = [w if isinstance(w, Operand) else number(w, "cotangents") for w in weights]
    if not last:
        terms = [(out, *weight(w)) for out, w in zip(outputs, weights, strict=True) if isinstance(w, Operand) or w]
        return [plain(part, last) for part in _received(terms, leaves)]
    pairs = [(out, w) for out, w in zip(outputs, weights, strict=True) if innermost(w)]
    with transform_scope():
        total = apply(weighted, [*(out for out, _ in pairs), *(w for _, w in pairs)])
    return cotangents(total, leaves, last)


def _received(terms: Sequence[tuple[Any, Any, Any]], leaves: Sequence[Value]) -> list[Any]:
    """The cotangent of each leaf; a term is an output, its weight, and the condition of the weight."""
    carriers = (x for term in terms for x in term[:2] if isinstance(x, Operand))
    top: Any = max(carriers, key=attrgetter("_rank"), default=None)
    if top is None or isinstance(top, Value):
        return _sweep_values([term for term in terms if isinstance(term[0], Value)], leaves)
    found: list[Any] = top._pulled(terms, lambda parts: _received(parts, leaves))   # a Dual
    return found


def _sweep_values(terms: Sequence[tuple[Value, Any, Any]], leaves: Sequence[Value]) -> list[Any]:
    """Reverse accumulation whose adjoints are Values, over the nodes between ``leaves`` and the outputs."""
    since = min((leaf._serial for leaf in leaves), default=0)
    order = feeding([out for out, _, _ in terms], since)
    active = set(leaves)
    for node in order:
        if any(isinstance(arg, Value) and arg in active for arg in node.args):
            active.add(node)
    adjoints: dict[Any, Any] = {}
    absent: set[Any] = set()      # nodes whose adjoint is a structural zero that may be differentiated

    for out, w, there in terms:
        if there:
            absent.discard(out)
        elif out not in adjoints:
            absent.add(out)
        adjoints[out] = plus(adjoints[out], w) if out in adjoints else w
    for node in reversed(order):
        op, args = node.op, node.args
        if op is None or node not in active or node not in adjoints:
            continue
        for arg in args:
            if isinstance(arg, Value) and arg.assigned_since(node):
                raise StaleValueError(f"a leaf {arg!r} was assigned after {op.name} had used it; "
                                      "assign before the function runs, or compute again")
        try:
            gone, flows = node in absent, others(*args) if op is FLOW else None
            partials = modes.formula(op.nary_partials, args, node) if op.arity is None else None
            for i, arg in enumerate(args):
                if isinstance(arg, Value) and arg in active:
                    there = 1.0
                    if flows:
                        there, partial = flows[i]
                    else:
                        partial = partials[i] if partials else modes.formula(op.partials[i], *args, node)
                    if partial is None:
                        continue
                    if (there and not gone) or partial is one:
                        part = times(adjoints[node], partial)
                    else:
                        part = apply(FLOW, (float(not gone), _number(adjoints[node]), there, partial))
                    if there and not gone:
                        absent.discard(arg)
                    elif arg not in adjoints:
                        absent.add(arg)
                    adjoints[arg] = plus(adjoints[arg], part) if arg in adjoints else part
        except AnomalyError as error:
            raise error.anomaly.error(op, args, node) from None
    return [settled(adjoints[leaf], 0.0) if leaf in absent else _number(adjoints.get(leaf, 0.0)) for leaf in leaves]


def times(adjoint: Any, partial: Any) -> Any:
    """Their product; no node if one of them is `one`, which is 1 whatever the numbers are."""
    if partial is one:
        return adjoint
    return partial if adjoint is one else adjoint * partial


def plus(adjoint: Any, part: Any) -> Any:
    """Their sum."""
    return adjoint + part


def _number(adjoint: Any) -> Any:
    return 1.0 if adjoint is one else adjoint
