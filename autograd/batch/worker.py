"""What runs in the workers of an executor: rows through the lanes of versions that are there. It traces nothing."""

import pickle
import zlib
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from pickle import PickleBuffer
from types import NoneType
from typing import Any, NamedTuple
from uuid import uuid4

from autograd.batch.memory_file import MemoryFile, Place
from autograd.batch.packets import Room, numbers_of, one_row, packed, zeros
from autograd.batch.run import by_guard
from autograd.errors import AutogradError
from autograd.lower.backend import compile_lanes
from autograd.program.program import Program

MOST = 8            # functions whose lanes a worker keeps


class Way(NamedTuple):
    """A version of a function."""

    program: Program
    below: dict[int, int]       # which version is for the rows where a guard failed


class Work(NamedTuple):
    """The versions of a function, the one that all rows begin in first; and how they run."""

    ways: Sequence[Way]
    outputs: Sequence[int]      # those that are asked for
    shared: frozenset[int]      # the arguments' numbers that all rows share
    inputs: int                 # how many numbers the arguments have; those of captured Values follow
    options: dict[str, Any]     # of `compile_lanes`


@dataclass(slots=True)
class Answer:
    """The results of some rows."""

    error: Exception | None = None
    outputs: Any = b""      # None: they are in the file of the task
    left: Sequence[tuple[int, int, bytes]] = ()     # rows that have no version: the one above, its guard, which rows
    lost: bool = False      # whether the file of the task is not to be found here

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        return Answer, (self.error, uncopied(self.outputs, protocol), self.left, self.lost)


def uncopied(data: Any, protocol: int) -> Any:
    """Data as a pickle holds it: numbers for Dask beside it, and not in it."""
    return PickleBuffer(data) if protocol >= 5 and not isinstance(data, (Place, NoneType)) else data


@dataclass(slots=True)
class Task:
    """Some rows to run; no tuple, in whose items Dask would look for its own objects."""

    key: str                    # of the work, which is pickled and compressed
    work: bytes
    shared: bytes               # the numbers that rows share
    captured: Sequence[bytes]   # those of the captured Values, for each version
    rows: Any                   # the others, one column after another; or the place of a file that has them
    count: int

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        return Task, (self.key, self.work, self.shared, self.captured, uncopied(self.rows, protocol), self.count)

    def __dask_tokenize__(self) -> str:
        """A name of its own: Dask would take longer to make one of the numbers than a worker to compute."""
        return uuid4().hex


_kept: dict[str, tuple[Work, list[Any]]] = {}       # works and the lanes of their versions
_rooms: list[tuple[Room, Room]] = []                # memory for inputs and for outputs, of no thread at the moment


def compute(task: Task) -> Answer:
    """Run rows."""
    try:
        found = _kept.get(task.key)
        if found is None:
            made: Work = pickle.loads(zlib.decompress(task.work))
            found = _kept[task.key] = made, [None] * len(made.ways)
            for old in [*_kept][:-MOST]:
                _kept.pop(old, None)        # another thread may be at it, too
        if isinstance(task.rows, Place):
            return _in_file(*found, task)
        return _Rows(*found, task, task.rows, zeros(task.count * len(found[0].outputs))).answer()
    except Exception as error:      # what the executor raises itself is told from what is raised here
        return Answer(_sendable(error))


def _in_file(work: Work, lanes: list[Any], task: Task) -> Answer:
    """Run rows that are in a file, and write their outputs behind them.

    At once at the end: Dask may have another worker run them, too, whose outputs are read meanwhile.
    """
    room = _rooms.pop() if _rooms else (Room(), Room())
    rows = room[0].of(task.count * (work.inputs - len(work.shared)))
    try:
        with MemoryFile.found(task.rows) as file:
            file.given(rows)
    except OSError:
        return Answer(lost=True)
    answer = _Rows(work, lanes, task, rows, room[1].of(task.count * len(work.outputs))).answer()
    try:
        with MemoryFile.found(task.rows) as file:
            file.answer(task.rows, answer.outputs)
    except OSError:     # no room: they go with the answer
        return answer
    _rooms.append(room)
    return Answer(None, None, answer.left)


def _sendable(error: Exception) -> Exception:
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return AutogradError(f"in a worker: {type(error).__name__}: {error}")
    return error


class _Rows:
    """Some rows, with memory for their outputs."""

    def __init__(self, work: Work, lanes: list[Any], task: Task, rows: Any, out: "array[float]") -> None:
        self._work, self._lanes, self._count = work, lanes, task.count
        count = task.count
        self._shared, self._rows, *self._captured = map(numbers_of, (task.shared, rows, *task.captured))
        self._out = out
        same, other = iter(one_row(self._shared)), iter(packed(self._rows, count))
        self._columns = array("q")
        for i in range(work.inputs):
            part = same if i in work.shared else other
            self._columns.extend((next(part), next(part)))
        places = packed(self._out, count)
        self._found = array("q", bytes(16 * len(work.ways[0].program.outputs)))
        for k, place in enumerate(work.outputs):
            self._found[2 * place:2 * place + 2] = places[2 * k:2 * k + 2]

    def answer(self) -> Answer:
        """Run all in the first version, those whose guard fails in the one below it, and so on."""
        left: list[tuple[int, int, bytes]] = []
        waiting: list[tuple[int, Any]] = [(0, range(self._count))]
        while waiting:
            place, rows = waiting.pop()
            failed = self._failed(place, rows)
            for guard, some in by_guard(failed, rows) if failed else ():
                below = self._work.ways[place].below.get(guard)
                if below is None:
                    left.append((place, guard, some.tobytes()))
                else:
                    waiting.append((below, some))
        return Answer(None, self._out, left)

    def _failed(self, place: int, rows: Any) -> "array[int]":
        """Run rows in one version; which guard failed for each of them, empty where none did."""
        work, program = self._work, self._work.ways[place].program
        if self._lanes[place] is None:
            more = range(work.inputs, len(program.inputs))
            self._lanes[place] = compile_lanes(program, shared=work.shared | frozenset(more), **work.options)
        failed = array("q", bytes(8 * len(rows)))
        some = self._lanes[place].each(self._columns + one_row(self._captured[place]), self._found,
                                       place and rows.buffer_info()[0], 0, len(rows), failed.buffer_info()[0])
        return failed if some else array("q")
