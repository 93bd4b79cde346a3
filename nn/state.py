"""All that changes while a network is trained, as one thing that can be kept and gone on from."""

from collections.abc import Sequence
from math import isnan
from typing import Any

from nn.history import History
from nn.module import Module
from nn.optim import Optimizer
from nn.optim.lr_scheduler import ReduceLROnPlateau
from nn.updates import parameters_of


class TrainingState:
    """The model, its optimiser and schedules, the history, and with ``patience`` the best epoch and its parameters."""

    def __init__(self, model: Any, optimizer: Optimizer, schedulers: Sequence[Any], patience: int | None) -> None:
        self.model, self.optimizer, self.schedulers, self.patience = model, optimizer, schedulers, patience
        self.history = History()
        self.stopped = ""       # why it stopped before the last epoch
        self._best: tuple[int, float, dict[Any, float]] | None = None

    def finish(self, numbers: dict[str, float]) -> None:
        """An epoch is over, at whose end these numbers were measured."""
        self.history.add(numbers)
        watched, epoch = numbers.get("val_loss", numbers["loss"]), self.history.epochs
        if self.patience is not None:
            lowest = self._best[0] if self._best else 0
            if not isnan(watched) and (self._best is None or watched < self._best[1]):
                self._best = epoch, watched, {p: p.data for p in self._parameters()}
            elif epoch - lowest >= self.patience:
                self.stopped = f"stopped after epoch {epoch}: val_loss was " + \
                    (f"lowest after epoch {lowest}" if lowest else "nan after every one")
        for scheduler in self.schedulers:
            if isinstance(scheduler, ReduceLROnPlateau):
                scheduler.step(watched)
            else:
                scheduler.step()

    def close(self) -> History:
        """The training is over: with patience, the best parameters are the model's."""
        if self.stopped:
            self.history.remarks.append(self.stopped)
        if self._best is not None:
            self.history.best_epoch = self._best[0]
            for p, x in self._best[2].items():
                p.data = x
        return self.history

    def state_dict(self) -> dict[str, Any]:
        """Everything, as `nn.save` takes it."""
        if not isinstance(self.model, Module):
            raise TypeError(f"fit: checkpoint keeps the model's state_dict(), which a {type(self.model).__name__} has "
                            "not; make the model a Module")
        best = self._best and {"epoch": self._best[0], "loss": self._best[1],
                               "parameters": [self._best[2].get(p, p.data) for p in self._parameters()]}
        return {"model": self.model.state_dict(), "others": [p.data for p in self._others()],
                "optimizer": self.optimizer.state_dict(),
                "schedulers": [scheduler.state_dict() for scheduler in self.schedulers],
                "history": dict(self.history), "stopped": self.stopped, "best": best}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from there; what is loaded comes from a training that was set up like this one."""
        self.model.load_state_dict(state["model"])
        _assign(self._others(), state["others"])
        self.optimizer.load_state_dict(state["optimizer"])
        for scheduler, its in zip(self.schedulers, state["schedulers"], strict=True):
            scheduler.load_state_dict(its)
        self.history.update(state["history"])
        self.stopped, best = state["stopped"], state["best"]
        self._best = best and (best["epoch"], best["loss"], dict(zip(self._parameters(), best["parameters"],
                                                                     strict=True)))

    def _others(self) -> list[Any]:
        """What the optimiser moves that is not the model's, such as a number that the loss has."""
        own = set(self.model.parameters())
        return [p for p in parameters_of(self.optimizer) if p not in own]

    def _parameters(self) -> list[Any]:
        """The model's, be they trained now, later or not at all, and the others."""
        own = self.model.parameters() if isinstance(self.model, Module) else []
        return list(dict.fromkeys([*own, *parameters_of(self.optimizer)]))


def _assign(parameters: Sequence[Any], numbers: Sequence[float]) -> None:
    for p, x in zip(parameters, numbers, strict=True):
        p.data = x
