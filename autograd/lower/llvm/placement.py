"""Where a Program's repeats read and leave their numbers: inputs, working memory, and tables beside the code."""

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from autograd.lower.llvm.laned_repeats import ADDRESSES, READ_WORD, LanedRepeat, fits_lanes, word
from autograd.lower.llvm.repeats import RepeatText, begins, stride
from autograd.lower.llvm.vectors import PAD, Place, Stride
from autograd.lower.schedule import deciding
from autograd.ops.primitives import Op
from autograd.program.nested import item
from autograd.program.program import Atom, Program
from autograd.program.rolled import Repeat

# gather(...): the numbers that a table lists, one after the other
GATHER = f"""define internal void @gather(ptr %in, ptr %work, ptr %constants, ptr %table, i64 %n, ptr %to) {{
entry:
  br label %one
one:
  %i = phi i64 [ 0, %entry ], [ %next, %one ]
{READ_WORD}
  %x = load double, ptr %p
  %q = getelementptr double, ptr %to, i64 %i
  store double %x, ptr %q
  %next = add i64 %i, 1
  %more = icmp slt i64 %next, %n
  br i1 %more, label %one, label %end
end:
  ret void
}}"""
# blank(...): cells without a number
BLANK = """define internal void @blank(ptr %to, i64 %n) {
entry:
  br label %one
one:
  %i = phi i64 [ 0, %entry ], [ %next, %one ]
  %q = getelementptr double, ptr %to, i64 %i
  store <4 x double> splat (double -0.0), ptr %q, align 8
  %next = add i64 %i, 4
  %more = icmp slt i64 %next, %n
  br i1 %more, label %one, label %end
end:
  ret void
}"""


def repeats_text(lines: Sequence[str], width: int) -> str:
    """The module of the functions of repeats."""
    vector = f"<{width} x double>"
    text = "\n".join(["declare double @llvm.sqrt.f64(double)", f"declare {vector} @llvm.sqrt.v{width}f64({vector})",
                      *lines])
    # each takes LLVM 1 ms, called or not
    called = [helper for name, helper in (("gather", GATHER), ("blank", BLANK), ("addresses", ADDRESSES))
              if f"@{name}(" in text]
    return "\n".join([text, *called])


