"""The player in a real browser: every step of five graphs in both languages has the engine's numbers."""

import re

import pytest

import nn
from autograd import Value, topological_order
from tests.viz.player.test_lesson import expression, network, neuron, square
from viz import play, write
from viz.text import number
from viz.words.player import WORDS


def folded():
    """A network of 300 cards."""
    model = nn.MLP(4, [10, 10, 4, 1], seed=0)
    return (model([Value(0.1 * i, label=f"x{i}") for i in range(4)]) - 1)**2


GRAPHS = {"expression": expression, "neuron": neuron, "network": network, "square": square, "folded": folded}


@pytest.fixture
def lesson(page, tmp_path):
    """``lesson(root, **options)`` opens its page."""
    def open_lesson(root, width=1280, height=860, **options):
        return page(write(play(root, labels=False, **options), tmp_path / "lesson.html"), width, height)
    return open_lesson


def seen(shown):
    """The texts in the picture that a reader sees."""
    return shown.script("""
        return [...document.querySelectorAll('#picture text')].filter(text => {
            const style = getComputedStyle(text);
            return style.visibility !== 'hidden' && style.display !== 'none'; }).map(text => text.textContent)""")


def card(shown, key):
    """What a reader sees on one card."""
    return shown.script("""
        return [...document.querySelectorAll(`.card[data-k="${arguments[0]}"] text`)].filter(text => {
            const style = getComputedStyle(text);
            return style.visibility !== 'hidden' && style.display !== 'none'; })
            .map(text => text.textContent.replaceAll('\\u00a0', ' ').trim())""", key)


def position(shown):
    return shown.script("return pathgrad.state().at")


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", GRAPHS)
def test_every_step_has_the_engines_numbers(lesson, name, lang):
    root = GRAPHS[name]()
    shown = lesson(root, lang=lang)
    order = topological_order(root)
    root.backward()
    words = WORDS[lang]
    told = [shown.text("#say")]
    last = shown.script("return pathgrad.state().of")
    for _ in range(last):
        shown.press("ArrowRight")
        told.append(shown.text("#say"))
    assert position(shown) == last
    assert told[0] == words.start
    assert told[-1] == words.finished
    assert all(told)
    assert len(set(told)) > 0.8 * len(told)
    assert len(order) > 280 or name != "folded"
    drawn = shown.script("return JSON.parse(document.querySelector('#lesson').textContent)")
    cards = drawn["views"][0]["cards"]
    for key, node in cards.items():
        if isinstance(node, str):
            continue
        texts = card(shown, key)
        assert texts[0] == drawn["nodes"][node]["n"]
        assert texts[3] == number(order[node].data)
        assert texts[-1].endswith(number(order[node].grad))
        if name != "folded" and order[node].op is not None:
            assert any(sentence.endswith(f"= {number(order[node].data)}" + (". " if lang == "en" else "。").strip())
                       for sentence in told)
    for consumer, operand, _, partial, contribution, _, moment in drawn["arrows"] if name != "folded" else ():
        if contribution is not None:
            node, arg = order[consumer], order[operand]
            assert arg in [value for value in node.args if value is arg]
            assert number(contribution) in told[moment]
            assert number(partial).lstrip("−") in told[moment]
    for _ in range(last):
        shown.press("ArrowLeft")
    assert shown.text("#say") == words.start
    assert shown.errors() == []


def test_the_sum_grows(lesson):
    shown = lesson(expression())
    rows = []
    for _ in range(10):
        shown.press("ArrowRight")
        rows.append(card(shown, "n2")[-1])
    assert rows == ["—"] * 7 + ["2", "2 + 3 = 5", "2 + 3 = 5"]
    assert shown.text("#say") == WORDS["en"].finished
    shown.screenshot("player_end")
    shown.press("ArrowLeft")
    shown.screenshot("player_sum")
    assert "2 + 3 = 5" in shown.text("#say")
    shown.press("ArrowLeft")
    assert card(shown, "n2")[-1] == "2"


