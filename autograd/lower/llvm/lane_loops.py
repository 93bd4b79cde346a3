"""Loops in the lanes of rows: each number of a loop is a vector, with a number of each row.

Where iterations branch, all ways are computed, and each row of the batch takes the numbers of its own; where counts
differ, rows that have ended stay as they are while others go on. The last number of an area's head is a word for each
row of the batch: before a loop 0 where it is of no use, behind it 0 where a way was missing, too, and else -1.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from autograd.lower.llvm.lanes import splat
from autograd.lower.llvm.loop_places import HEAD, Places, RowPlaces, varies
from autograd.lower.llvm.loop_texts import BEGINS_ROWS, replay
from autograd.lower.llvm.loops import LoopFunction, Speller
from autograd.lower.llvm.spellings import constant
from autograd.lower.schedule import guarded
from autograd.program.nested import CELLS, Loop
from autograd.program.program import Atom

STATUS = HEAD       # the place of these words
FILLED = 8          # operands of a loop that are inputs, or constants, from which on a loop puts them into its cells


class RowSpeller(Speller):
    """Writes loops of vectors.

    strict: guards depend on what is written. alive: the rows of the batch for which it is of use; all, if empty.
    columns, shared: the places of a Program's inputs, if it is the Program of a row.
    """

    strict, alive = False, ""
    columns: Mapping[Any, int] = {}
    shared: Mapping[Any, int] = {}

    def placed(self, loop: Any) -> RowPlaces:
        """Where the numbers of a loop stand."""
        known: dict[Any, RowPlaces] = self.form.places
        if loop not in known:
            known[loop] = RowPlaces(loop)
        return known[loop]

    def written(self, name: str, loop: Loop, lent: Mapping[int, Places], piece: bool = False) -> str:
        """The function of a loop."""
        made = RowLoop(self.form, name, loop, lent, self.texts, piece)
        made.be_strict(self.strict)
        return made.text()

    def rows_of(self, loop: Loop, area: str) -> str:
        """The address of a loop's rows."""
        places = self.placed(loop)
        return super().rows_of(loop, area) if 0 in places.grown else self.at(area, places.rows)

    def among(self, yes: str, no: str) -> str:
        """Words: these for the rows that are alive, and those for others."""
        words = self.form.words
        return self.put(f"select {self.form.truth} {self.alive}, {words} {yes}, {words} {no}") if self.alive else yes

    def clamped(self, words: str, relation: str, limit: str) -> str:
        """Words, or the limit where they are less (slt) or greater (sgt)."""
        beyond = self.put(f"icmp {relation} {self.form.words} {words}, {limit}")
        return self.put(f"select {self.form.truth} {beyond}, {self.form.words} {limit}, {self.form.words} {words}")

    def counted(self, loop: Loop, area: str, args: Sequence[Atom], read: Callable[[Atom], str],
                others: Mapping[Atom, tuple[Loop, str]]) -> str:
        """The largest count of a loop, an i64; that of each row of the batch is left in the area."""
        if loop.count is not None:
            return f"{loop.count}"
        given, words = args[loop.count_at], self.form.words
        number = self.load(others[given][1], 2) if given in others and given.__class__ is int else read(given)
        whole = self.put(f"fptosi {self.number} {number} to {words}")
        whole = self.among(self.clamped(whole, "slt", "zeroinitializer"), "zeroinitializer")
        self.store(area, 2, self.put(f"sitofp {words} {whole} to {self.number}"))
        return self.put(f"call i64 @llvm.vector.reduce.smax.v{self.form.width}i64({words} {whole})")

    def item(self, loop: Loop, area: str, block: int, place: Atom, read: Callable[[Atom], str]) -> str:
        """The instruction that gives one number of a loop's result, for each row of the batch."""
        if place.__class__ is not int:
            return super().item(loop, area, block, place, read)
        places, words = self.placed(loop), self.form.words
        last = self.put(f"fptosi {self.number} {self.load(area, 2)} to {words}")
        at = self.put(f"fptosi {self.number} {read(place)} to {words}")
        at = self.clamped(self.clamped(at, "sgt", last), "slt", "zeroinitializer")      # of rows that failed
        base, found = self.rows_of(loop, area), "poison"
        for i in range(self.form.width):
            row = self.put(f"mul i64 {self.put(f'extractelement {words} {at}, i32 {i}')}, {places.width}")
            one = self.at(base, self.put(f"add i64 {row}, {places.slots[block]}"))
            one = self.put(f"load double, ptr {self.put(f'getelementptr double, ptr {one}, i64 {i}')}")
            text = f"insertelement {self.number} {found}, double {one}, i32 {i}"
            if i < self.form.width - 1:
                found = self.put(text)
        return text

    def spread(self, x: str) -> str:
        """A double as a number."""
        one = self.put(f"insertelement {self.number} poison, double {x}, i32 0")
        return self.put(f"shufflevector {self.number} {one}, {self.number} poison, "
                        f"<{self.form.width} x i32> zeroinitializer")

    def replayed(self, name: str, pieces: Sequence[str], state: Sequence[int], width: int, loop: Any) -> str:
        """The function of a replay; see `replay`."""
        begins = BEGINS_ROWS.format(held=self.placed(loop).held, count=self.form.literal(float(loop.count)))
        return replay(name, pieces, state, width, loop.snapshots, self.number, begins)

    def ran(self, function: str, areas: Sequence[str], listed: Sequence[str], no_memory: str) -> str:
        """Call a function of areas and other operands; for which rows all is well."""
        words, good = self.form.words, splat(self.form.width, "i64", -1)
        for area in areas:
            self.lines.append(f"  store {words} {self.among(good, 'zeroinitializer')}, ptr {self.at(area, STATUS)}")
        super().ran(function, areas, listed, no_memory)
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
            elif len(given) >= FILLED and all(x.__class__ is float for x in given):
                name = f"@constants{len(self.texts)}"
                listed = ", ".join(f"double {constant(float(x))}" for x in given)
                self.texts.append(f"{name} = internal constant [{len(given)} x double] [{listed}]")
                to = self.at(area, first)
                self.lines.append(f"  call void @spread_cells(ptr {to}, ptr {name}, i64 {len(given)})")
            else:
                for i, x in enumerate(given):
                    self.store(area, first + i, read(x))


