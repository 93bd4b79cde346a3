"""Derivatives that can be differentiated again, by reverse and forward accumulation: in Values and Duals around them.

The table's partials apply to Values as to floats, so a gradient of Values is a graph again.
"""

from collections.abc import Collection, Iterator, Sequence
from operator import attrgetter
from typing import Any, cast

from autograd.errors import AnomalyError, StaleValueError
from autograd.graph.context import modes, transform_scope
from autograd.graph.forward_sweep import forward_sweep
from autograd.graph.value import Value, feeding
from autograd.ops.ieee import number
from autograd.ops.internal import weighted
from autograd.ops.operand import Operand
from autograd.ops.primitives import Op, apply, one
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


def tangents(outputs: Sequence[Any], leaves: Sequence[Value], last: bool) -> list[list[Any]]:
    """The derivatives of each output, a Value or a number, by each leaf, by forward accumulation."""
    if not last:
        with transform_scope():
            return [[plain(part, last) for part in row] for row in _push_values(outputs, leaves)]
    nodes = [x for x in outputs if isinstance(x, Value)]
    for node in nodes:
        node._to_float()    # as in cotangents
        if modes.watched or modes.watched_nan:
            node._sweep(1.0)    # raises, and names the op
    order = feeding(nodes, min((leaf._serial for leaf in leaves), default=0))
    found = [forward_sweep(order, leaf) for leaf in leaves]
    return [[part.get(x, 0.0) if isinstance(x, Value) else 0.0 for part in found] for x in outputs]


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
    order, active = _between([out for out, _, _ in terms], leaves)
    adjoints: dict[Any, Any] = {}
    absent: set[Any] = set()      # nodes whose adjoint is a structural zero that may be differentiated

    for out, w, there in terms:
        if there:
            absent.discard(out)
        elif out not in adjoints:
            absent.add(out)
        adjoints[out] = plus(adjoints[out], w) if out in adjoints else w
    for node in reversed(order):
        if node not in adjoints or node not in active or node.op is None:
            continue
        try:
            for arg, there, partial in _partials(node, active):
                _add(adjoints, absent, arg, node, there, partial)
        except AnomalyError as error:
            raise error.anomaly.error(node.op, node.args, node) from None
    return [_settled(adjoints, absent, leaf) for leaf in leaves]


def _push_values(outputs: Sequence[Any], leaves: Sequence[Value]) -> list[list[Any]]:
    """Forward accumulation whose tangents are Values; a row for each output, a column for each leaf."""
    order, active = _between([out for out in outputs if isinstance(out, Value)], leaves)
    given = set(leaves)
    columns: list[tuple[dict[Any, Any], set[Any]]] = [({leaf: one}, set()) for leaf in leaves]
    for node in order:
        if node not in active or node in given:
            continue
        try:
            for arg, there, partial in _partials(node, active):
                for tangents, absent in columns:
                    if arg in tangents:
                        _add(tangents, absent, node, arg, there, partial)
        except AnomalyError as error:
            raise error.anomaly.error(node.op, node.args, node) from None
    return [[_settled(*column, out) for column in columns] for out in outputs]


def _between(outputs: Sequence[Value], leaves: Sequence[Value]) -> tuple[list[Value], set[Value]]:
    """The nodes that feed the outputs, as old as the leaves or younger, in order; those that depend on the leaves."""
    order = feeding(outputs, min((leaf._serial for leaf in leaves), default=0))
    active = set(leaves)
    for node in order:
        if not active.isdisjoint(node.args):
            active.add(node)
    return order, active


def _partials(node: Value, active: Collection[Value]) -> Iterator[tuple[Value, Any, Any]]:
    """Each active operand of a node, with the condition that the partial is no structural zero, and the partial."""
    op, args = cast(Op, node.op), node.args
    for arg in args:
        if isinstance(arg, Value) and arg._changed is not None and arg.assigned_since(node):
            raise StaleValueError(f"a leaf {arg!r} was assigned after {op.name} had used it; "
                                  "assign before the function runs, or compute again")
    flows = others(*args) if op is FLOW else None
    partials = modes.formula(op.nary_partials, args, node) if op.arity is None else None
    for i, arg in enumerate(args):
        if isinstance(arg, Value) and arg in active:
            there, partial = flows[i] if flows else \
                (1.0, partials[i] if partials else modes.formula(op.partials[i], *args, node))
            if partial is not None:
                yield arg, there, partial


def _add(parts: dict[Any, Any], absent: set[Any], to: Value, source: Value, there: Any, partial: Any) -> None:
    """Add to the adjoint or tangent of ``to`` that of ``source`` times a partial; absent: structural zeros."""
    present = there and source not in absent
    if present or partial is one:
        part = times(parts[source], partial)
    else:
        part = apply(FLOW, (float(source not in absent), _number(parts[source]), there, partial))
    if present:
        absent.discard(to)
    elif to not in parts:
        absent.add(to)
    parts[to] = plus(parts[to], part) if to in parts else part


def _settled(parts: dict[Any, Any], absent: set[Any], node: Any) -> Any:
    return settled(parts[node], 0.0) if node in absent else _number(parts.get(node, 0.0))


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
