"""fit follows what the model and the loss read from outside: compiled and eager training give the same weights."""

import ctypes
import functools
import gc
import itertools
import math
import operator
import os
import random
import sys
import time
import warnings
import weakref
from collections import ChainMap, UserDict, UserList, deque
from contextvars import ContextVar
from dataclasses import dataclass, field
from random import Random
from types import MappingProxyType, ModuleType, SimpleNamespace

import numpy as np
import pytest

import autograd as ag
import nn
from autograd import Environment, TraceError, Value
from nn import SGD, Linear, fit, mse_loss

RNG = Random(5)
POINTS = [[RNG.gauss(0, 1), RNG.gauss(0, 1)] for _ in range(40)]
SUMS = [2 * a - 3 * b + 1 for a, b in POINTS]
SIDES = [int(a * b > 0) for a, b in POINTS]


def both(make, remark=None, epochs=6, y=SUMS, **options):
    """Train twice, with what ``make`` gives anew: a model, a loss and perhaps callbacks. The weights, which agree."""
    found = []
    for jit in (False, "auto"):
        random.seed(3)
        np.random.seed(3)
        model, loss, *callbacks = make()
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            history = fit(model, loss, POINTS, y, SGD(model.parameters(), lr=0.02), epochs, progress=False, jit=jit,
                          callbacks=callbacks, **{"batch_size": 8, **options})
        texts = [str(x.message) for x in caught]
        if jit and remark:
            assert len(texts) == 1
            assert remark in texts[0], texts[0]
        else:
            assert not texts, texts
        found.append(([p.data for p in model.parameters()], dict(history)))
    assert found[0] == found[1]
    return found[0][0]


class Net(nn.Module):
    """Two layers, with what a user may change between epochs."""

    scale = 1.0         # an attribute of the class

    def __init__(self):
        self.first, self.last = Linear(2, 3, seed=1), Linear(3, 1, seed=2)
        self.training, self.temperature = True, 1.0

    def forward(self, x):
        hidden = [ag.tanh(a / self.temperature) for a in self.first(x)]
        if self.training:
            hidden = [a * 0.8 for a in hidden]
        return [self.scale * a for a in self.last(hidden)]


def changing(change):
    """A model, the usual loss, and a callback that changes the model after epochs 2 and 4."""
    def make():
        model = Net()
        return model, mse_loss, lambda epoch, history: change(model, epoch) if epoch in (2, 4) else None

    return make


def plain(model, epoch):
    pass


def set_temperature(model, epoch):
    model.temperature = 1.0 + epoch


def set_training(model, epoch):
    model.training = epoch == 4


def shadow_the_class(model, epoch):
    model.scale = 0.5 * epoch


def replace_a_layer(model, epoch):
    model.last.weight[0][0] = Value(0.25 * epoch)


def replace_a_method(model, epoch):
    model.forward = lambda x: [a * 0.5 * epoch for a in Net.forward(model, x)]


def go_on_with_another_nested_layer(model, epoch):
    model.first = model.first if epoch == 4 else nn.Sequential(model.first, nn.Tanh())


CHANGES = [set_temperature, set_training, shadow_the_class, replace_a_layer, replace_a_method,
           go_on_with_another_nested_layer]


@pytest.mark.parametrize("change", CHANGES)
def test_what_a_callback_changes_in_the_model_is_followed(change):
    assert both(changing(change)) != both(changing(plain))


def test_an_attribute_of_the_class_is_followed():
    def make():
        class Scaled(Net):
            scale = 1.0

        return Scaled(), mse_loss, lambda epoch, history: setattr(Scaled, "scale", 1.0 + epoch / 4)

    assert both(make) != both(changing(plain))


WEIGHT = 1.0
SETTINGS = {"weight": 1.0, "nested": [[1.0]]}


def annealed(output, target):
    return WEIGHT * mse_loss(output, target)


def by_settings(output, target):
    return SETTINGS["weight"] * SETTINGS["nested"][0][0] * mse_loss(output, target)


