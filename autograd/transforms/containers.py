"""Containers whose items have names (dicts, NamedTuples, dataclasses) and registered classes: opened and rebuilt."""

import sys
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Sequence
from copy import copy
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from autograd.errors import TraceError
from autograd.ops.operand import Operand

PLAIN = frozenset({float, int, bool, str, bytes, type(None), list, tuple, range})     # classes that are none


class Registered(NamedTuple):
    """How objects of a registered class are taken apart and put together."""

    flatten: Callable[[Any], tuple[Iterable[Any], Any]]
    unflatten: Callable[[Any, Sequence[Any]], Any]


REGISTRY: dict[type, Registered] = {}


class Tree(NamedTuple):
    """The layout of a container; an item without numbers has the layout None."""

    kind: type
    key: Any            # what tells two containers of this class apart: names of items, values that are no numbers
    items: list[Any]

    @property
    def is_dict(self) -> bool:
        """Whether the key begins with the names of items."""
        return issubclass(self.kind, dict) and self.kind not in REGISTRY

    def derivative(self, items: Sequence[Any]) -> Any:
        """A container of this layout with derivatives as its items: its class need not accept them as arguments."""
        kind = self.kind
        if kind in REGISTRY:
            return REGISTRY[kind].unflatten(self.key, items)
        if issubclass(kind, dict):
            names, *factory = self.key
            made = defaultdict(*factory) if factory else OrderedDict() if kind is OrderedDict else {}
            made.update(zip(names, items, strict=True))
            return made
        if issubclass(kind, tuple):
            return tuple.__new__(kind, items)
        names, static = self.key
        return _dataclass(kind, {name: value for name, _, value in static} | dict(zip(names, items, strict=True)))


def register_pytree_node(nodetype: type, flatten: Callable[[Any], tuple[Iterable[Any], Any]],
                         unflatten: Callable[[Any, Sequence[Any]], Any]) -> None:
    """Let objects of this class be arguments and results of transforms and `jit`; derivatives come as such objects.

    Lists, tuples, dicts, NamedTuples and dataclasses need no registration. The names are JAX's.

    nodetype: the class; a subclass is registered for itself.
    flatten: gives the children of an object, and the rest, which is hashable, and constant to every derivative.
        Children are numbers, arrays, Values, or containers of these; other children (None, strings, bools, functions)
        are static, too, and None in a derivative.
    unflatten: makes an object from that rest and a list of children, which may be Values, derivatives or None.
    Raises ValueError for a class that is known already.

    >>> from autograd import grad
    >>> class Interval:
    ...     def __init__(self, low, high):
    ...         self.low, self.high = low, high
    >>> register_pytree_node(Interval, lambda x: ((x.low, x.high), None), lambda _, children: Interval(*children))
    >>> found = grad(lambda x: x.high**2 - x.low)(Interval(1.0, 3.0))
    >>> found.low, found.high
    (-1.0, 6.0)
    """
    if not isinstance(nodetype, type):
        raise TypeError(f"register_pytree_node: expected a class, not {type(nodetype).__name__}")
    if nodetype in PLAIN or nodetype in REGISTRY or nodetype is dict or issubclass(nodetype, Operand) \
            or nodetype.__module__ == "numpy":
        raise ValueError(f"register_pytree_node: {nodetype.__name__} is known already; register each class once, "
                         "and only classes of your own")
    for function in (flatten, unflatten):
        if not callable(function):
            raise TypeError(f"register_pytree_node: expected two functions, not {type(function).__name__}")
    REGISTRY[nodetype] = Registered(flatten, unflatten)


def is_container(x: Any) -> bool:
    """Whether ``x`` is a dict, a NamedTuple, a dataclass or registered; a dataclass that is callable is a function."""
    kind = type(x)
    if kind in PLAIN or isinstance(x, Operand):
        return False
    if kind in REGISTRY or isinstance(x, dict):
        return True
    if isinstance(x, (list, tuple)):
        return isinstance(x, tuple) and hasattr(kind, "_fields")
    return hasattr(kind, "__dataclass_fields__") and not callable(x)


