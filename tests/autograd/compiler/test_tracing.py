"""trace: what becomes an input, a constant, a guard or an error, and that nothing of it stays behind."""

import copy
import math
import pickle
import threading
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import ClassVar

import numpy as np
import pytest

import autograd as ag
import nn
from autograd import TraceError, Value, derivative, grad, hessian, jit, jvp, no_grad, trace
from autograd.compiler.tracing import record
from autograd.graph.context import active_inputs, modes
from autograd.ops.operand import Operand
from autograd.program.program import verify
from tests.support.bit_identity import bits


def listed(f, *args):
    return str(verify(trace(f, *args))).splitlines()


@pytest.fixture(autouse=True)
def _nothing_stays_behind():
    before = dict(vars(Value))
    yield
    assert dict(vars(Value)) == before
    assert modes.recorder is None
    assert not modes.transforms
    assert not active_inputs


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
    made = record(lambda x, *, scale, flag: x * scale if flag else x, [2.0], {"scale": 3.0, "flag": True})
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
    made = record(f, [1.0])
    assert made.captured == [w, b, computed]
    assert made.program(3.0, 2.0, 0.5, 1.0) == (17.5,)
    w.data = 7.0
    assert [value.data for value in record(f, [1.0]).captured] == [7.0, 0.5, 1.0]    # computed before: as it was


def test_two_captured_values_of_one_label_have_names_of_their_own():
    values = [Value(1.0, "w"), Value(2.0, "w"), Value(3.0)]
    assert len(set(verify(trace(lambda w: ag.prod([*values, w]), 1.0)).inputs)) == 4


def test_the_parameters_of_a_network_are_inputs_with_their_labels():
    model = nn.MLP(2, [2, 1], seed=0)
    p = verify(trace(model, [1.0, 2.0]))
    assert set(p.inputs) == {"x[0]", "x[1]", *(parameter.label for parameter in model.parameters())}
    made = record(model, [[1.0, 2.0]])
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


@pytest.mark.parametrize("arg", [1j, {}, object(), [1.0, "a"], [None]], ids=str)
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


# ---- what runs inside a traced function ---------------------------------------------------------


@pytest.mark.parametrize("made", [grad, hessian, derivative, lambda f: grad(grad(f)), lambda f: derivative(grad(f)),
                                  lambda f: lambda x: jvp(f, (x,), (1.0,)), lambda f: lambda x: grad(f)(x) * x,
                                  lambda f: lambda x: ag.vjp(f, x)[1](2.0), lambda f: lambda x: ag.hvp(f, x, 3.0),
                                  lambda f: ag.value_and_grad(f)])
def test_derivatives_inside_a_traced_function(made):
    def f(x):
        return ag.sin(x) * x * x if x > 0.0 else x

    p = verify(trace(made(f), 1.0))
    for x in (1.0, 0.5, 3.0):
        out = made(f)(x)
        assert [bits(y) for y in p(x)] == [bits(y) for y in (out if isinstance(out, tuple) else (out,))]


def test_constants_to_derivatives_only_still_follow_the_input():
    def no_grad_blocks(x):
        with no_grad():
            y = x * 2.0
        return y * x

    def detached(x):
        return (x * 2.0).detach() * x

    def stopped(x):
        return ag.stop_gradient(x * 2.0) * x

    for f in (no_grad_blocks, detached, stopped):
        p = verify(trace(f, 1.0))
        assert p(3.0) == (18.0,)
        assert trace(grad(f), 1.0)(3.0) == (6.0,)
        assert jit(grad(f))(3.0) == grad(f)(3.0) == 6.0


def test_a_traced_value_can_be_printed_and_formatted(capsys):
    def f(x):
        y = x * 2.0
        print(x, repr(y), f"{y}")
        return y

    assert trace(f, 1.5)(2.0) == (4.0,)
    out = capsys.readouterr().out
    assert "data=1.5" in out
    assert "3.0" in out
    with pytest.raises(TraceError, match=r"text of the number.*frozen"):     # it could become a number again
        trace(lambda x: float(f"{x:.1f}") * x, 1.5)
    assert trace(lambda x: x * len(f"{Value(2.5):.1f}"), 1.5)(2.0) == (6.0,)


def test_a_jitted_function_inside_is_a_part_of_it():
    @jit
    def inner(x):
        return x * x if x > 0.0 else x

    assert listed(lambda y: inner(y) + 1.0, 2.0) == [
        "def f(y):", "    guard y > 0.0 is True", "    v1 = y * y", "    v2 = v1 + 1.0", "    return v2"]
    assert not inner.programs


