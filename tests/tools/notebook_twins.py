"""A notebook's twin in another language: the same code, and prose that knows which English text it translates.

A twin stands in a folder named after its language and has its original's file name, so that links among twins are those
among originals. Its first code cell sets the language of pictures; all others are the original's. Each cell of prose is
a translation and keeps, in its metadata, a fingerprint of the English it was made from.
"""

import hashlib
import re
from collections import Counter
from copy import deepcopy
from difflib import SequenceMatcher

import nbformat

HAN = re.compile("[\u4e00-\u9fff]")
LANGUAGE_CELLS = {"zh": 'from viz import set_language\n\nset_language("zh")      # 图中的文字用中文'}


def fingerprint(source):
    """Short, and another one for another text."""
    return hashlib.sha256(source.encode()).hexdigest()[:12]


def joined(original, twin, language):
    """The twin of a notebook: its code, and of the older twin (None: there is none) each translation at its place.

    A cell without a translation stays English and has no fingerprint; a translation of a text that has changed since
    keeps the old fingerprint. `faults` names both.
    """
    translations = aligned(original, twin)
    book = deepcopy(original)
    for cell in book.cells:
        cell.metadata = nbformat.from_dict({})
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        elif (translation := translations.pop(0)) is not None:
            cell.source, cell.metadata = translation.source, deepcopy(translation.metadata)
    book.cells.insert(1, nbformat.v4.new_code_cell(LANGUAGE_CELLS[language]))      # after the title
    for number, cell in enumerate(book.cells, 1):
        cell.id = f"cell-{number}"
    return book


def aligned(original, twin):
    """For each cell of prose its translation, or None: by fingerprints, and what is left by its place between those."""
    new = [fingerprint(cell.source) for cell in prose(original)]
    cells = [cell for cell in prose(twin) if "english" in cell.metadata] if twin else []
    old = [cell.metadata["english"] for cell in cells]
    found = [cells[old.index(text)] if text in old else None for text in new]
    for _, start, stop, to, to_stop in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        changed = [cell for cell, text in zip(cells[start:stop], old[start:stop], strict=True) if text not in new]
        for cell, place in zip(changed, [k for k in range(to, to_stop) if found[k] is None], strict=False):
            found[place] = cell
    return found


def prose(book):
    """Its cells that are not code."""
    return [cell for cell in book.cells if cell.cell_type != "code"]


def accept(original, twin):
    """Note that all translations, cell by cell, are of the English text as it is now."""
    for cell, english in zip(prose(twin), prose(original), strict=True):
        if cell.source != english.source:
            cell.metadata["english"] = fingerprint(english.source)


def faults(original, twin, language):
    """What is wrong with a twin, cell by cell, numbered as in the original; without its outputs."""
    cells = [cell for cell in twin.cells if cell.source != LANGUAGE_CELLS[language]]
    if [c.cell_type for c in cells] != [c.cell_type for c in original.cells] or len(cells) + 1 != len(twin.cells):
        return ["its cells are not those of the original: run tests/tools/renew_notebooks.py"]
    found = []
    for number, (cell, english) in enumerate(zip(cells, original.cells, strict=True), 1):
        start = repr(english.source[:50])
        if cell.cell_type == "code":
            if cell.source != english.source:
                found.append(f"cell {number}: the code is not that of the original: {start}")
        elif "english" not in cell.metadata:
            found.append(f"cell {number} is not translated: {start}")
        elif cell.metadata["english"] != fingerprint(english.source):
            found.append(f"cell {number}: the English text has changed since it was translated: {start}")
    return found


def has_words(output):
    """Whether it is a picture, chart or page of viz, in the language that is set; no other picture is."""
    data = output.get("data", {})
    return bool({"image/png", "text/html"} & set(data)) and not data.get("text/plain", "").startswith("<Figure ")


def printed(output):
    """What it says in letters: of a stream, or of a result without a picture."""
    return "" if has_words(output) else output.get("text") or output.get("data", {}).get("text/plain", "")


def numbers(output):
    """All numbers that it says, each as often as it says them."""
    return Counter(re.findall(r"\d+(?:\.\d+)?(?:e[+-]?\d+)?", printed(output)))


def with_results(original, twin):
    """Give a twin that ran the original's results, but for what is said in its language; an error where they differ.

    So times, which are others in each run, are the same in both.
    """
    results = iter([cell for cell in original.cells if cell.cell_type == "code"])
    for cell in [cell for cell in twin.cells if cell.cell_type == "code"][1:]:
        expected = next(results).outputs
        if [kind(output) for output in cell.outputs] != [kind(output) for output in expected]:
            raise SystemExit(f"the twin gives other results than the original:\n{cell.source}")
        for k, (own, output) in enumerate(zip(cell.outputs, expected, strict=True)):
            if not has_words(own) and not HAN.search(printed(own)):
                cell.outputs[k] = deepcopy(output)
            elif numbers(own) != numbers(output):
                raise SystemExit(f"the twin says other numbers than the original:\n{cell.source}")


def kind(output):
    """What an output is, without its contents."""
    return output.output_type, output.get("name"), sorted(output.get("data", {})), has_words(output)
