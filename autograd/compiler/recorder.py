"""The tracing layer: comparisons become guards; operations that would freeze a traced number raise TraceError."""

import math
import sys
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from decimal import Decimal
from functools import partial
from numbers import Real
from typing import Any, cast

from autograd.errors import TraceError
from autograd.graph.context import begins, modes, tracing
from autograd.graph.instrumentation import TRACED, ThreadContext, Wrapper, fill
from autograd.graph.value import Group, Value, make_node, serials, topological_order
from autograd.ops.elementwise import elementwise, is_shaped, unboxed
from autograd.ops.ieee import number
from autograd.ops.internal import chosen
from autograd.ops.operand import COMPARISONS, Operand
from autograd.ops.plain_calls import DISTRIBUTIONS, call_and_advice, refuse_distributions
from autograd.ops.primitives import TABLE, Op, apply
from autograd.source_lines import OURS, Line, shown, users_line

OVER = Group(("an input of a run that is over",), ())
# The ways through the bodies of loops that the function had before, for the run that comes: see Trace.sites.
known_ways: ContextVar[Sequence[Any]] = ContextVar("ways of loops", default=())


class TooManyWaysError(TraceError):
    """A loop branches in so many ways that the function is not compiled."""


class Recorder(ThreadContext):
    """The run that is going on in this context."""

    mode = "traced"
    switch = TRACED
    open = tracing

    def __init__(self) -> None:
        super().__init__()
        self.start = next(serials)          # what is younger was made by this run
        self.inputs: set[Value] = set()
        self.comparisons: list[tuple[str, Any, Any, bool, Line | None]] = []
        self.levels: set[int] = set()       # of the derivatives taken inside this run
        self.foreign = False                # whether it met others, which no Program can take as an input
        self.plain: set[Value] = set()      # what derivatives taken here gave, if no other is around them
        self.depth = -1                     # how many transforms there are where none of the function's is around
        self.read: dict[Line | None, str] = {}      # where it made constants of Values from outside: of which data
        self.derived = 0                    # how many derivatives are taken of what the function returns
        self.sites: list[Any] = []          # its loops: where each is called, and the ways through its body
        self.kept: list[Value] = []         # those that may lack a way: decisive as guards, also unused
        self.known: list[Any] = []          # the same of the run before, for those that are still to come
        self.outcomes: list[Any] = []       # of each comparison what it was, and how it came out
        self.forced: list[Any] = []         # the same of the next ones, whatever the numbers are
        self.adrift = False                 # whether one came out otherwise by the numbers: no call has them
        self.checks: list[Callable[[Any], None]] = []       # of the Program, each raises where it finds a fault
        self.lookup = ""        # the error of one by a traced number, in whose place NumPy puts an IndexError

    def leave(self, *_: object) -> None:
        """Close the innermost entry of this block."""
        for x in self.inputs:       # someone may have kept it
            x.group = OVER
        super().leave()
        if self.read and modes.recorder:    # the run around this one has them, too
            modes.recorder.read.update(self.read)

    def meets(self, rank: Any) -> None:
        """A Dual of this rank is looked at."""
        self.foreign |= rank[1] not in self.levels

    def leaving(self, x: Any) -> Any:
        """A result of a derivative; where it leaves all transforms it would be a plain number, as the Program knows."""
        if self.derived or len(modes.transforms) != self.depth or not isinstance(x, Value):
            return x
        own = apply(chosen, (1.0, x, x))        # another name: the function may use that very node, too
        self.plain.add(own)
        return cast(Value, own)

    def forced_outcome(self, kind: Any, outcome: bool) -> bool:
        """How a comparison comes out; those that are still forced are forgotten where it is another than expected."""
        expected, forced = self.forced.pop(0)
        if expected != kind:
            self.forced.clear()
            return outcome
        self.adrift |= forced != outcome
        return bool(forced)

    def traces(self, x: Value) -> bool:
        """Whether ``x`` depends on the run, so that its number may not be frozen."""
        return x in self.inputs or (x._serial > self.start and (x._a is not None or x.group is OVER))


