"""Compiled methods: their specializations, kept with each object; and how decorators hide that one is a method."""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, partial
from typing import Any
from weakref import ref

from autograd.graph.value import Value
from autograd.ops.ieee import is_real
from autograd.transforms.containers import is_container
from autograd.transforms.pytree import SEQUENCES, is_static

NAME = "_jitted_versions"       # in the object's __dict__
NUMBERS = frozenset({float, int, list, tuple, dict, Value})      # classes of arguments that are no objects with methods
MOST = 100      # decorators above each other that are looked through


class Attached:
    """A dict by identity. It keeps no key alive, and drops the value of a key that is gone."""

    __slots__ = ("__weakref__", "kept", "keys", "owner")

    def __init__(self, owner: Any = None) -> None:
        """owner: the object that this is for; a copy has none."""
        self.owner = ref(Attached if owner is None else owner)
        self.keys: dict[int, ref[Any]] = {}
        self.kept: dict[int, Any] = {}

    def of(self, key: Any, make: Callable[[], Any]) -> Any:
        """The value kept for ``key``; at first, the result of ``make``."""
        if id(key) not in self.kept:
            self.keys[id(key)] = ref(key, partial(_forget, ref(self), id(key)))
            self.kept.setdefault(id(key), make())       # another thread may be here, too
        return self.kept[id(key)]

    def __reduce__(self) -> tuple[Any, ...]:
        return Attached, ()         # a copy of an object has specializations of its own


def _forget(attached: "ref[Attached]", key: int, _: Any) -> None:
    found = attached()
    if found is not None:
        found.kept.pop(key, None)
        found.keys.pop(key, None)


def versions_of(function: Any, instance: Any, make: Callable[[], Any]) -> Any:
    """The specializations kept for this compiled function and this object; at first, the result of ``make``.

    They are in the object's ``__dict__``, by function; where it has none, or is a class, they are in the function, by
    object. For an object without weak references, nothing is kept.
    """
    own = getattr(instance, "__dict__", None)
    try:
        if own.__class__ is not dict:
            return function.objects.of(instance, make)
        attached = own.get(NAME)
        if attached is None or attached.owner() is not instance:        # copied with the object
            attached = own[NAME] = Attached(instance)
        return attached.of(function, make)
    except TypeError:       # no weak references
        return make()


def is_method(function: Any, kind: type) -> bool:
    """Whether instances of the class have ``function`` as a method, in a property, or under a decorator that wraps."""
    return any(function is layer for base in kind.__mro__ for held in vars(base).values() for layer in _layers(held))


def refuse_object(function: Any, args: Sequence[Any]) -> None:
    """TypeError where a decorator that hides ``function`` gives it the object of which it would be a method."""
    kind = type(args[0]) if args else object
    if kind is not object and not is_static(args[0]) and not isinstance(args[0], SEQUENCES) and not is_real(args[0]) \
            and not is_container(args[0]) \
            and any(function.__qualname__ == f"{base.__qualname__}.{function.__name__}" for base in kind.__mro__):
        raise TypeError(f"{function.__qualname__}: expected a number or a Value, not {kind.__name__}: a decorator "
                        "above @jit hides that this is a method; write @jit above it, or functools.wraps in it")


def _layers(held: Any) -> Iterator[Any]:
    """An attribute of a class, and the function inside it, from decorator to decorator."""
    for _ in range(MOST):
        if held is None:
            return
        yield held
        held = _inside(held)


def _inside(held: Any) -> Any:
    if isinstance(held, property):
        return held.fget
    if isinstance(held, cached_property):
        return held.func
    if isinstance(held, classmethod):
        return held.__func__
    return None if isinstance(held, staticmethod) else getattr(held, "__dict__", {}).get("__wrapped__")


def inside_descriptor(make: Callable[[Any], Any], f: Any) -> Any:
    """A property, a class method or the like, with ``make`` applied to the function inside; None for other objects."""
    if isinstance(f, property):
        return type(f)(make(f.fget), f.fset, f.fdel, f.__doc__)
    if isinstance(f, cached_property):
        return type(f)(make(f.func))
    return type(f)(make(f.__func__)) if isinstance(f, (classmethod, staticmethod)) else None
