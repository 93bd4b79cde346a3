"""Frames: each step of a lesson as an SVG of its own, with the sentence of the step below the picture."""

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import overload
from xml.sax.saxutils import escape

from autograd import files
from viz.palette import FAINT, INK, PALE
from viz.player.lesson import Lesson
from viz.player.scene import Scene
from viz.player.sentences import sentences

ELEMENT = re.compile(r"<(text|path|polygon)\b([^>]*?)(/>|>(?:<tspan[^>]*>[^<]*</tspan>|[^<])*</text>)")
SINCE, UNTIL = re.compile(r' data-f="(\d+)"'), re.compile(r' data-u="(\d+)"')
FONT = "DejaVu Sans,Verdana,Arial,Noto Sans CJK SC,PingFang SC,Microsoft YaHei,sans-serif"
OUTLINE = re.compile(r' stroke(-width)?="[^"]*"')
STYLE = re.compile(r' (?:fill|stroke|stroke-width)="[^"]*"')
BEFORE = {"flow": f' fill="none" stroke="{FAINT}"', "back": f' fill="{PALE}"'}      # until a gradient arrives
NOW = "#b45309"             # around the cards of a step, as on the page
LINE, BELOW = 20.0, 16      # points of a line of the sentence, and its font
MOST_LINES = 4


class Frames(Sequence[str]):
    """The pictures of all steps, as the texts of SVG files."""

    def __init__(self, pictures: Sequence[str]) -> None:
        self._pictures = tuple(pictures)

    def __len__(self) -> int:
        return len(self._pictures)

    def __iter__(self) -> Iterator[str]:
        return iter(self._pictures)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[str, ...]: ...

    def __getitem__(self, index: int | slice) -> str | tuple[str, ...]:
        return self._pictures[index]

    def __repr__(self) -> str:
        return f"Frames({len(self)} pictures; frames.save('folder') writes them as SVG files)"

    def save(self, folder: str | os.PathLike[str]) -> list[Path]:
        """Write 01.svg, 02.svg, ... into the folder, which is made where it is missing. Returns their paths."""
        target = Path(folder)
        target.mkdir(parents=True, exist_ok=True)
        digits = max(2, len(str(len(self))))
        paths = [target / f"{i:0{digits}}.svg" for i in range(1, len(self) + 1)]
        for path, picture in zip(paths, self, strict=True):
            files.replace(path, picture.encode())
        return paths


def slides(lesson: Lesson, lang: str) -> Frames:
    """The pictures of the steps of the whole graph."""
    drawing, moments = lesson.scenes[0], lesson.moments[0]
    said = sentences(lesson, lang)
    steps = [step for step in moments.steps() if step.at < moments.time.end]
    arrows = moments.view.picture.arrows
    stops: list[tuple[int, tuple[str, ...]]] = [(0, ())]
    stops += [(step.at, (step.card,) if step.card else (arrows[step.arrow].consumer, arrows[step.arrow].operand))
              for step in steps]
    stops.append((moments.time.end, ()))
    return Frames([_slide(drawing, moment, marked, sentence, lang)
                   for (moment, marked), sentence in zip(stops, said, strict=True)])


def _slide(drawing: Scene, moment: int, marked: Sequence[str], sentence: str, lang: str) -> str:
    svg, width, height = drawing.svg, drawing.width, drawing.height
    for key in marked:          # the cards of this step
        begin = svg.index(' class="outline"', svg.index(f'data-k="{key}"'))
        svg = f'{svg[:svg.rindex("<path", 0, begin)]}<path stroke="{NOW}" stroke-width="4.5"' + OUTLINE.sub(
            "", svg[svg.rindex("<path", 0, begin) + 5:begin]) + svg[begin:]
    other = "zh" if lang == "en" else "en"

    def seen(found: re.Match[str]) -> str:
        attributes = found[2]
        since, until = SINCE.search(attributes), UNTIL.search(attributes)
        early = since is not None and moment < int(since[1])
        for name, before in BEFORE.items():         # as the style sheet of the page has it
            if early and f'class="{name}"' in attributes:
                return SINCE.sub("", re.sub(STYLE, "", found[0]).replace("/>", before + "/>"))
        if f'class="{other}"' in attributes or early:
            return ""
        if until and moment >= int(until[1]):
            return ""
        return UNTIL.sub("", SINCE.sub("", found[0]))

    lines = _lines(sentence, max(width - 40, 200) / (BELOW * (1.0 if lang == "zh" else 0.62)))
    tall = height + LINE * MOST_LINES
    body = ELEMENT.sub(seen, svg[svg.index("<g "):svg.rindex("</svg>")])
    texts = "".join(f'<text x="20" y="{height + LINE * i:g}" font-size="{BELOW}" fill="{INK}">{escape(line)}</text>'
                    for i, line in enumerate(lines))
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}pt" height="{tall:g}pt" viewBox="0 0 {width:g} '
            f'{tall:g}" font-family="{FONT}" xml:space="preserve"><rect width="100%" height="100%" fill="white"/>{body}'
            f"{texts}</svg>\n")


def _lines(sentence: str, most: float) -> list[str]:
    """The sentence in lines of so many characters, broken at blanks; Chinese anywhere."""
    lines, line = [], ""
    for word in re.findall(r"[一-鿿，。：？]|[^\s一-鿿，。：？]+\s*|\s+", sentence):
        if line and len(line) + len(word.rstrip()) > most:
            lines.append(line)
            line = ""
        line += word
    return [*lines, line][:MOST_LINES]
