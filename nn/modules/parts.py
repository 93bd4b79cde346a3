"""Parts: the parameters, buffers and modules in an object, found in its attributes."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Self

from autograd import Value, zero_grad

OWN = frozenset({"_buffers", "_forward_hooks", "_forward_pre_hooks"})       # attributes that hold no part
LEAVES = frozenset({Value, float, int, bool, str, type(None)})


class Parts:
    """What is in a Module. Nothing is registered but buffers: every attribute is looked at when it is asked for."""

    _buffers: dict[str, bool] = {}      # noqa: RUF012 (replaced, never changed): names, and whether state_dict has them

    def named_parameters(self) -> Iterator[tuple[str, Value]]:
        """Each parameter once, with its name: ``layers.0.neurons.2.w.1``, in order of assignment."""
        seen: dict[int, Any] = {}       # a shared parameter counts once, and a Module may contain itself
        waiting: list[tuple[str, Any]] = items("", self, parameters_only=True)
        while waiting:
            name, x = waiting.pop()
            x = opened(name, x)
            if isinstance(x, Value) and x.op is None and id(x) not in seen:     # a computed Value is no parameter
                yield name, x
            elif isinstance(x, (Parts, dict, list, tuple)) and id(x) not in seen:
                waiting += items(name, x, parameters_only=True)
            seen[id(x)] = x

    def parameters(self) -> list[Value]:
        """All leaf Values in the attributes, in Modules, lists, tuples, dicts and NumPy's object arrays as well."""
        return [value for _, value in self.named_parameters()]

    def register_buffer(self, name: str, numbers: Any, persistent: bool = True) -> None:
        """Make the attribute ``name`` a buffer: numbers that are no parameters, such as running statistics.

        numbers: a number, or nested lists of numbers, which become Values, so that compiled code reads them anew; or
        None, for a buffer that is not there. They require no gradient. persistent: whether `state_dict` has them.

        >>> from nn import Module
        >>> counter = Module()
        >>> counter.register_buffer("seen", [0.0, 0.0])
        >>> counter.parameters(), counter.state_dict()
        ([], {'seen': [0.0, 0.0]})
        """
        if not isinstance(name, str) or not name.isidentifier() or (name not in self._buffers and hasattr(self, name)):
            raise ValueError(f"register_buffer: {name!r} is no name for a new attribute of this "
                             f"{type(self).__name__}; take another")
        values = _buffer(numbers)
        self._buffers = {**self._buffers, name: persistent}
        setattr(self, name, values)

    def named_buffers(self) -> Iterator[tuple[str, Value]]:
        """Each Value of a buffer once, with its name: ``1.running_mean.0``."""
        seen: dict[int, Value] = {}
        for prefix, module in self.named_modules():
            waiting = [(f"{prefix}.{key}" if prefix else key, getattr(module, key))
                       for key in reversed(getattr(module, "_buffers", ()))]
            while waiting:
                name, x = waiting.pop()
                if isinstance(x, Value) and id(x) not in seen:
                    seen[id(x)] = x
                    yield name, x
                elif isinstance(x, list):
                    waiting += items(name, x)

    def buffers(self) -> list[Value]:
        """All Values of all buffers, in this Module and in those inside."""
        return [value for _, value in self.named_buffers()]

    def named_modules(self) -> Iterator[tuple[str, Any]]:
        """This Module, under the name "", and each one in it once, in order of assignment: ``layers.0.neurons.2``."""
        yield "", self
        seen: dict[int, Any] = {id(self): self}
        waiting: list[tuple[str, Any]] = items("", self)
        while waiting:
            name, x = waiting.pop()
            x = opened(name, x)
            if isinstance(x, (Parts, dict, list, tuple)) and id(x) not in seen:
                seen[id(x)] = x
                if isinstance(x, Parts):
                    yield name, x
                waiting += items(name, x)

    def modules(self) -> Iterator[Any]:
        """This Module and each one in it, as `named_modules`."""
        yield self
        seen: dict[int, Any] = {id(self): self}
        waiting: list[Any] = _inside(self)
        while waiting:
            x = opened("an attribute", waiting.pop())
            if isinstance(x, (Parts, dict, list, tuple)) and id(x) not in seen:
                seen[id(x)] = x
                if not isinstance(x, Parts):
                    waiting += _inside(x)
                else:
                    yield x
                    if type(x).parameters is Parts.parameters:
                        waiting += _inside(x)

    def named_children(self) -> Iterator[tuple[str, Any]]:
        """Each module directly in this one, also in a list or dict, with its name: ``layers.0``."""
        seen = set()
        for name, module in modules_inside("", self):
            if id(module) not in seen:
                seen.add(id(module))
                yield name, module

    def children(self) -> Iterator[Any]:
        """Each module directly in this one."""
        return (module for _, module in self.named_children())

    def get_submodule(self, target: str) -> Any:
        """The module of that name: ``layers.0``, as `named_modules` has it; "" is this one. Else an AttributeError."""
        found = self._at(target)
        if not isinstance(found, Parts):
            raise self._lacks("module", target, [name for name, _ in self.named_modules()][1:])
        return found

    def get_parameter(self, target: str) -> Any:
        """The parameter of that name: of ``0.weight`` the rows of Values, of ``0.weight.1.2`` the Value.

        An AttributeError where that is no parameter.

        >>> from nn import Linear, Sequential
        >>> net = Sequential(Linear(2, 3, seed=0))
        >>> net.get_parameter("0.weight") is net[0].weight, net.get_parameter("0.bias.1").label
        (True, 'n2.b')
        """
        return self._values_at("parameter", target, dict(self.named_parameters()))

    def get_buffer(self, target: str) -> Any:
        """The buffer of that name, a Value or a list of them: ``1.running_mean``. Else an AttributeError."""
        return self._values_at("buffer", target, dict(self.named_buffers()))

    def _at(self, target: str) -> Any:
        """What lies there, or None."""
        found: Any = self
        for key in target.split(".") if target else ():
            found = opened(target, found)
            if isinstance(found, Parts) and key in found._buffers:
                found = getattr(found, key)
            else:
                inside = isinstance(found, (Parts, dict, list, tuple))
                found = dict(items("", found, ask=False)).get(key) if inside else None
        return found

    def _values_at(self, kind: str, target: str, known: dict[str, Value]) -> Any:
        """A Value, or nested lists of Values, all of them known."""
        found = opened(target, self._at(target))
        values, waiting = {id(value) for value in known.values()}, [found]
        while waiting:
            x = waiting.pop()
            if isinstance(x, (list, tuple)) and x:
                waiting += x
            elif id(x) not in values:
                raise self._lacks(kind, target, list(known))
        return found

    def _lacks(self, kind: str, target: str, names: list[str]) -> AttributeError:
        return AttributeError(f"{type(self).__name__} has no {kind} {target!r}; it has "
                              f"{', '.join(names[:10]) or 'none'}{', ...' * (len(names) > 10)}")

    def apply(self, function: Callable[[Any], Any]) -> Self:
        """Call ``function`` with each module inside, then with this one, as for first weights; gives this Module."""
        found, waiting = dict[int, Any](), [self]
        while waiting:
            module = waiting.pop()
            if id(module) not in found:
                found[id(module)] = module
                waiting += module.children()
        for module in reversed(found.values()):
            function(module)
        return self

    def requires_grad_(self, requires_grad: bool = True) -> Self:
        """Freeze all parameters, or with True thaw them; gives this Module.

        ``backward`` reports no gradient of a frozen parameter, optimisers and `fit` do not move it, and what is before
        it in the network gets its gradient as before. See `autograd.Value.requires_grad`.
        """
        for value in self.parameters():
            value.requires_grad = requires_grad
        return self

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients of all parameters, which read 0.0 then, whatever PyTorch's ``set_to_none`` says."""
        zero_grad(self.parameters())


