"""Equal Programs share their code; what differs in an op, a bit or the way it is compiled does not."""

import gc
import weakref
from dataclasses import replace

import autograd as ag
from autograd import TABLE, Value, grad, jit, trace, value_and_grad
from autograd.compiler import derivatives
from autograd.lower import recent_code
from autograd.program.gradients import gradients
from autograd.program.recent_results import MOST, MOST_INSTRUCTIONS, result_of


def code(f, *args):
    f(*args)
    return next(iter(f.versions.roots.values())).run


def test_a_function_that_is_defined_anew_needs_no_new_code():
    first, again = (jit(value_and_grad(lambda p: p[0] * ag.sin(p[1]) + 2.5)) for _ in range(2))
    assert code(first, [0.5, 1.5]) is code(again, [7.0, 8.0])
    assert again([7.0, 8.0]) == value_and_grad(lambda p: p[0] * ag.sin(p[1]) + 2.5)([7.0, 8.0])


def test_an_equal_program_is_differentiated_once_and_keeps_its_own_names(monkeypatch):
    made = []
    monkeypatch.setattr(derivatives, "gradients", lambda *args: made.append(args) or gradients(*args))
    found = [jit(value_and_grad(lambda p: p[0] * ag.cos(p[1]) + 4.5))(at) for at in ([0.5, 1.5], [7.0, 8.0])]
    assert len(made) == 1
    assert found == [value_and_grad(lambda p: p[0] * ag.cos(p[1]) + 4.5)(at) for at in ([0.5, 1.5], [7.0, 8.0])]
    for one, other in ((0.0, -0.0), (2.0, 3.0)):
        assert jit(grad(lambda x, k=one: x * x * k))(1.0) == 2.0 * one
        assert str(jit(grad(lambda x, k=other: x * x * k))(1.0)) == str(2.0 * other)
    assert str(trace(grad(lambda near: near * near * 5.5), 1.0)).startswith("def df(near):")
    assert str(trace(grad(lambda far: far * far * 5.5), 1.0)).startswith("def df(far):")


def test_captured_values_are_inputs_and_plain_numbers_are_not():
    def scaled(k):
        return jit(lambda x: x * k + 1.25)

    one, other = scaled(Value(2.0)), scaled(Value(3.0))
    assert code(one, 5.0) is code(other, 5.0)
    assert (float(one(5.0).data), float(other(5.0).data)) == (11.25, 16.25)
    assert code(scaled(2.0), 5.0) is not code(scaled(3.0), 5.0)
    plus, minus = jit(lambda x: x * 0.0), jit(lambda x: x * -0.0)
    assert code(plus, 1.0) is not code(minus, 1.0)
    assert str(minus(1.0)) == "-0.0"


def test_other_results_and_other_backends_have_their_own_code():
    as_list, as_tuple = jit(lambda x: [x + 0.75, x]), jit(lambda x: (x + 0.75, x))
    assert as_list(1.0) == [1.75, 1.0]
    assert as_tuple(1.0) == (1.75, 1.0)
    assert code(jit(lambda x: x - 0.625, backend="python"), 1.0) is not code(jit(lambda x: x - 0.625), 1.0)


def test_an_op_of_ones_own_is_never_shared():
    def named_twice(k):
        twice = ag.primitive("twice_", lambda x: k * x, lambda x, out: k)
        try:
            return jit(lambda x: twice(x) + 1.0)(3.0)
        finally:
            del TABLE["twice_"]

    assert (named_twice(2.0), named_twice(5.0)) == (7.0, 16.0)

    def sin(x):         # a compiled function bears its own name as an op
        return 2.0 * x

    inner = jit(sin)
    inner(1.0)
    assert jit(lambda x: ag.sin(x) + 0.375)(2.0) == ag.sin(2.0) + 0.375
    assert jit(lambda x: inner(x) + 0.375)(2.0) == 4.375


def test_kept_code_keeps_nothing_of_the_users_alive_and_is_bounded():
    gc.collect()
    gc.disable()
    try:
        held = Value(2.0)
        f = jit(lambda x: x * held)
        f(3.0)
        gone = weakref.ref(f)
        del f
        assert gone() is None
        for k in range(40):
            jit(lambda x, k=float(k): x * 1.5 + k)(1.0)
        assert len(recent_code._kept) <= MOST
        assert sum(len(program.instructions) for program, *_ in recent_code._kept) <= MOST_INSTRUCTIONS
    finally:
        gc.enable()


def test_what_is_used_again_stays_while_others_come_and_go():
    """The gradient of a network, beside the update of each optimiser that trains it."""
    one, kept, made = trace(lambda x: x * 1.5, 1.0), [], []
    for k in range(2 * MOST):
        result_of(kept, one, k, make=lambda: one)
        result_of(kept, one, "again", make=lambda: made.append(1) or one)
    assert len(made) == 1
    assert len(kept) == MOST


def test_kept_derivatives_are_bounded_by_their_own_length():
    short = trace(lambda x: x * 1.5, 1.0)
    long = replace(short, instructions=short.instructions * (MOST_INSTRUCTIONS // 2))
    kept = []
    for k in range(5):
        assert result_of(kept, short, k, make=lambda: long) is long
        assert len(kept) == min(k + 1, 2)
    assert result_of(kept, short, 4, make=lambda: None) is long
    assert result_of(kept, short, "longer", make=lambda: replace(long, instructions=long.instructions * 3)) is not long
    assert kept == []


def test_results_that_hold_objects_are_those_of_their_own_function():
    """What is equal is not the same object."""
    one = jit(lambda x: (x * x, None, "text"))
    for flag in ("".join(["te", "xt"]), "text", None):
        made = jit(lambda x, flag: [x * x, flag])
        assert made(3.0, flag)[1] is flag
        assert made(3.0, flag)[1] is flag
    assert one(3.0) == one(3.0) == (9.0, None, "text")


def test_powers_by_constants_share_code():
    f, g = (jit(value_and_grad(lambda x: x**2 + x**0.5 + x**-1 + x**1.7)) for _ in range(2))
    assert code(f, 2.0) is code(g, 2.0)
    assert code(jit(lambda x: x**2.5), 2.0) is not code(jit(lambda x: x**1.5), 2.0)


def test_another_thread_may_empty_what_is_kept():
    class Emptied(list):
        def __iter__(self):
            found = [*super().__iter__()]
            self.clear()
            return iter(found)

    program = trace(lambda x: x * x, 2.0)
    kept = Emptied()
    assert result_of(kept, program, make=lambda: 1) == 1
    list.append(kept, (program, {TABLE["mul"]}, (), 1))
    assert result_of(kept, program, make=lambda: 2) == 1
