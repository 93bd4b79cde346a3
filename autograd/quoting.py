"""How a message shows text that comes from a user."""


def printable(text: str, longest: int = 40) -> str:
    r"""``text`` on one line: characters that could steer a terminal become escapes, and long text ends in "...".

    >>> print(printable("a\x1b[2Jb"), printable("a" * 99, 9))
    a\x1b[2Jb aaaaaa...
    """
    line = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text[:longest + 1])
    return line if len(line) <= longest else line[:longest - 3] + "..."


def quoted(text: str, longest: int = 40) -> str:
    """`printable` text between quotes.

    >>> print(quoted("a" * 99, 9))
    'aaaaaa...'
    """
    return f"'{printable(text, longest)}'"