def _inside(x: Any) -> list[Any]:
    """What in a container may hold modules, the last one first."""
    if isinstance(x, Parts):
        x = {key: item for key, item in vars(x).items() if key not in OWN}
    return [item for item in reversed(x.values() if isinstance(x, dict) else x) if type(item) not in LEAVES]


def _buffer(numbers: Any) -> Any:
    """Leaf Values that require no gradient, in lists as deep as those of ``numbers``."""
    numbers = numbers.tolist() if hasattr(numbers, "tolist") else numbers
    if numbers is None:
        return None
    if isinstance(numbers, (list, tuple)):
        return [_buffer(x) for x in numbers]
    value = numbers if isinstance(numbers, Value) else Value(numbers)
    value.requires_grad = False
    return value


def modules_inside(prefix: str, module: Any) -> Iterator[tuple[str, Any]]:
    """The modules in a module, also in lists and dicts, but not those in other modules; each with its name."""
    waiting = items(prefix, module, ask=False)
    seen = set()        # a list may contain itself
    while waiting:
        name, x = waiting.pop()
        if isinstance(x, Parts):
            yield name, x
        elif isinstance(x, (dict, list, tuple)) and id(x) not in seen:
            seen.add(id(x))
            if isinstance(x, dict) or not (x and isinstance(x[0], (Value, float, str))):       # fast for weights
                waiting += items(name, x)


def opened(name: str, x: Any) -> Any:
    """An object array as a list; a TypeError for a set of parameters, which has no order."""
    if isinstance(x, (set, frozenset)) and any(isinstance(item, (Value, Parts)) for item in x):
        raise TypeError(f"{name} is a {type(x).__name__} of parameters, which has no order; make it a list")
    return x.tolist() if getattr(getattr(x, "dtype", None), "kind", "") == "O" else x


def items(name: str, x: Any, parameters_only: bool = False, ask: bool = True) -> list[tuple[str, Any]]:
    """The items of a container, each with its name, the last one first; of a module its attributes.

    parameters_only: without buffers. ask: a module inside that overrides ``parameters()``, as the lecture's do, is
    asked by that.
    """
    hidden: Iterable[str] = ()
    if isinstance(x, Parts):
        hidden = OWN.union(key for key, kept in x._buffers.items() if parameters_only or not kept)
        for key in x._buffers:
            if not _is_buffer(vars(x).get(key)):
                raise TypeError(f"{name}{'.' * bool(name)}{key} is a buffer, and was assigned something else than "
                                f"Values; change it by update_buffer({key!r}, numbers)")
        asked = ask and name and type(x).parameters is not Parts.parameters
        x = x.parameters() if asked else vars(x)
    if not isinstance(x, dict):
        return [(f"{name}.{key}" if name else str(key), item) for key, item in reversed(list(enumerate(x)))]
    return [(f"{name}.{key}" if name else str(key), item) for key, item in reversed(x.items()) if key not in hidden]


def _is_buffer(x: Any) -> bool:
    return x is None or isinstance(x, Value) or (isinstance(x, list) and all(map(_is_buffer, x)))
