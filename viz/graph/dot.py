"""How a picture is laid out: its nodes, edges and frames, with their widths and borders, in the DOT language."""

from collections.abc import Iterable, Mapping
from typing import Any

from autograd import Anomaly, Value
from viz.graph.cards import Card, Constant, Item, Picture, picture
from viz.graph.clusters import Frame
from viz.graph.digraph import Drawing
from viz.graph.gradient_flow import Arrow
from viz.graph.labels import FAINT, INK, PALE, RED, SOFT, Labels, colour, largest, share
from viz.graph.module_cards import MODES, Part
from viz.graph.shaded_labels import Heated
from viz.graph.translations import WORDS, Words

FONT = "DejaVu Sans,Verdana,Arial,sans-serif"       # the first two have the same widths
LINE, EDGE, FRAME, GHOST = "#d4d7df", "#94a3b8", "#f8fafc", "#fafafa"
BORDER = {"input": (EDGE, 2.0), "weight": (EDGE, 2.0), "operation": (LINE, 1.4), "root": (INK, 2.2),
          "anomaly": (RED, 4.0)}


def draw_dot(root: Value | Anomaly, *, rankdir: str = "LR", collapse: bool | str = "auto", lang: str = "en",
             groups: Mapping[str, Iterable[Value]] | None = None, weights: Iterable[Value] = ()) -> Drawing:
    """The graph of ``root``: every value, every gradient, and where each part of it came from.

    rankdir: from the inputs to the result: "LR" (left to right), "RL", "TB" or "BT".
    collapse: whether to fold a large graph into its youngest operations and a box; "auto" above
        about 300 cards or 100 columns, or where the arrows are so long that Graphviz would take seconds.
        "neuron" and "layer" fold each neuron or layer of a network, with its weights, into one card; the
        colour behind its gradients says how large they are. What is left folds as with True.
    lang: "en" or "zh".
    groups: names of frames and the Values to draw inside each, besides those that modules of nn
        have recorded.
    weights: the leaves to be called weights and not inputs, besides those that such modules use.

    Labels read as they are, on one line: white space becomes one space, what is longer than 24
    characters ends in an ellipsis, and � stands for each control character, lone surrogate and sign
    that turns the reading direction. Empty ones are called v1, v2, ...; those there twice get an index.

    Gradients are those of the last ``root.backward()``; before it, dashes. Where a nan or an infinity
    arises first, the card is framed in red; give what `autograd.find_anomaly` found, or an error's
    ``anomaly``, in place of the root to see that one. The result shows itself
    in notebooks, and is a ``graphviz.Digraph``; ``viz.write`` saves it.

    >>> a = Value(3.0, label="a")
    >>> draw_dot(a * a).source.startswith("digraph")
    True
    """
    found = root if isinstance(root, Anomaly) else None
    start = found.root if found else root
    if not isinstance(start, Value):
        raise TypeError(f"draw_dot draws one Value, not {type(root).__name__}")
    if rankdir not in WORDS["en"].forward:
        raise ValueError(f"rankdir: expected 'LR', 'RL', 'TB' or 'BT', not {rankdir!r}")
    if lang not in WORDS:
        raise ValueError(f"lang: expected 'en' or 'zh', not {lang!r}")
    if not (isinstance(collapse, bool) or collapse in ("auto", *MODES)):
        raise ValueError(f"collapse: expected 'auto', 'neuron', 'layer', True or False, not {collapse!r}")
    return _draw(picture(start, collapse, groups, weights, found), WORDS[lang], rankdir)


def _draw(picture: Picture, words: Words, rankdir: str) -> Drawing:
    heated = any(isinstance(item, Part) for item in picture.items)
    labels = Heated(picture, words, rankdir) if heated else Labels(picture, words, rankdir)
    drawing = Drawing(
        graph_attr={"rankdir": rankdir, "bgcolor": "white", "fontname": FONT, "fontcolor": INK, "pad": "0.3",
                    "nodesep": "0.4", "ranksep": "0.8", "labelloc": "t", "label": labels.legend()},
        node_attr={"shape": "box", "style": "rounded,filled", "fillcolor": "white", "fontname": FONT,
                   "fontcolor": INK, "margin": "0.11,0.08", "height": "0", "width": "0"},
        edge_attr={"fontname": FONT, "dir": "back"})
    if isinstance(labels, Heated) and labels.crowded:       # arrows without numbers still need room
        drawing.attr(ranksep="2.2")
    nodes = {item.key: _node(item, item.key == picture.root.key, labels) for item in picture.items}
    owner = {key: frame for frame in picture.frames for key in _keys(frame)}
    begun: set[tuple[str, ...]] = set()
    for key, attributes in nodes.items():
        frame = owner.get(key)
        if frame is None:
            drawing.node(key, **attributes)
        elif frame.path not in begun:
            _frame(drawing, frame, nodes, labels, f"cluster_{len(begun)}")
            begun.add(frame.path)
    for item in picture.items:
        if isinstance(item, Constant):
            drawing.edge(item.key, item.consumer, dir="forward", style="dashed", color=FAINT, arrowhead="vee",
                         arrowsize="0.8")
    widest = largest(arrow.contribution for arrow in picture.arrows)
    for arrow in picture.arrows:
        drawing.edge(arrow.operand, arrow.consumer, **_edge(arrow, widest, labels))
    return drawing


def _node(item: Item, root: bool, labels: Any) -> dict[str, str]:
    if isinstance(item, (Card, Part)):
        kind = item.kind if isinstance(item, Card) else "operation"
        line, width = BORDER["anomaly" if item.anomaly else "root" if root else kind]
        return {"label": labels.card(item, line), "color": line, "penwidth": f"{width:g}"}
    if isinstance(item, Constant):
        return {"label": labels.constant(item), "color": LINE, "fillcolor": GHOST, "style": "rounded,filled,dashed"}
    return {"label": labels.box(item), "color": SOFT, "fillcolor": PALE, "peripheries": "2"}


def _edge(arrow: Arrow, widest: float, labels: Labels) -> dict[str, str]:
    """From operand to consumer, as values are computed; the arrow's head is at the operand, as gradients flow."""
    flow = arrow.contribution
    ink = FAINT if flow is None else colour(flow)
    width = 1.4 + 3.6 * share(flow, widest) if flow else 1.0
    return {"label": labels.arrow(arrow, ink), "color": ink, "penwidth": f"{width:.2f}",
            "arrowsize": f"{0.75 + 0.05 * width:.2f}"}


def _frame(drawing: Any, frame: Frame, nodes: Mapping[str, Mapping[str, str]], labels: Labels, name: str) -> None:
    with drawing.subgraph(name=name) as cluster:
        cluster.attr(label=labels.frame(frame), labeljust="l", style="rounded,filled", fillcolor=FRAME, color=LINE,
                     margin="14")
        for i, inner in enumerate(frame.frames):
            _frame(cluster, inner, nodes, labels, f"{name}_{i}")
        for key in frame.keys:
            cluster.node(key, **nodes[key])


def _keys(frame: Frame) -> list[str]:
    """The keys of all cards in a frame and in the frames inside it."""
    return [*frame.keys, *(key for inner in frame.frames for key in _keys(inner))]
