"""The table: every primitive with its value, its partial derivatives, its domain and its notation.

A partial takes the arguments and then the result. It is written with operators and other entries
of this table, so one formula serves floats, Values, Duals and all other carriers. Where the result is
nan, it gives `out`, whose derivatives are nan, too; those of the constant NAN would be 0.
To add an op, add an entry; the columns are described in `Op`.
"""

import math
import operator
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import autograd.ops.approximations as fit
from autograd.ops.constant_forms import choosing, chosen_form, form_of_three, forms
from autograd.ops.exact import add_up, difference, inner, multiply_up, product, products_of_others
from autograd.ops.ieee import divide, ieee, power, remainder, whole
from autograd.ops.primitives import TABLE as TABLE
from autograd.ops.primitives import Nothing, always_nothing, apply, define, nary, nothing, one, operands

INF, NAN, MAX = math.inf, math.nan, 1.7976931348623157e308
Function = Callable[..., Any]     # annotates an op that a formula above its entry uses

# ---- choosing -----------------------------------------------------------------------------------
# `greater` selects; a Python comparison branches. The operand that was not chosen receives nothing.

def never(*args: Any) -> Nothing:
    """The partial of an argument on which the result depends in steps only."""
    return nothing


greater = define("greater", lambda x, y: 1.0 if x > y else 0.0, never, never, infix=">", python="{} > {}",
    doc="greater(x, y): 1.0 where x > y, else 0.0; no gradient.", compares=True)
less = define("less", lambda x, y: 1.0 if x < y else 0.0, never, never, infix="<", python="{} < {}",
    doc="less(x, y): 1.0 where x < y, else 0.0; no gradient.", compares=True)
equal = define("equal", lambda x, y: 1.0 if x == y else 0.0, never, never, infix="==", python="{} == {}",
    doc="equal(x, y): 1.0 where x == y, else 0.0; no gradient.", compares=True)
select = define("where", lambda condition, a, b: a if condition else b, never,
    lambda condition, a, b, out: where(condition, 1.0, nothing),
    lambda condition, a, b, out: where(condition, nothing, 1.0), domain=((-1.0, 1.0), (-2.0, 2.0), (-2.0, 2.0)),
    selects=True, method=False)


def where(condition: Any, a: Any, b: Any) -> Any:
    """``a`` where the condition is true (a number: not 0), else ``b``; the other one receives no gradient.

    >>> where(2.0 > 1.0, 5.0, 7.0)
    5.0
    """
    if (a is nothing or b is nothing) and not hasattr(condition, "_symbolic"):
        return a if condition else b
    return select(condition, a, b)


# the product in a derivative whose factors, a tangent or an adjoint, may be structural zeros (presence.py)
flow = define("flow", lambda p, x, q, y: where(p, where(q, x * y, -0.0), -0.0), never,
    lambda p, x, q, y, out: where(q, y, nothing), never, lambda p, x, q, y, out: where(p, x, nothing), composite=True,
    domain=((0.5, 1.0), (-2.0, 2.0), (0.5, 1.0), (-2.0, 2.0)),
    doc="flow(p, x, q, y): x * y where neither p nor q is 0, else -0.0; a derivative of a derivative is linear there.")


def others(p: Any, x: Any, q: Any, y: Any) -> tuple[tuple[Any, Any], ...]:
    """For each argument of a flow, its cofactor (None: no derivative) and the condition that this is no zero."""
    return (1.0, None), (q, y), (1.0, None), (p, x)


def ordered(x: Any, y: Any, more: Any, fewer: Any, same: Any, neither: Any = NAN) -> Any:
    """``more`` where x > y, ``fewer`` where x < y, ``same`` where they are equal, ``neither`` where one is nan."""
    return where(greater(x, y), more, where(less(x, y), fewer, where(equal(x, y), same, neither)))


def magnitude(x: Any) -> Any:
    """|x| for smooth formulas: `abs` would make their derivatives vanish at 0."""
    return where(less(x, 0.0), -x, x)


# ---- arithmetic ---------------------------------------------------------------------------------

add = define("add", operator.add, lambda x, y, out: 1.0, lambda x, y, out: 1.0, infix="+", latex="{0} + {1}",
    python="{} + {}", special_method="add", commutative=True, neutral=-0.0)       # x + 0.0 is not x for x = -0.0
sub = define("sub", operator.sub, lambda x, y, out: 1.0, lambda x, y, out: -1.0, infix="-", latex="{0} - {1}",
    python="{} - {}", numpy_names=("subtract",), special_method="sub", neutral=0.0)
mul = define("mul", operator.mul, lambda x, y, out: y, lambda x, y, out: x, infix="*", latex=r"{0} \cdot {1}",
    python="{} * {}", numpy_names=("multiply",), special_method="mul", commutative=True, neutral=1.0)
div = define("div", divide, lambda x, y, out: 1.0 / y, lambda x, y, out: -(out / y),
    domain=((-2.0, 2.0), (0.5, 3.0)), infix="/", python_on_floats="{} / {}", special_method="truediv", method=False,
    doc="div(x, y): x / y; infinite with its sign where y is 0, nan for 0/0.", latex=r"\frac{{{0}}}{{{1}}}",
    numpy_names=("divide", "true_divide"), neutral=1.0)
neg = define("neg", operator.neg, lambda x, out: -1.0, infix="-", latex="-{0}",
    python="-{}", numpy_names=("negative",), special_method="neg")
pos = define("pos", operator.pos, lambda x, out: 1.0, infix="+", latex="{0}", python_on_floats="{}", identity=True,
    doc="pos(x): x itself, as a node of its own.", numpy_names=("positive",), special_method="pos")


def _normal(x: Any) -> Any:
    return where(greater(magnitude(x), 2.3e-308), less(magnitude(x), INF), 0.0)


def _pow_x(x: Any, y: Any, out: Any) -> Any:
    # at y = 0 the slope is 0 for any x, but as y out/x, whose derivatives are right, too; 1/x^2 must not overflow
    slope = where(_lowers(y), _scaled_power(x, y, y - 1.0), _divided(x, y, out))
    flat = where(greater(magnitude(x), 6e-309), y * stop_gradient(1.0 / x), 0.0)
    level = where(greater(magnitude(x), 1e-60), y * (out / x), flat)
    return where(equal(y, 0.0), level, where(equal(out, out), where(equal(x, 0.0), _pow_x_at_0(x, y, out), slope), out))


