"""A Repeat in LLVM's language: what depends on no carry is computed for several iterations at once, in vectors.

Each lane of a vector is an iteration, and computes to the bit what it would alone. Carries and sums go through the
lanes in the order of the iterations.
"""

from collections.abc import Callable, Mapping, Sequence

from autograd.lower.llvm.scatter import Scatter, step
from autograd.lower.llvm.split_sums import grown, together, totals
from autograd.lower.llvm.vectors import PAD, Place, Stride, Vectors
from autograd.ops.primitives import Op
from autograd.program.rolled import Repeat

BLOCK = 300         # lines of a block
LARGE = 200         # instructions of a body, from which its code is written once, not once more for what is left
SERIAL = 120        # instructions that depend on a carry, up to which they are written out for each lane



def begins(repeat: Repeat, block: int) -> int:
    """Where a block of the result begins in its memory."""
    return 0 if not block else repeat.carries + (block - 1) * (repeat.count + PAD)


def stride(places: Sequence[Place]) -> Stride | None:
    """The rule that these places follow, if there is one."""
    first = places[0]
    step = places[1].offset - first.offset if len(places) > 1 else 0
    if any(area != first.area for area, _ in places) or any(
            place.offset != first.offset + i * step for i, place in enumerate(places)):
        return None
    return Stride(first, step)


