"""Reads from the graph of a loss what ran through a network: inputs, outputs, deltas, gradients and targets."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from autograd import Value, topological_order
from viz.graph.gradient_flow import adjoints
from viz.network.columns import Column
from viz.network.layer_chain import ADVICE, ancestors
from viz.network.targets import target
from viz.network.weighted_inputs import WeightedInput, weighted_inputs

ACTIVATIONS = ("relu", "tanh", "sigmoid", "leaky_relu", "elu", "gelu", "silu")       # softplus and exp are losses', too
Numbers = list[float | None]        # None: the loss does not depend on it, or it cannot be known


@dataclass(frozen=True)
class Propagation:
    """One example in a network, or all: then means of inputs, outputs and targets, and sums of deltas and gradients.

    The lists of outputs, deltas and gradients have one entry per column of neurons.
    """

    examples: int                           # in the graph
    inputs: Numbers
    outputs: list[Numbers]
    deltas: list[Numbers] | None            # None before backward, as are the gradients
    gradients: list[list[Numbers]] | None   # by each neuron's weights; of all examples along all paths, also of decay
    targets: Numbers
    loss: Value
    is_output: bool                         # whether ``loss`` is an output itself
    changed: bool                           # whether a weight was assigned after the loss had been computed


def propagation(columns: Sequence[Column], loss: Value, example: int | None = None) -> Propagation:
    """What ran through these layers in the graph of ``loss``. example: the number of one, counted from 0."""
    order = topological_order(loss)
    found = weighted_inputs(columns, order)
    counts = {len(uses) for uses in found.values()}
    if not found:
        raise ValueError("loss: its graph contains no neuron of this model; compute it with this model, outside jit "
                         "and no_grad")
    if len(counts) > 1:
        raise ValueError(f"loss: it uses neurons of the model {min(counts)} to {max(counts)} times; {ADVICE}, all of "
                         "them once for each example")
    [examples] = counts
    if example is not None and example not in range(examples):
        raise ValueError(f"example: there are {examples} in this graph, counted from 0; not {example!r}")
    _check_order(columns, found, examples)
    consumers: dict[Value, list[Value]] = {}
    for node in order:
        for arg in dict.fromkeys(arg for arg in node.args if isinstance(arg, Value)):
            consumers.setdefault(arg, []).append(node)
    chosen = range(examples) if example is None else [example]
    flow = adjoints(loss, order)
    zs = [[[found[i, j][e] for e in chosen] if (i, j) in found else [] for j in range(column.size)]
          for i, column in enumerate(columns)]
    named = columns[-1].title.rpartition(": ")[2].lower().split(", ")
    last = [[_output(z.node, consumers, named) for z in uses] for uses in zs[-1]]
    # of a softmax only those probabilities are in the graph that the loss uses
    by_softmax = any(y.op is not None and y.op.name == "exp" for ys in last for y in ys)
    known = [[y for y, z in zip(ys, uses, strict=True) if y is not z.node or not by_softmax]
             for ys, uses in zip(last, zs[-1], strict=True)]
    given = [[_mean(_factors(below, k)) for k in range(len(column.rows[0]))]
             for column, below in zip(columns, zs, strict=True)]

    def gradient(parameter: Value, uses: Sequence[WeightedInput], k: int) -> float | None:
        whole = flow.get(parameter, 0.0) if example is None else _through(uses, k, flow)
        return whole if uses else None

    return Propagation(
        examples if example is None else 1, given[0],
        [*given[1:], [_mean(y.data for y in ys) if len(ys) == len(chosen) else None for ys in known]],
        [[_sum(flow.get(z.node, 0.0) for z in uses) for uses in layer] for layer in zs] if flow else None,
        [[[gradient(w, uses, k) for k, w in enumerate(row)] for row, uses in zip(column.rows, layer, strict=True)]
         for column, layer in zip(columns, zs, strict=True)] if flow else None,
        [_mean(target(y, consumers) for y in ys) for ys in known], loss,
        any(y is loss for ys in last for y in ys),
        any(product.parameter.assigned_since(product.node)
            for uses in found.values() for z in uses for product in z.products.values()))


def _check_order(columns: Sequence[Column], found: Mapping[tuple[int, int], Sequence[WeightedInput]],
                 examples: int) -> None:
    """Raise unless the inputs of each layer come from the layer before, in the same example."""
    every = {z.node for uses in found.values() for z in uses}
    for i, column in enumerate(columns):
        for e in range(examples):
            layer = [found[i, j][e] for j in range(column.size) if (i, j) in found]
            factors = [product.factor for z in layer for product in z.products.values()]
            below = {found[i - 1, j][e].node for j in range(columns[i - 1].size) if (i - 1, j) in found} if i else set()
            reached = ancestors([x for x in factors if isinstance(x, Value)], every) & every
            if reached - below or (i and not reached):
                raise ValueError(f"loss: {column.title} was given something other than what the layer before it gave; "
                                 f"{ADVICE}")


def _factors(layer: Sequence[Sequence[WeightedInput]], k: int) -> Iterable[float | None]:
    """The input ``k`` of a layer in each example: what any of its neurons multiplies its weight with."""
    uses = next((uses for uses in layer if uses), [])
    for z in uses:
        x = z.products[k].factor
        yield x.data if isinstance(x, Value) else x


def _output(z: Value, consumers: Mapping[Value, Sequence[Value]], named: Sequence[str]) -> Value:
    """The output of a neuron of the last layer: its activation, a softmax, or the weighted input itself.

    named: the activations that the model itself names.
    """
    while True:
        users = consumers.get(z, ())
        after = [user for user in users if user.op is not None and (
            (len(users) == 1 and (user.op.name in ACTIVATIONS or user.op.name.replace("_", "") in named))
            or _is_softmax(user, z, consumers))]
        if not after:
            return z
        [z, *_] = after if after[0].op is not None and after[0].op.name != "sub" else consumers[after[0]]


def _is_softmax(node: Value, z: Value, consumers: Mapping[Value, Sequence[Value]]) -> bool:
    """Whether ``node`` is the z - logsumexp of a softmax, exp(z - logsumexp)."""
    return (node.op is not None and node.op.name == "sub" and node.args[0] is z and isinstance(node.args[1], Value)
            and node.args[1].op is not None and node.args[1].op.name == "logsumexp"
            and any(user.op is not None and user.op.name == "exp" for user in consumers.get(node, ())))


def _through(uses: Sequence[WeightedInput], k: int, flow: Mapping[Value, float]) -> float:
    """The derivative of the loss by the weight ``k``, through these evaluations of its neuron."""
    products = [z.products[k] for z in uses]
    slopes = [(flow.get(product.node), product.node.partials[product.weight]) for product in products]
    return _total([upstream * slope for upstream, slope in slopes if upstream is not None and slope is not None])


def _mean(numbers: Iterable[float | None]) -> float | None:
    some = list(numbers)
    known = [x for x in some if x is not None]
    return None if not known or len(known) < len(some) else known[0] if len(known) == 1 else _total(known) / len(known)


def _sum(numbers: Iterable[float]) -> float | None:
    some = list(numbers)
    return _total(some) if some else None


def _total(numbers: Sequence[float]) -> float:
    return math.fsum(numbers) if all(map(math.isfinite, numbers)) else sum(numbers)
