"""A formula of the table as source that appends it to a straight line, op by op."""

from collections.abc import Callable, Sequence
from math import inf, nan
from operator import attrgetter
from typing import Any

from autograd.ops.operand import COMPARISONS
from autograd.ops.primitives import nothing
from autograd.ops.symbolic import Symbol

Emitter = Callable[..., Any]


class Writer:
    """Straight-line source: every op of a formula is one call of the builder.

    spelling: of a constant; a str.format template.
    """

    def __init__(self, spelling: str) -> None:
        self.spelling = spelling
        self.lines: list[str] = []
        self.space: dict[str, Any] = {"inf": inf, "nan": nan}
        self.known: dict[Symbol, str] = {}

    def write(self, x: Any) -> str:
        """The name of the operand that holds ``x``."""
        if not isinstance(x, Symbol):
            return self.spelling.format(repr(float(0.0 if x is nothing else x)))
        if x.op is None:
            return x.name
        if x not in self.known:
            if x.op.name == "where":
                self.known[x] = self.call("builder.choose", *map(self.arm, x.args))
            else:
                self.space[f"op_{x.op.name}"] = x.op
                method = "builder.compare" if x.op.name in COMPARISONS else "emit"
                self.known[x] = self.call(method, f"op_{x.op.name}", *map(self.write, x.args))
        return self.known[x]

    def arm(self, x: Any) -> str:
        """The same, where eager computes it for itself: what an arm of `where` has is not there after it."""
        outside, self.known = self.known, dict(self.known)
        name = self.write(x)
        self.known = outside
        return name

    def called(self, partial: Any) -> tuple[str, str, str]:
        """As `flow`, of a formula that eager accumulation calls as it is: op by op, `where` being one of them."""
        order = [partial] if isinstance(partial, Symbol) else []
        found = set(order)
        for x in order:         # grows as it is read
            fresh = [arg for arg in x.args if isinstance(arg, Symbol) and arg not in found]
            found.update(fresh)
            order += fresh
        there: dict[int, str] = {id(nothing): "0.0"}
        for x in sorted(order, key=attrgetter("serial")):
            args = list(map(self.write, x.args))
            if x.op:
                self.space[f"op_{x.op.name}"] = x.op
                self.known[x] = self.call("emit", f"op_{x.op.name}", *args)
            if _special(x):     # a node where neither is nothing
                arms = [there.get(id(arm), "1.0") for arm in x.args[1:]]
                self.known[x] = self.call("builder.choose", self.call("builder.both", *arms), self.known[x],
                                          self.call("builder.choose", *args))
                there[id(x)] = self.call("builder.decide", args[0], *arms)
        return self.write(partial), there.get(id(partial), "1.0"), "0.0"

    def call(self, method: str, *args: str) -> str:
        self.lines.append(f" t{len(self.lines)} = {method}({', '.join(args)})")
        return f"t{len(self.lines) - 1}"

    def flow(self, partial: Any) -> tuple[str, str, str]:
        """The partial, whether it is there at all, and whether it is a 1 that makes no node: see `one`."""
        if partial is nothing:
            return "0.0", "0.0", "0.0"
        if not isinstance(partial, Symbol):
            return self.write(partial), "1.0", "1.0" if partial == 1.0 else "0.0"
        if not _special(partial, 1.0):
            return self.write(partial), "1.0", "0.0"
        condition = self.write(partial.args[0])
        outside = self.known
        flows = []
        for arm in partial.args[1:]:
            self.known = dict(outside)
            flows.append(self.flow(arm))
        self.known = outside
        for flow, other in (flows, flows[::-1]):
            if flow[1] == "0.0":
                return other[0], self.call("builder.decide", condition, *(came for _, came, _ in flows)), other[2]
        values, *conditions = zip(*flows, strict=True)
        came, unit = (self.call("builder.decide", condition, *arms) for arms in conditions)
        return self.call("builder.choose", condition, *values), came, unit

    def function(self, names: Sequence[str], answer: str) -> Emitter:
        """The function of a builder and these operands."""
        source = "\n".join([f"def emitter(builder, {', '.join(names)}):",
                            " emit = builder.emit", *self.lines, f" return {answer}"])
        exec(source, self.space)
        return self.space.pop("emitter")       # type: ignore[no-any-return]


def _special(x: Any, unit: float | None = None) -> bool:
    """Whether this is nothing, or the constant ``unit``, or chooses between what may be."""
    if isinstance(x, Symbol):
        return x.op is not None and x.op.name == "where" and any(_special(arm, unit) for arm in x.args[1:])
    return x is nothing or x == unit
