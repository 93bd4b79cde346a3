"""Functions in LLVM's language beside loops: memory for their rows, and the way back from snapshots."""

from collections.abc import Iterator, Sequence

MOST = 2**60    # bytes of snapshots: more than there is memory, and no count of bytes overflows

# @room: makes room for so many rows of so many bytes, and says whether there is memory.
HELPERS = """
declare {{ i64, i1 }} @llvm.umul.with.overflow.i64(i64, i64)
define internal i1 @room(ptr %area, i64 %rows, i64 %bytes) {{
entry:
  %at = getelementptr i64, ptr %area, i64 1
  %known = load i64, ptr %at
  %enough = icmp uge i64 %known, %rows
  br i1 %enough, label %good, label %more
more:
  %old = load ptr, ptr %area
  %sized = call {{ i64, i1 }} @llvm.umul.with.overflow.i64(i64 %rows, i64 %bytes)
  %over = extractvalue {{ i64, i1 }} %sized, 1
  br i1 %over, label %bad, label %ask
ask:
  %all = extractvalue {{ i64, i1 }} %sized, 0
  %new = call ptr inttoptr (i64 {realloc} to ptr)(ptr %old, i64 %all)
  %none = icmp eq ptr %new, null
  br i1 %none, label %bad, label %keep
keep:
  store ptr %new, ptr %area
  store i64 %rows, ptr %at
  br label %good
good:
  ret i1 1
bad:
  ret i1 0
}}
define internal void @begin(ptr %area) {{
  store ptr null, ptr %area
  %at = getelementptr i64, ptr %area, i64 1
  store i64 0, ptr %at
  ret void
}}
define internal void @release(ptr %area) {{
  %old = load ptr, ptr %area
  call void inttoptr (i64 {free} to ptr)(ptr %old)
  ret void
}}
"""
# @copy: a number of each row to one of each row of another loop.
COPY = """
define internal void @copy(ptr %to, i64 %width, ptr %from, i64 %other, i64 %rows) {{
entry:
  br label %head
head:
  %i = phi i64 [ 0, %entry ], [ %next, %step ]
  %more = icmp slt i64 %i, %rows
  br i1 %more, label %step, label %end
step:
  %a = mul i64 %i, %width
  %b = mul i64 %i, %other
  %p = getelementptr {number}, ptr %to, i64 %a
  %q = getelementptr {number}, ptr %from, i64 %b
  %x = load {number}, ptr %q, align 8
  store {number} %x, ptr %p, align 8
  %next = add i64 %i, 1
  br label %head
end:
  ret void
}}
@blank = internal constant {number} {blank}
@full = internal constant {number} {full}
"""


def helpers(memory: Sequence[int], number: str = "double", blank: str = "-0.0", full: str = "1.0") -> Iterator[str]:
    """The functions that loops call.

    memory: the addresses of C's realloc and free, or of functions like them. number: the type of numbers; blank, full:
    -0.0 and 1.0 of that type.
    """
    realloc, free = memory
    yield HELPERS.format(realloc=realloc, free=free)
    yield COPY.format(number=number, blank=blank, full=full)


