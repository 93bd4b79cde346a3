"""static_argnums and static_argnames: the arguments of a compiled function that are constants, whatever they are."""

import inspect
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from autograd.ops.operand import Operand
from autograd.transforms.pytree import StaticArgument
from autograd.transforms.reverse import Transform


class StaticArguments:
    """The arguments that the options of `jit` make static: chosen by position or by name, found by both."""

    def __init__(self, f: Callable[..., Any], argnums: int | Iterable[int], argnames: str | Iterable[str]) -> None:
        self.argnums = (argnums,) if isinstance(argnums, int) else tuple(argnums)
        self.argnames = (argnames,) if isinstance(argnames, str) else tuple(argnames)
        for option, given, kind in (("static_argnums", self.argnums, int), ("static_argnames", self.argnames, str)):
            for x in given:
                if type(x) is not kind:
                    raise TypeError(f"jit: {option}={given!r}; give {kind.__name__}s")
        self.positions, self.names = set(self.argnums), set(self.argnames)
        listed, more, named = _parameters(f)
        if listed is None:
            return
        for i in self.argnums:
            if not -len(listed) <= i < len(listed) and not (more and i >= 0):
                raise ValueError(f"jit: static_argnums={i}, and the function has {len(listed)} positional parameters")
        for name in self.argnames:
            if name not in named and None not in named:
                raise ValueError(f"jit: static_argnames={name!r}, and the function has no parameter of that name; it "
                                 f"has {', '.join(map(str, named))}")
        self.positions = {i % len(listed) if i < 0 else i for i in self.argnums}
        self.names |= {listed[i] for i in self.positions if i < len(listed)}
        self.positions |= {i for i, name in enumerate(listed) if name in self.names}

    def marked(self, args: Sequence[Any], kwargs: dict[str, Any], bound: int) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """The arguments, those that are static as `StaticArgument`; bound: how many are bound before these."""
        return (tuple([_static(f"argument {i}", x) if i in self.positions else x for i, x in enumerate(args, bound)]),
                {name: _static(f"argument {name!r}", x) if name in self.names else x for name, x in kwargs.items()}
                if kwargs else kwargs)


def _static(which: str, x: Any) -> StaticArgument:
    if isinstance(x, StaticArgument):
        return x
    if isinstance(x, Operand):
        raise TypeError(f"jit: the static {which} is a {type(x).__name__}, whose gradient would be lost: choose what "
                        "to differentiate by with argnums, or do not make it static")
    try:
        hash(x)
    except TypeError:
        raise TypeError(f"jit: the static {which} is a {type(x).__name__}, which has no hash, so that its code would "
                        "not be found again; give a tuple for a list, or another hashable object") from None
    return StaticArgument(x)


def _parameters(f: Any) -> tuple[list[str] | None, bool, list[Any]]:
    """The positional parameters, None if unknown; whether ``*args`` takes more; the names that keywords may have.

    None is among these where ``**kwargs`` takes any.
    """
    f = getattr(f, "_traceable", f)
    while isinstance(f, Transform):
        f = getattr(f.function, "_traceable", f.function)
    try:
        found = inspect.signature(f).parameters.values()
    except (TypeError, ValueError):
        return None, True, [None]
    return [p.name for p in found if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)], \
        any(p.kind is p.VAR_POSITIONAL for p in found), \
        [None if p.kind is p.VAR_KEYWORD else p.name for p in found if p.kind not in (p.VAR_POSITIONAL,
                                                                                     p.POSITIONAL_ONLY)]
