"""bind: a compiled function as one of no arguments, from a buffer of doubles to another."""

from array import array
from collections.abc import Callable, Sequence
from ctypes import addressof, c_char
from typing import Any

from autograd.compiler.signature import signature
from autograd.graph.value import Value
from autograd.transforms.pytree import leaves


class Bound:
    """What `bind` gives for a function that captures Values: the code, and a buffer of all that it reads."""

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
        """Compute, with the captured Values as they were last read.

        Where a comparison comes out otherwise than in the first call, with them as they are.
        """
        self._buffer[:self._start] = self._inputs
        self._run()


def bind(jitted: Any, given: Any, out: Any) -> Any:
    """``jitted`` from the buffer ``given`` to the buffer ``out``."""
    inputs, outputs = (_doubles(buffer) for buffer in (given, out))

    source, shape = inputs, memoryview(given).shape or ()

    def argument() -> Any:
        if not hasattr(given, "dtype"):
            return source.tolist() if len(shape) == 1 else source.cast("B").cast("d", shape).tolist()
        if source is inputs:
            return given
        copied = given.copy()
        _doubles(copied)[:] = source
        return copied

    def numbers() -> "array[float]":
        found = [x.data if isinstance(x, Value) else float(x) for x in leaves(jitted(argument()))]
        if len(found) != len(outputs):
            raise ValueError(f"bind: {len(found)} numbers do not fill an out of {len(outputs)}")
        return array("d", found)

    def again() -> None:
        outputs[:] = numbers()

    numbers()       # now it is compiled, and nothing is written yet
    key, *_ = signature((argument(),), {})
    version = jitted.versions.roots.get(key)
    if version is None or version.mentions or len(version.made.program.outputs) != len(outputs) or jitted.verifies:
        return again        # nothing is compiled here, or another version has answered: only a call finds out which
    captured, native = version.made.captured, version.code.native
    overlap = _span(inputs)[0] < _span(outputs)[1] and _span(outputs)[0] < _span(inputs)[1]
    if not captured and not native:
        return again
    if not captured and not overlap:
        return native(given, out, again)
    buffer = array("d", bytes(8 * (len(inputs) + len(captured))))   # code may write before it has read all,
    source = memoryview(buffer)[:len(inputs)]                       # or found out that another version has to

    def interpreted() -> None:
        found = version.code.run(buffer.tolist())
        if found.__class__ is int:
            again()
        else:
            outputs[:] = array("d", found)

    bound = Bound(native(buffer, out, again) if native else interpreted, inputs, buffer, captured)
    bound.read()
    return bound if captured else bound.held


def _span(buffer: "memoryview[Any]") -> tuple[int, int]:
    """Where in memory it begins and ends."""
    if not buffer:
        return 0, 0
    start = addressof(c_char.from_buffer(buffer))
    return start, start + buffer.nbytes


def _doubles(buffer: Any) -> "memoryview[Any]":
    """A buffer of doubles as one row."""
    try:
        view = memoryview(buffer)
    except TypeError:
        raise TypeError("bind: expected a buffer of doubles, such as numpy.zeros(3), not "
                        f"{type(buffer).__name__}") from None
    faults = [what for what, wrong in (("of doubles (float64)", view.format != "d"), ("writable", view.readonly),
                                       ("contiguous", not view.c_contiguous)) if wrong]
    if faults:
        raise TypeError(f"bind: this {type(buffer).__name__} has to be a buffer {' and '.join(faults)}, as is "
                        "numpy.zeros(3)")
    return view.cast("B").cast("d") if view.nbytes else memoryview(array("d"))
