"""jit(fast=True): other bits within few ulps, and the ways of eager."""

import copy
import math
import pickle
import random

import pytest
from mpmath import mp, mpf

import autograd as ag
from autograd import Value, dot, exp, grad, hessian, jit, mean, sin, tanh, trace, value_and_grad, vmap
from autograd.lower.reordering import LONG, in_parts
from tests.support.branchy_functions import branchy

pytest.importorskip("llvmlite")
FUSES = 1.0 + 2.0**-30, -1.0 - 2.0**-29        # x * x + y is 2**-60 where it is rounded once


def square_and(x, y):
    return x * x + y


def network(p):
    """Two inputs, eight units, one output."""
    w = iter(p)
    hidden = [tanh(next(w) * 0.3 + next(w) * -1.2 + next(w)) for _ in range(8)]
    return sum(next(w) * h for h in hidden)**2


@jit(fast=True)
def by_name(x):
    return x * x + 1.0


class Spring:
    def __init__(self, k):
        self.k = k

    @jit(fast=True)
    def energy(self, x):
        return self.k * x**2 / 2.0 + x * 0.1


def near(found, wanted, size=1e-13):
    return all(abs(a - b) <= size * (1.0 + abs(b)) for a, b in zip(found, wanted, strict=True))


def test_values_and_derivatives_are_those_of_eager_but_for_rounding():
    rng = random.Random(1)
    p = [rng.gauss(0.0, 1.0) for _ in range(32)]
    value, slopes = value_and_grad(network)(p)
    assert near([jit(network, fast=True)(p)], [value])
    found, by = jit(value_and_grad(network), fast=True)(p)
    assert near([found, *by], [value, *slopes])
    assert near(grad(jit(network, fast=True))(p), slopes)
    small = p[:24] + [0.1] * 8
    for row, wanted in zip(jit(hessian(network), fast=True)(small), hessian(network)(small), strict=True):
        assert near(row, wanted, 1e-12)
    w = Value(0.5)
    scaled = jit(lambda x: w * x + sin(x), fast=True)
    out = scaled(2.0)
    out.backward()
    assert near([out.data, w.grad], [1.0 + math.sin(2.0), 2.0])


def test_a_product_and_a_sum_are_fused_by_machine_code_alone():
    assert jit(square_and)(*FUSES) == jit(square_and, backend="python", fast=True)(*FUSES) == 0.0
    assert jit(square_and, fast=True)(*FUSES) in (0.0, 2.0**-60)      # not every processor fuses
    assert jit(square_and)(*FUSES) == 0.0       # the code that was kept is of the other way
    assert by_name(3.0) == 10.0


def test_buffers_arrays_and_methods():
    np = pytest.importorskip("numpy")
    x, out = np.linspace(-1.0, 1.0, 32), np.zeros(33)
    run = jit(value_and_grad(network), fast=True).bind(x, out=out)
    for shift in (0.0, 0.25):
        x += shift
        run()
        value, slopes = value_and_grad(network)(x)
        assert near(out.tolist(), [value, *slopes])
    assert near(jit(grad(lambda a: (a * a * 0.1 + a).sum()), fast=True)(x), 0.2 * x + 1.0)
    assert near([Spring(3.0).energy(2.0), Spring(5.0).energy(2.0)], [6.2, 10.2])
    assert len(Spring(1.0).energy.programs) == 0


@pytest.mark.parametrize("batched", [False, True])
def test_comparisons_of_what_cancels_come_out_as_in_eager(batched):
    """Where x * x - y * y is fused it is not 0.0 for x = y, and code that says so would be traced for ever."""
    def way(x, y):
        return 1.0 + x * y if x * x - y * y > 0.0 else 2.0 - x * y if sin(x) * sin(x) >= sin(y) * sin(y) else 3.0 * x

    rng = random.Random(3)
    rows = [(x, x if rng.random() < 0.7 else rng.random()) for x in (rng.random() for _ in range(3000))]
    wanted = [way(x, y) for x, y in rows]
    if batched:
        found = vmap(way, fast=True)
        got = found([x for x, _ in rows], [y for _, y in rows])
    else:
        found = jit(way, fast=True)
        got = [found(x, y) for x, y in rows]
    assert near(got, wanted, 1e-15)
    assert len(found.programs) == 3
    assert not found.uncompiled


def test_rows_whose_way_the_last_bit_of_a_vector_function_decides_run_eagerly():
    xs = [0.37 + 0.001 * i for i in range(3000)]
    other = [x for x, y in zip(xs, vmap(exp, fast=True)(xs), strict=True) if y > math.exp(x)]
    if not other:
        pytest.skip("C's library has no vectors that round otherwise")
    x, limit = other[0], math.exp(other[0])
    found = vmap(lambda x: 2.0 * x if exp(x) > limit else -x, fast=True)
    below = [x - 0.01 * i for i in range(2000)]
    with pytest.warns(RuntimeWarning, match=r"last bits.*decides most often.*\n.*test_fast\.py") as warned:
        assert near(found([below[-1], x, x, *below]), [-below[-1], -x, -x, *(-x for x in below)])
    assert len(found.programs) == len(warned) == 1
    assert found.uncompiled == str(warned[0].message)
    assert near(found([x, x - 1.0, x + 1.0]), [-x, 1.0 - x, 2.0 * (x + 1.0)])
    assert len(found.programs) == 2


