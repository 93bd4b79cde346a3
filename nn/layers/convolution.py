"""Convolutions: one kernel slides over a sequence or an image, so that all places share its weights.

Images are ``[channels][height][width]``, sequences ``[channels][length]``: nested lists or arrays, one or a list.
The gradient of a weight is the sum over all places where it is used: in pictures, one Value on many arrows.
"""

from collections.abc import Sequence
from math import prod, sqrt
from typing import Any, ClassVar

from autograd import Value, dot
from nn.frames import enclose, entitle, titles
from nn.init import Seed, generator, uniform_
from nn.layers.examples import refuse_pair
from nn.layers.windows import Sizes, depth_of, folded, options, places, shape_of, short, sizes, unfolded
from nn.module import Module
from nn.nested import nested_lists
from nn.validators import count, flag


class _Convolution(Module):
    """What Conv1d and Conv2d share; they differ in the number of axes along which the kernel slides."""

    axes: ClassVar[int] = 0
    _unsupported: ClassVar = {
        "dilation": "taps of the kernel lie side by side; leave it out, and take a larger kernel_size, or a stride",
        "groups": "leave it out, and make a convolution for each group of channels",
        "padding_mode": "the padding is 0; leave it out, or pad the image before"}
    _entitle = entitle

    def __init__(self, in_channels: int, out_channels: int, kernel_size: Sizes, stride: Sizes = 1, padding: Sizes = 0,
                 bias: bool = True, *, seed: Seed = None) -> None:
        self.in_channels, self.out_channels = count("in_channels", in_channels), count("out_channels", out_channels)
        self.kernel_size = sizes("kernel_size", kernel_size, self.axes, 1)
        self.stride, self.padding = sizes("stride", stride, self.axes, 1), sizes("padding", padding, self.axes, 0)
        flag("bias", bias)
        rng, fan_in = generator(seed), in_channels * prod(self.kernel_size)
        names = [f"k{o}" for o in range(1, out_channels + 1)]
        self.weight = [_kernel((in_channels, *self.kernel_size), name) for name in names]
        self.bias = [Value(0.0, label=f"{name}.b") for name in names] if bias else None
        for part in (self.weight, self.bias or []):
            uniform_(part, -1.0 / sqrt(fan_in), 1.0 / sqrt(fan_in), seed=rng)

    def __call__(self, image: Sequence[Any]) -> Any:
        """A map for each output channel; of a list of images a list of these."""
        refuse_pair(image)
        images = nested_lists(image)
        return list(map(self._one, images)) if depth_of(images) == self.axes + 2 else self._one(images)

    def _one(self, channels: Any) -> Any:
        name = type(self).__name__
        given = shape_of(name, channels, self.axes + 1)
        if given[0] != self.in_channels:
            raise ValueError(f"{name} of {self.in_channels} input channels was given {given[0]}; give a plane for each")
        extents, windows = places(name, given[1:], self.kernel_size, self.stride, self.padding)
        planes = [unfolded(plane, self.axes) for plane in channels]
        patches = [tuple(plane[cell] for plane in planes for cell in cells) for _, cells in windows]
        taps = [taps for taps, _ in windows]
        return [folded(self._map(o, patches, taps), extents) for o in range(self.out_channels)]

    def _map(self, o: int, patches: list[tuple[Any, ...]], taps: list[tuple[int, ...]]) -> list[Any]:
        """The map of one output channel: kernel · patch + bias at each place."""
        kernel, out = [unfolded(plane, self.axes) for plane in self.weight[o]], []
        whole = [w for plane in kernel for w in plane]
        for place, (patch, tap) in enumerate(zip(patches, taps, strict=True), 1):
            weights = whole if len(patch) == len(whole) else [plane[k] for plane in kernel for k in tap]
            y = dot(weights, patch) if patch else Value(0.0)
            if self.bias is not None:
                y = y + self.bias[o]
            enclose([y], (*titles(self), f"map {o + 1}", f"place {place}"), patch)
            out.append(y)
        return out

    def __repr__(self) -> str:
        given = options(stride=(self.stride, (1,) * self.axes), padding=(self.padding, (0,) * self.axes))
        return (f"{type(self).__name__}({self.in_channels}, {self.out_channels}, "
                f"kernel_size={short(self.kernel_size)}{given}{'' if self.bias is not None else ', bias=False'})")


class Conv1d(_Convolution):
    """Cross-correlation of a sequence ``[in_channels][T]`` with kernels, as torch.nn.Conv1d.

        y[o][t] = bias[o] + sum over c, k of weight[o][c][k] x[c][t stride + k - padding],   x = 0 outside

    (Waibel et al., "Phoneme recognition using time-delay neural networks", 1989).
    weight: ``[out_channels][in_channels][kernel_size]``; it begins uniform in ±1/sqrt(in_channels kernel_size).
    The outputs are ``[out_channels][(T + 2 padding - kernel_size) // stride + 1]``.

    >>> len(Conv1d(1, 2, kernel_size=3, seed=0)([[1.0, 2.0, 3.0, 4.0]])[0])
    2
    """

    axes = 1


class Conv2d(_Convolution):
    """Cross-correlation of an image ``[in_channels][H][W]`` with kernels, as torch.nn.Conv2d.

        y[o][i][j] = bias[o] + sum over c, k, l of weight[o][c][k][l] x[c][i s + k - p][j s + l - p]

    with stride s, padding p, and x = 0 outside the image (LeCun et al., "Backpropagation applied to handwritten zip
    code recognition", 1989).
    weight: ``[out_channels][in_channels][kernel_size][kernel_size]``, uniform at first in ±1/sqrt(in_channels
    kernel_size²). kernel_size, stride, padding: a number, or one for the rows and one for the columns.

    >>> edges = Conv2d(1, 1, 2, bias=False).load_state_dict({"weight": [[[[1.0, -1.0], [1.0, -1.0]]]]})
    >>> [[y.data for y in row] for row in edges([[[0.0, 0.0, 1.0], [0.0, 0.0, 1.0]]])[0]]
    [[0.0, -2.0]]
    """

    axes = 2


def _kernel(lengths: Sequence[int], name: str) -> Any:
    if not lengths:
        return Value(0.0, label=name)
    return [_kernel(lengths[1:], f"{name}[{i}]") for i in range(lengths[0])]
