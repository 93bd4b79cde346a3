"""Lists whose length is an input of compiled code, and `scan` over them: one version serves all lengths."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from autograd.batch.dual_parts import joined, parts
from autograd.batch.iterations import Step
from autograd.batch.loop_tracing import BodyRecorder, Tracing
from autograd.compiler.loop_numbers import recorded
from autograd.errors import TraceError
from autograd.graph.context import modes
from autograd.graph.value import Value
from autograd.ops.operand import Operand
from autograd.ops.table import floor
from autograd.program.nested import CELLS, LENT, ROWS, Access, Block, Loop, Way, item
from autograd.program.program import Program
from autograd.source_lines import shown, users_line
from autograd.transforms.pytree import innermost

LAST = "last"       # a loop that reads the last row
SAMPLE = 0.5        # a number of a row that a loop gives, while a body is traced


class Kept(NamedTuple):
    """Where a loop keeps one number of each row.

    offset: the place of row 0 in the block. cell: the number of the carry that it was before or after each iteration.
    """

    loop: Value
    block: int
    offset: int
    cell: int


class OpenList(list[Any]):
    """The first ``length`` of ``rows``; in a compiled function ``length`` may be an input.

    rows: lists of numbers, all of one length: as many as there may be. length: how many of them count, from 0 on.

    Eagerly, and where ``length`` is a plain number, it is the list of these rows. In a function that `jit` compiles and
    that gets ``length`` as an argument, one version serves all lengths: `scan` goes over the list, and what it returns
    for each row is another such list, of rows of numbers. Beside that there is ``rows[-1]``. For results that are the
    carry before each step there is ``results[1:] + [last]``, or in reverse ``[last] + results[:-1]``: the carries after
    each step, of which there is one at least. Anything that would have to know the length is a TraceError; so is a
    comparison inside such a `scan`, and forward mode through it.

    Raises ValueError where ``length`` is no whole number of rows that are there.

    >>> from autograd import jit, scan
    >>> total = jit(lambda rows, n: scan(lambda t, row: (t + row[0], None), 0.0, OpenList(rows, n))[0])
    >>> rows = [[1.0], [2.0], [4.0]]
    >>> total(rows, 2), total(rows, 3), len(total.programs)
    (3.0, 7.0, 1)
    """

    __slots__ = ("_end", "_length", "_missing", "_pieces", "_rows")
    _rows: list[list[Any]]          # that it was made of; empty where loops keep them
    _pieces: list[Kept]             # of each number of a row, where they do
    _missing: int                   # -1: it lacks its first row, 1: its last one
    _end: list[Any] | None          # the last row, where it is known
    _length: Any

    def __new__(cls, rows: Sequence[Any], length: Any) -> Any:
        """An ordinary list where the length is a plain number."""
        rows = list(rows)
        if not 0 <= length <= len(rows) or floor(length) != length:
            raise ValueError(f"OpenList: length is {innermost(length)!r}; give a whole number from 0 to {len(rows)}, "
                             "the number of rows")
        if not (modes.recorder and isinstance(length, Operand)):
            return rows[:int(innermost(length))]
        found = super().__new__(cls)
        found._rows, found._pieces, found._missing, found._end = [list(row) for row in rows], [], 0, None
        found._length = length
        if len({*map(len, found._rows)}) > 1:
            raise ValueError("OpenList: rows differ in length; give rows of one length")
        return found

    def __init__(self, rows: Sequence[Any], length: Any) -> None:
        super().__init__()

    def changed(self, pieces: list[Kept], missing: int = 0, end: list[Any] | None = None) -> "OpenList":
        """A list of as many rows, which loops keep."""
        found: OpenList = list.__new__(OpenList)
        found._rows, found._pieces, found._missing, found._end, found._length = [], pieces, missing, end, self._length
        return found

    def beside(self, other: "OpenList") -> "OpenList":
        """Rows that are those of this list, each with one of another list of that length behind it."""
        if self._rows or other._rows or self._missing or other._missing or other._length is not self._length:
            raise _closed("another list put beside it")
        end = None if self._end is None or other._end is None else [*self._end, *other._end]
        return self.changed([*self._pieces, *other._pieces], 0, end)

    def __getitem__(self, place: Any) -> Any:
        if place.__class__ is int and place == -1 and not self._missing:
            if not self._length > 0:        # a guard
                raise IndexError("the last row of an OpenList of no rows")
            if self._end is None:       # the carry of a loop that is each row in turn
                width = len(self._rows[0]) if self._rows else len(self._pieces)
                step = Step(LAST, self.__getitem__, lambda t, items, x: (x, None), [0.0] * width,
                            OpenColumns(self, None, False))     # type: ignore[arg-type]
                self._end = record_open(step, [0.0] * width)[0]
            return list(self._end)
        if isinstance(place, slice) and self._pieces and not self._missing and place in (slice(1, None),
                                                                                         slice(None, -1)):
            return self.changed(self._pieces, -1 if place.start else 1)
        raise _closed("an item of it")

    def __add__(self, more: Any) -> Any:
        return self._completed(more, -1, 1)

    def __radd__(self, more: Any) -> Any:
        return self._completed(more, 1, -1)

    def _completed(self, more: Any, missing: int, far: int) -> "OpenList":
        """With the row that it lacks, which its loop keeps beside the others."""
        given = more[0] if isinstance(more, list) and not isinstance(more, OpenList) and len(more) == 1 else ()
        if self._missing != missing or len(given) != len(self._pieces) or not all(map(_is_last, given, self._pieces)):
            raise _closed("a sum of lists")
        if not self._length > 0:        # a guard; eagerly the sum has one row
            raise _closed("the carries after each step of no steps are one row, which")
        return self.changed([piece._replace(offset=piece.offset + far) for piece in self._pieces], 0,
                            list(given) if far == 1 else None)


def _is_last(x: Any, piece: Kept) -> bool:
    """Whether a number is that of the last carry."""
    return isinstance(x, Value) and x._origin is item and x._a[0] is piece.loop and x._a[1:] == (0.0, float(piece.cell))


def _closed(what: str) -> TraceError:
    """The error, which is raised again at the end of the trace if someone catches it."""
    text = (f"{what} depends on the length of an OpenList, which is an input of the compiled function: go over it with "
            "scan, or compile for each length" + shown(users_line()))

    def check(program: Program) -> None:
        raise TraceError(text)

    recorder = modes.recorder
    while isinstance(recorder, BodyRecorder):
        recorder = recorder.outer
    if recorder:
        recorder.checks.append(check)
    return TraceError(text)


def _refused(name: str) -> Callable[..., Any]:
    def method(self: OpenList, *args: Any, **kwargs: Any) -> Any:
        raise _closed(f"{name}()")

    return method


for _name in dir(list):
    if _name not in dir(object) and _name not in ("__getitem__", "__add__", "__class_getitem__"):
        setattr(OpenList, _name, _refused(_name.strip("_")))
for _name in ("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__reduce__", "__reduce_ex__"):
    setattr(OpenList, _name, _refused(_name.strip("_")))


class OpenColumns:
    """An OpenList as `scan` goes over it."""

    def __init__(self, xs: OpenList, length: Any, reverse: bool) -> None:
        if length is not None:
            raise ValueError("scan: an OpenList has its length; leave length out")
        if xs._missing:
            raise _closed("an OpenList without its first or last row")
        self.xs, self.reverse, self.count, self.has_arrays = xs, reverse, xs._length, False

    def item(self, t: int) -> list[Any]:
        """A row, as a sample of all."""
        return self.xs._rows[0] if self.xs._rows else [SAMPLE] * len(self.xs._pieces)


class OpenTracing(Tracing):
    """The tracing of a loop over an OpenList."""

    def _columns(self) -> tuple[list[list[Any]], Any]:
        columns: Any = self.step.columns
        row = columns.item(0)
        return [row], parts(row)[1]

    def loop(self) -> tuple[Loop, list[Any]]:
        """The loop, which keeps the results of its iterations in rows, and its operands."""
        [way], columns, width = self.ways, self.step.columns, len(self.init)
        xs: Any = columns.xs
        back = columns.reverse
        blocks, reads = [Block(CELLS, 0, width)], [Access(0, i) for i in range(width)]
        writes, args = list(reads), list(self.init)
        if xs._rows:
            across = len(xs._rows[0])
            blocks.append(Block(CELLS, width, across * len(xs._rows)))
            reads += [Access(1, i, across) for i in range(across)]
            args += [x for row in xs._rows for x in row]
        loops: list[Value] = []
        for piece in xs._pieces:
            place = next((i for i, known in enumerate(loops) if known is piece.loop), len(loops))
            loops += [piece.loop] if place == len(loops) else []
            blocks.append(Block(LENT, width + place, 0, piece.block))
            reads.append(Access(len(blocks) - 1, piece.offset, 1))
        args += loops
        blocks.append(Block(CELLS, len(args), len(self.captured)))
        reads += [Access(len(blocks) - 1, i) for i in range(len(self.captured))]
        args += self.captured
        outputs = [*way.program.outputs[:width]]
        before, after = (1, 0) if back else (0, 1)
        self.kept: list[tuple[int, int, int]] = []       # of each result the block, the place of row 0, and the cell
        for x in way.program.outputs[width:]:
            blocks.append(Block(ROWS))
            cell = x - 1 if x.__class__ is int and 1 <= x <= width else -1
            if cell >= 0:       # the carry before the iteration: that behind the last one is a row, too
                writes += [Access(len(blocks) - 1, before, 1), Access(len(blocks) - 1, after, 1)]
                outputs += [x, outputs[cell]]
            else:
                writes.append(Access(len(blocks) - 1, 0, 1))
                outputs.append(x)
            self.kept.append((len(blocks) - 1, before if cell >= 0 else 0, cell))
        program = replace(way.program, outputs=tuple(outputs))
        args.append(self.count)
        return Loop([Way(program)], blocks, reads, writes, None, len(args) - 1, back, self.step.name,
                    self.step.checkpoint), args


def record_open(step: Step, items: list[Any]) -> tuple[list[Any], Any]:
    """A scan over an OpenList as an op of the function that is traced: the last carry's numbers, and the results."""
    recorder: Any = modes.recorder
    if isinstance(recorder, BodyRecorder):
        raise _closed("a scan over it, inside another loop,")
    if check_order not in recorder.checks:
        recorder.checks.append(check_order)
    tracing = OpenTracing(step, items, step.columns.count, 0)
    way = tracing.trace(tracing.numbers(0, [float(innermost(x)) for x in tracing.init]))
    if way.program.guards or way.history[1]:
        raise _closed("a comparison, or a derivative by forward mode, in a scan over it")
    if way.result is None or way.key != tracing.key or any(part != 0 for part in way.key):
        raise TraceError("scan: a derivative by forward mode does not go through an OpenList")
    shape, rebuild = way.result
    sample = rebuild([SAMPLE] * len(shape))
    if sample is not None and not (isinstance(sample, (list, tuple)) and len(sample) == len(shape)):
        raise TypeError("scan: over an OpenList a result is a list of numbers, or None")
    tracing.add(way, None)
    loop, args = tracing.loop()
    op = loop.op
    numbers = loop(*[x._data if isinstance(x, Value) else x for x in args])
    node = recorded(op, args, numbers)
    last = [recorded(item, (node, 0.0, float(i)), x) for i, x in enumerate(numbers[0])]
    xs: Any = step.columns.xs
    results = xs.changed([Kept(node, *kept) for kept in tracing.kept]) if sample is not None else None
    return joined(last, tracing.key), results


def check_order(program: Program) -> None:
    """Raise a TraceError where contributions to a row would not be added in eager's order."""
    first, lenders, read = len(program.inputs), dict[tuple[int, int], list[str]](), set[tuple[int, int]]()
    for op, args in program.instructions:
        if op is item and args[1] == 0.0:
            read.add((int(args[0]), int(args[2])))
        for block in op.nested.blocks if isinstance(op.nested, Loop) else ():
            if block.kind == LENT:
                lenders.setdefault((int(args[block.first]), block.of), []).append(op.nested.name)
    for (register, number), names in lenders.items():
        loop = program.instructions[register - first].op.nested
        wrote = [place for place, access in enumerate(loop.writes) if access.block == number]
        cell = int(loop.ways[0].program.outputs[wrote[0]]) - 1 if len(wrote) > 1 else -1
        if (register, cell) in read or (LAST in names and len(names) > 1):
            raise TraceError("all results of a scan over an OpenList are read by another scan, and the last one by "
                             "itself: derivatives would be added in another order than eagerly; compile for each "
                             "length")
