"""Rows that go to workers of this machine in files, which they read and write."""

from typing import NamedTuple

from autograd.batch.memory_file import MemoryFile, Place
from autograd.batch.packets import Packets, Room


class Lent(NamedTuple):
    """A file that a worker has, and where it finds it."""

    file: MemoryFile
    place: Place


class Nearby:
    """The files of one call: each serves one part after another, as the memory of a new one takes longer to come by."""

    def __init__(self) -> None:
        self._files: list[MemoryFile] = []
        self._free: list[MemoryFile] = []
        self._inputs, self._outputs = Room(), Room()

    def lend(self, packets: Packets, first: int, count: int) -> Lent | None:
        """A file with the inputs of these rows; None where there is none to be had."""
        numbers = packets.pack(first, count, self._inputs.of(packets.inputs * count))
        try:
            if not self._free:
                self._free.append(MemoryFile.made())
                self._files += self._free
            file = self._free.pop()
            return Lent(file, file.give(numbers))
        except OSError:
            return None

    def take(self, lent: Lent, packets: Packets, first: int, count: int) -> None:
        """Put the outputs that a worker has written to where they belong."""
        numbers = self._outputs.of(len(packets.outputs) * count)
        lent.file.take(lent.place, numbers)
        packets.unpack(numbers, first, count)
        self._free.append(lent.file)

    def end(self) -> None:
        """Give their memory back."""
        for file in self._files:
            file.end()
