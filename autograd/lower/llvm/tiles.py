"""Runs the functions of a `LaneKernel` over all rows, a tile of rows after another, in LLVM's language."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from autograd.lower.llvm.columns import OWN
from autograd.lower.llvm.lanes import splat
from autograd.lower.llvm.matrices import LINE, Matrices, lined, table
from autograd.lower.llvm.objects import PYTHON, declared
from autograd.lower.llvm.ordered_sums import sums

TILE, MOST = 4096, 256      # numbers of a tile in all columns together, about, and rows at most: they stay in a cache
SUMS = {"begin": "  call void @begin_sums(ptr %sums, ptr %totals, ptr %to)",
        "before": "  call void @before_block(ptr %sums, ptr %saved, i64 %lanes)",
        "after": "  call void @after_block(ptr %sums, ptr %saved, ptr %totals, i64 %lanes)",
        "end": "  call void @end_sums(ptr %sums, ptr %totals, ptr %to)"}
NO_MEMORY = -2              # what @run returns where there is none
RUN = """
define i64 @run(ptr %columns, ptr %found, ptr %rows, i64 %begin, i64 %count, ptr %failed, ptr %to) {{
  %nothing = icmp sle i64 %count, 0
  br i1 %nothing, label %empty, label %begins
empty:
  ret i64 0
begins:
  %room = call ptr @PyMem_RawMalloc(i64 {bytes})
  %none = icmp eq ptr %room, null
  br i1 %none, label %short, label %go
short:
  ret i64 {no_memory}
go:
  %failures = call i64 @run_in(ptr %room, ptr %columns, ptr %found, ptr %rows, i64 %begin, i64 %count, ptr %failed,
                               ptr %to)
  call void @PyMem_RawFree(ptr %room)
  ret i64 %failures
}}
define i64 @run_in(ptr %room, ptr %columns, ptr %found, ptr %rows, i64 %begin, i64 %count, ptr %failed, ptr %to) {{
prepare:
{areas}
{pointed}
  call void @read_shared(ptr %columns, ptr @given, i64 {given}, ptr %shared)
  %held = call i64 @program(ptr %shared, ptr %hoisted, ptr %scratch)
{begin}
  br label %tile
tile:
  %start = phi i64 [ 0, %prepare ], [ %start1, %flush ]
  %failures = phi i64 [ 0, %prepare ], [ %failures1, %flush ]
  %left = sub i64 %count, %start
  %all = icmp sle i64 %left, 0
  br i1 %all, label %end, label %size
size:
  %long = icmp sgt i64 %left, {tile}
  %n1 = select i1 %long, i64 {tile}, i64 %left
  %n2 = and i64 %n1, -{width}
  %part = icmp eq i64 %n2, 0
  %n = select i1 %part, i64 %n1, i64 %n2
  %full = select i1 %part, i64 {width}, i64 %n
  %here = add i64 %begin, %start
  %listed = icmp eq ptr %rows, null
  %row = select i1 %listed, i64 %here, i64 %start
  call void @read_tile(ptr %columns, ptr @varying, i64 {varying}, ptr %in, ptr %inside, {rows})
  call void @place_tile(ptr %found, ptr @written, i64 {written}, ptr %out, ptr %outside, {rows})
{dots}
  br label %block
block:
  %at = phi i64 [ 0, %size ], [ %at1, %{last} ]
  %lanes = sub i64 %n, %at
{before}
  %guard = call {words} @block(ptr %in, ptr %shared, ptr %out, ptr %{sums}, ptr %work, i64 %at, i64 %lanes,
                               {words} {held})
{after}{short}
  %gp = getelementptr i64, ptr %guards, i64 %at
  store {words} %guard, ptr %gp, align 8
  %at1 = add i64 %at, {width}
  %more = icmp slt i64 %at1, %full
  br i1 %more, label %block, label %flush
flush:
{outers}
  call void @write_tile(ptr %found, ptr @written, i64 {written}, ptr %out, ptr %outside, {rows})
  %noted = icmp eq ptr %failed, null
  %fp = getelementptr i64, ptr %failed, i64 %start
  %to1 = select i1 %noted, ptr null, ptr %fp
  %some = call i64 @note_failed(ptr %guards, ptr %to1, i64 %n)
  %failures1 = add i64 %failures, %some
  %start1 = add i64 %start, %n
  br label %tile
end:
{end}
  ret i64 %failures
}}"""
SHORT = f"""
  %word = extractelement {{words}} %guard, i32 0
  %lacks = icmp eq i64 %word, {NO_MEMORY}
  br i1 %lacks, label %lacking, label %stored
lacking:
  ret i64 {NO_MEMORY}
