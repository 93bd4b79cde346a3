"""The layers of a model as columns of neurons: titles, weights and biases."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from autograd import Value
from viz.model_layers import activation_of, layers, neurons
from viz.network.layer_chain import check_chain

Rows = list[list[Value]]


@dataclass(frozen=True)
class Column:
    """One layer: its title, and the weights and the bias of each neuron."""

    title: str
    rows: Rows
    offsets: list[Value] | None

    @property
    def size(self) -> int:
        return len(self.rows)

    @property
    def weights(self) -> list[list[float]]:
        return [[w.data for w in row] for row in self.rows]

    @property
    def biases(self) -> list[float] | None:
        return None if self.offsets is None else [b.data for b in self.offsets]


@dataclass
class _Found:
    """A column while the modules after it may still name its activation. parts: the modules that it consists of."""

    parts: list[str]
    activations: list[str]
    rows: Rows
    offsets: list[Value] | None
    kind: str


def columns(model: Any) -> list[Column]:
    """The layers with weights, in order. A module without weights joins the title of the layer before it."""
    found: dict[str, _Found] = {}
    for name, layer in layers(model).items():
        rows, offsets = _matrix(layer)
        kind = type(layer).__name__
        if rows is None:
            if layer.parameters():
                raise ValueError(f"{name}: draw_network does not draw {kind}, but layers that have one list of weights "
                                 "per neuron, and a list of biases or none; draw_dot(loss) draws every "
                                 f"network{_advice(layer)}")
            if found:
                next(reversed(found.values())).activations.append(kind)
            continue
        inside = neurons(layer)
        activation = activation_of((inside or [layer])[0])
        named = any(hasattr(part, "activation") for part in inside)     # else a module that follows may name it
        known = [activation] if named or activation != "linear" else []
        beside = name.rpartition(".")[0]        # neurons in a list, outside a Layer, are one column
        if inside == [layer] and beside and name.rpartition(".")[2].isdigit():
            column = found.setdefault(beside, _Found([], known, [], [], kind))
            column.parts.append(name)
            column.rows += rows
            column.offsets = (column.offsets or []) + (offsets or [])
        else:
            found[name] = _Found([name], known, rows, offsets, kind)
    if not found:
        raise ValueError("the model has no weights; there is nothing to draw")
    drawn = {id(p) for column in found.values() for some in (*column.rows, column.offsets or ()) for p in some}
    beside_them = next((name for name, p in model.named_parameters() if id(p) not in drawn), None)
    if beside_them:
        raise ValueError(f"{beside_them} is a parameter beside the layers, which draw_network would leave out; draw "
                         "the layers alone, or the graph of an output with draw_dot")
    between = _checked(model, found)
    return [Column(f"{name}: {', '.join(column.activations or between.get(name) or [column.kind])}", column.rows,
                   column.offsets) for name, column in found.items()]


def _advice(layer: Any) -> str:
    """What else draws a layer whose weights are shared between places."""
    return ", and plot_feature_maps(image, layer) maps and kernels" if hasattr(layer, "kernel_size") else ""


def _checked(model: Any, found: Mapping[str, _Found]) -> dict[str, list[str]]:
    """Raise unless the columns follow one another. Returns the functions between them by the column before."""
    names = list(found)
    for below, name in pairwise(names):
        inputs, outputs = len(found[name].rows[0]), len(found[below].rows)
        if inputs != outputs:
            raise ValueError(f"{name} has {inputs} inputs, but the layer before it has {outputs} outputs; draw_network "
                             "draws layers that follow one another")
    if len(names) == 1 and len(found[names[0]].parts) == 1:
        return {}
    return check_chain(model, {name: column.parts for name, column in found.items()}, len(found[names[0]].rows[0]))


def _matrix(layer: Any) -> tuple[Rows | None, list[Value] | None]:
    """The weights of each neuron, and the biases; None for those that the layer does not have."""
    inside = neurons(layer)
    if inside:
        return [list(neuron.w) for neuron in inside], [neuron.b for neuron in inside]
    lists = [x.tolist() if hasattr(x, "tolist") else x for x in vars(layer).values()]
    matrices = [x for x in lists if _list_of(x, lambda row: _list_of(row, _is_parameter)) and len({*map(len, x)}) == 1]
    vectors = [x for x in lists if _list_of(x, _is_parameter)]
    if len(matrices) != 1 or len(vectors) > 1 or any(len(x) != len(matrices[0]) for x in vectors):
        return None, None
    rows, offsets = [list(row) for row in matrices[0]], list(vectors[0]) if vectors else None
    every = sum(map(len, rows)) + len(offsets or ())
    return (rows, offsets) if every == len(layer.parameters()) else (None, None)


def _list_of(x: Any, test: Any) -> bool:
    return isinstance(x, (list, tuple)) and bool(x) and all(map(test, x))


def _is_parameter(x: Any) -> bool:
    return isinstance(x, Value) and x.op is None
