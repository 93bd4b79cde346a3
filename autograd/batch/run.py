"""One call of a batched function: rows run in the lanes of a version, and those that leave its way in another one.

All rows run in the version that was traced first. Those whose guard fails are gathered, by lists of their numbers, and
run in the version below that guard, and so on; a version that is missing is traced at the first of them.
"""

import sys
from array import array
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from ctypes import c_double
from typing import Any

from autograd.batch.arguments import Arguments
from autograd.batch.results import Layout
from autograd.batch.version import Version
from autograd.compiler.interpreter import run_eagerly
from autograd.compiler.new_specialization import new_specialization
from autograd.ops.ieee import number
from autograd.transforms.pytree import innermost, unpack

CHUNK = 4096        # rows that a thread takes at a time


class Run:
    """The rows of one call.

    batched: the function, with its versions and options.
    """

    def __init__(self, batched: Any, arguments: Arguments) -> None:
        self.batched, self.arguments, self.signature = batched, arguments, arguments.signature
        self._columns: dict[Version, array[int]] = {}
        self._owners: list[Any] = []
        root = batched.versions.roots.get(self.signature)
        if root is not None and root.mentions and not root.holds(batched, self.signature):
            root = None
        # none where there is no room for it; then the call is a plain loop
        self.root: Any = root or self._version(None, 0)
        if self.root is not None:
            self.root.lay(batched.reduce is not None, arguments.same)
            self.layout: Layout = self.root.layout

    def _version(self, above: tuple[Version, int] | None, row: int) -> Version | None:
        """A new version, traced at a row; None where there is no room for it."""
        args, kwargs = self.arguments.row(row) if self.arguments.count else (self.arguments.args, self.arguments.kwargs)
        found: Any = new_specialization(self.batched, above, self.signature, args, kwargs)
        if found is not None:
            found.lay(self.batched.reduce is not None, self.arguments.same)
            if above and found.layout != self.layout:
                self.batched.refuse_structure(row)
        return found        # type: ignore[no-any-return]

    def code(self, version: Version) -> tuple[Any, "array[int]"]:
        """Its lanes, and the columns that they read."""
        if version not in self._columns:
            self._columns[version] = version.columns(self.arguments.columns, self._owners)
        return version.lanes(self.batched.backend, self.arguments.same, self.batched.fast), self._columns[version]

    # ---- rows ----

    def each(self, version: Version, found: "array[int]", first: int, count: int) -> None:
        """Write the outputs of so many rows."""
        self.regroup(version, found, self.lanes(version, found, None, first, count), range(first, first + count))

    def lanes(self, version: Version, found: "array[int]", rows: "array[int] | None", first: int,
              count: int) -> "array[int] | None":
        """Run rows in one version; which guard failed for each row, None where none did."""
        lanes, columns = self.code(version)
        guards = bool(version.trace.program.guards)
        failed = array("q", bytes(8 * count)) if guards else None
        failures = failed.buffer_info()[0] if failed else 0
        listed = rows.buffer_info()[0] if rows else 0

        def chunk(start: int) -> Any:
            return lanes.each(columns, found, listed and listed + 8 * start, 0 if listed else first + start,
                              min(CHUNK, count - start), failures and failures + 8 * start)

        if self.batched.threads == 1 or count <= CHUNK:
            some = lanes.each(columns, found, listed, 0 if listed else first, count, failures)
        else:
            with ThreadPoolExecutor(self.batched.threads) as pool:
                some = sum(pool.map(chunk, range(0, count, CHUNK)))
        return failed if some else None

    def regroup(self, version: Version, found: "array[int]", failed: "array[int] | None", rows: Sequence[int]) -> None:
        """Run the rows for which a guard failed in the versions below it."""
        waiting: list[tuple[Version, array[int] | None, Sequence[int]]] = [(version, failed, rows)]
        while waiting:
            above, failed, rows = waiting.pop()
            for guard, left in _groups(failed, rows) if failed else ():
                below = self._below(above, guard, left, found)
                if below is not None:
                    waiting.append((below, self.lanes(below, found, left, 0, len(left)), left))

    def _below(self, above: Version, guard: int, rows: "array[int]", found: "array[int]") -> Version | None:
        """The version for these rows; those that come before there is one run eagerly, and leave ``rows``."""
        below: Any = above.by_failed_guard.get(guard)
        if below is not None and below.mentions and not below.holds(self.batched, self.signature):
            below = None
        for i, row in enumerate(rows):
            below = below or self._version((above, guard), row)
            if below is not None:
                del rows[:i]
                return below        # type: ignore[no-any-return]
            self.eagerly(row, found)
        return None

    def eagerly(self, row: int, found: "array[int]") -> None:
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


def _groups(failed: "array[int]", rows: Sequence[int]) -> Iterable[tuple[int, "array[int]"]]:
    """The rows for which each guard failed."""
    numpy: Any = sys.modules.get("numpy")
    if numpy is None or len(failed) < 100:
        found: dict[int, array[int]] = {}
        for guard, row in zip(failed, rows, strict=True):
            if guard >= 0:
                found.setdefault(guard, array("q")).append(row)
        return sorted(found.items())
    guards, numbers = numpy.frombuffer(failed, numpy.int64), numpy.asarray(rows)
    return [(int(guard), array("q", numbers[guards == guard].tobytes())) for guard in numpy.unique(guards)
            if guard >= 0]
