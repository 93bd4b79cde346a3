"""fit follows changes of numbers that the loss reads from memory, proxies and unusual containers."""

import ctypes
import operator
import weakref
from collections import ChainMap, UserDict, UserList
from types import MappingProxyType, SimpleNamespace

import numpy as np
import pytest

from autograd import Environment
from nn import mse_loss
from tests.support.training_pairs import Config, Net, both, unchanged


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
    assert both(make) != unchanged()


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
