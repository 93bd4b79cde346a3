"""Trees of containers and arrays as arguments, functions of them, and their derivatives by hand."""

from typing import NamedTuple

import numpy as np

import autograd as ag

W, B = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), np.array([1.0, 2.0, 3.0])


class State(NamedTuple):
    position: object
    speed: object


class Named(list):
    """A sequence with a method and an attribute of its own."""

    def last(self):
        return self[-1]


def named(*items):
    made = Named(items)
    made.factor = 3.0
    return made


def skeleton(x):
    """Containers, their attributes, and the shapes of leaves."""
    if isinstance(x, np.ndarray) and x.ndim:
        return np.ndarray, x.shape
    if isinstance(x, (list, tuple, range)):
        kind = list if isinstance(x, range) else type(x)
        return kind, dict(getattr(x, "__dict__", {})), [skeleton(item) for item in x]
    return "a number"


def numbers(x):
    return [float(item) for item in x.ravel()] if isinstance(x, np.ndarray) else [
        number for item in x for number in numbers(item)] if isinstance(x, (list, tuple, range)) else [float(x)]


def operands(x):
    return list(x.ravel()) if isinstance(x, np.ndarray) else [
        one for item in x for one in operands(item)] if isinstance(x, (list, tuple)) else [x]


def weigh(tree):
    """1 a**2 + 2 b**2 + 3 c**2 + ... of its numbers, in order."""
    return ag.sum([0.0, *((i + 1.0) * (x * x) for i, x in enumerate(operands(tree)))])


A2, A3 = np.array([1.0, 2.0]), np.array([1.0, 2.0, 3.0])
