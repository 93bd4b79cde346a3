"""The protocol of a backend: what a file has to provide so that `jit` and `vmap` can run Programs through it.

A backend is a file lower/NAME.py, or lower/NAME/backend.py, with a function `make_executable`. Its name is NAME: there
is no list to add it to. With a function `make_lanes` it computes several rows at once.
"""

import sys
from array import array
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, NamedTuple, Protocol, TypeVar, cast

from autograd.errors import missing
from autograd.locks import importing
from autograd.lower.layout import CallLayout, holds_objects
from autograd.lower.looped import NoLoopsError, looped, worth
from autograd.lower.matrices import dots
from autograd.lower.recent_code import code_of
from autograd.lower.reordering import in_parts
from autograd.lower.row_after_row import RowAfterRow
from autograd.lower.schedule import UnspellableError
from autograd.program.gc_pause import gc_paused
from autograd.program.nested import has_loops
from autograd.program.program import Program
from autograd.program.recomputed import without_recomputed
from autograd.program.reroll import reroll
from autograd.program.rolled import is_rolled, straightened
from autograd.program.simplification import expand

Made = TypeVar("Made")
FASTEST, FALLBACK = "llvm", "python"        # `auto` is the first of these that is installed


class Executable(NamedTuple):
    """The code of a Program."""

    run: Callable[[Sequence[float]], Any]   # all inputs, as a list -> all outputs, or an int: the guard that failed
    # All arguments, as a tuple -> the result, in a CallLayout; an int: the guard that failed; None for other arguments.
    fast_entry: Callable[[tuple[Any, ...]], Any] | None = None
    # Buffer of inputs, buffer of outputs, function to call where a guard fails -> a function of no arguments.
    bind: Callable[[Any, Any, Callable[[], Any]], Callable[[], Any]] | None = None


class Lanes(Protocol):
    """The code of a Program of one row, for many rows.

    Numbers are float64. columns: two numbers for each input, the address of row 0's and the bytes from row to row (any
    multiple of 8, also negative; 0 for a shared input). found: the same for each output. Where an address in it is 0,
    that output is not written. rows: the address of the numbers of the rows to run, int64 each and none twice; or 0 for
    the rows ``first``, ``first + 1``, ... . count: how many rows; of none nothing is read. What is written may not
    overlap what is read. Calls release the interpreter's lock and may run side by side.
    """

    width: int                          # the rows that are computed at once
    scalar_calls: tuple[str, ...]       # in fast code: the C functions that are called row by row all the same
    loops: str                          # how its loops run; empty where there are none

    def each(self, columns: "array[int]", found: "array[int]", rows: int, first: int, count: int, failed: int) -> int:
        """Write the outputs of each row; return how many rows failed, whose outputs may hold anything.

        failed: the address of an int64 for each row, in the order of running, which becomes -1 or the number of the
        first guard that failed there; 0 for none.
        """

    def sum(self, columns: "array[int]", found: "array[int]", rows: int, first: int, count: int, sums: int) -> None:
        """Add the summed outputs of each row to ``sums``, in the order of the rows; write the others to ``found``.

        sums: the address of one number for each summed output, in the order of the outputs. The addresses of these in
        ``found`` are 0. Only of Programs without guards.
        """

    # Lanes may also have `batch(layout, captured, offset)`, of a BatchLayout and of objects that hold the last shared
    # inputs, each as a float at this offset of bytes: a function of all arguments as a tuple. It gives the result; None
    # for arguments of another layout, where a row failed, and while another thread is in it.


class Backend(Protocol):
    """A module that compiles Programs.

    Constants of it: CALLS says that it calls long formulas (calls.py), ROW_CALLS which ones its lanes call for each
    row, REPEATS that it takes Repeats (rolled.py), FAST that it has fast code.
    """

    def make_executable(self, program: Program, layout: CallLayout | None, fast: bool = False,
                        cache: bool = False) -> Executable:
        """The code of ``program``, whose ops are elementary (with CALLS: or long formulas).

        layout: of the fast entry; None for no such entry. fast: a product and a sum may be one operation, but where a
        guard depends on them; given only to a backend with FAST. cache: keep the code on the disk, if that saves time.

        Raises ImportError if its library is not installed, UnspellableError for an op that it cannot compile.
        """


def find_backend(name: str) -> Backend:
    """The backend of that name; importing it may be an ImportError."""
    module = importing(import_module, f"{__package__}.{name}")
    is_folder = hasattr(module, "__path__")
    return cast(Backend, importing(import_module, f"{module.__name__}.backend") if is_folder else module)


def check_backend(name: str) -> None:
    """ValueError if no file is that backend; other backends are not imported, so a broken one harms none."""
    if name not in _files() or not _is_backend(name):
        names = " or ".join(repr(other) for other in _files() if _is_backend(other))
        raise ValueError(f"jit: backend={name!r}; choose {names}, or leave it out for the best there is")


