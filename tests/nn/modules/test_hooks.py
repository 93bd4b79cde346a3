"""Hooks see and replace what a module is given and returns, eagerly and compiled."""

import copy
import pickle
from random import Random

import pytest

from autograd import jit, tanh
from nn import MLP, SGD, Linear, Module, Sequential, Tanh, cross_entropy, fit, mse_loss, predict

X = [[Random(i).gauss(0, 1), Random(-i).gauss(0, 1)] for i in range(1, 13)]
Y = [a - 2 * b for a, b in X]


def halved(module, args, output):
    return [y / 2 for y in output]


def shifted(module, args):
    return [x + 1 for x in args[0]]


def numbers(out):
    return [float(y) if isinstance(y, float) else y.data for y in out]


def test_hooks_see_and_replace():
    layer, seen = Linear(2, 2, seed=0), []
    plain = numbers(layer([1.0, 2.0]))
    first = layer.register_forward_hook(lambda module, args, output: seen.append((module, args, numbers(output))))
    second = layer.register_forward_hook(halved)
    third = layer.register_forward_hook(lambda module, args, kwargs, output: [*output, kwargs], prepend=True,
                                        with_kwargs=True)
    third.remove()
    assert numbers(layer([1.0, 2.0])) == [y / 2 for y in plain]
    assert seen == [(layer, ([1.0, 2.0],), plain)]
    second.remove()
    second.remove()
    with layer.register_forward_pre_hook(shifted):
        assert numbers(layer([0.0, 1.0])) == plain == seen[-1][2]
    assert isinstance(layer, Linear)
    assert type(layer).__name__ == "Linear"
    assert repr(layer) == "Linear(2, 2)"
    first.remove()
    assert type(layer) is Linear
    assert not any("hook" in name for name in vars(layer))
    with pytest.raises(TypeError, match="a hook is a function, not int"):
        layer.register_forward_hook(3)


def test_order_and_keyword_arguments():
    class Times(Module):
        def forward(self, x, factor=1.0):
            return x * factor

    times, order = Times(), []
    for name, prepend in (("a", False), ("b", False), ("c", True)):
        times.register_forward_hook(lambda module, args, out, name=name: order.append(name), prepend=prepend)
    times.register_forward_pre_hook(lambda module, args, kwargs: (args, {"factor": 3.0}), with_kwargs=True)
    times.register_forward_hook(lambda module, args, kwargs, out: out + kwargs["factor"], with_kwargs=True)
    assert times(2.0, factor=5.0) == 9.0
    assert order == ["c", "a", "b"]


def test_a_hooked_module_is_state_copied_and_pickled():
    net = Sequential(Linear(2, 2, seed=0), Tanh())
    plain = numbers(net([1.0, 2.0]))
    net[0].register_forward_hook(halved)
    assert list(net.state_dict()) == ["0.weight", "0.bias"]
    assert len(list(net.modules())) == 3
    expected = numbers(net([1.0, 2.0]))
    assert expected != plain
    for again in (copy.deepcopy(net), pickle.loads(pickle.dumps(net)), net[:1].append(Tanh())):
        assert numbers(again([1.0, 2.0])) == expected
    assert type(net[0:1]) is Sequential


def test_hooks_are_compiled():
    net = MLP(2, [3, 1], "tanh", seed=0)
    net.layers[0].register_forward_hook(lambda module, args, output: [tanh(y) for y in output])
    x = [0.5, -1.0]
    assert jit(lambda x: net(x))(x) == net(x).data


class Net(Module):
    """A user's own module, whose code does not name its hooks."""

    def __init__(self):
        self.first, self.last = Linear(2, 3, seed=0), Linear(3, 1, seed=1)

    def forward(self, x):
        return self.last(self.first(x))


