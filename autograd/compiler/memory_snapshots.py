"""Snapshots of blocks of memory: arrays of NumPy and of Python, bytearrays, ctypes objects."""

from copy import copy
from typing import Any


def is_buffer(kind: type) -> bool:
    """Whether objects of this class are blocks of memory."""
    return hasattr(kind, "tobytes") or issubclass(kind, bytearray) or is_of_c(kind)


def is_of_c(kind: type) -> bool:
    """Whether it is a ctypes class: a number, a structure, an array, a pointer (whose block is the address)."""
    return hasattr(kind, "from_buffer_copy")


class MemorySnapshot:
    """A block of memory, and its contents at this time."""

    def __init__(self, path: str, x: Any) -> None:
        self.path, self._x = path, x
        self._known = self._bytes()
        self._copy = None if is_of_c(type(x)) else copy(x)      # with pointers in it, it cannot be copied

    def changed(self) -> bool:
        """Whether its bytes are others now: -0.0 is not 0.0, and nan is nan."""
        return self._bytes() != self._known

    def restore(self) -> None:
        """Put the contents back."""
        if not self.changed():
            return
        if self._copy is None:
            import ctypes
            ctypes.memmove(ctypes.addressof(self._x), self._known, len(self._known))
        else:       # an array may have no axis to slice
            self._x[... if hasattr(self._x, "shape") else slice(None)] = self._copy

    def _bytes(self) -> bytes:
        x = self._x
        return x.tobytes() if hasattr(x, "tobytes") else bytes(x if isinstance(x, bytearray) else memoryview(x))
