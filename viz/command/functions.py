"""The functions and constants of expressions, and what to write for the names that they have elsewhere."""

import inspect
import math

from autograd import TABLE
from viz.words.expressions import ERRORS

CONSTANTS = {"pi": math.pi, "e": math.e, "tau": math.tau, "inf": math.inf, "nan": math.nan}
FUNCTIONS = {name: op.function for name, op in TABLE.items()}
FUNCTIONS |= {alias: FUNCTIONS[name] for alias, name in (("min", "minimum"), ("max", "maximum"), ("ln", "log"))}
NARY = {name for name, op in TABLE.items() if op.arity is None} - {"dot"}
CONSTANTS_ELSEWHERE = {"π": "pi", "Pi": "pi", "PI": "pi", "τ": "tau", "Inf": "inf", "Infinity": "inf",
                       "infinity": "inf", "NaN": "nan", "NAN": "nan"}
FACTORIAL = "gamma(x + 1)"

# Function names of textbooks, calculators and other packages.
_ELSEWHERE = {call: names.split() for call, names in (
    ("x ** 2, or sqrt(x) for its root", "sqr"), ("sqrt(x)", "root squareroot"), ("cbrt(x)", "cuberoot"),
    ("x ** (1 / n)", "nthroot"), ("x ** y", "power"), ("abs(x)", "fabs absolute"), (FACTORIAL, "factorial fact"),
    ("sigmoid(x)", "sigma σ logistic expit sig sigm"), ("silu(x)", "swish"), ("leaky_relu(x)", "lrelu leakyrelu"),
    ("exp(x - logsumexp([x, y])) for the share of x", "softmax"), ("x - logsumexp([x, y])", "logsoftmax log_softmax"),
    ("1.0507 * elu(x, 1.67326)", "selu"), ("x * tanh(softplus(x))", "mish"), ("x / (1 + abs(x))", "softsign"),
    ("clip(x, 0, 6)", "relu6"), ("clip(x, -1, 1)", "hardtanh hard_tanh htanh"), ("clip(x, 0, 1)", "saturate clip01"),
    ("clip(x / 6 + 0.5, 0, 1)", "hardsigmoid hard_sigmoid"), ("x * clip(x / 6 + 0.5, 0, 1)", "hardswish hard_swish"),
    ("-softplus(-x)", "logsigmoid log_sigmoid"), ("x - tanh(x)", "tanhshrink"), ("elu(x)", "celu"),
    ("leaky_relu(x, a)", "prelu"), ("1 / sqrt(x)", "rsqrt invsqrt"), ("1 / x", "inv"), ("x ** 3", "cube cubed"),
    ("10 ** x", "exp10 pow10"), ("2 ** x", "pow2"), ("log(x) / log(b)", "logb logn"), ("log(x) / log(3)", "log3"),
    ("x ** (1 / n)", "nroot"), ("x - floor(x)", "frac fract"), ("x - trunc(x)", "modf"),
    ("mod(x, y)", "modulo modulus"), ("fmod(x, y)", "remainder rem"), ("round(x)", "rint nint"),
    ("min(x, y)", "fmin"), ("max(x, y)", "fmax"),
    ("abs(x) + softplus(-2 * abs(x)) - log(2)", "logcosh lncosh log_cosh"), ("erfinv(1 - x)", "erfcinv inverfc"),
    ("exp(x ** 2) * erfc(x)", "erfcx"), ("1 - cos(x)", "versin vers"), ("(1 - cos(x)) / 2", "haversin hav"),
    ("exp(-x ** 2 / 2) / sqrt(tau)", "normpdf norm_pdf normal_pdf"), ("exp(-x ** 2)", "gaussian"),
    ("sin(pi * x)", "sinpi"), ("cos(pi * x)", "cospi"), ("tan(pi * x)", "tanpi"),
    ("sin(deg2rad(x))", "sind"), ("cos(deg2rad(x))", "cosd"), ("tan(deg2rad(x))", "tand"),
    ("rad2deg(asin(x))", "asind"), ("rad2deg(acos(x))", "acosd"), ("rad2deg(atan(x))", "atand"),
    ("atan(1 / x)", "acot arccot arcctg"), ("acos(1 / x)", "asec arcsec"), ("asin(1 / x)", "acsc arccsc"),
    ("atanh(1 / x)", "acoth arcoth arccoth"), ("acosh(1 / x)", "asech arsech"), ("asinh(1 / x)", "acsch arcsch"),
    ("1 - isfinite(x) - isnan(x)", "isinf"), ("x * log(x)", "xlogx"), ("x * log(y)", "xlogy"),
    ("sin(x)", "sinus sen"), ("cos(x)", "cosinus kosinus"), ("step(x)", "theta unitstep ustep"),
    ("log(x / (1 - x))", "logit"), ("normal_cdf(x)", "Φ Phi normcdf norm_cdf ndtr"),
    ("ndtri(p)", "probit norminv norm_inv norm_ppf ppf invnorm"), ("gamma(x)", "Γ tgamma"),
    ("lgamma(x)", "gammaln loggamma lngamma"), ("digamma(x)", "psi ψ"), ("polygamma(1, x)", "trigamma"),
    ("gamma(x) * gamma(y) / gamma(x + y)", "beta Beta"), ("erfinv(x)", "inverf inverseerf erf_inv"),
    ("1 / cos(x)", "sec"), ("1 / sin(x)", "csc cosec"), ("1 / tan(x)", "cot cotan ctg"), ("tan(x)", "tg"),
    ("1 / cosh(x)", "sech"), ("1 / sinh(x)", "csch"), ("1 / tanh(x)", "coth"),
    ("asin(x)", "arcsin"), ("acos(x)", "arccos"), ("atan(x)", "arctan arctg"), ("atan2(y, x)", "arctan2"),
    ("sinh(x)", "sh"), ("cosh(x)", "ch"), ("tanh(x)", "th"), ("asinh(x)", "arsinh arcsinh"),
    ("acosh(x)", "arcosh arccosh"), ("atanh(x)", "artanh arctanh"), ("log10(x)", "lg"), ("log2(x)", "lb ld"),
    ("sign(x)", "sgn signum"), ("trunc(x)", "int"), ("ceil(x)", "ceiling"), ("deg2rad(x)", "radians"),
    ("rad2deg(x)", "degrees"), ("mean(a, b, ...)", "average avg"), ("prod(a, b, ...)", "Π product"),
    ("sum(a, b, ...)", "Σ total"), ("hypot(x, y)", "norm"), ("where(a > b, x, y)", "ifelse iif cond"))}
