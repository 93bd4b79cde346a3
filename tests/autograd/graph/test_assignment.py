"""Numbers for many leaves at once: as one after another."""

from array import array
from fractions import Fraction

import pytest

from autograd import StaleValueError, Value, assign


def test_numbers_and_gradients_of_all_kinds():
    values = [Value(float(i)) for i in range(3)]
    for numbers, grads in [([1.5, 2.5, -0.0], None), (array("d", [4.0, 5.0, 6.0]), array("d", [0.5, 0.25, -0.0])),
                           ((True, 7, Fraction(1, 2)), [1, 2.0, 3]), (array("i", [1, 2, 3]), None)]:
        before = [v.grad for v in values]
        assign(values, numbers, grads)
        assert repr([v.data for v in values]) == repr([float(x) for x in numbers])
        assert repr([v.grad for v in values]) == repr(before if grads is None else [float(x) for x in grads])
        assert all(type(x) is float for v in values for x in (v.data, v.grad))


def test_what_was_computed_from_a_leaf_is_older_than_its_new_number():
    a, b = Value(2.0), Value(3.0)
    c = a * b
    assign([a, b], [5.0, 7.0])
    assert a.assigned_since(c)
    assert not a.assigned_since(a * b)
    assert c.data == 6.0
    c.backward()
    assert (a.grad, b.grad) == (3.0, 2.0)


@pytest.mark.parametrize(("values", "numbers", "grads", "error"), [
    (2, [1.0], None, "1 numbers for 2 Values"), (2, [1.0, 2.0], [1.0], "1 gradients for 2 Values"),
    (2, [1.0, "2"], None, "assign: expected a number"), (2, [1.0, 2.0], [1.0, None], "assign: expected a number"),
    (2, [1.0, Value(2.0)], None, r"write v\.data"),
])
def test_what_does_not_fit_changes_nothing(values, numbers, grads, error):
    leaves = [Value(0.5) for _ in range(values)]
    with pytest.raises((ValueError, TypeError), match=error):
        assign(leaves, numbers, grads)
    assert [(v.data, v.has_grad) for v in leaves] == [(0.5, False)] * values


def test_a_computed_value_is_refused_and_classes_of_ones_own_are_asked():
    seen = []

    class Noted(Value):
        @property
        def data(self):
            return Value.data.fget(self)

        @data.setter
        def data(self, x):
            seen.append(x)
            Value.data.fset(self, x)

    a = Noted(1.0)
    assign([a], [2.0], [3.0])
    assert (seen, a.data, a.grad) == ([2.0], 2.0, 3.0)
    with pytest.raises(StaleValueError, match="only a leaf can be assigned"):
        assign([a * 2.0], [1.0])
