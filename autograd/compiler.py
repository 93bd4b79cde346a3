"""jit: which Program answers a call, and when the function has to be traced again."""

import warnings
from array import array
from collections.abc import Callable, Iterator, Sequence
from functools import partial, update_wrapper
from threading import RLock
from typing import Any, cast
from weakref import WeakKeyDictionary

from autograd.arguments import is_array, unpack
from autograd.compiled import Compiled, bare
from autograd.hot import looking
from autograd.modes import modes, outermost
from autograd.operand import Operand
from autograd.program import Program
from autograd.tracing import Recording, is_static
from autograd.transforms import recording
from autograd.value import Value

VERSIONS = 64       # of one function; beyond, it runs as it is


class Version:
    """What the function is for the inputs that pass its guards; below it, what it is where one fails."""

    def __init__(self, made: Recording, backend: str, quick: str) -> None:
        self.made, self.code = made, Compiled(made.program, backend, quick)
        self.others: dict[int, Version] = {}        # by the number of the guard

    def all(self) -> Iterator["Version"]:
        """This one and those below it."""
        waiting = [self]
        while waiting:
            version = waiting.pop()
            yield version
            waiting += version.others.values()


class Jitted:
    """A function that is compiled when it is called, again for each way in which its comparisons come out."""

    def __init__(self, function: Callable[..., Any], backend: str) -> None:
        self.function, self.backend = function, backend
        self._versions: dict[Any, Version] = {}     # by the structure of the arguments
        self._lock = RLock()
        self._warned = False
        self._bound: WeakKeyDictionary[Any, Jitted] = WeakKeyDictionary()      # of a method, by its object
        self._of_floats: Any = None     # quick ways in, which answer None for what is none of their business
        self._of_list: Any = None
        self.__name__ = getattr(function, "__name__", "f")
        update_wrapper(self, function, updated=())

    @property
    def _traceable(self) -> Callable[..., Any]:
        return self.function

    @property
    def programs(self) -> list[Program]:
        """Every version made so far, as a Program."""
        return [version.made.program for root in self._versions.values() for version in root.all()]

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self._of_list is not None and len(args) == 1 and args[0].__class__ is list and not kwargs:
            out = self._of_list(args[0])
            if out.__class__ is not int and out is not None:
                return out
        elif self._of_floats is not None and not kwargs:
            out = self._of_floats(args)
            if out.__class__ is not int and out is not None:
                return out
        if modes.recorder:      # inside another function that is traced: a part of that
            return self.function(*args, **kwargs)
        key, items = structure(args, kwargs)
        version = self._versions.get(key) or self._trace(None, key, args, kwargs)
        while version:
            inputs = items + version.made.captured if version.made.captured else items
            plain = [x if x.__class__ is float else bare(x) for x in inputs]
            out = version.code.run(plain)
            if out.__class__ is not int:
                return self._result(version, inputs, plain, out)
            version = version.others.get(out) or self._trace((version, out), key, args, kwargs)
        return self.function(*args, **kwargs)

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        if instance is None:
            return self
        if instance not in self._bound:
            self._bound[instance] = Jitted(partial(self.function, instance), self.backend)
        return self._bound[instance]

    def bind(self, *args: Any, out: Any) -> Callable[[], None]:
        """A function of no arguments that reads ``args`` and writes the result, number after number, into ``out``.

        args, out: buffers of doubles, such as NumPy arrays, which may change between calls; nothing is
        copied or allocated. For functions of one argument that capture no Values.

        >>> from array import array
        >>> x, y = array("d", [3.0]), array("d", [0.0])
        >>> run = jit(lambda p: p[0] * p[0]).bind(x, out=y)
        >>> run(); y[0]
        9.0
        """
        if len(args) != 1:
            raise TypeError(f"bind: {len(args)} arguments; write the function with one, a sequence of all numbers")
        inputs, outputs = (_doubles("bind", buffer) for buffer in (args[0], out))
        as_given = args[0] if is_array(args[0]) else None

        def again() -> None:
            result = self(inputs.tolist() if as_given is None else as_given)
            numbers = [x.data if isinstance(x, Value) else float(x) for x in unpack(result)[0]]
            if len(numbers) != len(outputs):
                raise ValueError(f"bind: {len(numbers)} numbers do not fill an out of {len(outputs)}")
            outputs[:] = array("d", numbers)

        again()
        key, _ = structure((inputs.tolist() if as_given is None else as_given,), {})
        version = self._versions[key]
        if version.made.captured or version.code.native is None:
            return again
        run: Callable[[], None] = version.code.native.bound(args[0], out, again)
        return run

    def _result(self, version: Version, inputs: Sequence[Any], plain: list[float], out: Any) -> Any:
        made = version.made
        if any(isinstance(x, Operand) for x in inputs) and not (made.derived and outermost()):
            out = version.code.on(inputs, plain)
        return made.rebuild(list(out))

    def _trace(self, failed: Any, key: Any, args: Sequence[Any], kwargs: dict[str, Any]) -> Version | None:
        """A new version, kept where calls like this one will look for it; None if there are too many."""
        with self._lock:
            known = failed[0].others.get(failed[1]) if failed else self._versions.get(key)
            if known:       # another thread was faster
                return cast(Version, known)
            if len(self.programs) >= VERSIONS:
                if not self._warned:
                    self._warned = True
                    warnings.warn(f"{self.__name__}: its comparisons came out in more than {VERSIONS} ways; from now "
                                  "on calls that need another version run uncompiled", RuntimeWarning, stacklevel=3)
                return None
            made = recording(self.function, args, kwargs)
            quick = "" if made.captured or failed or kwargs else _shortcut(key, made)
            version = Version(made, self.backend, quick)
            if failed:
                failed[0].others[failed[1]] = version
            else:
                self._versions[key] = version
            if version.code.quick:
                setattr(self, "_of_floats" if quick.startswith("tuple") else "_of_list", version.code.quick)
            return version