class Placement:
    """The repeats of a Program, in vectors of ``width`` doubles; size: what their results take of the memory.

    lanes: as of Native.
    """

    def __init__(self, program: Program, width: int, fast: bool, lanes: Any) -> None:
        self.program, self.inputs, self.width = program, len(program.inputs), width
        self.fast, self._lanes = fast, lanes
        self.held: list[Any] = []               # machine code that is called
        self.home: dict[int, int] = {}          # the places of other registers in the working memory
        self.constants = array("d")
        self.tables: list[array[int]] = []
        self.lines: list[str] = []              # of the functions of all repeats
        self._known: dict[str, int] = {}
        self.begin: dict[Atom, int] = {}        # register of a repeat -> where its result begins
        self.items: dict[Atom, int] = {}        # register of an item of them -> its place in the working memory
        self.size = 0                           # of all results
        nested: dict[Atom, Repeat] = {}
        for register, (op, args) in enumerate(program.instructions, self.inputs):
            if isinstance(op.nested, Repeat):
                nested[register], self.begin[register] = op.nested, self.size
                self.size += begins(op.nested, 1 + op.nested.stacks) + op.nested.cells + PAD
            elif op is item and args[0] in nested:
                self.items[register] = self.begin[args[0]] + begins(nested[args[0]], int(args[1])) + int(args[2])

    def move(self, home: dict[int, int]) -> None:
        """Let all results begin behind the other registers, whose places these are."""
        self.home, by = home, len(home) + PAD
        self.begin = {register: place + by for register, place in self.begin.items()}
        self.items = {register: place + by for register, place in self.items.items()}

    def _at(self, x: Atom) -> Place:
        if x.__class__ is int:
            return Place("in", int(x)) if x < self.inputs else Place(
                "work", self.items[x] if x in self.items else self.home[int(x)])
        text = repr(x)
        if text not in self._known:
            self._known[text] = len(self.constants)
            self.constants.append(x)
        return Place("constants", self._known[text])

    def _of_inputs(self, atoms: Sequence[Any]) -> Stride | None:
        """The rule of a column of inputs at equal distances; a quick look at what there is mostly."""
        first, step = atoms[0], atoms[1] - atoms[0] if len(atoms) > 1 else 0
        if max(first, atoms[-1]) < self.inputs and step and tuple(atoms) == tuple(
                range(first, first + step * len(atoms), step)):
            return Stride(Place("in", first), step)
        return None

    def write(self, size: int, library: Mapping[str, int], functions: Callable[[Op], int]) -> int:
        """Write the functions of all repeats; the working memory, of which ``size`` is taken."""
        parts, exact = [], deciding(self.program) if self.fast else set[int]()
        for register in self.begin:
            op, args = self.program.instructions[int(register) - self.inputs]
            repeat: Any = op.nested
            columns, staged = [], []
            for start, own in zip(repeat.starts, repeat.spread, strict=False):
                column, atoms = None, args[start:start + (repeat.count if own else 1)]
                if float in map(type, atoms):       # a column of its own, as equal constants have one place
                    first = len(self.constants)
                    if int not in map(type, atoms):
                        self.constants.extend(atoms)
                        column = Stride(Place("constants", first), 1)
                else:
                    column = self._of_inputs(atoms) or stride([*map(self._at, atoms)])
                if column is None:
                    staged.append((self._table(atoms), len(atoms), size))
                    column = Stride(Place("work", size), 1)
                    size += len(atoms) + PAD
                columns.append(column)
            cells = args[repeat.starts[-1]:]
            begin = self.begin[register] + begins(repeat, 1 + repeat.stacks)
            blank = all(x.__class__ is float and repr(x) == "-0.0" for x in cells)
            if cells and not blank:
                staged.append((self._table(cells), len(cells), begin))
            parts.append((register, repeat, [*map(self._at, args[:repeat.carries])], columns, staged,
                          (begin, len(cells)) if cells and blank else None))
        self.constants.extend([0.0] * PAD)
        address = self.constants.buffer_info()[0]
        for register, repeat, carries, columns, staged, blank_cells in parts:
            before, fast = [*self._staging(staged, blank_cells)], self.fast and register not in exact
            if self._lanes and fits_lanes(repeat, self.width):
                laned = LanedRepeat(f"repeat{register}", repeat, columns, self.begin[register], address)
                size = laned.place(size, self._lanes, self.width, fast)
                self.lines += laned.text(before)
                self.held.append(laned)
                continue
            text = RepeatText(f"repeat{register}", repeat, carries, columns, self.begin[register], self.width, address,
                              library, functions, fast)
            self.lines += text.text(before)
            self.tables += text.tables
        return size

    def _table(self, atoms: Sequence[Atom]) -> int:
        """The address of a table of these atoms."""
        self.tables.append(array("q", [word(self._at(x)) for x in atoms]))
        return self.tables[-1].buffer_info()[0]

    def _staging(self, staged: Sequence[tuple[int, int, int]], blank: tuple[int, int] | None) -> Iterator[str]:
        for i, (table, count, to) in enumerate(staged):
            yield f"  %staged{i} = getelementptr double, ptr %work, i64 {to}"
            yield f"  call void @gather(ptr %in, ptr %work, ptr %constants, ptr inttoptr (i64 {table} to ptr), " \
                  f"i64 {count}, ptr %staged{i})"
        if blank:
            yield f"  %blank = getelementptr double, ptr %work, i64 {blank[0]}"
            yield f"  call void @blank(ptr %blank, i64 {blank[1]})"

    def copies(self, outputs: Sequence[Atom]) -> tuple[list[tuple[int, int, int]], set[int]]:
        """Outputs that stand side by side in the working memory: their first place, where that is, and how many.

        And the places of all of them.
        """
        found, done, place = [], set[int](), 0
        while place < len(outputs):
            start, at = place, self.items.get(outputs[place], -1)
            while at >= 0 and place < len(outputs) and outputs[place].__class__ is int and (
                    self.items.get(outputs[place]) == at + place - start):
                place += 1
            if place - start > 3:
                found.append((start, at, place - start))
                done.update(range(start, place))
            place = max(place, start + 1)
        return found, done
