"""A program eagerly against compiled, to the bit, and against mpmath, within what rounding may cost."""

from dataclasses import dataclass

from mpmath import mp, mpf

import autograd as ag
from autograd import Value
from tests.support.bit_identity import same
from tests.support.random_programs.exact import TRIAL, Exact, Run
from tests.support.random_programs.trees import entered, leaves

UNIT = mpf(2)**-53
ALLOWED = 1000      # errors as large as the largest of a few trials', in units of the last place
NOISE = mpf(10)**-24        # of difference quotients of difference quotients
SHARP = mpf(10)**-9     # a comparison counts if it would not let an error of this relative size pass
TRIALS = 6


@dataclass
class Found:
    """What was compared."""

    programs: int = 0
    calls: int = 0      # with the same bits, of each backend
    refused: int = 0    # of these, what both refuse
    exact: int = 0      # numbers compared with mpmath
    sharp: int = 0      # of these, where no relative error of 1e-9 could pass

    def __iadd__(self, other):
        for name, count in vars(other).items():
            setattr(self, name, getattr(self, name) + count)
        return self


class WrongError(AssertionError):
    """A program that is not what it should be: it prints itself."""

    def __init__(self, script, what, call, point, *got):
        self.what = what
        super().__init__(f"{what}: {script.calls[call]}({script.points[point]})\n"
                         + "".join(f"    {x}\n" for x in got) + f"\n{script}")


def as_floats(tree, plain=float):
    """Numbers instead of Values; ``plain``: what is made of a number that is no Value."""
    if isinstance(tree, (tuple, list)):
        return type(tree)(as_floats(item, plain) for item in tree)
    if hasattr(tree, "shape") and tree.shape:
        return tree if tree.dtype == float else as_floats(tree.tolist(), plain)
    return tree.data if isinstance(tree, Value) else plain(tree)


def each(kind, tree):
    """The same tree of floats, or of Values."""
    if isinstance(tree, (list, tuple)):
        return type(tree)(each(kind, item) for item in tree)
    if hasattr(tree, "shape"):
        out = tree.astype(object)
        out.flat = [kind(x) for x in tree.flat]
        return out if kind is Value else out.astype(float)
    return kind(tree)


def outcome(call, args, plain=float):
    """What a call gives, or what it raises."""
    try:
        return as_floats(call(*args), plain)
    except Exception as error:
        return type(error), str(error)


def failed(out):
    return type(out) is tuple and len(out) == 2 and isinstance(out[0], type)


def alike(got, right):
    """To the bit. Where Python's own numbers raise, in 1 / 0.0, compiled may have IEEE's value, as Values have."""
    return not failed(got) or got[0] is right[0] if failed(right) else same(got, right)


def reference(script, call, args):
    """What eager gives: on floats, and where Python's own arithmetic raises, or NumPy's is another, on Values."""
    out = outcome(call, each(float, args) if script.plain else args) if script.floats else None
    return outcome(call, each(Value, args)) if out is None or failed(out) else out


def check(script, backends):
    """Raise WrongError, or say how much was compared: with mpmath one call, or where bits may differ all."""
    found = Found(programs=1)
    spaces = {kind: script.run(kind) for kind in ("eager", *backends, "exact")}
    made = {kind: [eval(call, space) for call in script.calls] for kind, space in spaces.items()}
    for i, (number, point) in enumerate(script.order):
        if script.changes:
            for space in spaces.values():
                exec(script.changes[i % len(script.changes)], space)
        # what a transform made goes on, with its versions; a method is that of the class its object has now
        calls = {kind: made[kind][number] if "(" in script.calls[number] else eval(script.calls[number], space)
                 for kind, space in spaces.items()}
        right = reference(script, calls["eager"], script.arguments(point))
        if failed(right) and not issubclass(right[0], ArithmeticError):
            raise WrongError(script, "eager refuses", number, point, right)
        usual = right
        for kind in backends:
            got = outcome(calls[kind], script.arguments(point), lambda x: x)     # it is a float
            found.calls += 1
            found.refused += failed(got)
            if script.raises and failed(got) and issubclass(got[0], ag.AutogradError):
                continue
            if not alike(got, usual) and "**" in script.text:       # on floats Python's power is C's, also of x**3
                usual = outcome(calls["eager"], each(Value, script.arguments(point)))
            if not alike(got, usual) and (script.bits or failed(got)):
                raise WrongError(script, f"{kind} is not eager to the bit", number, point, usual, got)
            if not script.bits:
                right = got
        if not failed(right) and (not script.bits or (i < 4 and not found.exact)):
            compare(script, calls["exact"], number, point, right, found)
    return found


def compare(script, call, number, point, right, found):
    """Each number that a call gives with what mpmath gives; raises WrongError, else counts."""
    def evaluated(run):
        with run:
            args = [entered(arg) for arg in script.arguments(point)]
            return [x.x if x.__class__ is Exact else mpf(float(x)) for x in leaves(call(*args))]

    exact, got = Run(), leaves(right)
    try:
        truth = evaluated(exact)
    except ArithmeticError:     # of Python's own numbers: 1 / 0.0
        return
    if not exact.clear:
        return
    if len(got) != len(truth):
        raise WrongError(script, "another form than that of the arguments", number, point, right, truth)
    moved, tried = [mpf(0)] * len(truth), 0
    while tried < TRIALS:
        trial = Run(exact, f"{number} {point} {tried}")
        moved = [max(m, abs(x - t) / TRIAL) for m, x, t in zip(moved, evaluated(trial), truth, strict=True)]
        tried += 1
        if not trial.clear:
            return
        bounds = [ALLOWED * UNIT * m + NOISE * (1 + abs(t)) for m, t in zip(moved, truth, strict=True)]
        wrong = [i for i, (g, t, bound) in enumerate(zip(got, truth, bounds, strict=True))
                 if mp.isfinite(t) and mp.isfinite(bound) and not abs(mpf(g) - t) <= bound]
        if not wrong:
            break
    else:
        raise WrongError(script, f"number {wrong} is wrong", number, point,
                         [got[i] for i in wrong], [mp.nstr(truth[i], 20) for i in wrong],
                         f"allowed: {[mp.nstr(bounds[i], 3) for i in wrong]}")
    for t, bound in zip(truth, bounds, strict=True):
        if mp.isfinite(t) and mp.isfinite(bound):
            found.exact += 1
            found.sharp += bound <= SHARP * abs(t) or (t == 0 and bound <= SHARP)
