"""Saving and loading of states: which suffix has which format, and what both have in common."""

import math
import os
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any

from autograd import files
from nn.serialization import json_format, safetensors_format
from nn.serialization.strict_json import SPARE, TIMES, ModelFormatError, Room

_FORMATS: dict[str, ModuleType] = {".safetensors": safetensors_format, ".json": json_format}


def save(state: Any, path: str | os.PathLike[str]) -> None:
    """Write a state to ``path``: .safetensors, compact and fast, or .json, which people can read.

    state: anything with a ``state_dict()``, such as a Module, or a dict with string keys of floats, ints, bools,
    strings, None, lists and further dicts. Where a model needs to say what it is, that is an entry, too.

    The file appears whole or not at all, also when the power fails; an older one stays until then, and its permissions
    go on. TypeError and ValueError name what in the state cannot be saved.

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
    data = form.write(state)
    # A reader refuses what would take more than so many times the file: spaces make up for what is terse, like [[],[]].
    room = Room(math.inf)
    form.read(BytesIO(data), len(data), room)
    padding = math.ceil((room.most - SPARE - TIMES * len(data)) / (TIMES - 1))
    files.replace(Path(path), form.write(state, padding) if padding > 0 else data)


def load(path: str | os.PathLike[str]) -> Any:
    """The state that ``save`` wrote to ``path``, every float to the bit: ``model.load_state_dict(load(path))``.

    A file that is no model, or a damaged one, down to one bit, is a ModelFormatError, before reading it has taken much
    more than four times its size in memory. No code in a file is run.

    >>> save({"epoch": 3, "loss": [0.25, float("nan")]}, "checkpoint.safetensors")
    >>> load("checkpoint.safetensors")
    {'epoch': 3, 'loss': [0.25, nan]}
    """
    form = _format(path)
    try:
        with open(path, "rb", buffering=8192) as file:
            size = os.fstat(file.fileno()).st_size
            return form.read(file, size, Room(TIMES * size + SPARE))
    except ModelFormatError as error:
        raise ModelFormatError(f"{os.fspath(path)}: {error}") from None


def _format(path: str | os.PathLike[str]) -> ModuleType:
    form = _FORMATS.get(Path(path).suffix.lower())
    if form is None:
        raise ValueError(f"{os.fspath(path)!r}: the name of a model ends in {' or '.join(_FORMATS)}")
    return form
