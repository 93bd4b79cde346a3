"""What is in a module: children, buffers, modes, frozen parameters; its text and its summary."""

import math
import pickle
from random import Random

import numpy as np
import pytest

from nn import (
    MLP,
    SGD,
    Flatten,
    Linear,
    Module,
    ModuleDict,
    ModuleList,
    Sequential,
    Tanh,
    fit,
    mse_loss,
    summary,
)

X = [[Random(i).gauss(0, 1), Random(-i).gauss(0, 1)] for i in range(1, 21)]
Y = [a - 2 * b for a, b in X]


class Scaled(Module):
    """Counts its calls and divides by a scale that is no parameter."""

    def __init__(self):
        self.inner = [Linear(2, 2, seed=0), {"last": Linear(2, 1, seed=1)}]
        self.register_buffer("scale", [2.0, 3.0])
        self.register_buffer("calls", 0.0, persistent=False)
        self.register_buffer("absent", None)

    def forward(self, x):
        self.update_buffer("calls", self.calls + 1)
        h = [y / s for y, s in zip(self.inner[0](x), self.scale, strict=True)]
        return self.inner[1]["last"](h)


def test_children_and_apply():
    net = Sequential(Linear(2, 2, seed=0), Sequential(Linear(2, 2, seed=1), Tanh()), Linear(2, 1, seed=2))
    assert [name for name, _ in net.named_children()] == ["0", "1", "2"]
    assert list(net.children()) == list(net)
    assert [name for name, _ in Scaled().named_children()] == ["inner.0", "inner.1.last"]
    seen = []
    assert net.apply(seen.append) is net
    assert seen == [net[0], net[1][0], net[1][1], net[1], net[2], net]      # PyTorch's order


def test_modes_reach_every_module():
    net = Sequential(Scaled(), Tanh())
    assert net.training
    assert net[0].inner[1]["last"].training
    assert net.eval() is net
    assert [module.training for module in net.modules()] == [False] * 5
    net[1].train()
    assert (net.training, net[1].training) == (False, True)
    assert net.train(True) is net
    assert all(module.training for module in net.modules())
    with pytest.raises(ValueError, match="mode is True or False, not 1"):
        net.train(1)


def test_buffers_are_state_and_no_parameters():
    net = Scaled()
    assert list(net.state_dict()) == ["inner.0.weight", "inner.0.bias", "inner.1.last.weight", "inner.1.last.bias",
                                      "scale"]
    assert [name for name, _ in net.named_buffers()] == ["scale.0", "scale.1", "calls"]
    assert not set(net.buffers()) & set(net.parameters())
    assert len(net.parameters()) == 9
    state = net.state_dict() | {"scale": np.array([4.0, 5.0])}
    net.load_state_dict(state)
    assert [x.data for x in net.scale] == [4.0, 5.0]
    net([1.0, 2.0])[0].backward()
    assert net.calls.data == 1.0
    assert not net.scale[0].has_grad
    assert net.inner[0].weight[0][0].has_grad
    again = pickle.loads(pickle.dumps(net))
    assert again.state_dict() == net.state_dict()
    assert not again.buffers()[0].requires_grad
    outer = Sequential(net)
    assert "0.scale" in outer.state_dict()
    assert len(outer.parameters()) == 9


def test_wrong_buffers():
    net = Scaled()
    with pytest.raises(ValueError, match="'training' is no name"):
        net.register_buffer("training", 1.0)
    with pytest.raises(ValueError, match=r"has no buffer 'mean'; it has scale, calls, absent"):
        net.update_buffer("mean", 1.0)
    with pytest.raises(ValueError, match=r"update_buffer\('scale'\): the numbers have another shape"):
        net.update_buffer("scale", [1.0])
    net.scale = [1.0, 2.0]
    with pytest.raises(TypeError, match=r"scale is a buffer, and was assigned something else"):
        net.state_dict()


def test_load_state_dict_strict():
    net = Linear(2, 1, seed=0)
    weight = net.state_dict()["weight"]
    with pytest.raises(ValueError, match="weight is missing; mean is unexpected"):
        net.load_state_dict({"bias": [3.0], "mean": 1.0})
    keys = net.load_state_dict({"bias": [3.0], "mean": 1.0}, strict=False)
    assert (keys.missing_keys, keys.unexpected_keys) == (["weight"], ["mean"])
    assert net.state_dict() == {"weight": weight, "bias": [3.0]}
    with pytest.raises(ValueError, match="bias is not 1 number, but 2 numbers"):
        net.load_state_dict({"bias": [3.0, 4.0]}, strict=False)
    assert net.load_state_dict(net.state_dict()) is net
    assert net.load_state_dict(net.state_dict(), strict=False) == ([], [])


