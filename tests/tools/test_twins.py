"""How a notebook's twin follows its original: `notebook_twins`."""

import nbformat
import pytest

from tests.tools.notebook_twins import LANGUAGE_CELLS, accept, faults, has_words, joined, prose, with_results


def book(*sources):
    cells = [nbformat.v4.new_code_cell(text[2:]) if text.startswith("> ") else nbformat.v4.new_markdown_cell(text)
             for text in sources]
    return nbformat.v4.new_notebook(cells=cells)


def code(book):
    return [cell for cell in book.cells if cell.cell_type == "code"]


FIRST = book("# Title", "> x = 1", "One.", "> x + 1", "Two.")


def translated(original=FIRST):
    twin = joined(original, None, "zh")
    for cell in prose(twin):
        cell.source = f"中文：{cell.source}"
    accept(original, twin)
    return twin


def test_a_twin_has_the_code_behind_a_cell_that_sets_the_language():
    twin = translated()
    assert [cell.source for cell in code(twin)] == [LANGUAGE_CELLS["zh"], "x = 1", "x + 1"]
    assert twin.cells[0].source == "中文：# Title"
    assert faults(FIRST, twin, "zh") == []


def test_what_is_not_translated_is_named_and_stays_english():
    twin = joined(FIRST, None, "zh")
    assert [cell.source for cell in prose(twin)] == ["# Title", "One.", "Two."]
    assert faults(FIRST, twin, "zh") == [f"cell {n} is not translated: {text!r}" for n, text in
                                         ((1, "# Title"), (3, "One."), (5, "Two."))]
    accept(FIRST, twin)
    assert len(faults(FIRST, twin, "zh")) == 3


@pytest.mark.parametrize(("changed", "found"), [
    (["# Title", "> x = 1", "One!", "> x + 1", "Two."], ["cell 3: the English text has changed"]),
    (["# Title", "> x = 2", "One.", "> x + 1", "Two."], []),
    (["# Title", "New.", "> x = 1", "One.", "> x + 1", "Two."], ["cell 2 is not translated: 'New.'"]),
    (["# Title", "> x = 1", "> x + 1", "Two."], []),
    (["# Title", "> x = 1", "> x + 1", "Two.", "One."], []),
    (["# Title", "> x = 1", "One!", "New.", "> x + 1", "Two."],
     ["cell 3: the English text has changed", "cell 4 is not translated: 'New.'"]),
])
def test_translations_follow_their_text_through_changes(changed, found):
    now = book(*changed)
    twin = joined(now, translated(), "zh")
    told = faults(now, twin, "zh")
    assert len(told) == len(found)
    assert all(text.startswith(start) for text, start in zip(told, found, strict=True))
    assert joined(now, twin, "zh") == twin          # a second time changes nothing
    for cell, english in zip(prose(twin), prose(now), strict=True):
        assert cell.source in (english.source, f"中文：{english.source}", "中文：One.")
    accept(now, twin)
    assert not any("has changed" in fault for fault in faults(now, twin, "zh"))


@pytest.mark.parametrize("at", [2, 4])
def test_code_that_differs_is_named(at):
    twin = translated()
    code(twin)[at // 2].source += "  # changed"
    assert [fault.startswith(f"cell {at}: the code") for fault in faults(FIRST, twin, "zh")] == [True]


@pytest.mark.parametrize("lost", [1, 2])
def test_cells_that_are_missing_are_told(lost):
    twin = translated()
    del twin.cells[lost]
    assert faults(FIRST, twin, "zh") == ["its cells are not those of the original: run tests/tools/renew_notebooks.py"]


def output(text, **data):
    return nbformat.v4.new_output("display_data", {"text/plain": text, **data})


def ran(book, *outputs):
    for cell, output in zip(code(book)[-2:], outputs, strict=True):
        cell.outputs = [output]
    return book


def test_a_twin_has_the_results_of_its_original_and_pictures_of_its_own():
    drawing = {"image/png": "png"}
    original = ran(joined(FIRST, None, "zh"), output("0.1 s"), output("<Drawing>", **drawing))
    del original.cells[1]
    twin = ran(translated(), output("0.2 s"), output("<Drawing>", **{"image/png": "中文"}))
    with_results(original, twin)
    assert [cell.outputs[0].data["text/plain"] for cell in code(twin)[1:]] == ["0.1 s", "<Drawing>"]
    assert code(twin)[2].outputs[0].data["image/png"] == "中文"
    with pytest.raises(SystemExit, match="x = 1"):
        with_results(original, ran(translated(), output("", **drawing), output("<Drawing>", **drawing)))


@pytest.mark.parametrize(("text", "kind", "found"), [
    ("<viz.graph.digraph.Drawing>", "image/png", True), ("Value(data=1.0)", "image/png", True), ("", "text/html", True),
    ("<Figure size 900x340 with 2 Axes>", "image/png", False), ("[1.0, 2.0]", None, False),
    ("<Chart size 1056.25x307.5 with 1 Axes>", "image/png", True)])
def test_what_has_words(text, kind, found):
    assert has_words(output(text, **({kind: "..."} if kind else {}))) == found


def test_what_is_said_in_chinese_stays_and_has_the_same_numbers():
    original, twin = (joined(FIRST, None, "zh") for _ in range(2))
    del original.cells[1]
    ran(original, output("6 nodes, right: 2"), output("0.1"))
    with_results(original, ran(twin, output("6 个节点，应为 2"), output("0.1")))
    assert code(twin)[1].outputs[0].data["text/plain"] == "6 个节点，应为 2"
    with pytest.raises(SystemExit, match="other numbers"):
        with_results(original, ran(twin, output("5 个节点，应为 2"), output("0.1")))
