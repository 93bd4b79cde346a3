"""Registers known to hold 0.0 or 1.0, and the simplifications of selections that follow."""

from typing import Any

from autograd.ops.primitives import Op
from autograd.ops.table import TABLE

WHERE = TABLE["where"]
# Every Builder has these constants, as these operands. x + -0.0 is x for every x; x + 0.0 is not, for x = -0.0.
KNOWN = (-0.0, 1.0, 0.0)
NOT_ADDED, ONE, ZERO = -1, -2, -3


class Booleans:
    """The registers of a Builder that hold only 0.0 or 1.0."""

    def __init__(self, builder: Any) -> None:
        self.inputs, self.ops, self.args = builder.inputs, builder.ops, builder.args
        self.negation_of: dict[int, int] = {}       # of each such register; -1 where it is no negation of another

    def add(self, register: int, op: Op, args: tuple[int, ...]) -> None:
        """Examine a new register, made by a comparison or a selection."""
        if op is not WHERE:
            self.negation_of[register] = -1
        elif all(x in self.negation_of or x in (ONE, ZERO) for x in args[1:]):
            negation = args[1:] == (ZERO, ONE) and args[0] in self.negation_of
            self.negation_of[register] = args[0] if negation else -1

    def arm(self, condition: int, x: int, which: int) -> int:
        """The operand that ``x`` equals where the condition holds (1), or does not hold (2)."""
        place = x - self.inputs
        while place >= 0 and self.ops[place] is WHERE and self.args[place][0] == condition:
            x = self.args[place][which]
            place = x - self.inputs
        return x
