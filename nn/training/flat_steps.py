"""Steps of an optimiser on plain lists of numbers: parameters and optimiser get them when the last one is done."""

from array import array
from collections.abc import Sequence
from math import isfinite
from typing import Any

from autograd import Value
from nn.optim import Optimizer
from nn.optim.parameters import assign
from nn.training.data import Data


def flat_steps(code: Any, captured: Sequence[Value], optimizer: Optimizer, parameters: Sequence[Value], data: Data,
               batches: Sequence[Sequence[int]]) -> list[float]:
    """A step for each batch, to the bit as `TrainingStep.step`; gives the mean losses before them.

    code, captured: of the loss and its gradient, as `RowFunction` has them. It ends before a batch whose loss, gradient
    or step is not finite. After an interrupt the model and the optimiser are as the last whole step left them.
    """
    places = {p: i for i, p in enumerate(parameters)}
    others = [x.data for x in captured if x not in places]
    behind = iter(range(len(places), len(places) + len(others)))
    order = [places[x] if x in places else next(behind) for x in captured]
    done: tuple[list[float], list[Any], list[float]]
    done = [p.data for p in parameters], optimizer.state, [p.grad for p in parameters]
    losses: list[float] = []

    def give() -> None:
        numbers, optimizer.state, slopes = done
        assign(list(parameters), numbers)
        for p, slope in zip(parameters, slopes, strict=True):
            p.grad = slope

    try:
        for rows in batches:
            numbers, state, _ = done
            known = [*numbers, *others]
            code.hold(array("d", [known[i] for i in order]))
            loss, *slopes = [x / len(rows) for x in code.sum(data.table, array("q", rows))]
            if not (isfinite(loss) and all(map(isfinite, slopes))):
                break
            moved, after = _updated(optimizer, state, numbers, slopes)
            if not all(map(isfinite, moved)):
                break
            done = moved, after, slopes     # at once: an interrupt comes before it or behind it
            losses.append(loss)
    finally:
        try:
            give()
        except BaseException:       # Ctrl-C, for one
            give()
            raise
    return losses


def _updated(optimizer: Optimizer, state: Sequence[Any], numbers: list[float],
             slopes: list[float]) -> tuple[list[float], list[Any]]:
    """The parameters of all groups after the optimiser's update, and its state."""
    moved: list[float] = []
    after = []
    for group, before in zip(optimizer.param_groups, state, strict=True):
        part = slice(len(moved), len(moved) + len(group["params"]))
        new, its = optimizer.update(group, before, numbers[part], slopes[part])
        moved += new
        after.append(its)
    return moved, after
