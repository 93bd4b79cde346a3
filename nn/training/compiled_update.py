"""The update of an optimiser as machine code: from columns of numbers, gradients and state to columns of new ones."""

from array import array
from collections.abc import Hashable, Sequence
from typing import Any

from autograd import Value, jit
from nn.optim.formulas import Functions, Step
from nn.training.row_function import pays

WORTH = 30_000      # numbers that Python moves in the time that it takes to compile an update


class CompiledUpdate:
    """The formula of a `Step`, for all parameters of a group in one call.

    Gradients are given as sums over rows, and divided by the number of rows first.
    """

    def __init__(self, step: Step, fast: bool) -> None:
        constants = [Value(0.5) for _ in (0, *step.constants)]      # captured, and so the same for all parameters
        count, *others = constants
        move = step.formula(Functions.of_values(), tuple(others))

        def update(row: Any) -> Any:
            x, total, *state = row
            slope = total / count
            found = move(x, slope, *state)
            # of what is not finite a guard fails: inf - inf is nan
            return list(found) if slope - slope == 0.0 and found[0] - found[0] == 0.0 else []

        size = 2 + len(step.names)
        bound: Any = jit(update, backend="python").bind(array("d", [0.5] * size), out=array("d", bytes(8 * (size - 1))))
        self._lanes = bound.columns(fast)
        self._constants = array("d", bytes(8 * len(constants)))
        start, places = self._constants.buffer_info()[0], {constant: i for i, constant in enumerate(constants)}
        self._shared = array("q", [x for value in bound.captured for x in (start + 8 * places[value], 0)])

    def columns(self, addresses: Sequence[int]) -> "array[int]":
        """The columns that begin at these addresses: of numbers, sums of gradients, and each list of the state."""
        return array("q", [x for start in addresses for x in (start, 8)]) + self._shared

    def run(self, columns: "array[int]", found: "array[int]", size: int, rows: int,
            constants: tuple[float, ...]) -> bool:
        """Write new numbers and a new state; whether all gradients and new numbers are finite."""
        memoryview(self._constants)[:] = array("d", (rows, *constants))
        return not self._lanes.each(columns, found, 0, 0, size, 0)


class CompiledUpdates:
    """The compiled formulas of an optimiser, by their forms."""

    def __init__(self, fast: bool) -> None:
        self._fast, self._moved = fast, 0
        self._known: dict[Hashable, CompiledUpdate] = {}

    def get(self, plan: Step, size: int, steps: float) -> CompiledUpdate | None:
        """That of a step of so many numbers, if there is one, or compiling it pays for so many steps."""
        found = self._known.get(plan.form)
        if found is None:
            self._moved += size
            if pays(WORTH, self._moved, steps * size):
                found = self._known[plan.form] = CompiledUpdate(plan, self._fast)
        return found
