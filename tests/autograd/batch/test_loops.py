"""fori_loop, while_loop, scan: what they compute, eager and compiled, their derivatives, and their errors."""

import pickle
from typing import NamedTuple

import numpy as np
import pytest

import autograd as ag
from autograd import Value, fori_loop, grad, hessian, jacobian, jit, jvp, scan, value_and_grad, while_loop
from tests.support.loop_programs import bits

BACKENDS = ["python", "llvm"]


def newton(a):
    return fori_loop(0, 8, lambda i, x: 0.5 * (x + a / x), 1.0)


def pendulum(p):
    def step(i, c):
        angle, speed = c
        return angle + 0.05 * speed, speed - 0.05 * p[0] / p[1] * ag.sin(angle)

    angle, speed = fori_loop(0, 30, step, (0.5 * p[1], 0.1))
    return angle * speed + angle


def branches(p):
    def step(i, c):
        a, b = c
        if a > b:
            return a * 0.7 - 0.1 * b * i, b
        return a + 1.5 * ag.sin(b), b * 1.1

    a, b = fori_loop(0, 12, step, (p[0] * 1.5, p[0] * p[1]))
    return a * b + p[1]


def collatz(p):
    a, b = while_loop(lambda c: c[0] < 50.0, lambda c: (c[0] * 1.5 + c[1], ag.sin(c[1]) * c[0]), (p[0] * 2, p[1] * 0.1))
    return ag.log(b + 90.0) * a


def recurrent(p):
    last, ys = scan(lambda h, x: (ag.tanh(p[0] * h + p[1] * x), h * x), 0.1, [0.3, -0.2, p[1] * 2, 1.0])
    return last * p[0] + sum(y * y for y in ys)


FUNCTIONS = [pendulum, branches, collatz, recurrent]


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("f", FUNCTIONS)
def test_compiled_loops_and_their_derivatives_have_the_bits_of_eager_ones(f, backend):
    for how in (lambda f: f, value_and_grad, hessian):
        compiled = jit(how(f), backend=backend)
        for p in ([0.7, 1.3], [1.9, 0.4], [0.2, 0.9]):
            assert bits(compiled(p)) == bits(how(f)(p))


@pytest.mark.parametrize("backend", BACKENDS)
def test_forward_mode_through_loops_has_the_bits_of_eager_forward_mode(backend):
    def three(x):
        return [f([x, 0.4]) for f in FUNCTIONS]

    assert bits(jit(jacobian(three), backend=backend)(0.7)) == bits(jacobian(three)(0.7))
    along = jit(lambda x: jvp(branches, ([x, 0.4],), ([1.0, x],)), backend=backend)
    assert bits(along(0.7)) == bits(jvp(branches, ([0.7, 0.4],), ([1.0, 0.7],)))
    assert bits(jvp(jit(branches, backend=backend), ([0.7, 0.4],), ([1.0, 0.0],))) == \
        bits(jvp(branches, ([0.7, 0.4],), ([1.0, 0.0],)))


def test_the_derivative_of_a_square_root_by_newton_is_that_of_the_square_root():
    assert jit(value_and_grad(newton))(2.0) == pytest.approx((2**0.5, 0.5 / 2**0.5), rel=1e-15)
    assert jit(grad(grad(newton)))(2.0) == pytest.approx(-0.25 * 2**-1.5, rel=1e-14)


def test_a_loop_is_traced_once_and_takes_any_number_of_iterations():
    calls = []

    def f(x, n):
        def body(i, c):
            calls.append(i)
            return c * x + i

        return fori_loop(0, n, body, x)

    compiled = jit(value_and_grad(f, argnums=0))
    for n in (3, 0, 1, 1000):
        assert compiled(0.9, n) == value_and_grad(f, argnums=0)(0.9, n)
    assert len(compiled.programs) == 1
    calls.clear()
    compiled(0.9, 100_000)
    assert not calls
    with pytest.raises(ValueError, match="not a whole number"):
        compiled(0.9, 2.5)


def test_an_iteration_that_takes_a_new_way_is_traced_and_the_former_ways_are_kept():
    def f(x):
        return fori_loop(0, 10, lambda i, c: c - 1.0 if c > 2.0 else c + x if c > 0.0 else c * c + 1.0, x)

    compiled = jit(value_and_grad(f))
    for x in (100.0, 1.5, -3.0, 100.0, 0.3, 7.0):
        assert bits(compiled(x)) == bits(value_and_grad(f)(x))
    made = len(compiled.programs)
    assert made <= 3
    assert "another way through a loop" in str(compiled.programs)
    for x in (50.0, 1.2, -2.0):
        compiled(x)
    assert len(compiled.programs) == made


