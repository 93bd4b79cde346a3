"""Runs the notebooks and their twins, and renews their outputs, small and reproducible.

`python tests/tools/renew_notebooks.py` renews all; with `1_chain_rule.ipynb` this one and its twin; with
`zh/1_chain_rule.ipynb` the twin alone. A twin's code follows the original, and what is not translated, or was
translated from an older text, is printed. Add `--translated` once the translations are right again.
"""

import base64
import io
import os
import re
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from PIL import Image, ImageChops

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.tools import notebook_twins as twins  # noqa: E402
from viz import plot_loss  # noqa: E402
from viz.rendering import chart_fonts  # noqa: E402
from viz.rendering.fonts import message  # noqa: E402
from viz.rendering.formats import unreadable  # noqa: E402

NOTEBOOKS = ROOT / "notebooks"
WIDEST, TALLEST = 1600, 2000        # pixels
FEW, MANY = 128, 256        # colours of a picture: letters and lines need few, shades more
OFF, SHARE = 6, 0.01        # a shade that is further off is seen, in more pixels than this share


def renewed(book, folder):
    """The notebook, run from top to bottom in its folder, with this checkout's packages."""
    os.environ["PYTHONPATH"] = str(ROOT)
    NotebookClient(book, timeout=600, coalesce_streams=True, resources={"metadata": {"path": str(folder)}}).execute()
    book.metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
                     "language_info": {"name": "python"}}
    for number, cell in enumerate(book.cells, 1):
        cell.id = f"cell-{number}"
        if cell.cell_type == "code":
            cell.metadata = {}      # holds the times of execution
        for output in cell.get("outputs", ()):
            if "data" in output:
                smaller(output)
                if "text/plain" in output.data:     # an address in memory is another one each time
                    output.data["text/plain"] = re.sub(" at 0x[0-9a-f]+", "", output.data["text/plain"])
    return book


def smaller(output):
    """Where there is a PNG the SVG goes, which some sites do not show; the PNG gets a palette and a width."""
    png = output.data.get("image/png")
    if png is None:
        return
    vector = output.data.pop("image/svg+xml", None)
    picture = Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB")
    wide = picture.width // 2 if vector else picture.width      # a graph comes with two pixels for one
    scale = min(1.0, WIDEST / picture.width, TALLEST / picture.height)
    if scale < 1.0:
        size = round(picture.width * scale), round(picture.height * scale)
        picture = picture.resize(size, Image.Resampling.LANCZOS)
    file = io.BytesIO()
    with_palette(picture, shades=not vector).save(file, "PNG", optimize=True)
    output.data["image/png"] = base64.b64encode(file.getvalue()).decode()
    output.metadata = {"image/png": {"width": min(wide, 1000)}}


def with_palette(picture, shades):
    """The picture in few colours; a chart in more if its shades would be other ones."""
    few = picture.quantize(FEW, Image.Quantize.MAXCOVERAGE)
    off = ImageChops.difference(picture, few.convert("RGB")).convert("L").histogram()
    if not shades or sum(off[OFF:]) <= SHARE * sum(off):
        return few
    return picture.quantize(MANY, Image.Quantize.MAXCOVERAGE, kmeans=3)


def read(path):
    return nbformat.read(path, as_version=4) if path.exists() else None


def renew(path, translated):
    """Run a notebook, or a twin, and write it anew."""
    language = path.parent.name if path.parent != NOTEBOOKS else None
    if language is None:
        book = renewed(read(path), NOTEBOOKS)
    else:
        original = read(NOTEBOOKS / path.name)
        twin = twins.joined(original, read(path), language)
        if translated:
            twins.accept(original, twin)
        book = renewed(twin, path.parent)
        twins.with_results(original, book)
        for fault in twins.faults(original, book, language):
            print(f"{language}/{path.name}: {fault}")
    path.parent.mkdir(exist_ok=True)
    nbformat.write(book, path)
    print(f"{path.relative_to(NOTEBOOKS)}: {path.stat().st_size // 1000} kB")


def chosen(names):
    """The paths of notebooks by name; of an original also its twins."""
    for name in names or sorted(path.name for path in NOTEBOOKS.glob("*.ipynb")):
        if Path(name).parent.name in twins.LANGUAGE_CELLS:
            yield NOTEBOOKS / Path(name).parent.name / Path(name).name
        else:
            yield NOTEBOOKS / Path(name).name
            yield from (NOTEBOOKS / language / Path(name).name for language in twins.LANGUAGE_CELLS)


def check_fonts():
    """Stop where a picture or a chart of a twin would have boxes for its Chinese characters."""
    chart = plot_loss({"loss": [1.0]}, lang="zh")
    if missing := unreadable('graph { n [label="上游局部贡献"] }') or chart_fonts.missing_in(chart):
        raise SystemExit(message(missing, "en"))


if __name__ == "__main__":
    check_fonts()
    arguments = sys.argv[1:]
    for path in chosen([name for name in arguments if name != "--translated"]):
        renew(path, "--translated" in arguments)
