"""States, names and suffixes that cannot be saved are named, and nothing is written."""

import os
import random
import tracemalloc
from pathlib import Path

import pytest

import nn
from tests.support.model_states import bits

SUFFIXES = [".json", ".safetensors"]
SUFFIXES = [".json", ".safetensors"]
ROOT = Path(nn.__file__).parents[1]


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
