"""The layout of derivatives: lists for sequences, arrays for arrays; and which inputs have the same shape."""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from math import prod
from reprlib import repr as shortened
from typing import Any, NamedTuple

from autograd.transforms.arrays import make_array
from autograd.transforms.containers import Tree
from autograd.transforms.pytree import Layout, flatten

Rows = Sequence[Sequence[Any]]      # derivatives: a row per number of the output, a column per number of the argument


class DerivativeLayout(NamedTuple):
    """The arguments that a derivative is taken by, and the layout of the result: eager and compiled derivatives use it.

    >>> DerivativeLayout([(), [(), ()]], True).gradient([1.0, 2.0, 3.0])
    (1.0, [2.0, 3.0])
    """

    arguments: Sequence[Layout]     # of the chosen arguments
    several: bool                   # whether the result is a tuple with one item per argument

    def gradient(self, derivatives: Sequence[Any]) -> Any:
        """The derivatives of one number."""
        if not self.several and self.arguments[0] == ():        # by one number
            return derivatives[0]
        return self.jacobian((), [derivatives])

    def jacobian(self, output: Layout, rows: Rows) -> Any:
        """The derivatives of an output with this layout: by one argument, or a tuple of those by each."""
        if not self.several:
            return arrange(output, self.arguments[0], rows)
        return tuple([arrange(output, layout, [row[start:end] for row in rows])
                      for layout, start, end in _slices(self.arguments)])

    def hessian(self, rows: Rows) -> Any:
        """The second derivatives by one argument, or a tuple of tuples."""
        if not self.several:
            return arrange(self.arguments[0], self.arguments[0], rows)
        return tuple([self.jacobian(layout, rows[start:end]) for layout, start, end in _slices(self.arguments)])


def chosen_arguments(name: str, argnums: Any, n: int) -> tuple[list[int], bool]:
    """The positions of the arguments that ``argnums`` chooses of ``n``, and whether the derivative is a tuple."""
    if n == 0:
        raise TypeError(f"{name}: nothing to differentiate with respect to; call it with the arguments of f")
    if argnums is None:
        return [*range(n)], n > 1
    single = isinstance(argnums, int)
    chosen = [argnums] if single else list(argnums)
    for i in chosen:
        if not isinstance(i, int) or not -n <= i < n:
            raise ValueError(f"{name}: argnums={argnums!r} does not name one of the {n} arguments given")
    positions = [i % n for i in chosen]
    if len(set(positions)) < len(positions):
        raise ValueError(f"{name}: argnums={argnums!r} names an argument twice")
    return positions, not single


def count_numbers(layout: Layout) -> int:
    """The number of numbers in the layout of an argument or a result of a derivative."""
    if layout.__class__ is tuple:
        return prod(layout)
    return sum(map(count_numbers, _items(layout)))


def arrange(output: Layout, argument: Layout, rows: Rows) -> Any:
    """The derivatives in the layout of the output, with each number replaced by the layout of the argument.

    If one of the two is an array and the other is an array or (nested) lists of numbers with a shape, the result is one
    array; its shape is the shape of the output followed by the shape of the argument.

    >>> arrange([(), ()], [(), [()]], [[1.0, 2.0], [3.0, 4.0]])
    [[1.0, [2.0]], [3.0, [4.0]]]
    """
    if (output.__class__ is tuple and output) or (argument.__class__ is tuple and argument):
        first, then = array_shape(output), array_shape(argument)
        if first is not None and then is not None:
            return make_array([x for row in rows for x in row], first + then)
    if output is None or argument is None:      # no number
        return None
    if output.__class__ is list and output.count(()) == len(output):        # the usual case, fast
        return [arrange((), argument, [row]) for row in rows]
    if output.__class__ is not tuple:
        items = [arrange(item, argument, rows[start:end]) for item, start, end in _slices(_items(output))]
        return items if output.__class__ is list else output.derivative(items)
    if argument.__class__ is tuple:
        return rows[0][0]
    if output == () and argument.__class__ is list and argument.count(()) == len(argument):
        return list(rows[0])
    items = [arrange(output, item, [row[start:end] for row in rows]) for item, start, end in _slices(_items(argument))]
    return items if argument.__class__ is list else argument.derivative(items)


def _items(layout: Layout) -> Sequence[Layout]:
    """The layouts inside that of a sequence or a container; none where it has no number."""
    return layout.items if layout.__class__ is Tree else layout or ()


def _slices(layouts: Sequence[Layout]) -> Iterator[tuple[Layout, int, int]]:
    """Each layout, and the start and the end of its numbers."""
    start = 0
    for layout in layouts:
        end = start + count_numbers(layout)
        yield layout, start, end
        start = end


def array_shape(layout: Layout, arrays: bool = True) -> tuple[int, ...] | None:
    """The shape of a number, of an array, or of lists of numbers of equal lengths; else None."""
    if layout.__class__ is tuple:
        return layout if arrays or not layout else None
    if layout.__class__ is not list:
        return None
    inner: list[Any] = [array_shape(item, arrays=False) for item in layout]
    if any(shape is None or shape != inner[0] for shape in inner):
        return None
    return (len(inner), *(inner[0] if inner else ()))


def _nested_shape(layout: Layout) -> Any:
    """The shape that NumPy would give; for irregular sequences and containers the items' shapes."""
    if layout.__class__ is tuple or layout is None:
        return layout
    if layout.__class__ is Tree:
        if issubclass(layout.kind, tuple):
            return _nested_shape(layout.items)
        items = [*map(_nested_shape, layout.items)]
        return OrderedDict(zip(layout.key[0], items, strict=True)) if layout.is_dict else \
            {layout.kind.__name__: items}
    inner = [_nested_shape(item) for item in layout]
    same = all(shape.__class__ is tuple and shape == inner[0] for shape in inner)
    return (len(inner), *(inner[0] if inner else ())) if same else inner


def numbers_of_shape(name: str, what: str, given: Any, expected: Layout, owner: str,
                     argument: bool = True) -> list[Any]:
    """The numbers in ``given``; a ValueError unless its shape is that of ``expected``.

    argument: whether ``expected`` is the layout of an argument, and not of a result.
    """
    items, layout = flatten(_in_order(given, expected), argument)
    if layout != expected and _nested_shape(layout) != _nested_shape(expected):
        count = count_numbers(expected)
        raise ValueError(f"{name}: {len(items)} {what} for {count} number{'s' * (count != 1)}, of shape "
                         f"{shortened(_nested_shape(layout))} where {owner} has {shortened(_nested_shape(expected))}; "
                         "give one for each, in the same shape")
    return items


def _in_order(given: Any, expected: Layout) -> Any:
    """``given``, with the items of dicts in the order of the dicts that they belong to."""
    if not _is_nested(expected):
        return given
    if isinstance(given, dict):
        names = expected.key[0] if expected.__class__ is Tree and expected.is_dict else ()
        if given.keys() != set(names):
            return given
        return {name: _in_order(given[name], item) for name, item in zip(names, expected.items, strict=True)}
    if isinstance(given, (list, tuple)) and len(given) == len(_items(expected)):
        return [_in_order(item, layout) for item, layout in zip(given, _items(expected), strict=True)]
    return given


def _is_nested(layout: Layout) -> bool:
    """Whether there is a container in it."""
    return layout.__class__ is Tree or (layout.__class__ is list and any(map(_is_nested, layout)))
