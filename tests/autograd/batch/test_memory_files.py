"""Files in memory by which workers of this machine get rows: found by them alone, and gone when the call has ended."""

import os
from concurrent.futures import Executor, Future

import numpy as np
import pytest

from autograd import vmap
from autograd.batch import remote, worker
from autograd.batch.memory_file import MemoryFile, Place
from tests.support.batches import same_bits

pytestmark = pytest.mark.skipif(not hasattr(os, "memfd_create"), reason="files in memory are Linux's")

X = np.random.default_rng(0).normal(size=4001)
WANTED = np.where(X > 0, X * X, 1.0 - X)


def parabola(x):
    return x * x if x > 0 else 1.0 - x


def open_files():
    return {number: os.readlink(f"/proc/self/fd/{number}") for number in os.listdir("/proc/self/fd")
            if os.path.lexists(f"/proc/self/fd/{number}")}


def memory_files():
    return [name for name in open_files().values() if name.startswith("/memfd:rows")]


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Chunks of a few hundred rows; and nothing may be left."""
    monkeypatch.setattr(remote, "LEAST_WORK", 100)
    yield
    assert not memory_files()


class Now(Executor):
    """Computes at once, in this process; has the tasks and the answers."""

    def __init__(self, fault=None):
        self.tasks, self.answers, self.futures, self.fault, self.most = [], [], [], fault, 0

    def submit(self, fn, /, task):
        future = Future()
        self.tasks.append(task)
        self.answers.append(fn(task))
        self.futures.append(future)
        self.most = max(self.most, len(memory_files()))
        if self.fault and len(self.tasks) == 5:
            future.result = self.fault
        else:
            future.set_result(self.answers[-1])
        return future


def test_rows_and_results_do_not_travel_with_tasks_and_answers():
    executor = Now()
    executor._max_workers = 2
    batched = vmap(parabola, executor=executor)
    for _ in range(2):
        assert same_bits(batched(X), WANTED)
    assert len(executor.tasks) == 2 * remote.PARTS
    assert all(isinstance(task.rows, Place) for task in executor.tasks)
    assert all(answer.outputs is None for answer in executor.answers)
    assert executor.most == 2 * remote.AHEAD        # and serve again


def test_workers_of_another_machine_get_the_rows_themselves(monkeypatch):
    """The parts that were sent before it is known are sent again."""
    def elsewhere(place):
        raise FileNotFoundError(place.path)

    monkeypatch.setattr(MemoryFile, "found", elsewhere)
    executor = Now()
    batched, wanted = vmap(parabola, reduce="sum", executor=executor), vmap(parabola, reduce="sum")(X)
    for _ in range(2):
        assert batched(X) == wanted
    assert sum(isinstance(task.rows, Place) for task in executor.tasks) == remote.PARTS
    assert sum(not isinstance(task.rows, Place) for task in executor.tasks) == 2 * remote.PARTS


def test_one_worker_may_be_elsewhere(monkeypatch):
    found, calls = MemoryFile.found, []

    def sometimes(place):
        calls.append(place)
        if len(calls) == 21:        # each task looks twice
            raise FileNotFoundError(place.path)
        return found(place)

    monkeypatch.setattr(MemoryFile, "found", sometimes)
    assert same_bits(vmap(parabola, executor=Now())(X), WANTED)


@pytest.mark.parametrize("name", ["give", "made", "answer"])
def test_where_there_is_no_room_numbers_travel(name, monkeypatch):
    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(MemoryFile, name, full)
    executor = Now()
    assert same_bits(vmap(parabola, executor=executor)(X), WANTED)
    assert all(answer.outputs is not None for answer in executor.answers)


@pytest.mark.parametrize("kind", [KeyboardInterrupt, ValueError])
def test_what_ends_a_call_leaves_nothing(kind):
    def fault(timeout=None):
        if kind is ValueError:
            return worker.Answer(ValueError("no such point"))
        raise kind

    executor = Now(fault)
    with pytest.raises(kind):
        vmap(parabola, executor=executor)(X)
    assert executor.most == remote.PARTS
    assert not memory_files()


def test_a_late_worker_cannot_answer_for_other_rows():
    """As Dask may run a task twice, and a file serves other rows when the first answer is there."""
    file = MemoryFile.made()
    try:
        old = file.give(b"one two.")
        with MemoryFile.found(old) as late:
            late.answer(old, b"1 2")
            new = file.give(b"three")
            with MemoryFile.found(new) as other:
                other.answer(new, b"3")
            with pytest.raises(OSError, match="another file"):
                late.answer(old, b"wrong!!!")
        found = bytearray(1)
        file.take(new, found)
        assert found == b"3"
    finally:
        file.end()


def test_a_worker_that_writes_at_this_moment_keeps_its_file():
    file = MemoryFile.made()
    try:
        place = file.give(b"one")
        with MemoryFile.found(place) as late, late._alone(wait=True), pytest.raises(BlockingIOError):
            file.give(b"two")
    finally:
        file.end()


def test_other_files_are_not_taken_for_it(tmp_path):
    other, pipe, token = tmp_path / "other", tmp_path / "pipe", b"0123456789abcdef"
    other.write_bytes(b"something else, which is long enough")
    os.mkfifo(pipe)         # which would block who opens it
    short = tmp_path / "short"
    short.write_bytes(token[:5])
    for path in (other, pipe, short, tmp_path / "nothing", tmp_path):
        with pytest.raises(OSError, match=r"another file|No such file|too short"), \
                MemoryFile.found(Place(str(path), token, 3)):
            pass
    assert other.read_bytes() == b"something else, which is long enough"


def test_a_file_that_a_forked_process_still_has_holds_no_memory():
    file = MemoryFile.made()
    file.give(bytes(100_000))
    copy = os.dup(file._file.fileno())
    try:
        file.end()
        file.end()
        assert os.fstat(copy).st_size == 0
    finally:
        os.close(copy)
