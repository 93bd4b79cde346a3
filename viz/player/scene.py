"""Scenes: a view as SVG, in which numbers carry the moments between which they are seen, and words both languages.

An element is seen from the moment ``data-f`` until the moment ``data-u``. Graphviz gives the places; the texts are
those of the labels that it was given.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import quoteattr

from viz.graph.cards import Box, Card, Constant
from viz.graph.dot import drawing_of, labels_of
from viz.graph.gradient_flow import Arrow
from viz.graph.labels import Labels
from viz.graph.module_cards import ModuleCard
from viz.graph.picture import Picture
from viz.palette import DARK, FAINT, INK, PALE, RED, SOFT, VALUE, sign_colour
from viz.player import shorter
from viz.player.cells import Cell, Run, cells
from viz.player.marks import MARK, Marks
from viz.player.moments import Moments, Stage
from viz.player.shorter import numbers
from viz.rendering.formats import render
from viz.text import number
from viz.words.pictures import WORDS, Words

SVG = "{http://www.w3.org/2000/svg}"
PADDING = 5.0           # of the cells of a card
BREAK = "\n"            # between the parts of a group: without it a screen reader runs the texts together
UNKNOWN = "?"           # in the place of a value that is not computed yet


@dataclass(frozen=True)
class Scene:
    """The drawing of one view."""

    svg: str
    width: float
    height: float
    rankdir: str


def scene(moments: Moments, lang: str, rankdir: str = "auto", marks: Marks | None = None) -> Scene:
    """Draw a view. lang: in which the widths of texts are measured; marks: of what a wrong engine does."""
    picture = moments.view.picture
    wrong = {} if marks is None else marks.of_cards(moments.view.nodes)

    def texts(picture: Picture, words: Words, rankdir: str) -> Labels:
        labels = labels_of(picture, words, rankdir)
        labels.marks = wrong
        return labels

    source = drawing_of(picture, WORDS[lang], rankdir, texts, legend=False)
    direction = source.graph_attr["rankdir"]
    languages = {name: texts(picture, words, direction) for name, words in WORDS.items()}
    drawn = ElementTree.fromstring(render(source.source, "svg"))
    graph = drawn[0]
    box = [float(x) for x in drawn.attrib["viewBox"].split()]
    found = re.search(r"translate\(([-\d.]+)[ ,]+([-\d.]+)\)", graph.get("transform", ""))
    shift = (float(found[1]), float(found[2])) if found else (0.0, 0.0)
    writer = _Writer(moments, languages, lang, marks, shift)
    frames, arrows, cards = [], [], []
    counts: dict[tuple[str, str], int] = {}
    routes: dict[tuple[str, str], list[int]] = {}
    for i, arrow in enumerate(picture.arrows):
        routes.setdefault((arrow.operand, arrow.consumer), []).append(i)
    items = {item.key: item for item in picture.items}
    for group in graph.iter(f"{SVG}g"):
        kind, title = group.get("class"), group.findtext(f"{SVG}title") or ""
        if kind == "cluster":
            frames.append(writer.frame(group))
        elif kind == "node" and title in items:
            cards.append(writer.card(group, items[title]))
        elif kind == "edge":
            operand, _, consumer = title.partition("->")
            ends = operand, consumer
            nth = counts[ends] = counts.get(ends, -1) + 1
            index = routes[ends][nth] if ends in routes else None
            arrows.append(writer.arrow(group, index))
    inherited = "".join(f' {name}="{value}"' for name, value in shorter.INHERITED.items())
    svg = (f'<svg xmlns="http://www.w3.org/2000/svg" class="scene {lang}" viewBox="0 0 {box[2]:g} {box[3]:g}">'
           f'<g transform="translate({shift[0]:g} {shift[1]:g})"{inherited}>'
           f'{"".join(frames + arrows + cards)}</g></svg>')
    return Scene(svg, box[2], box[3], direction)


class _Writer:
    """Writes the elements of one scene."""

    def __init__(self, moments: Moments, languages: Mapping[str, Any], lang: str,
                 marks: Marks | None, shift: tuple[float, float]) -> None:
        self.moments, self.languages, self.lang, self.marks = moments, languages, lang, marks
        self.shift = shift

    # ---- the three kinds of elements ----

    def frame(self, group: Any) -> str:
        """A frame with its title, which is a user's text, or a module's, in every language."""
        path = group.find(f"{SVG}path")
        texts = group.findall(f"{SVG}text")
        return (f'<g class="frame">{_path(path, fill=path.get("fill"), stroke=path.get("stroke"))}'
                + "".join(self._text(text.get("x"), text.get("y"), "start",
                                     [Run(text.text or "", text.get("font-size", "13"), SOFT, False, False)])
                          for text in texts) + "</g>")

    def card(self, group: Any, item: Card | Constant | Box | ModuleCard) -> str:
        """A card, with each stage of its gradient."""
        label = self._label(item)
        found, backgrounds = cells(label[self.lang])
        others = {name: cells(text)[0] for name, text in label.items()}
        texts = group.findall(f"{SVG}text")
        outline = group.find(f"{SVG}path")
        polygons = group.findall(f"{SVG}polygon")
        if outline is None:         # a box has two borders
            outline, polygons = polygons[0], polygons[1:]
        filled = [polygon for polygon in polygons if polygon.get("stroke") == "none"]
        rules = [polygon for polygon in polygons if polygon.get("stroke") != "none"]
        xs = [x for polygon in polygons for x in numbers(polygon.get("points"))[::2]]
        edge = max(xs, default=0.0) - PADDING
        ends = numbers(outline.get("d") or outline.get("points"))[::2]
        middle = (min(ends) + max(ends)) / 2
        parts = [_path(outline, "outline", fill=outline.get("fill"), stroke=outline.get("stroke"),
                       width=outline.get("stroke-width"), dashes=outline.get("stroke-dasharray"))]
        parts += [_rule(rule) for rule in _joined(rules)]
        stages = self.moments.stages(item) if isinstance(item, (Card, ModuleCard)) else ()
        for polygon, colour in zip(filled, backgrounds, strict=False):
            parts += self._backgrounds(polygon, colour, item, stages)
        at = 0
        for i, cell in enumerate(found):
            first = texts[at]
            at += len(cell.runs)
            if cell.align == "RIGHT" and cell.last:
                x, anchor = f"{edge:g}", "end"
            elif cell.align == "LEFT" or cell.align == "RIGHT":
                x, anchor = first.get("x"), "start"
            else:
                x, anchor = f"{middle:g}", "middle"
            variants = {name: other[i] for name, other in others.items()}
            parts.append(self._cell(item, i, variants, x, first.get("y"), anchor, stages))
        kind = "card" if isinstance(item, (Card, ModuleCard)) else "beside"
        extra = " outside" if item.key in self.moments.view.outside else ""
        extra += " folded" if isinstance(item, ModuleCard) else ""
        where = self._box(ends, numbers(outline.get("d") or outline.get("points"))[1::2])
        return f'<g class="{kind}{extra}" data-k={quoteattr(item.key)}{where}>{BREAK.join(parts)}</g>'

    def arrow(self, group: Any, index: int | None) -> str:
        """An arrow: grey while values flow, which the style sheet says, coloured when the gradient has come back."""
        path, head = group.find(f"{SVG}path"), group.find(f"{SVG}polygon")
        if index is None:           # of a constant
            return f'<g class="beside">{_path(path, stroke=FAINT, dashes="5,2")}{_head(head, FAINT)}</g>'
        arrow = self.moments.view.picture.arrows[index]
        computed, arrived = self.moments.computed(arrow.consumer), self.moments.arrived(index)
        parts = []
        if arrow.flows:
            parts += [_tip(head, path, arrived),
                      _path(path, "flow", stroke=path.get("stroke"), width=path.get("stroke-width"), since=arrived),
                      _head(head, head.get("stroke") if head is not None else FAINT, arrived)]
        else:
            parts += [_path(path, stroke=FAINT, dashes="5,2"), _head(head, FAINT)]
        if self.marks and self.marks.is_first(arrow, self.moments.view.nodes):
            parts.append(_path(path, "astray", stroke=RED, width="5", dashes="9,5", since=arrived))
        parts += self._arrow_texts(group, arrow, computed, arrived)
        some = numbers(path.get("d"))
        texts = group.findall(f"{SVG}text")
        where = self._box(some[::2] + [float(text.get("x")) for text in texts],
                          some[1::2] + [float(text.get("y")) for text in texts])
        return f'<g class="arrow" data-a="{index}"{where}>{BREAK.join(parts)}</g>'

    def _box(self, xs: Sequence[float], ys: Sequence[float]) -> str:
        """Where an element is: left, top, right, bottom, from the corner of the picture."""
        x, y = self.shift
        return f' data-b="{min(xs) + x:.0f} {min(ys) + y:.0f} {max(xs) + x:.0f} {max(ys) + y:.0f}"'

    # ---- texts ----

    def _label(self, item: Any) -> dict[str, str]:
        line = ""
        if isinstance(item, Constant):
            return {name: labels.constant(item) for name, labels in self.languages.items()}
        if isinstance(item, Box):
            return {name: labels.box(item) for name, labels in self.languages.items()}
        return {name: labels.card(item, line) for name, labels in self.languages.items()}

    def _cell(self, item: Any, i: int, variants: Mapping[str, Cell], x: str, y: str, anchor: str,
              stages: Sequence[Stage]) -> str:
        cell = variants[self.lang]
        if isinstance(item, (Card, ModuleCard)):
            if any(run.ink == VALUE for run in cell.runs):
                since = self.moments.computed(item.key)
                unknown = [Run(UNKNOWN, "17", FAINT, True, False)]
                return ((self._text(x, y, anchor, unknown, until=since) if since else "")
                        + self._text(x, y, anchor, cell.runs, since))
            if self._is_gradient(item, i, cell):
                return self._stages(item, variants, x, y, anchor, stages)
            if i > 5 and isinstance(item, Card):            # notes
                if cell.runs[0].size == MARK:
                    return self._text(x, y, anchor, cell.runs, self.moments.complete(item.key))
                return self._both(variants, x, y, anchor, self.moments.noted(item))
        return self._both(variants, x, y, anchor)

    def _is_gradient(self, item: Any, i: int, cell: Cell) -> bool:
        if isinstance(item, Card):
            return i == 5
        return cell.align == "RIGHT" and i >= (4 if item.values else 3) and (
            cell.background != "" or not cell.last or not item.values)

    def _stages(self, item: Any, variants: Mapping[str, Cell], x: str, y: str, anchor: str,
                stages: Sequence[Stage]) -> str:
        first = stages[0].since if stages else None
        dash = [Run("—", "17", SOFT, False, False)]
        parts = [self._text(x, y, anchor, dash, until=first)] if anchor == "end" else []
        for stage in stages if isinstance(item, Card) else stages[-1:]:
            parts.append(self._both(variants, x, y, anchor, stage.since) if stage.until is None else
                         self._text(x, y, anchor, _sum(stage), stage.since, stage.until))
        return "".join(parts)

    def _backgrounds(self, polygon: Any, colour: str, item: Any, stages: Sequence[Stage]) -> list[str]:
        if len(stages) == 1 or not isinstance(item, Card):
            return [_shape(polygon, colour, stages[-1].since, name="back")] if stages else [_shape(polygon, PALE)]
        parts = [_shape(polygon, PALE, until=stages[0].since)]
        for stage in stages:
            fill = colour if stage.until is None else self.languages[self.lang].background(stage.total)
            parts.append(_shape(polygon, fill, stage.since, stage.until))
        return parts

    def _arrow_texts(self, group: Any, arrow: Arrow, computed: int, arrived: int) -> list[str]:
        label = {name: labels.arrow(arrow, sign_colour(arrow.contribution) if arrow.contribution is not None else FAINT)
                 for name, labels in self.languages.items()}
        if not label[self.lang]:
            return []
        texts, parts, at = group.findall(f"{SVG}text"), [], 0
        rows = {name: cells(text)[0] for name, text in label.items()}
        for i, cell in enumerate(rows[self.lang]):
            first, last = texts[at], texts[at + len(cell.runs) - 1]
            at += len(cell.runs)
            middle = (float(first.get("x")) + float(last.get("x")) + 4.5) / 2
            variants = {name: Cell(runs=other[i].runs[1:-1]) for name, other in rows.items()}
            y = texts[at - 2].get("y")
            partial = cell.text.strip().startswith("∂")
            since = computed if partial else 0 if arrow.count > 1 and i == 0 else arrived
            parts.append(self._both(variants, f"{middle:g}", y, "middle", since))
        return parts

    def _both(self, variants: Mapping[str, Cell], x: str, y: str, anchor: str, since: int = 0) -> str:
        """A text in one piece where the languages agree, else one for each."""
        if len({tuple(cell.runs) for cell in variants.values()}) == 1:
            return self._text(x, y, anchor, variants[self.lang].runs, since)
        return "".join(self._text(x, y, anchor, cell.runs, since, lang=name) for name, cell in variants.items())

    def _text(self, x: str, y: str, anchor: str, runs: Sequence[Run], since: int = 0, until: int | None = None,
              lang: str = "") -> str:
        shared, spans = shorter.spans(runs)
        align = "" if anchor == "start" else f' text-anchor="{anchor}"'
        kind = f' class="{lang}"' if lang else ""
        return (f'<text x="{_tenth(x)}" y="{_tenth(y)}"{align}{_seen(since, until)}{kind}{shared}>{spans}</text>')


def _tenth(x: str) -> str:
    return f"{float(x):.1f}".removesuffix(".0")


def _sum(stage: Stage) -> list[Run]:
    """A gradient of which some contributions have arrived."""
    result = Run(number(stage.total), "17", DARK[sign_colour(stage.total)], True, False)
    return [result] if not stage.terms else [Run(f"\u00a0{stage.terms} = ", "14", INK, False, False), result]


def _seen(since: int, until: int | None) -> str:
    return (f' data-f="{since}"' if since else "") + (f' data-u="{until}"' if until is not None else "")


def _path(path: Any, name: str = "", *, fill: str | None = None, stroke: str | None = None, width: str | None = None,
          dashes: str | None = None, since: int = 0, until: int | None = None) -> str:
    if path is None:
        return ""
    shape = path.get("d")
    place = shorter.curve(shape) if shape else shorter.area(path.get("points"))
    more = "".join(f' {key}="{value}"' for key, value in (("fill", fill or "none"), ("stroke", stroke), (
        "stroke-width", width), ("stroke-dasharray", dashes)) if value)
    return f'<path d="{place}"{more}' + (f' class="{name}"' if name else "") + _seen(since, until) + "/>"


def _head(head: Any, colour: str, since: int = 0) -> str:
    return "" if head is None else _shape(head, colour, since)


def _tip(head: Any, path: Any, until: int) -> str:
    """From the point of the arrow's head to its line, which is grey and reaches the card until it has a head."""
    if head is None:
        return ""
    points, (x, y) = numbers(head.get("points")), numbers(path.get("d"))[:2]
    far = max(zip(points[::2], points[1::2], strict=True), key=lambda at: (at[0] - x) ** 2 + (at[1] - y) ** 2)
    return f'<path d="{shorter.line(far, (x, y))}" stroke="{FAINT}"{_seen(0, until)}/>'


def _shape(polygon: Any, colour: str, since: int = 0, until: int | None = None, name: str = "") -> str:
    kind = f' class="{name}"' if name else ""
    return f'<path d="{shorter.area(polygon.get("points"))}" fill="{colour}"{kind}{_seen(since, until)}/>'


def _joined(rules: Sequence[Any]) -> list[tuple[float, float, float, str]]:
    """The line under a card's first row, which Graphviz draws in a piece for each cell."""
    found: dict[float, tuple[float, float, float, str]] = {}
    for rule in rules:
        some = numbers(rule.get("points"))
        y, left, right = some[1], min(some[::2]), max(some[::2])
        if y in found:
            left, right = min(left, found[y][1]), max(right, found[y][2])
        found[y] = (y, left, right, rule.get("stroke"))
    return list(found.values())


def _rule(rule: tuple[float, float, float, str]) -> str:
    y, left, right, colour = rule
    return f'<path d="M{left:.1f} {y:.1f}H{right:.1f}" stroke="{colour}"/>'
