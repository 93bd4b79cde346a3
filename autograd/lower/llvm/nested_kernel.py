"""A Program with loops and repeats in LLVM's language."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from autograd.lower.llvm.kernel import Kernel
from autograd.lower.llvm.loop_places import Places
from autograd.lower.llvm.loops import NO_MEMORY, Scalars, Speller
from autograd.lower.llvm.placement import Placement
from autograd.lower.llvm.vectors import PAD
from autograd.ops.primitives import Op
from autograd.program.nested import item
from autograd.program.program import Atom, Program


class NestedKernel(Kernel):
    """As Kernel: a loop is a function of its own, and a repeat is machine code that is called by its address.

    width: how many doubles the processor computes at once. lanes: as of Native. The native code of repeats comes first:
    `addresses` is set before `text` is asked for.
    """

    def __init__(self, program: Program, library: Mapping[str, int], functions: Callable[[Op], int],
                 fast: bool, width: int, lanes: Any = None) -> None:
        self.repeats = Placement(program, width, fast, lanes)
        nested = {register for register, (op, _) in enumerate(program.instructions, len(program.inputs)) if op.nested}
        self.elsewhere = nested | self.repeats.items.keys()
        super().__init__(program, library, functions, fast)
        self.loops: dict[Atom, tuple[Any, int]] = {}        # register of a loop -> the loop, and its place in `work`
        self.texts: list[str] = []          # of the functions of loops
        self.tail: list[str] = []           # of a function: where a loop could not go on
        self.speller = Speller(Scalars(library, functions), self.texts)
        self.repeats.move(self.home)
        self.size = len(self.home) + PAD + self.repeats.size      # of `work`, in doubles
        self.addresses: dict[Atom, int] = {}        # of the machine code of repeats
        if self.repeats.begin:
            self.size = self.repeats.write(self.size, library, functions)
            self.texts.append("declare ptr @memmove(ptr, ptr, i64)")

    def _end(self, last: bool) -> None:
        """Write the outputs that are items of repeats, many at once where they stand side by side."""
        if last:
            copies, copied = self.repeats.copies(self.program.outputs)
            for place, x in enumerate(self.program.outputs):
                if x in self.repeats.items and place not in copied:
                    self._store("out", place, self._read(x))
            for place, at, count in copies:
                self._copy(place, at, count)
        self.lines += ["  ret i64 -1", *self.tail, "}"]
        self.tail = []

    def _copy(self, place: int, at: int, count: int) -> None:
        self.fresh += 1
        self.lines += [f"  %s{self.fresh} = getelementptr double, ptr %out, i64 {place}",
                       f"  %f{self.fresh} = getelementptr double, ptr %work, i64 {at}",
                       f"  %m{self.fresh} = call ptr @memmove(ptr %s{self.fresh}, ptr %f{self.fresh}, i64 {8 * count})"]

    def _whole(self, chunks: Sequence[int]) -> Iterator[str]:
        """The function that calls the others. Loops may hold memory, which it releases."""
        yield from self.texts
        lines = super()._whole(chunks)
        yield next(lines)
        release = []
        for _, place in self.loops.values():
            yield from (f"  %a{place} = getelementptr double, ptr %work, i64 {place}",
                        f"  call void @begin(ptr %a{place})")
            release.append(f"  call void @release(ptr %a{place})")
        for line in lines:
            if line.startswith("  ret "):
                yield from release
            yield line

    def _home(self, register: int) -> int:
        return self.repeats.items[register] if register in self.repeats.items else super()._home(register)

    def _instruction(self, register: int) -> None:
        op, args = self.program.instructions[register - self.inputs]
        if register in self.repeats.begin:
            self.lines.append(f"  call void inttoptr (i64 {self.addresses[register]} to ptr)(ptr %in, ptr %work)")
        elif op.nested:
            self._loop(register)
        elif op is item and register not in self.repeats.items:
            self.speller.lines = self.lines
            x = self.speller.item(self.loops[args[0]][0], self._area(args[0]), int(args[1]), args[2], self._read)
            self.lines.append(f"  %r{register} = {x}")
        elif op is not item:        # one of a repeat is read from memory
            super()._instruction(register)

    def _loop(self, register: int) -> None:
        """Call the function of a loop."""
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
        self.tail += [f"short{register}:", f"  ret i64 {NO_MEMORY}", f"lost{register}:",
                      f"  ret i64 {len(self.program.guards)}"]

    def _area(self, loop: Atom) -> str:
        return self.speller.put(f"getelementptr double, ptr %work, i64 {self.loops[loop][1]}")
