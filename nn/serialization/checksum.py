"""The checksum of a state, which is equal for two states only if they are bit-identical.

It depends on the state and not on the bytes of the file, so that a tool may indent a file, escape its letters, sort its
keys or move its tensors. SHA-256 over, from the outside in: ``n`` None, ``t`` True, ``f`` False, ``iDIGITS;`` an int,
``d`` and eight bytes, little-endian, a float, ``sLENGTH;`` and UTF-8 a string, ``[LENGTH;`` and the items a list,
``DLENGTH;`` and eight bytes each a list of floats alone, ``{LENGTH;`` and each key and its value, keys sorted, a dict.
"""

import struct
from collections.abc import Callable
from hashlib import sha256
from typing import Any

CHUNK = 512     # floats packed at a time
_WORDS = {None: b"n", True: b"t", False: b"f"}


def checksum(state: Any) -> str:
    """64 hexadecimal digits.

    >>> checksum({"a": 1, "b": [0.5]}) == checksum({"b": [0.5], "a": 1})
    True
    >>> checksum({"a": 0.0}) == checksum({"a": -0.0}) or checksum({"a": 1}) == checksum({"a": 1.0})
    False
    """
    found = sha256()
    _add(state, found.update)
    return found.hexdigest()


def _add(x: Any, update: Callable[[bytes], None]) -> None:
    if isinstance(x, float):
        update(b"d" + struct.pack("<d", x))
    elif isinstance(x, str):
        data = x.encode()
        update(b"s%d;" % len(data) + data)
    elif x is None or isinstance(x, bool):
        update(_WORDS[x])
    elif isinstance(x, int):
        update(b"i%d;" % x)
    elif isinstance(x, dict):
        update(b"{%d;" % len(x))
        for key in sorted(x):
            _add(key, update)
            _add(x[key], update)
    elif x and all(issubclass(kind, float) for kind in set(map(type, x))):
        update(b"D%d;" % len(x))
        for start in range(0, len(x), CHUNK):
            part = x[start:start + CHUNK]
            update(struct.pack(f"<{len(part)}d", *part))
    else:
        update(b"[%d;" % len(x))
        for item in x:
            _add(item, update)
