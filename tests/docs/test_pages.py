"""The pages in docs: their code runs, the Chinese ones have the same code, and each public name has its section."""

import doctest
import re
import runpy
import sys
from pathlib import Path

import pytest

from autograd.ops.primitives import TABLE

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
LESSONS = sorted(path for folder in ("tutorial", "how-to") for path in (DOCS / folder).glob("*.md"))
ENGLISH = [path for path in LESSONS if not path.name.endswith(".zh.md")]
EXPLAINED = [ROOT / f"{page}.md" for page in ("docs/architecture", "docs/batches", "docs/decisions", "docs/machines",
                                              "docs/releasing", "docs/traps", "CONTRIBUTING", "benchmarks/README")]
BLOCK = re.compile(r"^```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def name(path):
    return f"{path.parent.name}/{path.stem}"


def chinese(path):
    """The page's twin, named beside it as the README's is or as those of docs are."""
    return path.with_suffix(".zh.md" if DOCS in path.parents else ".zh-CN.md")


def code(path):
    """The blocks of code of a page, without comments."""
    return [re.sub(r" +# .*", "", block) for block in BLOCK.findall(path.read_text("utf-8"))]


def shape(path):
    """Levels of headings, rows of tables, items of lists, links and pictures: of both languages the same."""
    prose = BLOCK.sub("", path.read_text("utf-8"))
    links = re.findall(r"\]\(([^)]*)\)", prose.replace("notebooks/zh/", "notebooks/"))
    return {"headings": re.findall("^#+", prose, re.MULTILINE), "rows": len(re.findall(r"^\|", prose, re.MULTILINE)),
            "items": len(re.findall(r"^(?:-|\d+\.) ", prose, re.MULTILINE)),
            "links": sorted(re.sub(r"\.zh(?:-CN)?\.", ".", link) for link in links)}


def names(path):
    """Of each section how many paragraphs have a title, what is set as code, and the figures, in any order."""
    sections = re.split("^(?=#)", BLOCK.sub("", path.read_text("utf-8")), flags=re.MULTILINE)
    return [(len(re.findall(r"^\*\*", section, re.MULTILINE)),
             sorted(" ".join(name.split()) for name in re.findall("`[^`]+`", section)),
             sorted(re.findall(r"\d+(?:[.,]\d+)*", re.sub("`[^`]+`", "", section)))) for section in sections]


@pytest.fixture
def site(monkeypatch):
    """The functions of a module of docs/site."""
    monkeypatch.syspath_prepend(str(DOCS / "site"))
    yield lambda module: runpy.run_path(str(DOCS / "site" / f"{module}.py"))
    for module in ("sources", "reference"):
        sys.modules.pop(module, None)


@pytest.mark.parametrize("path", ENGLISH, ids=name)
def test_the_code_on_a_page_runs_as_it_stands(path, tmp_path, monkeypatch):
    for package in {"train-a-table": ("numpy", "matplotlib"), "optimise-with-scipy": ("numpy", "scipy"),
                    "batch": ("numpy",), "pytorch-weights": ("numpy", "safetensors")}.get(path.stem, ()):
        pytest.importorskip(package)
    monkeypatch.chdir(tmp_path)
    ops = {*TABLE}
    found = doctest.testfile(str(path), module_relative=False, encoding="utf-8")
    for added in {*TABLE} - ops:        # by `primitive`, for all other tests of this process
        del TABLE[added]
    assert found.failed == 0
    assert found.attempted > 5 or path.stem == "index"


@pytest.mark.parametrize("path", [*ENGLISH, *EXPLAINED], ids=name)
def test_a_page_in_chinese_has_the_same_code(path):
    twin = chinese(path)
    assert code(twin) == code(path)
    assert shape(twin) == shape(path)
    assert len(re.findall(r"[\u4e00-\u9fff]", twin.read_text("utf-8"))) > 60


@pytest.mark.parametrize("path", EXPLAINED, ids=name)
def test_an_explanation_in_chinese_names_the_same_things(path):
    assert names(chinese(path)) == names(path)


@pytest.mark.parametrize("path", [chinese(path) for path in [*ENGLISH, *EXPLAINED]], ids=name)
def test_chinese_has_its_own_punctuation(path):
    prose = re.sub(r"`[^`]*`|\]\([^)]*\)", "", BLOCK.sub("", path.read_text("utf-8")))
    assert not re.search(r"[\u4e00-\u9fff][,;:?!](?!\w)|[\u4e00-\u9fff]\.(?:\s|$)", prose)


def test_no_text_of_a_page_is_taken_for_a_tag():
    for path in [*ROOT.glob("*.md"), *DOCS.glob("*.md"), *LESSONS]:
        assert re.findall("<[A-Za-z][^<>]*>", re.sub("`[^`]*`", "", BLOCK.sub("", path.read_text("utf-8")))) == [], path


def test_all_pages_stand_in_the_navigation():
    listed = set(re.findall(r"[\w/.-]+\.md$", (ROOT / "mkdocs.yml").read_text("utf-8"), re.MULTILINE))
    there = {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")
             if ".zh." not in path.name and path.relative_to(DOCS).parts[0] not in ("playground", "site")}
    assert there <= listed
    made = {"index.md", "notebooks/index.md", "accuracy.md", "benchmarks.md", "contributing.md", "changelog.md"}
    assert listed - there == made


def test_each_public_name_has_a_section_on_one_page(site):
    reference = site("reference")
    sections = [section for text in reference["pages"]().values() for section in reference["placed"](text)]
    assert len(sections) == len(set(sections))
    assert set(sections) == set(reference["public_names"]())
    lines = (ROOT / "tests" / "support" / "public_api.txt").read_text("utf-8").splitlines()
    assert {re.match(r"(?:class )?(\w+)", line)[1] for line in lines if re.match(r"\w", line)} == \
        {name.rpartition(".")[2] for name in set(sections) - {*reference["FURTHER"], *reference["BUILTIN"]}}


def test_a_name_that_no_page_places_goes_to_the_end_of_its_package(site):
    reference = site("reference")
    pages, names = reference["pages"], reference["public_names"]
    pages.__globals__["public_names"] = lambda: [*names(), "viz.something_new"]
    assert pages()["viz.md"].endswith("## More\n\n::: viz.something_new\n\n")


@pytest.mark.parametrize(("link", "found"), [
    ("[x](traps.md)", "[x](../traps.md)"), ("[x](../README.md#install)", "[x](../index.md#install)"),
    ("[x](../autograd/ops/table.py)", "x"), ("[x](https://a.b/c.md)", "[x](https://a.b/c.md)"),
    ("![x](expression.svg)", "![x](../expression.svg)"), ("[`a[0]`](../notebooks/1_chain_rule.ipynb)",
                                                         "[`a[0]`](../notebooks/1_chain_rule.md)"),
    ("[x](playground/README.md)", "[x](../playground-page.md)"),
    ("[x](#here)", "[x](#here)"), ("[x](missing.md)", "[x](missing.md)")])
def test_links_of_the_repository_lead_to_pages_of_the_site(site, link, found):
    assert site("sources")["relinked"](link, "docs/page.md", "deeper/page.md") == found


@pytest.mark.parametrize(("source", "page", "link", "found"), [
    ("README.md", "index.md", "README.zh-CN.md", "zh/"), ("README.zh-CN.md", "index.zh.md", "README.md", "../"),
    ("notebooks/README.md", "notebooks/index.md", "zh/README.md", "../zh/notebooks/"),
    ("notebooks/zh/README.md", "notebooks/index.zh.md", "../README.md", "../../notebooks/")])
def test_a_link_to_the_other_language_leads_out_of_this_one(site, source, page, link, found):
    assert site("sources")["relinked"](f"[x]({link})", source, page) == f'<a href="{found}">x</a>'


def test_lines_of_chinese_are_joined_without_a_blank(site):
    text = "一行\n两行，\n`f(x)` 与\nx\n\n- 三（四）\n- 五\n\n# 六\n\n七：\n\n| 八 |\n"
    assert site("sources")["unbroken"](text) == text.replace("行\n两", "行两").replace("，\n", "，")


def test_code_is_left_alone(site):
    text = "```python\n>>> a[0][1], [x](traps.md)\n```\n"
    assert site("sources")["relinked"](text, "docs/page.md", "deeper/page.md") == text
    assert site("sources")["subscripts"]("x[0][1] and `x[0][1]`") == "x[0]\\[1] and `x[0][1]`"


def test_headings_of_a_chinese_page_have_the_anchors_of_the_english_one(site):
    english, chinese = ("# {}\n\n## {}\n\n```python\n## no heading\n```\n\n### {}\n".format(*words)
                        for words in (("A", "B c", "D"), ("甲", "乙", "丙")))
    found = site("sources")["anchored"](chinese, english, lambda text, mark: text.lower().replace(" ", mark))
    assert found == chinese.replace("乙", "乙 { #b-c }").replace("丙", "丙 { #d }")
