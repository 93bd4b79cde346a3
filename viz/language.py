"""The language of pictures that are not told one."""

LANGUAGES = ("en", "zh")

_set = "en"     # one name, bound anew by one assignment: threads see the old language or the new one


def set_language(lang: str) -> None:
    """Set the language of pictures whose ``lang`` is not given: "en", which it is at first, or "zh".

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


def chosen(lang: str | None) -> str:
    """``lang``, or for None the language that was set; a ValueError for any other."""
    return _set if lang is None else _checked(lang)


def _checked(lang: str) -> str:
    if not (isinstance(lang, str) and lang in LANGUAGES):
        raise ValueError(f"lang: expected 'en' or 'zh', not {lang!r}")
    return lang
