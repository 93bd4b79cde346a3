"""Module: an object whose parameters are the leaf Values in its attributes, and its state as a dict."""

from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from reprlib import recursive_repr
from typing import Any, Self

from autograd import Value, zero_grad


class Module:
    """The base of neurons, layers and networks: assign Values and Modules to attributes, and that is all.

    >>> class Line(Module):
    ...     def __init__(self):
    ...         self.slope, self.offset = Value(2.0), Value(1.0)
    ...     def __call__(self, x):
    ...         return self.slope * x + self.offset
    >>> [name for name, _ in Line().named_parameters()]
    ['slope', 'offset']
    >>> Line().state_dict()
    {'slope': 2.0, 'offset': 1.0}
    """

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if "__init__" in vars(cls):
            setattr(cls, "__init__", _naming_modules(vars(cls)["__init__"]))    # noqa: B010 (mypy)

    def _entitle(self, outer: tuple[str, ...], name: str) -> None:
        """For pictures: the titles of the frames around this module, and its own name, as in `state_dict`."""

    def __call__(self, *args: Any, **options: Any) -> Any:
        """The result of ``forward``, as in PyTorch; a class may define ``__call__`` instead."""
        forward = getattr(self, "forward", None)
        if forward is None:
            name = type(self).__name__
            raise TypeError(f"{name} cannot be called: define {name}.__call__(self, x), or forward(self, x)")
        return forward(*args, **options)

    def named_parameters(self) -> Iterator[tuple[str, Value]]:
        """Each parameter once, with its name: ``layers.0.neurons.2.w.1``, in order of assignment."""
        seen: dict[int, Any] = {}       # a shared parameter counts once, and a Module may contain itself
        waiting: list[tuple[str, Any]] = [("", vars(self))]
        while waiting:
            name, x = waiting.pop()
            x = _opened(name, x)
            if isinstance(x, Value) and x.op is None and id(x) not in seen:     # a computed Value is no parameter
                yield name, x
            elif isinstance(x, (Module, dict, list, tuple)) and id(x) not in seen:
                waiting += _items(name, x)
            seen[id(x)] = x

    def parameters(self) -> list[Value]:
        """All leaf Values in the attributes, in Modules, lists, tuples, dicts and NumPy's object arrays as well."""
        return [value for _, value in self.named_parameters()]

    def named_modules(self) -> Iterator[tuple[str, "Module"]]:
        """This Module, under the name "", and each one in it once, in order of assignment: ``layers.0.neurons.2``."""
        yield "", self
        seen: dict[int, Any] = {id(self): self}
        waiting: list[tuple[str, Any]] = _items("", vars(self))
        while waiting:
            name, x = waiting.pop()
            x = _opened(name, x)
            if isinstance(x, (Module, dict, list, tuple)) and id(x) not in seen:
                seen[id(x)] = x
                if isinstance(x, Module):
                    yield name, x
                waiting += _items(name, x)

    def modules(self) -> Iterator["Module"]:
        """This Module and each one in it."""
        return (module for _, module in self.named_modules())

    def zero_grad(self) -> None:
        """Forget the gradients of all parameters."""
        zero_grad(self.parameters())

    def state_dict(self) -> dict[str, Any]:
        """The numbers of all parameters by name: a float, or where an attribute is a list of Values, a list.

        Rows of equal length form one entry, as a tensor does in PyTorch: ``{"0.weight": [[...], ...],
        "0.bias": [...]}``. What is shared stands under each of its names, as there.
        """
        return {name: _numbers(x) for name, x in _entries(self).items()}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> Self:
        """Give every parameter its number from what `state_dict` returned; gives the module itself.

        An entry may also be an array or tensor, as PyTorch's own ``state_dict`` has them. Raises ValueError with
        everything that is missing, unexpected or of another shape, and then changes nothing.
        """
        if not isinstance(state_dict, Mapping):
            raise TypeError(f"load_state_dict takes a dict of names and numbers, not {type(state_dict).__name__}")
        entries = _entries(self)
        faults = [f"{name} is missing" for name in entries if name not in state_dict]
        faults += [f"{name} is unexpected" for name in state_dict if name not in entries]
        pairs: list[tuple[Value, float]] = []
        for name in [name for name in entries if name in state_dict]:
            given = state_dict[name]
            given = given.tolist() if hasattr(given, "tolist") else given
            try:
                pairs += _matched(entries[name], given)
            except (TypeError, ValueError, OverflowError):
                wanted, got = _described(_numbers(entries[name])), _described(given)
                faults.append(f"{name} is not {wanted}, but {got if got != wanted else 'uneven'}")
        numbers = {id(value): number for value, number in pairs}
        if any(repr(numbers[id(value)]) != repr(number) for value, number in pairs):     # as text: nan is nan
            faults.append("a parameter that is shared is given different numbers under its names")
        if faults:
            raise ValueError(f"load_state_dict: {'; '.join(faults)}; give the state of a module like this one")
        for value, number in pairs:
            value.data = number
        return self

    @recursive_repr()
    def __repr__(self) -> str:
        parts = [f"{name}={x!r}" for name, x in vars(self).items() if _has_module(x)]
        return f"{type(self).__name__}({', '.join(parts)})"


