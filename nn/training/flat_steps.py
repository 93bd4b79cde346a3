"""Steps of an optimiser in memory that machine code reads and writes: Values and optimiser get the last one's numbers.

There are two sides of memory. A step reads one and writes the other, so that the last whole step is always there.
"""

from array import array
from collections.abc import Sequence
from itertools import accumulate, repeat
from math import isfinite
from operator import is_, truediv
from typing import Any, NamedTuple

from autograd import Value, assign
from nn.optim import Optimizer
from nn.optim.formulas import Step
from nn.optim.uneven import Part
from nn.training.compiled_update import CompiledUpdates


class _Side:
    """The numbers of parameters, and of what else the loss reads; each part's state; the sums of loss and gradient."""

    def __init__(self, numbers: int, lists: Sequence[Sequence[int]], slopes: int) -> None:
        self.numbers, self.sums = array("d", bytes(8 * numbers)), array("d", bytes(8 * (1 + slopes)))
        self.states = [[array("d", bytes(8 * size)) for size in sizes] for sizes in lists]

    def addresses(self, i: int, start: int) -> list[int]:
        """Where the numbers and the state of a part begin."""
        return [self.numbers.buffer_info()[0] + 8 * start, *(x.buffer_info()[0] for x in self.states[i])]


class _Done(NamedTuple):
    """The last whole step: the side that has its numbers, the states without lists, and how many rows it had."""

    side: int
    states: list[dict[str, Any]]
    rows: int       # 0 where Values and optimiser have these numbers


