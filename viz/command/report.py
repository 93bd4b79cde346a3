"""The output of the command, as text or as JSON: each step, each gradient, and the paths that add up to it."""

import json
import math
from collections.abc import Collection, Iterator
from string import ascii_lowercase
from typing import Any, NamedTuple

from autograd import Value, count_paths, find_anomaly, paths, topological_order
from viz.words.expressions import RESULT
from viz.words.language import spoken
from viz.words.library import translated
from viz.words.pictures import WORDS as PICTURE_WORDS

MAX_STEPS = 30          # lines of steps in the text


class Result(NamedTuple):
    """An expression after evaluation and backward, with a label on every node."""

    text: str
    root: Value
    inputs: dict[str, Value]
    constants: dict[str, float]

    def steps(self) -> list[Value]:
        """The operations, in topological order."""
        return [node for node in topological_order(self.root) if node.op is not None]

    def anomaly(self) -> dict[str, str] | None:
        """Where the first nan or infinity arises, forward or backward: the node that the picture marks, and why."""
        found = find_anomaly(self.root)
        if found is None or found.node is None:
            return None
        return {"node": found.node.label, "direction": found.direction, "message": translated(found.message)}


def name_steps(root: Value, taken: Collection[str]) -> None:
    """Label every node that has no label: with the next free letter, and after z with v27, v28, ...

    >>> a = Value(2.0, label="a")
    >>> name_steps(a * a, {"a"})
    """
    names = (name for i in range(1, 1_000_000) if (name := ascii_lowercase[i - 1] if i <= 26 else f"v{i}")
             not in taken)
    for node in topological_order(root):
        if not node.label:
            node.label = next(names)


def number(x: float) -> str:
    """``x`` in ten significant digits.

    >>> [number(x) for x in (2.0, 0.1 + 0.2, -0.0, float("-inf"))]
    ['2', '0.3', '0', '-inf']
    """
    return f"{x + 0.0:.10g}"


def formula(node: Value) -> str:
    """The operation of the node, on the labels of its operands, as a user types it.

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


def as_text(result: Result, top: int) -> Iterator[str]:
    """The lines to print, with the ``top`` largest paths of each gradient."""
    root = result.root
    steps = result.steps()
    yield f"{_cut(result.text)} = {number(root.data)}"
    if steps or result.constants:
        yield ""
    yield from (f"  {name} = {number(x)}" for name, x in result.constants.items())
    yield from (f"  {node.label} = {_cut(formula(node))} = {number(node.data)}" for node in steps[:MAX_STEPS])
    if len(steps) > MAX_STEPS:
        yield "  " + RESULT("more", len(steps) - MAX_STEPS, len(steps))
    if found := result.anomaly():
        kind = PICTURE_WORDS[spoken()].anomaly[found["direction"]]
        yield "\n" + RESULT("anomaly", found["node"], kind, found["message"])
    if result.inputs:
        yield "\n" + RESULT("symbol")
    for name, leaf in result.inputs.items():
        yield f"\nd{root.label}/d{name} = {number(leaf.grad)}"
        rows = [path.columns(RESULT.words[spoken()]["place"]) for path in paths(root, leaf, top, labels=False)]
        widths = [max((len(row[i]) for row in rows), default=0) for i in (0, 1)]
        yield from (f"  {route:{widths[0]}}   {factors:>{widths[1]}}{product}" for route, factors, product in rows)
        total = count_paths(root, leaf)
        if total == 0:
            yield "  " + RESULT("none", name, root.label)
        elif total > len(rows):
            yield "  " + RESULT("more", total - len(rows), total)


def _cut(line: str, longest: int = 100) -> str:
    return line if len(line) <= longest else line[:longest - 3] + "..."


def as_json(result: Result, top: int, check: str | None = None) -> str:
    """One JSON object on one line. Numbers that are not finite become the strings "nan", "inf" and "-inf".

    check: the error of the gradient check, empty if every gradient agrees, None without a check.
    """
    root, inputs = result.root, result.inputs
    content: dict[str, Any] = {
        "expression": result.text, "root": root.label, "value": _json_number(root.data),
        "variables": {name: _json_number(leaf.data) for name, leaf in inputs.items()},
        "gradients": {name: _json_number(leaf.grad) for name, leaf in inputs.items()},
        "steps": [{"name": node.label, "formula": formula(node), "value": _json_number(node.data)}
                  for node in result.steps()],
        "paths": {name: [{"nodes": [node.label for node in path.nodes],
                          "operands": [operand + 1 for operand in path.operands],
                          "partials": list(map(_json_number, path.partials)),
                          "product": _json_number(path.product)} for path in paths(root, leaf, top, labels=False)]
                  for name, leaf in inputs.items()},
        "path_counts": {name: count_paths(root, leaf) for name, leaf in inputs.items()},
        "anomaly": result.anomaly()}
    if check is not None:
        content["check"] = {"passed": not check, "message": check}
    return json.dumps(content, allow_nan=False)


def _json_number(x: float) -> float | str:
    return x if math.isfinite(x) else str(x)