@cache
def _files() -> dict[str, bool]:
    """The names in autograd/lower, where a backend is found by its file name, and whether each is a folder."""
    return {name: is_folder for _, name, is_folder in iter_modules(sys.modules[__package__].__path__)}


@cache
def _is_backend(name: str) -> bool:
    """Whether it makes executables; the other files of this folder only print source code."""
    return _files()[name] or hasattr(importing(import_module, f"{__package__}.{name}"), "make_executable")


@gc_paused
def compile_program(program: Program, backend: str, layout: CallLayout | None = None,
                    fast: bool = False, cache: bool = False) -> Executable:
    """The Program compiled by a backend, or by the fastest one installed ("auto"); python takes what it cannot compile.

    fast: other bits for speed, where the backend has such code: long sums in parts, and products fused with sums. What
    guards depend on keeps its bits. cache: its code is kept on the disk for other processes (code_cache.py), where the
    backend does that. Raises ImportError if the library of a backend that was asked for by name is not installed.
    """
    def compiled(by: Backend) -> Executable:
        has_fast = fast and getattr(by, "FAST", False)
        # other backends need not know them
        how: Any = ({"fast": True} if has_fast else {}) | ({"cache": True} if cache else {})

        def make() -> Executable:
            made = by.make_executable(_expanded(program, by, has_fast), layout, **how)
            if not isinstance(made, Executable):
                raise TypeError(f"backend {backend!r}: make_executable returned {type(made).__name__}, not "
                                "an Executable")
            return made

        # a layout compares by ==, and what is equal to an object of the user's is not that object
        return make() if holds_objects(layout) else cast(Executable, code_of(
            program, by, layout, has_fast, cache, make=make))

    return _by(backend, compiled) or find_backend(FALLBACK).make_executable(
        expand(straightened(program), calls=True), layout)


def _expanded(program: Program, backend: Backend, fast: bool) -> Program:
    """The Program in the ops that a backend takes; what repeats itself only now, as the terms of a sum, is found."""
    repeats = getattr(backend, "REPEATS", False)
    found = expand(program if repeats else straightened(program), calls=getattr(backend, "CALLS", False))
    found = without_recomputed(reroll(found)) if repeats else found
    return in_parts(found) if fast else found


@gc_paused
def compile_lanes(program: Program, backend: str, *, shared: frozenset[int], summed: frozenset[int] = frozenset(),
                  width: int | None = None, fast: bool = False, cache: bool = False,
                  straight: Callable[[], Program] | None = None) -> Lanes:
    """The Program of one row as code for many rows; rows one after another where the backend has no lanes for it.

    shared: the inputs that are the same for all rows; what depends on these alone is computed once per call. summed:
    the outputs that `sum` adds up. width: how many rows at once, 1, 2, 4 or 8; None for what fits the processor.
    fast: it may fuse a product and a sum, call vector functions of the C library, and add up terms and rows in another
    order, but where a guard depends on them. Otherwise each row has the bits of the scalar code. cache, and errors: as
    of `compile_program`.
    """
    how: Any = {"shared": shared, "summed": summed, "width": width, "fast": fast} | ({"cache": True} if cache else {})
    refused: list[str] = []

    def lanes(by: Backend, program: Program, make: Callable[[Program], Any]) -> Lanes:
        return cast(Lanes, code_of(program, by, "lanes", how, make=lambda: make(program)))

    def compiled(by: Backend) -> Lanes | None:
        make: Any = getattr(by, "make_lanes", None)
        calls = not fast and getattr(by, "ROW_CALLS", False)    # fast vectors compute all arms of a long formula
        if make and is_rolled(program) and worth(program):
            with suppress(NoLoopsError, UnspellableError):
                return lanes(by, program, lambda whole: make(looped(reroll(expand(whole, calls=calls)), shared), **how))

        def straight_lanes(line: Program) -> Any:
            # loops over matrices need no parts
            return make(expand(in_parts(line, dots(line, shared)[1]) if fast else line, calls=calls), **how)

        try:
            return make and lanes(by, straight() if straight else straightened(program), straight_lanes)
        except UnspellableError as error:
            refused.append(f": {error}")
            raise

    def row_after_row() -> Lanes:
        loops = "loops row after row" if has_loops(straightened(program)) else ""
        run = compile_program(program, backend, cache=cache).run
        return RowAfterRow(run, summed, "".join([loops, *refused]) if loops else "")

    return _by(backend, compiled) or row_after_row()


def _by(backend: str, compiled: Callable[[Backend], Made | None]) -> Made | None:
    """What ``compiled`` makes of the backend; None where it cannot."""
    try:
        return compiled(find_backend(FASTEST if backend == "auto" else backend))
    except ImportError as error:
        if backend != "auto":
            raise missing(f'jit: backend="{backend}"', "llvmlite", "jit") from error
    except UnspellableError:        # an op of the user's own, which only Python can compute
        pass
    return None
