"""Errors of an op's value, slopes and second derivatives against the oracle, in ulps."""

import math
from collections.abc import Callable, Sequence
from typing import Any

from mpmath import mp, mpf

from autograd import Value
from autograd.graph.backward import sweep
from tests.support.error_bounds import CONDITION, LEFT_OUT, TERMS
from tests.support.exact_second_slopes import SECOND, pairs
from tests.support.exact_slopes import EXACT, EXACT_NARY, exact
from tests.support.sample_points import HUGE, points, samples

TINY = 2.0**-1022


def parts(arity: int) -> list[tuple[int, ...]]:
    """What an op of so many arguments is measured on: () its value, (i,) a slope, (i, j) a second derivative."""
    return [(), *[(i,) for i in range(arity)], *pairs(arity)]


PARTS = {arity: parts(arity) for arity in (1, 2, 3, 4)}


def answers(op: Any, args: Sequence[float]) -> dict[tuple[int, ...], float | None]:
    """What the table gives on floats, and of second derivatives what `grad` of `grad` gives.

    A rule applied to Values gives a slope's graph, and the sweep of that a row of second derivatives.
    """
    out = op.value(*args)
    found: dict[tuple[int, ...], float | None] = {(): out}
    for i, slope in enumerate(op.float_partials):
        found[i,] = slope(*args, out)
    leaves = [Value(x) for x in args]
    node = op.function(*leaves)
    for i, rule in enumerate(op.partials):
        slope = rule(*leaves, node)
        sums = sweep(slope, 1.0)[1] if isinstance(slope, Value) else {}
        for j, leaf in enumerate(leaves):
            found[i, j] = sums.get(leaf, 0.0)
    return found


def error(name: str, part: tuple[int, ...], args: Sequence[Any], got: float | None, true: Any) -> float | None:
    """Ulps between ``got`` and the exact answer; None where that is not a normal number.

    Beyond the range ``got`` must be infinite (a second derivative may be nan: inf - inf on its way),
    below the range no larger than the smallest normal number.
    """
    got = 0.0 if got is None else got
    size = smaller = abs(float(true))
    if (name, part) in TERMS:
        size = max(size, abs(float(exact(TERMS[name, part], args))))
    if size == math.inf:
        infinite = math.isinf(got) and (got > 0) == (true > 0) if len(part) < 2 else not math.isfinite(got)
        return None if infinite or smaller < size or abs(got) > 0.999 * HUGE > 0.998 * abs(true) else math.inf
    if smaller < TINY and (true or (size < TINY and (name, part) in TERMS)):
        return None if abs(got) <= 1.001 * TINY else math.inf
    if size == 0.0:
        return 0.0 if got == 0.0 else math.inf
    if not math.isfinite(got):
        return math.inf
    return float(abs(true - got)) / math.ulp(size)


def errors(op: Any, args: Sequence[float]) -> dict[tuple[int, ...], float]:
    """The error of each part at one point, where there is something to compare."""
    return compared(op, args, truths(op, args), answers(op, args))


def truths(op: Any, args: Sequence[float], second: bool = True) -> dict[tuple[int, ...], Any]:
    """The exact answer of each part at one point, where there is something to compare; second: also second derivatives.

    A second derivative is left out where the value or the slope it comes from overflows, or the slope is
    subnormal and so has few digits; of ops of several arguments also where one of those is subnormal.
    """
    numbers = [mpf(x) for x in args]
    true = {part: exact(formula, numbers) for part, formula in
            zip(PARTS[op.arity], [*EXACT[op.name], *(SECOND[op.name] if second else ())], strict=second)}
    found: dict[tuple[int, ...], Any] = {}
    if not mp.isfinite(true[()]):
        return found
    poor = op.arity > 1 and any(0.0 < abs(x) < TINY for x in args)
    for part, answer in true.items():
        if len(part) == 2 and (poor or abs(true[()]) > HUGE or not all(_full(true[i,]) for i in part)):
            continue
        if (op.name, part) in LEFT_OUT and LEFT_OUT[op.name, part](*args):
            continue
        if mp.isfinite(answer):
            found[part] = answer
    return found


def compared(op: Any, args: Sequence[float], true: dict[tuple[int, ...], Any],
             got: dict[tuple[int, ...], float | None]) -> dict[tuple[int, ...], float]:
    """The error of each part that was computed."""
    found: dict[tuple[int, ...], float] = {}
    numbers = [mpf(x) for x in args]
    for part, answer in true.items():
        for order in {part, part[::-1]} & got.keys():       # by x and y, and by y and x
            ulps = error(op.name, part, numbers, got[order], answer)
            if ulps is not None:
                found[part] = max(ulps, found.get(part, 0.0))
    return found


def _full(true: Any) -> bool:
    """Whether a slope is 0 or has all its digits."""
    size = abs(float(true))
    return TINY <= size <= HUGE or not true


def worst(op: Any, count: int, seed: int = 0) -> dict[tuple[int, ...], tuple[float, Any]]:
    """The largest error of each part over so many points, and the arguments where it occurs."""
    found: dict[tuple[int, ...], tuple[float, Any]] = dict.fromkeys(PARTS[op.arity], (0.0, None))
    for args in points(op.name, op.domain, count, seed):
        for part, ulps in errors(op, args).items():
            if ulps > found[part][0]:
                found[part] = ulps, args
    return found


def nary_answers(op: Any, xs: Sequence[float]) -> tuple[float, Sequence[float]]:
    """What the table gives on floats: the value and the slopes."""
    out = op.value(*xs)
    return out, op.nary_partials(xs, out)


def nary_worst(op: Any, count: int, seed: int = 0, given: Callable[[Any, Sequence[float]], Any] = nary_answers,
               ) -> tuple[tuple[float, Any], tuple[float, Any]]:
    """The largest error of an n-ary op's value and of its slopes, in ulps of their condition (see `bounds.py`)."""
    value, slopes = EXACT_NARY[op.name]
    size, slope_size = CONDITION[op.name]
    found = [(0.0, None), (0.0, None)]
    for xs in samples(op.name, count, seed):
        (out, partials), numbers = given(op, xs), [mpf(x) for x in xs]
        pairs_of = [[(out, value(numbers), size(numbers))],
                    zip(partials, slopes(numbers), slope_size(numbers), strict=True)]
        for kind, triples in enumerate(pairs_of):
            for got, true, scale in triples:
                if TINY <= abs(scale) <= HUGE and abs(true) >= TINY:
                    ulps = float(abs(mpf(got) - true) / math.ulp(float(scale))) if math.isfinite(got) else math.inf
                    if ulps > found[kind][0]:
                        found[kind] = ulps, tuple(xs)
    return found[0], found[1]
