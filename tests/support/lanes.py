"""Lanes called on lists of numbers, with columns that lie in memory in any way, and what scalar code gives for them."""

from array import array
from typing import NamedTuple

from autograd.lower.backend import compile_lanes, compile_program
from tests.support.bit_identity import same

FREE = 777.25       # what stands where nothing is written


class Found(NamedTuple):
    """What a call gave: of each row its outputs; of each row the guard that failed, or -1; the sums."""

    outputs: list
    failed: list
    sums: list


class Column:
    """A column of ``rows`` numbers, so many numbers apart, with nothing of its own before, between and behind."""

    def __init__(self, rows, step, numbers=None):
        self.rows, self.step = rows, step
        span = abs(step) * max(rows - 1, 0) + 1
        self.memory = array("d", [FREE]) * (span if rows else 1)
        self.first = span - 1 if step < 0 and rows else 0
        for i, x in enumerate(numbers or ()):
            self.memory[self.first + i * step] = x

    def place(self):
        return [self.memory.buffer_info()[0] + 8 * self.first, 8 * self.step]

    def numbers(self):
        return [self.memory[self.first + i * self.step] for i in range(self.rows)]

    def untouched(self, written):
        """Whether only these rows were written."""
        known = {self.first + i * self.step for i in written}
        return all(x == FREE for i, x in enumerate(self.memory) if i not in known)


def run(lanes, table, *, shared=(), summed=(), order=None, first=0, count=None, steps=(1,), outputs=1, sums=None):
    """``each``, or with ``sums``, which are added to, ``sum``.

    table: the inputs of each row. shared: inputs that are read from row 0. order: which rows. steps: of the columns,
    in turn.
    """
    rows, inputs = len(table), len(table[0]) if table else 0
    columns = [Column(1 if i in shared else rows, 0 if i in shared else steps[i % len(steps)],
                      [row[i] for row in (table[:1] if i in shared else table)]) for i in range(inputs)]
    found = [Column(rows, steps[(i + 1) % len(steps)]) for i in range(outputs)]
    asked = array("q", order) if order is not None else None
    ran = list(order) if order is not None else [*range(first, first + (rows if count is None else count))]
    failed = array("q", [-5]) * (len(ran) + 1)
    places = array("q", [x for column in columns for x in column.place()])
    to = array("q", [x for i, column in enumerate(found) for x in
                     ([0, 0] if sums is not None and i in summed else column.place())])
    listed = asked.buffer_info()[0] if asked else 0
    if sums is None:
        failures = lanes.each(places, to, listed, first, len(ran), failed.buffer_info()[0])
        assert failed.pop() == -5
        assert failures == sum(x >= 0 for x in failed)
    else:
        total = array("d", sums)
        lanes.sum(places, to, listed, first, len(ran), total.buffer_info()[0])
        sums = total.tolist()
        failed = array("q", [-1] * len(ran))
    for i, column in enumerate(found):
        assert column.untouched([] if sums is not None and i in summed else ran), "written beside the rows"
    numbers = [column.numbers() for column in found]
    return Found([[column[row] for column in numbers] for row in ran], failed.tolist(), sums)


def scalar(program, table, backend="llvm"):
    """For each row the outputs or the number of the guard that failed."""
    code = compile_program(program, backend).run
    return [code(list(row)) for row in table]


def check_each(program, table, *, backend="llvm", shared=(), **how):
    """Assert that each row has the bits of the scalar code; ``how``: of compile_lanes and of `run`."""
    made = compile_lanes(program, backend, shared=frozenset(shared), width=how.pop("width", None))
    found = run(made, table, shared=shared, outputs=len(program.outputs), **how)
    first, count = how.get("first", 0), how.get("count", len(table))
    ran = [table[i] for i in how.get("order", range(first, first + count))]
    for row, out, guard, wanted in zip(ran, found.outputs, found.failed, scalar(program, ran), strict=True):
        assert guard == (wanted if isinstance(wanted, int) else -1), (row, guard, wanted)
        assert isinstance(wanted, int) or same(out, list(wanted)), (row, out, wanted, str(program))
    return made