def _naming_modules(init: Callable[..., None]) -> Callable[..., None]:
    """``__init__``, after which each module inside knows the name that it has in `state_dict`."""
    @wraps(init)
    def naming(self: Any, *args: Any, **options: Any) -> None:
        init(self, *args, **options)
        seen = {id(self)}
        waiting: list[tuple[tuple[str, ...], str, Module]] = [((), "", self)]
        while waiting:
            outer, prefix, module = waiting.pop()
            for name, inner in _modules_inside(prefix, module):
                if id(inner) not in seen:
                    seen.add(id(inner))
                    inner._entitle(outer, name)
                    waiting.append(((*outer, name), name, inner))

    return naming


def _modules_inside(prefix: str, module: Module) -> Iterator[tuple[str, Module]]:
    """The modules in a module, also in lists and dicts, but not those in other modules; each with its name."""
    waiting = [(f"{prefix}.{key}" if prefix else key, x) for key, x in reversed(vars(module).items())]
    seen = set()        # a list may contain itself
    while waiting:
        name, x = waiting.pop()
        if isinstance(x, Module):
            yield name, x
        elif isinstance(x, (dict, list, tuple)) and id(x) not in seen:
            seen.add(id(x))
            if isinstance(x, dict) or not (x and isinstance(x[0], (Value, float, str))):       # fast for weights
                waiting += _items(name, x)


def _has_module(x: Any) -> bool:
    return isinstance(x, Module) or (isinstance(x, (list, tuple)) and any(isinstance(item, Module) for item in x))


def _opened(name: str, x: Any) -> Any:
    """An object array as a list; a TypeError for a set of parameters, which has no order."""
    if isinstance(x, (set, frozenset)) and any(isinstance(item, (Value, Module)) for item in x):
        raise TypeError(f"{name} is a {type(x).__name__} of parameters, which has no order; make it a list")
    return x.tolist() if getattr(getattr(x, "dtype", None), "kind", "") == "O" else x


def _items(name: str, x: Any) -> list[tuple[str, Any]]:
    """The items of a container, each with its name, the last one first."""
    if isinstance(x, Module):
        # a Module that overrides parameters(), as the lecture's do, is asked
        x = vars(x) if type(x).parameters is Module.parameters else x.parameters()
    items = list(x.items()) if isinstance(x, dict) else list(enumerate(x))
    return [(f"{name}.{key}" if name else str(key), item) for key, item in reversed(items)]


def _entries(module: Module) -> dict[str, Any]:
    """Each leaf Value, or list of such as large as it can be, under its name."""
    found: dict[str, Any] = {}
    above: set[int] = {id(module)}      # a Module may contain itself
    waiting: list[tuple[str, Any, bool]] = [("", vars(module), False)]
    while waiting:
        name, x, done = waiting.pop()
        x = _opened(name, x)
        if done:
            above.remove(id(x))
        elif _shape(x) is not None:
            if name in found:
                raise ValueError(f"two parameters have the name {name}; rename an attribute or a key of a dict")
            found[name] = x
        elif isinstance(x, (Module, dict, list, tuple)) and id(x) not in above:
            above.add(id(x))
            waiting.append((name, x, True))
            waiting += [(key, item, False) for key, item in _items(name, x)]
    return found


def _shape(x: Any, above: tuple[Any, ...] = ()) -> tuple[int, ...] | None:
    """Of a leaf Value, or of lists of those that have one length; None of anything else."""
    x = _opened("", x)
    if isinstance(x, Value):
        return () if x.op is None else None
    if not isinstance(x, (list, tuple)) or not x or any(x is outer for outer in above):
        return None
    first = _shape(x[0], (*above, x))
    same = first is not None and all(_shape(item, (*above, x)) == first for item in x[1:])
    return (len(x), *first) if same and first is not None else None


def _numbers(x: Any) -> Any:
    return x.data if isinstance(x, Value) else [_numbers(item) for item in x]


def _matched(x: Any, given: Any) -> list[tuple[Value, float]]:
    """Each Value with its number; the depth is that of the module, whatever was given."""
    if isinstance(x, Value):
        return [(x, Value(given).data)]
    if not isinstance(given, (list, tuple)):
        raise TypeError
    return [pair for item, inner in zip(x, given, strict=True) for pair in _matched(item, inner)]


def _described(x: Any) -> str:
    """The shape in words, as far as the first of each list tells."""
    sizes: list[str] = []
    while isinstance(x, (list, tuple)) and x and len(sizes) < 5:
        sizes.append(str(len(x)))
        x = x[0]
    number = isinstance(x, (int, float))
    if not sizes:
        return "a number" if number else f"a {type(x).__name__}"
    return " x ".join(sizes) + (f" number{'s' * (sizes != ['1'])}" if number else f" of {type(x).__name__}")
