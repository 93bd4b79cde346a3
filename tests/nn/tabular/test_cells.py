"""CSV text divided into cells, against the csv module; cells that a spreadsheet could run as formulas."""

import csv
import io
import re
import time
from contextlib import suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nn.tabular.cells import QuoteError, Row, all_rows, csv_cell, escape_formula, parse_rows

SIGNS = st.sampled_from([",", ";", "\t"])
TEXTS = st.text(alphabet='a1 ",;\t\n\r\xa0é', max_size=30)


def by_csv(text, delimiter):
    """The rows that the csv module has, and the line on which each begins; None where it refuses the text."""
    lines, found, raw = io.StringIO(text, newline=""), [], list(io.StringIO(text, newline=""))
    reader = csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return found
        except csv.Error:
            return None
        if cells not in ([], [""]) or '"' in raw[line - 1]:     # a "" alone is an empty cell
            found.append((line, cells))


@settings(max_examples=600, deadline=None)
@given(TEXTS, SIGNS)
@example('"a"', ",")
@example('"', ";")
@example('a\r\r\n"b\r"\r', ",")
@example('a\n""\n  \n""', ",")
def test_cells_are_those_of_the_csv_module(text, delimiter):
    expected = by_csv(text, delimiter)
    if expected is None:
        with pytest.raises(QuoteError):
            list(parse_rows(text, delimiter))
    else:
        assert [(row.line, row.cells) for row in parse_rows(text, delimiter)] == expected


@settings(max_examples=600, deadline=None)
@given(st.one_of(TEXTS, st.text(alphabet="a1 ,;\t\n\x1c\u2003", max_size=30), st.text(alphabet="a1,;\n", max_size=30)),
       SIGNS, st.sampled_from(["\n", "\r\n", "\r"]))
@example("a\n1\n ", ",", "\n")
@example("", ",", "\n")
def test_all_rows_at_once_are_the_rows_one_by_one(text, delimiter, end):
    text = text.replace("\n", end)
    try:
        expected = list(parse_rows(text, delimiter))
    except QuoteError as error:
        with pytest.raises(QuoteError, match=re.escape(str(error))):
            all_rows(text, delimiter)
    else:
        found = all_rows(text, delimiter)
        assert found == expected
        assert all(type(row) is Row for row in found)


@settings(max_examples=200, deadline=None)
@given(TEXTS, SIGNS)
def test_what_is_written_put_together_is_the_text(text, delimiter):
    try:
        found = [delimiter.join(row.written) + row.end for row in parse_rows(text, delimiter)]
    except QuoteError:
        return
    for line in found:
        at = text.index(line)
        assert not text[:at].strip()      # blank lines
        text = text[at + len(line):]
    assert not text.strip()


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(max_size=12).filter(lambda x: "\0" not in x), min_size=2, max_size=4), SIGNS)
def test_what_is_written_reads_back(cells, delimiter):
    line = delimiter.join(csv_cell(f"x{cell}", delimiter) for cell in cells)
    [found] = csv.reader(io.StringIO(line, newline=""), delimiter=delimiter, strict=True)
    assert found == [f"x{cell}" for cell in cells]


@pytest.mark.parametrize(("text", "line", "reason"), [
    ('a,b\n"c,d\n', 2, "that opens there is not closed"), ('a\n\n"b"c\n', 3, "something other than the next cell"),
    ('"a\nb"\n"c" ,d', 3, "something other"), ('a,""b', 1, "something other"), ('"a""', 1, "not closed")])
def test_quotes_that_do_not_fit_are_named_with_their_line(text, line, reason):
    with pytest.raises(QuoteError, match=reason) as caught:
        list(parse_rows(text, ","))
    assert caught.value.line == line


def test_cells_of_any_length():
    """The csv module refuses a cell of more than 131,072 characters, which was called an unclosed quote."""
    for cell in ("a" * 2_000_000, '"' + "b\n" * 500_000 + '"', '"' + '""' * 500_000 + '"', '"' + 'c""' * 500_000 + '"'):
        [row] = parse_rows(f"{cell},1", ",")
        assert row.written == [cell, "1"]
        assert row.cells[0] == (cell[1:-1].replace('""', '"') if cell[0] == '"' else cell).strip()


def test_a_large_table_takes_no_longer_than_its_size():
    for text in ("1.5, abc;\n" * 50_000, '"1.5","a;b"\n' * 50_000, '"' + "a\n" * 150_000, "a," * 150_000):
        start = time.perf_counter()
        with suppress(QuoteError):
            list(parse_rows(text, ","))
        assert time.perf_counter() - start < 5.0


FORMULAS = ["=1+2", "=cmd|' /C calc'!A0", "+1+2", "-1+2", "-a", "@SUM(A1)", "\t=1", "\ta", " =1", "＝1", "－x", "-",
            "+", "--1", "-1.5.2", "=", "-5%", "+49 170 123"]
PLAIN = ["", "a", "1", "-1.5", "+3", "-.5", "-1e-5", "-1,5", "-inf", " -2 ", "a=1", "1-2", "'=1", "a@b", "\xa0"]


@pytest.mark.parametrize("text", FORMULAS + PLAIN)
@pytest.mark.parametrize("quoted", [False, True])
def test_formulas_get_an_apostrophe_and_numbers_none(text, quoted):
    cell = f'"{text}"' if quoted or "," in text else text
    found = escape_formula(cell, ",")
    if text in PLAIN:
        assert found == cell, "to the letter"
    else:
        assert next(csv.reader([found])) == [f"'{text}"]


def test_a_formula_in_quotes_keeps_what_the_quotes_hold():
    [row] = parse_rows('"=HYPERLINK(""http://a"",""b, c"")",1', ",")
    assert [escape_formula(cell, ",") for cell in row.written] == ['"\'=HYPERLINK(""http://a"",""b, c"")"', "1"]
