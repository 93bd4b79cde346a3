"""A committed notebook as a page: its text, code and outputs as they stand; nothing is executed."""

import base64
import json
import re
from html import escape
from pathlib import Path

from latex2mathml.converter import convert
from sources import outside_code

FORMULA = re.compile(r"\$\$(.+?)\$\$|(?<![\\$\w`])\$(?=\S)([^$\n`]+?)(?<=\S)\$(?![\w$])", re.DOTALL)


def notebook_page(path: Path, pictures: str) -> tuple[str, dict[str, bytes]]:
    """The page as Markdown, and the files beside it, whose names begin with ``pictures``."""
    cells = json.loads(path.read_text("utf-8"))["cells"]
    parts: list[str] = []
    files: dict[str, bytes] = {}
    for cell in cells:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            parts.append(outside_code(unfolded, outside_code(formulas, source)))
        elif cell["cell_type"] == "code":
            parts.append(fenced(source, "python"))
            for output in cell["outputs"]:
                parts.append(shown(output, pictures, files))
    return "\n\n".join(part for part in parts if part), files


def formulas(text: str) -> str:
    """TeX between dollars as MathML, which browsers draw without a script."""
    def one(match: re.Match[str]) -> str:
        return convert(match[1] or match[2], display="block" if match[1] else "inline").replace("\n", "")

    return FORMULA.sub(one, text)


def unfolded(text: str) -> str:
    """Markdown inside <details> is Markdown."""
    return re.sub(r"<details>", '<details markdown="1">', text)


def fenced(text: str, language: str) -> str:
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", text)), default=0))
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"


def shown(output: dict, pictures: str, files: dict[str, bytes]) -> str:
    """One output: a picture, else a page in a frame of its own (as the player is), else text."""
    data = output.get("data", {})
    if "image/png" in data:
        name = f"{pictures}{len(files) + 1}.png"
        files[name] = base64.b64decode("".join(data["image/png"]))
        words = escape(re.sub(r"[\[\]\s]+", " ", "".join(data.get("text/plain", "picture")))[:80])
        return f'<div class="output" markdown="1">\n\n![{words}]({name.rpartition("/")[2]})\n\n</div>'
    if "text/html" in data and "<iframe" in (html := "".join(data["text/html"])):
        return '<div class="output">' + re.sub(r"\n\s*\n", "\n", html) + "</div>"
    text = "".join(output.get("text", data.get("text/plain", "")))
    return f'<div class="output" markdown="1">\n\n{fenced(text, "text")}\n\n</div>' if text.strip() else ""
