"""trace: which numbers become inputs, constants and outputs, and which comparisons become guards."""

import math
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import ClassVar

import numpy as np
import pytest

import autograd as ag
import nn
from autograd import Value, derivative, jvp, trace
from autograd.compiler.tracing import trace_function
from autograd.program.program import verify
from tests.support.traces import listed, unchanged_state


@pytest.fixture(autouse=True)
def _nothing_stays_behind():
    with unchanged_state():
        yield


# ---- inputs and constants -----------------------------------------------------------------------


def test_every_number_of_the_arguments_is_an_input():
    def f(x, p, q, m, v):
        assert len(p) == 2
        return x + p[0] + q[1][0] + m[1, 0] + v

    p = verify(trace(f, 1, [2.0, 3], [4.0, (5.0, 6.0)], np.array([[1.0], [2.0]]), Value(7.0, "weight")))
    assert p.inputs == ("x", "p[0]", "p[1]", "q[0]", "q[1][0]", "q[1][1]", "m[0, 0]", "m[1, 0]", "v")
    assert p(*map(float, range(9))) == (0.0 + 1.0 + 4.0 + 7.0 + 8.0,)
    assert verify(trace(lambda *xs: xs[1], 1.0, 2.0)).inputs == ("x1", "x2")
    assert trace(partial(lambda x, y: x * y, 2.0), 3.0)(5.0) == (10.0,)
    assert trace(ag.sin, 1.0)(0.5) == (math.sin(0.5),)


def test_flags_are_no_inputs():
    def f(x, name, flag, nothing, function):
        return function(x) if flag and name == "a" and nothing is None else x

    assert listed(f, 2.0, "a", True, None, ag.exp) == ["def f(x):", "    v1 = exp(x)", "    return v1"]
    assert listed(f, 2.0, "a", False, None, ag.exp) == ["def f(x):", "    return x"]


def test_keyword_arguments_are_inputs_too():
    made = trace_function(lambda x, *, scale, flag: x * scale if flag else x, [2.0], {"scale": 3.0, "flag": True})
    assert made.program.inputs == ("x", "scale")
    assert made.program(5.0, 7.0) == (35.0,)


def test_captured_values_are_inputs_and_what_is_made_inside_is_constant():
    w, b = Value(2.0, label="w"), Value(0.5)
    computed = w * b
    computed.label = "computed"

    def f(x):
        return w * x + computed + Value(10.0) + b

    p = verify(trace(f, 1.0))
    assert p.inputs[0] == "x"
    assert set(p.inputs[1:]) >= {"w", "computed"}
    assert len(p.inputs) == 4
    made = trace_function(f, [1.0])
    assert made.captured == [w, b, computed]
    assert made.program(3.0, 2.0, 0.5, 1.0) == (17.5,)
    w.data = 7.0
    assert [value.data for value in trace_function(f, [1.0]).captured] == [7.0, 0.5, 1.0]   # computed before: as it was


def test_two_captured_values_of_one_label_have_names_of_their_own():
    values = [Value(1.0, "w"), Value(2.0, "w"), Value(3.0)]
    assert len(set(verify(trace(lambda w: ag.prod([*values, w]), 1.0)).inputs)) == 4


def test_the_parameters_of_a_network_are_inputs_with_their_labels():
    model = nn.MLP(2, [2, 1], seed=0)
    p = verify(trace(model, [1.0, 2.0]))
    assert set(p.inputs) == {"x[0]", "x[1]", *(parameter.label for parameter in model.parameters())}
    made = trace_function(model, [[1.0, 2.0]])
    assert set(made.captured) == set(model.parameters())


def test_a_result_may_be_an_input_a_constant_or_captured():
    w = Value(2.0, "w")
    assert listed(lambda x: (x, w, 3, Value(4.0), True), 1.0) == ["def f(x, w):", "    return x, w, 3.0, 4.0, 1.0"]


def test_results_in_tuples_and_dicts_are_outputs_and_what_is_no_number_is_none():
    assert listed(lambda x: {"a": (x, [2.0]), "b": None, "c": "text"}, 1.0) == ["def f(x):", "    return x, 2.0"]


@pytest.mark.parametrize("result", [1j, object(), {"a": 1j}, [{1.0}], iter([1.0])], ids=lambda x: type(x).__name__)
def test_other_results_are_type_errors(result):
    with pytest.raises(TypeError, match="returned"):
        trace(lambda x: result, 1.0)


@pytest.mark.parametrize("arg", [1j, {"a": 1j}, object(), [1.0, "a"], [None]], ids=lambda x: type(x).__name__)
def test_other_arguments_are_type_errors(arg):
    with pytest.raises(TypeError, match="expected a number"):
        trace(lambda x: 1.0, arg)


# ---- guards -------------------------------------------------------------------------------------


def guards(f, *args):
    return [line.strip() for line in listed(f, *args) if "guard" in line]


def test_comparisons_become_guards_in_their_order():
    w = Value(2.0, "w")

    def f(x, y):
        if not x < y or x == y or x != x:
            return x
        if (x * y >= 1 and y <= 3.0) or bool(x) or w < 0.0 or w > x:
            return y
        return x

    made = trace(f, 1.0, 2.0).guards
    assert [(guard.relation, guard.outcome) for guard in made] == [
        ("less", True), ("equal", False), ("not_equal", False), ("greater_equal", True), ("less_equal", True)]
    assert guards(lambda x, y: x if x else y, 0.0, 1.0) == ["guard x != 0.0 is False"]
    assert guards(lambda x: x if w < 0.0 or w > x else -x, 3.0) == ["guard w < 0.0 is False", "guard w > x is False"]
    assert guards(lambda x, y: [1.0, 2.0][x == y], 1.0, 2.0) == ["guard x == y is False"]