class RepeatText(Vectors):
    """The function of a Repeat: NAME(in, work).

    results: where the results begin in `work`. constants: the address of that area.
    """

    def __init__(self, name: str, repeat: Repeat, carries: Sequence[Place], columns: Sequence[Stride], results: int,
                 width: int, constants: int, library: Mapping[str, int], functions: Callable[[Op], int],
                 fast: bool = False) -> None:
        super().__init__(repeat, columns, library, functions, fast)
        self.totals = totals(repeat, self.serial) if fast else {}
        self.name, self.carries, self.results, self.constants = name, carries, results, constants
        heavy = sum(x >= self.inputs for x in self.serial) > SERIAL
        self.width = 1 if heavy or repeat.count < width else width

    def text(self, before: Sequence[str]) -> list[str]:
        """Its lines; before: those that bring columns and cells to their places."""
        count, lines = self.repeat.count, self.lines
        lines += [f"define void @{self.name}(ptr %in, ptr %work) {{", "entry:",
                  f"  %constants = inttoptr i64 {self.constants} to ptr", *before]
        for i, own in enumerate(self.repeat.spread, self.repeat.carries):
            if not own:
                self.known[i, 0] = self.load(self.at(self.columns[i - self.repeat.carries].start, None))
        for register, (op, args) in enumerate(self.body.instructions, self.inputs):
            if register not in self.varies:
                self.known[register, 0] = self.scalar(op, [self.one(x, 0) for x in args])
        carries = [self.load(self.at(place, None)) for place in self.carries]
        invariants = dict(self.known)
        done, label = 0, "entry"
        if self._large():
            carries, label = self._iterations(self.width, 0, count, carries, label, masked=True)
            done = count
        for width in (self.width, 1) if self.width > 1 else (1,):
            whole = (count - done) // width * width
            if whole:
                self.known = dict(invariants)
                carries, label = self._iterations(width, done, done + whole, carries, label)
                done += whole
        for i, x in enumerate(carries):
            self.store(Place("work", self.results + i), None, x)
        lines += ["  ret void", "}"]
        return lines

    def _large(self) -> bool:
        """Whether the last iterations are some lanes of a whole vector, as the code is long."""
        return self.width > 1 and bool(self.repeat.count % self.width) and len(self.body.instructions) > LARGE and all(
            step(table) in (0, 1, -1, None) for table in self.repeat.tables)

    def _iterations(self, width: int, start: int, stop: int, carries: list[str], label: str,
                    masked: bool = False) -> tuple[list[str], str]:
        """The iterations from ``start`` to ``stop``, so many at once; the carries behind them, and the block.

        masked: some lanes of the last vector have no iteration.
        """
        repeat, before = self.repeat, len(self.lines)
        self.begin(width, f"%i{width}", masked)
        inside = [f"%c{width}_{i}" for i in range(repeat.carries)]
        sums = self.totals if width > 1 else {}
        if masked:
            self.find_mask(stop)
        self._vectors()
        now = inside
        for lane in range(width):
            following = self._lane(lane, now)
            now = [old if i in sums else self.new(f"select i1 {self.there[lane]}, double {new}, double {old}")
                   for i, (old, new) in enumerate(zip(now, following, strict=True))] if masked else following
        for i, total in sums.items():
            now[i] = grown(self, total, inside[i])
        outputs = repeat.body.outputs[repeat.carries:]
        for which, x in enumerate(outputs[:repeat.stacks]):
            place = Place("work", self.results + begins(repeat, 1 + which))
            if width > 1 and (x.__class__ is float or x not in self.serial):
                self.store(place, 0, self.wide(x), f"<{width} x double>")
            else:
                for lane in range(width):
                    self.store(place, lane, self.one(x, lane))
        if repeat.tables:
            cells = self.results + begins(repeat, 1 + repeat.stacks)
            Scatter(self, outputs[repeat.stacks:], cells).write()
        body, self.lines[before:] = self.lines[before:], []
        n, body, last_block = width, *_in_blocks(body, f"body{width}")
        self.before += [f"  %first{n}_{i} = insertelement <{n} x double> splat (double -0.0), double {carries[i]}, "
                        "i32 0" for i in sums]
        self.lines += [*self.before, f"  br label %head{n}", f"head{n}:",
                       f"  {self.index} = phi i64 [ {start}, %{label} ], [ %next{n}, %{last_block} ]"]
        for i, (name, first, last) in enumerate(zip(inside, carries, now, strict=True)):
            kind = "double" if i not in sums else f"<{n} x double>"
            first = first if i not in sums else f"%first{n}_{i}"
            self.lines.append(f"  {name} = phi {kind} [ {first}, %{label} ], [ {last}, %{last_block} ]")
        for name, last, _ in self.split:
            self.lines.append(f"  {name} = phi <{n} x double> [ splat (double -0.0), %{label} ], "
                              f"[ {last}, %{last_block} ]")
        self.lines += [f"  %more{n} = icmp slt i64 {self.index}, {stop}",
                       f"  br i1 %more{n}, label %body{n}, label %end{n}", f"body{n}:", *body,
                       f"  %next{n} = add i64 {self.index}, {n}", f"  br label %head{n}", f"end{n}:"]
        for name, _, cell in self.split:
            at = self.at(cell, None)
            summed = self.new(f"fadd double {self.load(at)}, {together(self, name)}")
            self.lines.append(f"  store double {summed}, ptr {at}")
        return [together(self, x) if i in sums else x for i, x in enumerate(inside)], f"end{n}"

    def _vectors(self) -> None:
        """Compute what depends on no carry, in vectors; alone, it is computed with the rest."""
        if self.lane == 1:
            return
        for register, (op, args) in enumerate(self.body.instructions, self.inputs):
            if register in self.varies and register not in self.serial:
                self.known[register] = self.vector(op, args)

    def _lane(self, lane: int, carries: list[str]) -> list[str]:
        """Compute the rest of one iteration; the next carries."""
        alone = self.lane == 1
        apart = set().union(*[total.registers for total in self.totals.values()]) if not alone else ()
        for i, x in enumerate(carries):
            self.known[i, lane] = x
        for register, (op, args) in enumerate(self.body.instructions, self.inputs):
            if register in apart:
                continue
            if register in self.serial or (alone and register in self.varies):
                self.known[register, lane] = self.scalar(op, [self.one(x, lane) for x in args])
        return [carries[i] if i in self.totals and not alone else self.one(x, lane)
                for i, x in enumerate(self.repeat.body.outputs[:self.repeat.carries])]


def _in_blocks(lines: Sequence[str], name: str) -> tuple[list[str], str]:
    """The lines with a new block after each BLOCK of them, and the last one's name: LLVM is slow with long blocks."""
    found = [*lines[:BLOCK]]
    for start in range(BLOCK, len(lines), BLOCK):
        found += [f"  br label %{name}_{start}", f"{name}_{start}:", *lines[start:start + BLOCK]]
        last = f"{name}_{start}"
    return found, last if len(lines) > BLOCK else name
