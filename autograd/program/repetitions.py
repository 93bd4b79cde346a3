"""Where a Program's instructions repeat themselves: runs of the same ops in the same order, at equal distances.

Each instruction is a character, so that strings of Python, compared in C, find the periods.
"""

from collections.abc import Sequence
from typing import NamedTuple

from autograd.program.nested import item
from autograd.program.program import Instruction

LEAST = 24                      # iterations, from which a Loop is worth its code
STEP = 32                       # between the places where a run is looked for
PROBES = 8, 64, 512, 4096       # lengths of text that have to come again: a body may repeat itself inside
LONGEST = 20_000                # instructions in an iteration
# characters: of instructions that are like no other within an iteration, and one of each kind of all others
OWN, KINDS = [*map(chr, range(0x10000, 0x10000 + 2 * LONGEST))], range(0x10000 + 2 * LONGEST, 0x110000)


class Run(NamedTuple):
    """Instructions ``start`` to ``stop``, which are the same ops as those ``period`` later or earlier."""

    start: int
    stop: int
    period: int


def spelled(instructions: Sequence[Instruction]) -> str:
    """A character for each instruction: its op, and how many operands it has."""
    codes: dict[object, str] = {}
    found: list[str] = []
    for op, args in instructions:
        key = op if op.arity is not None else None if op.nested or op is item else (op, len(args))
        code = codes.get(key)
        if code is None:        # loops, and what is read of them, are no part of others
            code = OWN[len(found) % len(OWN)] if key is None or len(codes) == len(KINDS) else \
                codes.setdefault(key, chr(KINDS[len(codes)]))
        found.append(code)
    return "".join(found)


def next_run(text: str, start: int = 0) -> Run | None:
    """The first run in the text from ``start`` on."""
    for place in range(start, len(text), STEP):
        found = _run(text, place, start)
        if found:
            return found
    return None


def _run(text: str, place: int, start: int) -> Run | None:
    """The longest run around a place; none of less than LEAST iterations."""
    best = None
    for length in PROBES:
        if place + 2 * length > len(text) and best:
            break
        probe = text[place:place + length]
        other = text.find(probe, place + 1, place + LONGEST + len(probe))
        if other < 0:
            break
        period = other - place
        if best and best.period == period:
            continue
        run = Run(place - _same_before(text, place, other, start), other + _same_after(text, place, other), period)
        if run.stop - run.start >= LEAST * period and (best is None or run.stop - run.start > best.stop - best.start):
            best = run
    return best


def _same_after(text: str, a: int, b: int) -> int:
    """How many characters from ``a`` and from ``b`` > ``a`` on are the same."""
    known, step = 0, 64
    while step:
        if b + known + step <= len(text) and text[a + known:a + known + step] == text[b + known:b + known + step]:
            known += step
            step *= 2
        else:
            step //= 2
    return known


def _same_before(text: str, a: int, b: int, start: int) -> int:
    """How many characters before ``a`` and before ``b`` > ``a`` are the same, from ``start`` on."""
    known, step = 0, 64
    while step:
        if a - known - step >= start and text[a - known - step:a - known] == text[b - known - step:b - known]:
            known += step
            step *= 2
        else:
            step //= 2
    return known
