"""Reads the target of an output from the graph of a loss, where the loss is one of nn's or is written like one."""

from collections.abc import Mapping, Sequence
from typing import Any

from autograd import Value

Consumers = Mapping[Value, Sequence[Value]]


def target(output: Value, consumers: Consumers) -> float | None:
    """The number that ``output`` is compared with: by a difference, a cross-entropy or a margin; None if unknown.

    >>> y, t = Value(0.5), 1.0
    >>> error = (t - y) ** 2
    >>> [difference] = error._prev
    >>> target(y, {y: [difference], difference: [error]})
    1.0
    """
    users = consumers.get(output, ())
    for node in users:
        name, others = _name(node), [arg for arg in node.args if arg is not output]
        after = [_name(user) for user in consumers.get(node, ())]
        number = _given(others[0]) if len(others) == 1 else None
        if name == "sub" and number is not None and any(map(_is_distance, after)):     # (y - t)²
            return number
        if name == "log":                                       # t log y + (1 - t) log(1 - y)
            return next((abs(t) for t in _factors(node, consumers)), 1.0)
        if (name, after) == ("sub", ["log"]) and _is_one(node.args[0]) and len(users) == 1:
            return next((1.0 - abs(t) for t in _factors(consumers[node][0], consumers)), 0.0)
        if name == "mul" and number is not None:
            for user in consumers.get(node, ()):
                if _name(user) == "sub" and _is_one(user.args[0]):        # max(0, 1 - t·y)
                    return number
                if _name(user) == "add" and any(map(_is_one, user.args)):           # max(0, 1 + -t·y)
                    return -number
        if name == "sub" and _name(node.args[0]) == "logsumexp":
            if after == ["softplus"]:                           # of the class that is right
                return 1.0
            if after == ["dot"]:
                return _factor(consumers[node][0], node)
        if name == "logsumexp" and any(_name(user) == "sub" and user.args[0] is node
                                       and not any(x is user.args[1] for x in node.args)
                                       and [_name(x) for x in consumers.get(user, ())] == ["softplus"]
                                       for user in consumers.get(node, ())):
            return 0.0                                          # of a class that is not
        if len(users) == 1 and (name == "softplus" or (name, after) == ("neg", ["softplus"])):
            return 0.0 if name == "softplus" else 1.0           # log(1 + e^y) and log(1 + e^-y)
    return None


def _name(x: Any) -> str:
    return x.op.name if isinstance(x, Value) and x.op is not None else ""


def _is_distance(name: str) -> bool:
    return name in ("square", "pow", "mul", "abs")


def _factors(node: Value, consumers: Consumers) -> list[float]:
    """The numbers that ``node`` is multiplied with."""
    products = [user.args for user in consumers.get(node, ()) if _name(user) == "mul"]
    given = [_given(arg) for args in products for arg in args if arg is not node]
    return [x for x in given if x is not None]


def _is_one(x: Any) -> bool:
    return not isinstance(x, Value) and x == 1.0


def _given(x: Any) -> float | None:
    """A number from outside, a constant or a leaf; None for what was computed."""
    return (x.data if x.op is None else None) if isinstance(x, Value) else float(x)


def _factor(dot: Value, node: Value) -> float | None:
    """The number that a dot product multiplies ``node`` with."""
    place = next(k for k, arg in enumerate(dot.args) if arg is node)
    return _given(dot.args[place - len(dot.args) // 2])
