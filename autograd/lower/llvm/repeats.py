"""A Repeat in LLVM's language: what depends on no carry is computed for several iterations at once, in vectors.

Each lane of a vector is an iteration, and computes to the bit what it would alone. Carries and sums go through the
lanes in the order of the iterations.
"""

import re
from array import array
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from autograd.lower.llvm.scatter import Scatter, step
from autograd.lower.llvm.spellings import COMPARISONS, SPELLINGS, constant
from autograd.lower.schedule import UnspellableError
from autograd.ops.primitives import Op
from autograd.program.calls import called
from autograd.program.program import Atom
from autograd.program.rolled import Repeat

BLOCK = 300         # lines of a block
PAD = 8             # doubles behind each stack, which lanes without an iteration may write
LARGE = 200         # instructions of a body, from which its code is written once, not once more for what is left
SERIAL = 120        # instructions that depend on a carry, up to which they are written out for each lane


class Place(NamedTuple):
    """Where a number is: in an area, `in`, `work` or `constants`, at an offset in doubles."""

    area: str
    offset: int


class Stride(NamedTuple):
    """Numbers at equal distances."""

    start: Place
    step: int


def begins(repeat: Repeat, block: int) -> int:
    """Where a block of the result begins in its memory."""
    return 0 if not block else repeat.carries + (block - 1) * (repeat.count + PAD)


def stride(places: Sequence[Place]) -> Stride | None:
    """The rule that these places follow, if there is one."""
    first = places[0]
    step = places[1].offset - first.offset if len(places) > 1 else 0
    if any(area != first.area for area, _ in places) or any(
            place.offset != first.offset + i * step for i, place in enumerate(places)):
        return None
    return Stride(first, step)