ELSEWHERE = {name: call for call, names in _ELSEWHERE.items() for name in names}
MODULES = {"math", "cmath", "np", "numpy", "jnp", "jax", "torch", "tf", "tensorflow", "nn", "scipy", "sp", "mpmath",
           "sympy", "ag", "autograd", "F"}


def usage(name: str) -> str:
    """A call of the function ``name``, for messages.

    >>> usage("clip"), usage("mean")
    ('clip(x, lo, hi)', 'mean(a, b, ...)')
    """
    if name == "dot":
        return "dot([a, b], [x, y])"
    listed = "a, b, ..." if name in NARY else ", ".join(inspect.signature(FUNCTIONS[name]).parameters)
    return f"{name}({listed})"


def call_of(name: str) -> str:
    """How to write the function that has the name ``name`` here or elsewhere; empty if none is known.

    >>> call_of("sin"), call_of("Sin"), call_of("swish"), call_of("f")
    ('sin(x)', 'sin(x)', 'silu(x)', '')
    """
    for spelling in (name, name.lower()):
        if spelling in FUNCTIONS:
            return usage(spelling)
        if spelling in ELSEWHERE:
            call = ELSEWHERE[spelling]
            return ERRORS(call) if call in ERRORS.words["en"] else call
    return ""


def member_advice(owner: str, member: str) -> str:
    """What to write for ``owner.member``, such as math.sin or x.sin; empty if no such function is known.

    >>> member_advice("math", "pi"), member_advice("np", "arcsin"), member_advice("w", "tanh")
    ('write pi', 'write asin(x)', 'write tanh(w)')
    """
    constant = CONSTANTS_ELSEWHERE.get(member, member)
    module = owner in MODULES or owner.lower() in MODULES
    if module and constant in CONSTANTS:
        return ERRORS("write", constant)
    call = call_of(member)
    if not module:      # a method, as in x.sin()
        call = call.replace("(x)", f"({owner})")
    return ERRORS("write", call) if call else ""
