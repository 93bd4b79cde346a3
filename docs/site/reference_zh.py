"""The pages of the reference in Chinese: introductions, headings and a line per name from reference.zh.toml; the
sections themselves are docstrings, which are English."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from reference import placed

CATALOGUE = Path(__file__).with_name("reference.zh.toml")
NOTE = ('!!! note "下面各节是英文原文"\n    各节由代码中的文档字符串生成，没有逐字翻译；这里先用一行中文说明每个名字，'
        "点击名字可到它的一节。")
HEAD = "| 名字 | 作用 |\n|---|---|\n"


@cache
def catalogue() -> dict[str, Any]:
    """The tables ``pages``, ``texts`` and ``names``."""
    return tomllib.loads(CATALOGUE.read_text("utf-8"))


def blocks(text: str) -> list[str]:
    """The paragraphs of a page, headings and sections among them; a block of code is one."""
    parts = re.split(r"(^```.*?^```$)", text, flags=re.MULTILINE | re.DOTALL)
    return [block for part in parts
            for block in ([part] if part.startswith("```") else re.split(r"\n{2,}", part.strip("\n"))) if block]


def key(block: str) -> str:
    """What a paragraph or heading is looked up by."""
    return " ".join(block.removeprefix("## ").split())


def anchor(heading: str) -> str:
    """The id that the English heading has: links lead to the same place in both languages."""
    return re.sub(r"\W+", "-", heading.lower())


def prose(block: str) -> bool:
    """Whether a block is to be translated."""
    return not block.startswith((":::", "```", "<!--"))


def parts(text: str) -> tuple[list[str], list[str]]:
    """A page's introduction, title included, and what comes after it, from the first section, heading or code on."""
    found = blocks(text)
    end = next((i for i, block in enumerate(found) if i and (not prose(block) or block.startswith("## "))), len(found))
    return found[:end], found[end:]


def page(name: str, text: str) -> str:
    """The Chinese page of the English one."""
    words, texts = catalogue()["pages"][name], catalogue()["texts"]
    _, rest = parts(text)
    made = [f"# {words['title']}", words["intro"].strip()]
    if placed(text):
        made += [NOTE, table(rest)]
    for block in rest:
        text = texts[key(block)] if prose(block) else block
        made.append(f"## {text} {{ #{anchor(key(block))} }}" if block.startswith("## ") else text)
    return "\n\n".join(made) + "\n"


def table(rest: list[str]) -> str:
    """A row for each section, with its group's heading above it where the page has groups."""
    rows = []
    for block in rest:
        if block.startswith("## "):
            rows.append(f"| **{catalogue()['texts'][key(block)]}** | |")
        elif names := placed(block):
            # a narrow screen breaks a long name where its words meet
            name = re.sub(r"(_)(?=[a-z])|(?<=[a-z])(?=[A-Z])", r"\1<wbr>", names[0].rpartition(".")[2])
            rows.append(f"| [<code>{name}</code>][{names[0]}] | {catalogue()['names'][names[0]]} |")
    return HEAD + "\n".join(rows)