stored:"""

# The Python function, of these seven numbers. Other threads of Python run meanwhile.
ENTRY = "\n".join(["define ptr @entry(ptr %self, ptr %args, i64 %many) {", *(
    f"""  %p{i} = getelementptr ptr, ptr %args, i64 {i}
  %o{i} = load ptr, ptr %p{i}
  %i{i} = call i64 @PyLong_AsLongLong(ptr %o{i})
  %a{i} = inttoptr i64 %i{i} to ptr""" for i in range(7)), """  %state = call ptr @PyEval_SaveThread()
  %failures = call i64 @run(ptr %a0, ptr %a1, ptr %a2, i64 %i3, i64 %i4, ptr %a5, ptr %a6)
  call void @PyEval_RestoreThread(ptr %state)
  %result = call ptr @PyLong_FromLongLong(i64 %failures)
  ret ptr %result
}"""])


class Block(Protocol):
    """What writes @block; see `LaneKernel`."""

    width: int              # of vectors
    rows: int               # of a block
    fast: bool
    short: bool             # whether there may be no memory for a block; then the word of its first row is NO_MEMORY
    adds: bool              # whether @block itself adds up rows: its `sums` are the totals
    columns: list[int]      # the inputs that each row has of its own
    shared: dict[int, int]
    summed: list[int]       # the outputs that are added up, and the others
    written: list[int]

    @property
    def work(self) -> int:
        """The vectors of a block that it needs as working memory."""

    def text(self) -> list[str]:
        """The lines."""


def module(block: Block, first: Sequence[str], given: int, scratch: int, matrices: Matrices) -> tuple[list[str], int]:
    """The module of the Program of a row and of @program, which computes what rows share; the bytes of working memory.

    given: how many numbers @program takes; scratch: how many it needs as working memory. matrices: those of the row.
    """
    width, groups, lines = block.rows, -(-len(block.summed) // block.width), block.text()
    columns = len(block.columns) + len(block.written)
    tile = max(width, min(MOST, max(TILE // max(1, columns), matrices.rows)) // width * width)
    apart = 8 * tile + LINE         # no power of 2: the columns of one row are in different sets of a cache
    vectors = 0 if block.adds else 8 * width * block.width * groups
    areas = {"in": 8 * len(block.columns), "out": 8 * len(block.written), "shared": 8 * len(block.shared),
             "scratch": 8 * scratch, "work": 8 * width * block.work, "sums": vectors,
             "saved": vectors * block.fast, "totals": 8 * block.width * groups,
             "across": 8 * tile * matrices.across, "pointers": 8 * matrices.pointers, "guards": 8 * tile,
             "inside": apart * len(block.columns), "outside": apart * len(block.written)}
    places, size = [], 0
    for name, room in areas.items():
        places.append(f"  %{name} = getelementptr i8, ptr %aligned, i64 {size}")
        size += lined(room)
    places = [f"  %above = getelementptr i8, ptr %room, i64 {LINE - 1}",
              f"  %aligned = call ptr @llvm.ptrmask.p0.i64(ptr %above, i64 -{LINE})", *places,
              f"  %hoisted = getelementptr double, ptr %shared, i64 {given}"]
    pointed = "\n".join([*_pointed("in", "inside", range(len(matrices.columns), len(block.columns)), apart),
                         *_pointed("out", "outside", range(len(matrices.written), len(block.written)), apart)])
    adding = dict.fromkeys(SUMS, "") | ({} if not block.summed else {
        name: line for name, line in SUMS.items() if not block.adds or name in ("begin", "end")})
    return ["declare double @llvm.sqrt.f64(double)", "declare ptr @llvm.ptrmask.p0.i64(ptr, i64)",
            *declared(PYTHON), *declared(OWN), table("given", sorted(block.shared)[:given]),
            table("varying", matrices.columns), table("written", matrices.written), *lines, *first,
            *matrices.text(),
            sums(block.width, width, matrices.sums, block.fast, block.adds) if block.summed else "",
            RUN.format(bytes=size + LINE, no_memory=NO_MEMORY, areas="\n".join(places), given=given, tile=tile,
                       short=SHORT.format(words=f"<{width} x i64>") if block.short else "",
                       last="stored" if block.short else "block", width=width, varying=len(matrices.columns),
                       written=len(matrices.written), words=f"<{width} x i64>",
                       rows=f"i64 {apart}, ptr %rows, i64 %row, i64 %n, i64 %full",
                       held=splat(width, "i64", -1), sums="totals" if block.adds else "sums", pointed=pointed,
                       dots="\n".join(matrices.before()), outers="\n".join(matrices.after()), **adding),
            ENTRY], size + LINE


def _pointed(table: str, memory: str, columns: range, apart: int) -> Iterator[str]:
    """Notes where the columns are that stand in memory always."""
    for i in columns:
        yield from (f"  %{memory}{i} = getelementptr i8, ptr %{memory}, i64 {apart * i}",
                    f"  %{memory}_to{i} = getelementptr ptr, ptr %{table}, i64 {i}",
                    f"  store ptr %{memory}{i}, ptr %{memory}_to{i}")
