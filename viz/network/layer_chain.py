"""Checks that the layers of a model follow one another, in the graph of one call."""

import copy
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from autograd import Value
from viz.model_layers import evaluating, layers, observe_calls

Call = tuple[list[Value], list[Value]]      # the inputs and the outputs of a layer
ADVICE = "draw_network draws layers that follow one another"


def check_chain(model: Any, columns: Mapping[str, Sequence[str]], width: int) -> dict[str, list[str]]:
    """Raise unless the inputs of each of these columns depend on the outputs of the column before it alone.

    columns: the names of the modules that each column consists of. width: the number of inputs of the first one.
    Returns the names of the functions that are applied to each output between two columns, by the first of the two.
    Calls a copy of the model, so that the model keeps its state.
    """
    watched = copy.deepcopy(model)
    calls: dict[str, list[Call]] = {part: [] for parts in columns.values() for part in parts}
    for name, layer in layers(watched).items():
        if name in calls:
            observe_calls(layer, partial(_record_call, calls[name]))
    first = [Value(0.5) for _ in range(width)]
    try:
        with evaluating(watched):
            result = _values(watched(first))
    except Exception as error:
        raise ValueError(f"the model could not be run on {width} numbers; draw_network does so to see whether its "
                         f"layers follow one another: {error}") from error
    functions: dict[str, list[str]] = {}
    below, above = "the input", first
    past: set[Value] = set()
    for name, parts in columns.items():
        for part in parts:
            if len(calls[part]) != 1:
                raise ValueError(f"{part} is used {len(calls[part])} times; {ADVICE}, each used once")
        out = [y for part in parts for y in calls[part][0][1]]
        if all(y.op is None for y in out):      # within no_grad there is no graph to check
            return functions
        for part in parts:
            given = calls[part][0][0]
            reached = ancestors(given, set(above))
            if reached.isdisjoint(above) or not reached.isdisjoint(past):
                raise ValueError(f"{part} takes something other than what {below} gives; {ADVICE}. For other models, "
                                 "draw_dot(model(x), collapse=\"layer\")")
            if below in columns:
                functions[below] = functions_between(given[0], set(above))
        past.update(above)
        below, above = name, out
    if result:
        functions[below] = functions_between(result[0], set(above))
    return functions


def _record_call(calls: list[Call], given: Any, out: Any) -> None:
    calls.append((_values(given), _values(out)))


def _values(some: Any) -> list[Value]:
    return [x for x in (some if hasattr(some, "__iter__") else [some]) if isinstance(x, Value)]


def functions_between(last: Value, first: set[Value]) -> list[str]:
    """The functions of one Value on the way from one of ``first`` to ``last``; empty if there are other operations.

    >>> z = Value(1.0)
    >>> functions_between(z.sigmoid().tanh(), {z}), functions_between(z + 1, {z})
    (['sigmoid', 'tanh'], [])
    """
    names: list[str] = []
    while last not in first:
        if last.op is None or len(last.args) != 1:
            return []
        names.append(last.op.name)
        [arg] = last.args
        if not isinstance(arg, Value):
            return []
        last = arg
    return names[::-1]


def ancestors(start: Iterable[Value], ends: set[Value]) -> set[Value]:
    """The nodes that ``start`` depends on, back to ``ends``."""
    met: set[Value] = set()
    waiting = list(start)
    while waiting:
        node = waiting.pop()
        if node not in met:
            met.add(node)
            if node not in ends:
                waiting += [arg for arg in node.args if isinstance(arg, Value)]
    return met
