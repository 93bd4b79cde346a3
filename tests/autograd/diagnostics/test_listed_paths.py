"""paths gives a sequence: it shows itself, is indexed lazily, and prints the lines of the command."""

import itertools
import subprocess
import sys

import pytest

from autograd import Value, count_paths, no_grad, paths


def example():
    a, b = Value(2, label="a"), Value(1, label="b")
    c, d = a + b, b + 1
    c.label, d.label = "c", "d"
    e = c * d
    e.label = "e"
    return e, b


def test_paths_show_themselves_as_text():
    e, b = example()
    assert repr(paths(e, b)) == "b -> d -> e   1 × 3 = 3\nb -> c -> e   1 × 2 = 2"
    assert [str(path) for path in paths(e, b)] == repr(paths(e, b)).split("\n")
    assert repr(paths(e, b, top=1)) == "b -> d -> e   1 × 3 = 3"
    assert repr(paths(b, e)) == "no path: no gradient flows"
    assert repr(paths(b, b)) == "b   1"


def test_a_path_prints_the_line_of_the_command(tmp_path):
    out = subprocess.run([sys.executable, "-m", "viz", "x*sin(x) + x**2", "x=1.5", "--out", str(tmp_path / "x.svg")],
                         capture_output=True, text=True, check=True).stdout
    x = Value(1.5, label="x")
    sine = x.sin()
    y = x * sine + x**2
    shown = [" ".join(line.split()) for line in out.splitlines() if "->" in line]
    ends = ["".join(path.columns()[1:]) for path in paths(y, x)]
    assert len(shown) == len(ends)
    assert all(line.endswith(end) for line, end in zip(shown, ends, strict=True))
    assert all(str(path).endswith(end) for path, end in zip(paths(y, x), ends, strict=True))


def test_an_index_finds_no_more_than_it_needs():
    y = x = Value(1.0, label="x")
    for i in range(200):
        y = y * (1.0 + i / 1000) + y
    found = paths(y, x)
    products = [path.product for path in itertools.islice(found, 4)]
    assert [found[i].product for i in (3, 0, 2, 1)] == [products[i] for i in (3, 0, 2, 1)]
    assert [path.product for path in found[1:4]] == products[1:]
    assert [next(found).product, next(found).product] == products[:2]
    assert next(iter(found)).product == products[0]     # iteration begins anew
    assert found
    assert found.total == 2**200 == count_paths(y, x)
    assert repr(found).endswith("... about 10**60 in all")
    with pytest.raises(OverflowError):
        len(found)


def test_a_place_beyond_every_list_is_one_clear_error():
    y = x = Value(1.0)
    for _ in range(400):
        y = y + y * 0.001
    found = paths(y, x)
    for index in (-1, -(10**9), sys.maxsize, 10**30, slice(-2, None), slice(None, -1), slice(None, None, -1)):
        with pytest.raises(OverflowError, match=r"take the largest ones, as paths\(...\)\[:10\]"):
            found[index]
    with pytest.raises(IndexError, match="there is no path"):
        found[found.total]
    assert next(iter(paths(y, x, top=10**30))).product == found[0].product
    assert found[0:10**30:found.total] == [found[0]]


def test_it_is_a_sequence():
    e, b = example()
    found = paths(e, b)
    assert (len(found), found[-1].product, [path.product for path in reversed(found)]) == (2, 2.0, [2.0, 3.0])
    assert list(found) == list(found)
    for index in (2, -3):
        with pytest.raises(IndexError, match=f"there is no path {index} among 2"):
            found[index]
    assert [next(found).product for _ in range(2)] == [3.0, 2.0]
    with pytest.raises(StopIteration):
        next(found)
    assert not paths(e, b, top=0)
    with no_grad():
        assert len(paths(b * 2, b)) == 0


def test_long_paths_are_cut_in_the_middle():
    y = x = Value(1.0, label="x")
    for _ in range(50):
        y = y * 2.0
    assert str(paths(y, x)[0]).startswith("x -> * -> * -> * -> * -> * -> ... -> * -> *")
