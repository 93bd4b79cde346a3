"""Formulas read into functions give the same floats as calling them, and evaluate one arm of `where` only."""

import math
import subprocess
import sys
from contextlib import suppress
from typing import Any

import pytest

import autograd  # noqa: F401  (fills the table's readers)
from autograd.errors import TraceError
from autograd.ops.formulas import read as read_one
from autograd.ops.printer import CARRIERS, FLOATS, Printer
from autograd.ops.symbolic import Symbol, record
from autograd.ops.table import TABLE, add, div, exp, greater, log, mul, nothing, sqrt, where
from tests.support import sample_points as sampling
from tests.support.bit_identity import equal_or_nan

FIXED = [name for name, op in TABLE.items() if op.arity is not None]


def read(formula: Any, names: tuple[str, ...]) -> Any:
    on_floats, on_anything = (read_one(formula, names, on_floats=quick) for quick in (True, False))

    def both(*args: float) -> Any:
        out = on_floats(*args)
        with suppress(ZeroDivisionError):       # floats have Python's operators
            assert equal_or_nan(on_anything(*args), out)
        return out

    return both


@pytest.mark.parametrize("name", FIXED)
def test_read_formulas_give_the_floats_of_the_formulas(name: str) -> None:
    op = TABLE[name]
    for args in sampling.points(name, op.domain, 60, seed=2):
        out = op.value(*args)
        pairs = [(op.formula, op.value, args)] if op.composite else []
        pairs += [(partial, slope, (*args, out))
                  for partial, slope in zip(op.partial_formulas, op.float_partials, strict=True)]
        for formula, function, given in pairs:
            with suppress(ZeroDivisionError):
                plain = formula(*given)
                assert equal_or_nan(function(*given), None if plain is nothing else plain), args


def test_only_the_chosen_arm_is_computed() -> None:
    seen: list[float] = []

    def spy(x: float) -> float:
        seen.append(x)
        return x

    op = TABLE["exp"]
    before, op.value = op.value, spy
    try:
        f = read_one(lambda x: where(greater(x, 0.0), exp(x), 1.0), ("x",), on_floats=True)
        assert (f(2.0), f(-2.0), seen) == (2.0, 1.0, [2.0])
    finally:
        op.value = before


def test_what_an_arm_computes_is_not_used_after_it() -> None:
    def formula(x: Any) -> Any:
        root = sqrt(x)
        return add(where(greater(x, 4.0), root, 0.0), where(greater(x, 1.0), mul(root, 2.0), -1.0))

    f = read(formula, ("x",))
    assert [f(x) for x in (0.25, 2.25, 9.0)] == [-1.0, 3.0, 9.0]


def test_shared_subexpressions_are_written_once() -> None:
    def formula(x: Any) -> Any:
        e = exp(x)
        return mul(e, e)

    for written in (formula, lambda x: mul(exp(x), exp(x))):
        writer = Printer(FLOATS)
        writer.write(record(written, ("x",)))
        assert writer.lines == ["t1 = op_exp.value(x)", "t2 = t1 * t1"]
    writer = Printer(CARRIERS)      # two nodes of a graph, whose contributions are added in an order
    writer.write(record(lambda x: mul(exp(x), exp(x)), ("x",)))
    assert len(writer.lines) == 3


def test_nothing_becomes_none_and_nan_and_inf_are_literals() -> None:
    f = read(lambda x: where(greater(x, 0.0), 1.0, nothing), ("x",))
    assert (f(1.0), f(-1.0)) == (1.0, None)
    f = read(lambda x: where(greater(x, 0.0), math.inf, math.nan), ("x",))
    assert f(1.0) == math.inf
    assert math.isnan(f(-1.0))


def test_division_by_zero_is_ieee() -> None:
    f = read(lambda x, y: div(x, y) + 1.0, ("x", "y"))
    assert (f(1.0, 2.0), f(1.0, 0.0), f(-1.0, 0.0)) == (1.5, math.inf, -math.inf)
    assert math.isnan(f(0.0, 0.0))


@pytest.mark.parametrize("formula", [lambda x: log(x) if x > 1.0 else nothing,
                                     lambda x: math.log(x) if x > 1 else nothing])
def test_a_formula_that_cannot_be_read_is_called(formula: Any) -> None:
    f = read(formula, ("x",))
    assert (f(math.e), f(0.5)) == (1.0, None)


def test_a_symbol_has_no_truth() -> None:
    with pytest.raises(TraceError, match="a formula selects with where"):
        bool(Symbol("x"))


def test_each_formula_is_read_once_also_those_inside_others() -> None:
    code = ("import autograd, autograd.ops.formulas as f, gc; n = 0; compile = f._compile\n"
            "def counted(*a, **k):\n global n; n += 1; return compile(*a, **k)\n"
            "f._compile = counted\n"
            "for name, op in autograd.TABLE.items():\n"
            " if op.arity:\n"
            "  args = [autograd.Value(sum(d) / 2 + 0.1) for d in op.domain]\n"
            "  op.function(*args); before = n; op.function(*args); op.function(*args)\n"
            "  assert n == before, name\n"
            "del args; gc.collect(); autograd.tanh(0.3); assert gc.collect() == 0\n")
    subprocess.run([sys.executable, "-c", code], check=True)
