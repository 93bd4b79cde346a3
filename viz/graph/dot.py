"""``draw_dot``: writes a picture in the DOT language, with its nodes, edges, frames, borders and widths."""

from collections.abc import Callable, Container, Iterable, Mapping
from itertools import pairwise
from typing import Any

from autograd import Anomaly, Value, variable_names
from viz.graph.cards import Card, Constant
from viz.graph.clusters import Cluster
from viz.graph.collapse import MODES
from viz.graph.digraph import Drawing
from viz.graph.direction import WIDEST, is_too_wide
from viz.graph.gradient_flow import Arrow
from viz.graph.labels import Labels
from viz.graph.module_cards import ModuleCard
from viz.graph.picture import Item, Picture, picture
from viz.graph.shaded_labels import ShadedLabels
from viz.palette import FAINT, INK, LINE, PALE, RED, SOFT, largest_magnitude, relative_size, sign_colour
from viz.words.language import chosen
from viz.words.pictures import WORDS, Words

FONT = "DejaVu Sans,Verdana,Arial,sans-serif"       # the first two have the same widths
AT_MOST = f"{WIDEST / 72:.6g},10000"    # inches, wide and tall: Graphviz makes what is larger smaller
LEAF, CLUSTER, GHOST = "#94a3b8", "#f8fafc", "#fafafa"
BORDER = {"input": (LEAF, 2.0), "weight": (LEAF, 2.0), "operation": (LINE, 1.4), "root": (INK, 2.2),
          "anomaly": (RED, 4.0)}
NO_GRADIENT = {"dir": "forward", "style": "dashed", "color": FAINT, "arrowhead": "vee", "arrowsize": "0.8"}


def draw_dot(root: Value | Anomaly, *, rankdir: str = "auto", collapse: bool | str = "auto", lang: str | None = None,
             groups: Mapping[str, Iterable[Value]] | None = None, weights: Iterable[Value] = (),
             labels: bool = True) -> Drawing:
    """The graph of ``root``: every value, every gradient, and the contributions that each gradient is the sum of.

    rankdir: the direction from the inputs to the result: "LR" (left to right), "RL", "TB" or "BT". "auto" is "TB" for
        a network that is folded by layer and for a graph that would be wider than 1,600 pixels, else "LR".
    collapse: True folds all but the youngest operations, and all but 16 leaves, into boxes. "neuron" and "layer" fold
        each neuron or layer of a network, with its weights, into one card; the colour behind a gradient shows its
        size. The other nodes fold as with True. "auto" is "layer" for a network of nn, where it also folds the inner
        steps of a sequence, and parts side by side such as heads and maps; it is True above about 300
        cards or 100 columns, or if the arrows are so long that Graphviz would take seconds.
    lang: "en" or "zh"; by default "en", or what `viz.set_language` says.
    groups: titles of frames and the Values inside each, besides the frames that modules of nn record.
    weights: the leaves that are called weights instead of inputs, besides those of such modules.

    labels: whether Values without a label are called by the caller's variables, as in ``c = a + b``; see
        `autograd.variable_names`. Labels come first.

    Labels appear unchanged, on one line: white space becomes one space, more than 24 characters end in an
    ellipsis, and � replaces each control character, lone surrogate and sign that turns the reading direction.
    Other Values become v1, v2, ...; a repeated label gets an index.

    Gradients are those of the last ``root.backward()``; before it, dashes. The card with the first nan or infinity
    has a red border. To mark another one, give the result of `autograd.find_anomaly`, or the ``anomaly`` of an
    error, instead of the root. The result is a ``graphviz.Digraph``, which shows itself in notebooks;
    ``viz.write`` saves it.

    >>> a = Value(3.0)
    >>> b = a * a
    >>> "= a × a" in draw_dot(b).source
    True
    """
    found = root if isinstance(root, Anomaly) else None
    start = found.root if found else root
    if not isinstance(start, Value):
        raise TypeError(f"draw_dot draws one Value, not {type(root).__name__}")
    if rankdir not in ("auto", *WORDS["en"].forward):
        raise ValueError(f"rankdir: expected 'auto', 'LR', 'RL', 'TB' or 'BT', not {rankdir!r}")
    lang = chosen(lang)
    if not (isinstance(collapse, bool) or collapse in ("auto", *MODES)):
        raise ValueError(f"collapse: expected 'auto', 'neuron', 'layer', True or False, not {collapse!r}")
    names = variable_names() if labels else {}
    return drawing_of(picture(start, collapse, groups, weights, found, names), WORDS[lang], rankdir)


def labels_of(picture: Picture, words: Words, rankdir: str) -> Labels:
    """The texts of a picture in one language."""
    return (ShadedLabels if picture.mode else Labels)(picture, words, rankdir)


