"""Program: printed, compared bit by bit, pickled, priced, run and verified."""

import math
import pickle
import subprocess
import sys

import pytest

import autograd as ag
from autograd import TABLE, Value, fori_loop, grad, jit, primitive, trace, while_loop
from autograd.program.program import Guard, Instruction, Program, verify
from autograd.program.simplification import expand

ADD, MUL = TABLE["add"], TABLE["mul"]


def program(instructions=(), outputs=(0,), **rest):
    return Program("f", ("x", "y"), tuple(Instruction(*each) for each in instructions), outputs, **rest)


def test_a_listing_is_the_function_in_the_users_names():
    def loss(x, target):
        guess = x * 2.0
        guess.label = "guess"
        if guess > target:
            guess = guess - target
            guess.label = "guess"
        return -ag.sin(guess), ag.sum([guess, x]), 0.5

    assert str(trace(loss, 1.0, 3.0)) == """\
def loss(x, target):
    guess = x * 2.0
    guard guess > target is False
    v1 = sin(guess)
    v2 = -v1
    v3 = sum(guess, x)
    return v2, v3, 0.5"""
    assert str(trace(loss, 2.0, 3.0)).count("guess_2") == 3     # the second of that name has one of its own


def test_no_two_registers_share_a_name():
    p = program([(ADD, (0, 1)), (ADD, (0, 1)), (ADD, (0, 1))], (2, 3, 4), labels={2: "x", 3: "v1", 4: "x_2"})
    assert len({line.split(" = ")[0].strip() for line in str(verify(p)).splitlines()[1:-1]}) == 3


@pytest.mark.parametrize(("a", "b"), [(0.0, -0.0), (1.0, 1), (1.0, 1.0 + 2.0**-52), (math.nan, 1.0), (5e-324, 0.0)])
def test_programs_are_compared_to_the_bit(a, b):
    def made(x):
        return [program([(ADD, (0, x))], (2,)), program([(ADD, (0, 1))], (2, x)),
                program([(ADD, (0, 1))], (2,), guards=(Guard("less", 0, x, True),))]

    for one, other, again in zip(made(a), made(b), made(a), strict=True):
        assert one == again
        assert hash(one) == hash(again)
        assert one != other
    assert program([(ADD, (0, math.nan))]) == program([(ADD, (0, float("nan")))])
    assert program() != "f"


def test_names_and_labels_do_not_count_but_outcomes_and_ops_do():
    p = program([(ADD, (0, 1))], (2,), guards=(Guard("less", 0, 1, True),))
    assert p == Program("g", ("u", "v"), p.instructions, p.outputs, p.guards, {2: "sum"})
    assert p != program([(ADD, (0, 1))], (2,), guards=(Guard("less", 0, 1, False),))
    assert p != program([(ADD, (0, 1))], (2,), guards=(Guard("less_equal", 0, 1, True),))
    assert p != program([(ADD, (0, 1))], (2,))
    assert program([(ADD, (0, 1))], (2,)) != program([(MUL, (0, 1))], (2,))


def test_a_pickled_program_is_the_same_in_another_process(tmp_path):
    def newton(s):
        x = s
        while abs(x * x - s) > 1e-9:
            x = 0.5 * (x + s / x)
            x.label = "guess"
        return x, -0.0, math.nan

    p = trace(newton, 2.0)
    again = pickle.loads(pickle.dumps(p))
    assert again == p
    assert str(again) == str(p)
    assert again.labels == p.labels
    (tmp_path / "p").write_bytes(pickle.dumps(p))
    code = f"import pickle; p = pickle.load(open({str(tmp_path / 'p')!r}, 'rb')); print(p); print(p(2.0)[0].hex())"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout == f"{p}\n{p(2.0)[0].hex()}\n"


def test_pickles_find_long_slopes_and_own_ops_where_they_are_defined(tmp_path):
    """A slope that compiled code calls is made when it is needed; the op of a user is there once it is defined."""
    cube = primitive("pickled_cube", lambda x: x * x * x, lambda x, out: 3.0 * x * x)
    f = jit(grad(lambda x, y: x ** y), backend="python")
    f(2.0, 3.5)
    slopes, own = next(iter(f.versions.roots.values())).trace.program, trace(grad(lambda x: cube(x) * x), 2.0)
    assert any("slope" in op.key for op, _ in slopes.instructions)
    (tmp_path / "p").write_bytes(pickle.dumps(slopes))
    (tmp_path / "q").write_bytes(pickle.dumps(own))
    code = f"""
import pickle
from autograd import AutogradError, primitive
from autograd.program.simplification import expand
p, q = (open(path, "rb").read() for path in ({str(tmp_path / 'p')!r}, {str(tmp_path / 'q')!r}))
print(expand(pickle.loads(p))(2.0, 3.5))
try:
    pickle.loads(q)
except AutogradError as error:
    print(error)
primitive("pickled_cube", lambda x: x * x * x, lambda x, out: 3.0 * x * x)
print(pickle.loads(q)(2.0))"""
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.splitlines()
    assert out[0] == str(expand(slopes)(2.0, 3.5))
    assert "no op 'pickled_cube' here: import the module" in out[1]
    assert out[2] == str(own(2.0)) == "(32.0,)"
    del TABLE["pickled_cube"]


