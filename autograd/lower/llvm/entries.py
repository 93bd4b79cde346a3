"""The entry points of machine code, in LLVM's language: take the arguments, run the Program, make the result."""

from collections.abc import Iterator, Sequence
from math import prod
from typing import Any

ON_STACK = 8192         # bytes of working memory up to which it is on the stack
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


class Entry:
    """One entry point: from one object, or a tuple of several, to the outputs in some layout."""

    def __init__(self, name: str, parts: Sequence[Any], layout: Any, alone: bool = False) -> None:
        """parts, layout: see `CallLayout`; alone: the object itself is the only argument."""
        self.name, self.parts, self.layout, self.alone = name, parts, layout, alone
        self.own: list[Any] = []        # its self
        self.fresh = 0

    def text(self, inputs: int, outputs: int, work: int) -> Iterator[str]:
        """Its source."""
        room = 8 * (inputs + outputs + work + 1)
        small = room <= ON_STACK
        free = [] if small else ["  call void @PyMem_RawFree(ptr %in)"]
        for k, part in enumerate(self.parts):
            if part != 1 and part[0] not in (list, tuple):
                yield f"@{self.name}_shape{k} = internal constant [{len(part[1])} x i64] " \
                      f"[{', '.join(f'i64 {n}' for n in part[1])}]"
        yield f"define ptr @{self.name}(ptr %self, ptr %arg) {{"
        if small:
            yield f"  %in = alloca i8, i64 {room}, align 8"
        else:
            yield from (f"  %in = call ptr @PyMem_RawMalloc(i64 {room})", "  %none = icmp eq ptr %in, null",
                        "  br i1 %none, label %short, label %begin", "short:", "  %error = call ptr @PyErr_NoMemory()",
                        "  ret ptr null", "begin:")
        yield f"  %out = getelementptr double, ptr %in, i64 {inputs}"
        yield f"  %work = getelementptr double, ptr %out, i64 {outputs}"
        if not self.alone:
            yield from ("  %n = call i64 @PyTuple_Size(ptr %arg)", f"  %right = icmp eq i64 %n, {len(self.parts)}",
                        "  br i1 %right, label %take, label %other", "take:")
        place = 0
        for k, part in enumerate(self.parts):
            item = "%arg" if self.alone else f"%a{k}"
            if not self.alone:
                yield f"  %a{k} = call ptr @PyTuple_GetItem(ptr %arg, i64 {k})"
            yield f"  %p{k} = getelementptr double, ptr %in, i64 {place}"
            count, call = self._take(k, part, f"ptr {item}, ptr %p{k}")
            place += count
            yield from (f"  %t{k} = call i1 {call}", f"  br i1 %t{k}, label %next{k}, label %other", f"next{k}:")
        yield from ("  %guard = call i64 @program(ptr %in, ptr %out, ptr %work)", "  %held = icmp eq i64 %guard, -1",
                    "  br i1 %held, label %give, label %failed", "other:", *free,
                    "  call void @Py_IncRef(ptr @_Py_NoneStruct)", "  ret ptr @_Py_NoneStruct", "failed:", *free,
                    "  %number = call ptr @PyLong_FromLongLong(i64 %guard)", "  ret ptr %number", "give:")
        yield from self._give(self.layout)
        yield from (*free, "  ret ptr %g1", "drop:", "  call void @Py_DecRef(ptr %g1)", *free, "  ret ptr null", "}")

    def _take(self, k: int, part: Any, where: str) -> tuple[int, str]:
        """The number of numbers in this argument, and the call that reads them."""
        if part == 1:
            return 1, f"@take_number({where})"
        kind, size = part
        if kind in (list, tuple):
            return size, f"@take_{kind.__name__}({where}, i64 {size})"
        kind = f"ptr inttoptr (i64 {id(kind)} to ptr)"
        return prod(size), f"@take_array({where}, i64 {8 * prod(size)}, {kind}, i32 {len(size)}, " \
                           f"ptr @{self.name}_shape{k})"

    def _give(self, layout: Any, put: str = "") -> Iterator[str]:
        """The lines that make an object of this layout, %g1 for the whole; ``put``: the call that stores an inner one.

        Outer objects come first: releasing %g1, which may be null, releases all that were made before memory ran out.
        """
        self.fresh += 1
        name = f"%g{self.fresh}"
        parts: list[Any] = []
        if layout.__class__ is int:
            yield from (f"{name}p = getelementptr double, ptr %out, i64 {layout}",
                        f"{name}d = load double, ptr {name}p", f"{name} = call ptr @PyFloat_FromDouble(double {name}d)")
        elif len(layout) == 3:
            maker, shape, first = layout
            yield f"{name}p = getelementptr double, ptr %out, i64 {first}"
            if maker in (list, tuple):
                yield f"{name} = call ptr @give_{maker.__name__}(ptr {name}p, i64 {shape[0]})"
            else:
                at = len(self.own)
                self.own += [maker, (shape,)]
                yield from (f"{name}m = call ptr @PyTuple_GetItem(ptr %self, i64 {at})",
                            f"{name}s = call ptr @PyTuple_GetItem(ptr %self, i64 {at + 1})",
                            f"{name}e = call ptr @PyObject_CallObject(ptr {name}m, ptr {name}s)",
                            f"{name} = call ptr @give_array(ptr {name}e, ptr {name}p, i64 {8 * prod(shape)})")
        else:
            parts = layout[1]
            yield f"{name} = call ptr @Py{layout[0].__name__.title()}_New(i64 {len(parts)})"
        yield from (f"{name}n = icmp eq ptr {name}, null", f"br i1 {name}n, label %drop, label {name}made",
                    f"{name[1:]}made:", *([put.format(name)] if put else []))
        for i, part in enumerate(parts):
            yield from self._give(part, f"{name}i{i} = call i32 @Py{layout[0].__name__.title()}_SetItem(ptr {name}, "
                                        f"i64 {i}, ptr {{}})")
