"""in_axes: which axis of each argument holds the rows."""

from collections.abc import Mapping, Sequence
from typing import Any

from autograd.transforms.containers import REGISTRY, is_container, opened

KEYWORD = "argument '"      # begins the name of one that was given by keyword; the others have numbers


def check_in_axes(in_axes: Any) -> None:
    """TypeError or ValueError for what is no in_axes, or maps over nothing."""
    if isinstance(in_axes, bool) or not (in_axes is None or isinstance(in_axes, (int, list, tuple))):
        raise TypeError(f"vmap: in_axes={in_axes!r}; give an int, None, or a tuple with one for each argument")
    if not _maps(in_axes, in_axes, False):
        raise ValueError(f"vmap: in_axes={in_axes!r} shares every argument; give at least one an axis")


def _maps(entry: Any, whole: Any, named: bool) -> bool:
    """Whether an entry has an axis; whole: for messages; named: whether it is a field, which may also hold a text."""
    if entry is None or (named and isinstance(entry, str)):
        return False
    if isinstance(entry, int) and not isinstance(entry, bool):
        return True
    if is_container(entry) or isinstance(entry, (list, tuple)):
        inside = opened(entry, argument=True)[0] if is_container(entry) else entry
        found = [_maps(item, whole, is_container(entry)) for item in inside]
        return True in found
    raise TypeError(f"vmap: in_axes={whole!r} holds {entry!r}; axes are ints, None, and containers of these")


def axes_of_arguments(in_axes: Any, count: int) -> Sequence[Any]:
    """The entry of each of so many positional arguments."""
    if in_axes is None or isinstance(in_axes, int):
        return (in_axes,) * count
    if len(in_axes) != count:
        raise ValueError(f"vmap: in_axes has {len(in_axes)} entries for {count} positional arguments; give one for "
                         "each, or one int for all")
    return in_axes      # type: ignore[no-any-return]


def sharing(name: str) -> str:
    """How an argument of this name is shared by all rows; in_axes has no entries for arguments by keyword."""
    return f"share it by {'position, with ' * name.startswith(KEYWORD)}None in in_axes"


def axes_of_items(axis: Any, x: Any, items: Sequence[Any], name: str) -> Sequence[Any]:
    """The entry of each item of a container or a tuple, a prefix of whose structure ``axis`` is."""
    if isinstance(axis, int):
        return (axis,) * len(items)
    if isinstance(x, Mapping) and type(x) not in REGISTRY:
        if not isinstance(axis, Mapping) or set(axis) != set(x):
            raise ValueError(f"vmap: {name} has the keys {list(x)}, and its in_axes is {axis!r}; give an entry for "
                             "each key, or one int for all")
        return [axis[key] for key in x]
    if isinstance(axis, (list, tuple)) and not hasattr(axis, "_fields"):
        entries: Sequence[Any] = axis
    elif type(axis) is type(x):
        entries = opened(axis, argument=True)[0]
    else:
        raise ValueError(f"vmap: {name} is a {type(x).__name__}, and its in_axes is {axis!r}; give an int, None, or "
                         f"a {type(x).__name__} of these")
    if len(entries) != len(items):
        raise ValueError(f"vmap: {name} has {len(items)} items, and its in_axes {len(entries)}")
    return entries
