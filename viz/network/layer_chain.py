"""Checks that the layers of a model follow one another, in the graph of one call."""

import copy
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from autograd import Value
from viz.model_layers import layers, observe_calls

Call = tuple[list[Value], list[Value]]      # the inputs and the outputs of a layer


def check_chain(model: Any, names: Sequence[str], width: int) -> None:
    """Raise unless the inputs of each of these layers depend on the outputs of the layer before it alone.

    width: the number of inputs of the first layer. Calls a copy of the model, so that the model keeps its state.
    """
    watched = copy.deepcopy(model)
    calls: dict[str, list[Call]] = {name: [] for name in names}
    for name, layer in layers(watched).items():
        if name in calls:
            observe_calls(layer, partial(_record_call, calls[name]))
    first = [Value(0.5) for _ in range(width)]
    try:
        watched(first)
    except Exception as error:
        raise ValueError(f"the model could not be run on {width} numbers; draw_network does so to see whether its "
                         f"layers follow one another: {error}") from error
    below, above = "the input", first
    past: set[Value] = set()
    for name in names:
        if len(calls[name]) != 1:
            raise ValueError(f"{name} is used {len(calls[name])} times; draw_network draws layers that follow one "
                             "another, each used once")
        [(given, out)] = calls[name]
        if all(y.op is None for y in out):      # within no_grad there is no graph to check
            return
        reached = _ancestors(given, set(above))
        if reached.isdisjoint(above) or not reached.isdisjoint(past):
            raise ValueError(f"{name} takes something other than what {below} gives; draw_network draws layers that "
                             "follow one another. For other models, draw_dot(model(x), collapse=\"layer\")")
        past.update(above)
        below, above = name, out


def _record_call(calls: list[Call], given: Any, out: Any) -> None:
    calls.append((_values(given), _values(out)))


def _values(some: Any) -> list[Value]:
    return [x for x in (some if hasattr(some, "__iter__") else [some]) if isinstance(x, Value)]


def _ancestors(start: Iterable[Value], ends: set[Value]) -> set[Value]:
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
