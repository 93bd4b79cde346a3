"""vmap: which rows arguments have, and which arrays results become."""

import pickle
from collections import namedtuple
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pytest

import autograd as ag
from autograd import Value, grad, hessian, jacobian, jit, value_and_grad, vmap

X, Y = np.array([1.0, 2.0, -3.0]), np.array([0.5, 4.0, 2.0])
P = np.arange(12.0).reshape(4, 3) / 7.0


def f(x, y):
    return x**2 * y + ag.sin(y)


def dot(w, x):
    return sum(a * b for a, b in zip(w, x, strict=True))


@pytest.mark.parametrize("column", [
    X, list(X.tolist()), tuple(X.tolist()), X.astype(np.float32), X.astype(np.int8), X.astype(">f8"),
    X.astype(np.longdouble), np.repeat(X, 2)[::2], X[::-1][::-1], np.array([[x, 0.0] for x in X])[:, 0],
    np.array([(x, 1) for x in X], [("x", "f8"), ("n", "i4")])["x"], [1, Fraction(2), np.float32(-3)],
    memoryview(X), range(1, 4)], ids=lambda x: f"{type(x).__name__}{getattr(x, 'dtype', '')}")
def test_columns_of_any_kind(column):
    found = vmap(lambda x: x * x + 1.0)(column)
    assert isinstance(found, np.ndarray)
    assert found.tolist() == [x * x + 1.0 for x in map(float, column)]


def test_reversed_and_broadcast_columns_are_read_in_place():
    found = vmap(f)(X[::-1], np.broadcast_to(2.0, 3))
    assert found.tolist() == [float(f(Value(x), 2.0).data) for x in X[::-1].tolist()]


def test_float64_is_read_in_place_and_kept():
    x = X.copy()
    x.flags.writeable = False
    assert vmap(lambda x: 2 * x)(x).tolist() == [2.0, 4.0, -6.0]
    assert x.tolist() == X.tolist()


@pytest.mark.parametrize("rows", [P, P.tolist(), [tuple(row) for row in P.tolist()], list(P), np.asfortranarray(P),
                                  np.vstack([P, P])[::2][[0, 1, 2, 3]].astype(np.float32).astype(float)[:4],
                                  memoryview(P)])
def test_rows_for_sequences(rows):
    given = np.array([*map(list, np.asarray(rows))], float)
    found = vmap(lambda p: p[0] * p[1] - p[2])(rows)
    assert found.tolist() == [p[0] * p[1] - p[2] for p in given.tolist()]
    slopes = vmap(grad(lambda p: p[0] * p[1] - p[2]))(rows)
    assert slopes.tolist() == [[p[1], p[0], -1.0] for p in given.tolist()]


def test_shared_arguments_and_axes():
    w = [1.0, 2.0, 3.0]
    right = [w[0] * a + w[1] * b + w[2] * c for a, b, c in P.tolist()]      # sum of floats is exact from 3.12 on
    for shared in (w, tuple(w), np.array(w), np.array(w, int)):
        assert vmap(dot, in_axes=(None, 0))(shared, P).tolist() == right
    assert vmap(dot, in_axes=(None, 1))(w, P.T).tolist() == right
    assert vmap(dot, in_axes=(None, -1))(w, P.T.tolist()).tolist() == right
    assert vmap(dot, in_axes=[None, -2])(w, P).tolist() == right
    cube = np.arange(24.0).reshape(2, 3, 4)
    for axis in range(-3, 3):
        rows = np.moveaxis(cube, axis, 0)
        for given in (cube, cube.tolist()):
            found = vmap(lambda t: t[0][1] * 2.0 - t[1][0], in_axes=axis)(given)
            assert found.tolist() == [row[0, 1] * 2.0 - row[1, 0] for row in rows]


Point = namedtuple("Point", "x y")


@dataclass
class Option:
    strike: float
    spot: float
    name: str = "call"


def test_structures_hold_columns():
    right = [x - 2.0 * y for x, y in zip(X.tolist(), Y.tolist(), strict=True)]
    assert vmap(lambda p: p["x"] - 2.0 * p["y"])({"x": X, "y": Y}).tolist() == right
    assert vmap(lambda p: p.x - 2.0 * p.y)(Point(X, Y)).tolist() == right
    assert vmap(lambda p: p[0] - 2.0 * p[1])((X, Y)).tolist() == right
    assert vmap(lambda o: o.strike - 2.0 * o.spot)(Option(X, Y)).tolist() == right
    assert vmap(lambda p: p[0] - 2.0 * p[1], in_axes=([0, 0],))([X, Y]).tolist() == right
    assert vmap(lambda p: p["x"] - 2.0 * p["y"], in_axes=({"x": 0, "y": None},))({"x": X, "y": 0.5}).tolist() == \
        [x - 1.0 for x in X.tolist()]
    assert vmap(lambda p: p.x - 2.0 * p.y, in_axes=(Point(0, None),))(Point(X, 0.5)).tolist() == \
        [x - 1.0 for x in X.tolist()]
    assert vmap(lambda o: o.strike - 2.0 * o.spot, in_axes=(Option(0, None),))(Option(X, 0.5)).tolist() == \
        [x - 1.0 for x in X.tolist()]


