"""Reads the data and the states of models that learn without gradients: rows of floats, each checked once."""

from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from inspect import signature
from math import inf
from numbers import Real
from typing import Any, ClassVar

from nn.modules.arguments import ClearInit

COUNTED = "(counted from 0)"
MOST = 1e300        # so that no difference or distance overflows

Allowed = tuple[Callable[[float], bool], str]       # a test of each number, and what it asks for
NUMBERS: Allowed = (lambda x: -MOST <= x <= MOST, f"a finite number up to {MOST:g}: leave the row out")
PROBABILITIES: Allowed = (lambda x: 0.0 <= x <= 1.0, "a number from 0 to 1: scale the data, as in x / 255")
BOOLEANS: Allowed = (lambda x: x in (0.0, 1.0), "0 or 1: set a threshold, as in [x > 0.5 for x in row]")


def read_rows(X: Any, features: int | None = None, name: str = "X",  # noqa: N803
              allowed: Allowed = NUMBERS) -> list[list[float]]:
    """Rows of finite floats, all of one length: of lists, arrays, tables or generators, which are read once.

    features: how many numbers each row must have; None: as many as the first. allowed: which numbers these may be.

    >>> read_rows([[0, 1], [0.5, True]])
    [[0.0, 1.0], [0.5, 1.0]]
    """
    X = X.to_numpy() if hasattr(X, "to_numpy") else X       # noqa: N806 (a DataFrame iterates over its columns)
    if getattr(getattr(X, "dtype", None), "kind", "") in ("M", "m"):       # whose tolist() gives nanoseconds
        raise TypeError(f"{name} holds dates or times; make numbers of them, such as days since the first")
    X = X.tolist() if hasattr(X, "tolist") else X       # noqa: N806
    if isinstance(X, (str, bytes, Mapping)) or not hasattr(X, "__iter__"):
        raise TypeError(f"{name} is of type {type(X).__name__}; give rows of numbers, as in [[0.1, 0.9], [0.8, 0.2]]")
    rows = [_read_row(row, f"{name}, row {i} {COUNTED}", allowed) for i, row in enumerate(X)]
    if not rows or not rows[0]:
        raise ValueError(f"{name} is empty; give at least one row of numbers")
    wanted = len(rows[0]) if features is None else features
    for i, row in enumerate(rows):
        if len(row) != wanted:
            raise ValueError(f"{name}, row {i} {COUNTED}, has {_numbers(len(row))}, and " + (
                f"row 0 has {len(rows[0])}; give all rows the same length" if len(row) != len(rows[0])
                else f"this model takes rows of {wanted}"))
    return rows


def _read_row(row: Any, name: str, allowed: Allowed) -> list[float]:
    row = row.tolist() if hasattr(row, "tolist") else row
    if isinstance(row, (str, bytes, Mapping)) or not hasattr(row, "__iter__"):
        raise TypeError(f"{name}, is of type {type(row).__name__}; give a row of numbers, as in [0.1, 0.9], and of a "
                        "single row make a list of one")
    fits = allowed[0]
    return [x if x.__class__ is float and fits(x) else _read_number(x, f"{name}: number {j}", allowed)
            for j, x in enumerate(row)]


def _read_number(x: Any, name: str, allowed: Allowed) -> float:
    x = x.item() if getattr(x, "shape", None) == () else x      # NumPy's numbers
    if not isinstance(x, Real):
        raise TypeError(f"{name} is of type {type(x).__name__}; give plain numbers, such as the data of a Value")
    try:
        number = float(x)
    except OverflowError:
        number = inf
    fits, wanted = allowed
    if not fits(number):
        raise ValueError(f"{name} is {x if number.is_integer() and number < 1e15 else number}, not {wanted}")
    return number


def check_units(name: str, numbers: Iterable[Any], allowed: Allowed) -> None:
    """An error for the first of the states ``numbers`` of boolean units that is not allowed.

    Values, and the numbers of other transforms, are taken as they are: a derivative may be asked for anywhere.
    """
    for i, x in enumerate(numbers):
        if isinstance(x, Real):
            _read_number(x, f"{name}: number {i} {COUNTED}", allowed)


def _numbers(n: int) -> str:
    return f"{n} number{'s' * (n != 1)}"


class PlainState(ClearInit):
    """A base with ``state_dict`` and ``load_state_dict`` of plain numbers, which `nn.save` writes like a Module's.

    A subclass names its entries, and says in ``_read_state`` how they are checked.
    """

    _entries: ClassVar[tuple[str, ...]] = ("weights",)

    def state_dict(self) -> dict[str, Any]:
        """What was learned, as a copy: nested lists of floats by name. How the model was made is no part of it."""
        return {name: deepcopy(getattr(self, name)) for name in self._entries}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Take over what `state_dict` returned; arrays will do. ValueError where it does not fit: nothing changes."""
        if not isinstance(state_dict, Mapping):
            raise TypeError(f"load_state_dict takes a dict of names and numbers, not {type(state_dict).__name__}")
        faults = [f"{name} is missing" for name in self._entries if name not in state_dict]
        faults += [f"{name} is unexpected" for name in state_dict if name not in self._entries]
        if faults:
            raise ValueError(f"load_state_dict: {'; '.join(faults)}; give the state of a {type(self).__name__}")
        vars(self).update(self._read_state(state_dict))

    def _read_state(self, state: Mapping[str, Any]) -> dict[str, Any]:
        raise NotImplementedError

    def __call__(self, x: Any) -> Any:
        raise TypeError(f"{type(self).__name__} is no function of one example: {self._own_fit()}, and model.predict(X) "
                        "instead of nn.predict")

    def __getattr__(self, name: str) -> Any:
        if name in ("parameters", "named_parameters", "zero_grad"):
            raise AttributeError(f"{type(self).__name__} has no {name}: {self._own_fit()}")
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def _own_fit(self) -> str:
        rows = "X, y" if "y" in signature(type(self).fit).parameters else "X"       # type: ignore[attr-defined]
        return f"it learns by a rule of its own, without gradients; call model.fit({rows}) instead of nn.fit"
