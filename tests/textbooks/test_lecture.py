"""The lecture's expressions, drawings and neuron, typed along."""

import math

import pytest
from graphviz import Digraph

from autograd import Value

# ---- derivatives by hand ----


def test_the_slope_of_a_function_and_of_an_expression():
    def f(x):
        return 3 * x**2 - 4 * x + 5

    h = 0.000001
    assert (f(3.0 + h) - f(3.0)) / h == pytest.approx(14.0, abs=1e-4)
    x = Value(3.0)
    y = f(x)
    y.backward()
    assert (y.data, x.grad) == (20.0, 14.0)

    a, b, c = 2.0, -3.0, 10.0
    d1 = a * b + c
    c += h
    d2 = a * b + c
    assert (d2 - d1) / h == pytest.approx(1.0, abs=1e-6)


def expression():
    a = Value(2.0, label="a")
    b = Value(-3.0, label="b")
    c = Value(10.0, label="c")
    e = a * b
    e.label = "e"
    d = e + c
    d.label = "d"
    f = Value(-2.0, label="f")
    L = d * f       # noqa: N806 (the lecture's name)
    L.label = "L"
    return a, b, c, e, d, f, L


def test_the_expression_knows_its_children_and_ops():
    a, b, c, e, d, f, L = expression()      # noqa: N806
    assert L.data == -8.0
    assert "data=-8.0" in repr(L)
    assert d._prev == {e, c}
    assert (L._op, d._op, e._op, a._op) == ("*", "+", "*", "")
    assert a._prev == set()
    assert L._prev == {d, f}
    assert e._prev == {a, b}
    assert all(v.grad == 0 for v in (a, b, c, e, d, f, L))


def test_gradients_set_by_hand_and_a_step_that_raises_the_output():
    a, b, c, e, d, f, L = expression()      # noqa: N806
    L.grad = 1.0
    f.grad = 4.0
    d.grad = -2.0
    c.grad = -2.0
    e.grad = -2.0
    a.grad = -2.0 * -3.0
    b.grad = -2.0 * 2.0
    by_hand = [v.grad for v in (a, b, c, e, d, f, L)]
    for v in (a, b, c, e, d, f, L):
        v.grad = 0.0
    L.backward()
    assert [v.grad for v in (a, b, c, e, d, f, L)] == by_hand
    for v in (a, b, c, f):
        v.data += 0.01 * v.grad
    e = a * b
    d = e + c
    L = d * f       # noqa: N806
    assert L.data == pytest.approx(-7.286496, abs=1e-9)


# ---- its own picture ----


def trace(root):
    """The set of all nodes and that of all edges in a graph."""
    nodes, edges = set(), set()

    def build(v):
        if v not in nodes:
            nodes.add(v)
            for child in v._prev:
                edges.add((child, v))
                build(child)

    build(root)
    return nodes, edges


def draw_dot(root):
    dot = Digraph(format="svg", graph_attr={"rankdir": "LR"})
    nodes, edges = trace(root)
    for n in nodes:
        uid = str(id(n))
        dot.node(name=uid, label="{ %s | data %.4f | grad %.4f }" % (n.label, n.data, n.grad), shape="record")  # noqa: UP031
        if n._op:
            dot.node(name=uid + n._op, label=n._op)
            dot.edge(uid + n._op, uid)
    for n1, n2 in edges:
        dot.edge(str(id(n1)), str(id(n2)) + n2._op)
    return dot


def test_the_lectures_own_drawing():
    *_, L = expression()        # noqa: N806
    L.backward()
    nodes, edges = trace(L)
    assert (len(nodes), len(edges)) == (7, 6)
    source = draw_dot(L).source
    assert source.count(" -> ") == 6 + 3
    assert "L | data -8.0000 | grad 1.0000" in source
    assert "a | data 2.0000 | grad 6.0000" in source
    assert source.count("label=\"*\"") == 2


# ---- a neuron ----


def neuron():
    x1 = Value(2.0, label="x1")
    x2 = Value(0.0, label="x2")
    w1 = Value(-3.0, label="w1")
    w2 = Value(1.0, label="w2")
    b = Value(6.8813735870195432, label="b")
    x1w1 = x1 * w1
    x1w1.label = "x1*w1"
    x2w2 = x2 * w2
    x2w2.label = "x2*w2"
    x1w1x2w2 = x1w1 + x2w2
    x1w1x2w2.label = "x1*w1 + x2*w2"
    n = x1w1x2w2 + b
    n.label = "n"
    return (x1, w1, x2, w2, b), (x1w1, x2w2, x1w1x2w2, n)


WANTED = [-1.5, 1.0, 0.5, 0.0, 0.5]     # of x1, w1, x2, w2, b


def slopes(leaves):
    return [v.grad for v in leaves]


def test_the_neuron_by_one_step_at_a_time():
    leaves, (x1w1, x2w2, x1w1x2w2, n) = neuron()
    o = n.tanh()
    assert o.data == pytest.approx(0.7071067811865476, rel=1e-12)
    o.grad = 1.0
    o._backward()
    assert n.grad == pytest.approx(0.5, rel=1e-12)
    n._backward()
    leaves[-1]._backward()      # a leaf's does nothing
    x1w1x2w2._backward()
    x2w2._backward()
    x1w1._backward()
    assert slopes(leaves) == pytest.approx(WANTED, rel=1e-12)


def test_the_neuron_by_a_topological_sort_of_ones_own():
    leaves, (*_, n) = neuron()
    o = n.tanh()
    topo, visited = [], set()

    def build_topo(v):
        if v not in visited:
            visited.add(v)
            for child in v._prev:
                build_topo(child)
            topo.append(v)

    build_topo(o)
    assert len(topo) == 10
    assert topo[-1] is o
    o.grad = 1.0
    for node in reversed(topo):
        node._backward()
    by_hand = slopes(leaves)
    for node in topo:
        node.grad = 0.0
    o.backward()
    assert slopes(leaves) == by_hand
    assert by_hand == pytest.approx(WANTED, rel=1e-12)


def test_tanh_taken_apart_into_exp():
    leaves, (*_, n) = neuron()
    e = (2 * n).exp()
    o = (e - 1) / (e + 1)
    o.label = "o"
    o.backward()
    assert o.data == pytest.approx(0.7071067811865476, rel=1e-12)
    assert slopes(leaves) == pytest.approx(WANTED, rel=1e-12)
    nodes, edges = trace(o)
    assert len(nodes) == 9 + 5      # no nodes for 2, -1 and 1: constants are kept in the node that used them
    assert len(edges) == len({(a, b) for b in nodes for a in b._prev})


def test_tanh_written_by_oneself():
    def tanh(x):
        return (math.exp(2 * x) - 1) / (math.exp(2 * x) + 1)

    _, (*_, n) = neuron()
    assert n.tanh().data == pytest.approx(tanh(n.data), rel=1e-12)


def test_the_bug_of_one_node_used_twice_is_not_here():
    a = Value(3.0, label="a")
    b = a + a
    b.backward()
    assert a.grad == 2.0
    a, b = Value(-2.0), Value(3.0)
    d = a * b
    e = a + b
    f = d * e
    f.backward()
    assert (a.grad, b.grad) == (-3.0, -8.0)


def test_numbers_on_either_side():
    a, b = Value(2.0), Value(4.0)
    assert [(a + 1).data, (1 + a).data, (a * 2).data, (2 * a).data, (a / b).data, (a - b).data, (-a).data] == [
        3.0, 3.0, 4.0, 4.0, 0.5, -2.0, -2.0]
    assert a.exp().data == math.exp(2.0)
    assert (a**3).data == 8.0
