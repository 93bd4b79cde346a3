"""Windows that slide over sequences and images: their places, and the checks of what they slide over."""

from collections.abc import Sequence
from functools import lru_cache, reduce
from itertools import product
from typing import Any

from nn.layers.outputs import Outputs
from nn.nested import misplaced, no_numbers
from nn.validators import count, count_or_0

Sizes = int | tuple[int, int]
Lengths = tuple[int, ...]
Window = tuple[tuple[int, ...], tuple[int, ...]]


def sizes(name: str, given: Any, axes: int, least: int) -> Lengths:
    """A length for each axis, from one for all or a pair.

    >>> sizes("stride", 2, axes=2, least=1)
    (2, 2)
    """
    check = count if least else count_or_0
    if isinstance(given, (tuple, list)):
        if len(given) != axes:
            raise ValueError(f"{name} is a whole number, or one for each of {axes} axes, not {given!r}")
        return tuple(check(f"{name}[{i}]", x) for i, x in enumerate(given))
    return (check(name, given),) * axes


@lru_cache(maxsize=128)
def places(name: str, extents: Lengths, kernel: Lengths, stride: Lengths,
           padding: Lengths) -> tuple[Lengths, tuple[Window, ...]]:
    """The extents of the output, and the window of each of its places: numbers of taps, and of cells under them.

    Taps of the kernel and cells of the input are counted row by row. What lies in the padding is left out. ValueError
    where the kernel is larger than the padded input.

    >>> places("Conv1d", (3,), (2,), (1,), (1,))
    ((4,), (((1,), (0,)), ((0, 1), (0, 1)), ((0, 1), (1, 2)), ((0,), (2,))))
    """
    for n, k, p in zip(extents, kernel, padding, strict=True):
        if k > n + 2 * p:
            raise ValueError(f"{name}: a kernel of {_times(kernel)} does not fit into an input of {_times(extents)} "
                             f"with padding {_times(padding)}; choose a smaller kernel or more padding")
    found = tuple((n + 2 * p - k) // s + 1 for n, k, s, p in zip(extents, kernel, stride, padding, strict=True))
    windows = []
    for start in product(*map(range, found)):
        taps, cells = [], []
        for number, tap in enumerate(product(*map(range, kernel))):
            at = [i * s + k - p for i, s, k, p in zip(start, stride, tap, padding, strict=True)]
            if all(0 <= i < n for i, n in zip(at, extents, strict=True)):
                taps.append(number)
                cells.append(reduce(lambda cell, axis: cell * axis[1] + axis[0], zip(at, extents, strict=True), 0))
        windows.append((tuple(taps), tuple(cells)))
    return found, tuple(windows)


def depth_of(x: Any) -> int:
    """How deep the first of nested lists goes."""
    depth = 0
    while isinstance(x, list) and x:
        depth, x = depth + 1, x[0]
    return depth


def shape_of(name: str, x: Any, depth: int) -> Lengths:
    """The lengths of nested lists ``depth`` deep; a ValueError where they are ragged, empty or of another depth."""
    form = "".join(("[channels]", "[height]", "[width]")[:depth]) if depth > 2 else "[channels][length]"
    lengths: list[int] = []
    level = [x]
    for _ in range(depth):
        if not all(isinstance(item, list) for item in level):
            raise ValueError(f"{name} takes {form} numbers, or a list of such; these are {depth_of(x)} deep")
        if len({len(item) for item in level}) != 1 or not level[0]:
            raise ValueError(f"{name}: rows are empty or differ in length; give {form} numbers, rows of one length")
        lengths.append(len(level[0]))
        level = [inner for item in level for inner in item]
    if no_numbers(level):
        raise TypeError(f"{name}: {misplaced('input', x)}")
    if any(isinstance(item, list) for item in level):
        raise ValueError(f"{name} takes {form} numbers, or a list of such; these are {depth_of(x)} deep")
    return tuple(lengths)


def unfolded(plane: Any, axes: int) -> list[Any]:
    """The numbers of a plane, row by row, as `folded` takes them."""
    return [x for row in plane for x in row] if axes == 2 else list(plane)


def folded(numbers: list[Any], extents: Sequence[int]) -> Any:
    """The numbers of all places, in order, as a list, or as rows of that extent."""
    if len(extents) == 1:
        return Outputs(numbers)
    return [Outputs(numbers[i:i + extents[1]]) for i in range(0, len(numbers), extents[1])]


def short(lengths: Sequence[int]) -> str:
    """One number if all are the same."""
    return str(lengths[0]) if len(set(lengths)) == 1 else str(tuple(lengths))


def options(**given: tuple[Lengths, Lengths]) -> str:
    """The text of options, each given with its usual lengths, of those that are others.

    >>> options(stride=((2, 2), (1, 1)), padding=((0, 0), (0, 0)))
    ', stride=2'
    """
    return "".join(f", {name}={short(lengths)}" for name, (lengths, usual) in given.items() if lengths != usual)


def _times(lengths: Sequence[int]) -> str:
    return " x ".join(map(str, lengths))
