"""An extension of mkdocstrings' reader (griffe): the project's plain docstrings as Markdown, and ops from the table.

A line ``name: text`` with its indented continuation becomes an item of a list, a doctest a block of code, a name of the
public API in backticks a link to its section. The docstrings themselves stay plain text.
"""

import inspect
import math
import re
import sys
from functools import cache
from pathlib import Path
from typing import Any

import griffe

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parent))

from reference import public_names

from autograd import TABLE, Value

ARGUMENT = re.compile(r"((?:\*{0,2}[A-Za-z_]\w*)(?:, \*{0,2}[A-Za-z_]\w*)*): (?=\S)")
CODE = re.compile(r"``(.+?)``|`([^`\n]+)`|<(?=[A-Za-z])")


@cache
def targets() -> dict[str, str]:
    """From what a docstring may call a public name to the full name."""
    found: dict[str, str] = {}
    for name in reversed(public_names()):
        found[name] = found[name.rpartition(".")[2]] = name
    return found


def linked(text: str, own: str) -> str:
    """RST's double backticks become Markdown's single ones, public names in single ones links; <x> is no tag."""
    def one(match: re.Match[str]) -> str:
        if match[0] == "<":
            return "&lt;"
        code = match[1] or match[2]
        target = targets().get(code.removesuffix("()"))
        return f"[`{code}`][{target}]" if match[2] and target not in (None, own) else f"`{code}`"

    return CODE.sub(one, text.replace("][", "]\\["))


def paragraph(lines: list[str], own: str) -> list[str]:
    """A paragraph of prose; in one that begins with ``name: text`` such lines are the items of a list."""
    found: list[str] = []
    for line in lines:
        start = ARGUMENT.match(line)
        if start and (not found or (found[0].startswith("- ") and found[-1].endswith((".", ":", ")")))):
            names = ", ".join(f"`{name}`" for name in start[1].split(", "))
            found.append(f"- {names}: {linked(line[start.end():], own)}")
        elif found and found[0].startswith("- "):
            found.append("    " + linked(line.strip(), own))
        else:
            found.append(linked(line, own))
    return found


def markdown(text: str, own: str = "") -> str:
    """A docstring of this project as Markdown."""
    found: list[str] = []
    for block in re.split(r"\n\s*\n", text.expandtabs()):
        lines = block.splitlines()
        doctest = next((number for number, line in enumerate(lines) if line.startswith(">>>")), len(lines))
        if lines[:doctest]:
            if all(line.startswith("    ") for line in lines[:doctest]):
                found += ["```text", *(line[4:] for line in lines[:doctest]), "```", ""]
            else:
                found += [*paragraph(lines[:doctest], own), ""]
        if lines[doctest:]:
            found += ["```pycon", *(line.split("    # doctest:")[0] for line in lines[doctest:]), "```", ""]
    return "\n".join(found)


def example(name: str) -> str:
    """A call of an op with its value and slopes, which are computed here."""
    op = TABLE[name]
    letters = "xyzw"
    if op.arity is None:
        arguments = "xs" if name != "dot" else "xs, [1.0, 3.0]"
        return (f">>> xs = [Value(1.0), Value(2.0)]\n>>> out = autograd.{name}({arguments})\n"
                ">>> out.data\n"
                f"{op.function(*[[1.0, 2.0], [1.0, 3.0]][:1 + (name == 'dot')])!r}\n>>> out.backward()\n"
                f">>> [x.grad for x in xs]\n{grads(op, name)!r}")
    inside = [low + (high - low) * share for (low, high), share in zip(op.domain, (0.7, 0.4, 0.5, 0.6), strict=False)]
    points = [round(x, 2) if math.isfinite(x) else 1.5 for x in inside] or [0.5] * op.arity
    points = (points * op.arity)[:op.arity]
    names = letters[:op.arity]
    inputs = [Value(x) for x in points]
    result = op.function(*inputs)
    if not isinstance(result, Value):
        return ""
    result.backward()
    left, right = ", ".join(names), ", ".join(f"Value({x})" for x in points)
    slopes = ", ".join(repr(x.grad) for x in inputs)
    return (f">>> {left} = {right}\n>>> out = autograd.{name}({left})\n>>> out.data\n{result.data!r}\n"
            ">>> out.backward()\n"
            f">>> {', '.join(f'{x}.grad' for x in names)}\n{f'({slopes})' if len(inputs) > 1 else slopes}")


def grads(op: Any, name: str) -> list[float]:
    """The gradient of an op of lists by its first list, at 1 and 2."""
    xs = [Value(1.0), Value(2.0)]
    op.function(*[xs, [1.0, 3.0]][:1 + (name == "dot")]).backward()
    return [x.grad for x in xs]


def of_op(name: str, written: str) -> str:
    """The text of an op's section: its docstring, where it comes from, and an example."""
    op = TABLE[name]
    text = re.sub(r"^\w+\([^)]*\): (?:a formula in other ops\.$)?", "", written.strip())
    parts = [text[:1].upper() + text[1:]] if text else []
    if op.composite:
        parts.append("A formula in other ops of the table.")
    elif not parts:
        parts.append(f"As `{name}` in C's math library, with IEEE's results at its edges.")
    return "\n\n".join([*parts, shown] if (shown := example(name)) else parts)


class PlainDocstrings(griffe.Extension):
    """Rewrites each docstring once, after its package is read."""

    def on_package(self, *, pkg: griffe.Module, **_: Any) -> None:
        """Walk the objects of the package; aliases are visited where they are defined."""
        if pkg.name == "autograd":
            for name, op in TABLE.items():      # a static reader sees no functions that a loop over the table exports
                parameters = griffe.Parameters(*(
                    griffe.Parameter(item.name, kind=griffe.ParameterKind.positional_or_keyword,
                                     default=None if item.default is item.empty else repr(item.default))
                    for item in inspect.signature(op.function).parameters.values()))
                function = griffe.Function(name, parameters=parameters, lineno=1, endlineno=1)
                function.docstring = griffe.Docstring(of_op(name, op.function.__doc__ or ""))
                pkg.set_member(name, function)
        waiting: list[Any] = [pkg]
        while waiting:
            item = waiting.pop()
            if item.is_alias:
                continue
            if item.docstring:
                item.docstring.value = markdown(item.docstring.value, targets().get(item.name, ""))
            waiting += item.members.values()
