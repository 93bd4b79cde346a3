"""anomaly() names the first bad node, its op, operands and line, and has no effect outside its block."""

import copy
import inspect
import math
import pickle
import sys
import threading

import pytest

import autograd as ag
from autograd import AnomalyError, Value, anomaly, derivative, find_anomaly, grad, hessian, jvp, no_grad, value_and_grad
from autograd.transforms.dual import Dual
from nn import MLP

INF, NAN = math.inf, math.nan


def here():
    """The file and line of the caller, as a message has them."""
    frame = inspect.currentframe().f_back
    return f'File "{frame.f_code.co_filename}", line {frame.f_lineno}, in {frame.f_code.co_name}'


def spoilt(x):
    ag.log(x)
    return here().replace(f"line {spoilt.__code__.co_firstlineno + 2}", f"line {spoilt.__code__.co_firstlineno + 1}")


def raised(function, *args, **options):
    with anomaly(**options), pytest.raises(AnomalyError) as caught:
        function(*args)
    return caught.value


def test_forward_names_op_operands_and_line():
    a, b = Value(1.0, "a"), Value(3.0, "b")
    with anomaly(), pytest.raises(AnomalyError) as caught:
        spoilt(a - b)
    assert str(caught.value) == f"log(-2.0) is nan\n  {spoilt(b)}\n    ag.log(x)"
    assert isinstance(caught.value, FloatingPointError)
    found = caught.value.anomaly
    assert (found.node.op.name, found.direction, found.operand) == ("log", "forward", None)
    assert found.node is found.root


@pytest.mark.parametrize(("make", "start"), [
    (lambda x: x / 0, "div(x=2.0, 0.0) is inf"),
    (lambda x: 0 / (x - 2), "div(0.0, 0.0) is nan"),
    (lambda x: (x * 400).exp(), "exp(800.0) is inf"),
    (lambda x: (-x).sqrt(), "sqrt(-2.0) is nan"),
    (lambda x: (-x)**0.5, "pow(-2.0, 0.5) is nan"),
    (lambda x: ag.sum([x, x, x, x, x, INF]), "sum(inf, x=2.0, x=2.0, x=2.0, ... 6 in all) is inf"),
    (lambda x: ag.dot([x], [INF]), "dot(x=2.0, inf) is inf"),
    (lambda x: ag.where(x > 0, x * 1e308, 0.0), "mul(x=2.0, 1e+308) is inf"),
    (lambda x: Value(NAN, "w") + x, "w is nan, a leaf\nused in add(w=nan, x=2.0)"),
    (lambda x: MLP(2, [3, 1], seed=0)([x * INF, x]), "mul(x=2.0, inf) is inf"),
    (lambda x: x.__radd__(INF), "add(inf, x=2.0) is inf"),
])
def test_forward_of_many_kinds(make, start):
    error = raised(make, Value(2.0, "x"))
    assert str(error).startswith(start)
    assert "test_anomalies.py" in str(error)


def test_backward_names_the_node_and_leaves_gradients_as_they_were():
    x, y = Value(0.0, "x"), Value(5.0, "y")
    y.grad = 7.0
    with anomaly():
        root = x.sqrt(); line = here()      # noqa: E702
        loss = root * 2 + y
        with pytest.raises(AnomalyError) as caught:
            loss.backward()
    assert str(caught.value).startswith(
        "backward through sqrt(x=0.0): gradient of x = 2.0 (upstream) * inf (local partial) is inf\n  " + line)
    assert (x.has_grad, y.grad, loss.has_grad) == (False, 7.0, False)
    found = caught.value.anomaly
    assert (found.node, found.root, found.direction, found.operand) == (root, loss, "backward", 0)
    loss.backward()         # outside, as ever
    assert (x.grad, y.grad) == (INF, 8.0)


def test_backward_of_a_sum_a_seed_and_a_graph_made_outside():
    x = Value(1e-200, "x")
    loss = x * 1.7e308 + x * 1.7e308
    assert str(raised(loss.backward)) == ("the gradient of x is inf, the sum of what its users contribute")
    assert str(raised(loss.backward, NAN)).startswith("the gradient of the result of add is nan, the seed")
    assert "File" not in str(raised((x / 0).backward))
    assert str(raised((x / 0).backward)) == "div(x=1e-200, 0.0) is inf"


