"""Programs with which lowerings are tested: every op of the table, random programs, and their points."""

import itertools
import math
import random
import struct

import autograd as ag
from autograd import TABLE, value_and_grad
from autograd.compiler.derivatives import trace_and_differentiate
from autograd.program.simplification import expand, simplify

GRID = (-math.inf, -1.7976931348623157e308, -1.0, -5e-324, -0.0, 0.0, 5e-324, 1.0, 1.7976931348623157e308, math.inf,
        math.nan)
MANY = 4        # operands of ops that take any number


def gradient(f, args):
    """The Program of the value and the first derivatives of ``f``, as a lowering gets it."""
    return simplify(expand(trace_and_differentiate(value_and_grad(f), args, {}).program))


def eager(f, args):
    """What the engine itself answers: the value and then the derivatives."""
    value, slopes = value_and_grad(f)(*args)
    return [value, *(slopes if isinstance(slopes, tuple) else (slopes,))]


def functions():
    """For each op its name, it as a function of numbers, and the middle of its domain."""
    for name, op in TABLE.items():
        middle = tuple((low + high) / 2.0 for low, high in op.domain)
        if name == "dot":
            yield name, lambda *x: ag.dot(x[:2], x[2:]), middle * MANY
        elif op.arity is None:
            yield name, lambda *x, f=op.function: f(x), middle * MANY
        else:
            yield name, op.function, middle


def points(name, arity, most=130, drawn=40):
    """Edges, all combinations or ``most`` of them, and numbers of the domain and far from it."""
    rng = random.Random(name)
    edges = list(itertools.product(GRID, repeat=arity)) if arity < 3 else \
        [tuple(rng.choice(GRID) for _ in range(arity)) for _ in range(most)]
    domain = TABLE[name].domain * (arity if TABLE[name].arity is None else 1)
    return edges + [tuple(rng.uniform(*interval) for interval in domain) for _ in range(drawn // 2)] + \
        [tuple(rng.gauss(0.0, 1.0) * 10.0**rng.uniform(-9.0, 3.0) for _ in range(arity)) for _ in range(drawn // 2)]


def same(got, want):
    """To the bit; one nan is like another."""
    return all((a == b and math.copysign(1.0, a) == math.copysign(1.0, b)) or (a != a and b != b)
               for a, b in zip(got, want, strict=True))


def ulps(a, b):
    """How many floats lie between them."""
    if a == b or (a != a and b != b):
        return 0
    if not (math.isfinite(a) and math.isfinite(b)):
        return math.inf
    i, j = struct.unpack("<qq", struct.pack("<dd", a, b))
    return abs((i if i >= 0 else -(i + 2**63)) - (j if j >= 0 else -(j + 2**63)))


def random_function(seed):
    """A function of some numbers over the whole table, with branches, and a point at which it is tame."""
    rng = random.Random(seed)
    base = tuple(rng.uniform(-2.0, 2.0) for _ in range(rng.randint(1, 4)))
    table, steps, known = list(TABLE.values()), [], list(base)

    def operand():
        return rng.randrange(len(known)) if rng.random() < 0.85 else rng.uniform(-3.0, 3.0)

    for _ in range(300):
        op = rng.choice(table) if rng.random() < 0.95 else None     # None: a branch
        arity = 2 if op is None else op.arity or 2 * rng.randint(1, 3)
        step = op, [operand() for _ in range(arity)]
        value = _step(known, *step)
        if 1e-3 < abs(value) < 1e3:
            steps.append(step)
            known.append(value)
        if len(steps) == 6:
            break

    def f(*inputs):
        found = list(inputs)
        for op, operands in steps:
            found.append(_step(found, op, operands))
        return ag.sum(found[-3:])

    return f, base


def _step(known, op, operands):
    xs = [known[x] if x.__class__ is int else x for x in operands]
    if op is None:
        return xs[0] * xs[1] if xs[0] > xs[1] else xs[0] - 2.0 * xs[1]
    if op.name == "dot":
        return ag.dot(xs[:len(xs) // 2], xs[len(xs) // 2:])
    return op.function(*xs) if op.arity else op.function(xs)


def around(seed, base):
    """Points near the base, far from it and at edges."""
    rng = random.Random(-seed)
    yield base
    yield tuple(x * (1.0 + 1e-3 * rng.random()) for x in base)
    yield tuple(x + rng.gauss(0.0, 1.0) for x in base)
    for _ in range(2):
        edge = list(base)
        edge[rng.randrange(len(base))] = rng.choice(GRID)
        yield tuple(edge)


def asks_nan_for_its_sign(program, point):
    """Whether a copysign there reads the sign of a nan, of which neither Python nor C says what it is."""
    registers = list(point)
    for op, args in expand(program).instructions:
        operands = [registers[x] if x.__class__ is int else x for x in args]
        if op.name == "copysign" and operands[1] != operands[1]:
            return True
        registers.append(op.value(*operands))
    return False


def reaches(program, point, bounds, seed):
    """How far each output moves where every op is off by as many units in the last place as ``bounds`` allows it."""
    rng = random.Random(seed)

    def run(shake):
        registers = list(point)
        for op, args in program.instructions:
            out = op.value(*[registers[x] if x.__class__ is int else x for x in args])
            registers.append(out * (1.0 + shake * rng.choice((-1, 1)) * bounds.get(op.name, 0)))
        return [registers[x] if x.__class__ is int else x for x in program.outputs]

    exact, shaken = run(0.0), [run(2.0**-52) for _ in range(6)]
    return [max(abs(other[j] - exact[j]) for other in shaken) for j in range(len(exact))]
