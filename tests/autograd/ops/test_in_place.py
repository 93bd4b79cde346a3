"""In-place changes of arrays of floats by Values: right where a name takes the new array, else one clear error."""

import operator

import numpy as np
import pytest

from autograd import TraceError, Value, derivative, grad, jit, value_and_grad, vmap


def add_to(t, v):
    t += v


def add_in_steps(t, v):
    t += v
    t *= 2.0
    t -= v


def add_in_a_branch(t, v):
    try:
        if v > 0:
            t += v
        else:
            t -= v
    except ValueError:
        print(t)


def each_row(t, v):
    for row in t:
        row += v


def one_row(t, v):
    row = t[0]
    row += v
    return row


def another_name(t, v):
    held = {"t": t}
    alias = held["t"]
    alias += v


LOST = {"a helper": add_to, "steps": add_in_steps, "a branch": add_in_a_branch, "rows": each_row, "a row": one_row,
        "another name": another_name, "a place": lambda t, v: operator.setitem(t, 0, operator.iadd(t[0], v)),
        "a comprehension": lambda t, v: [row.__iadd__(v) for row in t], "out": lambda t, v: np.add(t, v, out=t),
        "operator": operator.iadd}


@pytest.mark.parametrize("change", LOST.values(), ids=LOST)
def test_a_change_that_would_be_lost_is_an_error(change):
    def total(v):
        t = np.zeros((2, 2))
        change(t, v)
        return t.sum()

    for run in (value_and_grad(total), jit(total), jit(grad(total)), derivative(total)):
        with pytest.raises(TypeError, match=r"in place: an array of float64 .*write x = x \+ v"):
            run(2.0)
    with pytest.raises(TypeError, match="in place"):
        vmap(total)(np.array([1.0, 2.0]))


@pytest.mark.parametrize("change", [*LOST.values()][:6], ids=[*LOST][:6])
def test_arrays_of_objects_are_changed_in_place(change):
    def total(v):
        t = np.zeros((2, 2), object)
        change(t, v)
        return t.sum()

    step = 1e-6
    assert value_and_grad(total)(2.0) == (total(2.0), pytest.approx((total(2 + step) - total(2 - step)) / (2 * step)))


def in_a_loop(t, v):
    for k in range(3):
        if k == 1:
            t += v
            continue
        t *= v
    with np.errstate(all="ignore"):
        t -= 2.0 * v
    return t


def after_an_error(t, v):
    try:
        t += v
        raise ValueError
    except ValueError:
        return t


def seen_by_a_function(t, v):
    t += v
    return (lambda: t)()


def by_a_function(t, v):
    def add():
        nonlocal t
        t += v
    add()
    return t


def of_an_object(t, v):
    held = type("Held", (), {})()
    held.t = t
    held.t += v
    return held.t


def by_parts(t, v):
    t += v
    yield from t


KEPT = (in_a_loop, after_an_error, seen_by_a_function, by_a_function, of_an_object, by_parts)


@pytest.mark.parametrize("change", KEPT)
@pytest.mark.parametrize("make", [lambda: np.ones(6), lambda: np.arange(6.0).reshape(2, 3)], ids=["own", "reshaped"])
def test_a_name_that_is_read_later_takes_the_new_array(change, make):
    f = lambda v: sum(np.sum(x) for x in change(make(), v))       # noqa: E731
    step = 1e-6
    value, slope = value_and_grad(f)(2.0)
    assert value == f(2.0) == jit(f)(2.0)
    assert slope == pytest.approx((f(2 + step) - f(2 - step)) / (2 * step))


@pytest.mark.parametrize("name", ["add", "subtract", "multiply", "maximum"])
def test_at_of_floats_says_what_to_make_and_of_objects_is_right(name):
    function = getattr(np, name)

    def total(made, given):
        def f(v):
            t = np.ones(4, made)
            function.at(t, [0, 1, 1], v * given)
            return (t * np.array([1.0, 2.0, 3.0, 4.0])).sum()
        return f

    xs, step = np.array([1.0, 2.0, 3.0]), 1e-6
    plain = [total(float, xs)(2.0 + h) for h in (0.0, step, -step)]
    f = total(object, xs)
    assert value_and_grad(f)(2.0) == (plain[0], pytest.approx((plain[1] - plain[2]) / (2 * step)))
    assert jit(f)(2.0) == vmap(f)(np.array([2.0, 3.0]))[0] == plain[0]
    assert derivative(f)(2.0) == grad(f)(2.0) == jit(grad(f))(2.0)
    for transform in (grad, jit, derivative):
        with pytest.raises(TypeError, match=rf"numpy.{name}.at .* numpy.zeros\(n, object\)"):
            transform(total(float, 1.0))(2.0)
    for transform in (grad, jit):
        # NumPy goes on after an element's error, so which one Python then raises, and its words, are chance
        with pytest.raises((SystemError, TypeError, AttributeError, TraceError)):
            transform(total(float, xs))(2.0)


def test_conjugate_is_the_number_itself():
    v = Value(2.0)
    assert np.conj(v) is v
    assert np.conj([v, 1.0])[0] is v
    assert grad(lambda v: np.conj(v) * np.conjugate(v))(3.0) == 6.0
