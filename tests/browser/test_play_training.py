"""``play_training`` in Chromium: the numbers of the record, its sliders and keys, and what axe-core finds."""

import json
import math
import random
import re

import pytest

import nn
from viz import play_training, write
from viz.words.training import WORDS


def ring():
    """Points of a circle and of a ring around it."""
    draw = random.Random(0)
    points, classes = [], []
    for i in range(60):
        angle, radius = draw.uniform(0, 2 * math.pi), draw.uniform(0, 0.45) if i % 2 else draw.uniform(0.7, 1)
        points.append([radius * math.cos(angle), radius * math.sin(angle)])
        classes.append(1 if i % 2 else -1)
    return points, classes


@pytest.fixture(scope="module")
def made():
    """The page of a training, and what it recorded: of three rates, the last of which diverges."""
    player = play_training(nn.MLP(2, [4, 1], "tanh", seed=0), *ring(), steps=40, learning_rates=(0.03, 0.3, 1e200))
    return player, json.loads(re.search('id="recorded">(.*?)</script>', player.html, re.DOTALL)[1])


@pytest.fixture
def training(page, tmp_path, made):
    def open_training(width=1280, height=760):
        return page(write(made[0], tmp_path / "training.html"), width, height)
    return open_training


def told(picture, lang="en"):
    step, loss, right, *_ = picture
    return WORDS[lang].numbers.replace("{loss}", "(.*?)").replace("{step}", str(step)).replace(
        "{right}", str(right)).replace("{all}", "60"), loss


def check(shown, picture, lang="en"):
    text, loss = told(picture, lang)
    found = re.fullmatch(text, shown.text("#say"))
    assert found, (text, shown.text("#say"))
    assert float(found[1]) == pytest.approx(loss, rel=1e-3)


def test_each_step_shows_what_was_recorded(training, made):
    shown, run = training(), made[1]["runs"][1]
    assert shown.text("#rate-shown") == "0.3"
    shown.click("#weights summary")
    for picture in run["pictures"]:
        check(shown, picture)
        rows = shown.script("return [...document.querySelectorAll('#weights tbody tr')].map("
                            "row => [...row.cells].map(cell => cell.textContent))")
        assert [float(row[1]) for row in rows] == picture[4]
        assert [float(row[2]) for row in rows] == picture[5]
        shown.press("ArrowRight")
    assert shown.text("#count") == "40 / 40"
    assert len(shown.all("#network image")) == 5
    assert len(shown.all("#network .edge")) == 12
    assert len(shown.all("#network circle")) == len(shown.all("#network rect.negative")) == 30
    assert shown.errors() == []


def test_the_learning_rate_is_a_slider_at_the_same_step(training, made):
    shown, runs = training(), made[1]["runs"]
    shown.script("const s = document.getElementById('scrub'); s.value = 12; s.dispatchEvent(new Event('input'))")
    check(shown, runs[1]["pictures"][12])
    shown.script("document.getElementById('rate').focus()")
    shown.press("ArrowLeft")
    assert shown.text("#rate-shown") == "0.03"
    check(shown, runs[0]["pictures"][12])
    shown.press("ArrowRight", "ArrowRight")
    assert shown.find("#rate").get_attribute("aria-valuetext") == "1e+200"
    assert shown.text("#problem") == WORDS["en"].diverged
    check(shown, runs[2]["pictures"][-1])
    assert WORDS["en"].ended.format(rate="1e+200", step=len(runs[2]["losses"]) - 1) in shown.find(
        "#losses").get_attribute("aria-label")
    shown.press("ArrowLeft")
    assert shown.text("#problem") == ""


def test_it_plays_and_keys_reach_everything(training):
    shown = training()
    reached = []
    for _ in range(12):
        shown.press("Tab")
        reached.append(shown.script("return document.activeElement.id || document.activeElement.tagName"))
    assert {"language", "rate", "first", "back", "play", "next", "last", "scrub", "speed", "SUMMARY"} <= set(reached)
    shown.script("document.activeElement.blur(); document.getElementById('speed').value = '4'")
    shown.press("Space")
    assert shown.find("#play").get_attribute("aria-label") == "Pause"
    shown.wait(lambda: shown.text("#count") == "40 / 40", 60)
    assert shown.find("#play").get_attribute("aria-label") == "Play"
    shown.press("Home")
    assert shown.text("#count") == "0 / 40"
    shown.press("End", "ArrowLeft")
    assert shown.text("#count") == "39 / 40"


@pytest.mark.parametrize("width", [1280, 360])
def test_readers_are_not_kept_out(training, width, made):
    shown = training(width, 900)
    shown.press("End")
    shown.click("#weights summary")
    for lang, other in (("en", "zh"), ("zh", "en")):
        assert shown.axe() == []
        assert shown.script("return document.documentElement.scrollWidth") == width
        check(shown, made[1]["runs"][1]["pictures"][-1], lang)
        visible = shown.script("return document.body.innerText")
        assert not [word for word in ("heading", "lead", "legend", "keys") if getattr(WORDS[other], word) in visible]
        shown.script("scrollTo(0, 0)")
        shown.screenshot(f"play_training_{width}_{lang}")
        shown.click("#language")


def test_a_notebook_shows_it(page, tmp_path, made):
    (tmp_path / "notebook.html").write_text(
        f"<!doctype html><html lang='en'><meta charset='utf-8'><body>{made[0]._repr_html_()}", "utf-8")
    shown = page(tmp_path / "notebook.html")
    with shown.frame("iframe"):
        shown.click("#last")
        check(shown, made[1]["runs"][1]["pictures"][-1])
        assert shown.script("try { return parent.document.title } catch { return 'closed' }") == "closed"
    assert shown.errors() == []