def replay(name: str, pieces: Sequence[str], state: Sequence[int], width: int, snapshots: int, number: str = "double",
           begins: str = "") -> str:
    """The function of a replay.

    state: the places of the numbers that a snapshot holds; width: numbers of a row; number: their type. begins: the
    text of the function that begins; it is left out where memory is to be taken and given back: for no more snapshots
    than there are iterations.
    """
    def moves(saves: bool) -> Iterator[str]:
        for i, place in enumerate(state):
            yield from (f"  %c{i} = getelementptr {number}, ptr %cells, i64 {place}",
                        f"  %s{i} = getelementptr {number}, ptr %slot, i64 {i}",
                        f"  %x{i} = load {number}, ptr {f'%c{i}' if saves else f'%s{i}'}",
                        f"  store {number} %x{i}, ptr {f'%s{i}' if saves else f'%c{i}'}")

    size = max(len(state), 1)
    return (REPLAY + (begins or BEGINS)).format(
        name=name, number=number, ahead=pieces[0], full=pieces[1], back=pieces[2], size=size, width=width,
        state=8 * size, bytes=8 * replay_size(width, len(state), 1), rows=2 * max(width, 1),
        others=min(snapshots - 1, MOST // (8 * size)),
        save="\n".join(moves(True)), restore="\n".join(moves(False)))


def replay_size(width: int, state: int, snapshots: int) -> int:
    """How many numbers a replay holds: two rows of so many, and its snapshots."""
    return 2 * max(width, 1) + max(state, 1) * (snapshots + 1)


# @NAME_revolve: the iterations from %low to %high backwards, of which the state at %low is in the slot %level. `split`
# of program/replay.py in 64-bit numbers: %p, %left and %least are `reach` of %others with %r, one less and two less;
# where a product is larger than any count, it reaches. %shift may wrap around: an address in the loop adds it again.
REPLAY = """
define internal void @{name}_save(ptr %slots, i64 %level, ptr %cells) {{
  %at = mul i64 %level, {size}
  %slot = getelementptr {number}, ptr %slots, i64 %at
{save}
  ret void
}}
define internal void @{name}_restore(ptr %slots, i64 %level, ptr %cells) {{
  %at = mul i64 %level, {size}
  %slot = getelementptr {number}, ptr %slots, i64 %at
{restore}
  ret void
}}
define internal i64 @{name}_revolve(ptr %area, ptr %cells, ptr %rows, i64 %low, i64 %end, i64 %others, i64 %level) {{
entry:
  %slots = getelementptr {number}, ptr %rows, i64 {rows}
  %deeper = add i64 %level, 1
  %fewer = sub i64 %others, 1
  %some = icmp sgt i64 %others, 0
  br label %head
head:
  %high = phi i64 [ %end, %entry ], [ %middle, %halved ]
  %length = sub i64 %high, %low
  %long = icmp sgt i64 %length, 1
  %more = and i1 %long, %some
  br i1 %more, label %count, label %tail
count:
  %r = phi i64 [ 0, %head ], [ %r1, %grow ]
  %p = phi i64 [ 1, %head ], [ %p1, %grow ]
  %left = phi i64 [ 0, %head ], [ %p, %grow ]
  %least = phi i64 [ 0, %head ], [ %left, %grow ]
  %enough = icmp sge i64 %p, %length
  br i1 %enough, label %split, label %grow
grow:
  %r1 = add i64 %r, 1
  %o1 = add i64 %others, 1
  %f = add i64 %o1, %r1
  %m = call {{ i64, i1 }} @llvm.umul.with.overflow.i64(i64 %p, i64 %f)
  %over = extractvalue {{ i64, i1 }} %m, 1
  %m1 = extractvalue {{ i64, i1 }} %m, 0
  %m2 = udiv i64 %m1, %r1
  %p1 = select i1 %over, i64 9223372036854775807, i64 %m2
  br label %count
split:
  %right = sub i64 %p, %left
  %rest = sub i64 %length, %right
  %a1 = icmp sgt i64 %rest, %least
  %a = select i1 %a1, i64 %rest, i64 %least
  %b1 = icmp sgt i64 %a, 1
  %d = select i1 %b1, i64 %a, i64 1
  %middle = add i64 %low, %d
  call void @{name}_restore(ptr %slots, i64 %level, ptr %cells)
  %g1 = call i64 @{ahead}(ptr %cells, i64 %middle, i64 %low, ptr null)
  %w1 = icmp ne i64 %g1, -1
  br i1 %w1, label %bad, label %go
go:
  call void @{name}_save(ptr %slots, i64 %deeper, ptr %cells)
  %g2 = call i64 @{name}_revolve(ptr %area, ptr %cells, ptr %rows, i64 %middle, i64 %high, i64 %fewer, i64 %deeper)
  %w2 = icmp ne i64 %g2, -1
  br i1 %w2, label %bad, label %halved
halved:
  br label %head
tail:
  %t0 = sub i64 %high, 1
  br label %steps
steps:
  %t = phi i64 [ %t0, %tail ], [ %before, %done ]
  %any = icmp sge i64 %t, %low
  br i1 %any, label %one, label %good
one:
  call void @{name}_restore(ptr %slots, i64 %level, ptr %cells)
  %g3 = call i64 @{ahead}(ptr %cells, i64 %t, i64 %low, ptr null)
  %w3 = icmp ne i64 %g3, -1
  br i1 %w3, label %bad, label %here
here:
  %next = add i64 %t, 1
  %shift = mul i64 %t, -{width}
  %biased = getelementptr {number}, ptr %rows, i64 %shift
  %g4 = call i64 @{full}(ptr %cells, i64 %next, i64 %t, ptr %biased)
  %w4 = icmp ne i64 %g4, -1
  br i1 %w4, label %bad, label %way
way:
  %g5 = call i64 @{back}(ptr %area, i64 %next, i64 %t, ptr null, ptr %biased)
  %w5 = icmp ne i64 %g5, -1
  br i1 %w5, label %bad, label %done
done:
  %before = sub i64 %t, 1
  br label %steps
good:
  ret i64 -1
bad:
  %why = phi i64 [ %g1, %split ], [ %g2, %go ], [ %g3, %one ], [ %g4, %here ], [ %g5, %way ]
  ret i64 %why
}}"""
BEGINS = """
define internal i64 @{name}(ptr %area, ptr %cells, i64 %n) {{
entry:
  %held = alloca [2 x i64]
  call void @begin(ptr %held)
  %most = sub i64 %n, 2
  %few = icmp slt i64 %most, {others}
  %needed = select i1 %few, i64 %most, i64 {others}
  %some = icmp sgt i64 %needed, 0
  %others = select i1 %some, i64 %needed, i64 0
  %states = mul i64 %others, {state}
  %bytes = add i64 %states, {bytes}
  %enough = call i1 @room(ptr %held, i64 1, i64 %bytes)
  br i1 %enough, label %run, label %short
run:
  %rows = load ptr, ptr %held
  %slots = getelementptr double, ptr %rows, i64 {rows}
  call void @{name}_save(ptr %slots, i64 0, ptr %cells)
  %code = call i64 @{name}_revolve(ptr %area, ptr %cells, ptr %rows, i64 0, i64 %n, i64 %others, i64 0)
  call void @release(ptr %held)
  %count = getelementptr double, ptr %area, i64 2
  %number = sitofp i64 %n to double
  store double %number, ptr %count
  ret i64 %code
short:
  ret i64 -2
}}
"""
# The same of vectors, in memory behind the areas.
BEGINS_ROWS = """
define internal i64 @{{name}}(ptr %area, ptr %cells, i64 %n) {{{{
  %rows = getelementptr {{number}}, ptr %area, i64 {held}
  %slots = getelementptr {{number}}, ptr %rows, i64 {{rows}}
  call void @{{name}}_save(ptr %slots, i64 0, ptr %cells)
  %code = call i64 @{{name}}_revolve(ptr %area, ptr %cells, ptr %rows, i64 0, i64 %n, i64 {{others}}, i64 0)
  %count = getelementptr {{number}}, ptr %area, i64 2
  store {{number}} {count}, ptr %count
  ret i64 %code
}}}}
"""
# @fill_cells: numbers to consecutive cells; a table says of each its column, or, below 0, its place among shared ones
FILL = """
define internal void @fill_cells(ptr %to, ptr %in, ptr %shared, ptr %table, i64 %at, i64 %n) {{
entry:
  br label %next
next:
  %i = phi i64 [ 0, %entry ], [ %i1, %done ]
  %tp = getelementptr i64, ptr %table, i64 %i
  %k = load i64, ptr %tp
  %p = getelementptr {number}, ptr %to, i64 %i
  %i1 = add i64 %i, 1
  %own = icmp sge i64 %k, 0
  br i1 %own, label %column, label %same
column:
  %cp = getelementptr ptr, ptr %in, i64 %k
  %c = load ptr, ptr %cp
  %q = getelementptr double, ptr %c, i64 %at
  %x = load {number}, ptr %q, align 8
  br label %done
same:
  %l = xor i64 %k, -1
  %sp = getelementptr double, ptr %shared, i64 %l
  %s = load double, ptr %sp
  %y1 = insertelement {number} poison, double %s, i32 0
  %y = shufflevector {number} %y1, {number} poison, <{width} x i32> zeroinitializer
  br label %done
done:
  %z = phi {number} [ %x, %column ], [ %y, %same ]
  store {number} %z, ptr %p
  %more = icmp slt i64 %i1, %n
  br i1 %more, label %next, label %end
end:
  ret void
}}
"""
# @spread_cells: constants to consecutive cells
SPREAD = """
define internal void @spread_cells(ptr %to, ptr %from, i64 %n) {{
entry:
  br label %next
next:
  %i = phi i64 [ 0, %entry ], [ %i1, %next ]
  %sp = getelementptr double, ptr %from, i64 %i
  %s = load double, ptr %sp
  %y1 = insertelement {number} poison, double %s, i32 0
  %y = shufflevector {number} %y1, {number} poison, <{width} x i32> zeroinitializer
  %p = getelementptr {number}, ptr %to, i64 %i
  store {number} %y, ptr %p, align 8
  %i1 = add i64 %i, 1
  %more = icmp slt i64 %i1, %n
  br i1 %more, label %next, label %end
end:
  ret void
}}
"""
# @give: numbers that are so many apart to consecutive columns
GIVE = """
define internal void @give(ptr %from, i64 %step, ptr %out, i64 %at, i64 %n) {{
entry:
  br label %next
next:
  %i = phi i64 [ 0, %entry ], [ %i1, %next ]
  %j = mul i64 %i, %step
  %p = getelementptr {number}, ptr %from, i64 %j
  %x = load {number}, ptr %p, align 8
  %cp = getelementptr ptr, ptr %out, i64 %i
  %c = load ptr, ptr %cp
  %q = getelementptr double, ptr %c, i64 %at
  store {number} %x, ptr %q, align 8
  %i1 = add i64 %i, 1
  %more = icmp slt i64 %i1, %n
  br i1 %more, label %next, label %end
end:
  ret void
}}
"""
