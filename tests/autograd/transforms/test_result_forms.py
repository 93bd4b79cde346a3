"""The forms of derivatives: jacobians and hessians of trees, and the classes of results."""

from collections import OrderedDict

import numpy as np
import pytest

from autograd import hessian, jacobian, jvp, vjp
from tests.support.argument_trees import A2, A3, Named, State, W, named, skeleton
from tests.support.bit_identity import same


def shapes(x):
    return x.shape if isinstance(x, np.ndarray) else [*map(shapes, x)] if isinstance(x, list) else \
        tuple(map(shapes, x)) if isinstance(x, tuple) else 0


JACOBIANS = [   # a function of one argument, that, and the shapes in its jacobian (0: a number)
    (lambda x: x, 2.0, 0), (lambda x: [x, x], 2.0, [0, 0]), (lambda x: (x, [x]), 2.0, [0, [0]]),
    (lambda x: np.array([x, x]), 2.0, (2,)), (lambda p: p[0], [1.0, [2.0]], [0, [0]]),
    (lambda p: p, [1.0, 2.0], [[0, 0], [0, 0]]), (lambda a: a[0], A3, (3,)), (lambda a: a, A3, (3, 3)),
    (lambda a: a * 2.0, W, (2, 3, 2, 3)),
    # lists of numbers, and an array: as rows of one array
    (lambda a: [a[0], a[1]], A3, (2, 3)), (lambda a: (a[0], 1.0), A3, (2, 3)), (lambda a: [], A3, (0, 3)),
    (lambda p: np.array([p[0], p[1], 1.0]), [1.0, 2.0], (3, 2)), (lambda a: [[a[0]], [a[1]]], W[0], (2, 1, 3)),
    # whatever has no shape, or holds arrays, is a list
    (lambda a: [[a[0], a[1]], [a[2]]], A3, [(2, 3), (1, 3)]), (lambda a: [a[0], [a[1]]], A3, [(3,), (1, 3)]),
    (lambda a: [a, a], A3, [(3, 3), (3, 3)]), (lambda a: [a, a[:2], a[0]], A3, [(3, 3), (2, 3), (3,)]),
    (lambda p: p[0], [A2, A3], [(2, 2), (2, 3)]), (lambda p: p, [A2, A3], [[(2, 2), (2, 3)], [(3, 2), (3, 3)]]),
    (lambda p: p[0], [A3, A3], [(3, 3), (3, 3)]), (lambda p: [p[0][0], p[1]], [A2, 2.0], [[(2,), 0], [(2,), 0]]),
    (lambda p: p[0], [A2, [1.0, 2.0, 3.0]], [(2, 2), (2, 3)]),
    (lambda p: p[0], [A2, [1.0, [2.0]]], [(2, 2), [(2,), (2, 1)]]),
]


@pytest.mark.parametrize("row", range(len(JACOBIANS)))
def test_forms_of_jacobians(row, jit):
    f, x, form = JACOBIANS[row]
    found = jacobian(f)(x)
    assert shapes(found) == form
    assert same(jit(jacobian(f))(x), found)
    assert same(jit(lambda x: jacobian(f)(x))(x), found)
    several = jacobian(lambda s, x: f(x))(1.0, x)
    assert same(several[1], found)


def test_the_numbers_of_a_jacobian_of_lists_of_arrays(jit):
    """d (a**2, b a0) / d (a, b), each block by hand."""
    for made in (jacobian, lambda f: jit(jacobian(f))):
        found = made(lambda p: [p[0] * p[0], p[1] * p[0][0]])([A2, A3])
        assert same(found, [[np.diag(2.0 * A2), np.zeros((2, 3))],
                            [np.outer(A3, [1.0, 0.0]), np.eye(3) * A2[0]]])
        one = made(lambda p: p[0] * p[1][1])([A2, [5.0, 7.0]])
        assert same(one, [np.eye(2) * 7.0, np.array([[0.0, 1.0], [0.0, 2.0]])])


def test_hessians_of_lists_of_arrays_and_of_several_arguments(jit):
    def f(p):
        return np.dot(p[0], p[0]) * p[1][0] + p[1][2] ** 2

    right = [[2.0 * np.eye(2), np.outer(2.0 * A2, [1.0, 0.0, 0.0])],
             [np.outer([1.0, 0.0, 0.0], 2.0 * A2), np.diag([0.0, 0.0, 2.0])]]
    for made in (hessian, lambda f: jit(hessian(f))):
        assert same(made(f)([A2, A3]), right)
        assert same(made(lambda a, b: f([a, b]))(A2, A3), tuple(map(tuple, right)))
        by_list = made(lambda p, a: p[0] * p[1] * np.sum(a))([2.0, 5.0], A3)
        assert same(by_list, (([[0.0, 6.0], [6.0, 0.0]], np.array([[5.0] * 3, [2.0] * 3])),
                              (np.array([[5.0, 2.0]] * 3), np.zeros((3, 3)))))


def test_values_have_the_form_that_the_function_returns():
    f = lambda p: (p[0] * 2.0, State(p[1], [p[0]]))      # noqa: E731
    right = (A2 * 2.0, State(A3, [A2]))
    assert skeleton(vjp(f, [A2, A3])[0]) == skeleton(jvp(f, ([A2, A3],), ([A2, A3],))[0]) == skeleton(right)
    assert same(vjp(f, [A2, A3])[1]((A2, State(A3, [A2]))), [3.0 * A2, A3])
    assert same(jvp(f, ([A2, A3],), ([A2, A3],))[1], [A2 * 2.0, State(A3, [A2])])


def test_results_of_compiled_functions_keep_their_classes(jit):
    compiled = jit(lambda x: OrderedDict(a=State(x, [x * 2.0]), b=named(np.array([x, x]))))
    for _ in range(2):
        found = compiled(2.0)
        assert type(found) is OrderedDict
        assert type(found["b"]) is Named
        assert (found["a"], found["b"].factor) == (State(2.0, [4.0]), 3.0)
        assert same(found["b"][0], np.array([2.0, 2.0]))
