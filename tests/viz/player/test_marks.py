"""The wrong numbers of a mistake stand inside their cards, where no arrow runs through them."""

import re

import pytest

from viz.mistakes import ENGINES, compare
from viz.player.lesson import lesson
from viz.player.marks import MARK


@pytest.mark.parametrize("rankdir", ["TB", "LR"])
@pytest.mark.parametrize("name", ENGINES)
def test_a_wrong_number_is_inside_its_card(name, rankdir):
    """It stood below the card, where in a tall picture the heads of arrows arrive."""
    root = ENGINES[name].example()
    [made] = lesson(root, mistake=name, rankdir=rankdir).scenes
    down = float(re.search(r"translate\([-0-9.]+ ([-0-9.]+)\)", made.svg)[1])
    found = 0
    for card in re.findall(r'<g class="card".*?</g>', made.svg, re.DOTALL):
        _, top, _, bottom = map(float, re.search('data-b="([^"]*)"', card)[1].split())
        for y in re.findall(rf'<text [^>]*? y="([-0-9.]+)"[^>]* font-size="{MARK}"', card):
            assert top < float(y) + down - 11       # the height of a digit
            assert float(y) + down < bottom
            found += 1
    wrong = compare(root, name)
    assert found == sum(map(wrong.differs, wrong.right)) > 0


def test_a_wrong_number_is_seen_when_the_gradient_is_complete():
    made = lesson(ENGINES["assign"].example(), mistake="assign")
    [mark] = re.findall(r'<text [^>]*data-f="(\d+)"[^>]*>✗', made.scenes[0].svg)
    [b] = [node for node in made.data["nodes"] if node["n"] == "b"]
    assert int(mark) == b["c"]
