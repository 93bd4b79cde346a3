"""Modules under their numbers, or names: indexing, slicing and editing, for Sequential and ModuleList."""

from collections.abc import Iterable, Iterator
from operator import index as whole
from typing import Any, Self

from nn.module import Module, name_modules
from nn.modules.text import text_of, tree


class _Modules(Module):
    """Modules in order, each under its number or its name; `Numbered` says how they are asked for and edited."""

    _named: tuple[str, ...] = ()        # the names that are no numbers

    def __init__(self, *modules: Any) -> None:
        self._give([self._checked(i, module) for i, module in enumerate(modules)])

    def _entitle(self, outer: tuple[str, ...], name: str) -> None:
        if name:
            self._place = (*outer, name), name

    def __iter__(self) -> Iterator[Any]:
        return iter([vars(self)[name] for name in self._names()])

    def __len__(self) -> int:
        return len(self._names())

    def _checked(self, i: int, module: Any) -> Any:
        raise NotImplementedError

    def _names(self) -> list[str]:
        """The attributes that are modules, in order."""
        return [name for name in vars(self) if name.isdigit() or name in self._named]

    def _give(self, modules: list[Any], names: list[str] | None = None) -> None:
        """Take these modules, under these names; else each keeps its name of now, and what has none its number."""
        own, before = vars(self), self._names()
        kept = {id(own[name]): name for name in before if not name.isdigit()}
        names = [kept.pop(id(module), str(i)) for i, module in enumerate(modules)] if names is None else names
        for name in before:
            del own[name]
        own.update(zip(names, modules, strict=True))
        own.pop("_named", None)
        if named := tuple(name for name in names if not name.isdigit()):
            self._named = named

    def _edit(self, modules: list[Any], names: list[str] | None = None) -> Self:
        """Take these modules instead of those that are here; an optimiser keeps the parameters that it was given."""
        self._give(modules, names)
        name_modules(self, *vars(self).get("_place", ()))
        return self


class Numbered(_Modules):
    """Modules as the attributes "0", "1", ..., named as in PyTorch: ``0.weight``; some may have names instead."""

    def __getitem__(self, index: int | slice) -> Any:
        found: Any = list(self)[index]
        if not isinstance(index, slice):
            return found
        part = self._empty()        # in pictures its modules keep the positions that they have here
        part._give(found, [str(i) if name.isdigit() else name for i, name in enumerate(self._names()[index])])
        return part

    def __setitem__(self, index: int | slice, module: Any) -> None:
        modules, names = list(self), None
        if isinstance(index, slice):
            modules[index] = [self._checked(i, item) for i, item in enumerate(module)]
        else:
            modules[index], names = self._checked(whole(index), module), self._names()
        self._edit(modules, names)

    def __delitem__(self, index: int | slice) -> None:
        modules = list(self)
        del modules[index]
        self._edit(modules)

    def __add__(self, other: Iterable[Any]) -> Any:
        """A new container of the modules of both, numbered anew."""
        if not isinstance(other, (Numbered, list, tuple)):
            kind = type(self).__name__
            raise TypeError(f"{kind} + {type(other).__name__}: add a {kind} or a list of modules, and one "
                            "module by append(module)")
        return self._empty().extend([*self, *other])

    def __iadd__(self, other: Iterable[Any]) -> Self:
        return self.extend(other)

    def append(self, module: Any) -> Self:
        """Add a module at the end; gives the container, as in PyTorch."""
        return self.extend([module])

    def extend(self, modules: Iterable[Any]) -> Self:
        """Add modules at the end; gives the container."""
        before = list(self)
        return self._edit([*before, *(self._checked(i, module) for i, module in enumerate(modules, len(before)))])

    def add_module(self, name: str, module: Any) -> None:
        """Replace the module of this name, or add one at the end under the next number; else a ValueError."""
        names = self._names()
        if name not in (*names, str(len(self))):
            raise ValueError(f"add_module: the modules of a {type(self).__name__} have numbers, and the next is "
                             f"'{len(self)}', not {name!r}; write append(module), or use a ModuleDict for names")
        if name in names:
            self[names.index(name)] = module
        else:
            self.append(module)

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

    def _empty(self) -> Any:
        """A Sequential or a ModuleList without modules, also of a subclass, whose constructor is its own."""
        return next(kind for kind in type(self).__mro__ if Numbered in kind.__bases__)()

    def __repr__(self) -> str:
        return tree(type(self).__name__, [(name, text_of(vars(self)[name])) for name in self._names()],
                    self.extra_repr())
