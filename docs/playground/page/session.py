"""Runs a reader's program inside the page, and says what to show: the picture, the numbers, or what went wrong."""

import ast
import builtins
import io
import json
import linecache
import sys
import time
import traceback
from contextlib import redirect_stderr, redirect_stdout

from undo import snapshot

import autograd
import viz
from autograd import Value, topological_order, variable_names
from viz.graph.cards import Card
from viz.graph.picture import picture

FILE = "program.py"
MOST_OUTPUT = 20_000    # characters of what is printed
MOST_NUMBERS = 400      # rows of the table
MOST_PLAYED = 1000      # nodes that are drawn step by step; the folds of more take too long to draw here


class Printed(io.StringIO):
    """What the program prints, up to a limit: an endless loop that prints must not fill the memory."""

    def write(self, text):
        room = MOST_OUTPUT - self.tell()
        if room > 0:
            super().write(text[:room] + ("\n…" if len(text) > room else ""))
        return len(text)


def run(program, lang="en", tell=lambda stage, count: None):
    """What to show of a program, as JSON. tell: is called with "drawing" and the number of nodes before the drawing."""
    start, undo = time.perf_counter(), snapshot()
    with Printed() as printed:
        with redirect_stdout(printed), redirect_stderr(printed):
            found = _outcome(program, lang, tell, undo)
        found["printed"] = printed.getvalue()
    found["seconds"] = time.perf_counter() - start
    return json.dumps(found)


def _outcome(program, lang, tell, undo):
    linecache.cache[FILE] = (len(program), None, program.splitlines(keepends=True), FILE)
    try:
        tree = ast.parse(program, FILE)
        compile(tree, FILE, "exec")     # some mistakes are found only here, as `return` outside a function
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None) or 1 + program.partition("\0")[0].count("\n")
        return {"problem": "syntax", "line": line, "message": getattr(error, "msg", "") or str(error)}
    names = {"__name__": "__main__", "__builtins__": builtins}
    told, forget = _told, _forget       # as they are before the program
    try:
        try:
            names["__root__"] = _executed(tree, names)      # held by nothing else, so that _forget can free it
            return {"problem": "nothing"} if names["__root__"] is None else _shown(names, lang, tell)
        finally:
            undo()
    except MemoryError:
        return {"problem": "memory"}
    except RecursionError as error:
        return told("recursion", error)
    except SystemExit:
        return {"problem": "exit"}
    except BaseException as error:      # whatever the program raises is told, also its own kinds
        return told("error", error)
    finally:
        forget(names)


def _executed(tree, names):
    """Run the program. The Value to show: that of the last line, or else the last name in the program that holds a
    Value computed from others; None if there is none."""
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, FILE, "exec"), names)
    value = eval(compile(ast.Expression(last.value), FILE, "eval"), names) if last else None
    if isinstance(value, Value):
        return value
    used = sorted((node.lineno, node.col_offset, node.id) for top in [*tree.body, *([last] if last else [])]
                  for node in ast.walk(top) if isinstance(node, ast.Name))
    held = (names.get(name) for _, _, name in reversed(used))
    return next((value for value in held if isinstance(value, Value) and value.op is not None), None)


def _shown(names, lang, tell):
    if not names["__root__"].has_grad:
        names["__root__"].backward()
    nodes = len(topological_order(names["__root__"]))
    tell("drawing", nodes)
    # asked for by the program's own names, which name what has no label
    names |= {"__play__": viz.play, "__draw__": viz.draw_dot, "__names__": variable_names, "__lang__": lang}
    drawing, variables = eval(compile("__draw__(__root__, lang=__lang__), __names__()", FILE, "eval"), names)
    html = eval(compile("__play__(__root__, lang=__lang__)", FILE, "eval"), names).html if nodes <= MOST_PLAYED else ""
    drawn = picture(names["__root__"], "auto" if nodes > MOST_NUMBERS else False, variables=variables)
    cards = [item for item in drawn.items if isinstance(item, Card)]
    return {"html": html, "svg": drawing.pipe("svg").decode(), "root": drawn.root.name, "nodes": nodes,
            "cards": len(cards), "numbers": [
                {"name": card.name, "formula": card.formula, "value": repr(float(card.value)),
                 "gradient": repr(float(card.gradient))} for card in cards[:MOST_NUMBERS]]}


def _forget(names):
    """Free the program's graphs from results to inputs. Python frees a long chain by itself with one call inside the
    other, and here the browser's stack ends after some 5,000 of them."""
    held = topological_order(autograd.sum([Value(0.0), *(held for held in names.values() if isinstance(held, Value))]))
    names.clear()
    while held:
        held.pop()


def _told(problem, error):
    """The error and the line of the program where it arose."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == FILE]
    try:
        message = str(error)
    except BaseException:
        message = "?"
    return {"problem": problem, "kind": type(error).__name__, "message": message[:2000],
            "line": lines[-1] if lines else None}


def version():
    """The versions that the page names."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as of
    try:
        own = of("pathgrad")
    except PackageNotFoundError:
        own = "?"
    return json.dumps({"pathgrad": own, "python": ".".join(map(str, sys.version_info[:3]))})
