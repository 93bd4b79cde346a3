"""What is saved comes back to the bit, in files that others read; and a file is whole, whatever happens meanwhile."""

import collections
import enum
import hashlib
import json
import math
import os
import random
import re
import signal
import stat
import struct
import subprocess
import sys
import threading
import time
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
import safetensors
import safetensors.numpy
from hypothesis import given, settings
from hypothesis import strategies as st

import nn
from tests.support import mutated_models

SUFFIXES = [".json", ".safetensors"]
ROOT = Path(nn.__file__).parents[1]


def bits(x):
    """Something that is equal for equal types and equal bits only."""
    if isinstance(x, dict):
        return [(key, bits(item)) for key, item in x.items()]
    if isinstance(x, list):
        return [bits(item) for item in x]
    return (type(x), struct.pack("<d", x)) if isinstance(x, float) else (type(x), x)


ANY_FLOAT = st.one_of(st.floats(), st.binary(min_size=8, max_size=8).map(lambda b: struct.unpack("<d", b)[0]),
                      st.sampled_from([math.nan, -math.nan, math.inf, -math.inf, -0.0, 5e-324, 1.7976931348623157e308]))
RECTANGLE = st.tuples(st.integers(1, 4), st.integers(1, 4)).flatmap(
    lambda shape: st.lists(st.lists(ANY_FLOAT, min_size=shape[1], max_size=shape[1]), min_size=shape[0],
                           max_size=shape[0]))
TEXT = st.one_of(st.text(max_size=8), st.sampled_from(["#nan", "#tensor:a", "##", "a.b", "__metadata__", "\\u0041"]))
PLAIN = st.one_of(ANY_FLOAT, st.integers(-2**1000, 2**1000), st.booleans(), st.none(), TEXT, RECTANGLE)
TREE = st.recursive(PLAIN, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4))
STATE = st.dictionaries(TEXT, TREE, max_size=5)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_everything_comes_back_to_the_bit(suffix, tmp_path, monkeypatch):
    path = tmp_path / f"model{suffix}"
    monkeypatch.setattr(os, "fsync", lambda fd: None)       # most of the time

    @settings(max_examples=150, deadline=None)
    @given(STATE)
    def holds(state):
        nn.save(state, path)
        assert bits(nn.load(path)) == bits(state)

    holds()


def test_json_is_what_any_strict_parser_reads(tmp_path, monkeypatch):
    path = tmp_path / "model.json"
    monkeypatch.setattr(os, "fsync", lambda fd: None)

    def refuse(word):
        raise AssertionError(f"{word} is not JSON")

    @settings(max_examples=100, deadline=None)
    @given(st.lists(ANY_FLOAT))
    def holds(floats):
        nn.save({"w": floats}, path)
        read = json.loads(path.read_text(encoding="utf-8"), parse_constant=refuse)
        assert {key: read[key] for key in ("format", "version")} == {"format": "pathgrad", "version": 1}
        odd = {math.inf: "#inf", -math.inf: "#-inf"}
        for mine, theirs in zip(floats, read["state"]["w"], strict=True):
            if math.isfinite(mine):
                assert bits(mine) == bits(theirs)
            else:
                assert theirs.startswith(odd.get(mine, "#nan"))

    holds()


def test_json_as_it_is_documented(tmp_path):
    path = tmp_path / "model.json"
    nn.save({"a": [math.inf, -math.inf, math.nan, -0.0], "b": "#hash", "c": -math.nan, "d": {}, "e": [[], [1, True]]},
            path)
    assert path.read_text(encoding="utf-8") == """{"format": "pathgrad", "version": 1, "checksum": \
"55c96503ffbc6840fdb39e8a51ee42556f9385444b6ff60cca46453837ac15dc", "state": {
 "a": ["#inf", "#-inf", "#nan", -0.0],
 "b": "##hash",
 "c": "#nan:fff8000000000000",
 "d": {},
 "e": [
  [],
  [1, true]]}}
"""


