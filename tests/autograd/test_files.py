"""A file that is written over stays closed to whom it was closed, and nothing unfinished is left beside it."""

import os
import stat
import struct
import subprocess
import sys
import threading
import time

import pytest

from autograd import files

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there files have no permissions")


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(params=[0o022, 0o000, 0o077])
def umask(request):
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


@pytest.mark.parametrize("kept", [0o600, 0o640, 0o644, 0o400, 0o444, 0o666, 0o755, 0o000])
def test_permissions_stay(kept, umask, tmp_path):
    path = tmp_path / "model.json"
    path.write_bytes(b"old")
    path.chmod(kept)
    files.replace(path, b"new")
    assert mode(path) == kept
    path.chmod(0o600)
    assert path.read_bytes() == b"new"


def test_a_new_file_has_the_usual_permissions(umask, tmp_path):
    files.replace(tmp_path / "model.json", b"new")
    assert mode(tmp_path / "model.json") == 0o666 & ~umask


@pytest.mark.parametrize("kept", [0o600, 0o640, 0o400])
def test_permissions_are_never_wider_meanwhile(kept, umask, tmp_path, monkeypatch):
    """A reader who opens the unfinished file keeps it open when its permissions change."""
    path, seen = tmp_path / "model.json", []
    path.write_bytes(b"old")
    path.chmod(kept)

    def look(name, *args):
        """At everything in the folder, between any two of the calls that make the new file."""
        real = getattr(os, name)

        def call(*given, **options):
            seen.extend(mode(each) for each in tmp_path.iterdir())
            try:
                return real(*given, **options)
            finally:
                seen.extend(mode(each) for each in tmp_path.iterdir())

        monkeypatch.setattr(os, name, call)

    for name in ("open", "fchown", "fchmod", "fsync", "replace"):
        look(name)
    files.replace(path, b"new")
    assert len(seen) > 10
    assert all(found & 0o077 & ~kept == 0 for found in seen)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives files away")
def test_the_owner_and_the_group_stay(tmp_path):
    path = tmp_path / "model.json"
    path.write_bytes(b"old")
    os.chown(path, 1234, 5678)
    path.chmod(0o640)
    files.replace(path, b"new")
    assert (path.stat().st_uid, path.stat().st_gid, mode(path)) == (1234, 5678, 0o640)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives files away")
@pytest.mark.parametrize(("before", "after"), [(0o640, 0o600), (0o664, 0o644), (0o600, 0o600), (0o646, 0o666)])
def test_what_a_group_was_allowed_no_other_group_is(before, after, tmp_path, monkeypatch):
    path = tmp_path / "model.json"
    path.write_bytes(b"old")
    os.chown(path, 1234, 5678)
    path.chmod(before)

    def refused(*args):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "fchown", refused)
    files.replace(path, b"new")
    assert (path.stat().st_gid, mode(path)) == (os.getegid(), after)


def access_list(user, group, mask):
    """As the kernel keeps it: who and which permissions; the user 1234 may read and write, as far as the mask says."""
    entries = [(1, user, -1), (2, 6, 1234), (4, group, -1), (16, mask, -1), (32, 0, -1)]
    return struct.pack("<I", 2) + b"".join(struct.pack("<HHi", *entry) for entry in entries)


@pytest.fixture
def lists(tmp_path):
    """A file with an access control list: 0660 to who asks for its mode, and nothing at all for its group."""
    path = tmp_path / "model.json"
    path.write_bytes(b"old")
    try:
        os.setxattr(path, files.ACCESS, access_list(6, 0, 6))
    except (OSError, AttributeError):
        pytest.skip("there are no access control lists here")
    assert mode(path) == 0o660
    return path


def test_an_access_control_list_stays(lists):
    before = os.getxattr(lists, files.ACCESS)
    files.replace(lists, b"new")
    assert os.getxattr(lists, files.ACCESS) == before
    assert (lists.read_bytes(), mode(lists)) == (b"new", 0o660)


def test_a_list_that_cannot_be_kept_leaves_nothing_open(lists, monkeypatch):
    """Its mask reads like the permissions of a group, which had none."""
    def refused(*args):
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(os, "setxattr", refused)
    files.replace(lists, b"new")
    assert mode(lists) == 0o600


def test_the_folder_s_list_opens_no_file_that_had_none(tmp_path):
    path = tmp_path / "model.json"
    path.write_bytes(b"old")
    path.chmod(0o640)
    try:
        os.setxattr(tmp_path, "system.posix_acl_default", access_list(6, 4, 6))
    except (OSError, AttributeError):
        pytest.skip("there are no access control lists here")
    files.replace(path, b"new")
    assert mode(path) == 0o640
    with pytest.raises(OSError, match=r"No data|Attribute not found"):
        os.getxattr(path, files.ACCESS)


@pytest.mark.parametrize("there", [True, False])
def test_through_a_link_to_the_file_that_it_names(there, tmp_path):
    (tmp_path / "far").mkdir()
    target, link = tmp_path / "far" / "target.json", tmp_path / "model.json"
    if there:
        target.write_bytes(b"old")
        target.chmod(0o600)
    link.symlink_to(target)
    files.replace(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    assert not there or mode(target) == 0o600
    assert os.listdir(tmp_path / "far") == ["target.json"]


def test_a_pipe_is_written_to(tmp_path):
    pipe, found = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: found.append(pipe.read_bytes()))
    reader.start()
    files.replace(pipe, b"new")
    reader.join(10)
    assert found == [b"new"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@pytest.mark.parametrize("name", ["", "missing/model.json", "folder", "a" * 300, "loop"])
def test_errors_are_named_as_the_caller_named_the_file(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "loop").symlink_to("loop")
    before = sorted(os.listdir())
    with pytest.raises(OSError, match=rf"'{name or '.'}'$"):
        files.replace(files.Path(name), b"new")
    assert sorted(os.listdir()) == before


KILLED = """
import os, sys
from pathlib import Path
from autograd import files
os.replace = lambda *names: os.kill(os.getpid(), 9)
files.replace(Path(sys.argv[1]), b"unfinished")
"""


def test_what_a_killed_writer_left_the_next_one_removes(tmp_path):
    path = tmp_path / "model.json"
    strangers = [".model.json.part", ".model.json.mine.part", ".other.json.0123456789abcdef.part", "model.json.part"]
    for name in strangers:
        (tmp_path / name).write_bytes(b"")
    root = files.Path(files.__file__).parents[1]
    for _ in range(2):
        subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False, cwd=root)
    left = {*os.listdir(tmp_path)} - {*strangers}
    assert len(left) == 2
    assert all(name.startswith(".model.json.") for name in left)
    old, young = sorted(left)
    for name in [old, *strangers]:
        os.utime(tmp_path / name, (time.time() - 3700,) * 2)
    files.replace(path, b"new")
    assert {*os.listdir(tmp_path)} == {path.name, young, *strangers}, "of the younger one the writer may be at work"


def test_every_name_that_a_file_may_have(tmp_path):
    """The unfinished file's name is no longer than that."""
    for name in ("a" * 255, "é" * 127, "\U0001f600" * 63, "-", ".x", "a b"):
        files.replace(tmp_path / name, b"new")
        assert (tmp_path / name).read_bytes() == b"new"
