"""bind: a compiled function that reads its input from one buffer of doubles and writes its result to another."""

from array import array
from collections.abc import Callable, Sequence
from ctypes import addressof, c_char
from typing import Any

from autograd.compiler.row_tables import column_lanes, row_tables
from autograd.compiler.signature import call_signature
from autograd.graph.value import Value
from autograd.program.rolled import written_out
from autograd.transforms.pytree import leaves


class BufferCall:
    """The result of `bind` for a function that captures Values: the code, and a buffer of all its inputs."""

    def __init__(self, run: Callable[[], None], inputs: "memoryview[Any]", buffer: Any,
                 captured: Sequence[Value], code: Any) -> None:
        self._run, self._inputs, self.captured, self._code = run, inputs, captured, code
        self._buffer, self._start = memoryview(buffer), len(inputs)

    def __call__(self) -> None:
        """Compute, with the captured Values as they are."""
        self.read()
        self.held()

    def read(self) -> None:
        """Read the captured Values."""
        self._buffer[self._start:] = array("d", [x._data for x in self.captured])

    def held(self) -> None:
        """Compute, with the captured Values as they were last read.

        Where a guard fails it reads them anew.
        """
        self._buffer[:self._start] = self._inputs
        self._run()

    @property
    def instructions(self) -> int:
        """How many its code has."""
        return len(self._code.program.instructions)

    @property
    def written_out(self) -> int:
        """How many elementary ones there are for `rows` to compile."""
        return written_out(self._code.program)

    def rows(self, fast: bool = False) -> Any:
        """Machine code over tables whose rows are what the input buffer holds; None where there is none.

        It has ``each(table)``, ``sum(table, order)``, and ``hold(numbers)`` for those of the captured Values. fast: as
        in `vmap`.
        """
        return row_tables(self._code.program, self._code.backend, self._start, fast or self._code.fast,
                          self._code.cache)

    def columns(self, fast: bool = False) -> Any:
        """The same with a column for each number of a row: `Lanes`, whose last columns are the captured Values'.

        They are of the fastest backend, so that nothing else need be compiled: the function may be Python's.
        """
        return column_lanes(self._code.program, self._start, fast or self._code.fast)


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
    signature, *_ = call_signature((argument(),), {})
    root = jitted.versions.roots.get(signature)
    if root is None or root.mentions or len(root.trace.program.outputs) != len(outputs) or jitted.verifies:
        return again        # nothing is compiled here, or another specialization answers: only a call finds out
    captured, native = root.trace.captured, root.code.native
    overlap = _span(inputs)[0] < _span(outputs)[1] and _span(outputs)[0] < _span(inputs)[1]
    if not captured and not native:
        return again
    if not captured and not overlap:
        return native(given, out, again)
    buffer = array("d", bytes(8 * (len(inputs) + len(captured))))   # code may write before it has read all,
    source = memoryview(buffer)[:len(inputs)]                       # or found out that another specialization has to

    def interpreted() -> None:
        found = root.code.run(buffer.tolist())
        if found.__class__ is int:
            again()
        else:
            outputs[:] = array("d", found)

    bound = BufferCall(native(buffer, out, again) if native else interpreted, inputs, buffer, captured, root.code)
    bound.read()
    return bound if captured else bound.held


def _span(buffer: "memoryview[Any]") -> tuple[int, int]:
    """The addresses at which a buffer begins and ends."""
    if not buffer:
        return 0, 0
    start = addressof(c_char.from_buffer(buffer))
    return start, start + buffer.nbytes


def _doubles(buffer: Any) -> "memoryview[Any]":
    """A buffer of doubles as a flat memoryview; TypeError for any other."""
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
