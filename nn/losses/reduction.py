"""Losses of single numbers put together: the mean, the sum, or each, of one example or of a list of them."""

from collections.abc import Callable, Iterator
from typing import Any

from autograd import mean, mul
from autograd import sum as total
from nn.frames import framed
from nn.nested import listed, numbers_in

REDUCTIONS = ("mean", "sum", "none")


def elementwise(name: str, loss: Callable[..., Any], input: Any, target: Any, reduction: str, *more: Any) -> Any:
    """``loss`` of each output, its target and its numbers in ``more``, put together; "none" is shaped as the input."""
    check_reduction(name, reduction)
    input = listed(input)       # an iterator is read once
    outputs, targets = numbers_in(input), numbers_in(target)
    check_as_many(name, outputs, targets)
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


def spread(name: str, option: str, given: Any, count: int) -> list[Any]:
    """A factor for each of ``count`` numbers, from one for all, one for each number of an example, or one for each."""
    factors = numbers_in(given)
    if not factors or count % len(factors):
        raise ValueError(f"{name}: {option} has {len(factors)} numbers for {count} outputs; give one for each")
    return factors * (count // len(factors))


def scaled(loss: Any, factor: Any) -> Any:
    """The loss times its weight, if it has one."""
    return loss if factor is None else mul(factor, loss)


def _nested(losses: Iterator[Any], shape: Any) -> Any:
    shape = listed(shape)
    return [_nested(losses, item) for item in shape] if isinstance(shape, list) else next(losses)
