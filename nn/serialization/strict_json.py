"""A reader of strict JSON that knows, before it builds anything, how much memory that will take."""

import json
import math
import re
from collections.abc import Callable
from typing import Any, NoReturn

from autograd import AutogradError

DEPTH = 64          # lists and objects inside each other
DIGITS = 400        # characters of a number: a float needs 24, the largest int that fits a float 310
TIMES, SPARE = 4, 44_000    # the memory that reading may take: so many times the file, and what any file may

# bytes of Python's objects, with the space that lists and dicts keep for growing
LIST, ITEM, FLOAT, INT, TEXT = 96, 10, 24, 32, 50       # INT and TEXT: and one for each character
DICT, ENTRY = 190, 70

# Possessive, as in ++ and *+: what matched is not given back, and needs no memory to remember how it could be.
_SPACE = rb"[ \t\n\r]*+"
_VALUE = re.compile(_SPACE + rb"""(?:
    (?P<number> -?(?:0|[1-9][0-9]*+) (?P<fraction> (?:\.[0-9]++)? (?:[eE][+-]?[0-9]++)? ) ) |
    (?P<text> "[^"\\\x00-\x1f]*+ (?:\\["\\/bfnrtu][^"\\\x00-\x1f]*+)*+" ) |
    (?P<word> true | false | null ) |
    (?P<list> \[ ) | (?P<dict> \{ ) )""", re.VERBOSE)
_MARK = re.compile(_SPACE + rb"([]},:]|\Z)")
# Up to 64 floats as they are usually written, which are most of a file. In (?>...), not with a + behind the
# braces: until Python 3.11.4 that kept the half of a last one that did not match.
_FLOAT = rb"-?(?:0|[1-9][0-9]{0,24}+)(?:\.[0-9]{1,24}+(?:[eE][+-]?[0-9]{1,2}+)?|[eE][+-]?[0-9]{1,2}+)(?![0-9.eE+-])"
_FLOATS = re.compile(_SPACE + rb"(" + _FLOAT + rb"(?>(?:,[ ]?" + _FLOAT + rb"){0,63}))")
_WIDE = re.compile(rb"[\x80-\xff]|\\u")
_SKIP = re.compile(_SPACE)
_HALF = re.compile("[\ud800-\udfff]")
_WORDS = {b"true": True, b"false": False, b"null": None}


class ModelFormatError(AutogradError, ValueError):
    """A file is no model, or a damaged one; the message says what is wrong with it, and where."""


def short(*values: Any) -> str:
    """Values of a file as a message shows them, however large they are."""
    shown = (repr(x[:40]) if isinstance(x, str) else repr(x)[:40] if isinstance(x, int) else type(x).__name__
             for x in values[:4])
    return ", ".join(shown) + (", ..." if len(values) > 4 else "")


class Room:
    """The memory that reading a file may take, asked for before anything is built: now, and at its most."""

    def __init__(self, limit: float) -> None:
        self.limit, self.taken, self.most = limit, 0, 0

    def take(self, size: int) -> None:
        self.taken += size
        if self.taken > self.most:
            self.most = self.taken
            if self.taken > self.limit:
                raise ModelFormatError(f"it describes what takes more than {TIMES} times its own size in memory, "
                                       "as no saved model does")


def parse(text: bytes, room: Room, special: Callable[[str], Any] = str) -> Any:
    """The value of a JSON text in UTF-8; ``special`` makes something of each string that is no key.

    Numbers with a fraction or an exponent are floats, others ints; all have to fit a float.
    """
    reader = _Reader(text, room, special)
    x = reader.value(0)
    reader.mark("the end", b"")
    return x


