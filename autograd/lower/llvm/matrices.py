"""The matrices of a Program in the code that runs its rows (tiles.py), in LLVM's language: tables, and calls."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from autograd.lower.llvm.matrix_functions import TYPES, named
from autograd.lower.llvm.objects import declared
from autograd.lower.llvm.spellings import constant
from autograd.lower.matrices import Apart

ROWS = 32           # of a tile, at least: each shared number is read once for so many
LINE = 64           # bytes of a processor's cache line


class Matrices:
    """What the code of a block needs for matrices: before a tile's blocks dot products, behind them sums.

    block: as in tiles.py, of the Program without matrices. summed: the outputs of the whole Program that rows add up.
    exact: its registers that keep their bits in fast code. The block has, behind the caller's own columns, those of the
    dot products, and behind the caller's outputs those that only matrices read; these stand in memory.
    """

    def __init__(self, found: Apart, block: Any, summed: Iterable[int], exact: Collection[int]) -> None:
        self.dots, self.outers, kept = found.dots, found.outers, len(found.outputs)
        self.width, self.fast, self._block = block.width, block.fast, block
        self._exact = [any(x in exact for x in group.results) for group in self.dots]
        own = len(block.columns) - sum(len(group.results) for group in self.dots)
        place = {output: i for i, output in enumerate(sorted(summed))}
        self.columns = block.columns[:own]
        self.written = [found.outputs[x] for x in block.written if x < kept]
        self.sums = [place[found.outputs[x]] for x in block.summed]     # the places of the block's sums
        behind = lined(8 * len(block.columns)) // 8     # the table of outputs stands behind that of columns
        self._column: dict[Any, int] = {x: i for i, x in enumerate(block.columns)} | {
            found.program.outputs[x]: behind + i for i, x in enumerate(block.written) if x >= kept}
        self._place = place
        self.rows = ROWS if self.dots or self.outers else 0
        self.across = self.width * bool(self.outers)        # working memory, in numbers for each row of a tile
        self.pointers = max((len(group.lefts) for group in self.outers), default=0)

    def text(self) -> Iterator[str]:
        """The tables, and the functions that are called."""
        modes = sorted({self.fast and not exact for exact in self._exact} | ({self.fast} if self.outers else set()))
        yield from declared({named(name, self.width, fast): kind for fast in modes for name, kind in TYPES.items()})
        for i, group in enumerate(self.dots):
            yield table(f"weights{i}", [self._block.shared[x] for x in group.shared])
        for i, outer in enumerate(self.outers):
            yield from (table(f"lefts{i}", [self._column[x] for x in outer.lefts]),
                        table(f"rights{i}", [self._column[x] for x in outer.rights]),
                        table(f"places{i}", [self._place[x] for x in outer.places]))

    def before(self) -> Iterator[str]:
        """What computes dot products for a tile."""
        at = len(self.columns)
        for i, (group, exact) in enumerate(zip(self.dots, self._exact, strict=True)):
            yield from (f"  %x{i} = getelementptr ptr, ptr %in, i64 {self._column[group.column]}",
                        f"  %made{i} = getelementptr ptr, ptr %in, i64 {at}",
                        f"  call void @{named('dots', self.width, self.fast and not exact)}(ptr %x{i}, "
                        f"i64 {group.size}, ptr @weights{i}, i64 {len(group.results)}, ptr %shared, ptr %made{i}, "
                        "i64 %full)")
            at += len(group.results)

    def after(self) -> Iterator[str]:
        """What adds up the rows of a tile."""
        for i, outer in enumerate(self.outers):
            when = -1 if outer.when is None else self._column[outer.when]
            yield f"  call void @{named('outer', self.width, self.fast)}(ptr %in, ptr @lefts{i}, " \
                  f"i64 {len(outer.lefts)}, ptr @rights{i}, i64 {len(outer.rights)}, i64 {when}, " \
                  f"double {constant(outer.other)}, ptr @places{i}, ptr %to, i64 %n, i64 %full, ptr %across, " \
                  "ptr %pointers)"


def lined(size: int) -> int:
    """The bytes of whole lines of the cache for so many."""
    return -(-size // LINE) * LINE


def table(name: str, numbers: Sequence[int]) -> str:
    """A constant of these numbers."""
    listed = f"[{', '.join(f'i64 {x}' for x in numbers)}]" if numbers else "zeroinitializer"
    return f"@{name} = internal constant [{len(numbers)} x i64] {listed}"
