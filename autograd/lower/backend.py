"""The protocol of a backend: what a file has to provide so that `jit` can run Programs through it.

A backend is a file lower/NAME.py, or lower/NAME/backend.py, with a function `make_executable`. Its name is NAME: there
is no list to add it to.
"""

import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, NamedTuple, Protocol, cast

from autograd.locks import importing
from autograd.lower.layout import CallLayout
from autograd.lower.schedule import UnspellableError
from autograd.program.gc_pause import gc_paused
from autograd.program.program import Program
from autograd.program.simplification import expand

FASTEST, FALLBACK = "llvm", "python"        # `auto` is the first of these that is installed


class Executable(NamedTuple):
    """The code of a Program."""

    run: Callable[[Sequence[float]], Any]   # all inputs, as a list -> all outputs, or an int: the guard that failed
    # All arguments, as a tuple -> the result, in a CallLayout; an int: the guard that failed; None for other arguments.
    fast_entry: Callable[[tuple[Any, ...]], Any] | None = None
    # Buffer of inputs, buffer of outputs, function to call where a guard fails -> a function of no arguments.
    bind: Callable[[Any, Any, Callable[[], Any]], Callable[[], Any]] | None = None


class Backend(Protocol):
    """A module that compiles Programs."""

    def make_executable(self, program: Program, layout: CallLayout | None) -> Executable:
        """The code of ``program``, whose ops are elementary; ``layout``: of the fast entry, None for no such entry.

        Raises ImportError if its library is not installed, UnspellableError for an op that it cannot compile.
        """


def find_backend(name: str) -> Backend:
    """The backend of that name; importing it may be an ImportError."""
    module = importing(import_module, f"{__package__}.{name}")
    is_folder = hasattr(module, "__path__")
    return cast(Backend, importing(import_module, f"{module.__name__}.backend") if is_folder else module)


def backend_names() -> list[str]:
    """The names of all backends, installed or not; the other files of this folder only print source code."""
    return [name for _, name, is_folder in iter_modules(sys.modules[__package__].__path__)
            if is_folder or hasattr(importing(import_module, f"{__package__}.{name}"), "make_executable")]


@gc_paused
def compile_program(program: Program, backend: str, layout: CallLayout | None = None) -> Executable:
    """The Program compiled by a backend, or by the fastest one installed ("auto"); python takes what it cannot compile.

    Raises ImportError if the library of a backend that was asked for by name is not installed.
    """
    program = expand(program)
    try:
        return find_backend(FASTEST if backend == "auto" else backend).make_executable(program, layout)
    except ImportError:
        if backend != "auto":
            raise
    except UnspellableError:        # an op of the user's own, which only Python can compute
        pass
    return find_backend(FALLBACK).make_executable(program, layout)
