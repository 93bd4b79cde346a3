"""Fast code in vectors: each op and its slopes within 4 ulps beyond the bound of exact code, and sums that repeat."""

import random
from math import isfinite, isinf

import pytest
from mpmath import mp, mpf

from autograd import TABLE
from autograd.lower.backend import compile_lanes
from autograd.lower.llvm.native_lanes import WIDTHS
from autograd.program.program import Instruction, Program
from tests.support.error_bounds import LEFT_OUT, ULPS
from tests.support.exact_slopes import EXACT, exact
from tests.support.lanes import run
from tests.support.lowered_programs import gradient
from tests.support.sample_points import points
from tests.support.ulp_errors import error

BEYOND = 4          # ulps
POINTS = 120
OPS = [TABLE[name] for name in ULPS if name in TABLE]
ADD, MUL, LOG, FMOD = (TABLE[name] for name in ("add", "mul", "log", "fmod"))


@pytest.mark.parametrize("op", OPS, ids=lambda op: op.name)
def test_ops_and_slopes_are_within_4_ulps_beyond_the_bound(op):
    middle = tuple((low + high) / 2.0 for low, high in op.domain)
    program = gradient(op.function, middle)
    lanes = compile_lanes(program, "llvm", shared=frozenset(), fast=True)
    table = [list(args) for args in points(op.name, op.domain, POINTS, 0)]
    parts = [(), *[(i,) for i in range(op.arity)]][:len(program.outputs)]
    found = run(lanes, table, outputs=len(program.outputs))
    for row, out, guard in zip(table, found.outputs, found.failed, strict=True):
        numbers = [mpf(x) for x in row]
        true = [exact(formula, numbers) for formula in EXACT[op.name]]
        if guard >= 0 or not mp.isfinite(true[0]):
            continue
        for part, got, answer, bound in zip(parts, out, true, ULPS[op.name], strict=True):
            left_out = (op.name, part) in LEFT_OUT and LEFT_OUT[op.name, part](*row)
            if mp.isfinite(answer) and not left_out:
                ulps = error(op.name, part, numbers, got, answer)
                assert ulps is None or ulps <= bound + BEYOND, (part, row, got, answer)


@pytest.mark.parametrize("width", WIDTHS)
def test_sums_repeat_whatever_the_memory_and_differ_from_exact_ones_by_rounding(width):
    program = Program("f", ("x", "w"), (Instruction(MUL, (0, 1)), Instruction(ADD, (2, 0.3))), (3, 2, 0))
    rng = random.Random(width)
    lanes = compile_lanes(program, "llvm", shared=frozenset({1}), summed=frozenset({0, 1}), width=width, fast=True)
    for count in (0, 1, 7, 8, 9, 67, 700):
        table = [[rng.gauss(0.0, 1.0), 1.7] for _ in range(count)]
        how = {"shared": (1,) if count else (), "summed": (0, 1), "outputs": 3, "sums": [2.0, -1.0]}
        found = run(lanes, table, **how)
        for steps in ((3,), (-1,)):
            assert run(lanes, table, steps=steps, **how).sums == found.sums
        assert run(lanes, table, order=range(count), **how).sums == found.sums
        assert [row[2] for row in found.outputs] == [row[0] for row in table]
        size = sum(abs(x) * 1.7 + 0.3 for x, _ in table) + 2.0
        assert abs(found.sums[0] - 2.0 - mp.fsum(mpf(x) * mpf(1.7) + mpf(0.3) for x, _ in table)) <= 1e-14 * size
        assert abs(found.sums[1] + 1.0 - mp.fsum(mpf(x) * mpf(1.7) for x, _ in table)) <= 1e-14 * size


def test_the_rows_that_fill_the_last_vector_add_nothing():
    program = Program("f", ("x",), (Instruction(LOG, (0,)),), (1,))
    lanes = compile_lanes(program, "llvm", shared=frozenset(), summed=frozenset({0}), fast=True)
    assert isinf(run(lanes, [[1.0]] * 8 + [[0.0]], summed=(0,), sums=[0.0]).sums[0])
    assert isfinite(run(lanes, [[2.0]] * 11, summed=(0,), sums=[0.0]).sums[0])
    assert str(run(lanes, [[1.0]] * 3, summed=(0,), sums=[-0.0]).sums) == "[0.0]"


def test_functions_that_have_no_vectors_are_said():
    program = Program("f", ("x", "y"), (Instruction(FMOD, (0, 1)), Instruction(LOG, (2,))), (3,))
    for fast in (False, True):
        lanes = compile_lanes(program, "llvm", shared=frozenset(), fast=fast)
        assert run(lanes, [[7.5, 2.0]] * 3).outputs == [[pytest.approx(0.4054651081081644, rel=1e-15)]] * 3
        assert ("fmod" in lanes.scalar_calls) is fast


def test_a_product_and_a_sum_are_fused():
    program = Program("f", ("x", "y"), (Instruction(MUL, (0, 0)), Instruction(ADD, (2, 1))), (3,))
    table = [[1.0 + 2.0**-30, -1.0 - 2.0**-29]] * 5
    found = [run(compile_lanes(program, "llvm", shared=frozenset(), fast=fast), table).outputs[0][0]
             for fast in (False, True)]
    assert found[0] == 0.0
    assert found[1] in (0.0, 2.0**-60)      # not every processor fuses
