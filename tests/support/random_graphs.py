"""Random graphs of any size, and their adjoints edge by edge: lists and `math`, nothing of the engine.

A graph is a list of steps (op, operands as indexes of earlier steps, constant). Contributions are
added in the order the engine promises, newest consumer first and its operands from the left, so
where the partials agree to the last bit the adjoints do, too.
"""

import math
from random import Random

import autograd as ag
from autograd import Value

UNIT = 2.0**-53


def fold(terms):
    total = terms[0]
    for term in terms[1:]:
        total += term
    return total


def halves(xs):
    return xs[:len(xs) // 2], xs[len(xs) // 2:]


# op -> its value from a list of numbers and a constant, its partials likewise, and how to write it with Values
EXACT = {
    "add": (lambda x, c: x[0] + x[1], lambda x, c: (1.0, 1.0), lambda v, c: v[0] + v[1]),
    "sub": (lambda x, c: x[0] - x[1], lambda x, c: (1.0, -1.0), lambda v, c: v[0] - v[1]),
    "mul": (lambda x, c: x[0] * x[1], lambda x, c: (x[1], x[0]), lambda v, c: v[0] * v[1]),
    "scale": (lambda x, c: x[0] * c, lambda x, c: (c,), lambda v, c: v[0] * c),
    "scaled": (lambda x, c: c * x[0], lambda x, c: (c,), lambda v, c: c * v[0]),
    "shift": (lambda x, c: x[0] + c, lambda x, c: (1.0,), lambda v, c: v[0] + c),
    "from": (lambda x, c: c - x[0], lambda x, c: (-1.0,), lambda v, c: c - v[0]),
    "neg": (lambda x, c: -x[0], lambda x, c: (-1.0,), lambda v, c: -v[0]),
    "sin": (lambda x, c: math.sin(x[0]), lambda x, c: (math.cos(x[0]),), lambda v, c: ag.sin(v[0])),
    "exp": (lambda x, c: math.exp(x[0]), lambda x, c: (math.exp(x[0]),), lambda v, c: v[0].exp()),
    "sum": (lambda x, c: fold(x), lambda x, c: (1.0,) * len(x), lambda v, c: ag.sum(v)),
    "dot": (lambda x, c: fold([p * q for p, q in zip(*halves(x), strict=True)]),
            lambda x, c: (*halves(x)[1], *halves(x)[0]), lambda v, c: ag.dot(*halves(v))),
    "weigh": (lambda x, c: fold([c * p for p in x]), lambda x, c: (c,) * len(x), lambda v, c: ag.dot([c] * len(v), v)),
}
# partials that the table writes in another way than here: equal but for a few roundings, for |x| <= 1
NEAR = EXACT | {
    "tanh": (lambda x, c: math.tanh(x[0]), lambda x, c: (1.0 - math.tanh(x[0])**2,), lambda v, c: ag.tanh(v[0])),
    "over": (lambda x, c: x[0] / (2.0 + c), lambda x, c: (1.0 / (2.0 + c),), lambda v, c: v[0] / (2.0 + c)),
    "under": (lambda x, c: c / (2.0 + x[0]), lambda x, c: (-c / ((2.0 + x[0]) * (2.0 + x[0])),),
              lambda v, c: c / (2.0 + v[0])),
    "cos": (lambda x, c: math.cos(x[0]), lambda x, c: (-math.cos(x[0]) * math.tan(x[0]),), lambda v, c: ag.cos(v[0])),
}
TWO, MANY = ("add", "sub", "mul"), ("sum", "dot", "weigh")        # operands; the others have one
OFTEN = {"add": 4, "mul": 2, "scale": 2, "shift": 3, "from": 2, **dict.fromkeys(MANY, 0.3)}


def random_dag(seed, n, ops):
    """``n`` steps with values within [-1, 1], and the values; the last step takes a part of all of them."""
    rng = Random(seed)
    names, weights = list(ops), [OFTEN.get(op, 1) for op in ops]
    steps, values, shape = [], [], "leaves"

    def leaf():
        steps.append(("leaf", (), 0.0))
        values.append(rng.uniform(-1.0, 1.0))

    def operand():
        if shape == "deep":
            return rng.randrange(max(0, len(steps) - 3), len(steps))
        if shape == "skips":
            return len(steps) - 1 if rng.random() < 0.5 else rng.randrange(len(steps))
        return rng.randrange(10) if shape == "star" else rng.randrange(len(steps))

    for _ in range(10):
        leaf()
    while len(steps) < n - 1:
        if rng.random() < 0.001:
            shape = rng.choice(["deep"] * 3 + ["wide", "skips", "star"] * 2 + ["leaves"])
        if shape == "leaves" or rng.random() < 0.05:
            leaf()
            continue
        [op] = rng.choices(names, weights)
        count = 2 * rng.choice([1, 2, 3, 30]) if op in MANY else 2 if op in TWO else 1
        operands = tuple([operand() for _ in range(count)])
        if count == 2 and rng.random() < 0.1:
            operands = operands[:1] * 2         # x * x
        xs, c = [values[i] for i in operands], rng.uniform(-0.9, 0.9)
        value = ops[op][0](xs, c)
        if abs(value) <= 1.0:
            steps.append((op, operands, c))
            values.append(value)
    reached = tuple([rng.randrange(n - 1) for _ in range(n // 5)])
    steps.append(("sum", reached, 0.0))
    values.append(fold([values[i] for i in reached]))
    return steps, values


def adjoints(steps, values, ops, root=-1):
    """For each step the adjoint (None where nothing comes from ``root``) and how far rounding may have moved it.

    Each path is a product of factors that are off by a few roundings, and the paths are added up: with m
    roundings on the way the sum is off by at most m units of the sum of the paths' absolute values.
    """
    n = len(steps)
    root %= n
    total, size, roundings = [None] * n, [0.0] * n, [0] * n
    total[root] = size[root] = 1.0
    for i in range(root, -1, -1):
        op, operands, c = steps[i]
        if total[i] is None or op == "leaf":
            continue
        slopes = ops[op][1]([values[j] for j in operands], c)
        for j, slope in zip(operands, slopes, strict=True):
            part = total[i] * slope
            total[j] = part if total[j] is None else total[j] + part
            size[j] += size[i] * abs(slope)
            roundings[j] = max(roundings[j], roundings[i] + 10) + 1
    return total, [2 * UNIT * m * s for m, s in zip(roundings, size, strict=True)]


def build(steps, values, ops):
    """The same graph of the engine's Values."""
    nodes = []
    for (op, operands, c), value in zip(steps, values, strict=True):
        nodes.append(Value(value) if op == "leaf" else ops[op][2]([nodes[j] for j in operands], c))
    return nodes
