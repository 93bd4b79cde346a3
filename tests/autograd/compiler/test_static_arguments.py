"""static_argnums and static_argnames: arguments of compiled functions that are constants."""

import copy
import pickle
from functools import partial

import pytest

import autograd as ag
from autograd import TraceError, Value, anomaly, derivative, grad, hessian, value_and_grad
from tests.support.bit_identity import same


def power(x, n):
    product = 1.0
    for _ in range(n):
        product = product * x
    return product


named = ag.jit(power, static_argnames="n")


def test_a_count_is_static_by_position_or_by_name(jit):
    with pytest.raises(TraceError, match=r"range\(n\) of a traced Value .* static_argnums or static_argnames of jit"):
        jit(power)(2.0, 3)
    for options in ({"static_argnums": 1}, {"static_argnums": (-1,)}, {"static_argnames": "n"},
                    {"static_argnames": ["n"]}, {"static_argnums": [1], "static_argnames": ("n",)}):
        compiled = jit(power, **options)
        for _ in range(2):      # one option finds what the other does, as JAX's
            assert [compiled(2.0, 3), compiled(2.0, n=4), compiled(x=2.0, n=5), compiled(3, 2)] == [8, 16, 32, 9]
        assert len(compiled.programs) == 4
        assert "for 3" in str(compiled.programs)


def test_derivatives_beside_static_arguments(jit):
    compiled = jit(power, static_argnums=1)
    for transform in (grad, hessian, value_and_grad):
        right = transform(lambda x: power(x, 4))(1.5)
        assert same(jit(transform(power, argnums=0), static_argnums=1)(1.5, 4), right)
        assert transform(compiled, argnums=0)(1.5, 4) == pytest.approx(right, rel=1e-15)
    assert derivative(lambda x: compiled(x, 3))(2.0) == 12.0
    with pytest.raises(TypeError, match=r"static argument 1 is a Value.* choose what to differentiate by with argnums"):
        grad(compiled)(2.0, 3)
    with pytest.raises(TypeError, match="by the static argument 3; choose other arguments with argnums"):
        jit(grad(power), static_argnums=1)(2.0, 3)


def test_each_value_and_type_has_a_version(jit):
    kinds = []

    def f(x, c):
        kinds.append(type(c))
        return x * (c[0] if isinstance(c, tuple) else c)

    compiled = jit(f, static_argnums=1)
    given = [1, 1.0, True, 0.0, -0.0, (0.0,), (-0.0,), (1,), (True,)]
    for _ in range(2):
        for c in given:
            assert same(compiled(2.0, c), float(f(2.0, c)))
    assert kinds == [kind for c in given for kind in (type(c), type(c))] + [type(c) for c in given]


def test_wherever_a_call_is_answered(jit):
    compiled = jit(power, static_argnums=1)
    outer = jit(lambda x: compiled(x, 2) + compiled(x, n=3))
    assert outer(2.0) == 12.0
    with anomaly():
        assert compiled(2.0, 3) == 8.0
    x = Value(2.0)
    compiled(x, 3).backward()
    assert x.grad == 12.0
    assert jit(power, static_argnums=1, verify=1)(2.0, 3) == 8.0
    assert copy.copy(compiled)(2.0, 3) == 8.0
    assert pickle.loads(pickle.dumps(named))(2.0, 3) == 8.0
    default = jit(lambda x, n=2: power(x, n), static_argnames="n")
    assert [default(3.0), default(3.0, 3), default(3.0), default(3.0, n=1)] == [9.0, 27.0, 9.0, 3.0]


class Series:
    def __init__(self, scale):
        self.scale = scale

    @partial(ag.jit, static_argnames="n")
    def by_name(self, x, n):
        return self.scale * power(x, n)

    @partial(ag.jit, static_argnums=2)
    def by_number(self, x, n):
        return self.scale * power(x, n)

    @partial(ag.jit, static_argnums=(0, 2))
    def like_jax(self, x, n):
        return self.scale * power(x, n)


def test_methods_count_self():
    for name in ("by_name", "by_number", "like_jax"):
        assert [getattr(Series(s), name)(2.0, n) for s in (1.0, 5.0) for n in (1, 3)] == [2.0, 8.0, 10.0, 40.0]
        assert getattr(Series(3.0), name)(2.0, n=2) == 12.0
        assert getattr(Series, name)(Series(3.0), 2.0, 2) == 12.0


@pytest.mark.parametrize(("options", "error", "message"), [
    ({"static_argnums": 5}, ValueError, "static_argnums=5, and the function has 2 positional parameters"),
    ({"static_argnums": -3}, ValueError, "static_argnums=-3"),
    ({"static_argnames": "q"}, ValueError, "static_argnames='q', .* no parameter of that name; it has x, n"),
    ({"static_argnums": "n"}, TypeError, "give ints"), ({"static_argnames": 1}, TypeError, "not iterable|give strs"),
    ({"static_argnames": (1,)}, TypeError, "give strs"), ({"static_argnums": True}, TypeError, "give ints")])
def test_options_that_name_no_argument_are_refused(options, error, message):
    with pytest.raises(error, match=message):
        ag.jit(power, **options)


def test_a_static_argument_is_hashable():
    with pytest.raises(TypeError, match=r"static argument 1 is a list, which has no hash.* give a tuple for a list"):
        named(2.0, [3])
