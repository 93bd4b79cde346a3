"""How many rows machine code gets at a time: it does not listen to Ctrl-C, and Python does between two such calls."""

from autograd.program.nested import Loop
from autograd.program.program import Instruction, Program, flops

WORK = 1 << 25      # elementary operations of a turn: 3 ms of sums, 0.3 s of functions of C
LEAST = 32          # rows, so that vectors are full, and what rows share is read once for many
ROUNDS = 100        # of a loop whose count is not known
AGAIN = 16          # a turn computes what rows share anew, which is to take so small a part of it


class Turn:
    """The turns of a Program; bits do not depend on them, as rows keep their order."""

    def __init__(self, program: Program) -> None:
        self._program, self._work = program, 0
        self._size: tuple[frozenset[int], int] | None = None

    def rows(self, count: int, shared: frozenset[int]) -> int:
        """The rows of a turn of so many rows; shared: the inputs that are the same for all."""
        self._work = self._work or 1 + self._program.cost(ROUNDS).flops
        if count <= LEAST or count * self._work <= WORK:
            return max(count, 1)
        if self._size is None or self._size[0] != shared:
            self._size = shared, self._found(shared)
        return min(self._size[1], count)

    def _found(self, shared: frozenset[int]) -> int:
        program, same, first, row = self._program, set(shared), 0, 1
        for register, instruction in enumerate(program.instructions, len(program.inputs)):
            op, args = instruction
            # rows may leave a loop's way; what is repeated has one
            if not isinstance(op.nested, Loop) and all(x.__class__ is float or x in same for x in args):
                same.add(register)
                first += _of(instruction)
            else:
                row += _of(instruction)
        size = max(WORK // row, AGAIN * first // row, LEAST)
        return size // LEAST * LEAST


def _of(instruction: Instruction) -> int:
    """Its elementary operations."""
    op, args = instruction
    found: int = op.nested.cost(ROUNDS).flops if op.nested else flops(op, len(args))
    return found