def test_every_transform():
    for function in (lambda: grad(ag.sqrt)(0.0), lambda: value_and_grad(lambda x: x.sqrt())(0.0)):
        assert str(raised(function)).startswith("backward through sqrt(0.0): gradient of an input = 1.0 (upstream)")
    for function in (lambda: derivative(ag.sqrt)(0.0), lambda: jvp(lambda x, y: x.sqrt() + y, (0, 1), (1, 0))):
        assert str(raised(function)).startswith("the tangent of sqrt(0.0) is inf\n")
    assert str(raised(lambda: derivative(lambda x: 1 / x)(0.0))).startswith("div(1.0, 0.0) is inf\n")
    error = raised(lambda: hessian(lambda p: p[0].sqrt() * p[1])([0.0, 1.0]))
    first, *_, last = str(error).split("\nin the derivative of ")
    assert first.startswith("a local partial is inf\n")
    assert last.startswith("sqrt(0.0)\n")
    assert last.endswith("error = raised(lambda: hessian(lambda p: p[0].sqrt() * p[1])([0.0, 1.0]))")


def test_infinities_may_be_meant():
    x = Value(0.0, "x")
    with anomaly(inf=False):
        assert ag.exp(ag.log(x)).data == 0.0
        (x.sqrt() * 2).backward()
        assert str(raised(lambda: ag.log(x) * 0, inf=False)).startswith("mul(-inf, 0.0) is nan")
        with anomaly(), pytest.raises(AnomalyError, match="log"):
            ag.log(x)
    assert find_anomaly(ag.log(x) + 1, inf=False) is None
    assert find_anomaly(ag.log(x) + 1).message == "log(x=0.0) is -inf"


def test_in_no_grad_and_with_plain_numbers():
    with no_grad():
        assert str(raised(lambda: 1 / Value(0.0, "z"))).startswith("div(1.0, z=0.0) is inf\n")
    with anomaly():
        assert math.isnan(ag.log(-1.0))     # no Value, no graph: plain arithmetic
        assert (Value(2.0) * 3).data == 6.0
        with no_grad():
            assert (Value(2.0) * 3).op is None


def test_find_anomaly_where_all_is_well_and_after_an_assignment():
    x = Value(2.0, "x")
    y = x * 3
    assert find_anomaly(y) is None
    x.data = NAN
    assert find_anomaly(y) is None      # the graph used 2
    assert find_anomaly(x * 3).message == "x is nan, a leaf"
    assert (x.grad, y.has_grad) == (0.0, False)
    with pytest.raises(TypeError, match="graph of a Value, not float"):
        find_anomaly(1.0)


def test_a_node_keeps_its_line_through_labels_copies_and_pickles():
    with anomaly():
        y = Value(1.0, "x") * 2; line = here()      # noqa: E702
    y.label = "y"
    y.group = None
    for node in (y, copy.deepcopy(y), pickle.loads(pickle.dumps(y))):
        (node / 0).backward()
        node._a.data = 1.0
        root = node * 1e308 * 10
        assert line not in find_anomaly(root).message       # this node was made outside
    z = copy.deepcopy(y)
    z._da = INF
    assert line in find_anomaly(z).message
    assert (y.label, y.group, y.op.name) == ("y", None, "mul")


def codes(owner):
    return {name: (method, getattr(method, "__code__", None)) for name, method in vars(owner).items()}


def test_nothing_is_left_when_the_block_is_over():
    before = codes(Value), codes(Dual)
    with anomaly():
        assert Value.__add__.__code__.co_qualname == "Quiet.__add__"
        with no_grad(), anomaly(inf=False):
            pass
        assert codes(Value)["_apply"] != before[0]["_apply"]
    raised(lambda: Value(0.0) / 0)
    assert (codes(Value), codes(Dual)) == before
    assert (Value(1.0) / 0).data == INF
    block = anomaly()
    with block, block:
        pass
    assert codes(Value) == before[0]


def test_only_in_its_own_thread():
    results = []
    with anomaly():
        thread = threading.Thread(target=lambda: results.append((Value(1.0) / 0).data))
        thread.start()
        thread.join()
    assert results == [INF]


