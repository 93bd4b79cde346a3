"""What mkdocs does beside its plugins: pages from outside docs, the reference, notes on untranslated pages."""

import contextlib
import io
import re
import shutil
import sys
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import CombinedEvent, event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parent))

import notebook_pages
import reference
import reference_zh
import sources

ROOT = sources.ROOT
PLAYGROUND = ROOT / "docs" / "playground" / "build"     # `npm run build` in docs/playground makes it
ENGLISH_ONLY = '!!! note "本页只有英文"\n    这一页还没有中文版，下面是英文原文。\n\n'
HELP = "<!-- help of the command -->"
DOOR = "<!-- playground -->"
made: dict[str, str | bytes] = {}        # by its place in the site


def on_config(config: MkDocsConfig) -> None:
    """The notebooks stand in the navigation in their order."""
    for entry in config.nav:
        if "Notebooks" in entry:
            listed = ["notebooks/index.md"]
            entry["Notebooks"] = listed + [page for page in sources.notebooks().values() if ".zh." not in page]


def make() -> None:
    """All pages that are not files of docs."""
    for path, page in sources.outside_pages().items():
        made[page] = sources.relinked((ROOT / path).read_text("utf-8"), path, page)
    for path, page in sources.notebooks().items():
        text, files = notebook_pages.notebook_page(ROOT / path, page.removesuffix(".md").replace(".", "_") + "_")
        made[page] = sources.relinked(text, path, page)
        made.update(files)


@event_priority(100)
def add_pages(files: Files, config: MkDocsConfig) -> None:
    """Before the languages are told apart."""
    if not made:
        make()
    for page in made:
        files.append(File(page, config.docs_dir, config.site_dir, config.use_directory_urls))


@event_priority(-200)
def add_contents(files: Files, config: MkDocsConfig) -> None:
    """After the languages are told apart, which forgets what generated files contain."""
    for file in files:
        if file.src_uri in made:
            content = made[file.src_uri]
            if isinstance(content, bytes):
                file.content_bytes = content
            else:
                file.content_string = content


on_files = CombinedEvent(add_pages, add_contents)


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """What is written for readers of the repository becomes what readers of the site need."""
    path = page.file.src_uri
    language = getattr(page.file, "locale_alternate_of", "en")
    if path.startswith("reference/"):
        name = path.removeprefix("reference/")
        markdown = reference.pages()[name]
        if language == "zh":
            markdown = reference_zh.page(name, markdown)
    elif path not in made:
        markdown = sources.relinked(markdown, f"docs/{path}", path)
    if not path.startswith("reference/"):
        markdown = sources.outside_code(sources.subscripts, markdown)
    if HELP in markdown:
        markdown = markdown.replace(HELP, help_texts(language))
    if DOOR in markdown:
        markdown = markdown.replace(DOOR, door(language))
    markdown = re.sub(r"^```py(?:thon)?\n(?=>>>)", "```pycon\n", markdown, flags=re.MULTILINE)
    markdown = re.sub(r" +# doctest: [+\w, ]+$", "", markdown, flags=re.MULTILINE)
    if path.endswith(".zh.md") and not path.startswith("notebooks/"):
        original = made.get(sources.english(path)) or (ROOT / "docs" / sources.english(path)).read_text("utf-8")
        markdown = sources.anchored(markdown, str(original), config.mdx_configs["toc"]["slugify"])
    if language == "zh":
        markdown = sources.outside_code(sources.unbroken, markdown)
    if language == "zh" and page.file.locale != "zh" and not path.startswith("reference/"):
        head, line, rest = markdown.partition("\n") if markdown.startswith("# ") else ("", "", markdown)
        markdown = f"{head}{line}\n{ENGLISH_ONLY}{rest}"
    return markdown


def help_texts(language: str) -> str:
    """What the command's --help prints, for each subcommand."""
    from viz.command.cli import main

    parts = []
    for command in ([], ["train"], ["predict"], ["check-engine"]):
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.suppress(SystemExit):
            main([*command, "--lang", language, "--help"])
        title = " ".join(["pathgrad", *command])
        parts.append(f"## `{title}`\n\n```text\n{printed.getvalue().strip()}\n```")
    return "\n\n".join(parts)


def door(language: str) -> str:
    """The way to the playground, or that this site was built without it."""
    if (PLAYGROUND / "index.html").exists():
        up, words = ("../../", "打开演练场") if language == "zh" else ("../", "Open the playground")
        return f'<a class="md-button md-button--primary" href="{up}playground/index.html">{words}</a>'
    if language == "zh":
        return ('!!! note "此处没有"\n    这份网站构建时没有包含演练场。'
                "先在 `docs/playground` 里运行 `npm run build`，再重新构建网站。")
    return ('!!! note "Not here"\n    This copy of the site was built without the playground. Run `npm run build` in '
            "`docs/playground`, then build the site again.")


@event_priority(-200)
def on_post_build(config: MkDocsConfig) -> None:
    """The playground is copied in; the theme keeps no address of another server."""
    site = Path(config.site_dir)
    if (PLAYGROUND / "index.html").exists():
        shutil.copytree(PLAYGROUND, site / "playground", dirs_exist_ok=True)
    for worker in site.glob("assets/javascripts/*.js"):
        text = worker.read_text("utf-8")      # the theme's fallbacks for diagrams and for pages opened as files
        worker.write_text(re.sub(r'"https://unpkg\.com/[^"]*"', '""', text), "utf-8")
