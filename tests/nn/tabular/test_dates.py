"""Dates in cells, against the standard library's parser and calendar, and the order of day and month."""

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn.tabular.bad_rows import DataError
from nn.tabular.conventions import date_order
from nn.tabular.dates import PARTS, date_like, date_part, order_evidence, read_date
from nn.tabular.numbers import CellError
from nn.tabular.table import read_table

TIMES = st.datetimes(datetime(1000, 1, 1), datetime(2999, 12, 31)).map(lambda x: x.replace(microsecond=0))
FORMATS = [("%Y-%m-%d", ""), ("%Y/%m/%d", ""), ("%d.%m.%Y", ""), ("%d/%m/%Y", "day"), ("%m/%d/%Y", "month"),
           ("%d-%m-%Y", "day"), ("%d %B %Y", ""), ("%d-%b-%Y", ""), ("%B %d, %Y", ""), ("%b %d %Y", "")]
CLOCKS = ["", "T%H:%M:%S", " %H:%M:%S", " %H:%M", " %I:%M:%S %p", " %I:%M%p", "T%H:%M:%SZ", " %H:%M:%S.123",
          "T%H:%M+02:00"]


@given(TIMES, st.sampled_from(FORMATS), st.sampled_from(CLOCKS))
def test_each_form_gives_the_date_that_was_written(time, form, clock):
    form, order = form
    if "%S" not in clock:
        time = time.replace(second=0)
    if not clock:
        time = time.replace(hour=0, minute=0)
    cell = time.strftime(form + clock)
    assert read_date(cell, order) == time
    assert date_part(cell, "weekday", order) == time.isoweekday() - 1
    midnight = time.replace(hour=0, minute=0, second=0)
    assert date_part(cell, "hour", order) == pytest.approx((time - midnight).total_seconds() / 3600)
    assert [date_part(cell, part, order) for part in PARTS[:3]] == [*time.timetuple()[:3]]


@pytest.mark.parametrize("cell", ["", "2024", "20240301", "1.3", "2024-13-01", "2024-02-30", "29.2.2023", "1/3/24",
                                  "12:30", "31/31/2024", "2024-03-01 25:00", "2024-03-01 13:00 pm", "0:30 am",
                                  "2024-03/01", "1 Foo 2024", "red", "2024-03-01x", "١.٣.٢٠٢٤", "1" * 99, "0000-01-01"])
def test_other_cells_are_no_dates(cell):
    assert not date_like(cell)
    with pytest.raises(CellError, match="is empty" if not cell else "and not a date"):
        date_part(cell, "year", "day")


@pytest.mark.parametrize(("cells", "expected"), [
    (["1/2/2024", "13/2/2024"], ("13/2/2024", "", "1/2/2024")), (["2/13/2024"], ("", "2/13/2024", "")),
    (["5/5/2024"], ("", "", "")), (["5/6/2024"], ("", "", "5/6/2024")),
    (["2024-01-02", "1.2.2024", "x"], ("", "", ""))])
def test_a_day_above_12_settles_the_order(cells, expected):
    assert order_evidence(cells) == expected


def test_the_order_of_a_column(tmp_path):
    """What is asked for, then what the cells show, then what the model learned from."""
    path = str(tmp_path / "d.csv")
    for cells, default, expected in ((["1/2/2024", "13/2/2024"], "month", "day"), (["1/2/2024"], "month", "month"),
                                     (["2024-01-02"], "", ""), (["1/2/2024"], "", None), (["3/3/2024"], "", "")):
        Path(path).write_text("d\n" + "\n".join(cells))
        if expected is None:
            with pytest.raises(DataError, match="line 2: column 'd' has the date '1/2/2024', and in no row"):
                date_order(read_table(path), "d")
        else:
            assert date_order(read_table(path), "d", default) == expected
        assert date_order(read_table(path, dates="month"), "d", "day") == "month"
