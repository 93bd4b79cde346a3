"""Hooks: functions that see, and may replace, what a module is given and what it returns."""

from collections.abc import Callable
from typing import Any
from weakref import ref

Hook = tuple[Callable[..., Any], bool]      # and whether it takes the keyword arguments, too

_changes, _calls = [0], [0]


class Hookable:
    """A module's hooks. A module without hooks is called as if there were none: with the first it gets a class of its
    own, below the one that it had and of the same name, whose ``__call__`` asks them; without the last, its own again.
    """

    def register_forward_hook(self, hook: Callable[..., Any], *, prepend: bool = False,
                              with_kwargs: bool = False) -> "RemovableHandle":
        """Call ``hook(module, args, output)`` after each call; what it returns, unless None, replaces the output.

        args: the tuple of positional arguments. with_kwargs: ``hook(module, args, kwargs, output)``. prepend: before
        the hooks that are there. Compiled, the hook is traced with the module: what it computes of Values becomes code,
        and what else it does (print, append to a list) happens once, at the trace; `fit` runs a hook that changes what
        it reads, such as a list, eagerly, and says so. Before they begin, `fit` and `predict` try the model on a row,
        and then put back what a hook changed. A function that ``jit`` has compiled keeps the hooks of then.

        >>> from nn import Tanh
        >>> tanh, seen = Tanh(), []
        >>> with tanh.register_forward_hook(lambda module, args, output: seen.append(output)):
        ...     tanh(0.0)
        0.0
        >>> tanh(1.0) > 0.7, seen
        (True, [0.0])
        """
        return self._register("_forward_hooks", hook, prepend, with_kwargs)

    def register_forward_pre_hook(self, hook: Callable[..., Any], *, prepend: bool = False,
                                  with_kwargs: bool = False) -> "RemovableHandle":
        """Call ``hook(module, args)`` before each call; what it returns, unless None, replaces the arguments.

        It returns a tuple of arguments, or a single one; with ``with_kwargs`` it takes the keyword arguments as well
        and returns a pair, (args, kwargs).
        """
        return self._register("_forward_pre_hooks", hook, prepend, with_kwargs)

    def _register(self, kind: str, hook: Callable[..., Any], prepend: bool, with_kwargs: bool) -> "RemovableHandle":
        if not callable(hook):
            raise TypeError(f"a hook is a function, not {type(hook).__name__}")
        handle = RemovableHandle(self, kind)
        own, new = vars(self).get(kind, {}), {handle.id: (hook, with_kwargs)}
        _set(self, kind, {**new, **own} if prepend else {**own, **new})
        return handle


class RemovableHandle:
    """Removes a hook: by ``remove()``, or at the end of a ``with`` block.

    >>> from nn import Linear
    >>> layer = Linear(1, 1, seed=0)
    >>> seen = []
    >>> handle = layer.register_forward_hook(lambda module, inputs, output: seen.append(len(output)))
    >>> _ = layer([1.0])
    >>> handle.remove()
    >>> _ = layer([1.0])
    >>> seen
    [1]
    """

    _last = 0

    def __init__(self, module: Hookable, kind: str) -> None:
        self._module, self._kind = ref(module), kind
        RemovableHandle._last = self.id = RemovableHandle._last + 1

    def remove(self) -> None:
        """Remove the hook; once more does nothing."""
        module = self._module()
        if module is not None:
            own = vars(module).get(self._kind, {})
            if self.id in own:
                _set(module, self._kind, {key: hook for key, hook in own.items() if key != self.id})

    def __enter__(self) -> "RemovableHandle":
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()


class Hooked:
    """A module with hooks."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        _calls[0] += 1
        own = vars(self)
        for hook, whole in own.get("_forward_pre_hooks", {}).values():
            found = hook(self, args, kwargs) if whole else hook(self, args)
            if found is not None and whole:
                args, kwargs = found
            elif found is not None:
                args = found if isinstance(found, tuple) else (found,)
        out = super().__call__(*args, **kwargs)      # type: ignore[misc]
        for hook, whole in own.get("_forward_hooks", {}).values():
            found = hook(self, args, kwargs, out) if whole else hook(self, args, out)
            out = out if found is None else found
        return out

    def __reduce_ex__(self, protocol: Any) -> Any:
        return _restored, (type(self).__mro__[2], self.__getstate__())


def _hooked(kind: type) -> type:
    return type(kind.__name__, (Hooked, kind), {"__doc__": kind.__doc__, "__qualname__": kind.__qualname__})


def _restored(kind: type, state: Any) -> Any:
    module: Any = object.__new__(_hooked(kind))
    if hasattr(module, "__setstate__"):
        module.__setstate__(state)
    else:
        vars(module).update(state)
    return module


def _set(module: Any, kind: str, hooks: dict[int, Hook]) -> None:
    """Give the module these hooks of that kind, and the class that goes with them."""
    vars(module)[kind] = hooks
    if not hooks:
        del vars(module)[kind]
    hooked = isinstance(module, Hooked)
    wanted = "_forward_hooks" in vars(module) or "_forward_pre_hooks" in vars(module)
    if wanted != hooked:
        module.__class__ = _hooked(type(module)) if wanted else type(module).__mro__[2]
    _changes.append(_changes.pop() + 1)


def hook_calls() -> int:
    """How many calls modules with hooks have had so far."""
    return _calls[0]


def hook_changes() -> int:
    """How many hooks have been registered and removed so far, in all modules: `fit` compiles again after one."""
    return _changes[0]
