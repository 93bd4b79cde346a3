"""The documentation site in a browser: search in both languages, the way between them, narrow screens, a screen reader.

`mkdocs build --strict` writes it; SITE names its folder, as in .ci/run.
"""

import os
import time

import pytest

pytestmark = pytest.mark.skipif("SITE" not in os.environ, reason="SITE names the folder that mkdocs wrote")


@pytest.fixture
def site(serve):
    return serve(os.path.abspath(os.environ["SITE"]))


def search(page, words):
    """The addresses of the first results for some words."""
    page.script("document.querySelector('#__search').click()")
    field = page.find(".md-search__input")
    page.script("arguments[0].focus()", field)
    field.send_keys(words)
    end = time.monotonic() + 15
    while not (found := page.all(".md-search-result__item > .md-search-result__link")):
        assert time.monotonic() < end, "no results"
        time.sleep(0.1)
    return [link.get_attribute("href") for link in found]


def test_search_in_english(page, site):
    found = search(page(site), "topological order")
    assert any("/tutorial/2-paths/" in address for address in found)


def test_search_in_chinese(page, site):
    found = search(page(site + "zh/"), "链式法则")
    assert "/zh/notebooks/1_chain_rule/" in found[0]


def test_search_finds_a_public_name(page, site):
    found = search(page(site), "value_and_grad")
    assert any("/reference/derivatives/" in address for address in found)


def test_the_other_language_is_one_click_away(page, site):
    opened = page(site + "tutorial/2-paths/")
    links = {link.get_attribute("hreflang"): link.get_attribute("href") for link in opened.all("a.md-select__link")}
    assert links["zh"] == site + "zh/tutorial/2-paths/"
    opened = page(links["zh"])
    assert opened.text("h1").startswith("两条路径")
    assert "只有英文" in page(site + "zh/changelog/").text("article")
    assert "双曲正切" in page(site + "zh/reference/ops/").text("article table")


@pytest.mark.parametrize("address", ["", "tutorial/1-first-gradient/", "reference/training/", "reference/ops/",
                                     "notebooks/4_descent_and_losses/", "zh/how-to/teach-a-class/", "changelog/"])
def test_a_narrow_screen_does_not_scroll_sideways(page, site, address):
    opened = page(site + address, width=360, height=800)
    assert opened.script("return document.documentElement.scrollWidth <= window.innerWidth")
    assert not [error for error in opened.errors() if "sitemap.xml" not in error]      # the theme tries some


def test_a_picture_on_a_narrow_screen_is_large_enough_to_read_and_scrolls(page, site):
    opened = page(site + "zh/tutorial/1-first-gradient/", width=360, height=800)
    picture = "document.querySelector('article p:has(> img)')"
    assert opened.script(f"return {picture}.firstElementChild.getBoundingClientRect().width") > 500
    assert opened.script(f"return {picture}.scrollWidth > {picture}.clientWidth && {picture}.tabIndex === 0")
    opened = page(site + "zh/tutorial/1-first-gradient/", width=1280, height=800)
    assert opened.script(f"return {picture}.scrollWidth <= {picture}.clientWidth")


def test_pictures_and_formulas_are_drawn(page, site):
    opened = page(site + "notebooks/4_descent_and_losses/", width=1280, height=900)
    assert opened.script("return [...document.querySelectorAll('article img')].every(image => {"
                         "image.loading = 'eager'; return image.getAttribute('alt') !== null})")
    assert opened.script("return document.querySelectorAll('math').length") > 20
    assert opened.script("return document.querySelector('math').getBoundingClientRect().width") > 10


@pytest.mark.parametrize("address", ["", "tutorial/1-first-gradient/", "reference/optim/", "zh/how-to/find-a-nan/"])
def test_a_screen_reader_can_use_it(page, site, address):
    opened = page(site + address)
    found = opened.axe("document.querySelector('article')")
    assert found == [], "\n".join(found)
    opened.screenshot("site-" + (address.strip("/").replace("/", "-") or "home"))
