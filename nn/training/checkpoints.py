"""Checkpoints: a file with the state of a training and its arguments, so that no other training resumes from it."""

import os
import re
from hashlib import sha256
from typing import Any

from nn.optim import Optimizer
from nn.serialization.files import load_capped, save
from nn.training.data import Data
from nn.training.training_state import TrainingState


class Checkpoint:
    """A file with the state after the last finished epoch; a file that exists is loaded into the state.

    called: the arguments that have to be the same in a resumed training, by name; strings, numbers and lists.
    """

    def __init__(self, path: str | os.PathLike[str], state: TrainingState, called: dict[str, Any]) -> None:
        self._path, self._state = path, state
        self._called = {**called, "model": _model(state.model), "optimizer": type(state.optimizer).__name__,
                        "groups": _groups(state.optimizer),
                        "schedulers": [_scheduler(scheduler) for scheduler in state.schedulers]}
        if os.path.exists(path):
            self._resume()
        else:
            self.save()     # an error for state that cannot be saved comes now, and not after the first epoch

    def save(self) -> None:
        """Replace the file atomically. At epoch 4,000 the history makes that take about a hundredth of a second.
        """
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
    """Descriptions of the differences, each as deep inside as it can be named."""
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
    """``x`` as text; of a long text the part around the first difference from ``other``."""
    text = str(x)
    if len(text) <= 60:
        return text
    start = max(0, next((i for i, (a, b) in enumerate(zip(text, str(other), strict=False)) if a != b), 0) - 20)
    return f"{'...' if start else ''}{text[start:start + 60]}{'...' if len(text) > start + 60 else ''}"


def _model(model: Any) -> str:
    """The structure of a model as its repr shows it, without the numbers of parameters and addresses in memory."""
    return re.sub(r" at 0x[0-9A-Fa-f]+|(?<=\bValue)\([^)]*\)", "", repr(model))


def digest(data: Data) -> str:
    """SHA-256 of the examples: equal for two sets of examples only if they are bit-identical."""
    if not data.flat:
        return sha256(repr((data.inputs, data.targets)).encode()).hexdigest()
    found = sha256(repr(data.shape).encode())
    found.update(data.table)
    return found.hexdigest()


def _groups(optimizer: Optimizer) -> list[Any]:
    """Sizes and options of the parameter groups, with the rates before any schedule."""
    return [{**{name: x for name, x in group.items() if name != "initial_lr"}, "params": len(group["params"]),
             "lr": group.get("initial_lr", group.get("lr"))} for group in optimizer.state_dict()["param_groups"]]


def _scheduler(scheduler: Any) -> list[Any]:
    """Class and options of a scheduler; functions among the options are not compared."""
    return [type(scheduler).__name__, {name: getattr(scheduler, name) for name in type(scheduler).rules}]
