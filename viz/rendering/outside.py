"""A function that draws in the place of Graphviz, as inside a web page, where neither a wheel nor a program can run."""

from collections.abc import Callable, Mapping

Draw = Callable[[str, str, str, Mapping[str, str]], str | bytes]
_draw: Draw | None = None


def draw_with(draw: Draw | None) -> None:
    """All pictures of this process are drawn by ``draw(source, format, engine, attributes)``; by Graphviz after None.

    It gets DOT text, a format ("svg") and a program of Graphviz ("dot"), and attributes of the graph to add, as
    {"size": "5,9!"}; it returns the picture, or raises an error whose text says why it cannot.
    """
    global _draw
    _draw = draw


def given() -> Draw | None:
    """The function of the last `draw_with`."""
    return _draw
