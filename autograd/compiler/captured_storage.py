"""Storage of captured state: lists, dicts, objects, variables of modules, closures; how to read and restore it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextvars import ContextVar
from operator import is_
from types import CellType
from typing import Any

MISSING = object()


class Storage:
    """One such place: reads its contents by name, sets one of them, and knows its name in the user's code.

    live: an iterable of the contents as they are now; one written in C where possible. source: the object that holds
        them. take: a function from the source to the list of its contents, which does not keep the source alive; None
        for those attributes in a __dict__ that code names.
    """

    def __init__(self, path: str, live: Iterable[Any], read: Callable[[], dict[Any, Any]],
                 write: Callable[[Any, Any], None], source: Any, take: Callable[[Any], Sequence[Any]] | None) -> None:
        self.path, self.live, self.read, self._write = path, live, read, write
        self.source, self.take = source, take

    def restore(self, known: dict[Any, Any]) -> None:
        """Put back the contents that `read` gave."""
        now = self.read()
        for key in now | known:
            if now.get(key, MISSING) is not known.get(key, MISSING):
                self._write(key, known.get(key, MISSING))

    def name(self, key: Any) -> str:
        """The name of one of the contents in the user's code."""
        return f"{self.path}{key}" if self.path[-1:] in ("", ".") else f"{self.path}[{key!r}]"


class Items(Storage):
    """The items of a list, a deque, a set or a dict."""

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
    """The values that a function gives now for some names."""

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
    """The items of a NumPy array of objects."""
    return Storage(path, _Flat(x), lambda: dict(enumerate(x.ravel().tolist())), x.flat.__setitem__, x,
                  lambda x: x.ravel().tolist())


def attributes(path: str, x: Any, space: Any, named: Callable[[str], bool]) -> Storage:
    """The attributes in ``space``, the __dict__ of an object, a function, a module or a class."""
    def read() -> dict[str, Any]:
        return {name: item for name, item in list(space.items()) if named(name) and name[:2] != "__"}

    return Storage(f"{path}.", space.values(), read, lambda name, item: _set(x, name, item), x, None)


def fields(path: str, x: Any, names: Sequence[str]) -> Storage:
    """The storage of attributes outside a __dict__: slots, and the defaults of a function."""
    def get(name: str) -> Any:
        return getattr(x, name, MISSING)

    return Storage(f"{path}.", _Picked(get, names), lambda: {name: get(name) for name in names},
                  lambda name, item: _set(x, name, item), x, lambda x: [getattr(x, name, MISSING) for name in names])


def variables(f: Any, names: set[str]) -> Storage:
    """The variables of a module that a function in it names."""
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
    """The variables of outer functions that a function names: its closure."""
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
    """The value of a context variable in this context."""
    def get(name: str) -> Any:
        return x.get(MISSING)

    return Storage("", _Picked(get, [path]), lambda: {path: x.get(MISSING)}, lambda name, item: x.set(item) and None,
                  x, lambda x: [x.get(MISSING)])


def view(path: str, x: Any) -> Storage:
    """The items of a read-only view of a mapping: changes are made, and undone, in the mapping itself."""
    return Storage(path, _Pairs(x), lambda: dict(x), lambda key, item: None, x, _values)


def place(path: str, x: Any) -> Storage:
    """The position of NumPy's ``array.flat``; indexing it returns it to the start."""
    def write(name: str, item: Any) -> None:
        x[:0]
        for _ in range(item):
            next(x)

    return Storage(f"{path}.", _Picked(lambda name: x.index, ["index"]), lambda: {"index": x.index}, write, x,
                  lambda x: [x.index])


def content(cell: CellType) -> Any:
    """The value of a variable of an outer function; MISSING before it has one."""
    try:
        return cell.cell_contents
    except ValueError:
        return MISSING


def _values(x: dict[Any, Any]) -> list[Any]:
    return [*x.values()]


def _set(x: Any, name: str, item: Any) -> None:
    if item is not MISSING:
        setattr(x, name, item)
    elif hasattr(x, name):
        delattr(x, name)
