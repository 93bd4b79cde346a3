"""Checkpoints: the state of a training in a file, with what it was called with, so that no other goes on from it."""

import os
from hashlib import sha256
from typing import Any

from nn.data import Data
from nn.optim import Optimizer
from nn.saving import load, save
from nn.state import TrainingState


class Checkpoint:
    """A file that has the state after the last epoch that was finished; opening it brings the state there.

    called: by name, what has to be the same for the training to go on; strings, numbers and lists.
    """

    def __init__(self, path: str | os.PathLike[str], state: TrainingState, called: dict[str, Any]) -> None:
        self._path, self._state = path, state
        self._called = {**called, "optimizer": _optimizer(state.optimizer),
                        "schedulers": [_scheduler(scheduler) for scheduler in state.schedulers]}
        if os.path.exists(path):
            self._resume()
        else:
            self.save()     # what cannot be saved is said now, and not after the first epoch

    def save(self) -> None:
        """Put the state there, whole or not at all."""
        now = _optimizer(self._state.optimizer)
        self._called["optimizer"] += now[len(self._called["optimizer"]):]       # groups that a callback added
        save({"training": self._called, **self._state.state_dict()}, self._path)

    def _resume(self) -> None:
        found, where = load(self._path), os.fspath(self._path)
        advice = "give another name, or remove the file to begin anew"
        if not isinstance(found, dict) or not isinstance(found.get("training"), dict):
            raise ValueError(f"fit: {where} is no checkpoint of a training; {advice}")
        theirs = found["training"]
        other = [name for name in self._called if theirs.get(name) != self._called[name]]
        if other:
            raise ValueError(f"fit: {where} is the checkpoint of another training: "
                             f"{', '.join(map(self._differs, other, [theirs.get(name) for name in other]))}; {advice}")
        try:
            self._state.load_state_dict(found)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ValueError(f"fit: {where} does not fit this model and optimiser: {error}; {advice}") from error

    def _differs(self, name: str, theirs: Any) -> str:
        ours = self._called[name]
        short = all(x is None or isinstance(x, (int, float)) for x in (ours, theirs))
        return f"{name} was {theirs} and is {ours}" if short else f"{name} differs"


def digest(data: Data) -> str:
    """What two sets of examples have in common only if they are the same, to the bit."""
    found = sha256(repr(data.shape).encode())
    for row in data.packed:
        found.update(row)
    return found.hexdigest()


def _optimizer(optimizer: Optimizer) -> list[Any]:
    """Its kind and options, with the rates that schedules began with."""
    groups = optimizer.state_dict()["param_groups"]
    return [type(optimizer).__name__, *({**group, "params": len(group["params"]),
                                         **({"lr": group["initial_lr"]} if "initial_lr" in group else {})}
                                        for group in groups)]


def _scheduler(scheduler: Any) -> list[Any]:
    """Its kind and options; a function among them is not known by what it computes."""
    return [type(scheduler).__name__, {name: getattr(scheduler, name) for name in type(scheduler).rules}]
