"""The entry points of machine code, in LLVM's language: take the arguments, run the Program, make the result.

What they take and make is described in words, 64-bit numbers, which the functions of structures.py follow. So the code
of an entry has one length for every call.
"""

import sys
from collections.abc import Iterator, Sequence
from math import prod
from typing import Any

from autograd.lower.layout import Fixed, Layout, Nested, Row, Table

ON_STACK = 8192         # bytes of working memory up to which it is on the stack
NUMBER, LIST, TUPLE, LISTS, TUPLES, DICT, FIXED, ARRAY = range(8)       # the first word of each object
EXACT, GAPS, ORDERED, ANY = range(4)                                    # which strides an array may have
# self: the addresses of inputs, outputs and work as bytes, and the function to call where a guard failed.
BOUND = """
define ptr @bound(ptr %self, ptr %nothing) {
  %held = call ptr @PyTuple_GetItem(ptr %self, i64 0)
  %places = call ptr @PyBytes_AsString(ptr %held)
  %in = load ptr, ptr %places
  %p1 = getelementptr ptr, ptr %places, i64 1
  %out = load ptr, ptr %p1
  %p2 = getelementptr ptr, ptr %places, i64 2
  %work = load ptr, ptr %p2
  %guard = call i64 @program(ptr %in, ptr %out, ptr %work)
  %right = icmp eq i64 %guard, -1
  br i1 %right, label %done, label %failed
failed:
  %again = call ptr @PyTuple_GetItem(ptr %self, i64 1)
  %result = call ptr @PyObject_CallObject(ptr %again, ptr null)
  ret ptr %result
done:
  call void @Py_IncRef(ptr @_Py_NoneStruct)
  ret ptr @_Py_NoneStruct
}"""


class Words:
    """The words of an argument and of a result; own: the objects that they mention by their places, behind these."""

    def __init__(self, argument: Layout, result: Layout, own: Sequence[Any] = ()) -> None:
        self.own: list[Any] = [*own]        # an entry's self
        self.taken, self.given = [*self._taken(argument)], [*self._given(result)]

    def _keep(self, *objects: Any) -> int:
        """Put these objects into the entry's self; the place of the first."""
        self.own += objects
        return len(self.own) - len(objects)

    def _taken(self, part: Layout) -> Iterator[int | str]:
        """The words that `take` follows."""
        if isinstance(part, int):
            yield from (NUMBER, part)
        elif isinstance(part, Row):
            yield from (LIST if part.kind is list else TUPLE, part.first, part.size)
        elif isinstance(part, Table):
            yield from _array(part)
        elif isinstance(part, Fixed):
            yield from (FIXED, self._keep(part.value))
        else:
            yield from (LISTS if part.kind is list else TUPLES, len(part.parts))
            for inner in part.parts:
                yield from self._taken(inner)

    def _given(self, part: Layout) -> Iterator[int | str]:
        """The words that `give` follows."""
        if isinstance(part, Table):
            yield from (ARRAY, self._keep(sys.modules["numpy"].empty, (part.shape,)), part.first, 8 * prod(part.shape))
        elif isinstance(part, Nested):
            yield from (DICT if part.kind is dict else LISTS if part.kind is list else TUPLES, len(part.parts))
            for i, inner in enumerate(part.parts):
                if part.kind is dict:
                    yield self._keep(part.keys[i])
                yield from self._given(inner)
        else:
            yield from self._taken(part)


class Entry(Words):
    """One entry point: from one object to the outputs in some layout."""

    def __init__(self, name: str, argument: Layout, result: Layout) -> None:
        super().__init__(argument, result)
        self.name = name

    def text(self, inputs: int, outputs: int, work: int) -> Iterator[str]:
        """Its source."""
        room = 8 * (inputs + outputs + work + 1)
        small = room <= ON_STACK
        free = [] if small else ["  call void @PyMem_RawFree(ptr %in)"]
        for what, words in (("taken", self.taken), ("given", self.given)):
            yield f"@{self.name}_{what} = internal constant [{len(words)} x i64] " \
                  f"[{', '.join(f'i64 {word}' for word in words)}]"
        yield f"define ptr @{self.name}(ptr %self, ptr %arg) {{"
        yield "  %at = alloca ptr"
        if small:
            yield f"  %in = alloca i8, i64 {room}, align 8"
        else:
            yield from (f"  %in = call ptr @PyMem_RawMalloc(i64 {room})", "  %none = icmp eq ptr %in, null",
                        "  br i1 %none, label %short, label %begin", "short:", "  %error = call ptr @PyErr_NoMemory()",
                        "  ret ptr null", "begin:")
        yield from (f"  %out = getelementptr double, ptr %in, i64 {inputs}",
                    f"  %work = getelementptr double, ptr %out, i64 {outputs}",
                    f"  store ptr @{self.name}_taken, ptr %at",
                    "  %right = call i1 @take(ptr %arg, ptr %at, ptr %in, ptr %self)",
                    "  br i1 %right, label %run, label %other", "run:",
                    "  %guard = call i64 @program(ptr %in, ptr %out, ptr %work)", "  %held = icmp eq i64 %guard, -1",
                    "  br i1 %held, label %give, label %failed", "other:", *free,
                    "  call void @Py_IncRef(ptr @_Py_NoneStruct)", "  ret ptr @_Py_NoneStruct", "failed:", *free,
                    "  %number = call ptr @PyLong_FromLongLong(i64 %guard)", "  ret ptr %number", "give:",
                    f"  store ptr @{self.name}_given, ptr %at",
                    "  %made = call ptr @give(ptr %at, ptr %out, ptr %self)", *free, "  ret ptr %made", "}")


def _array(part: Table) -> Iterator[int | str]:
    """The words of an array: its class, axes and elements; which strides it may have; three numbers of each axis."""
    axes, size = len(part.shape), prod(part.shape)
    compact: Sequence[int] = [prod(part.shape[i + 1:]) for i in range(axes)]
    inwards, kind = [*range(axes)], ANY if axes == 1 or not size else EXACT
    if part.strides is not None:
        strides = part.strides
        inwards.sort(key=lambda i: -strides[i])
        compact = [prod(part.shape[j] for j in inwards[inwards.index(i) + 1:]) for i in range(axes)]
        if inwards == [*range(axes)]:       # row-major, but not contiguous
            kind = GAPS
        elif inwards == [*range(axes)][::-1]:
            kind = EXACT if [8 * n for n in compact] == [*strides] else GAPS
        else:
            kind = ORDERED
    # spelled as all addresses are: symbols.py gives them names
    array = f"ptrtoint (ptr inttoptr (i64 {id(sys.modules['numpy'].ndarray)} to ptr) to i64)"
    yield from (ARRAY, part.first, array, axes, size, kind, *part.shape, *compact, *inwards)
