"""The text of a module: one line for each module inside, as deep as it lies."""

from collections.abc import Iterable
from typing import Any


def tree(name: str, children: Iterable[tuple[str, Any]], extra: str = "") -> str:
    """A module's text: its name, what is said of it, and its children by name, indented.

    >>> print(tree("Sequential", [("0", "Linear(2, 3)"), ("1", "Tanh()")]))
    Sequential(
      (0): Linear(2, 3)
      (1): Tanh()
    )
    """
    lines = [f"({key}): {text}".replace("\n", "\n  ") for key, text in children]
    if not lines:
        return f"{name}({extra})"
    return "\n  ".join([f"{name}(", *([extra] if extra else []), *lines]) + "\n)"


def text_of(module: Any) -> str:
    """The text of a module or of a function between modules."""
    return getattr(module, "__name__", None) or repr(module)


def folded(texts: list[str]) -> list[tuple[str, str]]:
    """Numbered texts, those that are equal and follow each other as one: ``(0-2): 3 x Linear(2, 2)``.

    >>> folded(["a", "b", "b"])
    [('0', 'a'), ('1-2', '2 x b')]
    """
    found: list[tuple[int, int, str]] = []
    for i, text in enumerate(texts):
        if found and found[-1][2] == text:
            found[-1] = (found[-1][0], i, text)
        else:
            found.append((i, i, text))
    return [(str(i), text) if i == j else (f"{i}-{j}", f"{j - i + 1} x {text}") for i, j, text in found]
