"""A loop as functions in LLVM's language: one iteration's Programs inside a native loop.

A loop has an area of memory: the address of its rows and for how many there is room, the count of iterations, the way
that ended it, and then its cells, block after block. A row holds what the loop keeps of one iteration. Carries are in
registers.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from autograd.lower.llvm.loop_places import Places
from autograd.lower.llvm.loop_texts import replay
from autograd.lower.llvm.spellings import COMPARISONS, INVERSE, RELATIONS, SPELLINGS, constant
from autograd.lower.schedule import UnspellableError, due
from autograd.ops.primitives import Op
from autograd.program.calls import called
from autograd.program.nested import BLANK, CELLS, COPY, COUNT, LENT, Access, Loop, item
from autograd.program.program import Atom, Program
from autograd.program.replay import state_of

NO_MEMORY = -2


class Scalars:
    """How numbers are written one by one. library, functions: as of a Kernel."""

    number, truth, attributes, aligned, size = "double", "i1", "", "", 8
    exact = SPELLINGS

    def __init__(self, library: Mapping[str, int], functions: Callable[[Op], int]) -> None:
        self.library, self.functions = library, functions
        self.pairs = "sincos" in library

    def literal(self, x: float) -> str:
        """A constant."""
        return constant(x)

    def sincos(self) -> str:
        """What calls C's function of sine and cosine."""
        return f"inttoptr (i64 {self.library['sincos']} to ptr)"

    def function(self, op: Op, _arity: int) -> str:
        """What calls a function of C, or a long formula."""
        return f"inttoptr (i64 {self.library[op.c_name] if op.c_name else self.functions(op)} to ptr)"