def _lowers(y: Any) -> Any:
    return where(less(y * y, 0.25), 0.0, where(less(y * y, 2.0**106), equal((y - 1.0) + 1.0, y), 0.0))


def _scaled(x: Any, c: Any, p: Any) -> Any:
    # c x^p, through the root |x|^(p/2) where x^p is too large or too small for a float, and c times it may not be
    power, root = pow(x, p), pow(magnitude(x), p * 0.5)
    rooted = where(equal(magnitude(x), INF), c * power, c * root * root * copysign(1.0, power))
    return where(greater(magnitude(power), 1e-250), where(less(magnitude(power), INF), c * power, rooted), rooted)


# by x a factor and a power again, and not the sum of a product's rule, whose terms may be no floats
_scaled_power: Function = form_of_three("scaled_power", _scaled,
    lambda x, c, p, out: where(_lowers(p), _scaled_power(x, c * p, p - 1.0), c * _divided(x, p, pow(x, p))),
    lambda x, c, p, out: _scaled_power(x, 1.0, p), lambda x, c, p, out: c * _pow_y(x, p, pow(x, p)))


def _divided(x: Any, y: Any, out: Any) -> Any:
    # where y - 1 is not a float, x^(y-1) would be hundreds of ulps off
    root = pow(magnitude(x), y * 0.5)
    rooted = where(equal(root, 0.0), 0.0, y * root / x * root)     # for x < 0 y is even: out is positive
    rooted = where(equal(magnitude(x), INF), _at_end(x, y, out), rooted)
    return where(where(_normal(out), _normal(y * out), 0.0), y * out / x, rooted)


def _at_end(x: Any, y: Any, out: Any) -> Any:
    # y x^(y-1) at 0 and inf; where y - 1 rounds to y or to -1, the sign of a negative x would go wrong
    lower = where(equal(y - 1.0, y), copysign(out, x), pow(where(less(magnitude(y), 0.5), x + 0.0, x), y - 1.0))
    return clip(y, -MAX, MAX) * lower


def _pow_x_at_0(x: Any, y: Any, out: Any) -> Any:
    # for 0 < y <= 1 the slope has no other right derivative by y than -inf: that of -sqrt at 0
    held, plain = stop_gradient(y), _at_end(x, y, out)
    return where(less(y, 0.0), plain, where(greater(y, 1.0), plain, _at_end(x, held, out) - sqrt(y - held)))


def _pow_y(x: Any, y: Any, out: Any) -> Any:
    # at x = 0: 0, or -inf for y < 0; again in forms whose own derivatives are the limits
    at_0 = where(less(y, 0.0), y * INF + log(x), where(less(1.0, y), 0.0, where(less(0.0, y), -sqrt(x), y * out)))
    root = where(less(x, INF), pow(x, y * 0.5), out)
    positive = where(_normal(out), out * log(x), where(equal(root, 0.0), 0.0, root * log(x) * root))
    return where(less(x, 0.0), out * log(x), where(equal(x, 0.0), at_0, positive))


pow: Function = define("pow", power, _pow_x, _pow_y, domain=((0.2, 3.0), (-2.0, 2.0)), infix="**",
    latex="{{{0}}}^{{{1}}}", c_name="pow", numpy_names=("power", "float_power"), special_method="pow", neutral=1.0)


def _or_limit(slope: Any, x: Any, out: Any) -> Any:
    # y out / x is 0 / 0 at 0 and inf / inf at infinity; there in a form that has the derivatives of the limit, too
    return where(equal(slope, slope), slope, where(equal(out, out), 1.0 / magnitude(x + 0.0), out))


# base is a constant times x^p: the derivative is the same with p - 1, and never the inf - inf of a quotient's rule
_power_slope: Function = form_of_three("power_slope", lambda x, p, base: p * base / x,
    lambda x, p, base, out: _power_slope(x, p - 1.0, out), never, never, spelled="{1} * {2} / {0}")

# pow by a constant y, with pow's edges: for some y the value and the slope, for kinds of y the slope alone
_POWERS = forms("pow", {
    0.0: (lambda x, y: 1.0, lambda x, y, out: 0.0), 2.0: (lambda x, y: x * x, lambda x, y, out: 2.0 * x),
    1.0: (lambda x, y: x, lambda x, y, out: where(equal(x, x), 1.0, out)),
    3.0: (lambda x, y: x * x * x, lambda x, y, out: 3.0 * (x * x)),
    -1.0: (lambda x, y: 1.0 / x, lambda x, y, out: -(out * out)),
    0.5: (lambda x, y: where(equal(x, -INF), INF, sqrt(x + 0.0)), lambda x, y, out: 0.5 / out),
    # y - 1 is exact; derivatives lower it further. From 4 on x^(y-1) could be subnormal where the slope is not
    "whole": lambda x, y, out: y * x * _lower(x, y - 2.0), "lowered": lambda x, y, out: y * _lower(x, y - 1.0),
    # cheaper, and for y < 0 the derivatives are sums of terms of one sign; where y is no whole number -0.0 counts as 0
    "inverse_whole": lambda x, y, out: y * out / x, "inverse": lambda x, y, out: y * out / magnitude(x + 0.0),
    "small": lambda x, y, out: _or_limit(_power_slope(x, y, out), x, out), "other": _pow_x})


def constant_power(y: float) -> Any:
    """The form of pow for the exponent y: the one decision, for values and slopes in every mode and backend."""
    whole = y % 1.0 == 0.0
    kind = "other" if not (1e-50 <= y <= 100.0 or -100.0 <= y <= -0.01) or (y > 4.0 and not whole) else \
        "whole" if y >= 4.0 else "lowered" if y >= 0.5 else "small" if y > 0.0 else \
        "inverse_whole" if whole else "inverse"
    return _POWERS.get(y, _POWERS[kind])


def _power(x: Any, y: Any) -> Any:
    """pow(x, y): x to the power y; nan where Python would give a complex number.

    A plain number y takes the cheapest form: x * x for 2, x * x * x for 3, 1 / x for -1, sqrt(x) for 0.5. These are
    exact to 0.5 ulp, for 3 to 1.5, and may differ in the last bit from the C library's pow, which serves all other
    exponents, and every y that is a Value: a variable, and under `jit` an argument. So does ** of Python's floats,
    also in the formulas of `primitive`.

    >>> pow(Value(3.0), 2.0), pow(2.0, 0.5)
    (Value(data=9.0, grad=0.0, op=pow), 1.4142135623730951)
    """
    return chosen_form("pow", constant_power, x, y)