def test_a_program_with_a_compiled_function_is_refused_by_its_name():
    inner = jit(lambda x: x * x)
    op = next(iter(inner.versions.roots.values())).code.op(0) if inner(3.0) else None
    with pytest.raises(TypeError, match="a function that jit compiled"):
        pickle.dumps(program([(op, (0, 1))], (2,)))


def test_a_program_is_not_changed_by_assignment():
    with pytest.raises(AttributeError):
        program().outputs = ()


def test_a_call_runs_it_and_refuses_what_it_is_not_made_for():
    p = trace(lambda x, y: x / y if x < y else x, 1.0, 2.0)
    assert p(0.0, 4.0) == (0.0,)
    with pytest.raises(ValueError, match="< being True"):
        p(2.0, 1.0)
    with pytest.raises(TypeError, match="1 numbers for 2 inputs"):
        p(1.0)
    [out] = trace(lambda x: 1.0 / x, 1.0)(-0.0)
    assert out == -math.inf


def test_a_call_runs_no_loop_at_inputs_that_go_another_way():
    """There it might not end."""
    def f(x):
        return while_loop(lambda c: c < 10.0, lambda c: c + x, x) if x > 0.0 else x

    def late(x):
        y = while_loop(lambda c: c < 10.0, lambda c: c + 1.0, x)
        return while_loop(lambda c: c < 20.0, lambda c: c + x, y) if y < 10.5 and x > 0.0 else y

    for function in (f, late, grad(f)):
        p = trace(function, 2.0)
        assert p(2.0) == (float(function(2.0)),)
        with pytest.raises(ValueError, match="> being True, which does not hold for these inputs"):
            p(-1.0)
    with pytest.raises(ValueError, match="< being True"):
        trace(late, 2.0)(11.0)


def test_a_call_that_takes_a_way_that_a_loop_lacks_says_so():
    p = trace(lambda x: fori_loop(0, 3, lambda i, c: c * 0.5 if c > 0.3 else c + 1.0, x), 3.0)
    assert p(4.0) == (0.5,)
    with pytest.raises(ValueError, match="made for other branches; fori_loop: iteration 2 branches in a new way"):
        p(1.0)


@pytest.mark.parametrize(("f", "cost"), [
    (lambda x, y: x, (0, 0, 16)),
    (lambda x, y: x * y + y, (2, 2, 24)),
    (lambda x, y: ag.sum([x, y, x]), (1, 2, 24)),
    (lambda x, y: ag.prod([x, y, x, y]), (1, 3, 24)),
    (lambda x, y: ag.mean([x, y, x]), (1, 3, 24)),          # and a quotient
    (lambda x, y: ag.dot([x, y, x], [y, 2.0, x]), (1, 5, 24)),
    (lambda x, y: ag.dot([x], [y]) + ag.sum([x]), (3, 2, 24)),
    (lambda x, y: ag.sin(x) ** y, (2, 2, 24)),
    (lambda x, y: ag.softplus(x) + ag.softplus(x), (3, 17, 32)),     # 2 choices, 2 comparisons, neg, exp, log1p, sum
    (lambda x, y: [x + y, x - y, x * y], (3, 3, 40)),
])
def test_cost_counts_instructions_flops_and_bytes(f, cost):
    assert trace(f, 1.0, 2.0).cost() == (*cost, 1.0, 0)


def test_a_long_chain_needs_no_more_memory_than_a_short_one():
    def chain(x):
        for _ in range(100):
            x = x * 1.5
        return x

    assert trace(chain, 1.0).cost()[:3] == (100, 100, 16)


@pytest.mark.parametrize("op", [op for op in TABLE.values() if op.arity], ids=lambda op: op.name)
def test_composite_ops_cost_what_their_formulas_take(op):
    cost = trace(op.function, *[sum(interval) / 2 for interval in op.domain]).cost()
    assert cost.instructions == 1
    assert (cost.flops > 1) == (op.composite and op.name not in ("square", "reciprocal", "deg2rad", "rad2deg"))


def test_gelu_costs_more_than_the_distribution_function_in_it():
    assert trace(ag.gelu, 1.0).cost().flops > trace(ag.normal_cdf, 1.0).cost().flops + 10


@pytest.mark.parametrize(("broken", "message"), [
    (program([(ADD, (0, 2))], (2,)), "register 2 is not there yet"),
    (program([(ADD, (0, -1))], (2,)), "register -1"),
    (program([(ADD, (0,))], (2,)), "1 operands, not 2"),
    (program([(ADD, (0, "1"))], (2,)), "neither a register"),
    (program([(ADD, (0, True))], (2,)), "neither a register"),
    (program([(ADD, (0, Value(1.0)))], (2,)), "neither a register"),
    (program([], (2,)), "output"),
    (program([], (0,), guards=(Guard("greater", 0, 2, True),)), "guard"),
    (program([], (0,), guards=(Guard("near", 0, 1, True),)), "not a comparison"),
    (program([], (0,), guards=(Guard("less", 0, 1, 1.0),)), "not a comparison"),
    (program([], (0,), labels={2: "z"}), "label 'z'"),
    (Program("f", ("x", "x"), (), (0,)), "two inputs have one name"),
])
def test_the_verifier_names_the_broken_rule(broken, message):
    with pytest.raises(ValueError, match=message):
        verify(broken)


def test_the_verifier_gives_back_what_is_right():
    p = program([(ADD, (0, 1.0)), (MUL, (2, 2))], (3, 0, 0.5), guards=(Guard("less", 2, 1, True),), labels={3: "y"})
    assert verify(p) is p
