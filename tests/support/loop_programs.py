"""Random functions with loops, each of which runs with the loops of this project, or with Python's own."""

import math

import autograd as ag

UNARY = [lambda x: ag.sin(x), lambda x: ag.tanh(x), lambda x: x * 0.7, lambda x: x**2 * 0.3, lambda x: -x,
         lambda x: ag.exp(-abs(x)), lambda x: ag.sqrt(abs(x) + 0.1), lambda x: ag.relu(x - 0.2),
         lambda x: 1 / (1 + x * x)]
BINARY = [lambda x, y: x + y, lambda x, y: x - y, lambda x, y: x * y, lambda x, y: x / (2.5 + ag.sin(y)),
          lambda x, y: ag.where(ag.greater(x, y), x * 1.5, y - 0.3),
          lambda x, y: ag.maximum(x, y) * 0.9, lambda x, y: ag.atan2(x, 1.5 + y * y)]


class PlainLoops:
    """The loops as Python runs them."""

    @staticmethod
    def fori_loop(lower, upper, body, init, checkpoint="all"):
        for i in range(lower, upper):
            init = body(i, init)
        return init

    @staticmethod
    def while_loop(condition, body, init, checkpoint="all"):
        while condition(init):
            init = body(init)
        return init

    @staticmethod
    def scan(f, init, xs, checkpoint="all"):
        ys = []
        for x in xs:
            init, y = f(init, x)
            ys.append(y)
        return init, ys


def expression(random, depth=2):
    """A function of a list of numbers, always with an op at its end."""
    if depth == 0 or random.random() < 0.2:
        which, f = random.randrange(100), random.choice(UNARY)
        return lambda xs: f(xs[which % len(xs)])
    if random.random() < 0.5:
        f, inner = random.choice(UNARY), expression(random, depth - 1)
        return lambda xs: f(inner(xs))
    f, left, right = random.choice(BINARY), expression(random, depth - 1), expression(random, depth - 1)
    return lambda xs: f(left(xs), right(xs))


def block(random, width, depth):
    """A function of the loops, and of numbers, that gives ``width`` numbers."""
    parts = [expression(random) for _ in range(width)]
    others = [expression(random) for _ in range(width)] if random.random() < 0.6 else None
    test, level = expression(random), random.uniform(-0.5, 1.0)
    inner = loop(random, depth - 1) if depth and random.random() < 0.5 else None

    def run(loops, xs):
        if others and test(xs) > level:
            return [part(xs) for part in others]
        if inner:
            xs = [*xs, *inner(loops, xs)]
        return [part(xs) for part in parts]

    return run


def loop(random, depth):
    """A function of the loops, and of numbers, that gives the numbers of a loop."""
    width, count, kind = random.randint(1, 3), random.randint(0, 6), random.choice(["fori", "while", "scan"])
    # a carry may begin with a number that the body captures and that is used again; a while then has an iteration
    shared = [random.randrange(100) if random.random() < 0.4 and (kind != "while" or count) else None
              for _ in range(width)]
    first = [expression(random, 1) if which is None else (lambda xs, which=which: xs[which % len(xs)])
             for which in shared]
    body, result, some = block(random, width, depth), expression(random, 1), random.uniform(-1, 1)

    def run(loops, xs):
        init = [part(xs) for part in first]
        if kind == "fori":
            return loops.fori_loop(0, count, lambda i, c: body(loops, [*c, *xs, 0.1 * i]), init)
        if kind == "while":
            found = loops.while_loop(lambda c: c[0] < count and abs(c[1]) < 50.0,
                                     lambda c: [c[0] + 1, *body(loops, [*c[1:], *xs])], [0.0, *init])
            return found[1:]
        items = [x * 1.1 for x in xs] + [some] * count
        last, ys = loops.scan(lambda c, x: ((new := body(loops, [*c, x, *xs])), result([*new, x])), init, items)
        return [*last, sum(y * y for y in ys)]

    return run


def function(random, loops, depth=1):
    """A function of three numbers: the same for equal states of ``random``."""
    parts = [loop(random, depth) for _ in range(random.randint(1, 2))]
    last = expression(random)

    def run(p):
        found = [x * 1.5 for x in p]
        for part in parts:
            found = [*found, *[ag.tanh(x) for x in part(loops, found)]]
        return sum(x * w for x, w in zip(found, (0.3, -0.7, 1.1, 0.9, -0.4, 0.6, 1.3, -1.2, 0.8, 0.2), strict=False)) \
            + last(found)

    return run


def bits(x):
    """The numbers of a result, as text with all bits; one nan is as good as another."""
    if isinstance(x, (list, tuple)):
        return [bits(part) for part in x]
    return "nan" if math.isnan(x) else float(x).hex()
