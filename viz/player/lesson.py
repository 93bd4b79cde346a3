"""Lessons: the story of a graph as data: each node, each arrow, each view and its steps, with the engine's numbers."""

import linecache
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

from autograd import Anomaly, Value, count_paths, find_anomaly, paths, source_line, topological_order
from viz.graph.cards import Card
from viz.graph.clusters import Path, recorded_groups
from viz.graph.gradient_flow import GradientFlow
from viz.graph.module_cards import ModuleCard
from viz.graph.notation import Text, constant, written
from viz.mistakes.comparison import compare
from viz.player.folding import Folding
from viz.player.marks import Marks
from viz.player.moments import Moments
from viz.player.partials import partial_formulas
from viz.player.reasons import reason
from viz.player.scene import Scene, scene
from viz.player.timeline import Timeline, timeline
from viz.player.views import title_of, view
from viz.text import clean, distinct, number, total

MOST_VIEWS = 80         # that are drawn; other folds do not open
MOST_TERMS = 6          # of the sum in the answer to "why a sum"


@dataclass
class Lesson:
    """Everything that a page needs, besides its words."""

    data: dict[str, Any]
    scenes: list[Scene]
    moments: list[Moments]
    title: str


def lesson(root: Value, *, lang: str = "en", rankdir: str = "auto", collapse: bool | str = "auto",
           groups: Mapping[str, Iterable[Value]] | None = None, weights: Iterable[Value] = (),
           names: Mapping[int, str] | None = None,
           mistake: str | None = None) -> Lesson:
    """The lesson of a graph. names: of Values that have no label, by their ids."""
    order = topological_order(root)
    seed = root.grad if root.has_grad else 1.0
    flow = GradientFlow(root, order, seed)
    found = find_anomaly(root, seed)
    enclosed: dict[Path, set[Value]]
    enclosed, uses = recorded_groups(order)
    enclosed |= {(name,): set(values) for name, values in (groups or {}).items()}
    known = dict(zip(order, distinct(node.label or (names or {}).get(id(node), "") for node in order), strict=True))
    time = timeline(root, order, flow.adjoints, youngest=mistake is not None)     # the order that it goes wrong in
    folding = Folding(flow, known, found, enclosed, uses, collapse)
    all_weights = set(weights).union(*uses.values())
    title = title_of(root, flow, known)
    drawn = folding.folds[:MOST_VIEWS]
    number_of = {fold: i for i, fold in enumerate(drawn)}
    moments = [Moments(view(fold, folding, enclosed, all_weights, found, None, time), time) for fold in drawn]
    wrong = None if mistake is None else compare(root, mistake, names=known)
    marks = None if wrong is None else Marks(wrong)
    scenes = [scene(one, lang, rankdir, marks) for one in moments]
    place = {node: i for i, node in enumerate(order)}
    arrows, index = _arrows(order, place, flow, time, known)
    data = {
        "title": title, "root": place[root], "seed": _json(seed), "seedAt": time.seed, "end": time.end, "lang": lang,
        "nodes": [_node(node, flow, time, known, all_weights, found) for node in order], "arrows": arrows,
        "folds": _folds(folding, number_of), "home": _homes(folding, order),
        "views": [_view(one, drawing, index, place) for one, drawing in zip(moments, scenes, strict=True)],
        "reasons": _reasons(arrows, order, known), "why": _why(root, order, flow, known, time),
        "again": _again(order, flow, place),
        "mistake": marks and marks.data(place, {tuple(arrow[:3]): i for i, arrow in enumerate(arrows)})}
    return Lesson(data, scenes, moments, title or known[root])


def _node(node: Value, flow: GradientFlow, time: Timeline, names: Mapping[Value, str], weights: Collection[Value],
          found: Anomaly | None) -> dict[str, Any]:
    """One node: its name, what it is computed from, its numbers, and the moments at which they are known."""
    gradient = flow.gradient(node)
    out: dict[str, Any] = {"n": names[node], "v": _json(node.data), "g": _json(gradient or 0.0),
                           "t": time.values[node], "c": time.complete.get(node, time.end)}
    if node.op is None:
        out["k"] = "weight" if node in weights else "input"
    else:
        operands = [Text(names[arg]) if isinstance(arg, Value) else constant(arg) for arg in node.args]
        numbers = [constant(arg.data if isinstance(arg, Value) else arg) for arg in node.args]
        out |= {"f": "= " + clean(written(node, operands).text, 120), "w": clean(written(node, numbers).text, 120)}
    line = source_line(node)
    if line is not None:
        file, row, _ = line
        out["l"] = [clean(FilePath(file).name, 60), row, clean(linecache.getline(file, row).strip(), 120)]
    return out