def test_the_safetensors_package_reads_every_list_of_floats(tmp_path):
    path = tmp_path / "model.safetensors"
    rng = np.random.default_rng(0)
    weights = {"0.weight": rng.normal(size=(3, 2)), "0.bias": np.array([math.nan, -0.0, 5e-324]),
               "cube": rng.normal(size=(2, 3, 4))}
    nn.save({"epoch": 3, "model": {name: x.tolist() for name, x in weights.items()}, "history": [1, 2]}, path)
    read = safetensors.numpy.load_file(path)
    assert read.keys() == {f"model.{name}" for name in weights}
    for name, x in weights.items():
        assert read[f"model.{name}"].dtype == np.float64
        assert read[f"model.{name}"].tobytes() == x.tobytes()
        assert read[f"model.{name}"].shape == x.shape
    with safetensors.safe_open(path, framework="np") as file:
        metadata = file.metadata()
    assert {key: metadata[key] for key in ("format", "version")} == {"format": "pathgrad", "version": "1"}
    assert json.loads(metadata["state"])["epoch"] == 3


def test_what_the_safetensors_package_writes_again_is_still_a_model(tmp_path):
    path, again = tmp_path / "model.safetensors", tmp_path / "again.safetensors"
    state = {"z": [1.0, 2.0], "a": [[3.0]], "é": {"b": [4.0, 5.0, 6.0]}, "lr": 0.1, "name": 'a "quoted"\nline'}
    nn.save(state, path)
    with safetensors.safe_open(path, framework="np") as file:
        safetensors.numpy.save_file(safetensors.numpy.load_file(path), again, file.metadata())
    assert nn.load(again) == state


def test_names_that_meet(tmp_path):
    state = {"a.b": [1.0], "a": {"b": [2.0], "b'": [3.0]}, "__metadata__": [4.0]}
    nn.save(state, tmp_path / "model.safetensors")
    assert nn.load(tmp_path / "model.safetensors") == state


def test_anything_with_a_state_dict(tmp_path):
    class Thing:
        def state_dict(self):
            return {"weight": [[0.1]]}

    nn.save(Thing(), str(tmp_path / "Model.JSON"))
    assert nn.load(str(tmp_path / "Model.JSON")) == {"weight": [[0.1]]}


# ---- the checksum -------------------------------------------------------------------------------

def written_out(x):
    """A state's bytes, as the checksum is documented."""
    if isinstance(x, dict):
        return b"{%d;" % len(x) + b"".join(written_out(key) + written_out(x[key]) for key in sorted(x))
    if isinstance(x, list):
        if x and all(type(item) is float for item in x):
            return b"D%d;" % len(x) + struct.pack(f"<{len(x)}d", *x)
        return b"[%d;" % len(x) + b"".join(map(written_out, x))
    if isinstance(x, str):
        return b"s%d;" % len(x.encode()) + x.encode()
    if isinstance(x, float):
        return b"d" + struct.pack("<d", x)
    return {None: b"n", True: b"t", False: b"f"}[x] if x is None or isinstance(x, bool) else f"i{x};".encode()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_checksum_as_it_is_documented(suffix, tmp_path, monkeypatch):
    """So that other programs can write one, and ask for it."""
    path = tmp_path / f"model{suffix}"
    monkeypatch.setattr(os, "fsync", lambda fd: None)

    @settings(max_examples=60, deadline=None)
    @given(STATE)
    def holds(state):
        nn.save(state, path)
        if suffix == ".json":
            found = json.loads(path.read_text(encoding="utf-8"))["checksum"]
        else:
            with safetensors.safe_open(path, framework="np") as file:
                found = file.metadata()["checksum"]
        assert found == hashlib.sha256(written_out(state)).hexdigest()

    holds()


class Whole(enum.IntEnum):
    TWO = 2


