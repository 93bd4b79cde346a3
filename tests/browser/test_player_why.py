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
    shown.script("document.querySelector('#details').scrollIntoView()")
    shown.screenshot(f"player_why_{lang}")
    arrow = shown.script("return JSON.parse(document.querySelector('#lesson').textContent).views[0].arrows"
                         ".findIndex(a => !a[6] && a[3] < 0)")
    shown.script("document.querySelector(`.arrow[data-a='${arguments[0]}']`).focus()", arrow)
    shown.press("Enter")
    assert words.why_upstream.partition("{consumer}")[2] in shown.text("#chosen")
    assert shown.axe() == []


def test_the_order_of_the_terms_is_said(lesson):
    """x * x + x: 1 arrives first, and the card begins with it."""
    x = Value(3.0, label="x")
    shown = lesson(x * x + x)
    rows, said = [], []
    for _ in range(shown.script("return pathgrad.state().of")):
        shown.press("ArrowRight")
        rows.append(shown.script("""return [...document.querySelectorAll(".card[data-k='n1'] text")].filter(
            text => getComputedStyle(text).visibility !== 'hidden').at(-1).textContent"""))
        said.append(shown.text("#say"))
    assert [" ".join(row.split()) for row in rows][-4:] == ["1", "1 + 3 = 4", "1 + 3 + 3 = 7", "1 + 3 + 3 = 7"]
    assert any(text.endswith("The gradient in the card of x: 1.") for text in said)
    assert any(text.endswith("The card of x held 1; with this 3 it holds 1 + 3 = 4.") for text in said)
    assert any(text.endswith("The card of x held 4; with this 3 it holds 1 + 3 + 3 = 7.") for text in said)
    assert WORDS["en"].terms in shown.text("#legend")
    shown.click("#language")
    assert WORDS["zh"].terms in shown.text("#legend")
    shown.script("pathgrad.go(pathgrad.state().at - 1)")
    assert shown.text("#say").endswith("x 的卡片中原有 4，加上这里的 3：1 + 3 + 3 = 7。")
