"""The table's formulas as functions that append to a straight line: read once on symbols, written as Python source."""

from collections.abc import Callable, Sequence
from functools import cache
from inspect import getclosurevars
from math import inf, nan
from operator import attrgetter
from types import FunctionType, ModuleType
from typing import Any

from autograd.errors import TraceError
from autograd.formula import Symbol, record
from autograd.op import Op, nothing, parameters
from autograd.operand import Operand

Emitter = Callable[..., Any]


class _Writer:
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
                self.known[x] = self.call("emit", f"op_{x.op.name}", *map(self.write, x.args))
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
                there[id(x)] = self.call("builder.choose", args[0], *arms)
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
                return other[0], self.call("builder.choose", condition, *(came for _, came, _ in flows)), other[2]
        value, came, unit = (self.call("builder.choose", condition, *arms) for arms in zip(*flows, strict=True))
        return value, came, unit

    def function(self, names: Sequence[str], answer: str) -> Emitter:
        """The function of a builder and these operands."""
        source = "\n".join([f"def emitter(builder, {', '.join(names)}):",
                            " emit = builder.emit", *self.lines, f" return {answer}"])
        exec(source, self.space)
        return self.space["emitter"]       # type: ignore[no-any-return]


def _special(x: Any, unit: float | None = None) -> bool:
    """Whether this is nothing, or the constant ``unit``, or chooses between what may be."""
    if isinstance(x, Symbol):
        return x.op is not None and x.op.name == "where" and any(_special(arm, unit) for arm in x.args[1:])
    return x is nothing or x == unit


@cache
def mostly_arms(op: Op, argument: int) -> bool:
    """Whether more than half of a partial's formula is in arms that are not chosen, whichever are."""
    if not _ours(op.partials[argument]):
        return False
    whole, longest = _length(_recorded(op, op.partials[argument], (*parameters(op.arity or 0), "out")), set())
    return whole > 2 * longest


def _length(x: Any, known: set[Symbol]) -> tuple[int, int]:
    """How many ops a formula has, and at most on one way through it; those that are known count nothing."""
    if not isinstance(x, Symbol) or x.op is None or x in known:
        return 0, 0
    known.add(x)
    if x.op.name != "where":
        parts = [_length(arg, known) for arg in x.args]
        return 1 + sum(whole for whole, _ in parts), 1 + sum(longest for _, longest in parts)
    condition, *arms = _length(x.args[0], known), *(_length(arm, set(known)) for arm in x.args[1:])
    return condition[0] + sum(whole for whole, _ in arms), condition[1] + max(longest for _, longest in arms)


def of_value(op: Op) -> Emitter:
    """The value of a composite op, as a function of a builder and the operands."""
    return (_of_value if _ours(op.formula) else _of_value.__wrapped__)(op)


def of_flow(op: Op, argument: int) -> Emitter:
    """A partial, whether it is there at all, and whether it makes no node: of a builder, the operands and the result.

    For builders whose constants are floats.
    """
    return (_of_flow if _ours(op.partials[argument]) else _of_flow.__wrapped__)(op, argument)


def _ours(formula: Callable[..., Any]) -> bool:
    """Whether a formula mentions constants only; a user's is read each time, with its variables as they are then."""
    return getattr(formula, "__wrapped__", formula).__module__.startswith("autograd.")


@cache
def _of_value(op: Op) -> Emitter:
    if op.arity is None:
        return lambda builder, *args: builder.operand(op.formula(*map(builder.symbol, args)))
    names, writer = parameters(op.arity), _Writer("builder.constant({})")
    return writer.function(names, writer.write(_recorded(op, op.formula, names)))


@cache
def _of_flow(op: Op, argument: int) -> Emitter:
    names, writer = (*parameters(op.arity or 0), "out"), _Writer("{}")
    flow = writer.flow if _ours(op.partials[argument]) else writer.called
    return writer.function(names, ", ".join(flow(_recorded(op, op.partials[argument], names))))


def _recorded(op: Op, formula: Callable[..., Any], names: Sequence[str]) -> Any:
    plain = getattr(formula, "__wrapped__", formula)
    if not _ours(plain) and isinstance(plain, FunctionType):
        read = getclosurevars(plain)
        changing = [name for name, x in {**read.nonlocals, **read.globals}.items()
                    if not callable(x) and x is not nothing and not isinstance(x, (int, float, ModuleType))]
        if changing:
            raise TraceError(f"{op.name} cannot be compiled: its formula reads {', '.join(changing)}, which may "
                             "change; give it as an argument")
    try:
        return record(formula, names)
    except Exception as error:
        raise TraceError(f"{op.name} cannot be compiled: a formula of it branches, or leaves the ops ({error}); "
                         "write it with where, greater and less") from error


class Slot(Operand):
    """A register of a straight line in the making, for formulas of any number of operands."""

    __slots__ = ("builder", "index")
    _rank = 1_000_001
    _symbolic = True

    def __init__(self, builder: Any, index: int) -> None:
        self.builder, self.index = builder, index

    def _apply(self, op: Op, args: Any) -> Any:
        return self.builder.symbol(self.builder.emit(op, *map(self.builder.operand, args)))

    @property
    def _primal(self) -> Any:
        raise TraceError("a formula that is compiled selects with where, greater and less; it cannot branch")
