"""The functions that run over whole matrices, in LLVM's language; all Programs share them. See matrix_loops.py."""

from autograd.lower.llvm.matrix_loops import dots, sums, transposition

MANY = {8: 8, 4: 4, 2: 4, 1: 4}     # dot products or sums at once, which stay in registers; by the width of vectors
TYPES = {"dots": "void (ptr, i64, ptr, i64, ptr, ptr, i64)",
         "outer": "void (ptr, ptr, i64, ptr, i64, i64, double, ptr, ptr, i64, i64, ptr, ptr)"}


def named(name: str, width: int, fast: bool) -> str:
    """The function of vectors of this width."""
    return f"{name}{width}{'fast' if fast else ''}"


def source(width: int, fast: bool) -> str:
    """The text of all of them."""
    many, loops = MANY[width], [*transposition(width)]
    for count in (many, 1):
        for rows in (2, 1):
            loops += dots(count, rows, width, fast)
        for chosen in (False, True):
            for lanes in {width, 1}:
                loops += sums(count, lanes, chosen, fast)
    of_sums = "ptr %across, ptr %l, ptr %when, double %other, ptr %p, ptr %to, i64 %from, i64 %n"
    return "\n".join([*loops, DRIVERS.format(
        width=width, many=many, two=2 * width, dots=named("dots", width, fast), outer=named("outer", width, fast),
        dot_cases=_cases([f"@dots_{count}_{rows}(ptr %x, i64 %size, ptr %w, ptr %shared, ptr %t, i64 %r)"
                          for count in (1, many) for rows in (1, 2)]),
        sum_cases=_cases([f"@sums_{count}_{lanes}_{chosen}({of_sums})"
                          for count in (1, many) for lanes in (1, width) for chosen in (0, 1)]))])


def _cases(calls: list[str]) -> str:
    """Calls the function with number %which."""
    jumps = "\n".join(f"    i32 {i}, label %f{i}" for i in range(1, len(calls)))
    return f"  switch i32 %which, label %f0 [\n{jumps}\n  ]\n" + "\n".join(
        f"f{i}:\n  call void {call}\n  br label %ran" for i, call in enumerate(calls))


# @dots: see `dots` of matrix_loops.py; many: dot products; full: rows, whole vectors.
# @outer: see `sums` and `transposition` there; lefts: the places of the left columns in `tables`, as `when`, which is
# -1 for none. size: of the right columns; across, pointers: working memory.
DRIVERS = """
define void @{dots}(ptr %x, i64 %size, ptr %weights, i64 %many, ptr %shared, ptr %to, i64 %full) {{
  br label %some
some:
  %k = phi i64 [ 0, %0 ], [ %k1, %done ]
  %left = sub i64 %many, %k
  %end = icmp sle i64 %left, 0
  br i1 %end, label %out, label %rows
rows:
  %group = icmp sge i64 %left, {many}
  %step = select i1 %group, i64 {many}, i64 1
  %k1 = add i64 %k, %step
  %w = getelementptr i64, ptr %weights, i64 %k
  %t = getelementptr ptr, ptr %to, i64 %k
  br label %next
next:
  %r = phi i64 [ 0, %rows ], [ %r1, %ran ]
  %rest = sub i64 %full, %r
  %all = icmp sle i64 %rest, 0
  br i1 %all, label %done, label %choose
choose:
  %two = icmp sge i64 %rest, {two}
  %by = select i1 %two, i64 {two}, i64 {width}
  %r1 = add i64 %r, %by
  %a = zext i1 %two to i32
  %b = select i1 %group, i32 2, i32 0
  %which = add i32 %a, %b
{dot_cases}
ran:
  br label %next
done:
  br label %some
out:
  ret void
}}
define internal void @all_sums(ptr %across, ptr %lefts, i64 %many, ptr %when, double %other, ptr %places, ptr %to,
                               i64 %from, i64 %n, i1 %vector) {{
  %chosen = icmp ne ptr %when, null
  br label %some
some:
  %k = phi i64 [ 0, %0 ], [ %k1, %ran ]
  %left = sub i64 %many, %k
  %end = icmp sle i64 %left, 0
  br i1 %end, label %out, label %choose
choose:
  %group = icmp sge i64 %left, {many}
  %step = select i1 %group, i64 {many}, i64 1
  %k1 = add i64 %k, %step
  %l = getelementptr ptr, ptr %lefts, i64 %k
  %p = getelementptr i64, ptr %places, i64 %k
  %a = zext i1 %chosen to i32
  %b = select i1 %vector, i32 2, i32 0
  %c = select i1 %group, i32 4, i32 0
  %ab = add i32 %a, %b
  %which = add i32 %ab, %c
{sum_cases}
ran:
  br label %some
out:
  ret void
}}
define void @{outer}(ptr %tables, ptr %lefts, i64 %many, ptr %rights, i64 %size, i64 %when, double %other,
                     ptr %places, ptr %to, i64 %n, i64 %full, ptr %across, ptr %pointers) {{
  %always = icmp slt i64 %when, 0
  %place = select i1 %always, i64 0, i64 %when
  %wp = getelementptr ptr, ptr %tables, i64 %place
  %wc = load ptr, ptr %wp
  %w = select i1 %always, ptr null, ptr %wc
  br label %point
point:
  %k = phi i64 [ 0, %0 ], [ %k1, %point ]
  %lp = getelementptr i64, ptr %lefts, i64 %k
  %li = load i64, ptr %lp
  %cp = getelementptr ptr, ptr %tables, i64 %li
  %c = load ptr, ptr %cp
  %pp = getelementptr ptr, ptr %pointers, i64 %k
  store ptr %c, ptr %pp
  %k1 = add i64 %k, 1
  %more = icmp slt i64 %k1, %many
  br i1 %more, label %point, label %next
next:
  %j = phi i64 [ 0, %point ], [ %j1, %ran ]
  %left = sub i64 %size, %j
  %end = icmp sle i64 %left, 0
  br i1 %end, label %out, label %choose
choose:
  %group = icmp sge i64 %left, {width}
  %step = select i1 %group, i64 {width}, i64 1
  %j1 = add i64 %j, %step
  %rp = getelementptr i64, ptr %rights, i64 %j
  br i1 %group, label %several, label %one
several:
  call void @transpose(ptr %tables, ptr %rp, i64 %full, ptr %across)
  br label %ran
one:
  %ri = load i64, ptr %rp
  %rc = getelementptr ptr, ptr %tables, i64 %ri
  %column = load ptr, ptr %rc
  br label %ran
ran:
  %from = phi ptr [ %across, %several ], [ %column, %one ]
  call void @all_sums(ptr %from, ptr %pointers, i64 %many, ptr %w, double %other, ptr %places, ptr %to, i64 %j,
                      i64 %n, i1 %group)
  br label %next
out:
  ret void
}}"""
