"""Code for the iterations of a Repeat in LLVM's language: numbers in single lanes and in vectors, memory, and ops."""

import re
from array import array
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from autograd.lower.llvm.processor import vector_function
from autograd.lower.llvm.spellings import COMPARISONS, FUSED, SPELLINGS, constant
from autograd.lower.schedule import UnspellableError
from autograd.ops.primitives import Op
from autograd.program.calls import called
from autograd.program.program import Atom
from autograd.program.rolled import Repeat

PAD = 8             # doubles behind each stack, which lanes without an iteration may write


class Place(NamedTuple):
    """Where a number is: in an area, `in`, `work` or `constants`, at an offset in doubles."""

    area: str
    offset: int


class Stride(NamedTuple):
    """Numbers at equal distances."""

    start: Place
    step: int


class Vectors:
    """Lines of code, and which register of them holds which register of the body, in a lane or as a vector.

    columns: where each column of the Repeat is. fast: a product and a sum may be one operation, and vector functions
    of C are called.
    """

    def __init__(self, repeat: Repeat, columns: Sequence[Stride], library: Mapping[str, int],
                 functions: Callable[[Op], int], fast: bool = False) -> None:
        self.fast, self.spellings = fast, FUSED if fast else SPELLINGS
        self.repeat, self.body, self.columns = repeat, repeat.body, columns
        self.library, self.functions = library, functions
        self.inputs = len(repeat.body.inputs)
        self.serial, self.varies = self._classes()
        self.lines: list[str] = []
        self.fresh = 0
        self.tables: list[array[int]] = []      # that the code reads
        self._places: dict[int, int] = {}
        self.known: dict[Any, str] = {}         # (register of the body, lane), or the register -> what holds it
        self.begin(1, "", False)

    def begin(self, lanes: int, index: str, masked: bool) -> None:
        """Begin with the code for so many iterations at once; index: the first one's number."""
        self.lane, self.index, self.masked = lanes, index, masked
        self.before: list[str] = []             # what is computed once, before the iterations
        self.splats: dict[Atom, str] = {}       # numbers that all lanes have
        self.truths: dict[str, str] = {}        # of a vector: whether it is not 0
        self.mask, self.there = "", [""] * lanes
        self.split: list[Any] = []              # the Splits of cells

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

    def find_mask(self, stop: int) -> None:
        """Find which lanes have an iteration: those before ``stop``."""
        for lane in range(self.lane):
            here = self.new(f"add i64 {self.index}, {lane}")
            self.there[lane] = self.new(f"icmp slt i64 {here}, {stop}")
        self.mask = "poison"
        for lane in range(self.lane):
            self.mask = self.new(f"insertelement <{self.lane} x i1> {self.mask}, i1 {self.there[lane]}, i32 {lane}")

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
        """What is at an address."""
        return self.new(f"load {kind}, ptr {at}, align 8")

    def store(self, place: Place, lane: int | None, x: str, kind: str = "double") -> None:
        """Store a number, or a vector, at a place."""
        self.lines.append(f"  store {kind} {x}, ptr {self.at(place, lane)}, align 8")

    def new(self, text: str) -> str:
        """Append an instruction; the register of its result."""
        self.fresh += 1
        self.lines.append(f"  %t{self.fresh} = {text}")
        return f"%t{self.fresh}"

    # ---- ops ----

    def scalar(self, op: Op, args: Sequence[str]) -> str:
        """An op of doubles."""
        self.fresh += 1
        name = f"l{self.fresh}"
        if op.name in self.spellings:
            self.lines.append(self.spellings[op.name].format(name, *args))
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

    def vector(self, op: Op, args: Sequence[Atom]) -> str:
        """An op of registers of the body, in all lanes; functions of the C library are called for each."""
        n = self.lane
        kind = f"<{n} x double>"
        if op.name in self.spellings:
            operands = [*map(self.wide, args)]
            self.fresh += 1
            self.lines.append(widened(self.spellings[op.name].format(f"l{self.fresh}", *operands), n))
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
        several = vector_function(op.c_name, len(args), n) if self.fast and op.c_name else 0
        if several:
            listed = ", ".join(f"{kind} {self.wide(x)}" for x in args)
            return self.new(f"call {kind} inttoptr (i64 {several} to ptr)({listed})")
        found = "poison"
        for lane in range(n):
            one = self._call(op, [self.one(x, lane) for x in args])
            found = self.new(f"insertelement {kind} {found}, double {one}, i32 {lane}")
        return found


_SPLAT = re.compile(r"splat \(double ([^)]*)\)")


def widened(text: str, n: int) -> str:
    """A spelling of an op for vectors of n; its constants are splats."""
    kept = _SPLAT.sub(r"splat (DOUBLE \1)", text)
    if " and i64 " in kept or "bitcast" in kept:
        kept = re.sub(r"and i64 (%\w+), (-?\d+)", rf"and <{n} x i64> \1, splat (i64 \2)", kept)
        kept = re.sub(r"bitcast double (.*) to i64", rf"bitcast <{n} x double> \1 to <{n} x i64>", kept)
        kept = re.sub(r"bitcast i64 (.*) to double", rf"bitcast <{n} x i64> \1 to <{n} x double>", kept)
        return kept.replace("DOUBLE", "double")
    kept = re.sub(r"\bdouble\b", f"<{n} x double>", kept).replace("llvm.sqrt.f64", f"llvm.sqrt.v{n}f64")
    # adding -0.0, as it is spelled
    return re.sub(r", -0\.0$", ", splat (double -0.0)", kept).replace("DOUBLE", "double")