def test_a_global_number_is_followed():
    def anneal(epoch, history):
        global WEIGHT
        WEIGHT = 1.0 / (1 + epoch)

    def make():
        global WEIGHT
        WEIGHT = 1.0
        return Net(), annealed, anneal

    assert both(make) != both(changing(plain))


@pytest.mark.parametrize("change", [lambda epoch: SETTINGS.update(weight=1.0 / epoch),
                                    lambda epoch: SETTINGS["nested"][0].__setitem__(0, 1.0 / epoch)])
def test_containers_in_globals_are_followed(change):
    def make():
        SETTINGS.update(weight=1.0, nested=[[1.0]])
        return Net(), by_settings, lambda epoch, history: change(epoch)

    assert both(make) != both(changing(plain))


@dataclass
class Config:
    weight: float = 1.0
    powers: list = field(default_factory=lambda: [1.0])


@dataclass(slots=True)
class Slotted:
    weight: float = 1.0


class Weighted:
    """A loss that is an object, and holds others."""

    def __init__(self, config):
        self.config = config

    def __call__(self, output, target):
        return self.config.weight * mse_loss(output, target)


class Listed:
    def __init__(self):
        self.options = {"inner": SimpleNamespace(weight=1.0)}

    def __call__(self, output, target):
        return getattr(self.options["inner"], "weight") * mse_loss(output, target)     # noqa: B009


def in_a_cell():
    weight = 1.0

    def loss(output, target):
        return weight * mse_loss(output, target)

    def callback(epoch, history):
        nonlocal weight
        weight = 1.0 / epoch

    return Net(), loss, callback


def in_a_default():
    def loss(output, target, weight=1.0):
        return weight * mse_loss(output, target)

    return Net(), loss, lambda epoch, history: setattr(loss, "__defaults__", (1.0 / epoch,))


def in_an_attribute_of_a_function():
    def loss(output, target):
        return loss.weight * mse_loss(output, target)

    loss.weight = 1.0
    return Net(), loss, lambda epoch, history: setattr(loss, "weight", 1.0 / epoch)


def in_a_partial():
    def loss(output, target, options):
        return options["weight"] * mse_loss(output, target)

    options = {"weight": 1.0}
    return Net(), functools.partial(loss, options=options), lambda epoch, history: options.update(weight=1.0 / epoch)


def in_a_dataclass():
    config = Config()
    return Net(), Weighted(config), lambda epoch, history: setattr(config, "weight", 1.0 / epoch)


def in_slots():
    config = Slotted()
    return Net(), Weighted(config), lambda epoch, history: setattr(config, "weight", 1.0 / epoch)


def in_a_list_of_objects():
    loss = Listed()
    return Net(), loss, lambda epoch, history: setattr(loss.options["inner"], "weight", 1.0 / epoch)


def in_an_array():
    weight = np.array([1.0])
    return Net(), lambda o, t: float(weight[0]) * mse_loss(o, t), lambda epoch, h: weight.__setitem__(0, 1.0 / epoch)


def behind_a_helper():
    config = Config()

    def helper():
        return config.weight

    return Net(), lambda o, t: helper() * mse_loss(o, t), lambda epoch, h: setattr(config, "weight", 1.0 / epoch)


def in_a_property():
    class Own(Weighted):
        @property
        def doubled(self):
            return 1.0 * self.config.weight

        def __call__(self, output, target):
            return self.doubled * mse_loss(output, target)

    config = Config()
    return Net(), Own(config), lambda epoch, h: setattr(config, "weight", 1.0 / epoch)


def in_a_bound_method():
    class Experiment:
        def __init__(self):
            self.weight, self.log = 1.0, []

        def loss(self, output, target):
            return self.weight * mse_loss(output, target)

        def after(self, epoch, history):
            self.log.append(epoch)
            self.weight = 1.0 / epoch

    experiment = Experiment()
    return Net(), experiment.loss, experiment.after