class RowLoop(RowSpeller, LoopFunction):
    """The function of a loop in the lanes of rows."""

    def __init__(self, form: Any, name: str, loop: Loop, lent: Mapping[int, Places], texts: list[str],
                 piece: bool) -> None:
        super().__init__(form, name, loop, lent, texts, piece)
        self.places = self.own = RowPlaces(loop, piece)
        self.inner = self.own.inner
        self.masks: dict[str, str] = {}     # of a way, or of `missing`: the rows that go there in this iteration
        self.varies, self.endlessly = varies(loop), not piece and loop.count == -1
        self.guarded = any(guarded(way.program) for way in loop.ways)
        self.masked = self.varies or self.guarded

    def be_strict(self, strict: bool) -> None:
        """Let fast code keep eager's bits, as guards depend on it; so do those of the loop's own."""
        self.strict = strict or self.guarded
        self.spellings = self.form.fused if self.form.fast and not self.strict else self.form.exact

    def begun(self, loop: Loop, area: str) -> list[str]:
        """The lines that make the area of a loop inside."""
        at, self.inner = self.inner, self.inner + self.placed(loop).size
        return [f"  {area} = getelementptr {self.number}, ptr %area, i64 {at}"]

    def released(self) -> list[str]:
        """The memory of loops inside belongs to that of the whole."""
        return []

    def grow(self, rows: str) -> None:
        """Make room for so many rows, if they grow."""
        if 0 in self.own.grown:
            super().grow(rows)

    def more_carried(self) -> list[str]:
        """The rows of the batch for which a way was missing; and those that go on, and how often they went on."""
        if not self.masked:
            return []
        words, truth, good = self.form.words, self.form.truth, splat(self.form.width, "i64", -1)
        known = self.put(f"load {words}, ptr {self.at('%area', STATUS)}")
        lost = self.put(f"icmp ne {words} {known}, {good}")
        found = [f"  %lost = phi {truth} [ {lost}, %begun ], [ %lost1, %next ]"]
        if self.endlessly:
            going = self.put(f"icmp eq {words} {known}, {good}")
            found += [f"  %going = phi {truth} [ {going}, %begun ], [ %going1, %next ]",
                      f"  %ran = phi {self.number} [ zeroinitializer, %begun ], [ %ran1, %next ]"]
        elif self.varies:
            self.counts = self.put(f"fptosi {self.number} {self.load('%area', 2)} to {words}")
        return found

    def endless(self) -> list[str]:
        """Go on as long as a row of the batch does."""
        bits = f"i{self.form.width}"
        return [f"  %bits = bitcast {self.form.truth} %going to {bits}", f"  %any = icmp ne {bits} %bits, 0",
                "  br i1 %any, label %step, label %end", "step:"]

    def leave(self, total: str) -> None:
        """Write the counts, and for which rows of the batch a way was missing."""
        if self.endlessly:
            self.store("%area", 2, "%ran")
        elif not self.varies:
            super().leave(total)
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
        loop, found, going = self.loop, list[str](), list[str]()
        self.make_room()
        self.read_inputs()
        if self.varies:
            self.masks["way0"] = "%going" if self.endlessly else self._counting()
            found = [f"%c{access.block}_{access.offset}" if access.block in self.fixed else
                     self.load(*self.where(access)) for access in loop.writes]
        for number, way in enumerate(loop.ways):
            self.alive = self.masks.get(f"way{number}", "")
            if number and not self.alive:       # nothing leads there
                continue
            outputs = self.program(way.program, number, {guard: f"way{other}" for guard, other in way.below})
            if way.ends:
                continue
            going.append(self.alive)
            found = [self.put(f"select {self.form.truth} {self.alive}, {self.number} {x}, {self.number} {other}")
                     for x, other in zip(outputs, found, strict=True)] if found else outputs
        if self.endlessly:
            self._go_on(going)
        for access, x in zip(loop.writes, found, strict=True):
            if access.block not in self.fixed:
                self.store(*self.where(access), x)
        if self.masked:
            lost = self.masks.get("missing", "zeroinitializer")
            self.lines.append(f"  %lost1 = or {self.form.truth} %lost, {lost}")
        self.lines += ["  br label %done", "done:", "  br label %next"]
        left = dict(zip(((access.block, access.offset) for access in loop.writes), found, strict=True))
        return [("done", [left[cell] for cell in self.carried])]

    def _counting(self) -> str:
        """The rows of the batch that have this iteration."""
        words, width = self.form.words, self.form.width
        one = self.put(f"insertelement {words} poison, i64 %t, i32 0")
        every = self.put(f"shufflevector {words} {one}, {words} poison, <{width} x i32> zeroinitializer")
        return self.put(f"icmp slt {words} {every}, {self.counts}")

    def _go_on(self, going: Sequence[str]) -> None:
        """The rows of the batch that go on are those that went one of these ways to its end."""
        truth, some = self.form.truth, "zeroinitializer"
        for mask in going:
            some = self.put(f"or {truth} {some}, {mask}")
        self.lines.append(f"  %going1 = or {truth} {some}, zeroinitializer")
        one = self.form.literal(1.0)
        more = self.put(f"select {truth} %going1, {self.number} {one}, {self.number} zeroinitializer")
        self.lines.append(f"  %ran1 = fadd {self.number} %ran, {more}")
