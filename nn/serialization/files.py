"""Saving and loading of states: the format of each suffix, and the cap on the size of JSON."""

import os
from pathlib import Path
from types import ModuleType
from typing import Any

from autograd import files
from nn.serialization import json_format, safetensors_format
from nn.serialization.strict_json import ModelFormatError

_FORMATS: dict[str, ModuleType] = {".safetensors": safetensors_format, ".json": json_format}

# The cap on JSON in bytes is ANY_MODEL and PER_PARAMETER for each parameter: a checkpoint has up to six numbers of 25
# characters per parameter, and their indentation. ANY_MODEL is for the rest, such as a history of 400,000 epochs with
# four columns. The number of parameters of an unknown model is MANY.
ANY_MODEL, PER_PARAMETER, MANY = 2**25, 256, 1_000_000


def save(state: Any, path: str | os.PathLike[str]) -> None:
    """Write a state to ``path``: .safetensors, compact and fast, or .json, which people can read.

    state: anything with a ``state_dict()``, such as a Module, or a dict with string keys of floats, ints, bools,
    strings, None, lists and further dicts. A description of the model is an entry like others.

    The file appears whole or not at all, also when the power fails; an older one stays until then, and its permissions
    go on. TypeError and ValueError name the entry that cannot be saved.

    >>> save({"epoch": 3, "model": {"weight": [[0.5, float("inf")]]}}, "model.json")
    >>> print(Path("model.json").read_text(encoding="utf-8"), end="")      # doctest: +ELLIPSIS
    {"format": "pathgrad", "version": 1, "checksum": "21f3...b106", "state": {
     "epoch": 3,
     "model": {
      "weight": [
       [0.5, "#inf"]]}}}
    """
    form = _format(path)
    state = state.state_dict() if hasattr(state, "state_dict") else state
    if not isinstance(state, dict):
        raise TypeError(f"save takes a Module or a dict, not {type(state).__name__}")
    files.replace(Path(path), form.write(state))


def load(path: str | os.PathLike[str], model: Any = None) -> Any:
    """The state that ``save`` wrote to ``path``, as `nn.load` says, without what it makes of a file of the command.

    >>> save({"epoch": 3, "loss": [0.25, float("nan")]}, "checkpoint.safetensors")
    >>> load("checkpoint.safetensors")
    {'epoch': 3, 'loss': [0.25, nan]}
    """
    if model is not None and not hasattr(model, "parameters"):
        raise TypeError(f"load takes a Module that loads the state, or None, not {type(model).__name__}")
    return load_capped(path, MANY if model is None else len(model.parameters()))


def load_capped(path: str | os.PathLike[str], parameters: int) -> Any:
    """The state as `load` gives it, for a model with this number of parameters, which may be built later."""
    form = _format(path)
    try:
        with open(path, "rb", buffering=8192) as file:
            return form.read(file, os.fstat(file.fileno()).st_size, ANY_MODEL + PER_PARAMETER * parameters)
    except ModelFormatError as error:
        raise ModelFormatError(f"{os.fspath(path)}: {error}") from None


def _format(path: str | os.PathLike[str]) -> ModuleType:
    form = _FORMATS.get(Path(path).suffix.lower())
    if form is None:
        raise ValueError(f"{os.fspath(path)!r}: the name of a model ends in {' or '.join(_FORMATS)}")
    return form