def test_ways_beyond_the_budget_run_uncompiled_with_one_warning(monkeypatch):
    monkeypatch.setattr("autograd.batch.loop_tracing.MOST", 3)

    def step(i, c):
        return c + next((0.1 * k for k in range(1, 9) if c < k), 1.0)

    f = jit(lambda x: fori_loop(0, 60, step, x))
    with pytest.warns(RuntimeWarning, match="branches in more than 3 ways"):
        found = f(0.5)
    assert f(0.5) == found == fori_loop(0, 60, step, 0.5)


@pytest.mark.parametrize("backend", BACKENDS)
def test_captured_values_get_their_gradients(backend):
    w, u = Value(0.3), Value(-0.8)

    def f(x):
        return fori_loop(0, 6, lambda i, c: ag.tanh(w * c + u * x) + w, x)

    both = value_and_grad(f, wrt=[w, u])
    compiled = jit(both, backend=backend)
    assert bits(compiled(0.4)) == bits(both(0.4))
    w.data = 0.9
    assert bits(compiled(0.4)) == bits(both(0.4))


@pytest.mark.parametrize("backend", BACKENDS)
def test_loops_inside_loops(backend):
    def f(x):
        def outer(i, c):
            return fori_loop(0, 5, lambda k, y: y * 0.9 + ag.sin(c) if y > 1.0 else y + 0.7 * c * x, c + i)

        return fori_loop(0, 4, outer, x * 1.1) * x

    compiled = jit(value_and_grad(f), backend=backend)
    for x in (0.2, 1.4, -0.3):
        assert bits(compiled(x)) == bits(value_and_grad(f)(x))
    assert bits(jit(hessian(f), backend=backend)(0.2)) == bits(hessian(f)(0.2))


def test_derivatives_inside_the_body_and_inside_the_traced_function():
    def train(rate):
        def step(i, w):
            slopes = grad(lambda w: (w[0] * 1.5 - w[1])**2 + (w[1] - 0.3)**4)(w)
            return [x - rate * slope for x, slope in zip(w, slopes, strict=True)]

        return sum(x * 1.5 for x in fori_loop(0, 20, step, [0.3, 0.2]))

    for how in (lambda f: f, grad, hessian):
        assert bits(jit(how(train))(0.1)) == bits(how(train)(0.1))

    def outside(x):
        return grad(lambda x: branches([x, 0.4]))(x) * x

    assert bits(jit(outside)(0.7)) == bits(outside(0.7))
    assert bits(jit(grad(outside))(0.7)) == bits(grad(outside)(0.7))


class State(NamedTuple):
    place: float
    rest: dict


@pytest.mark.parametrize("backend", BACKENDS)
def test_carries_are_any_containers_and_arrays(backend):
    def f(s):
        def step(i, s):
            return State(s.place + s.rest["v"][0], {"v": s.rest["v"] * 0.9 + s.place})

        s = fori_loop(0, 5, step, s)
        return s.place * s.rest["v"][1]

    at = State(0.3, {"v": np.array([0.1, 0.2])})
    value, slopes = jit(value_and_grad(f), backend=backend)(at)
    expected, eager = value_and_grad(f)(at)
    assert value == expected
    assert slopes.place == eager.place
    assert slopes.rest["v"].tolist() == eager.rest["v"].tolist()


@pytest.mark.parametrize("make", [lambda f: f, jit])
def test_scan_takes_and_gives_what_stands_in_sequences(make):
    def f(xs, table):
        return scan(lambda c, x: (c + x[0] * x[1]["k"], (c, [c, 2.0 * x[0]])), 0.0, (xs, {"k": table}))

    last, (first, rows) = make(f)([1.0, 2.0, 3.0], [4.0, 5.0, 6.0])
    assert last == 32.0
    assert first == [0.0, 4.0, 14.0]
    assert rows == [[0.0, 2.0], [4.0, 4.0], [14.0, 6.0]]
    last, ys = make(lambda xs: scan(lambda c, x: (c + x[0], x * c), 1.0, xs))(np.array([[1.0, 2.0], [3.0, 4.0]]))
    assert last == 5.0
    assert ys.tolist() == [[1.0, 2.0], [6.0, 8.0]]
    assert make(lambda x: scan(lambda c, _: (2 * c, None), x, None, 5))(1.5) == (48.0, None) or make is not jit
    assert make(lambda xs: scan(lambda c, x: (x - c, c), 0.0, xs, reverse=True))([1.0, 2.0, 4.0]) == \
        (3.0, [-2.0, 4.0, 0.0])


