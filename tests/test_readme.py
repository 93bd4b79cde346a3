"""README.md and README.zh-CN.md: the same code, headings, links and pictures, in two languages."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ENGLISH, CHINESE = ((ROOT / name).read_text("utf-8") for name in ("README.md", "README.zh-CN.md"))
HAN = re.compile("[\u4e00-\u9fff]")


def blocks(text):
    return re.findall(r"^```.*?^```$", text, re.MULTILINE | re.DOTALL)


def links(text):
    """The targets of links and pictures, a Chinese twin as the English one, without the link to the other README."""
    found = re.findall(r"\]\(([^)]*)\)", re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL))
    return [re.sub(r"\.zh(?:-CN)?\.", ".", target.replace("notebooks/zh/", "notebooks/"))
            for target in found if not target.startswith("README")]


def test_both_have_the_same_code():
    assert blocks(ENGLISH) == blocks(CHINESE)
    assert len(blocks(ENGLISH)) > 8


def test_both_have_the_same_sections_links_and_pictures():
    assert [len(mark) for mark in re.findall("^#+", ENGLISH, re.MULTILINE)] == \
        [len(mark) for mark in re.findall("^#+", CHINESE, re.MULTILINE)]
    assert links(ENGLISH) == links(CHINESE)
    assert "(README.zh-CN.md)" in ENGLISH
    assert "(README.md)" in CHINESE


def test_every_link_leads_somewhere():
    for text in (ENGLISH, CHINESE):
        for target in re.findall(r"\]\(([^)#]*)", text):
            assert target.startswith("http") or (ROOT / target).exists(), target


def test_every_paragraph_is_in_chinese():
    prose = re.sub(r"^```.*?^```$", "", CHINESE, flags=re.MULTILINE | re.DOTALL)
    for paragraph in prose.split("\n\n"):
        if paragraph.strip() not in ("", "# pathgrad", "[English](README.md)"):
            assert HAN.search(paragraph), paragraph
    assert not re.search(f"{HAN.pattern}[,;:]", prose)


@pytest.mark.parametrize("name", ["expression.svg", "expression.zh.svg"])
def test_the_pictures_are_what_the_script_draws(name):
    code = ("import runpy; script = runpy.run_path('docs/draw_readme.py');"
            f"print(script['expression']({'zh' if '.zh.' in name else 'en'!r}).source)")
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True,
                          encoding="utf-8", env={"PYTHONUTF8": "1", "PYTHONPATH": str(ROOT)})
    drawn = (ROOT / "docs" / name).read_text("utf-8")
    for text in re.findall(r"<text[^>]*>([^<]+)</text>", drawn):
        words = text.replace("&#160;", "").strip()
        assert words in done.stdout.replace("&#160;", " "), words
