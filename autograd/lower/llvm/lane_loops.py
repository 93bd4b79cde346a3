"""Loops in the lanes of rows: each number of a loop is a vector, with a number of each row.

All rows take the same number of iterations, so the size of a loop's area is known: behind its cells are its rows, and
the areas of the loops inside. Where iterations branch, all ways are computed, and each row takes the numbers of its
own. The second number of an area is a word for each row, which is 0 where a way was missing, and -1 elsewhere.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from autograd.lower.llvm.lanes import splat
from autograd.lower.llvm.loop_texts import BEGINS_ROWS, replay, replay_size
from autograd.lower.llvm.loops import LoopFunction, Places, Speller
from autograd.lower.schedule import guarded
from autograd.program.nested import CELLS, Loop
from autograd.program.program import Atom
from autograd.program.replay import state_of

STATUS = 1
FILLED = 8          # operands of a loop that are inputs, from which on a loop puts them into its cells


class RowPlaces(Places):
    """Where the numbers of a loop stand in its area. piece: it is told where its rows are."""

    def __init__(self, loop: Any, piece: bool = False) -> None:
        super().__init__(loop)
        ahead = getattr(loop, "forward", None)
        self.rows = self.behind
        self.inner = self.rows + (0 if piece or ahead else (loop.count + 1) * self.width)
        self.size = self.inner + sum(RowPlaces(inner).size for inner in nested_in(loop.back if ahead else loop))
        if ahead:
            self.behind = self.size
            self.held = self.behind + RowPlaces(ahead, True).size
            width = len([block for block in ahead.blocks if block.kind != CELLS])
            self.size = self.held + replay_size(width, len(state_of(ahead)), loop.snapshots)


def nested_in(loop: Any) -> Iterator[Any]:
    """The loops in the Programs of a loop, in their order."""
    for way in loop.ways:
        yield from (op.nested for op, _ in way.program.instructions if op.nested)


class RowSpeller(Speller):
    """Writes loops of vectors.

    strict: guards depend on what is written. columns, shared: the places of a Program's inputs, if it is the Program
    of a row.
    """

    strict = False
    columns: Mapping[Any, int] = {}
    shared: Mapping[Any, int] = {}

    def placed(self, loop: Any) -> RowPlaces:
        """Where the numbers of a loop stand."""
        return RowPlaces(loop)

    def written(self, name: str, loop: Loop, lent: Mapping[int, Places], piece: bool = False) -> str:
        """The function of a loop."""
        made = RowLoop(self.form, name, loop, lent, self.texts, piece)
        made.be_strict(self.strict)
        return made.text()

    def rows_of(self, loop: Loop, area: str) -> str:
        """The address of a loop's rows."""
        return self.at(area, self.placed(loop).rows)

    def spread(self, x: str) -> str:
        """A double as a number."""
        one = self.put(f"insertelement {self.number} poison, double {x}, i32 0")
        return self.put(f"shufflevector {self.number} {one}, {self.number} poison, "
                        f"<{self.form.width} x i32> zeroinitializer")

    def replayed(self, name: str, pieces: Sequence[str], state: Sequence[int], width: int, loop: Any) -> str:
        """The function of a replay; see `replay`."""
        begins = BEGINS_ROWS.format(held=self.placed(loop).held, count=self.form.literal(float(loop.count)))
        return replay(name, pieces, state, width, loop.snapshots, self.number, begins)

    def ran(self, function: str, areas: Sequence[str], listed: Sequence[str], _: str) -> str:
        """Call a function of areas and other operands; for which rows all is well."""
        words, good = self.form.words, splat(self.form.width, "i64", -1)
        for area in areas:
            self.lines.append(f"  store {words} {good}, ptr {self.at(area, STATUS)}")
        self.put(f"call i64 {function}({', '.join([*[f'ptr {area}' for area in areas], *listed])})")
        held = [self.put(f"icmp eq {words} {self.put(f'load {words}, ptr {self.at(area, STATUS)}')}, {good}")
                for area in areas]
        return held[0] if len(held) == 1 else self.put(f"and {self.form.truth} {held[0]}, {held[1]}")

    def fill(self, loop: Loop, area: str, args: Sequence[Atom], read: Callable[[Atom], str]) -> None:
        """Put the operands of a loop into its cells."""
        places = self.placed(loop)
        for number, block in enumerate(loop.blocks):
            if block.kind != CELLS:
                continue
            first, given = places.cells[number], args[block.first:block.first + block.size]
            table = [self.columns[x] if x in self.columns else ~self.shared[x] for x in given
                     if x.__class__ is int and (x in self.columns or x in self.shared)]
            if len(table) == len(given) >= FILLED:
                name = f"@inputs{len(self.texts)}"
                listed = ", ".join(f"i64 {x}" for x in table)
                self.texts.append(f"{name} = internal constant [{len(table)} x i64] [{listed}]")
                self.lines.append(f"  call void @fill_cells(ptr {self.at(area, first)}, ptr %in, ptr %shared, "
                                  f"ptr {name}, i64 %at, i64 {len(table)})")
                continue
            for i, x in enumerate(given):
                self.store(area, first + i, read(x))