def _compared(relation: str, usual: Any) -> Callable[[Value, Any], bool]:
    compare = COMPARISONS[relation]

    def method(self: Value, other: Any) -> bool:
        caller = sys._getframe(2)       # above the code that stands in the method's place
        if relation.startswith("greater") and caller.f_globals.get("__name__") in DISTRIBUTIONS:
            refuse_distributions(caller, modes.recorder is not None)
        if is_shaped(other):
            return elementwise(partial(compare, self), [other]).astype(bool)     # type: ignore[no-any-return]
        other = unboxed(other)
        while isinstance(other, Operand) and not isinstance(other, Value):     # a Dual: its primal decides
            other = other._primal
        if hasattr(other, "dtype") and getattr(other, "shape", None) == ():
            other = number(other, relation)     # NumPy would compare in its own precision, which no backend has
        if not modes.recorder:
            only_here(self)
        outcome = bool(compare(self._data, other._data if isinstance(other, Value) else other))
        if modes.recorder:
            decisive = (relation, other) if isinstance(other, (Value, float)) else _in_floats(relation, other)
            if decisive:
                line = users_line()
                kind = relation, other if isinstance(other, float) else None, line
                if modes.recorder.forced:
                    outcome = modes.recorder.forced_outcome(kind, outcome)
                modes.recorder.outcomes.append((kind, outcome))
                modes.recorder.comparisons.append((decisive[0], self, decisive[1], outcome, line))
        return outcome

    return method


def _in_floats(relation: str, other: Any) -> tuple[str, float] | None:
    """The same comparison with a float; None where it comes out the same for every float."""
    if not isinstance(other, (Real, Decimal)):
        kind: Any = type(other)
        if relation in ("equal", "not_equal") and kind.__eq__(other, 0.5) is NotImplemented:
            return None     # None, a string, a tuple: equal to no number, whichever
        raise TraceError(f"a traced Value is compared with a {kind.__name__}, and what comes out would be frozen into "
                         "the compiled function; compare with a number" + shown(users_line()))
    try:
        beside = float(other)
    except OverflowError:
        beside = math.inf if cast(Any, other) > 0 else -math.inf
    if beside == other or beside != beside:
        return relation, beside
    if relation in ("equal", "not_equal"):
        return None         # no float is that number
    # no float lies between the two
    strict = (cast(Any, other) > beside) == (relation in ("greater", "greater_equal"))
    return relation.removesuffix("_equal") + ("" if strict else "_equal"), beside


def _refused(what: str, advice: str | None, usual: Any) -> Any:
    """The method ``usual``, which raises for what is traced, and is noted for Values from outside.

    advice: None where it depends on the call that asks.
    """
    def method(self: Value, *args: Any) -> Any:
        recorder = modes.recorder
        if recorder and recorder.traces(self):
            call, instead = (what, advice) if advice else call_and_advice(what, traced=True)
            if what == "index()":
                instead = "to look something up by it, choose with where and equal, or go over the items with scan; " \
                          "a count is an argument named in static_argnums or static_argnames of jit, or a captured " \
                          "Python int"
            error = f"{call} of a traced Value would be frozen into the compiled function; {instead}"
            error += shown(users_line())
            if what == "index()":
                recorder.lookup = error
            raise TraceError(error)
        if not recorder:
            only_here(self)
        elif self._serial < recorder.start:
            recorder.read.setdefault(users_line(), what)
        return usual(self, *args)

    return method


def only_here(x: Value) -> None:
    """Raise where ``x`` depends on a function that another thread is tracing: nobody would record what is decided."""
    if not tracing:     # an interrupt has ended the last run
        TRACED.set()
    if (x._a is not None or begins((x,), tracing)) and begins(topological_order(x), tracing):
        raise TraceError("a Value that another thread traces is looked at here, and the compiled function would "
                         "not know; compute in one thread" + shown(users_line()))