class Speller:
    """Writes straight-line instructions and calls of loops; it knows the registers of one function."""

    def __init__(self, form: Any, texts: list[str]) -> None:
        """form: how numbers are written, `Scalars` or `Rows` of lane_loops.py."""
        self.form, self.texts = form, texts
        self.number = form.number
        self.spellings = form.exact
        self.lines: list[str] = []
        self.fresh = 0

    def placed(self, loop: Any) -> Places:
        """Where the numbers of a loop stand."""
        return Places(loop)

    def written(self, name: str, loop: Loop, lent: Mapping[int, Places], piece: bool = False) -> str:
        """The function of a loop."""
        return LoopFunction(self.form, name, loop, lent, self.texts, piece).text()

    def rows_of(self, loop: Loop, area: str) -> str:
        """The address of a loop's rows."""
        return self.put(f"load ptr, ptr {area}")

    def spread(self, x: str) -> str:
        """A double as a number."""
        return x

    def name(self) -> str:
        """A new name."""
        self.fresh += 1
        return f"%u{self.fresh}"

    def put(self, text: str) -> str:
        """A new register with the result of this instruction."""
        name = self.name()
        self.lines.append(f"  {name} = {text}")
        return name

    def load(self, base: str, place: Any) -> str:
        """A register with the number at a place."""
        return self.put(f"load {self.number}, ptr {self.at(base, place)}{self.form.aligned}")

    def store(self, base: str, place: Any, x: str) -> None:
        """Store a number at a place."""
        self.lines.append(f"  store {self.number} {x}, ptr {self.at(base, place)}{self.form.aligned}")

    def at(self, base: str, place: Any) -> str:
        """The address of a place."""
        return self.put(f"getelementptr {self.number}, ptr {base}, i64 {place}")

    def check(self, condition: str, bad: str) -> None:
        """Go on where the condition holds."""
        self.branch(condition, bad)

    def branch(self, condition: str, bad: str) -> None:
        """Go on where the condition holds."""
        self.fresh += 1
        self.lines += [f"  br i1 {condition}, label %go{self.fresh}, label %{bad}", f"go{self.fresh}:"]

    def call(self, loop: Loop, area: str, args: Sequence[Atom], read: Callable[[Atom], str],
             others: Mapping[Atom, tuple[Loop, str]], no_memory: str) -> str:
        """Run a loop: an i64, -1 where all is well. others: loops that ran before it, and their areas."""
        if hasattr(loop, "forward"):
            return self._call_replay(loop, area, args, read, others, no_memory)
        self.fill(loop, area, args, read)
        count = self.counted(loop, area, args, read, others)
        lent = sorted({block.first for block in loop.blocks if block.kind in (LENT, COPY)})
        given_areas = [others[args[place]] for place in lent]
        number = len(self.texts)
        self.texts.append("")
        self.texts[number] = self.written(f"loop{number}", loop, {
            place: self.placed(other) for place, (other, _) in zip(lent, given_areas, strict=True)})
        listed = [f"i64 {count}", *[f"ptr {self.rows_of(*other)}" for other in given_areas]]
        return self.ran(f"@loop{number}", [area], listed, no_memory)

    def fill(self, loop: Loop, area: str, args: Sequence[Atom], read: Callable[[Atom], str]) -> None:
        """Put the operands of a loop into its cells."""
        places = self.placed(loop)
        for number, block in enumerate(loop.blocks):
            if block.kind == CELLS:
                for i in range(block.size):
                    self.store(area, places.cells[number] + i, read(args[block.first + i]))

    def counted(self, loop: Loop, area: str, args: Sequence[Atom], read: Callable[[Atom], str],
                others: Mapping[Atom, tuple[Loop, str]]) -> str:
        """The count of a loop, an i64."""
        if loop.count is not None:
            return f"{loop.count}"
        given = args[loop.count_at]
        number = self.load(others[given][1], 2) if given in others and given.__class__ is int else read(given)
        return self.put(f"fptosi double {number} to i64")

    def _call_replay(self, loop: Any, area: str, args: Sequence[Atom], read: Callable[[Atom], str],
                     others: Mapping[Atom, tuple[Loop, str]], no_memory: str) -> str:
        given = args[loop.operands:]
        ahead = self.at(area, self.placed(loop).behind)
        self.fill(loop.back, area, given, read)
        self.fill(loop.forward, ahead, args, read)
        count = self.counted(loop.back, area, given, read, others)
        number = len(self.texts)
        self.texts += [""] * 4
        forward = self.placed(loop.forward)
        pieces: Any = ((loop.advancing, {}), (loop.forward, {}), (loop.back, {loop.lent_at: forward}))
        for i, (part, lent) in enumerate(pieces):
            self.texts[number + i] = self.written(f"loop{number + i}", part, lent, piece=True)
        state = [forward.cells[block] + i for block, i in state_of(loop.forward)]
        self.texts[number + 3] = self.replayed(f"loop{number + 3}", [f"loop{number + i}" for i in range(3)], state,
                                               forward.width, loop)
        return self.ran(f"@loop{number + 3}", [area, ahead], [f"i64 {count}"], no_memory)

    def replayed(self, name: str, pieces: Sequence[str], state: Sequence[int], width: int, loop: Any) -> str:
        """The function of a replay; see `replay`."""
        return replay(name, pieces, state, width, loop.snapshots)

    def ran(self, function: str, areas: Sequence[str], listed: Sequence[str], no_memory: str) -> str:
        """Call a function of areas and other operands; whether all is well."""
        code = self.put(f"call i64 {function}({', '.join([*[f'ptr {area}' for area in areas], *listed])})")
        self.branch(self.put(f"icmp ne i64 {code}, {NO_MEMORY}"), no_memory)
        return self.put(f"icmp eq i64 {code}, -1")

    def item(self, loop: Loop, area: str, block: int, place: Atom, read: Callable[[Atom], str]) -> str:
        """The instruction that gives one number of a loop's result."""
        return f"load {self.number}, ptr {self.place_of(loop, area, block, place, read)}{self.form.aligned}"

    def place_of(self, loop: Loop, area: str, block: int, place: Atom, read: Callable[[Atom], str]) -> str:
        """The address of one number of a loop's result."""
        places, at = self.placed(loop), f"{int(place)}"
        if place.__class__ is int:      # an operand, such as the count
            at = self.put(f"fptosi double {read(place)} to i64")
        if block == COUNT or block in places.cells:
            first = places.cells.get(block, 2)
            return self.at(area, self.put(f"add i64 {at}, {first}"))
        row = self.put(f"add i64 {self.put(f'mul i64 {at}, {places.width}')}, {places.slots[block]}")
        return self.at(self.rows_of(loop, area), row)


