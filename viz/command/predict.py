"""``pathgrad predict``: writes a table with its predictions as further columns, and reports their accuracy."""

from argparse import Namespace
from collections.abc import Iterable
from dataclasses import replace
from itertools import chain, count
from math import isfinite

from autograd.quoting import printable, quoted
from nn.tabular.bad_rows import BadRows, DataError
from nn.tabular.cells import Row, csv_cell, escape_formula
from nn.tabular.columns import Column, as_written, number_signs, read_columns
from nn.tabular.conventions import decimal_notes, file_sign
from nn.tabular.dates import ORDERS
from nn.tabular.decimals import SIGNS
from nn.tabular.header import names_without
from nn.tabular.missing import is_missing
from nn.tabular.predictor import Predictor, load_predictor
from nn.tabular.scores import best_class, class_report, score
from nn.tabular.table import Table, read_table
from viz.command.output_files import check_distinct, check_folder, write_file
from viz.command.terminal import OutputError, can_print
from viz.command.train import PrintLines, lines_told
from viz.words.files import TEXTS
from viz.words.library import translated
from viz.words.tables import PREDICT


def predict(options: Namespace, say: PrintLines, remark: PrintLines) -> None:
    """Run `pathgrad predict`. ``say`` prints to standard output, ``remark`` to standard error."""
    check_distinct(**{TEXTS("model"): options.model, TEXTS("data"): options.data, "--out": options.out})
    if options.out is not None:
        check_folder(options.out, "--out")
    predictor = load_predictor(options.model)
    table = _read(options, predictor)
    missing = [quoted(name) for name in dict.fromkeys(column.name for column in predictor.columns)
               if name not in table.names]
    if missing:
        more = (len(missing) - 5,) if len(missing) > 5 else ()
        raise DataError(PREDICT("no_columns" if more else "no_column", quoted(table.path, 60), ", ".join(missing[:5]),
                                *more, quoted(predictor.target.name)))
    predictions = _predictions(predictor, table)
    decimals = decimal_notes(table, number_signs(as_written(table, predictor.columns)))
    notes = [*map(translated, [*table.notes, *decimals]), *_gaps(predictor, table),
             *map(translated, table.bad_rows.left_out(table.count, options.skip_bad_rows))]
    wanted = [f"predicted_{predictor.target.name}", *(f"probability_{x}" for x in predictor.target.labels)]
    added = _unused_names(wanted, table.names)
    lines = _lines(predictor.target, table, predictions, added, options.escape_formulas)
    if options.out is not None:
        ends = [*([] if table.unnamed else [table.header.end]),
                *(row.end for row in table.rows if row.line in predictions)]
        text = table.file.mark + "".join(line + end for line, end in zip(lines, ends, strict=True))
        try:
            data = text.encode(table.file.encoding)
        except UnicodeEncodeError:      # a class with other letters
            data = text.encode()
            notes.append(PREDICT("utf8", table.file.encoding))
        write_file(options.out, "--out", data)
    elif all(map(can_print, lines)):
        say(lines)
    else:
        raise OutputError(PREDICT("letters"))
    if table.unnamed:
        notes.append(PREDICT.counted("unnamed", len(added), ", ".join(map(quoted, added))))
    remark([PREDICT("taken", quoted(name), quoted(new))
            for name, new in zip(wanted, added, strict=True) if name != new])
    tell = remark if options.out is None else say
    tell([*notes, *_scores(predictor.target, table, predictions),
          *([PREDICT("out", printable(options.out, 80))] if options.out is not None else [])])


def _read(options: Namespace, predictor: Predictor) -> Table:
    """The table, with the names by which the model knows its columns."""
    needed = [column.name for column in predictor.columns] if predictor.unnamed else None
    table = read_table(options.data, None if predictor.unnamed else True, SIGNS.get(options.decimal, ""),
                       ORDERS.get(options.dates, ""), needed)
    if not table.unnamed or len(table.names) == predictor.unnamed:
        return table
    names = names_without(predictor.target.name, predictor.unnamed)
    if len(table.names) != len(names):
        raise DataError(PREDICT("other_width", quoted(table.path, 60), f"{len(table.names):,}",
                                f"{predictor.unnamed:,}", predictor.target.name.removeprefix("column")))
    return replace(table, header=Row(table.header.line, names, names, table.header.end))


def _predictions(predictor: Predictor, table: Table) -> dict[int, list[float]]:
    """The outputs of the model by the line number of each row that can be used."""
    rows, predictions = read_columns(table, predictor.columns, table.bad_rows), {}
    for line, numbers in zip(rows, predictor.predict([*rows.values()]), strict=True):
        if all(map(isfinite, numbers)):
            predictions[line] = numbers
        else:
            table.bad_rows.add(line, PREDICT("far"))
    return predictions


def _gaps(predictor: Predictor, table: Table) -> list[str]:
    """Notes on the columns in which values are missing, for which the model has others."""
    filled = dict.fromkeys(column.name for column in predictor.columns if column.fill is not None)
    gaps = {name: sum(map(is_missing, table.column(name))) for name in filled}
    return [PREDICT.counted("filled", n, quoted(name)) for name, n in gaps.items() if n]


def _lines(target: Column, table: Table, predictions: dict[int, list[float]], added: list[str],
           escape: bool) -> list[str]:
    """The lines of the table: its cells unchanged, then the predictions, separated by the table's delimiter."""
    delimiter, sign = table.delimiter, file_sign(table) or "."

    def line(row: Row, others: Iterable[str]) -> str:
        cells = [*row.written, *(csv_cell(x, delimiter) for x in others)]
        return delimiter.join([escape_formula(cell, delimiter) for cell in cells] if escape else cells)

    lines = [] if table.unnamed else [line(table.header, added)]
    for row in table.rows:
        if row.line in predictions:
            numbers = predictions[row.line]
            label = [target.labels[best_class(numbers)]] if target.labels else []
            lines.append(line(row, [*label, *(repr(x).replace(".", sign) for x in numbers)]))
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
        return [PREDICT("nothing_known", quoted(target.name))]
    others = len(predictions) - len(lines)
    unknown = PREDICT("unknown", f"{others:,}", quoted(target.name)) if others else ""
    found, wanted = [predictions[line] for line in lines], [known[line][0] for line in lines]
    return [PREDICT.counted("score", len(lines), translated(score(target, found, wanted)), unknown),
            *lines_told(class_report(target, found, wanted))]
