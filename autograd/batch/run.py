"""One call of a batched function: rows run in the lanes of a version, and those that leave its way in another one.

All rows run in the version that was traced first. Those whose guard fails are gathered, by lists of their numbers, and
run in the version below that guard, and so on; a version that is missing is traced at the first of them.
"""

import sys
from array import array
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from ctypes import c_double
from typing import Any

from autograd.batch.arguments import Arguments
from autograd.batch.results import Blocks, Layout
from autograd.batch.threads import in_order, kept_threads, share_out
from autograd.batch.version import FEW, Version
from autograd.compiler.interpreter import run_eagerly
from autograd.compiler.new_specialization import new_specialization
from autograd.ops.ieee import number
from autograd.transforms.pytree import innermost, unpack

CHUNK = 16384           # rows that are run at a time where they may leave the traced way
LEAST_WORK = 1 << 17    # elementary operations of a thread's part, some 30 us


class Part:
    """Some of the rows; found: of each output the address of row 0's number and the bytes to the next row's."""

    def __init__(self, found: "array[int]", first: int, count: int) -> None:
        self.found, self.first, self.count = found, first, count


Missing = tuple[Version, int, "array[int]"]     # rows for which a guard of a version failed


class Run:
    """The rows of one call.

    batched: the function, with its versions and options.
    """

    local = True        # whether it computes in this process

    def __init__(self, batched: Any, arguments: Arguments) -> None:
        self.batched, self.arguments, self.signature = batched, arguments, arguments.signature
        self._columns: dict[Version, array[int]] = {}
        self._below: dict[tuple[Version, int], Version] = {}        # some serve one call only, and are kept only here
        self._memory: dict[Version, Any] = {}
        self.written: Any = None        # memory, which is kept as long as a thread may write there
        root = batched.versions.roots.get(self.signature)
        if root is not None and root.mentions and not root.holds(batched, self.signature):
            root = None
        # none where there is no room for it; then the call is a plain loop
        self.root: Any = root or self._version(None, 0)
        if self.root is not None:
            self.root.lay(batched.reduce is not None, arguments.same)
            self.layout: Layout = self.root.layout
            self._prepare(self.root, FEW + 1)

    def _version(self, above: tuple[Version, int] | None, row: int) -> Version | None:
        """A new version, traced at a row; None where there is no room for it."""
        args, kwargs = self.arguments.row(row) if self.arguments.count else (self.arguments.args, self.arguments.kwargs)
        try:
            found: Any = new_specialization(self.batched, above, self.signature, args, kwargs)
        except Exception as error:
            if self.arguments.count:
                raise
            raise self.batched.without_rows(error) from error
        if above and found is not None:
            self._fits(found, row)
        return found        # type: ignore[no-any-return]

    def _fits(self, below: Version, row: int) -> None:
        """ValueError where a version for this row gives another structure than the root, as a kept one may, too."""
        below.lay(self.batched.reduce is not None, self.arguments.same)
        if below.layout != self.layout:
            self.batched.refuse_structure(row)

    def code(self, version: Version) -> tuple[Any, "array[int]"]:
        """Its lanes, and the columns that they read."""
        if version not in self._columns:
            self._columns[version], self._memory[version] = version.columns(self.arguments.columns)
        return version.lanes(), self._columns[version]

    def _prepare(self, version: Version, rows: int) -> None:
        version.prepare(rows, self.batched.backend, self.arguments.same)
        self.code(version)

    def end(self) -> None:
        """Give memory back for other calls."""
        for version, memory in self._memory.items():
            version.free(memory)

    # ---- rows ----

    @property
    def alone(self) -> bool:
        """Whether one part after another runs, in this thread."""
        return self.batched.threads == 1 or self.arguments.count < 8 * self._least

    @property
    def _least(self) -> int:
        """The rows of a thread's part, at least."""
        root: Version = self.root
        return -(-LEAST_WORK // root.flops())

    @property
    def turn(self) -> int:
        """The rows that machine code gets at a time."""
        rows: int = self.root.turn(self.arguments.count, self.arguments.same)
        return rows

    def size(self, most: int) -> int:
        """The rows of a part, of so many at most."""
        most = min(most, self.turn)
        if self.alone:
            return most
        share: int = -(-self.arguments.count // (4 * self.batched.threads))
        return min(most, max(self._least, share))

    def each(self, blocks: Blocks) -> None:
        """Write the outputs of all rows."""
        self.written = blocks
        count, found = self.arguments.count, blocks.found
        if self.batched.threads > 1 and not (self.alone or self.root.can_fail):
            share_out(self._shrinking(found), self._compute, self.batched.threads, self._pool)
            return
        size = self.size(CHUNK if self.root.can_fail else count)
        self.parts(Part(found, first, min(size, count - first)) for first in range(0, count, size or 1))

    def _shrinking(self, found: "array[int]") -> Iterable["Part"]:
        """All rows in parts, each half of a thread's share of what is left (Polychronopoulos and Kuck 1987).

        So all threads end at about the same time, also where one gets less of its processor.
        """
        first, count, most = 0, self.arguments.count, self.turn
        while first < count:
            size = min(max(self._least, (count - first) // (2 * self.batched.threads)), count - first, most)
            yield Part(found, first, size)
            first += size

    def parts(self, parts: Iterable["Part"], finish: Callable[[Any], None] = lambda part: None) -> None:
        """Write the outputs of these rows, of several parts at the same time; finish each, in their order."""
        def settle(part: Part, missing: list[Missing]) -> None:
            self._settle(part, missing)
            finish(part)

        self.in_order(parts, self._compute, settle)

    def in_order(self, parts: Iterable["Part"], compute: Callable[[Any], Any],
                 finish: Callable[[Any, Any], None]) -> None:
        """Compute all parts, in several threads; ``finish(part, result)`` each in this one, in their order."""
        if self.alone:
            for part in parts:
                finish(part, compute(part))
        else:
            in_order(parts, compute, finish, self.batched.threads, self._pool)

    @property
    def _pool(self) -> Executor:
        return self.batched.executor or kept_threads(self.batched.threads)

    def _compute(self, part: "Part") -> "list[Missing]":
        """Run a part in the versions that there are; what is left, in any thread."""
        rows = range(part.first, part.first + part.count)
        return self._regroup(self.root, self._lanes(self.root, part.found, None, part.first, part.count), rows,
                             part.found)

    def _settle(self, part: "Part", missing: "list[Missing]") -> None:
        """Run what is left of a part in new versions."""
        while missing:
            above, guard, rows = missing.pop()
            below = self._found_or_new(above, guard, rows, part.found)
            if below is not None:
                self._prepare(below, len(rows))
                self._below[above, guard] = below       # from now on other threads run it, too
                missing += self._regroup(below, self._lanes(below, part.found, rows, 0, len(rows)), rows, part.found)

    def _regroup(self, version: Version, failed: "array[int] | None", rows: Sequence[int],
                 found: "array[int]") -> "list[Missing]":
        """Run the rows for which a guard failed in the versions below it, where these have been run in this call."""
        waiting, missing = [(version, failed, rows)], []
        while waiting:
            above, failed, rows = waiting.pop()
            for guard, left in by_guard(failed, rows) if failed else ():
                below = self._below.get((above, guard))
                if below is not None and below.serves(len(left)):
                    waiting.append((below, self._lanes(below, found, left, 0, len(left)), left))
                else:
                    missing.append((above, guard, left))
        return missing

    def _lanes(self, version: Version, found: "array[int]", rows: "array[int] | None", first: int,
               count: int) -> "array[int] | None":
        """Run rows in one version; which guard failed for each row, None where none did."""
        lanes, columns = self.code(version)
        failed = array("q", bytes(8 * count)) if version.can_fail else None
        some = lanes.each(columns, found, rows.buffer_info()[0] if rows else 0, first, count,
                          failed.buffer_info()[0] if failed else 0)
        return failed if some else None

    def _found_or_new(self, above: Version, guard: int, rows: "array[int]", found: "array[int]") -> Version | None:
        """The version for these rows; those that come before there is one run eagerly, and leave ``rows``."""
        below: Any = self._below.get((above, guard)) or above.by_failed_guard.get(guard)
        if below is not None and below.mentions and not below.holds(self.batched, self.signature):
            below = None
        if below is None:
            self.batched.versions.budget.wait(len(rows))
        else:
            self._fits(below, rows[0])
        for i, row in enumerate(rows):
            below = below or self._version((above, guard), row)
            if below is not None:
                del rows[:i]
                return below        # type: ignore[no-any-return]
            self._eagerly(row, found)
        return None

    def _eagerly(self, row: int, found: "array[int]") -> None:
        """Run one row uncompiled."""
        args, kwargs = self.arguments.row(row)
        items, rebuild = unpack(run_eagerly(self.batched.function, args, kwargs))
        layout = self.layout
        if len(items) != len(layout.order) or Layout(rebuild(layout.order), layout.summed) != layout:
            self.batched.refuse_structure(row)
        for place, x in zip(map(int, layout.order), items, strict=True):
            if found[2 * place]:
                c_double.from_address(found[2 * place] + row * found[2 * place + 1]).value = \
                    number(innermost(x), "vmap")


def by_guard(failed: "array[int]", rows: Sequence[int]) -> Iterable[tuple[int, "array[int]"]]:
    """The rows for which each guard failed."""
    numpy: Any = sys.modules.get("numpy")
    if numpy is None or len(failed) < 100:
        found: dict[int, array[int]] = {}
        for guard, row in zip(failed, rows, strict=True):
            if guard >= 0:
                found.setdefault(guard, array("q")).append(row)
        return sorted(found.items())
    guards = numpy.frombuffer(failed, numpy.int64)
    places = numpy.flatnonzero(guards >= 0)
    guards = guards[places]
    numbers = places + rows.start if isinstance(rows, range) else numpy.frombuffer(rows, numpy.int64)[places]
    return [(int(guard), array("q", numbers[guards == guard].tobytes()))
            for guard in numpy.flatnonzero(numpy.bincount(guards))]
