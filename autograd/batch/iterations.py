"""One iteration of a loop as all ways to run it see it, and the plain loop over iterations."""

from collections.abc import Callable, Sequence
from itertools import count as counting
from typing import Any, NamedTuple

from autograd.batch.dual_parts import joined, parts
from autograd.batch.result_structures import described
from autograd.batch.scanned import Columns
from autograd.graph.value import Value, serials
from autograd.ops.internal import argument
from autograd.ops.primitives import apply
from autograd.program.replay import bytes_of
from autograd.transforms.arrays import is_numpy_bool
from autograd.transforms.containers import Tree, opened
from autograd.transforms.dual import Dual
from autograd.transforms.pytree import Rebuild, check_number, flatten, unpack


class Step(NamedTuple):
    """An iteration: run(t, numbers of the carry, x) is the next carry and a result, or None where the loop is over."""

    name: str
    body: Callable[..., Any]        # the user's
    run: Callable[[Any, list[Any], Any], Any]
    init: Any
    columns: Columns = Columns(None, 0, False)
    checkpoint: Any = "all"

    def numbers(self, t: Any, items: list[Any], x: Any) -> tuple[list[Any], Any] | None:
        """The numbers of the next carry, each a node of its own, and the result."""
        start = next(serials)
        found = self.run(t, items, x)
        if found is None:
            return None
        carry, y = found
        try:
            outs, layout = flatten(carry, argument=True)
        except TypeError as error:
            raise TypeError(f"{self.name}: {error}") from error
        if layout != flatten(self.init, argument=True)[1]:
            raise TypeError(f"{self.name}: the body returned a carry of another structure than it got: "
                            f"{described(carry)}, not {described(self.init)}; return numbers in the same containers")
        if _has_fixed(layout) and _fixed(carry, layout) != _fixed(self.init, layout):
            raise TypeError(f"{self.name}: the body returned a carry with other texts, flags or functions than it got: "
                            f"{described(carry)}, not {described(self.init)}; only its numbers may change")
        outs = [check_number(x, self.name, "a carry holds numbers") for x in outs]
        ys, rebuild = unpack(y)
        own = distinct(outs, ys, items, start)
        return own[:len(outs)], rebuild(own[len(outs):])


def _has_fixed(layout: Any) -> bool:
    """Whether a carry of this layout holds anything but numbers; soon, as each iteration asks."""
    parts = layout.items if layout.__class__ is Tree else layout if layout.__class__ is list else ()
    return None in parts or any(map(_has_fixed, filter(None, parts)))


def _fixed(x: Any, layout: Any) -> list[Any]:
    """The texts, flags, functions and None in a carry, which all iterations share."""
    if layout.__class__ is Tree:
        parts = zip(opened(x, True)[0], layout.items, strict=True)
        return [found for item, part in parts for found in ([_plain(item)] if part is None else _fixed(item, part))]
    return [found for item, part in zip(x, layout, strict=True) for found in _fixed(item, part)] \
        if layout.__class__ is list else []


def _plain(x: Any) -> Any:
    return type(x), x.tobytes() if is_numpy_bool(x) else x


def checked_checkpoint(name: str, checkpoint: Any) -> Any:
    """What is to be kept; TypeError or ValueError for what says nothing."""
    if checkpoint == "all" and isinstance(checkpoint, str):
        return checkpoint
    if checkpoint.__class__ is int:
        if checkpoint < 1:
            raise ValueError(f"{name}: checkpoint={checkpoint}; give at least one snapshot, or \"all\"")
        return checkpoint
    if isinstance(checkpoint, str):
        try:
            bytes_of(checkpoint)
        except ValueError:
            raise ValueError(f"{name}: checkpoint={checkpoint!r}; give \"all\", a number of snapshots, or bytes such "
                             'as "50MB"') from None
        return checkpoint
    raise TypeError(f"{name}: checkpoint is {type(checkpoint).__name__}; give \"all\", a number of snapshots, or bytes "
                    'such as "50MB"')


def checked_carry(name: str, init: Any, checkpoint: Any) -> tuple[list[Any], Rebuild]:
    """The numbers of the first carry, and the function that rebuilds a carry of others; other options are checked."""
    checked_checkpoint(name, checkpoint)
    items = flatten(init, argument=True)[0]
    for x in items:
        if isinstance(x, bool):
            raise TypeError(f"{name}: the carry holds {x}; a carry holds numbers: write 1.0 or 0.0, and compare")
        check_number(x, name, "a carry holds numbers")
    return unpack([*init] if isinstance(init, range) else init, argument=True)


def distinct(outs: Sequence[Any], ys: Sequence[Any], carries: Sequence[Any], start: int) -> list[Any]:
    """Another node for each that stands there twice, or that is none of this iteration: all are nodes of their own.

    A number of the carry that an iteration passes on as it came is the same in the next one, and as a result.
    """
    if Dual in map(type, (*outs, *ys)):     # tangents are nodes, too; those of a FloatDual are floats
        (outs, key), (ys, shape) = parts(outs), parts(ys)
        return joined(distinct(outs, ys, parts(carries)[0], start), key + shape)
    seen = set()
    given = {id(x) for x in carries}
    found = []
    for place, x in enumerate((*outs, *ys)):
        if isinstance(x, Value):
            passed_on = place < len(carries) and x is carries[place]
            if id(x) in seen or (x._serial < start and not passed_on and (place < len(outs) or id(x) not in given)):
                x = apply(argument, (x,))
            seen.add(id(x))
        found.append(x)
    return found


def run_plainly(step: Step, items: list[Any], count: int | None) -> tuple[list[Any], list[Any]]:
    """The loop as Python runs it: the last carry's numbers, and the results."""
    ys = []
    for t in counting() if count is None else range(count):
        found = step.numbers(t, items, step.columns.item(t))
        if found is None:
            break
        items, y = found
        ys.append(y)
    return items, ys
