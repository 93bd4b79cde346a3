"""Sequences of any length as inputs of one compiled function: the length, as many rows as may come, and the target."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from autograd import OpenList
from nn.training.data import Data
from nn.training.structure import Structure, nested, structure


class AnyLength(NamedTuple):
    """The structure of examples whose input is a sequence of rows of ``width`` numbers, ``most`` rows or fewer."""

    width: int
    most: int
    target: Structure


Shape = AnyLength | Structure


def any_length(example: Any, data: Data) -> AnyLength | None:
    """That of an example of data whose sequences differ in length; None of another."""
    (x, target), most = example, data.longest
    if most == 0 or not x or x[0].__class__ is not list or any(item.__class__ is list for item in x[0]):
        return None
    return AnyLength(len(x[0]), most, structure(target))


def inputs_of(shape: Shape, given: list[float]) -> list[float]:
    """The inputs of the function for the numbers of an example: its length is the first, and zeros fill it up."""
    if not isinstance(shape, AnyLength):
        return given
    size = len(given) - _count(shape.target)
    missing = shape.width * shape.most - size
    return [size / shape.width, *given[:size], *[0.0] * missing, *given[size:]]


def example_of(shape: Shape, numbers: Iterator[Any]) -> Any:
    """The example that has these inputs."""
    if not isinstance(shape, AnyLength):
        return nested(shape, numbers)
    length = next(numbers)
    rows = [[next(numbers) for _ in range(shape.width)] for _ in range(shape.most)]
    return OpenList(rows, length), nested(shape.target, numbers)


def _count(shape: Structure) -> int:
    return 1 if shape is None else sum(map(_count, shape))
