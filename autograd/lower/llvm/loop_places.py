"""Where the numbers of a loop stand: its area of memory, and its rows, which hold what it keeps of each iteration."""

from collections.abc import Iterator
from typing import Any

from autograd.lower.llvm.loop_texts import replay_size
from autograd.program.nested import CELLS, LENT
from autograd.program.replay import state_of

HEAD = 4        # numbers of an area before its cells


class Places:
    """Where the numbers of a loop stand in its area, and in its rows."""

    head = HEAD

    def __init__(self, loop: Any) -> None:
        ahead = getattr(loop, "forward", None)      # of a replay: the area of the loop forwards is behind
        loop = loop.back if ahead else loop
        self.loop, self.cells, self.slots = loop, dict[int, int](), dict[int, int]()
        self.size = self.head
        for number, block in enumerate(loop.blocks):
            if block.kind == CELLS:
                self.cells[number] = self.size
                self.size += block.size
            elif block.kind != LENT:
                self.slots[number] = len(self.slots)
        self.width = len(self.slots)
        self.behind = self.size
        self.size += Places(ahead).size if ahead else 0


class RowPlaces(Places):
    """The same in lanes: behind the cells are the rows of the loop, unless they grow, and the areas of loops inside.

    piece: the loop is told where its rows are. grown: of the areas in this one those whose rows grow. held: of a replay
    the memory of its snapshots.
    """

    head = HEAD + 1

    def __init__(self, loop: Any, piece: bool = False) -> None:
        super().__init__(loop)
        ahead = getattr(loop, "forward", None)
        grows = varies(loop) and not piece and self.width > 0
        self.rows = self.behind
        here = self.width > 0 and not (piece or ahead or grows)
        self.inner = self.rows + ((loop.count + 1) * self.width if here else 0)
        self.size, self.grown = self.inner, [0] if grows else []
        for inner in map(RowPlaces, nested_in(loop.back if ahead else loop)):
            self.grown += [self.size + place for place in inner.grown]
            self.size += inner.size
        if ahead:
            self.behind = self.size
            forward = RowPlaces(ahead, True)
            self.held = self.behind + forward.size
            self.size = self.held + replay_size(forward.width, len(state_of(ahead)), loop.snapshots)


def varies(loop: Any) -> bool:
    """Whether rows of a batch may take different numbers of iterations."""
    return loop.count is None or bool(loop.count < 0)


def nested_in(loop: Any) -> Iterator[Any]:
    """The loops in the Programs of a loop, in their order."""
    for way in loop.ways:
        yield from (op.nested for op, _ in way.program.instructions if op.nested)
