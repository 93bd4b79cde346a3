"""Arguments that an ``__init__`` does not take: one error that names its public class, and what to write instead."""

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from inspect import Parameter, signature
from typing import Any


class ClearInit:
    """A base of classes whose ``__init__`` says clearly what it does not take.

    They say in ``_unsupported`` what to write instead of options that users know from elsewhere.
    """

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if "__init__" in vars(cls):
            setattr(cls, "__init__", clear(vars(cls)["__init__"]))      # noqa: B010 (mypy)


def clear(init: Callable[..., None], then: Callable[[Any], None] = lambda made: None) -> Callable[..., None]:
    """``init``, whose TypeError for arguments that it does not take is `refused`; and ``then`` of what it has made."""
    @wraps(init)
    def clearly(self: Any, *args: Any, **options: Any) -> None:
        try:
            init(self, *args, **options)
        except TypeError:
            if error := refused(self, init, args, options):
                raise error from None
            raise
        then(self)

    return clearly


def refused(made: Any, init: Callable[..., None], args: Sequence[Any],
            options: Mapping[str, Any]) -> TypeError | None:
    """The error for arguments that ``init`` does not take; None if it takes them.

    Classes say in ``_unsupported`` what to write instead of options that users know from elsewhere.
    """
    taken = signature(init, follow_wrapped=False)       # a decorator may give arguments of its own
    parameters = dict(list(taken.parameters.items())[1:])
    try:
        taken.bind(made, *args, **options)
    except TypeError as fault:
        kind: Any = next((kind for kind in type(made).__mro__ if _calls(kind, init)), type(made))
        for name in options:
            if name not in parameters:
                texts = [vars(base).get("_unsupported", {}) for base in kind.__mro__]
                advice = next((text[name] for text in texts if name in text),
                              f"it has {', '.join(parameters) or 'none'}")
                return TypeError(f"{kind.__name__} has no option {name!r}: {advice}")
        places = [name for name, given in parameters.items() if given.kind != Parameter.KEYWORD_ONLY]
        return TypeError(f"{kind.__name__}: {fault}; without names it takes {', '.join(places) or 'none'}")
    return None


def _calls(kind: Any, init: Callable[..., None]) -> bool:
    """Whether a class has this ``__init__``, of its own or from one that users do not see."""
    return getattr(kind.__init__, "__wrapped__", None) is init
