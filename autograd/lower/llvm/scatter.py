"""Numbers that a Repeat adds to cells, in LLVM's language: each cell gets them in the order of the iterations."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from autograd.lower.llvm.split_sums import MOST, Split
from autograd.program.program import Atom


class Add(NamedTuple):
    """A number that each iteration adds to a cell."""

    x: Atom
    table: Sequence[int]
    step: int | None        # from an iteration's cell to the next one's; None without a rule

    @property
    def low(self) -> int:
        """The first cell."""
        return min(self.table[0], self.table[-1]) if self.step is not None else min(self.table)

    @property
    def high(self) -> int:
        """The last cell."""
        return max(self.table[0], self.table[-1]) if self.step is not None else max(self.table)


def together(adds: Sequence[Add]) -> Iterator[list[Add]]:
    """The adds in groups that have no cell in common; in each in their order."""
    order = sorted(range(len(adds)), key=lambda i: adds[i].low)
    group: list[int] = []
    high = -1
    for i in order:
        if group and adds[i].low > high:
            yield [adds[j] for j in sorted(group)]
            group = []
        group.append(i)
        high = max(high, adds[i].high)
    if group:
        yield [adds[j] for j in sorted(group)]


def step(table: Sequence[int]) -> int | None:
    """The distance between one iteration's cell and the next one's, if it is always the same."""
    if isinstance(table, range):
        return table.step
    by = table[1] - table[0] if len(table) > 1 else 0
    if by == 0:
        return 0 if table.count(table[0]) == len(table) else None
    return by if tuple(table) == tuple(range(table[0], table[0] + by * len(table), by)) else None


class Scatter:
    """The adds of one round of iterations, in the code of a Repeat; ``cells``: where they begin in work."""

    def __init__(self, code: Any, outputs: Sequence[Atom], cells: int) -> None:
        self.code, self.cells, self.n = code, cells, code.lane
        self.adds = [Add(x, table, step(table)) for x, table in zip(outputs, code.repeat.tables, strict=True)]

    def write(self) -> None:
        """Append them."""
        sums: list[Add] = []
        for group in together(self.adds):
            steps = {add.step for add in group}
            if self.n > 1 and len(steps) == 1 and steps <= {1, -1}:
                self._side_by_side(group)
            elif self.n > 1 and len(group) == 1 and steps == {0}:
                sums += group
            else:
                self._one_by_one(group)
        if self.code.fast:
            self._split(sums[:MOST])
            sums = sums[MOST:]
        for start in range(0, len(sums), self.n):
            part = sums[start:start + self.n]
            if len(part) == self.n and part[-1].low - part[0].low == self.n - 1:
                self._sums_in_a_row(part)
            else:
                for add in part:
                    self._one_by_one([add])

    def _split(self, sums: Sequence[Add]) -> None:
        """One cell each: each lane has its own sum until the iterations end."""
        code = self.code
        for add in sums:
            before = f"%split{self.n}_{len(code.split)}"
            after = code.new(f"fadd contract <{self.n} x double> {before}, {code.added(add.x)}")
            code.split.append(Split(before, after, ("work", self.cells + add.low)))

    def _side_by_side(self, group: Sequence[Add]) -> None:
        """Whole vectors: where two adds meet in a cell, the one of the earlier iteration comes first."""
        code, n = self.code, self.n
        for x, table, by in sorted(group, key=lambda add: -add.table[0] * (add.step or 1)):
            value = code.added(x)
            if by == -1:
                value = code.reverse(value)
            at = code.at(("work", self.cells + table[0]), n - 1 if by == -1 else 0, by)
            before = code.load(at, f"<{n} x double>")
            after = code.new(f"fadd <{n} x double> {before}, {value}")
            code.lines.append(f"  store <{n} x double> {after}, ptr {at}, align 8")

    def _one_by_one(self, group: Sequence[Add]) -> None:
        code = self.code
        if len(group) == 1 and group[0].step == 0:      # one cell: through a register
            at = code.at(("work", self.cells + group[0].low), None)
            total = code.load(at)
            for lane in range(self.n):
                total = code.new(f"fadd double {total}, {code.added_one(group[0].x, lane)}")
            code.lines.append(f"  store double {total}, ptr {at}")
            return
        for lane in range(self.n):
            for x, table, by in group:
                if by is None:
                    at = code.cell(table, lane, self.cells)
                else:
                    at = code.at(("work", self.cells + table[0]), lane, by) if by else \
                        code.at(("work", self.cells + table[0]), None)
                total = code.new(f"fadd double {code.load(at)}, {code.added_one(x, lane)}")
                code.lines.append(f"  store double {total}, ptr {at}")

    def _sums_in_a_row(self, part: Sequence[Add]) -> None:
        """As many cells as lanes: the vectors are transposed, and added one after the other."""
        code, n = self.code, self.n
        rows, half = [code.added(add.x) for add in part], 1
        while half < n:
            for i in range(n):
                if not i & half:
                    rows[i], rows[i + half] = self._exchanged(rows[i], rows[i + half], half)
            half *= 2
        at = code.at(("work", self.cells + part[0].low), None)
        total = code.load(at, f"<{n} x double>")
        for row in rows:
            total = code.new(f"fadd <{n} x double> {total}, {row}")
        code.lines.append(f"  store <{n} x double> {total}, ptr {at}, align 8")

    def _exchanged(self, a: str, b: str, half: int) -> tuple[str, str]:
        """Two rows of a matrix, of which blocks of ``half`` columns are exchanged."""
        n, found = self.n, []
        for order in ([n + i - half if i & half else i for i in range(n)],
                      [n + i if i & half else i + half for i in range(n)]):
            mask = ", ".join(f"i32 {i}" for i in order)
            found.append(self.code.new(f"shufflevector <{n} x double> {a}, <{n} x double> {b}, <{n} x i32> <{mask}>"))
        return found[0], found[1]
