"""The result layout of a compiled function: the types and forms of eager results."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pytest

import autograd as ag
from autograd import Value, derivative, grad, hessian, jacobian, no_grad, value_and_grad, vmap
from tests.support.bit_identity import check_jit, same
from tests.support.compiled_examples import rosenbrock
from tests.support.compiled_examples import sine_or_cube as f

# ---- versions -----------------------------------------------------------------------------------


def test_results_of_every_form_the_quick_way(jit):
    """Twice each: the first call traces, the second goes straight to the code."""
    forms = [lambda x, y: x * y, lambda x, y: [x * y, x], lambda x, y: (x * y, [x, y]), lambda x, y: (x, y),
             lambda x, y: [[x * y, y], [x, x]], lambda x, y: ((x,), [], (), [y, [x]]), lambda x, y: [y, [x], y],
             lambda x, y: {"a": x}, lambda x, y: (x * y, None), lambda x, y: [3.0, x]]
    for form in forms:
        compiled = jit(form)
        for args in ((2.0, 3.0), (4.0, 5.0), (4, 5)):
            assert same(compiled(*args), as_floats(form(*map(float, args))))
    for made in (value_and_grad, hessian, jacobian):
        check_jit(made(rosenbrock), (1.0, 2.0), (3.0, 4.0), jit=jit)
        check_jit(made(lambda p, x: p[0] * p[1] * x), ([1.0, 2.0], 3.0), ([3.0, 4.0], 5.0), jit=jit)
        check_jit(made(lambda p, x: p[0] * p[1] * x), ((1.0, 2.0), 3.0), ((3.0, 4.0), 5.0), jit=jit)
        check_jit(made(lambda p, x: p[0] * p[1] * x[0][0]),
                  *[(np.array([a, 2.0]), np.array([[a]])) for a in (3.0, 4.0)], jit=jit)
    many = [0.5 + i for i in range(3000)]       # more than has room on the stack
    check_jit(value_and_grad(lambda p: ag.dot(p, p) if p[0] > 0.0 else p[0]), (many,), ([-1.0, *many],), (many,),
              jit=jit)
    compiled = jit(value_and_grad(lambda p: ag.dot(list(p), list(p))))
    for _ in range(2):
        assert same(compiled(np.array(many)), value_and_grad(lambda p: ag.dot(list(p), list(p)))(np.array(many)))


# ---- types and errors ---------------------------------------------------------------------------


def test_results_have_the_types_of_eager_ones(jit):
    for out in (lambda x: x * 2.0, lambda x: [x, x * 2.0], lambda x: [[x], [x, x]], lambda x: [], lambda x: 1.5):
        check_jit(out, (3.0,), (4.0,), jit=jit)
    for out in (lambda x: x * 2.0, lambda x: x.sum() * 1.0, lambda x: x[1] * 1.0, lambda x: [x, x[0]], lambda x: x[1:],
                lambda x: x.reshape(1, 2) * x, lambda x: x > 1.0, lambda x: np.dot(x, x) * 1.0):
        j, array = jit(out), np.array([1.0, 2.0])
        assert same(j(array), as_floats(out(array)))


def as_floats(x):
    """NumPy's scalars and bools as the floats that compiled results are."""
    return x.astype(float) if getattr(x, "shape", ()) else float(x) if hasattr(x, "dtype") else \
        [*map(as_floats, x)] if isinstance(x, list) else x


def test_a_tuple_is_a_tuple_and_a_dict_a_dict(jit):
    assert same(jit(lambda x: (x, [x, (x,)]))(2.0), (2.0, [2.0, (2.0,)]))
    compiled = jit(lambda x: {"a": (x * 2.0, None), "b": "text"} if x > 0.0 else None)
    assert [compiled(1.0), compiled(-1.0)] == [{"a": (2.0, None), "b": "text"}, None]


class Answer(NamedTuple):
    x: Any
    on: Any


@dataclass
class Report:
    x: Any
    on: Any


FLAGS = {
    "alone": lambda x: x > 1.0, "a tuple": lambda x: (x, True), "a list": lambda x: [False, x, x > 2.0],
    "inside a dict": lambda x: {"a": (x, {"b": [True]}), "c": x > 1.5},
    "a NamedTuple": lambda x: Answer(x, (x > 2.0, x)),
    "a dataclass": lambda x: [Report(x, [True, False])], "only flags": lambda x: (True, [False]),
    "of NumPy": lambda x: (x, np.bool_(True)), "a jitted function": lambda x: ag.jit(lambda x: (x, True))(x),
    "with branches": lambda x: (x, True) if x > 2.0 else (x * x, False)}


@pytest.mark.parametrize("f", FLAGS.values(), ids=FLAGS)
def test_a_bool_is_a_bool_at_any_depth(f, jit):
    compiled = jit(f)
    for x in (1.0, 3.0, 1.0):
        assert repr(compiled(x)) == repr(f(x)).replace("np.True_", "True")
        assert repr(compiled(np.float64(x))) == repr(compiled(x))
        pair = jit(value_and_grad(lambda x: (x * x, f(x)), has_aux=True))
        assert repr(pair(x)) == repr(((x * x, compiled(x)), 2.0 * x))
        assert same(derivative(compiled)(x), derivative(f)(x))      # by a flag it is 0.0, as eagerly


def test_bools_of_rows_are_columns_of_numbers():
    xs, on = vmap(lambda x: (x, x > 2.0))(np.array([1.0, 3.0]))
    assert (xs.tolist(), on.tolist(), on.dtype) == ([1.0, 3.0], [0.0, 1.0], float)


def test_what_depends_on_no_value_is_a_float(jit):
    w = Value(2.0)
    assert [type(x) for x in jit(lambda x: [x * 2.0, w * x, 1.0])(3.0)] == [float, Value, float]


def test_under_no_grad_the_result_is_a_leaf(jit):
    w = Value(2.0)
    compiled = jit(lambda x: w * x)
    with no_grad():
        out = compiled(3.0)
    assert isinstance(out, Value)
    assert out.op is None


def test_no_grad_around_the_first_call_leaves_later_ones_alone(jit):
    w = Value(2.0)
    compiled = jit(lambda x: w * x)
    with no_grad():
        compiled(3.0)
        assert grad(jit(f))(2.0) == grad(f)(2.0)
    compiled(3.0).backward()
    assert w.grad == 3.0
    assert grad(compiled)(5.0) == 2.0
