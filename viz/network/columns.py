"""The layers of a model as columns of neurons: titles, weights and biases."""

from dataclasses import dataclass
from typing import Any

from autograd import Value
from viz.model_layers import activation_of, layers, neurons
from viz.network.layer_chain import check_chain


@dataclass(frozen=True)
class Column:
    """One layer: its title, and the weights and the bias of each neuron."""

    title: str
    weights: list[list[float]]
    biases: list[float] | None

    @property
    def size(self) -> int:
        return len(self.weights)


def columns(model: Any) -> list[Column]:
    """The layers with weights, in order. A module without weights joins the title of the layer before it."""
    found: list[tuple[str, list[str], list[list[float]], list[float] | None]] = []
    kinds = layers(model)
    for name, layer in kinds.items():
        weights, biases = _matrix(layer)
        kind = type(layer).__name__
        if weights is None:
            if layer.parameters():
                raise ValueError(f"{name} is a {kind}; draw_network draws layers that have weights and biases: Neuron, "
                                 "Layer and Linear")
            if found:
                found[-1][1].append(kind)
            continue
        if found and len(weights[0]) != len(found[-1][2]):
            raise ValueError(f"{name} has {len(weights[0])} inputs, but the layer before it has {len(found[-1][2])} "
                             "outputs; draw_network draws layers that follow one another")
        activation = activation_of((neurons(layer) or [layer])[0])
        known = neurons(layer) or activation != "linear"        # else a module that follows may name the activation
        found.append((name, [activation] if known else [], weights, biases))
    if not found:
        raise ValueError("the model has no weights; there is nothing to draw")
    if len(found) > 1:
        check_chain(model, [name for name, *_ in found], len(found[0][2][0]))
    return [Column(f"{name}: {', '.join(activations or [type(kinds[name]).__name__])}", weights, biases)
            for name, activations, weights, biases in found]


def _matrix(layer: Any) -> tuple[list[list[float]] | None, list[float] | None]:
    """The weights of each neuron, and the biases; None for those that the layer does not have."""
    inside = neurons(layer)
    if inside:
        return [[w.data for w in neuron.w] for neuron in inside], [neuron.b.data for neuron in inside]
    rows = getattr(layer, "weight", None)
    if not rows or not all(isinstance(row, list) and all(isinstance(w, Value) for w in row) for row in rows):
        return None, None
    bias = getattr(layer, "bias", None)
    return [[w.data for w in row] for row in rows], None if bias is None else [b.data for b in bias]
