"""The notebooks' Chinese twins: every notebook has one, with the same code and results, and prose that is up to date.

Where a test here fails after a notebook has changed, run `python tests/tools/renew_notebooks.py zh/NAME.ipynb`.
"""

import re
from collections import Counter
from pathlib import Path

import nbformat
import pytest

from tests.tools.notebook_twins import faults, has_words, numbers, printed, prose

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
CHINESE = NOTEBOOKS / "zh"
MISSING = set()     # names of notebooks whose twin is still to be written
NAMES = sorted(path.name for path in NOTEBOOKS.glob("*.ipynb") if path.name not in MISSING)
HAN = "[\u4e00-\u9fff]"
LINK = re.compile(r"\]\(\s*([^)\s]+)\)")
UNTRANSLATED = re.compile(r"```.*?```|`[^`]+`|\$\$.*?\$\$|\$[^$]+\$|^    [^\n]*$|</?\w+>|"
                          r"\[[^]\u4e00-\u9fff]+" + LINK.pattern + "|" + LINK.pattern, re.DOTALL | re.MULTILINE)
WRONG = (f"{HAN}[ \n]{HAN}", f"{HAN} ?[,;:!?]", f"[,;!?] ?{HAN}", rf"{HAN}\(", rf"\){HAN}", rf"{HAN}\.(?!\w)",
         r"[，。；：！？、（）] (?!\|)", r"(?<!\|) [，。；：！？、（）]", "[a-z]{2,}(?: [a-z]{2,}){5}")


def read(path):
    return nbformat.read(path, as_version=4)


@pytest.fixture(params=NAMES, ids=lambda name: name.removesuffix(".ipynb"))
def pair(request):
    return read(NOTEBOOKS / request.param), read(CHINESE / request.param)


def markdown(book):
    return "\n\n".join(cell.source for cell in prose(book))


def code(book):
    return [cell for cell in book.cells if cell.cell_type == "code"]


def test_every_notebook_has_a_twin():
    names, twins = ({path.name for path in folder.glob("*.ipynb")} for folder in (NOTEBOOKS, CHINESE))
    assert twins == names - MISSING
    assert names >= MISSING


def test_the_code_is_the_same_and_the_translation_up_to_date(pair):
    assert faults(*pair, "zh") == []


def test_the_results_are_the_same_and_the_pictures_in_chinese(pair):
    original, twin = pair
    for cell, own in zip(code(original), code(twin)[1:], strict=True):
        assert [has_words(output) for output in cell.outputs] == [has_words(output) for output in own.outputs]
        for output, other in zip(cell.outputs, own.outputs, strict=True):
            assert numbers(output) == numbers(other)
            if not has_words(output) and not re.search(HAN, printed(other)):
                assert {**other, "execution_count": None} == {**output, "execution_count": None}
            elif "Drawing>" in output.get("data", {}).get("text/plain", "") and 'lang="zh"' not in cell.source:
                assert other.data != output.data


def test_every_cell_is_chinese_as_it_is_printed(pair):
    """No blanks between words, punctuation of full width, no line broken in a sentence, no rest of English."""
    for cell in prose(pair[1]):
        assert re.search(HAN, cell.source), cell.source
        text = UNTRANSLATED.sub("`", cell.source)
        for wrong in WRONG:
            assert not (found := re.search(f".*{wrong}.*", text)), (wrong, found.group())


def parts(text, pattern):
    return Counter(re.findall(pattern, text, re.DOTALL | re.M))


@pytest.mark.parametrize(("what", "pattern"), [
    ("folded code", "```python\n(.*?)```"), ("blocks of formulas", r"\$\$(.*?)\$\$"), ("indented code", "^    [^\n]*$"),
    ("headings", "^(#+) "), ("folded parts", "<(/?details)>"), ("numbered items", r"^(\d+)\. ")])
def test_what_is_not_prose_is_the_same(pair, what, pattern):
    assert parts(markdown(pair[0]), pattern) == parts(markdown(pair[1]), pattern)


def spans(book, pattern):
    """Formulas or names in the prose, without blanks."""
    text = re.sub("```.*?```", "", markdown(book), flags=re.DOTALL)
    return {re.sub(r"\s+", "", span) for span in re.findall(pattern, text)}


@pytest.mark.parametrize("pattern", [r"(?<!\$)\$([^$]+)\$(?!\$)", "`([^`]+)`"], ids=["formulas", "names"])
def test_no_formula_and_no_name_is_lost(pair, pattern):
    assert spans(pair[0], pattern) <= spans(pair[1], pattern)


def target(folder, link):
    """What a link leads to; of a file in zh/ the original."""
    if "://" in link or link.startswith("#"):
        return link
    path = (folder / link).resolve()
    assert path.exists(), link
    return path


def test_links_lead_to_the_same_places_and_among_twins(pair):
    links = [[target(folder, link) for link in LINK.findall(markdown(book))]
             for folder, book in ((NOTEBOOKS, pair[0]), (CHINESE, pair[1]))]
    assert len(links[0]) == len(links[1])
    for one, other in zip(*links, strict=True):
        twin = CHINESE / one.name if isinstance(one, Path) and one.parent == NOTEBOOKS else one
        assert other == twin


def test_the_list_of_twins_is_that_of_the_originals():
    originals, twins = (re.findall(r"\]\((\w+\.ipynb)\)", (folder / "README.md").read_text("utf-8"))
                        for folder in (NOTEBOOKS, CHINESE))
    assert twins == [name for name in originals if name not in MISSING]


@pytest.mark.parametrize(("question", "words"), [
    ("箭头上是什么？", ["上游", "局部", "贡献"]), ("卡片里是什么？", ["值", "梯度", "之和"]),
    ("为什么是 5？", ["两条路径", "1 × 2 = 2", "1 × 3 = 3", "2 + 3 = 5"]), ("为什么按这个顺序？", ["所有箭头", "才能"]),
    ("`zero_grad` 是做什么用的？", ["清零", "下一步"])])
def test_the_first_twin_answers_in_one_sentence(question, words):
    [answer] = re.findall(rf"\*\*{re.escape(question)}\*\* ?([^。]*)。", markdown(read(CHINESE / "1_chain_rule.ipynb")))
    assert all(word in answer for word in words), answer
    assert len(answer) < 120
