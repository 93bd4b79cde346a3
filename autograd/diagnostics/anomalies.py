"""Finds the origin of a nan or an infinity: the first bad node, forward or backward, and its source line."""

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

import autograd.transforms.higher_order as cotangents
from autograd.errors import AnomalyError, TraceError
from autograd.graph.ancestry import reassigned
from autograd.graph.backward import sweep
from autograd.graph.context import Modes, Scope, modes
from autograd.graph.instrumentation import ThreadContext, fill
from autograd.graph.value import Value, topological_order
from autograd.ops.ieee import number
from autograd.ops.internal import weighted
from autograd.ops.operand import Operand
from autograd.ops.primitives import Op
from autograd.source_lines import Line, shown, users_line
from autograd.transforms.dual import Dual
from autograd.transforms.pytree import innermost

LISTED = 4                                      # operands that a message spells out


class Anomaly(NamedTuple):
    """The first node of a graph whose number, or whose gradient, is nan or infinite."""

    node: Value | None      # None if only Duals were made
    root: Value | None      # of the graph that was searched; draw_dot(anomaly) draws it with the node in red
    direction: str          # "forward" or "backward"
    operand: int | None     # backward: the operand whose gradient became bad; None if a sum did
    message: str            # its op, its operands and its source line

    def error(self, op: Op | None = None, args: Sequence[Any] = (), node: Value | None = None) -> AnomalyError:
        """The exception; ``op``, ``args``, ``node``: the op that is being differentiated, and its node."""
        message = self.message
        if op is not None:
            message += f"\nin the derivative of {_call(op, args, node)}"
            message += shown(node._details()[3]) if node is not None else ""
        error = AnomalyError(message)
        error.anomaly = self._replace(message=message)
        return error


def find_anomaly(root: Value, seed: float = 1.0, inf: bool = True) -> Anomaly | None:
    """The first bad node of the graph of ``root``, or of ``root.backward(seed)``; None if there is none.

    Forward, in the order of creation, a node is bad if its number is nan or infinite; backward, in the order of the
    sweep, if it passes such a gradient on. Gradients stay as they are.

    inf: whether infinities count, too; else only nan.

    >>> x = Value(0.0, label="x")
    >>> print(find_anomaly(x.sqrt() * 2).message)
    backward through sqrt(x=0.0): gradient of x = 2.0 (upstream) * inf (local partial) is inf
    """
    if not isinstance(root, Value):
        raise TypeError(f"find_anomaly looks in the graph of a Value, not {type(root).__name__}")
    order = topological_order(root)
    bad = _infinite_or_nan if inf else _nan
    return _forward(root, order, bad) or _backward(root, order, seed, bad)


def source_line(node: Value) -> Line | None:
    """The file, line number and function of your code that made a Value; None unless it was made inside `anomaly`.

    >>> source_line(Value(2.0) * 3) is None
    True
    """
    if not isinstance(node, Value):
        raise TypeError(f"source_line is that of a Value, not of {type(node).__name__}")
    return node._details()[3]       # type: ignore[no-any-return]


class anomaly(ThreadContext):
    """Inside the block the first nan or infinity raises an AnomalyError that names its origin.

    The error names the op, its operands and the line of your code, in the forward pass and in ``backward``, which then
    leaves every gradient as it was. Nodes made inside remember their line. Costs nothing when off.

    Plain floats are not watched, nor are intermediate numbers of the table's formulas. Of nested blocks the stricter
    one counts. `no_grad` says in which threads and tasks a block is in force.

    inf: whether infinities count, too; with ``inf=False`` only nan, for code in which log(0) is meant.

    >>> with anomaly():
    ...     Value(-1.0, label="x").log()    # doctest: +ELLIPSIS
    Traceback (most recent call last):
    autograd.errors.AnomalyError: log(x=-1.0) is nan
      ...
    """

    def __init__(self, inf: bool = True) -> None:
        super().__init__()
        self.mode = "watched" if inf else "watched_nan"

    def __enter__(self) -> None:
        if modes.recorder:
            raise TraceError("anomaly() inside a traced function would look at this run only; put it around the call"
                             + shown(users_line()))
        super().__enter__()


# ---- search -------------------------------------------------------------------------------------


def _nan(x: float) -> bool:
    return x != x


def _infinite_or_nan(x: float) -> bool:
    return not math.isfinite(x)


def _forward(root: Value, order: Sequence[Value], bad: Callable[[float], bool]) -> Anomaly | None:
    suspects = [node for node in order if bad(node.data) and node.op is not weighted]
    if any(node.op is None for node in suspects):       # the number assigned now is not the one that its users read
        stale = reassigned(order)
        suspects = [node for node in suspects if node not in stale]
    for node in suspects[:1]:
        message = f"{_name(node)} is {node.data}, a leaf" if node.op is None else \
            f"{_call(node.op, node.args, node)} is {node.data}{shown(node._details()[3])}"
        return Anomaly(node, root, "forward", None, message)
    return None


