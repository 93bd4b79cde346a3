"""fit follows changes of numbers that the loss reads, in every usual place."""

import functools
import sys
from collections import deque
from contextvars import ContextVar
from dataclasses import dataclass
from random import Random
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

import nn
from nn import mse_loss
from tests.support.training_pairs import CHANGES, SETTINGS, SIDES, SUMS, Config, Net, both, by_settings, unchanged

WEIGHT = 1.0


def annealed(output, target):
    return WEIGHT * mse_loss(output, target)


def test_a_global_number_is_followed():
    def anneal(epoch, history):
        global WEIGHT
        WEIGHT = 1.0 / (1 + epoch)

    def make():
        global WEIGHT
        WEIGHT = 1.0
        return Net(), annealed, anneal

    assert both(make) != unchanged()


@pytest.mark.parametrize("change", [lambda epoch: SETTINGS.update(weight=1.0 / epoch),
                                    lambda epoch: SETTINGS["nested"][0].__setitem__(0, 1.0 / epoch)])
def test_containers_in_globals_are_followed(change):
    def make():
        SETTINGS.update(weight=1.0, nested=[[1.0]])
        return Net(), by_settings, lambda epoch, history: change(epoch)

    assert both(make) != unchanged()


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
    assert both(make) != unchanged()


@pytest.mark.parametrize("seed", range(6))
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