@pytest.mark.parametrize("seed", range(6))
def test_branchy_functions_have_the_versions_of_default_code(seed):
    rng = random.Random(seed)
    f, _ = branchy(rng, 0.5)
    usual, fast = (jit(value_and_grad(f, argnums=0), fast=fast) for fast in (False, True))
    for _ in range(40):
        point = [rng.uniform(-2.0, 2.0), rng.uniform(-2.0, 2.0), [rng.uniform(-2.0, 2.0) for _ in range(2)]]
        for found, wanted in zip(fast(*point), usual(*point), strict=True):
            assert math.isclose(found, wanted, rel_tol=1e-9, abs_tol=1e-9) or not math.isfinite(wanted)
    assert len(fast.programs) == len(usual.programs)


def sums(n):
    def chain(p):
        total = 0.5
        for x, w in zip(p[:n], p[n:], strict=True):
            total = x * w + total
        return total

    return {"sum": lambda p: ag.sum([x * w for x, w in zip(p[:n], p[n:], strict=True)]) + 0.5,
            "mean": lambda p: mean([x * w for x, w in zip(p[:n], p[n:], strict=True)]) * n + 0.5,
            "dot": lambda p: dot(p[:n], p[n:]) + 0.5, "chain": chain}


@pytest.mark.parametrize("name", ["sum", "mean", "dot", "chain"])
def test_long_sums_are_added_up_in_parts(name):
    rng = random.Random(name)
    for n in (1, LONG, LONG + 1, 2 * LONG + 3, 200):
        p = [rng.gauss(0.0, 1.0) for _ in range(2 * n)]
        f = sums(n)[name]
        true = mp.fsum(mpf(x) * mpf(w) for x, w in zip(p[:n], p[n:], strict=True)) + 0.5
        size = sum(abs(x * w) for x, w in zip(p[:n], p[n:], strict=True)) + 0.5
        value, slopes = jit(value_and_grad(f), fast=True)(p)
        assert abs(value - true) <= 2.0**-53 * (n / 4 + 6) * size
        assert near(slopes, p[n:] + p[:n], 1e-15)
    program = trace(f, p)
    depths = [depth(program), depth(in_parts(program))]
    assert depths[0] >= 200 or name != "chain"
    assert depths[1] < 60


def depth(program):
    """How many additions wait for each other."""
    found = [0] * len(program.inputs)
    for op, args in program.instructions:
        waits = max((found[x] for x in args if x.__class__ is int), default=0)
        found.append(waits + (len(args) if op.arity is None else 1))
    return max(found)


def test_a_compensated_sum_stays_one():
    def kahan(p):
        total, lost = 0.0, 0.0
        for x in p:
            y = x - lost
            following = total + y
            lost = (following - total) - y
            total = following
        return total

    rng = random.Random(5)
    p = [rng.uniform(0.0, 1.0) * 10.0**rng.randint(-8, 8) for _ in range(300)]
    assert jit(kahan, fast=True)(p) == kahan(p) == pytest.approx(math.fsum(p), rel=3e-16)


def test_what_a_guard_depends_on_is_not_reordered():
    def f(p):
        total = ag.sum([x * x for x in p])
        return total * 2.0 if total > 3.0 else total

    p = [0.1 * i for i in range(40)]
    program = trace(f, p)
    assert program.guards
    assert in_parts(program) == program


def test_it_is_kept_by_copies_and_said():
    again = pickle.loads(pickle.dumps(jit(math.hypot, fast=True)))
    assert again.fast
    assert copy.deepcopy(jit(square_and, fast=True)).fast
    assert not pickle.loads(pickle.dumps(jit(math.hypot))).fast
    assert pickle.loads(pickle.dumps(by_name)) is by_name
    assert repr(jit(square_and, fast=True)) == "<jit of square_and, fast: 0 versions>"
    assert repr(jit(square_and)) == "<jit of square_and: 0 versions>"
    assert vmap(jit(square_and, fast=True)).fast


def test_bits_cannot_be_verified_and_other_switches_are_errors():
    with pytest.raises(ValueError, match="verify compares bits"):
        jit(square_and, fast=True, verify=1)
    with pytest.raises(TypeError, match="True or False"):
        jit(square_and, fast="yes")


def test_long_formulas_and_functions_of_c():
    def f(x, y):
        return exp(-x * y) * ag.normal_cdf(x) + ag.gamma(y) * ag.logaddexp(x, y) + x**y

    for point in ((0.3, 1.7), (2.5, 0.4), (5.0, 3.25)):
        value, slopes = value_and_grad(f)(*point)
        found, by = jit(value_and_grad(f), fast=True)(*point)
        assert near([found, *by], [value, *slopes], 1e-14)
