"""The colours of all pictures and charts, and the colour that stands for a number."""

import math
from collections.abc import Iterable

INK, SOFT, FAINT, PALE, LINE, VALUE = "#1f2937", "#6b7280", "#aeb4bf", "#f3f4f6", "#d4d7df", "#0b7a3e"
# Blue and orange instead of green and red: for colour-blind readers, and because red means "up" in China.
BLUE, ORANGE, VIOLET = "#1d5fd6", "#d95f02", "#8b2fc9"
RED = "#c81e1e"     # only for the first nan or infinity
DARK = {BLUE: "#143a8c", ORANGE: "#7c2d06", VIOLET: "#521a78", FAINT: "#143a8c"}


def sign_colour(x: float) -> str:
    """Blue for positive, orange for negative, grey for zero, violet for nan."""
    return BLUE if x > 0 else ORANGE if x < 0 else FAINT if x == 0 else VIOLET


def tint(x: float, largest: float) -> str:
    """The background of a number: `sign_colour` mixed with white, stronger the closer ``x`` is to the largest.

    >>> tint(5.0, 5.0), tint(0.0, 5.0)
    ('#7ea4e8', '#f3f4f6')
    """
    if x == 0:
        return PALE
    strength = max(0.08, 0.57 * relative_size(x, largest) ** 0.75)
    mixed = (255 + (channel - 255) * strength for channel in channels(sign_colour(x)))
    return "#" + "".join(f"{round(channel):02x}" for channel in mixed)


def channels(colour: str) -> tuple[int, int, int]:
    """Red, green and blue of a colour, from 0 to 255.

    >>> channels("#ff0010")
    (255, 0, 16)
    """
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def relative_size(x: float, largest: float) -> float:
    """abs(x) / largest; 1 if ``x`` is not finite."""
    return abs(x) / largest if math.isfinite(x) and largest else 0.0 if x == 0 else 1.0


def largest_magnitude(numbers: Iterable[float | None]) -> float:
    """The largest finite magnitude; 0 if there is none. None counts as no number."""
    return max((abs(x) for x in numbers if x is not None and math.isfinite(x)), default=0.0)
