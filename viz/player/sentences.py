"""The sentence of each step of the whole graph, as the page says it."""

import re
from typing import Any

from viz.player.lesson import Lesson
from viz.player.moments import Step
from viz.text import number, total
from viz.words.pictures import WORDS as PICTURE_WORDS
from viz.words.player import WORDS, Words

MOST_TERMS = 6
HAN = re.compile("[一-鿿]+")


def sentences(lesson: Lesson, lang: str) -> list[str]:
    """What is said before the first step, at each step, and after the last."""
    words, steps = WORDS[lang], [step for step in lesson.moments[0].steps() if step.at < lesson.data["end"]]
    return [words.start, *(_sentence(lesson, lang, step) for step in steps), words.finished]


def _sentence(lesson: Lesson, lang: str, step: Step) -> str:
    words, data, view = WORDS[lang], lesson.data, lesson.data["views"][0]
    nodes, arrows = data["nodes"], data["arrows"]
    root = nodes[data["root"]]["n"]
    if step.kind == "seed":
        said = words.seed if data["seed"] == 1 else words.seed_given
        return said.format(root=root, seed=_number(data["seed"]))
    if step.kind == "value":
        what = view["cards"][step.card]
        if isinstance(what, str):
            return _filled(words.fold_value, name=_name(data, lang, what), count=data["folds"][what]["ops"])
        node = nodes[what]
        return words.value.format(name=node["n"], formula=node["f"], numbers=node["w"], value=_number(node["v"]))
    gap = "" if lang == "zh" else " "
    consumer, operand, count, index, _, sum, flows = view["arrows"][step.arrow]
    names = {"consumer": _name(data, lang, view["cards"][consumer]),
             "operand": _name(data, lang, view["cards"][operand]), "count": count}
    if not flows:
        told = data["reasons"].get(index) if count == 1 else None
        return _filled(words.nothing, **names) + (gap + why_not(words, told, names["consumer"]) if told else "")
    if count > 1:
        said = _filled(words.bundle, **names)
        return said if sum is None else said + gap + words.bundle_total.format(contribution=_number(sum))
    arrow = arrows[index]
    said = words.arrow.format(consumer=nodes[arrow[0]]["n"], operand=nodes[arrow[1]]["n"], partial=_signed(arrow[3]),
                              upstream=_number(nodes[arrow[0]]["g"]), contribution=_number(arrow[4]))
    terms, sum = _so_far(data, arrow[1], step.at)
    after = words.adds if len(terms) > 1 else words.holds
    before = number(_so_far(data, arrow[1], step.at - 1)[1])
    written = total(terms[:MOST_TERMS]) + (f" + … ({len(terms)})" if len(terms) > MOST_TERMS else "")
    return said + gap + after.format(operand=nodes[arrow[1]]["n"], terms=written, sum=number(sum), before=before,
                                     contribution=_number(arrow[4]))


def why_not(words: Words, told: dict[str, str], consumer: str) -> str:
    """Why no gradient flows, as `reasons.reason` found it."""
    text: str = getattr(words, f"why_{told['why']}")
    return _filled(text, consumer=consumer, **{key: name for key, name in told.items() if key != "why"})


def _filled(text: str, **given: object) -> str:
    """A text with its names; one in Chinese has no blanks around it.

    >>> _filled("从 {operand} 到 {consumer}", operand="结果", consumer="a")
    '从结果到 a'
    """
    for key, name in given.items():
        if HAN.fullmatch(str(name)):
            text = text.replace(f" {{{key}}}", f"{{{key}}}").replace(f"{{{key}}} ", f"{{{key}}}")
    return text.format(**given)


def _so_far(data: dict[str, Any], operand: int, until: int) -> tuple[list[float], float]:
    """The contributions to a node up to a moment, in the order in which they arrive, and their sum."""
    every = [arrow for arrow in data["arrows"] if arrow[1] == operand and arrow[6] is not None and arrow[4] is not None]
    every.sort(key=lambda arrow: arrow[6])
    some = [arrow for arrow in every if arrow[6] <= until]
    if len(some) == len(every):
        return [float(arrow[4]) for arrow in some], float(data["nodes"][operand]["g"])
    sum = 0.0
    for i, arrow in enumerate(some):
        sum = sum + float(arrow[4]) if i else float(arrow[4])
    return [float(arrow[4]) for arrow in some], sum


def _name(data: dict[str, Any], lang: str, what: Any) -> str:
    if not isinstance(what, str):
        return str(data["nodes"][what]["n"])
    fold, words = data["folds"][what], PICTURE_WORDS[lang]
    return {"inputs": words.inputs_layer, "result": words.result}.get(fold["k"]) or fold["n"]


def _number(x: Any) -> str:
    return number(float(x))


def _signed(x: Any) -> str:
    return f"({number(float(x))})" if float(x) < 0 else number(float(x))