class _Reader:
    def __init__(self, text: bytes, room: Room, special: Callable[[str], Any]) -> None:
        self.text, self.take, self.special = text, room.take, special
        self.at = self.start = 0        # what is read next, and where the last token began

    def value(self, depth: int) -> Any:
        found = self.token("a value")
        kind = found.lastgroup
        if kind == "number":
            return self.number(found)
        if kind == "word":
            return _WORDS[found["word"]]
        if kind == "text":
            place = self.start
            x = self.string()
            try:
                return self.special(x)
            except ModelFormatError as error:
                self.wrong(str(error), place)
        if depth >= DEPTH:
            self.wrong(f"more than {DEPTH} lists and objects inside each other")
        return self.list(depth + 1) if kind == "list" else self.dict(depth + 1)

    def list(self, depth: int) -> Any:
        items: list[Any] = []
        self.take(LIST)
        if self.ends(b"]"):
            return items
        while True:
            floats = _FLOATS.match(self.text, self.at)
            if floats:
                texts = floats[1].split(b",")
                self.take(len(texts) * (ITEM + FLOAT))
                items += map(float, texts)
                self.at = floats.end()
            else:
                self.take(ITEM)
                items.append(self.value(depth))
            if self.mark("',' or ']'", b",", b"]") == b"]":
                return items

    def dict(self, depth: int) -> Any:
        items: dict[str, Any] = {}
        self.take(DICT)
        if self.ends(b"}"):
            return items
        while True:
            if self.token("a key in double quotes").lastgroup != "text":
                self.wrong("expected a key in double quotes")
            self.take(ENTRY)
            place = self.start
            key = self.string()
            if key in items:
                self.wrong("this key stands here a second time", place)
            self.mark("':'", b":")
            items[key] = self.value(depth)
            if self.mark("',' or '}'", b",", b"}") == b"}":
                return items

    def number(self, found: re.Match[bytes]) -> float:
        if self.at - self.start > DIGITS:
            self.wrong(f"a number of {self.at - self.start} characters")
        text = found["number"]
        x = float(text)
        if math.isinf(x):
            self.wrong("a number beyond 1.8e308, which does not fit a float")
        self.take(FLOAT if found["fraction"] else INT + len(text))
        return x if found["fraction"] else int(text)

    def string(self) -> str:
        """The string that was the last token. On the way there are up to three copies of it."""
        start, end = self.start, self.at
        escaped = self.text.find(b"\\", start, end) >= 0
        wide = _WIDE.search(self.text, start, end) is not None      # maybe four bytes per character
        self.take(TEXT + (end - start) * (12 if wide else 3 if escaped else 1))
        try:
            x = str(memoryview(self.text)[start:end] if escaped else memoryview(self.text)[start + 1:end - 1], "utf-8")
            x = json.loads(x) if escaped else x
        except UnicodeDecodeError as error:
            self.wrong("bytes that are not UTF-8", start + error.start + (not escaped))
        except json.JSONDecodeError:
            self.wrong("an escape that is not \\u and four digits")
        if wide and _HALF.search(x):
            self.wrong("half of a surrogate pair, which is no character")
        return x

    # ---- tokens, and what to say where there is none ------------------------------------------------

    def token(self, name: str) -> re.Match[bytes]:
        found = _VALUE.match(self.text, self.at)
        if found is None:
            self.wrong(f"expected {name}", self.at)
        self.start, self.at = found.start(found.lastgroup or 0), found.end()
        return found

    def mark(self, names: str, *marks: bytes) -> bytes:
        found = _MARK.match(self.text, self.at)
        if found is None or found[1] not in marks:
            self.wrong(f"expected {names}", self.at)
        self.at = found.end()
        return found[1]

    def ends(self, mark: bytes) -> bool:
        """Whether the list or object that was opened is empty."""
        found = _MARK.match(self.text, self.at)
        if found is None or found[1] != mark:
            return False
        self.at = found.end()
        return True

    def wrong(self, what: str, place: int | None = None) -> NoReturn:
        """Raise; the message says where: at ``place``, or the last token."""
        place = _SKIP.match(self.text, self.start if place is None else place).end()   # type: ignore[union-attr]
        line = self.text.count(b"\n", 0, place) + 1
        column = place - self.text.rfind(b"\n", 0, place)
        here = self.text[place:place + 20].decode("utf-8", "replace")
        raise ModelFormatError(f"line {line}, column {column}, at {repr(here) if here else 'the end'}: {what}")
