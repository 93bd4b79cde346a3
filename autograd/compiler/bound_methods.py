"""Compiled functions as attributes of a class, and as methods of its objects."""

from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

from autograd.compiler.methods import NAME, is_method, versions_of
from autograd.compiler.specializations import Specializations

_new = object.__new__


class MethodDescriptor:
    """The protocol by which a class makes methods of its functions."""

    _as_method: type["BoundMethod"]
    _attribute: str         # its name in the class
    _methods: WeakKeyDictionary[type, bool]     # whether a class has it as a method

    def __set_name__(self, owner: Any, name: str) -> None:
        self._attribute = name

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        if instance is None:
            return self
        bound = _new(self._as_method)
        bound.__func__ = self
        bound.__self__ = instance
        try:        # versions_of, for a method that has been called before
            attached = instance.__dict__[NAME]
            if attached.owner() is instance:
                bound.versions = attached.kept[id(self)]
                return bound
        except (AttributeError, KeyError, TypeError):
            pass
        bound.versions = versions_of(self, instance, Specializations)
        return bound

    def _is_method(self, x: Any) -> bool:
        """Whether a first argument is an object of which this is a method."""
        kind = x.__class__
        if kind.__module__ in ("builtins", "numpy"):
            return False
        if kind not in self._methods:
            self._methods[kind] = is_method(self, kind)
        return self._methods[kind]


class BoundMethod:
    """A compiled function and the object it is called on; other attributes are the function's, as for all methods."""

    __func__: Any
    __self__: Any
    versions: Specializations       # for this object
    _attribute: str
    _bound = 1

    def __getattr__(self, name: str) -> Any:
        if name == "function" or name == "__wrapped__":
            return partial(self.__func__.function, self.__self__)
        return getattr(self.__func__, name)

    def _is_method(self, x: Any) -> bool:
        return False

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        return self

    def __eq__(self, other: object) -> bool:
        return isinstance(other, BoundMethod) and self.__func__ is other.__func__ and self.__self__ is other.__self__

    def __hash__(self) -> int:
        return hash((id(self.__func__), id(self.__self__)))

    def __reduce_ex__(self, protocol: Any) -> Any:
        if getattr(self.__self__, self._attribute, None) == self:
            return getattr, (self.__self__, self._attribute)
        return type(self.__func__).__get__, (self.__func__, self.__self__)
