"""Atomic replacing of files for nn and viz, with the permissions of the older file."""

import os
import re
import stat
import time
from contextlib import suppress
from functools import cache
from pathlib import Path

ABANDONED = 3600.0      # seconds since the last change of an unfinished file, after which its process is taken for dead
ACCESS = "system.posix_acl_access"      # where Linux keeps a file's access control list


def replace(path: Path, data: bytes) -> None:
    """Put ``data`` at ``path``, whole or not at all, and on the disk when this returns.

    A file that is there stays until then; the new one has its permissions, and its owner and group where the system
    allows it. A link stays one: the file that it names is replaced. A pipe or a device is written to.
    """
    whole = Path(os.path.realpath(path))
    part = whole.with_name(f"{_beginning(whole)}{os.urandom(8).hex()}.part")
    older = None
    try:
        with suppress(FileNotFoundError):
            older = os.stat(whole)
        if older and not stat.S_ISREG(older.st_mode):
            path.write_bytes(data)
            return
        # while it is being written, only the owner may read it, as the older file may be private
        with open(part, "xb", opener=lambda name, flags: os.open(name, flags, 0o600 if older else 0o666)) as file:
            if older:
                _resemble(file.fileno(), whole, older)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, whole)
    except OSError as error:        # with the path that the caller gave
        raise OSError(error.errno, error.strerror, os.fspath(path)) from error
    finally:
        with suppress(OSError):
            part.unlink()
    with suppress(OSError):         # not every system lets a folder be opened, or flushed
        folder = os.open(whole.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    _sweep(whole)


def _resemble(fd: int, whole: Path, older: os.stat_result) -> None:
    """Give a new file the owner, the group and the permissions of the older one, as far as the system allows."""
    if not hasattr(os, "fchown"):       # Windows
        return
    for owner in (older.st_uid, -1):    # only root gives a file to someone else; a group of one's own can be kept
        with suppress(OSError):
            os.fchown(fd, owner, older.st_gid)
            break
    access = None
    with suppress(OSError, AttributeError):     # there is no list, or there are none on this system
        access = os.getxattr(whole, ACCESS)
    same = os.fstat(fd).st_gid == older.st_gid
    with suppress(OSError, AttributeError):
        if access and same:
            os.setxattr(fd, ACCESS, access)     # with the permissions of all others
            return
        os.removexattr(fd, ACCESS)      # which the folder gives to every new file
    mode = stat.S_IMODE(older.st_mode) & 0o777
    if access or not same:      # what a group was allowed would be allowed to another one
        mode = mode & 0o707 | (mode & 0o007) << 3
    with suppress(OSError):     # file systems without permissions
        os.fchmod(fd, mode)


def _beginning(whole: Path) -> str:
    """The beginning of the names of a file's unfinished versions."""
    return f".{whole.name[:50]}."


@cache      # once in a process: what is so old has been there before
def _sweep(whole: Path) -> None:
    """Remove the unfinished versions of this file that killed writers left."""
    ours = re.compile(re.escape(_beginning(whole)) + "[0-9a-f]{16}[.]part")
    with suppress(OSError), os.scandir(whole.parent) as entries:
        for entry in entries:
            if ours.fullmatch(entry.name) and time.time() - entry.stat(follow_symlinks=False).st_mtime > ABANDONED:
                with suppress(OSError):
                    os.unlink(entry.path)
