"""The encoding of a file of text: UTF-8, UTF-16 with its mark, or the Western European one of older programs."""

import re
from dataclasses import dataclass

from autograd.quoting import quoted
from nn.tabular.bad_rows import DataError

MARK = "\ufeff"      # with which Excel knows UTF-8
MARKS = ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
WESTERN = "cp1252"   # has the letters of Latin-1, where that has control characters, too
BINARY = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"PAR1", b"%PDF")     # spreadsheets, gzip, Parquet, PDF
CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
UTF8_LETTER = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
BEYOND_ASCII = re.compile(rb"[\x80-\xff]")


@dataclass(frozen=True)
class Text:
    """A file's text behind its byte order mark, the mark, the encoding, and notes on it for the user."""

    text: str
    mark: str
    encoding: str
    notes: list[str]


def read_text(path: str) -> Text:
    """The text in a file; DataError for a file that has none."""
    try:
        with open(path, "rb") as file:
            data = file.read()
    except (OSError, ValueError) as error:      # ValueError: a name with \0 in it
        reason = getattr(error, "strerror", None) or str(error)
        raise DataError(f"{quoted(path, 60)} cannot be read: {reason}; give the name of a CSV file") from None
    encoding = next((name for mark, name in MARKS if data.startswith(mark)), "utf-8")
    no_text = DataError(f"{quoted(path, 60)} is no text; of a spreadsheet, save a sheet as CSV in UTF-8")
    if data.startswith(BINARY) or (b"\0" in data and encoding == "utf-8"):
        raise no_text
    notes = []
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding != "utf-8":
            raise DataError(f"{quoted(path, 60)} is damaged UTF-16; save it as CSV in UTF-8") from None
        if CONTROL.search(data):
            raise no_text from None
        encoding, text, note = _western(path, data, error.start)
        notes.append(note)
    if "\0" in text:
        raise no_text
    mark = text[:1] if text.startswith(MARK) else ""
    return Text(text[len(mark):], mark, encoding, notes)


def _western(path: str, data: bytes, start: int) -> tuple[str, str, str]:
    """Encoding and text of a file that is not UTF-8 from ``start`` on, and a note."""
    line = _line(data, start)
    # one broken letter in a file of UTF-8 would make two wrong ones of every other
    in_utf8 = sum(len(letter) for letter in UTF8_LETTER.findall(data))
    if 2 * in_utf8 > len(BEYOND_ASCII.findall(data)):
        raise DataError(f"{quoted(path, 60)} is in UTF-8, but not on line {line}; correct that line, or save the file "
                        "again as CSV in UTF-8")
    try:
        text = data.decode(WESTERN)
    except UnicodeDecodeError as error:
        raise DataError(f"{quoted(path, 60)} is neither in UTF-8, first on line {line}, nor in {WESTERN}, first on "
                        f"line {_line(data, error.start)}; save it as CSV in UTF-8") from None
    begin, end = text.rfind("\n", 0, start) + 1, text.find("\n", start)
    shown = text[max(begin, start - 15):start + 15 if end < 0 else min(end, start + 15)].strip()
    return WESTERN, text, (f"not in UTF-8, and read as Western European ({WESTERN}): line {line} has {quoted(shown)}; "
                           "if these letters are wrong, save it as CSV in UTF-8")


def _line(data: bytes, at: int) -> int:
    before = data[:at]
    return 1 + before.count(b"\n") + before.replace(b"\r\n", b"").count(b"\r")
