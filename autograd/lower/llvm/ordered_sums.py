"""Adds up the outputs of rows, in LLVM's language.

Rows are added in their order, for several outputs at once: the numbers of W rows and W outputs are transposed, so that
each vector holds those of one row. In fast code each lane has its own sum, and the lanes are added last.
"""

from collections.abc import Iterator, Sequence

from autograd.lower.llvm.lanes import live, splat

# sums: a vector of rows for each output; totals: a number for each output. Both are filled up to whole vectors.
SUMS = """
define internal void @add_rows(ptr %sums, ptr %totals, i64 %lanes) {{
{parts}
  br label %next
next:
  %g = phi i64 [ 0, %0 ], [ %g1, %group ]
  %all = icmp eq i64 %g, {groups}
  br i1 %all, label %end, label %group
group:
  %g1 = add i64 %g, 1
  %first = mul i64 %g, {width}
  %from = getelementptr {block}, ptr %sums, i64 %first
  %to = getelementptr {number}, ptr %totals, i64 %g
  %s0 = load {number}, ptr %to, align 8
{transposed}
  store {number} %s{rows}, ptr %to, align 8
  br label %next
end:
  ret void
}}
define internal void @choose(ptr %sums, ptr %others, i64 %lanes) {{
{live}
  br label %next
next:
  %i = phi i64 [ 0, %0 ], [ %i1, %one ]
  %all = icmp eq i64 %i, {vectors}
  br i1 %all, label %end, label %one
one:
  %i1 = add i64 %i, 1
  %p = getelementptr {block}, ptr %sums, i64 %i
  %q = getelementptr {block}, ptr %others, i64 %i
  %x = load {block}, ptr %p, align 8
  %y = load {block}, ptr %q, align 8
  %z = select {truth_of_block} %live, {block} %x, {block} %y
  store {block} %z, ptr %p, align 8
  br label %next
end:
  ret void
}}"""
# what happens to the sums where a call begins, before and after a block of rows, and where the call ends
ENDS = """
declare ptr @memmove(ptr, ptr, i64)
define internal void @begin_sums(ptr %sums, ptr %totals, ptr %to) {{
{begun}
  ret void
}}
define internal void @end_sums(ptr %sums, ptr %totals, ptr %to) {{
{ended}
  ret void
}}"""
EXACT = ENDS + """
define internal void @before_block(ptr %sums, ptr %saved, i64 %lanes) {{
  ret void
}}
define internal void @after_block(ptr %sums, ptr %saved, ptr %totals, i64 %lanes) {{
  call void @add_rows(ptr %sums, ptr %totals, i64 %lanes)
  ret void
}}"""
FAST = """
declare ptr @memmove(ptr, ptr, i64)
define internal void @begin_sums(ptr %sums, ptr %totals, ptr %to) {{
{begun}
  br label %next
next:
  %i = phi i64 [ 0, %0 ], [ %i1, %one ]
  %all = icmp eq i64 %i, {vectors}
  br i1 %all, label %end, label %one
one:
  %i1 = add i64 %i, 1
  %p = getelementptr {block}, ptr %sums, i64 %i
  store {block} {neutral}, ptr %p, align 8
  br label %next
end:
  ret void
}}
define internal void @before_block(ptr %sums, ptr %saved, i64 %lanes) {{
  %part = icmp slt i64 %lanes, {rows}
  br i1 %part, label %save, label %end
save:
  %copied = call ptr @memmove(ptr %saved, ptr %sums, i64 {all_bytes})
  br label %end
end:
  ret void
}}
define internal void @after_block(ptr %sums, ptr %saved, ptr %totals, i64 %lanes) {{
  %part = icmp slt i64 %lanes, {rows}
  br i1 %part, label %restore, label %end
restore:
  call void @choose(ptr %sums, ptr %saved, i64 %lanes)
  br label %end
end:
  ret void
}}
define internal void @end_sums(ptr %sums, ptr %totals, ptr %to) {{
  call void @add_rows(ptr %sums, ptr %totals, i64 {rows})
{ended}
  ret void
}}"""


def sums(width: int, rows: int, places: Sequence[int], fast: bool, added: bool) -> str:
    """These functions, for outputs whose sums have these places. width: of vectors; rows: of a block; added: each
    block's already are.
    """
    groups = -(-len(places) // width)
    return (ENDS if added else SUMS + (FAST if fast else EXACT)).format(
        width=width, rows=rows, groups=groups, vectors=groups * width, begun="\n".join(_copied(places, True)),
        ended="\n".join(_copied(places, False)),
        all_bytes=8 * groups * width * rows, number=f"<{width} x double>", block=f"<{rows} x double>",
        truth_of_block=f"<{rows} x i1>", neutral=splat(rows, "double", "-0.0"), live=live("live", rows, 0),
        parts="\n".join(live(f"live{i}", width, i) for i in range(0, rows, width)),
        transposed="\n".join(line for i in range(0, rows, width) for line in _added(width, rows, i)))


def _copied(places: Sequence[int], begins: bool) -> Iterator[str]:
    """Moves the sums between their places and the totals, as many at once as stand side by side."""
    starts = [i for i, place in enumerate(places) if not i or places[i - 1] != place - 1]
    for start, stop in zip(starts, [*starts[1:], len(places)], strict=True):
        yield from (f"  %outer{start} = getelementptr double, ptr %to, i64 {places[start]}",
                    f"  %inner{start} = getelementptr double, ptr %totals, i64 {start}")
        pair = f"ptr %inner{start}, ptr %outer{start}" if begins else f"ptr %outer{start}, ptr %inner{start}"
        yield f"  %moved{start} = call ptr @memmove({pair}, i64 {8 * (stop - start)})"


def _added(width: int, rows: int, first: int) -> Iterator[str]:
    """Adds rows of a block to a group of outputs; -0.0 stands for a row that does not count, and changes no sum."""
    number, neutral = f"<{width} x double>", splat(width, "double", "-0.0")
    names = [f"%x{first}_{i}" for i in range(width)]
    for i, name in enumerate(names):
        n = f"{first}_{i}"
        yield from (f"  %p{n} = getelementptr double, ptr %from, i64 {rows * i + first}",
                    f"  %l{n} = load {number}, ptr %p{n}, align 8",
                    f"  {name} = select <{width} x i1> %live{first}, {number} %l{n}, {number} {neutral}")
    yield from transposed(names, f"%t{first}")
    for i, name in enumerate(names, first):
        yield f"  %s{i + 1} = fadd {number} %s{i}, {name}"


def transposed(rows: list[str], prefix: str) -> Iterator[str]:
    """Transposes a matrix, as many vectors as lanes; ``rows`` are then the new ones. prefix: of new names."""
    width, half = len(rows), 1
    while half < width:
        for i in (i for i in range(width) if not i & half):
            pair = f"<{width} x double> {rows[i]}, <{width} x double> {rows[i + half]}"
            lower = [lane if not lane & half else width + lane - half for lane in range(width)]
            for j, lanes in ((i, lower), (i + half, [lane + half for lane in lower])):
                rows[j] = f"{prefix}_{half}_{j}"
                yield f"  {rows[j]} = shufflevector {pair}, <{width} x i32> " \
                      f"<{', '.join(f'i32 {lane}' for lane in lanes)}>"
        half *= 2
