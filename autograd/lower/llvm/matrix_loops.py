"""Loops over matrices for a few dot products or sums at once, in LLVM's language; matrix_functions.py calls them.

Lanes are rows in dot products, and outputs in what rows add up. So each number is added up in the order of the
Program and of the rows, and fast code only fuses products and sums.
"""

from collections.abc import Iterator

from autograd.lower.llvm.lanes import splat
from autograd.lower.llvm.ordered_sums import transposed


def dots(count: int, rows: int, width: int, fast: bool) -> Iterator[str]:
    """@dots_COUNT_ROWS: so many dot products for so many vectors of rows, from ``row`` on.

    x: the addresses of columns. weights: of each dot product, the place of its first number in `shared`. to: the
    addresses of the columns of results.
    """
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


def sums(count: int, width: int, chosen: bool, fast: bool) -> Iterator[str]:
    """@sums_COUNT_WIDTH_CHOSEN: adds the products of so many left numbers and as many right ones as lanes, over n rows.

    across: the right numbers, row after row. lefts: the addresses of the left columns. when, chosen: where that column
    has 0, ``other``, which is a zero, stands for the products. places: where in `to`, but for ``from``, each left
    number's sums are.
    """
    kind, flag = f"<{width} x double>", " contract" if fast else ""
    yield f"define internal void @sums_{count}_{width}_{int(chosen)}(ptr %across, ptr %lefts, ptr %when, " \
          "double %other, ptr %places, ptr %to, i64 %from, i64 %n) {\nbegin:"
    for k in range(count):
        yield from (f"  %ip{k} = getelementptr i64, ptr %places, i64 {k}", f"  %i{k} = load i64, ptr %ip{k}",
                    f"  %at{k} = add i64 %i{k}, %from", f"  %t{k} = getelementptr double, ptr %to, i64 %at{k}",
                    f"  %b{k} = load {kind}, ptr %t{k}, align 8",
                    f"  %lp{k} = getelementptr ptr, ptr %lefts, i64 {k}", f"  %l{k} = load ptr, ptr %lp{k}")
    yield from (f"  %eo = insertelement {kind} undef, double %other, i32 0",
                f"  %e = shufflevector {kind} %eo, {kind} undef, <{width} x i32> zeroinitializer",
                "  br label %next", "next:", "  %r = phi i64 [ 0, %begin ], [ %r1, %next ]")
    yield from (f"  %a{k} = phi {kind} [ %b{k}, %begin ], [ %s{k}, %next ]" for k in range(count))
    yield from (f"  %xi = mul i64 %r, {width}", "  %xp = getelementptr double, ptr %across, i64 %xi",
                f"  %x = load {kind}, ptr %xp, align 8")
    if chosen:
        yield "  %cp = getelementptr double, ptr %when, i64 %r"
        yield from _spread("c", "cp", width)
        yield f"  %there = fcmp une {kind} %c, zeroinitializer"
    for k in range(count):
        yield f"  %dp{k} = getelementptr double, ptr %l{k}, i64 %r"
        yield from _spread(f"d{k}", f"dp{k}", width)
        yield f"  %m{k} = fmul{flag} {kind} %d{k}, %x"
        if not chosen:
            yield f"  %s{k} = fadd{flag} {kind} %a{k}, %m{k}"
        elif fast:      # so that a product and its sum are one operation
            yield from (f"  %f{k} = fadd{flag} {kind} %a{k}, %m{k}",
                        f"  %s{k} = select <{width} x i1> %there, {kind} %f{k}, {kind} %a{k}")
        else:
            yield from (f"  %f{k} = select <{width} x i1> %there, {kind} %m{k}, {kind} %e",
                        f"  %s{k} = fadd {kind} %a{k}, %f{k}")
    yield "  %r1 = add i64 %r, 1\n  %more = icmp slt i64 %r1, %n\n  br i1 %more, label %next, label %end\nend:"
    yield from (f"  store {kind} %s{k}, ptr %t{k}, align 8" for k in range(count))
    yield "  ret void\n}"


def transposition(width: int) -> Iterator[str]:
    """@transpose: the numbers of as many columns as lanes, side by side, row after row.

    tables: the addresses of columns; rights: the places there of those that are meant. full: rows, whole vectors.
    """
    kind, rows = f"<{width} x double>", [f"%x{i}" for i in range(width)]
    yield "define internal void @transpose(ptr %tables, ptr %rights, i64 %full, ptr %across) {\nbegin:"
    for i in range(width):
        yield from (f"  %ip{i} = getelementptr i64, ptr %rights, i64 {i}", f"  %i{i} = load i64, ptr %ip{i}",
                    f"  %cp{i} = getelementptr ptr, ptr %tables, i64 %i{i}", f"  %c{i} = load ptr, ptr %cp{i}")
    yield "  br label %next\nnext:\n  %r = phi i64 [ 0, %begin ], [ %r1, %next ]"
    for i, row in enumerate(rows):
        yield from (f"  %p{i} = getelementptr double, ptr %c{i}, i64 %r", f"  {row} = load {kind}, ptr %p{i}, align 8")
    yield from transposed(rows, "%t")
    for i, row in enumerate(rows):
        yield from (f"  %at{i} = add i64 %r, {i}", f"  %to{i} = mul i64 %at{i}, {width}",
                    f"  %tp{i} = getelementptr double, ptr %across, i64 %to{i}",
                    f"  store {kind} {row}, ptr %tp{i}, align 8")
    yield f"  %r1 = add i64 %r, {width}\n  %more = icmp slt i64 %r1, %full\n  br i1 %more, label %next, label %end"
    yield "end:\n  ret void\n}"


def _spread(name: str, place: str, width: int) -> Iterator[str]:
    """The number at a place in all lanes."""
    kind = f"<{width} x double>"
    yield from (f"  %{name}n = load double, ptr %{place}",
                f"  %{name}o = insertelement {kind} undef, double %{name}n, i32 0",
                f"  %{name} = shufflevector {kind} %{name}o, {kind} undef, <{width} x i32> zeroinitializer")
