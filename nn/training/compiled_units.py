"""The compiled loss of examples that have a structure, draw random numbers or change buffers, and of whole batches.

`CompiledLoss` is the faster way for examples that are rows of numbers. Here each structure of an example, or of a
batch, has its code, whose inputs are the numbers of inputs and targets and those that are drawn by chance.
"""

from array import array
from collections.abc import Callable, Sequence
from operator import add
from typing import Any

from autograd import Environment, TraceError, Value, jit, no_grad, value_and_grad
from nn.modules.noise import Run
from nn.nested import numbers_in
from nn.training.any_length import AnyLength, Shape, any_length, example_of, inputs_of
from nn.training.compiled_loss import COMPARED, TYPE_TESTS, raise_if_changed, same_bits
from nn.training.data import Data
from nn.training.eager import EagerLoss, LossAndGradient, as_floats
from nn.training.structure import nested, structure


class MoreDrawsError(Exception):
    """This example draws more random numbers than the code of its structure has inputs for."""


class CompiledUnits:
    """The loss as machine code, as `CompiledLoss`, for whatever the model is given at a time: a unit."""

    def __init__(self, eager: EagerLoss, thorough: bool = True, announce: Callable[[], None] = lambda: None) -> None:
        self.eager, self._announce = eager, announce
        self.environment = Environment(eager.model, eager.loss)
        self._thorough = thorough and not TYPE_TESTS.isdisjoint(self.environment.names)
        self._codes: dict[Any, _Code] = {}
        self._compared: dict[Any, Data] = {}
        self._known: dict[int, tuple[Data, dict[int, tuple[Shape, list[float]]]]] = {}
        self._open = not eager.batched      # whether one code may serve sequences of all lengths
        self.updates: list[tuple[Value, float]] = []
        self.given_up = ""
        if self.environment.iterators:
            raise TraceError(f"{self.environment.iterators[0]} is used up by reading, and what it gives would be "
                             "frozen; give the numbers as data")

    def gradient(self, data: Data, rows: Sequence[int]) -> LossAndGradient:
        """As `EagerLoss.gradient`."""
        units = self.eager.units(rows)
        total, sums, traced = 0.0, [0.0] * len(self.eager.parameters), 0
        for unit in units:
            code, numbers, fresh = self._numbers(data, unit, False)
            traced += fresh
            extra = 1 + len(code.updated)
            self.updates = list(zip(code.updated, numbers[1:extra], strict=True))
            total += numbers[0]
            sums = list(map(add, sums, numbers[extra:]))
            if 2 * traced > len(units):
                self.given_up = code.uncompiled
        return total, sums

    def outputs(self, data: Data) -> tuple[float, list[Any]]:
        """As `EagerLoss.outputs`."""
        total, outputs = 0.0, []
        for unit in self.eager.measured_units(len(data.inputs)):
            code, (loss, *output), _ = self._numbers(data, unit, True)
            total += loss * len(unit)
            outputs += self.eager.row_outputs(nested(code.output, iter(output)), unit)
        return total, outputs

    def gradient_code(self, data: Data) -> None:
        """There is no code for whole tables of rows."""

    def _numbers(self, data: Data, unit: Sequence[int], measured: bool) -> tuple["_Code", list[float], bool]:
        """The code for a unit, its numbers, and whether it was traced for them; TraceError where eager has others."""
        shape, given = self._example(data, unit)
        if isinstance(shape, AnyLength):
            try:
                return self._by_code(shape, given, data, unit, measured)
            except Exception:       # the model does more with a sequence than recurrent layers do
                self.environment.restore()
                self._open = False
                self._known.clear()
                shape, given = self._example(data, unit)
        return self._by_code(shape, given, data, unit, measured)

    def _by_code(self, shape: Shape, given: list[float], data: Data, unit: Sequence[int],
                 measured: bool) -> tuple["_Code", list[float], bool]:
        key = measured, shape
        code = self._codes.get(key)
        try:
            if code is None:
                raise MoreDrawsError
            numbers = code(given, self.eager.run(unit, measured))
        except MoreDrawsError:
            self._announce()
            code = self._codes[key] = _Code(self, shape, given, unit, measured, 0 if code is None else code.draws)
            numbers = code(given, self.eager.run(unit, measured))
        traced, code.traced = code.traced, False
        self._compare(code, data, unit, numbers, traced)
        return code, numbers, traced

    def _example(self, data: Data, unit: Sequence[int]) -> tuple[Shape, list[float]]:
        """The structure of a unit and its numbers; those of single rows are kept."""
        _, known = self._known.setdefault(id(data), (data, {}))
        if self.eager.batched or unit[0] not in known:
            example = self.eager.example(data, unit)
            shape = any_length(example, data) if self._open else None
            found: tuple[Shape, list[float]] = shape or structure(example), numbers_in(example)
            if self.eager.batched:
                return found
            known[unit[0]] = found
        return known[unit[0]]

    def _compare(self, code: "_Code", data: Data, unit: Sequence[int], numbers: list[float], traced: bool) -> None:
        known = code, id(data), unit[0]
        if not traced and (known in self._compared or not (self._thorough or code.compared < COMPARED)):
            return
        self._compared[known] = data
        code.compared += len(unit)
        with self.environment:
            if code.measured:
                loss, output = self.eager.output(data, unit)
                wanted = [loss, *numbers_in(output)]
            else:
                loss, slopes = self.eager.gradient(data, unit)
                wanted = [loss, *(x for _, x in self.eager.updates), *slopes]
        raise_if_changed(self.environment)
        # added to 0.0 as sums are, in which -0.0 is 0.0
        if not same_bits([0.0 + x for x in numbers], [0.0 + x for x in wanted]):
            raise TraceError(f"row {unit[0]} (counted from 0) has other numbers eagerly: the model or the loss depends "
                             "on what a trace cannot see, such as whether a number is an int (isinstance)")