class Compared(float):
    """A number that tells which comparisons Python makes: `sorted` makes others in 3.13 than in 3.11."""

    told: ClassVar[set[tuple[str, float, float]]] = set()

    def __lt__(self, other):
        self.told.add(("<", float(self), float(other)))
        return float.__lt__(self, other)

    def __gt__(self, other):
        self.told.add((">", float(self), float(other)))
        return float.__gt__(self, other)

    def __eq__(self, other):
        self.told.add(("==", float(self), float(other)))
        return float.__eq__(self, other)

    __hash__ = float.__hash__

    def __neg__(self):
        return Compared(-float(self))


@pytest.mark.parametrize(("f", "at_least"), [
    (sorted, 3), (lambda p: min(p), 2), (lambda p: max(p), 2), (lambda p: p[0] in [p[1], p[2]], 2),
    (lambda p: any(x > 2.5 for x in p), 1), (lambda p: p.index(p[1]), 1), (lambda p: p[0] < p[1] < p[2], 1),
    (lambda p: sorted(p, key=lambda x: -x), 3)])
def test_python_s_own_functions_compare(f, at_least):
    made = trace(f, [3.0, 1.0, 2.0])
    Compared.told.clear()
    f([Compared(x) for x in (3.0, 1.0, 2.0)])
    assert len(made.guards) == len(Compared.told) >= at_least
    verify(made)


def test_a_loop_until_convergence():
    def newton(s):
        x = s
        while abs(x * x - s) > 1e-9:
            x = 0.5 * (x + s / x)
        return x

    p = verify(trace(newton, 2.0))
    assert [guard.outcome for guard in p.guards] == [True] * (len(p.guards) - 1) + [False]
    assert p(2.01) == (newton(2.01),)


@pytest.mark.parametrize("other", [np.int64(2), np.float32(0.5), np.float64(0.5), np.array(0.5), np.array(2), True, 3,
                                   Fraction(1, 2), Decimal("0.25"), np.True_], ids=repr)
def test_a_comparison_with_any_number_is_a_guard(other):
    for f in (lambda x: x * (2.0 if x > other else 3.0), lambda x: x * (2.0 if other >= x else 3.0),
              lambda x: x * (2.0 if x == other else 3.0)):
        p = verify(trace(f, 10.0))
        assert len(p.guards) == 1
        assert p.guards[0].right == float(other)


@pytest.mark.parametrize("other", [2**53 + 1, -2**53 - 1, 2**54 - 1, 10**400, -10**400, Fraction(1, 3), Fraction(2, 3),
                                   Fraction(-1, 10), Decimal("0.1"), Decimal("0.3")], ids=lambda x: str(x)[:12])
def test_a_comparison_with_a_number_that_is_no_float_is_exact(other):
    try:
        beside = float(other)
    except OverflowError:
        beside = math.copysign(math.inf, other > 0 or -1)
    points = [beside, math.nextafter(beside, 0.0), math.nextafter(beside, -math.inf), math.nextafter(beside, math.inf),
              math.inf, -math.inf, 0.0, 1.0]
    if not isinstance(other, Decimal):      # which cannot be compared with nan
        points.append(math.nan)
    for relation in ("__lt__", "__le__", "__gt__", "__ge__", "__eq__", "__ne__"):
        for x in points:
            p = trace(lambda x, relation=relation: x if getattr(x, relation)(other) else -x, x)
            for y in points:
                eager = bool(getattr(Value(x), relation)(other)), bool(getattr(Value(y), relation)(other))
                try:
                    p(y)
                except ValueError:
                    assert eager[0] != eager[1], (relation, x, y)
                else:
                    assert eager[0] == eager[1], (relation, x, y)


def test_what_is_no_number_decides_nothing():
    assert not guards(lambda x: x if x == "a" or x is None or x == None else -x, 1.0)  # noqa: E711


def test_a_register_is_not_the_constant_of_its_number():
    p = trace(lambda a, b: [a < b, a < 1.0, b > 0.0, b > a], 0.0, 2.0)
    assert len(p.guards) == 4
    with pytest.raises(ValueError, match="does not hold"):
        p(2.0, 5.0)


def test_numpy_s_comparisons_of_object_arrays_are_guards():
    two = np.array([1.0, 2.0])
    for f in (np.max, np.min, np.sort, lambda x: x[np.argmax(x)], lambda x: np.where(x > 1.5, x, 0.0),
              lambda x: np.clip(x, 0.0, 1.5), lambda x: x[0] if (x > 1.5).all() else x[1],
              lambda x: x[x > 1.5].sum(), lambda x: x * np.count_nonzero(x), lambda x: x[0] if x[1] > np.pi else x[1]):
        assert guards(f, two)


def test_the_primal_of_a_dual_decides_and_a_duals_comparison_is_a_guard():
    slope = derivative(lambda x: x * x if x > 1.0 else -x)
    assert "guard x > 1.0 is True" in guards(slope, 2.0)
    assert "guard x > 1.0 is True" in guards(lambda x: jvp(lambda y: y if x > 1.0 else y * y, (x,), (1.0,))[0], 2.0)
    assert "guard x < 3.0 is True" in guards(lambda x: derivative(lambda y: y * y if x < 3.0 else y)(x), 2.0)
    assert "guard y > x is True" in guards(lambda x, y: derivative(lambda z: z if y > z else -z)(x), 1.0, 2.0)
