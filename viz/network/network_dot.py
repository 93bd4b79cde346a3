"""Writes a network's drawing in the DOT language: circles, boxes and lines at fixed places."""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

from viz.graph.digraph import Drawing
from viz.graph.dot import AT_MOST, FONT
from viz.graph.markup import font, html, stacked
from viz.network import labels
from viz.network.columns import Column
from viz.network.layout import MAX_WEIGHTS, Layout
from viz.network.lines import network_lines, style
from viz.network.propagation import Propagation
from viz.palette import FAINT, INK, LINE, PALE, SOFT, VALUE, largest_magnitude, relative_size, tint
from viz.text import LONGEST, clean, number
from viz.words.networks import Words

BARE = {"shape": "plaintext", "style": "", "fixedsize": "false", "width": "0", "height": "0", "margin": "0"}


class NetworkDot:
    """One drawing."""

    def __init__(self, layers: Sequence[Column], ran: Propagation | None, words: Words, by: str,
                 names: Sequence[str] | None, outputs: Sequence[str] | None) -> None:
        self.layers, self.ran, self.words, self.by = layers, ran, words, by
        self.names, self.classes = names, outputs
        sizes = (len(layers[0].rows[0]), *(column.size for column in layers))
        self.with_targets = ran is not None and any(t is not None for t in ran.targets)
        end = max([120.0, *(labels.room(clean(text, LONGEST)) + 70.0 for text in outputs or ()),
                   labels.room(clean(ran.loss.label)) / 2 + 50.0 if ran else 0.0])
        labelled = sum(map(math.prod, pairwise(sizes))) <= MAX_WEIGHTS
        self.biased = [any(column.biases or ()) for column in layers]
        self.layout = Layout(sizes, labelled, labelled and ran is not None and any(self.biased), end)
        label = clean(ran.loss.label) if ran else ""
        self.symbol = label if 0 < len(label) < 4 else "L"
        self.lines = list(network_lines(layers, ran, self.layout, by))
        self.largest = largest_magnitude(line.shown for line in self.lines)
        self.largest_circle = largest_magnitude(
            (b for column in layers for b in column.biases or ()) if ran is None
            else (delta for layer in ran.deltas or () for delta in layer))

    def drawing(self) -> Drawing:
        """The whole, with lines under circles."""
        layout = self.layout
        made = Drawing(
            engine="neato",
            graph_attr={"bgcolor": "white", "fontname": FONT, "pad": "0.3", "splines": "line", "inputscale": "72",
                        "outputorder": "edgesfirst", "labelloc": "t",
                        "label": labels.legend(list(self._legend()), self.words)},
            node_attr={"shape": "circle", "fixedsize": "shape", "width": f"{layout.diameter / 72:.3f}", "margin": "0",
                       "style": "filled", "fillcolor": "white", "fontname": FONT, "fontcolor": INK, "color": INK,
                       "penwidth": "1.4"},
            edge_attr={"fontname": FONT, "arrowhead": "none"})
        if layout.too_deep:
            made.attr(size=AT_MOST)
        for i, title in enumerate([self.words.inputs, *(clean(column.title, 30) for column in self.layers)]):
            self._title(made, i, title)
            self._column(made, i)
        for line in sorted(self.lines, key=lambda line: relative_size(line.shown, self.largest)):   # the widest last
            i, j, k, *_ = line
            made.edge(self._key(i - 1, k), self._key(i, j), **style(line, self.largest, layout.labelled))
            if line.label:
                place = (0.5, 12.0) if line.mixed else (layout.along(i), 0.0)
                made.node(f"w{i}_{j}_{k}", label=line.label, pos=layout.on_line(i, j, k, *place), **BARE)
        if self.ran is not None and not self.ran.is_output:
            self._end(made, self.ran)
        return made

    def _key(self, column: int, j: int) -> str:
        return f"n{column}" if self.layout.is_bundle(column) else f"n{column}_{j}"

    def _title(self, made: Drawing, column: int, title: str) -> None:
        made.node(f"t{column}", label=f"<{font(html(title), 13, SOFT)}>", **BARE,
                  pos=self.layout.at(column, self.layout.title_height(column)))

    # ---- circles and boxes ----

    def _column(self, made: Drawing, i: int) -> None:
        layout, ran = self.layout, self.ran
        given = () if ran is None else ran.inputs if i == 0 else ran.outputs[i - 1]
        if layout.is_bundle(i):
            deltas = ran.deltas[i - 1] if ran and ran.deltas and i else ()
            made.node(f"n{i}", label=labels.bundle(layout.sizes[i], given, deltas, self.words), shape="box",
                      fixedsize="false", style="rounded,filled", width="1.2", height=f"{layout.box / 72:.3f}",
                      pos=layout.at(i, 0), **({"fillcolor": PALE, "color": SOFT} if i == 0 else {}))
            return
        for j in range(layout.sizes[i]):
            y = layout.height(i, j)
            made.node(f"n{i}_{j}", pos=layout.at(i, y), **(self._circle(i - 1, j) if i else self._input(j)))
            if i and layout.under and self.biased[i - 1]:
                bias = (self.layers[i - 1].biases or [])[j]
                made.node(f"b{i}_{j}", label=f"<{font(f'b = {labels.short(bias)}', 9, SOFT)}>",
                          pos=layout.at(i, y - layout.diameter / 2 - 9), **BARE)
        self._names(made, i)

    def _names(self, made: Drawing, i: int) -> None:
        """The names of inputs at their left, and of outputs at their right, above the line to the target."""
        layout, edge = self.layout, self.layout.diameter / 2 + 8
        if i == 0:
            names = [f"x{j + 1}" for j in range(layout.sizes[0])] if self.names is None else self.names
            for j, name in enumerate(names if self.names is not None or self.ran is not None else ()):
                text = clean(name, LONGEST)
                made.node(f"x{j}", label=labels.name(text, "RIGHT"), **BARE,
                          pos=layout.at(0, layout.height(0, j), -edge - labels.room(text) / 2))
        if i == len(layout.sizes) - 1:
            for j, name in enumerate(self.classes or ()):
                text = clean(name, LONGEST)
                made.node(f"y{j}", label=labels.name(text, "LEFT"), **BARE,
                          pos=layout.at(i, layout.height(i, j) + (10 if self.ran is not None else 0),
                                        edge + labels.room(text) / 2))

    def _input(self, j: int) -> dict[str, str]:
        x = f"x{j + 1}" if self.ran is None and self.names is None else ""
        if self.ran is not None:
            given = self.ran.inputs[j]
            x = "—" if given is None else labels.short(given)
        return {"label": f"<{labels.in_circle(x, INK if self.ran is None else VALUE, self.layout.labelled)}>",
                "fillcolor": PALE, "color": SOFT}

    def _circle(self, i: int, j: int) -> dict[str, str]:
        """The attributes of a neuron with its bias, or with its output and delta."""
        if self.ran is not None:
            delta = self.ran.deltas[i][j] if self.ran.deltas is not None else None
            return {"label": labels.output_and_delta(self.ran.outputs[i][j], delta, self.ran.deltas is None,
                                                      self.layout.labelled),
                    "fillcolor": tint(delta, self.largest_circle) if delta else "white"}
        biases = self.layers[i].biases
        if biases is None or not self.biased[i]:
            return {"label": ""}
        return {"label": f"<{labels.in_circle(labels.short(biases[j]), INK, self.layout.labelled)}>",
                "fillcolor": tint(biases[j], self.largest_circle) if biases[j] else "white"}

    # ---- targets, loss and legend ----

    def _end(self, made: Drawing, ran: Propagation) -> None:
        layout, last = self.layout, len(self.layout.sizes) - 1
        place = last + 1 + self.with_targets
        name = clean(ran.loss.label) or self.words.loss
        name += "" if name == self.symbol else f" {self.symbol}"
        made.node("loss", shape="box", style="rounded,filled", fixedsize="false", width="0.9", height="0.6",
                  margin="0.12,0.08", penwidth="2.2", pos=layout.at(place, 0), label=stacked(
                      [font(html(name), 13, INK, bold=True),
                       font(number(ran.loss.data), 14, VALUE, bold=True)], 1))
        if self.with_targets:
            self._title(made, last + 1, self.words.targets)
        keys = [self._key(last, j) for j in range(layout.sizes[last])]
        for j, key in enumerate(dict.fromkeys(keys)):
            goal = None if layout.is_bundle(last) else ran.targets[j]
            if goal is not None:
                made.node(f"target{j}", label=f"<{labels.in_circle(labels.short(goal), VALUE, True)}>", shape="box",
                          style="filled,dashed", color=LINE, width="0.55", height="0.38", fixedsize="true",
                          pos=layout.at(last + 1, layout.height(last, j)))
                made.edge(key, f"target{j}", color=FAINT)
                key = f"target{j}"
            made.edge(key, "loss", color=FAINT)

    def _legend(self) -> Iterator[str]:
        words, ran = self.words, self.ran
        yield words.width[self.by].format(labels.short(self.largest))
        after = ran is not None and ran.deltas is not None
        circles = [i for i in range(1, len(self.layout.sizes)) if not self.layout.is_bundle(i)]
        if ran is None and any(self.biased[i - 1] for i in circles):
            yield words.bias
        if after:
            yield words.both.format(self.symbol)
        if self.layout.under:
            yield words.under
        if self.layout.labelled and ran is not None:
            yield words.beside[after]
        if any(map(self.layout.is_bundle, range(len(self.layout.sizes)))):
            yield words.bundle[after]
        if ran is not None and ran.examples > 1:
            yield words.examples.format(f"{ran.examples:,}")
        if ran is not None and not after:
            yield words.pending.format(self.symbol)
        if ran is not None and ran.changed:
            yield words.changed

