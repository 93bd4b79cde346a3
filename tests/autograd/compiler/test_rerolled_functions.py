"""Compiled functions whose loops of Python are found again: the same results as eagerly, from short code."""

import time
from array import array
from random import Random

import pytest

import autograd as ag
from autograd import grad, hessian, value_and_grad
from nn import MLP
from tests.support.bit_identity import same

N = 100


def rosenbrock(x):
    total = 0.0         # the builtin sum of floats is compensated since Python 3.12
    for i in range(len(x) - 1):
        total = total + (100.0 * (x[i + 1] - x[i]**2)**2 + (1 - x[i])**2)
    return total


def points(n, seed=0):
    draw = Random(seed)
    return [draw.uniform(-1.5, 1.5) for _ in range(n)]


def short(compiled):
    """Whether the loop is one in all that was compiled."""
    return all(len(program.instructions) < len(program.inputs) + 30 for program in compiled.programs)


@pytest.mark.parametrize("f", [rosenbrock, grad(rosenbrock), value_and_grad(rosenbrock)], ids=["f", "grad", "both"])
def test_values_and_gradients_are_eager_s(f, jit):
    compiled = jit(f)
    for seed in range(3):
        assert same(compiled(points(N, seed)), f(points(N, seed)))


def test_arrays_buffers_and_lists(jit):
    np = pytest.importorskip("numpy")
    compiled, x = jit(value_and_grad(rosenbrock)), np.array(points(N))
    value, slopes = value_and_grad(rosenbrock)(x)
    found = compiled(x)
    assert found[0] == value
    assert (found[1] == slopes).all()
    out = array("d", bytes(8 * (N + 1)))
    compiled.bind(x, out=out)()
    assert [*out] == [value, *slopes]


def test_derivatives_of_compiled_functions(jit):
    compiled, x = jit(rosenbrock), points(N)
    assert same(grad(compiled)(x), grad(rosenbrock)(x))
    v = [ag.Value(a) for a in x]
    compiled(v).backward()
    assert [a.grad for a in v] == grad(rosenbrock)(x)


def test_second_derivatives(jit):
    x = points(45)
    assert same(jit(hessian(rosenbrock))(x), hessian(rosenbrock)(x))
    inner = jit(grad(rosenbrock))

    def squares(x):
        return sum(slope * slope for slope in inner(x))

    def eagerly(x):
        return sum(slope * slope for slope in grad(rosenbrock)(x))

    assert same(grad(squares)(x), grad(eagerly)(x))


def test_a_value_in_the_place_of_a_number_reaches_only_what_depends_on_it(jit):
    compiled = jit(lambda x: [ag.sin(a) * a * 0.5 + a for a in x])
    x = points(N)
    compiled(x)
    found = compiled([ag.Value(x[0]), *x[1:]])
    assert isinstance(found[0], ag.Value)
    assert [type(a) for a in found[1:]] == [float] * (N - 1)


def test_terms_that_branch_have_their_versions(jit):
    def f(x):
        total = 0.0
        for a in x:
            total = total + (a * a * 0.5 + 1.0 if a > -1.0 else a)
        return total

    compiled = jit(value_and_grad(f))
    for x in ([0.5 + 0.01 * i for i in range(N)], [0.25] * (N - 1) + [-2.0], [-2.0] + [0.25] * (N - 1)):
        assert same(compiled(x), value_and_grad(f)(x))
    assert len(compiled.programs) == 3


def test_the_loss_over_the_rows_of_a_table(jit):
    model, draw = MLP(2, [4, 4, 1]), Random(1)
    rows = [([draw.uniform(-1, 1), draw.uniform(-1, 1)], draw.choice((-1.0, 1.0))) for _ in range(50)]

    def loss():
        total = 0.0
        for x, y in rows:
            total = total + (1.0 - y * model(x)).relu()
        return total / len(rows) + 1e-4 * sum(p * p for p in model.parameters())

    step = value_and_grad(loss, wrt=model.parameters())
    compiled = jit(step)
    assert same(compiled(), step())
    for p in model.parameters():
        p.data = p.data * 0.5
    assert same(compiled(), step())


def test_functions_of_the_c_library_in_every_lane(jit):
    def f(x):
        return sum(ag.exp(ag.sin(a)) / (1.0 + ag.log(a * a + 1.0)) + abs(a)**0.5 + ag.sqrt(a * a + 0.1) for a in x)

    for n in (24, 31, 32, 33, 47, 67):
        assert same(jit(value_and_grad(f))(points(n)), value_and_grad(f)(points(n)))


def test_listings_show_the_body():
    pytest.importorskip("llvmlite")
    compiled = ag.jit(value_and_grad(rosenbrock))
    compiled(points(N))
    assert f"{N - 1} times" in str(compiled.programs[0])
    assert short(compiled)


def test_the_first_call_does_not_grow_with_the_code():
    """A tenth of a second of it, with ten thousand numbers, is the function itself, recorded."""
    pytest.importorskip("llvmlite")
    times = []
    for seed in range(2):
        compiled, x = ag.jit(value_and_grad(rosenbrock)), points(10_000, seed)
        start = time.process_time()
        compiled(x)
        times.append(time.process_time() - start)
    assert min(times) < 1.0      # some 0.25 on a free core; straight code takes ten times as long


def test_other_languages_get_the_copies_written_out():
    pytest.importorskip("llvmlite")
    from autograd.lower import c, python
    compiled, x = ag.jit(value_and_grad(rosenbrock)), points(N)
    value, slopes = compiled(x)
    program = compiled.programs[0]
    assert python.lower(program)(x) == (value, *slopes)
    assert c.source(program).count("=") > 10 * N
    numpy = pytest.importorskip("numpy")
    from autograd.lower.numpy import lower
    assert numpy.allclose(lower(program)(x), [value, *slopes], rtol=1e-12)
