"""``pathgrad train``: trains a network on a table, writes the model and a picture of the losses, and prints both."""

import io
import os
import warnings
from argparse import Namespace
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from shlex import quote
from typing import Any

import nn
from autograd.quoting import printable, quoted
from nn.optim import Optimizer, decay_groups
from nn.tabular.bad_rows import DataError
from nn.tabular.columns import Column
from nn.tabular.dates import ORDERS
from nn.tabular.decimals import SIGNS
from nn.tabular.importance import REPEATS, permutation_importance
from nn.tabular.predictor import PARAMETERS, Predictor, count_parameters
from nn.tabular.scores import baseline_guess, class_report, score, score_number
from nn.tabular.table import read_table
from nn.tabular.task import Rows, Task, read_task
from viz.charts.curves import plot_loss
from viz.command.output_files import check_distinct, check_folder, with_output_errors, write_file
from viz.command.table_options import LEARNING_RATES
from viz.palette import SOFT
from viz.rendering import fonts
from viz.rendering.chart_fonts import missing_in
from viz.rendering.fonts import MissingFontWarning
from viz.words.files import TEXTS
from viz.words.library import translated
from viz.words.tables import TRAIN

PROGRESS_LINES = 10
LISTED_COLUMNS = 20
BATCH_SIZES = 32, 200       # of few rows and of many, whose steps are many and whose gradients are alike
MANY_ROWS = 10_000

PrintLines = Callable[[Iterable[str]], Any]
_printed = partial(printable, longest=80)


def train(options: Namespace, say: PrintLines) -> None:
    """Run `pathgrad train`. ``say`` prints lines."""
    plot = options.plot or str(Path(options.out).with_suffix("")) + "-loss.png"
    check_distinct(**{TEXTS("table"): options.data, "--out": options.out, "--plot": plot})
    for option, path in (("--out", options.out), ("--plot", plot)):
        check_folder(path, option)
    history = _learn(options, say)      # whose rows are gone when matplotlib is imported: parts of it keep all frames
    say([TRAIN("model", _printed(options.out)), *_write_picture(history, plot, options),
         TRAIN("to_predict", _printed(quote(options.out)))])


def _learn(options: Namespace, say: PrintLines) -> nn.History:
    """Read the table, train, report, and write the model."""
    table = read_table(options.data, options.header, SIGNS.get(options.decimal, ""), ORDERS.get(options.dates, ""))
    task = read_task(table, options)
    parameters = count_parameters(task.columns, task.target, options.hidden)
    if parameters > PARAMETERS:
        raise DataError(TRAIN("too_large", f"{parameters:,}", f"{PARAMETERS:,}"))
    weights = _class_weights(options, task)
    predictor = Predictor.new(task.columns, task.target, options.hidden, options.activation, options.seed,
                              len(table.names) if table.unnamed else 0)
    say(_opening(options, task, predictor, weights))
    history = _fit(options, task, predictor, weights, say)
    lines = [TRAIN("note", translated(x)) for x in history.remarks if not x.startswith("stopped")]
    if history.best_epoch is not None:
        lines.append(TRAIN("best", history.best_epoch, history.epochs))
    if task.held_out:
        found = predictor.predict(task.held_out.features)
        guess = baseline_guess(task.target, [*task.trained.targets, *task.validation.targets])
        told = translated(score(task.target, found, task.held_out.targets, guess))
        lines.append(TRAIN.counted("held_out", len(task.held_out), told))
        lines += [*lines_told(class_report(task.target, found, task.held_out.targets)),
                  *_importance(task, predictor, options.seed)]
    say(["", *lines, ""])
    with_output_errors(options.out, "--out", lambda: nn.save(predictor, options.out))
    return history


def _class_weights(options: Namespace, task: Task) -> list[float] | None:
    """How much each class counts in the loss; None where all count alike."""
    given, labels = options.class_weight, task.target.labels
    if not given:
        return None
    if not labels:
        raise DataError(TRAIN("regression_weight"))
    if given == "balanced":
        return nn.class_weights([int(x) for x in task.trained.targets], len(labels))
    unknown = [name for name in given if name not in labels]
    if unknown:
        raise DataError(TRAIN("no_class", quoted(unknown[0]), _label_list(labels)))
    return [given.get(label, 1.0) for label in labels]


def _importance(task: Task, predictor: Predictor, seed: int) -> list[str]:
    """Lines with the importance of each column, by the rows held out."""
    found = permutation_importance([column.title for column in task.columns], predictor.predict,
                                   partial(score_number, task.target), task.held_out.features, task.held_out.targets,
                                   f"{seed}, importance")
    return [TRAIN("importance", TRAIN("accuracy" if task.target.labels else "R²"), REPEATS),
            *(f"  {_printed(x.name)}: {round(x.drop, 3) + 0.0:.3f} ± {x.spread:.3f}" for x in found[:LISTED_COLUMNS]),
            *([TRAIN("more_columns", len(found) - LISTED_COLUMNS)] if len(found) > LISTED_COLUMNS else [])]


