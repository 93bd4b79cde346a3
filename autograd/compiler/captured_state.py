"""The state that functions capture, found along the names in their code, without running any of it."""

import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextvars import ContextVar
from functools import cached_property, partial
from operator import attrgetter, itemgetter, methodcaller
from types import CodeType, FunctionType, MappingProxyType, MethodType, ModuleType, NoneType
from typing import Any
from weakref import ProxyTypes, ref

from autograd.compiler.captured_storage import (
    Items,
    Storage,
    attributes,
    cells,
    content,
    context,
    fields,
    objects,
    place,
    variables,
    view,
)
from autograd.compiler.generator_state import is_generator
from autograd.compiler.memory_snapshots import is_buffer
from autograd.compiler.python_objects import (
    all_variables,
    foreign,
    instance_dict,
    is_layer,
    is_plain,
    parameter_name,
    referent,
    slots,
    variables_of,
)
from autograd.graph.value import Value
from autograd.ops.primitives import Op
from autograd.source_lines import Line

ATOMS = frozenset({int, float, complex, bool, str, bytes, NoneType, Value, Op, range, slice, CodeType, object})
# modules with nondeterministic functions
CLOCKS = frozenset({"time", "random", "secrets", "uuid", "datetime", "os", "posix", "nt"})
# the user's code that names one of these may read any attribute of an object
DYNAMIC = frozenset({"getattr", "vars", "asdict", "astuple", "attrgetter", "__dict__", "__getattribute__"})
ANY = "any attribute"
CONTAINERS = frozenset({"collections", "weakref", "_weakrefset"})     # whose classes in Python hold a dict or a list
MAKING = frozenset({"__init__", "__new__", "__post_init__", "__init_subclass__", "__subclasshook__", "__repr__"})