@pytest.mark.parametrize("where", ["", "first"])
def test_fit_compiles_hooks_and_follows_a_change(where):
    """A hook that a callback registers counts from the next epoch on, whatever class its module has."""
    def run(jit):
        net, handles = Net(), []
        module = dict(net.named_modules())[where]
        module.register_forward_pre_hook(shifted)

        def callback(epoch, history):
            if epoch == 2:
                handles.append(module.register_forward_hook(halved))
            if epoch == 4:
                handles.pop().remove()

        history = fit(net, mse_loss, X, Y, SGD(net.parameters(), lr=0.02), 6, jit=jit, progress=False,
                      callbacks=[callback])
        return history["loss"], net.state_dict(), list(history.remarks)

    assert run(True) == run(False)


def test_a_hook_that_changes_what_it_reads_runs_eagerly():
    net, seen = Sequential(Linear(2, 1, seed=0)), []
    net[0].register_forward_hook(lambda module, args, output: seen.append(1))
    with pytest.warns(RuntimeWarning, match="not compiled, and slower"):
        fit(net, mse_loss, X, Y, SGD(net.parameters(), lr=0.02), 2, progress=False)
    assert len(seen) >= 24


class Log:
    def __init__(self):
        self.calls, self.outputs = 0, []

    def note(self, module, args, output):
        self.calls += 1
        self.outputs.append(output)

    def __len__(self):
        return self.calls if self.calls == len(self.outputs) else -1


TOTAL = [0]


def counting():
    """Hooks that count their calls in a list, a dict, an object, a closure, a global and an array: (hook, count)."""
    import numpy
    seen, names, log, cells, times = [], {}, Log(), numpy.zeros(1), 0
    TOTAL[0] = 0

    def add(module, args, output):
        names["calls"] = names.get("calls", 0) + 1

    def step(module, args, output):
        nonlocal times
        times += 1

    def count(module, args, output):
        TOTAL[0] += 1

    def in_place(module, args, output):
        cells[0] += 1.0

    return {"list": (lambda module, args, output: seen.append(output), lambda: len(seen)),
            "dict": (add, lambda: names.get("calls", 0)), "object": (log.note, lambda: len(log)),
            "closure": (step, lambda: times), "global": (count, lambda: TOTAL[0]),
            "array": (in_place, lambda: int(cells[0]))}


@pytest.mark.filterwarnings("ignore:not compiled, and slower")
@pytest.mark.parametrize("kind", counting())
@pytest.mark.parametrize("jit", ["auto", False])
def test_hooks_see_the_calls_of_the_training_and_no_other(jit, kind):
    """Not that with which fit and predict try the model and the data first, of the validation neither."""
    hook, calls = counting()[kind]
    net = Sequential(Linear(2, 2, seed=0), Linear(2, 1, seed=1))
    net[0].register_forward_hook(hook)
    for options, expected in (({}, 3 * 12), ({"validation": (X, Y)}, 3 * 24), ({"batched": True, "batch_size": 5}, 9)):
        before = calls()
        fit(net, mse_loss, X, Y, SGD(net.parameters(), lr=0.02), 3, jit=jit, progress=False, **options)
        assert calls() - before == expected
    for rows in (X, X * 10):
        before = calls()
        predict(net, rows, jit=jit)
        assert calls() - before == len(rows)


def test_a_hook_that_removes_itself_is_asked_once():
    net, seen = Sequential(Linear(2, 1, seed=0)), []

    def once(module, args, output):
        seen.append(output)
        handle.remove()

    handle = net[0].register_forward_hook(once)
    fit(net, mse_loss, X, Y, SGD(net.parameters(), lr=0.02), 2, jit=False, progress=False)
    assert len(seen) == 1


def test_a_hook_that_gives_other_outputs_counts_when_the_data_are_tried():
    net = Sequential(Linear(2, 3, seed=0))
    net.register_forward_hook(lambda module, args, output: output[:2])
    with pytest.raises(ValueError, match=r"y, row 2 \(counted from 0\): .*2"):
        fit(net, cross_entropy, X[:3], [0, 1, 2], SGD(net.parameters(), lr=0.02), 2, progress=False)
