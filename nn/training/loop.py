"""fit: the loop over epochs and batches, the measurements after each epoch, and the reasons to stop."""

import os
import warnings
from array import array
from collections.abc import Callable, Mapping, Sequence
from time import monotonic
from typing import Any

from nn.module import Module
from nn.optim import Optimizer
from nn.optim.lr_scheduler import LambdaLR
from nn.training.checkpoints import Checkpoint, digest
from nn.training.data import Data, read_examples, row_order, split_validation
from nn.training.diagnosis import TrainingError
from nn.training.history import History
from nn.training.last_batch import check_last_batch
from nn.training.loss_gradients import LossGradients, check_targets
from nn.training.modes import Modes
from nn.training.progress import Progress
from nn.training.training_state import TrainingState
from nn.training.training_step import TrainingStep, parameters_of, trained
from nn.training.trial import trial
from nn.validators import count, count_or_0, count_or_none, flag, positive

SECONDS = 0.1       # of the clock, after which other threads see new numbers where nobody else looks at them

Metrics = Mapping[str, Callable[[Sequence[Any], Sequence[Any]], Any]]


def fit(model: Callable[[Any], Any], loss: Callable[[Any, Any], Any], X: Any, y: Any,  # noqa: N803
        optimizer: Optimizer, epochs: int, batch_size: int | None = None, validation: Any = None,
        metrics: Metrics | None = None, *, batched: bool = False, jit: bool | str = "auto", progress: bool = True,
        seed: int = 0, patience: int | None = None, schedulers: Sequence[Any] = (), clip_norm: float | None = None,
        clip_value: float | None = None, callbacks: Sequence[Callable[[int, History], Any]] = (),
        checkpoint: str | os.PathLike[str] | None = None, fast: bool = False) -> History:
    """Train ``model``: for each batch, one step of the optimiser along the mean gradient of ``loss(model(x), target)``.

    X, y: a row of numbers for each example, and its target: a number, the number of a class, or a list of numbers. Any
        iterables, arrays or tables. Rows that do not fit, what is no number, nan and inf are errors that name the row.
        A row or a target may be nested: a sequence of vectors, whose lengths may differ, or an image of channels. Each
        length is compiled for itself, but for recurrent layers of which the last output or state is read: these are
        compiled for all lengths at once. Lists of whole numbers, as of words for an Embedding, may differ in length,
        and so may targets with a number for each item of their row; another sequence of numbers is [[x] for x in row].
    optimizer: moves the parameters that it was given, and no others. Weight decay is its matter.
    batch_size: None takes all rows as they stand; else each epoch has an order of its own, drawn by ``seed``.
    validation: a pair (X, y), or the part of the rows that is drawn and held out. It makes "val_loss".
    metrics: from a name to a function of all outputs and all targets, as in ``{"accuracy": accuracy}``; measured
        after each epoch, and of the validation as "val_accuracy".
    batched: the model gets the list of a batch's examples and returns a list of outputs, of which, with the list of
        targets, ``loss`` makes the batch's loss: for statistics of a batch (BatchNorm1d) and losses that compare
        examples. A loss of nn takes the two lists as they are, and its mean is over them; "val_loss" is the mean over
        batches of this size. Compiled, a whole batch is one function: its compilation takes as many times longer.
    jit: the loss of one example is traced and compiled, again for each way its comparisons come out, and where what it
        reads from outside has changed, see below. "auto": what cannot be traced, draws by chance, reads the ``data`` of
        a Value from outside, changes what it reads itself, or gives other bits eagerly, runs eagerly, with a warning;
        True: is an error; False: all runs eagerly. The numbers are the same. Where comparisons come out in too many
        ways, a warning names one; "auto" goes on eagerly if most rows of a batch came out in new ways.
    patience: stop when "val_loss" has had no new lowest for so many epochs; the model gets the parameters of its best.
    schedulers: stepped after each epoch; ReduceLROnPlateau by "val_loss", or "loss" without a validation.
    clip_norm, clip_value: the most that the gradient's norm, and each slope, may be.
    callbacks: called with the epoch, counted from 1, and the history; one that returns True stops the training.
    seed: of the orders, the held-out part, and random numbers: those that the model or the loss draws from a
        `nn.Noise`, as Dropout does, depend on this seed, the epoch and the example (of a batch the first), and on
        nothing else. So compiled and eager training, and a resumed one, have the same bits.
    checkpoint: a file, .safetensors or .json, that has everything after each epoch. If it is there, the training goes
        on from it, and ends with the same bits as without the interruption; ValueError if it is another training's.
    fast: machine code may fuse products and sums, call vector functions of the C library, and add up the rows of a
        batch in another order, as in `autograd.vmap`: quicker, and the last bits differ, from run to run as well as
        from ``jit=False``, since they depend on when which code is compiled. What runs eagerly stays as it is;
        so may recurrent layers, and so do gradients of examples of several lengths, of ``batched`` models, and of
        layers that draw by chance or keep statistics.

    A model that is a Module is in train mode for the steps and for callbacks, in eval mode for what is measured, and in
    the end as it was. Modules with a ``train(mode)`` of their own are asked by it, as by ``model.train()``.

    A callback, a metric, a scheduler or an optimiser of your own may change what the model and the loss read: the next
    epoch follows it, and the next step behind such an optimiser. Followed are, as in `autograd.Environment`, attributes
    of Modules, of other objects and of classes, globals, variables of outer functions, context variables, defaults,
    ``functools.partial``, and lists, dicts, sets, arrays and numbers of ctypes in these, as far as the code of your
    functions and methods names them, also in a string, or with ``getattr``, ``vars`` and ``operator``. Not followed
    are numbers that only installed packages or C read, settings of Python's own modules (the context of decimal), what
    is behind a pointer of ctypes, globals whose names are put together at run time, files, the system's environment,
    and what another thread changes in the middle of an epoch, or of a tenth of a second where epochs are shorter.
    Compiled numbers are compared with eager ones for up to 32 rows, for every row if your code asks for the kind of a
    number (``isinstance``, ``type``, ``hasattr``, ...), and for one row of each way that comparisons come out.

    Gives the History: "loss", the epoch's mean while the parameters moved, and what was measured at its end.
    Raises TrainingError, which says where it arose, when a loss, a gradient or a parameter becomes nan or infinite.
    That error, and KeyboardInterrupt, have the ``history``, and leave the model as the last whole step made it.

    >>> from nn import Linear, mse_loss, optim
    >>> model = Linear(1, 1, seed=0)
    >>> history = fit(model, mse_loss, [[0], [1], [2]], [[1], [3], [5]], optim.SGD(model.parameters(), lr=0.3),
    ...               epochs=200, progress=False)
    >>> round(model([10.0])[0].data, 6)
    21.0
    """
    _check_kinds(model, loss, optimizer, jit, metrics or {}, callbacks, schedulers)
    if patience is not None and validation is None:
        raise ValueError("fit: patience goes by the loss of a validation; give validation=0.2, or a pair (X, y)")
    epochs, size = count("fit: epochs", epochs), count_or_none("fit: batch_size", batch_size)
    clips = [None if x is None else positive(f"fit: {name}", x)
             for name, x in (("clip_norm", clip_norm), ("clip_value", clip_value))]
    given = read_examples(X, y)
    data, held_out = split_validation(given, validation, count_or_0("fit: seed", seed))
    state = TrainingState(model, optimizer, list(schedulers), count_or_none("fit: patience", patience))
    kept = Checkpoint(checkpoint, state, {
        "seed": seed, "batch_size": size, "data": digest(given), "validation": held_out and digest(held_out),
        **({"batched": True} if batched else {}), **({"fast": True} if fast else {}),
        "loss": getattr(loss, "__qualname__", type(loss).__name__), "metrics": list(metrics or {}),
        "patience": patience, "clip_norm": clips[0], "clip_value": clips[1]}) if checkpoint is not None else None
    history = state.history
    gradients = LossGradients(model, loss, trained(optimizer), jit, flag("fit: batched", batched), size,
                              flag("fit: fast", fast))
    training_step = TrainingStep(gradients, optimizer, *clips, fast=fast)
    # whether anybody may look at the parameters at an epoch's end
    seen, due = bool(metrics or held_out or callbacks or kept) or not all(map(_is_ours, schedulers)), 0.0
    try:
        with Modes(model) as modes, Progress(epochs, history.epochs, flag("fit: progress", progress)) as bar:
            with trial(model, loss):
                with modes.measuring():
                    for part, names in ((data, ("X", "y")), (held_out, ("validation X", "validation y"))):
                        if part is not None:
                            check_targets(gradients.eager, part, names)
                            if metrics or part is held_out:
                                check_last_batch(gradients.eager, part, names[0], measured=True)
                check_last_batch(gradients.eager, data)
            gradients.announce = bar.compiling
            while history.epochs < epochs and not state.stopped:
                epoch = history.epochs + 1
                if not training_step.ahead:     # else nothing but compiled code has run
                    gradients.expect_changes()
                gradients.eager.epochs_left = epochs - history.epochs
                gradients.eager.moment = f"{seed}, epoch {epoch}"
                numbers = {"loss": _train(training_step, data, _batches(data, size, seed, epoch), epoch)}
                if seen or monotonic() >= due:
                    training_step.give()
                    due = monotonic() + SECONDS
                if metrics or held_out:
                    with modes.measuring():
                        numbers |= _measured(gradients, data, held_out, metrics or {})
                state.finish(numbers)
                stop = [callback(epoch, history) is True for callback in callbacks]     # each is called
                if callbacks:
                    modes.look()
                if any(stop):
                    state.stopped = state.stopped or f"stopped after epoch {epoch} by a callback"
                if kept:
                    kept.save()
                bar.update(history)
                history.remarks += gradients.told
                gradients.told.clear()
                while gradients.remarks:
                    history.remarks.append(gradients.remarks.pop(0))
                    warnings.warn(history.remarks[-1], RuntimeWarning, stacklevel=2)
    except (KeyboardInterrupt, TrainingError) as error:
        error.history = history     # type: ignore[union-attr]
        raise
    finally:
        training_step.give()
    return state.close()


