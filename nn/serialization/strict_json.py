"""Strict JSON: the standard library's parser, with one error for duplicate keys, nan, huge ints and deep nesting."""

import json
import math
import re
from collections import Counter
from typing import Any, BinaryIO, NoReturn

from autograd import AutogradError
from autograd.quoting import quoted

DEPTH = 64          # lists and objects inside each other
CHUNK = 2**20       # bytes read at a time
# Possessive, as in ++: a long string is looked at once.
_BRACKET = re.compile(r'"(?:[^"\\]++|\\.)*+"|[][{}]', re.DOTALL)


class ModelFormatError(AutogradError, ValueError):
    """A file is no model, or a damaged one; the message says what is wrong with it, and where.

    >>> from pathlib import Path
    >>> from nn import load
    >>> _ = Path("not_a_model.json").write_text("[1, 2")
    >>> load("not_a_model.json")                # doctest: +ELLIPSIS
    Traceback (most recent call last):
    nn.serialization.strict_json.ModelFormatError: not_a_model.json: line 1, column 6, at the end: ...
    """


def short(*values: Any) -> str:
    """Values of a file as a message shows them, however large they are."""
    shown = (quoted(x) if isinstance(x, str) else repr(x)[:40] if isinstance(x, int) else type(x).__name__
             for x in values[:4])
    return ", ".join(shown) + (", ..." if len(values) > 4 else "")


def read_capped(file: BinaryIO, size: int, cap: int) -> bytearray:
    """The bytes of an open file of ``size``, at most ``cap`` of them, also where it grows or is a pipe without end."""
    data = bytearray()
    while max(size, len(data)) <= cap:
        chunk = file.read(CHUNK)
        if not chunk:
            return data
        data += chunk
    raise ModelFormatError(f"it is larger than {cap} bytes, the most that a model of this size takes; for a larger "
                           "model call nn.load(path, model)")


def parse(data: bytes | bytearray) -> Any:
    """The value of a JSON text in UTF-8. Floats may be inf, and strings may have half of a surrogate pair.

    Numbers with a fraction or an exponent are floats, others ints; these fit a float.
    """
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise ModelFormatError(f"byte {error.start} begins bytes that are not UTF-8; take another copy") from None
    try:
        _check_depth(text)
        return json.loads(text, object_pairs_hook=_object, parse_int=_int, parse_constant=_not_finite)
    except json.JSONDecodeError as error:
        here = text[error.pos:error.pos + 20]
        raise ModelFormatError(f"line {error.lineno}, column {error.colno}, at {repr(here) if here else 'the end'}: "
                               f"{error.msg}; take another copy") from None


def _check_depth(text: str) -> None:
    """Raise for more than `DEPTH` levels: the parser would recurse, and the recursion limit may be set too high."""
    depth = 0
    for found in _BRACKET.finditer(text):
        first = text[found.start()]
        depth += (first in "[{") - (first in "]}")
        if depth > DEPTH:
            raise ModelFormatError(f"more than {DEPTH} lists and objects inside each other, as no saved model has")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice, _ = Counter(key for key, _ in pairs).most_common(1)[0]
        raise ModelFormatError(f"the key {short(twice)} stands in one object a second time; remove one of them")
    return found


def _int(digits: str) -> int:
    if math.isinf(float(digits)):       # and int() refuses, or needs quadratic time for, very many digits
        raise ModelFormatError(f"a number beyond 1.8e308, {digits[:20]}..., which does not fit a float")
    return int(digits)


def _not_finite(word: str) -> NoReturn:
    raise ModelFormatError(f'{word} is not JSON; write "#nan", "#inf" or "#-inf"')