def test_rows_that_are_structures():
    records = [{"x": x, "y": y} for x, y in zip(X.tolist(), Y.tolist(), strict=True)]
    assert vmap(lambda p: p["x"] - 2.0 * p["y"])(records).tolist() == vmap(lambda x, y: x - 2.0 * y)(X, Y).tolist()
    options = [Option(x, y) for x, y in zip(X.tolist(), Y.tolist(), strict=True)]
    slopes = vmap(grad(lambda o: o.strike * o.spot))(options)
    assert type(slopes) is Option
    assert slopes.strike.tolist() == Y.tolist()


def test_results_keep_tuples_and_stack_lists():
    value, slopes = vmap(value_and_grad(f))(X, Y)
    assert value.shape == (3,)
    assert [x.shape for x in slopes] == [(3,), (3,)]
    rows = vmap(lambda x, y: [x, y, x * y])(X, Y)
    assert rows.tolist() == [[x, y, x * y] for x, y in zip(X.tolist(), Y.tolist(), strict=True)]
    found = vmap(lambda x: {"a": [[x, 1.0], [2.0, x]], "b": Point(x, "name"), "c": None})(X)
    assert found["a"].shape == (3, 2, 2)
    assert found["b"].x.tolist() == X.tolist()
    assert found["b"].y == "name"
    assert found["c"] is None
    irregular = vmap(lambda x: [x, [x, x]])(X)
    assert [part.shape for part in irregular] == [(3,), (3, 2)]
    assert vmap(lambda p: np.array([p[0], p[1]]))(P).shape == (4, 2)
    assert vmap(lambda x: 1.0)(X).tolist() == [1.0] * 3
    assert vmap(lambda x: [])(X).shape == (3, 0)


def test_derivatives_have_the_axis_of_rows_first():
    def g(p):
        return [p[0] * p[1], p[2] * p[0], ag.sin(p[1])]
    assert vmap(jacobian(g))(P).shape == (4, 3, 3)
    assert vmap(hessian(lambda p: p[0] * p[1] * p[2]))(P).tolist() == \
        [[[0.0, c, b], [c, 0.0, a], [b, a, 0.0]] for a, b, c in P.tolist()]
    second = vmap(hessian(f))(X, Y)
    assert [[x.shape for x in row] for row in second] == [[(3,), (3,)]] * 2


def test_keywords_and_static_arguments():
    def power(x, n, scale=1.0):
        product = scale
        for _ in range(n):
            product = product * x
        return product
    compiled = jit(power, static_argnames="n")
    assert vmap(compiled)(X, 3).tolist() == [x * x * x for x in X.tolist()]
    assert vmap(compiled, in_axes=(0, None))(X, 2, scale=Y).tolist() == \
        [y * x * x for x, y in zip(X.tolist(), Y.tolist(), strict=True)]

    def choose(x, kind, flag):
        return x * 2.0 if kind == "double" and flag else x
    chosen = vmap(choose, in_axes=(0, None, None))
    assert chosen(X, "double", True).tolist() == [2.0, 4.0, -6.0]
    assert chosen(X, "double", False).tolist() == X.tolist()
    assert len(chosen.programs) == 2


def test_captured_values_are_read_at_each_call():
    w = Value(2.0, label="w")
    scaled = vmap(lambda x: w * x)
    assert scaled(X).tolist() == [2.0, 4.0, -6.0]
    w.data = 3.0
    assert scaled(X).tolist() == [3.0, 6.0, -9.0]
    value, slopes = vmap(value_and_grad(lambda x: w * x * x, wrt=[w]))(X)
    assert value.tolist() == [3.0, 12.0, 27.0]
    assert slopes.tolist() == [[1.0], [4.0], [9.0]]


def test_methods_and_objects():
    class Line:
        def __init__(self):
            self.slope = Value(2.0)

        def __call__(self, x):
            return self.slope * x

        def at(self, x):
            return self.slope * x + 1.0
    line = Line()
    assert vmap(line)(X).tolist() == [2.0, 4.0, -6.0]
    assert vmap(line.at)(X).tolist() == [3.0, 5.0, -5.0]


def test_as_decorator():
    @vmap
    def double(x):
        """Twice."""
        return 2.0 * x

    @vmap(in_axes=(0, None), reduce="sum")
    def scaled(x, y):
        return x * y
    assert double(X).tolist() == [2.0, 4.0, -6.0]
    assert double.__doc__ == "Twice."
    assert scaled(X, 2.0) == 0.0
    assert repr(double) == "<vmap of test_as_decorator.<locals>.double: 1 versions>"


