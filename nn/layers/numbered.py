"""Modules under their numbers: indexing, slicing and editing, for Sequential and ModuleList."""

from collections.abc import Iterable, Iterator
from operator import index as whole
from typing import Any, Self

from nn.module import Module, name_modules
from nn.modules.text import text_of, tree


class Numbered(Module):
    """Modules as the attributes "0", "1", ..., so that parameters are named as in PyTorch: ``0.weight``."""

    def __init__(self, *modules: Any) -> None:
        self._give([self._checked(i, module) for i, module in enumerate(modules)])

    def _entitle(self, outer: tuple[str, ...], name: str) -> None:
        self._place = (*outer, name), name

    def __iter__(self) -> Iterator[Any]:
        return iter([module for name, module in vars(self).items() if name.isdigit()])

    def __len__(self) -> int:
        return len(list(iter(self)))

    def __getitem__(self, index: int | slice) -> Any:
        found = list(iter(self))[index]
        if not isinstance(index, slice):
            return found
        kind = next(kind for kind in type(self).__mro__ if Numbered in kind.__bases__)
        part = kind()       # in pictures its modules keep the positions that they have here
        for i, module in enumerate(found):
            setattr(part, str(i), module)
        return part

    def __setitem__(self, index: int | slice, module: Any) -> None:
        modules = list(self)
        if isinstance(index, slice):
            modules[index] = [self._checked(i, item) for i, item in enumerate(module)]
        else:
            modules[index] = self._checked(whole(index), module)
        self._edit(modules)

    def __delitem__(self, index: int | slice) -> None:
        modules = list(self)
        del modules[index]
        self._edit(modules)

    def append(self, module: Any) -> Self:
        """Add a module at the end; gives the container, as in PyTorch."""
        return self.extend([module])

    def extend(self, modules: Iterable[Any]) -> Self:
        """Add modules at the end; gives the container."""
        before = list(self)
        return self._edit([*before, *(self._checked(i, module) for i, module in enumerate(modules, len(before)))])

    def add_module(self, name: str, module: Any) -> None:
        """Replace the module of this number, or add one at the end under the next; other names are a ValueError."""
        if not isinstance(name, str) or name not in map(str, range(len(self) + 1)):
            raise ValueError(f"add_module: the modules of a {type(self).__name__} have numbers, and the next is "
                             f"'{len(self)}', not {name!r}; write append(module), or use a ModuleDict for names")
        self[int(name):int(name) + 1] = [module]

    def insert(self, index: int, module: Any) -> Self:
        """Add a module before that of this number; gives the container."""
        modules = list(self)
        modules.insert(index, self._checked(whole(index), module))
        return self._edit(modules)

    def pop(self, index: int = -1) -> Any:
        """Remove a module, and give it."""
        module = self[whole(index)]
        del self[index]
        return module

    def _checked(self, i: int, module: Any) -> Any:
        raise NotImplementedError

    def _give(self, modules: list[Any]) -> None:
        own = vars(self)
        for name in [name for name in own if name.isdigit()]:
            del own[name]
        for i, module in enumerate(modules):
            own[str(i)] = module

    def _edit(self, modules: list[Any]) -> Self:
        """Take these modules instead of those that are here; an optimiser keeps the parameters that it was given."""
        self._give(modules)
        name_modules(self, *vars(self).get("_place", ()))
        return self

    def __repr__(self) -> str:
        return tree(type(self).__name__, [(str(i), text_of(module)) for i, module in enumerate(self)],
                    self.extra_repr())
