"""Pickles of batched functions: with the Programs of their versions, so that a worker traces nothing."""

import pickle
import sys
from operator import attrgetter
from types import FunctionType
from typing import Any, NamedTuple

from autograd.batch.version import Version
from autograd.compiler.captured_state import CapturedState
from autograd.compiler.signature import Signature
from autograd.compiler.tracing import Trace
from autograd.graph.value import Value

PLAIN = (str, bytes, bool, int, float, type(None))
BY_VALUE = "cloudpickle", "dill", "copy"     # what pickles functions without a name, or copies them


class _Saved(NamedTuple):
    """A version; below: where a guard failed, the place of another one in the list."""

    trace: Trace
    layout: Any
    summed: frozenset[int]
    below: dict[int, int]


def versions_of(batched: Any) -> list[tuple[Any, list[_Saved]]]:
    """What a pickle keeps: for each call signature its versions, the root first.

    Those that depend on more than numbers and Values are made again: static arguments that are objects, and variables
    that formulas mention.
    """
    found = []
    for signature, root in batched.versions.roots.copy().items():
        versions = [version for _, version, _, _ in root.all()]
        if all(isinstance(x, PLAIN) for x in Signature(*signature).static()) and not any(
                version.mentions or version.layout is None for version in versions):
            places = {version: i for i, version in enumerate(versions)}
            found.append((signature, [_Saved(
                version.trace._replace(rebuild=None, forms=[], sites=(), straight=None), version.layout, version.summed,
                {guard: places[other] for guard, other in version.by_failed_guard.copy().items() if other in places})
                for version in versions]))
    return found


def take_versions(batched: Any, saved: list[tuple[Any, list[_Saved]]]) -> None:
    """Take the versions of a pickle; those that capture other Values than the function does here are made again."""
    if any(version.trace.captured for _, versions in saved for version in versions):
        here = _captured(batched.function)
        saved = [(signature, versions) for signature, versions in saved
                 if all(id(x) in here for version in versions for x in version.trace.captured)]
    for signature, parts in saved:
        made = [Version(part.trace, batched.backend, signature, (), None, batched.fast, batched.cache)
                for part in parts]
        for version, part in zip(made, parts, strict=True):
            version.layout, version.summed = part.layout, part.summed
            version.by_failed_guard = {guard: made[place] for guard, place in part.below.items()}
        batched.versions.roots.setdefault(signature, made[0])


def _captured(function: Any) -> dict[int, Value]:
    """The Values that a function can read, by identity."""
    found: dict[int, Value] = {}
    for storage in CapturedState(function).storages:
        waiting = [*storage.read().values()]
        while waiting:
            x = waiting.pop()
            if isinstance(x, Value):
                found[id(x)] = x
            elif isinstance(x, tuple):
                waiting += x
    return found


def named(x: Any, module: str, name: str) -> bool:
    """Whether a module names this object."""
    try:
        return attrgetter(name)(sys.modules.get(module)) is x
    except AttributeError:
        return False


def found_again(module: str, name: str, saved: list[tuple[Any, list[_Saved]]]) -> Any:
    """The batched function that a module names, with the versions of a pickle."""
    __import__(module)
    found = attrgetter(name)(sys.modules[module])
    if hasattr(found, "versions"):
        take_versions(found, saved)
    return found


def refuse_nameless(function: Any) -> None:
    """PicklingError for a function that pickle would not find by its name, unless the pickler takes its code."""
    while hasattr(function, "function") and not named(function, function.__module__, getattr(
            function, "__qualname__", "")):     # a derivative, or a compiled one
        function = function.function
    if not isinstance(function, FunctionType) or named(function, function.__module__, function.__qualname__):
        return
    frame = sys._getframe(1)
    while frame is not None:
        if any(name in frame.f_globals.get("__name__", "") for name in BY_VALUE):
            return
        frame = frame.f_back        # type: ignore[assignment]
    raise pickle.PicklingError(
        f"vmap: pickle finds functions by their names, and {function.__module__} has none for {function.__qualname__}: "
        "define it at the top of a module, or send it by what takes the code along: Dask, joblib, cloudpickle; "
        "vmap(executor=) sends no function at all")
