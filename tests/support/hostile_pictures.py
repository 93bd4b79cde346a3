"""Checks that hold for every text, of the command and of pictures."""

import io
import json
import math
import os
import re
import signal
import sys
import time
import unicodedata
import warnings
import xml.etree.ElementTree as ElementTree
from collections import Counter
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

import pygraphviz

from autograd import Value, topological_order
from tests.support.hostile_texts import arguments, graph
from viz import draw_dot
from viz.command.cli import main

SECONDS = 1.0           # of processor time; the other processes of the machine are not to blame
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
SVG = {"svg": {"viewBox", "width", "height"}, "g": {"transform", "id", "class"}, "title": set(),
       "polygon": {"stroke", "fill", "points", "stroke-width"},
       "polyline": {"stroke", "fill", "points", "stroke-width"},
       "path": {"stroke-dasharray", "stroke", "fill", "d", "stroke-width"},
       "text": {SPACE, "fill", "y", "x", "font-size", "font-style", "font-family", "font-weight", "text-anchor"}}
KEY = "(n[0-9]+(c[0-9]+)?|inputs|operations)"
# what XML 1.0 cannot hold or asks to avoid, and what turns the reading direction
REPLACED = re.compile("[\0-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
                      + "".join(f"{chr(p * 0x10000 + 0xfffe)}{chr(p * 0x10000 + 0xffff)}" for p in range(17)) + "]")
FORBIDDEN = ("os.system", "os.exec", "os.fork", "os.posix_spawn", "subprocess.Popen", "socket.connect", "shutil.rmtree")


class SlowError(AssertionError):
    """It took too long."""


@contextmanager
def quickly():
    """An error where the block takes more than a second; what hangs is interrupted."""
    def late(*_):
        raise SlowError("interrupted after several seconds")

    timed = hasattr(signal, "setitimer")
    before = signal.signal(signal.SIGPROF, late) if timed else None
    start = time.process_time()
    try:
        if timed:
            signal.setitimer(signal.ITIMER_PROF, 5 * SECONDS)
        yield
    finally:
        if timed:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, before)
    spent = time.process_time() - start
    if spent > SECONDS:
        raise SlowError(f"{spent:.1f} s")


_watching: list[str] = []       # holds something while the command runs
_done: list[str] = []           # what it should not have done


def _audit(event, _):
    if _watching and event in FORBIDDEN:
        _done.append(event)


sys.addaudithook(_audit)


# ---- the command --------------------------------------------------------------------------------


def check_expression(texts):
    """Any arguments give a result or one clear line; a file is whole or absent. Runs in a folder of its own."""
    argv = arguments(texts)
    out, err = io.StringIO(), io.StringIO()
    assert os.listdir() == []
    with quickly(), redirect_stdout(out), redirect_stderr(err), warnings.catch_warnings():
        warnings.simplefilter("error")
        _watching.append("main")
        try:
            code = main(argv)
        finally:
            _watching.clear()
    files = {path.name: path.read_bytes() for path in Path().iterdir()}
    for name in files:
        Path(name).unlink()
    assert not _done, _done
    said, told = out.getvalue(), err.getvalue()
    assert code in (0, 1, 2)
    assert told.count("\n") == (code > 0)
    assert told == "" or (told.startswith("pathgrad: ") and told[:-1].isprintable() and len(told) < 300), told
    assert said.replace("\n", "").replace("\t", "").isprintable()
    assert "Traceback" not in said
    assert len(files) <= (code < 2)
    for name, data in files.items():
        assert not name.endswith(".part")
        assert data.endswith((b"}\n", b"</svg>\n", b"%EOF\n", b"\xaeB`\x82")), name
    if said.startswith("{"):
        json.loads(said, parse_constant=_refuse)


def _refuse(constant):
    raise AssertionError(f"JSON has no {constant}")


# ---- the picture --------------------------------------------------------------------------------


def expected(label: str, longest: int = 24) -> str:
    """The label as it must come out: one line, cut visibly, each character that cannot be shown as �, or nothing."""
    line = re.sub(r"\s+", " ", label).strip()
    line = line if len(line) <= longest else line[:longest - 1].rstrip() + "…"
    line = REPLACED.sub("�", line)
    return "" if all(c == " " or unicodedata.category(c) == "Cf" for c in line) else line


def check_names(values, names):
    """Every label is the name of its card; only what is empty or there twice is told apart."""
    wanted = [expected(value.label) for value in values]
    often = Counter(wanted)
    assert len(set(names)) == len(names) == len(values)
    for want, name in zip(wanted, names, strict=True):
        if not want:
            assert re.fullmatch("v[0-9]+", name)
        elif often[want] == 1:
            assert name == want
        else:
            assert re.fullmatch(re.escape(want) + "[₀-₉]*", name)


