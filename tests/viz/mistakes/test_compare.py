"""The gallery: each wrong engine against a hand-written one with the same mistake, and the arrow that it blames."""

import math

import pytest

from autograd import Value, relu, sigmoid, sum, tanh
from tests.support.engine_mutants import mutant
from viz.mistakes import ENGINES, compare


def colah():
    a, b = Value(2.0, "a"), Value(1.0, "b")
    c, d = a + b, b + 1
    c.label, d.label = "c", "d"
    e = c * d
    e.label = "e"
    return e, a, b, c, d


# Graphs by expressions, which student engines and Values both evaluate, and the leaves.
PROGRAMS = {
    "shared leaf": (lambda x, y: (x + y) * (y + 1), [2.0, 1.0]),
    "shared operation": (lambda x, y: (lambda c: c * (c + y))(x * y), [3.0, -2.0]),
    "the same operand twice": (lambda x, y: (lambda c: (c + c) * c)(x * y), [1.5, 2.0]),
    "a diamond of diamonds": (lambda x, y: (lambda c: (lambda d: d * (d + c))(c * (c + x)))(x + y), [0.5, 2.0]),
    "a tree": (lambda x, y: x * y + 3, [2.0, 5.0]),
}


def gradients(student, program, numbers, backwards=1):
    leaves = [student(x) for x in numbers]
    out = program(*leaves)
    for _ in range(backwards):
        out.backward()
    return [leaf.grad for leaf in leaves]


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize(("name", "change", "backwards"), [
    ("assign", "every += is =", 1), ("early", "depth first, each node once", 1),
    ("revisit", "depth first, each node per arrow", 1), ("no_zero_grad", "", 2),
    ("second_backward", "operations keep their gradients", 2)])
def test_a_wrong_engine_is_wrong_as_a_hand_written_one(program, name, change, backwards):
    make, numbers = PROGRAMS[program]
    leaves = [Value(x) for x in numbers]
    found = compare(make(*leaves), name)
    assert [found.wrong[leaf] for leaf in leaves] == gradients(mutant(change), make, numbers, backwards)
    assert [found.right[leaf] for leaf in leaves] == gradients(mutant(""), make, numbers)
    assert (found.first is None) == (not any(map(found.differs, found.right)))


def test_assign_blames_the_arrow_that_overwrites():
    e, _, b, c, d = colah()
    found = compare(e, "assign")
    assert {found.names[v]: found.wrong[v] for v in found.right if found.differs(v)} == {"b": 2.0}
    assert found.arrow == (c, b, 1, 2.0, 1.0, 2.0, 3.0, 2.0, 1)
    assert found.right_steps[-1].total == 5.0
    assert "writes 2 over 3" in found.reason()
    assert "覆盖" in found.reason("zh")
    assert d not in (found.arrow.consumer, found.arrow.operand)


def test_early_blames_the_arrow_that_leaves_too_early():
    root = ENGINES["early"].example()
    found = compare(root, "early")
    assert (found.names[found.arrow.consumer], found.arrow.upstream) == ("c", 7.0)
    assert "complete, its gradient is 13" in found.reason()
    c = found.arrow.consumer
    assert (found.wrong[c], found.right[c]) == (13.0, 13.0)     # the rest arrives, too late


def test_second_backward_of_a_cube_is_72():
    x = Value(3.0, "x")
    cube = x * x * x
    assert compare(cube, "second_backward").wrong[x] == 72.0
    assert compare(cube, "no_zero_grad").wrong[x] == 54.0
    assert compare(cube, "no_zero_grad").right[x] == 27.0


def test_a_step_tells_all_that_a_player_shows():
    e, a, b, c, d = colah()
    found = compare(e, "no_zero_grad")
    assert [step.sweep for step in found.steps] == [1] * 5 + [2] * 5
    for step in found.steps:
        assert step.contribution == step.upstream * step.partial
        assert step.total == step.before + step.contribution
        assert step.consumer.args[step.place] is step.operand
    assert found.steps[found.first].before == 5.0
    assert [step.total for step in found.right_steps] == [2.0, 3.0, 3.0, 2.0, 5.0]
    assert set(found.right) == {e, a, b, c, d}


def two_two_two(weights):
    """The network with targets 0.01 and 0.99, written out in Values."""
    w = [Value(x, f"w{i}") for i, x in enumerate(weights, 1)]
    h = [sigmoid(w[i] * 0.05 + w[i + 1] * 0.10 + 0.35) for i in (0, 2)]
    o = [sigmoid(w[i] * h[0] + h[1] * w[i + 1] + 0.60) for i in (4, 6)]
    return sum([0.5 * (t - y) ** 2 for t, y in zip((0.01, 0.99), o, strict=True)]), w