def test_subclasses_are_saved_as_what_they_are(tmp_path):
    """The file cannot tell them from their base, and neither may its checksum."""
    state = collections.OrderedDict(a=[np.float64(0.5), 1.5], b=np.float64(2.5), c=Whole.TWO, d=[Whole.TWO, True],
                                    e=type("Name", (str,), {})("f"), f=type("Row", (list,), {})([0.5]))
    for suffix in SUFFIXES:
        nn.save(state, tmp_path / f"model{suffix}")
        assert nn.load(tmp_path / f"model{suffix}") == {"a": [0.5, 1.5], "b": 2.5, "c": 2, "d": [2, True], "e": "f",
                                                        "f": [0.5]}


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_file_without_a_checksum_is_read(suffix, tmp_path):
    """Those of other programs, and those whose state somebody has changed on purpose."""
    path, state = tmp_path / f"model{suffix}", {"a": [0.5, 1.5], "b": {"c": 3}}
    nn.save(state, path)
    data = re.sub(rb'"checksum": ?"[0-9a-f]{64}", ?', b"", path.read_bytes())
    if suffix == ".safetensors":
        length = data.rindex(b"}") + 1 - 8
        data = struct.pack("<Q", length) + data[8:8 + length] + struct.pack("<2d", 0.5, 1.5)
    path.write_bytes(data)
    assert b"checksum" not in data
    assert nn.load(path) == state


def test_a_state_that_was_changed_does_not_fit_its_checksum(tmp_path):
    path = tmp_path / "model.json"
    nn.save({"a": [0.5, 1.5]}, path)
    path.write_text(path.read_text().replace("1.5", "1.25"))
    with pytest.raises(nn.ModelFormatError, match=r"model\.json: it is damaged: what it holds does not fit its "
                                                  r"checksum; take another copy, or .* remove \"checksum\"$"):
        nn.load(path)


@pytest.mark.parametrize("sort", [False, True])
def test_tools_may_lay_out_the_text_anew(sort, tmp_path, monkeypatch):
    path = tmp_path / "model.json"
    monkeypatch.setattr(os, "fsync", lambda fd: None)

    @settings(max_examples=50, deadline=None)
    @given(STATE, st.sampled_from([None, 1, "\t"]), st.booleans())
    def holds(state, indent, ascii):
        nn.save(state, path)
        read = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(json.dumps(read, indent=indent, ensure_ascii=ascii, sort_keys=sort), encoding="utf-8")
        assert sorted_bits(nn.load(path)) == sorted_bits(state)

    holds()


def sorted_bits(x):
    """As `bits`, where the order of keys says nothing."""
    if isinstance(x, dict):
        return sorted((key, sorted_bits(item)) for key, item in x.items())
    return [sorted_bits(item) for item in x] if isinstance(x, list) else bits(x)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_damaged_checkpoint_is_refused_or_the_same(suffix, tmp_path):
    """A digit of a weight, a letter of a name and a byte of a tensor changed, and nobody saw it."""
    path, rng, refused = tmp_path / f"model{suffix}", random.Random(3), 0
    state = {"model": {f"layers.{i}.weight": [[rng.gauss(0, 1) for _ in range(4)] for _ in range(3)] for i in range(3)},
             "optimizer": {"lr": 0.01, "step": 300, "m": [rng.gauss(0, 1) for _ in range(36)], "amsgrad": False},
             "history": [[0.5, math.nan], [0.25, 3]], "best": None, "name": "größe"}
    nn.save(state, path)
    whole, expected = path.read_bytes(), sorted_bits(state)
    changes = [*set(mutated_models.CHANGES) - {mutated_models.many}] + [mutated_models.container] * (suffix != ".json")
    changes.sort(key=lambda change: change.__name__)
    for i in range(3_000):
        data = whole
        for _ in range(rng.choice([1, 1, 2])):
            data = rng.choice(changes)(data, [whole], rng)
        path.unlink()       # to write over a file takes some systems milliseconds
        path.write_bytes(data)
        try:
            found = nn.load(path)
        except nn.ModelFormatError:
            refused += 1
        else:
            assert sorted_bits(found) == expected, f"mutation {i}"
    assert 2_000 < refused < 3_000


