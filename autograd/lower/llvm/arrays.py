"""Reads numbers from NumPy's arrays, of any real dtype and strides, in LLVM's language; all Programs share this.

An array is read through Python's buffer protocol: no number of it becomes an object. Arrays that this cannot read, such
as those of another byte order, are refused.
"""

from collections.abc import Mapping

KIND = object.__basicsize__ - 8         # offset of an object's type: at the end of its header
FORMATS = {"d": 0, "f": 1, **dict.fromkeys("bhilq", 2), **dict.fromkeys("BHILQ", 3)}    # double, float, int, unsigned
READ = {"00": ("double", ""), "01": ("float", "fpext"), **{f"2{n}": (f"i{8 * n}", "sitofp") for n in (1, 2, 4, 8)},
        **{f"3{n}": (f"i{8 * n}", "uitofp") for n in (1, 2, 4, 8)}}


def chosen(x: str, kind: str, arms: Mapping[int, str], otherwise: str) -> str:
    """Branches by the number ``x``; of a `switch` LLVM makes code by its slow instruction selection."""
    lines = []
    for i, (number, label) in enumerate(arms.items()):
        after = f"not{i}" if i + 1 < len(arms) else otherwise
        lines += [f"  %is{i} = icmp eq {kind} {x}, {number}", f"  br i1 %is{i}, label %{label}, label %{after}",
                  *([f"{after}:"] if i + 1 < len(arms) else [])]
    return "\n".join(lines)


def _readers() -> str:
    """The arms of @read."""
    return "\n".join(f"k{name}:\n  %v{name} = load {kind}, ptr %x, align 1\n" + (
        f"  %d{name} = {convert} {kind} %v{name} to double\n  ret double %d{name}" if convert else
        f"  ret double %v{name}") for name, (kind, convert) in READ.items())