class RepeatText:
    """The function of a Repeat: @loopN(in, work).

    columns: where each column is; staged ones are gathered before. results: where the results begin in `work`.
    """

    def __init__(self, name: str, repeat: Repeat, carries: Sequence[Place], columns: Sequence[Stride], results: int,
                 width: int, constants: int, library: Mapping[str, int], functions: Callable[[Op], int]) -> None:
        self.name, self.repeat, self.body = name, repeat, repeat.body
        self.carries, self.columns, self.results, self.constants = carries, columns, results, constants
        self.library, self.functions = library, functions
        self.inputs = len(repeat.body.inputs)
        self.serial, self.varies = self._classes()
        heavy = sum(x >= self.inputs for x in self.serial) > SERIAL
        self.width = 1 if heavy or repeat.count < width else width
        self.lines: list[str] = []
        self.tables: list[array[int]] = []      # that the code reads
        self._places: dict[int, int] = {}
        self.fresh = 0

    def _classes(self) -> tuple[set[int], set[int]]:
        """The registers of the body that depend on a carry, and those that differ between iterations."""
        serial = set(range(self.repeat.carries))
        varies = serial | {i for i, own in enumerate(self.repeat.spread, self.repeat.carries) if own}
        for register, (_, args) in enumerate(self.body.instructions, self.inputs):
            reads = {x for x in args if x.__class__ is int}
            if reads & varies:
                varies.add(register)
            if reads & serial:
                serial.add(register)
        return serial, varies

    def text(self, before: Sequence[str]) -> list[str]:
        """Its lines; before: those that bring columns and cells to their places."""
        count, lines = self.repeat.count, self.lines
        lines += [f"define void @{self.name}(ptr %in, ptr %work) {{", "entry:",
                  f"  %constants = inttoptr i64 {self.constants} to ptr", *before]
        self.known: dict[Any, str] = {}
        for i, own in enumerate(self.repeat.spread, self.repeat.carries):
            if not own:
                self.known[i, 0] = self.load(self.at(self.columns[i - self.repeat.carries].start, None))
        for register, (op, args) in enumerate(self.body.instructions, self.inputs):
            if register not in self.varies:
                self.known[register, 0] = self._scalar(op, [self.one(x, 0) for x in args])
        carries = [self.load(self.at(place, None)) for place in self.carries]
        invariants = dict(self.known)
        done, label, self.masked = 0, "entry", False
        if self._large():
            self.masked, self.known = True, dict(invariants)
            carries, label = self._iterations(self.width, 0, count, carries, label)
            done = count
        for width in (self.width, 1) if self.width > 1 else (1,):
            whole = (count - done) // width * width
            if whole:
                self.known = dict(invariants)
                carries, label = self._iterations(width, done, done + whole, carries, label)
                done += whole
        for i, x in enumerate(carries):
            self._store(Place("work", self.results + i), None, x)
        lines += ["  ret void", "}"]
        return lines

    def _large(self) -> bool:
        """Whether the last iterations are some lanes of a whole vector, as the code is long."""
        return self.width > 1 and bool(self.repeat.count % self.width) and len(self.body.instructions) > LARGE and all(
            step(table) in (0, 1, -1, None) for table in self.repeat.tables)

    def _iterations(self, width: int, start: int, stop: int, carries: list[str], label: str) -> tuple[list[str], str]:
        """The iterations from ``start`` to ``stop``, so many at once; the carries behind them, and the block."""
        self.lane, repeat = width, self.repeat
        self.loaded: dict[tuple[int, int], str] = {}
        before = len(self.lines)
        self.index = f"%i{width}"
        inside = [f"%c{width}_{i}" for i in range(repeat.carries)]
        self.before: list[str] = []
        self.splats: dict[Atom, str] = {}
        self.truths: dict[str, str] = {}        # of a vector: whether it is not 0
        self.mask, self.there = "", [""] * width
        if self.masked:
            self._mask(width, stop)
        self._vectors()
        now = inside
        for lane in range(width):
            following = self._lane(lane, now)
            now = [self.new(f"select i1 {self.there[lane]}, double {new}, double {old}")
                   for old, new in zip(now, following, strict=True)] if self.masked else following
        outputs = repeat.body.outputs[repeat.carries:]
        for which, x in enumerate(outputs[:repeat.stacks]):
            place = Place("work", self.results + begins(repeat, 1 + which))
            if width > 1 and (x.__class__ is float or x not in self.serial):
                self._store(place, 0, self.wide(x), f"<{width} x double>")
            else:
                for lane in range(width):
                    self._store(place, lane, self.one(x, lane))
        if repeat.tables:
            cells = self.results + begins(repeat, 1 + repeat.stacks)
            Scatter(self, outputs[repeat.stacks:], cells).write()
        body, self.lines[before:] = self.lines[before:], []
        n, body, last_block = width, *_in_blocks(body, f"body{width}")
        self.lines += [*self.before, f"  br label %head{n}", f"head{n}:",
                       f"  {self.index} = phi i64 [ {start}, %{label} ], [ %next{n}, %{last_block} ]"]
        for name, first, last in zip(inside, carries, now, strict=True):
            self.lines.append(f"  {name} = phi double [ {first}, %{label} ], [ {last}, %{last_block} ]")
        self.lines += [f"  %more{n} = icmp slt i64 {self.index}, {stop}",
                       f"  br i1 %more{n}, label %body{n}, label %end{n}", f"body{n}:", *body,
                       f"  %next{n} = add i64 {self.index}, {n}", f"  br label %head{n}", f"end{n}:"]
        return inside, f"end{n}"

    def _mask(self, width: int, stop: int) -> None:
        """Which lanes have an iteration."""
        for lane in range(width):
            here = self.new(f"add i64 {self.index}, {lane}")
            self.there[lane] = self.new(f"icmp slt i64 {here}, {stop}")
        self.mask = "poison"
        for lane in range(width):
            self.mask = self.new(f"insertelement <{width} x i1> {self.mask}, i1 {self.there[lane]}, i32 {lane}")

    def added(self, x: Atom) -> str:
        """A vector that is added to cells: -0.0, which changes none, in lanes without an iteration."""
        n, found = self.lane, self.wide(x)
        if not self.masked:
            return found
        return self.new(f"select <{n} x i1> {self.mask}, <{n} x double> {found}, <{n} x double> "
                         "splat (double -0.0)")

    def added_one(self, x: Atom, lane: int) -> str:
        """The same of one lane."""
        found = self.one(x, lane)
        if not self.masked:
            return found
        return self.new(f"select i1 {self.there[lane]}, double {found}, double -0.0")

    def _vectors(self) -> None:
        """Compute what depends on no carry, in vectors; alone, it is computed with the rest."""
        if self.lane == 1:
            return
        for register, (op, args) in enumerate(self.body.instructions, self.inputs):
            if register in self.varies and register not in self.serial:
                self.known[register] = self._vector(op, args)

    def _lane(self, lane: int, carries: list[str]) -> list[str]:
        """Compute the rest of one iteration; the next carries."""
        for i, x in enumerate(carries):
            self.known[i, lane] = x
        alone = self.lane == 1
        for register, (op, args) in enumerate(self.body.instructions, self.inputs):
            if register in self.serial or (alone and register in self.varies):
                self.known[register, lane] = self._scalar(op, [self.one(x, lane) for x in args])
        return [self.one(x, lane) for x in self.repeat.body.outputs[:self.repeat.carries]]

    # ---- operands ----

    def one(self, x: Atom, lane: int) -> str:
        """An operand in one lane, as a double."""
        if x.__class__ is float:
            return constant(x)
        if x not in self.varies:
            return self.known[x, 0]
        found = self.known.get((x, lane))
        if found is None:
            if self.lane == 1:
                found = self.load(self._column(int(x), 0))
            else:
                found = self.new(f"extractelement <{self.lane} x double> {self.wide(x)}, i32 {lane}")
            self.known[x, lane] = found
        return found

    def wide(self, x: Atom) -> str:
        """An operand as a vector."""
        n = self.lane
        if x.__class__ is float:
            return f"splat (double {constant(x)})"
        if x not in self.varies:
            found = self.splats.get(x)
            if found is None:
                self.fresh += 2
                found = self.splats[x] = f"%t{self.fresh}"
                self.before += [
                    f"  %t{self.fresh - 1} = insertelement <{n} x double> poison, double {self.known[x, 0]}, i32 0",
                    f"  {found} = shufflevector <{n} x double> %t{self.fresh - 1}, <{n} x double> poison, "
                    f"<{n} x i32> zeroinitializer"]
            return found
        found = self.known.get(x)
        if found is None:
            if x < self.inputs and x not in self.serial:
                found = self._column_vector(int(x))
            else:
                found = "poison"
                for lane in range(n):
                    found = self.new(f"insertelement <{n} x double> {found}, double {self.one(x, lane)}, i32 {lane}")
            self.known[x] = found
        return found

    def _column(self, x: int, lane: int) -> str:
        start, step = self.columns[x - self.repeat.carries]
        return self.at(start, lane, step)

    def _column_vector(self, x: int) -> str:
        n, (start, by) = self.lane, self.columns[x - self.repeat.carries]
        if self.masked and start.area == "in":      # there is nothing behind the inputs
            found, last = "poison", self.repeat.count - 1
            for lane in range(n):
                here = self.new(f"add i64 {self.index}, {lane}")
                here = self.new(f"select i1 {self.there[lane]}, i64 {here}, i64 {last}")
                here = self.new(f"mul i64 {here}, {by}")
                here = self.new(f"add i64 {here}, {start.offset}")
                one = self.load(self.new(f"getelementptr double, ptr %in, i64 {here}"))
                found = self.new(f"insertelement <{n} x double> {found}, double {one}, i32 {lane}")
            return found
        if by == 1:
            return self.load(self.at(start, 0), f"<{n} x double>")
        if by == -1:
            return self.reverse(self.load(self.at(start, n - 1, -1), f"<{n} x double>"))
        found = "poison"
        for lane in range(n):
            found = self.new(f"insertelement <{n} x double> {found}, double {self.load(self._column(x, lane))}, "
                              f"i32 {lane}")
        return found

    def reverse(self, x: str) -> str:
        """A vector with its lanes in the other order."""
        n = self.lane
        order = ", ".join(f"i32 {i}" for i in reversed(range(n)))
        return self.new(f"shufflevector <{n} x double> {x}, <{n} x double> poison, <{n} x i32> <{order}>")

    # ---- memory ----

    def at(self, place: Place, lane: int | None, step: int = 1) -> str:
        """The address of a place; with a lane: as far on as the iteration there is."""
        area, offset = place
        if lane is None:
            return self.new(f"getelementptr double, ptr %{area}, i64 {offset}")
        index = self.index
        if step != 1:
            index = self.new(f"mul i64 {index}, {step}")
        at = self.new(f"getelementptr double, ptr %{area}, i64 {index}")
        return self.new(f"getelementptr double, ptr {at}, i64 {offset + lane * step}")

    def cell(self, table: Sequence[int], lane: int, cells: int) -> str:
        """The address of the cell that a table without a rule gives an iteration."""
        if id(table) not in self._places:
            self.tables.append(array("q", [cells + cell for cell in (*table, *[table[-1]] * PAD)]))
            self._places[id(table)] = self.tables[-1].buffer_info()[0]
        base = self.new(f"inttoptr i64 {self._places[id(table)]} to ptr")
        at = self.new(f"getelementptr i64, ptr {base}, i64 {self.index}")
        at = self.new(f"getelementptr i64, ptr {at}, i64 {lane}")
        place = self.new(f"load i64, ptr {at}")
        return self.new(f"getelementptr double, ptr %work, i64 {place}")

    def load(self, at: str, kind: str = "double") -> str:
        return self.new(f"load {kind}, ptr {at}, align 8")

    def _store(self, place: Place, lane: int | None, x: str, kind: str = "double") -> None:
        self.lines.append(f"  store {kind} {x}, ptr {self.at(place, lane)}, align 8")

    def new(self, text: str) -> str:
        self.fresh += 1
        self.lines.append(f"  %t{self.fresh} = {text}")
        return f"%t{self.fresh}"

    # ---- ops ----

    def _scalar(self, op: Op, args: Sequence[str]) -> str:
        self.fresh += 1
        name = f"l{self.fresh}"
        if op.name in SPELLINGS:
            self.lines.append(SPELLINGS[op.name].format(name, *args))
            return f"%r{name}"
        if op.name in COMPARISONS:
            asked = self.new(f"fcmp {COMPARISONS[op.name]} double {args[0]}, {args[1]}")
            return self.new(f"select i1 {asked}, double 1.0, double 0.0")
        if op.name == "where":
            asked = self.new(f"fcmp une double {args[0]}, 0.0")
            return self.new(f"select i1 {asked}, double {args[1]}, double {args[2]}")
        return self._call(op, args)

    def _call(self, op: Op, args: Sequence[str]) -> str:
        if not op.c_name and not called(op):
            raise UnspellableError(op.name)
        address = self.library[op.c_name] if op.c_name else self.functions(op)
        return self.new(f"call double inttoptr (i64 {address} to ptr)({', '.join(f'double {x}' for x in args)})")

    def _vector(self, op: Op, args: Sequence[Atom]) -> str:
        n = self.lane
        kind = f"<{n} x double>"
        if op.name in SPELLINGS:
            operands = [*map(self.wide, args)]
            self.fresh += 1
            self.lines.append(widened(SPELLINGS[op.name].format(f"l{self.fresh}", *operands), n))
            return f"%rl{self.fresh}"
        if op.name in COMPARISONS:
            asked = self.new(f"fcmp {COMPARISONS[op.name]} {kind} {self.wide(args[0])}, {self.wide(args[1])}")
            found = self.new(f"select <{n} x i1> {asked}, {kind} splat (double 1.0), {kind} zeroinitializer")
            self.truths[found] = asked
            return found
        if op.name == "where":
            condition = self.wide(args[0])
            asked = self.truths.get(condition, "")
            if not asked:
                asked = self.truths[condition] = self.new(f"fcmp une {kind} {condition}, zeroinitializer")
            return self.new(f"select <{n} x i1> {asked}, {kind} {self.wide(args[1])}, {kind} {self.wide(args[2])}")
        found = "poison"
        for lane in range(n):
            one = self._call(op, [self.one(x, lane) for x in args])
            found = self.new(f"insertelement {kind} {found}, double {one}, i32 {lane}")
        return found