def in_a_module():
    settings = sys.modules["settings_of_the_test"] = ModuleType("settings_of_the_test")
    settings.weight = 1.0

    def loss(output, target):
        import settings_of_the_test
        return settings_of_the_test.weight * mse_loss(output, target)

    return Net(), loss, lambda epoch, h: setattr(settings, "weight", 1.0 / epoch)


def under_a_name_put_together():
    class Own(Weighted):
        def __init__(self):
            self.rate1, self.rate2 = 1.0, 0.0

        def __call__(self, output, target):
            return sum(getattr(self, f"rate{i}") for i in (1, 2)) * mse_loss(output, target)

    loss = Own()
    return Net(), loss, lambda epoch, h: setattr(loss, "rate2", 1.0 / epoch)


def among_all_attributes():
    class Own(Weighted):
        def __call__(self, output, target):
            return sum(x for x in vars(self).values()) * mse_loss(output, target)

    loss = Own(1.0)
    return Net(), loss, lambda epoch, h: setattr(loss, f"more{epoch}", 1.0 / epoch)


def in_a_context():
    weight = ContextVar("weight", default=1.0)
    return Net(), lambda o, t: weight.get() * mse_loss(o, t), lambda epoch, h: weight.set(1.0 / epoch)


def in_a_class():
    class Own:
        weight = 1.0

        @classmethod
        def get(cls):
            return cls.weight

        def __call__(self, output, target):
            return self.get() * mse_loss(output, target)

    return Net(), Own(), lambda epoch, h: setattr(Own, "weight", 1.0 / epoch)


def in_a_cache():
    held = [1.0]

    @functools.lru_cache
    def weight():
        return held[0]

    def after(epoch, history):
        held[0] = 1.0 / epoch
        weight.cache_clear()

    return Net(), lambda o, t: weight() * mse_loss(o, t), after


def in_an_array_of_objects():
    weights = np.array([1.0, None], dtype=object)
    return Net(), lambda o, t: weights[0] * mse_loss(o, t), lambda epoch, h: weights.__setitem__(0, 1.0 / epoch)


def in_a_deque_and_a_set():
    first, added = deque([1.0]), {1.0}

    def after(epoch, history):
        first.appendleft(1.0 / epoch)
        added.add(0.5 * epoch)

    return Net(), lambda o, t: first[0] * max(added) * mse_loss(o, t), after


def in_a_layer():
    model, held = Net(), {"factor": 1.0}
    model.last = nn.Sequential(model.last, lambda y: [a * held["factor"] for a in y])
    return model, mse_loss, lambda epoch, h: held.update(factor=1.0 / epoch)


HELD = [in_a_cell, in_a_default, in_an_attribute_of_a_function, in_a_partial, in_a_dataclass, in_slots,
        in_a_list_of_objects, in_an_array, behind_a_helper, in_a_property, in_a_bound_method, in_a_module,
        under_a_name_put_together, among_all_attributes, in_a_context, in_a_class, in_a_cache, in_an_array_of_objects,
        in_a_deque_and_a_set, in_a_layer]


@pytest.mark.parametrize("make", HELD)
def test_a_weight_of_the_loss_is_followed_wherever_it_is_held(make):
    assert both(make) != both(changing(plain))


@pytest.mark.parametrize("seed", range(20))
def test_random_trainings(seed):
    """A random change of the model and one of the loss, after random epochs, with random batches and targets."""
    rng = Random(seed)
    held, change = rng.choice(HELD), rng.choice(CHANGES)
    when, then = ({epoch for epoch in range(1, 7) if rng.random() < 0.4} for _ in range(2))
    options = {"y": rng.choice([SUMS, SIDES]), "batch_size": rng.choice([None, 1, 7, 40]),
               "validation": rng.choice([None, 0.25])}

    def make():
        model, loss, callback = held()
        return (model, loss, lambda epoch, history: callback(epoch, history) if epoch in when else None,
                lambda epoch, history: change(model, epoch) if epoch in then else None)

    both(make, **options)


