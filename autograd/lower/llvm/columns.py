"""Reads the columns of a tile of rows, and writes them, in LLVM's language; all Programs share this.

A column whose numbers lie side by side is used where it is. Others, the columns of gathered rows, and those of the last
rows, which do not fill a vector, go through memory of the tile, where the last of these rows is repeated.
"""

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
  %v = phi i64 [ 0, %0 ], [ %v1, %done ]
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
one:
  %j = phi i64 [ 0, %column ], [ %j1, %row ]
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
COLUMNS = f"""
define void @place_tile{_TILE} {{{_COLUMN}
  br label %done{_END}
define void @read_tile{_TILE} {{{_COLUMN}
  br i1 %direct, label %done, label %one{_EACH_ROW}
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
define void @write_tile{_TILE} {{{_COLUMN}
  %done1 = xor i1 %asked, true
  %done2 = or i1 %direct, %done1
  br i1 %done2, label %done, label %one{_EACH_ROW}
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