def test_lines_of_the_library_are_not_the_users():
    np = pytest.importorskip("numpy")
    error = raised(lambda: np.sum(np.array([Value(1e308), Value(1e308)])))
    assert "test_anomalies.py" in str(error)
    space = {"__name__": "autograd.sham", "Value": Value}
    exec("def deep():\n return Value(0.0) / 0", space)
    assert "in <lambda>" in str(raised(lambda: space["deep"]()))


def test_deep_graphs():
    x = Value(1.0, "x")
    y = x
    for _ in range(sys.getrecursionlimit() * 3):
        y = y + 1.0
    assert find_anomaly(y) is None
    assert find_anomaly(y / 0).message.startswith("div(")


def test_one_block_in_two_threads():
    for make, inside in ((no_grad, lambda: (Value(2.0) * 3).op is None), (anomaly, lambda: raises(Value(1.0)))):
        block, entered, leave, results = make(), threading.Event(), threading.Event(), []

        def other(block=block, inside=inside, entered=entered, leave=leave, results=results):
            with block:
                entered.set()
                leave.wait()
                results.append(inside())
            results.append(inside())

        thread = threading.Thread(target=other)
        with block:
            thread.start()
            entered.wait()
            assert inside()
        assert not inside()
        leave.set()
        thread.join()
        assert results == [True, False]


def raises(x):
    try:
        x / 0
    except AnomalyError:
        return True
    return False


def test_nested_derivatives_are_watched_where_adjoints_are_plain():
    error = raised(lambda: hessian(lambda y: y * 1e200 * 1e200)(1e-300))
    assert str(error).startswith("gradient: 1e+200 (upstream) * 1e+200 (local partial) is inf\nin the derivative of")
    error = raised(lambda: grad(lambda x: grad(lambda y: y * 1.7e308 + y * 1.7e308)(x) * x)(1e-300))
    assert str(error).startswith("gradient: 1.7e+308 + 1.7e+308 is inf\nin the derivative of mul(")


def test_what_nobody_asked_for_is_no_anomaly():
    with anomaly():
        assert ag.vjp(lambda x: 1e200 + x, 1.0)[1](1e200) == 1e200
        assert ag.hvp(lambda p: p[0] * 1e200 + p[0] * p[0], [1.0], [1e200]) == [2e200]
        assert math.isfinite(hessian(lambda x: x**0.5)(1e200))
        assert derivative(derivative(lambda x: x**2.0))(1e-200) == 2.0
    assert "cotangents" in str(raised(lambda: ag.vjp(lambda x: 5 * x, 1.0)[1](NAN)))


@pytest.mark.parametrize(("make", "operand"), [(lambda y: y * 1e200, 0), (lambda y: 1e200 * y, 1)])
def test_an_overflow_of_a_product_and_its_operand(make, operand):
    y = Value(1e-200, "y")
    found = find_anomaly(make(y) * 1e200)
    assert (found.direction, found.operand, found.node.args[operand] is y) == ("backward", operand, True)
    assert "gradient of y = 1e+200 (upstream) * 1e+200 (local partial) is inf" in found.message


def test_accumulation_is_watched():
    x = Value(1e-300, "x")
    with anomaly():
        (x * 1.7e308).backward()
        with pytest.raises(AnomalyError, match="gradient of x has accumulated to"):
            (x * 1.7e308).backward()
    assert x.grad == 1.7e308


def test_numbers_assigned_since_are_not_shown():
    x = Value(-1.0, "x")
    y = x.log()
    x.data = 5.0
    assert find_anomaly(y).message == "log(x=(assigned since)) is nan"


def test_labels_stay_on_one_line():
    assert str(raised(lambda: Value(0.0, "a\nb") / 0)).startswith("div(a b=0.0, 0.0) is nan\n")


def test_errors_in_duals_are_floats_or_not():
    error = raised(lambda: derivative(derivative(ag.sqrt))(0.0))
    assert "sqrt(0.0)" in str(error)


@pytest.mark.parametrize("package", ["autograd", "nn", "viz", "numpy"])
def test_lines_of_packages_around_the_engine_are_skipped(package):
    space = {"__name__": f"{package}.sham", "Value": Value}
    exec("def deep():\n return Value(0.0) / 0", space)
    assert "test_anomalies.py" in str(raised(lambda: space["deep"]()))
