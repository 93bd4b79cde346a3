"""NumPy arrays of floats beside Values, Duals and traced Values: as their `astype(object)`, bit for bit."""

import numpy as np
import pytest

import autograd as ag
from autograd import TraceError, Value, derivative, grad, hessian, jvp, value_and_grad
from tests.support.bit_identity import same

X, MASK = np.array([1.0, 2.0, 3.5]), np.array([True, False, True])
M = np.arange(9.0).reshape(3, 3) / 7.0


class Heir(np.ndarray):
    """An array that may do anything else, as a matrix or a masked array does."""


def in_place(v, x):
    total = x + 0.0
    total += v
    total *= v
    return total


# as scientists write them; the oracle is the same text with x.astype(object), whose functions NumPy calls one by one
PROGRAMS = {
    "decay": lambda v, x: 2.0 * np.exp(-v * x), "sum times data": lambda v, x: np.sum(v * x) * x,
    "a number's sum": lambda v, x: np.sum(v) * x, "where": lambda v, x: np.where(MASK, v, 0.0) * v * x,
    "polyval of coefficients": lambda v, x: np.polyval([v, 2.0 * v, 1.0], x),
    "polyval at v": lambda v, x: np.polyval(x, v), "polyval of all": lambda v, x: np.polyval([1.0, 2.0], v * x),
    "mean": lambda v, x: np.mean(v * x), "std": lambda v, x: np.std(v * x),
    "var": lambda v, x: np.var(v * x * x, ddof=1),
    "dot": lambda v, x: np.dot(x, [v, v * v, 2.0 * v]), "matmul": lambda v, x: M @ (v * x),
    "a matrix of data": lambda v, x: np.outer(x, x) @ np.array([v, 1.0, v * v]),
    "norm": lambda v, x: np.linalg.norm(v * x),
    "ufuncs": lambda v, x: np.maximum(v, x) + np.hypot(x, v) + np.arctan2(v, x) + np.logaddexp(x, v) + np.power(x, v),
    "operators": lambda v, x: x / v - v / x + x**v + v**x - x % v + x // v - (v - x) * (x - v),
    "outer": lambda v, x: np.multiply.outer(x, v * x) + np.add.outer(v, x), "cumsum": lambda v, x: np.cumsum(v * x),
    "diff": lambda v, x: np.diff(v * x * x), "trapezoid": lambda v, x: np.trapezoid(v * x, x),
    "our ops": lambda v, x: ag.exp(v * x) + ag.sin(x) * v + ag.maximum(v, x) + ag.hypot(x, v),
    "our where": lambda v, x: ag.where(x > 1.5, v * x, x),
    "our exp of floats and Values": lambda v, x: ag.exp(np.where(MASK, v, 0.0)) * x,
    "our sums": lambda v, x: ag.dot(x, v * x) + ag.mean(v * x) * x,
    "comparisons": lambda v, x: (x > v) * v + (v <= x) * x + (v == x) + (v != x) * v + np.greater(v, x),
    "chosen": lambda v, x: np.sum((v * x)[x < v]), "in place": in_place, "average": lambda v, x: np.average(
        x, weights=[v, 1.0, v * v]),
    "einsum": lambda v, x: np.einsum("ij,j->i", M, v * x), "concatenate": lambda v, x: np.concatenate([v * x, x]) * v,
}
KINDS = {"float64": X, "float32": X.astype(np.float32), "int": np.array([1, 2, 3]), "strided": np.repeat(X, 2)[::2],
         "frozen": np.broadcast_to(2.0, 3), "big-endian": X.astype(">f8")}


def bits(x):
    return [item.data if isinstance(item, Value) else float(item) for item in np.ravel(np.asarray(x, object))]


def total(x):
    return ag.sum([0.0, *((i + 1.0) * item for i, item in enumerate(np.ravel(np.asarray(x, object))))])


@pytest.mark.parametrize("name", PROGRAMS)
def test_as_astype_object_would_give(name, jit):
    f = PROGRAMS[name]
    objects = X.astype(object)
    found, right = f(Value(1.7), X), f(Value(1.7), objects)
    assert same(bits(found), bits(right))
    assert isinstance(found, Value) or (found.shape == right.shape and found.dtype == right.dtype == object)
    ours, oracle = (lambda v: total(f(v, X))), (lambda v: total(f(v, objects)))
    for transform in (grad, value_and_grad, hessian, derivative):
        assert same(transform(ours)(1.7), transform(oracle)(1.7))
    for transform in (grad, value_and_grad, hessian):
        assert same(jit(transform(ours))(1.7), transform(oracle)(1.7))
    step = 1e-6
    measured = (oracle(Value(1.7 + step)).data - oracle(Value(1.7 - step)).data) / (2 * step)
    assert grad(ours)(1.7) == pytest.approx(measured, rel=1e-7, abs=1e-7)
    both = lambda v, x: total(f(v, x))     # noqa: E731
    assert same(jit(value_and_grad(both))(1.7, X), value_and_grad(both)(1.7, X))      # the data are an argument, too


