"""A Program of one row with loops in LLVM's language, for several rows at once."""

from collections.abc import Callable, Mapping
from typing import Any

from autograd.lower.llvm.lane_loops import RowSpeller
from autograd.lower.llvm.lanes import LaneKernel, splat
from autograd.lower.llvm.loop_texts import COPY, FILL
from autograd.ops.primitives import Op
from autograd.program.nested import can_fail, item
from autograd.program.program import Atom, Instruction, Program


class NestedLanes(LaneKernel):
    """As LaneKernel: a loop is a function of its own, whose area is in the working memory."""

    def __init__(self, program: Program, library: Mapping[str, int], functions: Callable[[Op], int], width: int,
                 shared: frozenset[int], summed: frozenset[int], fast: bool) -> None:
        self.elsewhere = {register for register, (op, _) in enumerate(program.instructions, len(program.inputs))
                          if op.nested}
        super().__init__(program, library, functions, width, shared, summed, fast)
        self.loops: dict[Atom, tuple[Any, int]] = {}        # register of a loop -> the loop, and its place in `work`
        self.texts: list[str] = []          # of the functions of loops
        self.speller = RowSpeller(self.form, self.texts)
        self.speller.columns, self.speller.shared = self._column, self.shared
        self.size = len(self.home)          # of `work`, in vectors

    @property
    def work(self) -> int:
        """How many vectors of working memory it needs."""
        return self.size

    def text(self) -> list[str]:
        """See `LaneKernel`."""
        lines, how = super().text(), {"number": self.number, "width": self.width}
        blank, full = (splat(self.width, "double", x) for x in ("-0.0", "1.0"))
        return [COPY.format(blank=blank, full=full, **how), FILL.format(**how), *self.texts, *lines]

    def _instruction(self, register: int) -> None:
        op, args = self.program.instructions[register - self.inputs]
        if op.nested:
            self._loop(register, args)
        elif op is item:
            self.speller.lines = self.lines
            at = self.speller.place_of(self.loops[args[0]][0], self._area(args[0]), int(args[1]), args[2], self._read)
            self.lines.append(f"  %r{register} = load {self.number}, ptr {at}")
        else:
            super()._instruction(register)

    def _loop(self, register: int, args: tuple[Atom, ...]) -> None:
        """Call the function of a loop."""
        loop: Any = self.program.instructions[register - self.inputs].op.nested
        speller = self.speller
        speller.lines, speller.strict = self.lines, register in self.deciding
        others: dict[Atom, tuple[Any, str]] = {
            x: (self.loops[x][0], self._area(x)) for x in args if x.__class__ is int and x in self.loops}
        self.loops[register] = loop, self.size
        self.size += speller.placed(loop).size
        held = speller.call(loop, self._area(register), args, self._read, others, "")
        if can_fail(Program("", self.program.inputs, (Instruction(loop.op, args),), ())):
            fails = speller.put(f"xor {self.truth} {held}, {splat(self.width, 'i1', 1)}")
            self._fail(fails, len(self.program.guards), f"loop{register}")

    def _area(self, loop: Atom) -> str:
        return self.speller.at("%work", self.loops[loop][1])