_lower: Function = choosing("pow", constant_power, _power)


def _quotient(x: Any, y: Any, out: Any) -> Any:
    # rounding x / y itself could cross a whole number; mod(-1, inf) is inf
    return where(equal(out, y), -1.0, round(x / y - out / y))


fmod = define("fmod", remainder, lambda x, y, out: 1.0, lambda x, y, out: -_quotient(x, y, out),
    domain=((0.2, 2.0), (0.6, 0.9)), doc="fmod(x, y): the remainder with the sign of x, as in C.", c_name="fmod")


def _apart(y: Any, rest: Any) -> Any:
    """Whether the sign of C's remainder differs from that of y, and so from Python's."""
    return where(equal(rest, 0.0), 0.0, where(less(y, 0.0), less(0.0, rest), less(rest, 0.0)))


def _mod(x: Any, y: Any) -> Any:
    rest = fmod(x, y)
    return where(equal(rest, 0.0), copysign(0.0, y), where(_apart(y, rest), rest + y, rest))


def _floordiv(x: Any, y: Any) -> Any:
    # as Python does it: what divides without rest has a nearly whole quotient
    rest = fmod(x, y)
    ratio = (x - rest) / y
    ratio = where(_apart(y, rest), ratio - 1.0, ratio)
    near = where(greater(ratio - floor(ratio), 0.5), floor(ratio) + 1.0, floor(ratio))
    return where(equal(y, 0.0), x / y, where(equal(ratio, 0.0), copysign(0.0, x / y), near))


mod: Function = define("mod", _mod, lambda x, y, out: 1.0, lambda x, y, out: -_quotient(x, y, out),
    domain=((0.2, 2.0), (0.6, 0.9)), infix="%", latex=r"{0} \bmod {1}", composite=True,
    doc="mod(x, y): the remainder with the sign of y, Python's %.", numpy_names=("remainder",), special_method="mod")
floordiv = define("floordiv", _floordiv, never, never, domain=((0.2, 2.0), (0.6, 0.9)), infix="//",
    latex=r"\lfloor {0} / {1} \rfloor", composite=True, doc="floordiv(x, y): Python's //; no gradient.",
    numpy_names=("floor_divide",), special_method="floordiv")
square = define("square", lambda x: x * x, lambda x, out: 2.0 * x, latex="{{{0}}}^2", composite=True)
sqrt: Function = define("sqrt", ieee(math.sqrt), lambda x, out: 0.5 / (out + 0.0), domain=(0.2, 4.0),
    latex=r"\sqrt{{{0}}}", c_name="sqrt")       # -0.0 + 0.0 is 0.0: sqrt and log are one-sided at zeros of both signs
cbrt = define("cbrt", math.cbrt, lambda x, out: 1.0 / out / (3.0 * out), domain=(0.2, 4.0), latex=r"\sqrt[3]{{{0}}}",
    c_name="cbrt")
reciprocal = define("reciprocal", lambda x: 1.0 / x, lambda x, out: -(out * out), domain=(0.5, 3.0),
    latex=r"\frac{{1}}{{{0}}}", composite=True)

# ---- steps and corners --------------------------------------------------------------------------

sign = define("sign", lambda x: ordered(x, 0.0, 1.0, -1.0, x), never, composite=True)
step = define("step", lambda x: ordered(x, 0.0, 1.0, 0.0, 0.0), never, composite=True,
    doc="step(x): 1 where x > 0, else 0; no gradient.")
abs = define("abs", operator.abs,     # 0 at zeros of both signs, and nan at nan, is |x| itself
    lambda x, out: where(greater(x, 0.0), 1.0, where(less(x, 0.0), -1.0, out)), keeps_nan=True,
    latex=r"\left|{0}\right|", c_name="fabs", numpy_names=("absolute", "fabs"), special_method="abs")
floor: Function = define("floor", whole(math.floor), never, latex=r"\lfloor {0} \rfloor", c_name="floor",
    special_method="floor")
ceil = define("ceil", whole(math.ceil), never, latex=r"\lceil {0} \rceil", c_name="ceil", special_method="ceil")
trunc = define("trunc", whole(math.trunc), never, c_name="trunc", special_method="trunc")
round: Function = define("round", whole(round), never, doc="round(x): to the nearest whole number, ties to even.",
    c_name="rint", numpy_names=("rint",))
# by the angle: it is -π at -0.0, and nan at nan, whose sign bit is by chance
copysign: Function = define("copysign", lambda x, y: where(less(atan2(y, -1.0), 0.0), -abs(x), abs(x)),
    lambda x, y, out: ordered(x, 0.0, 1.0, -1.0, 0.0, out) * copysign(1.0, y), never,
    domain=((0.5, 2.0), (0.5, 2.0)), composite=True, doc="copysign(x, y): |x| with the sign of y; a nan has none.")
def _chosen(x: Any, y: Any, choice: Any, out: Any) -> Any:
    """1 where x or y is the choice, a half at ties, nan where either is nan; both slopes share their conditions."""
    differ = where(greater(x, y), 1.0, less(x, y))
    return where(differ, where(choice, 1.0, nothing), where(equal(x, y), 0.5, out))


maximum = define("maximum", lambda x, y: where(less(x, y), y, where(equal(y, y), x, y)),
    lambda x, y, out: _chosen(x, y, greater(x, y), out), lambda x, y, out: _chosen(x, y, less(x, y), out),
    composite=True, latex=r"\max({0}, {1})")
minimum = define("minimum", lambda x, y: where(greater(x, y), y, where(equal(y, y), x, y)),
    lambda x, y, out: _chosen(x, y, less(x, y), out), lambda x, y, out: _chosen(x, y, greater(x, y), out),
    composite=True, latex=r"\min({0}, {1})")


def _limits(x: Any, lo: Any, hi: Any) -> tuple[Any, Any, Any]:
    """max(x, lo), hi or nan, and whether hi is passed: hi wins over lo, as in NumPy."""
    raised, top = where(less(x, lo), lo, x), where(equal(lo, lo), hi, lo)
    return raised, top, greater(raised, top)


def _clip(x: Any, lo: Any, hi: Any) -> Any:
    raised, top, above = _limits(x, lo, hi)
    return where(above, top, where(equal(top, top), raised, top))


def _clip_slope(x: Any, lo: Any, hi: Any, out: Any, below: Any, above: Any, inside: Any) -> Any:
    # at a bound x passes; out is nan where any argument is
    return where(equal(out, out), where(_limits(x, lo, hi)[2], above, where(less(x, lo), below, inside)), out)


