"""Loops over the matrices of lower/matrices.py, in LLVM's language; all Programs share this.

Lanes are rows in dot products, and outputs in what rows add up. So each number is added up in the order of the
Program and of the rows, and fast code only fuses products and sums.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from autograd.lower.llvm.lanes import splat
from autograd.lower.llvm.objects import declared
from autograd.lower.llvm.spellings import constant
from autograd.lower.matrices import Apart

MANY = {8: 8, 4: 4, 2: 4, 1: 4}     # sums that are kept in registers at once, by the width of vectors; twice as many rows
ROWS = 32           # of a tile, at least: for so many each shared number is read once
# x: the addresses of columns. weights: of each dot product, the place of its first number in `shared`. to: the
# addresses of the columns of results. full: rows, whole vectors. tables: addresses, of which `lefts`, `rights` and
# `when` say the places; places: where in `to` each left number's sums begin; across, pointers: working memory.
OWN = {"dots": "void (ptr, i64, ptr, i64, ptr, ptr, i64)",
       "outer": "void (ptr, ptr, i64, ptr, i64, i64, double, ptr, ptr, i64, i64, ptr, ptr)"}


def names(width: int, fast: bool) -> dict[str, str]:
    """The functions of vectors of this width, by their names without it, and their types."""
    return {_named(name, width, fast): kind for name, kind in OWN.items()}


def source(width: int, fast: bool) -> str:
    """Their text."""
    many, suffix = MANY[width], _named("", width, fast)
    lines = [line for count in {many, 1} for rows in (2, 1) for line in _dots(count, rows, width, fast)]
    for chosen in (0, 1):
        for count in {many, 1}:
            for lanes in {width, 1}:
                lines += _sums(count, lanes, chosen, fast)
    return "\n".join([*lines, *_transposition(width), DRIVERS.format(width=width, many=many, suffix=suffix,
                                                                    two=2 * width)])


def _dots(count: int, rows: int, width: int, fast: bool) -> Iterator[str]:
    """So many dot products for so many vectors of rows."""
    kind, flag = f"<{width} x double>", " contract" if fast else ""
    yield f"define internal void @dots_{count}_{rows}(ptr %x, i64 %size, ptr %weights, ptr %shared, ptr %to, " \
          "i64 %row) {\nbegin:"
    for k in range(count):
        yield from (f"  %ip{k} = getelementptr i64, ptr %weights, i64 {k}", f"  %i{k} = load i64, ptr %ip{k}",
                    f"  %w{k} = getelementptr double, ptr %shared, i64 %i{k}")
    yield "  br label %next\nnext:\n  %j = phi i64 [ 0, %begin ], [ %j1, %next ]"
    for k in range(count):
        yield from (f"  %a{k}_{r} = phi {kind} [ {splat(width, 'double', '-0.0')}, %begin ], [ %s{k}_{r}, %next ]"
                    for r in range(rows))
    yield from ("  %cp = getelementptr ptr, ptr %x, i64 %j", "  %c = load ptr, ptr %cp")
    for r in range(rows):
        yield from (f"  %at{r} = add i64 %row, {width * r}", f"  %p{r} = getelementptr double, ptr %c, i64 %at{r}",
                    f"  %x{r} = load {kind}, ptr %p{r}, align 8")
    for k in range(count):
        yield f"  %wp{k} = getelementptr double, ptr %w{k}, i64 %j"
        yield from _spread(f"v{k}", f"wp{k}", width)
        for r in range(rows):
            yield from (f"  %m{k}_{r} = fmul{flag} {kind} %v{k}, %x{r}",
                        f"  %s{k}_{r} = fadd{flag} {kind} %a{k}_{r}, %m{k}_{r}")
    yield "  %j1 = add i64 %j, 1\n  %more = icmp slt i64 %j1, %size\n  br i1 %more, label %next, label %end\nend:"
    for k in range(count):
        yield from (f"  %tp{k} = getelementptr ptr, ptr %to, i64 {k}", f"  %t{k} = load ptr, ptr %tp{k}")
        for r in range(rows):
            yield from (f"  %o{k}_{r} = getelementptr double, ptr %t{k}, i64 %at{r}",
                        f"  store {kind} %s{k}_{r}, ptr %o{k}_{r}, align 8")
    yield "  ret void\n}"


def _spread(name: str, place: str, width: int) -> Iterator[str]:
    """The number at a place in all lanes."""
    kind = f"<{width} x double>"
    yield from (f"  %{name}n = load double, ptr %{place}",
                f"  %{name}o = insertelement {kind} undef, double %{name}n, i32 0",
                f"  %{name} = shufflevector {kind} %{name}o, {kind} undef, <{width} x i32> zeroinitializer")


def _sums(count: int, lanes: int, chosen: int, fast: bool) -> Iterator[str]:
    """Adds the products of so many left numbers and as many right ones as lanes, row after row."""
    kind, flag = f"<{lanes} x double>", " contract" if fast else ""
    yield f"define internal void @sums_{count}_{lanes}_{chosen}(ptr %across, ptr %lefts, ptr %when, double %other, " \
          "ptr %places, ptr %to, i64 %from, i64 %n) {\nbegin:"
    for k in range(count):
        yield from (f"  %ip{k} = getelementptr i64, ptr %places, i64 {k}", f"  %i{k} = load i64, ptr %ip{k}",
                    f"  %at{k} = add i64 %i{k}, %from", f"  %t{k} = getelementptr double, ptr %to, i64 %at{k}",
                    f"  %b{k} = load {kind}, ptr %t{k}, align 8",
                    f"  %lp{k} = getelementptr ptr, ptr %lefts, i64 {k}", f"  %l{k} = load ptr, ptr %lp{k}")
    yield from (f"  %eo = insertelement {kind} undef, double %other, i32 0",
                f"  %e = shufflevector {kind} %eo, {kind} undef, <{lanes} x i32> zeroinitializer",
                "  br label %next", "next:", "  %r = phi i64 [ 0, %begin ], [ %r1, %next ]")
    yield from (f"  %a{k} = phi {kind} [ %b{k}, %begin ], [ %s{k}, %next ]" for k in range(count))
    yield from (f"  %xi = mul i64 %r, {lanes}", "  %xp = getelementptr double, ptr %across, i64 %xi",
                f"  %x = load {kind}, ptr %xp, align 8")
    if chosen:
        yield "  %cp = getelementptr double, ptr %when, i64 %r"
        yield from _spread("c", "cp", lanes)
        yield f"  %there = fcmp une {kind} %c, zeroinitializer"
    for k in range(count):
        yield f"  %dp{k} = getelementptr double, ptr %l{k}, i64 %r"
        yield from _spread(f"d{k}", f"dp{k}", lanes)
        yield f"  %m{k} = fmul{flag} {kind} %d{k}, %x"
        if not chosen:
            yield f"  %s{k} = fadd{flag} {kind} %a{k}, %m{k}"
        elif fast:      # the other number is a zero
            yield from (f"  %f{k} = fadd{flag} {kind} %a{k}, %m{k}",
                        f"  %s{k} = select <{lanes} x i1> %there, {kind} %f{k}, {kind} %a{k}")
        else:
            yield from (f"  %f{k} = select <{lanes} x i1> %there, {kind} %m{k}, {kind} %e",
                        f"  %s{k} = fadd {kind} %a{k}, %f{k}")
    yield "  %r1 = add i64 %r, 1\n  %more = icmp slt i64 %r1, %n\n  br i1 %more, label %next, label %end\nend:"
    yield from (f"  store {kind} %s{k}, ptr %t{k}, align 8" for k in range(count))
    yield "  ret void\n}"


def _transposition(width: int) -> Iterator[str]:
    """Puts the numbers of as many columns as lanes side by side, row after row."""
    kind = f"<{width} x double>"
    yield "define internal void @transpose(ptr %tables, ptr %rights, i64 %full, ptr %across) {\nbegin:"
    for i in range(width):
        yield from (f"  %ip{i} = getelementptr i64, ptr %rights, i64 {i}", f"  %i{i} = load i64, ptr %ip{i}",
                    f"  %cp{i} = getelementptr ptr, ptr %tables, i64 %i{i}", f"  %c{i} = load ptr, ptr %cp{i}")
    yield "  br label %next\nnext:\n  %r = phi i64 [ 0, %begin ], [ %r1, %next ]"
    rows = [f"%x{i}" for i in range(width)]
    for i, row in enumerate(rows):
        yield from (f"  %p{i} = getelementptr double, ptr %c{i}, i64 %r", f"  {row} = load {kind}, ptr %p{i}, align 8")
    half = 1
    while half < width:
        for i in (i for i in range(width) if not i & half):
            pair = f"{kind} {rows[i]}, {kind} {rows[i + half]}"
            lower = [lane if not lane & half else width + lane - half for lane in range(width)]
            for j, lanes in ((i, lower), (i + half, [lane + half for lane in lower])):
                rows[j] = f"%t{half}_{j}"
                yield f"  {rows[j]} = shufflevector {pair}, <{width} x i32> " \
                      f"<{', '.join(f'i32 {lane}' for lane in lanes)}>"
        half *= 2
    for i, row in enumerate(rows):
        yield from (f"  %at{i} = add i64 %r, {i}", f"  %to{i} = mul i64 %at{i}, {width}",
                    f"  %tp{i} = getelementptr double, ptr %across, i64 %to{i}",
                    f"  store {kind} {row}, ptr %tp{i}, align 8")
    yield f"  %r1 = add i64 %r, {width}\n  %more = icmp slt i64 %r1, %full\n  br i1 %more, label %next, label %end"
    yield "end:\n  ret void\n}"


DRIVERS = """
define void @dots{suffix}(ptr %x, i64 %size, ptr %weights, i64 %many, ptr %shared, ptr %to, i64 %full) {{
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
  br i1 %group, label %several, label %one
several:
  br i1 %two, label %several2, label %several1
one:
  br i1 %two, label %one2, label %one1
several2:
  call void @dots_{many}_2(ptr %x, i64 %size, ptr %w, ptr %shared, ptr %t, i64 %r)
  br label %ran
several1:
  call void @dots_{many}_1(ptr %x, i64 %size, ptr %w, ptr %shared, ptr %t, i64 %r)
  br label %ran
one2:
  call void @dots_1_2(ptr %x, i64 %size, ptr %w, ptr %shared, ptr %t, i64 %r)
  br label %ran
one1:
  call void @dots_1_1(ptr %x, i64 %size, ptr %w, ptr %shared, ptr %t, i64 %r)
  br label %ran
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
  %a = zext i1 %group to i32
  %b = zext i1 %vector to i32
  %c = zext i1 %chosen to i32
  %b2 = mul i32 %b, 2
  %c4 = mul i32 %c, 4
  %ab = add i32 %a, %b2
  %which = add i32 %ab, %c4
  switch i32 %which, label %f0 [
    i32 1, label %f1
    i32 2, label %f2
    i32 3, label %f3
    i32 4, label %f4
    i32 5, label %f5
    i32 6, label %f6
    i32 7, label %f7
  ]
f0:
  call void @sums_1_1_0(ptr %across, ptr %l, ptr %when, double %other, ptr %p, ptr %to, i64 %from, i64 %n)
  br label %ran
f1:
  call void @sums_{many}_1_0(ptr %across, ptr %l, ptr %when, double %other, ptr %p, ptr %to, i64 %from, i64 %n)
  br label %ran
f2:
  call void @sums_1_{width}_0(ptr %across, ptr %l, ptr %when, double %other, ptr %p, ptr %to, i64 %from, i64 %n)
  br label %ran
f3:
  call void @sums_{many}_{width}_0(ptr %across, ptr %l, ptr %when, double %other, ptr %p, ptr %to, i64 %from, i64 %n)
  br label %ran
f4:
  call void @sums_1_1_1(ptr %across, ptr %l, ptr %when, double %other, ptr %p, ptr %to, i64 %from, i64 %n)
  br label %ran
f5:
  call void @sums_{many}_1_1(ptr %across, ptr %l, ptr %when, double %other, ptr %p, ptr %to, i64 %from, i64 %n)
  br label %ran
f6:
  call void @sums_1_{width}_1(ptr %across, ptr %l, ptr %when, double %other, ptr %p, ptr %to, i64 %from, i64 %n)
  br label %ran
f7:
  call void @sums_{many}_{width}_1(ptr %across, ptr %l, ptr %when, double %other, ptr %p, ptr %to, i64 %from, i64 %n)
  br label %ran
ran:
  br label %some
out:
  ret void
}}
define void @outer{suffix}(ptr %tables, ptr %lefts, i64 %many, ptr %rights, i64 %size, i64 %when, double %other,
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
  %cp1 = getelementptr ptr, ptr %tables, i64 %ri
  %column = load ptr, ptr %cp1
  br label %ran
ran:
  %from = phi ptr [ %across, %several ], [ %column, %one ]
  call void @all_sums(ptr %from, ptr %pointers, i64 %many, ptr %w, double %other, ptr %places, ptr %to, i64 %j,
                      i64 %n, i1 %group)
  br label %next
out:
  ret void
}}"""


class Matrices:
    """The calls of these functions in the code of a Program for many rows; see tiles.py.

    summed: the outputs of the whole Program that rows add up. exact: its registers that keep their bits in fast code.
    Behind its own columns the code has, in memory, those of the results, and behind its outputs those that only
    matrices read.
    """

    def __init__(self, found: Apart, summed: Iterable[int], width: int, fast: bool, exact: Collection[int]) -> None:
        self.found, self.width = found, width
        self.fast = [fast and not any(x in exact for x in group.results) for group in found.dots]
        self.fast += [fast] * len(found.outers)
        self.rows = ROWS if self.fast else 0
        self.across = width * bool(found.outers)        # working memory, in numbers for each row of a tile
        self.pointers = max((len(group.lefts) for group in found.outers), default=0)
        self._place = {output: i for i, output in enumerate(sorted(summed))}
        count = len(found.dots)
        self.before = "\n".join(f"  call void @dots_of{i}(ptr %in, ptr %shared, i64 %full)" for i in range(count))
        self.after = "\n".join(f"  call void @outer{i}(ptr %in, ptr %across, ptr %pointers, ptr %to, i64 %n, i64 %full)"
                               for i in range(len(found.outers)))

    def columns(self, columns: Sequence[int]) -> Sequence[int]:
        """Of these columns those that the caller has."""
        return columns[:len(columns) - sum(len(group.results) for group in self.found.dots)]

    def outputs(self, written: Sequence[int]) -> list[int]:
        """Of these outputs those that the caller gets, by their numbers there."""
        return [self.found.outputs[x] for x in written if x < len(self.found.outputs)]

    def sums(self, summed: Sequence[int]) -> list[int]:
        """The places of these outputs among the sums."""
        return [self._place[self.found.outputs[x]] for x in summed]

    def text(self, block: Any, apart: int) -> Iterator[str]:
        """The functions that the code calls. block: as in tiles.py. apart: from table `in` to table `out`."""
        column = {x: i for i, x in enumerate(block.columns)}
        column |= {x: apart + i for i, x in enumerate(self.found.program.outputs[x] for x in block.written)
                   if x not in column}
        yield from declared({name: kind for fast in {*self.fast} for name, kind in names(self.width, fast).items()})
        made = len(self.columns(block.columns))
        for i, (group, fast) in enumerate(zip(self.found.dots, self.fast, strict=False)):
            yield from (table(f"weights{i}", [block.shared[x] for x in group.shared]),
                        f"define internal void @dots_of{i}(ptr %in, ptr %shared, i64 %full) {{",
                        f"  %x = getelementptr ptr, ptr %in, i64 {column[group.column]}",
                        f"  %to = getelementptr ptr, ptr %in, i64 {made}",
                        f"  call void @{_named('dots', self.width, fast)}(ptr %x, i64 {group.size}, ptr @weights{i}, "
                        f"i64 {len(group.results)}, ptr %shared, ptr %to, i64 %full)", "  ret void", "}")
            made += len(group.results)
        for i, outer in enumerate(self.found.outers):
            when = -1 if outer.when is None else column[outer.when]
            yield from (table(f"lefts{i}", [column[x] for x in outer.lefts]),
                        table(f"rights{i}", [column[x] for x in outer.rights]),
                        table(f"places{i}", [self._place[x] for x in outer.places]),
                        f"define internal void @outer{i}(ptr %in, ptr %across, ptr %pointers, ptr %to, i64 %n, "
                        "i64 %full) {",
                        f"  call void @{_named('outer', self.width, self.fast[-1])}(ptr %in, ptr @lefts{i}, "
                        f"i64 {len(outer.lefts)}, ptr @rights{i}, i64 {len(outer.rights)}, i64 {when}, "
                        f"double {constant(outer.other)}, ptr @places{i}, ptr %to, i64 %n, i64 %full, ptr %across, "
                        "ptr %pointers)", "  ret void", "}")


def table(name: str, numbers: Sequence[int]) -> str:
    """A constant of these numbers."""
    listed = f"[{', '.join(f'i64 {x}' for x in numbers)}]" if numbers else "zeroinitializer"
    return f"@{name} = internal constant [{len(numbers)} x i64] {listed}"


def _named(name: str, width: int, fast: bool) -> str:
    return f"{name}{width}{'fast' if fast else ''}"