class _Code:
    """The code for units of one structure.

    draws: how many random numbers it takes; ``least`` or as many as the eager run of the first example draws. updated:
    the Values of buffers for which it gives new numbers. output: the structure of the model's output.
    """

    def __init__(self, owner: CompiledUnits, shape: Shape, given: list[float], unit: Sequence[int], measured: bool,
                 least: int) -> None:
        eager, self.measured, self.compared, self.traced = owner.eager, measured, 0, False
        self._eager, self._environment = eager, owner.environment
        self._shape = shape
        given = inputs_of(shape, given)
        x, target = example_of(shape, iter(given))
        with no_grad(), owner.environment, eager.run(unit, measured) as run:
            output = as_floats(eager.model(x))
            eager.loss(output, target)
        raise_if_changed(owner.environment)
        self.draws, self.output = max(run.draws, least), structure(output)
        self.updated = [] if measured else [value for value, _ in run.updates]
        self._source = array("d", given + self._drawn(eager.run(unit, measured)))
        count = 1 + (len(numbers_in(output)) if measured else len(self.updated) + len(eager.parameters))
        self._out = array("d", bytes(8 * count))
        function: Callable[..., Any] = self._measured if measured else self._loss
        function = function if measured else value_and_grad(function, wrt=eager.parameters, has_aux=True)
        jitted = self._jitted = jit(function)
        self._run = jitted.bind(self._source, out=self._out)

    @property
    def uncompiled(self) -> str:
        """Why units run uncompiled; empty where none does."""
        return str(self._jitted.uncompiled)

    def __call__(self, given: list[float], run: Run) -> list[float]:
        """Its numbers for a unit."""
        self._source[:] = array("d", inputs_of(self._shape, given) + self._drawn(run))
        self._run()
        return self._out.tolist()

    def _drawn(self, run: Run) -> list[float]:
        return [run.draw() for _ in range(self.draws)]

    def _traced(self, row: Any) -> tuple[Any, Any, Run]:
        """The model's output and the loss, for the numbers of a unit behind which are those that are drawn."""
        self.traced = True
        numbers = iter(row)
        x, target = example_of(self._shape, numbers)

        def draw() -> Any:
            try:
                return next(numbers)
            except StopIteration:
                raise MoreDrawsError from None

        with self._environment, Run(draw, self._eager.batched or self.measured) as run:
            output = self._eager.model(x)
            loss = self._eager.loss(output, target)
        raise_if_changed(self._environment)
        return output, loss, run

    def _loss(self, row: Any) -> Any:
        _, loss, run = self._traced(row)
        if [value for value, _ in run.updates] != self.updated:
            raise TraceError("the model changes other buffers for other examples")
        return loss, [x for _, x in run.updates]

    def _measured(self, row: Any) -> Any:
        output, loss, _ = self._traced(row)
        if structure(output) != self.output:
            raise TraceError("the model's output has another structure for other examples")
        return [loss, *numbers_in(output)]
