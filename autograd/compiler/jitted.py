"""jit: which Program answers a call, and when the function has to be traced again."""

import sys
import warnings
from collections.abc import Callable, Sequence
from functools import partial, update_wrapper
from itertools import count
from operator import attrgetter
from typing import Any, cast
from weakref import WeakKeyDictionary, ref

from autograd.compiler.buffers import bind
from autograd.compiler.derivatives import recording
from autograd.compiler.draws import Draws, warn
from autograd.compiler.executable import bare
from autograd.compiler.methods import NAME, Attached, below, is_method, refuse_object, versions_of
from autograd.compiler.reach import Reach
from autograd.compiler.readings import Reading
from autograd.compiler.recorder import Recorder, only_here
from autograd.compiler.signature import flags, signature
from autograd.compiler.specializations import Programs, Specializations, Version
from autograd.compiler.tracing import CapturesDualError
from autograd.compiler.uncompiled import Interpreted, on_values
from autograd.compiler.verify import check_bits
from autograd.graph.context import active_inputs, modes, outermost
from autograd.graph.instrumentation import fill
from autograd.graph.value import Value
from autograd.ops.noted import noted
from autograd.ops.operand import Operand

VERSIONS = 64       # of one structure of arguments
STRUCTURES = 256
NUMBERS = frozenset({float, int, list, tuple, Value})
SLOPES = 1000      # outputs times inputs, up to which Values go through the code; beyond, through the function


