"""The backend `llvm`: machine code, with a fast entry for a call's own objects, and with buffers."""

from autograd.lower.backend import Executable, Lanes
from autograd.lower.layout import CallLayout
from autograd.lower.llvm.entries import Entry
from autograd.lower.llvm.kernel import check_spellable
from autograd.lower.llvm.lanes import calls_for_rows
from autograd.lower.llvm.native import Native
from autograd.lower.llvm.native_lanes import NativeLanes
from autograd.lower.llvm.suited_loops import hindrance, without_short
from autograd.lower.schedule import UnspellableError
from autograd.program.nested import has_loops
from autograd.program.program import Program

CALLS = REPEATS = FAST = True
ROW_CALLS = calls_for_rows


def make_executable(program: Program, layout: CallLayout | None, fast: bool = False, cache: bool = False) -> Executable:
    """See `Backend`."""
    entry = Entry("quick", *layout) if layout else None
    native = Native(program, entry, fast=fast, cache=cache, lanes=NativeLanes)
    fast_entry = native.function("quick", own=(*entry.own,)) if entry else None
    return Executable(native.function("of_list"), fast_entry, native.bound)


def make_lanes(program: Program, *, shared: frozenset[int], summed: frozenset[int], width: int | None,
               fast: bool, cache: bool = False) -> Lanes:
    """See `compile_lanes`."""
    check_spellable(program)
    program = without_short(program) if has_loops(program) else program
    lanes = NativeLanes(program, shared, summed, width, fast, cache)
    if why := hindrance(program, lanes.width):
        raise UnspellableError(why)
    return lanes
