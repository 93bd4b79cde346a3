"""A compiled function as a method: the attributes of the function, the identity of the object."""

from functools import partial
from typing import Any


class BoundMethod:
    """A compiled function and the object it is called on; other attributes are the function's, as for all methods."""

    __func__: Any
    __self__: Any
    _attribute: str

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
