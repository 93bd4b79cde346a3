"""The layers of a network as columns of neurons, from frames in a graph and without the model."""

from collections.abc import Sequence
from typing import Any

from autograd import Value, topological_order
from viz.network.columns import Column
from viz.network.layer_chain import functions_between


def columns_of_graph(root: Value) -> list[Column]:
    """The layers whose neurons ran in the graph of ``root``, in order of creation; empty if there are others beside."""
    units: dict[tuple[str, ...], dict[tuple[Value, ...], tuple[Value | None, Value]]] = {}
    for node in topological_order(root):
        if node.group is None:
            continue
        if "  " not in node.group.path[-1]:
            if len(node.group.path) > 1:    # a place of a map, where neurons share weights
                return []
            continue                        # a loss, or log_softmax
        parts = _parts(node)
        if parts is None:
            return []
        row, bias = parts
        units.setdefault(node.group.path[:-1] or node.group.path, {}).setdefault(tuple(row), (bias, node))
    layers = list(units.items())
    widths = [{len(row) for row in layer} for _, layer in layers]
    if any(len(some) > 1 for some in widths) or any(
            width != {len(layer)} for (_, layer), width in zip(layers, widths[1:], strict=False)):
        return []
    found = []
    for i, (path, layer) in enumerate(layers):
        offsets = [bias for bias, _ in layer.values() if bias is not None]
        if offsets and len(offsets) < len(layer):
            return []
        outs = {out for _, out in layer.values()}
        after = next(iter(layers[i + 1][1].values()))[1].group if i + 1 < len(layers) else None
        x = after.inputs[0] if after and after.inputs else None
        functions = functions_between(x, outs) if isinstance(x, Value) else []
        found.append(Column(_title(path, next(iter(outs)), functions), list(map(list, layer)), offsets or None))
    return found


def _parts(out: Value) -> tuple[Sequence[Any], Any] | None:
    """The weights and the bias of the neuron whose output this is; None for other frames."""
    node: Any = out
    while node is not None and node.op is not None and node.op.name not in ("add", "dot"):
        operands = [arg for arg in node.args if isinstance(arg, Value)]
        node = operands[0] if len(operands) == 1 else None
    if node is None or node.op is None:
        return None
    bias = None
    if node.op.name == "add":
        node, bias = node.args
        if not isinstance(node, Value) or node.op is None or not isinstance(bias, Value) or bias.op is not None:
            return None
    row = node.args[:len(node.args) // 2]
    if node.op is None or node.op.name != "dot" or not all(isinstance(w, Value) and w.op is None for w in row):
        return None
    return row, bias


def _title(path: Sequence[str], out: Value, functions: Sequence[str]) -> str:
    """The name of a layer, and its activation, the functions that follow it, or its kind."""
    name = " ".join(part.partition("  ")[0] for part in path)
    kind = path[-1].partition("  ")[2].partition("(")[0]
    assert out.group is not None
    formula = out.group.path[-1].partition("  ")[2]
    named = [formula.partition("(")[0]] if formula.endswith(")") else []
    about = ", ".join([*named, *functions]) or kind
    return f"{name}: {about}" if about else name