def _backward(root: Value, order: Sequence[Value], seed: float, bad: Callable[[float], bool]) -> Anomaly | None:
    adjoints, sums = sweep(root, seed)
    adjoints = adjoints | sums
    if not any(map(bad, adjoints.values())):
        return None
    for node in reversed(order):
        if node not in adjoints:
            continue
        upstream = adjoints[node]
        if bad(upstream):
            what = "seed" if node is root else "sum of what its users contribute"
            return Anomaly(node, root, "backward", None, f"the gradient of {_name(node)} is {upstream}, the {what}"
                           + shown(node._details()[3]))
        for i, (arg, slope) in enumerate(zip(node.args, node.partials, strict=True)):
            if slope is not None and bad(upstream * slope):
                message = (f"backward through {_call(node.op, node.args, node)}: gradient of {_name(arg)} = "
                           f"{upstream} (upstream) * {slope} (local partial) is {upstream * slope}"
                           + shown(node._details()[3]))
                return Anomaly(node, root, "backward", i, message)
    return None


# ---- messages -----------------------------------------------------------------------------------


def _name(arg: Any) -> str:
    """The name of an operand in the message of an anomaly."""
    label = " ".join(getattr(arg, "label", "").split())
    return label or (f"the result of {arg.op.name}" if getattr(arg, "op", None) else "an input")


def _call(op: Any, args: Sequence[Any], node: Value | None = None) -> str:
    """The op with its operands, their names and numbers; of many operands some, first those that are not finite."""
    chosen = sorted(args, key=lambda arg: math.isfinite(innermost(arg)))[:LISTED] if len(args) > LISTED else args
    listed = []
    for arg in chosen:
        label = " ".join(getattr(arg, "label", "").split())
        stale = node is not None and isinstance(arg, Value) and arg.assigned_since(node)
        listed.append((f"{label}=" if label else "") + ("(assigned since)" if stale else repr(float(innermost(arg)))))
    if len(args) > LISTED:
        listed.append(f"... {len(args)} in all")
    return f"{op.name}({', '.join(listed)})"


# ---- methods of Values and Duals inside a block -------------------------------------------------

def _watched() -> Callable[[float], bool] | None:
    return _infinite_or_nan if modes.watched else _nan if modes.watched_nan else None


def _watched_apply(usual: Callable[..., Any]) -> Callable[..., Any]:
    def _apply(self: Value, op: Op, args: Sequence[Any]) -> Value:
        node: Value = usual(self, op, args)
        bad = _watched()
        if bad and op is not weighted:      # its value is not used
            line = users_line()
            if node.op is not None:
                node._origin = (op, "", None, line)
            if bad(node.data):
                found = _forward(node, topological_order(node), bad)
                if node.op is None or found is None:     # no_grad: there is no graph to look at
                    found = Anomaly(node, node, "forward", None, f"{_call(op, args)} is {node.data}{shown(line)}")
                elif found.node is not node:
                    found = found._replace(message=f"{found.message}\nused in {_call(op, args)}{shown(line)}")
                raise found.error()
        return node

    return _apply


def _watched_dual_apply(usual: Callable[..., Any]) -> Callable[..., Any]:
    def _apply(self: Dual, op: Op, args: Sequence[Any]) -> Any:
        try:
            out = usual(self, op, args)
        except AnomalyError as error:
            raise error.anomaly.error(op, args) from None
        bad = _watched()
        if bad:
            for what, x in (("", out.primal), ("the tangent of ", out.tangent)):
                if x is not None and not isinstance(x, Operand) and bad(x):
                    message = f"{what}{_call(op, args)} is {x}{shown(users_line())}"
                    raise Anomaly(None, None, "forward", None, message).error()
        return out

    return _apply


def _watched_sweep(usual: Callable[..., Any]) -> Callable[..., Any]:
    def _sweep(self: Value, seed: float) -> Any:
        bad = _watched()
        found = bad and find_anomaly(self, seed, inf=bad is _infinite_or_nan)
        if found:
            raise found.error()
        return usual(self, seed)

    return _sweep


def _watched_backward(usual: Callable[..., Any]) -> Callable[..., Any]:
    def backward(self: Value, seed: float = 1.0) -> None:
        bad = _watched()
        if bad:
            for leaf, part in self._sweep(number(seed, "backward"))[1].items():
                if bad(leaf.grad + part):
                    total = leaf.grad + part
                    message = f"the gradient of {_name(leaf)} has accumulated to {leaf.grad} + {part}, {total}"
                    raise Anomaly(leaf, self, "backward", None, message).error()
        usual(self, seed)

    return backward


class _Formula(Scope):
    """Inside it a formula of the table is evaluated, and anomaly blocks do not watch."""

    mode = "formula"


def _watched_formula(self: Modes, function: Callable[..., Any], *args: Any) -> Any:
    bad = _watched()
    if not bad:
        return function(*args)
    with _Formula():
        result = function(*args)
    for slope in result if isinstance(result, list) else [result]:
        if isinstance(slope, Operand) and bad(innermost(slope)):
            raise Anomaly(None, None, "backward", None, f"a local partial is {innermost(slope)}"
                          + shown(users_line())).error()
    return result


def _watched_pair(what: str, function: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def watched(x: Any, y: Any) -> Any:
        out = function(x, y)
        bad = _watched()
        if bad and isinstance(out, float) and bad(out):
            raise Anomaly(None, None, "backward", None, f"gradient: {what.format(x, y)} is {out}").error()
        return out

    return watched


fill("anomaly", {
    (Value, "_apply"): _watched_apply,
    (Value, "_sweep"): _watched_sweep,
    (Value, "backward"): _watched_backward,
    (Dual, "_apply"): _watched_dual_apply,
    (Modes, "formula"): lambda usual: _watched_formula,
    (cotangents, "times"): partial(_watched_pair, "{} (upstream) * {} (local partial)"),
    (cotangents, "plus"): partial(_watched_pair, "{} + {}"),
})
