"""The state of a training, which can be saved and resumed: parameters, optimiser, schedules, history, best epoch."""

from collections.abc import Sequence
from math import isnan
from typing import Any

from autograd import assign
from nn.module import Module
from nn.optim import Optimizer
from nn.optim.lr_scheduler import ReduceLROnPlateau
from nn.training.history import History
from nn.training.training_step import parameters_of


class TrainingState:
    """The model, its optimiser and schedules, the history, and with ``patience`` the best epoch and its parameters."""

    def __init__(self, model: Any, optimizer: Optimizer, schedulers: Sequence[Any], patience: int | None) -> None:
        self.model, self.optimizer, self.schedulers, self.patience = model, optimizer, schedulers, patience
        self.history = History()
        self.stopped = ""       # the reason, where it stopped before the last epoch
        self._best: tuple[int, float, dict[Any, float]] | None = None

    def finish(self, numbers: dict[str, float]) -> None:
        """Record an epoch, at whose end these numbers were measured."""
        self.history.add(numbers)
        watched, epoch = numbers.get("val_loss", numbers["loss"]), self.history.epochs
        if self.patience is not None:
            lowest = self._best[0] if self._best else 0
            if not isnan(watched) and (self._best is None or watched < self._best[1]):
                self._best = epoch, watched, {p: p.data for p in self.parameters()}
            elif epoch - lowest >= self.patience:
                self.stopped = f"stopped after epoch {epoch}: val_loss was " + \
                    (f"lowest after epoch {lowest}" if lowest else "nan after every one")
        for scheduler in self.schedulers:
            if isinstance(scheduler, ReduceLROnPlateau):
                scheduler.step(watched)
            else:
                scheduler.step()

    def close(self) -> History:
        """End the training: with patience, the model gets its best parameters."""
        if self.stopped:
            self.history.remarks.append(self.stopped)
        if self._best is not None:
            self.history.best_epoch = self._best[0]
            assign(list(self._best[2]), list(self._best[2].values()))
        return self.history

    def state_dict(self) -> dict[str, Any]:
        """Everything, as `nn.save` takes it."""
        if not isinstance(self.model, Module):
            raise TypeError(f"fit: checkpoint keeps the model's state_dict(), which a {type(self.model).__name__} has "
                            "not; make the model a Module")
        best = self._best and {"epoch": self._best[0], "loss": self._best[1],
                               "parameters": [self._best[2].get(p, p.data) for p in self.parameters()]}
        return {"model": self.model.state_dict(), "others": [p.data for p in self._others()],
                "optimizer": self.optimizer.state_dict(),
                "schedulers": [scheduler.state_dict() for scheduler in self.schedulers],
                "history": dict(self.history), "stopped": self.stopped, "best": best}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from there; ValueError, and nothing changed, if it is no state of a training that was set up like this.
        """
        missing = sorted(self.state_dict().keys() - state.keys())
        if missing:
            raise ValueError(f"it has no {', '.join(map(repr, missing))}")
        others, history, stopped = self._others(), _history(state["history"]), state["stopped"]
        if not isinstance(stopped, str):
            raise ValueError(f"'stopped' is a text, not {stopped!r}")
        numbers = _numbers("'others'", state["others"], len(others))
        if not isinstance(state["schedulers"], list) or len(state["schedulers"]) != len(self.schedulers):
            raise ValueError(f"'schedulers' is a list of {len(self.schedulers)} states")
        parameters = self.parameters()
        before = ([p.data for p in parameters], self.optimizer.param_groups, self.optimizer.state,
                  [dict(vars(scheduler)) for scheduler in self.schedulers])
        try:
            self.model.load_state_dict(state["model"])
            self.optimizer.load_state_dict(state["optimizer"])
            for scheduler, its in zip(self.schedulers, state["schedulers"], strict=True):
                scheduler.load_state_dict(its)
            best = self._read_best(state["best"], history)
        except BaseException:
            data, self.optimizer.param_groups, self.optimizer.state, schedules = before
            assign(parameters, data)
            for scheduler, its in zip(self.schedulers, schedules, strict=True):
                vars(scheduler).update(its)
            raise
        assign(others, numbers)
        self.history.update(history)
        self.stopped, self._best = stopped, best

    def _read_best(self, best: Any, history: dict[str, list[float]]) -> tuple[int, float, dict[Any, float]] | None:
        """The best epoch of a state; ValueError if it is not that of the history."""
        watched = history.get("val_loss", []) if self.patience is not None else []
        known = [(x, epoch) for epoch, x in enumerate(watched, 1) if not isnan(x)]
        if not known:
            if best is not None:
                raise ValueError("'best' is null where no epoch was measured")
            return None
        loss, epoch = min(known)
        if not isinstance(best, dict) or (best.get("epoch"), best.get("loss")) != (epoch, loss):
            raise ValueError(f"'best' is not epoch {epoch}, with the loss {loss}, which is that of the history")
        parameters = self.parameters()
        numbers = _numbers("the best 'parameters'", best.get("parameters"), len(parameters))
        return epoch, loss, dict(zip(parameters, numbers, strict=True))

    def _others(self) -> list[Any]:
        """Parameters of the optimiser that are not the model's, such as a parameter of the loss."""
        own = set(self.model.parameters())
        return [p for p in parameters_of(self.optimizer) if p not in own]

    def parameters(self) -> list[Any]:
        """All parameters of the model, trained or not, its buffers, and the others of the optimiser."""
        own = [*self.model.parameters(), *self.model.buffers()] if isinstance(self.model, Module) else []
        return list(dict.fromkeys([*own, *parameters_of(self.optimizer)]))


def _history(found: Any) -> dict[str, list[float]]:
    """The columns of a saved history; ValueError if they are not of one length."""
    if not isinstance(found, dict) or not all(isinstance(column, list) for column in found.values()):
        raise ValueError("'history' is a dict of lists")
    size = len(found.get("loss", ()))
    return {name: _numbers(f"'history', {name!r},", column, size) for name, column in found.items()}


def _numbers(name: str, found: Any, size: int) -> list[float]:
    if not isinstance(found, list) or len(found) != size or not all(type(x) in (float, int) for x in found):
        raise ValueError(f"{name} is a list of {size} numbers")
    return [float(x) for x in found]
