"""Finds the weighted inputs of neurons in a graph: the nodes that add up products of weights and inputs."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from autograd import Value
from viz.network.columns import Column

Place = tuple[int, int, int]        # the column, the neuron and the input of a weight; input -1 is the bias


class Product(NamedTuple):
    """A weight times an input, inside ``node``: the places of both among its operands. input is None for a bias."""

    node: Value
    weight: int
    input: int | None

    @property
    def parameter(self) -> Any:
        """The weight, or the bias."""
        return self.node.args[self.weight]

    @property
    def factor(self) -> Any:
        """The input, a Value or a number."""
        return None if self.input is None else self.node.args[self.input]


class WeightedInput(NamedTuple):
    """One evaluation of a neuron: the node w·x + b, and the product of each weight by the place of the weight."""

    node: Value
    products: Mapping[int, Product]


def weighted_inputs(columns: Sequence[Column], order: Sequence[Value]) -> dict[tuple[int, int], list[WeightedInput]]:
    """The evaluations of each neuron, by its column and place, in order of creation.

    order: the nodes of a graph, in topological order. A neuron may be a `dot`, or written out as a sum of products.
    """
    owner: dict[Value, Place] = {}
    for i, column in enumerate(columns):
        for j, row in enumerate(column.rows):
            own = [(w, k) for k, w in enumerate(row)] + ([] if column.offsets is None else [(column.offsets[j], -1)])
            for parameter, k in own:
                if owner.setdefault(parameter, (i, j, k)) != (i, j, k):
                    raise ValueError(f"{column.title}: one parameter has several places; draw_network draws neurons "
                                     "with weights of their own")
    found: dict[tuple[int, int], list[WeightedInput]] = {}
    sums: dict[Value, tuple[tuple[int, int], dict[int, Product]]] = {}      # of part of a neuron's products
    for node in order:
        if node.op is None:
            continue
        unit, products = _products(node, owner, sums)
        if unit is not None:
            column = columns[unit[0]]
            if len(products) == len(column.rows[unit[1]]) + (column.offsets is not None):
                found.setdefault(unit, []).append(WeightedInput(node, products))
            else:
                sums[node] = unit, products
    return found


def _products(node: Value, owner: Mapping[Value, Place], sums: dict[Value, Any]) -> tuple[Any, dict[int, Product]]:
    """The neuron whose products ``node`` adds up, and the products; None if it does anything else."""
    assert node.op is not None
    name, args = node.op.name, node.args
    if name in ("mul", "dot"):
        half = len(args) // 2
        pairs = [(k, k + half) if _owner(args[k], owner) else (k + half, k) for k in range(half)]
        places = [_owner(args[weight], owner) for weight, _ in pairs]
        units = {place and place[:2] for place in places}
        if len(units) != 1 or None in units or any(_owner(args[x], owner) for _, x in pairs):
            return None, {}
        return units.pop(), {place[2]: Product(node, weight, x)
                             for place, (weight, x) in zip(places, pairs, strict=True) if place}
    if name not in ("add", "sum") and not (name == "sub" and _owner(args[1], owner)):
        return None, {}
    unit: Any = None
    products: dict[int, Product] = {}
    for k, arg in enumerate(args):
        bias = _owner(arg, owner)
        if bias and bias[2] == -1:
            part: Any = (bias[:2], {-1: Product(node, k, None)})
        elif isinstance(arg, Value) and not bias:
            part = sums.get(arg)
        elif isinstance(arg, Value) or arg != 0:        # a weight alone, or a constant
            return None, {}
        else:
            continue        # the 0 that Python's sum begins with
        if part is None or unit not in (None, part[0]) or not products.keys().isdisjoint(part[1]):
            return None, {}
        unit, products = part[0], products | part[1] if products else part[1]
    for arg in args:        # each sum is used once, so the table of a long one moves on
        if isinstance(arg, Value):
            sums.pop(arg, None)
    return unit, products


def _owner(x: Any, owner: Mapping[Value, Place]) -> Place | None:
    return owner.get(x) if isinstance(x, Value) else None
