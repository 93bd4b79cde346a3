"""vmap refuses what has no rows, or rows of different shapes, with one message that names the argument."""

import numpy as np
import numpy.ma
import pytest

from autograd import jit, vmap

X = np.array([1.0, 2.0, 3.0])


def f(x, y):
    return x * y


def first(p):
    return p[0] + p[-1]


def failure(kind, call, *parts):
    with pytest.raises(kind) as raised:
        call()
    text = str(raised.value)
    assert "\n" not in text
    for part in parts:
        assert part in text, text
    return text


def test_lengths_that_differ():
    failure(ValueError, lambda: vmap(f)(X, X[:2]), "argument 1 has 2 rows, and argument 0 has 3")
    failure(ValueError, lambda: vmap(f)(X, y=X[:2]), "argument 'y' has 2 rows, and argument 0 has 3")
    failure(ValueError, lambda: vmap(first)({"a": X, "b": [X.tolist()]}), "argument 0['b'] has 1 rows")
    failure(ValueError, lambda: vmap(f)(X, 2.0), "argument 1 is one number", "; share it by None in in_axes")
    failure(ValueError, lambda: vmap(f)(X, np.float32(2.0)), "argument 1 is one number")
    failure(ValueError, lambda: vmap(f)(X, np.array(2.0)), "argument 1 is one number")
    failure(ValueError, lambda: vmap(f)(2.0, 3.0), "argument 0 is one number")


@pytest.mark.parametrize("y", [3.0, np.array(3.0), "a", print, X[:2], {"a": 3.0}], ids=repr)
def test_what_is_given_by_keyword_is_shared_by_position(y):
    """in_axes has no entry for it: None there was the advice, and one entry too many."""
    wanted = "argument 'y'", "share it by position, with None in in_axes"
    failure((TypeError, ValueError), lambda: vmap(f)(X, y=y), *wanted)
    assert len(vmap(lambda x, y: x, in_axes=(0, None))(X, y)) == 3
    failure(ValueError, lambda: vmap(f)(iter([X]), y=y), *wanted)


@pytest.mark.parametrize(("rows", "part"), [
    ([np.ones(1), np.array([True])], "row 1 (counted from 0) of argument 0 is an array of bools; write x.astype"),
    ([np.array(["a"])], "row 0 (counted from 0) of argument 0 is an array of <U1"),
    ([np.ones(1), np.array([1j])], "row 1 (counted from 0) of argument 0 is an array of complex128"),
    ([[np.array([True])]], "argument 0: an array of bools"),
    ([1.0, np.True_], "argument 0 holds bools"), ([np.False_, np.True_], "argument 0 holds bools")], ids=repr)
def test_rows_that_are_no_numbers_are_named(rows, part):
    text = failure(TypeError, lambda: vmap(lambda x: x[0])(rows), f"vmap: {part}")
    assert "argnums" not in text        # which vmap has not


def test_ragged_rows():
    failure(ValueError, lambda: vmap(first)([[1.0, 2.0], [3.0]]), "argument 0 is ragged: row 1", "shape (1,)",
            "row 0 the shape (2,)")
    failure(ValueError, lambda: vmap(first)([[1.0, 2.0], 3.0]), "argument 0 is ragged", "one number")
    failure(ValueError, lambda: vmap(first)([np.ones(2), np.ones(3)]), "ragged")
    failure(ValueError, lambda: vmap(first)([{"a": 1.0}, {"b": 1.0}]), "ragged: row 1", "structure")
    failure(ValueError, lambda: vmap(first, in_axes=1)([[1.0, [2.0]], [3.0, [4.0]]]), "no axis 1")


@pytest.mark.parametrize("column", [np.array([1.0, None]), np.array(["a", "b"]), np.array([1j, 2j]), ["a", "b"], "abc",
                                    b"abc", [None, 1.0], [1.0, "b"], np.array([True, False]), [True, False],
                                    np.array(["2020-01-01"], "M8"), True, print, [[1.0, "b"]], [1j], {1.0, 2.0}],
                         ids=repr)
def test_what_holds_no_numbers(column):
    failure(TypeError, lambda: vmap(lambda x: x)(column), "argument 0")


def test_numbers_beyond_float64():
    failure(OverflowError, lambda: vmap(lambda x: x)([10**400, 1]), "argument 0", "beyond 1.8e308")


def test_arrays_that_compute_in_their_own_way():
    failure(TypeError, lambda: vmap(lambda x: x)(numpy.ma.masked_array(X, X > 1.0)), "argument 0 is a numpy.ma",
            "plain array")


def test_axes():
    failure(ValueError, lambda: vmap(first, in_axes=2)(np.ones((2, 3))), "argument 0 has the shape (2, 3)", "no axis 2")
    failure(ValueError, lambda: vmap(first, in_axes=-3)(np.ones((2, 3))), "no axis -3")
    failure(ValueError, lambda: vmap(f, in_axes=(0,))(X, X), "1 entries for 2 positional arguments")
    failure(ValueError, lambda: vmap(f, in_axes=(None, None)), "shares every argument")
    failure(ValueError, lambda: vmap(f, in_axes=None), "shares every argument")
    failure(TypeError, lambda: vmap(f, in_axes="rows"), "in_axes='rows'")
    failure(TypeError, lambda: vmap(f, in_axes=(0, 1.5)), "holds 1.5")
    failure(TypeError, lambda: vmap(f, in_axes=True), "in_axes=True")
    failure(ValueError, lambda: vmap(f, in_axes=({"a": 0}, 0))({"b": X}, X), "argument 0 has the keys ['b']")
    failure(ValueError, lambda: vmap(f, in_axes=([0, 0], 0))([X], X), "argument 0 has 1 items, and its in_axes 2")
    failure(ValueError, lambda: vmap(f, in_axes=([0, 0], 0))(X, X), "argument 0 is an array", "[0, 0]")
    failure(ValueError, lambda: vmap(f)(), "no argument has rows")
    failure(ValueError, lambda: vmap(f)({}, None), "no argument has rows")


def test_options():
    failure(TypeError, lambda: vmap(3.0), "expected a function, not float")
    for threads in (0, -1, 1.5, True, "2"):
        failure(ValueError, lambda threads=threads: vmap(f, threads=threads), f"threads={threads!r}")


def test_errors_of_the_function_come_out_and_nothing_is_kept():
    def g(x):
        if x > 2.0:
            raise RuntimeError("beyond 2")
        return x
    batched = vmap(g)
    with pytest.raises(RuntimeError, match="beyond 2"):
        batched(X)
    assert batched(X[:2]).tolist() == [1.0, 2.0]
    failure(TypeError, lambda: vmap(lambda x: {1, 2})(X), "the function returned set")
    failure(TypeError, lambda: vmap(f)(X), "missing 1 required positional argument")


def test_a_freezing_call_names_the_line():
    with pytest.raises(Exception, match=r"float\(x\) of a traced Value"):
        vmap(lambda x: float(x))(X)


def test_a_backend_by_name_is_kept():
    assert vmap(jit(f, backend="python"))(X, X).tolist() == [1.0, 4.0, 9.0]