clip = define("clip", _clip, lambda x, lo, hi, out: _clip_slope(x, lo, hi, out, nothing, nothing, 1.0),
    lambda x, lo, hi, out: _clip_slope(x, lo, hi, out, 1.0, nothing, nothing),
    lambda x, lo, hi, out: _clip_slope(x, lo, hi, out, nothing, 1.0, nothing),
    domain=((-2.0, 2.0), (-1.0, -0.5), (0.5, 1.0)), composite=True,
    doc="clip(x, lo, hi): x held between lo and hi; at a bound x receives 1, the bound 0.")
relu = define("relu", lambda x: where(equal(x, x), where(greater(x, 0.0), x, 0.0), x),
    lambda x, out: where(equal(x, x), where(greater(x, 0.0), 1.0, nothing), out), composite=True, keeps_nan=True)


leaky_relu = define("leaky_relu", lambda x, slope=0.01: x * where(greater(x, 0.0), 1.0, slope),
    lambda x, slope, out: where(equal(x, x), where(greater(x, 0.0), 1.0, slope), out),
    lambda x, slope, out: where(greater(x, 0.0), nothing, x), composite=True, domain=((-2.0, 2.0), (0.01, 0.3)))

def _elu_x(x: Any, alpha: Any, out: Any) -> Any:
    left = where(less(x, -708.0), alpha * exp(0.5 * x) * exp(0.5 * x), alpha * exp(x))
    return where(greater(x, 0.0), 1.0, left)    # below -708 e^x alone would be subnormal


elu = define("elu", lambda x, alpha=1.0: ordered(x, 0.0, x, alpha * expm1(x), alpha * x), _elu_x,
    lambda x, alpha, out: where(less(0.0, x), nothing, expm1(x)), composite=True, domain=((-2.0, 2.0), (0.5, 2.0)))

# ---- exponentials and logarithms ----------------------------------------------------------------

LN2, LOG2_E, LOG10_E = 0.6931471805599453, 1.4426950408889634, 0.4342944819032518      # ln 2, 1 / ln 2, 1 / ln 10
exp: Function = define("exp", ieee(math.exp), lambda x, out: out, latex="e^{{{0}}}", c_name="exp")
exp2: Function = define("exp2", ieee(math.exp2),     # at 1024 the slope is still finite
    lambda x, out: where(less(out, INF), out * LN2, exp2(x - 4.0) * (16.0 * LN2)), latex="2^{{{0}}}", c_name="exp2")
expm1: Function = define("expm1", ieee(math.expm1), lambda x, out: exp(x), c_name="expm1")  # out + 1 has no digits left
log = define("log", ieee(math.log, {0.0: -INF}), lambda x, out: 1.0 / (x + 0.0), domain=(0.2, 4.0), latex=r"\ln {0}",
    c_name="log")
log2 = define("log2", ieee(math.log2, {0.0: -INF}), lambda x, out: LOG2_E / (x + 0.0), domain=(0.2, 4.0),
    latex=r"\log_2 {0}", c_name="log2")
log10 = define("log10", ieee(math.log10, {0.0: -INF}), lambda x, out: LOG10_E / (x + 0.0), domain=(0.2, 4.0),
    latex=r"\log_{{10}} {0}", c_name="log10")
log1p = define("log1p", ieee(math.log1p, {-1.0: -INF}), lambda x, out: 1.0 / (1.0 + x), domain=(-0.5, 2.0),
    c_name="log1p")


def _sigmoid(x: Any) -> Any:
    e = exp(where(less(x, 0.0), x, -x))
    return where(less(x, 0.0), e, 1.0) / (1.0 + e)


def _sigmoid_slope(x: Any) -> Any:
    e = exp(where(less(x, 0.0), x, -x))
    return e / (1.0 + e * (2.0 + e))


sigmoid: Function = define("sigmoid", _sigmoid, lambda x, out: sigmoid_slope(x), composite=True, latex=r"\sigma({0})",
    numpy_names=("expit",),
    doc="sigmoid(x) = 1 / (1 + e^-x). Its derivative, in the lessons y (1 - y), is computed as sigmoid_slope(x), "
    "which keeps its digits once the sigmoid saturates.")
sigmoid_slope: Function = define("sigmoid_slope", _sigmoid_slope, lambda x, out: -out * tanh(0.5 * x),
    composite=True, latex=r"\sigma'({0})",
    doc="sigmoid_slope(x) = e^x / (1 + e^x)^2, the derivative of sigmoid, with all its digits, and so have its own.")

# ---- circles and hyperbolas ---------------------------------------------------------------------


def _hypot(x: Any, y: Any) -> Any:
    # sqrt(x^2 + y^2) with the rounding error of the squares taken back: Borges, "An improved
    # algorithm for hypot(a, b)", 2019, the variant without fused multiply-add. Python's own
    # math.hypot is not the C library's, so both are avoided.
    a, b = maximum(abs(x), abs(y)), minimum(abs(x), abs(y))
    scale = where(greater(a, 1e150), 2.0**-600, where(less(a, 1e-150), 2.0**600, 1.0))
    p, q = a * scale, b * scale
    h = sqrt(p * p + q * q)
    low, high = h - q, h - p
    error = where(greater(h, 2.0 * q), high * (2.0 * (p - 2.0 * q)) + (4.0 * high - q) * q + high * high,
                  p * (2.0 * low - p) + (low - 2.0 * (p - q)) * low)
    finite = where(equal(q, 0.0), p, h - error / (2.0 * h)) / scale
    return where(equal(abs(x), INF), INF, where(equal(abs(y), INF), INF, finite))


def _hypot_x(x: Any, y: Any, out: Any) -> Any:
    # x / out; for |x| > |y| by the ratio of the two, or the second derivative, y^2 / out^3, would be
    # a difference of equal numbers. The result may have overflowed, or be too small to hold its digits.
    long = where(less(x, 0.0), -1.0, 1.0) * sqrt(1.0 / (1.0 + y / x * (y / x)))
    scale = where(greater(out, 1e300), 2.0**-600, where(less(out, 1e-290), 2.0**600, 1.0))
    length = where(equal(scale, 1.0), out, hypot(x * scale, y * scale))
    short = where(equal(length, 0.0), 0.0, x * scale / length)
    short = where(less(length, INF), short, where(less(magnitude(x), INF), where(equal(y, y), 0.0, out), NAN * out))
    return where(greater(magnitude(x), magnitude(y)), long, short)


