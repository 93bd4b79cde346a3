"""What a Module's state is, and that it is loaded whole or not at all."""

import math

import numpy as np
import pytest

from autograd import Value
from nn import MLP, Linear, Module


class Table(Module):
    def __init__(self):
        self.weight = [[Value(1.0), Value(2.0)], [Value(3.0), Value(4.0)]]
        self.bias = [Value(5.0), Value(6.0)]
        self.scale = Value(7.0)
        self.note, self.nothing, self.computed = "text", [], [self.scale * 2]


def test_an_attribute_is_one_entry():
    assert Table().state_dict() == {"weight": [[1.0, 2.0], [3.0, 4.0]], "bias": [5.0, 6.0], "scale": 7.0}
    net = MLP(2, [2, 1], seed=0)
    assert list(net.state_dict()) == ["layers.0.neurons.0.w", "layers.0.neurons.0.b", "layers.0.neurons.1.w",
                                      "layers.0.neurons.1.b", "layers.1.neurons.0.w", "layers.1.neurons.0.b"]
    assert net.state_dict()["layers.0.neurons.1.w"] == [value.data for value in net.layers[0].neurons[1].w]


def test_a_state_brings_a_module_back():
    one, other = (MLP(3, [4, 2], "tanh", seed=seed) for seed in (1, 2))
    parameters = other.parameters()
    other.load_state_dict(one.state_dict())
    assert other.parameters() == parameters        # the same Values, so that an optimiser keeps them
    assert all(a is b for a, b in zip(other.parameters(), parameters, strict=True))
    assert other.state_dict() == one.state_dict()
    assert [y.data for y in other([1.0, 2.0, 3.0])] == [y.data for y in one([1.0, 2.0, 3.0])]


def test_a_state_is_a_copy():
    table = Table()
    state = table.state_dict()
    table.weight[0][0].data = 9.0
    assert state["weight"][0][0] == 1.0
    table.load_state_dict(state)
    state["weight"][0][0] = 8.0
    assert table.weight[0][0].data == 1.0


def test_arrays_and_every_float_can_be_loaded():
    table = Table()
    table.load_state_dict({"weight": np.array([[0.1, -0.0], [math.inf, math.nan]]), "bias": (1, np.float32(0.1)),
                           "scale": np.float64(2.0)})
    assert repr(table.state_dict()) == repr({"weight": [[0.1, -0.0], [math.inf, math.nan]],
                                             "bias": [1.0, float(np.float32(0.1))], "scale": 2.0})


def test_uneven_lists_are_an_entry_per_row():
    class Uneven(Module):
        def __init__(self):
            self.w = [[Value(1.0)], [Value(2.0), Value(3.0)]]
            self.mixed = [Value(4.0), "text", {"k": Value(5.0)}]

    assert Uneven().state_dict() == {"w.0": [1.0], "w.1": [2.0, 3.0], "mixed.0": 4.0, "mixed.2.k": 5.0}


def test_what_is_shared_stands_under_each_name():
    class Shared(Module):
        def __init__(self):
            self.a = self.b = Table()
            self.me = [self]
            self.round: list = []
            self.round.append(self.round)

    shared = Shared()
    assert [name for name, _ in shared.named_parameters()][:2] == ["a.weight.0.0", "a.weight.0.1"]
    state = shared.state_dict()
    assert list(state) == ["a.weight", "a.bias", "a.scale", "b.weight", "b.bias", "b.scale"]
    state["b.scale"] = state["a.scale"] = 70.0
    shared.load_state_dict(state)
    assert shared.b.scale.data == 70.0
    with pytest.raises(ValueError, match="a parameter that is shared is given different numbers"):
        shared.load_state_dict(state | {"b.scale": 71.0})
    assert shared.a.scale.data == 70.0


def test_modules_in_modules():
    class Net(Module):
        def __init__(self):
            self.first, self.scale = Table(), Value(1.0)
            self.more = [Linear(2, 1), {"k": MLP(1, [1], seed=0)}, self.first]
            self.me = self

    net = Net()
    found = dict(net.named_modules())
    assert list(found) == ["", "first", "more.0", "more.1.k", "more.1.k.layers.0", "more.1.k.layers.0.neurons.0"]
    assert [found[""], found["first"], found["more.0"]] == [net, net.first, net.more[0]]
    assert list(net.modules()) == list(found.values())
    assert repr(net) == """Net(
  (first): Table()
  (more.0): Linear(2, 1)
  (more.1.k): MLP of [Layer of [linear Neuron(1)]]
  (more.2): Table()
  (me): ...
)"""


def test_modules_nest_deep():
    module = Table()
    for _ in range(3000):
        outer = Module()
        outer.inner = module
        module = outer
    state = module.state_dict()
    assert list(state.values()) == list(Table().state_dict().values())
    module.load_state_dict(state)