def _is_ours(scheduler: Any) -> bool:
    """Whether no code of the user's runs in its step."""
    return (type(scheduler).__module__.startswith("nn.optim.") and not isinstance(scheduler, LambdaLR)
            and "step" not in vars(scheduler) and all(map(_is_ours, getattr(scheduler, "schedulers", ()))))


def _batches(data: Data, size: int | None, seed: int, epoch: int) -> list[Sequence[int]]:
    """The rows of each batch of an epoch."""
    rows = len(data.inputs)
    if size is None or size >= rows:
        return [range(rows)]
    drawn = array("q", row_order(rows, seed, epoch))
    return [drawn[i:i + size] for i in range(0, rows, size)]


def _train(training_step: TrainingStep, data: Data, batches: list[Sequence[int]], epoch: int) -> float:
    """A step for each batch; the mean loss of the rows, each taken before the step of its batch."""
    losses = training_step.steps(data, batches, f"epoch {epoch}")
    if len(losses) == 1:
        return losses[0]
    return sum(loss * len(rows) for loss, rows in zip(losses, batches, strict=True)) / len(data.inputs)


def _measured(gradients: LossGradients, data: Data, held_out: Data | None, metrics: Metrics) -> dict[str, float]:
    """The metrics on the data, and the loss and metrics on the validation, at the end of an epoch."""
    found = {}
    for prefix, part in (("", data), ("val_", held_out)):
        if part is None or not (prefix or metrics):
            continue
        mean, outputs = gradients.outputs(part)
        if prefix:
            found["val_loss"] = mean
        found |= {prefix + name: float(metric(list(outputs), part.answers())) for name, metric in metrics.items()}
    return found


