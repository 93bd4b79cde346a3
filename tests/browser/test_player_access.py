"""The player for those who hear it or use keys: what each card and arrow is called, and what axe-core finds."""

import re

import pytest

import nn
from tests.viz.player.test_lesson import expression, large
from viz import play, write


@pytest.fixture
def lesson(page, tmp_path):
    """``lesson(root, **options)`` opens its page."""
    def open_lesson(root, width=1280, height=860, **options):
        return page(write(play(root, labels=False, **options), tmp_path / "lesson.html"), width, height)
    return open_lesson


def name(shown, css):
    """What a screen reader says of an element, as Chromium computes it."""
    return " ".join(shown.find(css).accessible_name.split())


def loss():
    """Of a network whose picture is wider than a screen."""
    return nn.mse_loss([nn.MLP(2, [3, 1], seed=0)([0.5, -1.0])], [1.0])


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing_where_cards_are_half_scrolled_out(lesson, lang, width):
    shown = lesson(loss(), lang=lang, width=width)
    places = set()
    for at in (*range(20, 37, 4), 40):
        shown.script("pathgrad.go(arguments[0])", at)
        places.add(shown.script("return document.querySelector('#picture').scrollLeft"))
        assert shown.axe() == [], at
    assert len(places) > 1


def test_each_step_is_said(lesson):
    shown = lesson(expression())
    assert shown.find("#say").get_attribute("aria-live") == "polite"
    assert shown.find("#told").get_attribute("aria-live") == "assertive"
    assert name(shown, '.card[data-k="n3"]') == "c = a + b value ? de/dc —"
    shown.press("ArrowRight")
    assert name(shown, '.card[data-k="n3"]') == "c = a + b value 3 de/dc —"
    shown.click("#language")
    assert shown.script("return document.documentElement.lang") == "zh-Hans"
    assert name(shown, '.card[data-k="n2"]') == "b 输入 值 1 de/db —"


def test_an_arrow_says_where_it_leads(lesson):
    shown = lesson(expression())
    assert name(shown, '.arrow[data-a="0"]') == "arrow from c back to a"
    shown.press("End")
    assert name(shown, '.arrow[data-a="0"]') == "arrow from c back to a ∂c/∂a = 1 2 × 1 = 2"
    shown.click("#language")
    assert name(shown, '.arrow[data-a="0"]') == "从 c 到 a 的箭头 ∂c/∂a = 1 2 × 1 = 2"


def test_a_fold_says_that_it_opens(lesson):
    shown = lesson(large())
    assert re.fullmatch("layers.0 8 .* Open layers.0", name(shown, ".card.folded"))
    shown.click("#language")
    assert re.fullmatch("layers.0 8 .* 打开 layers.0", name(shown, ".card.folded"))
