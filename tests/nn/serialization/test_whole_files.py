"""A saved file is whole or not there, whatever happens meanwhile; its permissions and links stay."""

import os
import random
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import nn

SUFFIXES = [".json", ".safetensors"]
SUFFIXES = [".json", ".safetensors"]
ROOT = Path(nn.__file__).parents[1]


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("failing", ["fsync", "replace"])
def test_what_fails_leaves_the_old_file(suffix, failing, tmp_path, monkeypatch):
    path = tmp_path / f"model{suffix}"
    nn.save({"a": 1.0}, path)

    def fails(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, failing, fails)
    with pytest.raises(OSError, match=rf"No space left.*model\{suffix}"):
        nn.save({"a": 2.0}, path)
    assert nn.load(path) == {"a": 1.0}
    assert os.listdir(tmp_path) == [path.name]


def test_on_the_disk_before_it_has_the_name_and_the_name_as_well(tmp_path, monkeypatch):
    done, fsync, replace = [], os.fsync, os.replace

    def flush(fd):
        done.append("folder" if stat.S_ISDIR(os.fstat(fd).st_mode) else f"{os.fstat(fd).st_size} bytes")
        fsync(fd)

    monkeypatch.setattr(os, "fsync", flush)
    monkeypatch.setattr(os, "replace", lambda *names: done.append("replace") or replace(*names))
    nn.save({"a": 1.0}, tmp_path / "model.json")
    assert done == [f"{(tmp_path / 'model.json').stat().st_size} bytes", "replace", "folder"]


def test_permissions_of_an_ordinary_file(tmp_path):
    before = os.umask(0o027)
    try:
        nn.save({}, tmp_path / "model.json")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "model.json").stat().st_mode) == 0o640


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("kept", [0o600, 0o640, 0o444])
def test_permissions_of_the_file_that_is_saved_over(kept, suffix, tmp_path):
    path = tmp_path / f"model{suffix}"
    nn.save({"a": 1.0}, path)
    path.chmod(kept)
    nn.save({"a": 2.0}, path)
    assert stat.S_IMODE(path.stat().st_mode) == kept
    assert nn.load(path) == {"a": 2.0}


@pytest.mark.parametrize("there", [True, False])
def test_a_link_stays_a_link(there, tmp_path):
    (tmp_path / "far").mkdir()
    target, link = tmp_path / "far" / "target.json", tmp_path / "model.json"
    if there:
        nn.save({"a": 1.0}, target)
    link.symlink_to(target)
    nn.save({"a": 2.0}, link)
    assert link.is_symlink()
    assert nn.load(target) == {"a": 2.0}


def test_saves_at_the_same_time_do_not_mix(tmp_path):
    path = tmp_path / "model.json"
    nn.save({"w": [0.0] * 500}, path)
    wrong = []

    def keep_saving(x):
        try:
            for _ in range(20):
                nn.save({"w": [x] * 500}, path)
                read = nn.load(path)["w"]
                if len(read) != 500 or len(set(read)) != 1:
                    wrong.append(read)
        except Exception as error:
            wrong.append(error)

    threads = [threading.Thread(target=keep_saving, args=(float(i),)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert os.listdir(tmp_path) == [path.name]


SAVER = """
import sys, itertools, nn
for i in itertools.count():
    nn.save({"i": i, "w": [[float(i)] * 50] * 40}, sys.argv[1])
    if i == 0:
        print("saved", flush=True)
"""


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("times", [3, pytest.param(200, marks=pytest.mark.campaign)])
def test_a_killed_save_leaves_a_whole_file(suffix, times, tmp_path, figure):
    rng = random.Random(times)
    path = tmp_path / f"model{suffix}"
    litter = 0
    for _ in range(times):
        saver = subprocess.Popen([sys.executable, "-c", SAVER, str(path)], stdout=subprocess.PIPE, cwd=ROOT)
        with saver:
            assert saver.stdout.readline() == b"saved\n"
            time.sleep(rng.uniform(0.0, 0.05))
            saver.send_signal(signal.SIGKILL)
        assert saver.returncode == -signal.SIGKILL
        state = nn.load(path)
        assert state["w"] == [[float(state["i"])] * 50] * 40
        for left in set(os.listdir(tmp_path)) - {path.name}:
            assert left.startswith(".")
            assert left.endswith(".part")
            litter += 1
            (tmp_path / left).unlink()
    if times > 100:
        assert litter, "no save was interrupted"
        figure(f"save to {suffix} killed at random moments", f"{times} times, the file always whole; "
                                                             f"{litter} unfinished ones beside it, under another name")
