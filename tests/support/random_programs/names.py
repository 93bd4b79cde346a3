"""The names of autograd by mpmath: the values of ops from the oracle of the table, derivatives as differences."""

from types import SimpleNamespace

from mpmath import mpf

from tests.support.exact_slopes import EXACT
from tests.support.random_programs import differences
from tests.support.random_programs.exact import Exact, apply, choose, divide, held, order, power, root, total, whole


def _prod(xs):
    out = 1.0
    for x in xs:
        out = out * x
    return out


def _logsumexp(xs):
    xs = list(xs)
    top = xs[0]
    for x in xs[1:]:
        top = maximum(top, x)
    top = held(top)
    return top + OPS["log"](total([OPS["exp"](x - top) for x in xs]))


def _half(x, y):
    return 0.5 * x + 0.5 * y


def maximum(x, y):
    return choose(order(x, y), x, y, _half(x, y))


def minimum(x, y):
    return choose(order(x, y), y, x, _half(x, y))


def _clip(x, low, high):
    return high if order(x, high) > 0 else low if order(x, low) < 0 else x


def _relu(x):
    return choose(order(x, 0), x, 0.0 * x, 0.0 * x)


def _elu(x):
    return x if order(x, 0) > 0 else OPS["expm1"](x)


def _hypot(x, y):
    root(abs(x) + abs(y))
    return apply(EXACT["hypot"][0], x, y)


SMOOTH = ("sin", "cos", "tan", "tanh", "sinh", "cosh", "asinh", "atan", "exp", "expm1", "exp2", "log", "log1p",
          "sigmoid", "softplus", "silu", "gelu", "erf", "normal_cdf", "logaddexp", "square")
OPS = {name: lambda *xs, name=name: apply(EXACT[name][0], *xs) for name in SMOOTH}
OPS |= {name: lambda x, name=name: apply(EXACT[name][0], root(x)) for name in ("sqrt", "cbrt", "reciprocal", "log")}
OPS |= {
    "sum": total, "prod": _prod, "mean": lambda xs: total(xs) / len(xs), "logsumexp": _logsumexp, "hypot": _hypot,
    "dot": lambda ws, xs: total([w * x for w, x in zip(ws, xs, strict=True)]),
    "softmax": lambda xs: [OPS["exp"](x - _logsumexp(xs)) for x in xs],
    "maximum": maximum, "minimum": minimum, "clip": _clip, "relu": _relu, "elu": _elu,
    "leaky_relu": lambda x: x if order(x, 0) > 0 else 0.01 * x,
    "where": lambda condition, a, b: a if condition else b,
    "greater": lambda x, y: float(order(x, y) > 0), "less": lambda x, y: float(order(x, y) < 0),
    "abs": abs, "pow": power, "div": divide, "stop_gradient": held, "floor": whole(lambda x: mpf(int(x // 1))),
}
ag = SimpleNamespace(**OPS, **{name: getattr(differences, name) for name in (
    "grad", "value_and_grad", "jacobian", "hessian", "jvp", "vjp", "hvp", "derivative")})
for _name in ("exp", "sin", "cos", "tanh", "sqrt", "log", "maximum"):      # NumPy calls these on an array's elements
    setattr(Exact, _name, OPS[_name])