def _doubles(name: str, buffer: Any) -> Any:
    """A buffer of doubles as one row."""
    try:
        view = memoryview(buffer)
        if view.format == "d" and view.c_contiguous and not view.readonly:
            return view.cast("B").cast("d")
    except TypeError:
        pass
    raise TypeError(f"{name}: expected a writable, contiguous buffer of doubles, such as numpy.zeros(3), "
                    f"not {type(buffer).__name__}")


def _shortcut(key: tuple[Any, ...], made: Recording) -> str:
    """Which way in from Python a call can take that has nothing but floats in it: from what, to what."""
    count = len(made.program.outputs)
    alone = made.rebuild(list(range(count)))        # to see what the rebuilding does
    number = count == 1 and alone.__class__ is int
    flat = alone.__class__ is list and [*map(type, alone)] == [int] * count
    result = "number" if number else "list" if flat else ""
    numbers = key[0] and all(part.__class__ is int for part in key[0])
    lone = len(key[0]) == 1 and key[0][0].__class__ is tuple and key[0][0][0] is list \
        and all(part.__class__ is int for part in key[0][0][1][0])
    return f"tuple {result}" if result and numbers else f"list {result}" if result and lone else ""


def structure(args: Sequence[Any], kwargs: dict[str, Any], inside: bool = False) -> tuple[Any, list[Any]]:
    """What a call has in common with others that one Program can answer, and its numbers.

    inside: a sequence, in which everything is a number.
    """
    items: list[Any] = []
    key: list[Any] = []
    for arg in (*args, *kwargs.values()):
        if arg.__class__ is float:
            items.append(arg)
            key.append(1)
        elif is_static(arg) and not inside:
            key.append((arg.__class__, arg))
        elif is_array(arg):
            items += arg.ravel().tolist()
            key.append((arg.shape, arg.dtype == object))
        elif isinstance(arg, (list, tuple, range)):
            shape, numbers = structure(arg, {}, inside=True)
            items += numbers
            key.append((arg.__class__, shape))
        else:
            items.append(arg)
            key.append(1)
    return (tuple(key), *kwargs), items


def jit(f: Callable[..., Any], *, backend: str | None = None) -> Jitted:
    """``f`` compiled.

    >>> from autograd import grad
    >>> cube = jit(lambda x: x * x * x if x > 0 else 0 * x)
    >>> cube(2), cube(-1), len(cube.programs)
    (8.0, -0.0, 2)
    >>> grad(cube)(3.0), jit(grad(cube))(3.0)
    (27.0, 27.0)
    """
    if backend not in (None, "llvm", "python"):
        raise ValueError(f"jit: backend={backend!r}; choose 'llvm' or 'python', or leave it out for the best there is")
    return Jitted(f, backend or "auto")


def _watched_call(self: Jitted, *args: Any, **kwargs: Any) -> Any:
    # machine code cannot say where a nan came from
    return (self.function if modes.watched or modes.watched_nan else partial(_call, self))(*args, **kwargs)


_call = Jitted.__call__
looking.methods[Jitted, "__call__"] = _call, _watched_call
