"""predict: a model's outputs for many examples, in eval mode and without a graph."""

from collections.abc import Callable, Mapping, Sequence, Set
from contextlib import suppress
from typing import Any

from autograd import Value, no_grad
from nn.nested import numbers_in
from nn.training.data import Data, read_inputs
from nn.training.eager import EagerLoss
from nn.training.loss_gradients import LossGradients
from nn.training.modes import Modes
from nn.training.structure import structure
from nn.training.trial import trial
from nn.validators import count_or_none, flag

ENOUGH = 64     # examples from which on compiling pays


def predict(model: Callable[..., Any], X: Any, *, batched: bool = False, batch_size: int | None = None,  # noqa: N803
            jit: bool | str = "auto") -> list[Any]:
    """The outputs of ``model`` for the examples of ``X``: floats, or lists of floats as the model gives them.

    X: as `fit` takes it: rows of numbers, or nested ones. A Module is in eval mode meanwhile: Dropout keeps everything,
    BatchNorm takes its running statistics, and so needs no batches here. batched: the model takes lists of examples, as
    one does that compares them, and gets ``batch_size`` at a time (None: all). jit: "auto" compiles where there are
    many examples, and runs eagerly what cannot be compiled; True and False as in `fit`. The numbers are the same, to
    the bit. An error of the model names the row; so does one of an output that is no number and no list of numbers.

    >>> from nn import Linear
    >>> predict(Linear(2, 1, seed=0), [[0.0, 1.0], [2.0, 3.0]]) == [[y.data for y in Linear(2, 1, seed=0)(x)]
    ...                                                            for x in ([0.0, 1.0], [2.0, 3.0])]
    True
    """
    if not callable(model) or isinstance(model, type):
        raise TypeError(f"predict: model has to be a function or a Module, not {type(model).__name__}")
    if jit not in ("auto", True, False):
        raise ValueError(f'predict: jit is "auto", True or False, not {jit!r}')
    rows = read_inputs(X)
    data = Data(rows, [0] * len(rows))
    size = count_or_none("predict: batch_size", batch_size)
    compiled = jit if jit != "auto" or len(rows) >= ENOUGH else False
    found = LossGradients(model, _nothing, [], compiled, flag("predict: batched", batched), size)
    with Modes(model) as modes, modes.measuring():
        unit = found.eager.measured_units(len(rows))[0][:2]
        output: Any = 0.0
        with suppress(Exception), trial(model):       # the run below raises it
            output = _output(found.eager, data, unit)
        _check_numbers(output, unit)        # compiled code sees no types
        try:
            return found.outputs(data)[1]
        except (TypeError, ValueError, LookupError, RecursionError):
            _name_the_row(found.eager, data)
            raise


def _output(eager: EagerLoss, data: Data, unit: Sequence[int]) -> Any:
    with no_grad(), eager.run(unit, measured=True):
        return eager.model(eager.example(data, unit)[0])


def _name_the_row(eager: EagerLoss, data: Data) -> None:
    """Raise the error of the first row that has one, with its number, unless all rows fail alike."""
    for unit in eager.measured_units(len(data.inputs)):
        try:
            output = _output(eager, data, unit)
        except (TypeError, ValueError, IndexError) as error:
            alike = not unit[0] and len({*map(structure, data.inputs)}) == 1
            if alike or type(error) not in (TypeError, ValueError, IndexError):
                raise
            raise type(error)(f"predict: X, {_rows(unit)}: {error}") from error
        _check_numbers(output, unit)


def _check_numbers(output: Any, unit: Sequence[int]) -> None:
    """A TypeError for an output that is no number, and no list of numbers."""
    wrong = _no_number_in(output) or ("" if numbers_in(output) else "a list of no numbers")
    if wrong:
        raise TypeError(f"predict: for X, {_rows(unit)}, the model returned {wrong}; a model returns a number, or a "
                        "list of numbers, which may be nested")


def _rows(unit: Sequence[int]) -> str:
    return f"row{'s' * (len(unit) > 1)} {' to '.join(dict.fromkeys([str(unit[0]), str(unit[-1])]))} (counted from 0)"


def _no_number_in(output: Any) -> str:
    """What in an output is no number, in words; empty if all is right."""
    if hasattr(output, "__len__") and not isinstance(output, (str, bytes, Mapping, Set)) and (
            getattr(output, "shape", None) != ()):
        wrong = next(filter(None, map(_no_number_in, output)), "")
        return wrong if wrong.startswith("a list") or not wrong else f"a list with {wrong}"
    if isinstance(output, Value) or hasattr(output, "__float__"):
        return ""
    return "None" if output is None else f"something of type {type(output).__name__}"


def _nothing(output: Any, target: Any) -> float:
    return 0.0
