"""Checkpoints: the state of a training in a file, with what it was called with, so that no other goes on from it."""

import os
import re
from hashlib import sha256
from typing import Any

from nn.optim import Optimizer
from nn.serialization.files import load_capped, save
from nn.training.data import Data
from nn.training.training_state import TrainingState


class Checkpoint:
    """A file that has the state after the last epoch that was finished; opening it brings the state there.

    called: by name, what has to be the same for the training to go on; strings, numbers and lists.
    """

    def __init__(self, path: str | os.PathLike[str], state: TrainingState, called: dict[str, Any]) -> None:
        self._path, self._state = path, state
        self._called = {**called, "model": _model(state.model), "optimizer": type(state.optimizer).__name__,
                        "groups": _groups(state.optimizer),
                        "schedulers": [_scheduler(scheduler) for scheduler in state.schedulers]}
        if os.path.exists(path):
            self._resume()
        else:
            self.save()     # what cannot be saved is said now, and not after the first epoch

    def save(self) -> None:
        """Put the state there, whole or not at all: all of it each time, so that later epochs, with a longer history,
        take longer, at epoch 4,000 about a hundredth of a second."""
        groups = self._called["groups"]
        groups += _groups(self._state.optimizer)[len(groups):]      # those that a callback added
        save({"training": self._called, **self._state.state_dict()}, self._path)

    def _resume(self) -> None:
        where = os.fspath(self._path)
        found = load_capped(self._path, len(self._state.parameters()))
        advice = "give another name, or remove the file to begin anew"
        if not isinstance(found, dict) or not isinstance(found.get("training"), dict):
            raise ValueError(f"fit: {where} is no checkpoint of a training; {advice}")
        theirs = found["training"]
        other = [found for name in self._called for found in _differences(name, theirs.get(name), self._called[name])]
        if other:
            raise ValueError(f"fit: {where} is the checkpoint of another training: "
                             f"{', '.join(other[:5])}{', ...' if len(other) > 5 else ''}; {advice}")
        try:
            self._state.load_state_dict(found)
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise ValueError(f"fit: {where} does not fit this model and optimiser: {error}; {advice}") from error


def _differences(name: str, theirs: Any, ours: Any) -> list[str]:
    """What is not the same, as deep inside as it can be named."""
    if theirs == ours:
        return []
    if name in ("data", "validation"):      # of which no reader knows the digests
        return [f"{name} differs"]
    if isinstance(theirs, dict) and isinstance(ours, dict):
        return [found for key in {**theirs, **ours}
                for found in _differences(f"{name}: {key}", theirs.get(key), ours.get(key))]
    if isinstance(theirs, list) and isinstance(ours, list) and len(theirs) == len(ours):
        return [found for i, x in enumerate(ours) for found in _differences(f"{name}[{i}]", theirs[i], x)]
    return [f"{name} was {_short(theirs, ours)} and is {_short(ours, theirs)}"]


def _short(x: Any, other: Any) -> str:
    """``x`` as text, and of a long one only where it begins to be another."""
    text = str(x)
    if len(text) <= 60:
        return text
    start = max(0, next((i for i, (a, b) in enumerate(zip(text, str(other), strict=False)) if a != b), 0) - 20)
    return f"{'...' if start else ''}{text[start:start + 60]}{'...' if len(text) > start + 60 else ''}"


def _model(model: Any) -> str:
    """How it is built, as far as its text tells: without the numbers of parameters, and places in memory."""
    return re.sub(r" at 0x[0-9A-Fa-f]+|(?<=\bValue)\([^)]*\)", "", repr(model))


def digest(data: Data) -> str:
    """What two sets of examples have in common only if they are the same, to the bit."""
    found = sha256(repr(data.shape).encode())
    for row in data.packed:
        found.update(row)
    return found.hexdigest()


def _groups(optimizer: Optimizer) -> list[Any]:
    """Their sizes and options, with the rates that schedules began with."""
    return [{**{name: x for name, x in group.items() if name != "initial_lr"}, "params": len(group["params"]),
             "lr": group.get("initial_lr", group.get("lr"))} for group in optimizer.state_dict()["param_groups"]]


def _scheduler(scheduler: Any) -> list[Any]:
    """Its kind and options; a function among them is not known by what it computes."""
    return [type(scheduler).__name__, {name: getattr(scheduler, name) for name in type(scheduler).rules}]
