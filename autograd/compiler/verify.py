"""jit's verify option: run a call once more, eagerly, and report the first bit that differs."""

from collections.abc import Callable, Sequence
from math import copysign
from typing import Any

from autograd.compiler.derivatives import trace_and_differentiate
from autograd.compiler.interpreter import run_eagerly
from autograd.compiler.methods import NUMBERS, refuse_object
from autograd.errors import AutogradError
from autograd.graph.context import modes
from autograd.graph.value import Value
from autograd.ops.ieee import number
from autograd.ops.operand import Operand
from autograd.program.program import Program
from autograd.transforms.pytree import StaticArgument, innermost, is_static, unpack
from autograd.transforms.reverse import Transform


class Verifying:
    """A compiled function some of whose calls run eagerly, too, and have to be bit-identical: one in ``_verify``."""

    verifies = True
    _verify: int
    _calls: Any

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        this: Any = self
        if args and args[0].__class__ not in NUMBERS and this._is_method(args[0]):
            return this.__get__(args[0])(*args[1:], **kwargs)
        call: Callable[..., Any] = super().__call__     # type: ignore[misc]
        if modes.recorder or next(self._calls) % self._verify:
            return call(*args, **kwargs)
        refuse_object(self, args)
        if this.static:
            args, kwargs = this.static.marked(args, kwargs, this._bound)
        return check_bits(self, call, args, kwargs)


def check_bits(jitted: Any, call: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
    """The result of ``call``; AutogradError if the function itself gives other numbers on Values.

    A nan equals every nan, and -0.0 is not 0.0.
    """
    function = jitted.function
    derived = isinstance(getattr(function, "_traceable", function), Transform)      # which makes Values of its own
    own = [_copied(x, derived) for x in args]       # the function may change what it gets
    named = {name: _copied(x, derived) for name, x in kwargs.items()}
    out = call(*args, **kwargs)
    try:
        # the arguments that a derivative is not taken by are Values, too, as while it is traced
        eager = run_eagerly(function, own, named) if derived else function(*own, **named)
    except Exception as error:
        raise AutogradError(f"{jitted.__name__}: verify: eagerly it raises {type(error).__name__}: {error}; compiled "
                            f"it gives {out!r}{_why(jitted, args, kwargs)}") from error
    found, wanted = _numbers(out), _numbers(eager)
    if len(found) != len(wanted):
        raise AutogradError(f"{jitted.__name__}: verify: its result has {len(found)} numbers compiled, and "
                            f"{len(wanted)} eagerly{_why(jitted, args, kwargs)}")
    for i, (a, b) in enumerate(zip(found, wanted, strict=True)):
        if not (a != a and b != b) and (a != b or copysign(1.0, a) != copysign(1.0, b)):
            which = "its result" if len(found) == 1 else f"number {i} (counted from 0) of its result"
            raise AutogradError(f"{jitted.__name__}: verify: {which} is {a!r} compiled, and {b!r} eagerly"
                                f"{_why(jitted, args, kwargs)}")
    return out


def _copied(x: Any, derived: bool) -> Any:
    if is_static(x):
        return x.value if x.__class__ is StaticArgument else x
    items, rebuild = unpack(list(x) if isinstance(x, range) else x, argument=True)
    return rebuild([x if isinstance(x, Operand) else number(x, "jit") if derived else Value(number(x, "jit"))
                    for x in items])


def _numbers(x: Any) -> list[float]:
    return [number(innermost(item), "jit") for item in unpack(x)[0]]


def _why(jitted: Any, args: Sequence[Any], kwargs: dict[str, Any]) -> str:
    """The captured number that changed since the function was traced, if a new trace shows exactly one."""
    advice = "; compile the function again if it captures other things now, or give them as arguments"
    try:
        now = trace_and_differentiate(jitted.function, args, kwargs).program
    except Exception:       # the message is about something else
        return advice
    pairs: list[tuple[Any, Any]] = []
    for root in list(jitted.versions.roots.values()):
        for _, specialization, _, _ in root.all():
            pairs = _constants(specialization.code.straight(), now)
            if len(pairs) == 1:
                return f": a number from outside was {pairs[0][0]!r} when it was traced, and is {pairs[0][1]!r}{advice}"
    return advice


def _constants(one: Program, other: Program) -> list[tuple[Any, Any]]:
    """The pairs of constants in which two Programs differ; empty where they differ in anything else."""
    if [x.op for x in one.instructions] != [x.op for x in other.instructions]:
        return []
    atoms = [[*(a for x in program.instructions for a in x.args), *program.outputs] for program in (one, other)]
    pairs = {(repr(a), repr(b)): (a, b) for a, b in zip(*atoms, strict=True) if repr(a) != repr(b)}
    return [] if any(int in (type(a), type(b)) for a, b in pairs.values()) else list(pairs.values())
