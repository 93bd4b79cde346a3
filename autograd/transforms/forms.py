"""The forms that derivatives come in: lists for sequences, arrays for arrays; and what has the same shape."""

from collections.abc import Iterator, Sequence
from math import prod
from reprlib import repr as shortened
from typing import Any

from autograd.transforms.arrays import array
from autograd.transforms.pytree import Form, flatten


def size(form: Form) -> int:
    """How many numbers have this form."""
    return prod(form) if form.__class__ is tuple else sum(map(size, form))


def arranged(out: Form, by: Form, rows: Sequence[Sequence[Any]]) -> Any:
    """Derivatives in the form of the output, each number of which is replaced by the form of the argument.

    Where one of them is an array and the other one, too, or (nested) lists of numbers that have a shape, it is an
    array of both shapes, the output's first. rows: one per number of the output.

    >>> arranged([(), ()], [(), [()]], [[1.0, 2.0], [3.0, 4.0]])
    [[1.0, [2.0]], [3.0, [4.0]]]
    """
    if (out.__class__ is tuple and out) or (by.__class__ is tuple and by):
        first, then = _regular(out), _regular(by)
        if first is not None and then is not None:
            return array([x for row in rows for x in row], first + then)
    if out.__class__ is list:
        return [arranged(part, by, rows[start:end]) for part, start, end in _spans(out)]
    if by.__class__ is tuple:
        return rows[0][0]
    if out == () and all(part == () for part in by):
        return list(rows[0])
    return [arranged(out, part, [row[start:end] for row in rows]) for part, start, end in _spans(by)]


def by_arguments(out: Form, forms: Sequence[Form], several: bool, rows: Sequence[Sequence[Any]]) -> Any:
    """The derivative by one argument; by several, a tuple of the derivatives by each."""
    if not several:
        return arranged(out, forms[0], rows)
    return tuple(arranged(out, form, [row[start:end] for row in rows]) for form, start, end in _spans(forms))


def second(forms: Sequence[Form], several: bool, rows: Sequence[Sequence[Any]]) -> Any:
    """Second derivatives by one argument; by several, a tuple of tuples."""
    if not several:
        return arranged(forms[0], forms[0], rows)
    return tuple(by_arguments(form, forms, True, rows[start:end]) for form, start, end in _spans(forms))


def _spans(forms: Sequence[Form]) -> Iterator[tuple[Form, int, int]]:
    """Each form, and where its numbers begin and end."""
    start = 0
    for form in forms:
        end = start + size(form)
        yield form, start, end
        start = end


def _regular(form: Form, arrays: bool = True) -> tuple[int, ...] | None:
    """The shape of a number, of an array, or of lists of numbers of one length; None of anything else."""
    if form.__class__ is tuple:
        return form if arrays or not form else None
    inner: list[Any] = [_regular(part, arrays=False) for part in form]
    if any(part is None or part != inner[0] for part in inner):
        return None
    return (len(inner), *(inner[0] if inner else ()))


def _shape(form: Form) -> Any:
    """As NumPy would say it; where it could not, the list of the items' shapes."""
    if form.__class__ is tuple:
        return form
    inner = [_shape(part) for part in form]
    same = all(part.__class__ is tuple and part == inner[0] for part in inner)
    return (len(inner), *(inner[0] if inner else ())) if same else inner


def alike(name: str, what: str, given: Any, expected: Form, owner: str) -> list[Any]:
    """The numbers in ``given``; a ValueError unless it has the shape of what it belongs to, in arrays or sequences."""
    items, form = flatten(given)
    if form != expected and _shape(form) != _shape(expected):
        count = size(expected)
        raise ValueError(f"{name}: {len(items)} {what} for {count} number{'s' * (count != 1)}, of shape "
                         f"{shortened(_shape(form))} where {owner} has {shortened(_shape(expected))}; "
                         "give one for each, in the same shape")
    return items
