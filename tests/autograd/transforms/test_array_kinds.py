"""Arrays as arguments: memory layout, element types, bools, captured Values, and kinds that are refused."""

import itertools
from array import array

import numpy as np
import pytest

from autograd import (
    TraceError,
    Value,
    derivative,
    grad,
    gradcheck,
    hessian,
    hvp,
    jacobian,
    jvp,
    value_and_grad,
    vjp,
)
from tests.support.argument_trees import B, W, numbers, weigh
from tests.support.bit_identity import same


class Heir(np.ndarray):
    """An array that may do anything else, as a matrix or a masked array does."""


# ---- arrays of all kinds ------------------------------------------------------------------------


@pytest.mark.parametrize("order", ["C", "F", "A", "K"])
def test_arrays_keep_their_layout_in_memory(order, jit):
    weights = np.arange(24.0)
    f = lambda p: np.dot(p[0].ravel(order), weights)        # noqa: E731
    first = np.arange(24.0).reshape(2, 3, 4)
    compiled = jit(value_and_grad(f))
    several = [first, np.asfortranarray(first), np.asfortranarray(np.ones((2, 3, 4))), first[::-1, :, ::-1],
               np.arange(24.0).reshape(3, 4, 2).transpose(2, 0, 1), np.repeat(first, 2, axis=2)[:, :, ::2],
               np.asfortranarray(np.arange(48.0).reshape(4, 3, 4))[::2]]
    for x in several * 2:
        assert value_and_grad(f)([x])[0] == compiled([x])[0] == f([x])
        assert same(compiled([x]), value_and_grad(f)([x]))
        slope = value_and_grad(f)([x])[1][0]
        assert np.vdot(slope, x) == f([x])


def test_arrays_of_all_kinds_are_left_alone(jit):
    frozen = B.copy()
    frozen.flags.writeable = False
    for x in (frozen, np.array([1, 2, 3]), np.array([1, 2, 3], np.uint8), np.array([1.0, 9.0] * 3)[::2],
              B.astype(">f8"), B.astype(np.longdouble), np.broadcast_to(2.0, 3), B.astype(object)):
        before = x.copy()

        def f(p):
            p[0][0] = p[0][0] * 2.0      # in its own copy
            return weigh(p)

        for made in (value_and_grad(f), jit(value_and_grad(f))):
            found = made([x, 2.0])
            first, *rest = numbers(before)
            assert same(found, (float(4.0 * first * first + 2.0 * rest[0] ** 2 + 3.0 * rest[1] ** 2 + 16.0),
                                [np.array([8.0 * first, 4.0 * rest[0], 6.0 * rest[1]]), 16.0]))
        assert (x == before).all()


def test_captured_values_in_arrays_of_arguments(jit):
    w = Value(3.0)
    mixed = np.array([w, 2.0], object)
    f = lambda p: np.dot(p[0], p[0]) * p[1][0]      # noqa: E731
    right = 26.0, [np.array([12.0, 8.0]), np.array([13.0])]
    for made in (value_and_grad(f), jit(value_and_grad(f))):
        assert same(made([mixed, np.array([2.0])]), right)
    assert w.grad == 0.0
    for made in (f, jit(f)):
        w.grad = None
        made([mixed, np.array([2.0])]).backward()
        assert w.grad == 12.0
    for outer, inner in itertools.product((grad, derivative), (value_and_grad, lambda f: jit(value_and_grad(f)))):
        slope = lambda x, inner=inner: inner(f)([np.array([x, 2.0], object), np.array([2.0])])[1][0][0]   # noqa: E731
        assert outer(slope)(3.0) == 4.0
    empty = np.empty((), object)
    empty[()] = w
    assert grad(lambda p: p[0] * p[0])([empty]) == jit(grad(lambda p: p[0] * p[0]))([empty]) == [6.0]