def opened(x: Any, argument: bool) -> tuple[list[Any], Any]:
    """The items of a container, and its key.

    argument: of a dataclass, leave out the fields that its constructor does not take but computes.
    """
    kind = type(x)
    if kind in REGISTRY:
        children, rest = REGISTRY[kind].flatten(x)
        return list(children), rest
    if isinstance(x, dict):
        return list(x.values()), (tuple(x), x.default_factory) if isinstance(x, defaultdict) else (tuple(x),)
    if isinstance(x, tuple):
        return list(x), None
    known = fields_of(kind)
    names = known.given if argument else known.numbers
    return [getattr(x, name, None) for name in names], \
        (names, tuple([(name, exact(value := getattr(x, name)), value) for name in known.static]))


def rebuilt(x: Any, items: Sequence[Any], argument: bool) -> Any:
    """``x`` with these items, as the function gets it or returned it."""
    kind = type(x)
    if kind in REGISTRY:
        return REGISTRY[kind].unflatten(opened(x, argument)[1], items)
    if isinstance(x, dict):
        made = copy(x)
        for name, item in zip(x, items, strict=True):
            made[name] = item
        return made
    if isinstance(x, tuple):
        return of_class(x, items)
    known = fields_of(kind)
    given = dict(zip(known.given if argument else known.numbers, items, strict=True))
    given |= {name: getattr(x, name) for name in known.static}
    if not argument:
        return _dataclass(kind, given)
    # by its constructor: what that computes follows the new items, as what is cached in the object would not
    try:
        return kind(**given)
    except TraceError:
        raise
    except TypeError as error:
        raise TypeError(f"{kind.__name__}: its constructor, called with its fields, says: {error}; "
                        "use autograd.register_pytree_node to say how it is made") from error


def computed(x: Any) -> list[str]:
    """The attributes of a dataclass that its constructor does not take."""
    if type(x) in REGISTRY or not hasattr(type(x), "__dataclass_fields__"):
        return []
    known, held = fields_of(type(x)), getattr(x, "__dict__", None)
    given = len(known.given) + len(known.static)
    if given == (len(known.numbers) + len(known.static) if held is None else len(held)):
        return []       # soon, as each compiled call asks
    return [name for name in (known.numbers if held is None else held)
            if name not in known.given and name not in known.static]


def exact(x: Any) -> Any:
    """What tells a static value from others that equal it: 1 and 1.0 and True, 0.0 and -0.0, also in tuples."""
    return type(x), tuple(map(exact, x)) if isinstance(x, tuple) else repr(x) if isinstance(x, float) else None


def of_class(x: Any, items: Sequence[Any]) -> Any:
    """A sequence of these items with the class and the attributes of ``x``."""
    made: Any
    if isinstance(x, tuple):
        made = tuple.__new__(type(x), items)
        getattr(made, "__dict__", {}).update(getattr(x, "__dict__", {}))
    else:
        made = copy(x)
        made[:] = items
    return made


def item_places(x: Any) -> list[str]:
    """How each item of a container in an argument is written: .speed, ['speed'], or [2]."""
    kind = type(x)
    items, _ = opened(x, argument=True)
    if kind in REGISTRY:
        return [f"[{i}]" for i in range(len(items))]
    if isinstance(x, dict):
        return [f"[{name!r}]" for name in x]
    return [f".{name}" for name in (kind._fields if isinstance(x, tuple) else fields_of(kind).given)]


class Fields(NamedTuple):
    """The fields of a dataclass."""

    given: tuple[str, ...]      # that may hold numbers and that the constructor takes
    numbers: tuple[str, ...]    # that may hold numbers
    static: tuple[str, ...]     # that ``metadata={"static": True}`` marks, as for JAX


_fields: WeakKeyDictionary[type, Fields] = WeakKeyDictionary()


def fields_of(kind: Any) -> Fields:
    """The fields of a dataclass, looked up once."""
    found = _fields.get(kind)
    if found is None:
        fields = sys.modules["dataclasses"].fields(kind)        # importing it would take as long as the table
        numbers = [field for field in fields if not field.metadata.get("static")]
        found = _fields[kind] = Fields(
            tuple([field.name for field in numbers if field.init]), tuple([field.name for field in numbers]),
            tuple([field.name for field in fields if field.metadata.get("static") and field.init]))
    return found


def _dataclass(kind: type, given: dict[str, Any]) -> Any:
    """An object with these fields, and None in the others, without its constructor: that may refuse derivatives."""
    made: Any = object.__new__(kind)
    known = fields_of(kind)
    for name in (*known.numbers, *known.static):
        object.__setattr__(made, name, given.get(name))
    return made
