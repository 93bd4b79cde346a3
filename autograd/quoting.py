"""How a message shows text of the user's."""


def quoted(text: str, longest: int = 40) -> str:
    r"""Text of the user's within a message: quoted, cut, and with nothing that could steer a terminal.

    >>> print(quoted("a\x1b[2Jb"), quoted("a" * 99, 9))
    'a\x1b[2Jb' 'aaaaaa...'
    """
    line = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text[:longest + 1])
    return f"'{line}'" if len(line) <= longest else f"'{line[:longest - 3]}...'"
