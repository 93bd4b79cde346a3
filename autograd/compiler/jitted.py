"""A compiled function: the way of a call to the specialization that answers it."""

from collections.abc import Callable, Sequence
from functools import update_wrapper
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

from autograd.compiler.bound_methods import BoundMethod
from autograd.compiler.buffers import bind
from autograd.compiler.executable import bare
from autograd.compiler.interpreter import Interpreted, run_eagerly
from autograd.compiler.methods import NUMBERS, Attached
from autograd.compiler.new_specialization import new_specialization
from autograd.compiler.recorder import Recorder, only_here
from autograd.compiler.signature import call_signature
from autograd.compiler.specializations import Specialization, Specializations
from autograd.compiler.specialized import Specialized
from autograd.compiler.static_arguments import StaticArguments
from autograd.compiler.verify import Verifying
from autograd.graph.context import active_inputs, modes, outermost, tracing
from autograd.graph.instrumentation import fill
from autograd.graph.value import Value
from autograd.ops.operand import Operand
from autograd.program.nested import can_fail
from autograd.transforms.pytree import StaticArgument

NO_MEMORY = -2          # what code gives where it got none
MOST_PARTIALS = 1000    # outputs times inputs, up to which Values go through code; beyond, the Program is interpreted


class Jitted(Specialized):
    """A function that is compiled when it is called, again for each way in which its comparisons come out."""

    verifies = False
    version, each_time = Specialization, "such calls run uncompiled"
    _bound = 0          # how many arguments are bound before those of a call

    def __init__(self, function: Callable[..., Any], backend: str, static: StaticArguments | None = None,
                 fast: bool = False, cache: bool = False) -> None:
        self.function, self.backend, self.static, self.fast, self.cache = function, backend, static, fast, cache
        self.versions = Specializations()
        self.warned: set[str] = set()       # the nondeterministic calls that it has warned of
        self.objects = Attached(self)       # specializations for objects that have no place for them
        self._methods = WeakKeyDictionary()
        self._attribute = self.__name__ = self.__qualname__ = getattr(function, "__name__", "f")
        update_wrapper(self, function, updated=())

    @property
    def _traceable(self) -> Callable[..., Any]:
        return self.function

    # ---- a call ----

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        root, given = self.versions.latest, args
        if kwargs:
            root, given = self.versions.latest_by_names.get(tuple(kwargs)), args + tuple(kwargs.values())
        if root is not None and not active_inputs:      # else captured Values are looked at first
            out = root.fast_entry(given)
            if out.__class__ is int:
                out = root.fast_result(out, given)
            if out is not None:
                return out
        if args and args[0].__class__ not in NUMBERS and self._is_method(args[0]):      # C.f(c, x); in a property
            return self.__get__(args[0])(*args[1:], **kwargs)
        if self.static:
            args, kwargs = self.static.marked(args, kwargs, self._bound)
        if tracing and modes.recorder:      # inside another function that is traced: a part of that
            return run_eagerly(self.function, args, kwargs)
        return self._find_and_run(args, kwargs)

    def _find_and_run(self, args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
        """Run the specialization for this signature; where one of its guards fails, the one for that; and so on."""
        signature, numbers, floats = call_signature(args, kwargs)
        forward = not floats and any(isinstance(x, Operand) and not isinstance(x, Value) for x in numbers)
        if forward and all(isinstance(x, Operand) for x in numbers):
            if self.static:
                args, kwargs = tuple(map(_plain, args)), {name: _plain(x) for name, x in kwargs.items()}
            return self.function(*args, **kwargs)   # by reverse mode its last bits would be others
        above: tuple[Specialization, int] | None = None
        found = self.versions.roots.get(signature)
        while True:
            if found is None or ((found.mentions or active_inputs) and not found.holds(self, signature)):
                found = new_specialization(self, above, signature, args, kwargs)
                if found is None:
                    return run_eagerly(self.function, args, kwargs)
            if above is None and found.fast_entry:
                self.versions.keep_latest(found, signature[1])
            inputs = plain = numbers
            if found.captured or not floats:
                inputs = numbers + found.captured
                plain = [x if x.__class__ is float else x._data if x.__class__ is Value else bare(x) for x in inputs]
            out = found.run(plain)
            if out.__class__ is not int:
                if inputs is plain or not self._gives_values(found, inputs):
                    return found.build_result(out)
                return self._differentiable(found, inputs, out, forward)
            if out == NO_MEMORY:
                raise MemoryError(f"{self.__name__}: no memory is left for what the loops keep of each iteration; give "
                                  "them checkpoint=, a number of snapshots")
            above = found, out
            found = found.by_failed_guard.get(out)

    def _gives_values(self, found: Specialization, inputs: Sequence[Any]) -> bool:
        """Whether the result is Values: some inputs are, and it is no derivative that leaves all transforms."""
        if Recorder.open and any(can_fail(root.trace.program) for root in list(self.versions.roots.values())):
            for x in inputs:
                if isinstance(x, Value):
                    only_here(x)
        return not (found.trace.derived and outermost()) and any(isinstance(x, Operand) for x in inputs)

    def _differentiable(self, found: Specialization, inputs: Sequence[Any], out: Sequence[float],
                        forward: bool) -> Any:
        """The result as Values and Duals, with the code as one op; ``out``: the outputs for the plain numbers."""
        program, plain = found.trace.program, found.trace.plain if outermost() else frozenset()
        if forward or len(program.outputs) * len(inputs) > MOST_PARTIALS:
            return found.trace.filled(Interpreted(found.code.straight(), plain).run(inputs))
        return found.trace.filled((found.outside_code if plain else found.code).on(inputs, out))

    def bind(self, *args: Any, out: Any) -> Any:
        """A function of no arguments that reads ``args`` and writes the result, number after number, into ``out``.

        args, out: buffers of doubles, such as NumPy arrays, which may change between calls; nothing is
        copied or allocated, unless they overlap. For functions of one argument. It is compiled now, at
        the numbers in ``args``; nothing is written yet. Where it captures Values, a call reads these, one
        after another; or `read()` does so once, and each `held()` is a call with what was read.

        >>> from array import array
        >>> from autograd import jit
        >>> x, y = array("d", [3.0]), array("d", [0.0])
        >>> run = jit(lambda p: p[0] * p[0]).bind(x, out=y)
        >>> run(); y[0]
        9.0
        """
        if len(args) != 1:
            raise TypeError(f"bind: {len(args)} arguments; write the function with one, a sequence of all numbers")
        return bind(self, args[0], out)

    # ---- copies ----

    def __repr__(self) -> str:
        return f"<jit of {self.__qualname__}{', fast' if self.fast else ''}: {len(self.programs)} versions>"

    def __getstate__(self) -> dict[str, Any]:
        state = {"function": self.function, "backend": self.backend, "static": self.static, "cache": self.cache}
        return state | ({"fast": True} if self.fast else {})

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(**{"static": None, "cache": False, **state})      # type: ignore[misc]  # older pickles have none


def _plain(x: Any) -> Any:
    return x.value if x.__class__ is StaticArgument else x


class Verified(Verifying, Jitted):
    """A function that is verified."""

    def __init__(self, function: Callable[..., Any], backend: str, static: StaticArguments | None, cache: bool,
                 verify: int) -> None:
        super().__init__(function, backend, static, cache)
        self._verify, self._calls = verify, count(1)

    def __getstate__(self) -> dict[str, Any]:
        return super().__getstate__() | {"verify": self._verify}


class JittedMethod(BoundMethod, Jitted):
    """A compiled function as a method of an object."""


class VerifiedMethod(Verifying, JittedMethod):
    """A method that is verified, with the function's count of calls."""


Jitted._as_method, Verified._as_method = JittedMethod, VerifiedMethod


def _watched_call(usual: Callable[..., Any]) -> Callable[..., Any]:
    def __call__(self: Jitted, *args: Any, **kwargs: Any) -> Any:       # noqa: N807
        # machine code cannot say where a nan came from
        watched = modes.watched or modes.watched_nan
        if watched and self.static:
            args, kwargs = self.static.marked(args, kwargs, self._bound)
        return run_eagerly(self.function, args, kwargs) if watched else usual(self, *args, **kwargs)

    return __call__


fill("calls", {(Jitted, "__call__"): _watched_call})
