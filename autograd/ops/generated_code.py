"""Functions made from generated source, which tracebacks and debuggers show."""

import linecache
from collections.abc import Callable
from itertools import count
from typing import Any
from weakref import finalize

_numbers = count(1)


def define_function(source: str, namespace: dict[str, Any], name: str, title: str) -> Callable[..., Any]:
    """The function ``name`` that ``source`` defines; ``namespace`` becomes its globals. title: shown as its file."""
    file = f"<pathgrad {title} {next(_numbers)}>"
    linecache.cache[file] = len(source), None, source.splitlines(True), file
    exec(compile(source, file, "exec"), namespace)
    function = namespace.pop(name)      # in its own globals it would be a reference cycle
    finalize(function, linecache.cache.pop, file, None).atexit = False
    return function     # type: ignore[no-any-return]