def test_what_nothing_reads_is_not_traced_again(monkeypatch):
    from nn.training import loss_gradients as steps
    made = []

    class Counted(steps.CompiledLoss):
        def __init__(self, *args):
            made.append(1)
            super().__init__(*args)

    monkeypatch.setattr(steps, "CompiledLoss", Counted)
    model = Net()
    model.log = []
    fit(model, mse_loss, POINTS, SUMS, SGD(model.parameters(), lr=0.02), 5, progress=False,
        callbacks=[lambda epoch, h: model.log.append(epoch), lambda epoch, h: setattr(model, "best", float(epoch)),
                   lambda epoch, h: setattr(model, "temperature", float("1.0"))])
    assert len(made) == 1


def test_what_changes_too_often_runs_eagerly():
    def make():
        model = Net()
        return model, mse_loss, lambda epoch, history: setattr(model, "temperature", 1.0 + epoch)

    both(make, "Net.temperature was 9.0 and is 10.0", epochs=15)


def test_an_optimizer_of_ones_own_may_change_the_model_between_steps():
    def make(jit):
        model = Net()

        class Cooling(SGD):
            def step(self, closure=None):
                super().step(closure)
                model.temperature *= 0.9

        fit(model, mse_loss, POINTS, SUMS, Cooling(model.parameters(), lr=0.02), 2, batch_size=20, progress=False,
            jit=jit)
        return [p.data for p in model.parameters()]

    assert make(True) == make(False)


# ---- other places that hold numbers --------------------------------------------------------------


def in_an_array_without_axes():
    weight = np.array(1.0)
    return Net(), lambda o, t: mse_loss(o, t) * weight, lambda epoch, h: weight.fill(1.0 / epoch)


def in_a_row_of_fields():
    rows = np.ones(2, dtype=[("weight", float)])
    row = rows[0]
    return (Net(), lambda o, t: mse_loss(o, t) * float(row["weight"]),
            lambda epoch, h: rows["weight"].__setitem__(0, 1.0 / epoch))


def in_a_bytearray():
    held = bytearray([8])
    return Net(), lambda o, t: held[0] / 8 * mse_loss(o, t), lambda epoch, h: held.__setitem__(0, epoch)


def in_a_memoryview():
    held = bytearray([8])
    view = memoryview(held)
    return Net(), lambda o, t: view[0] / 8 * mse_loss(o, t), lambda epoch, h: held.__setitem__(0, epoch)


def in_a_number_of_c():
    held = ctypes.c_double(1.0)
    return Net(), lambda o, t: held.value * mse_loss(o, t), lambda epoch, h: setattr(held, "value", 1.0 / epoch)


def in_a_structure_of_c():
    class Pair(ctypes.Structure):
        _fields_ = [("rate", ctypes.c_double), ("rates", ctypes.c_double * 2)]
        scale = 1.0

    held = Pair(1.0)

    def after(epoch, history):
        held.rates[1] = epoch
        Pair.scale = 1.0 / epoch

    return Net(), lambda o, t: (held.rate + held.rates[1]) * held.scale * mse_loss(o, t), after


def in_a_chain_of_dicts():
    held = {"weight": 1.0}
    chain = ChainMap({}, held)

    def after(epoch, history):
        (chain if epoch > 3 else held)["weight"] = 1.0 / epoch

    return Net(), lambda o, t: chain["weight"] * mse_loss(o, t), after


def in_containers_written_in_python():
    held, more = UserDict(weight=1.0), UserList([1.0])

    def after(epoch, history):
        held["weight"] = more[0] = 1.0 / epoch

    return Net(), lambda o, t: held["weight"] * more[0] * mse_loss(o, t), after


def in_a_weak_dict():
    model = Net()
    held = weakref.WeakKeyDictionary({model: 1.0})
    return model, lambda o, t: held[model] * mse_loss(o, t), lambda epoch, h: held.__setitem__(model, 1.0 / epoch)


def in_a_view_of_a_dict():
    held = {"weight": 1.0, "nested": [1.0]}
    view = MappingProxyType(held)

    def after(epoch, history):
        held["weight"] = held["nested"][0] = 1.0 / epoch

    return Net(), lambda o, t: view["weight"] * view["nested"][0] * mse_loss(o, t), after


