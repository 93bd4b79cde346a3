"""Copied objects with compiled methods have specializations of their own."""

import copy
import pickle
from collections import namedtuple
from dataclasses import dataclass

import pytest

import autograd as ag
from tests.support.compiled_methods import Plain, Steep


class Slotted:
    __slots__ = ("__weakref__", "k")

    def __init__(self, k):
        self.k = k

    @ag.jit
    def at(self, x):
        return self.k * x


@dataclass(slots=True)
class Bare:
    k: float

    @ag.jit
    def at(self, x):
        return self.k * x


class Point(namedtuple("Point", "k")):
    @ag.jit
    def at(self, x):
        return self.k * x


TWINS = [copy.copy, copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))]


@pytest.mark.parametrize("twin", TWINS)
@pytest.mark.parametrize("kind", [Slotted, Bare, Plain, Steep])
def test_copies_have_versions_of_their_own(kind, twin):
    one = kind(2.0)
    factor = 100.0 if kind is Steep else 1.0
    assert one.at(3.0) == 6.0 * factor
    other = twin(one)
    other.k = 5.0
    assert [other.at(3.0), one.at(3.0), other.at(1.0)] == [15.0 * factor, 6.0 * factor, 5.0 * factor]
    assert len(one.at.programs) == (0 if kind is Bare else 1)


@pytest.mark.parametrize("twin", TWINS)
def test_copies_of_a_bound_method(twin):
    steep = Steep(2.0)
    assert twin(steep.at)(1.0) == 200.0
    assert twin(super(Steep, steep).at)(1.0) == 2.0      # where Python's own methods become the subclass's
    assert twin(Point(2.0).at)(3.0) == 6.0


def test_what_takes_neither_attributes_nor_weak_references(jit):
    point = Point(2.0)
    at = point.at
    assert [at(3.0), at(4.0), Point(7.0).at(3.0), Bare(3.0).at(2.0)] == [6.0, 8.0, 21.0, 6.0]


def test_the_state_of_one_object_in_another(jit):
    class Model:
        def __init__(self, k):
            self.k = k

        @jit
        def at(self, x):
            return self.k * x

    model = Model(2.0)
    assert model.at(1.0) == 2.0
    state = vars(model)
    del model
    for k in range(10):         # one of them is likely to be where the first was
        other = Model.__new__(Model)
        vars(other).update(state, k=float(k))
        assert other.at(1.0) == k
