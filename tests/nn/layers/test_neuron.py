"""Modules, neurons, layers and networks."""

import math
import random
import re
from functools import partial

import pytest

import autograd as ag
import nn
from autograd import Value, no_grad, topological_order
from nn import MLP, SGD, Layer, LeakyReLU, Linear, Module, Neuron, SiLU, Tanh, fit, mse_loss


def test_a_neuron_is_a_handful_of_nodes():
    x = [Value(float(i)) for i in range(100)]
    out = Neuron(100, "tanh", seed=0)(x)
    computed = [node for node in topological_order(out) if node.op]
    assert [node.op.name for node in computed] == ["dot", "add", "tanh"]


@pytest.mark.parametrize("activation", [op.name for op in ag.TABLE.values() if op.arity == 1] + ["leaky_relu", "elu"])
def test_any_activation_of_the_table(activation):
    neuron = Neuron(2, activation, seed=1)
    out = neuron([0.3, 0.4])
    z = neuron.w[0].data * 0.3 + neuron.w[1].data * 0.4
    expected = getattr(ag, activation)(z)
    assert out.data == expected or expected != expected     # nan, where z is outside the domain
    assert out.op.name == activation


def test_a_function_or_none_as_activation():
    assert Neuron(1, lambda z: z * 2, seed=1)([1.0]).op.name == "mul"
    assert Neuron(1, None, seed=1)([1.0]).op.name == "add"
    assert Neuron(1, nonlin=False, seed=1)([1.0]).op.name == "add"


@pytest.mark.parametrize(("activation", "name"), [
    ("tanh", "tanh"), (ag.gelu, "gelu"), (Tanh(), "tanh"), (LeakyReLU(), "leaky_relu"), (SiLU(), "silu"),
    (Linear(1, 1), "linear"), (partial(ag.elu, alpha=2.0), "partial"), (None, "linear")])
def test_an_activation_of_any_kind_has_its_name(activation, name):
    neuron = Neuron(2, activation)
    assert neuron.activation_name == name
    assert repr(neuron) == f"{name} Neuron(2)"
    shown = "w·x + b" if activation is None else f"{name}(w·x + b)"
    assert MLP(1, [1], output_activation=activation).layers[0].neurons[0]._path[-1] == f"layers.0.neurons.0  {shown}"


def test_seeds_reproduce_and_differ():
    a, b, c = (MLP(3, [4, 2], seed=seed) for seed in (1, 1, 2))
    assert [p.data for p in a.parameters()] == [p.data for p in b.parameters()]
    assert [p.data for p in a.parameters()] != [p.data for p in c.parameters()]
    state = random.getstate()
    MLP(2, [2])
    assert random.getstate() == state       # Python's own generator is left alone


def test_forms_of_the_results():
    assert isinstance(MLP(2, [3, 1], seed=0)([1.0, 2.0]), Value)
    assert len(MLP(2, [3, 2], seed=0)([1.0, 2.0])) == 2
    assert isinstance(MLP(2, [1, 1], seed=0)([1.0, 2.0]), Value)
    assert isinstance(Layer(2, 1, seed=0)([1.0, 2.0]), Value)


def test_parameters_names_and_zero_grad():
    net = MLP(2, [3, 1], "tanh", seed=0)
    assert len(net.parameters()) == 3 * 3 + 4
    names = [name for name, _ in net.named_parameters()]
    assert names[:4] == ["layers.0.neurons.0.w.0", "layers.0.neurons.0.w.1", "layers.0.neurons.0.b",
                         "layers.0.neurons.1.w.0"]
    net([1.0, 2.0]).backward()
    assert any(p.grad for p in net.parameters())
    net.zero_grad()
    assert not any(p.grad for p in net.parameters())


def test_parameters_in_containers_shared_and_computed():
    class Odd(Module):
        def __init__(self):
            self.a = Value(1.0)
            self.b = [self.a, (Value(2.0), {"k": Value(3.0)})]
            self.inner = Neuron(1, seed=0)
            self.twice = self.a * 2
            self.note = "text"

    assert [name for name, _ in Odd().named_parameters()] == ["a", "b.1.0", "b.1.1.k", "inner.w.0", "inner.b"]


def test_a_module_may_contain_itself_and_nest_deep():
    module = Module()
    module.me, module.w = module, Value(1.0)
    for _ in range(5000):
        outer = Module()
        outer.inner = module
        module = outer
    assert len(module.parameters()) == 1


def test_a_module_that_overrides_parameters_is_asked():
    class Lecture(Module):
        def __init__(self):
            self.hidden = [Value(1.0), Value(2.0)]

        def parameters(self):
            return self.hidden[:1]

    class Outer(Module):
        def __init__(self):
            self.inner = Lecture()

    assert len(Outer().parameters()) == 1


def test_forward_is_called():
    class Net(Module):
        def __init__(self):
            self.first, self.last = Neuron(2, "tanh", seed=0), Neuron(1, None, seed=1)

        def forward(self, x, scale=1.0):
            return self.last([self.first(x) * scale])

    net, x = Net(), [0.5, -1.0]
    assert net(x).data == net.last([net.first(x)]).data
    assert net(x, scale=2.0).data == net.forward(x, 2.0).data != net(x).data
    before = [p.data for p in net.parameters()]
    fit(net, mse_loss, [x], [1.0], SGD(net.parameters(), lr=0.1), 1, progress=False, jit=True)
    assert [p.data for p in net.parameters()] != before
    with pytest.raises(TypeError, match=r"Module cannot be called: define Module.__call__\(self, x\), or forward"):
        Module()(x)


