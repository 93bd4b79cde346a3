"""The language in which the command speaks, and texts that are the same sentences in each language."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

LANGUAGES = ("en", "zh")
_spoken: ContextVar[str] = ContextVar("spoken", default="en")


@contextmanager
def speaking(lang: str) -> Iterator[None]:
    """The language of all ``Texts`` inside the block; English outside of any."""
    before = _spoken.set(lang)
    try:
        yield
    finally:
        _spoken.reset(before)


def spoken() -> str:
    """The language of the innermost `speaking` block."""
    return _spoken.get()


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