def test_object_arrays_hold_parameters():
    class Arrays(Module):
        def __init__(self):
            self.w = np.array([[Value(1.0), Value(2.0)], [Value(3.0), Value(4.0)]], dtype=object)
            self.several = [np.array([Value(5.0)], dtype=object), np.array([Value(6.0)], dtype=object)]
            self.table = {"mixed": np.array([Value(7.0), Table()], dtype=object), "numbers": np.ones(3)}

    arrays = Arrays()
    names = [name for name, _ in arrays.named_parameters()]
    assert names[:7] == ["w.0.0", "w.0.1", "w.1.0", "w.1.1", "several.0.0", "several.1.0", "table.mixed.0"]
    assert arrays.w[1, 0] is arrays.parameters()[2]
    state = arrays.state_dict()
    assert list(state) == ["w", "several", "table.mixed.0", "table.mixed.1.weight", "table.mixed.1.bias",
                           "table.mixed.1.scale"]
    assert (state["w"], state["several"]) == ([[1.0, 2.0], [3.0, 4.0]], [[5.0], [6.0]])
    arrays.load_state_dict(state | {"w": [[1.0, 2.0], [30.0, 4.0]]})
    assert arrays.w[1, 0].data == 30.0


@pytest.mark.parametrize("kind", [set, frozenset])
def test_a_set_of_parameters_has_no_order(kind):
    table = Table()
    table.deep = [kind("ab"), kind([Value(1.0)])]
    for use in (Module.parameters, Module.state_dict):
        with pytest.raises(TypeError, match=rf"deep\.1 is a {kind.__name__} of parameters, .*; make it a list"):
            use(table)


def test_two_parameters_of_one_name():
    class Twice(Module):
        def __init__(self):
            self.w = {1: Value(1.0), "1": Value(2.0)}

    with pytest.raises(ValueError, match=r"two parameters have the name w\.1; rename"):
        Twice().state_dict()


GOOD = {"weight": [[10.0, 20.0], [30.0, 40.0]], "bias": [50.0, 60.0], "scale": 70.0}


@pytest.mark.parametrize(("change", "message"), [
    ({"bias": None}, "bias is missing"),
    ({"bais": 1.0}, "bais is unexpected"),
    ({3: 1.0}, "3 is unexpected"),
    ({"weight": [[1.0, 2.0]]}, "weight is not 2 x 2 numbers, but 1 x 2 numbers"),
    ({"weight": [1.0, 2.0]}, "weight is not 2 x 2 numbers, but 2 numbers"),
    ({"weight": [[1.0, 2.0], [3.0]]}, "weight is not 2 x 2 numbers, but uneven"),
    ({"weight": [[[1.0], 2.0], [3.0, 4.0]]}, "weight is not 2 x 2 numbers, but 2 x 2 x 1 numbers"),
    ({"weight": [["1.0", 2.0], [3.0, 4.0]]}, r"numbers: weight\[0\]\[0\] is '1.0', which is"),
    ({"weight": [[1.0, 2.0], [3.0, "a"]]}, r"2 x 2 numbers: weight\[1\]\[1\] is 'a', which is no number; give"),
    ({"weight": [[1.0, 2.0], "ab"]}, r"2 x 2 numbers: weight\[1\] is 'ab', which is no number"),
    ({"weight": [[1.0, 2.0], [3.0, None]]}, r"2 x 2 numbers: weight\[1\]\[1\] is None, which is no number"),
    ({"weight": 5.0}, "weight is not 2 x 2 numbers, but a number"),
    ({"weight": "ab"}, "weight is not 2 x 2 numbers, but a str"),
    ({"weight": np.zeros((2, 3))}, "weight is not 2 x 2 numbers, but 2 x 3 numbers"),
    ({"scale": [1.0]}, "scale is not a number, but 1 number"),
    ({"scale": "1.0"}, "scale is not a number, but a str"),
    ({"scale": Value(1.0)}, "scale is not a number, but a Value"),
])
def test_nothing_is_half_loaded(change, message):
    table = Table()
    before = table.state_dict()
    state = {name: x for name, x in (GOOD | change).items() if x is not None}
    with pytest.raises(ValueError, match=message):
        table.load_state_dict(state)
    assert table.state_dict() == before


def test_one_error_names_everything():
    with pytest.raises(ValueError, match="load_state_dict: weight is missing; scale is missing; a is unexpected; "
                                         "bias is not 2 numbers, but 1 number; give the state of a module like this"):
        Table().load_state_dict({"bias": [1.0], "a": 2.0})


@pytest.mark.parametrize("state", [None, [1.0], "weight"])
def test_a_state_is_a_dict(state):
    with pytest.raises(TypeError, match="load_state_dict takes a dict of names and numbers, not"):
        Table().load_state_dict(state)
