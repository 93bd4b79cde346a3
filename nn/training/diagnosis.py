"""TrainingError, and the search for the example and the operation at which a loss or its gradient became nan or inf."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from math import isfinite
from typing import Any

from autograd import Anomaly, AnomalyError, AutogradError, Value, anomaly, find_anomaly, value_and_grad
from nn.training.data import Data
from nn.training.eager import EagerLoss
from nn.training.history import History


class TrainingError(AutogradError, FloatingPointError):
    """A loss, a gradient or a parameter became nan or infinite; the parameters are those before that batch.

    history: the epochs that were finished. row: the example's number, counted from 0, among those that are trained on
    (with ``validation`` a part, in their new order); None where no single one is to blame. anomaly: what `find_anomaly`
    found for it, for ``draw_dot``, or None.

    >>> from nn import SGD, Linear, fit, mse_loss
    >>> model = Linear(1, 1, seed=0)
    >>> try:
    ...     fit(model, mse_loss, [[1e200]], [1.0], SGD(model.parameters(), lr=1.0), epochs=2, progress=False)
    ... except TrainingError as error:
    ...     print(error.row, error.history.epochs)
    0 0
    """

    history: History | None = None
    row: int | None = None
    anomaly: Anomaly | None = None


def training_error(eager: EagerLoss, data: Data, rows: Iterable[int], where: str) -> TrainingError:
    """The error for rows whose loss or gradient is not finite: each row, or their batch, is computed again, eagerly."""
    for unit in eager.units(rows):
        example = partial(_loss, eager, data, unit)
        height, slopes = value_and_grad(example, wrt=eager.parameters)()
        if isfinite(height) and all(map(isfinite, slopes)):
            continue
        found = _found(example)
        what = f"is {height}" if not isfinite(height) else "is finite, its gradient is not"
        whose = f"row {unit[0]}"
        if eager.batched:
            whose = f"the batch of rows {', '.join(map(str, unit[:10]))}{', ...' * (len(unit) > 10)}"
        error = TrainingError(f"{where}: the loss of {whose} (counted from 0) {what}; the parameters are those "
                              f"before this batch\n{found.message if found else 'no node of its graph shows why'}")
        error.row, error.anomaly = None if eager.batched else unit[0], found
        return error
    return TrainingError(f"{where}: each row's loss and gradient is finite, but their sum is not; scale the loss, or "
                         "lower the learning rate")


def _loss(eager: EagerLoss, data: Data, unit: Sequence[int]) -> Any:
    x, target = eager.example(data, unit)
    with eager.run(unit):
        return eager.loss(eager.model(x), target)


def _found(example: Callable[[], Any]) -> Anomaly | None:
    """The first bad node, with the line of code that made it."""
    try:
        with anomaly():
            out = example()
    except AnomalyError as error:
        anomaly_: Anomaly = error.anomaly
        return anomaly_
    return find_anomaly(out) if isinstance(out, Value) else None
