"""Which page of the reference has which public name; what no page places goes to the end of its package's page."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = Path(__file__).parents[1] / "reference"
API = ROOT / "tests" / "support" / "public_api.txt"
MORE = "<!-- what no page places -->"
# public names of modules that the list of names leaves out, as each has one or two
FURTHER = ["autograd.lower.c.source", "autograd.lower.numpy.lower", "autograd.lower.jax.lower",
           "autograd.lower.jax.checks"]
# ops that a star import leaves out, as Python has functions of these names
BUILTIN = ["autograd.abs", "autograd.pow", "autograd.round", "autograd.sum"]


def public_names() -> list[str]:
    """All public names with their module, each once: `nn.Adam` stands for `nn.optim.Adam`."""
    found: list[str] = []
    for section in API.read_text("utf-8").split("\n\n"):
        head, *lines = section.splitlines()
        for line in lines:
            if name := re.match(r"(?:class )?(\w+)", line):
                module = head.removeprefix("# ")
                package = module.partition(".")[0]
                if f"{package}.{name[1]}" not in found:
                    found.append(f"{module}.{name[1]}")
    return [*found, *FURTHER, *BUILTIN]


def placed(text: str) -> list[str]:
    """The names that a page has sections for."""
    return re.findall(r"^::: ([\w.]+)$", text, re.MULTILINE)


def pages() -> dict[str, str]:
    """The Markdown of each page by its file's name, complete: every public name is on one of them."""
    texts = {path.name: path.read_text("utf-8") for path in sorted(PAGES.glob("*.md")) if ".zh." not in path.name}
    there = {name for text in texts.values() for name in placed(text)}
    missing = [name for name in public_names() if name not in there]
    for page, text in texts.items():
        if MORE in text:
            rest = [name for name in missing if name.partition(".")[0] == page.removesuffix(".md")]
            sections = "\n\n".join(f"::: {name}" for name in rest)
            texts[page] = text = text.replace(MORE, f"## More\n\n{sections}\n" if rest else "")
        if "\n## " not in text:     # no groups: a name is a section of the page itself
            texts[page] = re.sub(r"^(::: .+)$", r"\1\n    options:\n      heading_level: 2", text, flags=re.MULTILINE)
    return texts
