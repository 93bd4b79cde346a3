"""What Values do while a function is traced: comparisons are recorded, and what would freeze a number raises."""

import math
import sys
from collections.abc import Callable, Sequence
from decimal import Decimal
from numbers import Real
from typing import Any, cast

from autograd.errors import TraceError
from autograd.graph.context import begins, modes, tracing
from autograd.graph.instrumentation import MethodLayers, ThreadContext, instrumented
from autograd.graph.value import Group, Value, make_node, serials, topological_order
from autograd.ops.ieee import number
from autograd.ops.internal import chosen
from autograd.ops.operand import COMPARISONS, Operand
from autograd.ops.primitives import TABLE, Op, apply
from autograd.source_lines import OURS, Line, shown, users_line

_swaps = MethodLayers({}, tracing)      # filled at the end
OVER = Group(("an input of a run that is over",), ())


class Recorder(ThreadContext):
    """The run that is going on in this context."""

    mode = "traced"
    swaps = _swaps
    open = _swaps.open

    def __init__(self) -> None:
        super().__init__()
        self.start = next(serials)          # what is younger was made by this run
        self.inputs: set[Value] = set()
        self.comparisons: list[tuple[str, Any, Any, bool]] = []
        self.levels: set[int] = set()       # of the derivatives taken inside this run
        self.foreign = False                # whether it met others, which no Program can take as an input
        self.plain: set[Value] = set()      # what derivatives taken here gave, if no other is around them
        self.depth = -1                     # how many transforms there are where none of the function's is around
        self.read: dict[Line | None, str] = {}      # where it made constants of Values from outside: of which data
        self.derived = 0                    # how many derivatives are taken of what the function returns

    def leave(self, *_: object) -> None:
        """What ``__exit__`` does."""
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

    def traces(self, x: Value) -> bool:
        """Whether ``x`` depends on the run, so that its number may not be frozen."""
        return x in self.inputs or (x._serial > self.start and x._a is not None)


def _compared(relation: str) -> Callable[[Value, Any], bool]:
    compare = COMPARISONS[relation]

    def method(self: Value, other: Any) -> bool:
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
                modes.recorder.comparisons.append((decisive[0], self, decisive[1], outcome))
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


def _refused(what: str, advice: str, usual: Any) -> Any:
    """The method ``usual``, which raises for what is traced, and is noted for Values from outside."""
    def method(self: Value, *args: Any) -> Any:
        recorder = modes.recorder
        if recorder and recorder.traces(self):
            raise TraceError(f"{what} of a traced Value would be frozen into the compiled function; {advice}"
                             + shown(users_line()))
        if not recorder:
            only_here(self)
        elif self._serial < recorder.start:
            recorder.read.setdefault(users_line(), what)
        return usual(self, *args)

    return method


def only_here(x: Value) -> None:
    """Raise where ``x`` depends on a function that another thread is tracing: nobody would record what is decided."""
    if not _swaps.open:     # an interrupt has ended the last run
        _swaps.set()
    if (x._a is not None or begins((x,), _swaps.open)) and begins(topological_order(x), _swaps.open):
        raise TraceError("a Value that another thread traces is looked at here, and the compiled function would "
                         "not know; compute in one thread" + shown(users_line()))


def _hashed(self: Value) -> int:
    """By identity, as always; but who looks a traced number up in a dict or a set would not find an equal one."""
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


def _shown(self: Value) -> str:
    """For print: a traced Value shows the number that it has in this run."""
    return f"Value(data={self._data!r})" if modes.recorder and modes.recorder.traces(self) else _usual_repr(self)


_text_refused = _refused("the text of the number", "print the Value itself", Operand.__format__)


def _formatted(self: Value, spec: str) -> Any:
    """As it is, for print, it may be shown; its digits could become a number again."""
    return _text_refused(self, spec) if spec else str(self)


def _apply(self: Value, op: Op, args: Sequence[Any]) -> Value:
    if not (modes.recorder and modes.no_grad_blocks):
        if modes.no_grad_blocks:
            for arg in args:
                if isinstance(arg, Value):
                    only_here(arg)
        return cast(Value, _usual_apply(self, op, args))
    return make_node(TABLE["stop_gradient"], (make_node(op, args),))     # no_grad: a constant to derivatives only


def _detach(self: Value) -> Value:
    return TABLE["stop_gradient"].function(self) if modes.recorder else _usual_detach(self)


_usual_apply, _usual_detach, _usual_repr = instrumented.methods[Value, "_apply"][1], Value.detach, Value.__repr__
_data, _grad, _partials, _has_grad = [vars(Value)[_name] for _name in ("data", "grad", "partials", "has_grad")]
instrumented.methods[Value, "_apply"] = instrumented.methods[Value, "_apply"][0], _apply
_swaps.methods[Value, "detach"] = _usual_detach, _detach
_swaps.methods[Value, "data"] = _data, property(_refused("the data", "compute with the Value itself", _data.fget),
                                       _not_here("assigning data", _data.fset))
_swaps.methods[Value, "grad"] = _grad, property(_not_here("reading grad", _grad.fget),
                                                _not_here("assigning grad", _grad.fset))
_swaps.methods[Value, "partials"] = _partials, property(
    _refused("partials", "take derivatives with grad", _partials.fget))
_swaps.methods[Value, "has_grad"] = _has_grad, property(_not_here("reading has_grad", _has_grad.fget))
_backward = instrumented.methods[Value, "backward"][0]
_swaps.methods[Value, "backward"] = _backward, _not_here("backward()", _backward)
_swaps.methods[Value, "__hash__"] = None, _hashed
_swaps.methods[Value, "__repr__"] = _usual_repr, _shown
_swaps.methods[Value, "__format__"] = None, _formatted
for _python, _relation in (("lt", "less"), ("le", "less_equal"), ("gt", "greater"), ("ge", "greater_equal"),
                           ("eq", "equal"), ("ne", "not_equal")):
    _swaps.methods[Value, f"__{_python}__"] = None, _compared(_relation)
for _name, _advice in (("float", "use autograd's functions for math's, as autograd.sin"), ("int", "use trunc"),
                       ("complex", "there are no complex Values"),
                       ("index", "give counts as Python ints that the function captures")):
    _swaps.methods[Value, f"__{_name}__"] = None, _refused(f"{_name}()", _advice, getattr(Operand, f"__{_name}__"))
for _name in ("__reduce__", "__copy__"):
    _swaps.methods[Value, _name] = vars(Value)[_name], _refused("a copy", "use the Value itself", vars(Value)[_name])
for _each in (_swaps, instrumented):      # this file may be loaded inside a block
    _each.install()
