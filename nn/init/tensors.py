"""Parameters that are initialised: their shapes, their numbers of inputs and outputs, and the assignment in place."""

import math
from collections.abc import Callable
from operator import index
from random import Random
from typing import Any

from autograd import Value

Seed = int | Random | None


def generator(seed: Seed) -> Random:
    """A generator of its own for an int or None; a random.Random is used as it is, and goes on from where it was.

    >>> generator(0).random() == generator(0).random()
    True
    """
    if isinstance(seed, Random):
        return seed
    if seed is not None and (isinstance(seed, bool) or not hasattr(seed, "__index__")):      # NumPy's ints are some too
        raise TypeError(f"seed is a whole number, a random.Random or None, not {seed!r}")
    return Random(None if seed is None else index(seed))


def fans(name: str, tensor: Any) -> tuple[int, int]:
    """The numbers of inputs and outputs that meet in one output and in one input: of rows, or of kernels.

    tensor: a list of rows, one per output; or ``[output][channel]`` kernels of one or two dimensions.
    """
    sizes = shape(name, tensor)
    if len(sizes) < 2:
        raise ValueError(f"{name} takes a list of rows of Values, one row per output, as linear.weight; give one "
                         "neuron's weights as [neuron.w]")
    kernel = math.prod(sizes[2:])
    return sizes[1] * kernel, sizes[0] * kernel


def shape(name: str, tensor: Any) -> tuple[int, ...]:
    """The lengths of nested lists of Values; a ValueError where those of one depth differ, or one is empty."""
    if isinstance(tensor, Value):
        return ()
    inner = {shape(name, item) for item in tensor} if isinstance(tensor, (list, tuple)) else set()
    if len(inner) != 1:
        raise ValueError(f"{name} takes a list of rows of Values, one row per output, as linear.weight, or of kernels, "
                         "all of one shape")
    return (len(tensor), *inner.pop())


def filled(name: str, tensor: Any, draw: Callable[[], float]) -> Any:
    """``tensor``, with the next number that is drawn in each Value, in order."""
    for value in values(name, tensor):
        value.data = draw()
    return tensor


def values(name: str, tensor: Any) -> list[Value]:
    """All Values of ``tensor``; the error for anything else comes before the first is assigned."""
    if isinstance(tensor, Value) and tensor.op is None:
        return [tensor]
    if not isinstance(tensor, (list, tuple)):
        what = "a computed Value" if isinstance(tensor, Value) else type(tensor).__name__
        raise TypeError(f"{name} takes a parameter, which is a Value or a list of Values, not {what}; give "
                        "linear.weight, say")
    return [value for item in tensor for value in values(name, item)]
