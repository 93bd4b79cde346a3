"""Machine code over many rows, two at a time: the outputs of each row, or their sums from the first row to the last."""

import ctypes
from array import array
from typing import Any

# rows: a table, row after row, each of so many numbers; order: which of its rows. %in, %out and %work are of pairs: the
# first number of both rows, the second of both, and so on. Of an odd number of rows the last one is computed twice.
ROWS = """
define internal void @load_pair(ptr %rows, i64 %one, i64 %other, i64 %width, ptr %in) {
entry:
  %a = mul i64 %one, %width
  %b = mul i64 %other, %width
  %first = getelementptr double, ptr %rows, i64 %a
  %second = getelementptr double, ptr %rows, i64 %b
  br label %copy
copy:
  %i = phi i64 [ 0, %entry ], [ %next, %copy ]
  %p = getelementptr double, ptr %first, i64 %i
  %q = getelementptr double, ptr %second, i64 %i
  %x = load double, ptr %p
  %y = load double, ptr %q
  %to = getelementptr <2 x double>, ptr %in, i64 %i
  %beside = getelementptr double, ptr %to, i64 1
  store double %x, ptr %to
  store double %y, ptr %beside
  %next = add i64 %i, 1
  %more = icmp slt i64 %next, %width
  br i1 %more, label %copy, label %end
end:
  ret void
}
define void @each(ptr %rows, i64 %count, i64 %width, ptr %in, ptr %out, ptr %work, ptr %found, i64 %outputs) {
entry:
  br label %row
row:
  %i = phi i64 [ 0, %entry ], [ %following, %done ]
  %more = icmp slt i64 %i, %count
  br i1 %more, label %run, label %end
run:
  %following = add i64 %i, 2
  %neighbour = add i64 %i, 1
  %two = icmp slt i64 %neighbour, %count
  %other = select i1 %two, i64 %neighbour, i64 %i
  call void @load_pair(ptr %rows, i64 %i, i64 %other, i64 %width, ptr %in)
  %guard = call i64 @program(ptr %in, ptr %out, ptr %work)
  %a = mul i64 %i, %outputs
  %b = mul i64 %other, %outputs
  %first = getelementptr double, ptr %found, i64 %a
  %second = getelementptr double, ptr %found, i64 %b
  br label %copy
copy:
  %j = phi i64 [ 0, %run ], [ %next, %copy ]
  %from = getelementptr <2 x double>, ptr %out, i64 %j
  %beside = getelementptr double, ptr %from, i64 1
  %x = load double, ptr %from
  %y = load double, ptr %beside
  %p = getelementptr double, ptr %first, i64 %j
  %q = getelementptr double, ptr %second, i64 %j
  store double %y, ptr %q
  store double %x, ptr %p
  %next = add i64 %j, 1
  %left = icmp slt i64 %next, %outputs
  br i1 %left, label %copy, label %done
done:
  br label %row
end:
  ret void
}
define void @sum(ptr %rows, ptr %order, i64 %count, i64 %width, ptr %in, ptr %out, ptr %work, ptr %sums, i64 %outputs) {
entry:
  br label %row
row:
  %i = phi i64 [ 0, %entry ], [ %following, %done ]
  %more = icmp slt i64 %i, %count
  br i1 %more, label %run, label %end
run:
  %following = add i64 %i, 2
  %neighbour = add i64 %i, 1
  %two = icmp slt i64 %neighbour, %count
  %last = select i1 %two, i64 %neighbour, i64 %i
  %p = getelementptr i64, ptr %order, i64 %i
  %q = getelementptr i64, ptr %order, i64 %last
  %one = load i64, ptr %p
  %other = load i64, ptr %q
  call void @load_pair(ptr %rows, i64 %one, i64 %other, i64 %width, ptr %in)
  %guard = call i64 @program(ptr %in, ptr %out, ptr %work)
  br label %add
add:
  %j = phi i64 [ 0, %run ], [ %next, %add ]
  %from = getelementptr <2 x double>, ptr %out, i64 %j
  %beside = getelementptr double, ptr %from, i64 1
  %x = load double, ptr %from
  %y = load double, ptr %beside
  %to = getelementptr double, ptr %sums, i64 %j
  %sum = load double, ptr %to
  %more1 = fadd double %sum, %x
  %second = select i1 %two, double %y, double -0.0
  %more2 = fadd double %more1, %second
  store double %more2, ptr %to
  %next = add i64 %j, 1
  %left = icmp slt i64 %next, %outputs
  br i1 %left, label %add, label %done
done:
  br label %row
end:
  ret void
}"""

_WORD, _PLACE = ctypes.c_int64, ctypes.c_void_p
_EACH = ctypes.CFUNCTYPE(None, _PLACE, _WORD, _WORD, *[_PLACE] * 4, _WORD)
_SUM = ctypes.CFUNCTYPE(None, _PLACE, _PLACE, _WORD, _WORD, *[_PLACE] * 4, _WORD)


class Rows:
    """A Program without guards, over the rows of tables. ``width``: how many of its first inputs a row has."""

    def __init__(self, native: Any, width: int) -> None:
        self._native, self._width = native, width       # the machine code lives as long as this
        program = native.program
        self._outputs = len(program.outputs)
        sizes = len(program.inputs), self._outputs, native.work
        self._in, out, work = (array("d", bytes(16 * n + 16)) for n in sizes)
        self._kept = out, work
        self._places = address(self._in), address(out), address(work)
        self._each, self._sum = _EACH(native.address("each")), _SUM(native.address("sum"))

    def hold(self, others: "array[float]") -> None:
        """Give the inputs behind a row's their numbers, for the next calls."""
        start, stop = 2 * self._width, 2 * (self._width + len(others))
        self._in[start:stop:2] = self._in[start + 1:stop:2] = others

    def each(self, table: "array[float]") -> "array[float]":
        """The outputs of each row, one after another."""
        count = len(table) // self._width
        found = array("d", bytes(8 * count * self._outputs))
        self._each(address(table), count, self._width, *self._places, address(found), self._outputs)
        return found

    def sum(self, table: "array[float]", order: "array[int]") -> "array[float]":
        """The sums of the outputs over the rows in ``order``, added up in that order."""
        sums = array("d", bytes(8 * self._outputs))
        self._sum(address(table), address(order), len(order), self._width, *self._places, address(sums), self._outputs)
        return sums


def address(buffer: Any) -> int:
    """Where the numbers of a buffer begin; 0 of an empty one."""
    return ctypes.addressof(ctypes.c_char.from_buffer(buffer)) if memoryview(buffer).nbytes else 0
