"""``pathgrad predict``: a table with predictions beside its own columns, and how good they are."""

from argparse import Namespace
from collections.abc import Iterable
from itertools import chain, count
from math import isfinite

from autograd.quoting import quoted
from nn.tabular.bad_rows import DataError, Faults
from nn.tabular.cells import Row, harmless, written
from nn.tabular.columns import Column, read_columns
from nn.tabular.predictor import Predictor, load_predictor
from nn.tabular.scores import best, score
from nn.tabular.table import Table, read_table
from viz.command.files import check_folder, write_file
from viz.command.table_options import check_apart
from viz.command.terminal import OutputError, prints
from viz.command.train import Say


def predict(options: Namespace, say: Say, remark: Say) -> None:
    """Run the command; ``say`` prints lines, ``remark`` prints them where the table is not."""
    check_apart(**{"the model": options.model, "the data": options.data, "--out": options.out})
    if options.out is not None:
        check_folder(options.out, "--out")
    predictor = load_predictor(options.model)
    table = read_table(options.data)
    missing = [quoted(column.name) for column in predictor.columns if column.name not in table.names]
    if missing:
        more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
        raise DataError(f"{quoted(table.path, 60)} has no column {', '.join(missing[:5])}{more}, from which this model "
                        f"predicts {quoted(predictor.target.name)}")
    found = _predictions(predictor, table)
    notes = table.faults.left_out(table.count, options.skip_bad_rows)
    wanted = [f"predicted_{predictor.target.name}", *(f"probability_{x}" for x in predictor.target.labels)]
    added = _free(wanted, table.names)
    lines = _written(predictor.target, table, found, added, options.escape_formulas)
    if options.out is not None:
        ends = [table.header.end, *(row.end for row in table.rows if row.line in found)]
        text = "".join(line + end for line, end in zip(lines, ends, strict=True))
        write_file(options.out, "--out", (table.mark + text).encode())
    elif all(map(prints, lines)):
        say(lines)
    else:
        raise OutputError("standard output lacks letters that are in the table; write it to a file with --out")
    remark([f"the table has a column {quoted(name)} already; the new one is {quoted(new)}"
            for name, new in zip(wanted, added, strict=True) if name != new])
    tell = remark if options.out is None else say
    tell([*notes, *_scores(predictor.target, table, found),
          *([f"predictions: {quoted(options.out, 80)[1:-1]}"] if options.out is not None else [])])


def _predictions(predictor: Predictor, table: Table) -> dict[int, list[float]]:
    """What the model gives for each row, by its line."""
    rows, found = read_columns(table, predictor.columns, table.faults), {}
    for line, numbers in zip(rows, predictor.predict([*rows.values()]), strict=True):
        if all(map(isfinite, numbers)):
            found[line] = numbers
        else:
            table.faults.add(line, "its numbers are too far from those that the model was trained on")
    return found


def _written(target: Column, table: Table, found: dict[int, list[float]], added: list[str],
             escape: bool) -> list[str]:
    """The table's lines, its cells as they are and the predictions behind them, in its own delimiter."""
    sign = table.delimiter

    def line(row: Row, others: Iterable[str]) -> str:
        cells = [*row.written, *(written(x, sign) for x in others)]
        return sign.join([harmless(cell, sign) for cell in cells] if escape else cells)

    lines = [line(table.header, added)]
    for row in table.rows:
        if row.line in found:
            numbers = found[row.line]
            label = [target.labels[best(numbers)]] if target.labels else []
            lines.append(line(row, [*label, *map(repr, numbers)]))
    return lines


def _free(names: list[str], taken: list[str]) -> list[str]:
    """The names; one that is taken, be it by a name before it, with a number.

    >>> _free(["p", "p_2"], ["x", "p"])
    ['p_2', 'p_2_2']
    """
    found: list[str] = []
    for name in names:
        used = {*taken, *found}
        found.append(next(x for x in chain([name], (f"{name}_{i}" for i in count(2))) if x not in used))
    return found


def _scores(target: Column, table: Table, found: dict[int, list[float]]) -> list[str]:
    """How good the predictions are, of the rows whose target is known."""
    if target.name not in table.names:
        return []
    known = read_columns(table, [target], Faults(table.path))
    lines = [line for line in found if line in known]
    if not lines:
        return [f"no row has a known {quoted(target.name)} to compare with"]
    rows = f"{len(lines):,} row{'s' * (len(lines) != 1)}"
    others = len(found) - len(lines)
    unknown = f"; {others:,} more without a known {quoted(target.name)}" if others else ""
    return [f"{rows}: {score(target, [found[line] for line in lines], [known[line][0] for line in lines])}{unknown}"]
