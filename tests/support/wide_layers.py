"""A wide layer and its gradient as the Program of a row, and what many rows of it give, to the bit."""

from autograd import TABLE
from autograd.lower.backend import compile_lanes
from autograd.program.program import Instruction, Program
from tests.support.bit_identity import same
from tests.support.lanes import run, scalar

ADD, MUL, WHERE = (TABLE[name] for name in ("add", "mul", "where"))


def layer(inputs, outputs, zeros=(0.0,)):
    """Of x, a flag and weights: sums of products, and a multiple of each times each x; where the flag is set, if there
    are ``zeros``, which stand there else. The first and the last sum are outputs, too.
    """
    flag, weights = inputs, [inputs + 1 + i * inputs for i in range(outputs)]
    count = inputs + 1 + inputs * outputs
    made = []

    def put(op, *args):
        made.append(Instruction(op, args))
        return count + len(made) - 1

    sums = []
    for i, start in enumerate(weights):
        total = put(MUL, start, 0)
        for j in range(1, inputs):
            term = put(MUL, j, start + j) if i % 2 else put(MUL, start + j, j)
            total = put(ADD, term, total) if i % 3 else put(ADD, total, term)
        sums.append(total)
    slopes = [put(MUL, total, 0.5 + i) for i, total in enumerate(sums)]
    grads = [put(MUL, slope, x) if i % 2 else put(MUL, x, slope) for i, slope in enumerate(slopes)
             for x in range(inputs)]
    if zeros:
        grads = [put(WHERE, flag, x, zeros[i // inputs % len(zeros)]) for i, x in enumerate(grads)]
    names = tuple(f"i{i}" for i in range(count))
    return Program("layer", names, tuple(made), (sums[0], *grads, sums[-1])), frozenset(range(inputs + 1, count))


def table_of(rng, program, shared, rows):
    weights = [rng.gauss(0.0, 1.0) for _ in shared]
    own = len(program.inputs) - len(shared)
    return [[*(rng.choice((0.0, rng.gauss(0.0, 1.0))) for _ in range(own - 1)), float(rng.random() < 0.7), *weights]
            for _ in range(rows)]


def check(program, shared, table, *, width=None, orders=(None,), steps=(1,), start=-0.0):
    """The sums of all outputs but the last, which is written, and each row's outputs; after several orders of rows."""
    summed = range(len(program.outputs) - 1)
    lanes = compile_lanes(program, "llvm", shared=shared, summed=frozenset(summed), width=width)
    rows = scalar(program, table, "python")
    for order in orders:
        how = {"shared": shared, "outputs": len(program.outputs), "order": order, "steps": steps}
        found = run(lanes, table, summed=summed, sums=[start] * len(summed), **how)
        sums, ran = [start] * len(summed), rows if order is None else [rows[i] for i in order]
        for row in ran:
            sums = [total + row[place] for total, place in zip(sums, summed, strict=True)]
        assert same(found.sums, sums)
        assert same([row[-1] for row in found.outputs], [row[-1] for row in ran])
    each = run(lanes, table, **how).outputs
    assert all(same(row, list(out)) for row, out in zip(each, ran, strict=True))
