"""Steps of an optimiser in memory that machine code reads and writes: Values and optimiser get the last one's numbers.

There are two sides of memory. A step reads one and writes the other, so that the last whole step is always there.
"""

from array import array
from collections.abc import Sequence
from math import isfinite
from typing import Any, NamedTuple

from autograd import Value
from nn.optim import Optimizer
from nn.optim.parameters import assign
from nn.training.compiled_update import CompiledUpdates


class _Side:
    """The numbers of parameters, and of what else the loss reads; each group's state; the sums of loss and gradient."""

    def __init__(self, numbers: "array[float]", states: Sequence[Sequence["array[float]"]], slopes: int) -> None:
        self.numbers, self.states, self.sums = numbers[:], [[x[:] for x in lists] for lists in states], array("d")
        self.sums.frombytes(bytes(8 * (1 + slopes)))

    def addresses(self, group: int, start: int) -> list[int]:
        """Where the numbers and the state of a group begin."""
        return [self.numbers.buffer_info()[0] + 8 * start, *(x.buffer_info()[0] for x in self.states[group])]


class _Done(NamedTuple):
    """The last whole step: the side that has its numbers, the states without lists, and how many rows it had."""

    side: int
    states: list[dict[str, Any]]
    rows: int       # 0 before the first step


class FlatSteps:
    """Steps to the bit as `TrainingStep.step`, from the numbers that parameters and optimiser have now.

    code, captured: of the loss and its gradient, as `RowFunction` has them. updates: of the optimiser. table: of the
    data, row after row.
    """

    def __init__(self, code: Any, captured: Sequence[Value], optimizer: Optimizer, updates: CompiledUpdates,
                 parameters: Sequence[Value], table: "array[float]") -> None:
        self._code, self._optimizer, self._updates, self._table = code, optimizer, updates, table
        self.parameters = list(parameters)
        places = {p: i for i, p in enumerate(parameters)}
        others = [x for x in captured if x not in places]
        places.update({x: len(parameters) + i for i, x in enumerate(others)})
        numbers = array("d", [x.data for x in (*parameters, *others)])
        self._starts: list[tuple[int, int]] = []
        self._names: list[tuple[str, ...]] = []
        states, size = list[Any](), 0
        for group, state in zip(optimizer.param_groups, optimizer.state, strict=True):
            count = len(group["params"])
            plan = optimizer.plan(group, state, count)
            self._names.append(plan.names)
            states.append([array("d", state[name] or [plan.start] * count) for name in plan.names])
            self._starts.append((size, count))
            size += count
        self._sides = [_Side(numbers, states, size) for _ in (0, 1)]
        self._reads = [code.places(table, [side.numbers.buffer_info()[0] + 8 * places[x] for x in captured])
                       for side in self._sides]
        self._writes: dict[Any, tuple[array[int], array[int]]] = {}
        self._zeros = memoryview(bytes(8 * (1 + size))).cast("d")
        self._done = _Done(0, list(optimizer.state), 0)

    def run(self, batches: Sequence[Sequence[int]]) -> list[float]:
        """A step for each batch; gives the mean losses before them.

        It ends before a batch whose loss, gradient or step is not finite, or for whose step there is no code.
        """
        losses: list[float] = []
        add, sides, reads = self._code.add, self._sides, self._reads
        places = [side.sums.buffer_info()[0] for side in sides]
        for rows in batches:
            side, count = self._done.side, len(rows)
            sums = sides[side].sums
            memoryview(sums)[:] = self._zeros
            if isinstance(rows, range):
                add(reads[side], 0, rows.start, count, places[side])
            else:
                order = rows if isinstance(rows, array) else array("q", rows)
                add(reads[side], order.buffer_info()[0], 0, count, places[side])
            loss = sums[0] / count
            after = self._moved(count) if isfinite(loss) else None
            if after is None:
                break
            self._done = after      # at once: an interrupt comes before it or behind it
            losses.append(loss)
        return losses

    def _moved(self, rows: int) -> _Done | None:
        """The update of all groups by the sums of the side that is read; None where it cannot be."""
        side, states, _ = self._done
        after = []
        for i, (group, state, (_, size)) in enumerate(zip(self._optimizer.param_groups, states, self._starts,
                                                          strict=True)):
            plan = self._optimizer.plan(group, state, size)
            update = self._updates.get(plan.form)
            if update is None:
                return None
            key = side, i, plan.form
            if key not in self._writes:
                self._writes[key] = self._columns(i, update)
            columns, found = self._writes[key]
            if not update.run(columns, found, size, rows, plan.constants):
                return None
            after.append({**state, **plan.counts, **dict.fromkeys(plan.names, ())})
        return _Done(1 - side, after, rows)

    def _columns(self, group: int, update: Any) -> tuple["array[int]", "array[int]"]:
        """What the update of a group reads and writes, on the way from the side of now."""
        here, there = self._sides[self._done.side], self._sides[1 - self._done.side]
        start, _ = self._starts[group]
        numbers, *state = here.addresses(group, start)
        slopes = here.sums.buffer_info()[0] + 8 * (1 + start)
        return (update.columns([numbers, slopes, *state]),
                array("q", [x for place in there.addresses(group, start) for x in (place, 8)]))

    def give(self) -> None:
        """Give the parameters, their gradients and the optimiser the numbers of the last whole step."""
        try:
            self._give()
        except BaseException:       # Ctrl-C, for one
            self._give()
            raise

    def _give(self) -> None:
        side, states, rows = self._done
        if not rows:
            return
        here, parameters = self._sides[side], self.parameters
        assign(parameters, here.numbers[:len(parameters)].tolist())
        for p, total in zip(parameters, self._sides[1 - side].sums[1:].tolist(), strict=True):
            p.grad = total / rows
        self._optimizer.state = [
            {**state, **{name: x.tolist() for name, x in zip(names, lists, strict=True)}}
            for state, names, lists in zip(states, self._names, here.states, strict=True)]