hypot = define("hypot", _hypot, _hypot_x, lambda x, y, out: _hypot_x(y, x, out), composite=True,
    domain=((0.2, 2.0), (0.2, 2.0)), latex=r"\sqrt{{{0}^2 + {1}^2}}",
    doc="hypot(x, y): sqrt(x^2 + y^2) without overflow.")


def _turn(x: Any, y: Any, out: Any) -> Any:
    """x / (x^2 + y^2) by the ratio of the two, scaled so that its square fits; 0 at the origin and at infinity."""
    size = magnitude(x) + magnitude(y)
    root = where(greater(size, 1e100), 2.0**-300, where(less(size, 1e-100), 2.0**300, 1.0))
    a, b = x * root * root, y * root * root
    far = where(less(magnitude(y), 1.0), less(magnitude(x), magnitude(y) * 1e-290), 0.0)
    lift = where(far, 2.0**600, 1.0)        # x / y might be subnormal, and x / y^2 not
    high = x * lift / y * root / (b + a * (x / y)) * root / lift
    high = where(equal(y, 0.0), 0.0, where(equal(magnitude(y), INF), 0.0, high))
    high = where(equal(x, x), high, out)
    return where(greater(magnitude(x), magnitude(y)), root / (a + b * (y / x)) * root, high)


def _one_minus_square(x: Any) -> Any:
    # near 1 the first form has no digits left; near 0 the derivative of the second, and at 1 it is 0 * inf
    plain = where(equal(x * x, 1.0), 1.0, less(x * x, 0.25))
    return where(plain, 1.0 - x * x, (1.0 - x) * (1.0 + x))


def _inverse_root(x: Any) -> Any:
    # the root of the inverse is more accurate than the inverse of the root, but has no derivative at 0
    return where(equal(x, 0.0), 1.0 / sqrt(x), sqrt(1.0 / x))


def _atan_x(x: Any, out: Any) -> Any:
    # beyond 1e50 the two agree to the last digit, and the second's derivative does not overflow
    return where(less(magnitude(x), 1e50), 1.0 / (1.0 + x * x), 1.0 / x * (1.0 / x))


sin = define("sin", ieee(math.sin), lambda x, out: cos(x), c_name="sin")
cos: Function = define("cos", ieee(math.cos), lambda x, out: -sin(x), c_name="cos")
tan = define("tan", ieee(math.tan), lambda x, out: 1.0 + out * out, domain=(-1.2, 1.2), c_name="tan")
asin = define("asin", ieee(math.asin), lambda x, out: _inverse_root(_one_minus_square(x)), domain=(-0.9, 0.9),
    c_name="asin", numpy_names=("arcsin",))
acos = define("acos", ieee(math.acos), lambda x, out: -_inverse_root(_one_minus_square(x)), domain=(-0.9, 0.9),
    c_name="acos", numpy_names=("arccos",))
atan = define("atan", math.atan, _atan_x, c_name="atan", numpy_names=("arctan",))
atan2: Function = define("atan2", math.atan2, lambda y, x, out: _turn(x, y, out), lambda y, x, out: -_turn(y, x, out),
    domain=((0.2, 2.0), (0.2, 2.0)), doc="atan2(y, x): the angle of the point (x, y).",
    c_name="atan2", numpy_names=("arctan2",))
sinh = define("sinh", ieee(math.sinh), lambda x, out: cosh(x), c_name="sinh")
cosh: Function = define("cosh", ieee(math.cosh, even=True), lambda x, out: sinh(x), c_name="cosh")
tanh: Function = define("tanh", math.tanh, lambda x, out: 4.0 * sigmoid_slope(2.0 * x),
    doc="tanh(x). Its derivative, in the lessons 1 - y^2, is computed as 4 sigmoid_slope(2x), "
    "which keeps its digits once tanh saturates.", c_name="tanh")
asinh = define("asinh", math.asinh, lambda x, out: 1.0 / hypot(x, 1.0), c_name="asinh", numpy_names=("arcsinh",))
acosh = define("acosh", ieee(math.acosh),     # beyond 1e9 the two agree to the last digit, and x^2 might overflow
    lambda x, out: where(less(x, 1e9), _inverse_root(0.0 - _one_minus_square(x)), 1.0 / x), domain=(1.2, 4.0),
    c_name="acosh", numpy_names=("arccosh",))
atanh = define("atanh", ieee(math.atanh, {1.0: INF, -1.0: -INF}), lambda x, out: 1.0 / _one_minus_square(x),
    domain=(-0.9, 0.9), c_name="atanh", numpy_names=("arctanh",))

# ---- the bell curve -----------------------------------------------------------------------------
# exp(-x^2) needs x^2 in two parts, h + l: an error of one ulp in x^2 = 700 is 700 ulps in the result.

E_64 = 1.603810890548638e-28      # e^-64


def _gauss(x: Any, k: Any) -> Any:
    near = clip(x, -1e150, 1e150)       # beyond, x^2 overflows, and for a tiny k not k x^2
    h, low = product(near, near)
    fits = where(greater(h, 1e-290), less(h, 1e299), 0.0)
    bell = exp(where(fits, -k * h, -(k * clip(x, -MAX, MAX)) * clip(x, -MAX, MAX)))
    return where(_normal(bell), bell - bell * (k * low), bell)


def _far(x: Any, k: Any, c: Any) -> Any:
    """c x exp(64 - k x^2); e^-64 is a part of c, without which the power alone would be subnormal."""
    near = clip(x, -1e150, 1e150)
    h, low = product(near, near)
    bell = exp(64.0 - k * h)
    return (bell - bell * (k * low)) * (x * c)


def _gauss_x(x: Any, k: Any, out: Any) -> Any:
    far = where(equal(out, 0.0), 0.0, k * _far(x, k, -2.0 * E_64))
    return where(less(out, 2.3e-308), far, -2.0 * (k * clip(x, -MAX, MAX) * out))


def _gauss_k(x: Any, k: Any, out: Any) -> Any:
    return where(less(out, 2.3e-308), where(equal(out, 0.0), 0.0, _far(x, k, -x * E_64)), -x * (x * out))


gauss = define("gauss", _gauss, _gauss_x, _gauss_k, domain=((-2.0, 2.0), (0.5, 1.5)), composite=True,
    latex="e^{{-{1}\\,{0}^2}}", doc="gauss(x, k): exp(-k x^2), to the last digit where k is a power of two.")
