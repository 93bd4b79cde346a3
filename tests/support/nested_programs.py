"""Random programs that take derivatives inside derivatives, as Python source, compiled and eager."""

import math

import autograd as ag
from autograd import Value, jit, primitive
from tests.support.bit_identity import same
from tests.support.straight_programs import EDGES

NUMBERS = ("0.1", "0.3", "-0.7", "1.0", "2.0", "0.0", "3")
UNARY = ("-{}", "+{}", "abs({})", "ag.tanh({})", "ag.relu({})", "ag.sin({})", "ag.exp({} * 0.3)", "ag.sqrt({})",
         "ag.sigmoid({})", "ag.square({})", "ag.log({})", "ag.stop_gradient({}) * 0.5", "ag.leaky_relu({})",
         "ag.elu({})", "ag.gelu({})", "ag.reciprocal({})", "ag.pow({}, 3.0)", "ag.pow({}, 2.0)", "ag.cbrt({})",
         "ag.atan({})", "ag.copysign({}, -1.0)", "ag.softplus({})", "ag.exp2({})", "bend({})")
BINARY = ("{} + {}", "{} - {}", "{} * {}", "{} * {}", "{} * {} + {} * {}", "ag.div({}, {})", "ag.maximum({}, {})",
          "ag.minimum({}, {})", "ag.where(ag.greater({}, {}), {}, {})", "ag.sum([{}, {}, {}])", "ag.prod([{}, {}, {}])",
          "ag.dot([{}, {}], [{}, {}])", "ag.mean([{}, {}])", "ag.pow({}, {})", "ag.pow(abs({}), {})",
          "ag.hypot({}, {})", "ag.atan2({}, {})", "ag.clip({}, {}, {})", "ag.logsumexp([{}, {}])",
          "ag.logaddexp({}, {})", "ag.mod({}, {})", "ag.copysign({}, {})", "blend({}, {})")
BRANCH = "({x} * 2.0 if {x} > {y} else {x} * {z})"
# ops of the user's own, whose formulas are called as they are: these share a number, choose, and pass nothing
bend = primitive("bend_", lambda x: ag.tanh(x) * x, lambda x, out: _bend_x(x), composite=True)
blend = primitive("blend_", lambda x, y: ag.maximum(x, 0.0) * ag.sin(y),
                  lambda x, y, out: ag.where(ag.greater(x, 0.0), ag.sin(y), ag.nothing),
                  lambda x, y, out: _blend_y(x, y), composite=True)
del ag.TABLE["bend_"], ag.TABLE["blend_"]       # the suite loops over the table


def _bend_x(x):
    slope = ag.sigmoid(x)
    return x * 4.0 * ag.where(ag.greater(slope, 0.5), slope * x, x) * slope + ag.tanh(x) * x


def _blend_y(x, y):
    kept, turned = ag.maximum(x, 0.0), ag.cos(y)
    return turned * kept * ag.where(ag.greater(x, 1.0), kept, x * kept)


# of a function g of one number, of a function h of a list of two: numbers, under names
INSIDE = {
    "g": ("{n} = grad(g)({x})", "{n}, {m} = value_and_grad(g)({x})", "{n} = hessian(g)({x})",
          "{n} = grad(grad(g))({x})", "{n} = derivative(g)({x})", "{n} = derivative(grad(g))({x})",
          "{n} = grad(derivative(g))({x})", "{n}, {m} = jvp(g, ({x},), (1.0 + ag.square({y}),))",
          "{n} = jacobian(g)({x})", "{n} = jacobian(grad(g))({x})", "{n}, back = vjp(g, {x}); {m} = back({y})",
          "{n}, {m} = value_and_grad(grad(g))({x})", "{n} = jvp(grad(g), ({x},), (-0.5,))[1]",
          "{n} = vjp(grad(g), {x})[1]({y})", "{n} = g({x})"),
    "h": ("{n}, {m} = grad(h)([{x}, {y}])", "{n}, {m} = hessian(h)([{x}, {y}])[1]",
          "{n}, {m} = hvp(h, [{x}, {y}], [{z}, {x}])", "{n}, {m} = hvp(h, [{x}, {y}], [1.0, 0.0])",
          "{n}, {m} = value_and_grad(h)([{x}, {y}])[1]", "{n} = jvp(h, ([{x}, {y}],), ([2.0, 1.0],))[1]",
          "{n}, {m} = vjp(h, [{x}, {y}])[1]({z})", "{n}, {m} = jacobian(grad(h))([{x}, {y}])[0]",
          "{n}, {m} = jacobian(lambda p: [h(p), p[0] * {z}])([{x}, {y}])[0]",
          "{n}, {m} = jacobian(lambda p: [p[1], h(p), p[0] * {z}])([{x}, {y}])[1]",
          "{n}, {m} = jacobian(lambda p: [*grad(h)(p), h(p)])([{x}, {y}])[0]"),
    "k": ("{n}, {m} = value_and_grad(k, wrt=[u, w])()[1]", "{n}, [{m}] = value_and_grad(k, wrt=[w])()"),
}
# what is done to the whole, a function of two numbers
OUTSIDE = {
    "f": lambda f: f, "grad": ag.grad, "grad by one": lambda f: ag.grad(f, argnums=0),
    "value_and_grad": ag.value_and_grad, "hessian": ag.hessian,
    "grad grad": lambda f: ag.grad(ag.grad(f, argnums=0), argnums=1),
    "jacobian grad": lambda f: ag.jacobian(ag.grad(f)),
    "grad inside": lambda f: lambda x, y: ag.grad(f)(x, y),
    "hessian inside": lambda f: lambda x, y: ag.hessian(f)(x, y),
    "derivative": lambda f: lambda x, y: ag.derivative(lambda z: f(z, y))(x),
    "jvp": lambda f: lambda x, y: ag.jvp(f, (x, y), (0.5, 1.0 + ag.square(x))),
    "vjp": lambda f: lambda x, y: ag.vjp(f, x, y)[1](y),
    "hvp": lambda f: lambda x, y: ag.hvp(lambda p: f(*p), [x, y], [y, 1.0]),
    "grad derivative": lambda f: ag.grad(lambda x, y: ag.derivative(lambda z: f(z, y))(x)),
}


