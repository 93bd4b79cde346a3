"""Why no gradient flows from a node to one of its operands, as the engine's table has it."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from autograd import Value
from viz.text import number

SIDES = {(True, True): "upto", (True, False): "below", (False, True): "from", (False, False): "above"}


def reason(node: Value, place: int, names: Mapping[Value, str]) -> dict[str, str] | None:
    """What is said of an operand whose local partial is none: the word's key, after "why", and what it names.

    None of an op that is not asked in floats, such as a function that `jit` compiled.

    >>> x, y = Value(-3.0), Value(2.0)
    >>> reason(x.relu(), 0, {x: "x"})
    {'why': 'upto', 'op': 'relu', 'operand': 'x', 'value': '−3', 'bound': '0'}
    >>> reason(x // 2, 0, {x: "x"})
    {'why': 'steps', 'op': '//', 'operand': 'x', 'value': '−3'}
    """
    op: Any = node.op
    args: Sequence[Any] = node.args
    given = [arg.data if isinstance(arg, Value) else arg for arg in args]
    told = {"op": op.infix or op.name, "operand": names[args[place]], "value": number(given[place])}
    try:
        samples = [[low + (high - low) * share for low, high in op.domain] for share in (0.0, 0.3, 0.7, 1.0)]
        samples += [[0.0] * len(args)] if op.selects else []        # by a condition that is false
        if all(_slope(op, place, sample) is None for sample in samples):
            nudged = [[*given[:place], math.nextafter(given[place], side), *given[place + 1:]] for side in (
                -math.inf, math.inf)]
            return {"why": "steps" if any(op.value(*some) == node.data for some in nudged) else "stopped"} | told
        for other, x in enumerate(args):
            if other != place and node.partials[other] == (1.0 if isinstance(x, Value) else None) and \
                    given[other] == node.data and not (op.selects and not other):
                return {"why": "chosen"} | told | _both(args, place, other, names)
        for bound in (0.0, 0.5, 1.0, -0.5, -1.0, *given[:place], *given[place + 1:]):
            if (side := _side(op, place, given, bound)) is not None:
                return {"why": side} | told | {"bound": number(bound)}
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return None
    return {"why": "here"} | told


def _both(args: Sequence[Any], place: int, other: int, names: Mapping[Value, str]) -> dict[str, str]:
    """The operand that was chosen, and the one that was not, by their places where they are one Value."""
    name = names[args[other]] if isinstance(args[other], Value) else number(args[other])
    if args[other] is not args[place]:
        return {"other": name}
    return {"other": f"{name} ({other + 1})", "operand": f"{name} ({place + 1})"}


def _slope(op: Any, place: int, given: Sequence[float]) -> float | None:
    slope: float | None = op.float_partials[place](*given, op.value(*given))
    return slope


def _side(op: Any, place: int, given: Sequence[float], bound: float) -> str | None:
    """On which side of a bound there is no slope, as at these numbers; whether that holds at the bound, too."""
    def slope(x: float) -> float | None:
        return _slope(op, place, [*given[:place], x, *given[place + 1:]])

    x = given[place]
    below = x <= bound if slope(bound) is None else x < bound
    inside, outside = (math.nextafter(bound, -math.inf), math.nextafter(bound, math.inf))[::1 if below else -1]
    if slope(inside) is None and slope((x + bound) / 2) is None and slope(outside) is not None:
        return SIDES[below, slope(bound) is None]
    return None
