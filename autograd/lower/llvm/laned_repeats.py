"""A long Repeat without carries as lanes: its iterations are rows, what they add to cells are sums over the rows."""

from array import array
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from autograd.lower.llvm.scatter import step
from autograd.lower.llvm.vectors import PAD, Place, Stride
from autograd.lower.reordering import in_parts
from autograd.program.rolled import Repeat
from autograd.program.simplification import expand

LONG = 200          # instructions of a body, from which the code of lanes is worth its call
AREAS = ("in", "work", "constants")     # where numbers are; in tables, above the lowest AREA bits
AREA = 48
# What reads word %i of a %table: %p is the address of the number that `word` says.
READ_WORD = f"""  %tp = getelementptr i64, ptr %table, i64 %i
  %word = load i64, ptr %tp
  %area = lshr i64 %word, {AREA}
  %offset = and i64 %word, {2**AREA - 1}
  %given = icmp eq i64 %area, {AREAS.index("in")}
  %made = icmp eq i64 %area, {AREAS.index("work")}
  %other = select i1 %made, ptr %work, ptr %constants
  %base = select i1 %given, ptr %in, ptr %other
  %p = getelementptr double, ptr %base, i64 %offset"""
# addresses(...): the columns of lanes, of a table with two words for each: its place or -1, and the bytes between rows
ADDRESSES = f"""define internal void @addresses(ptr %in, ptr %work, ptr %constants, ptr %table, i64 %n, ptr %to) {{
entry:
  br label %one
one:
  %i = phi i64 [ 0, %entry ], [ %next, %one ]
{READ_WORD}
  %nowhere = icmp eq i64 %word, -1
  %address = select i1 %nowhere, ptr null, ptr %p
  %q = getelementptr i64, ptr %to, i64 %i
  store ptr %address, ptr %q
  %second = add i64 %i, 1
  %sp = getelementptr i64, ptr %table, i64 %second
  %step = load i64, ptr %sp
  %r = getelementptr i64, ptr %to, i64 %second
  store i64 %step, ptr %r
  %next = add i64 %i, 2
  %more = icmp slt i64 %next, %n
  br i1 %more, label %one, label %end
end:
  ret void
}}"""


def word(place: Place) -> int:
    """A place as a word of a table."""
    return (AREAS.index(place.area) << AREA) + place.offset


def fits_lanes(repeat: Repeat, width: int) -> bool:
    """Whether a Repeat is long enough, and each number that it adds has a cell of its own."""
    if repeat.carries or repeat.count < width or len(repeat.body.instructions) <= LONG or any(
            op.nested for op, _ in repeat.body.instructions):
        return False
    return all(step(table) == 0 for table in repeat.tables) and \
        sorted(table[0] for table in repeat.tables) == [*range(len(repeat.tables))]


class LanedRepeat:
    """The function of such a Repeat; see `RepeatText`."""

    def __init__(self, name: str, repeat: Repeat, columns: Sequence[Stride], results: int, constants: int) -> None:
        self.name, self.repeat, self.columns, self.results, self.constants = name, repeat, columns, results, constants
        self.cells = results + repeat.stacks * (repeat.count + PAD)

    def place(self, size: int, lanes: Any, width: int, fast: bool) -> int:
        """Compile it, and give it its working memory, of which ``size`` is taken; what is taken then."""
        repeat, stacks, body = self.repeat, self.repeat.stacks, self.repeat.body
        added = sorted(range(len(repeat.tables)), key=lambda i: repeat.tables[i][0])
        body = replace(body, outputs=(*body.outputs[:stacks], *[body.outputs[stacks + i] for i in added]))
        shared = frozenset([i for i, own in enumerate(repeat.spread) if not own])
        self.code = lanes(expand(in_parts(body)) if fast else body, shared,
                          frozenset(range(stacks, len(body.outputs))), width, fast)
        self.inside = self.code.inside()
        words: list[int] = []
        for start, by in self.columns:
            words += [word(start), 8 * by]
        for i in range(len(repeat.spread)):
            words[2 * i + 1] *= repeat.spread[i]
        for i in range(stacks):
            words += [word(Place("work", self.results + i * (repeat.count + PAD))), 8]
        self.table = array("q", words + [-1, 0] * len(added))
        self.addresses, self.room = size, size + len(self.table)
        room: int = self.code.room
        return self.room + -(-room // 8)

    def text(self, before: Sequence[str]) -> list[str]:
        """Its lines; before: those that bring columns and cells to their places."""
        return [f"define void @{self.name}(ptr %in, ptr %work) {{", "entry:",
                f"  %constants = inttoptr i64 {self.constants} to ptr", *before,
                f"  %columns = getelementptr double, ptr %work, i64 {self.addresses}",
                f"  %found = getelementptr double, ptr %columns, i64 {2 * len(self.columns)}",
                f"  %room = getelementptr double, ptr %work, i64 {self.room}",
                f"  %cells = getelementptr double, ptr %work, i64 {self.cells}",
                "  call void @addresses(ptr %in, ptr %work, ptr %constants, ptr inttoptr "
                f"(i64 {self.table.buffer_info()[0]} to ptr), i64 {len(self.table)}, ptr %columns)",
                f"  %failures = call i64 inttoptr (i64 {self.inside} to ptr)(ptr %room, ptr %columns, ptr %found, "
                f"ptr null, i64 0, i64 {self.repeat.count}, ptr null, ptr %cells)", "  ret void", "}"]