# ---- containers, text, summary -------------------------------------------------------------------


def test_sequential_is_edited_like_a_list():
    net = Sequential(Linear(2, 3, seed=0), Tanh())
    head, extra = Linear(3, 1, seed=1), Linear(3, 3, seed=2)
    assert net.append(head) is net
    net.insert(2, extra)
    assert list(net)[2:] == [extra, head]
    assert list(net.state_dict()) == ["0.weight", "0.bias", "2.weight", "2.bias", "3.weight", "3.bias"]
    assert net([1.0, 2.0])[0].group.path[0] == "3  Linear(3, 1)"
    del net[2]
    assert net([1.0, 2.0])[0].group.path[0] == "2  Linear(3, 1)"
    net[-1] = extra
    assert net.pop() is extra
    assert len(net) == 2
    net.extend([extra, head])
    net[2:] = [head]
    assert list(net)[2:] == [head]
    with pytest.raises(IndexError):
        net[7] = head
    with pytest.raises(TypeError, match="number 3 is the class Tanh"):
        net.append(Tanh)
    assert len(net) == 3
    inner = Sequential(Sequential(Tanh()))
    inner[0].append(Linear(1, 1))
    assert inner([1.0])[0].group.path[:2] == ("0", "0.1  Linear(1, 1)")


def test_lists_and_dicts_of_modules():
    class Net(Module):
        def __init__(self):
            self.layers = ModuleList(Linear(2, 2, seed=i) for i in range(3))
            self.heads = ModuleDict({"a": Linear(2, 1, seed=7), "b": Tanh()})

        def forward(self, x, head="a"):
            for layer in self.layers:
                x = layer(x)
            return self.heads[head](x)

    net = Net()
    assert list(net.state_dict())[-3:] == ["layers.2.bias", "heads.a.weight", "heads.a.bias"]
    assert len(net.parameters()) == 3 * 6 + 3
    assert repr(net) == """Net(
  (layers): ModuleList(
    (0-2): 3 x Linear(2, 2)
  )
  (heads): ModuleDict(
    (a): Linear(2, 1)
    (b): Tanh()
  )
)"""
    assert net.heads.keys() == ["a", "b"]
    assert "b" in net.heads
    assert len(net.heads) == 2
    del net.heads["b"]
    net.heads.update({"c": Tanh()})
    assert [key for key, _ in net.heads.items()] == ["a", "c"]
    assert len(net([1.0, 2.0], "c")) == 2
    for key in ("items", "a.b", "", 3):
        with pytest.raises(KeyError, match="is no key of a ModuleDict"):
            net.heads[key] = Tanh()
    with pytest.raises(TypeError, match="a ModuleList cannot be called"):
        net.layers([1.0, 2.0])
    with pytest.raises(TypeError, match="takes modules, but number 3 is function"):
        net.layers.append(lambda x: x)
    assert fit(net, mse_loss, X, Y, SGD(net.parameters(), lr=0.01), 2, jit=True, progress=False).epochs == 2


def test_flatten():
    image = np.arange(12).reshape(2, 3, 2)
    assert Flatten()(image) == list(range(12))
    for dims in [(0, 1), (1, 2), (1, -1), (0, -2)]:
        first, last = (d % 3 for d in dims)
        shape = [*image.shape[:first], -1, *image.shape[last + 1:]]
        assert Flatten(*dims)(image.tolist()) == image.reshape(shape).tolist()
    assert repr(Flatten()) + repr(Flatten(1)) == "Flatten()Flatten(1, -1)"
    with pytest.raises(ValueError, match=r"Flatten\(1, -1\) was given 1 dimensions"):
        Flatten(1)([1.0])


def test_a_text_of_ones_own():
    class Power(Module):
        def __init__(self, n):
            self.n = n

        def extra_repr(self):
            return f"n={self.n}"

    assert repr(Sequential(Power(2), math.fsum)) == "Sequential(\n  (0): Power(n=2)\n  (1): fsum\n)"


def test_summary():
    net = Sequential(Scaled(), MLP(1, [3, 1], seed=0))
    net[0].inner[0].requires_grad_(False)
    net[1].eval()
    found = summary(net, [1.0, 2.0])
    assert repr(found) == """
layer                   output shape  parameters
-------------------------------------------------
Sequential              ()                    19
0: Scaled               (1,)                   9
0.inner.0: Linear       (2,)                   6
0.inner.1.last: Linear  (1,)                   3
1: MLP                  ()                    10
1.layers.0: Layer       (3,)                   6
1.layers.1: Layer       ()                     4
-------------------------------------------------
parameters: 19, of which 6 are frozen; buffers: 3""".strip()
    assert (found.parameters, found.trainable, found.buffers) == (19, 13, 3)
    assert {name: (shapes, count) for name, shapes, count in found.rows}["1.layers.0: Layer"] == ([(3,)], 6)
    assert (net.training, net[0].training, net[1].training) == (True, True, False)      # as it was
    assert type(net) is Sequential
    assert "training" not in vars(net)
    with pytest.raises(TypeError, match="summary takes a Module, not function"):
        summary(lambda x: x, [1.0])


