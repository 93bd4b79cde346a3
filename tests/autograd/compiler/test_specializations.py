"""A compiled function has one version for each branch and call signature, up to a limit."""

import math
import pickle
import warnings
from random import Random

from autograd import derivative, grad, value_and_grad
from autograd.compiler import specializations
from tests.support.bit_identity import check_jit
from tests.support.compiled_examples import several_ways


def test_every_branch_has_its_version(jit):
    assert check_jit(lambda x: x * x * 1.0 if x > 0.0 else -x, (2.0,), (-1.0,), (0.0,), (math.nan,), (3.0,),
                     jit=jit) == 2
    assert check_jit(lambda x: 1.0 if x > 0.0 else 2.0, (2.0,), (-1.0,), (0.0,), jit=jit) == 2
    assert check_jit(lambda a, b: (a + b) * (2.0 if a < b else 1.0) * (3.0 if a < 1.0 else 1.0), (0.0, 5.0), (2.0, 5.0),
                     (2.0, 1.0), (0.0, -1.0), jit=jit) == 4
    orders = [[a, b, c] for a in (1.0, 2.0, 3.0) for b in (1.0, 2.0, 3.0) for c in (1.0, 2.0, 3.0)]
    for f in (sorted, lambda p: [max(p), min(p)], lambda p: [p.index(p[2]) * 1.0]):
        check_jit(f, *([p] for p in orders), jit=jit)


def test_newton_s_loop_and_its_derivative(jit):
    def newton(s):
        x = s
        while abs(x * x - s) > 1e-9 * s:
            x = 0.5 * (x + s / x)
        return x

    points = [(10.0**Random(i).uniform(-3, 3),) for i in range(100)]
    assert 3 < check_jit(newton, *points, jit=jit) < 20
    assert check_jit(value_and_grad(newton), *points, jit=jit) < 20
    compiled = jit(newton)
    assert [grad(compiled)(*point) for point in points] == [grad(newton)(*point) for point in points]


def test_at_least_64_versions_and_beyond_that_eager_with_one_warning(jit):
    compiled = jit(several_ways)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for i in range(64):
            assert compiled(i - 0.5) == (i - 0.5) * i
    assert len(compiled.programs) >= 64
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for i in range(90):
            x = i - 0.5
            assert compiled(x) == x * i
            assert value_and_grad(compiled)(x) == (x * i, float(i))
            assert derivative(compiled)(x) == float(i)
    assert [warning.category for warning in caught] == [RuntimeWarning]
    assert caught[0].filename == __file__
    assert "several_ways" in str(caught[0].message)
    assert len(compiled.programs) <= 90


def test_the_cap_is_one_of_each_structure_of_arguments(jit, monkeypatch):
    """And functions of lists of all lengths stay compiled, up to a cap of its own with a warning of its own."""
    compiled = jit(lambda p, *flags: several_ways(p[0]) * 2.0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for p in ([0.0], [0.0, 0.0]):
            for i in range(40):
                assert compiled([i - 0.5, *p[1:]]) == (i - 0.5) * i * 2.0
    assert len(compiled.programs) == 80
    if jit.keywords["backend"] == "llvm":       # the other backend has all 256
        monkeypatch.setattr(specializations, "MOST_SIGNATURES", 40)
    most = specializations.MOST_SIGNATURES
    first = jit(lambda p: p[0] * 2.0)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for n in range(1, most + 40):
            assert first([3.0] * n) == 6.0
    assert len(first.programs) == most
    [warning] = caught
    assert "structures" in str(warning.message)
    assert "comparisons" not in str(warning.message)
    assert warning.filename == __file__


def test_the_programs_are_shown_as_a_tree(jit):
    def clipped(x, low, mode="a"):
        if x < low:
            return low
        guess = x * 2.0
        guess.label = "guess"
        return guess if guess > 4.0 else guess * x

    compiled = jit(clipped)
    assert (list(compiled.programs), repr(compiled.programs)) == ([], "[]")
    for args in ((3.0, 0.0), (1.0, 0.0), (-1.0, 0.0), (3.0, 0.0, "b")):
        compiled(*args)
    assert str(compiled.programs) == repr(compiled.programs) == """\
<Program clipped: 2 inputs, 1 instructions>
  x < low is True: <Program clipped: 2 inputs, 0 instructions>
  guess > 4.0 is False: <Program clipped: 2 inputs, 2 instructions>
<Program clipped: 2 inputs, 1 instructions> for 'b'"""
    assert len(compiled.programs) == 4
    assert compiled.programs[0] == compiled.programs[3]
    assert compiled.programs[1:][0].outputs == (1,)
    assert str(pickle.loads(pickle.dumps(compiled.programs))) == str(compiled.programs)