class CapturedState:
    """All state outside some functions that they can read.

    Followed are the globals, closures, defaults and attributes that their code names, also in a string; what these
    hold; and the methods so named of the classes found. Not followed is the code of Python and of installed packages.
    numbers: False for generators and clocks only: lists and tuples that hold only numbers are not looked into.
    """

    def __init__(self, *functions: Any, numbers: bool = True) -> None:
        self._leaves = () if numbers else (list, tuple)     # not looked into where they hold only numbers
        self.names: set[str] = set()                    # in code
        self.codes: dict[CodeType, None] = {}           # the user's own
        self.storages: list[Storage] = []
        self.buffers: list[tuple[str, Any]] = []        # arrays and other blocks of memory
        self.generators: list[tuple[str, Any]] = []     # of random numbers
        self.iterators: list[str] = []
        self.clocks: list[str] = []                     # the names of clocks and of the system's random source
        self._variables: dict[int, tuple[FunctionType, set[str]]] = {}     # by the dict of globals
        self._objects: list[tuple[str, Any]] = []
        self._classes: dict[type, None] = {}
        self._seen: dict[int, Any] = {}
        self._tests: dict[type, Callable[[str], bool]] = {}     # of `_named`
        looked = None
        self._waiting = [(getattr(f, "__name__", type(f).__name__), f) for f in functions]
        while self._waiting:
            while self._waiting:
                self._visit(*self._waiting.pop())
            if looked == (looked := (len(self.names), len(self._objects), len(self._classes))):
                break
            for path, x in self._objects:       # code that was found later names more attributes
                named = self._named(type(x))
                self._follow((f"{path}.{name}", item) for name, item in list(instance_dict(x).items()) if named(name))
            for kind in self._classes:
                named = self._named(kind)
                self._follow((f"{kind.__name__}.{name}", item) for name, item in list(vars(kind).items())
                             if named(name) or (name[:2] == "__" and name not in MAKING))
        self.storages += [variables(f, names) for f, names in self._variables.values()]
        self.clocks += sorted(CLOCKS & self.names)

    def parts(self) -> Iterator[tuple[Any, Callable[[Any], Sequence[Any]]]]:
        """Every object whose contents are read, and the function that gives them; neither keeps a class alive."""
        named = frozenset(self.names)

        def some(x: Any) -> list[Any]:
            return [item for name, item in list(variables_of(x).items()) if name in named and name[:2] != "__"]

        for storage in self.storages:
            x = storage.source
            yield x, storage.take or (all_variables if self._every(x if isinstance(x, type) else type(x)) else some)

    def line(self, path: str) -> Line | None:
        """The line of the user's own code that first uses this name; else the first line of the function."""
        from dis import get_instructions
        name = path.partition("[")[0].rpartition(".")[2]
        for code in self.codes:
            for instruction in get_instructions(code):
                if instruction.argval == name and instruction.positions and instruction.positions.lineno:
                    return code.co_filename, instruction.positions.lineno, code.co_name
        return next(((code.co_filename, code.co_firstlineno, code.co_name) for code in self.codes), None)

    def _named(self, kind: type) -> Callable[[str], bool]:
        """Whether code reads an attribute of this name, of an object of this kind."""
        if kind not in self._tests:
            whole = is_layer(kind) or any(base.__module__ in CONTAINERS for base in kind.__mro__)
            plain = is_plain(kind)
            names, classes = self.names, self._classes      # which still grow; no cycle through the storages
            self._tests[kind] = lambda name: whole or name in names or (ANY in names and (plain or kind in classes))
        return self._tests[kind]

    def _every(self, kind: type) -> bool:
        """Whether code may read all attributes of an object of this kind."""
        return is_layer(kind) or (ANY in self.names and (is_plain(kind) or kind in self._classes))

    def _follow(self, items: Iterable[tuple[str, Any]]) -> None:
        self._waiting += [item for item in items if type(item[1]) not in ATOMS and id(item[1]) not in self._seen]

    def _visit(self, path: str, x: Any) -> None:
        if id(x) in self._seen:
            return
        self._seen[id(x)] = x       # kept, so that its id is no other's
        kind = type(x)
        if kind is FunctionType:
            self._function(path, x)
        elif kind is MethodType:
            self._follow([(parameter_name(x.__func__, 0, path), x.__self__), (path, x.__func__)])
        elif issubclass(kind, partial):
            self._follow([(path, x.func), (path, x.args), (path, x.keywords)])
            # last, which is first: by the function's own names
            self._follow((parameter_name(x.func, i, f"{path}[{i}]"), item) for i, item in enumerate(x.args))
        elif kind in (attrgetter, itemgetter, methodcaller):
            made, args = x.__reduce__()
            self.names.update(name for text in (*getattr(made, "args", ()), *args) if isinstance(text, str)
                              for name in text.split("."))
            self._follow([(path, made), (path, args)])
        elif issubclass(kind, (list, deque, set, dict, tuple, frozenset)):
            self._container(path, x)
        elif issubclass(kind, ModuleType):
            self._clock(path, x.__name__)
            if not foreign(getattr(x, "__file__", None) or "", x.__name__):
                self._object(path, x)
        elif issubclass(kind, type):
            self._class(path, x)
        elif issubclass(kind, (staticmethod, classmethod)):
            self._follow([(path, x.__func__)])
        elif issubclass(kind, (property, cached_property)):
            self._follow([(path, x.fget if issubclass(kind, property) else x.func)])
        elif issubclass(kind, ref):
            self._follow([(path, x())])
        elif kind in ProxyTypes:
            self._follow([(path, referent(x))])
        elif kind is MappingProxyType:
            self.storages.append(view(path, x))
            self._follow((f"{path}[{key!r}]", item) for key, item in list(x.items()))
        elif kind is ContextVar:
            self.storages.append(context(path, x))
            self._follow([(path, x.get(None))])
        elif is_buffer(kind):
            self._buffer(path, x)
        elif str(kind.__module__).partition(".")[0] == "autograd":       # a derivative, or what is compiled
            self._follow([(path, instance_dict(x).get("function"))])
        elif is_generator(x):
            if type(x).__name__ == "SystemRandom":      # has no state
                self.clocks.append(path)
            else:
                self.generators.append((path, x))
        elif kind.__name__ == "flatiter" and kind.__module__ == "numpy":
            self._follow([(path, x.base)])
            self.storages.append(place(path, x))
        elif hasattr(kind, "__next__") and not hasattr(kind, "write"):      # and no file
            self.iterators.append(path)
        else:
            self._other(path, x)

    def _other(self, path: str, x: Any) -> None:
        owner = getattr(x, "__self__", None) if callable(x) and not instance_dict(x) else None
        if owner is None:
            self._follow([(path, instance_dict(x).get("__wrapped__"))])
            self._object(path, x)
            self._class(path, type(x))
        elif isinstance(owner, (ModuleType, type)):     # a function in C
            self._clock(path, owner.__name__)
        else:
            self._follow([(path, owner)])

    def _clock(self, path: str, module: str) -> None:
        if module in CLOCKS:
            self.clocks.append(path)

    def _object(self, path: str, x: Any) -> None:
        self._objects.append((path, x))
        names, space = slots(x), instance_dict(x)
        if names:
            self._follow((f"{path}.{name}", getattr(x, name, None)) for name in names)
            self.storages.append(fields(path, x, names))
        if hasattr(x, "__dict__"):
            self.storages.append(attributes(path, x, space, self._named(type(x))))

    def _class(self, path: str, kind: type) -> None:
        self._clock(path, str(kind.__module__))
        for base in kind.__mro__:
            module = str(base.__module__)
            file = getattr(sys.modules.get(module), "__file__", None) or ""
            theirs = module != "builtins" and not foreign(file, module)
            if base not in self._classes and (theirs or module[:3] == "nn."):
                self._classes[base] = None
                self.storages.append(attributes(base.__name__, base, vars(base), self._named(base)))

    def _container(self, path: str, x: Any) -> None:
        if not isinstance(x, (tuple, frozenset)):
            self.storages.append(Items(path, x))
        if isinstance(x, dict):
            self._follow((f"{path}[{key!r}]", item) for key, item in list(x.items()))
        elif not set(map(type, items := list(x))) <= ATOMS:     # a copy: another thread may be adding to it
            self._follow((f"{path}[{i}]", item) for i, item in enumerate(items)
                         if type(item) not in self._leaves or not set(map(type, item)) <= ATOMS)
        if instance_dict(x):
            self._object(path, x)
        if type(x).__module__ != "builtins":
            self._class(path, type(x))

    def _buffer(self, path: str, x: Any) -> None:
        kind = type(x)
        if getattr(getattr(x, "dtype", None), "hasobject", False):
            self.storages.append(objects(path, x))
            self._follow((path, item) for item in x.ravel().tolist())
        elif kind is memoryview:
            self._follow([(path, referent(x))])
        elif getattr(x, "shape", None) == () and not hasattr(kind, "__array_finalize__"):
            self._follow([(path, getattr(x, "base", None))])       # NumPy's numbers do not change, but a row of fields
        else:
            self.buffers.append((path, x))
        if instance_dict(x):
            self._object(path, x)
        self._class(path, kind)

    def _function(self, path: str, f: FunctionType) -> None:
        code, space = f.__code__, f.__globals__
        module = space.get("__name__") or ""
        self._clock(path, module)
        own = not foreign(code.co_filename, module)
        waiting, named = [code] if own or module[:3] == "nn." else [], set[str]()
        while waiting:
            inner = waiting.pop()
            named.update(inner.co_names)
            for x in inner.co_consts:
                self.names.update(item for item in (x if type(x) is tuple else (x,)) if type(item) is str)
            waiting += [x for x in inner.co_consts if type(x) is CodeType]
            if own:
                self.codes[inner] = None
        self.names |= named
        if own:
            self.names |= set() if DYNAMIC.isdisjoint(named) else {ANY}
            found = {name for name in named if name in space}
            self._variables.setdefault(id(space), (f, set()))[1].update(found)
            self._follow((name, space[name]) for name in sorted(found))
            self._follow((name, sys.modules[name]) for name in sorted(named) if name in sys.modules)    # import inside
        if f.__closure__:
            closure = dict(zip(code.co_freevars, f.__closure__, strict=True))
            self._follow((name, content(cell)) for name, cell in closure.items())
            self.storages.append(cells(f))
        self._follow((path, x) for x in (f.__defaults__, f.__kwdefaults__, f.__dict__.get("__wrapped__")))
        # blocks put other code into the engine's methods: instrumentation.py
        code_of_its_own = () if module[:9] == "autograd." else ("__code__",)
        self.storages.append(fields(path, f, (*code_of_its_own, "__defaults__", "__kwdefaults__")))
        if f.__dict__:
            self._object(path, f)
