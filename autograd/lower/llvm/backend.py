"""The backend `llvm`: machine code, with a fast entry for a call's own objects, and with buffers."""

from autograd.lower.backend import Executable
from autograd.lower.layout import CallLayout
from autograd.lower.llvm.entries import Entry
from autograd.lower.llvm.native import Native
from autograd.program.program import Program

CALLS = True


def make_executable(program: Program, layout: CallLayout | None, cache: bool = False) -> Executable:
    """See `Backend`."""
    entry = Entry("quick", *layout) if layout else None
    native = Native(program, entry, cache=cache)
    fast_entry = native.function("quick", own=(*entry.own,)) if entry else None
    return Executable(native.function("of_list"), fast_entry, native.bound, native.rows)
