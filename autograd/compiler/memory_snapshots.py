"""Numbers in a block of memory: arrays of NumPy and of Python, bytearrays, what ctypes makes; and back to them."""

from copy import copy
from typing import Any


def is_buffer(kind: type) -> bool:
    """Whether objects of this kind are such a block."""
    return hasattr(kind, "tobytes") or issubclass(kind, bytearray) or is_of_c(kind)


def is_of_c(kind: type) -> bool:
    """Whether ctypes makes it: a number, a structure, an array; of a pointer that is where it points to."""
    return hasattr(kind, "from_buffer_copy")


class MemorySnapshot:
    """Such a block, and what was in it when this was made."""

    def __init__(self, path: str, x: Any) -> None:
        self.path, self._x = path, x
        self._known = self._bytes()
        self._copy = None if is_of_c(type(x)) else copy(x)      # with pointers in it, it cannot be copied

    def changed(self) -> bool:
        """Whether other bytes are in it now: -0.0 is not 0.0, and nan is nan."""
        return self._bytes() != self._known

    def restore(self) -> None:
        """Put back what was in it."""
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
