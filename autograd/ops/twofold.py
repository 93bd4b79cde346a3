"""A product and a difference together with their rounding errors, on floats, Values or symbols alike."""

from typing import Any

SPLIT = 2.0**27 + 1.0       # Veltkamp's constant: cuts a double into two halves of 26 bits


def product(x: Any, y: Any) -> tuple[Any, Any]:
    """x * y as a rounded product and its exact error (Dekker 1971).

    >>> product(0.1, 10.0)
    (1.0, 5.551115123125783e-17)
    """
    a, b, out = x * SPLIT, y * SPLIT, x * y
    x1, y1 = a - (a - x), b - (b - y)
    x2, y2 = x - x1, y - y1
    return out, x2 * y2 - (((out - x1 * y1) - x2 * y1) - x1 * y2)


def difference(x: Any, y: Any) -> tuple[Any, Any]:
    """x - y as a rounded difference and its exact error (Knuth's two-sum).

    >>> difference(1.0, 1e-20)
    (1.0, -1e-20)
    """
    out = x - y
    back = x - out
    return out, (x - (out + back)) - (y - back)
