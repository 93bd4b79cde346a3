"""Adds up the outputs of rows, in LLVM's language.

Rows are added in their order, for several outputs at once: the numbers of W rows and W outputs are transposed, so that
each vector holds those of one row. In fast code each lane has its own sum, and the lanes are added last.
"""

from collections.abc import Iterator

from autograd.lower.llvm.lanes import splat

# sums: a vector of rows for each output; totals: a number for each output; both filled up to whole vectors of outputs.
SUMS = """
define internal void @copy(ptr %from, ptr %to, i64 %count) {{
  br label %next
next:
  %i = phi i64 [ 0, %0 ], [ %i1, %one ]
  %all = icmp eq i64 %i, %count
  br i1 %all, label %end, label %one
one:
  %p = getelementptr double, ptr %from, i64 %i
  %x = load double, ptr %p
  %q = getelementptr double, ptr %to, i64 %i
  store double %x, ptr %q
  %i1 = add i64 %i, 1
  br label %next
end:
  ret void
}}
define internal {truth} @live(i64 %rows) {{
  %one = insertelement {words} undef, i64 %rows, i32 0
  %all = shufflevector {words} %one, {words} undef, <{width} x i32> zeroinitializer
  %live = icmp slt {words} {numbered}, %all
  ret {truth} %live
}}
define internal void @add_rows(ptr %sums, ptr %totals, i64 %rows) {{
  %live = call {truth} @live(i64 %rows)
  br label %next
next:
  %g = phi i64 [ 0, %0 ], [ %g1, %group ]
  %all = icmp eq i64 %g, {groups}
  br i1 %all, label %end, label %group
group:
  %g1 = add i64 %g, 1
  %first = mul i64 %g, {width}
  %from = getelementptr {number}, ptr %sums, i64 %first
  %to = getelementptr {number}, ptr %totals, i64 %g
{transposed}
  br label %next
end:
  ret void
}}
define internal void @choose(ptr %sums, ptr %others, i64 %rows) {{
  %live = call {truth} @live(i64 %rows)
  br label %next
next:
  %i = phi i64 [ 0, %0 ], [ %i1, %one ]
  %all = icmp eq i64 %i, {vectors}
  br i1 %all, label %end, label %one
one:
  %i1 = add i64 %i, 1
  %p = getelementptr {number}, ptr %sums, i64 %i
  %q = getelementptr {number}, ptr %others, i64 %i
  %x = load {number}, ptr %p, align 8
  %y = load {number}, ptr %q, align 8
  %z = select {truth} %live, {number} %x, {number} %y
  store {number} %z, ptr %p, align 8
  br label %next
end:
  ret void
}}"""
# what happens to the sums where a call begins, before and after a block of rows, and where the call ends
EXACT = """
define internal void @begin_sums(ptr %sums, ptr %totals, ptr %to) {{
  call void @copy(ptr %to, ptr %totals, i64 {count})
  ret void
}}
define internal void @before_block(ptr %sums, ptr %saved, i64 %rows) {{
  ret void
}}
define internal void @after_block(ptr %sums, ptr %saved, ptr %totals, i64 %rows) {{
  call void @add_rows(ptr %sums, ptr %totals, i64 %rows)
  ret void
}}
define internal void @end_sums(ptr %sums, ptr %totals, ptr %to) {{
  call void @copy(ptr %totals, ptr %to, i64 {count})
  ret void
}}"""
FAST = """
define internal void @begin_sums(ptr %sums, ptr %totals, ptr %to) {{
  call void @copy(ptr %to, ptr %totals, i64 {count})
  br label %next
next:
  %i = phi i64 [ 0, %0 ], [ %i1, %one ]
  %all = icmp eq i64 %i, {vectors}
  br i1 %all, label %end, label %one
one:
  %i1 = add i64 %i, 1
  %p = getelementptr {number}, ptr %sums, i64 %i
  store {number} {neutral}, ptr %p, align 8
  br label %next
end:
  ret void
}}
define internal void @before_block(ptr %sums, ptr %saved, i64 %rows) {{
  %part = icmp slt i64 %rows, {width}
  br i1 %part, label %save, label %end
save:
  call void @copy(ptr %sums, ptr %saved, i64 {numbers})
  br label %end
end:
  ret void
}}
define internal void @after_block(ptr %sums, ptr %saved, ptr %totals, i64 %rows) {{
  %part = icmp slt i64 %rows, {width}
  br i1 %part, label %restore, label %end
restore:
  call void @choose(ptr %sums, ptr %saved, i64 %rows)
  br label %end
end:
  ret void
}}
define internal void @end_sums(ptr %sums, ptr %totals, ptr %to) {{
  call void @add_rows(ptr %sums, ptr %totals, i64 {width})
  call void @copy(ptr %totals, ptr %to, i64 {count})
  ret void
}}"""


def sums(width: int, count: int, fast: bool) -> str:
    """These functions, for ``count`` outputs."""
    groups = -(-count // width)
    return (SUMS + (FAST if fast else EXACT)).format(
        width=width, groups=groups, count=count, vectors=groups * width, numbers=groups * width * width,
        number=f"<{width} x double>", words=f"<{width} x i64>", truth=f"<{width} x i1>",
        numbered=f"<{', '.join(f'i64 {i}' for i in range(width))}>", neutral=splat(width, "double", "-0.0"),
        transposed="\n".join(_transposed(width)))


def _transposed(width: int) -> Iterator[str]:
    """Adds the rows of a group of outputs; -0.0 stands for a row that does not count, and changes no sum."""
    number = f"<{width} x double>"
    names = [f"%x{i}" for i in range(width)]
    for i in range(width):
        yield from (f"  %p{i} = getelementptr {number}, ptr %from, i64 {i}",
                    f"  %l{i} = load {number}, ptr %p{i}, align 8",
                    f"  %x{i} = select <{width} x i1> %live, {number} %l{i}, {number} {splat(width, 'double', '-0.0')}")
    size = 1
    while size < width:
        for i in (i for i in range(width) if not i & size):
            pair = f"{number} {names[i]}, {number} {names[i + size]}"
            lower = [lane if not lane & size else width + lane - size for lane in range(width)]
            for j, lanes in ((i, lower), (i + size, [lane + size for lane in lower])):
                names[j] = f"%t{size}_{j}"
                yield f"  {names[j]} = shufflevector {pair}, <{width} x i32> " \
                      f"<{', '.join(f'i32 {lane}' for lane in lanes)}>"
        size *= 2
    yield f"  %s0 = load {number}, ptr %to, align 8"
    for i, name in enumerate(names):
        yield f"  %s{i + 1} = fadd {number} %s{i}, {name}"
    yield f"  store {number} %s{width}, ptr %to, align 8"
