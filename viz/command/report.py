"""What the command prints: each step, each gradient, and the paths that add up to it; as text or as JSON."""

import json
import math
from collections.abc import Collection, Iterator, Sequence
from string import ascii_lowercase
from typing import Any, NamedTuple

from autograd import Value, count_paths, paths, topological_order

STEPS = 30          # lines of steps in the text
ROUTE = 12          # nodes of a path that are spelled out
WORDS = {
    "en": {"more": "... and {} more, {} in all", "none": "no path leads from {} to {}: nothing flows",
           "check": "check: every gradient agrees with central differences", "picture": "picture: {}"},
    "zh": {"more": "……另有 {} 条，共 {} 条", "none": "没有从 {} 到 {} 的路径：没有梯度流过",
           "check": "检验：所有梯度都与中心差分一致", "picture": "图：{}"},
}


class Result(NamedTuple):
    """An expression, evaluated and differentiated, with every node named."""

    text: str
    root: Value
    inputs: dict[str, Value]
    constants: dict[str, float]

    def steps(self) -> list[Value]:
        """What was computed on the way, in order."""
        return [node for node in topological_order(self.root) if node.op is not None]


def name_steps(root: Value, taken: Collection[str]) -> None:
    """Label everything that has no label yet: the next free letters, after z v27, v28, ...

    >>> a = Value(2.0, label="a")
    >>> name_steps(a * a, {"a"})
    """
    names = (name for i in range(1, 1_000_000) if (name := ascii_lowercase[i - 1] if i <= 26 else f"v{i}")
             not in taken)
    for node in topological_order(root):
        if not node.label:
            node.label = next(names)


def number(x: float) -> str:
    """
    >>> [number(x) for x in (2.0, 0.1 + 0.2, -0.0, float("-inf"))]
    ['2', '0.3', '0', '-inf']
    """
    return f"{x + 0.0:.10g}"


def formula(node: Value) -> str:
    """How the node was computed, in the names of its operands, as it would be typed.

    >>> a = Value(3.0, label="a")
    >>> formula(a * 2), formula((-2) ** a)
    ('a * 2', '(-2) ** a')
    """
    args = [arg.label if isinstance(arg, Value) else number(arg) for arg in node.args]
    op = node.op
    assert op is not None
    if op.name == "dot":
        half = len(args) // 2
        return f"dot([{', '.join(args[:half])}], [{', '.join(args[half:])}])"
    if not op.infix:
        return f"{op.name}({', '.join(args)})"
    if len(args) == 1:
        return op.infix + args[0]
    left = f"({args[0]})" if op.infix == "**" and args[0].startswith("-") else args[0]
    return f"{left} {op.infix} {args[1]}"


def text(result: Result, top: int, lang: str = "en") -> Iterator[str]:
    """The lines to print; ``top`` is how many paths of each gradient are listed."""
    words, root = WORDS[lang], result.root
    steps = result.steps()
    yield f"{_cut(result.text)} = {number(root.data)}"
    if steps or result.constants:
        yield ""
    yield from (f"  {name} = {number(x)}" for name, x in result.constants.items())
    yield from (f"  {node.label} = {_cut(formula(node))} = {number(node.data)}" for node in steps[:STEPS])
    if len(steps) > STEPS:
        yield "  " + words["more"].format(len(steps) - STEPS, len(steps))
    for name, leaf in result.inputs.items():
        yield f"\n∂{root.label}/∂{name} = {number(leaf.grad)}"
        rows = [(_elided([node.label for node in path.nodes], " -> "),
                 _elided([number(x) for x in path.partials] or ["1"], " × "), number(path.product))
                for path in paths(root, leaf, top=top)]
        wide = [max((len(row[i]) for row in rows), default=0) for i in (0, 1)]
        yield from (f"  {route:{wide[0]}}   {factors:{wide[1]}} = {product}" for route, factors, product in rows)
        total = count_paths(root, leaf)
        if total == 0:
            yield "  " + words["none"].format(name, root.label)
        elif total > len(rows):
            yield "  " + words["more"].format(total - len(rows), total)


def _cut(line: str, longest: int = 100) -> str:
    return line if len(line) <= longest else line[:longest - 3] + "..."


def _elided(items: Sequence[str], sign: str) -> str:
    """The items with the sign between them; of many, the first and the last.

    >>> _elided([str(i) for i in range(20)], "+")
    '0+1+2+3+4+5+...+15+16+17+18+19'
    """
    if len(items) > ROUTE:
        items = [*items[:ROUTE // 2], "...", *items[1 - ROUTE // 2:]]
    return sign.join(items)


def as_json(result: Result, top: int, check: str | None = None) -> str:
    """The same as one JSON object on one line; numbers that JSON has not are the strings "nan", "inf" and "-inf".

    check: what the check found; empty where all is well, None where nobody asked.
    """
    root, inputs = result.root, result.inputs
    whole: dict[str, Any] = {
        "expression": result.text, "root": root.label, "value": _plain(root.data),
        "variables": {name: _plain(leaf.data) for name, leaf in inputs.items()},
        "gradients": {name: _plain(leaf.grad) for name, leaf in inputs.items()},
        "steps": [{"name": node.label, "formula": formula(node), "value": _plain(node.data)}
                  for node in result.steps()],
        "paths": {name: [{"nodes": [node.label for node in path.nodes], "partials": list(map(_plain, path.partials)),
                          "product": _plain(path.product)} for path in paths(root, leaf, top=top)]
                  for name, leaf in inputs.items()},
        "path_counts": {name: count_paths(root, leaf) for name, leaf in inputs.items()}}
    if check is not None:
        whole["check"] = {"passed": not check, "message": check}
    return json.dumps(whole, allow_nan=False)


def _plain(x: float) -> float | str:
    return x if math.isfinite(x) else str(x)
