"""Printer: a recorded formula as straight-line Python source, for one of three targets."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from autograd.ops.generated_code import define_function
from autograd.ops.primitives import Op, apply, nothing, one
from autograd.ops.symbolic import Symbol


def _on_floats(op: Op, args: Sequence[str]) -> str:
    template = op.python_on_floats or op.python
    return template.format(*args) if template else f"op_{op.key}.value({', '.join(args)})"


def _on_carriers(op: Op, args: Sequence[str]) -> str:
    return op.python.format(*args) if op.python else f"op_{op.key}.function({', '.join(args)})"


def _instruction(op: Op, args: Sequence[str]) -> str:
    form = f"op_{op.key}.by_constant({args[-1]})" if op.by_constant else f"op_{op.key}"
    return f"{'builder.compare' if op.compares else 'emit'}({form}, {', '.join(args)})"


class Target(NamedTuple):
    """The kind of operands that the printed source computes with."""

    call: Callable[[Op, Sequence[str]], str]    # the application of an op; the ops' names are op_sin, ...
    constant: str = "{}"        # a str.format template of a constant
    one: str = ""               # a result that is exactly 1; "": as every constant
    nothing: str = "None"
    select: str = ""            # a template of `where`, which computes both arms; "": an if statement, one arm only


FLOATS = Target(_on_floats)
CARRIERS = Target(_on_carriers, one="one")
# the source appends to a Program through a `builder`; its operands are registers and floats
INSTRUCTIONS = Target(_instruction, nothing="0.0", select="builder.choose({}, {}, {})")


class Printer:
    """Straight-line source of recorded formulas: one assignment per op, each common subexpression once."""

    def __init__(self, target: Target) -> None:
        self.target, self.count, self.indent = target, 0, ""
        self.lines: list[str] = []
        self.known: dict[Symbol | str, str] = {}    # the names of what is computed so far; of floats by expression, too
        self.namespace: dict[str, Any] = {"nan": float("nan"), "inf": float("inf"), "one": one, "apply": apply}

    def write(self, x: Any, result: bool = True) -> str:
        """Append what computes ``x``, and return the name or the literal that holds it.

        result: whether it is the formula's result, or an arm of that, rather than an operand.
        """
        target = self.target
        if x is nothing:
            return target.nothing
        if not isinstance(x, Symbol):
            return target.one if target.one and result and x == 1.0 else target.constant.format(repr(float(x)))
        if x.op is None:
            return x.name
        if x in self.known:
            return self.known[x]
        if not x.op.selects:
            expression = self.application(x.op, [self.write(arg, False) for arg in x.args])
            if target is not FLOATS or expression not in self.known:    # nodes of a graph stay as many
                self.known[expression] = self.assign(expression)
            self.known[x] = self.known[expression]
            return self.known[x]
        name = self.known[x] = self._name()
        if target.select:
            self._assign(name, target.select.format(*[self.arm(arg, False) for arg in x.args]))
        else:
            condition = self.write(x.args[0], False)
            for head, arm in ((f"if {condition}:", x.args[1]), ("else:", x.args[2])):
                self.lines.append(self.indent + head)
                self.indent += " "
                self._assign(name, self.arm(arm, result))
                self.indent = self.indent[:-1]
        return name

    def arm(self, x: Any, result: bool) -> str:
        """As `write`, for an arm of a selection: what it computes is not known after it."""
        outside, self.known = self.known, dict(self.known)
        name = self.write(x, result)
        self.known = outside
        return name

    def application(self, op: Op, args: Sequence[str]) -> str:
        """The expression that applies ``op``."""
        expression = self.target.call(op, args)
        if f"op_{op.key}" in expression:
            self.namespace[f"op_{op.key}"] = op    # its value is looked up in the call: it may be unread yet
        return expression

    def assign(self, expression: str) -> str:
        """Append an assignment to a new name, and return the name."""
        name = self._name()
        self._assign(name, expression)
        return name

    def function(self, parameters: Sequence[str], lines: Sequence[str], title: str) -> Callable[..., Any]:
        """The function with these parameters and lines; ``title`` names it in tracebacks."""
        source = "\n".join([f"def f({', '.join(parameters)}):", *lines, ""])
        return define_function(source, self.namespace, "f", title)

    def _name(self) -> str:
        self.count += 1
        return f"t{self.count}"

    def _assign(self, name: str, expression: str) -> None:
        self.lines.append(f"{self.indent}{name} = {expression}")
