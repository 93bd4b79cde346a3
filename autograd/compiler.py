"""jit: which Program answers a call, and when the function has to be traced again."""

import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import update_wrapper
from threading import RLock
from typing import Any

from autograd.arguments import is_array
from autograd.differentiate import gradients
from autograd.floats import number
from autograd.lower import python
from autograd.modes import modes, outermost
from autograd.op import Op, apply
from autograd.operand import Operand
from autograd.program import Program
from autograd.simplify import expand
from autograd.tracing import Recording, is_static
from autograd.transforms import recording

VERSIONS = 64       # of one function; beyond, it runs as it is


class Compiled:
    """A Program, its code, and the op that it is to Values and Duals."""

    def __init__(self, program: Program, backend: str) -> None:
        self.program, self.backend = program, backend       # before simplification: this is what is differentiated
        self.run, self.of_tuple, self.of_list = code(expand(program), backend)
        self.slopes: dict[int, Compiled] = {}

    def on(self, inputs: Sequence[Any], plain: Sequence[float]) -> Any:
        """The outputs, for floats and carriers; or the number of the guard that failed."""
        out = self.run(plain)
        if out.__class__ is int or not any(isinstance(x, Operand) for x in inputs):
            return out
        return [apply(self.op(i), inputs) for i in range(len(out))]

    def op(self, output: int) -> Op:
        """One output as an op of all inputs, whose partials are a Program, too."""
        op = Op()
        op.name, op.arity, op.infix, op.composite = self.program.name, None, "", False
        op.latex = rf"\operatorname{{{op.name}}}".replace("_", r"\_")
        op.partials = op.slopes = op.rules = ()
        op.value = lambda *inputs: self.run(list(inputs))[output]
        op.rule = lambda inputs, out: self.partials(output, inputs)
        return op

    def partials(self, output: int, inputs: Sequence[Any]) -> list[Any]:
        """d output / d input for each input; None where nothing flows."""
        count = len(self.program.inputs)
        if output not in self.slopes:
            program = gradients(self.program, range(count), (output,), presence=True)
            program = replace(program, outputs=program.outputs[len(self.program.outputs):])
            self.slopes[output] = Compiled(program, self.backend)
        found = self.slopes[output].on(inputs, [bare(x) for x in inputs])
        return [slope if bare(present) else None for slope, present in zip(found[:count], found[count:], strict=True)]


def code(program: Program, backend: str) -> tuple[Callable[..., Any], ...]:
    """The function of a list of floats; those of a tuple and of a list of anything, which may answer None."""
    if backend != "python":
        try:
            from autograd.lower import llvm
            of_list, of_tuple = llvm.lower(program)
            return of_list, of_tuple, of_list
        except ImportError:
            if backend == "llvm":
                raise
        except llvm.UnspellableError:     # an op of the user's own, which only Python can compute
            pass
    run = python.lower(program)
    return run, _floats_only(run), _floats_only(run)


def _floats_only(run: Callable[..., Any]) -> Callable[..., Any]:
    def checked(inputs: Sequence[Any]) -> Any:
        return run(inputs) if {*map(type, inputs)} == {float} else None
    return checked


def bare(x: Any) -> float:
    """The plain number at the bottom."""
    while isinstance(x, Operand):
        x = x._primal
    return x if x.__class__ is float else number(x, "jit")


class Version:
    """What the function is for the inputs that pass its guards; below it, what it is where one fails."""

    def __init__(self, made: Recording, backend: str) -> None:
        self.made, self.code = made, Compiled(made.program, backend)
        self.others: dict[int, Version] = {}        # by the number of the guard

    def all(self) -> Iterator["Version"]:
        """This one and those below it."""
        waiting = [self]
        while waiting:
            version = waiting.pop()
            yield version
            waiting += version.others.values()


class Jitted:
    """A function that is compiled when it is called."""

    def __init__(self, function: Callable[..., Any], backend: str) -> None:
        self.function, self.backend = function, backend
        self.__name__ = getattr(function, "__name__", "f")
        self._versions: dict[Any, Version] = {}     # by the structure of the arguments
        self._lock = RLock()
        self._warned = False
        self._quick: Any = None
        update_wrapper(self, function, updated=())

    @property
    def _traceable(self) -> Callable[..., Any]:
        return self.function

    @property
    def programs(self) -> list[Program]:
        """Every version made so far, as a Program."""
        return [version.made.program for root in self._versions.values() for version in root.all()]

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        quick = self._quick
        if quick and not kwargs:
            listed = quick[0]
            if not listed:
                out = quick[1](args)
            elif len(args) == 1 and args[0].__class__ is list:
                out = quick[1](args[0])
            else:
                out = None
            if out.__class__ is list:
                return out[0] if quick[2] else out if quick[3] else quick[4](out)
        if modes.recorder:      # inside another function that is traced: a part of that
            return self.function(*args, **kwargs)
        key, items = _structure(args, kwargs)
        version = self._versions.get(key) or self._trace(None, key, args, kwargs)
        while version:
            inputs = items + version.made.captured if version.made.captured else items
            plain = [x if x.__class__ is float else bare(x) for x in inputs]
            out = version.code.run(plain)
            if out.__class__ is not int:
                return self._result(version, inputs, plain, out)
            version = version.others.get(out) or self._trace((version, out), key, args, kwargs)
        return self.function(*args, **kwargs)

    def _result(self, version: Version, inputs: Sequence[Any], plain: Sequence[float], out: Any) -> Any:
        made = version.made
        if any(isinstance(x, Operand) for x in inputs) and not (made.derived and outermost()) and not modes.quiet:
            out = version.code.on(inputs, plain)
        return made.rebuild(list(out))

    def _trace(self, failed: Any, key: Any, args: Sequence[Any], kwargs: dict[str, Any]) -> Version | None:
        """A new version, kept where calls like this one will look for it; None if there are too many."""
        with self._lock:
            known = failed[0].others.get(failed[1]) if failed else self._versions.get(key)
            if known:       # another thread was faster
                return known
            if len(self.programs) >= VERSIONS:
                if not self._warned:
                    self._warned = True
                    warnings.warn(f"{self.__name__}: its comparisons came out in more than {VERSIONS} ways; from now "
                                  "on calls that need another version run uncompiled", RuntimeWarning, stacklevel=3)
                return None
            version = Version(recording(self.function, args, kwargs), self.backend)
            if failed:
                failed[0].others[failed[1]] = version
            else:
                self._versions[key] = version
            return version


def _structure(args: Sequence[Any], kwargs: dict[str, Any]) -> tuple[Any, list[Any]]:
    """What a call has in common with others that one Program can answer, and its numbers."""
    items: list[Any] = []
    key: list[Any] = []
    for arg in (*args, *kwargs.values()):
        if arg.__class__ is float:
            items.append(arg)
            key.append(1)
        elif is_static(arg):
            key.append(("static", arg))
        elif is_array(arg):
            numbers = arg.ravel().tolist()
            items += numbers
            key.append(("array", arg.shape, arg.dtype == object))
        elif isinstance(arg, (list, tuple, range)):
            shape, numbers = _structure(arg, {})
            items += numbers
            key.append(shape)
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
    return Jitted(f, backend or "auto")