REFUSED = {
    "float(": lambda x: float(x), "math.sin": lambda x: math.sin(x), "int(": lambda x: int(x),
    "range(": lambda x: list(range(x)), "[x]": lambda x: [1.0, 2.0][x], "complex(": lambda x: complex(x),
    "x.data *": lambda x: x.data * 2.0, "(x * x).data": lambda x: (x * x).data, "%": lambda x: "%.3f" % x,  # noqa: UP031
    "copy.copy(": lambda x: copy.copy(x) * 2.0, "copy.deepcopy(": lambda x: copy.deepcopy(x * x),
    "pickle.dumps(": lambda x: pickle.dumps(x), "x.grad": lambda x: x.grad * x,
    ".backward(": lambda x: (x * x).backward(),
    "partials": lambda x: (x * x).partials[0] * x, "ag.paths(": lambda x: next(ag.paths(x * x, x)).product * x,
    "setattr": lambda x: setattr(x, "data", 3.0), "'grad'": lambda x: setattr(x, "grad", 0.0),
    "has_grad": lambda x: 1.0 if x.has_grad else x, "np.array(": lambda x: np.array([x], dtype=float),
    "math.floor(x.": lambda x: math.floor(x.data),
}


@pytest.mark.parametrize("line", REFUSED)
def test_what_would_be_frozen_is_an_error_that_shows_the_line(line):
    f = REFUSED[line]
    with pytest.raises(TraceError) as caught:
        trace(f, 1.0)
    assert "test_tracing.py" in str(caught.value)
    assert line in str(caught.value).splitlines()[-1]
    assert "in <lambda>" in str(caught.value)


def test_what_is_captured_may_be_read_but_not_changed():
    w = Value(2.0, "w")
    assert trace(lambda x: x * w.data, 1.0)(3.0) == (6.0,)      # a constant
    for change in (lambda x: setattr(w, "data", 3.0), lambda x: setattr(w, "grad", 3.0), lambda x: (w * x).backward(),
                   lambda x: w.grad):
        with pytest.raises(TraceError, match="test_tracing"):
            trace(change, 1.0)
    assert (w.data, w.grad) == (2.0, 0.0)


def test_zero_grad_inside_is_refused():
    w = Value(2.0)
    with pytest.raises(TraceError):
        trace(lambda x: (ag.zero_grad([w]), w * x)[1], 1.0)


def test_a_captured_dual_is_a_clear_error():
    with pytest.raises(TraceError, match="give it as an argument"):
        derivative(lambda t: trace(lambda x: x * t, 2.0)(3.0)[0])(1.0)


# ---- afterwards ---------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, RecursionError, GeneratorExit])
def test_nothing_is_left_after_an_error_inside(error):
    def f(x):
        if x > 0.0:
            grad(lambda y: fail(y * x))(x)
        return x

    def fail(y):
        with no_grad():
            raise error("mine")

    for call in (lambda: trace(f, 1.0), lambda: jit(f)(1.0), lambda: jit(grad(f))(1.0), lambda: trace(grad(f), 1.0)):
        with pytest.raises(error, match="mine"):
            call()
        assert modes.recorder is None
        assert Value.__mul__ is not Operand.__mul__
    v = Value(3.0)
    y = v * v
    y.backward()
    assert (float(v.data), v.grad, copy.copy(v).data) == (3.0, 6.0, 3.0)


def test_values_that_escape_a_trace_are_ordinary_again():
    kept = []

    def f(x):
        kept.append(x * x)
        return kept[-1]

    trace(f, 3.0)
    assert kept[0].data == 9.0
    kept[0].backward()


def test_other_threads_are_not_disturbed_while_one_traces():
    inside, done = threading.Event(), threading.Event()
    found = []

    def f(x):
        inside.set()
        assert done.wait(10.0)
        return x * x if x > 0.0 else x

    def beside():
        assert inside.wait(10.0)
        try:
            v = Value(3.0)
            y = v * v + v.detach()
            y.backward()
            found.append((v.grad, y.data, copy.deepcopy(y).data, v > 2.0, bool(v), pickle.loads(pickle.dumps(v)).data,
                          f"{v!r}", grad(lambda x: x * x if x > 0 else x)(3.0), str(trace(ag.sin, 1.0))))
            v.data = 4.0
            with no_grad():
                found.append((v * v).op)
        finally:
            done.set()

    other = threading.Thread(target=beside)
    other.start()
    p = trace(f, 2.0)
    other.join()
    shown = str(trace(ag.sin, 1.0))
    assert found == [(6.0, 12.0, 12.0, True, True, 3.0, "Value(data=3.0, grad=6.0)", 6.0, shown), None]
    assert len(p.guards) == 1
    assert len(p.instructions) == 1


def test_tracing_frees_what_it_made():
    import gc
    import weakref

    class Watched(Value):
        pass

    def f(x):
        made = Watched(1.0)
        watched.append(weakref.ref(made))
        return made * x

    watched = []
    gc.disable()
    try:
        trace(f, 1.0)
        assert watched[0]() is None
    finally:
        gc.enable()