def _arrows(order: Iterable[Value], place: Mapping[Value, int], flow: GradientFlow, time: Timeline,
            names: Mapping[Value, str]) -> tuple[list[list[Any]], dict[int, int]]:
    """Each operand of each operation: [consumer, operand, which operand, local partial, contribution, formula, moment];
    and the arrow of each moment."""
    found: list[list[Any]] = []
    index = {}
    for node in order:
        if node.op is None:
            continue
        formulas = partial_formulas(node, names)
        upstream = flow.adjoints.get(node)
        for operand, (arg, slope) in enumerate(zip(node.args, node.partials, strict=True)):
            if not isinstance(arg, Value):
                continue
            at = time.arrows.get((node, operand))
            if at is not None:
                index[at] = len(found)
            contribution = None if slope is None or upstream is None else _json(upstream * slope)
            found.append([place[node], place[arg], operand, None if slope is None else _json(slope), contribution,
                          formulas[operand], at])
    return found, index


def _reasons(arrows: Iterable[Sequence[Any]], order: Sequence[Value], names: Mapping[Value, str]) -> dict[int, Any]:
    """Why no gradient flows along an arrow that has no local partial, by the number of the arrow."""
    found = {i: reason(order[arrow[0]], arrow[2], names) for i, arrow in enumerate(arrows) if arrow[3] is None}
    return {i: told for i, told in found.items() if told}


def _view(moments: Moments, drawing: Scene, index: Mapping[int, int], place: Mapping[Value, int]) -> dict[str, Any]:
    """The cards, arrows and steps of one view."""
    view, picture = moments.view, moments.view.picture
    cards: dict[str, Any] = {key: place[node] for key, node in view.nodes.items()}
    cards |= {key: inner.key for key, inner in view.folds.items()}
    arrows = [[arrow.consumer, arrow.operand, arrow.count, index.get(moments.arrived(i), -1), moments.arrived(i),
               None if arrow.contribution is None or not arrow.flows else _json(arrow.contribution), int(arrow.flows)]
              for i, arrow in enumerate(picture.arrows)]
    steps = [[step.at, step.kind, step.card or step.arrow] for step in moments.steps() if step.at < moments.time.end]
    return {"w": round(drawing.width), "h": round(drawing.height), "dir": drawing.rankdir, "cards": cards,
            "folded": int(bool(picture.mode)), "arrows": arrows, "steps": steps, "outside": sorted(view.outside),
            "drawn": [item.key for item in picture.items if isinstance(item, (Card, ModuleCard))]}


def _folds(folding: Folding, number_of: Mapping[Any, int]) -> dict[str, Any]:
    return {fold.key: {"n": fold.card.name if fold.card else "", "k": fold.card.kind if fold.card else "",
                       "up": fold.up.key if fold.up else None, "count": len(fold.nodes),
                       "ops": sum(node.op is not None for node in fold.nodes), "view": number_of.get(fold)}
            for fold in folding.folds}


def _homes(folding: Folding, order: Iterable[Value]) -> list[str]:
    """The innermost fold of each node."""
    home: dict[Value, str] = {}
    for fold in folding.folds:          # outer ones first
        home |= dict.fromkeys(fold.nodes, fold.key)
    return [home[node] for node in order]


def _why(root: Value, order: Sequence[Value], flow: GradientFlow, names: Mapping[Value, str],
         time: Timeline) -> dict[str, Any] | None:
    """An input whose gradient is the sum over a few paths, each of which can be written down."""
    uses: dict[Value, list[float]] = {}
    for node, place in time.arrows:         # in the order in which they arrive
        arg, slope, upstream = node.args[place], node.partials[place], flow.adjoints.get(node)
        if isinstance(arg, Value) and slope is not None and upstream is not None:
            uses.setdefault(arg, []).append(upstream * slope)
    several = [node for node in order if node.op is None and 2 <= len(uses.get(node, ())) <= MOST_TERMS]
    for node in several[:8]:
        count = count_paths(root, node)
        if count > MOST_TERMS:
            continue
        terms = uses[node] if count == len(uses[node]) else \
            [path.product * flow.adjoints[root] for path in paths(root, node)]
        return {"name": names[node], "count": count, "terms": total(terms), "sum": number(flow.gradient(node) or 0.0)}
    return None


def _again(order: Iterable[Value], flow: GradientFlow, place: Mapping[Value, int]) -> list[Any] | None:
    """The input that is used most often, its gradient, and what its ``grad`` would be after a second pass."""
    uses: dict[Value, int] = {}
    for node in order:
        for arg in node.args:
            if isinstance(arg, Value) and arg.op is None and flow.gradient(arg):
                uses[arg] = uses.get(arg, 0) + 1
    if not uses:
        return None
    most = max(uses, key=uses.__getitem__)
    once = flow.gradient(most) or 0.0
    return [place[most], number(once), number(once + once)]


def _json(x: float) -> float | str:
    return x if math.isfinite(x) else str(x)
