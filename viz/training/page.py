"""The page of a training: what was recorded, its words, and the code that shows it, in one file."""

from collections.abc import Sequence
from html import escape
from importlib.resources import files
from string import Template

from viz.player.page import Player, assets, fingerprint, inert
from viz.text import clean
from viz.training.recording import Data, Recorder, Run
from viz.words.player import WORDS as PLAYER_WORDS
from viz.words.training import WORDS

SHARED = ("language", "controls", "first", "back", "play", "pause", "next", "last", "position", "place", "speed")


def page(data: Data, recorder: Recorder, runs: Sequence[Run], lang: str) -> Player:
    """The page, which begins in ``lang``."""
    folder = files("viz.training") / "assets"
    template, network, script, look, style = ((folder / name).read_text(encoding="utf-8") for name in (
        "page.html", "network.js", "training.js", "network.css", "training.css"))
    script, style = network + script, assets().style + look + style
    words = {name: {key: getattr(PLAYER_WORDS[name], key) for key in SHARED} | some._asdict()
             for name, some in WORDS.items()}
    recorded = {
        "inputs": [clean(name, 20) for name in data.names], "limits": data.limits,
        "points": [[*point, 1 if upper else -1] for point, upper in zip(data.points, data.upper, strict=True)],
        "layers": [shape._asdict() for shape in recorder.layers],
        "names": [clean(parameter.label or name, 60) for name, parameter in recorder.model.named_parameters()],
        "runs": [{"rate": run.rate, "losses": _short(run.losses), "diverged": run.diverged, "pictures": [
            [step, _short([loss])[0], right, tiles, _short(weights), _short(gradients)]
            for step, loss, right, tiles, weights, gradients in run.pictures]} for run in runs]}
    return Player(Template(template).substitute(
        lang=lang, title=escape(WORDS[lang].heading), style=style, script=script, style_hash=fingerprint(style),
        script_hash=fingerprint(script), recorded=inert(recorded), words=inert(words)))


def _short(numbers: Sequence[float]) -> list[float]:
    """With six digits: a page that is twice as long would say no more."""
    return [float(f"{x:.6g}") for x in numbers]
