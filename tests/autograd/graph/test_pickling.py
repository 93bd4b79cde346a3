"""Copies and pickles of graphs: same gradients, shared nodes, subclasses, stale leaves."""

import copy
import pickle

import pytest

import autograd as ag
from autograd import StaleValueError, Value, topological_order


def test_copies_and_pickles_are_new_nodes_with_the_same_gradients():
    x = Value(3.0, "x")
    y = x * x + 1
    y.backward()
    for other in (copy.deepcopy(y), pickle.loads(pickle.dumps(y)), pickle.loads(pickle.dumps(y, protocol=0))):
        leaf = topological_order(other)[0]
        assert leaf is not x
        assert (leaf.label, leaf.grad, other.grad, other.op) == ("x", 6.0, 1.0, y.op)
        (other * other).backward()
        assert leaf.grad == 126
    again = copy.copy(y)
    (again + y).backward()      # the copy has a serial of its own, so neither hides the other
    assert x.grad == 18


def test_copies_share_what_the_originals_shared():
    x = Value(3.0)
    y = x * 2
    z = y + x + ag.dot([x, y], [y, 1.0])
    for twin in (copy.deepcopy, lambda o: pickle.loads(pickle.dumps(o))):
        x2, y2, z2 = twin([x, y, z])
        assert y2.args[0] is x2
        assert topological_order(z2)[0] is x2
        z2.backward()
        z.backward()
        assert x2.grad == x.grad
        ag.zero_grad([x, x2])


def test_a_stale_leaf_stays_stale_in_a_copy():
    w = Value(2.0)
    y = w * w * w
    w.data = 5.0
    for twin in (lambda o: o, copy.deepcopy, lambda o: pickle.loads(pickle.dumps(o))):
        y2, w2 = twin([y, w])
        with pytest.raises(StaleValueError):
            ag.grad(lambda t, y=y2, w=w2: ag.value_and_grad(lambda: y * t, wrt=[w])()[1][0], 0)(1.0)


class Parameter(Value):
    pass


def test_subclasses_keep_their_kind_and_attributes_in_copies():
    p = Parameter(2.0)
    p.note = "kept"
    for other in (copy.copy(p), copy.deepcopy(p), pickle.loads(pickle.dumps(p * 2)).args[0]):
        assert type(other) is Parameter
        assert other.note == "kept"


def test_an_assigned_leaf_stays_assigned_in_a_copy():
    x = Value(1.0)
    y = x * 2
    x.data = 5.0
    twin = copy.deepcopy(y)
    assert twin.args[0].data == 5.0
    assert ag.grad(ag.grad(lambda t: t * t * twin.args[0]))(1.0) == 10.0
