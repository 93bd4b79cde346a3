"""The built site: every public name, no address of another server, both languages, the notebooks.

`mkdocs build --strict` writes it; then `SITE=build/site pytest tests/docs/test_built_site.py`, as .ci/run does.
"""

import json
import os
import re
import runpy
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif("SITE" not in os.environ, reason="SITE names the folder that mkdocs wrote")
SITE = Path(os.environ.get("SITE", "build/site")).absolute()
PLAYGROUND = SITE / "playground"        # has tests of its own
LOADS = {("script", "src"), ("link", "href"), ("img", "src"), ("iframe", "src"), ("source", "src"), ("video", "src"),
         ("audio", "src"), ("object", "data"), ("embed", "src"), ("use", "href")}


TAGS = re.compile("a|article|aside|b|blockquote|body|br|button|code|d[dlt]|details|div|em|footer|form|h[1-6]|head|"
                  "header|hr|html|i|iframe|img|input|kbd|label|li|link|m[a-z]+|nav|ol|p|path|pre|script|small|span|strong|"
                  "style|su[bp]|summary|svg|table|tbody|td|th|thead|title|tr|ul|wbr")      # m...: main, meta, formulas


class Parts(HTMLParser):
    """The tags and ids of a page, what it loads, the files that it links to, and its policy."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.loads, self.links, self.policy, self.handlers, self.tags = [], [], [], "", [], set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.tags.add(tag)
        self.ids.append(found.get("id"))
        self.loads += [found[name] for kind, name in LOADS if kind == tag and found.get(name)
                       and found.get("rel") not in ("canonical", "alternate", "prev", "next")]
        if tag == "a" and found.get("href"):
            self.links.append(found["href"])
        self.handlers += [name for name in found if name.startswith("on")]
        if found.get("http-equiv") == "Content-Security-Policy":
            self.policy = found["content"]


def pages():
    return [path for path in SITE.rglob("*.html") if PLAYGROUND not in path.parents]


@pytest.fixture(scope="module")
def parts():
    return {path.relative_to(SITE).as_posix(): Parts(path.read_text("utf-8")) for path in pages()}


@pytest.fixture(scope="module")
def names():
    sys.path.insert(0, str(ROOT / "docs" / "site"))
    yield runpy.run_path(str(ROOT / "docs" / "site" / "reference.py"))["public_names"]()
    sys.path.remove(str(ROOT / "docs" / "site"))


@pytest.mark.parametrize("language", ["", "zh/"])
def test_every_public_name_has_its_section(parts, names, language):
    ids = [name for path, page in parts.items() if path.startswith(f"{language}reference/") for name in page.ids]
    assert {name: ids.count(name) for name in names if ids.count(name) != 1} == {}


def test_every_public_name_has_a_text_and_an_example(names):
    """The example stands in the section, or of a class in one of its methods."""
    text = "".join(path.read_text("utf-8") for path in (SITE / "reference").rglob("*.html"))
    heading = r'<h[23] id="{}" class="doc doc-heading">'
    sections = dict(re.findall(heading.format(r"([\w.]+)") + "(.*?)(?=" + heading.format(r"[\w.]+") + "|</article>)",
                               text, re.DOTALL))
    assert set(names) <= set(sections)
    assert [name for name in names if "<p>" not in sections[name]] == []
    assert [name for name in names if "&gt;&gt;&gt;" not in sections[name]] == []


def test_no_page_loads_anything_from_elsewhere(parts):
    for path, page in parts.items():
        assert [url for url in page.loads if re.match(r"(?:https?:)?//", url)] == [], path
        assert page.handlers == [], path
        assert "default-src 'self'" in page.policy, path
    for path in SITE.rglob("*.css"):
        if PLAYGROUND not in path.parents:
            assert not re.search(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//", path.read_text("utf-8")), path
    for path in SITE.glob("assets/javascripts/*.js"):
        assert "unpkg" not in path.read_text("utf-8")


def test_no_text_is_taken_for_a_tag(parts):
    found = {path: {tag for tag in page.tags if not TAGS.fullmatch(tag)} for path, page in parts.items()}
    assert {path: tags for path, tags in found.items() if tags} == {}


def test_what_pages_load_is_there(parts):
    for path, page in parts.items():
        for url in page.loads:
            if not url.startswith("data:"):
                file = url.partition("?")[0].partition("#")[0]
                target = SITE / file.lstrip("/") if file.startswith("/") else (SITE / path).parent / file
                assert target.resolve().exists(), (path, url)


def test_every_link_leads_to_a_place_that_is_there(parts):
    known = {f"/{path}": {*page.ids} for path, page in parts.items()}
    for path, page in parts.items():
        for link in page.links if "404.html" not in path else ():
            place, anchor = urldefrag(urljoin(f"/{path}", link))
            if ":" not in place.partition("/")[0]:
                target = place + "index.html" * place.endswith("/")
                assert target in known or (SITE / unquote(target[1:])).exists(), (path, link)
                assert not anchor or unquote(anchor) in known[target], (path, link)


@pytest.mark.parametrize("page", ["index.html", "notebooks/index.html"])
def test_a_page_that_names_its_other_language_leads_there(parts, page):
    for path, other in ((page, f"zh/{page}"), (f"zh/{page}", page)):
        article = re.search("<article.*?</article>", (SITE / path).read_text("utf-8"), re.DOTALL)[0]
        found = re.findall(r'<a href="([^"]*)">(?:中文|中文笔记本|English|英文版)</a>', article)
        assert [urljoin(f"/{path}", link) for link in found] == ["/" + other.removesuffix("index.html")]


def test_the_chinese_navigation_is_chinese():
    text = (SITE / "zh" / "tutorial" / "2-paths" / "index.html").read_text("utf-8")
    frame = re.sub(r"<article.*?</article>", "", text, flags=re.DOTALL)
    labels = {label.strip() for label in re.findall(r'<span class="md-ellipsis">\s*([^<]+)', frame)}
    assert len(labels) > 60
    assert {label for label in labels if not re.search("[\u4e00-\u9fff]", label)} == {
        "pathgrad", "autograd", "nn", "viz", "Value"}       # names of the project
    assert re.findall(r'title="([A-Z][a-z]+)"', frame) == []


def test_both_languages_have_the_same_pages(parts):
    english = {path for path in parts if not path.startswith("zh/")} - {"404.html"}
    assert {f"zh/{path}" for path in english} == {path for path in parts if path.startswith("zh/")} - {"zh/404.html"}
    for path in english:
        chinese = (SITE / "zh" / path).read_text("utf-8")
        assert '<html lang="zh"' in chinese
        body = re.search(r"<article.*?</article>", chinese, re.DOTALL)[0]
        assert len(re.findall(r"[\u4e00-\u9fff]", body)) > 10, path       # its own text, or the note that there is none


def test_a_page_has_the_same_anchors_in_both_languages():
    for twin in [*ROOT.glob("docs/*.zh.md"), *ROOT.glob("docs/*/*.zh.md"), ROOT / "docs" / "index.zh.md"]:
        page = twin.relative_to(ROOT / "docs").as_posix().removesuffix(".zh.md").removesuffix("index")
        place = SITE / page / "index.html"
        found = [re.findall(r'<h[2-6] id="([^"]+)"', path.read_text("utf-8"))
                 for path in (place, SITE / "zh" / place.relative_to(SITE))]
        assert found[0] == found[1], page


def test_the_notebooks_are_there_with_their_pictures():
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        page = SITE / "notebooks" / path.stem / "index.html"
        cells = json.loads(path.read_text("utf-8"))["cells"]
        drawn = sum("image/png" in output.get("data", {}) for cell in cells for output in cell.get("outputs", []))
        text = page.read_text("utf-8")
        assert len(re.findall(r'<img [^>]*src="\.\./[^"]+\.png"', text)) >= drawn
        prose = re.sub(r"<pre.*?</pre>|<code.*?</code>", "", text, flags=re.DOTALL)
        assert not re.search(r"(?<![\\\w`])\$[a-z]\s?[=^_+]", prose), path      # formulas are MathML


def test_the_search_finds_both_languages():
    entries = json.loads((SITE / "search" / "search_index.json").read_text("utf-8"))
    assert {"en", "zh"} <= set(entries["config"]["lang"]) or entries["config"]["lang"] == ["en"]
    texts = {"zh" if entry["location"].startswith("zh/") else "en": entry for entry in entries["docs"]}
    assert set(texts) == {"en", "zh"}
    found = [entry["location"] for entry in entries["docs"] if "链式" in entry["text"].replace("\u200b", "")]
    assert any(place.startswith("zh/tutorial/2-paths") for place in found)


def test_the_playground_is_linked_and_copied_if_it_was_built(parts):
    page = (SITE / "playground-page" / "index.html").read_text("utf-8")
    built = (ROOT / "docs" / "playground" / "build" / "index.html").exists()
    assert (PLAYGROUND / "index.html").exists() == built
    assert ('href="../playground/index.html"' in page) == built
