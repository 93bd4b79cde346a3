"""The language of pictures and of the command, and texts that are the same sentences in each language."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

LANGUAGES = ("en", "zh")
_spoken: ContextVar[str | None] = ContextVar("spoken", default=None)
_set = LANGUAGES[0]     # one name, bound anew by one assignment: threads see the old language or the new one


def set_language(lang: str) -> None:
    """Set the language of pictures, charts and reports whose ``lang`` is not given: "en", as it is at first, or "zh".

    It is a setting of the process, as a locale is, and holds in all threads and in all cells of a notebook, from the
    next picture on. Pictures that were made before keep their language. No number depends on it.

    >>> from autograd import Value
    >>> from viz import draw_dot, set_language
    >>> set_language("zh")
    >>> "值" in draw_dot(Value(2.0)).source, "值" in draw_dot(Value(2.0), lang="en").source
    (True, False)
    >>> set_language("en")
    """
    global _set
    _set = _checked(lang)


def _checked(lang: str) -> str:
    if not (isinstance(lang, str) and lang in LANGUAGES):
        raise ValueError(f"lang: expected 'en' or 'zh', not {lang!r}")
    return lang


def chosen(lang: str | None) -> str:
    """The argument ``lang`` of a picture: itself, or for None the language that is spoken; a ValueError for another."""
    return spoken() if lang is None else _checked(lang)


@contextmanager
def speaking(lang: str) -> Iterator[None]:
    """The language of all ``Texts`` inside the block, whatever `set_language` says."""
    before = _spoken.set(lang)
    try:
        yield
    finally:
        _spoken.reset(before)


def spoken() -> str:
    """The language of the innermost `speaking` block; outside of any, that of `set_language`."""
    return _spoken.get() or _set


def asked_for(argv: list[str]) -> str:
    """The language that ``--lang`` among these arguments names; English where it names none.

    It is known before the arguments are read, since they may have errors.

    >>> asked_for(["a*b", "--lang", "zh"]), asked_for(["--lang=zh"]), asked_for(["--", "--lang", "zh"])
    ('zh', 'zh', 'en')
    """
    before = argv[:argv.index("--")] if "--" in argv else argv
    named = [following if word == "--lang" else word.removeprefix("--lang=")
             for word, following in zip(before, [*before[1:], ""], strict=False) if word.partition("=")[0] == "--lang"]
    return named[-1] if named and named[-1] in LANGUAGES else LANGUAGES[0]


class Texts:
    """The texts of one subject: by key the sentence in each language, with places ``{}`` for what a call gives.

    >>> greeting = Texts({"hello": ("hello, {}", "{}，你好")})
    >>> greeting("hello", "Ada")
    'hello, Ada'
    >>> with speaking("zh"):
    ...     greeting("hello", "Ada")
    'Ada，你好'
    """

    def __init__(self, rows: Mapping[str, tuple[str, str]]) -> None:
        self.words = {lang: {key: row[i] for key, row in rows.items()} for i, lang in enumerate(LANGUAGES)}

    def __call__(self, key: str, *given: object, lang: str | None = None) -> str:
        """The text, in the language that is spoken or in ``lang``."""
        return self.words[lang or spoken()][key].format(*given)

    def counted(self, key: str, n: int, *given: object) -> str:
        """The text ``key``, or ``key_1`` of one; ``n`` is its first place."""
        return self(f"{key}_1" if n == 1 else key, f"{n:,}", *given)