def _in_blocks(lines: Sequence[str], name: str) -> tuple[list[str], str]:
    """The lines with a new block after each BLOCK of them, and the last one's name: LLVM is slow with long blocks."""
    found = [*lines[:BLOCK]]
    for start in range(BLOCK, len(lines), BLOCK):
        found += [f"  br label %{name}_{start}", f"{name}_{start}:", *lines[start:start + BLOCK]]
        last = f"{name}_{start}"
    return found, last if len(lines) > BLOCK else name


_SPLAT = re.compile(r"splat \(double ([^)]*)\)")


def widened(text: str, n: int) -> str:
    """A spelling of kernel.py for vectors of n; its constants are splats."""
    kept = _SPLAT.sub(r"splat (DOUBLE \1)", text)
    if " and i64 " in kept or "bitcast" in kept:
        kept = re.sub(r"and i64 (%\w+), (-?\d+)", rf"and <{n} x i64> \1, splat (i64 \2)", kept)
        kept = re.sub(r"bitcast double (.*) to i64", rf"bitcast <{n} x double> \1 to <{n} x i64>", kept)
        kept = re.sub(r"bitcast i64 (.*) to double", rf"bitcast <{n} x i64> \1 to <{n} x double>", kept)
        return kept.replace("DOUBLE", "double")
    kept = re.sub(r"\bdouble\b", f"<{n} x double>", kept).replace("llvm.sqrt.f64", f"llvm.sqrt.v{n}f64")
    # adding -0.0, as it is spelled
    return re.sub(r", -0\.0$", ", splat (double -0.0)", kept).replace("DOUBLE", "double")
