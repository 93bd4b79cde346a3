"""Rows on the workers of an executor, in fixed chunks that come back in their order.

A worker gets Programs and numbers: neither the function, which may have no name, nor what that captures. No row is
lost: those that need a new version, and those that a broken executor owes, run here.
"""

import hashlib
import pickle
import warnings
import zlib
from array import array
from collections import deque
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any, NamedTuple

from autograd.batch.arguments import Arguments
from autograd.batch.nearby import Lent, Nearby
from autograd.batch.packets import Packets
from autograd.batch.run import Part, Run
from autograd.batch.version import FEW, Version
from autograd.batch.worker import Answer, Task, Way, Work, compute
from autograd.program.program import Program
from autograd.source_lines import users_frame

MOST_ROWS, MOST_NUMBERS = 1 << 18, 1 << 20      # of a chunk: eight megabytes
LEAST_WORK = 10_000_000     # elementary operations in a chunk, some ten milliseconds: Dask takes five to send one
PARTS = 32                  # chunks into which a smaller batch is cut
AHEAD = 4                   # chunks that are on their way at a time, for each worker


class _Sent(NamedTuple):
    """Rows that are on their way."""

    future: Any
    packets: Packets
    versions: list[Version]     # that the worker has, by their numbers
    lent: Lent | None           # the file by which a worker of this machine gets the rows


def _cancel(waiting: Iterable[tuple[Any, _Sent | None]]) -> None:
    for _, sent in waiting:
        if sent is not None:
            sent.future.cancel()


def _workers(executor: Any) -> int:
    """How many tasks it runs at a time; 0 where it does not say."""
    try:
        client = getattr(executor, "_client", None)     # of Dask
        return sum(client.nthreads().values()) if client else int(executor._max_workers)
    except Exception:       # of other makers
        return 0


class Remote(Run):
    """A `Run` in which an executor computes."""

    local = False
    _here = False       # whether rows run in this process, too; only then lanes are compiled in it

    def __init__(self, batched: Any, arguments: Arguments) -> None:
        super().__init__(batched, arguments)
        self._here, self._broken = True, False
        self._versions: list[Version] = []
        self._key, self._work, self._captured = "", b"", list[bytes]()
        self._nearby = Nearby()
        if self.root is not None and self.alone:
            self._prepare(self.root, FEW + 1)

    @cached_property
    def _ahead(self) -> int:
        """How many chunks are on their way at a time."""
        return AHEAD * _workers(self.batched.executor) or PARTS

    @cached_property
    def _size(self) -> int:
        """The rows of a chunk."""
        program: Program = self.root.trace.program
        count = self.arguments.count
        least: int = -(-LEAST_WORK // self.root.flops())
        most = max(1, min(MOST_ROWS, MOST_NUMBERS // (len(program.inputs) + len(program.outputs) + 1)))
        return min(most, max(least, -(-count // PARTS)))

    @property
    def alone(self) -> bool:
        """Whether the rows are too few for two chunks; then they run here."""
        return self._size >= self.arguments.count

    def size(self, most: int) -> int:
        """The rows of a chunk."""
        return min(most, self.turn) if self.alone else self._size

    def parts(self, parts: Iterable[Part], finish: Callable[[Any], None] = lambda part: None) -> None:
        """See `Run`."""
        if self.alone:
            super().parts(parts, finish)
            return
        waiting: deque[tuple[Any, _Sent | None]] = deque()

        def receive() -> None:
            part, sent = waiting[0]
            answer = self._answer(sent)
            if answer and answer.lost:
                self._send_again(waiting)
                sent = waiting[0][1]
                answer = self._answer(sent)
            self._receive(part, sent, answer)
            waiting.popleft()
            finish(part)

        try:
            for part in parts:
                waiting.append((part, self._send(part)))
                if len(waiting) >= self._ahead:
                    receive()
            while waiting:
                receive()
        finally:
            _cancel(waiting)        # an error came
            self._nearby.end()

    def _send_again(self, waiting: "deque[tuple[Any, _Sent | None]]") -> None:
        """Send the parts without files, as there is a worker that does not find them: it is on another machine."""
        self.batched.nearby = False
        _cancel(waiting)
        waiting.extend([(part, self._send(part)) for part, _ in [waiting.popleft() for _ in range(len(waiting))]])

    def _prepare(self, version: Version, rows: int) -> None:
        if self._here:
            super()._prepare(version, rows)

    def _send(self, part: Part) -> _Sent | None:
        """None where the executor takes nothing any more."""
        if self._broken:
            return None
        arguments, batched = self.arguments, self.batched
        packets = Packets(arguments.columns, part.found, arguments.same, batched.backend)
        self._describe(packets.outputs)
        lent = self._nearby.lend(packets, part.first, part.count) if batched.nearby else None
        rows = lent.place if lent else packets.pack(part.first, part.count)
        try:
            future = batched.executor.submit(compute, Task(self._key, self._work, packets.shared, self._captured, rows,
                                                           part.count))
        except RuntimeError as error:       # it is shut down, or broken
            self._breaks(error)
            return None
        return _Sent(future, packets, self._versions, lent)

    def _receive(self, part: Part, sent: _Sent | None, answer: Answer | None) -> None:
        """Put outputs in their places, and run the rows that are left."""
        if not sent or not answer:
            if self.root.lanes() is None:
                self._prepare(self.root, FEW + 1)
            self._settle(part, self._compute(part))
            return
        if answer.error is not None:
            raise answer.error
        if answer.outputs is None and sent.lent:
            self._nearby.take(sent.lent, sent.packets, part.first, part.count)
        else:
            sent.packets.unpack(answer.outputs, part.first, part.count)
        self._settle(part, [(sent.versions[place], guard, array("q", [part.first + i for i in array("q", rows)]))
                            for place, guard, rows in answer.left])

    def _answer(self, sent: _Sent | None) -> Answer | None:
        """None where the executor failed."""
        try:
            return sent and sent.future.result()
        except Exception as error:      # its own: `compute` raises none
            self._breaks(error)
            return None

    def _breaks(self, error: Exception) -> None:
        if not self._broken:
            self._broken = True
            warnings.warn(f"vmap: {self.batched.__name__}: the executor failed ({type(error).__name__}: {error}); the "
                          "rows that it owes are computed here. Were its workers killed, or do they lack pathgrad?",
                          RuntimeWarning, stacklevel=users_frame())

    def _describe(self, outputs: tuple[int, ...]) -> None:
        """Bring what the workers get up to date with the versions that there are now."""
        below: dict[Version, dict[int, Version]] = {}
        waiting = [self.root]
        while waiting:
            version = waiting.pop()
            below[version] = version.by_failed_guard | {
                guard: other for (above, guard), other in self._below.items() if above is version}
            below[version] = {guard: other for guard, other in below[version].items()
                              if other.layout == self.layout and (
                                  not other.mentions or other.holds(self.batched, self.signature))}
            waiting += below[version].values()
        if [*below] == self._versions:
            return
        numbers = {version: i for i, version in enumerate(below)}
        ways = [Way(version.trace.program, {guard: numbers[other] for guard, other in more.items()})
                for version, more in below.items()]
        batched, arguments = self.batched, self.arguments
        options = {"backend": batched.backend, "fast": batched.fast, "cache": batched.cache}
        self._work = zlib.compress(pickle.dumps(Work(ways, outputs, arguments.same, len(arguments.columns) // 2,
                                                     options)), 1)
        self._key, self._versions = hashlib.sha256(self._work).hexdigest(), [*below]
        self._captured = [array("d", [x._data for x in version.captured]).tobytes() for version in below]
