"""Generators of random numbers, Python's and NumPy's: which objects they are, and their state."""

import sys
from typing import Any


def is_generator(x: Any) -> bool:
    """Whether ``x`` is a generator of random numbers."""
    made = getattr(sys.modules.get("random"), "Random", ())
    kind = type(x)
    return isinstance(x, made) or (str(kind.__module__).startswith("numpy.random") and
                                   (hasattr(kind, "random") or hasattr(kind, "state")))


def state(x: Any) -> Any:
    """The state of a generator."""
    if hasattr(x, "bit_generator"):
        return x.bit_generator.state
    if hasattr(x, "state"):     # a bit generator
        return x.state
    if hasattr(x, "getstate"):
        return x.getstate()
    return x.get_state(legacy=False)


def put_state(x: Any, known: Any) -> None:
    """Set the state of a generator to one that `state` gave."""
    if hasattr(x, "bit_generator"):
        x.bit_generator.state = known
    elif hasattr(x, "state"):
        x.state = known
    elif hasattr(x, "getstate"):
        x.setstate(known)
    else:
        x.set_state(known)


def same_state(one: Any, other: Any) -> bool:
    """Whether two states of a generator are equal; they may contain arrays."""
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same_state(one[key], other[key]) for key in one)
    return bool(one.tobytes() == other.tobytes() if hasattr(one, "tobytes") else one == other)