# ---- what cannot be saved -----------------------------------------------------------------------

LOOP: list = []
LOOP.append(LOOP)
DEEP: list = []
FLOAT: list = [0.5]
for _ in range(62):
    DEEP, FLOAT = [DEEP, DEEP], [FLOAT]


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize(("state", "error", "words"), [
    ([1.0], TypeError, "a Module or a dict, not list"), (3, TypeError, "a Module or a dict"),
    ({"a": {"b": [0.5, (1.0, 2.0)]}}, TypeError, r"state\['a'\]\['b'\]\[1\] is of type tuple"),
    ({"a": nn.MLP(1, [1]).parameters()[0]}, TypeError, "save its .data"),
    ({"a": {1: 2.0}}, TypeError, r"state\['a'\] has the key 1: the keys of a state are strings"),
    ({"a": 10**400}, ValueError, r"state\['a'\] is an int beyond 1.8e308"),
    ({"a": "\ud800"}, ValueError, "half of a surrogate pair"), ({"\udfff": 1}, ValueError, "half of a surrogate pair"),
    ({"a": LOOP}, ValueError, "more than 62 deep, or contains itself"), ({"a": DEEP}, ValueError, "more than 62 deep"),
    ({"a": FLOAT}, ValueError, "more than 62 deep"), ({"a": {"b": FLOAT[0]}}, ValueError, "more than 62 deep"),
])
def test_what_cannot_be_saved_is_named_and_nothing_written(suffix, state, error, words, tmp_path):
    with pytest.raises(error, match=words):
        nn.save(state, tmp_path / f"model{suffix}")
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_as_deep_as_may_be(suffix, tmp_path):
    for innermost in ([], 1, [0.5]):
        state = innermost
        for _ in range(61):
            state = [state]
        nn.save({"a": state}, tmp_path / f"model{suffix}")
        assert nn.load(tmp_path / f"model{suffix}") == {"a": state}


@pytest.mark.parametrize("name", ["model", "model.pt", "model.pkl", ".json", "model.json.gz"])
def test_other_suffixes_are_refused(name, tmp_path):
    for call in (lambda: nn.save({}, tmp_path / name), lambda: nn.load(tmp_path / name)):
        with pytest.raises(ValueError, match=r"ends in \.safetensors or \.json"):
            call()


def test_a_missing_file_is_python_s_own_error(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"none\.json"):
        nn.load(tmp_path / "none.json")
    with pytest.raises(FileNotFoundError, match=r"model\.json"):
        nn.save({}, tmp_path / "none" / "model.json")


# ---- memory -------------------------------------------------------------------------------------

RANDOM = random.Random(0)
TENSORS = {
    "flat": [RANDOM.random() for _ in range(20_000)], "rows": [[RANDOM.gauss(0, 1)] * 40 for _ in range(500)],
    "zeros": [[0.0] * 64 for _ in range(300)], "narrow": [[0.5] for _ in range(5_000)],
    "deep": [[[[[[0.5]]]]]] * 2_000}


@pytest.mark.parametrize("name", TENSORS)
def test_loading_tensors_takes_at_most_four_times_the_file(name, tmp_path):
    path = tmp_path / "model.safetensors"
    nn.save({name: TENSORS[name]}, path)
    tracemalloc.start()
    try:
        state = nn.load(path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert bits(state) == bits({name: TENSORS[name]})
    assert peak > 0.2 * path.stat().st_size      # it was measured
    assert peak <= 4 * path.stat().st_size + 65_536


# ---- whole or not at all ------------------------------------------------------------------------

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
