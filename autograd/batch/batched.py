"""A batched function: the way of a call to lanes, to a plain loop over rows, or to one chunk after another."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any
from weakref import WeakKeyDictionary

from autograd.batch.arguments import Arguments
from autograd.batch.columns import CarriersError
from autograd.batch.direct import DirectCalls
from autograd.batch.in_axes import axes_of_arguments
from autograd.batch.pickling import found_again, named, refuse_nameless, take_versions, versions_of
from autograd.batch.recent import Recent
from autograd.batch.reduction import Sums
from autograd.batch.remote import Remote
from autograd.batch.results import Blocks
from autograd.batch.rowwise import RowResults
from autograd.batch.run import Run
from autograd.batch.streams import chunks, is_stream, slices
from autograd.batch.version import Version
from autograd.compiler.bound_methods import BoundMethod
from autograd.compiler.jitted import Jitted
from autograd.compiler.methods import Attached
from autograd.compiler.specializations import Specializations
from autograd.compiler.specialized import Specialized
from autograd.graph.context import active_inputs, modes, tracing, watching
from autograd.ops.operand import Operand
from autograd.transforms.pytree import innermost, is_static, unpack
from autograd.transforms.reverse import Transform


class Batched(Specialized):
    """A function of one point that runs over many."""

    version, each_time = Version, "every batch is traced and compiled anew"

    def __init__(self, function: Callable[..., Any], in_axes: Any = 0, reduce: str | None = None, threads: int = 1,
                 fast: bool = False, executor: Executor | None = None) -> None:
        self.function, self.in_axes, self.reduce, self.threads = function, in_axes, reduce, threads
        compiled: Any = function if isinstance(function, Jitted) else None
        self.fast: bool = fast or bool(compiled and compiled.fast)
        self.backend = compiled.backend if compiled else "auto"
        self.static = compiled.static if compiled else None
        self.cache = compiled.cache if compiled else False
        self.executor, self.nearby = executor, True     # until a worker turns out to be on another machine
        if isinstance(executor, ThreadPoolExecutor):    # of this process
            self.threads = executor._max_workers
        self.versions = Specializations()
        self.warned: set[str] = set()
        self._recent: Recent | None = None
        self._jitted: Jitted | None = None
        named = function
        while isinstance(named, Transform):     # which has no name
            named = named.function
        self.__name__ = getattr(named, "__name__", "f")
        self.__qualname__ = getattr(named, "__qualname__", self.__name__)
        self.__doc__, self.__module__ = function.__doc__, getattr(named, "__module__", __name__)
        self.__wrapped__ = function
        self.objects, self._methods, self._attribute = Attached(self), WeakKeyDictionary(), self.__name__

    # ---- a call ----

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        direct = self.versions.direct
        if direct is not None and not (kwargs or active_inputs or tracing or watching):
            for call in direct.calls:
                found = call(args)
                if found is not None:
                    return found
        if any(map(is_stream, args)) or (kwargs and any(map(is_stream, kwargs.values()))):
            parts = chunks(args, kwargs, axes_of_arguments(self.in_axes, len(args)))
            return self._reduced(parts) if self.reduce else (self._mapped(some, named) for some, named in parts)
        return self._reduced(slices(args, kwargs, self.in_axes)) if self.reduce else self._mapped(args, kwargs)

    def _mapped(self, args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
        """The results of all rows."""
        run, rows = self._started(args, kwargs)
        if rows is not None:
            return rows.layout.rebuilt(rows.blocks())
        blocks = Blocks(run.layout, run.arguments.count, len(run.root.trace.program.outputs))
        run.each(blocks)
        run.end()
        return run.layout.rebuilt(blocks.arrays)

    def _reduced(self, parts: Iterable[tuple[Sequence[Any], dict[str, Any]]]) -> Any:
        """The sum or the mean over the rows of all chunks."""
        sums = Sums(self)
        for args, kwargs in parts:
            run, rows = self._started(args, kwargs, sums.carriers)
            if rows is None:
                sums.add(run)
                run.end()
            else:
                sums.add_rows(rows)
        return sums.result()

    def _started(self, args: Sequence[Any], kwargs: dict[str, Any], loop: bool = False) -> tuple[Any, Any]:
        """A call in lanes, which is a `Run`, or else the results of a plain loop."""
        if self.static:
            args, kwargs = self.static.marked(args, kwargs, 0)
        if loop or (tracing and modes.recorder) or (active_inputs and modes.transforms) or (
                watching and (modes.watched or modes.watched_nan)):
            return None, RowResults(self, args, kwargs)
        arguments = self._recent.read(args) if self._recent and not kwargs else None
        if arguments is None:
            try:
                arguments = Arguments(self.in_axes, args, kwargs)
            except CarriersError:
                if not isinstance(getattr(self.function, "_traceable", self.function), Transform):
                    return None, RowResults(self, args, kwargs)
                # derivatives leave all transforms, as numbers
                args, kwargs = [_plain(x) for x in args], {key: _plain(x) for key, x in kwargs.items()}
                arguments = Arguments(self.in_axes, args, kwargs)
            recent = Recent(arguments, args, axes_of_arguments(self.in_axes, len(args)))
            self._recent = recent if recent.usable else None
        if not arguments.alike:
            return None, RowResults(self, args, kwargs, plain=True, compiled=self._row_by_row)
        elsewhere = self.executor and not isinstance(self.executor, ThreadPoolExecutor)
        run = Remote(self, arguments) if elsewhere else Run(self, arguments)
        if run.root and not (kwargs or elsewhere or self.static):
            self.versions.direct = self.versions.direct or DirectCalls()
            self.versions.direct.note(self, run, args)
        return run, None if run.root else RowResults(self, args, kwargs, plain=True)

    def _row_by_row(self, args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
        """The result for a row: rows that differ in texts, flags or functions need versions of their own, as calls."""
        if self._jitted is None:
            f = getattr(self.function, "_traceable", self.function)
            self._jitted = Jitted(f, self.backend, None, self.fast, self.cache)
        return self._jitted(*args, **kwargs)

    def refuse_structure(self, row: int) -> None:
        """ValueError for a row whose result has another structure."""
        raise ValueError(f"vmap: {self.__name__} returns another structure (lengths, keys, texts) for row {row} "
                         "(counted from 0) than for the row that was traced first; return the same for all rows")

    def without_rows(self, error: Exception) -> ValueError:
        """The error for no rows, where the function raises this for a row of ones."""
        return ValueError("vmap: the mean of no rows; give at least one" if self.reduce == "mean" else
                          f"vmap: {self.__name__} gets no rows, and for a row of ones, which tells the shape of the "
                          f"result, it raises {type(error).__name__}: {error}; give an array of the shape (0, k) for "
                          "no rows of k numbers, or leave the call out")

    # ---- copies ----

    def __repr__(self) -> str:
        return f"<vmap of {self.__qualname__}: {len(self.programs)} versions>"

    def __reduce_ex__(self, protocol: Any) -> Any:
        """The function, the options and the versions; a function that its module names: that name and the versions."""
        if named(self, self.__module__, self.__qualname__):
            return found_again, (self.__module__, self.__qualname__, versions_of(self))
        refuse_nameless(self.function)
        return object.__reduce_ex__(self, 2)

    def __getstate__(self) -> dict[str, Any]:
        return {"function": self.function, "in_axes": self.in_axes, "reduce": self.reduce, "fast": self.fast,
                "threads": 1 if self.executor else self.threads, "versions": versions_of(self)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        versions = state.pop("versions")
        self.__init__(**state)      # type: ignore[misc]
        take_versions(self, versions)


class BatchedMethod(BoundMethod, Batched):
    """A batched function as a method of an object, which has versions of its own."""


Batched._as_method = BatchedMethod


def _plain(x: Any) -> Any:
    """An argument with the numbers of Values in their places."""
    if is_static(x):
        return x
    items, rebuild = unpack(x, argument=True)
    return rebuild([innermost(item) for item in items]) if any(isinstance(item, Operand) for item in items) else x
