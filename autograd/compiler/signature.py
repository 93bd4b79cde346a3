"""What arguments and results look like from outside: which calls one Program answers, and the quickest way through."""

import sys
from collections.abc import Callable, Sequence
from math import prod
from typing import Any

from autograd.compiler.tracing import Trace, is_static
from autograd.transforms.arrays import elements, is_array, is_ndarray, is_numpy_bool, memory_strides
from autograd.transforms.pytree import SEQUENCES

MOST = 100      # objects inside each other that code is written out for


def signature(args: Sequence[Any], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], list[Any], bool]:
    """What a call has in common with others that one Program can answer; its numbers; whether all are floats.

    >>> structure(([1.0, 2.0], 3, "fast"), {})
    ((((<class 'list'>, 2), 1, (<class 'str'>, 'fast')),), [1.0, 2.0, 3], False)
    """
    key: list[Any] = []
    items: list[Any] = []
    floats = True
    for arg in (*args, *kwargs.values()) if kwargs else args:
        if arg.__class__ is float:
            key.append(1)
            items.append(arg)
        elif is_static(arg):
            key.append(_flag(arg))
        else:
            part, numbers, plain = _numbers(arg)
            key.append(part)
            items += numbers
            floats = floats and plain
    return (tuple(key), *kwargs), items, floats


def _flag(x: Any) -> tuple[Any, ...]:
    """The structure of an argument that is static."""
    if not is_numpy_bool(x):
        return x.__class__, x
    return x.__class__, f"bools of shape {x.shape}" if x.shape else bool(x), memory_strides(x), x.tobytes()


def _numbers(x: Any) -> tuple[Any, list[Any], bool]:
    """The structure of one argument that is no flag, in which everything is a number, and those."""
    if is_ndarray(x):
        part: Any = (x.shape, x.dtype == object) if x.ndim else 1       # without an axis it is a number
        laid = memory_strides(x)
        return part if laid is None else (*part, laid), elements(x, argument=True), x.dtype.char == "d"
    if not isinstance(x, SEQUENCES):
        return 1, [x], x.__class__ is float
    kinds = set(map(type, x))
    if kinds == {float}:
        return (x.__class__, len(x)), list(x), True
    parts, items, floats = [], list[Any](), True
    for item in x:
        part, numbers, plain = _numbers(item)
        parts.append(part)
        items += numbers
        floats = floats and plain
    return (x.__class__, len(x) if all(part.__class__ is int for part in parts) else tuple(parts)), items, floats


def flags(key: tuple[Any, ...]) -> list[Any]:
    """The arguments in a structure that are no numbers."""
    return [part[1] for part in key[0] if part.__class__ is tuple and isinstance(part[0], type)
            and not issubclass(part[0], SEQUENCES)]


# ---- the way through ----------------------------------------------------------------------------


def quick_parts(key: tuple[Any, ...]) -> list[Any] | None:
    """The arguments as machine code can take them: numbers, flat lists and tuples, arrays; None where it cannot."""
    found: list[Any] = []
    for part in key[0]:
        if part.__class__ is int:
            found.append(1)
        elif part[0] in (list, tuple) and part[1].__class__ is int:
            found.append(part)
        elif part[0].__class__ is tuple and part[1:] == (False,) and "numpy" in sys.modules:
            found.append((sys.modules["numpy"].ndarray, part[0]))
        else:
            return None
    return found if found and len(key) == 1 and len(found) <= MOST else None


def form(made: Trace) -> Any:
    """What the result looks like: the place of one output; (list or tuple, the forms of its items); or

    (list, tuple or numpy.empty, shape, first place) for outputs one after the other. None where it
    holds anything else, or more than is worth writing out.
    """
    count = len(made.program.outputs)
    found = _form(made.rebuild(list(range(count))))      # to see what the rebuilding does
    return found if _size(found) <= MOST else None


def _form(x: Any) -> Any:
    if x.__class__ is int:
        return x
    if x.__class__ is list or x.__class__ is tuple:
        parts = [_form(part) for part in x]
        return None if None in parts else (x.__class__, (len(x),), parts[0]) if _row(parts) else (x.__class__, parts)
    if is_array(x) and _row(x.ravel().tolist()):
        return sys.modules["numpy"].empty, x.shape, x.flat[0]
    return None


def _row(parts: list[Any]) -> bool:
    """Whether they are outputs one after the other."""
    return bool(parts) and parts[0].__class__ is int and parts == [*range(parts[0], parts[0] + len(parts))]


def _size(found: Any) -> int:
    """How many objects are made one by one."""
    return 1 + sum(map(_size, found[1])) if found.__class__ is tuple and len(found) == 2 else 1


def result_builder(found: Any) -> Callable[[Sequence[float]], Any]:
    """The function from all outputs, as floats, to the result in this form."""
    space: dict[str, Any] = {}
    give: Callable[[Sequence[float]], Any] = eval(f"lambda out: {_written(found, space)}", space)
    return give


def _written(part: Any, space: dict[str, Any]) -> str:
    """The source of this part of the result; no function in a function, which would hold itself."""
    if part.__class__ is int:
        return f"out[{part}]"
    if len(part) == 2:
        inside = ", ".join([_written(x, space) for x in part[1]])
    else:
        kind, shape, first = part
        inside = f"*out[{first}:{first + prod(shape)}]"
        if kind is not list and kind is not tuple:
            space["array"] = sys.modules["numpy"].array
            return f"array([{inside}]).reshape({shape})"
    return f"[{inside}]" if part[0] is list else f"({inside},)" if inside else "()"
