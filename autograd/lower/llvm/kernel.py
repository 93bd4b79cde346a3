"""A Program in LLVM's language."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from autograd.lower.llvm.spellings import COMPARISONS, FUSED, INVERSE, RELATIONS, SPELLINGS, constant
from autograd.lower.schedule import UnspellableError, deciding, due
from autograd.ops.primitives import Op
from autograd.program.calls import called
from autograd.program.nested import item
from autograd.program.program import Atom, Program

CHUNK = 2000        # instructions per function: longer ones need more stack, and more time per instruction
FAST_CHUNK = 200    # the same of fast code, whose time to compile grows faster than that
SMALL = 300         # instructions up to which code between buffers is worth optimising


def check_spellable(program: Program) -> None:
    """Raise UnspellableError for an op that is neither an instruction nor a function of C or of a long formula."""
    for op in {op for op, _ in program.instructions}:
        if op.nested:
            for way in op.nested.ways:
                check_spellable(way.program)
        elif not (op is item or op.name in SPELLINGS or op.name in COMPARISONS or op.name == "where" or op.c_name
                  or called(op)):
            raise UnspellableError(op.name)


class Kernel:
    """The Program as functions of at most CHUNK instructions, which leave numbers to each other in `work`.

    library: the addresses of the C library's functions, by their names there. functions: those of long formulas.
    fast: a product and a sum may be one operation, but where a guard depends on them.
    """

    name, chunk, fast_chunk = "program", CHUNK, FAST_CHUNK
    number, truth = "double", "i1"      # the types of a register and of a condition
    parameters, status, passed = "ptr %in, ptr %out, ptr %work", "i64", "-1"
    exact, fused = SPELLINGS, FUSED
    elsewhere: Collection[Atom] = ()     # registers that no function leaves to another: they are in memory anyway

    def __init__(self, program: Program, library: Mapping[str, int], functions: Callable[[Op], int],
                 fast: bool = False) -> None:
        self.program, self.inputs, self.library, self.functions = program, len(program.inputs), library, functions
        self.due, self.fast = due(program), fast
        if fast:
            self.chunk = self.fast_chunk
        self.deciding = deciding(program) if fast else set[int]()
        self.home: dict[int, int] = {}      # register that a later chunk reads -> its place in `work`
        self.truths: set[int] = set()       # registers that are a condition in their own chunk
        self.numbers = {x for x in program.outputs if x.__class__ is int}       # registers that are read as numbers
        self._find_uses()
        self.lines: list[str] = []
        self.constants: dict[float, str] = {}
        self.fresh = 0

    def _find_uses(self) -> None:
        comparisons = set()
        for register, (op, args) in enumerate(self.program.instructions, self.inputs):
            # an op with a Program of its own may read its operands from memory
            start = register if op.nested else register - (register - self.inputs) % self.chunk
            chooses = op.name == "where"
            if op.name in COMPARISONS:
                comparisons.add(register)
            for place, arg in enumerate(args):
                if arg.__class__ is int and arg >= self.inputs and arg not in self.elsewhere:
                    self._read_by(arg, start, chooses and place == 0, comparisons)
            for number in self.due.get(register, ()):
                for arg in self.program.guards[number][1:3]:
                    if arg.__class__ is int and arg >= self.inputs and arg not in self.elsewhere:
                        self._read_by(arg, start, False, comparisons)

    def _read_by(self, arg: int, start: int, condition: bool, comparisons: set[int]) -> None:
        """Register ``arg`` is read in the chunk that begins with ``start``; ``condition``: by a `where`, as that."""
        if arg < start:
            self.home.setdefault(arg, len(self.home))
        if arg in comparisons:
            (self.truths if condition and arg >= start else self.numbers).add(arg)

    def text(self) -> list[str]:
        """Functions @program_0, @program_1, ..., and @program, which calls them: -1, or the guard that failed."""
        total, spellings = len(self.program.instructions), self.fused if self.fast else self.exact
        stored: dict[int, list[int]] = {}
        for place, x in enumerate(self.program.outputs):
            if x.__class__ is not int or x not in self.elsewhere:       # register 1 is not 1.0
                stored.setdefault(x if x.__class__ is int and x >= self.inputs else -1, []).append(place)
        # inputs and constants that are outputs: some in each function, as many in one take long to compile
        given, chunks = stored.pop(-1, []), -(-max(total, 1) // self.chunk)
        filled: list[int] = []
        for chunk, start in enumerate(range(0, max(total, 1), self.chunk)):
            self.here = range(self.inputs + start, self.inputs + min(start + self.chunk, total))
            self.loaded = set[int]()
            before = len(self.lines)
            self._begin(chunk)
            begun = len(self.lines)
            if chunk == 0:
                self._check(self.inputs - 1)
            for register in self.here:
                op, args = self.program.instructions[register - self.inputs]
                if op.name in spellings:
                    how = self.exact if register in self.deciding else spellings
                    self.lines.append(how[op.name].format(register, *map(self._read, args)))
                else:
                    self._instruction(register)
                if register in self.home:
                    self._store("work", self.home[register], f"%r{register}")
                if register in stored:
                    for place in stored[register]:
                        self._store("out", place, f"%r{register}")
                if register in self.due:
                    self._check(register)
            for place in given[chunk::chunks]:
                self._store("out", place, self._read(self.program.outputs[place]))
            if len(self.lines) > begun or chunk == chunks - 1:
                self._end(chunk == chunks - 1)
                filled.append(chunk)
            else:       # items of repeats alone, which are read where they are
                del self.lines[before:]
        return [*self.lines, *self._whole(filled)]

    def _begin(self, chunk: int) -> None:
        self.lines.append(f"define internal {self.status} @{self.name}_{chunk}({self.parameters}) {{")

    def _end(self, last: bool) -> None:
        self.lines += [f"  ret {self.status} {self.passed}", "}"]

    def _whole(self, chunks: Sequence[int]) -> Iterator[str]:
        """The function that calls the others."""
        yield f"define internal i64 @{self.name}({self.parameters}) {{"
        for i in chunks:
            yield from (f"  %g{i} = call i64 @{self.name}_{i}({self.parameters})", f"  %h{i} = icmp eq i64 %g{i}, -1",
                        f"  br i1 %h{i}, label %ok{i}, label %no{i}", f"no{i}:", f"  ret i64 %g{i}", f"ok{i}:")
        yield from ("  ret i64 -1", "}")

    def _read(self, atom: Atom) -> str:
        if atom.__class__ is not int:
            if not atom:        # 0.0 or -0.0, which are equal
                return self._literal(atom)
            if atom not in self.constants:
                self.constants[atom] = self._literal(atom)
            return self.constants[atom]
        if (atom < self.here.start or atom in self.elsewhere) and atom not in self.loaded:
            self.loaded.add(atom)
            self._load(atom)
        return f"%r{atom}"

    def _literal(self, x: float) -> str:
        return constant(x)

    def _load(self, register: int) -> None:
        """Append what reads an input, or what another chunk has computed."""
        area, place = ("in", register) if register < self.inputs else ("work", self._home(register))
        self.lines += [f"  %p{register} = getelementptr double, ptr %{area}, i64 {place}",
                       f"  %r{register} = load double, ptr %p{register}"]

    def _home(self, register: int) -> int:
        """Where a register is in `work`."""
        return self.home[register]

    def _store(self, area: str, place: int, value: str) -> None:
        """Append what writes a number to its place in ``area``, `work` or `out`."""
        self.fresh += 1
        self.lines += [f"  %s{self.fresh} = getelementptr double, ptr %{area}, i64 {place}",
                       f"  store double {value}, ptr %s{self.fresh}"]

    def _instruction(self, register: int) -> None:
        op, args = self.program.instructions[register - self.inputs]
        if op.name in COMPARISONS:
            left, right = map(self._read, args)
            self.lines.append(f"  %b{register} = fcmp {COMPARISONS[op.name]} {self.number} {left}, {right}")
            if register in self.numbers:
                self._select(register, f"%b{register}", self._read(1.0), self._read(0.0))
        elif op.name == "where":
            condition, a, b = args
            yes, no = self._read(a), self._read(b)
            if condition in self.truths and condition in self.here:
                asked = f"%b{condition}"
            else:
                asked = f"%c{register}"
                self.lines.append(f"  {asked} = fcmp une {self.number} {self._read(condition)}, {self._literal(0.0)}")
            self._select(register, asked, yes, no)
        elif op.c_name or called(op):
            listed = ", ".join(f"{self.number} {self._read(arg)}" for arg in args)
            self.lines.append(f"  %r{register} = call {self.number} {self._function(op, len(args))}({listed})")
        else:
            raise UnspellableError(op.name)

    def _select(self, register: int, condition: str, yes: str, no: str) -> None:
        self.lines.append(f"  %r{register} = select {self.truth} {condition}, {self.number} {yes}, {self.number} {no}")

    def _function(self, op: Op, arity: int) -> str:
        # by address: a call by name is slow to compile, too, as code may lie anywhere in memory
        return f"inttoptr (i64 {self._address(op)} to ptr)"

    def _address(self, op: Op) -> int:
        """Of a function of C, or of a long formula."""
        return self.library[op.c_name] if op.c_name else self.functions(op)

    def _check(self, register: int) -> None:
        for number in self.due.get(register, ()):
            relation, left, right, outcome = self.program.guards[number]
            predicate = RELATIONS[relation]
            self.lines += [
                f"  %g{number} = fcmp {predicate if outcome else INVERSE[predicate]} double "
                f"{self._read(left)}, {self._read(right)}",
                f"  br i1 %g{number}, label %ok{number}, label %no{number}",
                f"no{number}:", f"  ret i64 {number}", f"ok{number}:"]