def test_updated_weights_give_the_figure_of_the_texts():
    start = [.15, .20, .25, .30, .40, .45, .50, .55]
    loss, w = two_two_two(start)
    found = compare(loss, "updated_weights", rate=0.5)
    after = two_two_two([x - 0.5 * found.wrong[v] for x, v in zip(start, w, strict=True)])[0].data
    assert round(after, 9) == 0.291027924
    true = two_two_two([x - 0.5 * found.right[v] for x, v in zip(start, w, strict=True)])[0].data
    assert true == pytest.approx(0.2910277736937, abs=1e-12)
    assert [found.differs(v) for v in w] == [True] * 4 + [False] * 4
    assert found.arrow.operand.op.name == "sigmoid"
    assert "the updated weight" in found.reason()


def test_updated_weights_are_only_those_that_are_named():
    target, w, x = Value(2.0), Value(3.0), Value(0.5)
    h = x * 1.5
    y = (w * h) * target
    only = compare(y, "updated_weights", weights=[w], rate=1.0)
    assert only.wrong[x] == pytest.approx(1.5 * 2.0 * (3.0 - 0.75 * 2.0))
    both = compare(y, "updated_weights", rate=1.0)
    assert both.wrong[w] == pytest.approx(0.75 * (2.0 - 3.0 * 0.75))


@pytest.mark.parametrize(("name", "activation", "z", "lively"), [
    ("saturated", tanh, 5.0, 1.0), ("saturated", sigmoid, -7.0, 0.25), ("dead_relu", relu, -1.0, 1.0)])
def test_a_sick_neuron_has_a_right_gradient_that_is_lost(name, activation, z, lively):
    w = Value(2.0, "w")
    root = activation(w * z) * 3.0
    root.backward()
    found = compare(root, name)
    assert found.wrong == found.right
    assert found.right[w] == w.grad
    assert found.beside[w] == pytest.approx(3.0 * lively * z)
    assert found.differs(w)
    assert found.arrow.consumer is root.args[0]
    assert abs(found.arrow.partial) < 0.01


@pytest.mark.parametrize("name", ENGINES)
def test_a_lively_tree_shows_no_mistake_or_says_so(name):
    x = Value(0.5, "x")
    found = compare(relu(tanh(x)), name)
    if found.first is None:
        assert found.arrow is None
        assert found.wrong == found.right == found.beside
        assert found.reason().startswith("Here")
        assert found.reason("zh").startswith("在这里")
    else:
        assert name in ("no_zero_grad", "second_backward")


@pytest.mark.parametrize("name", ENGINES)
def test_each_example_shows_its_mistake_and_nothing_is_changed(name):
    root = ENGINES[name].example()
    found = compare(root, name)
    assert any(map(found.differs, found.right))
    assert found.arrow is found.steps[found.first]
    assert ENGINES[name](root)[root] == 1.0
    assert not any(node.has_grad for node in found.right)
    for lang in ("en", "zh"):
        assert ENGINES[name].title(lang)
        assert "{" not in found.reason(lang) + ENGINES[name].why(lang)


def test_gradients_start_where_backward_started():
    x = Value(3.0)
    y = x * x + x
    y.backward(2.0)
    assert compare(y, "assign").right[x] == 14.0


def test_a_leaf_a_nan_and_an_infinity():
    x = Value(3.0)
    assert all(compare(x, name).wrong == {x: 1.0} for name in ENGINES)
    y = Value(math.inf)
    found = compare(y * y - y, "assign")
    assert math.isnan(found.right[y]) or found.right[y] == math.inf


def test_a_deep_graph_needs_no_recursion():
    x = y = Value(1.0)
    for _ in range(30_000):
        y = y + x
    found = compare(y, "early")
    assert found.right[x] == 30_001.0


def test_what_cannot_be_compared_is_told():
    x = y = Value(1.0)
    for _ in range(40):
        y = y + y
    with pytest.raises(ValueError, match=r"more than 100,000 steps.*choose a smaller graph"):
        compare(y, "revisit")
    with pytest.raises(ValueError, match="no mistake 'asign' in the gallery; it has assign, early"):
        compare(x, "asign")
    with pytest.raises(TypeError, match="one Value, not float"):
        compare(2.0, "assign")
    with pytest.raises(TypeError, match="assign has no option 'rate'"):
        compare(x, "assign", rate=0.1)
