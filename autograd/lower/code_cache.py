"""A folder of compiled code, for the next process: entries are whole or ignored, and the oldest ones make room."""

import hashlib
import os
import re
import sys
import warnings
import zlib
from contextlib import suppress
from pathlib import Path

from autograd.files import replace
from autograd.source_lines import users_frame

VARIABLE = "PATHGRAD_CACHE_DIR"     # the environment variable that names the folder
MOST = 256 * 2**20                  # bytes in it
HEAD = b"pathgrad code 1\n"
_OURS = re.compile("([0-9a-f]{64}[.]code|[.].*[.]part)")

_told: set[str] = set()             # the folders of which a warning has told
_written = MOST                     # bytes since the folder was last looked through; at first it has to be


def folder() -> Path:
    """Where the entries are, by the platform's custom; RuntimeError where there is no home."""
    own = os.environ.get(VARIABLE, "")
    if own:
        base = Path(own)
    elif sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA", "")
        base = (Path(local) if local else Path.home() / "AppData" / "Local") / "pathgrad" / "Cache"
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches" / "pathgrad"
    else:
        found = os.environ.get("XDG_CACHE_HOME", "")        # a relative one is to be ignored, as XDG says
        base = (Path(found) if os.path.isabs(found) else Path.home() / ".cache") / "pathgrad"
    return base / "code"


def read(key: str) -> bytes | None:
    """The data kept under this key, 64 hexadecimal digits; None if there is none, or it is damaged."""
    with suppress(OSError, RuntimeError, zlib.error):
        whole = folder()
        if not _private(whole):
            return None
        path = whole / f"{key}.code"
        text = path.read_bytes()
        start = len(HEAD) + 32
        if text[:start] == HEAD + _checksum(key, text[start:]):
            with suppress(OSError):
                os.utime(path)      # the entries that are not used are the oldest
            return zlib.decompress(text[start:])
    return None


def write(key: str, data: bytes) -> None:
    """Keep data under this key; where that fails, one warning says why."""
    global _written
    where: object = f"a folder that {VARIABLE} names"
    try:
        where = whole = folder()
        whole.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _private(whole):     # what is read from it is run
            raise PermissionError("it is not yours, or others may write into it; allow only yourself (chmod 700)")
        packed = zlib.compress(data, 1)
        replace(whole / f"{key}.code", HEAD + _checksum(key, packed) + packed)
        _written += len(packed)
        if _written > MOST // 16:
            _trim(whole)
            _written = 0
    except (OSError, RuntimeError) as error:
        if read(key) is None and str(where) not in _told:       # else another process was faster
            _told.add(str(where))
            warnings.warn(f"jit: cache=True: compiled code cannot be kept in {where}: {error}; each process compiles "
                          f"anew. Make room there, or let {VARIABLE} name another folder", RuntimeWarning,
                          stacklevel=users_frame())


def _checksum(key: str, packed: bytes) -> bytes:
    """Of the key, too: a renamed entry is no other's."""
    return hashlib.sha256(key.encode() + packed).digest()


def _private(whole: Path) -> bool:
    """Whether only this user writes into a folder."""
    if not hasattr(os, "geteuid"):      # Windows, where it is in the user's profile
        return True
    found = whole.stat()
    return found.st_uid == os.geteuid() and not found.st_mode & 0o022


def _trim(whole: Path) -> None:
    """Delete the entries that were not used for longest, until the rest fits; other processes may be at it, too."""
    entries = []
    with os.scandir(whole) as found:
        for entry in found:
            if _OURS.fullmatch(entry.name):
                with suppress(OSError):
                    state = entry.stat(follow_symlinks=False)
                    entries.append((state.st_mtime, state.st_size, entry.path))
    room = MOST - sum(size for _, size, _ in entries)
    for _, size, path in sorted(entries):
        if room >= 0:
            break
        with suppress(OSError):
            os.unlink(path)
        room += size