def test_outputs_carry_their_frame():
    net = MLP(2, [2, 1], "tanh", seed=0)
    x = [Value(1.0), Value(2.0)]
    out = net(x)
    assert out.group.path == ("layers.1", "layers.1.neurons.0  w·x + b")
    hidden = out.group.inputs
    assert [h.group.path for h in hidden] == [("layers.0", f"layers.0.neurons.{i}  tanh(w·x + b)") for i in (0, 1)]
    assert hidden[0].group.inputs[0] is x[0]
    assert net.parameters()[0].label == "l1.n1.w1"
    with no_grad():
        assert net(x).group is None


@pytest.mark.parametrize(("make", "message"), [
    (lambda: Neuron(0), "nin is a whole number, at least 1, not 0"),
    (lambda: Neuron(2.0), "nin is a whole number, at least 1, not 2.0"),
    (lambda: Layer(2, 0), "nout is a whole number, at least 1, not 0"),
    (lambda: Neuron(2, "tahn"), "activation 'tahn' is no function of one number"),
    (lambda: Neuron(2, "maximum"), "activation 'maximum' is no function of one number"),
    (lambda: Neuron(2, "sum"), "activation 'sum' is no function of one number"),
    (lambda: Neuron(2, 3), "activation 3 is no function of one number"),
    (lambda: Neuron(2, Tanh), "activation Tanh is a class; give Tanh()"),
    (lambda: MLP(2, 3), "nouts is the list of the layers' sizes"),
    (lambda: MLP(2, []), "nouts is the list of the layers' sizes"),
    (lambda: Neuron(2)(5.0), "a neuron takes a sequence of 2 numbers, not float"),
    (lambda: Neuron(2)([1.0]), "a neuron of 2 inputs was given 1"),
    (lambda: MLP(2, [3, 1])([[1.0, 2.0], [3.0]]), "a neuron of 2 inputs was given 1"),
    (lambda: MLP(2, [3, 1])([1.0, 2.0, 3.0]), "a neuron of 2 inputs was given 3"),
])
def test_bad_inputs(make, message):
    with pytest.raises((ValueError, TypeError), match=re.escape(message)):
        make()


def test_a_tiny_network_learns_xor():
    net = MLP(2, [4, 1], "tanh", seed=2)
    data = [((0.0, 0.0), -1), ((0.0, 1.0), 1), ((1.0, 0.0), 1), ((1.0, 1.0), -1)]
    for _ in range(150):
        loss = ag.mean([(net(x) - y) ** 2 for x, y in data])
        net.zero_grad()
        loss.backward()
        for p in net.parameters():
            p.data -= 0.2 * p.grad
    assert loss.data < 0.01


def test_random_seed_has_no_part_in_the_weights():
    def drawn(**options):
        random.seed(0)
        return [p.data for p in MLP(2, [2], **options).parameters()]

    assert drawn() != drawn()
    assert drawn(seed=0) == drawn(seed=0)
    assert drawn(seed=random.Random(1)) == drawn(seed=1)


@pytest.mark.parametrize(("activation", "gain"), [("relu", 2.0), ("gelu", 2.0), (nn.ReLU(), 2.0), ("tanh", 1.0),
                                                  ("sigmoid", 1.0), (None, 1.0)])
def test_first_weights_have_a_size_by_the_number_of_inputs(activation, gain):
    for n in (1, 10, 400):
        neuron = Neuron(n, activation, seed=n)
        micrograd = Neuron(n, activation, init="micrograd", seed=n)
        bound = math.sqrt(3.0 * gain / n)
        assert all(abs(w.data) <= bound for w in neuron.w)
        for w, m in zip(neuron.w, micrograd.w, strict=True):
            assert w.data == pytest.approx(bound * m.data, rel=1e-12, abs=1e-15)
        assert neuron.b.data == micrograd.b.data == 0.0
    variance = sum(w.data**2 for w in Neuron(4000, activation, seed=1).w) / 4000
    assert variance == pytest.approx(gain / 4000, rel=0.05)


def test_micrograds_weights_are_those_of_its_draws():
    draws = random.Random(5)
    assert [w.data for w in Neuron(6, init="micrograd", seed=5).w] == [draws.uniform(-1.0, 1.0) for _ in range(6)]
    with pytest.raises(ValueError, match='init is "kaiming", by the number of inputs, or "micrograd"'):
        MLP(2, [1], init="xavier")


def test_a_wide_network_begins_near_its_targets():
    rng = random.Random(0)
    rows = [[rng.gauss(0, 1) for _ in range(64)] for _ in range(40)]
    with no_grad():
        spread = {init: sum(MLP(64, [32, 32, 1], init=init, seed=3)(row).data**2 for row in rows) / 40
                  for init in ("kaiming", "micrograd")}
    assert 0.2 < spread["kaiming"] < 5.0
    assert spread["micrograd"] > 100.0
