"""Places outside a function that hold what it reads: a list, a dict, an object, a module's variables, a closure."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextvars import ContextVar
from operator import is_
from types import CellType
from typing import Any

MISSING = object()


class Storage:
    """A place: what is there now, by name; how one thing there is set; what the user calls it.

    live: the same things without their names, each time it is iterated over; where it can be one that is in C.
    source: the object that they are in. take: they, as a list, of that, for who does not keep it alive; None for those
        in a __dict__ that code names.
    """

    def __init__(self, path: str, live: Iterable[Any], read: Callable[[], dict[Any, Any]],
                 write: Callable[[Any, Any], None], source: Any, take: Callable[[Any], Sequence[Any]] | None) -> None:
        self.path, self.live, self.read, self._write = path, live, read, write
        self.source, self.take = source, take

    def restore(self, known: dict[Any, Any]) -> None:
        """Put back what `read` gave."""
        now = self.read()
        for key in now | known:
            if now.get(key, MISSING) is not known.get(key, MISSING):
                self._write(key, known.get(key, MISSING))

    def name(self, key: Any) -> str:
        """What the user calls one of the things here."""
        return f"{self.path}{key}" if self.path[-1:] in ("", ".") else f"{self.path}[{key!r}]"


class Items(Storage):
    """Of a list, a deque, a set or a dict."""

    def __init__(self, path: str, x: Any) -> None:
        self._x = x
        pairs = isinstance(x, dict)
        super().__init__(path, _Pairs(x) if pairs else x, (lambda: dict(x)) if pairs else (lambda: dict(enumerate(x))),
                         lambda key, item: None, x, _values if pairs else list)

    def restore(self, known: dict[Any, Any]) -> None:
        x, items = self._x, known if isinstance(self._x, dict) else known.values()
        now = self.read()
        if list(now) == list(known) and all(map(is_, now.values(), known.values())):
            return
        if isinstance(x, list):
            x[:] = items
        else:
            x.clear()
            (x.extend if hasattr(x, "extend") else x.update)(items)


class _Pairs:
    def __init__(self, x: dict[Any, Any]) -> None:
        self._x = x

    def __iter__(self) -> Iterator[Any]:
        yield from self._x
        yield from self._x.values()


class _Picked:
    """What a function gives now for each of some names."""

    def __init__(self, get: Callable[[Any], Any], names: Iterable[Any]) -> None:
        self._get, self._names = get, names

    def __iter__(self) -> Iterator[Any]:
        return map(self._get, self._names)


class _Flat:
    def __init__(self, x: Any) -> None:
        self._x = x

    def __iter__(self) -> Iterator[Any]:
        return iter(self._x.ravel().tolist())


def objects(path: str, x: Any) -> Storage:
    """What is in NumPy's array of objects."""
    return Storage(path, _Flat(x), lambda: dict(enumerate(x.ravel().tolist())), x.flat.__setitem__, x,
                  lambda x: x.ravel().tolist())


def attributes(path: str, x: Any, space: Any, named: Callable[[str], bool]) -> Storage:
    """Those that are in ``space``, the __dict__ of an object, a function, a module or a class."""
    def read() -> dict[str, Any]:
        return {name: item for name, item in list(space.items()) if named(name) and name[:2] != "__"}

    return Storage(f"{path}.", space.values(), read, lambda name, item: _set(x, name, item), x, None)


def fields(path: str, x: Any, names: Sequence[str]) -> Storage:
    """Those that are not in a __dict__: slots, and a function's defaults."""
    def get(name: str) -> Any:
        return getattr(x, name, MISSING)

    return Storage(f"{path}.", _Picked(get, names), lambda: {name: get(name) for name in names},
                  lambda name, item: _set(x, name, item), x, lambda x: [getattr(x, name, MISSING) for name in names])


def variables(f: Any, names: set[str]) -> Storage:
    """A module's, as a function in it sees them."""
    space = f.__globals__

    def get(name: str) -> Any:
        return space.get(name, MISSING)

    def write(name: str, item: Any) -> None:
        if item is MISSING:
            space.pop(name, None)
        else:
            space[name] = item

    return Storage("", _Picked(get, names), lambda: {name: get(name) for name in list(names)}, write, f,
                  lambda f: [f.__globals__.get(name, MISSING) for name in names])


def cells(f: Any) -> Storage:
    """The variables of outer functions that a function names."""
    closure: dict[str, CellType] = dict(zip(f.__code__.co_freevars, f.__closure__, strict=True))

    def get(name: str) -> Any:
        return content(closure[name])

    def write(name: str, item: Any) -> None:
        if item is MISSING:
            del closure[name].cell_contents
        else:
            closure[name].cell_contents = item

    return Storage("", _Picked(get, closure), lambda: {name: get(name) for name in closure}, write, f,
                  lambda f: [*map(content, f.__closure__)])


def context(path: str, x: ContextVar[Any]) -> Storage:
    """What a context variable is here."""
    def get(name: str) -> Any:
        return x.get(MISSING)

    return Storage("", _Picked(get, [path]), lambda: {path: x.get(MISSING)}, lambda name, item: x.set(item) and None,
                  x, lambda x: [x.get(MISSING)])


def view(path: str, x: Any) -> Storage:
    """Of a mapping that only lets read another: what changes that one goes by its own name, and is undone there."""
    return Storage(path, _Pairs(x), lambda: dict(x), lambda key, item: None, x, _values)


def place(path: str, x: Any) -> Storage:
    """Where NumPy's ``array.flat`` has come to; to index it goes back to the start."""
    def write(name: str, item: Any) -> None:
        x[:0]
        for _ in range(item):
            next(x)

    return Storage(f"{path}.", _Picked(lambda name: x.index, ["index"]), lambda: {"index": x.index}, write, x,
                  lambda x: [x.index])


def content(cell: CellType) -> Any:
    """What is in a variable of an outer function."""
    try:
        return cell.cell_contents
    except ValueError:      # nothing yet
        return MISSING


def _values(x: dict[Any, Any]) -> list[Any]:
    return [*x.values()]


def _set(x: Any, name: str, item: Any) -> None:
    if item is not MISSING:
        setattr(x, name, item)
    elif hasattr(x, name):
        delattr(x, name)
