"""Predictor: a network together with the columns that it reads and its target, and the model file of all that."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite
from random import Random
from typing import Any

import nn
from autograd import no_grad
from autograd.quoting import quoted
from nn.serialization.files import load_capped
from nn.tabular.bad_rows import DataError
from nn.tabular.columns import Column
from nn.training.eager import as_float
from nn.training.row_function import RowFunction

ACTIVATIONS = {"tanh": nn.Tanh, "relu": nn.ReLU}
KIND = "pathgrad train"
SUFFIXES = (".json", ".safetensors")
COMPILED = 500          # rows from which on machine code pays: it takes as long to make as so many rows without
PARAMETERS = 50_000     # whose machine code takes minutes to make


@dataclass(frozen=True)
class Predictor:
    """``network`` maps the columns' ``inputs`` to logits of the target's labels, or to its number."""

    columns: tuple[Column, ...]
    target: Column
    hidden: tuple[int, ...]
    activation: str
    network: nn.Sequential
    unnamed: int = 0       # columns of the table that was learned from, where they had no names

    @staticmethod
    def new(columns: Sequence[Column], target: Column, hidden: Sequence[int], activation: str,
            seed: int, unnamed: int = 0) -> "Predictor":
        rng = Random(seed)
        sizes = _sizes(columns, target, hidden)
        modules: list[nn.Module] = []
        for before, size in pairwise(sizes):
            modules += [nn.Linear(before, size, seed=rng), ACTIVATIONS[activation]()]
        return Predictor(tuple(columns), target, tuple(hidden), activation, nn.Sequential(*modules[:-1]),
                         unnamed)

    def inputs(self, numbers: Sequence[float]) -> list[float]:
        """The network's inputs for a row's numbers."""
        return [x for column, y in zip(self.columns, numbers, strict=True) for x in column.inputs(y)]

    def all_inputs(self, rows: Sequence[Sequence[float]]) -> list[list[float]]:
        """The network's inputs for rows, fast where all columns are numbers."""
        if any(column.labels for column in self.columns):
            return [self.inputs(row) for row in rows]
        scaled = [[(x - column.center) / column.scale for x in numbers]
                  for column, numbers in zip(self.columns, zip(*rows, strict=True), strict=False)]
        return [list(row) for row in zip(*scaled, strict=True)]

    def predict(self, rows: Sequence[Sequence[float]]) -> list[list[float]]:
        """For each row the probability of each class, or the one number of a regression in the target's own unit."""
        found = self._outputs(self.all_inputs(rows))
        target = self.target
        return found if target.labels else [[x * target.scale + target.center] for x, in found]

    def _outputs(self, rows: list[list[float]]) -> list[list[float]]:
        """The network's outputs, for classes with softmax behind it; compiled and eager are bit-identical."""
        def answer(row: Any) -> Any:
            out = self.network(list(row))
            return nn.softmax(out) if self.target.labels else out

        if len(rows) < COMPILED:
            with no_grad():
                return [list(map(as_float, answer(row))) for row in rows]
        table = array("d", [x for row in rows for x in row])
        width = self.target.width
        found = RowFunction(answer, array("d", rows[0]), width).each(table).tolist()
        return [found[i:i + width] for i in range(0, len(found), width)]

    def state_dict(self) -> dict[str, Any]:
        return {"kind": KIND, "target": self.target.state_dict(), "hidden": list(self.hidden),
                "activation": self.activation, "columns": [column.state_dict() for column in self.columns],
                "network": self.network.state_dict(), **({"unnamed": self.unnamed} if self.unnamed else {})}


def count_parameters(columns: Sequence[Column], target: Column, hidden: Sequence[int]) -> int:
    """The number of parameters of such a network."""
    sizes = _sizes(columns, target, hidden)
    return sum((before + 1) * size for before, size in pairwise(sizes))


def load_predictor(path: str) -> Predictor:
    """The predictor in a file of ``pathgrad train``; a DataError for anything else."""
    where, advice = quoted(path, 60), "give the file that pathgrad train wrote"
    try:
        state = load_capped(path, PARAMETERS)
    except OSError as error:
        raise DataError(f"{where} cannot be read: {error.strerror}; {advice}") from None
    except nn.ModelFormatError as error:
        raise DataError(f"{where} is not a model: {str(error).removeprefix(f'{path}: ')}") from None
    except ValueError:
        suffix = f"its name does not end in {' or '.join(SUFFIXES)}"
        raise DataError(f"{where} is not a model, as {suffix}; {advice}, and then the data") from None
    if state.get("kind") != KIND:
        raise DataError(f"{where} is a model, but not one of pathgrad train; {advice}")
    try:
        return predictor_of_state(state)
    except DataError as error:
        raise DataError(f"{where} {error}; {advice}") from None


def predictor_of_state(state: dict[str, Any]) -> Predictor:
    """The predictor whose ``state_dict`` that is; a DataError, which a name could begin, for a damaged one."""
    try:
        return _of_state(state)
    except (KeyError, TypeError, ValueError) as error:
        reason = f"it has no {error.args[0]}" if isinstance(error, KeyError) else \
            str(error) if isinstance(error, ValueError) else "what is in it has other types than it should"
        raise DataError(f"is a damaged model: {reason}") from None


def _of_state(state: dict[str, Any]) -> Predictor:
    target, columns = Column.of_state(state["target"]), [Column.of_state(x) for x in state["columns"]]
    hidden, activation = state["hidden"], state["activation"]
    if not isinstance(hidden, list) or not all(type(size) is int and size > 0 for size in hidden):
        raise ValueError("the sizes of its hidden layers are no whole numbers")
    if activation not in ACTIVATIONS:
        raise ValueError("its activation is unknown")
    unnamed = state.get("unnamed", 0)
    if type(unnamed) is not int or unnamed < 0:
        raise ValueError("its number of columns without names is no whole number")
    if not columns or len({(column.name, column.part) for column in columns}) < len(columns) or target.part or \
            target.name in {column.name for column in columns}:
        raise ValueError("its columns have no names of their own")
    if count_parameters(columns, target, hidden) > PARAMETERS:
        raise ValueError("its layers are too large")
    made = Predictor.new(columns, target, hidden, activation, 0, unnamed)
    made.network.load_state_dict(state["network"])
    if not all(isfinite(p.data) for p in made.network.parameters()):
        raise ValueError("its parameters are not all finite")
    return made


def _sizes(columns: Sequence[Column], target: Column, hidden: Sequence[int]) -> list[int]:
    return [sum(column.width for column in columns), *hidden, target.width]
