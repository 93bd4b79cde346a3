"""Memory that processes of one machine share: a file without a name, of which nothing is left when they have ended.

Others open it through the process that made it. Where its path leads elsewhere, as on another machine or in another
container, the token at its beginning is another one. Linux alone has such files.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from typing import Any, NamedTuple

TOKEN = 16      # bytes


class Place(NamedTuple):
    """Where other processes find what was written into a file; size: of the data, in bytes."""

    path: str
    token: bytes
    size: int


class MemoryFile:
    """A file in memory. Data are buffers; each method raises OSError where there is no room, or another file."""

    def __init__(self, file: FileIO) -> None:
        self._file = file

    # ---- in the process that gives data ----

    @classmethod
    def made(cls) -> "MemoryFile":
        """A new one."""
        if not hasattr(os, "memfd_create"):
            raise OSError("no files in memory")
        return cls(FileIO(os.memfd_create("rows"), "r+"))

    def give(self, data: Any) -> Place:
        """Write data for another process. From now on none can `answer` an older place of this file."""
        token, whole = os.urandom(TOKEN), memoryview(data).cast("B")
        with self._alone(wait=False):
            self._write(token, 0)
        self._write(whole, TOKEN)
        return Place(f"/proc/{os.getpid()}/fd/{self._file.fileno()}", token, len(whole))

    def take(self, place: Place, data: Any) -> None:
        """Read what was answered."""
        self._read(data, TOKEN + place.size)

    def end(self) -> None:
        """Give the memory back, also where processes that were forked meanwhile have the file open."""
        if not self._file.closed:
            self._file.truncate(0)
            self._file.close()

    # ---- in the one that answers ----

    @classmethod
    @contextmanager
    def found(cls, place: Place) -> Iterator["MemoryFile"]:
        """The file at a place, open as long as the block."""
        if not stat.S_ISREG(os.stat(place.path).st_mode):       # to open a pipe or a device may do something
            raise OSError("another file")
        with FileIO(place.path, "r+") as file:
            opened = cls(file)
            opened._check(place)
            yield opened

    def given(self, data: Any) -> None:
        """Read what `give` wrote."""
        self._read(data, TOKEN)

    def answer(self, place: Place, data: Any) -> None:
        """Write data behind what was given; OSError where something else has been given since."""
        with self._alone(wait=True):
            self._check(place)
            self._write(data, TOKEN + place.size)

    # ---- in both ----

    @contextmanager
    def _alone(self, wait: bool) -> Iterator[None]:
        """No other process is in such a block; a killed one leaves it. OSError where one is, unless this waits."""
        import fcntl
        fcntl.flock(self._file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        try:
            yield
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)

    def _check(self, place: Place) -> None:
        token = bytearray(TOKEN)
        self._read(token, 0)
        if token != place.token:
            raise OSError("another file")

    def _write(self, data: Any, at: int) -> None:
        left = memoryview(data).cast("B")
        while left:
            count = os.pwrite(self._file.fileno(), left, at)
            left, at = left[count:], at + count

    def _read(self, data: Any, at: int) -> None:
        left = memoryview(data).cast("B")
        while left:
            count = os.preadv(self._file.fileno(), [left], at)
            if not count:
                raise OSError("the file is too short")
            left, at = left[count:], at + count
