"""LayerNorm: the numbers of an example shifted and scaled to mean 0 and variance 1."""

from collections.abc import Sequence
from typing import Any

from autograd import mean, sqrt, square
from nn.frames import entitle, titles
from nn.layers.batch_norm import BatchNorm1d
from nn.layers.examples import without_tensors
from nn.layers.scaling import enclose_statistics, first_affine, scaled
from nn.module import Module
from nn.nested import misplaced, no_numbers
from nn.validators import count, flag, positive

__all__ = ["BatchNorm1d", "LayerNorm"]      # pickles of earlier networks look for BatchNorm1d here


class LayerNorm(Module):
    """The numbers of an example normalized over themselves: y = (x - E[x]) / sqrt(Var[x] + eps) * weight + bias.

    Ba, Kiros, Hinton, "Layer normalization", 2016. The same in train and eval mode. normalized_shape: how many numbers,
    or the sizes of the last dimensions, over which E and Var (divided by n) are taken; what is deeper, a sequence or a
    batch, is normalized piece by piece. elementwise_affine, bias: whether there are weight and bias, of that shape.

    >>> [round(y.data, 3) for y in LayerNorm(3)([1.0, 2.0, 3.0])]
    [-1.225, 0.0, 1.225]
    """

    _entitle = entitle

    def __init__(self, normalized_shape: int | Sequence[int], eps: float = 1e-5, elementwise_affine: bool = True,
                 bias: bool = True) -> None:
        sizes: list[Any] = [*normalized_shape] if hasattr(normalized_shape, "__iter__") else [normalized_shape]
        self.normalized_shape = tuple(count(f"LayerNorm: normalized_shape[{i}]", n) for i, n in enumerate(sizes))
        if not sizes:
            raise ValueError("LayerNorm: normalized_shape has no dimension; give at least one size")
        self.eps, self.elementwise_affine = positive("LayerNorm: eps", eps), flag("elementwise_affine",
                                                                                  elementwise_affine)
        size = 1
        for n in self.normalized_shape:
            size *= n
        weight, shift = first_affine(size) if elementwise_affine else (None, None)
        self.weight = None if weight is None else _reshaped(weight, self.normalized_shape)
        self.bias = None if shift is None or not flag("bias", bias) else _reshaped(shift, self.normalized_shape)

    def __call__(self, x: Any) -> Any:
        return self._normalized(without_tensors(x))

    def _normalized(self, x: Any) -> Any:
        shape = _shape(x)
        depth = len(self.normalized_shape)
        if shape[len(shape) - depth:] != self.normalized_shape:
            raise ValueError(f"LayerNorm of {' x '.join(map(str, self.normalized_shape))} numbers was given "
                             f"{' x '.join(map(str, shape)) or 'one number'}")
        if len(shape) > depth:
            return [self._normalized(item) for item in x]
        if not _has_shape(x, self.normalized_shape):
            raise ValueError(f"LayerNorm of {' x '.join(map(str, self.normalized_shape))} numbers was given lists that "
                             "differ in length or depth")
        numbers = _flat(x, depth)
        if no_numbers(numbers):
            raise TypeError(f"LayerNorm: {misplaced('input', x)}")
        center = mean(numbers)
        deviation = sqrt(mean([square(a - center) for a in numbers]) + self.eps)
        enclose_statistics(titles(self), numbers, center, deviation)
        n = len(numbers)
        out = scaled(numbers, [center] * n, [deviation] * n, self.weight and _flat(self.weight, depth),
                     self.bias and _flat(self.bias, depth), titles(self))
        return out if depth == 1 else _reshaped(out, self.normalized_shape)

    def __repr__(self) -> str:
        shape = self.normalized_shape
        return f"LayerNorm({shape[0] if len(shape) == 1 else shape}, eps={self.eps:g})"


def _shape(x: Any) -> tuple[int, ...]:
    """The sizes, by the first of each list."""
    sizes = []
    while hasattr(x, "__len__"):
        sizes.append(len(x))
        x = next(iter(x), None)
    return tuple(sizes)


def _has_shape(x: Any, shape: tuple[int, ...]) -> bool:
    """Whether each list in ``x`` has this shape, and not only the first."""
    if not shape or not hasattr(x, "__len__"):
        return not shape and (not hasattr(x, "__len__") or isinstance(x, str))
    return len(x) == shape[0] and all(_has_shape(item, shape[1:]) for item in x)


def _flat(x: Any, depth: int) -> list[Any]:
    return list(x) if depth == 1 else [number for item in x for number in _flat(item, depth - 1)]


def _reshaped(numbers: Sequence[Any], shape: tuple[int, ...]) -> list[Any]:
    if len(shape) == 1:
        return list(numbers)
    size = len(numbers) // shape[0]
    return [_reshaped(numbers[i:i + size], shape[1:]) for i in range(0, len(numbers), size)]