def by_an_attrgetter():
    config, get = SimpleNamespace(inner=SimpleNamespace(tau=1.0)), operator.attrgetter("inner.tau")
    return Net(), lambda o, t: get(config) * mse_loss(o, t), lambda epoch, h: setattr(config.inner, "tau", 1.0 / epoch)


def by_a_methodcaller():
    class Own:
        def __init__(self):
            self.weight = 1.0

        def times(self, factor):
            return self.weight * factor

    held, get = Own(), operator.methodcaller("times", factor=1.0)
    return Net(), lambda o, t: get(held) * mse_loss(o, t), lambda epoch, h: setattr(held, "weight", 1.0 / epoch)


def behind_a_weak_proxy():
    config = Config()
    proxy = weakref.proxy(config)
    return Net(), lambda o, t: proxy.weight * mse_loss(o, t), lambda epoch, h: setattr(config, "weight", 1.0 / epoch)


def in_the_flat_of_an_array():
    weights = np.ones((2, 2))
    flat = weights.flat
    return Net(), lambda o, t: float(flat[3]) * mse_loss(o, t), lambda epoch, h: weights.__setitem__((1, 1), 1 / epoch)


@pytest.mark.parametrize("make", [
    in_an_array_without_axes, in_a_row_of_fields, in_a_bytearray, in_a_memoryview, in_a_number_of_c,
    in_a_structure_of_c, in_a_chain_of_dicts, in_containers_written_in_python, in_a_weak_dict, in_a_view_of_a_dict,
    by_an_attrgetter, by_a_methodcaller, behind_a_weak_proxy, in_the_flat_of_an_array])
def test_a_weight_is_followed_in_less_usual_places(make):
    assert both(make) != both(changing(plain))


@pytest.mark.parametrize("make", [lambda: np.array(1.0), lambda: bytearray(b"ab"), lambda: ctypes.c_double(1.0),
                                  lambda: np.ones((2, 2))])
def test_a_block_of_memory_goes_back(make):
    held = make()
    environment, before = Environment(lambda: held), bytes(memoryview(held))
    ctypes.memset((ctypes.c_char * len(before)).from_buffer(held), 7, len(before))
    assert environment.changed() == "held has other numbers"
    environment.restore()
    assert bytes(memoryview(held)) == before
    assert environment.changed() == ""


def test_a_model_that_goes_along_a_flat_runs_eagerly_from_where_it_was():
    def make():
        flat = np.linspace(0.0, 1.0, 1000).flat
        return Net(), lambda o, t: float(next(flat)) * mse_loss(o, t)

    both(make, "flat.index was ")


# ---- the number of a Value from outside ----------------------------------------------------------


def read_of_a_parameter():
    model = Net()
    return model, lambda o, t: mse_loss(o, t) + o[0] * model.last.weight[0][0].data ** 2


def read_of_what_a_callback_sets():
    tau = Value(1.0)
    return Net(), lambda o, t: mse_loss(o, t) * tau.data, lambda epoch, h: setattr(tau, "data", 1.0 / epoch)


def read_in_a_sum():
    model = Net()
    return model, lambda o, t: mse_loss(o, t) + o[0] * sum(p.data ** 2 for p in model.parameters())


def read_to_round():
    model = Net()
    return model, lambda o, t: mse_loss(o, t) + o[0] * round(model.last.weight[0][0].data, 1)


def read_as_text():
    model = Net()
    return model, lambda o, t: mse_loss(o, t) + o[0] * float(f"{model.last.weight[0][0]:.3f}")


def read_by_nn():
    model = Net()
    return model, lambda o, t: mse_loss(o, t) + o[0] * sum(model.first.state_dict()["bias"])


def read_in_the_model():
    class Reading(Net):
        def forward(self, x):
            return [a / (1.0 + abs(self.last.weight[0][0].data)) for a in super().forward(x)]

    return Reading(), mse_loss


