"""Long Programs as data that machine code runs: the same bits as machine code of their own and as eager, and guards."""

import math
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import pytest

import autograd as ag
from autograd import TABLE, jit, value_and_grad
from autograd.lower.llvm import interpreter
from autograd.lower.llvm.interpreter import is_long
from autograd.lower.recent_code import _kept
from autograd.ops.formulas import primitive
from autograd.program.program import Instruction, Program
from tests.support.bit_identity import same

pytest.importorskip("llvmlite")
POINTS = [math.nan, math.inf, -math.inf, 0.0, -0.0, 0.5, -0.5, 1.0, -2.0, 3.0, 1e-310, 1e300]


@pytest.fixture
def all_interpreted(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every Program counts as long; no code that others have compiled is found."""
    monkeypatch.setattr(interpreter, "LONG", -1)
    _kept.clear()
    yield
    _kept.clear()


@pytest.mark.usefixtures("all_interpreted")
@pytest.mark.parametrize("name", [op.name for op in TABLE.values() if op.arity])
def test_every_op_and_its_slopes_are_eager_s_to_the_bit(name: str) -> None:
    op = TABLE[name]
    f = value_and_grad(op.function, argnums=tuple(range(op.arity or 0)) if op.arity != 1 else 0)
    compiled = jit(f, backend="llvm")
    for x in product(POINTS if op.arity != 3 else POINTS[:6], repeat=op.arity or 0) if op.arity != 4 else [(1.0,) * 4]:
        assert same(compiled(*x), f(*x)), x


@pytest.mark.usefixtures("all_interpreted")
def test_guards_choose_the_version() -> None:
    def branchy(x: Any, y: Any) -> Any:
        if x < y:
            return x * y if not x >= 0.0 else x + y
        if x == 2.0 or x != x:
            return y - x
        return x / y if y <= 1.0 else -0.0 * x + math.nan * y

    eager = value_and_grad(branchy, argnums=(0, 1))
    compiled = jit(eager, backend="llvm")
    for _ in range(2):
        for x in product(POINTS, repeat=2):
            assert same(compiled(*x), eager(*x)), x
    assert 4 <= len(compiled.programs) <= 8


@pytest.mark.usefixtures("all_interpreted")
def test_inputs_constants_and_no_instructions_at_all() -> None:
    f = jit(lambda xs: [xs[1], -0.0, 2.5, math.nan, *xs, xs[0] * 0.1], backend="llvm")
    assert same(f([1.5, -0.0, 7.0]), [-0.0, -0.0, 2.5, math.nan, 1.5, -0.0, 7.0, 1.5 * 0.1])
    assert jit(lambda x: x, backend="llvm")(3.0) == 3.0
    assert jit(lambda: 4.0, backend="llvm")() == 4.0


@pytest.mark.usefixtures("all_interpreted")
def test_buffers_and_a_failing_guard_in_them() -> None:
    numpy = pytest.importorskip("numpy")
    x, out = numpy.array([1.0, 2.0]), numpy.zeros(1)
    run = jit(lambda v: v[0] * v[1] if v[0] > 0.0 else v[0] - v[1], backend="llvm").bind(x, out=out)
    for start, expected in ((1.5, 3.0), (-1.5, -3.5), (2.0, 4.0)):
        x[0] = start
        run()
        assert out[0] == expected


@pytest.mark.usefixtures("all_interpreted")
def test_an_op_that_only_python_has_falls_back() -> None:
    third: Callable[[Any], Any] = primitive("third_part", lambda x: x / 3.0, lambda x, out: 1.0 / 3.0)
    try:
        assert jit(lambda x: third(x) + 1.0)(6.0) == 3.0
    finally:
        del TABLE["third_part"]


def tree(p: Any, steps: int) -> Any:
    """An American put in a binomial tree."""
    spot, up, discount = p
    values = [ag.maximum(100.0 - spot * up**(2 * i - steps), 0.0) for i in range(steps + 1)]
    for step in reversed(range(steps)):
        values = [ag.maximum(discount * (0.5 * values[i] + 0.5 * values[i + 1]), 100.0 - spot * up**(2 * i - step))
                  for i in range(step + 1)]
    return values[0]


@pytest.mark.usefixtures("all_interpreted")
def test_a_tree_is_equal_to_eager() -> None:
    x, f = [100.0, 1.02, 0.999], value_and_grad(lambda p: tree(p, 15))
    assert same(jit(f, backend="llvm")(x), f(x))


def test_what_is_long_depends_on_selections() -> None:
    add, where = (Instruction(TABLE[name], (0, 0, 0)[:TABLE[name].arity]) for name in ("add", "where"))
    for instruction, most in ((add, 300_000), (where, 37_500)):
        assert not is_long(Program("f", ("x",), (instruction,) * most, (0,)))
        assert is_long(Program("f", ("x",), (instruction,) * (most + 1), (0,)))
