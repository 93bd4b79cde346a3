"""Arguments that a module does not take: one error that names its public class, and what to write instead."""

from collections.abc import Callable, Mapping, Sequence
from inspect import Parameter, signature
from typing import Any


def refused(module: Any, init: Callable[..., None], args: Sequence[Any],
            options: Mapping[str, Any]) -> TypeError | None:
    """The error for arguments that ``init`` of the module does not take; None if it takes them.

    Classes say in ``_unsupported`` what to write instead of options that users know from elsewhere.
    """
    taken = signature(init, follow_wrapped=False)       # a decorator may give arguments of its own
    parameters = dict(list(taken.parameters.items())[1:])
    try:
        taken.bind(module, *args, **options)
    except TypeError as fault:
        kind: Any = next((kind for kind in type(module).__mro__ if _calls(kind, init)), type(module))
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