def test_going_to_a_moment_and_stepping_there_show_the_same(lesson):
    shown = lesson(network())
    stepped = []
    for _ in range(shown.script("return pathgrad.state().of") + 1):
        stepped.append((shown.text("#say"), seen(shown)))
        shown.press("ArrowRight")
    for at in (0, 40, 3, 17, 16, 41, 1):
        shown.script("const s = document.querySelector('#scrub'); s.value = arguments[0];"
                     "s.dispatchEvent(new Event('input'))", at)
        assert (shown.text("#say"), seen(shown)) == stepped[at]


def test_a_prediction_is_asked_checked_and_explained(lesson):
    shown = lesson(expression())
    words = WORDS["en"]
    shown.click("#predict")

    def answer(text):
        shown.wait("#ask")
        shown.press(*text, "Enter", on="#answer")
        return shown.text("#told")

    shown.click("#next")
    assert shown.text("#question") == "What is c = a + b, here 2 + 1?"
    assert position(shown) == 0
    assert answer("x") == words.no_number
    assert position(shown) == 0
    shown.script("document.querySelector('#answer').value = ''")
    assert answer("3.0") == words.right
    assert "2 + 1 = 3" in shown.text("#say")
    shown.press("ArrowRight")
    assert answer("7") == words.wrong.format(answer="2")
    assert position(shown) == 2
    shown.press("ArrowRight")
    shown.click("#reveal")
    assert position(shown) == 3
    shown.press("ArrowRight", "ArrowRight")     # the seed is not asked
    assert answer("4/2") == words.right
    shown.press("ArrowRight")
    assert answer("2") == words.wrong.format(answer="3")
    shown.press("ArrowRight")
    assert answer("1") == words.wrong_local.format(given="1", answer="2")
    shown.press("ArrowRight")
    assert answer("2") == words.right
    shown.press("ArrowRight")
    assert shown.text("#question").startswith("The card of b holds 2.")
    shown.screenshot("player_question")
    assert answer("3") == words.wrong_replaced.format(given="3", before="2", answer="5")
    assert "2 + 3 = 5" in shown.text("#say")
    shown.screenshot("player_wrong")
    assert shown.axe() == []


def test_answers_to_the_five_questions_are_found(lesson):
    shown = lesson(expression())
    for lang in ("en", "zh"):
        texts = {id: shown.text(f"#answer-{id}") for id in ("arrow", "card", "sum", "order", "zero")}
        words = WORDS[lang]
        assert texts["arrow"].startswith(words.a_arrow.format(root="e"))
        assert texts["card"] == words.a_card.format(root="e")
        assert texts["sum"] == words.a_sum.format(count=2, name="b", root="e", terms="2 + 3", sum="5")
        assert texts["order"] == words.a_order
        assert texts["zero"].startswith(words.a_zero)
        asked = [element.text for element in shown.all("#five dt")]
        assert asked[2] == words.q_sum.format(sum="5")
        shown.click("#language")


def test_playing_and_its_speed(lesson):
    shown = lesson(expression())
    shown.script("const s = document.querySelector('#speed'); s.value = '16'")
    shown.press("Space")
    shown.wait(lambda: position(shown) == 10, 30)
    assert shown.script("return document.querySelector('#play').getAttribute('aria-label')") == "Play"
    shown.click("#play")        # from the start again
    shown.wait(lambda: 0 < position(shown) < 10)
    shown.click("#play")
    at = position(shown)
    shown.wait(lambda: True)
    assert position(shown) == at or at == 10


def test_javascript_rounds_as_python_does(lesson):
    shown = lesson(expression())
    some = [1.0625, 0.125, 2.5, -1.5, 1e-5, 12345.67, 999949.99, 999950.5, 1e6, 123456789.0, 0.0001, 0.00009999, 1 / 3,
            9999.5, 99995.0, 0.99995, 5e-324, 1.7e308, 17 / 16, 1.00025, 1.00035, 100.25, 0.0, 2**-20, 1e100, 1234.5]
    assert [shown.script("return pathgrad.number(arguments[0])", x) for x in some] == [number(x) for x in some]
    assert [shown.script("return pathgrad.number(-arguments[0])", x) for x in some] == [number(-x) for x in some]
    assert re.fullmatch(r"[^-]*", shown.script("return pathgrad.total([2, -3, 0.5])"))