def test_no_rows():
    assert vmap(f)(X[:0], Y[:0]).shape == (0,)
    assert vmap(f)([], []).shape == (0,)
    value, slopes = vmap(value_and_grad(lambda p: p[0] * p[1]))(P[:0])
    assert value.shape == (0,)
    assert slopes.shape == (0, 3)
    assert vmap(f, reduce="sum")(X[:0], Y[:0]) == 0.0
    assert vmap(value_and_grad(dot, argnums=0), in_axes=(None, 0), reduce="sum")([1.0, 2.0, 3.0], P[:0]) == \
        (0.0, [0.0, 0.0, 0.0])


def test_no_rows_of_which_nothing_is_known():
    with pytest.raises(ValueError, match=r"gets no rows, and for a row of ones.*TypeError.*give an array of the shape"):
        vmap(lambda p: p[0] * p[1])([])
    with pytest.raises(ValueError, match="the mean of no rows; give at least one"):
        vmap(lambda p: p[0] * p[1], reduce="mean")([])
    assert vmap(lambda p: p[0] * p[1])(np.empty((0, 2))).shape == (0,)


def test_nan_is_a_right_answer():
    found = vmap(lambda x: ag.log(x) if x == x else 7.0)(np.array([1.0, -1.0, np.nan, np.inf]))
    assert found[[0, 2, 3]].tolist() == [0.0, 7.0, np.inf]
    assert np.isnan(found[1])


def test_tables_of_pandas():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"x": X, "y": Y})
    assert vmap(f)(frame["x"], frame["y"]).tolist() == vmap(f)(X, Y).tolist()
    assert vmap(lambda p: f(p[0], p[1]))(frame).tolist() == vmap(f)(X, Y).tolist()


def test_values_as_shared_arguments_of_a_derivative():
    w = [Value(x) for x in (1.0, 2.0, 3.0)]
    slopes = vmap(value_and_grad(dot, argnums=0), in_axes=(None, 0), reduce="sum")
    assert slopes(w, P) == slopes([1.0, 2.0, 3.0], P)
    objects = np.array(w, object)
    assert slopes(objects, P)[1].tolist() == slopes([1.0, 2.0, 3.0], P)[1]


def test_objects_with_names_of_options_are_functions():
    class Model:
        backend, static, reduce = "none", 3.0, "max"

        def __call__(self, x):
            return 2.0 * x
    assert vmap(Model())(X).tolist() == [2.0, 4.0, -6.0]


class Scaled:
    def __init__(self, factor):
        self.factor = Value(factor)

    @vmap
    def at(self, x):
        return self.factor * x if x > 0.0 else x

    @vmap(in_axes=(0, None), reduce="sum")
    def total(self, x, y):
        return self.factor * x * y


def test_methods_of_a_class():
    two, three = Scaled(2.0), Scaled(3.0)
    assert two.at(X).tolist() == [2.0, 4.0, -3.0]
    assert three.at(X).tolist() == [3.0, 6.0, -3.0]
    assert len(two.at.programs) == 2
    assert two.total(X[:2], 2.0) == 12.0
    two.factor.data = 5.0
    assert two.at(X).tolist() == [5.0, 10.0, -3.0]
    assert pickle.loads(pickle.dumps(two.at))(X).tolist() == [5.0, 10.0, -3.0]


def test_fast_code_says_what_it_calls_row_by_row():
    fast = vmap(lambda x: ag.erf(x) * x, fast=True)
    assert fast(X) == pytest.approx(vmap(lambda x: ag.erf(x) * x)(X), rel=1e-15)
    line = str(fast.programs)
    assert line == "<Program f: 1 inputs, 2 instructions>" or line.endswith("instructions>; row by row: erf")


def test_columns_of_a_large_result_are_apart_and_may_be_written():
    x = np.linspace(0.1, 2.0, 20_000)
    value, (by_x, by_y) = vmap(value_and_grad(f))(x, x[::-1])
    again = vmap(value_and_grad(f))(x, x[::-1])
    assert not any(np.shares_memory(a, b) for a, b in ((value, by_x), (by_x, by_y), (value, again[0])))
    assert all(a.flags.c_contiguous and a.flags.writeable and a.shape == x.shape for a in (value, by_x, by_y))
    value[:] = 0.0
    assert by_x.tolist() == again[1][0].tolist() == (2.0 * x * x[::-1]).tolist()
    rows, matrix = vmap(lambda x: (x * x, np.array([[x, x + 1.0], [x + 2.0, 0.0]])))(x)
    assert matrix.shape == (20_000, 2, 2)
    assert matrix[7].tolist() == [[x[7], x[7] + 1.0], [x[7] + 2.0, 0.0]]
    assert rows[-1] == 4.0
