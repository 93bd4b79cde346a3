"""Pooling: the largest number or the mean of each window, so that a map becomes smaller. Nothing is trained here."""

from collections.abc import Sequence
from functools import reduce
from math import prod
from typing import Any, ClassVar

from autograd import equal, less, where
from autograd import sum as total
from nn.frames import enclose, entitle, titles
from nn.layers.examples import refuse_pair
from nn.layers.windows import (
    Sizes,
    Window,
    depth_of,
    folded,
    options,
    places,
    shape_of,
    short,
    sizes,
    unfolded,
)
from nn.module import Module
from nn.nested import nested_lists
from nn.validators import flag


class _Pooling(Module):
    """What the pooling layers share: windows over each plane of an image, or of a list of images."""

    axes: ClassVar[int] = 2
    _unsupported: ClassVar = {
        "ceil_mode": "windows lie wholly in the padded image; leave it out, and choose a padding or a stride that fits",
        "dilation": "the numbers of a window lie side by side; leave it out",
        "return_indices": "leave it out; the gradient shows where the largest is",
        "divisor_override": "leave it out, and multiply the outputs"}
    _entitle = entitle

    def __init__(self, kernel_size: Sizes, stride: Sizes | None = None, padding: Sizes = 0) -> None:
        self.kernel_size = sizes("kernel_size", kernel_size, self.axes, 1)
        self.stride = self.kernel_size if stride is None else sizes("stride", stride, self.axes, 1)
        self.padding = sizes("padding", padding, self.axes, 0)
        if any(2 * p > k for p, k in zip(self.padding, self.kernel_size, strict=True)):
            most = tuple(k // 2 for k in self.kernel_size)
            raise ValueError(f"{type(self).__name__}: padding is at most half the kernel_size, so {short(most)} for a "
                             f"kernel of {short(self.kernel_size)}, not {short(self.padding)}")

    def __call__(self, image: Sequence[Any]) -> Any:
        """A smaller map for each channel; of a list of images a list of these."""
        refuse_pair(image)
        images = nested_lists(image)
        return list(map(self._one, images)) if depth_of(images) == self.axes + 2 else self._one(images)

    def _one(self, channels: Any) -> Any:
        name = type(self).__name__
        given = shape_of(name, channels, self.axes + 1)
        extents, windows = places(name, given[1:], self.kernel_size, self.stride, self.padding)
        return [folded(self._map(m, unfolded(plane, self.axes), windows), extents)
                for m, plane in enumerate(channels, 1)]

    def _map(self, m: int, plane: list[Any], windows: Sequence[Window]) -> list[Any]:
        out = []
        for number, (_, cells) in enumerate(windows, 1):
            patch = tuple(plane[cell] for cell in cells)
            out.append(self._pooled(patch))
            enclose(out[-1:], (*titles(self), f"map {m}", f"window {number}"), patch)
        return out

    def _pooled(self, numbers: Sequence[Any]) -> Any:
        raise NotImplementedError

    def __repr__(self) -> str:
        given = options(stride=(self.stride, self.kernel_size), padding=(self.padding, (0,) * self.axes))
        return f"{type(self).__name__}({short(self.kernel_size)}{given})"


class MaxPool2d(_Pooling):
    """The largest number of each window of ``[channels][H][W]``, as torch.nn.MaxPool2d; stride: the kernel's size.

    The gradient goes to the largest, of equal ones to the first of them in reading order, as there. nan is the largest.

    >>> MaxPool2d(2)([[[1.0, 5.0, 0.0, 2.0], [3.0, 4.0, 1.0, 1.0]]])
    [[[5.0, 2.0]]]
    """

    def _pooled(self, numbers: Sequence[Any]) -> Any:
        return reduce(_larger, numbers)


class AvgPool2d(_Pooling):
    """The mean of each window of ``[channels][H][W]``, as torch.nn.AvgPool2d; the stride is the kernel's size.

    count_include_pad: whether zeros in the padding count, as in PyTorch where nothing is said; by its
    name only, as PyTorch has ceil_mode before it.

    >>> AvgPool2d(2)([[[1.0, 5.0, 0.0, 2.0], [3.0, 4.0, 1.0, 1.0]]])
    [[[3.25, 1.0]]]
    """

    def __init__(self, kernel_size: Sizes, stride: Sizes | None = None, padding: Sizes = 0, *,
                 count_include_pad: bool = True) -> None:
        self.count_include_pad = flag("count_include_pad", count_include_pad)
        super().__init__(kernel_size, stride, padding)

    def __repr__(self) -> str:
        return super().__repr__()[:-1] + ("" if self.count_include_pad else ", count_include_pad=False") + ")"

    def _pooled(self, numbers: Sequence[Any]) -> Any:
        count = prod(self.kernel_size) if self.count_include_pad else len(numbers)
        return total(numbers) / float(count)


def _larger(x: Any, y: Any) -> Any:
    """Of two equal ones the first, where `maximum` would share the gradient between them; nan where one is nan."""
    return where(less(x, y), y, where(equal(y, y), x, y))