def read_in_an_inner_trace():
    tau = Value(1.0)

    def loss(output, target):
        return mse_loss(output, target) * ag.trace(lambda z: z * tau.data, 1.0)(1.0)[0]

    return Net(), loss, lambda epoch, h: setattr(tau, "data", 1.0 / epoch)


READING = [read_of_a_parameter, read_of_what_a_callback_sets, read_in_a_sum, read_to_round, read_as_text, read_by_nn,
           read_in_the_model, read_in_an_inner_trace]


@pytest.mark.parametrize("make", READING)
def test_the_number_of_a_captured_value_is_not_frozen(make):
    both(make, "of a Value from outside would be frozen")
    model, loss, *_ = make()
    with pytest.raises(TraceError, match=rf"(?s)would be frozen.*{os.path.basename(__file__)}"):
        fit(model, loss, POINTS, SUMS, SGD(model.parameters(), lr=0.02), 1, progress=False, jit=True)


def test_the_line_that_reads_the_number_is_named():
    model, loss, _ = read_of_what_a_callback_sets()
    with pytest.raises(TraceError, match=r"mse_loss\(o, t\) \* tau\.data") as caught:
        fit(model, loss, POINTS, SUMS, SGD(model.parameters(), lr=0.02), 1, progress=False, jit=True)
    assert "the data" in str(caught.value)


def test_the_number_is_a_constant_of_what_is_compiled_alone():
    w = Value(2.0)
    f = ag.jit(lambda x: x * w.data)
    assert f(3.0) == 6.0
    w.data = 5.0
    assert f(3.0) == 6.0
    assert f(4.0) == 8.0


def test_values_made_inside_may_be_looked_at():
    both(lambda: (Net(), lambda o, t: mse_loss(o, t) * Value(0.5).data))


# ---- what a model does itself -------------------------------------------------------------------


class Counting(Net):
    """An attribute that a call changes: eagerly it does so for each example."""

    def __init__(self):
        super().__init__()
        self.calls = 0

    def forward(self, x):
        self.calls += 1
        return [a / (1 + self.calls) for a in super().forward(x)]


class Running(Net):
    """Statistics in a list, in place."""

    def __init__(self):
        super().__init__()
        self.means = [0.0, 0.0]

    def forward(self, x):
        for i in range(len(x)):
            self.means[i] = 0.9 * self.means[i] + 0.1
        return super().forward([a - m for a, m in zip(x, self.means, strict=True)])


class Remembering(Net):
    """The last output is a part of the next."""

    def __init__(self):
        super().__init__()
        self.state = 0.0

    def forward(self, x):
        out = super().forward(x)
        self.state = self.state * 0.5 + 1.0
        return [out[0] * self.state]


class Hitting(Net):
    """A counter that only some outputs reach, after some steps."""

    def __init__(self):
        super().__init__()
        self.hits = 0

    def forward(self, x):
        out = super().forward(x)
        if out[0] > 1.5:
            self.hits += 1
        return [out[0] / (1 + self.hits)]


class Keeping(Net):
    """What a callback would look at."""

    def forward(self, x):
        self.kept = super().forward(x)
        return self.kept


@pytest.mark.parametrize("kind", [Counting, Running, Remembering, Hitting, Keeping])
def test_a_model_that_changes_what_it_reads_runs_eagerly(kind):
    both(lambda: (kind(), mse_loss), "a call of the model or the loss changes what they read")
    model = kind()
    with pytest.raises(TraceError, match="changes what they read"):
        fit(model, mse_loss, POINTS, SUMS, SGD(model.parameters(), lr=0.02), 6, batch_size=8, progress=False, jit=True)


def test_the_trial_of_a_model_that_counts_has_not_happened():
    counts = []
    for jit in (False, "auto"):
        model = Counting()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            fit(model, mse_loss, POINTS, SUMS, SGD(model.parameters(), lr=0.02), 2, progress=False, jit=jit)
        counts.append(model.calls)
    assert counts[0] == counts[1]


