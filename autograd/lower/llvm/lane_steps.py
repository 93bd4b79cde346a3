"""A long Program of one row as steps, each of which is run for a block of rows.

Vector code takes LLVM long to compile. Steps need no compiling, and take somewhat longer to run.
"""

from array import array
from collections.abc import Callable, Mapping, Sequence

from autograd.lower.llvm.lane_interpreter import ARITIES, CODES, MOST, ROWS, WORD
from autograd.lower.llvm.lanes import LaneKernel
from autograd.lower.llvm.processor import vector_function
from autograd.lower.llvm.spellings import INVERSE, RELATIONS
from autograd.lower.schedule import due
from autograd.ops.primitives import Op
from autograd.program.program import Atom, Program


class LaneSteps:
    """The steps, and the function @block that runs them; see `Block` in tiles.py.

    In the working memory stand the vectors of registers, each until it is read last. The Program has no constants: what
    all rows share are numbers in `shared`. interpreter: the address of @interpret_rows. The rest: as of a LaneKernel.
    """

    rows, adds, short = ROWS, True, False

    def __init__(self, program: Program, library: Mapping[str, int], functions: Callable[[Op], int], width: int,
                 shared: frozenset[int], summed: frozenset[int], fast: bool, interpreter: int) -> None:
        self.width, self.fast, self.library, self.functions = width, fast, library, functions
        self.interpreter = interpreter
        self.shared = {x: i for i, x in enumerate(sorted(shared))}
        self.columns = [x for x in range(len(program.inputs)) if x not in shared]
        self.summed, self.written = sorted(summed), [x for x in range(len(program.outputs)) if x not in summed]
        self.steps, self.table, self._codes = array("i"), array("q"), dict[Op, tuple[str, int]]()
        self._free, self._slots, self.work = list[int](), dict[Atom, int](), 0
        self._write(program)

    def text(self) -> list[str]:
        """The function @block."""
        steps, table = self.steps.buffer_info()[0], self.table.buffer_info()[0] if self.table else 0
        return [f"define internal {WORD} @block({LaneKernel.parameters}, {WORD} %failed) {{",
                f"  %guards = alloca {WORD}, align 64", f"  store {WORD} %failed, ptr %guards, align 64",
                f"  call void inttoptr (i64 {self.interpreter} to ptr)(ptr %in, ptr %shared, ptr %out, ptr %sums, "
                f"ptr %work, i64 %at, i64 %lanes, ptr %guards, "
                f"ptr inttoptr (i64 {steps} to ptr), i64 {len(self.steps) // 6}, ptr inttoptr (i64 {table} to ptr))",
                f"  %found = load {WORD}, ptr %guards, align 64", f"  ret {WORD} %found", "}"]

    def _write(self, program: Program) -> None:
        inputs, ready = len(program.inputs), due(program)
        stores: dict[Atom, list[tuple[str, int]]] = {}
        for kind, outputs in (("accumulate", self.summed), ("write", self.written)):
            for number, place in enumerate(outputs):
                stores.setdefault(program.outputs[place], []).append((kind, number))
        last: dict[Atom, int] = {}
        for register, (_, args) in enumerate(program.instructions, inputs):
            last.update(dict.fromkeys(args, register))
            for number in ready.get(register, ()):
                last.update(dict.fromkeys(program.guards[number][1:3], register))
        ends: dict[int, list[Atom]] = {}
        for x, register in last.items():
            ends.setdefault(register, []).append(x)

        def check(register: int) -> None:
            for number in ready.get(register, ()):
                relation, left, right, outcome = program.guards[number]
                fails = INVERSE[RELATIONS[relation]] if outcome else RELATIONS[relation]
                self._step(fails, number, (left, right))

        for column, register in enumerate(self.columns):
            self._step("read", column, (), self._slot(register))
        check(inputs - 1)
        for register in range(inputs):
            for kind, number in stores.get(register, ()):
                self._step(kind, number, (register,))
        for register, (op, args) in enumerate(program.instructions, inputs):
            kind, number = self._kind(op, len(args))
            self._step(kind, number, args, self._slot(register))
            check(register)
            for kind, number in stores.get(register, ()):
                self._step(kind, number, (register,))
            for x in [*ends.get(register, ()), *([] if register in last else [register])]:
                if x in self._slots:
                    self._free.append(self._slots.pop(x))

    def _slot(self, register: int) -> int:
        """A free place in the working memory, for the register."""
        if not self._free:
            self._free.append(self.work)
            self.work += 1
        slot = self._slots[register] = self._free.pop()
        return slot

    def _step(self, kind: str, number: int, args: Sequence[Atom], result: int = 0) -> None:
        shared = sum(1 << i for i, x in enumerate(args) if x in self.shared)
        places = [self._slots[x] if x in self._slots else self.shared[int(x)] for x in args]
        self.steps.extend((CODES[kind] + shared, number, *places, *[0] * (MOST - len(places)), result))

    def _kind(self, op: Op, arity: int) -> tuple[str, int]:
        """The kind of step for an op, and the number of its function."""
        if op.name in ARITIES:
            return op.name, 0
        if op not in self._codes:
            several = vector_function(op.c_name, arity, self.width) if self.fast and op.c_name else 0
            self.table.append(several or (self.library[op.c_name] if op.c_name else self.functions(op)))
            self._codes[op] = f"{'vectors' if several else 'call'}{arity}", len(self.table) - 1
        return self._codes[op]
