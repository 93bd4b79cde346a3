"""The cells of a card's or arrow's label: their texts, fonts and alignment, as Graphviz draws them one by one."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass(frozen=True)
class Run:
    """A piece of text in one font."""

    text: str
    size: str
    ink: str
    bold: bool
    italic: bool


@dataclass
class Cell:
    """One cell of a label."""

    align: str = "CENTER"
    background: str = ""            # of the row around it, where that has a colour
    last: bool = False              # in its row
    runs: list[Run] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.cells: list[Cell] = []
        self.backgrounds: list[str] = []
        self.open: list[Cell] = []
        self.fonts: list[tuple[str, str]] = []
        self.bold = self.italic = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "td":
            background = given.get("bgcolor", "")
            if background:
                self.backgrounds.append(background)
            self.open.append(Cell(given.get("align", "CENTER"),
                                  background or (self.open[-1].background if self.open else "")))
        elif tag == "font":
            self.fonts.append((given.get("point-size", "14"), given.get("color", "black")))
        elif tag == "br" and self.open:
            self._close_row()
        self.bold += tag == "b"
        self.italic += tag == "i"

    def handle_endtag(self, tag: str) -> None:
        if tag == "td":
            self._close_row()
            self.open.pop()
        elif tag == "tr" and self.cells:
            self.cells[-1].last = True
        elif tag == "font":
            self.fonts.pop()
        self.bold -= tag == "b"
        self.italic -= tag == "i"

    def handle_data(self, data: str) -> None:
        if not self.open:           # a label without a table
            self.open.append(Cell())
        size, ink = self.fonts[-1] if self.fonts else ("14", "black")
        # a backslash is doubled for Graphviz
        self.open[-1].runs.append(Run(data.replace("\\\\", "\\"), size, ink, self.bold > 0, self.italic > 0))

    def _close_row(self) -> None:
        cell = self.open[-1]
        if cell.runs:
            self.cells.append(Cell(cell.align, cell.background, runs=cell.runs))
            cell.runs = []


def cells(label: str) -> tuple[list[Cell], list[str]]:
    """The cells of an HTML-like label that hold text, and the colours behind cells.

    >>> found, colours = cells('<<TABLE><TR><TD ALIGN="LEFT"><B>b</B></TD><TD BGCOLOR="red">2 + 3</TD></TR></TABLE>>')
    >>> [(cell.align, cell.text) for cell in found], colours
    ([('LEFT', 'b'), ('CENTER', '2 + 3')], ['red'])
    """
    reader = _Reader()
    reader.feed(label[1:-1])
    reader.close()
    if reader.open and reader.open[-1].runs:
        reader._close_row()
    return reader.cells, reader.backgrounds
