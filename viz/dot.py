"""How a picture looks: its colours, widths and labels, written in the DOT language."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

from autograd import Value
from viz.flow import Arrow
from viz.frames import Frame
from viz.graph import Box, Card, Constant, Picture, picture
from viz.render import Drawing
from viz.text import number, total
from viz.words import WORDS, Words

FONT = "DejaVu Sans,Verdana,Arial,sans-serif"       # the first two have the same widths
INK, SOFT, FAINT, LINE = "#1f2937", "#6b7280", "#aeb4bf", "#d4d7df"
VALUE, PALE, FRAME = "#0b7a3e", "#f3f4f6", "#f8fafc"
# Blue and orange, not green and red: for colour vision, and because red means "up" in China.
BLUE, ORANGE, VIOLET = "#1d5fd6", "#d95f02", "#8b2fc9"
DARK = {BLUE: "#143a8c", ORANGE: "#7c2d06", VIOLET: "#521a78", FAINT: "#143a8c"}
BORDER = {"input": ("#94a3b8", 2.0), "weight": ("#94a3b8", 2.0), "operation": (LINE, 1.4), "root": (INK, 2.2)}
TERMS = 4           # terms of a gradient row that are spelled out
PLAIN = 'BORDER="0" CELLBORDER="0" CELLSPACING="0"'


def draw_dot(root: Value, *, rankdir: str = "LR", collapse: bool | str = "auto", lang: str = "en",
             groups: Mapping[str, Iterable[Value]] | None = None, weights: Iterable[Value] = ()) -> Drawing:
    """The graph of ``root``: every value, every gradient, and where each part of it came from.

    rankdir: from the inputs to the result: "LR" (left to right), "RL", "TB" or "BT".
    collapse: whether to fold a large graph into its youngest operations and a box; "auto" above
        about 300 cards.
    lang: "en" or "zh".
    groups: names of frames and the Values to draw inside each.
    weights: the leaves to be called weights and not inputs.

    Gradients are those of the last ``root.backward()``; before it, dashes. The result shows itself
    in notebooks, and is a ``graphviz.Digraph``; ``viz.write`` saves it.

    >>> a = Value(3.0, label="a")
    >>> draw_dot(a * a).source.startswith("digraph")
    True
    """
    if not isinstance(root, Value):
        raise TypeError(f"draw_dot draws one Value, not {type(root).__name__}")
    if rankdir not in WORDS["en"].forward:
        raise ValueError(f"rankdir: expected 'LR', 'RL', 'TB' or 'BT', not {rankdir!r}")
    if lang not in WORDS:
        raise ValueError(f"lang: expected 'en' or 'zh', not {lang!r}")
    if not (isinstance(collapse, bool) or collapse == "auto"):
        raise ValueError(f"collapse: expected 'auto', True or False, not {collapse!r}")
    return _Draughtsman(picture(root, collapse, groups, weights), WORDS[lang], rankdir).draw()


def html(text: str) -> str:
    r"""Text inside an HTML-like label; a backslash, too, would start an escape such as \N.

    >>> html('a<b & "c"\\N')
    'a&lt;b &amp; &quot;c&quot;&#92;N'
    """
    for character, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("\\", "&#92;")):
        text = text.replace(character, entity)
    return text


def colour(x: float) -> str:
    """Blue for positive, orange for negative, grey for zero, violet for nan."""
    return BLUE if x > 0 else ORANGE if x < 0 else FAINT if x == 0 else VIOLET


def tint(x: float, largest: float) -> str:
    """The colour of a row: the colour of ``x`` on white, stronger the closer to the largest.

    >>> tint(5.0, 5.0), tint(0.0, 5.0)
    ('#7ea4e8', '#f3f4f6')
    """
    if x == 0:
        return PALE
    strength = max(0.08, 0.57 * share(x, largest) ** 0.75)
    base = colour(x)
    mixed = (255 + (int(base[i:i + 2], 16) - 255) * strength for i in (1, 3, 5))
    return "#" + "".join(f"{round(channel):02x}" for channel in mixed)


def share(x: float, largest: float) -> float:
    """|x| as a part of the largest; 1 where it is not finite."""
    return abs(x) / largest if math.isfinite(x) and largest else 0.0 if x == 0 else 1.0


def font(text: str, size: float, ink: str = "", bold: bool = False) -> str:
    """Text, already escaped, in one size and colour."""
    text = f"<B>{text}</B>" if bold else text
    return f'<FONT POINT-SIZE="{size:g}"{f" COLOR={ink!r}" if ink else ""}>{text}</FONT>'.replace("'", '"')


def largest(numbers: Iterable[float | None]) -> float:
    """The largest finite magnitude; 0 without any."""
    return max((abs(x) for x in numbers if x is not None and math.isfinite(x)), default=0.0)


class _Draughtsman:
    """Draws one picture in one language and direction."""

    def __init__(self, picture: Picture, words: Words, rankdir: str) -> None:
        self.picture, self.words, self.rankdir = picture, words, rankdir
        self.names = {item.key: html(item.name) for item in picture.items if isinstance(item, Card)}
        self.strongest = largest(item.gradient for item in picture.items if not isinstance(item, Constant))
        self.widest = largest(arrow.contribution for arrow in picture.arrows)

    def draw(self) -> Drawing:
        drawing = Drawing(
            graph_attr={"rankdir": self.rankdir, "bgcolor": "white", "fontname": FONT, "fontcolor": INK,
                        "pad": "0.3", "nodesep": "0.4", "ranksep": "0.8", "labelloc": "t", "label": self.legend()},
            node_attr={"shape": "box", "style": "rounded,filled", "fillcolor": "white", "fontname": FONT,
                       "fontcolor": INK, "margin": "0.11,0.08", "height": "0", "width": "0"},
            edge_attr={"fontname": FONT, "dir": "back"})
        owner = {key: frame for frame in self.picture.frames for key in _keys(frame)}
        items = {item.key: item for item in self.picture.items}
        beside: dict[str, list[str]] = {}       # a constant is framed with the operation it belongs to
        for item in self.picture.items:
            if isinstance(item, Constant):
                beside.setdefault(item.consumer, []).append(item.key)
        framed: set[str] = set()
        for item in self.picture.items:
            frame = owner.get(item.consumer if isinstance(item, Constant) else item.key)
            if frame is None:
                self.node(drawing, item)
            elif frame.name not in framed:
                framed.add(frame.name)
                self.frame(drawing, frame, items, beside)
        for item in self.picture.items:
            if isinstance(item, Constant):
                drawing.edge(item.key, item.consumer, dir="forward", style="dashed", color=FAINT, arrowhead="vee",
                             arrowsize="0.8")
        for arrow in self.picture.arrows:
            self.edge(drawing, arrow)
        return drawing

    def frame(self, drawing: Any, frame: Frame, items: Mapping[str, Any], beside: Mapping[str, list[str]]) -> None:
        with drawing.subgraph(name=f"cluster_{min(_keys(frame))}") as cluster:
            cluster.attr(label=f"<{font(html(frame.name), 13, SOFT)}>", labeljust="l", style="rounded,filled",
                         fillcolor=FRAME, color=LINE, margin="14")
            for inner in frame.frames:
                self.frame(cluster, inner, items, beside)
            for key in frame.keys:
                for member in (*beside.get(key, ()), key):
                    self.node(cluster, items[member])

    # ---- cards ----

    def node(self, drawing: Any, item: Card | Constant | Box) -> None:
        if isinstance(item, Card):
            line, width = BORDER["root" if item is self.picture.root else item.kind]
            drawing.node(item.key, self.card(item, line), color=line, penwidth=f"{width:g}")
        elif isinstance(item, Constant):
            drawing.node(item.key, self.constant(item), color=LINE, fillcolor="#fafafa", style="rounded,filled,dashed")
        else:
            drawing.node(item.key, self.box(item), color=SOFT, fillcolor=PALE, peripheries="2")

    def card(self, card: Card, line: str) -> str:
        role = html(card.formula) or getattr(self.words, card.kind)
        value = font(html(number(card.value)), 17, VALUE, bold=True)
        rows = [f'<TR><TD ALIGN="LEFT">{font(self.names[card.key], 20, INK, bold=True)}</TD>'
                f'<TD ALIGN="RIGHT">{font("&#160;&#160;" + role, 14, SOFT)}</TD></TR><HR/>',
                f'<TR><TD ALIGN="LEFT">{font(self.words.value, 12, SOFT)}</TD><TD ALIGN="RIGHT">{value}</TD></TR>',
                self.gradient(card)]
        if card.held is not None:
            held = font(html(self.words.held.format(number(card.held))), 10, SOFT)
            rows.append(f'<TR><TD COLSPAN="2" ALIGN="RIGHT">{held}</TD></TR>')
        return f'<<TABLE {PLAIN} CELLPADDING="5" COLOR="{line}">{"".join(rows)}</TABLE>>'

    def gradient(self, card: Card) -> str:
        """The row of the gradient, with the sum that it is where several contributions arrive."""
        label = font(self.by(card.key), 12, INK)
        if card.gradient is None:
            ground, result = PALE, font("—", 17, SOFT)
        else:
            ground = tint(card.gradient, self.strongest)
            result = font(number(card.gradient), 17, DARK[colour(card.gradient)], bold=True)
            if len(card.terms) > 1:
                shown = total(card.terms[:TERMS]) + (f" + … ({len(card.terms)})" if len(card.terms) > TERMS else "")
                result = font(f"&#160;{shown} = ", 14, INK) + result
        if card is self.picture.root:
            label += font(f"&#160;&#160;{self.words.start}", 11, SOFT)
        # one cell of one colour around the two: beside each other they would show a seam
        return (f'<TR><TD COLSPAN="2" BGCOLOR="{ground}" CELLPADDING="0"><TABLE {PLAIN} CELLPADDING="5"><TR>'
                f'<TD ALIGN="LEFT">{label}</TD><TD ALIGN="RIGHT">{result}</TD></TR></TABLE></TD></TR>')

    def by(self, key: str) -> str:
        """The derivative that a row holds, for example ∂e/∂a; times the seed where that is not 1."""
        seed = self.picture.seed
        factor = "" if seed is None or seed == 1.0 else f"{number(seed)} "
        return f"{factor}∂{self.names[self.picture.root.key]}/∂{self.names[key]}"

    def constant(self, constant: Constant) -> str:
        many = len(constant.values)
        shown = ", ".join(map(number, constant.values[:3])) + (", …" if many > 3 else "")
        word = self.words.constant if many == 1 else self.words.constants.format(many)
        return (f'<<TABLE {PLAIN} CELLPADDING="3"><TR><TD>{font(shown, 17, SOFT)}</TD></TR>'
                f"<TR><TD>{font(word, 11, SOFT)}</TD></TR></TABLE>>")

    def box(self, box: Box) -> str:
        text = getattr(self.words, box.key).format(f"{box.count:,}")
        rows = [font(text, 16, INK, bold=True)]
        if box.gradient is not None:
            rows.append(font(self.words.reach.format(number(abs(box.gradient))), 12, SOFT))
        return "<" + "<BR/>".join(rows) + ">"

    # ---- arrows ----

    def edge(self, drawing: Any, arrow: Arrow) -> None:
        flow = arrow.contribution
        ink = FAINT if flow is None else colour(flow)
        width = 1.0 if not flow else 1.4 + 3.6 * share(flow, self.widest)
        drawing.edge(arrow.operand, arrow.consumer, self.arrow(arrow, ink), color=ink, penwidth=f"{width:.2f}",
                     arrowsize=f"{0.75 + 0.05 * width:.2f}")

    def arrow(self, arrow: Arrow, ink: str) -> str:
        """The local partial, and under it upstream × local = contribution."""
        rows = []
        if arrow.count > 1:
            rows.append(font(self.words.arrows.format(f"{arrow.count:,}"), 12, SOFT))
        elif arrow.partial is not None and arrow.consumer in self.names and arrow.operand in self.names:
            slope = f"∂{self.names[arrow.consumer]}/∂{self.names[arrow.operand]} = {number(arrow.partial)}"
            rows.append(font(slope, 12, SOFT))
        if arrow.contribution is not None:
            product = ""
            if arrow.upstream is not None and arrow.partial is not None:
                product = f"{number(arrow.upstream)} × {number(arrow.partial)} = "
            rows.append(font(f"{product}<B>{number(arrow.contribution)}</B>", 15, ink))
        cells = "".join(f"<TR><TD>{row}</TD></TR>" for row in rows)
        return f'<<TABLE {PLAIN} CELLPADDING="1">{cells}</TABLE>>' if rows else ""

    # ---- title and legend ----

    def legend(self) -> str:
        words, rows = self.words, []
        if self.picture.title:
            rows.append(font(html(self.picture.title), 24, INK, bold=True))
        forward = words.forward[self.rankdir]
        if self.picture.seed is None:
            rows += [font(forward + " " + words.local, 14, SOFT),
                     font(words.pending.format(self.names[self.picture.root.key]), 14, SOFT)]
        else:
            rows += [font(f"{forward} {words.back} ", 14, SOFT) + font(words.contribution, 14, INK, bold=True)
                     + font(words.stop, 14, SOFT),
                     font(words.sum + " ", 14, SOFT) + font(f"■ {words.positive}&#160;&#160;", 14, BLUE)
                     + font(f"■ {words.negative}", 14, ORANGE)]
        cells = "".join(f"<TR><TD>{row}</TD></TR>" for row in rows)
        return f'<<TABLE {PLAIN} CELLPADDING="3">{cells}<TR><TD HEIGHT="16"></TD></TR></TABLE>>'


def _keys(frame: Frame) -> list[str]:
    """The keys of all cards in a frame and in the frames inside it."""
    return [*frame.keys, *(key for inner in frame.frames for key in _keys(inner))]
