"""A loop that is traced runs in Python where it is short, and in machine code where it is long: the same ways."""

import pytest

from autograd import Value, fori_loop, grad, jit, scan, trace, while_loop
from autograd.batch import probing
from autograd.compiler.interpreter import Interpreted

XS = [0.5, -1.0, 2.0, -0.25, 3.0, 0.0]


def f(c):
    def step(total, x):
        total = total * x + c if x > 0 else total - c * x
        return (total * 0.5 if total > 2.0 else total), total
    total, found = scan(step, c, XS)
    return total + found[2] * found[3]


@pytest.mark.parametrize("quick", [0, probing.QUICK])
@pytest.mark.parametrize("backend", ["python", "llvm"])
def test_both_find_all_ways(quick, backend, monkeypatch):
    monkeypatch.setattr(probing, "QUICK", quick)
    compiled, slope = jit(f, backend=backend), jit(grad(f), backend=backend)
    for c in (0.3, 4.0, -2.0):
        assert (compiled(c), slope(c)) == (f(c), grad(f)(c))


def test_a_short_loop_compiles_nothing_while_it_is_traced(monkeypatch):
    def never(*_):
        raise AssertionError("compiled")

    monkeypatch.setattr(probing, "compile_program", never)
    assert jit(f)(0.3) == f(0.3)


@pytest.mark.parametrize("backend", ["python", "llvm"])
def test_a_derivative_that_was_taken_where_a_loop_has_no_iteration_serves_no_others(backend):
    """Its Program needs nothing of the loop; but it is right only as long as there is no iteration."""
    def root(a):
        return while_loop(lambda x: abs(x * x - a) > 1e-9 * a, lambda x: 0.5 * (x + a / x), a)

    def scaled(a):
        return while_loop(lambda x: x < a, lambda x: x * a, 3.0)

    for f in (root, scaled):
        compiled = jit(grad(f), backend=backend)
        for a in (1.0, 4.0, 1.0, 7.0, 100.0):
            assert compiled(a) == grad(f)(a)
        assert "another way through a loop" in str(compiled.programs)


def test_a_program_on_values_takes_the_way_for_iterations_in_which_an_inner_loop_lacks_one():
    def f(x):
        return fori_loop(0, 6, lambda i, c: fori_loop(
            0, 3, lambda j, y: y * 0.9 if y > 2.0 else y + 0.01 * x, c) + 1.0, x)

    x = Value(0.5)
    assert Interpreted(trace(f, 0.5)).run([x])[0].data == f(0.5)
