"""What is saved comes back to the bit, in files that others read; and a file is whole, whatever happens meanwhile."""

import json
import math
import os
from pathlib import Path

import numpy as np
import pytest
import safetensors
import safetensors.numpy
from hypothesis import given, settings
from hypothesis import strategies as st

import nn
from tests.support.model_states import ANY_FLOAT, STATE, bits

SUFFIXES = [".json", ".safetensors"]
ROOT = Path(nn.__file__).parents[1]




@pytest.mark.parametrize("suffix", SUFFIXES)
def test_everything_comes_back_to_the_bit(suffix, tmp_path, monkeypatch):
    path = tmp_path / f"model{suffix}"
    monkeypatch.setattr(os, "fsync", lambda fd: None)       # most of the time

    @settings(max_examples=50, deadline=None)
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
