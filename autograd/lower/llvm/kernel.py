"""A Program in LLVM's language."""

from collections.abc import Callable, Mapping
from typing import Any

from autograd.lower.llvm.loops import NO_MEMORY, Places, Speller
from autograd.lower.llvm.placement import Placement
from autograd.lower.llvm.spellings import COMPARISONS, INVERSE, RELATIONS, SPELLINGS, constant
from autograd.lower.llvm.vectors import PAD
from autograd.lower.schedule import UnspellableError, due
from autograd.ops.primitives import Op
from autograd.program.calls import called
from autograd.program.nested import item
from autograd.program.program import Atom, Program
from autograd.program.rolled import Repeat

CHUNK = 2000        # instructions per function: longer ones need more stack, and more time per instruction
SMALL = 300         # instructions up to which code between buffers is worth optimising


# ---- the Program --------------------------------------------------------------------------------


class Kernel:
    """The Program as functions of at most CHUNK instructions, which leave numbers to each other in `work`.

    library: the addresses of the C library's functions, by their names there. functions: those of long formulas.
    """

    def __init__(self, program: Program, library: Mapping[str, int], functions: Callable[[Op], int],
                 width: int = 1) -> None:
        self.program, self.inputs, self.library, self.functions = program, len(program.inputs), library, functions
        self.due = due(program)
        self.home: dict[int, int] = {}      # register that a later chunk reads -> its place in `work`
        self.truths: set[int] = set()       # registers that are a condition in their own chunk
        self.numbers = {x for x in program.outputs if x.__class__ is int}       # registers that are read as numbers
        self.repeats = Placement(program, self.home, width)
        self._find_uses()
        self.lines: list[str] = []
        self.constants: dict[float, str] = {}
        self.fresh = 0
        self.loops: dict[Atom, tuple[Any, int]] = {}        # register of a loop -> the loop, and its place in `work`
        self.texts: list[str] = []          # of the functions of loops
        self.speller = Speller(library, functions, self.texts)
        self.repeats.move(len(self.home) + PAD)
        self.size = len(self.home) + PAD + self.repeats.size      # of `work`, in doubles
        if self.repeats.begin:
            self.size = self.repeats.write(self.size, library, functions)
            self.texts.append("declare ptr @memmove(ptr, ptr, i64)")
        self.addresses: dict[Atom, int] = {}        # of the machine code of repeats

    def _find_uses(self) -> None:
        comparisons, loops, items = set(), set(), self.repeats.items
        for register, (op, args) in enumerate(self.program.instructions, self.inputs):
            start = register - (register - self.inputs) % CHUNK
            chooses = op.name == "where"
            if op.name in COMPARISONS:
                comparisons.add(register)
            elif op.nested:
                loops.add(register)
                if isinstance(op.nested, Repeat):       # it reads its operands from the memory
                    start = register
            for place, arg in enumerate(args):
                if arg.__class__ is int and arg >= self.inputs and arg not in loops and arg not in items:
                    self._read_by(arg, start, chooses and place == 0, comparisons)
            for number in self.due.get(register, ()):
                for arg in self.program.guards[number][1:3]:
                    if arg.__class__ is int and arg >= self.inputs and arg not in items:
                        self._read_by(arg, start, False, comparisons)

    def _read_by(self, arg: int, start: int, condition: bool, comparisons: set[int]) -> None:
        """Register ``arg`` is read in the chunk that begins with ``start``; ``condition``: by a `where`, as that."""
        if arg < start:
            self.home.setdefault(arg, len(self.home))
        if arg in comparisons:
            (self.truths if condition and arg >= start else self.numbers).add(arg)

    def text(self) -> list[str]:
        """Functions @k0, @k1, ..., and @program, which calls them: -1, or the number of the guard that failed."""
        total = len(self.program.instructions)
        stored: dict[int, list[int]] = {}
        copies, copied = self.repeats.copies(self.program.outputs)
        for place, x in enumerate(self.program.outputs):
            if place in copied:
                continue
            straight = x.__class__ is int and x >= self.inputs and x not in self.repeats.items
            stored.setdefault(int(x) if straight else -1, []).append(place)
        for chunk, start in enumerate(range(0, max(total, 1), CHUNK)):
            self.here, self.loaded = range(self.inputs + start, self.inputs + min(start + CHUNK, total)), set[int]()
            self.lines.append(f"define internal i64 @k{chunk}(ptr %in, ptr %out, ptr %work) {{")
            tail: list[str] = []        # where a loop could not go on
            if chunk == 0:
                self._check(self.inputs - 1)
            for register in self.here:
                op, args = self.program.instructions[register - self.inputs]
                if op.name in SPELLINGS:
                    self.lines.append(SPELLINGS[op.name].format(register, *map(self._read, args)))
                elif register in self.repeats.begin:
                    address = self.addresses[register]
                    self.lines.append(f"  call void inttoptr (i64 {address} to ptr)(ptr %in, ptr %work)")
                    continue
                elif register in self.repeats.items:
                    self._check(register)
                    continue
                elif op.nested:
                    tail += self._loop(register)
                    continue
                else:
                    self._instruction(register)
                if register in self.home:
                    self._store("work", self.home[register], f"%r{register}")
                if register in stored:
                    for place in stored[register]:
                        self._store("out", place, f"%r{register}")
                if register in self.due:
                    self._check(register)
            if start + CHUNK >= total:
                for place in stored.get(-1, ()):
                    self._store("out", place, self._read(self.program.outputs[place]))
                for place, at, count in copies:
                    self._copy(place, at, count)
            self.lines += ["  ret i64 -1", *tail, "}"]
        self.lines.append("define internal i64 @program(ptr %in, ptr %out, ptr %work) {")
        release = []
        for _, place in self.loops.values():
            self.lines += [f"  %a{place} = getelementptr double, ptr %work, i64 {place}",
                           f"  call void @begin(ptr %a{place})"]
            release.append(f"  call void @release(ptr %a{place})")
        for i in range(chunk + 1):
            self.lines += [f"  %g{i} = call i64 @k{i}(ptr %in, ptr %out, ptr %work)",
                           f"  %h{i} = icmp eq i64 %g{i}, -1",
                           f"  br i1 %h{i}, label %ok{i}, label %no{i}", f"no{i}:", *release, f"  ret i64 %g{i}",
                           f"ok{i}:"]
        return [*self.texts, *self.lines, *release, "  ret i64 -1", "}"]

    def _loop(self, register: int) -> list[str]:
        """Call the function of a loop; the lines where it could not go on."""
        op, args = self.program.instructions[register - self.inputs]
        speller, place = self.speller, self.size
        speller.lines = self.lines
        others: dict[Atom, tuple[Any, str]] = {
            x: (self.loops[x][0], self._area(x)) for x in args if x.__class__ is int and x in self.loops}
        held = speller.call(op.nested, speller.put(f"getelementptr double, ptr %work, i64 {place}"), args, self._read,
                            others, f"short{register}")
        speller.branch(held, f"lost{register}")
        self.loops[register] = op.nested, place
        self.size += Places(op.nested).size
        return [f"short{register}:", f"  ret i64 {NO_MEMORY}", f"lost{register}:",
                f"  ret i64 {len(self.program.guards)}"]

    def _area(self, loop: Atom) -> str:
        return self.speller.put(f"getelementptr double, ptr %work, i64 {self.loops[loop][1]}")

    def _read(self, atom: Atom) -> str:
        if atom.__class__ is not int:
            if not atom:        # 0.0 or -0.0, which are equal
                return constant(atom)
            if atom not in self.constants:
                self.constants[atom] = constant(atom)
            return self.constants[atom]
        items = self.repeats.items
        if (atom < self.here.start or atom in items) and atom not in self.loaded:
            self.loaded.add(atom)
            area, place = ("in", atom) if atom < self.inputs else (
                "work", items[atom] if atom in items else self.home[atom])
            self.lines += [f"  %p{atom} = getelementptr double, ptr %{area}, i64 {place}",
                           f"  %r{atom} = load double, ptr %p{atom}"]
        return f"%r{atom}"

    def _store(self, area: str, place: int, value: str) -> None:
        self.fresh += 1
        self.lines += [f"  %s{self.fresh} = getelementptr double, ptr %{area}, i64 {place}",
                       f"  store double {value}, ptr %s{self.fresh}"]

    def _copy(self, place: int, at: int, count: int) -> None:
        self.fresh += 1
        self.lines += [f"  %s{self.fresh} = getelementptr double, ptr %out, i64 {place}",
                       f"  %f{self.fresh} = getelementptr double, ptr %work, i64 {at}",
                       f"  %m{self.fresh} = call ptr @memmove(ptr %s{self.fresh}, ptr %f{self.fresh}, i64 {8 * count})"]

    def _instruction(self, register: int) -> None:
        op, args = self.program.instructions[register - self.inputs]
        if op.name in COMPARISONS:
            left, right = map(self._read, args)
            self.lines.append(f"  %b{register} = fcmp {COMPARISONS[op.name]} double {left}, {right}")
            if register in self.numbers:
                self.lines.append(f"  %r{register} = select i1 %b{register}, double 1.0, double 0.0")
        elif op.name == "where":
            condition, a, b = args
            yes, no = self._read(a), self._read(b)
            if condition in self.truths and condition in self.here:
                asked = f"%b{condition}"
            else:
                asked = f"%c{register}"
                self.lines.append(f"  {asked} = fcmp une double {self._read(condition)}, {constant(0.0)}")
            self.lines.append(f"  %r{register} = select i1 {asked}, double {yes}, double {no}")
        elif op is item:
            self.speller.lines = self.lines
            at = self.speller.place_of(self.loops[args[0]][0], self._area(args[0]), int(args[1]), args[2],
                                       self._read)
            self.lines.append(f"  %r{register} = load double, ptr {at}")
        elif op.c_name or called(op):
            address = self.library[op.c_name] if op.c_name else self.functions(op)
            listed = ", ".join(f"double {self._read(arg)}" for arg in args)
            # by address: a call by name is slow to compile, too, as code may lie anywhere in memory
            self.lines.append(f"  %r{register} = call double inttoptr (i64 {address} to ptr)({listed})")
        else:
            raise UnspellableError(op.name)

    def _check(self, register: int) -> None:
        for number in self.due.get(register, ()):
            relation, left, right, outcome = self.program.guards[number]
            predicate = RELATIONS[relation]
            self.lines += [
                f"  %g{number} = fcmp {predicate if outcome else INVERSE[predicate]} double "
                f"{self._read(left)}, {self._read(right)}",
                f"  br i1 %g{number}, label %ok{number}, label %no{number}",
                f"no{number}:", f"  ret i64 {number}", f"ok{number}:"]
