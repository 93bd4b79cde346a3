"""Facts about objects and their code, found without running any of it."""

import os
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

ROOT = Path(__file__).parents[2]
# where Python's own code lies, and this project's
LIBRARIES = (os.path.dirname(os.__file__) + os.sep, "<frozen",
             *(os.path.join(ROOT, name, "") for name in ("autograd", "nn", "viz")))

GENERAL = frozenset({"Module", "Parts", "Stateful", "Hookable"})


def slots(x: Any) -> list[str]:
    """The attributes of an object that are not in its __dict__."""
    found: list[str] = []
    for kind in type(x).__mro__:
        own = vars(kind).get("__slots__", ())
        found += [own] if isinstance(own, str) else list(own)
    return [name for name in found if name not in ("__dict__", "__weakref__") and not name.startswith("__")]


def is_layer(kind: type) -> bool:
    """Whether it is a class of nn's, or one below it, other than Module and what that is made of."""
    return any(str(base.__module__)[:3] == "nn." and base.__name__ not in GENERAL for base in kind.__mro__)


def is_plain(kind: type) -> bool:
    """Whether objects of the class only hold attributes."""
    return kind is SimpleNamespace or kind.__module__ == "argparse"


def variables_of(x: Any) -> Any:
    """The __dict__ of an object, or of a class."""
    return vars(x) if isinstance(x, type) else instance_dict(x)


def all_variables(x: Any) -> list[Any]:
    """The values in it whose names are not special."""
    return [item for name, item in list(variables_of(x).items()) if name[:2] != "__"]


def parameter_name(f: Any, i: int, otherwise: str) -> str:
    """The name of the parameter at position ``i`` of the user's own function; of another function, ``otherwise``."""
    code = getattr(f, "__code__", None)
    if code is None or i >= code.co_argcount or foreign(code.co_filename, f.__module__ or ""):
        return otherwise
    return str(code.co_varnames[i])


def referent(x: Any) -> Any:
    """The object that a weak proxy or a memoryview refers to; None if it is gone."""
    try:
        return x.obj if type(x) is memoryview else x.__reduce_ex__.__self__
    except (ReferenceError, ValueError, AttributeError):
        return None


def foreign(file: str, module: str) -> bool:
    """Whether code is this project's, Python's or an installed package's, and holds none of the user's state."""
    return (not module or file.startswith(LIBRARIES) or "site-packages" in file or "dist-packages" in file
            or module in sys.builtin_module_names)


def instance_dict(x: Any) -> dict[str, Any]:
    """The __dict__ of an object, without running a __getattribute__ of its class; empty if it has none."""
    try:
        found = object.__getattribute__(x, "__dict__")
    except AttributeError:
        return {}
    return found if isinstance(found, dict) else {}
