"""A model file to which anything has happened is refused or read."""

import random

import pytest

import nn
from tests.support import mutated_models


@pytest.mark.parametrize("suffix", [".json", ".safetensors"])
@pytest.mark.parametrize("times", [200, pytest.param(5_000, marks=pytest.mark.campaign)])
def test_mutated_files(suffix, times, tmp_path, figure):
    rng = random.Random(times)
    whole = mutated_models.files(tmp_path, suffix)
    path, refused = tmp_path / f"model{suffix}", 0
    for i in range(times):
        data = rng.choice(whole)
        data = mutated_models.mutated(data, whole, rng, suffix)
        try:
            refused += mutated_models.check(path, data)
        except Exception as error:
            error.add_note(f"file {i} of {times}")
            raise
    assert 0.5 * times < refused <= times
    if times > 1_000:
        figure(f"mutated model files, {suffix}",
               f"{times}: {refused} refused by a ModelFormatError, {times - refused} read")


@pytest.mark.parametrize("suffix", [".json", ".safetensors"])
def test_the_files_are_models_before_anything_happens_to_them(suffix, tmp_path):
    for data in mutated_models.files(tmp_path, suffix):
        assert not mutated_models.check(tmp_path / f"model{suffix}", data)


def test_the_check_notices(tmp_path, monkeypatch):
    data = mutated_models.files(tmp_path, ".json")[2]
    monkeypatch.setattr(nn, "load", lambda path: [1.0])
    with pytest.raises(AssertionError):
        mutated_models.check(tmp_path / "model.json", data)
    monkeypatch.setattr(nn, "load", lambda path: {"a": (1.0,)})
    with pytest.raises(AssertionError):
        mutated_models.check(tmp_path / "model.json", data)
