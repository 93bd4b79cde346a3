"""Environment: what functions read is compared bit by bit, restored and freed."""

import gc
import math
import weakref

import numpy as np
import pytest

from autograd import TABLE, Environment, Value, no_grad
from tests.support.training_pairs import SETTINGS, Net, by_settings


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


def test_a_block_of_no_grad_is_no_change():
    """It puts other code into the methods of Value, one of which the function names."""
    act = Value.tanh
    made = Environment(lambda x: act(x) * 2.0)
    with no_grad():
        assert made.changed() == ""
        inside = Environment(lambda x: act(x) * 2.0)
    inside.restore()
    assert act(Value(0.5)).op is TABLE["tanh"]
