"""The call signature of a compiled function: the structure and kinds of its arguments."""

from decimal import Decimal

import numpy as np
import pytest

import autograd as ag
from autograd import Value, grad, value_and_grad
from tests.support.bit_identity import check_jit, same

# ---- versions -----------------------------------------------------------------------------------


def test_the_structure_of_the_arguments_chooses(jit):
    def f(p, mode="a", scale=1.0):
        rows = p.ravel() if hasattr(p, "ravel") else p
        items = [x for row in rows for x in (row if isinstance(row, list) else [row])]
        return ag.sum(items) * (scale if mode == "a" else -scale)

    compiled = jit(f)
    for _ in range(2):
        for args, kwargs in [(([1.0, 2.0],), {}), (([1.0, 2.0, 3.0],), {}), (([[1.0], [2.0, 3.0]],), {}),
                             (([[1.0, 2.0], [3.0]],), {}), ((np.array([1.0, 2.0, 3.0]),), {}),
                             ((np.array([[1.0], [2.0], [3.0]]),), {}), (([1.0], "b"), {}), (([1.0],), {"mode": "b"}),
                             (([1.0],), {"scale": 3.0}), (([1.0],), {"mode": "b", "scale": 3.0}),
                             (([1.0],), {"scale": 3.0, "mode": "b"}), (([1.0], "a", 7.0), {})]:
            assert same(compiled(*args, **kwargs), float(f(*args, **kwargs))), (args, kwargs)
    assert len(compiled.programs) <= 12


def test_what_is_no_float_is_never_taken_for_one(jit):
    """Also when there is a version for floats already."""
    def f(x):
        return 1.0 if x is True else x * 2.0

    class Own(float):
        pass

    compiled, inside = jit(f), jit(lambda p: p[0] * 2.0)
    assert [compiled(x) for x in (3.0, True, False, 3, Own(4.0))] == [6.0, 1.0, 0.0, 6.0, 8.0]
    assert (inside([3.0]), inside([True]), inside([3]), inside([np.float64(3.0)])) == (6.0, 2.0, 6.0, 6.0)
    assert same(compiled(np.array([3.0])), np.array([6.0]))
    assert same(inside([np.array([3.0])]), np.array([6.0]))
    assert same(inside((3.0,)), 6.0)
    for wrong in (Decimal("2"), "3.0", 1j, None):
        with pytest.raises(TypeError):
            compiled(wrong)
        with pytest.raises(TypeError):
            inside([wrong])
    with pytest.raises(OverflowError):
        compiled(10**400)
    assert compiled(-1) == -2.0


ARRAYS = [np.array([1.0, 2.0, 3.0]), np.array([[1.0, 2.0, 3.0]]), np.array([1, 2, 3]), np.array([1.0, 2.0, 3.0, 4.0]),
          np.array([1.0, 2.0, 3.0], np.float32), np.array([1.0, 2.0, 3.0], ">f8"), np.array([1.0, 9.0] * 3)[::2],
          np.array([1.0, 2.0, 3.0], object), np.array([[1.0], [2.0], [3.0]]), np.arange(6.0).reshape(2, 3).T,
          np.array([[1.0, 2.0], [3.0, 4.0]])]


@pytest.mark.parametrize("first", range(len(ARRAYS)))
def test_arrays_of_every_kind_in_any_order(jit, first):
    """The quick way is made for the first; what has another shape, type or layout goes another way, to the same end."""
    def f(x):
        return ag.sum(list(x.ravel() * x.ravel())) + x.ravel()[0]

    compiled = jit(value_and_grad(f))
    for x in ARRAYS[first:] + ARRAYS[:first]:
        before = x.copy()
        for _ in range(2):
            value, slope = compiled(x)
            assert same((value, slope), value_and_grad(f)(x))
            assert slope.flags.owndata or slope.base.flags.owndata
            assert not np.shares_memory(slope, x)
            slope[...] = 7.0        # nobody else's
        assert (x == before).all()


def test_lists_and_numbers_by_turns(jit):
    compiled = jit(lambda x: x[0] * 2.0 if isinstance(x, list) else -x if x < 0.0 else x * 3.0)
    for _ in range(3):
        assert [compiled(x) for x in (1.0, [1.0], -1.0, [2.0, 3.0], 4.0)] == [3.0, 2.0, 1.0, 4.0, 12.0]


def test_flags_inside_a_sequence(jit):
    assert jit(lambda p: p[1] * 2.0 if p[0] else p[1])([True, 3.0]) == 6.0


# ---- types and errors ---------------------------------------------------------------------------


@pytest.mark.parametrize("wrong", ["text", 1j, None, {}, object(), ["a"], [None], b"x"], ids=lambda x: type(x).__name__)
def test_wrong_arguments_are_type_errors(jit, wrong):
    compiled = jit(lambda x: x * 2.0)
    for _ in range(2):
        with pytest.raises(TypeError):
            compiled(wrong)
    assert compiled(2.0) == 4.0


def test_wrong_calls_are_the_errors_of_the_function(jit):
    def named(x, y):
        if x < 0.0:
            raise LookupError("negative")
        return x * y

    compiled = jit(named)
    for _ in range(2):
        for args in ((), (1.0,), (1.0, 2.0, 3.0)):
            with pytest.raises(TypeError, match="named"):
                compiled(*args)
        with pytest.raises(LookupError, match="negative"):
            compiled(-1.0, 2.0)
        assert compiled(2.0, 3.0) == 6.0
    with pytest.raises(TypeError, match="not one"):
        jit(grad(lambda x: [x, x]))(1.0)
    with pytest.raises(OverflowError, match="float"):
        compiled(10**400, 1.0)


def test_numbers_of_all_kinds(jit):
    compiled = jit(lambda x: x * 0.5)
    for x in (3, np.float32(3.0), np.int64(3), np.array(3.0), 3.0):
        assert same(compiled(x), 1.5)
    assert same(jit(grad(lambda p: p[0] * p[1]))([2, np.float64(3.0)]), [3.0, 2.0])
    out = compiled(Value(3.0))
    assert isinstance(out, Value)
    assert out.data == 1.5


def test_flags_are_not_differentiated_by(jit):
    def powers(x, flag):
        return x * x if flag else x

    for made in (grad, value_and_grad):
        with pytest.raises(TypeError, match="by the flag True; choose other arguments with argnums"):
            jit(made(powers))(3.0, True)
        check_jit(made(powers, argnums=0), (3.0, True), (3.0, "a"), (3.0, ""), (3.0, None), jit=jit)
        with pytest.raises(TypeError, match="expected a number"):
            jit(made(powers))(3.0, "a")