def drawing_of(picture: Picture, words: Words, rankdir: str,
               texts: Callable[[Picture, Words, str], Labels] | None = None, legend: bool = True) -> Drawing:
    """The picture in the DOT language.

    texts: makes its texts, if they are not the usual ones. legend: whether its title and the meaning of its signs stand
    above it.
    """
    labels: Any = (texts or labels_of)(picture, words, "LR" if rankdir == "auto" else rankdir)
    if rankdir == "auto":
        cards = {item.key: labels.card(item, "") for item in picture.items if isinstance(item, (Card, ModuleCard))}
        labels.rankdir = rankdir = "TB" if picture.mode == "layer" or is_too_wide(picture, labels, cards) else "LR"
    drawing = Drawing(
        graph_attr={"rankdir": rankdir, "bgcolor": "white", "fontname": FONT, "fontcolor": INK, "pad": "0.3",
                    "nodesep": "0.4", "ranksep": "0.8", "labelloc": "t",
                    **({"label": labels.legend()} if legend else {})},
        node_attr={"shape": "box", "style": "rounded,filled", "fillcolor": "white", "fontname": FONT,
                   "fontcolor": INK, "margin": "0.11,0.08", "height": "0", "width": "0"},
        edge_attr={"fontname": FONT, "dir": "back"})
    if picture.mode == "layer":         # else a frame around two layers would put both into one rank
        drawing.attr(newrank="true", nodesep="0.2")
        if legend and rankdir in ("TB", "BT"):      # without a legend it is part of a page, which has its own size
            drawing.attr(size=AT_MOST)
    if isinstance(labels, ShadedLabels) and labels.crowded:     # arrows without numbers need room, too
        drawing.attr(ranksep="1.1" if picture.mode == "layer" else "2.2")
    nodes = {item.key: _node(item, item.key == picture.root.key, labels) for item in picture.items}
    # The names of neurons' cards begin with that of their layer, and Graphviz shuffles the cards inside a frame.
    rows = [cluster for cluster in picture.clusters
            if picture.mode == "neuron" and labels.modules.issuperset(cluster.all_keys)]
    owner = {key: cluster for cluster in picture.clusters if cluster not in rows for key in cluster.all_keys}
    begun: set[tuple[str, ...]] = set()
    for key, attributes in nodes.items():
        cluster = owner.get(key)
        if cluster is None:
            drawing.node(key, **attributes)
        elif cluster.path not in begun:
            _subgraph(drawing, cluster, nodes, labels, f"cluster_{len(begun)}")
            begun.add(cluster.path)
    if picture.mode:
        for keys in [*_inputs(picture, owner), *(keys for cluster in rows for keys in _by_layer(cluster))]:
            _keep_order(drawing, keys)
    for item in picture.items:
        if isinstance(item, Constant):
            drawing.edge(item.key, item.consumer, **NO_GRADIENT)
    largest = largest_magnitude(arrow.contribution for arrow in picture.arrows)
    for arrow in picture.arrows:
        drawing.edge(arrow.operand, arrow.consumer, **_edge(arrow, largest, labels))
    return drawing


def _node(item: Item, root: bool, labels: Any) -> dict[str, str]:
    if isinstance(item, (Card, ModuleCard)):
        kind = item.kind if isinstance(item, Card) else "operation"
        line, width = BORDER["anomaly" if item.anomaly else "root" if root else kind]
        return {"label": labels.card(item, line), "color": line, "penwidth": f"{width:g}"}
    if isinstance(item, Constant):
        return {"label": labels.constant(item), "color": LINE, "fillcolor": GHOST, "style": "rounded,filled,dashed"}
    return {"label": labels.box(item), "color": SOFT, "fillcolor": PALE, "peripheries": "2"}


def _edge(arrow: Arrow, largest: float, labels: Labels) -> dict[str, str]:
    """The edge leads from operand to consumer, as values do; its head is at the operand, as gradients flow."""
    if not arrow.flows:         # as of a constant: a number goes in, and no gradient comes back
        return {"label": labels.arrow(arrow, FAINT), **NO_GRADIENT}
    flow = arrow.contribution
    ink = FAINT if flow is None else sign_colour(flow)
    width = 1.4 + 3.6 * relative_size(flow, largest) if flow else 1.0
    return {"label": labels.arrow(arrow, ink), "color": ink, "penwidth": f"{width:.2f}",
            "arrowsize": f"{0.75 + 0.05 * width:.2f}", **labels.line(arrow)}


def _inputs(picture: Picture, owner: Container[str]) -> list[list[str]]:
    """The keys of inputs outside frames, in one list if they go to the same cards, in the order of creation."""
    consumers: dict[str, set[str]] = {}
    for arrow in picture.arrows:
        consumers.setdefault(arrow.operand, set()).add(arrow.consumer)
    together: dict[frozenset[str], list[str]] = {}
    for item in picture.items:
        if isinstance(item, Card) and item.kind == "input" and item.key not in owner:
            together.setdefault(frozenset(consumers.get(item.key, ())), []).append(item.key)
    return list(together.values())


def _by_layer(cluster: Cluster) -> list[list[str]]:
    """The keys of the cards in each layer, in the order of creation."""
    return [sorted(cluster.keys, key=lambda key: int(key[1:])),
            *(keys for inner in cluster.clusters for keys in _by_layer(inner))]


def _keep_order(drawing: Any, keys: list[str]) -> None:
    """Graphviz puts these cards into one rank, in this order; by itself it avoids crossings, and shuffles neurons."""
    if len(keys) > 1:
        with drawing.subgraph() as same:
            same.attr(rank="same")
            for left, right in pairwise(keys):
                same.edge(left, right, style="invis")


def _subgraph(drawing: Any, cluster: Cluster, nodes: Mapping[str, Mapping[str, str]], labels: Labels,
              name: str) -> None:
    with drawing.subgraph(name=name) as inside:
        # at the side where values come out: the arrows to many inputs would strike the title through
        side = "r" if labels.picture.mode == "layer" and labels.rankdir == "LR" else "l"
        inside.attr(label=labels.cluster(cluster), labeljust=side, labelloc="b" if labels.rankdir == "TB" else "t",
                    style="rounded,filled", fillcolor=CLUSTER, color=LINE, margin="14")
        for i, inner in enumerate(cluster.clusters):
            _subgraph(inside, inner, nodes, labels, f"{name}_{i}")
        for key in cluster.keys:
            inside.node(key, **nodes[key])
