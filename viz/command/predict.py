"""``pathgrad predict``: writes a table with its predictions as further columns, and reports their accuracy."""

from argparse import Namespace
from collections.abc import Iterable
from itertools import chain, count
from math import isfinite

from autograd.quoting import printable, quoted
from nn.tabular.bad_rows import BadRows, DataError
from nn.tabular.cells import Row, csv_cell, escape_formula
from nn.tabular.columns import Column, read_columns
from nn.tabular.predictor import Predictor, load_predictor
from nn.tabular.scores import best_class, class_report, score
from nn.tabular.table import Table, read_table
from viz.command.output_files import check_distinct, check_folder, write_file
from viz.command.terminal import OutputError, can_print
from viz.command.train import PrintLines


def predict(options: Namespace, say: PrintLines, remark: PrintLines) -> None:
    """Run `pathgrad predict`. ``say`` prints to standard output, ``remark`` to standard error."""
    check_distinct(**{"the model": options.model, "the data": options.data, "--out": options.out})
    if options.out is not None:
        check_folder(options.out, "--out")
    predictor = load_predictor(options.model)
    table = read_table(options.data)
    missing = [quoted(column.name) for column in predictor.columns if column.name not in table.names]
    if missing:
        more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
        raise DataError(f"{quoted(table.path, 60)} has no column {', '.join(missing[:5])}{more}, from which this model "
                        f"predicts {quoted(predictor.target.name)}")
    predictions = _predictions(predictor, table)
    notes = table.bad_rows.left_out(table.count, options.skip_bad_rows)
    wanted = [f"predicted_{predictor.target.name}", *(f"probability_{x}" for x in predictor.target.labels)]
    added = _unused_names(wanted, table.names)
    lines = _lines(predictor.target, table, predictions, added, options.escape_formulas)
    if options.out is not None:
        ends = [table.header.end, *(row.end for row in table.rows if row.line in predictions)]
        text = "".join(line + end for line, end in zip(lines, ends, strict=True))
        write_file(options.out, "--out", (table.mark + text).encode())
    elif all(map(can_print, lines)):
        say(lines)
    else:
        raise OutputError("standard output lacks letters that are in the table; write it to a file with --out")
    remark([f"the table has a column {quoted(name)} already; the new one is {quoted(new)}"
            for name, new in zip(wanted, added, strict=True) if name != new])
    tell = remark if options.out is None else say
    tell([*notes, *_scores(predictor.target, table, predictions),
          *([f"predictions: {printable(options.out, 80)}"] if options.out is not None else [])])


def _predictions(predictor: Predictor, table: Table) -> dict[int, list[float]]:
    """The outputs of the model by the line number of each row that can be used."""
    rows, predictions = read_columns(table, predictor.columns, table.bad_rows), {}
    for line, numbers in zip(rows, predictor.predict([*rows.values()]), strict=True):
        if all(map(isfinite, numbers)):
            predictions[line] = numbers
        else:
            table.bad_rows.add(line, "its numbers are too far from those that the model was trained on")
    return predictions


def _lines(target: Column, table: Table, predictions: dict[int, list[float]], added: list[str],
           escape: bool) -> list[str]:
    """The lines of the table: its cells unchanged, then the predictions, separated by the table's delimiter."""
    delimiter = table.delimiter

    def line(row: Row, others: Iterable[str]) -> str:
        cells = [*row.written, *(csv_cell(x, delimiter) for x in others)]
        return delimiter.join([escape_formula(cell, delimiter) for cell in cells] if escape else cells)

    lines = [line(table.header, added)]
    for row in table.rows:
        if row.line in predictions:
            numbers = predictions[row.line]
            label = [target.labels[best_class(numbers)]] if target.labels else []
            lines.append(line(row, [*label, *map(repr, numbers)]))
    return lines


def _unused_names(names: list[str], taken: list[str]) -> list[str]:
    """``names``, each with a number behind it if the table or an earlier name has it already.

    >>> _unused_names(["p", "p_2"], ["x", "p"])
    ['p_2', 'p_2_2']
    """
    found: list[str] = []
    for name in names:
        used = {*taken, *found}
        found.append(next(x for x in chain([name], (f"{name}_{i}" for i in count(2))) if x not in used))
    return found


def _scores(target: Column, table: Table, predictions: dict[int, list[float]]) -> list[str]:
    """A line with the accuracy of the predictions, over the rows whose target is in the table."""
    if target.name not in table.names:
        return []
    known = read_columns(table, [target], BadRows(table.path))
    lines = [line for line in predictions if line in known]
    if not lines:
        return [f"no row has a known {quoted(target.name)} to compare with"]
    rows = f"{len(lines):,} row{'s' * (len(lines) != 1)}"
    others = len(predictions) - len(lines)
    unknown = f"; {others:,} more without a known {quoted(target.name)}" if others else ""
    found, wanted = [predictions[line] for line in lines], [known[line][0] for line in lines]
    return [f"{rows}: {score(target, found, wanted)}{unknown}", *class_report(target, found, wanted)]
