"""Numbers of 90 digits, how far rounding may move them, and what was decided by them.

A program is evaluated once exactly and then a few times as a trial, in which each operand and each result of each
operation is off by random multiples of TRIAL, its value, its slope and its curvature each by one of their own, as they
are rounded apart. What a trial moves, over TRIAL, is how large an error grows that is made in floats: the condition,
of values and of derivatives alike. Decisions are made once, at the point itself: a derivative is that of the branch
taken there.
"""

from random import Random

from mpmath import mp, mpf

TRIAL = mpf(2)**-50
NAN = mp.nan
LARGEST, LEAST = mpf(10)**60, mpf(10)**-60
SURE = mpf(10)**-10     # a decision is clear if errors of so many times their usual size do not turn it
HAZE = mpf(10)**-25     # and if it is no leftover of a difference quotient


class Run:
    """One evaluation; ``trial``: the seed of its factors, with the decisions of the run ``exact``."""

    current = None

    def __init__(self, exact=None, trial=None):
        self.site = 0           # counts operations and decisions; a second evaluation goes back to the first one's
        self.displaced = 0      # how many difference quotients this is inside of
        self.clear = True       # whether floats must decide alike
        self.decisions = exact.decisions if exact else {}       # by site: the sign, and what it is the sign of
        self.seen, self.held = set(), {}
        self.rng, self.factors = Random(trial) if exact else None, {}

    def __enter__(self):
        Run.current = self
        return self

    def __exit__(self, *_):
        Run.current = None

    def off(self, place, x, straight):
        """An operand or a result of the operation here, a little off."""
        key = self.site, place
        if key not in self.factors:
            a, b, c = [TRIAL * self.rng.uniform(-1.0, 1.0) for _ in range(3)]
            self.factors[key] = (1 + a, 1 + b, c / (x or 1), x)
        a, b, c, start = self.factors[key]
        if straight or x == start:
            return x * a
        return start * a + (x - start) * (b + (x - start) * c)


def number(x):
    return x.x if x.__class__ is Exact else x if x.__class__ is mpf else mpf(float(x))


def apply(function, *args, straight=False):
    """``function`` of these numbers; nan where it has no finite real value. ``straight``: whose slopes are exact."""
    run = Run.current
    run.site += 1
    numbers = [number(x) for x in args]
    if run.rng:
        numbers = [run.off(i, x, straight) for i, x in enumerate(numbers)]
    try:
        out = function(*numbers)
    except (ZeroDivisionError, ValueError, OverflowError, TypeError):
        return Exact(NAN)
    if not isinstance(out, mpf) or not mp.isfinite(out):
        return Exact(NAN)
    if run.rng:
        out = run.off(-1, out, straight)
    return within(Exact(out))


def within(x):
    """``x``, which should not be so large or small that floats overflow in a derivative."""
    run = Run.current
    if not run.displaced and x.x and not LEAST < abs(x.x) < LARGEST:
        run.clear = False
    return x


def order(x, y):
    """The sign of x - y, as it is at the point itself."""
    run = Run.current
    run.site += 1
    x, y = number(x), number(y)
    gap = x - y
    if run.site not in run.decisions:
        run.decisions[run.site] = (gap > 0) - (gap < 0), gap
        if mp.isnan(gap) or 0 < abs(gap) < HAZE * (1 + abs(x) + abs(y)):
            run.clear = False
    elif not run.displaced and run.site not in run.seen:
        run.seen.add(run.site)
        there = run.decisions[run.site][1]
        moved = abs(gap - there) / TRIAL
        if not (moved == 0 or abs(there) > SURE * moved):
            run.clear = False
    return run.decisions[run.site][0]


def held(x, function=lambda x: x):
    """``function`` of the number at the point itself: a constant to every derivative."""
    run = Run.current
    run.site += 1
    if run.site not in run.held:
        run.held[run.site] = function(number(x)) if mp.isfinite(number(x)) else NAN
    return Exact(run.held[run.site])


def whole(function):
    """Rounding to a whole number; ``order`` says whether it is clear to which."""
    def rounded(x):
        order(x, mp.nint(2 * held(x).x) / 2)
        return held(x, function)

    return rounded


def root(x):
    """``x``, of which something is taken that has no slope at 0, or not all of its derivatives."""
    if order(x, 0) == 0:
        Run.current.clear = False
    return x


def power(x, y):
    if y.__class__ is Exact:
        # mpmath writes a whole exponent out, bit by bit, and exponents have no end there
        return apply(lambda x, y: x**y if x > 0 and abs(y) < 2**64 else NAN, root(x), y)
    n = int(y) if y == int(y) else None
    if n is None:
        return apply(lambda x: x**mpf(y) if x > 0 else NAN, root(x))
    return apply(lambda x: x**n, x if n >= 0 else root(x))


def divide(x, y):
    return apply(mpf.__truediv__, x, root(y))


def modulo(x, y):
    return x - y * whole(mp.floor)(divide(x, y))


class Exact:
    """A number of 90 digits with Python's operators and NumPy's method names."""

    __slots__ = ("x",)
    __hash__ = None

    def __init__(self, x):
        self.x = mpf(x)

    def _given(self, x):
        self.x = mpf(x)

    data = property(None, _given)

    def __repr__(self):
        return mp.nstr(self.x, 20)

    def __neg__(self):
        return Exact(-self.x)

    def __pos__(self):
        return self

    def __abs__(self):
        return choose(order(self, 0), self, Exact(-self.x), 0.0 * self)

    def __bool__(self):
        return order(self, 0) != 0


def _install(name, function):
    def forward(x, y):
        return NotImplemented if hasattr(y, "shape") and y.shape else function(x, y)    # an array takes it elementwise

    setattr(Exact, f"__{name}__", forward)
    setattr(Exact, f"__r{name}__", lambda x, y: function(y, x))


for _name, _plain in (("add", mpf.__add__), ("sub", mpf.__sub__), ("mul", mpf.__mul__)):
    _install(_name, lambda x, y, plain=_plain: apply(plain, x, y, straight=True))
_install("truediv", divide)
_install("pow", power)
_install("mod", modulo)
for _name, _holds in (("lt", (-1,)), ("le", (-1, 0)), ("gt", (1,)), ("ge", (0, 1)), ("eq", (0,)), ("ne", (-1, 1))):
    setattr(Exact, f"__{_name}__", lambda x, y, holds=_holds: order(x, y) in holds)


def choose(sign, more, fewer, same):
    return more if sign > 0 else fewer if sign < 0 else same


def total(xs):
    out = 0.0
    for x in xs:
        out = out + x
    return out