class Jitted:
    """A function that is compiled when it is called, again for each way in which its comparisons come out."""

    verifies = False
    _as_method: type["Bound"]

    def __init__(self, function: Callable[..., Any], backend: str) -> None:
        self.function, self.backend = function, backend
        self.versions = Specializations()
        self._told: set[str] = set()        # which draws it has warned of
        self.objects = Attached(self)       # versions for objects that have no place for them
        self._methods: WeakKeyDictionary[type, bool] = WeakKeyDictionary()      # classes that have it as a method
        self._attribute = self.__name__ = self.__qualname__ = getattr(function, "__name__", "f")
        update_wrapper(self, function, updated=())

    @property
    def _traceable(self) -> Callable[..., Any]:
        return self.function

    @property
    def programs(self) -> Programs:
        """Every version made so far, as a list of Programs; its text shows which guard leads to which."""
        return Programs(self.versions.roots.copy().items())

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        root = self.versions.latest
        if root is not None and not kwargs and not active_inputs:     # which would have to look outside
            out = root.quick(args)
            if out.__class__ is int:
                out = root.below(out, args)
            if out is not None:
                return out
        if args and args[0].__class__ not in NUMBERS and self._is_method(args[0]):      # C.f(c, x); in a property
            return self.__get__(args[0])(*args[1:], **kwargs)
        if modes.recorder:      # inside another function that is traced: a part of that
            return on_values(self.function, args, kwargs)
        key, items, floats = signature(args, kwargs)
        forward = not floats and any(isinstance(x, Operand) and not isinstance(x, Value) for x in items)
        if forward and all(isinstance(x, Operand) for x in items):
            return self.function(*args, **kwargs)   # by reverse mode its last bits would be others
        version = self.versions.roots.get(key)
        if version is None or ((version.mentions or active_inputs) and not version.holds(self, key)):
            version = self._trace(None, key, args, kwargs)
        if version and version.quick:
            self.versions.latest = version
        while version:
            inputs, plain = items, items
            if version.made.captured or not floats:
                inputs = items + version.made.captured
                plain = [x if x.__class__ is float else x._data if x.__class__ is Value else bare(x) for x in inputs]
            out = version.code.run(plain)
            if out.__class__ is not int:
                if inputs is plain or not self._goes_on(version, inputs):
                    return version.give(out)
                program, cut = version.made.program, version.made.plain if outermost() else ()
                if forward or len(program.outputs) * len(inputs) > SLOPES:
                    return version.made.rebuild(list(Interpreted(program, cut).run(inputs)))
                return version.made.rebuild(list((version.outside if cut else version.code).on(inputs, out)))
            found = version.others.get(out)
            if found is None or ((found.mentions or active_inputs) and not found.holds(self, key)):
                found = self._trace((version, out), key, args, kwargs)
            version = found
        return on_values(self.function, args, kwargs)

    def _is_method(self, x: Any) -> bool:
        """Whether a first argument is an object of which this is a method."""
        kind = x.__class__
        if kind.__module__ in ("builtins", "numpy"):
            return False
        if kind not in self._methods:
            self._methods[kind] = is_method(self, kind)
        return self._methods[kind]

    def _goes_on(self, version: Version, inputs: Sequence[Any]) -> bool:
        """Whether the result is Values: some inputs are, and it is no derivative that leaves all transforms."""
        if Recorder.open and any(root.made.program.guards for root in list(self.versions.roots.values())):
            for x in inputs:
                if isinstance(x, Value):
                    only_here(x)
        return not (version.made.derived and outermost()) and any(isinstance(x, Operand) for x in inputs)

    def bind(self, *args: Any, out: Any) -> Any:
        """A function of no arguments that reads ``args`` and writes the result, number after number, into ``out``.

        args, out: buffers of doubles, such as NumPy arrays, which may change between calls; nothing is
        copied or allocated, unless they overlap. For functions of one argument. It is compiled now, at
        the numbers in ``args``; nothing is written yet. Where it captures Values, a call reads these, one
        after another; or `read()` does so once, and each `held()` is a call with what was read.

        >>> from array import array
        >>> x, y = array("d", [3.0]), array("d", [0.0])
        >>> run = jit(lambda p: p[0] * p[0]).bind(x, out=y)
        >>> run(); y[0]
        9.0
        """
        if len(args) != 1:
            raise TypeError(f"bind: {len(args)} arguments; write the function with one, a sequence of all numbers")
        return bind(self, args[0], out)

    def _trace(self, failed: Any, key: Any, args: Sequence[Any], kwargs: dict[str, Any]) -> Version | None:
        """A new version, kept where calls like this one will look for it, unless there are too many.

        None where the function has no Program, as it captures what forward mode differentiates by. Without a lock: a
        thread that ``function`` starts may call it, too, while its caller waits here; a process may be forked. Where
        several threads are at it, the first one's is kept.
        """
        refuse_object(self, args)
        versions = self.versions
        if versions.captures and versions.captures() is modes.innermost is not None:
            return None
        table, place = (failed[0].others, failed[1]) if failed else (versions.roots, key)
        known = table.get(place)
        if known:
            if known.holds(self, key):       # another thread was faster
                return cast(Version, known)
            if not known.moved(self, key):       # else it may be needed again when the derivative is there
                table.pop(place, None)
                versions.latest = None
        runs = self.runs(key)
        with noted() as mentions:
            with Draws(Reach(*runs, numbers=False)) as draws:
                try:
                    made = recording(self.function, args, kwargs)
                except CapturesDualError:       # the caller runs the function itself
                    versions.captures = modes.innermost and ref(modes.innermost)
                    return None
            warn(draws, self.__name__, self._told)
            full, passing = self._full(key), _passing(made.captured)
            backend = None if full or passing or place in table else self.backend
            read = failed[0].read if failed else None
            if backend and (read is None or not read.same()):       # one Reading serves all versions
                read = Reading(*runs)
            version = Version(made, backend, key, mentions, read if backend else None)
        if backend:
            kept = cast(Version, table.setdefault(place, version))
            return kept if kept.holds(self, key) else version
        if full:
            self._uncompiled(full, 1)
        elif passing and not modes.transforms:      # where a derivative is being taken it is what one expects
            self._uncompiled("it captures a Value that was computed outside, or that a derivative was taken by; "
                             "such calls run uncompiled: compute it inside, or give it as an argument", 2)
        return version

    def runs(self, key: Any) -> list[Any]:
        """What runs in calls of this structure: the function, and arguments that may be functions."""
        return [self.function, *flags(key)]

    def _uncompiled(self, why: str, time: int) -> None:
        """Count the calls that run uncompiled for this reason, and warn at one of them."""
        self.versions.uncompiled[why] += 1
        if self.versions.uncompiled[why] == time:
            warnings.warn(f"{self.__name__}: {why}", RuntimeWarning, stacklevel=4)

    def _full(self, key: Any) -> str:
        """Why there is no room for another version; empty where there is."""
        root = self.versions.roots.get(key)
        if root is None:
            why = f"its arguments came in more than {STRUCTURES} structures (lengths, shapes, flags, functions)" \
                if len(self.versions.roots) >= STRUCTURES else ""
        else:
            why = f"its comparisons came out in more than {VERSIONS} ways for one structure of its arguments" \
                if sum(1 for _ in root.all()) >= VERSIONS else ""
        return why and f"{why}; from now on calls that need another version run uncompiled"

    # ---- methods and copies ----

    def __set_name__(self, owner: Any, name: str) -> None:
        self._attribute = name

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        if instance is None:
            return self
        bound = _new(self._as_method)
        bound.__func__ = self
        bound.__self__ = instance
        try:        # the quick way of versions_of
            attached = instance.__dict__[NAME]
            if attached.owner() is instance:
                bound.versions = attached.kept[id(self)]
                return bound
        except (AttributeError, KeyError, TypeError):
            pass
        bound.versions = versions_of(self, instance, Specializations)
        return bound

    def __repr__(self) -> str:
        return f"<jit of {self.__qualname__}: {len(self.programs)} versions>"

    def __reduce_ex__(self, protocol: Any) -> Any:
        """The function and the backend; the versions are made again. Of what has a name, its name."""
        module, name = sys.modules.get(self.__module__), self.__qualname__
        try:
            found = attrgetter(name)(module)
        except AttributeError:
            found = None
        return name if found is self else object.__reduce_ex__(self, 2)

    def __getstate__(self) -> dict[str, Any]:
        return {"function": self.function, "backend": self.backend}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(**state)      # type: ignore[misc]


