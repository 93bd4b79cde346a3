"""jit: which Program answers a call, and when the function has to be traced again."""

import sys
import warnings
from collections.abc import Callable, Sequence
from functools import partial, update_wrapper
from operator import attrgetter
from threading import RLock
from typing import Any, cast
from weakref import ref

from autograd.bound import bind
from autograd.calls import structure
from autograd.compiled import bare
from autograd.hot import looking
from autograd.modes import modes, outermost
from autograd.operand import Operand
from autograd.tracing import CapturesDualError
from autograd.transforms import recording
from autograd.value import Value
from autograd.versions import Programs, Version

VERSIONS = 64       # of one structure of arguments
STRUCTURES = 256
SLOPES = 1000      # outputs times inputs, up to which Values go through the code; beyond, through the function


class Jitted:
    """A function that is compiled when it is called, again for each way in which its comparisons come out."""

    def __init__(self, function: Callable[..., Any], backend: str) -> None:
        self.function, self.backend = function, backend
        self._roots: dict[Any, Version] = {}        # by the structure of the arguments
        self._latest: Version | None = None         # the root that may answer the quick way
        self._lock = RLock()
        self._warned: set[str] = set()
        self._captures: Any = None      # a weak reference to the last derivative inside which it had no Program
        self._method: Any = None        # of one that is bound: the object, and its name there
        self._attribute = self.__name__ = self.__qualname__ = getattr(function, "__name__", "f")
        update_wrapper(self, function, updated=())

    @property
    def _traceable(self) -> Callable[..., Any]:
        return self.function

    @property
    def programs(self) -> Programs:
        """Every version made so far, as a list of Programs; its text shows which guard leads to which."""
        return Programs(self._roots.copy().items())

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        root = self._latest
        if root is not None and not kwargs:
            out = root.quick(args)
            if out.__class__ is int:
                out = root.below(out, args)
            if out is not None:
                return out
        if modes.recorder:      # inside another function that is traced: a part of that
            return self.function(*args, **kwargs)
        key, items, floats = structure(args, kwargs)
        if not floats and any(isinstance(x, Operand) and not isinstance(x, Value) for x in items):
            return self.function(*args, **kwargs)   # forward mode: by reverse mode its last bits would be others
        version = self._roots.get(key) or self._trace(None, key, args, kwargs)
        if version and version.quick:
            self._latest = version
        while version:
            inputs, plain = items, items
            if version.made.captured or not floats:
                inputs = items + version.made.captured
                plain = [x if x.__class__ is float else x._data if x.__class__ is Value else bare(x) for x in inputs]
            out = version.code.run(plain)
            if out.__class__ is not int:
                if inputs is plain or not self._goes_on(version, inputs):
                    return version.give(out)
                if len(version.made.program.outputs) * len(inputs) > SLOPES:
                    break
                code = version.outside if outermost() else version.code
                return version.made.rebuild(list(code.on(inputs, out)))
            version = version.others.get(out) or self._trace((version, out), key, args, kwargs)
        return self.function(*args, **kwargs)

    @staticmethod
    def _goes_on(version: Version, inputs: Sequence[Any]) -> bool:
        """Whether the result is Values: some inputs are, and it is no derivative that leaves all transforms."""
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
        """A new version, kept where calls like this one will look for it; None if there are too many."""
        with self._lock:
            if self._captures and self._captures() is modes.innermost is not None:
                return None
            known = failed[0].others.get(failed[1]) if failed else self._roots.get(key)
            if known:       # another thread was faster
                return cast(Version, known)
            full = self._full(key)
            if full:
                if full not in self._warned:
                    self._warned.add(full)
                    warnings.warn(f"{self.__name__}: {full}; from now on calls that need another version run "
                                  "uncompiled", RuntimeWarning, stacklevel=3)
                return None
            try:
                made = recording(self.function, args, kwargs)
            except CapturesDualError:       # the caller runs the function itself
                self._captures = modes.innermost and ref(modes.innermost)
                return None
            version = Version(made, self.backend, key)
            if failed:
                failed[0].others[failed[1]] = version
            else:
                self._roots[key] = version
            return version

    def _full(self, key: Any) -> str:
        """Why there is no room for another version; empty where there is."""
        root = self._roots.get(key)
        if root is None:
            return f"its arguments came in more than {STRUCTURES} structures (lengths, shapes, flags, functions)" \
                if len(self._roots) >= STRUCTURES else ""
        return f"its comparisons came out in more than {VERSIONS} ways for one structure of its arguments" \
            if sum(1 for _ in root.all()) >= VERSIONS else ""

    # ---- methods and copies ----

    def __set_name__(self, owner: Any, name: str) -> None:
        self._attribute = name

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        if instance is None:
            return self
        own, key = getattr(instance, "__dict__", {}), f"_jitted_{self.__qualname__}"
        bound = own.get(key)
        if bound is None or bound._method[0] is not instance:       # a copy of an object has what is bound to that
            bound = Jitted(partial(self.function, instance), self.backend)
            bound.__name__, bound._method = self.__name__, (instance, self._attribute)
            if isinstance(instance, type):      # a class method
                setattr(instance, key, bound)
            else:
                own[key] = bound
        return bound

    def __repr__(self) -> str:
        return f"<jit of {self.__qualname__}: {len(self.programs)} versions>"

    def __reduce_ex__(self, protocol: Any) -> Any:
        """The function and the backend; the versions are made again. Of what has a name, its name."""
        if self._method:
            return getattr, self._method
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