def text_of(label: str) -> list[str]:
    """The texts of an HTML-like label, as Graphviz reads them: two backslashes are one."""
    root = ElementTree.fromstring(f"<x>{label}</x>")
    return [text.replace("\\\\", "\\") for text in root.itertext()]


def close(text: str, x: float) -> bool:
    """Whether four digits of it are there."""
    shown = float(text.replace("−", "-"))
    return shown == x or (math.isnan(shown) and math.isnan(x)) or math.isclose(shown, x, rel_tol=6e-4, abs_tol=5e-324)


def drawn(texts, most):
    root, options = graph(texts, most)
    return root, draw_dot(root, labels=False, **options), options


def arrows_of(value: Value) -> tuple[int, int]:
    """How many constants stand beside it, and how many arrows go to its operands."""
    constants = sum(not isinstance(arg, Value) for arg in value.args)
    uses = Counter(arg for arg in value.args if isinstance(arg, Value))
    return constants if constants < 4 else 1, sum(n if n <= 4 else 1 for n in uses.values())


def check_dot(texts, most=24):
    """The DOT text parses and has exactly the cards and arrows of the graph; labels and numbers come back out."""
    with quickly():
        root, drawing, options = drawn(texts, most)
        source = drawing.source
    source.encode()
    parsed = pygraphviz.AGraph(string=source)
    try:
        nodes = {node: text_of(node.attr["label"]) for node in parsed.nodes()}
        count = len(parsed.edges())
        frames = [text_of(frame.graph_attr["label"])[0] for frame in _inside(parsed)]
        title = text_of(parsed.graph_attr["label"])
    finally:
        parsed.close()
    values = topological_order(root)
    assert title
    titles = {_frame(name) for name in [*options.get("groups", ()), *(root.group.path if root.group else ())]}
    assert set(frames) <= titles
    if not nodes.keys() & {"operations", "inputs"}:
        ordered = [nodes[f"n{i}"] for i in range(1, len(values) + 1)]
        check_names(values, [card[0] for card in ordered])
        assert all(close(card[3], value.data) for card, value in zip(ordered, values, strict=True))
        beside, arrows = map(sum, zip(*map(arrows_of, values), strict=True))
        assert (len(nodes), count) == (len(values) + beside, beside + arrows)
    else:
        wanted = {expected(value.label) for value in values}
        for key, card in nodes.items():
            if re.fullmatch("n[0-9]+", key):
                # a label may itself end in what an index is made of
                bare = {name.rstrip("₀₁₂₃₄₅₆₇₈₉") for name in wanted}
                assert card[0] in wanted or card[0].rstrip("₀₁₂₃₄₅₆₇₈₉") in bare or re.fullmatch("v[0-9]+", card[0])


def _frame(name: str) -> str:
    first, gap, rest = name.partition("  ")
    return (expected(first, 72) + ("\xa0\xa0" if gap else "") + expected(rest, 72)) or "\xa0"


def _inside(graph):
    for frame in graph.subgraphs():
        yield frame
        yield from _inside(frame)


def check_svg(texts, most=5):
    """The SVG parses, holds what it may hold and nothing else, and every name is a text in it."""
    with quickly():
        root, drawing, options = drawn(texts, most)
        svg = drawing.pipe("svg")
    tree = ElementTree.fromstring(svg)
    shown = Counter()
    kinds = Counter(element.get("class") for element in tree.iter())
    for element in tree.iter():
        tag = element.tag.removeprefix("{http://www.w3.org/2000/svg}")
        assert element.attrib.keys() <= SVG[tag], (tag, element.attrib)
        assert all("url(" not in x and ":" not in x for x in element.attrib.values())
        if tag == "title":
            assert re.fullmatch(f"{KEY}(->{KEY})?|cluster(_[0-9]+)+", element.text)
        elif tag == "text":
            shown[element.text] += 1
    values = topological_order(root)
    if options["collapse"] is not True and len(values) <= 12:
        beside, arrows = map(sum, zip(*map(arrows_of, values), strict=True))
        assert (kinds["node"], kinds["edge"]) == (len(values) + beside, beside + arrows)
        wanted = Counter(filter(None, (expected(value.label) for value in values)))
        for name, often in wanted.items():
            assert shown[name] >= 1 if often == 1 else any(text.startswith(name) for text in shown), (name, shown)


CHECKS = {"expression": check_expression, "dot": check_dot, "svg": check_svg}
