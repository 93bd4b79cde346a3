"""Sequential: modules one after another."""

import math

import pytest

from autograd import Value
from nn import MLP, Linear, Module, ModuleList, ReLU, Sequential, Sigmoid, Softmax, Tanh


def test_one_after_another():
    first, second = Linear(2, 3, seed=0), Linear(3, 2, seed=1)
    model = Sequential(first, Tanh(), second)
    x = [0.5, -1.0]
    assert [y.data for y in model(x)] == [y.data for y in second([h.tanh() for h in first(x)])]
    assert Sequential()(x) is x
    assert Sequential(math.fsum, math.sqrt)([1.0, 3.0]) == 2.0


def test_names_are_pytorchs():
    model = Sequential(Linear(2, 3, seed=0), ReLU(), Sequential(Linear(3, 1, bias=False, seed=1), Sigmoid()))
    assert list(model.state_dict()) == ["0.weight", "0.bias", "2.0.weight"]
    assert len(model.parameters()) == 3 * 2 + 3 + 3
    assert (len(model), model[1], model[-1]) == (3, *list(model)[1:])
    assert repr(model) == """Sequential(
  (0): Linear(2, 3)
  (1): ReLU()
  (2): Sequential(
    (0): Linear(3, 1, bias=False)
    (1): Sigmoid()
  )
)"""
    assert next(name for name, _ in model.named_parameters()) == "0.weight.0.0"


def test_a_slice_is_a_sequential_of_the_same_modules():
    model = Sequential(Linear(2, 3, seed=0), Tanh(), Linear(3, 1, seed=1))
    x = [0.5, -1.0]
    last = model[1:]
    assert type(last) is Sequential
    assert [module is other for module, other in zip(last, list(model)[1:], strict=True)] == [True, True]
    assert last(model[:1](x))[0].data == model(x)[0].data
    assert model(x)[0].group.path[0] == "2  Linear(3, 1)"


def test_positions_do_not_go_by_their_digits():
    model = Sequential(*[lambda x, i=i: [*x, i] for i in range(12)])
    assert model([]) == list(range(12))


def test_frames_tell_the_position():
    model = Sequential(Linear(2, 2, seed=0), Tanh(), Sequential(Linear(2, 2, seed=1), Softmax()), MLP(2, [1], seed=2))
    x = [Value(1.0), Value(2.0)]
    hidden = model[0](x)
    assert [h.group.path[0] for h in hidden] == ["0  Linear(2, 2)"] * 2
    assert model[2][0](hidden)[1].group.path == ("2", "2.0  Linear(2, 2)", "output 2  w·x + b")


def test_modules_of_ones_own_have_the_names_of_state_dict():
    class Block(Module):
        def __init__(self):
            self.inner = []
            self.inner.append(Linear(2, 2, seed=1))     # a list that grows in __init__

        def __call__(self, x):
            return self.inner[0](x)

    class Net(Module):
        def __init__(self):
            self.encoder, self.heads = Block(), {"a": MLP(2, [1], seed=2)}

        def __call__(self, x):
            return self.heads["a"](self.encoder(x))

    net, x = Net(), [Value(1.0), Value(2.0)]
    assert net(x).group.path == ("heads.a", "heads.a.layers.0", "heads.a.layers.0.neurons.0  w·x + b")
    assert net.encoder(x)[0].group.path == ("encoder", "encoder.inner.0  Linear(2, 2)", "output 1  w·x + b")
    names = [name for name, _ in net.named_modules()]
    assert {path.partition("  ")[0] for path in net(x).group.path} <= set(names)


def test_a_sum_has_the_modules_of_both():
    a, b, c = Linear(2, 3, seed=0), Tanh(), Linear(3, 1, seed=1)
    first, last, x = Sequential({"enter": a}), Sequential(b, c), [0.5, -1.0]
    whole = first + last
    assert type(whole) is Sequential
    assert [*whole] == [a, b, c]
    assert (len(first), len(last)) == (1, 2)
    assert list(whole.state_dict()) == ["0.weight", "0.bias", "2.weight", "2.bias"]
    assert whole(x)[0].data == last(first(x))[0].data
    assert whole(x)[0].group.path[0].startswith("2  Linear")
    modules = ModuleList([a]) + ModuleList([b])
    assert type(modules) is ModuleList
    assert [*modules, c] == [*modules.__add__([c])] == [a, b, c]
    kept = first
    first += last
    assert first is kept
    assert [*first] == [a, b, c]
    for one in (first, modules):
        with pytest.raises(TypeError, match=rf"^{type(one).__name__} \+ Linear: .* append\(module\)"):
            one + c


@pytest.mark.parametrize(("make", "message"), [
    (lambda: Sequential([Linear(2, 1)]), "takes modules or functions, but number 0 is a list; write Sequential\\(a, b"),
    (lambda: Sequential(Linear(2, 1), None), "but number 1 is a NoneType"),
    (lambda: Sequential(Linear(2, 1), Tanh), "number 1 is the class Tanh; write Tanh\\(...\\)"),
    (lambda: Sequential(Linear(2, 3), Linear(2, 1))([1.0, 2.0]), "Linear of 2 inputs was given 3"),
    (lambda: Sequential(Linear(2, 3))(1.0), "Linear takes a sequence of 2 numbers, not float"),
])
def test_bad_inputs(make, message):
    with pytest.raises((TypeError, ValueError), match=message):
        make()