def _hashed(self: Value) -> int:
    """The identity hash; it raises while tracing, as a lookup by value would be frozen."""
    caller = sys._getframe(1).f_globals.get("__name__") or "autograd"
    if modes.recorder and caller.partition(".")[0] not in OURS and modes.recorder.traces(self):
        raise TraceError("a traced Value cannot be looked up in a dict or a set, as its number may be another next "
                         "time; compare it with ==, or choose with autograd.where" + shown(users_line()))
    return object.__hash__(self)


def _not_here(what: str, usual: Any) -> Any:
    """The method ``usual``, which a traced function may not call at all."""
    def method(self: Value, *args: Any, **kwargs: Any) -> Any:
        if modes.recorder:
            raise TraceError(f"{what} inside a traced function would happen once, while tracing; do it outside, and "
                             "take derivatives with grad" + shown(users_line()))
        return usual(self, *args, **kwargs)

    return method


def _shown(usual: Callable[[Value], str]) -> Callable[[Value], str]:
    def __repr__(self: Value) -> str:       # noqa: N807
        """For print: a traced Value shows the number that it has in this run."""
        return f"Value(data={self._data!r})" if modes.recorder and modes.recorder.traces(self) else usual(self)

    return __repr__


def _formatted(usual: Callable[[Value, str], str]) -> Callable[[Value, str], str]:
    refused = _refused("the text of the number", "print the Value itself", usual)

    def __format__(self: Value, spec: str) -> str:      # noqa: N807
        """Text without a format spec, for print; with one a TraceError, as digits could be parsed back."""
        return refused(self, spec) if spec else str(self)

    return __format__


def _apply(usual: Callable[..., Value]) -> Callable[..., Value]:
    def _apply(self: Value, op: Op, args: Sequence[Any]) -> Value:
        if not modes.no_grad_blocks:
            return usual(self, op, args)
        if modes.recorder:      # a constant to derivatives only
            return make_node(TABLE["stop_gradient"], (make_node(op, args),))
        if not tracing:     # an interrupt has ended the last run
            TRACED.set()
            return usual(self, op, args)
        for arg in args:
            if isinstance(arg, Value):
                only_here(arg)
        return usual(self, op, args)

    return _apply


def _detach(usual: Callable[[Value], Value]) -> Callable[[Value], Value]:
    def detach(self: Value) -> Value:
        return TABLE["stop_gradient"].function(self) if modes.recorder else usual(self)

    return detach


def _data(usual: property) -> property:
    return property(_refused("the data", "compute with the Value itself", usual.fget),
                    _not_here("assigning data", usual.fset))


def _grad(usual: property) -> property:
    return property(_not_here("reading grad", usual.fget), _not_here("assigning grad", usual.fset))


_methods: dict[str, Wrapper] = {
    "_apply": _apply,
    "detach": _detach,
    "data": _data,
    "grad": _grad,
    "partials": lambda usual: property(_refused("partials", "take derivatives with grad", usual.fget)),
    "has_grad": lambda usual: property(_not_here("reading has_grad", usual.fget)),
    "backward": partial(_not_here, "backward()"),
    "__hash__": lambda usual: _hashed,
    "__repr__": _shown,
    "__format__": _formatted,
    **{f"__{python}__": partial(_compared, relation) for python, relation in (
        ("lt", "less"), ("le", "less_equal"), ("gt", "greater"), ("ge", "greater_equal"), ("eq", "equal"),
        ("ne", "not_equal"))},
    **{f"__{kind}__": partial(_refused, f"{kind}()", None) for kind in ("float", "int", "complex", "index")},
    **{copy: partial(_refused, "a copy", "use the Value itself") for copy in ("__reduce__", "__copy__")},
}
fill("tracing", {(Value, name): wrapper for name, wrapper in _methods.items()})
