"""Measures every op against mpmath and writes tests/accuracy.md: `python tests/tools/accuracy.py --jobs 2`.

--points: how many points per op (100,000); --jobs: how many processes (1); --only: these ops, printed, not written.
mpmath is faster where gmpy2 is installed.
"""

import argparse
import platform
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS.parent))

from autograd.lower.llvm.processor import widest  # noqa: E402
from autograd.ops.primitives import TABLE  # noqa: E402
from tests.support import accuracy_table  # noqa: E402
from tests.support.error_bounds import BEYOND, NARY_ULPS, SECOND_ULPS, TERMS, ULPS  # noqa: E402
from tests.support.fast_errors import Worst, worst, worst_of_lists  # noqa: E402

HEAD = """# Accuracy

`python tests/tools/accuracy.py --points {points}` measured this: per op, for the value and each first and second
derivative, the largest error in ulps against mpmath (300 bits) over as many points and the worst ones known before, the
bound that the suite holds it to, and where it occurs. Python {python}, {system}.

Beside it stands the same of code made with `fast=True`, for values and first derivatives: of `vmap` (a vector of
{width} rows, libmvec's functions) and of `jit`. The suite holds these to {beyond} ulps beyond the default's.

The points cover the whole range of floats (`tests/support/sample_points.py`): log-uniform, subnormals, the op's domain,
beside 1, and one to three steps beside kinks, ties, whole numbers, the ends of the range and the op's own thresholds.
Left out are exact results that are subnormal (there an answer must be at most the smallest normal number) or beyond the
range (there it must be infinite); second derivatives also where the value is beyond it, or the slope they come from is
beyond it or subnormal, and, for ops of several arguments, where an argument is subnormal (of div and atan2 slopes,
too): their digits, or the chain to them, are lost on the way. An asterisk: terms cancel near a zero, and the error is
in ulps of the largest of them. Second derivatives are those of `grad` of `grad`, the worse of by x, y and by y, x.

| op | what | worst, ulps | bound | fast vmap | fast jit | where |
|---|---|---|---|---|---|---|
"""
NARY_HEAD = """
## Any number of arguments

The error is in ulps of what a sum is made of before anything cancels, its condition: of the sum of the magnitudes for
sum, mean and dot, of 1 plus the largest magnitude for logsumexp, and for its slopes of e^(x - top) (1 + top - x), since
e^d inherits the rounding of d. Lists of 1 to 16 numbers, log-uniform, some nearly cancelling; {points:,} lists per op.

| op | what | worst, ulps | bound | fast vmap | fast jit | where |
|---|---|---|---|---|---|---|
"""
REASONS = """
## What misses its goal, and what is left as it is

{missed}
- cbrt is the C library's, 3 to 4 ulps in glibc; its slope 1 / (3 y^2) doubles that, its second derivative takes five
  times as much. A step of Newton's would mend it, and give other values than everyone else's cbrt.
- logaddexp near its zero (e^x + e^y = 1): a difference of two numbers of the size of max(x, y), hence the asterisk.
  Where max(x, y) is nearly 0, its value inherits the rounding of x - y, up to |x - y| / 2 ulps for |x - y| < 37.
- gauss with another k than a power of two: k x^2 is rounded once more than can be taken back, |k x^2| ulps.
- logsumexp's slopes: in the tails the rounding of x - top is not taken back, as logaddexp does, to keep softmax fast.
- div by y where x is subnormal: -(out / y) has the digits of out only, and the hot op is not slowed for it. atan2's
  slopes where an argument is subnormal; its second derivatives where both arguments are below 1e-154, where 0 times an
  overflow gives nan.
- ndtri's slope at subnormal p, from 1.8e-310 on, where it is not infinite: the distribution function that checks the
  value is subnormal there and has few digits (171 ulps were seen at 1.81e-310, in fast code, too; 32 at 8e-310). So
  have gamma's slopes below -170, whose value may be subnormal, and silu's second derivative beyond 708, through e^-x.
- pow by x and y beyond x = 4e307: the chain goes through 1 / x, which is subnormal there (46 ulps were seen).
- Second derivatives where the chain passes a subnormal number (gelu, silu, gauss, erf between e^-708 and e^-745, div by
  a subnormal; silu at 714.6: 32 ulps): reverse accumulation multiplies slopes that have a few digits only.
"""


def measure(points: int, known: dict[str, list[tuple[float, ...]]], name: str) -> Worst:
    """The worst of each part of one op; of an n-ary op its value and its slopes. known: points where it was before."""
    op = TABLE[name]
    return worst_of_lists(op, points) if op.arity is None else worst(op, points, known=known.get(name, ()))


def what(part: tuple[int, ...], arity: int | None) -> str:
    """The name of a part: value, d/dx, d2/dxdy."""
    if not part:
        return "value"
    by = "".join(f"d{'xyz'[i]}" for i in part)
    return "slopes" if arity is None else f"d2/{by}" if len(part) == 2 else f"d/{by}"


def rows(name: str, found: Worst) -> tuple[list[str], list[str]]:
    """An op's lines of the table, one for each part that is not exact, and the misses among them."""
    op, lines, missed = TABLE[name], [], []
    bounds = NARY_ULPS[name] if op.arity is None else [*ULPS[name], *SECOND_ULPS[name]]
    for bound, (part, ((ulps, args), *fast)) in zip(bounds, found.items(), strict=True):
        star = "*" * ((name, part) in TERMS)
        if ulps > bound:
            missed.append(f"- {name}, {what(part, op.arity)}: {ulps:.3g} ulps at {args}, bound {bound:g}.")
        for mode, (more, at) in zip(("vmap", "jit"), fast, strict=False):
            if more > ulps + BEYOND:
                missed.append(f"- {name}, {what(part, op.arity)}: {more:.3g} ulps at {at} in fast {mode}.")
        if bound or ulps or any(more for more, _ in fast):
            place = "" if args is None else f"{len(args)} numbers" if op.arity is None else ", ".join(map(repr, args))
            figures = [f"{more:.2f}" for more, _ in fast] or ["", ""]
            lines.append(f"| {name} | {what(part, op.arity)}{star} | {ulps:.2f} | {bound:g} | {' | '.join(figures)} | "
                         f"{place} |")
    return lines or [f"| {name} | everything | 0 | 0 | 0 | 0 | |"], missed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=100_000)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--only", nargs="*", default=[], choices=list(TABLE), metavar="op")
    options = parser.parse_args()
    names = options.only or list(TABLE)
    known: dict[str, list[tuple[float, ...]]] = {}
    for (name, _), row in accuracy_table.read().items():
        known.setdefault(name, []).extend([row.place] if row.place else [])
    with ProcessPoolExecutor(options.jobs) as pool:
        results = zip(names, pool.map(partial(measure, options.points, known), names), strict=True)
        tables: dict[bool, list[str]] = {False: [], True: []}
        missed = []
        for name, found in results:
            lines, misses = rows(name, found)
            print("\n".join([*lines, *misses]), flush=True)
            tables[TABLE[name].arity is None] += lines
            missed += misses
    if not options.only:
        system = f"{platform.system()}, {platform.machine()}"
        head = HEAD.format(points=options.points, python=platform.python_version(), system=system,
                           width=widest(), beyond=BEYOND)
        end = REASONS.format(missed="\n".join(missed) or "- No bound is missed.")
        text = head + "\n".join(tables[False]) + "\n" + NARY_HEAD.format(points=options.points)
        (TESTS / "accuracy.md").write_text(text + "\n".join(tables[True]) + "\n" + end)


if __name__ == "__main__":
    main()