class RowLoop(RowSpeller, LoopFunction):
    """The function of a loop in the lanes of rows."""

    def __init__(self, form: Any, name: str, loop: Loop, lent: Mapping[int, Places], texts: list[str],
                 piece: bool) -> None:
        super().__init__(form, name, loop, lent, texts, piece)
        self.places = own = RowPlaces(loop, piece)
        self.inner = own.inner
        self.masks: dict[str, str] = {}     # of a way, or of `missing`: the rows that go there in this iteration
        self.alive = ""                     # the rows that are in the way that is written; all, if empty
        self.masked = any(guarded(way.program) for way in loop.ways)

    def be_strict(self, strict: bool) -> None:
        """Let fast code keep eager's bits, as guards depend on it; so do those of the loop's own."""
        self.strict = strict or self.masked
        self.spellings = self.form.fused if self.form.fast and not self.strict else self.form.exact

    def begun(self, loop: Loop, area: str) -> list[str]:
        """The lines that make the area of a loop inside."""
        at, self.inner = self.inner, self.inner + RowPlaces(loop).size
        return [f"  {area} = getelementptr {self.number}, ptr %area, i64 {at}"]

    def released(self) -> list[str]:
        """The memory of loops inside belongs to that of the whole."""
        return []

    def grow(self, rows: str) -> None:
        """There is room."""

    def more_carried(self) -> tuple[list[str], list[str]]:
        """The rows for which a way was missing."""
        if not self.masked:
            return [], []
        words, truth = self.form.words, self.form.truth
        known = self.put(f"load {words}, ptr {self.at('%area', STATUS)}")
        lost = self.put(f"icmp ne {words} {known}, {splat(self.form.width, 'i64', -1)}")
        return [f"  %lost = phi {truth} [ {lost}, %begun ], [ %lost1, %next ]"], []

    def leave(self) -> None:
        """Say for which rows a way was missing."""
        if self.masked:
            words = self.form.words
            status = self.put(f"select {self.form.truth} %lost, {words} zeroinitializer, "
                              f"{words} {splat(self.form.width, 'i64', -1)}")
            self.lines.append(f"  store {words} {status}, ptr {self.at('%area', STATUS)}")

    def check(self, condition: str, bad: str) -> None:
        """Let the rows for which the condition fails go there."""
        truth = self.form.truth
        fails = self.put(f"xor {truth} {condition}, {splat(self.form.width, 'i1', 1)}")
        if self.alive:
            fails = self.put(f"and {truth} {fails}, {self.alive}")
            condition = self.put(f"and {truth} {condition}, {self.alive}")
        self.alive = condition
        self.masks[bad] = self.put(f"or {truth} {fails}, {self.masks[bad]}") if bad in self.masks else fails

    def ways(self) -> list[tuple[str, list[str]]]:
        """Write all ways, one after another; the label where they end, and what they leave in carries' registers."""
        loop, found = self.loop, list[str]()
        self._read_inputs()
        for number, way in enumerate(loop.ways):
            self.alive = self.masks.get(f"way{number}", "")
            outputs = self.program(way.program, number, {guard: f"way{other}" for guard, other in way.below})
            if number:
                outputs = [self.put(f"select {self.form.truth} {self.alive}, {self.number} {x}, {self.number} {other}")
                           for x, other in zip(outputs, found, strict=True)]
            found = outputs
        for access, x in zip(loop.writes, found, strict=True):
            if access.block not in self.fixed:
                self.store(*self._where(access), x)
        if self.masked:
            lost = self.masks.get("missing", "zeroinitializer")
            self.lines.append(f"  %lost1 = or {self.form.truth} %lost, {lost}")
        self.lines += ["  br label %done", "done:", "  br label %next"]
        left = dict(zip(((access.block, access.offset) for access in loop.writes), found, strict=True))
        return [("done", [left[cell] for cell in self.carried])]
