"""Draws docs/architecture.svg from the tables of tests/test_architecture.py, and lists all files in docs/files.md.

python docs/draw_architecture.py

docs/architecture.dot has the same picture as text; a test compares it with the tables, and the list with the files.
"""

import ast
import runpy
import sys
import textwrap
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))      # it runs in a plain checkout, too

from viz import write
from viz.graph.digraph import Drawing

ROOT = Path(__file__).parent.parent
FONT = "DejaVu Sans,Verdana,Arial,sans-serif"
INK, SOFT, LINE, ARROW, PALE = "#1f2937", "#6b7280", "#d4d7df", "#64748b", "#f8fafc"
NOUNS = {"autograd.ops": "Op", "autograd.graph": "Value", "autograd.transforms": "Dual", "autograd.program": "Program"}
WIDTH = 30      # letters in a line of a card


def plan(house: dict[str, Any]) -> Drawing:
    """The picture of the rooms: ``house`` holds the tables and functions of tests/test_architecture.py."""
    packages = {"viz": house["OTHERS"]["viz"], "nn": house["OTHERS"]["nn"], "autograd": house["ROOMS"]}
    drawing = Drawing(
        graph_attr={"rankdir": "TB", "compound": "true", "bgcolor": "white", "fontname": FONT, "fontcolor": INK,
                    "pad": "0.3", "nodesep": "0.25", "ranksep": "0.45", "labelloc": "t", "fontsize": "16",
                    "label": "An arrow leads from a room to the rooms that it may import, and to all below them.\n "},
        node_attr={"shape": "box", "style": "rounded,filled", "fillcolor": "white", "fontname": FONT, "color": LINE,
                   "penwidth": "1.4", "margin": "0.09,0.06", "height": "0", "width": "0"},
        edge_attr={"color": ARROW, "arrowsize": "0.8", "penwidth": "1.3"})
    for package, arrows in packages.items():
        with drawing.subgraph(name=f"cluster_{package}") as frame:
            frame.attr(label=package, style="rounded,filled", fillcolor=PALE, color=LINE, fontsize="20", margin="14",
                       labeljust="l")
            for room in arrows:
                frame.node(key(package, room), label=card(package, room))
            with frame.subgraph(graph_attr={"rank": "same"}) as bottom:
                if package == "autograd":
                    files = ", ".join(sorted(house["GROUND"]))
                    bottom.node("ground", label=f"<{bold('beside the rooms')}<BR/>{small(files)}>",
                                style="rounded,filled,dashed")
                for room, others in arrows.items():
                    if not others and (package == "autograd" or not folder(package, room).exists()):
                        bottom.node(key(package, room))
        for room, others in arrows.items():
            for other in others:
                drawing.edge(key(package, room), key(package, other))
    seen: set[str] = set()
    for package, other in pairwise(packages):
        seen |= {package}
        assert other in imported(house, package), f"{package} imports nothing from {other}"
        assert seen.isdisjoint(imported(house, other)), f"{other} imports from above"
        lowest = next(room for room, others in packages[package].items() if not others)
        drawing.edge(key(package, lowest), key(other, next(reversed(packages[other]))), ltail=f"cluster_{package}",
                     lhead=f"cluster_{other}", penwidth="3", minlen="2", fontsize="11", fontname=FONT, fontcolor=SOFT,
                     label="  public names only" if other == "autograd" else "")
    return drawing


def imported(house: dict[str, Any], package: str) -> set[str]:
    """The top-level packages that the files of a package import."""
    return {module.partition(".")[0] for path in house["files"](package) for module in house["imports"](path)}


def key(package: str, room: str) -> str:
    return f"{package}.{room}"


def folder(package: str, room: str) -> Path:
    return ROOT / package / Path(*room.split("."))


def card(package: str, room: str) -> str:
    """Name and first sentence of a room; the name alone of a file."""
    if not folder(package, room).exists():
        assert folder(package, room).with_suffix(".py").exists(), f"{package} has no {room}"
        return f"<{small(f'{room}.py')}>"
    init = folder(package, room) / "__init__.py"
    sentence = (ast.get_docstring(ast.parse(init.read_text())) or "").splitlines()[0].rstrip(".").replace("`", "")
    noun = f'   <FONT COLOR="{SOFT}" POINT-SIZE="13">{NOUNS.get(key(package, room), "")}</FONT>'
    title = bold(f"{room.replace('.', '/')}/") + (noun if key(package, room) in NOUNS else "")
    return "<" + "<BR/>".join([title, *map(small, textwrap.wrap(sentence, WIDTH))]) + ">"


def bold(text: str) -> str:
    return f'<FONT POINT-SIZE="15" COLOR="{INK}"><B>{text}</B></FONT>'


def small(text: str) -> str:
    return f'<FONT POINT-SIZE="11" COLOR="{SOFT}">{escape(text)}</FONT>'


def listing() -> str:
    """The page of all files: the first sentence of each one's docstring, and what it defines."""
    lines = ["# All files", "", "Written by `python docs/draw_architecture.py` from the docstrings.", ""]
    for init in sorted(path for package in ("autograd", "nn", "viz") for path in (ROOT / package).rglob("__init__.py")):
        lines += [f"## `{init.parent.relative_to(ROOT)}/`", ""]
        for path in sorted(init.parent.glob("*.py")):
            tree = ast.parse(path.read_text())
            names = [node.name for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))
                     and not node.name.startswith("_")]
            sentence = " ".join((ast.get_docstring(tree) or "").split("\n\n")[0].split())
            if path != init:
                lines.append(f"- `{path.name}`: {sentence}" + (f" *{', '.join(names)}*" if names else ""))
        lines.append("")
    return "\n".join(lines)


def main() -> None:
    (ROOT / "docs" / "files.md").write_text(listing())
    drawing = plan(runpy.run_path(str(ROOT / "tests" / "test_architecture.py")))
    for suffix in ("dot", "svg"):
        write(drawing, ROOT / "docs" / f"architecture.{suffix}")


if __name__ == "__main__":
    main()