@pytest.mark.parametrize(("call", "error", "message"), [
    (lambda: fori_loop(0, 3, lambda i, c: [c, c], 1.0), TypeError, "another structure"),
    (lambda: fori_loop(0, 3, lambda i, c: None, 1.0), TypeError, "another structure|not one number"),
    (lambda: fori_loop(0, 2.5, lambda i, c: c, 1.0), ValueError, "upper is 2.5, not a whole number"),
    (lambda: fori_loop("0", 2, lambda i, c: c, 1.0), TypeError, "lower is str"),
    (lambda: fori_loop(0, 2, lambda i, c: c, True), TypeError, "write 1.0 or 0.0"),
    (lambda: fori_loop(0, 2, lambda i, c: c, "x"), TypeError, "a carry holds numbers"),
    (lambda: while_loop(lambda c: None, lambda c: c, 1.0), TypeError, "return a comparison"),
    (lambda: scan(lambda c, x: c, 1.0, [1.0]), TypeError, "has to return a pair"),
    (lambda: scan(lambda c, x: (c, x), 1.0, ([1.0], [1.0, 2.0])), ValueError, "lengths differ: 1, 2"),
    (lambda: scan(lambda c, x: (c, x), 1.0, [1.0], 2), ValueError, "lengths differ: 1, 2"),
    (lambda: scan(lambda c, x: (c, x), 1.0, None, -1), ValueError, "cannot be negative"),
    (lambda: scan(lambda c, x: (c, x), 1.0), ValueError, "give xs, or length"),
    (lambda: scan(lambda c, x: (c, x), 1.0, (1.0, 2.0)), TypeError, "xs holds float"),
    (lambda: fori_loop(0, 3, lambda i, c: c, 1.0, checkpoint=0), ValueError, "at least one snapshot"),
    (lambda: fori_loop(0, 3, lambda i, c: c, 1.0, checkpoint="much"), ValueError, 'bytes such as "50MB"'),
    (lambda: fori_loop(0, 3, lambda i, c: c, 1.0, checkpoint=1.5), TypeError, "checkpoint is float"),
])
def test_errors_say_what_to_do(call, error, message):
    with pytest.raises(error, match=message):
        call()
    with pytest.raises(error, match=message):
        jit(lambda x: x * 2 + 0 * call())(1.0)


def test_a_body_that_freezes_a_traced_number_is_refused():
    with pytest.raises(ag.AutogradError, match="look something up"):
        jit(lambda x: fori_loop(0, 3, lambda i, c: c * [1.0, 2.0, 3.0][i], x))(1.0)
    with pytest.raises(ag.TraceError, match="frozen"):
        jit(lambda x: fori_loop(0, 3, lambda i, c: c * float(x), 1.0))(1.0)


def test_languages_of_straight_lines_get_loops_written_out():
    from autograd.lower.c import source
    from autograd.lower.numpy import lower

    program = ag.trace(value_and_grad(pendulum), [0.7, 1.3])
    expected = value_and_grad(pendulum)([0.7, 1.3])
    assert "for" not in source(program).split("{", 1)[1]
    found = lower(program)([np.array([0.7]), np.array([1.3])])
    assert [x[0] for x in found] == pytest.approx([expected[0], *expected[1]], rel=1e-13)


@pytest.mark.parametrize("f", FUNCTIONS)
def test_third_derivatives(f):
    def g(x):
        return f([x, 0.4 * x + 0.3]) * x

    expected = grad(grad(grad(g)))(0.7)
    assert ag.derivative(ag.derivative(ag.derivative(g)))(0.7) == pytest.approx(expected, rel=1e-11)
    assert jit(grad(grad(grad(g))))(0.7) == pytest.approx(expected, rel=1e-11)


def test_a_third_derivative_that_needs_the_last_row_of_a_loop_without_a_constant_count_is_refused():
    third = grad(grad(grad(lambda x: while_loop(lambda c: c < 5.0, lambda c: ag.exp(c * x), x) * x)))
    with pytest.raises(ag.TraceError, match="third derivative"):
        jit(third)(0.7)


def test_several_loops_read_the_rows_of_one():
    def two(p):
        first, last = fori_loop(0, 4, lambda i, c: (ag.exp(0.3 * c[0]), c[1] * p[0] + c[0]), (p[0], p[1]))
        return [first * last, last * last * p[1]]

    def f(p):
        rows = jacobian(two)(p)
        return sum(x * x for row in rows for x in row)

    assert jit(grad(f))([0.7, 0.4]) == pytest.approx(grad(f)([0.7, 0.4]), rel=1e-12)
    assert jit(hessian(f))([0.7, 0.4])[1] == pytest.approx(hessian(f)([0.7, 0.4])[1], rel=1e-11)


def test_programs_with_loops_pickle():
    program = ag.trace(grad(newton), 2.0)
    again = pickle.loads(pickle.dumps(program))
    assert again == program
    assert again(3.0) == program(3.0)
