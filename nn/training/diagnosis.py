"""TrainingError, and the search for the example and the operation at which a loss or its gradient became nan or inf."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from math import isfinite
from typing import Any

from autograd import Anomaly, AnomalyError, AutogradError, Value, anomaly, find_anomaly, value_and_grad
from nn.training.data import Data
from nn.training.history import History


class TrainingError(AutogradError, FloatingPointError):
    """A loss, a gradient or a parameter became nan or infinite; the parameters are those before that batch.

    history: the epochs that were finished. row: the example's number, counted from 0, among those that are trained on
    (with ``validation`` a part, in their new order); None where no single one is to blame. anomaly: what `find_anomaly`
    found for it, for ``draw_dot``, or None.
    """

    history: History | None = None
    row: int | None = None
    anomaly: Anomaly | None = None


def training_error(model: Callable[..., Any], loss: Callable[..., Any], parameters: Sequence[Value], data: Data,
              rows: Iterable[int], where: str) -> TrainingError:
    """The error for rows whose loss or gradient is not finite: each row is computed again, eagerly."""
    for i in rows:
        example = partial(_loss, model, loss, *data.example(i))
        height, slopes = value_and_grad(example, wrt=parameters)()
        if isfinite(height) and all(map(isfinite, slopes)):
            continue
        found = _found(example)
        what = f"is {height}" if not isfinite(height) else "is finite, its gradient is not"
        error = TrainingError(f"{where}: the loss of row {i} (counted from 0) {what}; the parameters are those "
                              f"before this batch\n{found.message if found else 'no node of its graph shows why'}")
        error.row, error.anomaly = i, found
        return error
    return TrainingError(f"{where}: each row's loss and gradient is finite, but their sum is not; scale the loss, or "
                         "lower the learning rate")


def _loss(model: Callable[..., Any], loss: Callable[..., Any], x: Any, target: Any) -> Any:
    return loss(model(x), target)


def _found(example: Callable[[], Any]) -> Anomaly | None:
    """The first bad node, with the line of code that made it."""
    try:
        with anomaly():
            out = example()
    except AnomalyError as error:
        anomaly_: Anomaly = error.anomaly
        return anomaly_
    return find_anomaly(out) if isinstance(out, Value) else None
