"""A training continues from its checkpoint with bit-identical results; a different training is refused."""

import functools
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random

import pytest

import nn
from tests.support import killed_training as killed

HERE = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def whole():
    """What comes out if nothing happens."""
    return killed.run(None)


@functools.cache
def after(epochs):
    """The checkpoint of a training of so many epochs."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "run.json"
        killed.run(path, epochs=epochs)
        return path.read_bytes()


@pytest.mark.parametrize("suffix", ["json", "safetensors"])
@pytest.mark.parametrize("jit", [False, True])
def test_going_on_is_bit_for_bit(whole, suffix, jit, tmp_path):
    path = tmp_path / f"run.{suffix}"
    for epochs in (4, 5, 17, 30):
        out = killed.run(path, epochs=epochs, jit=jit if epochs != 17 else not jit)
    assert out == whole
    assert len(whole["history"]["loss"]) == 30


def test_what_is_finished_stays_as_it_is(whole, tmp_path):
    path = tmp_path / "run.json"
    assert killed.run(path) == whole
    kept = path.read_bytes()
    assert killed.run(path) == whole
    assert killed.run(path, epochs=3) == whole
    assert path.read_bytes() == kept


def test_stopped_early_stays_stopped(tmp_path):
    options = {"patience": 2, "callbacks": [lambda epoch, history: epoch == 9]}
    setup = killed.build() | options
    first = nn.fit(**setup, epochs=20, checkpoint=tmp_path / "run.json")
    numbers = setup["model"].state_dict()
    setup = killed.build() | options
    again = nn.fit(**setup, epochs=20, checkpoint=tmp_path / "run.json")
    assert (again, again.remarks, again.best_epoch) == (first, first.remarks, first.best_epoch)
    assert setup["model"].state_dict() == numbers
    assert first.epochs < 20


def test_what_the_loss_has_is_kept_too(tmp_path):
    def numbers(*epochs):
        setup, scale = killed.build(), nn.Linear(1, 1, seed=4).weight[0][0]
        setup["loss"] = lambda output, target: nn.cross_entropy([x * scale for x in output], target)
        setup["optimizer"] = nn.SGD([*setup["model"].parameters(), scale], lr=0.1)
        setup["schedulers"] = []
        nn.fit(**setup, epochs=epochs[0], checkpoint=tmp_path / epochs[1])
        return setup["model"].state_dict(), scale.data

    expected = numbers(6, "whole.json")
    numbers(3, "parts.json")
    assert numbers(6, "parts.json") == expected


def test_groups_that_were_added_are_kept(tmp_path):
    def numbers(path, *epochs):
        for last in epochs:
            setup = killed.build()
            layers = setup["model"].layers
            optimizer = nn.Adam(layers[1].parameters(), lr=0.02)
            if last > 4 and last == epochs[-1] and len(epochs) > 1:
                optimizer.add_param_group({"params": layers[0].parameters(), "lr": 0.1})
            add = [lambda epoch, _, o=optimizer, first=layers[0]:
                   epoch == 3 and o.add_param_group({"params": first.parameters(), "lr": 0.1})]
            nn.fit(**(setup | {"optimizer": optimizer, "schedulers": []}), epochs=last, callbacks=add, jit=False,
                   checkpoint=tmp_path / path)
        return setup["model"].state_dict(), optimizer.state_dict()

    assert numbers("parts.json", 4, 7) == numbers("whole.json", 7)


OTHERS = {
    "seed": ({"seed": 1}, "seed was 0 and is 1"), "batch": ({"batch_size": 6}, "batch_size was 5 and is 6"),
    "loss": ({"loss": lambda o, t: nn.cross_entropy(o, t)}, "loss was cross_entropy and is <lambda>"),
    "data": ({"X": [[0.5, i] for i in range(24)]}, "data differs"),
    "targets": ({"y": [0] * 23 + [1]}, "data differs"), "validation": ({"validation": 0.5}, "validation differs"),
    "patience": ({"patience": 3}, "patience was 100 and is 3"),
    "metrics": ({"metrics": {}}, "metrics was .'accuracy'. and is .."),
    "clips": ({"clip_norm": 1, "clip_value": 2}, "clip_norm was None and is 1.0, clip_value was None and is 2.0"),
    "schedulers": ({"schedulers": []}, "schedulers was ..'StepLR', .* and is .."),
}


@pytest.mark.parametrize("what", OTHERS)
def test_another_training_is_refused(what, tmp_path):
    options, message = OTHERS[what]
    (tmp_path / "run.json").write_bytes(after(1))
    setup = killed.build()
    before = setup["model"].state_dict()
    with pytest.raises(ValueError, match=f"is the checkpoint of another training: .*{message}.*give another name"):
        nn.fit(**(setup | options), epochs=2, jit=False, checkpoint=tmp_path / "run.json")
    assert setup["model"].state_dict() == before


@pytest.mark.parametrize(("kind", "options", "message"), [
    (nn.SGD, {"lr": 0.02}, r"optimizer was Adam and is SGD"),
    (nn.Adam, {"lr": 0.03}, r"groups\[0\]: lr was 0.02 and is 0.03, groups\[1\]: lr was 0.02 and is 0.03, sch"),
    (nn.Adam, {"lr": 0.02, "betas": (0.8, 0.999)}, r"training: groups\[0\]: betas\[0\] was 0.9 and is 0.8, ")])
def test_another_optimiser_is_refused(kind, options, message, tmp_path):
    (tmp_path / "run.json").write_bytes(after(1))
    setup = killed.build()
    groups = nn.optim.decay_groups(setup["model"], 0.01)
    setup |= {"optimizer": kind(groups, **options), "schedulers": []}
    with pytest.raises(ValueError, match=message):
        nn.fit(**setup, epochs=2, jit=False, checkpoint=tmp_path / "run.json")


def test_a_network_of_another_kind_is_refused(tmp_path):
    """Where all numbers would fit."""
    (tmp_path / "run.json").write_bytes(after(1))
    model = nn.MLP(2, [4, 2], "relu", seed=1)
    optimizer = nn.Adam(nn.optim.decay_groups(model, 0.01), lr=0.02)
    setup = killed.build() | {"model": model, "optimizer": optimizer, "schedulers": []}
    before = model.state_dict()
    with pytest.raises(ValueError, match=r"model was MLP of .Layer of .tanh N.*\.\.\. and is MLP of .Layer of .relu N"):
        nn.fit(**setup, epochs=2, jit=False, checkpoint=tmp_path / "run.json")
    assert model.state_dict() == before


def test_a_text_of_the_model_that_changes_from_run_to_run_is_no_difference(tmp_path):
    class Plain(nn.Module):
        def __init__(self):
            self.inner = nn.Linear(2, 2)

        def __call__(self, x):
            return self.inner(x)

        def __repr__(self):
            return f"{object.__repr__(self)} of {self.inner.bias}"

    models = [Plain(), Plain()]
    assert repr(models[0]) != repr(models[1])
    for i, model in enumerate(models, 1):
        nn.fit(model, nn.cross_entropy, [[1.0, 2.0]], [1], nn.SGD(model.parameters(), lr=0.1), epochs=i,
               progress=False, checkpoint=tmp_path / "run.json")
    assert models[0].state_dict() != models[1].state_dict()


def test_other_files_are_refused(tmp_path):
    nn.save(nn.Linear(1, 1), tmp_path / "model.json")
    (tmp_path / "broken.json").write_text('{"format": "pathgrad"')
    with pytest.raises(ValueError, match=r"model.json is no checkpoint of a training; give another name"):
        killed.run(tmp_path / "model.json")
    with pytest.raises(nn.ModelFormatError, match=r"broken.json"):
        killed.run(tmp_path / "broken.json")
    with pytest.raises(ValueError, match=r"ends in .safetensors or .json"):
        killed.run(tmp_path / "run.txt")


DELETED = object()
EDITS = {
    "no best": (["best"], DELETED, "it has no 'best'"), "best null": (["best"], None, "'best' is not epoch"),
    "best a list": (["best"], [1], "'best' is not epoch"), "best text": (["best", "epoch"], "1", "'best' is not"),
    "later best": (["best", "epoch"], 9, "'best' is not epoch"), "loss": (["best", "loss"], -1.0, "'best' is not"),
    "short best": (["best", "parameters"], [1.0], "the best 'parameters' is a list of 22 numbers"),
    "best texts": (["best", "parameters"], ["a"] * 22, "the best 'parameters' is a list of 22 numbers"),
    "ragged": (["history", "val_loss"], [1.0], "'history', 'val_loss', is a list of 3 numbers"),
    "no loss": (["history", "loss"], DELETED, "is a list of 0 numbers"), "history": (["history"], [1], "dict of lists"),
    "history of texts": (["history", "loss"], ["a"] * 3, "'history', 'loss', is a list of 3 numbers"),
    "stopped": (["stopped"], None, "'stopped' is a text"), "others": (["others"], [1.0], "'others' is a list of 0"),
    "schedulers": (["schedulers"], [], "'schedulers' is a list of 2 states"),
    "a scheduler": (["schedulers", 1, "num_bad_epochs"], "many", "num_bad_epochs"),
    "no scheduler": (["schedulers", 1], 3, "ReduceLROnPlateau: this is not what state_dict"),
    "optimizer": (["optimizer", "state"], [], "not what state_dict.. of an optimiser gives"),
    "model": (["model"], {}, "is missing"), "no model": (["model"], None, "load_state_dict takes a dict"),
}


@pytest.mark.parametrize("what", EDITS)
def test_edited_states_are_refused_and_change_nothing(what, tmp_path):
    path, edit, message = EDITS[what]
    (tmp_path / "run.json").write_bytes(after(3))
    state = found = nn.load(tmp_path / "run.json")
    for key in path[:-1]:
        found = found[key]
    if edit is DELETED:
        del found[path[-1]]
    else:
        found[path[-1]] = edit
    nn.save(state, tmp_path / "run.json")
    setup = killed.build()
    parts = [setup["model"], setup["optimizer"], *setup["schedulers"]]
    before = [part.state_dict() for part in parts]
    with pytest.raises(ValueError, match=f"does not fit this model and optimiser: .*{message}.*; give another name"):
        nn.fit(**setup, epochs=5, jit=False, checkpoint=tmp_path / "run.json")
    assert [part.state_dict() for part in parts] == before


def test_a_checkpoint_needs_a_module(tmp_path):
    setup = killed.build()
    setup["model"] = setup["model"].__call__
    with pytest.raises(TypeError, match=r"checkpoint keeps the model's state_dict.., which a method has not"):
        nn.fit(**setup, epochs=1, checkpoint=tmp_path / "run.json")


def killed_often(folder, kills, pause, spread, seed):
    """SIGKILL at random moments, each in a process that goes on from the one before.

    pause: seconds that each epoch takes besides. spread: most of the kills come within so many seconds from when the
    first epoch is over. Gives what came out in the end, and the epochs at the kills.
    """
    checkpoint, result, rng, epochs = folder / "run.safetensors", folder / "result.json", Random(seed), []
    command = [sys.executable, str(HERE / "support" / "killed_training.py"), str(checkpoint), str(result)]
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent)}
    while len(epochs) < kills:
        process = subprocess.Popen([*command, str(pause)], env=environment)
        try:
            before = checkpoint.stat().st_mtime_ns if checkpoint.exists() else 0
            # it works from the moment that the file changes; a fifth of the kills may come before that
            patience = rng.uniform(0.0, 2.0) if rng.random() < 0.2 else 60.0
            deadline = time.monotonic() + patience
            while process.poll() is None and time.monotonic() < deadline:
                if checkpoint.exists() and checkpoint.stat().st_mtime_ns > before:
                    time.sleep(rng.uniform(0.0, spread))
                    break
                time.sleep(0.001)
            process.send_signal(signal.SIGKILL)
        finally:
            process.kill()
            process.wait()
        epochs.append(len(nn.load(checkpoint)["history"].get("loss", ())) if checkpoint.exists() else 0)
        if result.exists():     # it was faster than the signal: begin anew
            assert json.loads(result.read_text()) == killed.run(None)
            checkpoint.unlink()
            result.unlink()
    subprocess.run([*command, "0"], env=environment, check=True)
    return json.loads(result.read_text()), epochs


def test_killed(whole, tmp_path):
    out, epochs = killed_often(tmp_path, 4, 0.01, 0.03, seed=5)
    assert out == whole
    assert any(epochs)


@pytest.mark.campaign
def test_killed_100_times(whole, tmp_path, figure):
    found, torn = [], 0
    for i in range(5):
        folder = tmp_path / str(i)
        folder.mkdir()
        out, epochs = killed_often(folder, 20, 0.0, 0.03, seed=i)
        assert out == whole
        found += epochs
        torn += len(list(folder.glob(".*.part")))       # which a kill leaves that comes while the file is written
    figure("fit, killed by SIGKILL at random moments",
           f"{len(found)} kills, after {min(found)} to {max(found)} of 30 epochs, {torn} while a file was written: "
           "each time a whole checkpoint, and at the end the same weights, optimiser and history, to the bit")