TWO_OVER_ROOT_PI = 2.0 / math.sqrt(math.pi)
erf = define("erf", math.erf, lambda x, out: TWO_OVER_ROOT_PI * gauss(x, 1.0), c_name="erf")
erfc = define("erfc", math.erfc, lambda x, out: -TWO_OVER_ROOT_PI * gauss(x, 1.0), c_name="erfc")

ROOT_HALF, ROOT_HALF_REST = math.sqrt(0.5), -4.833646656726457e-17      # the rest of the exact square root
ONE_OVER_ROOT_TWO_PI = 1.0 / math.sqrt(2.0 * math.pi)


def _normal_cdf(x: Any) -> Any:
    near = clip(x, -60.0, 60.0)
    h, low = product(near, -ROOT_HALF)
    low = low - near * ROOT_HALF_REST
    return 0.5 * (erfc(h) - low * TWO_OVER_ROOT_PI * exp(-(h * h)))


normal_cdf = define("normal_cdf", _normal_cdf, lambda x, out: ONE_OVER_ROOT_TWO_PI * gauss(x, 0.5), composite=True,
    numpy_names=("ndtr",), latex=r"\Phi({0})",
    doc="normal_cdf(x): the standard normal distribution function; ndtri is its inverse.")

# ---- activations --------------------------------------------------------------------------------


def _tail(x: Any) -> Any:
    """1 - 1/x^2 + 3/x^4 - ...: normal_cdf(x) |x| / density, beyond x = -37 (Abramowitz, Stegun 26.2.12)."""
    r, total = 1.0 / (x * x), 1.0
    for odd in (13.0, 11.0, 9.0, 7.0, 5.0, 3.0, 1.0):
        total = 1.0 - odd * r * total
    return total


def _gelu(x: Any) -> Any:
    near = clip(x, -60.0, 60.0)     # as in the slope, which so has its parts in common with the value
    return where(less(x, -37.0), -gauss(near, 0.5) * ONE_OVER_ROOT_TWO_PI * _tail(near), x * normal_cdf(near))


def _gelu_x(x: Any, out: Any) -> Any:
    near = clip(x, -60.0, 60.0)
    far = _far(near, 0.5, 6.398279740081261e-29) * (1.0 - _tail(near) / (near * near))
    return where(less(x, -37.0), far,
                 normal_cdf(near) + near * (ONE_OVER_ROOT_TWO_PI * gauss(near, 0.5)))


def _silu(x: Any) -> Any:
    near = clip(x, -800.0, 800.0)
    root = exp(0.5 * near)
    return where(less(x, -700.0), (near * root) * root, x * sigmoid(near))


def _silu_x(x: Any, out: Any) -> Any:
    near = clip(x, -800.0, 800.0)
    root = exp(0.5 * near)
    return where(less(x, -700.0), ((1.0 + near) * root) * root,
                 sigmoid(near) * (1.0 + near * sigmoid(-near)))


softplus = define("softplus", lambda x: where(less(x, 0.0), 0.0, x) + log1p(exp(where(less(x, 0.0), x, -x))),
    lambda x, out: sigmoid(x), composite=True)
silu = define("silu", _silu, _silu_x, composite=True, doc="silu(x) = x sigmoid(x), also called swish.")
gelu = define("gelu", _gelu, _gelu_x, composite=True, doc="gelu(x) = x normal_cdf(x), the exact form.")


def _logaddexp(x: Any, y: Any) -> Any:
    return ordered(x, y, x + log1p(exp(y - x)), y + log1p(exp(x - y)), x + LN2)


def _share(x: Any, y: Any, out: Any) -> Any:
    # in the tail the rounding of x - y would be hundreds of ulps; nan where both are the same infinity: they share
    lead, rest = difference(x, y)
    near = where(less(magnitude(lead), 1e3), sigmoid(lead) + rest * sigmoid_slope(lead), sigmoid(lead))
    return where(equal(lead, lead), near, where(equal(x, y), 0.5, out))


logaddexp = define("logaddexp", _logaddexp, _share, lambda x, y, out: _share(y, x, out), composite=True,
    doc="logaddexp(x, y): log(e^x + e^y).")
stop_gradient = define("stop_gradient", operator.pos, always_nothing,
    doc="stop_gradient(x): x as a constant; no gradient flows back.", python_on_floats="{}")

# ---- tests, jumps and angles --------------------------------------------------------------------

isnan = define("isnan", lambda x: where(equal(x, x), 0.0, 1.0), never, composite=True,
    doc="isnan(x): 1.0 where x is nan, else 0.0; no gradient.")
isfinite = define("isfinite", lambda x: where(less(magnitude(x), INF), 1.0, 0.0), never, composite=True,
    doc="isfinite(x): 1.0 where x is a number, 0.0 where it is infinite or nan; no gradient.")
heaviside = define("heaviside", lambda x, half=0.5: ordered(x, 0.0, 1.0, 0.0, half), never,
    lambda x, half, out: ordered(x, 0.0, nothing, nothing, 1.0, out), composite=True, domain=((-2.0, 2.0), (0.0, 1.0)),
    doc="heaviside(x, half=0.5): 0 where x < 0, 1 where x > 0, else half; no gradient by x.")
DEGREE, RADIAN = math.pi / 180.0, 180.0 / math.pi
deg2rad = define("deg2rad", lambda x: x * DEGREE, lambda x, out: DEGREE, composite=True, numpy_names=("radians",),
    doc="deg2rad(x): an angle of x degrees in radians.")
rad2deg = define("rad2deg", lambda x: x * RADIAN, lambda x, out: RADIAN, composite=True, numpy_names=("degrees",),
    doc="rad2deg(x): an angle of x radians in degrees.")


def _turns(x: Any) -> tuple[Any, Any, Any]:
    """What is left of x without the nearest whole number, its size, and 1 or -1 where that is even or odd."""
    inside = where(less(magnitude(x), INF), x, 0.0)
    whole = round(inside)
    return inside - whole, magnitude(inside - whole), 1.0 - 4.0 * (0.5 * whole - floor(0.5 * whole))


def _sinc(x: Any) -> Any:
    rest, _, turned = _turns(x)
    return where(equal(x, 0.0), 1.0, turned * sin(rest * math.pi) / (x * math.pi) + 0.0)


