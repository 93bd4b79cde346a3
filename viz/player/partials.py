"""The formula of a local partial, as the table has it, on the names of a node's operands."""

from collections.abc import Mapping
from typing import Any

from autograd import Value, topological_order
from viz.graph.notation import TITLE, formula
from viz.text import number


def partial_formulas(node: Value, names: Mapping[Value, str]) -> list[str]:
    """One text for each operand; empty for a constant, where nothing flows, and where it would be long.

    The table's formula is run on Values that carry the names. Where it selects, the arm of these numbers is written.

    >>> x, y = Value(2.0), Value(3.0)
    >>> partial_formulas(x * y, {x: "x", y: "y"}), partial_formulas(x / 4, {x: "x"})
    (['y', 'x'], ['0.25', ''])
    """
    op = node.op
    if op is None:
        return []
    args: list[Any] = []
    for arg in node.args:
        args.append(Value(arg.data, label=names[arg]) if isinstance(arg, Value) else arg)
    out = Value(node.data, label=names.get(node, ""))
    known = {arg: arg.label for arg in [*args, out] if isinstance(arg, Value)}
    try:
        slopes = op.nary_partials(args, out) if op.arity is None else \
            [partial(*args, out) if isinstance(arg, Value) else None
             for arg, partial in zip(args, op.partials, strict=True)]
    except (ArithmeticError, TypeError, ValueError, AttributeError):     # an op of the user's own
        slopes = [None] * len(args)
    texts = []
    for arg, slope, there in zip(args, slopes, node.partials, strict=True):
        texts.append(_text(slope, known) if isinstance(arg, Value) and there is not None else "")
    return texts


def _text(slope: Any, names: Mapping[Value, str]) -> str:
    if isinstance(slope, float):
        return number(slope)
    if not isinstance(slope, Value):
        return ""
    order = topological_order(slope)
    text = formula(slope, order, {node: names.get(node, "…") for node in order})
    if text is None or len(text) > TITLE or "…" in text:
        return ""
    for zero in (" + 0)", " − 0)"):        # it keeps the sign of a zero, and says nothing here
        if text.count(zero) == 1 and text.count("(") == 1:
            text = text.replace("(", "").replace(zero, "")
    return text
