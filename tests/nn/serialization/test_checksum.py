"""The checksum: as documented, for any state; what is damaged is refused."""

import collections
import enum
import hashlib
import json
import math
import os
import random
import re
import struct
from pathlib import Path

import numpy as np
import pytest
import safetensors
import safetensors.numpy
from hypothesis import given, settings
from hypothesis import strategies as st

import nn
from tests.support import mutated_models
from tests.support.model_states import STATE, bits

SUFFIXES = [".json", ".safetensors"]
SUFFIXES = [".json", ".safetensors"]
ROOT = Path(nn.__file__).parents[1]


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

    @settings(max_examples=25, deadline=None)
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


@pytest.mark.parametrize("mutations", [1_000, pytest.param(3_000, marks=pytest.mark.campaign)])
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_damaged_checkpoint_is_refused_or_the_same(suffix, mutations, tmp_path):
    """A digit of a weight, a letter of a name and a byte of a tensor changed, and nobody saw it."""
    path, rng, refused = tmp_path / f"model{suffix}", random.Random(3), 0
    state = {"model": {f"layers.{i}.weight": [[rng.gauss(0, 1) for _ in range(4)] for _ in range(3)] for i in range(3)},
             "optimizer": {"lr": 0.01, "step": 300, "m": [rng.gauss(0, 1) for _ in range(36)], "amsgrad": False},
             "history": [[0.5, math.nan], [0.25, 3]], "best": None, "name": "größe"}
    nn.save(state, path)
    whole, expected = path.read_bytes(), sorted_bits(state)
    changes = [*set(mutated_models.CHANGES) - {mutated_models.many}] + [mutated_models.container] * (suffix != ".json")
    changes.sort(key=lambda change: change.__name__)
    for i in range(mutations):
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
    assert 2 / 3 < refused / mutations < 1
