"""Lanes as machine code: see `Lanes` in lower/backend.py."""

from array import array
from collections.abc import Iterator, Sequence
from functools import cache, partial
from typing import Any

from autograd.lower.hoisting import hoisted, without_constants
from autograd.lower.layout import BatchLayout
from autograd.lower.llvm.batch_entry import batch_entry
from autograd.lower.llvm.columns import COLUMNS, OWN
from autograd.lower.llvm.lane_interpreter import MOST, lane_interpreter
from autograd.lower.llvm.lane_steps import LaneSteps
from autograd.lower.llvm.lanes import INTRINSICS, LaneKernel
from autograd.lower.llvm.matrices import Matrices
from autograd.lower.llvm.matrix_functions import TYPES, named, source
from autograd.lower.llvm.native import (
    METH_FASTCALL,
    Code,
    function_of,
    library,
    memory,
    name_code,
    shared_code,
    written,
)
from autograd.lower.llvm.nested_lanes import NestedLanes
from autograd.lower.llvm.processor import vector_function, widest
from autograd.lower.llvm.spellings import SPELLINGS
from autograd.lower.llvm.tiles import NO_MEMORY, module
from autograd.lower.matrices import apart
from autograd.lower.reordering import soonest
from autograd.lower.repeat_loops import REPEATED
from autograd.lower.schedule import deciding
from autograd.program.gc_pause import gc_paused
from autograd.program.nested import has_loops
from autograd.program.program import Instruction, Program

WIDTHS = 1, 2, 4, 8
LONG = 40_000       # instructions above which a Program is interpreted: compiled it is a third faster, after 3 seconds
SHORT = 3000        # instructions up to which better code is worth three times the time to compile it, half a second
QUICK, BEST = 1, 2  # levels of LLVM's code generation: by QUICK lanes of a network compile in two thirds of the time


class NativeLanes:
    """A Program of one row for many rows; the code of `each` and that of `sum` are made when they are first called."""

    def __init__(self, program: Program, shared: frozenset[int], summed: frozenset[int], width: int | None,
                 fast: bool, cache: bool = False) -> None:
        if width is not None and width not in WIDTHS:
            raise ValueError(f"lanes: width={width!r}; it is 1, 2, 4 or 8")
        self.width = widest() if width is None else width
        self.loops = f"loops in lanes of {self.width} rows" if has_loops(program) else ""
        self.scalar_calls = tuple(sorted({op.c_name for op, args in _straight(program) if fast and op.c_name
                                          and op.name not in SPELLINGS and op.name not in INTRINSICS
                                          and not vector_function(op.c_name, len(args), self.width)}))
        self._program, self._shared, self._summed, self._fast, self._cache = program, shared, summed, fast, cache
        self._runs: dict[str, Any] = {}
        self._places: dict[str, int] = {}       # where their @run is, and @run_in
        self.room = 0           # bytes that the code compiled last works in

    def each(self, columns: "array[int]", found: "array[int]", rows: int, first: int, count: int, failed: int) -> int:
        """See `Lanes`."""
        run = self._runs.get("each") or self._compiled("each", frozenset())
        return _checked(run(columns.buffer_info()[0], found.buffer_info()[0], rows, first, count, failed, 0))

    def sum(self, columns: "array[int]", found: "array[int]", rows: int, first: int, count: int, sums: int) -> None:
        """See `Lanes`."""
        run = self._runs.get("sum") or self._compiled("sum", self._summed)
        _checked(run(columns.buffer_info()[0], found.buffer_info()[0], rows, first, count, 0, sums))

    def batch(self, layout: BatchLayout, captured: Sequence[Any], offset: int) -> Any:
        """See `Lanes`."""
        name = "sum" if layout.sums else "each"
        run = self._runs.get(name) or self._compiled(name, self._summed if layout.sums else frozenset())
        return batch_entry(layout, self._places[name], captured, offset, run)

    def inside(self) -> int:
        """The address of a function as @run, from the working memory on; see `room`."""
        name = "sum" if self._summed else "each"
        self._compiled(name, self._summed, QUICK)
        return self._places[name + "_in"]

    @gc_paused
    def _compiled(self, name: str, summed: frozenset[int], level: int = BEST) -> Any:
        """The function that runs rows, which keeps its machine code; level: LLVM's, for short Programs."""
        _prepare(self._cache)
        functions = partial(function_of, cache=self._cache)
        first, whole, shared = hoisted(self._program, self._shared)
        found = apart(whole, shared, summed)
        row, added = found.program, frozenset(i for i, x in enumerate(found.outputs) if x in summed)
        if found.dots or found.outers:
            for fast in {False, self._fast}:
                _name_matrices(self.width, fast, self._cache)
        how = library(), functions, self.width
        if has_loops(row):      # in their order: a loop that lacks a way comes before the guards behind it
            block: Any = NestedLanes(row, *how, shared, added, self._fast, memory())
        elif len(row.instructions) > LONG and all(len(args) <= MOST for _, args in row.instructions):
            first, row, shared = without_constants(first, soonest(row), shared)
            block = LaneSteps(row, *how, shared, added, self._fast, _interpreter(self.width, self._fast))
        else:
            block = LaneKernel(soonest(row), *how, shared, added, self._fast)
        lines, scratch, held = written(first, False, self._cache)
        matrices = Matrices(found, block, summed, deciding(whole))
        text, self.room = module(block, lines, len(first.inputs), scratch, matrices)
        level = level if len(row.instructions) <= SHORT or block.rows > self.width else 0
        if any(getattr(op.nested, "name", "") == REPEATED for op, _ in row.instructions):
            level = QUICK       # what reads the numbers of loops is long, and no slower so
        code = Code("\n".join(text), level, self._cache, True, (held, block))
        self._places[name], self._places[name + "_in"] = code.address("run"), code.address("run_in")
        self._runs[name] = run = code.function("entry", METH_FASTCALL)
        return run


def _straight(program: Program) -> Iterator[Instruction]:
    """Its instructions, and those of its loops."""
    for instruction in program.instructions:
        for way in instruction.op.nested.ways if instruction.op.nested else ():
            yield from _straight(way.program)
        yield instruction


def _checked(failures: int) -> int:
    if failures == NO_MEMORY:
        raise MemoryError("no memory for the numbers of a tile of rows; loops keep fewer of each iteration with "
                          "checkpoint=, a number of snapshots")
    return failures


@cache
def _interpreter(width: int, fast: bool) -> int:
    return shared_code(lane_interpreter(width, fast), "interpret_rows", vectors=True)["interpret_rows"]


@cache
def _name_matrices(width: int, fast: bool, kept: bool) -> None:
    """Let code call the functions of matrices.py by name; kept: on the disk, too."""
    text = source(width, fast)
    name_code(shared_code(text, *[named(name, width, fast) for name in TYPES], cache=kept, vectors=True), text)


_prepared: list[bool] = []


def _prepare(cache: bool) -> None:
    """Let code call the functions of columns.py by name."""
    if not _prepared:
        name_code(shared_code(COLUMNS, *OWN, cache=cache), COLUMNS)
        _prepared.append(True)
