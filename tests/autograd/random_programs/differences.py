"""The names of autograd by mpmath: ops from the oracle of the table, derivatives as central differences.

Nothing here is a formula for a derivative. A nested derivative is a difference quotient of difference quotients; of
the 90 digits each level costs 18, and leaves an error of 1e-36.
"""

from types import SimpleNamespace

import numpy as np
from mpmath import mpf
from oracle import EXACT

from random_programs.exact import Exact, Run, apply, choose, divide, held, number, order, power, root, whole

STEP = mpf(2)**-60


# ---- arguments and results ----------------------------------------------------------------------


def leaves(tree):
    """The numbers in lists, tuples, dicts and arrays, from left to right."""
    if isinstance(tree, np.ndarray):
        return list(tree.ravel()) if tree.dtype != object else [x for item in tree.ravel() for x in leaves(item)]
    if isinstance(tree, dict):
        tree = list(tree.values())
    return [x for item in tree for x in leaves(item)] if isinstance(tree, (list, tuple)) else [tree]


def rebuilt(tree, items):
    """The same tree of other things, taken one after another from the iterator ``items``."""
    if isinstance(tree, np.ndarray):
        out = np.empty(tree.shape, object)
        for place in np.ndindex(tree.shape):
            out[place] = next(items)
        return out
    if isinstance(tree, dict):
        return {key: rebuilt(item, items) for key, item in tree.items()}
    return type(tree)(rebuilt(item, items) for item in tree) if isinstance(tree, (list, tuple)) else next(items)


def entered(tree):
    """The same numbers as arguments: objects of their own, as ``in`` looks at these."""
    return rebuilt(tree, iter([Exact(number(x)) for x in leaves(tree)]))


def like(tree, items):
    return rebuilt(tree, iter(items))


# ---- difference quotients -----------------------------------------------------------------------


def quotients(f, numbers, directions):
    """What ``f`` of a list of numbers gives, and for each direction the derivatives of all numbers in that."""
    run = Run.current
    start, found = run.site, []
    out = f(numbers)
    end = run.site
    run.displaced += 1
    for along in directions:
        sides = []
        for step in (STEP, -STEP):
            run.site = start
            moved = [Exact(x.x + step * t.x) if t is not None else x for x, t in zip(numbers, along, strict=True)]
            sides.append([number(x) for x in leaves(f(moved))])
            assert run.site == end
        found.append([Exact((up - down) / (2 * STEP)) for up, down in zip(*sides, strict=True)])
    run.displaced -= 1
    return out, found


def axes(count):
    return [[Exact(1) if i == j else None for j in range(count)] for i in range(count)]


class Chosen:
    """The arguments of ``f`` that are differentiated by, as a flat list of numbers."""

    def __init__(self, f, args, argnums=None):
        self.several = len(args) > 1 if argnums is None else not isinstance(argnums, int)
        places = range(len(args)) if argnums is None else [argnums] if isinstance(argnums, int) else argnums
        self.parts = [args[i] for i in places]
        self.numbers = [leaf for part in self.parts for leaf in leaves(entered(part))]

        def flat(numbers):
            items, given = iter(numbers), list(args)
            for i in places:
                given[i] = rebuilt(args[i], items)
            return f(*given)

        self.flat = flat

    def form(self, items):
        """One thing per number, in the form of the arguments: a tuple of these if they are several."""
        waiting = iter(items)
        parts = tuple(rebuilt(part, waiting) for part in self.parts)
        return parts if self.several else parts[0]

    def slopes(self):
        out, found = quotients(self.flat, self.numbers, axes(len(self.numbers)))
        return out, found


def value_and_grad(f, argnums=None, wrt=None):
    def both(*args):
        if wrt is not None:
            return _captured(f, args, wrt)
        chosen = Chosen(f, args, argnums)
        out, found = chosen.slopes()
        return out, chosen.form([slope for slope, in found])

    return both


