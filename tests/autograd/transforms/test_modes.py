"""The cheaper mode: jacobians of few inputs by forward accumulation; the cost of one jvp."""

import itertools
import math
import sys
import tracemalloc

import numpy as np
import pytest
from mpmath import mp, workdps

import autograd as ag
from autograd import (
    AnomalyError,
    Value,
    anomaly,
    grad,
    hessian,
    jacobian,
    jvp,
    no_grad,
    trace,
    value_and_grad,
    value_and_jacobian,
)
from autograd.ops.operand import DUAL
from autograd.transforms import dual_operators
from autograd.transforms.dual import Dual
from tests.support.bit_identity import same


def pendulum(p, steps=30, sin=ag.sin):
    g, length, drag = p
    angle, speed = 1.0, 0.0
    angles = []
    for _ in range(steps):
        speed = speed + 0.01 * (-g / length * sin(angle) - drag * speed)
        angle = angle + 0.01 * speed
        angles.append(angle)
    return angles


def choices(p):
    x, y = p
    return [ag.where(x > 0.0, ag.sqrt(x), 0.0) * y, ag.relu(x) * y, abs(x) ** y, ag.maximum(x, y) * x,
            ag.clip(x, -1.0, y), ag.sqrt(x * x), ag.sum([x, y, x * y]), ag.dot([x, y], [y, x]), 3.0, x,
            ag.softmax([x, y, x])[2], y**2 / x]


POINTS = [[1.5, 2.0], [-1.5, 0.5], [0.0, 1.0], [-0.0, 2.0], [1.0, 1.0], [math.inf, 1.0], [2.0, -math.inf],
          [math.nan, 1.0]]


def test_a_jacobian_of_few_inputs_agrees_with_difference_quotients_of_50_digits(jit):
    point = [9.81, 1.3, 0.1]
    with workdps(50):
        def at(i, h):
            return pendulum([mp.mpf(x) + (h if i == j else 0) for j, x in enumerate(point)], sin=mp.sin)

        h = mp.mpf(10) ** -20
        columns = [[float((b - a) / (2 * h)) for a, b in zip(at(i, -h), at(i, h), strict=True)] for i in range(3)]
    found = jacobian(pendulum)(point)
    for i, column in enumerate(columns):
        assert [row[i] for row in found] == pytest.approx(column, rel=1e-13, abs=1e-300)
    assert same(jit(jacobian(pendulum))(point), found)


def test_a_jacobian_of_few_inputs_has_the_same_bits_compiled(jit):
    compiled = jit(jacobian(choices))
    for point in POINTS:
        assert same(compiled(point), jacobian(choices)(point)), point


def test_both_modes_give_the_same_jacobian():
    """A row alone is computed in reverse mode."""
    for point in POINTS:
        rows = [grad(lambda p, i=i: choices(p)[i])(point) for i in range(12)]
        for row, other in zip(jacobian(choices)(point), rows, strict=True):
            assert row == pytest.approx(other, rel=1e-14, nan_ok=True), point


FIRST = [lambda f: f, grad, jacobian, lambda f: lambda p: jvp(f, (p,), ([1.0, 0.5],))]
SECOND = [hessian, lambda f: grad(lambda p: grad(f)(p)[0]), lambda f: jacobian(lambda p: [f(p), *grad(f)(p)])]


@pytest.mark.parametrize(("outside", "power"), [        # a third derivative of a power takes seconds
    *((outside, True) for outside in FIRST), *((outside, False) for outside in SECOND),
    *(pytest.param(outside, True, marks=pytest.mark.campaign) for outside in SECOND)])
def test_derivatives_of_a_jacobian_by_forward_mode_have_eager_bits(outside, power, jit):
    def inside(p):
        def outputs(q):
            fork, relu, raised, *others = choices(q)[:6]
            return [fork, relu, *([raised] if power else []), *others, q[1] * ag.sin(q[0])]

        rows = jacobian(outputs)(p)
        return sum(a * b * (i + 1.3) for i, row in enumerate(rows) for a, b in zip(row, p, strict=True))

    eager, compiled = outside(inside), jit(outside(inside))
    for point in POINTS[:5]:
        assert same(compiled(point), eager(point)), point


def test_a_jacobian_of_a_jacobian_is_closed_form(jit):
    def f(p):
        return [p[0] * p[0] * p[1], p[1] * p[1], p[0] * p[1] * p[1]]

    for made in (lambda f: f, jit):
        assert made(jacobian(jacobian(f)))([2.0, 3.0]) == [[[6.0, 4.0], [4.0, 0.0]], [[0.0, 0.0], [0.0, 2.0]],
                                                           [[0.0, 6.0], [6.0, 4.0]]]


def test_a_jacobian_inside_functions_that_weigh_with_zeros(jit):
    """A weight or tangent that may be 0 is a structural zero there, in forward mode, too."""
    def f(x, t):
        return jacobian(lambda z: [jvp(ag.sqrt, (z * z,), (t * z,))[1], ag.vjp(ag.log, z)[1](t), z * t])(x)

    for made in (f, lambda x, t: sum(f(x, t)), grad(lambda x, t: sum(f(x, t)))):
        compiled = jit(made)
        for point in itertools.product((0.5, 2.0, 0.0, 1.0), repeat=2):
            assert same(compiled(*point), made(*point)), point


