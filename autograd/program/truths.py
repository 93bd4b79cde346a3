"""What is known of the conditions in a straight line in the making."""

from typing import Any

from autograd.ops.primitives import Op
from autograd.ops.table import TABLE

WHERE = TABLE["where"]
TELLING = {WHERE, *(TABLE[name] for name in ("greater", "less", "equal"))}      # ops from which something is known
# Every Builder has these constants, under these numbers. x + -0.0 is x for every x, and x + 0.0 is not, for x = -0.0.
NOT_ADDED, ONE, ZERO = -1, -2, -3


class Truths:
    """The registers that hold 0.0 or 1.0 only, and what choices among them come to."""

    def __init__(self, line: Any) -> None:
        self.inputs, self.ops, self.args = line.inputs, line.ops, line.args
        self.of: dict[int, int] = {}        # of a register that is the negation of another, that one; else -1

    def add(self, register: int, op: Op, args: tuple[int, ...]) -> None:
        """Look at a new register, made by one of these ops."""
        if op is not WHERE:
            self.of[register] = -1
        elif all(x in self.of or x in (ONE, ZERO) for x in args[1:]):
            self.of[register] = args[0] if args[1:] == (ZERO, ONE) and args[0] in self.of else -1

    def arm(self, condition: int, x: int, which: int) -> int:
        """What ``x`` is where the condition holds (1), or does not (2)."""
        place = x - self.inputs
        while place >= 0 and self.ops[place] is WHERE and self.args[place][0] == condition:
            x = self.args[place][which]
            place = x - self.inputs
        return x