def jit(f: Callable[..., Any] | None = None, *, backend: str | None = None) -> Any:
    """``f`` compiled: the same numbers to the bit, the same derivatives, in a fraction of the time.

    f: a function of numbers, sequences and arrays; also ``grad``, ``value_and_grad``, ``hessian``, ... of one.
    backend: "llvm" for machine code, which needs llvmlite (the extra ``jit``), or "python" for source code. Left out:
        llvm where it is installed; else, and for ops of your own that only Python can compute, python.

    Inputs are all numbers in the arguments, and the Values that ``f`` captures, such as parameters: they are read
    at each call, as float64, so give them other numbers by assigning ``.data``. Bools, strings, None and functions
    are static: for others of them, and for other lengths and shapes, ``f`` is compiled again. Everything else is as
    it was then: plain numbers from outside, which Value a name or an attribute holds, random numbers, the clock; and
    what ``f`` prints, or does to a list that it was given, it does then only, to a copy. Results have IEEE's values,
    as those of Values: 1/x is inf at 0.0, where plain floats raise.

    A call for which there is no code yet traces ``f``: runs it on Values, and records what they do. Each comparison
    of theirs (``if``, ``while``, ``max``, ``sorted``) is a guard; where one comes out differently in a later call,
    ``f`` is traced again and both versions are kept, up to 64 for one structure of the arguments and up to 256
    structures. Calls that need more than that run uncompiled, with one warning. ``programs`` shows what there is.

    What would make a constant of a traced number raises TraceError, with your line: ``float(x)``, ``int(x)``,
    ``math.sin(x)`` (write ``autograd.sin``), ``x.data``, ``x in {1.0, 2.0}``; and so does what would happen only while
    tracing, such as ``backward()``. Any thread may call, also while another one traces. Copies and pickles take the
    function with them, and not the code.

    Inside a larger function that is differentiated, a compiled one is one op: what passes through it is right to
    rounding, but may be added up in another order than eager's. Forward mode goes through ``f`` itself, also where
    ``f`` captures what the derivative is taken by.

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
    if f is None:       # @jit(backend="python")
        return partial(jit, backend=backend)
    if not callable(f):
        raise TypeError(f"jit: expected a function, not {type(f).__name__}; write jit(f)(x)")
    return Jitted(f, backend or "auto")


def _watched_call(self: Jitted, *args: Any, **kwargs: Any) -> Any:
    # machine code cannot say where a nan came from
    return (self.function if modes.watched or modes.watched_nan else partial(_call, self))(*args, **kwargs)


_call = Jitted.__call__
looking.methods[Jitted, "__call__"] = _call, _watched_call
