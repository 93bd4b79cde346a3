"""The playground in Chromium: what is typed is run, drawn, shared and saved, in both languages, by keyboard too."""

import json
import time
from base64 import urlsafe_b64encode
from statistics import median

import pytest

from tests.support.playground_page import FOLDER, Playground

EXAMPLES = json.loads((FOLDER / "page" / "examples.json").read_text("utf-8"))
WORDS = json.loads((FOLDER / "page" / "words.json").read_text("utf-8"))
PRODUCT = "from autograd import Value\na, b = Value(2.0, label='a'), Value(1.0, label='b')\n(a + b) * (b + 1)"


def address(program, lang="en"):
    return f"#py={urlsafe_b64encode(program.encode()).decode().rstrip('=')}&lang={lang}"


def test_the_first_result_is_there_soon_and_the_next_at_once(page, serve, playground_folder):
    """Prints the seconds, which are for a free machine; the bounds are what a very busy one needs."""
    start = time.perf_counter()
    opened = Playground(page(serve(playground_folder)))
    opened.page.wait("#player", 120)        # the first example, which is the page's own
    first = time.perf_counter() - start
    assert opened.numbers()["b"] == ("1.0", "5.0")
    later = [opened.run(PRODUCT.replace("2.0", str(i))) for i in range(10)]
    print(f"first result after {first:.1f} s (goal 15), others after {median(later):.2f} s (goal 0.3)")
    assert median(later) < 0.5 * first, later
    assert opened.numbers()["a"] == ("9", "2.0") or opened.numbers()["a"] == ("9.0", "2.0")
    assert opened.page.errors() == []


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_example_runs_in_both_languages(playground, lang):
    opened = playground()
    opened.page.click(f"[data-lang={lang}]")
    opened.settle()
    for i, example in enumerate(EXAMPLES):
        opened.page.find(f"#examples option[value='{i}']").click()
        opened.settle()
        assert opened.problem() == "", example
        assert opened.page.text(f"#examples option[value='{i}']") == example["title"][lang]
        with opened.page.frame("#player") as player:
            assert player.text("#title")
            player.press("End", on="#title")
        opened.page.screenshot(f"playground_example{i + 1}_{lang}")
    assert opened.page.errors() == []


@pytest.mark.parametrize("width", [1280, 360])
def test_no_violation_and_nothing_beside_the_page(playground, width):
    opened = playground(width=width, height=900)
    opened.page.click("#numbers summary")
    for lang, other in (("en", "zh"), ("zh", "en")):
        opened.page.click(f"[data-lang={lang}]")
        opened.settle()
        opened.run("\n".join(EXAMPLES[0]["program"]))
        assert opened.page.axe() == []
        assert opened.page.script("return document.documentElement.scrollWidth") == width
        opened.page.script("scrollTo(0, 0)")
        opened.page.screenshot(f"playground_{width}_{lang}")
        opened.run("from autograd import Value\nx = Value(1.0\nx * x")
        assert opened.page.axe() == []
        opened.page.script("scrollTo(0, 300)")
        opened.page.screenshot(f"playground_{width}_{lang}_error")
        assert opened.page.script("return document.documentElement.lang") == lang
        visible = opened.page.script("return document.body.innerText")
        assert not [word for word in ("run", "stop", "share", "rule", "privacy", "earlier")
                    if WORDS[other][word] in visible]


def test_the_keyboard_alone_reaches_everything(playground):
    opened = playground()
    reached = []
    for _ in range(60):
        opened.page.press("Tab")
        element = opened.page.focused()
        name = element.get_attribute("id") or element.get_attribute("data-lang") or element.tag_name
        if name not in reached[-1:]:        # inside the player many Tabs lead from part to part
            reached.append(name)
        if name == "summary":
            break
    assert reached == ["en", "zh", "examples", "code", "run", "share", "player", "save-python", "save-html", "save-svg",
                       "summary"]       # and Stop, while a program runs
    opened.page.find("#code").clear()
    opened.page.press(*"x = 1", "Enter", *"for i in range(3):", "Enter", *"x *= 2", "Control+Enter", on="#code")
    opened.settle()
    assert opened.page.find("#code").get_property("value") == "x = 1\nfor i in range(3):\n    x *= 2"
    assert opened.problem() == WORDS["en"]["nothing"]


def test_the_steps_are_the_players(playground):
    opened = playground()
    with opened.page.frame("#player") as player:
        assert player.text("#title") == "e = (a + b) × (b + 1)"
        assert player.text("#count") == "0 / 10"
        for _ in range(10):
            player.click("#next")
        assert player.text("#count") == "10 / 10"
        drawn = player.script("return document.querySelector('#picture').textContent.replace(/\\s+/g, '')")
        assert "2+3=5" in drawn
    assert opened.page.errors() == []


def test_a_link_has_the_program_and_waits_for_a_click(playground):
    program = "from autograd import Value\n梯度 = Value(3.0, label='梯度')\n梯度 ** 2      # ?>~ü𝛁"
    opened = playground()
    opened.write(program)
    opened.page.click("[data-lang=zh]")
    opened.page.click("#share")
    link = opened.page.script("return location.hash")
    assert link == address(program, "zh")
    opened = playground(link)
    assert opened.page.find("#code").get_property("value") == program
    assert opened.page.text("#from-link") == WORDS["zh"]["fromLink"]
    time.sleep(0.5)
    assert not opened.page.find("#player").is_displayed()       # nothing runs by itself
    opened.page.screenshot("playground_link")
    opened.page.click("#run")
    opened.settle()
    assert opened.numbers()["梯度"] == ("3.0", "6.0")
    assert not opened.page.find("#from-link").is_displayed()


def test_a_program_that_is_too_long_for_a_link_is_told(playground):
    opened = playground()
    opened.write("#" * 8001)
    opened.page.click("#share")
    assert "more than 8000 characters" in opened.status()


def test_what_is_saved(playground, page, tmp_path):
    opened = playground()
    driver = opened.page.driver
    driver.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(tmp_path)})
    for name in ("python", "svg", "html"):
        opened.page.click(f"#save-{name}")
    opened.page.wait(lambda: {"program.py", "gradient.svg", "gradient.html"} <= {p.name for p in tmp_path.iterdir()})
    assert (tmp_path / "program.py").read_text("utf-8") == "\n".join(EXAMPLES[0]["program"])
    assert (tmp_path / "gradient.svg").read_text("utf-8").startswith("<?xml")
    saved = page(tmp_path / "gradient.html")
    assert saved.text("#title") == "e = (a + b) × (b + 1)"
    saved.click("#next")
    assert saved.text("#count") == "1 / 10"
    assert saved.errors() == []
    drawn = page(tmp_path / "gradient.svg")
    assert "contribution" in drawn.script("return document.documentElement.textContent")
