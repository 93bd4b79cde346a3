"""A Program of one row in LLVM's language, for several rows at once: each register is a vector, of a number per row."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache

from autograd.lower.llvm.kernel import Kernel
from autograd.lower.llvm.processor import vector_function
from autograd.lower.llvm.spellings import INVERSE, RELATIONS, SIGN, SPELLINGS, constant, spelled
from autograd.ops.primitives import Op, parameters
from autograd.program.calls import called
from autograd.program.program import Instruction, Program
from autograd.program.simplification import expand

INTRINSICS = {"sqrt": "sqrt", "floor": "floor", "ceil": "ceil", "trunc": "trunc", "round": "rint"}      # by ops' names
CHUNK = 500         # instructions per function
# The vector instructions that take as long as a function of C called for each row, and as a long formula.
C_CALL, FORMULA_CALL = 40, 100


@cache
def calls_for_rows(op: Op) -> bool:
    """Whether a long formula is called for each row: in vectors all its arms would take longer."""
    if not called(op):
        return False
    operands = tuple(range(op.arity or 0))
    arms = expand(Program(op.name, parameters(len(operands)), (Instruction(op, operands),), (len(operands),)))
    functions = [x for x, _ in arms.instructions if x.c_name and x.name not in SPELLINGS and x.name not in INTRINSICS]
    return len(arms.instructions) + C_CALL * len(functions) > FORMULA_CALL


def splat(width: int, kind: str, x: object) -> str:
    """A constant, the same for all rows."""
    return f"<{', '.join([f'{kind} {x}'] * width)}>"


def live(name: str, width: int, first: int) -> str:
    """The lines of %name: which of the rows from ``first`` on are among the first %lanes rows."""
    words = f"<{width} x i64>"
    numbered = ", ".join(f"i64 {i}" for i in range(first, first + width))
    return f"""  %{name}_one = insertelement {words} undef, i64 %lanes, i32 0
  %{name}_all = shufflevector {words} %{name}_one, {words} undef, <{width} x i32> zeroinitializer
  %{name} = icmp slt {words} <{numbered}>, %{name}_all"""


class Rows:
    """How the numbers of ``width`` rows are written, as vectors. library, functions, fast: as of a Kernel."""

    def __init__(self, width: int, library: Mapping[str, int], functions: Callable[[Op], int], fast: bool) -> None:
        self.width, self.library, self.functions, self.fast = width, library, functions, fast
        self.number, self.truth, self.words = f"<{width} x double>", f"<{width} x i1>", f"<{width} x i64>"
        self.aligned, self.size = ", align 8", 8 * width
        # else vectors that are kept during a call would lie across two lines of the cache
        self.attributes = f"alignstack({max(16, 8 * width)}) "
        self.exact, self.fused = (
            spelled(self.number, self.words, splat(width, "i64", ~SIGN), splat(width, "double", "-0.0"), flag) | {
                op: f"  %r{{0}} = call {self.number} @llvm.{name}.v{width}f64({self.number} {{1}})"
                for op, name in INTRINSICS.items()} for flag in ("", " contract"))
        self.pairs = "sincos" in library and not (fast and vector_function("sin", 1, width))
        self.called: dict[str, list[str]] = {}      # the functions that call C's for each row, and their lines
        self.places: dict[object, object] = {}      # where the numbers of loops stand

    def literal(self, x: float) -> str:
        """A constant, the same for all rows."""
        return splat(self.width, "double", constant(x))

    def function(self, op: Op, arity: int) -> str:
        """What calls a function of C, or a long formula, for all rows."""
        several = vector_function(op.c_name, arity, self.width) if op.c_name and self.fast else 0
        if several:
            return f"inttoptr (i64 {several} to ptr)"
        # no address: the text is that of the code's entry on the disk
        name = f"@each_c_{op.c_name}" if op.c_name else f"@each_formula_{op.key}"
        if name not in self.called:
            address = self.library[op.c_name] if op.c_name else self.functions(op)
            self.called[name] = [*self._per_row(name, f"inttoptr (i64 {address} to ptr)", arity)]
        return name

    def sincos(self) -> str:
        """What calls C's function of sine and cosine for all rows."""
        name = "@each_sincos"
        if name not in self.called:
            lines = [f"define internal void {name}({self.number} %x, ptr %sine, ptr %cosine) {self.attributes}{{"]
            for i in range(self.width):
                lines += [f"  %x{i} = extractelement {self.number} %x, i32 {i}",
                          *(f"  %{to}{i} = getelementptr double, ptr %{to}, i64 {i}" for to in ("sine", "cosine")),
                          f"  call void inttoptr (i64 {self.library['sincos']} to ptr)(double %x{i}, ptr %sine{i}, "
                          f"ptr %cosine{i})"]
            self.called[name] = [*lines, "  ret void", "}"]
        return name

    def _per_row(self, name: str, function: str, arity: int) -> Iterator[str]:
        """A function that calls one of numbers, for each row."""
        operands = ", ".join(f"{self.number} %x{j}" for j in range(arity))
        yield f"define internal {self.number} {name}({operands}) {self.attributes}{{"
        found = "undef"
        for i in range(self.width):
            for j in range(arity):
                yield f"  %x{j}_{i} = extractelement {self.number} %x{j}, i32 {i}"
            listed = ", ".join(f"double %x{j}_{i}" for j in range(arity))
            yield from (f"  %y{i} = call double {function}({listed})",
                        f"  %z{i} = insertelement {self.number} {found}, double %y{i}, i32 {i}")
            found = f"%z{i}"
        yield from (f"  ret {self.number} {found}", "}")


