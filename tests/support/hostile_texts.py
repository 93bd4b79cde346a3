"""Texts for fuzzing, turned into an argument list or into a graph with labels."""

import json
import math
from pathlib import Path

from hypothesis import strategies as st

import autograd
from autograd import Group, Value

CORPUS = Path(__file__).with_name("corpus")
TARGETS = ("expression", "dot", "svg")
BREAK = "\x1e"          # between the texts of one input, where it is a file of bytes
NUMBERS = (2.0, -3.0, 0.5, 0.0, -0.0, math.nan, math.inf, -math.inf, 5e-324, -2.3e-308, 1e308, -1.7e308, 1e-5,
           123456.7)
WORDS = ["<b>", "</TD></TR></TABLE>", "&amp;", "&#x41;", "&", "\\N", "\\G", "\\E", "\\L", "\\T", "\\H", "\\", "\\l",
         '"', "'", "\n", "\r\n", "\t", "\0", "\x1b[2J", "\x7f", "\x85", "\u2028", "\ud800", "\udc80", "\ufffe",
         "\U0001ffff", "\ufdd0", "\u202e", "\u200f", "\u2066", "\ufeff", "\u200b", "e\u0301", "\ufb01", "梯度", "א",
         "👩‍👧", "->", ";", "}", "{a|b}", "];evil[", "/*", "//", "#", "<!--", "-->", "]]>", "<?x?>", "<![CDATA[",
         ":n", "n1:s", "n1", "cluster_0", "http://x/", "javascript:x", "<script>", 'onload="x"', "%s", "{}", "…",
         "b₂", "v1", "−", " = ", "x" * 30, " " * 300]
TYPED = ["(", ")", "[", "]", "+", "-", "*", "/", "**", "//", "%", ",", "=", ">", ">=", "!=", "==", ".", " ", "a",
         "b", "x", "e", "pi", "nan", "inf", "1", "2", "1e308", "5e-324", "0x1F", "1_0", "9**9**9**9", "sin(",
         "where(", "where(a > b, ", "sum([", "dot([", "logsumexp(", "clip(", "lo=", "__import__('os')",
         ".__class__", "lambda ", "if ", "for ", "\\", "\0", "\n", "\ud800", "ﬁ", "ａ", "９", "×", "²",
         "{0.__class__}", "%n", "f'{", "\u202e", "\x1b["]
OPTIONS = ["a=1", "b=-2", "x=nan", "a=inf", "b=0", "e=1e308", "a=5e-324", "x= -.5 ", "a=\u0661", "ａ=1", "a=1e999",
           "--json", "--", "--check", "--paths=3", "--paths", "0", "--lang", "zh", "--out=a.dot", "--out", "b.dot",
           "-h", "--version"]

_hostile = st.one_of(st.text(max_size=12), st.lists(st.sampled_from(WORDS), max_size=4).map("".join),
                     st.sampled_from(WORDS).map(lambda word: word * 999))
_recipe = st.lists(st.integers(33, 126), min_size=20, max_size=60).map(lambda codes: "".join(map(chr, codes)))
_typed = st.one_of(st.text(max_size=20), st.lists(st.sampled_from(TYPED), max_size=25).map("".join),
                   st.tuples(st.sampled_from(TYPED), st.integers(1, 3000)).map(lambda pair: pair[0] * pair[1]))
TEXTS = {"expression": st.lists(st.one_of(_typed, st.sampled_from(OPTIONS)), max_size=7),
         "dot": st.tuples(_recipe, st.lists(_hostile, max_size=9)).map(lambda pair: [pair[0], *pair[1]]),
         "svg": st.tuples(_recipe, st.lists(_hostile, max_size=5)).map(lambda pair: [pair[0], *pair[1]])}


def kept(target: str) -> list[list[str]]:
    """The inputs that earlier hunts found worth keeping."""
    return json.loads((CORPUS / f"{target}.json").read_text(encoding="ascii"))


def as_bytes(texts: list[str]) -> bytes:
    return BREAK.join(texts).encode("utf-8", "surrogatepass")


def as_texts(data: bytes) -> list[str]:
    return data.decode("utf-8", "surrogateescape").split(BREAK)


def arguments(texts: list[str]) -> list[str]:
    """An argument list that writes nowhere but here, and draws nothing unless it is told to."""
    argv, out = [], False
    for text in texts:
        argv.append(text.replace("/", "_") if out or text.startswith("--out") else text)
        out = text == "--out"
    return argv if any(text.startswith(("--out", "--json")) for text in argv) else ["--out=graph.dot", *argv]


class Choices:
    """Numbers to choose by, read off a text; 0 when it is used up."""

    def __init__(self, text: str) -> None:
        self.codes = map(ord, text)

    def one(self, of):
        return of[next(self.codes, 0) % len(of)]


OPERATIONS = (
    lambda x, y, c: x + y, lambda x, y, c: x * y, lambda x, y, c: x - c, lambda x, y, c: x / y, lambda x, y, c: c * x,
    lambda x, y, c: x ** y, lambda x, y, c: autograd.tanh(x), lambda x, y, c: autograd.where(x > y, x, c),
    lambda x, y, c: autograd.sum([x, y, x, x, c]), lambda x, y, c: autograd.dot([x, y, x], [c, c, y]),
    lambda x, y, c: autograd.sum([x] * 5 + [c] * 4), lambda x, y, c: autograd.maximum(x, y) // c)


def graph(texts: list[str], most: int):
    """A root and the options to draw it with: the first text says how it is built, the others are names."""
    choose, names = Choices(texts[0] if texts else ""), [*texts[1:1 + most], ""]
    options = {"rankdir": choose.one(["LR", "RL", "TB", "BT"]), "lang": choose.one(["en", "zh"]),
               "collapse": choose.one(["auto", True, False])}
    backward, framed, weighed = choose.one(range(4)), choose.one(range(4)), choose.one(range(2))
    values = [Value(choose.one(NUMBERS), name) for name in names]
    for name in names[:choose.one(range(most, 0, -1))]:
        recent = values[::-1]
        values.append(choose.one(OPERATIONS)(choose.one(recent), choose.one(recent), choose.one(NUMBERS)))
        values[-1].label = name
    root = values[-1]
    for _ in range(backward if backward < 3 else 0):
        root.backward()
    if backward == 3:
        root.backward(choose.one(NUMBERS))
        values[0].data = choose.one(NUMBERS)        # assigned since
    if framed % 2:
        root.group = Group((*names[:2],), (values[0],))
    if framed > 1:
        options["groups"] = {name: values[i:i + 3] for i, name in enumerate(names)}
    return root, options | {"weights": values[:2] if weighed else ()}
