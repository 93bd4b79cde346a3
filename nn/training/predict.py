"""predict: a model's outputs for many examples, in eval mode and without a graph."""

from collections.abc import Callable
from typing import Any

from nn.training.data import Data, read_inputs
from nn.training.loss_gradients import LossGradients
from nn.training.modes import Modes
from nn.validators import count_or_none, flag

ENOUGH = 64     # examples from which on compiling pays


def predict(model: Callable[..., Any], X: Any, *, batched: bool = False, batch_size: int | None = None,  # noqa: N803
            jit: bool | str = "auto") -> list[Any]:
    """The outputs of ``model`` for the examples of ``X``: floats, or lists of floats as the model gives them.

    X: as `fit` takes it: rows of numbers, or nested ones. A Module is in eval mode meanwhile: Dropout keeps everything,
    BatchNorm takes its running statistics, and so needs no batches here. batched: the model takes lists of examples, as
    one does that compares them, and gets ``batch_size`` at a time (None: all). jit: "auto" compiles where there are
    many examples, and runs eagerly what cannot be compiled; True and False as in `fit`. The numbers are the same, to
    the bit.

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
    with Modes(model) as modes, modes.measuring():
        return LossGradients(model, _nothing, [], compiled, flag("predict: batched", batched), size).outputs(data)[1]


def _nothing(output: Any, target: Any) -> float:
    return 0.0