@pytest.mark.parametrize("wrong", [
    np.array(["2020-01-01"], "M8[ns]"), np.array([5], "m8[ns]"), np.array(["a"]), np.array([1j]), np.array([None]),
    np.array([(1.0, 2)], "d,i"), np.ma.array([1.0, 2.0], mask=[0, 1]), np.ones((1, 2)).view(Heir), {"a": 1j}, {1.0},
    array("d", [1.0]), iter([1.0]), "a", None, 1j], ids=lambda x: type(x).__name__)
def test_what_is_no_tree_of_numbers_is_refused(wrong, jit):
    for x in (wrong, [wrong], [B, (wrong, 1.0)]):
        calls = [lambda x=x, f=f: f(x) for f in (grad(lambda p: 1.0), jacobian(lambda p: [1.0]), hessian(lambda p: 1.0),
                                            jit(grad(lambda p: 1.0)))]
        calls += [lambda x=x: vjp(lambda p: 1.0, x), lambda x=x: jvp(lambda p: 1.0, (x,), (x,)),
                  lambda x=x: hvp(lambda p: 1.0, x, x), lambda x=x: gradcheck(lambda p: 1.0, x)]
        if x is not None and not isinstance(x, str):        # which are flags
            calls.append(lambda x=x: jit(lambda p: 1.0)(x))
        for call in calls:
            with pytest.raises(TypeError, match="expected") as caught:
                call()
            assert not isinstance(caught.value, TraceError)


def test_arguments_that_are_left_out_are_as_they_were():
    given = {"a": [W]}
    assert grad(lambda x, options: x * (options is given), argnums=0)(3.0, given) == 1.0


def test_arrays_of_bools_choose_and_are_no_numbers(jit):
    """NumPy adds True and True to True, and picks elements by an array of bools."""
    f = lambda x, mask: np.sum(x[mask]) + np.sum(x * (mask + mask))     # noqa: E731
    compiled = jit(value_and_grad(f, argnums=0))
    masks = [np.array(list(bools)) for bools in itertools.product((True, False), repeat=3)]
    for mask in masks * 2:
        assert same(compiled(B, mask), value_and_grad(f, argnums=0)(B, mask))
        assert compiled(B, mask)[0] == f(B, mask)
        assert same(compiled(B, mask)[1], 2.0 * mask)
    assert len(compiled.programs) == 8
    assert "for 'bools of shape (3,)'" in str(compiled.programs)
    assert jit(lambda x, flag: x * (flag + flag))(3.0, np.True_) == 3.0
    for refused in (lambda: grad(f)(B, masks[0]), lambda: jit(grad(f))(B, masks[0]), lambda: jit(weigh)([B, masks[0]]),
                    lambda: grad(weigh)([B, masks[0]]), lambda: jit(grad(lambda x, m: x))(1.0, np.array(True))):
        with pytest.raises(TypeError, match="array of bools is not an array of numbers"):
            refused()


# ---- bind ---------------------------------------------------------------------------------------


def test_bind_gives_the_function_what_a_call_gives_it(jit):
    w = Value(2.0)
    rows = memoryview(array("d", W.ravel())).cast("B").cast("d", (2, 3))
    for f in (lambda m: m[1][0] * m[0][2], lambda m: w * m[1][0] * m[0][2]):
        out = np.zeros(1)
        jit(f).bind(rows, out=out)()
        assert out[0] == (12.0 if f(W.tolist()).__class__ is float else 24.0)
    x, out = np.array(3.0), np.zeros(())
    run = jit(lambda x: x * x).bind(x, out=out)
    x[...] = 5.0
    run()
    assert out == 25.0
    nothing, out = np.zeros((0, 3)), np.zeros(1)
    jit(lambda m: 1.0 * m.shape[1]).bind(nothing, out=out)()
    assert out[0] == 3.0
    with pytest.raises(TypeError, match="not Heir"):
        jit(lambda m: m[0, 0]).bind(np.ones((1, 2)).view(Heir), out=out)
