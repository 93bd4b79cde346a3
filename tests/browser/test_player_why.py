"""What the player explains: why no gradient flows, and in which order the terms of a sum arrive."""

import pytest

import autograd as ag
from autograd import Value
from viz import play, write
from viz.words.player import WORDS


@pytest.fixture
def lesson(page, tmp_path):
    """``lesson(root, **options)`` opens its page."""
    def open_lesson(root, width=1280, height=860, **options):
        return page(write(play(root, **options), tmp_path / "lesson.html"), width, height)
    return open_lesson


def dead():
    """A dead relu, the branch that where did not take, a floor, and a relu behind which nothing arrives."""
    x, y = Value(-3.0, label="x"), Value(2.0, label="y")
    r, w, s = x.relu(), ag.where(x > 0, x * 2, y), y // 2
    r.label, w.label, s.label = "r", "w", "s"
    return r + w + s


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_why_no_gradient_flows_is_told(lesson, lang):
    shown, words = lesson(dead(), lang=lang), WORDS[lang]
    relu = words.why_upto.format(op="relu", bound="0", operand="x", value="−3")
    floor = words.why_steps.format(op="//", operand="y")
    said = []
    for _ in range(shown.script("return pathgrad.state().of")):
        shown.press("ArrowRight")
        said.append(shown.text("#say"))
    for told in (relu, floor):
        assert any(sentence.endswith(told) for sentence in said), (told, said)
    assert any(words.why_chosen.partition("{other}")[0].format(op="where") in sentence for sentence in said)
    shown.script("document.querySelector(`.card[data-k='n1']`).focus()")
    shown.press("Enter")
    assert words.no_path.partition("{root}")[2] in shown.text("#chosen")
    assert relu in shown.text("#chosen")
    shown.screenshot(f"player_why_{lang}")
    arrow = shown.script("return JSON.parse(document.querySelector('#lesson').textContent).views[0].arrows"
                         ".findIndex(a => !a[6] && a[3] < 0)")
    shown.script("document.querySelector(`.arrow[data-a='${arguments[0]}']`).focus()", arrow)
    shown.press("Enter")
    assert words.why_upstream.partition("{consumer}")[2] in shown.text("#chosen")
    assert shown.axe() == []