class _Verifying(Jitted):
    """One of which every so many calls run eagerly, too, and have to give the same bits."""

    verifies = True
    _verify: int
    _calls: Any

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if args and args[0].__class__ not in NUMBERS and self._is_method(args[0]):
            return self.__get__(args[0])(*args[1:], **kwargs)
        if modes.recorder or next(self._calls) % self._verify:
            return super().__call__(*args, **kwargs)
        refuse_object(self, args)
        return check_bits(self, super().__call__, args, kwargs)


class Verified(_Verifying):
    """A function that is verified."""

    def __init__(self, function: Callable[..., Any], backend: str, verify: int) -> None:
        super().__init__(function, backend)
        self._verify, self._calls = verify, count(1)

    def __getstate__(self) -> dict[str, Any]:
        return super().__getstate__() | {"verify": self._verify}


class Bound(Jitted):
    """A compiled function as a method of an object; what is not said here it has from the function, as methods do."""

    __func__: Jitted
    __self__: Any

    def __getattr__(self, name: str) -> Any:
        if name == "function" or name == "__wrapped__":
            return partial(self.__func__.function, self.__self__)
        return getattr(self.__func__, name)

    def _is_method(self, x: Any) -> bool:
        return False

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        return self

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Bound) and self.__func__ is other.__func__ and self.__self__ is other.__self__

    def __hash__(self) -> int:
        return hash((id(self.__func__), id(self.__self__)))

    def __reduce_ex__(self, protocol: Any) -> Any:
        if getattr(self.__self__, self._attribute, None) == self:
            return getattr, (self.__self__, self._attribute)
        return Jitted.__get__, (self.__func__, self.__self__)


def _passing(captured: Sequence[Value]) -> bool:
    """Whether a version that captures these Values is for one call only: the next one will hardly find them.

    One that was computed never has another number; one that a derivative is taken by is gone when that is over.
    """
    return any(x._a is not None or x._da for x in captured)


class VerifiedMethod(_Verifying, Bound):
    """One that is verified, with the function's count of calls."""


Jitted._as_method, Verified._as_method = Bound, VerifiedMethod


