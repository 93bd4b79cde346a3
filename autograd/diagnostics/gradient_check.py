"""gradcheck: compares reverse mode with forward mode and two numerical derivatives."""

import math
from collections.abc import Callable, Sequence
from typing import Any

from autograd.diagnostics.numeric import central, complex_step, sides
from autograd.errors import GradientError
from autograd.graph.value import Value
from autograd.ops.ieee import number
from autograd.transforms.forward import derivative
from autograd.transforms.pytree import fill, flatten
from autograd.transforms.reverse import value_and_grad


def gradcheck(f: Callable[..., Any], *args: Any, rtol: float = 1e-6, atol: float = 1e-8) -> bool:
    """True if reverse mode, forward mode and two numerical derivatives of ``f`` agree at ``args``.

    The numerical ones are central differences, refined by Ridders' method with its own error
    estimate, and the complex step (Squire and Trapp 1998) where every op of ``f`` has one.

    f: returns one number; args: numbers, sequences or arrays.
    rtol, atol: the tolerance, |ours - measured| <= atol + rtol |measured|.
    Raises GradientError naming the argument, both derivatives and their difference.

    >>> gradcheck(lambda x, y: x * y + x, 2.0, 3.0)
    True
    """
    parts = [flatten(arg, argument=True)[0] for arg in args]
    point = [number(x, "gradcheck") for items in parts for x in items]

    def at(flat: Sequence[Any]) -> Any:
        # on Values: f may use their methods, or look at their data
        waiting = iter([Value(x) if isinstance(x, float) else x for x in flat])
        out = f(*[fill(arg, waiting, argument=True) for arg in args])
        return out.data if isinstance(out, Value) else out

    gradients = value_and_grad(f)(*args)[1]
    reverse = [x for part in (gradients if len(args) > 1 else (gradients,)) for x in flatten(part, argument=True)[0]]
    for i, (x, ours) in enumerate(zip(point, reverse, strict=True)):
        name = _name(i, [*map(len, parts)])

        def along(t: Any, i: int = i) -> Any:
            return at([*point[:i], t, *point[i + 1:]])

        forward = derivative(along)(x)
        _compare(name, ours, forward, "forward mode", 1e-12 * abs(forward), atol * 1e-4)
        if not math.isfinite(ours):
            raise GradientError(f"{name}: reverse mode and forward mode give {ours!r}, which nothing can measure; "
                                "check at a point where the function and its slope are finite")
        stepped = complex_step(along, x)
        if stepped is not None:
            _compare(name, ours, stepped, "the complex step", rtol * abs(stepped), atol)
        measured, error = central(along, x)
        if error <= 1e-3 * abs(measured) + 1e-6:
            note = sides(along, x)
            _compare(name, ours, measured, "central differences", rtol * abs(measured) + 10 * error, atol, note)
        elif stepped is None:
            raise GradientError(f"{name}: central differences do not settle (about {measured:.6g}, give or take "
                                f"{error:.3g}): the function jumps here, or is too rough to check{sides(along, x)}")
    return True


def _compare(name: str, ours: float, other: float, method: str, relative: float, atol: float, note: str = "") -> None:
    same = ours == other or (math.isnan(ours) and math.isnan(other))
    if not same and not abs(ours - other) <= relative + atol:
        raise GradientError(f"{name}: reverse mode gives {ours!r}, {method} {other!r}; "
                            f"they differ by {abs(ours - other):.3g}{note}")


def _name(i: int, sizes: Sequence[int]) -> str:
    for arg, size in enumerate(sizes):
        if i < size:
            return f"argument {arg}" if size == 1 else f"argument {arg}, element {i}"
        i -= size
    raise IndexError(i)