def test_modules_are_added_and_found_by_name():
    net = Scaled()
    net.add_module("last", Linear(1, 2, seed=3))
    assert net.get_submodule("last") is net.last
    assert net.get_submodule("inner.1.last") is net.inner[1]["last"]
    assert net.get_submodule("") is net
    assert {name: net.get_submodule(name) for name, _ in net.named_modules()} == dict(net.named_modules())
    assert "last.weight" in net.state_dict()
    assert net.last.path == ("last  Linear(1, 2)",)       # its name in pictures
    net.add_module("last", None)
    assert "last.weight" not in net.state_dict()
    shared = Linear(1, 1)
    assert Sequential(shared, shared).get_submodule("1") is shared
    rows = Sequential(Linear(2, 2, seed=0))
    rows.add_module("1", Tanh())
    rows.add_module("0", Linear(2, 3, seed=0))
    assert repr(rows[0]) + repr(rows[1]) == "Linear(2, 3)Tanh()"
    named = ModuleDict()
    named.add_module("a", Tanh())
    assert list(named) == ["a"]


@pytest.mark.parametrize(("wrong", "error", "message"), [
    (lambda net: net.get_submodule("inner.1.first"), AttributeError,
     "Scaled has no module 'inner.1.first'; it has inner.0, inner.1.last"),
    (lambda net: net.get_submodule("scale.0"), AttributeError, "Scaled has no module 'scale.0'"),
    (lambda net: net.get_submodule("inner"), AttributeError, "Scaled has no module 'inner'"),
    (lambda net: net.add_module("scale", Tanh()), ValueError, "'scale' is no name for a module of this Scaled"),
    (lambda net: net.add_module("forward", Tanh()), ValueError, "'forward' is no name for a module"),
    (lambda net: net.add_module("a.b", Tanh()), ValueError, "'a.b' is no name for a module"),
    (lambda net: net.add_module("act", Tanh), TypeError, "add_module takes a Module or None, not type"),
    (lambda net: Sequential(Tanh()).add_module("act", Tanh()), ValueError,
     r"modules of a Sequential have numbers, and the next is '1', not 'act'; write append\(module\), or use a ModuleD"),
])
def test_wrong_names_of_modules(wrong, error, message):
    with pytest.raises(error, match=message):
        wrong(Scaled())


@pytest.mark.parametrize("set_to_none", [True, False])
def test_forgotten_gradients_read_0(set_to_none):
    line = Linear(1, 1, seed=0)
    for owner in (line, SGD(line.parameters(), lr=0.1)):
        line([2.0])[0].backward()
        assert line.bias[0].grad == 1.0
        owner.zero_grad(set_to_none=set_to_none)
        assert [p.grad for p in line.parameters()] == [0.0, 0.0]


def test_parameters_and_buffers_by_name():
    net = Sequential(Linear(2, 3, seed=0), Scaled())
    assert net.get_parameter("0.weight") is net[0].weight
    assert net.get_parameter("0.weight.2.1") is net[0].weight[2][1]
    assert net.get_parameter("1.inner.1.last.bias") is net[1].inner[1]["last"].bias
    assert net.get_buffer("1.scale") is net[1].scale
    assert net.get_buffer("1.calls") is net[1].calls
    named = {name: net.get_parameter(name) for name, _ in net.named_parameters()}
    assert all(named[name] is value for name, value in net.named_parameters())


@pytest.mark.parametrize(("kind", "name"), [
    ("parameter", "0"), ("parameter", ""), ("parameter", "0.wieght"), ("parameter", "1.scale"),
    ("parameter", "1.absent"), ("buffer", "1.absent"),
    ("buffer", "0.weight"), ("buffer", "1"), ("buffer", "1.scale.7")])
def test_wrong_names_of_parameters_and_buffers(kind, name):
    net = Sequential(Linear(2, 3, seed=0), Scaled())
    known = {"parameter": "0.weight.0.0, 0.weight.0.1, .*, ...", "buffer": "1.scale.0, 1.scale.1, 1.calls"}[kind]
    with pytest.raises(AttributeError, match=f"Sequential has no {kind} '{name}'; it has {known}"):
        getattr(net, f"get_{kind}")(name)
