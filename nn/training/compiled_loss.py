"""The compiled loss of one example: how it is traced for a row, called for many, and compared with the eager loss."""

from array import array
from collections.abc import Callable, Sequence
from functools import reduce
from operator import add
from typing import Any

from autograd import Environment, TraceError, value_and_grad
from nn.modules.noise import Run
from nn.nested import numbers_in
from nn.training.data import Data
from nn.training.eager import EagerLoss, LossAndGradient
from nn.training.row_function import RowFunction
from nn.training.structure import Structure, nested

# code that names one of these may tell an int or a float, which it gets eagerly, from the Value of a trace
TYPE_TESTS = frozenset({"isinstance", "issubclass", "type", "hasattr", "getattr", "callable", "int", "float", "str",
                        "repr", "format", "dtype", "__class__"})
COMPARED = 16       # rows that are compared with eager for their targets, and as many for their extreme numbers


class NeedsUnitsError(Exception):
    """The model draws random numbers, gives nested lists, or gets other examples: `CompiledUnits` compiles it."""


class CompiledLoss:
    """The loss as machine code, traced when it is first needed; TraceError where that cannot be, or gives other bits.

    thorough: compare it with eager for every row where the user's code asks for the kind of a number.
    """

    def __init__(self, eager: EagerLoss, structure: Structure, thorough: bool = True,
                 announce: Callable[[], None] = lambda: None, fast: bool = False) -> None:
        """structure: of all examples, an input and a target. announce: called before each compilation."""
        self.eager, self._announce, self._fast = eager, announce, fast
        self.environment = Environment(eager.model, eager.loss)
        self._thorough = thorough and not TYPE_TESTS.isdisjoint(self.environment.names)
        self._gradient: RowFunction | None = None
        self._outputs: RowFunction | None = None
        self._several, self._count = False, 0
        self._structure = structure
        self.given_up = ""      # why most rows of a batch ran uncompiled, as a warning has said it
        self._known: dict[tuple[RowFunction, int], Data] = {}    # functions and data that have been compared
        if self.environment.iterators:
            raise TraceError(f"{self.environment.iterators[0]} is used up by reading, and what it gives would be "
                             "frozen; give the numbers as data")

    def gradient(self, data: Data, rows: Sequence[int]) -> LossAndGradient:
        """The sum of the losses of these rows, and its gradient."""
        self._check(data)
        if self._gradient is None:
            wrt = self.eager.parameters
            self._announce()
            self._gradient = RowFunction(self._parts(lambda output, loss: loss), data.row(0), 1 + len(wrt),
                                         lambda f: value_and_grad(f, wrt=wrt), self._fast)
        total, *sums = self._gradient.sum(data.table, rows, self.eager.epochs_left * len(data.inputs))
        if 2 * len(self._gradient.traced) > len(rows):
            self.given_up = self._gradient.uncompiled
        self._compare(self._gradient, data, lambda i: self.eager.gradient(data, [i]))
        return total, sums

    def gradient_code(self, data: Data) -> tuple[Any, Sequence[Any]] | None:
        """As in LossGradients."""
        if self._gradient is None or (self._gradient, id(data)) not in self._known:
            return None
        code = self._gradient.of_tables(0)
        return None if code is None else (code, self._gradient.captured)

    def outputs(self, data: Data) -> tuple[float, list[Any]]:
        """The sum of the losses of all rows, and the model's output for each."""
        self._check(data)
        if self._outputs is None:
            self._announce()
            with self.environment:
                output = self.eager.output(data, [0])[1][0]
            raise_if_changed(self.environment)
            several = self._several = isinstance(output, list)
            if isinstance(output, list) and any(isinstance(item, list) for item in output):
                raise NeedsUnitsError
            parts = self._parts(lambda output, loss: [loss, *(output if several else [output])])
            self._count = 1 + (len(output) if isinstance(output, list) else 1)
            self._outputs = RowFunction(parts, data.row(0), self._count, fast=self._fast)
        found = self._outputs.each(data.table, self.eager.epochs_left)
        losses, *columns = (found[i::self._count].tolist() for i in range(self._count))
        outputs: list[Any] = [*map(list, zip(*columns, strict=True))] if self._several else columns[0]
        self._compare(self._outputs, data, lambda i: self._output(data, i))
        return reduce(add, losses, 0.0), outputs     # sum() would compensate

    def _output(self, data: Data, row: int) -> tuple[float, list[float]]:
        """The eager loss of a row, and the numbers of the model's output."""
        loss, [output] = self.eager.outputs(data.part([row]))
        return loss, output if isinstance(output, list) else [output]

    def _check(self, data: Data) -> None:
        if data.structure != self._structure:       # of a validation, say
            raise NeedsUnitsError

    def _parts(self, chosen: Callable[[Any, Any], Any]) -> Callable[[Any], Any]:
        """A function of a row, which is the inputs and then the target: ``chosen`` of the output and the loss."""
        shape, model, loss, environment = self._structure, self.eager.model, self.eager.loss, self.environment

        def example(row: Any) -> Any:
            x, target = nested(shape, iter(row))
            with environment, Run(_refuse):
                output = model(x)
                found = loss(output, target)
            raise_if_changed(environment)
            return chosen(output, found)

        return example

    def _compare(self, bound: RowFunction, data: Data, eager: Callable[[int], Any]) -> None:
        """Raise TraceError where eager gives other bits, for `rows_to_compare` once and for each traced row."""
        rows = [data.places[row] for row in bound.traced]
        if (bound, id(data)) not in self._known:
            self._known[bound, id(data)] = data     # kept, so that its id is no other's
            rows += range(len(data.inputs)) if self._thorough else rows_to_compare(data)
        for i in dict.fromkeys(rows):
            numbers = bound.exactly(data.table, i) if self._fast else bound.sum(data.table, [i], left=0)
            with self.environment:
                total, rest = eager(i)
            raise_if_changed(self.environment)
            if not same_bits(numbers, [total, *rest]):
                raise TraceError(f"row {i} (counted from 0) has other numbers eagerly: the model or the loss depends "
                                 "on what a trace cannot see, such as whether a number is an int (isinstance)")
        bound.traced.clear()


