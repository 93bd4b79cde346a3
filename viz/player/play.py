"""``play`` and ``frames``: check what is given, make the lesson, and hand it to the page or to numbered pictures."""

from collections.abc import Iterable, Mapping
from typing import Any

from autograd import Value, variable_names
from viz.graph.collapse import MODES
from viz.player.lesson import Lesson, lesson
from viz.player.page import Player, page
from viz.player.slides import Frames, slides
from viz.words.pictures import WORDS


def play(root: Value, *, lang: str = "en", rankdir: str = "auto", collapse: bool | str = "auto",
         groups: Mapping[str, Iterable[Value]] | None = None, weights: Iterable[Value] = (), labels: bool = True,
         mistake: str | None = None) -> Player:
    """The picture of ``draw_dot`` with time in it: one page that needs no network, no server and no other file.

    Forward, value by value; then backward, arrow by arrow: upstream × local = contribution, and the sum in each card
    as it grows. A reader steps, plays, is asked for the next number first, chooses a card to see its paths, and
    switches between English and Chinese. A notebook shows the page; ``viz.write(play(e), "lesson.html")`` saves it.

    root: the result whose gradients are shown; ``backward`` need not have been called, and nothing is written to
        ``grad``. After ``root.backward(seed)`` the gradients are those of that seed.
    lang: "en" or "zh", in which the page begins.
    rankdir, groups, weights, labels: as of `draw_dot`.
    collapse: "auto" folds a graph of more than 100 cards (60 of a network) by layer or frame, or else into parts of
        about 60 operations; a fold opens by a click. False draws all cards at once, True folds smaller graphs, too;
        "layer" and "neuron" fold by these.
    mistake: the name of one of `viz.mistakes.ENGINES`. Beside each gradient stands, in red, what that wrong engine
        gives, and the arrow that went wrong is marked.

    Values made inside `autograd.anomaly` show the line of your code that made them (`autograd.source_line`).

    >>> a, b = Value(2.0, label="a"), Value(1.0, label="b")
    >>> play((a + b) * (b + 1)).html.startswith("<!doctype html>")
    True
    """
    names = variable_names() if labels else {}
    return page(_lesson("play", root, lang=lang, rankdir=rankdir, collapse=collapse, groups=groups, weights=weights,
                        names=names, mistake=mistake), lang)


def frames(root: Value, *, lang: str = "en", rankdir: str = "auto",
           groups: Mapping[str, Iterable[Value]] | None = None, weights: Iterable[Value] = (),
           collapse: bool | str = "auto", labels: bool = True) -> Frames:
    """The steps of `play` as pictures for slides: a sequence of SVGs, each with its sentence below.

    All have one size, and nothing moves from one to the next. ``frames(e).save("slides")`` writes 01.svg, 02.svg, ...
    The other arguments are those of `play`; of a folded graph the frames show the whole, with its folds closed.

    >>> a, b = Value(2.0, label="a"), Value(1.0, label="b")
    >>> len(frames((a + b) * (b + 1)))
    11
    """
    names = variable_names() if labels else {}
    made = _lesson("frames", root, lang=lang, rankdir=rankdir, collapse=collapse, groups=groups, weights=weights,
                   names=names)
    return slides(made, lang)


def _lesson(function: str, root: Value, *, lang: str, rankdir: str, collapse: bool | str, **options: Any) -> Lesson:
    if not isinstance(root, Value):
        raise TypeError(f"{function} plays the graph of one Value, not {type(root).__name__}")
    if rankdir not in ("auto", *WORDS["en"].forward):
        raise ValueError(f"rankdir: expected 'auto', 'LR', 'RL', 'TB' or 'BT', not {rankdir!r}")
    if lang not in WORDS:
        raise ValueError(f"lang: expected 'en' or 'zh', not {lang!r}")
    if not (isinstance(collapse, bool) or collapse in ("auto", *MODES)):
        raise ValueError(f"collapse: expected 'auto', 'neuron', 'layer', True or False, not {collapse!r}")
    return lesson(root, lang=lang, rankdir=rankdir, collapse=collapse, **options)
