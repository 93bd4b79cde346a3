"""Derivatives by mpmath: central differences, and nothing else.

Nothing here is a formula for a derivative. A nested derivative is a difference quotient of difference quotients; of
the 90 digits each level costs 18, and leaves an error of 1e-36.
"""

from mpmath import mpf

from tests.support.random_programs.exact import Exact, Run, number, total
from tests.support.random_programs.trees import entered, leaves, like, parted, rebuilt, table

STEP = mpf(2)**-60


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
