"""The entry point of a call for many rows: takes the arguments, runs the lanes, makes the result; in LLVM's language.

All Programs share its code. What belongs to one call stands in a block of words, to which the entry's self points.
"""

import struct
import sys
from array import array
from collections.abc import Sequence
from functools import cache
from typing import Any

from autograd.lower.layout import BatchLayout
from autograd.lower.llvm.entries import Words
from autograd.lower.llvm.native import METH_O, Method, python_function, shared_code
from autograd.lower.llvm.objects import FLOAT, OWN, PYTHON, declared

WIDTH = 8           # numbers that are divided at once; the memory of a result is filled up to whole vectors
FIELDS = ("busy", "taken", "given", "in", "out", "run", "columns", "found", "rows", "sums", "vectors", "objects",
          "captured", "offset", "place")
# The memory of numbers serves one thread at a time: others get None meanwhile, as for arguments of another kind.
ENTRY = f"""
define ptr @call_batch(ptr %self, ptr %arg) {{
  %at = alloca ptr
  %held = call ptr @PyTuple_GetItem(ptr %self, i64 0)
  %block = call ptr @PyBytes_AsString(ptr %held)
{"".join(f'''  %{name}_p = getelementptr i64, ptr %block, i64 {i}
  %{name} = load {"i64" if name in ("rows", "sums", "vectors", "captured", "offset", "place") else "ptr"}, ptr %{name}_p
''' for i, name in enumerate(FIELDS))}  %over_p = getelementptr double, ptr %block, i64 {len(FIELDS)}
  %over = load double, ptr %over_p
  %used = load i64, ptr %busy
  %free = icmp eq i64 %used, 0
  br i1 %free, label %take, label %none
take:
  store i64 1, ptr %busy
  store ptr %taken, ptr %at
  %right = call i1 @take(ptr %arg, ptr %at, ptr %in, ptr %self)
  br i1 %right, label %object, label %other
object:
  %i = phi i64 [ 0, %take ], [ %i1, %read ]
  %all = icmp eq i64 %i, %captured
  br i1 %all, label %zero, label %look
look:
  %i1 = add i64 %i, 1
  %op = getelementptr ptr, ptr %objects, i64 %i
  %object_i = load ptr, ptr %op
  %slot = getelementptr i8, ptr %object_i, i64 %offset
  %x = load ptr, ptr %slot
  %missing = icmp eq ptr %x, null
  br i1 %missing, label %other, label %held_number
held_number:
{FLOAT}
  %to = add i64 %place, %i
  %tp = getelementptr double, ptr %in, i64 %to
  store double %number, ptr %tp
  br label %object
zero:
  %z = phi i64 [ 0, %object ], [ %z1, %clear ]
  %cleared = icmp eq i64 %z, %sums
  br i1 %cleared, label %run_all, label %clear
clear:
  %z1 = add i64 %z, 1
  %zp = getelementptr double, ptr %out, i64 %z
  store double 0.0, ptr %zp
  br label %zero
run_all:
  %state = call ptr @PyEval_SaveThread()
  %failures = call i64 %run(ptr %columns, ptr %found, ptr null, i64 0, i64 %rows, ptr null, ptr %out)
  call void @PyEval_RestoreThread(ptr %state)
  %fine = icmp eq i64 %failures, 0
  br i1 %fine, label %divide, label %other
divide:
  %one = fcmp oeq double %over, 1.0
  br i1 %one, label %give, label %spread
spread:
  %first = insertelement <{WIDTH} x double> undef, double %over, i32 0
  %each = shufflevector <{WIDTH} x double> %first, <{WIDTH} x double> undef, <{WIDTH} x i32> zeroinitializer
  br label %next
next:
  %v = phi i64 [ 0, %spread ], [ %v1, %vector ]
  %done = icmp eq i64 %v, %vectors
  br i1 %done, label %give, label %vector
vector:
  %v1 = add i64 %v, 1
  %vp = getelementptr <{WIDTH} x double>, ptr %out, i64 %v
  %whole = load <{WIDTH} x double>, ptr %vp, align 8
  %part = fdiv <{WIDTH} x double> %whole, %each
  store <{WIDTH} x double> %part, ptr %vp, align 8
  br label %next
give:
  store ptr %given, ptr %at
  %made = call ptr @give(ptr %at, ptr %out, ptr %self)
  store i64 0, ptr %busy
  ret ptr %made
other:
  store i64 0, ptr %busy
  br label %none
none:
  call void @Py_IncRef(ptr @_Py_NoneStruct)
  ret ptr @_Py_NoneStruct
}}"""


def batch_entry(layout: BatchLayout, run: int, captured: Sequence[Any], offset: int, held: Any) -> Any:
    """A function of all arguments as a tuple to the result; it gives None for others, and where a row failed.

    run: the address of the lanes' @run. captured: objects that hold the last inputs, each a float at this offset. held:
    what is kept alive.
    """
    words = Words(layout.call.arguments, layout.call.result, [None])
    taken, given = _numbers(words.taken), _numbers(words.given)
    vectors = -(-layout.outputs // WIDTH)
    numbers = array("d", bytes(8 * (layout.inputs + len(captured) + vectors * WIDTH)))
    start = numbers.buffer_info()[0]
    out = start + 8 * (layout.inputs + len(captured))
    columns = _addresses([*layout.columns, *(x for i in range(len(captured)) for x in (layout.inputs + i, 0))], start)
    found, busy = _addresses(layout.found, out), array("q", [0])
    objects = array("q", [*map(id, captured), 0])
    fields = [*(x.buffer_info()[0] for x in (busy, taken, given)), start, out, run, columns.buffer_info()[0],
              found.buffer_info()[0], layout.rows, layout.sums, vectors, objects.buffer_info()[0], len(captured),
              offset, layout.inputs]
    words.own[0] = struct.pack(f"{len(FIELDS)}qd", *fields, layout.over)
    memory = busy, taken, given, numbers, columns, found, objects, captured
    return python_function(_method(), (*words.own, memory), held)


def _numbers(words: Sequence[int | str]) -> "array[int]":
    """Words as numbers; the address of NumPy's class is text in code."""
    return array("q", [id(sys.modules["numpy"].ndarray) if isinstance(word, str) else word for word in words])


def _addresses(places: Sequence[int], start: int) -> "array[int]":
    """Of places of numbers, and the distances between rows, as `Lanes` takes them."""
    table = array("q", [8 * x for x in places])
    for i in range(0, len(table), 2):
        table[i] = table[i] + start if table[i] >= 0 else 0
    return table


@cache
def _method() -> Method:
    text = "\n".join(["@_Py_NoneStruct = external global i8", *declared(PYTHON), *declared(OWN), ENTRY])
    return Method(b"call_batch", shared_code(text, "call_batch", vectors=True)["call_batch"], METH_O, None)
