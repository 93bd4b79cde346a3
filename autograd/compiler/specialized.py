"""What functions with specializations have in common: their Programs, what they are made of, and their copies."""

import sys
from collections.abc import Callable
from operator import attrgetter
from typing import Any

from autograd.compiler.bound_methods import MethodDescriptor
from autograd.compiler.programs import Programs
from autograd.compiler.signature import Signature
from autograd.compiler.specializations import Specializations


class Specialized(MethodDescriptor):
    """A function that is traced when it is called, again for each way in which its comparisons come out."""

    function: Callable[..., Any]
    versions: Specializations
    __qualname__: str

    @property
    def programs(self) -> Programs:
        """Every version made so far, as a list of Programs; its text shows which guard leads to which."""
        return Programs(self.versions.roots.copy().items())

    @property
    def uncompiled(self) -> str:
        """Why calls or rows ran uncompiled, as the warning says it; empty where none did."""
        return next(iter(self.versions.reasons), "")

    def functions(self, signature: tuple[Any, Any]) -> list[Any]:
        """The function and the static arguments, which may be functions: all that can run in a call."""
        return [self.function, *Signature(*signature).static()]

    def _full(self, signature: Signature, again: bool = False) -> str:
        """Why a call that needs another specialization runs uncompiled; empty where it does not."""
        return self.versions.full(signature, again)

    def __reduce_ex__(self, protocol: Any) -> Any:
        """The function and the options; the versions are made again. A function that its module names: that name."""
        module, name = sys.modules.get(self.__module__), self.__qualname__
        try:
            found = attrgetter(name)(module)
        except AttributeError:
            found = None
        return name if found is self else object.__reduce_ex__(self, 2)