def _refuse() -> Any:
    raise NeedsUnitsError


def raise_if_changed(environment: Environment) -> None:
    """Raise TraceError where the model or the loss drew by chance, read a Value's number, or had a side effect."""
    if environment.drawn:
        raise TraceError(f"what the model draws by chance would be frozen: {environment.drawn}")
    if environment.frozen:
        raise TraceError("what is read of a Value from outside would be frozen; compute with the Value itself, or with "
                         f"detach() for a constant to derivatives: {environment.frozen}")
    changed = environment.changed()
    if changed:
        raise TraceError(f"a call of the model or the loss changes what they read, which code does not do: {changed}")


def same_bits(numbers: list[float], wanted: list[float]) -> bool:
    """Whether these are the same numbers: -0.0 is not 0.0, and any nan is nan, which the text says, but slowly."""
    return array("d", numbers).tobytes() == array("d", wanted).tobytes() or repr(numbers) == repr(wanted)


def rows_to_compare(data: Data) -> list[int]:
    """Rows with different targets, and with the lowest and highest number of a column, or a zero."""
    targets: dict[Any, int] = {}
    for i, target in enumerate(data.targets):
        targets.setdefault(tuple(numbers_in(target)) if isinstance(target, list) else target, i)
        if len(targets) == COMPARED:
            break
    extremes: dict[int, None] = {}
    for j in range(data.width):
        if len(extremes) == COMPARED:
            break
        column = data.table[j::data.width]
        for x in (min(column), max(column), 0.0):
            if x in column and len(extremes) < COMPARED:
                extremes[column.index(x)] = None
    return [*targets.values(), *extremes]
