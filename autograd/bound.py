"""bind: a compiled function as one of no arguments, from a buffer of doubles to another."""

from array import array
from collections.abc import Callable, Sequence
from typing import Any

from autograd.arguments import is_array, unpack
from autograd.calls import structure
from autograd.value import Value


class Bound:
    """What `bind` gives for a function that captures Values: machine code, and a buffer of their numbers."""

    def __init__(self, run: Callable[[], None], inputs: "memoryview[Any]", buffer: Any,
                 captured: Sequence[Value]) -> None:
        self._run, self._inputs, self._captured = run, inputs, captured
        self._buffer, self._start = memoryview(buffer), len(inputs)

    def __call__(self) -> None:
        """Compute, with the captured Values as they are."""
        self.read()
        self.held()

    def read(self) -> None:
        """Read the captured Values."""
        self._buffer[self._start:] = array("d", [x._data for x in self._captured])

    def held(self) -> None:
        """Compute, with the captured Values as they were last read (as they are, where a comparison comes out anew)."""
        self._buffer[:self._start] = self._inputs
        self._run()


class Plain:
    """The same where there is no machine code: every call reads the captured Values."""

    def __init__(self, run: Callable[[], None]) -> None:
        self.held = run

    def __call__(self) -> None:
        """Compute, with the captured Values as they are."""
        self.held()

    def read(self) -> None:
        """Nothing: every call does."""


def bind(jitted: Any, given: Any, out: Any) -> Any:
    """``jitted`` from the buffer ``given`` to the buffer ``out``."""
    inputs, outputs = (_doubles(buffer) for buffer in (given, out))

    def argument() -> Any:
        return given if is_array(given) else inputs.tolist()

    def again() -> None:
        result = jitted(argument())
        numbers = [x.data if isinstance(x, Value) else float(x) for x in unpack(result)[0]]
        if len(numbers) != len(outputs):
            raise ValueError(f"bind: {len(numbers)} numbers do not fill an out of {len(outputs)}")
        outputs[:] = array("d", numbers)

    again()
    key, *_ = structure((argument(),), {})
    version = jitted._roots[key]
    captured = version.made.captured
    if version.code.native is None:
        return Plain(again) if captured else again
    if not captured:
        return version.code.native.bound(given, out, again)
    buffer = array("d", bytes(8 * (len(inputs) + len(captured))))
    bound = Bound(version.code.native.bound(buffer, out, again), inputs, buffer, captured)
    bound.read()
    return bound


def _doubles(buffer: Any) -> "memoryview[Any]":
    """A buffer of doubles as one row."""
    try:
        view = memoryview(buffer)
        if view.format == "d" and view.c_contiguous and not view.readonly:
            return view.cast("B").cast("d")
    except TypeError:
        pass
    raise TypeError("bind: expected a writable, contiguous buffer of doubles, such as numpy.zeros(3), "
                    f"not {type(buffer).__name__}")
