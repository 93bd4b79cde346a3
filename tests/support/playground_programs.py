"""Programs as people type them into the playground, made by a generator: inputs, a few lines, operators, functions."""

from random import Random

UNARY = ("tanh", "exp", "sin", "cos", "relu", "sigmoid", "softplus", "sqrt", "log", "atan", "abs", "square", "gelu")
BINARY = ("maximum", "minimum", "hypot", "atan2", "logaddexp")


def program(seed):
    """A program of 2 to 4 inputs and 2 to 7 lines, that ends with its result."""
    random = Random(seed)
    names = random.sample(["a", "b", "c", "w", "x", "y", "z"], random.randint(2, 4))
    lines = ["from autograd import *", ""]
    lines += [f"{name} = Value({random.choice([random.uniform(-2, 2), random.randint(1, 3), 0.5])!r}, label={name!r})"
              for name in names]
    for i in range(random.randint(2, 7)):
        lines.append(f"v{i} = {expression(random, names)}")
        names.append(f"v{i}")
    return "\n".join([*lines, f"result = {' + '.join(names[-2:])}", "result"])


def expression(random, names, depth=2):
    if depth == 0 or random.random() < 0.25:
        return random.choice(names)
    kind = random.random()
    left = expression(random, names, depth - 1)
    if kind < 0.55:
        right = random.choice([expression(random, names, depth - 1), "2", "0.5", "3"])
        return f"({left} {random.choice('+-**/')} {right})"
    if kind < 0.65:
        return f"({left}) ** {random.choice(['2', '3', '-1', '0.5'])}"
    if kind < 0.85:
        return f"{random.choice(UNARY)}({left})"
    if kind < 0.95:
        return f"{random.choice(BINARY)}({left}, {expression(random, names, depth - 1)})"
    return f"sum([{left}, {expression(random, names, depth - 1)}, {random.choice(names)}])"
