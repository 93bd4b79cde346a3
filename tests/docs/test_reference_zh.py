"""The reference in Chinese: an introduction for each page, and a line for each public name."""

import re
import runpy
import sys
import tomllib
from pathlib import Path

import pytest

SITE = Path(__file__).parents[2] / "docs" / "site"
WORDS = tomllib.loads((SITE / "reference.zh.toml").read_text("utf-8"))
HAN = re.compile("[\u4e00-\u9fff]")


@pytest.fixture
def site(monkeypatch):
    """The names of reference.py and of reference_zh.py."""
    monkeypatch.syspath_prepend(str(SITE))
    yield {name: found for module in ("reference", "reference_zh")
           for name, found in runpy.run_path(str(SITE / f"{module}.py")).items()}
    for module in ("reference", "reference_zh"):
        sys.modules.pop(module, None)


def test_every_page_and_every_public_name_has_its_chinese_words_and_no_other_has(site):
    pages = site["pages"]()
    assert WORDS["pages"].keys() == pages.keys()
    assert WORDS["names"].keys() == set(site["public_names"]())
    between = {site["key"](block) for text in pages.values() for block in site["parts"](text)[1]
               if site["prose"](block)}
    assert WORDS["texts"].keys() == between | {"More"}     # of names that no page places


def test_all_of_it_is_chinese():
    words = [*WORDS["texts"].values(), *WORDS["names"].values(), *(page["intro"] for page in WORDS["pages"].values())]
    for text in words:
        assert HAN.search(text), text
        assert not re.search(f"{HAN.pattern}[,;:?!]|[,;!] ?{HAN.pattern}", re.sub("`.*?`", "", text)), text
    assert not [text for text in WORDS["names"].values() if "\n" in text or not text.endswith("。")]


def test_a_page_in_chinese_has_the_sections_code_and_anchors_of_the_english_one(site):
    for name, text in site["pages"]().items():
        chinese = site["page"](name, text)
        assert site["placed"](chinese) == site["placed"](text)
        assert re.findall(r"^```.*?^```$", chinese, re.M | re.S) == re.findall(r"^```.*?^```$", text, re.M | re.S)
        anchors = [re.sub(r"\W+", "-", heading.lower()) for heading in re.findall("^## (.+)$", text, re.M)]
        assert re.findall("^## .* { #(.+) }$", chinese, re.M) == anchors
        for target in site["placed"](text):
            assert f"][{target}] | {WORDS['names'][target]} |" in chinese
        links = [set(re.findall(r"\]\((\w+\.md)\)", "\n\n".join(site["parts"](page)[0]))) for page in (text, chinese)]
        assert links[0] <= links[1], name
