"""Ops of the user in compiled functions: changes of state that their formulas read are followed, or an error."""

import math
import types
from fractions import Fraction
from functools import partial, wraps

import numpy as np
import pytest

import autograd as ag
from autograd import TABLE, TraceError, derivative, grad, greater, hessian, nothing, value_and_grad, where
from tests.support.bit_identity import check_jit, same

K = 2.0
SETTINGS = types.ModuleType("settings")
SETTINGS.k = 2.0


class Config:
    k = 2.0


def helper(x):
    return x * K


def of_global():
    def put(k):
        global K
        K = k

    return lambda x: x * K, lambda x, out: K, put


def of_closure():
    k = 2.0

    def put(new):
        nonlocal k
        k = new

    return lambda x: x * k, lambda x, out: k, put


def of_module():
    def put(k):
        SETTINGS.k = k

    return lambda x: x * SETTINGS.k, lambda x, out: SETTINGS.k, put


def of_class():
    def put(k):
        Config.k = k

    return lambda x: x * Config.k, lambda x, out: 1.0 * Config.k, put


def of_helper():
    return lambda x: helper(x), lambda x, out: helper(1.0), of_global()[2]


def of_a_function_set_anew():
    slope = lambda: 2.0     # noqa: E731

    def put(k):
        nonlocal slope
        slope = lambda: k   # noqa: E731

    return lambda x: x * slope(), lambda x, out: slope(), put


@pytest.fixture
def own():
    """primitive, whose ops go again."""
    before = set(TABLE)
    yield lambda *args, **options: ag.primitive(f"own_{len(TABLE)}", *args, **options)
    for name in TABLE.keys() - before:
        del TABLE[name]


@pytest.mark.parametrize("composite", [False, True])
@pytest.mark.parametrize("make", [of_global, of_closure, of_module, of_class, of_helper, of_a_function_set_anew])
def test_a_number_that_a_formula_mentions_is_followed(make, composite, own, jit):
    value, slope, put = make()
    put(2.0)
    op = own(value, slope, composite=composite)
    made = [jit(op), jit(grad(op)), jit(value_and_grad(lambda x: op(x) * x)), jit(hessian(lambda x: op(x) * x)),
            jit(lambda x: grad(op)(x) * x), jit(lambda x: derivative(op)(x) * x), jit(lambda p: [op(p[0]), p[0]])]
    inner = jit(lambda x: op(x) * x)
    for k in (2.0, 5.0, 2.0, -0.0, 0.0, 3):
        put(k)
        assert same([f([3.0] if i == 6 else 3.0) for i, f in enumerate(made)],
                    [3.0 * k, float(k), (9.0 * k, 6.0 * k), 2.0 * k, 3.0 * k, 3.0 * k, [3.0 * k, 3.0]])
        assert (grad(inner)(3.0), grad(grad(inner))(3.0), derivative(inner)(3.0)) == (6.0 * k, 2.0 * k, 6.0 * k)
    assert [len(f.programs) for f in made] == [1] * 7


def test_bind_follows(own, jit):
    k = 2.0
    op = own(lambda x: k * x, lambda x, out: k)
    z, out = np.array([3.0]), np.zeros(2)
    run = jit(lambda p: [op(p[0]), grad(op)(p[0])]).bind(z, out=out)
    for k in (2.0, 7.0):
        run()
        assert out.tolist() == [3.0 * k, k]


def test_what_a_formula_mentions_and_guards(own, jit):
    k = 2.0
    op = own(lambda x: k * x, lambda x, out: k)
    f = jit(grad(lambda x: op(x) if x > 0.0 else op(x) * x if x < -1.0 else x))
    for k in (2.0, 5.0):
        assert [f(1.0), f(-2.0), f(-0.5), f(3.0)] == [k, -4.0 * k, 1.0, k]
    assert len(f.programs) == 3


class Slope:
    k = 2.0

    def at(self, x, out=None):
        return self.k

    def __call__(self, x, out=None):
        return self.k


@pytest.mark.parametrize("formula", [lambda x, out: SLOPE.k, lambda x, out: TABLE_OF[0], Slope().at, Slope(),
                                     partial(lambda k, x, out: k[0], [2.0]), lambda x, out, k=TABLE: 2.0,
                                     lambda x, out: METHOD(x)])
