"""Bad inputs to the engine, each with its error message: the input found, and the remedy."""

from decimal import Decimal

import numpy as np
import pytest

import autograd as ag
from autograd import StaleValueError, TraceError, Value

v = Value(2.0)


class Unfriendly:
    def __repr__(self):
        raise RuntimeError("do not print me")


BAD = [
    # what, error, part of the message
    (lambda: Value("2"), TypeError, "Value: expected a number or a Value, not str"),
    (lambda: Value(None), TypeError, "Value: expected a number or a Value, not NoneType"),
    (lambda: Value(1j), TypeError, "not complex"),
    (lambda: Value([1.0]), TypeError, "not list; take its elements one by one"),
    (lambda: Value((1.0,)), TypeError, "not tuple; take its elements one by one"),
    (lambda: Value({"a": 1}), TypeError, "not dict"),
    (lambda: Value(b"2"), TypeError, "not bytes"),
    (lambda: Value(Unfriendly()), TypeError, "not Unfriendly"),
    (lambda: Value(Decimal("1.5")), TypeError, "not Decimal"),
    (lambda: Value(np.array([1.0, 2.0])), TypeError, "not ndarray; take its elements one by one"),
    (lambda: Value(np.array([1.0])), TypeError, "not ndarray; take its elements one by one"),
    (lambda: Value(np.complex64(1)), TypeError, "not complex64"),
    (lambda: Value(np.str_("1")), TypeError, "not str_"),
    (lambda: Value(10**400), OverflowError, "Value: this int is beyond 1.8e308 and does not fit a float; write"),
    (lambda: Value(v), TypeError, "v is a Value already"),
    (lambda: Value(1.0, label=3), TypeError, "label: expected a string, not int"),
    (lambda: v + "a", TypeError, "add: expected a number or a Value, not str"),
    (lambda: "a" + v, TypeError, "str"),
    (lambda: v * None, TypeError, "mul: expected a number or a Value, not NoneType"),
    (lambda: None * v, TypeError, "mul: expected a number or a Value, not NoneType"),
    (lambda: v - [1.0], TypeError, "sub: expected a number or a Value, not list"),
    (lambda: [1.0] - v, TypeError, "sub: expected a number or a Value, not list"),
    (lambda: v / 1j, TypeError, "complex"),
    (lambda: 1j / v, TypeError, "complex"),
    (lambda: v ** "2", TypeError, "pow: expected a number or a Value, not str"),
    (lambda: v % {}, TypeError, "mod: expected a number or a Value, not dict"),
    (lambda: v * 10**400, OverflowError, "mul: this int is beyond 1.8e308"),
    (lambda: v + np.array([1j, 2.0]), TypeError, "expected a number or a Value, not ndarray of complex128"),
    (lambda: np.array(["a", "b"]) * v, TypeError, "expected a number or a Value, not ndarray of <U1"),
    (lambda: v < "a", TypeError, "'<' not supported"),
    (lambda: v @ v, TypeError, "@"),
    (lambda: v[0], TypeError, "not subscriptable"),
    (lambda: len(v), TypeError, "has no len"),
    (lambda: iter(v), TypeError, "not iterable"),
    (lambda: v(3), TypeError, "not callable"),
    (lambda: float(v), TraceError, "float(v) would lose the gradient: write v.data where only the number is wanted"),
    (lambda: int(v), TraceError, "write autograd.trunc(v), or int(v.data)"),
    (lambda: range(v), TraceError, "write int(v.data)"),
    (lambda: round(v, 2), TypeError, "write round(v.data, ndigits)"),
    (lambda: np.signbit(v), TypeError, "numpy.signbit of a Value has no op in the table"),
    (lambda: v.backward("1"), TypeError, "backward: expected a number or a Value, not str"),
    (lambda: setattr(v, "grad", "x"), TypeError, "grad: expected a number or a Value, not str"),
    (lambda: setattr(v, "data", "x"), TypeError, "data: expected a number or a Value, not str"),
    (lambda: setattr(v, "data", Value(1.0)), TraceError, "write v.data = w.data"),
    (lambda: setattr(v * 2, "data", 1.0), StaleValueError, "only a leaf can be assigned"),
    (lambda: setattr(v, "dta", 1.0), AttributeError, "dta"),
    (lambda: ag.sin("1"), TypeError, "sin: expected a number or a Value, not str"),
    (lambda: ag.sin([1.0]), TypeError, "sin: expected a number or a Value, not list; take its elements one by one"),
    (lambda: ag.sin(), TypeError, "missing 1 required positional argument"),
    (lambda: ag.clip(v, 0.0), TypeError, "missing 1 required positional argument: 'hi'"),
    (lambda: ag.sum(3.0), TypeError, "sum takes one iterable of numbers, as in sum([a, b]), not float"),
    (lambda: ag.sum([1.0, "a"]), TypeError, "sum: expected a number or a Value, not str"),
    (lambda: ag.mean([]), ValueError, "mean of no numbers is undefined"),
    (lambda: ag.logsumexp([]), ValueError, "logsumexp of no numbers is undefined"),
    (lambda: ag.softmax([]), ValueError, "of no numbers is undefined"),
    (lambda: ag.dot([1.0], [1.0, 2.0]), ValueError, "dot: 1 weights and 2 inputs; give as many of each"),
    (lambda: ag.dot(v, [1.0]), TypeError, "dot takes"),
    (lambda: ag.where("x", v, 1.0), TypeError, "where: expected a number or a Value, not str"),
    (lambda: ag.primitive("sin", abs, lambda x, out: 1.0), ValueError, "'sin' is taken"),
    (lambda: ag.primitive("no name", abs, lambda x, out: 1.0), ValueError, "not an identifier"),
    (lambda: ag.primitive("nothing_", abs), TypeError, "give the value and one partial per argument"),
    (lambda: ag.grad(3.0), TypeError, "grad: expected a function, not float"),
    (lambda: ag.grad(abs)(), TypeError, "grad: nothing to differentiate with respect to"),
    (lambda: ag.grad(lambda x: [x, x])(1.0), TypeError, "returned list, not one number; use jacobian"),
    (lambda: ag.grad(lambda x: None)(1.0), TypeError, "the function returned NoneType"),
    (lambda: ag.grad(lambda x: "x")(1.0), TypeError, "the function returned str"),
    (lambda: ag.grad(abs)("x"), TypeError, "argument: expected a number or a Value, not str"),
    (lambda: ag.grad(abs, argnums=1)(1.0), ValueError, "argnums=1 does not name one of the 1 arguments"),
    (lambda: ag.grad(divmod, argnums=(0, 0))(1.0, 2.0), ValueError, "names an argument twice"),
    (lambda: ag.grad(abs, argnums="x")(1.0), ValueError, "argnums='x' does not name"),
    (lambda: ag.value_and_grad(abs, wrt=[1.0]), TypeError, "wrt takes Values, not float"),
    (lambda: ag.value_and_grad(abs, argnums=0, wrt=[v]), ValueError, "give argnums or wrt, not both"),
    (lambda: ag.hvp(lambda p: p[0], [1.0, 2.0], [1.0]), ValueError, "hvp: 1 components of v for 2 numbers"),
    (lambda: ag.vjp(lambda x: [x, x], 1.0)[1]([1.0]), ValueError, "pullback: 1 cotangents for 2 numbers"),
    (lambda: ag.vjp(abs), TypeError, "vjp: nothing to differentiate"),
    (lambda: ag.jvp(abs, 1.0, 1.0), TypeError, "jvp(f, (x, y), (dx, dy))"),
    (lambda: ag.jvp(abs, (1.0,), (1.0, 2.0)), ValueError, "jvp: 2 tangents for 1 number"),
    (lambda: ag.jvp(abs, ([1.0, 2.0],), ([1.0],)), ValueError, "jvp: 1 tangents for 2 numbers"),
    (lambda: ag.derivative(lambda x: "a")(1.0), TypeError, "the function's result: expected a number"),
    (lambda: ag.topological_order(3.0), TypeError, "topological_order: expected a Value, not float"),
    (lambda: ag.zero_grad([3.0]), TypeError, "zero_grad: expected Values, not float"),
    (lambda: ag.zero_grad(v), TypeError, "zero_grad takes an iterable of Values: write zero_grad([v])"),
    (lambda: v.backward(v), TypeError, "backward: expected a plain number, not Value; write v.data"),
    (lambda: setattr(v, "grad", v), TypeError, "grad: expected a plain number, not Value; write v.data"),
    (lambda: ag.gradcheck(lambda x: x, "a"), TypeError, "gradcheck: expected a number or a Value, not str"),
]


@pytest.mark.parametrize("row", range(len(BAD)))
def test_bad_input_gets_its_message(row):
    act, error, message = BAD[row]
    before = v.data, v.grad, v.label, set(ag.TABLE)
    with pytest.raises(error) as caught:
        act()
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
    assert (v.data, v.grad, v.label, set(ag.TABLE)) == before      # nothing is half done
