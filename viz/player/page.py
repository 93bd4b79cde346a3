"""Pages: a lesson, its pictures, its words and the player's code in one file that fetches nothing."""

import hashlib
import json
from base64 import b64encode
from html import escape
from importlib.resources import files
from string import Template
from typing import NamedTuple

from viz.player.lesson import Lesson
from viz.words.pictures import WORDS as PICTURE_WORDS
from viz.words.player import WORDS


class Player:
    """A page that plays a lesson. A notebook shows it; ``viz.write`` saves it as .html.

    html: the whole page, as text.
    """

    def __init__(self, html: str) -> None:
        self.html = html

    def _repr_html_(self) -> str:
        """The page in a frame of its own, whose script reaches nothing outside it."""
        return (f'<iframe sandbox="allow-scripts" title="pathgrad" width="100%" height="760" style="border:1px solid '
                f'#d4d7df;border-radius:8px" srcdoc="{escape(self.html)}"></iframe>')

    def __repr__(self) -> str:
        return f"Player(html={len(self.html):,} characters; write(player, 'lesson.html') saves it)"


class Assets(NamedTuple):
    """The files of the player that are the same for all lessons."""

    template: str
    script: str
    style: str


def assets() -> Assets:
    """The template, the script and the style sheet, for pages made here or by other tools.

    The script is that of the files of scripts.json, one after the other, as the playground's build makes it, too.
    """
    folder = files("viz.player") / "assets"
    text = {name: (folder / name).read_text(encoding="utf-8") for name in ("page.html", "scripts.json", "player.css")}
    script = "".join((folder / name).read_text(encoding="utf-8") for name in json.loads(text["scripts.json"]))
    return Assets(text["page.html"], script, text["player.css"])


def page(lesson: Lesson, lang: str) -> Player:
    """The page of a lesson, which begins in ``lang``."""
    template, script, style = assets()
    words = {name: some._asdict() | {"forward": PICTURE_WORDS[name].forward, "flow": " ".join((
        PICTURE_WORDS[name].back, PICTURE_WORDS[name].contribution)) + PICTURE_WORDS[name].stop,
        "result": PICTURE_WORDS[name].result, "inputs_layer": PICTURE_WORDS[name].inputs_layer}
        for name, some in WORDS.items()}
    first, *others = [scene.svg for scene in lesson.scenes]
    return Player(Template(template).substitute(
        lang="zh" if lang == "zh" else "en", title=escape(lesson.title), style=style, script=script,
        style_hash=fingerprint(style), script_hash=fingerprint(script), svg=first,
        lesson=inert(lesson.data), words=inert(words),
        views="".join(f'<template id="view{i}">{svg}</template>' for i, svg in enumerate(others, 1))))


def fingerprint(text: str) -> str:
    """What a content security policy knows a script or a style sheet by."""
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def inert(data: object) -> str:
    """Data as text that may stand inside a page: it holds no sign that begins or ends an element."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text