def test_value_and_jacobian_gives_the_value_as_the_function_does(jit):
    for f, args in ((pendulum, ([9.81, 1.0, 0.1],)), (lambda x: (x * x, [x, 1.0]), (3.0,)),
                    (lambda p: p * p, (np.array([1.0, 2.0]),)), (lambda x, y: [x * y, x / y, x, y], (2.0, 3.0)),
                    (lambda p: p[0] * p[1] * p[2], ([1.0, 2.0, 3.0],))):
        value, slopes = value_and_jacobian(f)(*args)
        assert same(slopes, jacobian(f)(*args))
        assert same(value, jit(f)(*args))
        assert same(jit(value_and_jacobian(f))(*args), (value, slopes))
    assert value_and_jacobian(lambda x, y: [x * y, y], argnums=1)(2.0, 3.0) == ([6.0, 3.0], [2.0, 1.0])
    calls = []
    value_and_jacobian(lambda x: calls.append(x) or [x, x])(1.0)
    assert len(calls) == 1


def test_captured_values_and_no_grad_beside_forward_mode():
    w = Value(2.0)
    assert jacobian(lambda x: [w * x, w, x])(3.0) == [2.0, 0.0, 1.0]
    with no_grad():
        assert jacobian(lambda x: [w * x, x])(3.0) == [2.0, 1.0]
    assert grad(lambda y: sum(jacobian(lambda x: [y * x, y, x * x])(y)))(3.0) == 3.0


def test_anomaly_names_the_op_in_forward_mode():
    with pytest.raises(AnomalyError, match="sqrt"), anomaly():
        jacobian(lambda x: [ag.sqrt(x), x])(0.0)
    with anomaly():
        assert jacobian(lambda x: [x, x * x])(2.0) == [1.0, 4.0]


def test_the_program_of_a_jacobian_grows_with_its_inputs():
    """One tangent for each of three inputs, and not a sweep for each of n outputs."""
    short, long = (len(trace(jacobian(lambda p, n=n: pendulum(p, n)), [9.81, 1.0, 0.1]).instructions) for n in (20, 80))
    assert long < 4.5 * short
    assert long < 5 * len(trace(lambda p: pendulum(p, 80), [9.81, 1.0, 0.1]).instructions)


# ---- the cost of a jvp --------------------------------------------------------------------------


def repeated(step):
    def f(x):
        y = x
        for _ in range(50):
            y = step(y, x)
        return y
    return f


def bytecodes(run):
    """How many bytecodes this runs: a cost that no other process changes."""
    count = 0

    def tracer(frame, event, arg):
        nonlocal count
        frame.f_trace_opcodes = True
        count += event == "opcode"
        return tracer

    run()
    before = sys.gettrace()
    sys.settrace(tracer)
    try:
        run()
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("step", [
    lambda y, x: y * x + 1.5, lambda y, x: (y - x) / (y + x * 2.0) + 3.0, lambda y, x: ag.sin(y) + ag.exp(-y) * 0.5,
    lambda y, x: (y + 1.0) ** 2 / (y + 2.0), lambda y, x: ag.relu(y) + ag.gelu(y) * ag.sigmoid(y),
    lambda y, x: ag.sum([ag.tanh(y * i) for i in range(9)]), lambda y, x: ag.tanh(ag.dot([y] * 9, [x, 0.1, y] * 3)),
    lambda y, x: ag.where(y > 0.5, y * 0.5, y * y) + ag.hypot(y, x) * 0.1, lambda y, x: ag.maximum(y, 0.2) * 0.9 - x],
    ids=["products", "quotients", "functions", "powers", "activations", "sums", "dots", "choices", "maximum"])
def test_one_jvp_costs_at_most_one_and_a_half_gradients(step):
    f = repeated(step)
    forward, reverse = (bytecodes(run) for run in (lambda: jvp(f, (1.3,), (1.0,)), lambda: value_and_grad(f)(1.3)))
    assert forward <= 1.5 * reverse


def test_a_dual_of_floats_is_the_general_dual_to_the_bit(monkeypatch):
    steps = [lambda y, x: y * x + 1.5 - y, lambda y, x: (1.0 - y) / (y + 2), lambda y, x: 3 / y - 2 * x,
             lambda y, x: -y, lambda y, x: y / 0 + x, lambda y, x: ag.maximum(y, x) * abs(y),
             lambda y, x: ag.relu(y) + y.detach() * y,
             lambda y, x: y**2 + y**0.5 + y * 10**3]
    for step, point in itertools.product(steps, (0.5, -2.0, 0.0, -0.0, math.inf, math.nan)):
        def f(x, step=step):
            y = x
            for _ in range(3):
                y = step(y, x)
            return y

        fast = jvp(f, (point,), (1.0,))
        with monkeypatch.context() as patched:
            patched.setattr(dual_operators, "make_dual", Dual)
            general = f(Dual(point, 1.0, (DUAL, 10**9)))
        assert type(general) is Dual
        assert same(fast, (general.primal, 0.0 if general.tangent is None else general.tangent)), point


def test_a_jvp_of_a_long_loop_records_nothing():
    def f(x):
        y = x
        for _ in range(200_000):
            y = y * 0.999 + x
        return y

    tracemalloc.start()
    try:
        jvp(f, (1.0,), (1.0,))
        assert tracemalloc.get_traced_memory()[1] < 100_000
    finally:
        tracemalloc.stop()
