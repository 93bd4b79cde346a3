"""A table is the same in every dialect: delimiter, quotes, decimal sign, thousands, encoding, header."""

import csv
import io
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from nn.tabular.bad_rows import BadRows, DataError
from nn.tabular.columns import Column, as_written, read_columns
from nn.tabular.conventions import decimal_sign
from nn.tabular.delimiters import choose_delimiter
from nn.tabular.table import read_table

WORDS = st.text(alphabet="abcdeßéñ ,;|\t\"'.:-", min_size=1, max_size=8).filter(
    lambda x: x.strip() == x and any(c.isalpha() for c in x) and x != "nan")
NUMBERS = st.decimals(-99_999, 99_999, places=2).map(float)
DELIMITERS = st.sampled_from([",", ";", "\t", "|"])
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"])
TABLES = st.integers(2, 8).flatmap(lambda n: st.tuples(
    st.lists(st.lists(NUMBERS, min_size=n, max_size=n), min_size=1, max_size=3),
    st.lists(WORDS, min_size=n, max_size=n)))


def spelled(x, sign, thousands):
    """A number as it is written with this decimal sign, with or without thousands set apart."""
    text = f"{x:,.2f}" if thousands else f"{x:.2f}"
    return text.translate(str.maketrans({",": ".", ".": ","})) if sign == "," else text


def write(path, rows, delimiter, encoding, quoting=csv.QUOTE_MINIMAL, end="\n"):
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator=end).writerows(rows)
    Path(path).write_bytes(text.getvalue().encode(encoding))


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return str(tmp_path_factory.mktemp("dialects") / "data.csv")


def numbers_in(table, name):
    found = read_columns(table, as_written(table, [Column(name)]), BadRows(table.path))
    return [found[row.line][0] for row in table.rows]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TABLES, DELIMITERS, ENCODINGS, st.sampled_from(".,"), st.booleans(), st.booleans(),
       st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]), st.sampled_from(["\n", "\r\n", "\r"]))
def test_a_table_is_the_same_in_every_dialect(path, columns, delimiter, encoding, sign, thousands, named, quoting, end):
    numeric, words = columns
    if not named and quoting == csv.QUOTE_MINIMAL:      # 1,5;a,b may have two columns or three
        words = [re.sub("[,;|\t]", "x", word) for word in words]
    names = [f"n{i}" for i in range(len(numeric))] + ["word"]
    rows = [[*(spelled(x, sign, thousands) for x in row), word]
            for *row, word in zip(*numeric, words, strict=True)]
    write(path, [names, *rows] if named else rows, delimiter, encoding, quoting, end)
    table = read_table(path, header=named)
    assert table.names == (names if named else [f"column{i}" for i in range(1, len(names) + 1)])
    assert table.delimiter == delimiter
    assert table.unnamed is not named
    assert table.column(table.names[-1]) == words
    for name, expected in zip(table.names, numeric, strict=False):
        assert numbers_in(table, name) == expected, "to the bit"


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TABLES, DELIMITERS, st.booleans())
def test_a_missing_header_is_noticed(path, columns, delimiter, named):
    numeric, _ = columns
    assume(len({tuple(column) for column in numeric}) == len(numeric))
    rows = [[spelled(x, ".", False) for x in row] for row in zip(*numeric, strict=True)]
    names = [f"name {i}" for i in range(len(numeric))]
    write(path, [[*names, "class"], *([*row, "ab"[i % 2 if i > 1 else 0]] for i, row in enumerate(rows))][not named:],
          delimiter, "utf-8")
    table = read_table(path)
    assert table.unnamed is not named
    assert len(table.rows) == len(rows)
    assert ("--header" in "".join(table.notes)) is not named


@pytest.mark.parametrize(("text", "delimiter"), [
    ("a|b|c\n1|2,5|x;y\n", "|"), ("a;b\n1,5;2,5\n", ";"), ("1,5;2,5\n2,5;3,5\n", ";"), ("1,5;2;a\n2;3,5;b\n", ";"),
    ("name,tags\nAnn,a|b|c\nBob,d|e|f\n", ","), ("1,a;b\n2,c;d\n", ","), ("a\tb\n1,5\t2\n", "\t"),
    ('"a;x",b\n"1;2",3\n', ","), ("a, b,\tc\n1, 2,\t3\n", ","), ('"a,x";b\n"c,d";2\n', ";"), ("x\n3,14\n2,72\n", ";"),
    ("0,00;a\n0,00;a\n", ";"),
    ("", ","), ('"', ","), ("a", ","), ("a,b\n1,2\n3\n4,5;6\n", ",")])