class LoopFunction(Speller):
    """The function of one loop: @NAME(area, count, rows of other loops): -1, NO_MEMORY, or 0 where a way is missing."""

    def __init__(self, form: Any, name: str, loop: Loop, lent: Mapping[int, Places], texts: list[str],
                 piece: bool = False) -> None:
        """piece: it runs some iterations, and is told from which, and where the rows are."""
        super().__init__(form, texts)
        self.piece = piece
        self.loop_name, self.loop, self.lent, self.places = name, loop, lent, self.placed(loop)
        accesses = [*loop.reads, *loop.writes]
        moving = {access.block for access in accesses if access.step or access.table}
        self.fixed = {number for number in self.places.cells if number not in moving}
        self.carried = sorted({access[:2] for access in loop.writes if access.block in self.fixed})
        self.tables: dict[tuple[int, ...], str] = {}
        self.areas: list[tuple[Loop, str]] = []     # of the loops inside
        self.rows = ""
        self.has_pairs = False

    def text(self) -> str:
        """Its source."""
        loop, places = self.loop, self.places
        parameters = ["ptr %area", "i64 %n", *(["i64 %from", "ptr %given"] if self.piece else []),
                      *[f"ptr %lent{place}" for place in self.lent]]
        if loop.count_at >= 0 and loop.count is None:
            self.lines += ["  %negative = icmp slt i64 %n, 0", "  %count = select i1 %negative, i64 0, i64 %n"]
        else:
            self.lines.append("  %count = add i64 %n, 0")
        self.bounded = bounded = self.piece or loop.count is None or loop.count >= 0
        first = "%from" if self.piece else "0"
        if self.piece:
            self.rows = "%given"
        elif places.width and bounded:
            rows = self.put("add i64 %count, 1")
            self.grow(rows)
            self.rows = self.rows_of(loop, "%area")
            for number, block in enumerate(loop.blocks):
                if block.kind in (BLANK, COPY):
                    to = self.at(self.rows, places.slots[number])
                    source, width = "@full" if block.of else "@blank", 0
                    if block.kind == COPY:
                        other = self.lent[block.first]
                        width = other.width
                        source = self.at(f"%lent{block.first}", other.slots[block.of])
                    self.lines.append(f"  call void @copy(ptr {to}, i64 {places.width}, ptr {source}, i64 {width}, "
                                      f"i64 {rows})")
        self.store("%area", 3, self.form.literal(-1.0))
        begun = {cell: self.load("%area", places.cells[cell[0]] + cell[1]) for cell in self.carried}
        self.known = {(access.block, access.offset): self.load("%area", places.cells[access.block] + access.offset)
                      for access in dict.fromkeys(loop.reads)
                      if access.block in self.fixed and access[:2] not in begun}
        self.known |= {cell: f"%c{cell[0]}_{cell[1]}" for cell in self.carried}
        phis = self.more_carried()
        self.lines += ["  %last = sub i64 %count, 1", "  br label %begun", "begun:", "  br label %head"]
        before, self.lines = self.lines, []
        ways = self.ways()
        head = ["head:", f"  %t = phi i64 [ {'%last' if loop.backwards else first}, %begun ], [ %t1, %next ]"]
        head += [f"  %c{b}_{o} = phi {self.number} [ {begun[b, o]}, %begun ], [ %n{b}_{o}, %next ]"
                 for b, o in self.carried]
        head += phis
        if bounded:
            head += [f"  %more = icmp {f'sge i64 %t, {first}' if loop.backwards else 'slt i64 %t, %count'}",
                     "  br i1 %more, label %step, label %end", "step:"]
        else:
            head += self.endless()
        step, self.lines = self.lines, []
        following = ["next:"]
        for place, cell in enumerate(self.carried):
            came = ", ".join(f"[ {given[place]}, %{label} ]" for label, given in ways)
            following.append(f"  %n{cell[0]}_{cell[1]} = phi {self.number} {came}")
        following += [f"  %t1 = {'sub' if loop.backwards else 'add'} i64 %t, 1", "  br label %head"]
        if not ways:        # it ends at once, always
            following = ["next:", "  %t1 = add i64 %t, 0", *[f"  %n{b}_{o} = fadd double %c{b}_{o}, -0.0"
                                                            for b, o in self.carried], "  br label %head"]
        for b, o in self.carried:
            self.store("%area", places.cells[b] + o, f"%c{b}_{o}")
        total = self.put(f"sitofp i64 {'%count' if loop.backwards else '%t'} to double")
        self.leave(total)
        end = ["end:", *self.lines, *self.released(), "  ret i64 -1", "missing:", *self.released(), "  ret i64 0",
               "nomemory:", *self.released(), f"  ret i64 {NO_MEMORY}"]
        areas = [f"  %{x} = alloca {self.number}" for x in ("sine", "cosine") if self.has_pairs]
        areas += [line for other, area in self.areas for line in self.begun(other, area)]
        tables = [f"{name} = internal constant [{len(table)} x i64] [{', '.join(f'i64 {x}' for x in table)}]"
                  for table, name in self.tables.items()]
        return "\n".join([*tables, f"define internal i64 @{self.loop_name}({', '.join(parameters)}) "
                          f"{self.form.attributes}{{", *areas, *before, *head, *step, *following, *end, "}"])

    def begun(self, loop: Loop, area: str) -> list[str]:
        """The lines that make the area of a loop inside."""
        return [f"  {area} = alloca {self.number}, i64 {self.placed(loop).size}", f"  call void @begin(ptr {area})"]

    def released(self) -> list[str]:
        """The lines that release the memory of the loops inside."""
        return [f"  call void @release(ptr {area})" for _, area in self.areas]

    def more_carried(self) -> list[str]:
        """The lines that receive what iterations hand on beside carries."""
        return []

    def endless(self) -> list[str]:
        """The lines that begin an iteration of a loop that a way ends."""
        return ["  br label %step", "step:"]

    def leave(self, total: str) -> None:
        """Write what follows the last iteration; total: how many there were, as a double."""
        self.store("%area", 2, self.spread(total))

    def grow(self, rows: str) -> None:
        """Make room for so many rows."""
        enough = self.put(f"call i1 @room(ptr %area, i64 {rows}, i64 {self.form.size * self.places.width})")
        self.branch(enough, "nomemory")

    def _address(self, access: Access) -> str:
        """The place of a number in its block, an i64."""
        if access.table:
            name = self.tables.setdefault(access.table, f"@{self.loop_name}_table{len(self.tables)}")
            return self.put(f"load i64, ptr {self.put(f'getelementptr i64, ptr {name}, i64 %t')}")
        if not access.step:
            return f"{access.offset}"
        moved = self.put(f"mul i64 %t, {access.step}") if access.step != 1 else "%t"
        return self.put(f"add i64 {moved}, {access.offset}") if access.offset else moved

    def where(self, access: Access) -> tuple[str, str]:
        """The memory and the place in it of a number that is in no register."""
        block, place = self.loop.blocks[access.block], self._address(access)
        if block.kind == CELLS:
            return "%area", self.put(f"add i64 {place}, {self.places.cells[access.block]}")
        lent = self.lent[block.first] if block.kind == LENT else None
        width, slot = (lent.width, lent.slots[block.of]) if lent else (self.places.width,
                                                                      self.places.slots[access.block])
        row = self.put(f"mul i64 {place}, {width}") if width != 1 else place
        return f"%lent{block.first}" if lent else self.rows, self.put(f"add i64 {row}, {slot}") if slot else row

    def ways(self) -> list[tuple[str, list[str]]]:
        """Write all ways; of each the label where it ends, and what it leaves in the registers of the carries."""
        loop, found = self.loop, []
        self.make_room()
        self.read_inputs()
        self.lines.append("  br label %way0")
        for number, way in enumerate(loop.ways):
            self.lines.append(f"way{number}:")
            labels = {guard: f"way{other}" for guard, other in way.below}
            outputs = self.program(way.program, number, labels)
            if way.ends:
                self.store("%area", 3, constant(float(number)))
                self.lines.append("  br label %end")
                continue
            left = dict(zip(loop.writes, outputs, strict=True))
            for access, x in zip(loop.writes, outputs, strict=True):
                if access.block not in self.fixed:
                    self.store(*self.where(access), x)
            self.lines += [f"  br label %done{number}", f"done{number}:", "  br label %next"]
            found.append((f"done{number}", [left[Access(*cell)] for cell in self.carried]))
        return found

    def make_room(self) -> None:
        """Make room for the rows of one iteration more, where it is not known how many there will be."""
        if self.places.width and not self.bounded:
            room = self.put("load i64, ptr " + self.put("getelementptr i64, ptr %area, i64 1"))
            needed = self.put("add i64 %t, 2")
            short = self.put(f"icmp ult i64 {room}, {needed}")
            wanted = self.put(f"mul i64 {needed}, 2")
            self.grow(self.put(f"select i1 {short}, i64 {wanted}, i64 {needed}"))
            self.rows = self.rows_of(self.loop, "%area")

    def read_inputs(self) -> None:
        """Read what the ways of an iteration read."""
        self.inputs = [self.spread(self.put("sitofp i64 %t to double"))]
        for access in self.loop.reads:
            self.inputs.append(self.known[access[:2]] if access.block in self.fixed else
                               self.load(*self.where(access)))

    def _pairs(self, program: Program) -> dict[int, tuple[int, int]]:
        """The registers of sines and cosines of one number: for both the pair, which C's sincos computes."""
        known: dict[str, dict[Atom, int]] = {"sin": {}, "cos": {}}
        for register, (op, args) in enumerate(program.instructions, len(program.inputs)):
            if op.name in known:
                known[op.name][args[0]] = register
        found = {}
        for x, sine in known["sin"].items():
            if x in known["cos"]:
                found[sine] = found[known["cos"][x]] = sine, known["cos"][x]
        if found:
            self.has_pairs = True
        return found

    def program(self, program: Program, way: int, labels: Mapping[int, str]) -> list[str]:
        """Write the Program of a way; its outputs. labels: where to go where a guard fails, if a way is there."""
        inputs, ready = len(program.inputs), due(program)
        conditions: dict[int, str] = {}
        names: dict[int, str] = dict(enumerate(self.inputs))
        loops: dict[Atom, tuple[Loop, str]] = {}
        pairs = self._pairs(program) if self.form.pairs else {}
        number, truth = self.form.number, self.form.truth

        def read(x: Atom) -> str:
            if x.__class__ is not int:
                return str(self.form.literal(x))
            if x not in names:      # a comparison whose number is asked for
                return choose(conditions[int(x)], 1.0, 0.0)
            return names[int(x)]

        def choose(asked: str, yes: Atom, no: Atom) -> str:
            return self.put(f"select {truth} {asked}, {number} {read(yes)}, {number} {read(no)}")

        def guards(register: int) -> None:
            for place in ready.get(register, ()):
                relation, left, right, outcome = program.guards[place]
                holds = RELATIONS[relation] if outcome else INVERSE[RELATIONS[relation]]
                self.check(self.put(f"fcmp {holds} {number} {read(left)}, {read(right)}"), labels.get(place, "missing"))

        guards(inputs - 1)
        for register, (op, args) in enumerate(program.instructions, inputs):
            if op.nested:
                area = f"%area{len(self.areas)}"
                self.areas.append((op.nested, area))
                held = self.call(op.nested, area, args, read, loops, "nomemory")
                self.check(held, labels.get(len(program.guards), "missing"))
                loops[register] = op.nested, area
            elif op is item:
                names[register] = self.put(self.item(*loops[args[0]], int(args[1]), args[2], read))
            elif register in pairs:
                if register not in names:
                    sine, cosine = pairs[register]
                    self.lines.append(f"  call void {self.form.sincos()}({number} {read(args[0])}, ptr %sine, "
                                      "ptr %cosine)")
                    names[sine], names[cosine] = (self.put(f"load {number}, ptr %{x}") for x in ("sine", "cosine"))
            elif op.name in COMPARISONS:
                conditions[register] = self.put(
                    f"fcmp {COMPARISONS[op.name]} {number} {read(args[0])}, {read(args[1])}")
            elif op.name == "where":
                asked = conditions.get(int(args[0])) if args[0].__class__ is int else None
                if asked is None:
                    asked = self.put(f"fcmp une {number} {read(args[0])}, {read(0.0)}")
                names[register] = choose(asked, args[1], args[2])
            elif op.name in self.spellings:
                name = f"{way}_{register}"
                self.lines.append(self.spellings[op.name].format(name, *map(read, args)))
                names[register] = f"%r{name}"
            elif op.c_name or called(op):
                listed = ", ".join(f"{number} {read(arg)}" for arg in args)
                names[register] = self.put(f"call {number} {self.form.function(op, len(args))}({listed})")
            else:
                raise UnspellableError(op.name)
            guards(register)
        return [read(x) for x in program.outputs]
