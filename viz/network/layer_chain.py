"""Whether the layers of a model follow one another: seen in the graph of one run, from layer to layer."""

import copy
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from autograd import Value
from viz.model_layers import hear, layers

Call = tuple[list[Value], list[Value]]      # what a layer was given, and what it gave


def check_series(model: Any, names: Sequence[str], width: int) -> None:
    """Raise unless each of the layers ``names`` takes what the one before it gives, and nothing from before that.

    width: how many numbers the first one takes. The model itself is left alone: a copy of it is run.
    """
    watched = copy.deepcopy(model)
    calls: dict[str, list[Call]] = {name: [] for name in names}
    for name, layer in layers(watched).items():
        if name in calls:
            hear(layer, partial(_note, calls[name]))
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
        if all(y.op is None for y in out):      # under no_grad there is no graph to look at
            return
        met = _reached(given, set(above))
        if met.isdisjoint(above) or not met.isdisjoint(past):
            raise ValueError(f"{name} takes something other than what {below} gives; draw_network draws layers that "
                             "follow one another. For other models, draw_dot(model(x), collapse=\"layer\")")
        past.update(above)
        below, above = name, out


def _note(heard: list[Call], given: Any, out: Any) -> None:
    heard.append((_values(given), _values(out)))


def _values(some: Any) -> list[Value]:
    return [x for x in (some if hasattr(some, "__iter__") else [some]) if isinstance(x, Value)]


def _reached(start: Iterable[Value], ends: set[Value]) -> set[Value]:
    """Everything that ``start`` was made of, as far back as ``ends``."""
    met: set[Value] = set()
    waiting = list(start)
    while waiting:
        node = waiting.pop()
        if node not in met:
            met.add(node)
            if node not in ends:
                waiting += [arg for arg in node.args if isinstance(arg, Value)]
    return met