def _check_kinds(model: Any, loss: Any, optimizer: Any, jit: Any, metrics: Any, callbacks: Any,
                 schedulers: Any) -> None:
    """Raise TypeError or ValueError for arguments that fit does not take."""
    if not isinstance(metrics, Mapping) or "loss" in metrics:
        raise TypeError('fit: metrics is a dict such as {"accuracy": accuracy}, in which "loss" is taken')
    for name in metrics:
        if name == "val_loss" or f"val_{name}" in metrics:
            raise ValueError(f"fit: of the metric {name!r} and the validation there would be two columns of one name; "
                             "rename it")
    for name, x in (("callbacks", callbacks), ("schedulers", schedulers)):
        if not isinstance(x, Sequence):
            raise TypeError(f"fit: {name} is a list, as in {name}=[...], not {type(x).__name__}")
    named = {"model": model, "loss": loss} | dict(metrics) | {f"callbacks[{i}]": x for i, x in enumerate(callbacks)}
    for name, x in named.items():
        if not callable(x) or isinstance(x, type):
            raise TypeError(f"fit: {name} has to be a function or a Module, not "
                            f"{f'the class {x.__name__}' if isinstance(x, type) else type(x).__name__}")
    if not isinstance(optimizer, Optimizer):
        raise TypeError("fit: optimizer has to be an optimiser, such as SGD(model.parameters(), lr=0.1), not "
                        f"{type(optimizer).__name__}")
    for scheduler in schedulers:
        if getattr(scheduler, "optimizer", optimizer) is not optimizer:
            raise ValueError(f"fit: the {type(scheduler).__name__} is another optimiser's, and would do nothing here; "
                             "make it with the one that fit is given")
    if jit not in ("auto", True, False):
        raise ValueError(f'fit: jit is "auto", True or False, not {jit!r}')
    if isinstance(model, Module) and set(model.parameters()).isdisjoint(parameters_of(optimizer)):
        raise ValueError("fit: the optimiser has none of this model's parameters; give it model.parameters()")
