"""Which files of the repository become pages of the site, and where a link to one of them leads."""

import posixpath
import re
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]
LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\((?!\w+:|#)([^)#\s]+)(#[^)\s]*)?\)")
HEADING = re.compile(r"^##+ (.*)$", re.MULTILINE)
OTHERS = {"README.md": "index.md", "README.zh-CN.md": "index.zh.md", "CONTRIBUTING.md": "contributing.md",
          "CONTRIBUTING.zh-CN.md": "contributing.zh.md", "CHANGELOG.md": "changelog.md",
          "benchmarks/README.md": "benchmarks.md", "benchmarks/README.zh-CN.md": "benchmarks.zh.md",
          "tests/accuracy.md": "accuracy.md",
          "notebooks/README.md": "notebooks/index.md", "notebooks/zh/README.md": "notebooks/index.zh.md"}
DOORS = {"docs/playground/README.md": "playground-page.md"}       # of what is for developers, the page for readers


def notebooks() -> dict[str, str]:
    """The notebooks in their order, each with its page; a twin in notebooks/zh is that page in Chinese."""
    def number(path: Path) -> int:
        return int(match[0]) if (match := re.match(r"\d+", path.stem)) else 1000

    folder = ROOT / "notebooks"
    english, chinese = sorted(folder.glob("*.ipynb"), key=number), sorted(folder.glob("zh/*.ipynb"), key=number)
    return {**{f"notebooks/{path.name}": f"notebooks/{path.stem}.md" for path in english},
            **{f"notebooks/zh/{path.name}": f"notebooks/{path.stem}.zh.md" for path in chinese}}


def outside_pages() -> dict[str, str]:
    """The Markdown files outside docs that are there, each with the page that it becomes."""
    return {path: page for path, page in OTHERS.items() if (ROOT / path).exists()}


def page_of(path: str) -> str | None:
    """The page or file of the site that a file of the repository becomes, or None."""
    page = (OTHERS | DOORS | notebooks()).get(path)
    if page is None and path.startswith("docs/"):
        page = path.removeprefix("docs/")
    return english(page) if page and (ROOT / path).exists() else None


def english(page: str) -> str:
    """The page as links name it, which lead to the reader's language."""
    return re.sub(r"\.zh\.md$", ".md", page)


def other_language(page: str) -> str:
    """Where an index page's twin in the other language is, seen from it."""
    folder = posixpath.dirname(page)
    ways = posixpath.join("zh", folder), folder or "."
    return posixpath.relpath(*(ways if page == english(page) else reversed(ways))) + "/"


def relinked(markdown: str, source: str, page: str) -> str:
    """The text of the file ``source`` for the site: links lead to pages; the text of others stays."""
    def one(match: re.Match[str]) -> str:
        mark, text, target, anchor = match[1], relinked(match[2], source, page), match[3], match[4] or ""
        path = posixpath.normpath(posixpath.join(posixpath.dirname(source), target))
        found = page_of(path)
        if found is None:
            return text if (ROOT / path).exists() else match[0]
        if found == english(page) and path != source:
            return f'<a href="{other_language(page)}">{text}</a>'
        return f"{mark}[{text}]({posixpath.relpath(found, posixpath.dirname(page) or '.')}{anchor})"

    return outside_code(lambda text: LINK.sub(one, text), markdown)


def outside_code(change: Callable[[str], str], markdown: str) -> str:
    """Markdown with ``change`` applied to all but its blocks of code."""
    parts = re.split(r"(^```.*?^```[^\S\n]*$)", markdown, flags=re.MULTILINE | re.DOTALL)
    return "".join(part if part.startswith("```") else change(part) for part in parts)


def anchored(chinese: str, original: str, slug: Callable[[str, str], str]) -> str:
    """The Chinese page with the anchors of its English original, so that a link leads to the same place in both."""
    headings: list[str] = []
    outside_code(lambda text: headings.extend(HEADING.findall(text)) or text, original)
    anchors = iter(headings)
    return outside_code(lambda text: HEADING.sub(lambda match: f"{match[0]} {{ #{slug(next(anchors), '-')} }}", text),
                        chinese)


def unbroken(text: str) -> str:
    """Chinese whose lines end inside a sentence: browsers would show a blank there."""
    return re.sub(r"(?<=[\u3001-\u9fff\uff01-\uff5e])\n(?=[\u3001-\u9fff\uff01-\uff5e])"
                  r"|(?<=[\u3001-\u3011\uff01-\uff1f])\n(?=[\w`\[])", "", text)


def subscripts(text: str) -> str:
    """Text in which x[0][1] is no link to something called 1."""
    return re.sub(r"(`[^`]*`)|\]\[", lambda match: match[1] or "]\\[", text)