# Py_buffer is 80 bytes: the address, the object, bytes, bytes of an item, (read-only, axes), the format, the shape, ...
# %words: see `_array` in entries.py. Axes are looked at from the innermost outwards: each step must be longer than all
# that is inside it.
ARRAYS = f"""
declare ptr @memmove(ptr, ptr, i64)

define internal double @read(ptr %x, i64 %format) {{
{chosen("%format", "i64", {int(name): f"k{name}" for name in READ}, "k00")}
{_readers()}
}}

define internal ptr @copy(ptr %from, ptr %to, i64 %axis, i64 %axes, ptr %lengths, ptr %strides, i64 %format) {{
  %leaf = icmp eq i64 %axis, %axes
  br i1 %leaf, label %number, label %begin
number:
  %x = call double @read(ptr %from, i64 %format)
  store double %x, ptr %to
  %after = getelementptr double, ptr %to, i64 1
  ret ptr %after
begin:
  %lp = getelementptr i64, ptr %lengths, i64 %axis
  %length = load i64, ptr %lp
  %sp = getelementptr i64, ptr %strides, i64 %axis
  %stride = load i64, ptr %sp
  %inner = add i64 %axis, 1
  %last = icmp eq i64 %inner, %axes
  br label %next
next:
  %i = phi i64 [ 0, %begin ], [ %i1, %step ]
  %here = phi ptr [ %from, %begin ], [ %there, %step ]
  %put = phi ptr [ %to, %begin ], [ %ahead, %step ]
  %all = icmp eq i64 %i, %length
  br i1 %all, label %done, label %one
one:
  br i1 %last, label %direct, label %row
direct:
  %y = call double @read(ptr %here, i64 %format)
  store double %y, ptr %put
  %beyond = getelementptr double, ptr %put, i64 1
  br label %step
row:
  %filled = call ptr @copy(ptr %here, ptr %put, i64 %inner, i64 %axes, ptr %lengths, ptr %strides, i64 %format)
  br label %step
step:
  %ahead = phi ptr [ %beyond, %direct ], [ %filled, %row ]
  %there = getelementptr i8, ptr %here, i64 %stride
  %i1 = add i64 %i, 1
  br label %next
done:
  ret ptr %put
}}

define internal i1 @strides_fit(ptr %words, i64 %axes, ptr %lengths, ptr %strides, i64 %item) {{
  %wp = getelementptr i64, ptr %words, i64 5
  %wanted = load i64, ptr %wp
  %any = icmp eq i64 %wanted, 3
  br i1 %any, label %yes, label %begin
begin:
  %compacts = add i64 %axes, 6
  %inwards = add i64 %compacts, %axes
  br label %next
next:
  %i = phi i64 [ %axes, %begin ], [ %i1, %step ]
  %reach = phi i64 [ %item, %begin ], [ %further, %step ]
  %exact = phi i1 [ true, %begin ], [ %still, %step ]
  %all = icmp eq i64 %i, 0
  br i1 %all, label %judge, label %one
one:
  %i1 = sub i64 %i, 1
  %ip = add i64 %inwards, %i1
  %ap = getelementptr i64, ptr %words, i64 %ip
  %axis = load i64, ptr %ap
  %lp = getelementptr i64, ptr %lengths, i64 %axis
  %length = load i64, ptr %lp
  %single = icmp eq i64 %length, 1
  br i1 %single, label %step, label %look
look:
  %sp = getelementptr i64, ptr %strides, i64 %axis
  %stride = load i64, ptr %sp
  %minus = sub i64 0, %stride
  %backwards = icmp slt i64 %stride, 0
  %size = select i1 %backwards, i64 %minus, i64 %stride
  %outside = icmp sge i64 %size, %reach
  br i1 %outside, label %measure, label %no
measure:
  %cp = add i64 %compacts, %axis
  %cpp = getelementptr i64, ptr %words, i64 %cp
  %compact = load i64, ptr %cpp
  %tight = mul i64 %compact, %item
  %equal = icmp eq i64 %stride, %tight
  %both = and i1 %exact, %equal
  %longer = mul i64 %size, %length
  br label %step
step:
  %further = phi i64 [ %reach, %one ], [ %longer, %measure ]
  %still = phi i1 [ %exact, %one ], [ %both, %measure ]
  br label %next
judge:
  %ordered = icmp eq i64 %wanted, 2
  %gaps = icmp eq i64 %wanted, 1
  %right = xor i1 %exact, %gaps
  %fits = or i1 %ordered, %right
  ret i1 %fits
yes:
  ret i1 true
no:
  ret i1 false
}}

define internal i1 @take_view(ptr %view, ptr %in, ptr %words) {{
  %ap = getelementptr i64, ptr %words, i64 3
  %axes = load i64, ptr %ap
  %np = getelementptr i8, ptr %view, i64 36
  %count = load i32, ptr %np
  %wide = zext i32 %count to i64
  %flat = icmp eq i64 %wide, %axes
  br i1 %flat, label %kind, label %no
kind:
  %fp = getelementptr i8, ptr %view, i64 40
  %text = load ptr, ptr %fp
  %c = load i8, ptr %text
  %ep = getelementptr i8, ptr %text, i64 1
  %end = load i8, ptr %ep
  %short = icmp eq i8 %end, 0
  br i1 %short, label %choose, label %no
choose:
  %bp = getelementptr i8, ptr %view, i64 24
  %item = load i64, ptr %bp
  %signed = add i64 %item, 20
  %unsigned = add i64 %item, 30
{chosen("%c", "i8", {ord(c): "dfsu"[k] for c, k in FORMATS.items()}, "no")}
d:
  br label %begin
f:
  br label %begin
s:
  br label %begin
u:
  br label %begin
begin:
  %format = phi i64 [ 0, %d ], [ 1, %f ], [ %signed, %s ], [ %unsigned, %u ]
  %shp = getelementptr i8, ptr %view, i64 48
  %lengths = load ptr, ptr %shp
  %stp = getelementptr i8, ptr %view, i64 56
  %strides = load ptr, ptr %stp
  br label %next
next:
  %i = phi i64 [ 0, %begin ], [ %i1, %one ]
  %all = icmp eq i64 %i, %axes
  br i1 %all, label %fits, label %one
one:
  %lp = getelementptr i64, ptr %lengths, i64 %i
  %length = load i64, ptr %lp
  %k = add i64 %i, 6
  %wp = getelementptr i64, ptr %words, i64 %k
  %wanted = load i64, ptr %wp
  %same = icmp eq i64 %length, %wanted
  %i1 = add i64 %i, 1
  br i1 %same, label %next, label %no
fits:
  %right = call i1 @strides_fit(ptr %words, i64 %axes, ptr %lengths, ptr %strides, i64 %item)
  br i1 %right, label %read, label %no
read:
  %pp = getelementptr i64, ptr %words, i64 1
  %place = load i64, ptr %pp
  %to = getelementptr double, ptr %in, i64 %place
  %data = load ptr, ptr %view
  %doubles = icmp eq i64 %format, 0
  br i1 %doubles, label %maybe, label %convert
maybe:
  %whole = call i32 @PyBuffer_IsContiguous(ptr %view, i32 67)
  %block = icmp ne i32 %whole, 0
  br i1 %block, label %move, label %convert
move:
  %tp = getelementptr i8, ptr %view, i64 16
  %bytes = load i64, ptr %tp
  %there = call ptr @memmove(ptr %to, ptr %data, i64 %bytes)
  ret i1 true
convert:
  %end2 = call ptr @copy(ptr %data, ptr %to, i64 0, i64 %axes, ptr %lengths, ptr %strides, i64 %format)
  ret i1 true
no:
  ret i1 false
}}

define internal i1 @take_array(ptr %x, ptr %in, ptr %words) {{
  %view = alloca [10 x i64]
  %kp = getelementptr i8, ptr %x, i64 {KIND}
  %kind = load ptr, ptr %kp
  %cp = getelementptr i64, ptr %words, i64 2
  %expected = load ptr, ptr %cp
  %right = icmp eq ptr %kind, %expected
  br i1 %right, label %open, label %no
open:
  %failed = call i32 @PyObject_GetBuffer(ptr %x, ptr %view, i32 28)
  %opened = icmp eq i32 %failed, 0
  br i1 %opened, label %look, label %clear
clear:
  call void @PyErr_Clear()
  ret i1 false
look:
  %taken = call i1 @take_view(ptr %view, ptr %in, ptr %words)
  call void @PyBuffer_Release(ptr %view)
  ret i1 %taken
no:
  ret i1 false
}}

define internal ptr @give_array(ptr %made, ptr %from, i64 %bytes) {{
  %view = alloca [10 x i64]
  %none = icmp eq ptr %made, null
  br i1 %none, label %done, label %open
open:
  %failed = call i32 @PyObject_GetBuffer(ptr %made, ptr %view, i32 9)
  %opened = icmp eq i32 %failed, 0
  br i1 %opened, label %copy, label %drop
copy:
  %data = load ptr, ptr %view
  %there = call ptr @memmove(ptr %data, ptr %from, i64 %bytes)
  call void @PyBuffer_Release(ptr %view)
  br label %done
drop:
  call void @Py_DecRef(ptr %made)
  ret ptr null
done:
  ret ptr %made
}}"""