def _captured(f, args, wrt):
    def flat(numbers):
        before = [w.x for w in wrt]
        for w, x in zip(wrt, numbers, strict=True):
            w.x = x.x
        out = f(*args)
        out = Exact(number(out))        # not the captured number itself
        for w, x in zip(wrt, before, strict=True):
            w.x = x
        return out

    out, found = quotients(flat, [Exact(w.x) for w in wrt], axes(len(wrt)))
    return out, [slope for slope, in found]


def grad(f, argnums=None):
    return lambda *args: value_and_grad(f, argnums)(*args)[1]


def shape(tree):
    """Of a number, an array, or (nested) lists of numbers of one length; None of any other tree."""
    if isinstance(tree, np.ndarray):
        return tree.shape
    if not isinstance(tree, (list, tuple)):
        return ()
    inner = [None if isinstance(item, np.ndarray) else shape(item) for item in tree]
    return (len(tree), *inner[0]) if inner and inner[0] is not None and inner == inner[:1] * len(inner) else None


def parted(parts):
    """Each of the parts, and where its numbers are among all of theirs."""
    start = 0
    for part in parts:
        yield part, slice(start, start := start + len(leaves(part)))


def table(out, by, rows):
    """Derivatives in the form of the output, with the argument's form for each number; arrays by arrays at once."""
    arrays = isinstance(out, np.ndarray) or isinstance(by, np.ndarray)
    if arrays and shape(out) is not None and shape(by) is not None:
        return [x for row in rows for x in row]
    if isinstance(out, (list, tuple)):
        return [table(part, by, rows[place]) for part, place in parted(out)]
    if isinstance(by, (list, tuple)):
        return [table(out, part, [row[place] for row in rows]) for part, place in parted(by)]
    return rows[0][0]


def jacobian(f, argnums=None):
    def whole_table(*args):
        chosen = Chosen(f, args, argnums)
        out, found = chosen.slopes()
        rows = list(zip(*found, strict=True))
        if not chosen.several:
            return table(out, chosen.parts[0], rows)
        return tuple(table(out, part, [row[place] for row in rows]) for part, place in parted(chosen.parts))

    return whole_table


def hessian(f, argnums=None):
    def whole_table(*args):
        chosen = Chosen(f, args, argnums)
        along = axes(len(chosen.numbers))
        rows = quotients(lambda numbers: [slope for slope, in quotients(chosen.flat, numbers, along)[1]],
                         chosen.numbers, along)[1]
        tables = tuple(tuple(table(one, two, [row[there] for row in rows[here]])
                             for two, there in parted(chosen.parts)) for one, here in parted(chosen.parts))
        return tables if chosen.several else tables[0][0]

    return whole_table


def jvp(f, primals, tangents):
    chosen = Chosen(f, tuple(primals), range(len(primals)))
    out, [along] = quotients(chosen.flat, chosen.numbers, [leaves(entered(tuple(tangents)))])
    return out, like(out, along)


def vjp(f, *primals):
    chosen = Chosen(f, primals)
    out, found = chosen.slopes()

    def pullback(cotangent):
        weights = leaves(cotangent)
        return chosen.form([total([w * slope for w, slope in zip(weights, row, strict=True)]) for row in found])

    return out, pullback


def hvp(f, x, v):
    chosen = Chosen(f, (x,))

    def slopes(numbers):
        return [slope for slope, in quotients(chosen.flat, numbers, axes(len(numbers)))[1]]

    return chosen.form(quotients(slopes, chosen.numbers, [leaves(entered(v))])[1][0])


def derivative(f):
    return lambda x: jvp(f, (x,), (1.0,))[1]


# ---- ops ----------------------------------------------------------------------------------------


def total(xs):
    out = 0.0
    for x in xs:
        out = out + x
    return out


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
ag = SimpleNamespace(**OPS, grad=grad, value_and_grad=value_and_grad, jacobian=jacobian, hessian=hessian, jvp=jvp,
                     vjp=vjp, hvp=hvp, derivative=derivative)
for _name in ("exp", "sin", "cos", "tanh", "sqrt", "log", "maximum"):      # NumPy calls these on an array's elements
    setattr(Exact, _name, OPS[_name])
