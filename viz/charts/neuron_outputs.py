"""The outputs of all neurons of a model, layer by layer, at many points."""

import copy
from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

from autograd import Value
from viz.charts.grid import Rows, outputs, outputs_at_once
from viz.charts.numbers import read_number
from viz.model_layers import evaluating, layers, neurons, observe_calls, titles

HALVES = ("sigmoid", "softmax")     # activations whose middle is 1/2


class NeuronLayer(NamedTuple):
    """A layer's title, and the weights by which each neuron reads the layer before, if it reads that as it is; their
    names, if all are parameters."""

    title: str
    weights: list[list[float]] | None
    parameters: list[list[str]] | None = None

    @property
    def middle(self) -> float:
        """The output on the border between two colours."""
        return 0.5 if any(word in self.title.lower() for word in HALVES) else 0.0


class _Call(NamedTuple):
    """What a layer was given in one call of the model, and what it gave; the layers that joined it."""

    names: list[str]
    layer: Any
    given: list[Any]
    out: list[Any]


def neuron_outputs(model: Any, points: Rows, places: Rows) -> list[tuple[NeuronLayer, Rows]]:
    """The layers in the order of their calls, and for each place the outputs of their neurons.

    A module without parameters, such as an activation, joins the layer whose outputs it reads. If the model does more
    with what its last layer gives, its outputs are one layer more. points: rows that test a faster way.
    """
    watched = copy.deepcopy(model)
    calls: list[_Call] = []
    for name, layer in layers(watched).items():
        observe_calls(layer, partial(_record, calls, name, layer))

    def run(x: Sequence[Any]) -> list[_Call]:
        calls.clear()
        return _joined(calls, _listed(watched(x)))

    def every_output(x: Sequence[Any]) -> list[Any]:
        return [y for call in run(x) for y in call.out]

    with evaluating(watched):
        below = [Value(x) for x in points[0]]
        found, named = [], titles(model)
        known = {id(parameter): name for name, parameter in watched.named_parameters()}
        for call in run(list(below)):
            found.append((_named(call, named, below, known), len(call.out)))
            below = call.out
        numbers = outputs_at_once(every_output, places, points, outputs(every_output, points))
    parts, start = [], 0
    for layer, size in found:
        parts.append((layer, [row[start:start + size] for row in numbers]))
        start += size
    return parts


def _record(calls: list[_Call], name: str, layer: Any, given: Any, out: Any) -> None:
    calls.append(_Call([name], layer, _listed(given), _listed(out)))


def _listed(some: Any) -> list[Any]:
    return list(some) if hasattr(some, "__iter__") else [some]


def _joined(calls: Sequence[_Call], last: list[Any]) -> list[_Call]:
    """The calls, less those of activations, which give the outputs of the layer before."""
    found: list[_Call] = []
    for call in calls:
        if found and not call.layer.parameters() and _same(call.given, found[-1].out) \
                and len(call.out) == len(call.given):
            found[-1] = found[-1]._replace(names=found[-1].names + call.names, out=call.out)
        else:
            found.append(call)
    return found if found and _same(found[-1].out, last) else [*found, _Call([], None, [], last)]


def _named(call: _Call, named: dict[str, str], below: list[Any], known: dict[int, str]) -> NeuronLayer:
    if call.layer is None:
        return NeuronLayer("output", None)
    title = ", ".join([named[call.names[0]], *(named[name].partition(": ")[2] for name in call.names[1:])])
    inside = neurons(call.layer)
    rows: Any = [neuron.w for neuron in inside] if inside else getattr(call.layer, "weight", None)
    if not (_same(call.given, below) and isinstance(rows, list) and all(
            isinstance(row, list) and len(row) == len(below) for row in rows)):
        return NeuronLayer(title, None)
    named_too = all(id(w) in known for row in rows for w in row)
    return NeuronLayer(title, [[read_number(w, "weight") for w in row] for row in rows],
                       [[known[id(w)] for w in row] for row in rows] if named_too else None)


def _same(some: Sequence[Any], others: Sequence[Any]) -> bool:
    return len(some) == len(others) and all(a is b for a, b in zip(some, others, strict=True))
