"""The most bytes of JSON that a model reads: asked for before the file is read, and while it is."""

import os
import sys
import threading
import tracemalloc
from types import SimpleNamespace

import pytest

import nn
from nn.serialization import files

SMALL = nn.Linear(1, 1, seed=0)


@pytest.fixture
def small_cap(monkeypatch):
    monkeypatch.setattr(files, "ANY_MODEL", 1_000)
    monkeypatch.setattr(files, "MANY", 10)


@pytest.mark.parametrize(("suffix", "words"), [(".json", "larger than 1512 bytes"), (".safetensors", "at most 1512")])
def test_the_cap_grows_with_the_model_that_loads(suffix, words, small_cap, tmp_path):
    path, state = tmp_path / f"model{suffix}", {"text": "a" * 2_000}
    nn.save(state, path)
    with pytest.raises(nn.ModelFormatError, match=rf"{suffix}: .*{words}.*call nn.load\(path, model\)"):
        nn.load(path, SMALL)
    assert nn.load(path, nn.Linear(1, 3)) == nn.load(path) == state


def test_a_file_that_is_too_large_is_not_read(tmp_path):
    path = tmp_path / "model.json"
    with open(path, "wb") as file:
        file.truncate(10**11)       # a hole, which takes no space on the disk
    tracemalloc.start()
    try:
        for given in ((), (SMALL,)):
            with pytest.raises(nn.ModelFormatError, match="larger than"):
                nn.load(path, *given)
        assert tracemalloc.get_traced_memory()[1] < 100_000
    finally:
        tracemalloc.stop()


def test_tensors_are_not_under_the_cap(small_cap, tmp_path):
    state = {"a": [0.5] * 1_000}
    nn.save(state, tmp_path / "model.safetensors")
    assert nn.load(tmp_path / "model.safetensors", SMALL) == state


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="the system has none")
def test_a_device_that_does_not_end(small_cap, tmp_path):
    (tmp_path / "model.json").symlink_to("/dev/zero")
    with pytest.raises(nn.ModelFormatError, match="larger than"):
        nn.load(tmp_path / "model.json")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes with names")
@pytest.mark.parametrize("endless", [False, True])
def test_a_pipe(endless, small_cap, tmp_path):
    path = tmp_path / "pipe.json"
    nn.save({"a": 1.5}, tmp_path / "model.json")
    os.mkfifo(path)

    def write():
        data = b" " * 2**16 if endless else (tmp_path / "model.json").read_bytes()
        try:
            with open(path, "wb") as pipe:
                pipe.write(data)
                while endless:
                    pipe.write(data)
        except BrokenPipeError:
            pass

    writer = threading.Thread(target=write)
    writer.start()
    if endless:
        with pytest.raises(nn.ModelFormatError, match="larger than"):
            nn.load(path)
    else:
        assert nn.load(path) == {"a": 1.5}
    writer.join(60)
    assert not writer.is_alive()


def test_a_file_that_grows_while_it_is_read(small_cap, tmp_path):
    with open(tmp_path / "model.json", "wb+") as file:
        file.write(b" " * 9_000)
        file.seek(0)
        with pytest.raises(nn.ModelFormatError, match="larger than"):
            nn.serialization.json_format.read(file, 10, 1_000)


def test_deep_nesting_where_the_recursion_limit_is_high(tmp_path):
    """Python's parser would end the process."""
    path, before = tmp_path / "model.json", sys.getrecursionlimit()
    path.write_text('{"a":[' * 500_000)
    sys.setrecursionlimit(10**8)
    try:
        with pytest.raises(nn.ModelFormatError, match="more than 64"):
            nn.load(path)
    finally:
        sys.setrecursionlimit(before)


def test_long_keys_and_numbers_stay_out_of_the_message(tmp_path):
    path = tmp_path / "model.json"
    key = f'"{"k" * 9_999}"'
    for state in (f'{{{key}: "#x"}}', f'{{"a": {"9" * 99_999}}}', f"{{{key}: 1, {key}: 2}}"):
        path.write_text(f'{{"format": "pathgrad", "version": 1, "state": {state}}}')
        with pytest.raises(nn.ModelFormatError) as caught:
            nn.load(path)
        assert len(str(caught.value)) < len(str(path)) + 250


def test_a_float_of_many_digits(tmp_path):
    path = tmp_path / "model.json"
    path.write_text(f'{{"format": "pathgrad", "version": 1, "state": {{"a": [0.{"3" * 100_000}]}}}}')
    assert nn.load(path) == {"a": [1 / 3]}


def test_models_of_a_command_and_checkpoints_have_the_cap_of_their_own_size(small_cap, tmp_path, monkeypatch):
    from nn.tabular import predictor
    seen = []
    monkeypatch.setattr(predictor, "load_capped", lambda path, parameters: seen.append(parameters) or {})
    with pytest.raises(predictor.DataError, match="not one of pathgrad train"):
        predictor.load_predictor("model.json")
    assert seen == [predictor.PARAMETERS]
    path, model = tmp_path / "model.json", nn.Linear(1, 1, seed=0)
    nn.save({"training": "a" * 3_000}, path)
    with pytest.raises(nn.ModelFormatError, match="larger than 1512"):
        nn.fit(model, nn.mse_loss, [[1.0]], [[1.0]], nn.SGD(model.parameters()), 1, progress=False, checkpoint=path)


def test_models_that_are_none(tmp_path):
    nn.save({}, tmp_path / "model.json")
    for wrong in (3, SimpleNamespace()):
        with pytest.raises(TypeError, match=r"load takes a Module .*, not "):
            nn.load(tmp_path / "model.json", wrong)