def _sinc_x(x: Any, out: Any) -> Any:
    # near 0 the two terms of (t cos t - sin t) / t^2, t = π x, cancel: there its series, times π
    near = where(less(magnitude(x), 0.5), x, 0.0)
    square, total = (near * math.pi) * (near * math.pi), 0.0
    for k in range(12, 0, -1):
        total = 1.0 - square * total * ((k + 1.0) / (k * (2.0 * k + 2.0) * (2.0 * k + 3.0)))
    series = near * (-math.pi * math.pi / 3.0) * total
    far = where(less(magnitude(x), 0.5), 1.0, where(less(magnitude(x), INF), x, 1.0))
    rest, size, turned = _turns(far)
    # beside its zeros the cosine is a sine, or it would have no digits left there
    cosine = turned * where(less(size, 0.25), cos(rest * math.pi), sin((0.5 - size) * math.pi))
    return where(less(magnitude(x), 0.5), series, where(less(magnitude(x), INF), (cosine - sinc(far)) / far, 0.0))


sinc: Function = define("sinc", _sinc, _sinc_x, composite=True,
    doc="sinc(x) = sin(πx) / (πx), 1 at 0 and exactly 0 at other whole numbers; NumPy's normalized form.")

# ---- gamma and its kin --------------------------------------------------------------------------
# gamma: Stirling's formula from 3 on, below 3 that of x + 3, by gamma(x + 1) = x gamma(x). lgamma, digamma: Stirling's
# series from 3 on, below 3 a form with all its digits beside the zeros, below 3/4 that of x + 1. Below 0 by reflection.
# polygamma: ten terms of the sum over 1 / (x + k)^(n + 1) as they are, the others by Euler and Maclaurin.
# Abramowitz, Stegun 6.1.15, 6.1.17, 6.1.37, 6.1.40, 6.3.7, 6.3.18, 6.4.7, 6.4.10, 23.1.30.

ROOT_TWO_PI, HALF_LOG_TWO_PI = math.sqrt(2.0 * math.pi), 0.5 * math.log(2.0 * math.pi)


def _gamma(x: Any) -> Any:
    a, negative = magnitude(x), less(x, 0.0)
    small = less(a, 3.0)
    u = where(small, a + 3.0, where(less(200.0, a), 200.0, a))
    # two factors, as the power alone overflows; what a + 3.0 lost in rounding counts by digamma(u)
    lost = where(small, (a - (u - 3.0)) * (0.18 + 0.26 * u), 0.0)
    left = pow(u, 0.5 * u - 0.25)
    right = left * exp(-u) * fit.stirling(1.0 / u) * (1.0 + lost)
    steps = (a + 1.0) * (a + 2.0)
    rest, _, turned = _turns(x)
    sine = turned * sin(rest * math.pi)
    mirrored = where(small, math.pi * steps / (sine * (left * right)), math.pi / (a * sine) / left / right)
    out = where(negative, mirrored, where(small, left * right / steps / a, left * right))
    # at whole numbers: a pole, or a factorial, up to 16! the very number
    at_whole = where(negative, NAN, where(less(out, 1e14), round(out), out))
    return where(equal(rest, 0.0), at_whole, out)


def _lgamma(x: Any) -> Any:
    a = magnitude(x)
    small, log_a = less(a, 0.75), log(a)
    z = where(small, a, a - 1.0)
    near = fit.lgamma_after_1(z)
    far = (a - 0.5) * (log_a - 1.0) + (HALF_LOG_TWO_PI - 0.5) + fit.log_stirling(1.0 / a)
    plain = where(less(a, 3.0), near, far)
    rest, size, _ = _turns(x)
    sine = where(less(size, 1e-9), size, sin(size * math.pi) / math.pi)     # of a subnormal size, too
    mirrored = -log(sine) - where(small, near, plain + log_a)       # the latter is lgamma(1 + a)
    mirrored = where(equal(rest, 0.0), INF, mirrored)
    return where(less(x, 0.0), mirrored, where(small, near - log_a, plain))


def _digamma(x: Any) -> Any:
    a = magnitude(x)
    small, t = less(a, 0.75), 1.0 / a
    z = where(small, a, a - 1.0)
    near = fit.digamma_after_1(z)
    plain = where(less(a, 3.0), near, log(a) - fit.log_less_digamma(t))
    rest, size, _ = _turns(x)
    close = less(size, 0.25)        # beside its zeros the cotangent is a tangent, which has its digits there
    tangent = tan(where(close, size, 0.5 - size) * math.pi)
    cotangent = where(close, 1.0 / tangent, tangent) * math.pi
    mirrored = where(small, near, plain + t) + where(less(rest, 0.0), cotangent, -cotangent)
    mirrored = where(equal(rest, 0.0), NAN, mirrored)
    return where(less(x, 0.0), mirrored, where(small, near - t, plain))


def _polygamma(n: Any, x: Any) -> Any:
    # n! is shared out among the scaled powers, or it would overflow, or they would, where the result does not
    power = n + 1.0
    shift = where(less(n, 4.5), 0.0, floor(lgamma(power) * LOG2_E / power))
    scale, front = exp2(-shift), gamma(power) * exp2(-(shift * power))
    even = 1.0 - 4.0 * (0.5 * power - floor(0.5 * power))       # 1 or -1: (-1)^(n + 1)

    def zeta(u: Any) -> Any:
        y = u + 10.0
        rising, square, coefficients = n * power, 1.0 / (y * y), []
        for k, number in enumerate(fit.BERNOULLI):      # B(2k) / (2k)! times n (n + 1) ... (n + 2k - 1)
            coefficients.append(number * rising)
            rising = rising * (n + (2.0 * k + 2.0)) * (n + (2.0 * k + 3.0))
        tail = (1.0 + 0.5 * n / y + square * fit.polynomial(coefficients[::-1], square)) * (1.0 / n)
        first = pow((u + 9.0) * scale, -power)
        for k in range(8, 0, -1):
            first = first + pow((u + float(k)) * scale, -power)
        return (pow(y * scale, -n) / scale * tail + (first + pow(u * scale, -power))) * front

    rest, _, _ = _turns(x)
    ratio = math.pi / sin(rest * math.pi)
    around = where(equal(n, 1.0), ratio * ratio,        # the sum over all whole k
                   pow(rest * scale, -power) * front + (zeta(1.0 + rest) + even * zeta(1.0 - rest)))
    right = zeta(where(less(x, 0.0), 1.0 - x, x))
    pole = where(greater(even, 0.0), where(less(magnitude(x), INF), INF, NAN), NAN)
    mirrored = where(equal(rest, 0.0), pole, around - even * right)
    known = where(less(n, 171.0), where(less(0.0, n), equal(n, floor(n)), 0.0), 0.0)
    out = even * where(less(x, 0.0), mirrored, right)
    return where(equal(n, 0.0), digamma(x), where(known, out, NAN))


