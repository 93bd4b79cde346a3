"""Reads the columns of a tile of rows, and writes them, in LLVM's language; all Programs share this.

A column whose numbers lie side by side is used where it is. Others, the columns of gathered rows, and those of the last
rows, which do not fill a vector, go through memory of the tile, where the last of these rows is repeated.
"""

from collections.abc import Iterator

TOGETHER = 8        # columns side by side in a row, as of a matrix, that are read together: a line of the cache
AHEAD = 512         # bytes: what stands so far on in the row is fetched, as processors look ahead in few rows at once
_OF_TILE = "void (ptr, ptr, i64, ptr, ptr, i64, ptr, i64, i64, i64)"
OWN = {"read_tile": _OF_TILE, "place_tile": _OF_TILE, "write_tile": _OF_TILE,
       "read_shared": "void (ptr, ptr, i64, ptr)", "note_failed": "i64 (ptr, ptr, i64)"}
# columns, rows: as in `Lanes`; of these columns `which`, so many. table: the places of their numbers. memory: for
# those that are not used where they are, each so many bytes apart. first: the first row, or its place in `rows`; full:
# count, rounded up to whole vectors.
_TILE = "(ptr %columns, ptr %which, i64 %many, ptr %table, ptr %memory, i64 %apart, ptr %rows, i64 %first, " \
    "i64 %count, i64 %full)"
_COLUMN = """
  %plain = icmp eq ptr %rows, null
  %filled = icmp eq i64 %count, %full
  %whole = and i1 %plain, %filled
  br label %next
next:
  %v = phi i64 [ 0, %0 ], [ %v1, %done ]{also}
  %all = icmp eq i64 %v, %many
  br i1 %all, label %end, label %column
column:
  %v1 = add i64 %v, 1
  %wp = getelementptr i64, ptr %which, i64 %v
  %i = load i64, ptr %wp
  %i2 = mul i64 %i, 2
  %cp = getelementptr i64, ptr %columns, i64 %i2
  %start = load ptr, ptr %cp
  %dp = getelementptr i64, ptr %cp, i64 1
  %step = load i64, ptr %dp
  %asked = icmp ne ptr %start, null
  %dense = icmp eq i64 %step, 8
  %a = and i1 %dense, %whole
  %direct = and i1 %asked, %a
  %there = getelementptr double, ptr %start, i64 %first
  %far = mul i64 %v, %apart
  %aside = getelementptr i8, ptr %memory, i64 %far
  %place = select i1 %direct, ptr %there, ptr %aside
  %tp = getelementptr ptr, ptr %table, i64 %v
  store ptr %place, ptr %tp"""
_EACH_ROW = """
alone:
  br label %one
one:
  %j = phi i64 [ 0, %alone ], [ %j1, %row ]
  %at = add i64 %first, %j
  br i1 %plain, label %row, label %look
look:
  %rp = getelementptr i64, ptr %rows, i64 %at
  %listed = load i64, ptr %rp
  br label %row
row:
  %number = phi i64 [ %at, %one ], [ %listed, %look ]
  %offset = mul i64 %number, %step
  %outside = getelementptr i8, ptr %start, i64 %offset
  %inside = getelementptr double, ptr %aside, i64 %j
  %j1 = add i64 %j, 1
  %more = icmp slt i64 %j1, %count"""
_END = """
done:
  br label %next
end:
  ret void
}"""


