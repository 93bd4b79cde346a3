"""``variable_names``: what the caller calls its Values, for pictures and paths of Values without labels."""

import sys
from collections.abc import Iterable, Iterator, Mapping
from inspect import CO_OPTIMIZED, CO_VARARGS, CO_VARKEYWORDS
from itertools import islice
from types import CodeType, FrameType, SimpleNamespace
from typing import Any

from autograd.graph.value import Value

# Packages whose variables are not the caller's; a notebook's kernel stands between a cell and its picture.
PASSED = {"autograd", "nn", "viz", "IPython", "ipykernel", "_pytest", "pluggy", *sys.stdlib_module_names} - {"__main__"}
# Results of this project, such as paths and comparisons, hold Values that the caller has named elsewhere.
OWN = {"autograd", "nn", "viz"}
FRAMES, ELEMENTS, LOOKED_AT, DEPTH = 100, 1000, 5000, 3     # limits; of elements for each container, and for all
LONGEST = 24        # characters of the name of an element; a picture cuts longer ones, and with them the index
MANY, NUMBERS = 50, {int, float, str}      # a longer list that begins and ends with these is data


def variable_names() -> dict[int, str]:
    """The names of the variables that hold Values, by the ``id`` of each Value, as the calling code sees them.

    The variables are those of the innermost function outside this project, of its module, and then of the functions
    that called it; a name means one thing, so an outer variable that an inner one hides gives no name. A function whose
    arguments are its only Values, such as ``show(root)``, passes them on: their names outside come first. Elements of
    lists, tuples, dicts, dataclasses and arrays are called as in code: ``xs[0]``, ``w['bias']``, ``point.x``. A Value
    with several names has the one that was bound first. Names that begin with an underscore do not count, nor
    do the history of a notebook and the results of this project, such as paths.

    No Value or frame is kept alive: whoever keeps the names keeps the graph to which they belong.

    >>> a = Value(2.0)
    >>> names = [a, Value(3.0)]
    >>> found = variable_names()
    >>> found[id(a)], found[id(names[1])]
    ('a', 'names[1]')
    """
    found: dict[int, str] = {}
    hidden: set[str] = set()
    budget = [LOOKED_AT]
    passing: list[list[tuple[str, Value]]] = []
    for variables, arguments in _namespaces(sys._getframe(1)):
        named = [(name, text, value) for name, x in variables.items()
                 if name not in hidden and name[0] != "_" and name.isidentifier() and x is not variables.get("_oh")
                 for text, value in _values(name, x, budget)]
        if named and all(name in arguments for name, _, _ in named):
            passing.append([(text, value) for _, text, value in named])
            continue
        for _, text, value in named:
            found.setdefault(id(value), text)
        hidden.update(variables)
    for values in passing:
        for text, value in values:
            if text.partition("[")[0].partition(".")[0] not in hidden:
                found.setdefault(id(value), text)
    return found


def _namespaces(frame: FrameType | None) -> Iterator[tuple[dict[str, Any], tuple[str, ...]]]:
    """The variables of each frame outside ``PASSED``, and after them those of its module, from the inside out; and
    which of them are arguments of the function."""
    modules: set[int] = set()
    for _ in range(FRAMES):
        while frame and _passed(frame):
            frame = frame.f_back
        if frame is None:
            return
        if frame.f_code.co_flags & CO_OPTIMIZED:
            yield _locals(frame), _arguments(frame.f_code)
        elif frame.f_locals is not frame.f_globals:     # of a class, or of exec
            yield dict(frame.f_locals), ()
        if id(frame.f_globals) not in modules:
            modules.add(id(frame.f_globals))
            yield dict(frame.f_globals), ()
        frame = frame.f_back


def _passed(frame: FrameType) -> bool:
    module = frame.f_globals.get("__name__") or "autograd"      # what is generated from the table has no name
    return module.partition(".")[0] in PASSED and not frame.f_code.co_filename.startswith("<doctest")


def _locals(frame: FrameType) -> dict[str, Any]:
    """The variables of a function's frame."""
    seen = frame.f_locals
    copy = dict(seen)
    # Before Python 3.13 the frame keeps this dict until the function returns, and with it each Value that the function
    # deletes meanwhile. Nobody else reads it where only the frame, this variable and the call refer to it.
    if isinstance(seen, dict) and sys.getrefcount(seen) <= 3:
        seen.clear()
    return copy


def _arguments(code: CodeType) -> tuple[str, ...]:
    starred = bool(code.co_flags & CO_VARARGS) + bool(code.co_flags & CO_VARKEYWORDS)
    return code.co_varnames[:code.co_argcount + code.co_kwonlyargcount + starred]


def _values(name: str, x: object, budget: list[int], depth: int = DEPTH) -> Iterator[tuple[str, Value]]:
    """The Values in ``x``, each with the code that gives it. Calls nothing that users have written."""
    if issubclass(type(x), Value):      # isinstance would ask a proxy what it pretends to be
        yield name, x       # type: ignore[misc]
    elif depth:
        for text, element in islice(_elements(name, x), max(0, min(ELEMENTS, budget[0]))):
            budget[0] -= 1
            if len(text) <= LONGEST:
                yield from _values(text, element, budget, depth - 1)


def _elements(name: str, x: Any) -> Iterable[tuple[str, object]]:
    kind = type(x)
    # a layer's outputs are a list like any other
    if str(kind.__module__).partition(".")[0] in OWN and not issubclass(kind, (list, dict)):
        return ()
    if issubclass(kind, (list, tuple)):
        base: Any = tuple if issubclass(kind, tuple) else list
        if base.__len__(x) > MANY and {type(base.__getitem__(x, 0)), type(base.__getitem__(x, -1))} <= NUMBERS:
            return ()
        fields = getattr(kind, "_fields", ())
        return ((f"{name}.{fields[i]}" if i < len(fields) else f"{name}[{i}]", each)
                for i, each in enumerate(base.__iter__(x)))
    if issubclass(kind, dict):      # with __builtins__ it is the variables of some code, as of a notebook
        return ((f"{name}[{key!r}]", each) for key, each in list(islice(dict.items(x), ELEMENTS))
                if type(key) in (str, int) and not dict.__contains__(x, "__builtins__"))
    if hasattr(kind, "__dataclass_fields__") or kind is SimpleNamespace:
        fields = getattr(kind, "__dataclass_fields__", None) or vars(x)
        held: Mapping[str, Any] = getattr(x, "__dict__", None) or {field: getattr(x, field, None) for field in fields}
        return ((f"{name}.{field}", held[field]) for field in fields if field in held)
    numpy = sys.modules.get("numpy")
    if numpy and kind is numpy.ndarray and x.dtype == object:
        return ((f"{name}[{', '.join(map(str, place))}]", each) for place, each in numpy.ndenumerate(x))
    return ()
