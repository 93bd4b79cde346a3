"""Errors of an op's value and slopes in fast code, that of rows (lanes) and that of one call (scalar), in ulps."""

from collections.abc import Sequence
from typing import Any

import autograd as ag
from autograd.lower.backend import compile_lanes, compile_program
from tests.support.lanes import run
from tests.support.lowered_programs import gradient
from tests.support.sample_points import points, samples
from tests.support.ulp_errors import PARTS, answers, compared, nary_worst, truths

MODES = "lanes", "scalar"
Worst = dict[tuple[int, ...], list[tuple[float, Any]]]      # by part: of default code, lanes and scalar code


def fast_answers(function: Any, middle: Sequence[float], table: Sequence[Sequence[float]]) -> list[list[Any]]:
    """Of each mode for each row the value and the slopes; None where a guard of the trace at ``middle`` fails."""
    program = gradient(function, middle)
    lanes = compile_lanes(program, "llvm", shared=frozenset(), fast=True)
    found = run(lanes, table, outputs=len(program.outputs))
    code = compile_program(program, "llvm", fast=True).run
    one_by_one = [code(list(row)) for row in table]
    return [[None if guard >= 0 else out for out, guard in zip(found.outputs, found.failed, strict=True)],
            [None if out.__class__ is int else list(out) for out in one_by_one]]


def worst(op: Any, count: int, seed: int = 0, known: Sequence[tuple[float, ...]] = (), alone: bool = False) -> Worst:
    """The largest error of each part over so many points and the ``known`` ones, and the arguments where it occurs.

    alone: of fast code alone, which has no second derivatives.
    """
    parts = [part for part in PARTS[op.arity] if len(part) < 2 or not alone]
    found: Worst = {part: [(0.0, None)] * (3 if len(part) < 2 else 1) for part in parts}
    table = [*known, *points(op.name, op.domain, count, seed)]
    middle = tuple((low + high) / 2.0 for low, high in op.domain)
    for args, *fast in zip(table, *fast_answers(op.function, middle, [list(args) for args in table]), strict=True):
        true = truths(op, args, second=not alone)
        given = [{} if alone else answers(op, args), *(dict(zip(parts, out or (), strict=False)) for out in fast)]
        for mode, got in enumerate(given):
            for part, ulps in compared(op, args, true, got).items():
                if ulps > found[part][mode][0]:
                    found[part][mode] = ulps, args
    return found


def worst_of_lists(op: Any, count: int, seed: int = 0) -> Worst:
    """The same of an n-ary op, whose parts are its value and its slopes."""
    by_length: dict[int, list[tuple[float, ...]]] = {}
    for xs in samples(op.name, count, seed):
        by_length.setdefault(len(xs), []).append(tuple(xs))
    known: list[dict[tuple[float, ...], Any]] = [{}, {}]
    for length, table in by_length.items():
        fast = fast_answers(function_of(op), [0.5 + i for i in range(length)], [list(xs) for xs in table])
        for mode, outs in enumerate(fast):
            known[mode].update((xs, (out[0], out[1:])) for xs, out in zip(table, outs, strict=True))
    given = [nary_worst(op, count, seed),
             *(nary_worst(op, count, seed, lambda op, xs, of=of: of[tuple(xs)]) for of in known)]
    return {part: [each[i] for each in given] for i, part in enumerate(((), (0,)))}


def function_of(op: Any) -> Any:
    """An n-ary op as a function of numbers."""
    if op.name == "dot":
        return lambda *xs: ag.dot(xs[:len(xs) // 2], xs[len(xs) // 2:])
    return lambda *xs: op.function(xs)