class Writer:
    """A function of two numbers, from the choices of ``rng``; ``size``: of how many statements, about."""

    def __init__(self, rng, size, depth):
        self.rng, self.size, self.most = rng, size, depth
        self.lines, self.count = [], 0

    def pick(self, names):
        return self.rng.choice(names[-5:] if self.rng.random() < 0.6 else names) if self.rng.random() < 0.9 \
            else self.rng.choice(NUMBERS)

    def expression(self, names):
        if self.rng.random() < 0.04:
            return BRANCH.format(x=self.rng.choice(names), y=self.rng.choice(NUMBERS), z=self.pick(names))
        template = self.rng.choice(UNARY if self.rng.random() < 0.35 else BINARY)
        return template.format(*(self.pick(names) for _ in range(template.count("{}"))))

    def name(self):
        self.count += 1
        return f"v{self.count}"

    def body(self, names, indent, depth):
        """Statements and what is returned."""
        names = list(names)
        for _ in range(self.rng.randint(1, self.size)):
            if depth and self.rng.random() < 0.4:
                names += self.inside(names, indent, depth - 1)
            else:
                name = self.name()
                self.lines.append(f"{indent}{name} = {self.expression(names)}")
                names.append(name)
        self.lines.append(f"{indent}return {self.expression(names)}")

    def inside(self, names, indent, depth):
        """A function that sees all names, and derivatives of it."""
        kind = self.rng.choice("ggghhk")
        given = {"g": ["z"], "h": ["q"], "k": []}[kind]
        fresh = [f"{x}{self.count}" for x in given]
        self.lines.append(f"{indent}def {kind}({', '.join(fresh)}):")
        own = [f"{fresh[0]}[0]", f"{fresh[0]}[1]"] if kind == "h" else fresh
        self.body([*names, *own, *own], indent + "    ", depth)
        n, m = self.name(), self.name()
        text = self.rng.choice(INSIDE[kind]).format(n=n, m=m, x=self.pick(names), y=self.pick(names),
                                                    z=self.pick(names))
        self.lines.append(indent + text)
        return [n, m] if m in text else [n]

    def source(self):
        self.body(["x", "y", "w", "u"], "    ", self.most)
        return "\n".join(["def f(x, y):", *self.lines, ""])


def compiled(text, u, w):
    """The function of this source; ``u``, ``w``: the Values that it captures."""
    space = {**vars(ag), "ag": ag, "bend": bend, "blend": blend, "u": u, "w": w}
    exec(text, space)
    return space["f"]


def number(rng):
    kind = rng.random()
    return rng.gauss(0.0, 1.5) if kind < 0.7 else rng.choice((0.0, -0.0, 1.0, -1.0, 0.5, 2.0, 3.0)) if kind < 0.9 \
        else rng.choice((math.nan, math.inf, -math.inf)) if kind < 0.96 else rng.choice(EDGES)


def plain(x):
    """A result with the number in place of each Value."""
    if isinstance(x, (list, tuple)):
        return type(x)(map(plain, x))
    return float(x.data if isinstance(x, Value) else x)


def outcome(call, *args):
    try:
        return plain(call(*args))
    except Exception as error:
        return type(error).__name__, str(error)


def difference(text, outside, points, backend):
    """Where a compiled function is not eager to the bit: the point, eager's result and the compiled one."""
    u, w = Value(0.75, label="u"), Value(-0.5, label="w")
    f = OUTSIDE[outside](compiled(text, u, w))
    fast = jit(f, backend=backend)
    for x, y, a, b in points:
        u.data, w.data = a, b
        right, found = outcome(f, x, y), outcome(fast, x, y)
        if not same(right, found):
            return (x, y, a, b), right, found
    return None


def case(rng, size=3, depth=2):
    """A source, what is done to it, and points."""
    text = Writer(rng, size, depth).source()
    points = [tuple(number(rng) for _ in range(4)) for _ in range(3)]
    return text, rng.choice(list(OUTSIDE)), points


def shrunk(text, outside, points, backend):
    """The same difference with fewer lines."""
    lines, i = text.splitlines(), 1
    while i < len(lines):
        fewer = [*lines[:i], *lines[i + 1:]]
        try:
            found = difference("\n".join(fewer), outside, points, backend)
        except Exception:
            found = None
        if found and not isinstance(found[1][0] if isinstance(found[1], tuple) else 0.0, str):
            lines, i = fewer, 1
        else:
            i += 1
    return "\n".join(lines)
