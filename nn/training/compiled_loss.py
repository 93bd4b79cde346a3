"""How the loss of one example is compiled and called for many: from a row of numbers to its loss and gradient."""

from array import array
from collections.abc import Callable, Iterable, Sequence
from operator import add
from typing import Any

from autograd import Environment, TraceError, jit, value_and_grad
from nn.training.data import Data
from nn.training.eager import Eager, Found

# who asks for these may see that a number is an int or a float eagerly, and a Value while it is traced
KINDS = frozenset({"isinstance", "issubclass", "type", "hasattr", "getattr", "callable", "int", "float", "str", "repr",
                   "format", "dtype", "__class__"})
ROWS = 16       # that are compared for their targets, and as many for their extreme numbers


class Compiled:
    """The loss as machine code, traced when it is first needed; TraceError where that cannot be, or gives other bits.

    thorough: compare it with eager for every row where the user's code asks for the kind of a number.
    """

    def __init__(self, eager: Eager, thorough: bool = True) -> None:
        self.eager = eager
        self.environment = Environment(eager.model, eager.loss)
        self._thorough = thorough and not KINDS.isdisjoint(self.environment.names)
        self._gradient: _Bound | None = None
        self._outputs: _Bound | None = None
        self._several = False
        self._known: dict[tuple[_Bound, int], Data] = {}    # what has been compared
        if self.environment.iterators:
            raise TraceError(f"{self.environment.iterators[0]} is used up by reading, and what it gives would be "
                             "frozen; give the numbers as data")

    def gradient(self, data: Data, rows: Sequence[int]) -> Found:
        """The sum of the losses of these rows, and its gradient."""
        if self._gradient is None:
            wrt = self.eager.parameters
            self._gradient = _Bound(self._parts(data, lambda output, loss: loss), data, 1 + len(wrt),
                                    lambda f: value_and_grad(f, wrt=wrt))
        total, *sums = self._gradient.sum(data, rows)
        self._compare(self._gradient, data, lambda i: self.eager.gradient(data, [i]))
        return total, sums

    def outputs(self, data: Data) -> tuple[float, list[Any]]:
        """The sum of the losses of all rows, and what the model gives for each."""
        if self._outputs is None:
            with self.environment:
                output = self.eager.outputs(data.part([0]))[1][0]
            _unmoved(self.environment)
            several = self._several = isinstance(output, list)
            parts = self._parts(data, lambda output, loss: [loss, *(output if several else [output])])
            self._outputs = _Bound(parts, data, 1 + (len(output) if isinstance(output, list) else 1))
        total, outputs = 0.0, []
        for loss, *output in self._outputs.each(data):
            total += loss
            outputs.append(output if self._several else output[0])
        self._compare(self._outputs, data, lambda i: self.eager.outputs(data.part([i])))
        return total, outputs

    def _parts(self, data: Data, chosen: Callable[[Any, Any], Any]) -> Callable[[Any], Any]:
        """What is ``chosen`` of the output and the loss, as a function of a row: the inputs, then the target."""
        (count, size), model, loss, environment = data.shape, self.eager.model, self.eager.loss, self.environment

        def example(row: Any) -> Any:
            with environment:
                output = model(list(row[:count]))
                found = loss(output, row[count] if size is None else list(row[count:]))
            _unmoved(environment)
            return chosen(output, found)

        return example

    def _compare(self, bound: "_Bound", data: Data, eager: Callable[[int], Any]) -> None:
        """Raise where eager gives other bits: for rows that tell much, once, and for each that was traced."""
        rows = [data.places[row] for row in bound.traced]
        if (bound, id(data)) not in self._known:
            self._known[bound, id(data)] = data     # kept, so that its id is no other's
            rows += range(len(data.inputs)) if self._thorough else telling(data)
        for i in dict.fromkeys(rows):
            numbers = bound.sum(data, [i])
            with self.environment:
                total, rest = eager(i)
            _unmoved(self.environment)
            wanted = [total]
            for x in rest:
                wanted += x if isinstance(x, list) else [x]
            if repr(numbers) != repr(wanted):       # as text: nan is nan, and -0.0 is not 0.0
                raise TraceError(f"row {i} (counted from 0) has other numbers eagerly: the model or the loss depends "
                                 "on what a trace cannot see, such as whether a number is an int (isinstance)")
        bound.traced.clear()


class _Bound:
    """A compiled function of a row, with the places that its numbers are read from and written to."""

    def __init__(self, function: Callable[[Any], Any], data: Data, count: int,
                 derived: Callable[[Any], Any] = lambda f: f) -> None:
        self._row, self._out = array("d", data.packed[0]), array("d", bytes(8 * count))
        traced, buffer = list[bytes](), self._row

        def noted(row: Any) -> Any:
            traced.append(buffer.tobytes())
            return function(row)

        run = jit(derived(noted)).bind(self._row, out=self._out)
        # parameters are read once per batch; a function that captures none has nothing to read
        self._read, self._run = getattr(run, "read", list), getattr(run, "held", run)
        self.traced = traced        # rows for which the function itself ran

    def sum(self, data: Data, rows: Iterable[int]) -> list[float]:
        """What comes out for these rows, added up."""
        total: list[float] = [0.0] * len(self._out)
        numpy = _numpy()
        if numpy is None:
            for _ in self._each(data, rows):
                total = list(map(add, total, self._out))
            return total
        sums, found = numpy.array(total), numpy.frombuffer(self._out)
        for _ in self._each(data, rows):
            sums += found
        total[:] = sums.tolist()
        return total

    def each(self, data: Data) -> Iterable[list[float]]:
        """What comes out for every row."""
        return [self._out.tolist() for _ in self._each(data, range(len(data.inputs)))]

    def _each(self, data: Data, rows: Iterable[int]) -> Iterable[None]:
        row, packed, run = self._row, data.packed, self._run
        self._read()
        for i in rows:
            row[:] = packed[i]
            run()
            yield


def _unmoved(environment: Environment) -> None:
    """Raise where a run of the model and the loss drew by chance, read a Value's number, or changed what they read."""
    if environment.drawn:
        raise TraceError(f"what the model draws by chance would be frozen: {environment.drawn}")
    if environment.frozen:
        raise TraceError("what is read of a Value from outside would be frozen; compute with the Value itself, or with "
                         f"detach() for a constant to derivatives: {environment.frozen}")
    changed = environment.changed()
    if changed:
        raise TraceError(f"a call of the model or the loss changes what they read, which code does not do: {changed}")


def telling(data: Data) -> list[int]:
    """Rows with different targets, and with the lowest and highest number of a column, or a zero."""
    targets: dict[Any, int] = {}
    for i, target in enumerate(data.targets):
        targets.setdefault(tuple(target) if isinstance(target, list) else target, i)
        if len(targets) == ROWS:
            break
    extremes: dict[int, None] = {}
    for column in zip(*data.packed, strict=True):
        for x in (min(column), max(column), 0.0):
            if x in column and len(extremes) < ROWS:
                extremes[column.index(x)] = None
    return [*targets.values(), *extremes]


def _numpy() -> Any:
    try:
        import numpy
    except ImportError:
        return None
    return numpy
