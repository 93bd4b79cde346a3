"""Losses of single numbers put together: the mean, the sum, or each, of one example or of a list of them."""

from collections.abc import Callable, Iterator
from typing import Any

from autograd import mean, mul
from autograd import sum as total
from nn.frames import framed
from nn.nested import NUMBERS, listed, nested_lists, numbers_in

REDUCTIONS = ("mean", "sum", "none")


def elementwise(name: str, loss: Callable[..., Any], input: Any, target: Any, reduction: str, *more: Any) -> Any:
    """``loss`` of each output, its target and its numbers in ``more``, put together; "none" is shaped as the input."""
    check_reduction(name, reduction)
    input, target = listed(input), listed(target)       # an iterator is read once
    outputs, targets = numbers_in(input), numbers_in(target)
    check_as_many(name, outputs, targets)
    check_shapes(name, input, target)
    losses = [loss(*given) for given in zip(outputs, targets, *more, strict=True)]
    return framed(name, reduced(losses, reduction, input), outputs, targets)


def reduced(losses: list[Any], reduction: str, shape: Any) -> Any:
    """The losses' mean or sum; with "none" the losses as ``shape`` is nested."""
    if reduction == "none":
        return _nested(iter(losses), shape)
    if len(losses) == 1:
        return losses[0]
    return mean(losses) if reduction == "mean" else total(losses)


def check_reduction(name: str, reduction: Any, choices: tuple[str, ...] = REDUCTIONS) -> None:
    """A ValueError for another reduction."""
    if reduction not in choices:
        raise ValueError(f"{name}: reduction is {' or '.join(map(repr, choices))}, not {reduction!r}")


def check_as_many(name: str, outputs: list[Any], targets: list[Any]) -> None:
    """A ValueError unless there are as many outputs as targets, and some."""
    if len(outputs) != len(targets):
        raise ValueError(f"{name}: {len(outputs)} outputs and {len(targets)} targets; give as many of each")
    if not outputs:
        raise ValueError(f"{name} of no numbers is undefined; give at least one")


def check_shapes(name: str, outputs: Any, targets: Any) -> None:
    """A ValueError unless outputs and targets are nested alike; one may have dimensions of 1 more, as [o] for o.

    >>> check_shapes("mse_loss", [[1.0], [2.0]], [1.0, 2.0])
    >>> check_shapes("mse_loss", [[1.0, 2.0]], [[1.0], [2.0]])
    Traceback (most recent call last):
    ValueError: mse_loss: outputs of shape 1 x 2 and targets of shape 2 x 1; give targets of the outputs' shape
    """
    outputs, targets = listed(outputs), listed(targets)
    if not any(isinstance(x, list) and x and x[0].__class__ not in NUMBERS for x in (outputs, targets)):
        return      # flat, and as many
    outputs, targets = nested_lists(outputs), nested_lists(targets)
    shapes = [_shape(outputs), _shape(targets)]
    deep, flat = (outputs, targets) if len(shapes[0]) >= len(shapes[1]) else (targets, outputs)
    if not _alike(deep, flat, abs(len(shapes[0]) - len(shapes[1]))):
        found, wanted = (" x ".join(map(str, shape)) or "one number" for shape in shapes)
        raise ValueError(f"{name}: outputs of shape {found} and targets of shape {wanted}"
                         f"{', whose lists differ in length' if found == wanted else ''}; give targets of the outputs' "
                         "shape")


def _alike(deep: Any, flat: Any, more: int) -> bool:
    """Whether two nested lists have one structure, but for ``more`` dimensions of 1 in the first."""
    if not isinstance(deep, list):
        return not isinstance(flat, list)
    if more and len(deep) == 1 and _alike(deep[0], flat, more - 1):
        return True
    return isinstance(flat, list) and len(deep) == len(flat) and all(
        _alike(x, y, more) for x, y in zip(deep, flat, strict=True))


def _shape(x: Any) -> list[int]:
    """The lengths, by the first of each list."""
    lengths = []
    while isinstance(x, list):
        lengths.append(len(x))
        x = x[0] if x else None
    return lengths


def spread(name: str, option: str, given: Any, input: Any) -> list[Any]:
    """A factor for each number of ``input``; ``given`` is broadcast to its shape, as in PyTorch.

    Dimensions count from the last one; of each there are as many factors as numbers, or one for all. As of targets,
    dimensions of 1 may differ: one factor for each of N x 1 outputs is a list of N.
    """
    input, given = nested_lists(input), nested_lists(given)
    numbers_in(given)       # of a text or a dict, an error
    sizes, its = _shape(input), _shape(given)
    while len(its) > len(sizes) and its[0] == 1:
        given, its = given[0], its[1:]
    if _alike(*((input, given) if len(sizes) >= len(its) else (given, input)), abs(len(sizes) - len(its))):
        return numbers_in(given)
    fits = len(sizes) >= len(its) and _is_full(given, its)
    found = _broadcast(input, given, len(sizes) - len(its)) if fits else None
    if found is None:
        shapes = (" x ".join(map(str, shape)) or "one number" for shape in (sizes, its))
        raise ValueError(f"{name}: outputs of shape {next(shapes)} and {option} of shape {next(shapes)}; give {option} "
                         "of the outputs' shape, or with 1 for a dimension in which it is the same")
    return found


def _is_full(x: Any, shape: list[int]) -> bool:
    """Whether ``x`` has this shape throughout."""
    if not shape or not isinstance(x, list):
        return not shape and not isinstance(x, list)
    return len(x) == shape[0] and all(_is_full(item, shape[1:]) for item in x)


def _broadcast(x: Any, factors: Any, missing: int) -> list[Any] | None:
    """A factor for each number in ``x``, whose first dimensions, so many, the factors do not have; None if not so."""
    if not isinstance(x, list):
        return None if missing or isinstance(factors, list) else [factors]
    if not missing and (not isinstance(factors, list) or len(factors) not in (1, len(x))):
        return None
    inner = [factors] * len(x) if missing else factors * len(x) if len(factors) == 1 else factors
    found: list[Any] = []
    for item, its in zip(x, inner, strict=True):
        row = _broadcast(item, its, max(missing - 1, 0))
        if row is None:
            return None
        found += row
    return found


def scaled(loss: Any, factor: Any) -> Any:
    """The loss times its weight, if it has one."""
    return loss if factor is None else mul(factor, loss)


def _nested(losses: Iterator[Any], shape: Any) -> Any:
    shape = listed(shape)
    return [_nested(losses, item) for item in shape] if isinstance(shape, list) else next(losses)