# ---- chance and clocks --------------------------------------------------------------------------


class Dropout(Net):
    """Leaves out a hardly ever: eight trial calls rarely see it."""

    def __init__(self, draw, p=0.01):
        super().__init__()
        self.draw, self.p = draw, p

    def forward(self, x):
        return super().forward([a * (self.draw() >= self.p) for a in x])


DRAWS = {
    "random": lambda: random.random,
    "numpy": lambda: np.random.random,
    "numpy's uniform": lambda: lambda: np.random.uniform(0, 1),
    "one's own": lambda: Random(1).random,
    "one's own, at call": lambda: (lambda rng: lambda: rng.uniform(0, 1))(Random(1)),
    "NumPy, one's own": lambda: np.random.default_rng(1).random,
    "NumPy, at call": lambda: (lambda rng: lambda: rng.uniform())(np.random.default_rng(1)),
    "NumPy, old": lambda: np.random.RandomState(1).rand,
    "in a list": lambda: (lambda rngs: lambda: rngs[0]["rng"].random())([{"rng": Random(1)}]),
    "from an iterator": lambda: functools.partial(next, itertools.cycle([0.0, 0.5, 0.7])),
}


@pytest.mark.parametrize("draw", DRAWS)
def test_dropout_at_one_percent_is_never_frozen(draw):
    both(lambda: (Dropout(DRAWS[draw]()), mse_loss), "would be frozen", epochs=8)
    model = Dropout(DRAWS[draw]())
    with pytest.raises(TraceError, match="would be frozen"):
        fit(model, mse_loss, POINTS, SUMS, SGD(model.parameters(), lr=0.02), 1, progress=False, jit=True)


CHANCE = {"urandom": lambda: os.urandom(1)[0] / 256, "time": lambda: time.time() % 1, "system": Random().random,
          "SystemRandom": random.SystemRandom().random, "counter": time.perf_counter,
          "new generator": lambda: np.random.default_rng().random()}


@pytest.mark.parametrize("what", CHANCE)
def test_clocks_and_the_systems_chance_are_not_frozen(what):
    model = Dropout(CHANCE[what])
    with pytest.raises(TraceError, match="by chance would be frozen"):
        fit(model, mse_loss, POINTS, SUMS, SGD(model.parameters(), lr=0.02), 1, progress=False, jit=True)


def test_a_clock_that_is_not_called_does_no_harm():
    def loss(output, target):
        if output is None:
            print(time.time(), random.random())
        return mse_loss(output, target)

    both(lambda: (Net(), loss))


def test_generators_used_elsewhere_do_no_harm():
    both(lambda: (Net(), mse_loss, lambda epoch, history: random.random() + np.random.rand()))


# ---- ints, floats and Values --------------------------------------------------------------------


def whole(output, target):
    return ag.square(output[0] - target) * (2.0 if isinstance(target, int) else 0.5)


def floating(output, target):
    return mse_loss(output, target) * (2.0 if type(target) is float else 0.5)


def third_class(output, target):
    """The kind matters for one class only."""
    weight = 3.0 if isinstance(target, (int, float)) and target == 1 else 1.0
    return weight * mse_loss(output, float(target) if isinstance(target, int) else target)


def matched(output, target):
    match target:
        case 0:
            return ag.square(output[0])
        case int():
            return ag.square(output[0] - 3.0)
    return output[0]


def with_a_method(output, target):
    return mse_loss(output, target) * (2.0 if hasattr(target, "is_integer") or hasattr(target, "bit_length") else 1.0)


def tried(output, target):
    try:
        return mse_loss(output, target) * (1 + target.bit_length())
    except AttributeError:
        return mse_loss(output, target)


def in_a_text(output, target):
    return mse_loss(output, target) * {"1": 2.0}.get(f"{target}", 1.0)


@pytest.mark.parametrize("loss", [whole, third_class, matched, with_a_method, tried, in_a_text])
def test_what_asks_for_the_kind_of_a_target_runs_eagerly(loss):
    both(lambda: (Net(), loss), "has other numbers eagerly", y=SIDES)


