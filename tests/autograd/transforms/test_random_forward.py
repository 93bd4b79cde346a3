"""Random functions that take forward and reverse derivatives inside: compiled as eager."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd as ag
from autograd import Value, derivative, grad, hvp, jvp, value_and_grad, vjp
from tests.support.bit_identity import same

GRID = (0.0, -0.0, 1.0, 2.0, -1.0, 0.5)


# ---- random programs ----------------------------------------------------------------------------


UNARY = ("ag.sqrt({})", "ag.log({})", "abs({})", "ag.sin({})", "ag.exp({})", "({})**2", "ag.relu({})",
         "ag.div(1.0, {})", "-{}", "ag.cbrt({})", "ag.stop_gradient({}) * 0.5")
BINARY = ("{} + {}", "{} - {}", "{} * {}", "ag.div({}, {})", "ag.maximum({}, {})", "max({}, {})", "min({}, {})",
          "sorted([{}, {}])[0]", "ag.where({}, {}, 0.5)", "ag.pow({}, {})", "ag.sum([{}, {}])", "ag.prod([{}, {}])",
          "({0} if {0} < {1} else {1} * {1})", "({1} * {0} if {0} == {1} else {0})", "({0} if {0} >= {1} else {1})")
INNER = ("jvp(g, (x, y), (s, t))", "jvp(g, (x, y), (s, 0.0))", "jvp(g, (x, y), (s * t, y - x))",
         "hvp(lambda p: g(*p), [x, y], [s, t])", "vjp(h, x, y)[1]([s, t])", "pulled(vjp(h, x, y), t)",
         "[derivative(lambda z: g(z, y))(x)]", "jvp(lambda a, b: jvp(g, (a, b), (s, a))[1], (x, y), (t, s))",
         "[derivative(lambda z: jvp(g, (x, z), (s, z))[1])(t)]", "jvp(lambda p: g(*p), ([x, y],), ([s, t],))",
         "jvp(lambda a, b: grad(g)(a, b)[0], (x, y), (s, t))")


def random_function(rng):
    """A function of four numbers that takes derivatives inside, of one that branches; and its source."""
    def lines(count):
        names, out = ["u", "v", "k"], []
        for i in range(count):
            template = rng.choice((*UNARY, *BINARY))
            out.append(f"        t{i} = {template.format(*(rng.choice(names) for _ in range(2)))}")
            names.append(f"t{i}")
        return [*out, f"        return {names[-1]}"]

    text = "\n".join(["def f(x, y, s, t):", f"    k = {rng.choice(('x', 'y', 't', 'x * y'))} * 1.0", "    def g(u, v):",
                      *lines(rng.randint(1, 5)), "    def h(u, v):", "        return [g(u, v), g(v, u)]",
                      f"    return {rng.choice(INNER)}"])
    space = {"ag": ag, "jvp": jvp, "hvp": hvp, "vjp": vjp, "grad": grad, "derivative": derivative,
             "pulled": lambda made, t: made[1]([made[0][0], t])}
    exec(text, space)
    return space["f"], text


def check(rng, backend, calls):
    f, text = random_function(rng)

    def last(*args):
        out = f(*args)
        return out[-1] if not isinstance(out[-1], list) else out[-1][-1]

    made = rng.choice((lambda *args: f(*args), grad(last), grad(last, argnums=(0, 2)), value_and_grad(last, argnums=3)))
    compiled = ag.jit(made, backend=backend)
    for _ in range(calls):
        args = [rng.choice(GRID) if rng.random() < 0.7 else rng.gauss(0.0, 1.0) for _ in range(4)]
        # plain floats have not the methods, and not the arithmetic, that Values have
        right = made(*args) if made is not f and isinstance(made, type(grad(f))) else made(*map(Value, args))
        assert same(numbers(compiled(*args)), numbers(right)), (text, args)


def numbers(out):
    return [*map(numbers, out)] if isinstance(out, (list, tuple)) else float(getattr(out, "data", out))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_random_functions_that_take_derivatives_inside(seed):
    check(Random(seed), "python", 8)


@pytest.mark.campaign
@pytest.mark.parametrize("backend", ["python", "llvm"])
def test_many_random_functions_that_take_derivatives_inside(backend, figure):
    for seed in range(5000):
        check(Random(f"forward {seed}"), backend, 10)
    figure(f"5,000 random functions that take jvp, vjp, hvp inside ({backend}), 10 inputs each",
           "equal to eager to the bit")