def test_the_delimiter_is_chosen_by_what_it_divides(text, delimiter):
    assert choose_delimiter(text) == delimiter


@pytest.mark.parametrize(("cells", "other", "expected"), [
    (["3,14", "2"], ["1"], ","), (["3.14", "2"], ["1"], "."), (["1.234,5"], ["1"], ","), (["1,234.5"], ["1"], "."),
    (["1,234,567"], ["1"], "."), (["1.234.567", "12"], ["1"], ","), (["0,123"], ["1"], ","), (["1.234"], ["1"], "."),
    (["1.234"], ["0,5"], ","), (["1,234"], ["0,5"], ","), (["1,234"], ["0.5"], "."), (["1,234"], ["1"], None),
    (["1,234", "9,5"], ["0.5"], ","), (["1,234", "5.678"], ["1"], None), (["1'234.5"], ["1"], "."),
    (["1 234,5"], ["1"], ","), (["1.5", "2.5", "3,5"], ["1"], "."), (["1"], ["1"], "."),
    (["NA", "NA", "3,5"], ["1"], ",")])
def test_the_decimal_sign_is_that_of_the_column_and_then_of_the_file(path, cells, other, expected):
    write(path, [["a", "b"], *([cell, x] for cell in cells for x in other)], ";", "utf-8")
    table = read_table(path)
    if expected is None:
        with pytest.raises(DataError, match=r"data.csv', line 2: column 'a' has numbers such as '1,234', which may be "
                                            r"1234 or 1.234; give --decimal point or --decimal comma"):
            decimal_sign(table, "a")
    else:
        assert decimal_sign(table, "a") == expected
    for sign in ".,":
        assert decimal_sign(read_table(path, decimal=sign), "a") == sign


def test_thousands_are_read_where_they_are_clear(path):
    write(path, [["a"], ["1 234,5"], ["1\u202f234\u202f567,25"], ["12.345"], ["-1.000.000"], ["7"], ["1'000"]], ";",
          "utf-8")
    assert numbers_in(read_table(path), "a") == [1234.5, 1234567.25, 12345.0, -1e6, 7.0, 1000.0]


HEADERS = [
    ("5.1,3.5,setosa\n4.9,3.0,setosa\n", False), ("a,b,setosa\n4.9,3.0,setosa\n", True),
    ("2021,2022,2023\n5,6,7\n1,2,3\n", True), ("country,2021,2022\nChile,5,6\nPeru,1,2\n", True),
    ("1990,2005\n1987,2011\n", False), ("2023,2021\n1,2\n", False), ("0,1,2,3\n5,1,3,2\n", True), ("1,2\n3,4\n", False),
    ("1,2\n", False), ("a,b\n", True), ("1,,3\n4,5,6\n", False), ("2024-03-01,5\n2024-03-02,6\n", False),
    ("day,5\n2024-03-02,6\n", True), ("red,green\nred,blue\n", True), ("1;2,5\n2;3,5\n", False),
    ("Ann,1\nBob,2\n", True), ("Ann,1.5\nBob,2\n", False), ("Ann,-1\nBob,2\n", False)]


@pytest.mark.parametrize(("text", "named"), HEADERS)
def test_headers_of_numbers(path, text, named):
    Path(path).write_text(text)
    if named and text.count("\n") == 1:
        with pytest.raises(DataError, match="no rows under them"):
            read_table(path)
        return
    table = read_table(path)
    assert table.unnamed is not named
    numbers = named and any(cell.isdigit() for cell in table.names)
    assert ("if it has data: --no-header" in "".join(table.notes)) is numbers
    assert ("if it has names: --header" in "".join(table.notes)) is not named
    for header in (True, False):
        if header is False or (all(text.splitlines()[0].split(",")) and text.count("\n") > 1):
            forced = read_table(path, header=header)
            assert (forced.unnamed, forced.notes) == (not header, ()), "whoever asks for it needs no note"


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings(path, encoding):
    mark = "\ufeff" if encoding in ("utf-16-le", "utf-16-be") else ""
    Path(path).write_bytes(f"{mark}Größe,café\n1,naïve\n".encode(encoding))
    table = read_table(path)
    assert (table.names, table.column("café")) == (["Größe", "café"], ["naïve"])
    western = encoding in ("cp1252", "latin-1")
    assert list(table.notes) == ["not in UTF-8, and read as Western European (cp1252): line 1 has 'Größe,café'; if "
                                 "these letters are wrong, save it as CSV in UTF-8"] * western
