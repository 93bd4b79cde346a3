"""Formulas as text: the signs of operations, the brackets around operands, and the length at which a list is cut."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from autograd import Value
from viz.text import MINUS, number, superscript

TITLE = 72              # characters of a formula; a longer one makes no title
MAX_OPERANDS = 3        # of an op with any number of operands
_SIGNS = {"*": "×", "-": MINUS, "==": "=", "//": "//", "**": "^"}
# How tightly an infix binds. One that is not listed (of a user's op) gets brackets around it and its operands.
_BINDING = {"<": 1, ">": 1, "==": 1, "+": 2, "-": 2, "*": 3, "/": 3, "%": 3, "//": 3, "**": 5}
_NEGATION, _ATOM = 4, 6


class Text(NamedTuple):
    """A formula, and how tightly its outermost operation binds."""

    text: str
    binding: int = _ATOM

    def within(self, binding: int, first: bool = False) -> str:
        """This formula as an operand of an operation of that binding, in brackets if needed."""
        loose = self.binding < binding or (self.text.startswith(MINUS) and not first)
        return f"({self.text})" if loose else self.text


def constant(x: float) -> Text:
    """A number in a formula; a negative number binds like a negation."""
    text = number(x)
    return Text(text, _NEGATION if text.startswith(MINUS) else _ATOM)


def written(node: Value, operands: Sequence[Text], dots: bool = False) -> Text:
    """The operation of ``node``, applied to the formulas of its operands.

    dots: whether products of simple factors take a dot, as in a title, instead of a cross.
    """
    op = node.op
    if op is None:
        return constant(node.data)
    if op.name == "dot":
        return _dot_product(operands)
    if op.name == "square":
        return _binary("**", operands[0], Text("2"), 2.0, dots)
    if op.infix and op.arity == 1:
        return Text(_SIGNS.get(op.infix, op.infix) + operands[0].within(_NEGATION), _NEGATION)
    if op.infix and op.arity == 2:
        return _binary(op.infix, operands[0], operands[1], node.args[1], dots)
    texts = [operand.text for operand in operands]
    if op.arity is None:
        texts = _elided(texts)
    return Text(f"{op.name}({', '.join(texts)})")


def _elided(texts: list[str]) -> list[str]:
    """Of many texts the first, an ellipsis and the last.

    >>> _elided(list("abcd")), _elided(list("abcde"))
    (['a', 'b', 'c', 'd'], ['a', 'b', 'c', '…', 'e'])
    """
    return texts if len(texts) <= MAX_OPERANDS + 1 else [*texts[:MAX_OPERANDS], "…", texts[-1]]


def _binary(infix: str, x: Text, y: Text, second: object, dots: bool) -> Text:
    """An operation with an infix sign. second: the right operand, whose whole powers become superscripts."""
    binding = _BINDING.get(infix, 0)
    if infix == "**":
        base = x.within(_ATOM)
        if isinstance(second, float) and second.is_integer() and abs(second) < 1000:
            return Text(base + superscript(int(second)), binding)
        return Text(f"{base}^{y.within(_ATOM)}", binding)
    # the right operand takes brackets at equal binding, too: a - (b - c)
    left, right = x.within(max(binding, 2), first=True), y.within(binding + 1)
    if not binding:
        left, right = x.within(_ATOM), y.within(_ATOM)
    if infix == "*" and dots and "(" not in (left[0], right[0]) and " × " not in left:
        return Text(f"{left}·{right}", binding)
    return Text(f"{left} {_SIGNS.get(infix, infix)} {right}", binding)


def _dot_product(operands: Sequence[Text]) -> Text:
    """dot(ws, xs); its operands are first all ws and then all xs."""
    half = len(operands) // 2
    pairs = [f"{w.within(_ATOM)}·{x.within(_ATOM)}"
             for w, x in zip(operands[:half], operands[half:], strict=True)]
    if len(pairs) > MAX_OPERANDS + 1:
        pairs[MAX_OPERANDS - 1:-1] = ["…"]
    return Text(" + ".join(pairs) or "0", _BINDING["+"] if len(pairs) > 1 else _BINDING["*"])


def formula(root: Value, order: Sequence[Value], names: Mapping[Value, str]) -> str | None:
    """The expression of ``root`` by its leaves; None if it is too long for a title.

    >>> from autograd import topological_order
    >>> a, b = Value(2.0, "a"), Value(1.0, "b")
    >>> e = (a + b) * (b + 1)
    >>> formula(e, topological_order(e), {a: "a", b: "b"})
    '(a + b) × (b + 1)'
    """
    if len(order) > TITLE:          # every node takes at least one character
        return None
    texts: dict[Value, Text] = {}
    for node in order:
        if not node.args:
            texts[node] = Text(names[node]) if node.op is None else written(node, [])
            continue
        operands = [texts[arg] if isinstance(arg, Value) else constant(arg) for arg in node.args]
        texts[node] = written(node, operands, dots=True)
        if len(texts[node].text) > TITLE:       # a shared subexpression appears once per use
            return None
    return texts[root].text