def _together() -> Iterator[str]:
    """The lines that read TOGETHER columns, if they stand side by side in rows; else they go on to %alone."""
    others = range(1, TOGETHER)
    yield f"""several:
  %v_together = add i64 %v, {TOGETHER}
  %fit = icmp sle i64 %v_together, %many
  %last = sub i64 %count, 1
  br i1 %fit, label %beside1, label %alone"""
    for c in others:
        yield f"""beside{c}:
  %wp{c} = getelementptr i64, ptr %wp, i64 {c}
  %which{c} = load i64, ptr %wp{c}
  %pair{c} = mul i64 %which{c}, 2
  %cp{c} = getelementptr i64, ptr %columns, i64 %pair{c}
  %start{c} = load ptr, ptr %cp{c}
  %dp{c} = getelementptr i64, ptr %cp{c}, i64 1
  %step{c} = load i64, ptr %dp{c}
  %next{c} = getelementptr double, ptr %start, i64 {c}
  %is_next{c} = icmp eq ptr %start{c}, %next{c}
  %in_step{c} = icmp eq i64 %step{c}, %step
  %both{c} = and i1 %is_next{c}, %in_step{c}
  br i1 %both{c}, label %{f"beside{c + 1}" if c + 1 < TOGETHER else "places"}, label %alone"""
    yield "places:"
    for c in others:
        yield f"""  %far{c} = mul i64 %apart, {c}
  %aside{c} = getelementptr i8, ptr %aside, i64 %far{c}
  %tp{c} = getelementptr ptr, ptr %tp, i64 {c}
  store ptr %aside{c}, ptr %tp{c}"""
    yield f"""  br label %line
line:
  %k = phi i64 [ 0, %places ], [ %k1, %read ]
  %inner = icmp slt i64 %k, %last
  %own = select i1 %inner, i64 %k, i64 %last
  %own_at = add i64 %first, %own
  br i1 %plain, label %read, label %find
find:
  %own_rp = getelementptr i64, ptr %rows, i64 %own_at
  %found = load i64, ptr %own_rp
  br label %read
read:
  %own_row = phi i64 [ %own_at, %line ], [ %found, %find ]
  %by = mul i64 %own_row, %step
  %from0 = getelementptr i8, ptr %start, i64 %by
  %soon = getelementptr i8, ptr %from0, i64 {AHEAD}
  call void @llvm.prefetch.p0(ptr %soon, i32 0, i32 3, i32 1)
  %x0 = load double, ptr %from0"""
    for c in others:
        yield f"  %from{c} = getelementptr double, ptr %from0, i64 {c}\n  %x{c} = load double, ptr %from{c}"
    for c in range(TOGETHER):
        yield f"  %to{c} = getelementptr double, ptr %aside{c or ''}, i64 %k\n  store double %x{c}, ptr %to{c}"
    yield """  %k1 = add i64 %k, 1
  %again_line = icmp slt i64 %k1, %full
  br i1 %again_line, label %line, label %together
together:
  br label %next"""


_ONE, _SEVERAL = _COLUMN.format(also=""), _COLUMN.format(also=", [ %v_together, %together ]")
_LINES = "\n".join(_together())
COLUMNS = f"""declare void @llvm.prefetch.p0(ptr, i32, i32, i32)
define void @place_tile{_TILE} {{{_ONE}
  br label %done{_END}
define void @read_tile{_TILE} {{{_SEVERAL}
  br i1 %direct, label %done, label %several
{_LINES}{_EACH_ROW}
  %x = load double, ptr %outside
  store double %x, ptr %inside
  br i1 %more, label %one, label %pad
pad:
  %l = phi i64 [ %count, %row ], [ %l1, %again ]
  %padded = icmp slt i64 %l, %full
  br i1 %padded, label %again, label %done
again:
  %beyond = getelementptr double, ptr %aside, i64 %l
  store double %x, ptr %beyond
  %l1 = add i64 %l, 1
  br label %pad{_END}
define void @write_tile{_TILE} {{{_ONE}
  %done1 = xor i1 %asked, true
  %done2 = or i1 %direct, %done1
  br i1 %done2, label %done, label %alone{_EACH_ROW}
  %x = load double, ptr %inside
  store double %x, ptr %outside
  br i1 %more, label %one, label %done{_END}
define void @read_shared(ptr %columns, ptr %which, i64 %many, ptr %to) {{
  br label %next
next:
  %v = phi i64 [ 0, %0 ], [ %v1, %column ]
  %all = icmp eq i64 %v, %many
  br i1 %all, label %end, label %column
column:
  %v1 = add i64 %v, 1
  %wp = getelementptr i64, ptr %which, i64 %v
  %i = load i64, ptr %wp
  %i2 = mul i64 %i, 2
  %cp = getelementptr i64, ptr %columns, i64 %i2
  %start = load ptr, ptr %cp
  %x = load double, ptr %start
  %tp = getelementptr double, ptr %to, i64 %v
  store double %x, ptr %tp
  br label %next
end:
  ret void
}}
define i64 @note_failed(ptr %guards, ptr %failed, i64 %count) {{
  %kept = icmp ne ptr %failed, null
  br label %next
next:
  %j = phi i64 [ 0, %0 ], [ %j1, %done ]
  %failures = phi i64 [ 0, %0 ], [ %sum, %done ]
  %all = icmp eq i64 %j, %count
  br i1 %all, label %end, label %one
one:
  %gp = getelementptr i64, ptr %guards, i64 %j
  %guard = load i64, ptr %gp
  %fails = icmp sge i64 %guard, 0
  %more = zext i1 %fails to i64
  %sum = add i64 %failures, %more
  %j1 = add i64 %j, 1
  br i1 %kept, label %keep, label %done
keep:
  %fp = getelementptr i64, ptr %failed, i64 %j
  store i64 %guard, ptr %fp
  br label %done
done:
  br label %next
end:
  ret i64 %failures
}}"""
