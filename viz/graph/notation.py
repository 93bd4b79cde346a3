"""How an op applied to its operands is written: signs, brackets, and where to leave out."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from autograd import Value
from viz.text import MINUS, number, superscript

TITLE = 72              # characters of a formula that still makes a title
SHOWN = 3               # operands of an op of any number of them that are spelled out
_SIGNS = {"*": "×", "-": MINUS, "==": "=", "//": "//", "**": "^"}
# How tightly an infix binds; an unknown one (a user's op) is bracketed, and brackets what it joins.
_BINDING = {"<": 1, ">": 1, "==": 1, "+": 2, "-": 2, "*": 3, "/": 3, "%": 3, "//": 3, "**": 5}
_NEGATION, _ATOM = 4, 6


class Text(NamedTuple):
    """A formula and how tightly its outermost operation binds."""

    text: str
    binding: int = _ATOM

    def within(self, binding: int, first: bool = False) -> str:
        """This formula as an operand of an operation that binds as tightly as ``binding``."""
        loose = self.binding < binding or (self.text.startswith(MINUS) and not first)
        return f"({self.text})" if loose else self.text


def constant(x: float) -> Text:
    """A number standing in a formula; a negative one binds like a negation."""
    text = number(x)
    return Text(text, _NEGATION if text.startswith(MINUS) else _ATOM)


def written(node: Value, operands: Sequence[Text], dots: bool = False) -> Text:
    """What ``node`` computes, given how its operands are written.

    dots: products of simple factors take a dot, as in a formula, not the cross of a single step.
    """
    op = node.op
    if op is None:
        return constant(node.data)
    if op.name == "dot":
        return _inner(operands)
    if op.name == "square":
        return _binary("**", operands[0], Text("2"), 2.0, dots)
    if op.infix and op.arity == 1:
        return Text(_SIGNS.get(op.infix, op.infix) + operands[0].within(_NEGATION), _NEGATION)
    if op.infix and op.arity == 2:
        return _binary(op.infix, operands[0], operands[1], node.args[1], dots)
    shown = [operand.text for operand in operands[:SHOWN if op.arity is None else None]]
    if len(shown) < len(operands):
        # the last one shows how far the list goes
        shown += ["…", operands[-1].text] if len(operands) > SHOWN + 1 else [operands[-1].text]
    return Text(f"{op.name}({', '.join(shown)})")


def _binary(infix: str, x: Text, y: Text, second: object, dots: bool) -> Text:
    binding = _BINDING.get(infix, 0)
    if infix == "**":
        base = x.within(_ATOM)
        if isinstance(second, float) and second.is_integer() and abs(second) < 1000:
            return Text(base + superscript(int(second)), binding)
        return Text(f"{base}^{y.within(_ATOM)}", binding)
    # on the right brackets stand at equal rank, too: a - (b - c)
    left, right = x.within(max(binding, 2), first=True), y.within(binding + 1)
    if not binding:
        left, right = x.within(_ATOM), y.within(_ATOM)
    if infix == "*" and dots and "(" not in (left[0], right[0]) and " × " not in left:
        return Text(f"{left}·{right}", binding)
    return Text(f"{left} {_SIGNS.get(infix, infix)} {right}", binding)


def _inner(operands: Sequence[Text]) -> Text:
    """dot(ws, xs), whose operands are first all ws and then all xs."""
    half = len(operands) // 2
    pairs = [f"{w.within(_ATOM)}·{x.within(_ATOM)}"
             for w, x in zip(operands[:half], operands[half:], strict=True)]
    if len(pairs) > SHOWN + 1:
        pairs[SHOWN - 1:-1] = ["…"]
    return Text(" + ".join(pairs) or "0", _BINDING["+"] if len(pairs) > 1 else _BINDING["*"])


def formula(root: Value, order: Sequence[Value], names: Mapping[Value, str]) -> str | None:
    """The whole expression in terms of its leaves; None where it is too long for a title.

    >>> from autograd import topological_order
    >>> a, b = Value(2.0, "a"), Value(1.0, "b")
    >>> e = (a + b) * (b + 1)
    >>> formula(e, topological_order(e), {a: "a", b: "b"})
    '(a + b) × (b + 1)'
    """
    if len(order) > TITLE:          # every node takes a character at least
        return None
    texts: dict[Value, Text] = {}
    for node in order:
        if not node.args:
            texts[node] = Text(names[node]) if node.op is None else written(node, [])
            continue
        operands = [texts[arg] if isinstance(arg, Value) else constant(arg) for arg in node.args]
        texts[node] = written(node, operands, dots=True)
        if len(texts[node].text) > TITLE:       # shared parts are written out once per use
            return None
    return texts[root].text