def test_a_number_that_is_rarely_asked_for_its_kind():
    """One row in forty differs, and nothing sets it apart."""
    odd = POINTS[23][0]

    class Kinds(Net):
        def forward(self, x):
            return super().forward([a * (2.0 if isinstance(a, float) and a == odd else 1.0) for a in x])

    both(lambda: (Kinds(), mse_loss), "row 23 (counted from 0) has other numbers eagerly")


def test_floats_are_floats_both_ways():
    both(lambda: (Net(), floating), "has other numbers eagerly")


class Stacked(Net):
    """NumPy adds floats up in another order than objects."""

    def forward(self, x):
        return super().forward([np.mean(np.array([x[0] * k for k in range(1, 20)])), x[1]])


def test_numpy_arrays_of_floats_and_of_values():
    both(lambda: (Stacked(), mse_loss), "has other numbers eagerly")


@pytest.mark.parametrize("loss", [
    lambda o, t: ag.square(o[0] - 1.0) if t else ag.square(o[0]),
    lambda o, t: ag.square(o[0] - (2.0 if t in (1, 5) else 1.0)),
    lambda o, t: ag.square(o[0] - {0: 1.0, 1: -1.0}[0] * t),
    lambda o, t: ag.square(o[0] - t) if t == 1 else abs(o[0]),
    nn.binary_cross_entropy_with_logits])
def test_what_compares_targets_is_compiled(loss):
    both(lambda: (Net(), loss), y=SIDES)


@pytest.mark.parametrize("loss", [lambda o, t: ag.square(o[0] - [1.0, -1.0][t]),
                                  lambda o, t: ag.square(o[0] - [1.0, -1.0][int(t)]),
                                  lambda o, t: ag.square(o[0] - (2.0 if t in {1, 5} else 1.0)),
                                  lambda o, t: ag.square(o[0] - math.sqrt(t))])
def test_what_needs_the_number_of_a_target_runs_eagerly(loss):
    both(lambda: (Net(), loss), "not compiled, and slower: TraceError", y=SIDES)


def test_of_metrics_and_a_validation_too():
    both(lambda: (Net(), whole), "has other numbers eagerly", y=SIDES, validation=0.3,
         metrics={"mean": lambda outputs, targets: sum(o[0] for o in outputs)})
    both(changing(set_temperature), validation=0.3, metrics={"n": lambda outputs, targets: sum(o[0] for o in outputs)})


# ---- Environment --------------------------------------------------------------------------------


def test_an_environment_goes_back():
    numbers, array, model = [1.0, 2.0], np.zeros(3), Net()

    def f(x):
        numbers.append(x)
        array[0] += 1
        model.training = not model.training
        model.temperature += 1
        SETTINGS["weight"] += 1
        return x

    before = dict(SETTINGS)
    environment = Environment(f)
    assert environment.changed() == ""
    f(3.0)
    assert environment.changed()
    environment.restore()
    assert environment.changed() == ""
    assert (numbers, array.tolist(), model.training, model.temperature) == ([1.0, 2.0], [0.0] * 3, True, 1.0)
    assert before == SETTINGS


@pytest.mark.parametrize(("old", "new", "changed"), [
    (1.0, 1.0, False), (1.0, 1, True), (0.0, -0.0, True), (math.nan, float("nan"), False), (True, 1, True),
    ("a", "".join(["a"]), False), ((1, 2.0), (1, float("2")), False), ((0.0,), (-0.0,), True), (None, 0, True)])
def test_equal_is_to_the_bit(old, new, changed):
    held = [old]
    environment = Environment(lambda: held)
    held[0] = new
    assert bool(environment.changed()) == changed


def test_an_environment_is_freed_by_its_last_reference():
    gc.collect()
    gc.disable()
    try:
        environment = Environment(Net(), by_settings)
        parts = [weakref.ref(environment), weakref.ref(environment._reach)]
        del environment
        assert [part() for part in parts] == [None, None]
    finally:
        gc.enable()