class LaneKernel(Kernel):
    """The Program as functions of ``width`` rows, those from number ``at`` on in each column; of these ``lanes`` count.

    in, out: the addresses of the columns of the inputs that rows have of their own, and of the outputs. shared: the
    numbers of the other inputs. sums: vectors, one for each summed output, into which that is written, or to which fast
    code adds it. The functions take and return, for each row, -1 or the number of the first guard that failed.
    """

    name, chunk, fast_chunk = "block", CHUNK, CHUNK
    parameters = "ptr %in, ptr %shared, ptr %out, ptr %sums, ptr %work, i64 %at, i64 %lanes"
    adds = short = False

    def __init__(self, program: Program, library: Mapping[str, int], functions: Callable[[Op], int], width: int,
                 shared: frozenset[int], summed: frozenset[int], fast: bool) -> None:
        self.width = self.rows = width
        self.form = form = Rows(width, library, functions, fast)
        self.number, self.truth, self.words = form.number, form.truth, form.words
        self.exact, self.fused = form.exact, form.fused
        self.status = self.words
        self.parameters = f"{self.parameters}, {self.words} %failed"
        self.shared = {x: i for i, x in enumerate(sorted(shared))}
        self.columns = [x for x in range(len(program.inputs)) if x not in shared]
        self.summed, self.written = sorted(summed), [x for x in range(len(program.outputs)) if x not in summed]
        self._column = {x: i for i, x in enumerate(self.columns)}
        self._place = {x: ("sums", i) for i, x in enumerate(self.summed)} | {
            x: ("out", i) for i, x in enumerate(self.written)}
        self.passed = "%failed"
        super().__init__(program, library, functions, fast)

    @property
    def work(self) -> int:
        """How many vectors of working memory it needs."""
        return len(self.home)

    def text(self) -> list[str]:
        """The functions @block_0, @block_1, ..., and @block, which calls them."""
        lines, own = super().text(), f"v{self.width}f64({self.number})"
        return [*(f"declare {self.number} @llvm.{name}.{own}" for name in INTRINSICS.values()),
                *(line for written in self.form.called.values() for line in written), *lines]

    def _begin(self, chunk: int) -> None:
        self.passed = "%failed"
        self.lines.append(f"define internal {self.words} @block_{chunk}({self.parameters}) {self.form.attributes}{{")

    def _whole(self, chunks: Sequence[int]) -> Iterator[str]:
        yield f"define internal {self.words} @block({self.parameters}) {{"
        last = "%failed"
        for i in chunks:
            passed = self.parameters.replace("%failed", last)
            yield f"  %g{i} = call {self.words} @block_{i}({passed})"
            last = f"%g{i}"
        yield from (f"  ret {self.words} {last}", "}")

    def _literal(self, x: float) -> str:
        return self.form.literal(x)

    def _read(self, atom: int | float) -> str:
        if atom.__class__ is not int or atom not in self.shared:
            return super()._read(atom)
        self.fresh += 1     # read anew each time: a processor's instruction may read it itself
        n = self.fresh
        self.lines += [f"  %sp{n} = getelementptr double, ptr %shared, i64 {self.shared[atom]}",
                       f"  %sd{n} = load double, ptr %sp{n}",
                       f"  %sv{n} = insertelement {self.number} undef, double %sd{n}, i32 0",
                       f"  %ss{n} = shufflevector {self.number} %sv{n}, {self.number} undef, "
                       f"<{self.width} x i32> zeroinitializer"]
        return f"%ss{n}"

    def _load(self, register: int) -> None:
        if register < self.inputs:
            self.lines += [f"  %c{register} = getelementptr ptr, ptr %in, i64 {self._column[register]}",
                           f"  %d{register} = load ptr, ptr %c{register}",
                           f"  %p{register} = getelementptr double, ptr %d{register}, i64 %at"]
        else:
            self.lines.append(f"  %p{register} = getelementptr {self.number}, ptr %work, i64 {self.home[register]}")
        self.lines.append(f"  %r{register} = load {self.number}, ptr %p{register}, align 8")

    def _store(self, area: str, place: int, value: str) -> None:
        self.fresh += 1
        n = self.fresh
        if area == "out":
            area, place = self._place[place]
        if area == "out":
            self.lines += [f"  %sp{n} = getelementptr ptr, ptr %out, i64 {place}", f"  %sq{n} = load ptr, ptr %sp{n}",
                           f"  %s{n} = getelementptr double, ptr %sq{n}, i64 %at"]
        else:
            self.lines.append(f"  %s{n} = getelementptr {self.number}, ptr %{area}, i64 {place}")
            if area == "sums" and self.fast:
                self.lines += [f"  %sl{n} = load {self.number}, ptr %s{n}, align 8",
                               f"  %sa{n} = fadd contract {self.number} %sl{n}, {value}"]
                value = f"%sa{n}"
        self.lines.append(f"  store {self.number} {value}, ptr %s{n}, align 8")

    def _check(self, register: int) -> None:
        for number in self.due.get(register, ()):
            relation, left, right, outcome = self.program.guards[number]
            fails = INVERSE[RELATIONS[relation]] if outcome else RELATIONS[relation]
            self.lines.append(f"  %gc{number} = fcmp {fails} {self.number} {self._read(left)}, {self._read(right)}")
            self._fail(f"%gc{number}", number, f"{number}")

    def _fail(self, fails: str, guard: int, name: str) -> None:
        """Note the guard for the rows where it fails, and none failed before."""
        self.lines += [
            f"  %gf{name} = icmp eq {self.words} {self.passed}, {splat(self.width, 'i64', -1)}",
            f"  %gb{name} = and {self.truth} {fails}, %gf{name}",
            f"  %gn{name} = select {self.truth} %gb{name}, {self.words} {splat(self.width, 'i64', guard)}, "
            f"{self.words} {self.passed}"]
        self.passed = f"%gn{name}"

    def _function(self, op: Op, arity: int) -> str:
        return self.form.function(op, arity)
