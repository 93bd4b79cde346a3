"""The size of the player's picture: buttons and keys that change it, and large ones, which stay quick."""

import pytest

import nn
from tests.viz.player.test_folding import chain
from tests.viz.player.test_lesson import expression
from viz import play, write
from viz.words.player import WORDS


@pytest.fixture
def lesson(page, tmp_path):
    """``lesson(root, **options)`` opens its page."""
    def open_lesson(root, width=1280, height=860, **options):
        return page(write(play(root, labels=False, **options), tmp_path / "lesson.html"), width, height)
    return open_lesson


def loss():
    """Of a network whose picture is wider than a screen."""
    return nn.mse_loss([nn.MLP(2, [3, 1], seed=0)([0.5, -1.0])], [1.0])


def size(shown):
    """The width and height of the picture, and of the frame that it is seen in."""
    return shown.script("""
        const box = document.querySelector('#picture'), svg = box.querySelector('svg').getBoundingClientRect();
        return [svg.width, svg.height, box.clientWidth, box.clientHeight]""")


def whole(shown):
    width, height, room, tall = size(shown)
    return width <= room + 1 and height <= tall + 1


@pytest.mark.parametrize("width", [1280, 360])
def test_the_whole_picture_is_one_click_away(lesson, width):
    shown = lesson(loss(), width=width)
    before = size(shown)
    assert not whole(shown)
    shown.click("#whole")
    assert whole(shown)
    assert shown.find("#whole").get_attribute("aria-pressed") == "true"
    shown.script("pathgrad.go(20)")
    assert whole(shown)
    assert shown.axe() == []
    shown.screenshot(f"player_whole_{width}")
    shown.click("#whole")
    assert size(shown)[:2] == before[:2]
    assert shown.script("return document.documentElement.scrollWidth") == width


def test_buttons_and_keys_change_the_size_around_the_middle(lesson):
    shown = lesson(loss())
    middle = """const box = document.querySelector('#picture'), svg = box.querySelector('svg').getBoundingClientRect();
        return (box.scrollLeft + box.clientWidth / 2) / svg.width"""
    shown.script("document.querySelector('#picture').scrollLeft = 400")
    width, at = size(shown)[0], shown.script(middle)
    shown.click("#larger")
    assert size(shown)[0] == pytest.approx(1.25 * width, rel=0.01)
    assert shown.script(middle) == pytest.approx(at, abs=0.01)
    shown.click("#smaller")
    assert size(shown)[0] == pytest.approx(width, rel=0.01)
    shown.script("document.querySelector('#picture').focus()")
    shown.press("+", "+", "-")
    assert size(shown)[0] == pytest.approx(1.25 * width, rel=0.01)
    shown.press("0")
    assert whole(shown)
    shown.press("0", "ArrowRight")
    assert shown.script("return pathgrad.state().at") == 1


def test_keys_that_are_letters_work_on_the_picture_alone(lesson):
    """A single character is no shortcut elsewhere: speech input would press it by chance."""
    shown = lesson(expression())
    before = size(shown)
    shown.script("document.querySelector('#next').focus()")
    shown.press("+", "0")
    assert size(shown) == before
    shown.script("document.querySelector('.card').focus()")
    shown.press("+")
    assert size(shown)[0] > before[0]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_buttons_have_names(lesson, lang):
    shown, words = lesson(expression(), lang=lang), WORDS[lang]
    assert [shown.find(f"#{id}").accessible_name for id in ("smaller", "larger", "whole")] == [
        words.smaller, words.larger, words.whole_picture]


def test_it_stays_between_bounds_and_is_kept_when_the_window_changes(lesson):
    shown = lesson(loss())
    for _ in range(20):
        shown.click("#smaller")
    small = size(shown)[0]
    assert small > 100
    shown.resize(900, 700)
    shown.wait(lambda: size(shown)[2] < 900)
    assert size(shown)[0] == small
    for _ in range(30):
        shown.click("#larger")
    assert size(shown)[0] < 50 * small


SCRUB = """
    const done = arguments[0], scrub = document.querySelector('#scrub'), most = Number(scrub.max), n = 60;
    let i = 0; const begin = performance.now();
    const frame = () => {
        if (i === n) { done(n / (performance.now() - begin) * 1000); return; }
        scrub.value = Math.round(most * (0.5 - 0.5 * Math.cos(6.283 * i / n)));
        scrub.dispatchEvent(new Event('input')); i += 1; requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);"""


def busy(shown):
    """Seconds for which the page's main thread has worked."""
    shown.driver.execute_cdp_cmd("Performance.enable", {})
    found = shown.driver.execute_cdp_cmd("Performance.getMetrics", {})["metrics"]
    return next(one["value"] for one in found if one["name"] == "TaskDuration")


@pytest.mark.parametrize(("graph", "options", "opens"), [
    ("chain", {}, False), ("chain", {}, True), ("chain", {"collapse": False}, False),
    ("wide", {"collapse": False}, False)])
def test_large_graphs_are_scrubbed(lesson, graph, options, opens):
    """Prints frames a second: 2,000 nodes as a whole, an open part of them, all cards at once; and a network of 370
    nodes, all at once, in which each arrow is as long as the picture."""
    wide = nn.MLP(4, [16, 16, 12, 1], seed=0)
    shown = lesson(chain(2000) if graph == "chain" else nn.mse_loss([wide([0.1, 0.2, 0.3, 0.4])], [1.0]), **options)
    if opens:
        shown.press("Enter", on=".card.folded")
    before = busy(shown)
    rate = shown.driver.execute_async_script(SCRUB)
    took = (busy(shown) - before) / 60
    print(f"{graph} {options}: {rate:.0f} frames a second (goal 30), {1000 * took:.0f} ms of work in each")
    assert rate >= 1      # of a very busy machine; a new layout at each step would take longer
    assert took < 0.3


def test_an_arrow_that_is_too_long_for_a_broad_line_has_one_where_it_is_marked(lesson):
    wide = nn.MLP(4, [16, 16, 12, 1], seed=0)
    shown = lesson(nn.mse_loss([wide([0.1, 0.2, 0.3, 0.4])], [1.0]), collapse=False)
    steps = shown.script("return JSON.parse(document.querySelector('#lesson').textContent).views[0].steps")
    at = next(i for i, (_, kind, arrow) in enumerate(steps, 1) if kind == "arrow" and arrow > 400)
    shown.script("pathgrad.go(arguments[0])", at)
    # the picture scrolls to it, and shows what is in sight in its next frame
    shown.wait(lambda: shown.script("return document.querySelectorAll('.arrow.now .hit').length") == 1)