def _fit(options: Namespace, task: Task, predictor: Predictor, weights: list[float] | None,
         say: PrintLines) -> nn.History:
    """Train the network of the predictor, and print progress about ten times."""
    rate = options.lr or LEARNING_RATES[options.optimizer]
    groups = decay_groups(predictor.network, options.weight_decay)
    optimizer: Optimizer = nn.Adam(groups, lr=rate) if options.optimizer == "adam" else nn.SGD(groups, lr=rate)
    classes = bool(task.target.labels)
    known, validation = (_examples(predictor, rows) for rows in (task.trained, task.validation))
    few = len(task.trained) < MANY_ROWS     # of many rows an accuracy would take half as long as an epoch
    batch_size = options.batch_size or BATCH_SIZES[not few]
    loss = partial(nn.cross_entropy, weight=weights, reduction="sum") if weights else \
        nn.cross_entropy if classes else nn.mse_loss
    width = len(str(options.epochs))

    def progress(epoch: int, history: nn.History) -> None:
        if epoch in (1, options.epochs) or epoch % max(1, options.epochs // PROGRESS_LINES) == 0:
            numbers = "   ".join(f"{TRAIN(name)} {values[-1]:.4g}" for name, values in history.items())
            say([TRAIN("epoch", f"{epoch:>{width}}", options.epochs, numbers)])

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)     # the history has them as remarks
            return nn.fit(predictor.network, loss, *known, optimizer, options.epochs, batch_size,
                          validation if task.validation else None,
                          {"accuracy": nn.accuracy} if classes and few else None, seed=options.seed, progress=False,
                          patience=options.patience if task.validation else None, callbacks=[progress])
    except nn.TrainingError as error:
        # the row number counts training rows and not lines of the file; the row is seldom the cause
        said = str(error).replace(f" of row {error.row} (counted from 0)", "").splitlines()[0].partition(";")[0]
        raise DataError(TRAIN("diverged", translated(said), f"{rate:g}")) from None


def _examples(predictor: Predictor, rows: Rows) -> tuple[list[list[float]], list[Any]]:
    """The inputs of the network and the targets, row by row."""
    inputs = predictor.all_inputs(rows.features)
    return inputs, [int(x) for x in rows.targets] if predictor.target.labels else \
        [predictor.target.inputs(x) for x in rows.targets]


def _write_picture(history: nn.History, path: str, options: Namespace) -> list[str]:
    """Write the picture of the losses. Returns lines to print: the file, or the reason why there is none, and which
    characters no font has. Where ours are among these, the picture is in English."""
    data, kind = io.BytesIO(), Path(path).suffix[1:].lower()
    try:
        picture = _picture(history, options, options.lang)
    except ImportError as error:
        return [TRAIN("no_picture", translated(str(error)))]
    if missing := "" if kind == "svg" else missing_in(picture):
        picture = _picture(history, options, "en")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MissingFontWarning)     # it is a line here
        picture.savefig(data, format=kind, dpi=144)
    replaced = os.path.exists(path)
    write_file(path, "--plot", data.getvalue())
    return [TRAIN("picture_replaced" if replaced else "picture", _printed(path)),
            *([TRAIN("note", fonts.message(missing))] if missing else [])]


def _picture(history: nn.History, options: Namespace, lang: str) -> Any:
    """The losses by epoch, with a line at the epoch that the model is of."""
    picture = plot_loss(history, title=TRAIN("title", Path(options.data).name, options.target, lang=lang), lang=lang)
    if history.best_epoch is not None:
        for axes in picture.axes:
            axes.axvline(history.best_epoch, color=SOFT, linestyle=":")
        picture.axes[-1].set_xlabel(TRAIN("dotted", history.best_epoch, lang=lang))
    return picture


def _opening(options: Namespace, task: Task, predictor: Predictor, weights: list[float] | None) -> list[str]:
    """The lines before training: target, columns, rows, network and optimizer."""
    column, of = task.target, {"adam": "Adam", "sgd": "SGD"}
    rate = options.lr or LEARNING_RATES[options.optimizer]
    layers = [sum(x.width for x in task.columns), *options.hidden, column.width]
    name, comma = _printed(column.name), TRAIN("joined")
    parts = [(task.trained, "trained"), (task.validation, "validation"), (task.held_out, "kept")]
    return [TRAIN("classes", name, _label_list(column.labels)) if column.labels else TRAIN("number", name),
            TRAIN("columns", comma.join(map(_column_text, task.columns))),
            *(TRAIN("note", translated(note)) for note in task.notes),
            TRAIN("rows", comma.join(TRAIN(use, f"{len(rows):,}") for rows, use in parts if rows)),
            TRAIN("network", " - ".join(map(str, layers)), options.activation if options.hidden else TRAIN("no_hidden"),
                  f"{len(predictor.network.parameters()):,}", of[options.optimizer], f"{rate:g}"),
            *([TRAIN("weights", comma.join(map(_weight_text, column.labels, weights)))] if weights else []), ""]


def _column_text(column: Column) -> str:
    title = _printed(column.title)
    return TRAIN("column", title, _label_list(column.labels)) if column.labels else title


def _weight_text(label: str, weight: float) -> str:
    return f"{_printed(label)} {weight:.4g}"


def _label_list(labels: tuple[str, ...]) -> str:
    more = TRAIN("and_more", len(labels) - 10) if len(labels) > 10 else ""
    return TRAIN("joined").join(_printed(x) or TRAIN("missing") for x in labels[:10]) + more


def lines_told(lines: Iterable[str]) -> list[str]:
    """The lines in the language that is spoken, each with its indent."""
    return [line[:len(line) - len(line.lstrip())] + translated(line.lstrip()) for line in lines]