def test_what_may_change_unseen_is_an_error(formula, own, jit):
    op = own(lambda x: 2.0 * x, formula)
    with pytest.raises(TraceError, match="which may change; give it as an argument"):
        jit(grad(op))(1.0)
    assert jit(op)(3.0) == 6.0


def of_list(k, x, out):
    return k[0]


def with_default(x, out, k=TABLE):
    return 2.0


@pytest.mark.parametrize(("formula", "name"), [
    (Slope().at, "the object of Slope.at"), (partial(Slope().at), "the object of Slope.at"),
    (Slope(), "the object of Slope"), (partial(of_list, [2.0]), "an argument of of_list"),
    (partial(partial(of_list, [2.0])), "an argument of of_list"), (with_default, "a default of with_default"),
    (lambda x, out: METHOD(x), "METHOD"), (lambda x, out: TABLE_OF[0], "TABLE_OF")])
def test_the_error_names_the_user_s_own_formula(formula, name, own, jit):
    as_partial = own(lambda x: 2.0 * x, formula)
    as_value = own(partial(formula, out=None) if name != "METHOD" else lambda x: METHOD(x), lambda x, out: 1.0,
                   composite=True)
    for f in (grad(as_partial), as_value):
        with pytest.raises(TraceError, match=f"its formula reads {name}, which may change"):
            jit(f)(1.0)


def test_what_a_decorator_with_wraps_reads_is_followed_or_an_error(own, jit):
    k = 2.0

    def scaled(f):
        @wraps(f)
        def wrapper(*args):
            return k * f(*args)
        return wrapper

    class Wrapped:
        k = 2.0

        @scaled
        def at(self, x, out):
            return self.k

    op = own(lambda x: x, scaled(lambda x, out: 1.0))
    f = jit(grad(op))
    for k in (2.0, 5.0):
        assert f(1.0) == k
    with pytest.raises(TraceError, match=r"reads the object of .*Wrapped\.at, which may change"):
        jit(grad(own(lambda x: x, Wrapped().at)))(1.0)


SLOPE = Slope()
METHOD = SLOPE.at
TABLE_OF = [2.0]
MODE, PAIR, PART = "a", (2.0, (3.0, None)), Fraction(1, 2)


def test_constants_of_all_kinds_are_none(own, jit):
    scaled = own(lambda x: 0.5 * x,
                 lambda x, out: where(greater(x, 0.0), PAIR[0], PART) * (1.0 if MODE == "a" else math.pi) + np.pi)
    damped = own(lambda x: x, lambda x, out, k=2.0: k * partial(pow, 2.0)(1.0) * scaled(1.0) if x is None else nothing)
    assert jit(grad(scaled))(1.0) == 2.0 + math.pi
    assert jit(grad(lambda x: damped(x) + x))(1.0) == 1.0


def test_a_constant_argument_is_no_constant_result(own, jit):
    k = 2.0
    op = own(lambda x: k * x, lambda x, out: k)
    f = jit(lambda x: x + op(ag.Value(3.0)))
    g = jit(lambda x: grad(lambda y: op(y) * y)(3.0) * x)
    for k in (2.0, 5.0):
        assert (f(1.0), g(1.0)) == (1.0 + 3.0 * k, 6.0 * k)


def test_an_op_of_the_users_own(jit, own):
    root = ag.primitive("root_", lambda x: math.sqrt(x) if x > 0.0 else 0.0, lambda x, out: 0.5 / out)
    assert check_jit(value_and_grad(lambda x: root(x) * x), (4.0,), (9.0,), jit=jit) == 1
    sine = ag.primitive("sine_", math.sin, lambda x, out: math.cos(x))
    with pytest.raises(TraceError, match="sine_"):
        jit(grad(lambda x: sine(x) * x))(1.0)


def test_an_op_whose_formula_mentions_a_variable(jit, own):
    factor = [2.0]
    times = ag.primitive("times_", lambda x: factor[0] * x, lambda x, out: factor[0])
    with pytest.raises(TraceError, match="its formula reads factor, which may change"):
        jit(value_and_grad(lambda x: times(x) * 1.0))(3.0)
