"""The items that `scan` takes one after another, and its results put together."""

from array import array
from collections.abc import Sequence
from typing import Any

from autograd.batch.result_structures import NUMBER, different_results, outside
from autograd.compiler.signature import alike
from autograd.transforms.arrays import is_array, make_array
from autograd.transforms.containers import is_container, opened, rebuilt
from autograd.transforms.pytree import flatten, is_static, refuse_computed


class Columns:
    """Sequences of one length, whose items are taken one after another."""

    def __init__(self, xs: Any, length: int | None, reverse: bool) -> None:
        self.xs, self.reverse, self.has_arrays = xs, reverse, False
        lengths = self._lengths(xs)
        if length is not None:
            if isinstance(length, bool) or not hasattr(length, "__index__"):
                raise TypeError(f"scan: length is {type(length).__name__}, not a whole number")
            if length < 0:
                raise ValueError(f"scan: length is {length}; it cannot be negative")
            lengths.append(int(length))
        if not lengths:
            raise ValueError("scan: give xs, or length")
        if len(set(lengths)) > 1:
            raise ValueError(f"scan: lengths differ: {', '.join(map(str, lengths))}; give xs of one length")
        self.count = lengths[0]

    def _lengths(self, xs: Any) -> list[int]:
        if is_array(xs):
            self.has_arrays = True
            return [len(xs)]
        if isinstance(xs, (list, range)):
            return [len(xs)]
        if isinstance(xs, (array, memoryview)):
            if memoryview(xs).format in ("c", "?", "u", "w") or not memoryview(xs).ndim:
                raise TypeError("scan: xs holds a buffer of no numbers; give one of doubles, such as array(\"d\")")
            return [len(xs)]
        if isinstance(xs, tuple) or is_container(xs):
            inside = opened(xs, True)[0] if is_container(xs) else xs
            refuse_computed(xs)
            return [length for part in inside if not is_static(part) for length in self._lengths(part)]
        if xs is None:
            return []
        raise TypeError(f"scan: xs holds {type(xs).__name__}; give a list or an array of the items, or a tuple or dict "
                        "of such")

    def alike(self) -> bool:
        """Whether the items differ in their numbers alone, so that what one is traced for holds for the others."""
        return self._alike(self.xs)

    def _alike(self, xs: Any) -> bool:
        if isinstance(xs, list):
            if set(map(type, xs)) <= {float, int}:
                return True
            return not any(is_static(x) for item in xs for x in flatten(item, argument=True)[0]) and alike(xs)
        if isinstance(xs, tuple) or is_container(xs):
            inside = opened(xs, True)[0] if is_container(xs) else xs
            return all(is_static(part) or self._alike(part) for part in inside)
        return True

    def item(self, t: int) -> Any:
        """What iteration t gets."""
        return self._item(self.xs, self.count - 1 - t if self.reverse else t)

    def _item(self, xs: Any, place: int) -> Any:
        if is_array(xs) or isinstance(xs, (list, range)):
            x = xs[place]
            return x.item() if hasattr(x, "dtype") and x.shape == () else x
        if isinstance(xs, (array, memoryview)):
            return memoryview(xs)[place:place + 1].tolist()[0]
        if is_container(xs):
            return rebuilt(xs, [part if is_static(part) else self._item(part, place) for part in opened(xs, True)[0]],
                           True)
        return tuple([self._item(part, place) for part in xs]) if isinstance(xs, tuple) else None


def stacked(ys: Sequence[Any], arrays: bool) -> Any:
    """The results of all iterations as one; arrays: numbers give an array."""
    if not ys:
        return make_array([], (0,)) if arrays else []
    first = ys[0]
    own = outside(first)
    if (own == NUMBER and not arrays) or isinstance(first, list):
        return list(ys)
    for y in ys:
        if outside(y) != own:
            raise different_results(first, y)
    if own == NUMBER:
        return make_array(list(ys), (len(ys),))
    if is_array(first):
        return make_array([x for y in ys for x in y.ravel().tolist()], (len(ys), *first.shape))
    if is_container(first):
        parts = zip(*[opened(y, False)[0] for y in ys], strict=True)
        return rebuilt(first, [stacked(part, arrays) for part in parts], False)
    if isinstance(first, tuple):
        return tuple([stacked(part, arrays) for part in zip(*ys, strict=True)])
    return first