@pytest.mark.parametrize("kind", KINDS)
def test_arrays_of_all_numbers(kind):
    x, v = KINDS[kind], Value(1.7)
    for f in (lambda v, x: v * x, lambda v, x: x - v, lambda v, x: np.exp(x / v), lambda v, x: ag.log(x * v)):
        assert same(bits(f(v, x)), bits(f(v, x.astype(object))))
    assert bits(MASK * v) == [1.7, 0.0, 1.7]
    assert bits(v * np.zeros((2, 0))) == []


def test_pure_data_stays_numpys_and_ops_of_it_are_floats():
    Value(1.0) * X
    assert np.cos(X).dtype == float
    for found, right in ((ag.exp(X), [ag.exp(x) for x in X.tolist()]), (ag.maximum(X, 2.0), [2.0, 2.0, 3.5]),
                         (ag.where(MASK, X, 0.0), [1.0, 0.0, 3.5]), (ag.exp(np.array([0, 0])), [1.0, 1.0])):
        assert found.dtype == float
        assert same(found.tolist(), right)


def test_in_place_binds_the_name_anew(jit):
    """A float array cannot hold Values: ``x += v`` gives the name a new array, and leaves the old one as it was."""
    x = X.copy()
    before, v = x, Value(2.0)
    x += v
    assert x is not before
    assert (before == X).all()
    assert bits(x) == [3.0, 4.0, 5.5]
    held = np.array([v, 1.0], object)
    alias = held
    held += v
    held *= X[:2]
    assert held is alias
    assert bits(alias) == [4.0, 6.0]
    with pytest.raises(TypeError, match=r"out= is an array of float64, which cannot hold Values; leave it out"):
        np.add(X, v, out=np.zeros(3))
    out = np.empty(3, object)
    assert np.add(X, v, out=out) is out
    for store in (lambda x, v: x.__setitem__(0, v), lambda x, v: x[:2].__setitem__(0, v)):
        with pytest.raises(TraceError):
            store(X.copy(), v)
    with pytest.raises(TypeError, match=r"numpy\.add of a Value does not take where="):
        np.add(X, v, where=MASK)


def test_an_array_without_axes_acts_as_its_value(jit):
    box = np.array(Value(3.0))
    w = Value(2.0)
    for found, right in ((w * box, 6.0), (box * w, 6.0), (ag.sin(box), ag.sin(3.0)), (ag.maximum(w, box), 3.0),
                         (box + box, 6.0), (np.exp(box), ag.exp(3.0)), (ag.where(box > w, box, w), 3.0)):
        assert isinstance(found, Value)
        assert found.data == right
    assert (w < box) is True
    assert (w == np.array(Value(2.0))) is True
    f = lambda x: x * np.array(x) if x * x > np.array(x + 2.0) else np.array(x) * 5.0      # noqa: E731
    compiled = jit(f)
    for _ in range(2):
        assert [compiled(x) for x in (3.0, 1.0)] == [9.0, 5.0]
    assert grad(f)(3.0) == jit(grad(f))(3.0) == derivative(f)(3.0) == 6.0


def test_comparisons_beside_arrays_are_guards_of_each_element(jit):
    f = lambda v: np.sum(np.where(v > X, v * X, X))      # noqa: E731
    compiled = jit(f)
    for v in (0.5, 1.5, 3.0, 9.0) * 2:
        assert compiled(v) == sum(v * x if v > x else x for x in X.tolist())
    mask = Value(1.5) > X
    assert mask.dtype == bool
    assert mask.tolist() == [True, False, False]
    assert (Value(1.5) > np.array([1.0])).shape == (1,)


def test_duals_beside_arrays():
    value, slope = jvp(lambda v: v * X, (2.0,), (1.0,))
    assert same(value.astype(float), 2.0 * X)
    assert same(np.asarray(slope, float), X)


@pytest.mark.parametrize("wrong", [np.array([1j, 2.0]), np.array(["a"]), np.array(["2020-01-01"], "M8[D]"),
                                   np.ones(2).view(Heir)],
                         ids=["complex", "text", "dates", "a class of its own"])
def test_other_arrays_are_refused(wrong):
    for f in (lambda v, x: v * x, lambda v, x: ag.maximum(v, x), lambda v, x: np.hypot(v, x)):
        with pytest.raises(TypeError, match="expected a number or a Value, not"):
            f(Value(1.0), wrong)


def test_a_numpy_function_of_values_goes_through_no_array(monkeypatch: pytest.MonkeyPatch) -> None:
    v, w = Value(0.5), Value(2.0)
    first = np.exp(v).data, np.maximum(v, w).data, np.power(v, 2.0).data        # looked up here
    monkeypatch.setattr("autograd.ops.array_calls.elementwise", lambda *_: pytest.fail("an array was made"))
    assert (np.exp(v).data, np.maximum(v, w).data, np.power(v, 2.0).data) == first == (ag.exp(0.5), 2.0, 0.25)
    monkeypatch.undo()
    assert np.exp(np.array([v, w])).shape == (2,)
    assert np.maximum(v, [0.0, 1.0]).shape == (2,)
    assert np.exp(v, dtype=object).op is ag.TABLE["exp"]
    assert not np.greater(v, w)