def jit(f: Callable[..., Any] | None = None, *, backend: str | None = None, verify: int | None = None) -> Any:
    """``f`` compiled: the same numbers to the bit, the same derivatives, in a fraction of the time.

    f: a function of numbers, sequences and arrays; also ``grad``, ``value_and_grad``, ``hessian``, ... of one.
    backend: "llvm" for machine code, which needs llvmlite (the extra ``jit``), or "python" for source code. Left out:
        llvm where it is installed; else, and for ops of your own that only Python can compute, python.
    verify: every so many calls ``f`` runs on Values, too; AutogradError where the numbers differ in a bit: where
        something from outside has changed since, or ``f`` depends on what jit cannot see. 1 looks at every call.

    Inputs are all numbers in the arguments, and the Values that ``f`` captures, such as parameters: they are read
    at each call, as float64, so give them other numbers by assigning ``.data``. Bools, arrays of bools (where these
    only multiply, write ``mask.astype(float)``), strings, None and functions are static: for others of them, and for
    other containers, lengths, shapes and layouts in memory, ``f`` is compiled again. Everything else is as it was
    then: plain numbers from outside, which Value a name or an attribute holds, random numbers, the clock; and what
    ``f`` prints, or does to a list or an array that it was given, it does then only, to a copy. A generator or a clock
    that is called then gives a RuntimeWarning with your line. Results have IEEE's values, as those of Values: 1/x is
    inf at 0.0, where plain floats raise.

    Some things from outside are followed all the same, as a gradient would be wrong without a word. A Value that was
    computed outside, or that a derivative is taken by, is another one each time: calls that capture such ones run
    uncompiled. Where a derivative is taken, so do calls that find another Value than was compiled, or one where there
    was a number, in what the code of ``f`` names: variables, attributes, defaults, context variables, and the lists,
    dicts, arrays and objects in these; not what only code in C sees, nor `globals()` by a name put together. Variables
    that a formula of an op of your own mentions may be given other numbers, and ``f`` is compiled again; a formula that
    reads a list, or an object, is a TraceError.

    A call for which there is no code yet traces ``f``: runs it on Values, and records what they do. Each comparison
    of theirs (``if``, ``while``, ``max``, ``sorted``) is a guard; where one comes out differently in a later call,
    ``f`` is traced again and both versions are kept, up to 64 for one structure of the arguments and up to 256
    structures. Calls that need more than that run uncompiled, with one warning. ``programs`` shows what there is.
    Uncompiled calls give the same bits and types: ``f`` is traced, and what was recorded is carried out op by op.

    Each object has versions of its own of a compiled method, for as long as it is there. ``@jit`` goes above or below
    ``@property``, ``@classmethod`` and ``@staticmethod``; other decorators belong below it, or use ``functools.wraps``.
    Third derivatives and higher ones of a power have guards for the cases of its slope, too.

    What would make a constant of a traced number raises TraceError, with your line: ``float(x)``, ``int(x)``,
    ``math.sin(x)`` (write ``autograd.sin``), ``x.data``, ``x in {1.0, 2.0}``; and so does what would happen only while
    tracing, such as ``backward()``. Any thread may call, also while another one traces. Copies and pickles take the
    function with them, and not the code.

    Inside a larger function that is differentiated, a compiled one is one op: what passes through it is right to
    rounding, but may be added up in another order than eager's. Forward mode goes through ``f`` itself, also where
    ``f`` captures what the derivative is taken by.

    The bits of a second derivative may be others than eager's where it is taken by a cotangent of `vjp` or a
    tangent of `jvp` beside one that is 0 in this call: eager leaves that one out of a sum; code adds -0.0 in its place.

    >>> from autograd import grad
    >>> cube = jit(lambda x: x * x * x if x > 0 else 0 * x)
    >>> cube(2), cube(-1), len(cube.programs)
    (8.0, -0.0, 2)
    >>> cube.programs
    <Program f: 1 inputs, 2 instructions>
      x > 0.0 is False: <Program f: 1 inputs, 1 instructions>
    >>> grad(cube)(3.0), jit(grad(cube))(3.0)
    (27.0, 27.0)
    >>> @jit
    ... def norm(p, squared=False):
    ...     total = sum(x * x for x in p)
    ...     return total if squared else total**0.5
    >>> norm([3.0, 4.0]), norm((3, 4), squared=True)
    (5.0, 25.0)
    """
    if backend not in (None, "llvm", "python"):
        raise ValueError(f"jit: backend={backend!r}; choose 'llvm' or 'python', or leave it out for the best there is")
    if verify is not None and (type(verify) is not int or verify < 1):
        raise ValueError(f"jit: verify={verify!r}; give a whole number, such as 100 for every hundredth call, or None")
    if f is None:       # @jit(backend="python")
        return partial(jit, backend=backend, verify=verify)
    made = below(partial(jit, backend=backend, verify=verify), f)
    if made is not None:        # above @property, @classmethod, ...: the other way round it is the same
        return made
    if not callable(f):
        raise TypeError(f"jit: expected a function, not {type(f).__name__}; write jit(f)(x)")
    return Jitted(f, backend or "auto") if verify is None else Verified(f, backend or "auto", verify)


def _watched_call(usual: Callable[..., Any]) -> Callable[..., Any]:
    def __call__(self: Jitted, *args: Any, **kwargs: Any) -> Any:       # noqa: N807
        # machine code cannot say where a nan came from
        watched = modes.watched or modes.watched_nan
        return on_values(self.function, args, kwargs) if watched else usual(self, *args, **kwargs)

    return __call__


_new = object.__new__
fill("calls", {(Jitted, "__call__"): _watched_call})