gamma: Function = define("gamma", _gamma, lambda x, out: where(less(200.0, x), out, out * digamma(x)),
    domain=(0.5, 4.0), composite=True, latex=r"\Gamma({0})",
    doc="gamma(x): (x - 1)! for whole x, and what lies between; nan at negative whole numbers.")
lgamma: Function = define("lgamma", _lgamma, lambda x, out: digamma(x), domain=(0.5, 4.0), composite=True,
    numpy_names=("gammaln",), latex=r"\ln |\Gamma({0})|",
    doc="lgamma(x): log |gamma(x)|; infinite at 0 and at negative whole numbers.")
digamma: Function = define("digamma", _digamma, lambda x, out: polygamma(1.0, x), domain=(0.5, 4.0), composite=True,
    numpy_names=("psi",), latex=r"\psi({0})",
    doc="digamma(x): the derivative of lgamma; nan at negative whole numbers.")
polygamma: Function = define("polygamma", _polygamma, never,
    lambda n, x, out: where(equal(out, out), polygamma(n + 1.0, x), out), composite=True, method=False,
    domain=((1.0, 1.0), (0.5, 4.0)), latex=r"\psi^{{({0})}}({1})",
    doc="polygamma(n, x): the n-th derivative of digamma; nan where n is no whole number from 0 to 170.")

# ---- inverses of erf and of the normal distribution function --------------------------------------
# Wichura's AS 241. The slope 1 / density(out) would multiply the error of the value by its square, 1400 in the tails;
# there out is checked against p by the distribution function itself. That factor is 1, and so a constant.


def _tail_quantile(p: Any) -> Any:
    """The size of the quantile of p, or of 1 - p, for p < 0.075."""
    y = sqrt(-log(p))
    return where(equal(p, 0.0), INF, where(less(5.0, y), fit.quantile_of_far_tail(y), fit.quantile_of_tail(y)))


def _ndtri(p: Any) -> Any:
    q = p - 0.5
    tail = _tail_quantile(where(less(q, 0.0), p, 1.0 - p))
    return where(less(magnitude(q), 0.425), q * fit.quantile_by_distance(q), where(less(q, 0.0), -tail, tail))


def _erfinv(x: Any) -> Any:     # the quantile of (1 + x) / 2, over sqrt(2)
    size = magnitude(x)
    tail = _tail_quantile(0.5 * (1.0 - size)) * ROOT_HALF
    centre = x * (fit.quantile_by_distance(0.5 * x) * (0.5 * ROOT_HALF))
    return where(less(size, 0.85), centre, where(less(x, 0.0), -tail, tail))


def _mended(size: Any, ratio: Any) -> Any:
    return where(less(size, 1.0), 1.0, where(less(size, INF), stop_gradient(ratio), 1.0))


def _ndtri_x(p: Any, out: Any) -> Any:
    size = magnitude(out)
    return _mended(size, normal_cdf(-size) / where(less(p, 0.5), p, 1.0 - p)) * (ROOT_TWO_PI * gauss(out, -0.5))


def _erfinv_x(x: Any, out: Any) -> Any:
    size = magnitude(out)
    return _mended(size, erfc(size) / (1.0 - magnitude(x))) * (0.5 * math.sqrt(math.pi) * gauss(out, -1.0))


erfinv = define("erfinv", _erfinv, _erfinv_x, domain=(-0.9, 0.9), composite=True,
    latex=r"\operatorname{{erf}}^{{-1}}({0})", doc="erfinv(x): the inverse of erf; infinite at -1 and 1, nan beyond.")
ndtri = define("ndtri", _ndtri, _ndtri_x, domain=(0.05, 0.95), composite=True, latex=r"\Phi^{{-1}}({0})",
    doc="ndtri(p): the standard normal quantile, the inverse of normal_cdf; infinite at 0 and 1, nan beyond.")

# ---- any number of arguments: one node each ------------------------------------------------------


def _weights(*xs: Any) -> tuple[Any, list[Any]]:
    """The largest argument m, as a constant, and each exp(x - m); ties at infinity share."""
    top = xs[0]
    for x in xs[1:]:
        top = maximum(top, x)
    top = stop_gradient(top)
    return top, [where(equal(abs(top), INF), equal(x, top), exp(x - top)) for x in xs]


def _logsumexp(*xs: Any) -> Any:
    top, weights = _weights(*xs)
    return where(equal(abs(top), INF), top, top + log(add_up(*weights)))


def _shares(xs: Sequence[Any], out: Any) -> list[Any]:
    weights = _weights(*xs)[1]
    total = add_up(*weights)
    return [weight / total for weight in weights]


sum = nary("sum", add_up, lambda xs, out: [one] * len(xs), doc="sum(xs): one node, added from the left.")
prod = nary("prod", multiply_up, products_of_others, doc="prod(xs): one node, multiplied from the left.")
mean = nary("mean", lambda *xs: add_up(*xs) / float(len(xs)), lambda xs, out: [1.0 / len(xs)] * len(xs),
    doc="mean(xs): one node.", of_none=False)
logsumexp = nary("logsumexp", _logsumexp, _shares,
    doc="logsumexp(xs): log of the sum of e^x, without overflow; its partials are softmax(xs).", of_none=False)
_dot = nary("dot", inner, lambda args, out: [*args[len(args) // 2:], *args[:len(args) // 2]])


def dot(ws: Iterable[Any], xs: Iterable[Any]) -> Any:
    """The inner product of two equally long iterables, as one node: a neuron of 100 inputs is one node.

    >>> dot([1.0, 2.0], [3.0, 4.0])
    11.0
    """
    ws, xs = operands(TABLE["dot"], ws), operands(TABLE["dot"], xs)
    if len(ws) != len(xs):
        raise ValueError(f"dot: {len(ws)} weights and {len(xs)} inputs; give as many of each")
    return apply(TABLE["dot"], (*ws, *xs))


TABLE["dot"].function = dot
TABLE["where"].function = where


def softmax(xs: Iterable[Any]) -> list[Any]:
    """e^x over the sum of all e^x, for each of ``xs``; a list of positive numbers that sum to 1.

    >>> softmax([0.0, 0.0])
    [0.5, 0.5]
    >>> softmax([1000.0, 0.0])
    [1.0, 0.0]
    """
    xs = operands(TABLE["logsumexp"], xs)
    total = logsumexp(xs)
    return [exp(x - total) for x in xs]
