"""States as JSON text that people and other programs can read, every float to the bit: the format of ``.json``.

    {"format": "pathgrad", "version": 1, "checksum": "64 digits", "state": {"weight": [0.5, "#nan"], "epoch": 3}}

The checksum (nn/serialization/checksum.py) is that of the state, whatever the layout of the text; it may be missing.
A float is the shortest number that reads back as the same float. Floats without a number in JSON are strings: "#inf",
"#-inf", "#nan", and "#nan:" with the 16 hexadecimal digits of its bits for any other nan; a string of the state that
begins with # gets a second # in front.
"""

import json
import math
import struct
from collections.abc import Callable
from typing import Any, BinaryIO

from nn.serialization.checksum import checksum
from nn.serialization.strict_json import DEPTH, ModelFormatError, parse, read_capped, short

FORMAT, VERSION = "pathgrad", 1
_INFINITE = {"#inf": math.inf, "#-inf": -math.inf}
_NAN = struct.pack(">d", math.nan).hex()

Place = tuple[str | int, ...]                   # the keys that lead to it
Tensor = Callable[[Any, Place], str | None]     # the name of a list that is stored as a tensor, or None


def write(state: Any) -> bytes:
    """The file of a state."""
    written = text(state)       # raises the errors for entries that cannot be saved
    head = json.dumps({"format": FORMAT, "version": VERSION, "checksum": checksum(state)})
    return f'{head[:-1]}, "state": {written}}}\n'.encode()


def read(file: BinaryIO, size: int, cap: int) -> Any:
    """The state in an open file of ``size`` bytes, which may be ``cap``."""
    head = parse(read_capped(file, size, cap))
    check_head(head, VERSION)
    return check_state(restored(head["state"], special), head)


def check_head(head: Any, version: int | str) -> None:
    """Raise ModelFormatError unless this is the head of a model, with a state and of this version."""
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        raise ModelFormatError('it is no model saved by pathgrad: it does not say "format": "pathgrad"')
    found = head.get("version")
    if type(found) is not type(version) or found != version:
        raise ModelFormatError(f"it is of version {short(found)}, and this pathgrad reads version {short(version)}")
    if head.keys() - {"checksum"} != {"format", "version", "state"}:
        raise ModelFormatError(f"it has to have format, version and state, not {short(*head)}")


def check_state(x: Any, head: dict[str, Any]) -> Any:
    """The state, if its checksum is right; files of other programs may have none."""
    if not isinstance(x, dict):
        raise ModelFormatError("the state has to be a JSON object")
    if "checksum" in head and head["checksum"] != checksum(x):
        raise ModelFormatError('it is damaged: what it holds does not fit its checksum; take another copy, or where '
                               'you changed it on purpose remove "checksum"')
    return x


def restored(x: Any, special: Callable[[str], Any], path: Place = ()) -> Any:
    """The value that was written as ``x``: each string that is no key replaced by ``special`` of it, in place."""
    if isinstance(x, str):
        _check_characters(x, path)
        try:
            return special(x)
        except ModelFormatError as error:
            raise ModelFormatError(f"{_here(path)}: {error}") from None
    if isinstance(x, list):
        if math.inf in x or -math.inf in x:
            raise ModelFormatError(f"{_here(path)} has a number beyond 1.8e308, which does not fit a float")
        if set(map(type, x)) != {float}:
            x[:] = (restored(item, special, (*path, i)) for i, item in enumerate(x))
    elif isinstance(x, dict):
        for key, item in x.items():
            _check_characters(key, path)
            x[key] = restored(item, special, (*path, key))
    elif x in (math.inf, -math.inf):
        raise ModelFormatError(f"{_here(path)} is a number beyond 1.8e308, which does not fit a float")
    return x


def special(x: str) -> Any:
    """The value of the state that a string of a file stands for."""
    if not x.startswith("#"):
        return x
    if x.startswith("##"):
        return x[1:]
    if x in _INFINITE:
        return _INFINITE[x]
    name, _, bits = x.partition(":")
    if x == "#nan":
        return math.nan
    if name == "#nan" and len(bits) == 16 and set(bits) <= set("0123456789abcdef"):
        nan: float = struct.unpack(">d", bytes.fromhex(bits))[0]
        if nan != nan:
            return nan
    raise ModelFormatError("after # stands nan, inf, -inf or another #")


def text(x: Any, tensor: Tensor | None = None, path: Place = ()) -> str:
    """``x`` as JSON, one entry of a dict per line and a list of plain items on one."""
    if isinstance(x, str):
        return _quoted(f"#{x}" if x.startswith("#") else x, path)
    if x is None or isinstance(x, bool):
        return {None: "null", True: "true", False: "false"}[x]
    if isinstance(x, int):
        try:
            float(x)
        except OverflowError:
            raise ValueError(f"{place(path)} is an int beyond 1.8e308, which no file of a model holds; save it as a "
                             "string") from None
        return int.__repr__(x)
    if isinstance(x, float):
        return float.__repr__(x) if math.isfinite(x) else f'"{_not_finite(x)}"'
    if not isinstance(x, (dict, list)):
        advice = "; save its .data" if hasattr(x, "data") else ""
        raise TypeError(f"{place(path)} is of type {type(x).__name__}: a state consists of dicts, lists, floats, ints, "
                        f"bools, strings and None{advice}")
    if len(path) > DEPTH - 2:       # the file is one level more
        raise ValueError(f"{place(path[:3])}... is nested more than {DEPTH - 2} deep, or contains itself")
    if isinstance(x, list):
        name = tensor(x, path) if tensor else None
        if name is not None:
            return _quoted(f"#tensor:{name}", path)
        items = [text(item, tensor, (*path, i)) for i, item in enumerate(x)]
        return _lines("[]", items, path) if any(isinstance(item, (dict, list)) for item in x) else \
            f"[{', '.join(items)}]"
    for key in x:
        if not isinstance(key, str):
            raise TypeError(f"{place(path)} has the key {key!r}: the keys of a state are strings")
    return _lines("{}", [f"{_quoted(key, path)}: {text(item, tensor, (*path, key))}" for key, item in x.items()], path)


def place(path: Place) -> str:
    """The place of an entry as text: ``state['optimizer'][3]``."""
    return "state" + "".join(f"[{key!r}]" for key in path)


def _lines(around: str, items: list[str], path: Place) -> str:
    indent = "\n" + " " * (len(path) + 1)
    return around[0] + indent + f",{indent}".join(items) + around[1] if items else around


def _not_finite(x: float) -> str:
    if x == x:
        return "#inf" if x > 0 else "#-inf"
    bits = struct.pack(">d", x).hex()
    return "#nan" if bits == _NAN else f"#nan:{bits}"


def _here(path: Place) -> str:
    """The place in a file whose keys may be long."""
    text = place(path)
    return text if len(text) <= 80 else f"{text[:77]}..."


def _check_characters(x: str, path: Place) -> None:
    try:
        x.encode()
    except UnicodeEncodeError:
        raise ModelFormatError(f"{_here(path)}: {short(x)} has half of a surrogate pair, which is no character; take "
                               "another copy") from None


def _quoted(x: str, path: Place) -> str:
    try:
        x.encode()
    except UnicodeEncodeError:
        raise ValueError(f"{place(path)}: the string {x[:50]!r} has half of a surrogate pair, which is no character "
                         "and cannot be saved") from None
    return json.dumps(x, ensure_ascii=False)
