"""A Program of one row with loops in LLVM's language, for several rows at once."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from autograd.lower.llvm.lane_loops import FILLED, RowSpeller
from autograd.lower.llvm.lanes import LaneKernel, splat
from autograd.lower.llvm.loop_texts import FILL, GIVE, SPREAD, helpers
from autograd.lower.llvm.loops import NO_MEMORY
from autograd.ops.primitives import Op
from autograd.program.nested import item, lacks_way
from autograd.program.program import Atom, Program


class NestedLanes(LaneKernel):
    """As LaneKernel: a loop is a function of its own, whose area is in the working memory."""

    short = True

    def __init__(self, program: Program, library: Mapping[str, int], functions: Callable[[Op], int], width: int,
                 shared: frozenset[int], summed: frozenset[int], fast: bool, memory: Sequence[int]) -> None:
        """memory: as of `helpers` of loop_texts.py."""
        self.elsewhere = {register for register, (op, _) in enumerate(program.instructions, len(program.inputs))
                          if op.nested}
        super().__init__(program, library, functions, width, shared, summed, fast)
        self.loops: dict[Atom, tuple[Any, int]] = {}        # register of a loop -> the loop, and its place in `work`
        self.texts: list[str] = []          # of the functions of loops
        self.speller = RowSpeller(self.form, self.texts)
        self.speller.columns, self.speller.shared = self._column, self.shared
        self.size = len(self.home)          # of `work`, in vectors
        self.memory = memory
        self.grown: list[int] = []          # the areas that hold memory, places in `work`
        self.given = {run[0][1]: run for run in self._runs()}       # outputs that a loop writes, by the first register
        self.in_runs: dict[Atom, int] = {register: output for run in self.given.values() for output, register in run}
        self.tail: list[str] = []           # of a function: where a loop gets no memory

    @property
    def work(self) -> int:
        """How many vectors of working memory it needs."""
        return self.size

    def text(self) -> list[str]:
        """See `LaneKernel`."""
        lines = super().text()
        blank, full = (splat(self.width, "double", x) for x in ("-0.0", "1.0"))
        return [*helpers(self.memory, self.number, blank, full), FILL.format(number=self.number, width=self.width),
                SPREAD.format(number=self.number, width=self.width), GIVE.format(number=self.number),
                f"declare i64 @llvm.vector.reduce.smax.v{self.width}i64({self.words})", *self.texts, *lines]

    def _end(self, last: bool) -> None:
        self.lines += [f"  ret {self.status} {self.passed}", *self.tail, "}"]
        self.tail = []

    def _whole(self, chunks: Sequence[int]) -> Iterator[str]:
        """The function that calls the others. Areas may hold memory, which it releases."""
        release = [f"  call void @release(ptr %a{place})" for place in self.grown]
        for line in super()._whole(chunks):
            yield from release if line.startswith("  ret ") else ()
            yield line
            if line.startswith("define"):
                for place in self.grown:
                    yield from (f"  %a{place} = getelementptr {self.number}, ptr %work, i64 {place}",
                                f"  call void @begin(ptr %a{place})")
            elif " = call " in line:
                i = line.split()[0][2:]
                yield from (f"  %w{i} = extractelement {self.words} %g{i}, i32 0",
                            f"  %s{i} = icmp eq i64 %w{i}, {NO_MEMORY}",
                            f"  br i1 %s{i}, label %short, label %go{i}", f"go{i}:")
            elif line.startswith("  ret "):
                yield from ("short:", *release, f"  ret {self.words} {splat(self.width, 'i64', NO_MEMORY)}")

    def _instruction(self, register: int) -> None:
        op, args = self.program.instructions[register - self.inputs]
        if op.nested:
            self._loop(register, args)
        elif op is item:
            self.speller.lines = self.lines
            if register in self.in_runs:
                self._give(self.given.get(register, ()))
                return
            x = self.speller.item(self.loops[args[0]][0], self._area(args[0]), int(args[1]), args[2], self._read)
            self.lines.append(f"  %r{register} = {x}")
        else:
            super()._instruction(register)

    def _store(self, area: str, place: int, value: str) -> None:
        if area != "out" or self.in_runs.get(self.program.outputs[place]) != place:
            super()._store(area, place, value)

    def _runs(self) -> Iterator[list[tuple[int, int]]]:
        """Outputs, with their registers, that are numbers of a loop at a constant distance, and nothing else."""
        program, first = self.program, len(self.program.inputs)
        uses: Counter[Atom] = Counter(x for op, args in program.instructions for x in args if x.__class__ is int)
        uses.update(x for x in program.outputs if x.__class__ is int)
        uses.update(x for guard in program.guards for x in guard[1:3] if x.__class__ is int)
        run: list[tuple[int, int]] = []
        known: list[tuple[Atom, ...]] = []
        for output in [*self.written, -1]:
            x = program.outputs[output] if output >= 0 else 0.0
            op, args = program.instructions[x - first] if x.__class__ is int and x >= first else (None, ())
            fits = op is item and uses[x] == 1 and args[1].__class__ is args[2].__class__ is float and args[1] >= 0
            if run and not (fits and args[:2] == known[0][:2] and (
                    len(run) == 1 or args[2] - known[-1][2] == known[1][2] - known[0][2])):
                if len(run) >= FILLED:
                    yield run
                run, known = [], []
            if fits:
                run.append((output, int(x)))
                known.append(args)

    def _give(self, run: Sequence[tuple[int, int]]) -> None:
        """Write numbers of a loop to their columns, in a loop."""
        if not run:
            return
        (loop, block, first), (_, _, second) = [self.program.instructions[register - self.inputs].args
                                                for _, register in run[:2]]
        known, speller = self.loops[loop][0], self.speller
        places = speller.placed(known)
        start = speller.place_of(known, self._area(loop), int(block), first, self._read)
        step = int(second - first) * (1 if block in places.cells else places.width)
        out = speller.put(f"getelementptr ptr, ptr %out, i64 {self._place[run[0][0]][1]}")
        self.lines.append(f"  call void @give(ptr {start}, i64 {step}, ptr {out}, i64 %at, i64 {len(run)})")

    def _loop(self, register: int, args: tuple[Atom, ...]) -> None:
        """Call the function of a loop."""
        loop: Any = self.program.instructions[register - self.inputs].op.nested
        speller = self.speller
        speller.lines, speller.strict = self.lines, register in self.deciding
        others: dict[Atom, tuple[Any, str]] = {
            x: (self.loops[x][0], self._area(x)) for x in args if x.__class__ is int and x in self.loops}
        self.loops[register] = loop, self.size
        places = speller.placed(loop)
        self.grown += [self.size + place for place in places.grown]
        self.size += places.size
        speller.alive = speller.put(f"icmp eq {self.words} {self.passed}, {splat(self.width, 'i64', -1)}")
        held = speller.call(loop, self._area(register), args, self._read, others, f"short{register}")
        self.tail += [f"short{register}:", f"  ret {self.words} {splat(self.width, 'i64', NO_MEMORY)}"]
        if any(map(lacks_way, (loop.forward, loop.back) if hasattr(loop, "forward") else (loop,))):
            fails = speller.put(f"xor {self.truth} {held}, {splat(self.width, 'i1', 1)}")
            self._fail(fails, len(self.program.guards), f"loop{register}")

    def _area(self, loop: Atom) -> str:
        return self.speller.at("%work", self.loops[loop][1])