class FlatSteps:
    """Steps to the bit as `TrainingStep.step`, from the numbers that `load` reads to those that `give` writes.

    code, captured: of the loss and its gradient, as `RowFunction` has them. updates: of the optimiser. table: of the
    data, row after row. parameters: part after part, as `Optimizer.moving` has them.
    """

    def __init__(self, code: Any, captured: Sequence[Value], optimizer: Optimizer, updates: CompiledUpdates,
                 parameters: Sequence[Value], table: "array[float]") -> None:
        self._optimizer, self._updates, self._parameters = optimizer, updates, list(parameters)
        self._known = code, table, _layout(optimizer)
        places = {p: i for i, p in enumerate(parameters)}
        self._others = [x for x in captured if x not in places]
        places.update({x: len(places) + i for i, x in enumerate(self._others)})
        sizes = [len(places) for _, places, _ in self._known[2]]
        self._starts = [0, *accumulate(sizes)][:-1]
        lists = [[len(places)] * len(names) for _, places, names in self._known[2]]
        self._sides = [_Side(len(places), lists, len(parameters)) for _ in (0, 1)]
        self._reads = [code.places(table, [side.numbers.buffer_info()[0] + 8 * places[x] for x in captured])
                       for side in self._sides]
        self._writes: dict[Any, tuple[array[int], array[int]]] = {}
        self._zeros = memoryview(bytes(8 * (1 + len(parameters)))).cast("d")
        self._done, self._parts = _Done(0, [], 0), list[Part]()

    def serves(self, code: Any, optimizer: Optimizer, parameters: Sequence[Value], table: "array[float]") -> bool:
        """Whether it is of these."""
        return self.runs(code, table) and self._known[2] == _layout(optimizer) and \
            len(parameters) == len(self._parameters) and all(map(is_, parameters, self._parameters))

    def runs(self, code: Any, table: "array[float]") -> bool:
        """Whether it runs this code, over this table."""
        return self._known[0] is code and self._known[1] is table

    @property
    def ahead(self) -> bool:
        """Whether it has newer numbers than the parameters and the optimiser."""
        return self._done.rows > 0

    def load(self) -> None:
        """Read the numbers that parameters and optimiser have now."""
        numbers = array("d", [x.data for x in (*self._parameters, *self._others)])
        for side in self._sides:
            memoryview(side.numbers)[:] = numbers
        self._parts = self._optimizer.moving()
        for its, lists in zip(self._parts, self._sides[0].states, strict=True):
            plan = _plan(self._optimizer, its, its.state)
            for name, x in zip(plan.names, lists, strict=True):
                given = its.state[name] or [plan.start] * len(x)
                # no slice of the array itself, which would resize it, and code has its address
                memoryview(x)[:] = given if isinstance(given, array) else array("d", given)
        self._done = _Done(0, [its.state for its in self._parts], 0)

    def run(self, batches: Sequence[Sequence[int]], steps: float) -> list[float]:
        """A step for each batch; gives the mean losses before them. steps: how many there will be, these and later.

        It ends before a batch whose loss, gradient or step is not finite.
        """
        losses: list[float] = []
        add, sides, reads = self._known[0].add, self._sides, self._reads
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
            after = self._moved(count, steps) if isfinite(loss) else None
            if after is None:
                break
            self._done = after      # at once: an interrupt comes before it or behind it
            losses.append(loss)
        return losses

    def _moved(self, rows: int, steps: float) -> _Done | None:
        """The update of all parts by the sums of the side that is read; None where something is not finite."""
        side, states, _ = self._done
        after = []
        for i, (its, state) in enumerate(zip(self._parts, states, strict=True)):
            plan, size = _plan(self._optimizer, its, state), len(its.places)
            update = self._updates.get(plan, size, steps)
            if update is None:
                finite = self._in_python(i, plan, state, rows)
            else:
                key = side, i, plan.form
                if key not in self._writes:
                    self._writes[key] = self._columns(i, update)
                finite = update.run(*self._writes[key], size, rows, plan.constants)
            if not finite:
                return None
            after.append({**state, **plan.counts, **dict.fromkeys(plan.names, ())})
        return _Done(1 - side, after, rows)

    def _in_python(self, i: int, plan: Step, state: dict[str, Any], rows: int) -> bool:
        """The update of a part by the optimiser itself, while compiling it does not pay."""
        here, there = self._sides[self._done.side], self._sides[1 - self._done.side]
        its, start = self._parts[i], self._starts[i]
        size, group = len(its.places), self._optimizer.param_groups[its.group]
        slopes = [x / rows for x in here.sums[1 + start:1 + start + size]]
        lists = {name: None if state[name] is None else x.tolist()
                 for name, x in zip(plan.names, here.states[i], strict=True)}
        moved, after = self._optimizer.update(group, {**state, **lists}, here.numbers[start:start + size].tolist(),
                                              slopes)
        if not (all(map(isfinite, slopes)) and all(map(isfinite, moved))):
            return False
        memoryview(there.numbers)[start:start + size] = array("d", moved)
        for name, x in zip(plan.names, there.states[i], strict=True):
            memoryview(x)[:] = array("d", after[name])
        return True

    def _columns(self, i: int, update: Any) -> tuple["array[int]", "array[int]"]:
        """What the update of a part reads and writes, on the way from the side of now."""
        here, there = self._sides[self._done.side], self._sides[1 - self._done.side]
        start = self._starts[i]
        numbers, *state = here.addresses(i, start)
        slopes = here.sums.buffer_info()[0] + 8 * (1 + start)
        return (update.columns([numbers, slopes, *state]),
                array("q", [x for place in there.addresses(i, start) for x in (place, 8)]))

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
        here = self._sides[side]
        assign(self._parameters, here.numbers[:len(self._parameters)],
               array("d", map(truediv, memoryview(self._sides[1 - side].sums)[1:], repeat(rows))))
        self._optimizer.state = self._optimizer.states([
            (its, {**state, **{name: x[:] for name, x in zip(names, lists, strict=True)}})     # lists would take long
            for its, state, (*_, names), lists in zip(self._parts, states, self._known[2], here.states, strict=True)])
        self._done = self._done._replace(rows=0)


def _layout(optimizer: Optimizer) -> list[tuple[int, Sequence[int], tuple[str, ...]]]:
    """Of each part its group, its places there, and the names of its lists in the state."""
    return [(its.group, its.places, _plan(optimizer, its, its.state).names) for its in optimizer.moving()]


def _plan(optimizer: Optimizer, its: Part, state: dict[str, Any]) -> Step:
    return optimizer.planned(optimizer.param_groups[its.group], state, len(its.places))
