"""State: the numbers of parameters and buffers as a dict of lists, and back again, whole or not at all."""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple, Self, overload

from autograd import Value
from nn.modules.parts import Parts, items, opened
from nn.nested import misplaced, nested_lists


class IncompatibleKeys(NamedTuple):
    """The names that `load_state_dict` did not find in the state, and those that it did not look for."""

    missing_keys: list[str]
    unexpected_keys: list[str]


class Stateful(Parts):
    """The state of a Module."""

    def state_dict(self) -> dict[str, Any]:
        """The numbers of all parameters and buffers by name: a float, or where an attribute is a list of Values, a
        list.

        Rows of equal length form one entry, as a tensor does in PyTorch: ``{"0.weight": [[...], ...],
        "0.bias": [...]}``. What is shared stands under each of its names, as there.
        """
        return {name: _numbers(x) for name, x in _entries(self).items()}

    @overload
    def load_state_dict(self, state_dict: Mapping[str, Any], strict: Literal[True] = True) -> Self: ...

    @overload
    def load_state_dict(self, state_dict: Mapping[str, Any], strict: bool) -> Self | IncompatibleKeys: ...

    def load_state_dict(self, state_dict: Mapping[str, Any], strict: bool = True) -> Self | IncompatibleKeys:
        """Give every parameter and buffer its number from what `state_dict` returned; gives the module itself.

        An entry may also be an array or tensor, as PyTorch's own ``state_dict`` has them. Raises ValueError with
        everything that is missing, unexpected or of another shape, and then changes nothing. With ``strict=False`` what
        is missing keeps its numbers and what is unexpected is left out, and the two lists of names are returned, as
        PyTorch always does: ``model.load_state_dict(state, strict=False).missing_keys``.
        """
        if not isinstance(state_dict, Mapping):
            raise TypeError(f"load_state_dict takes a dict of names and numbers, not {type(state_dict).__name__}")
        entries = _entries(self)
        keys = IncompatibleKeys([name for name in entries if name not in state_dict],
                                [name for name in state_dict if name not in entries])
        faults = [] if not strict else [*(f"{name} is missing" for name in keys.missing_keys),
                                        *(f"{name} is unexpected" for name in keys.unexpected_keys)]
        pairs: list[tuple[Value, float]] = []
        for name in [name for name in entries if name in state_dict]:
            given = state_dict[name]
            given = nested_lists(given)
            try:
                pairs += _matched(entries[name], given)
            except (TypeError, ValueError, OverflowError):
                wanted, got = _described(_numbers(entries[name])), _described(given)
                faults.append(f"{name} is not {wanted}" + (
                    f": {where}" if (where := misplaced(name, given)) and isinstance(given, list) else
                    f", but {got if got != wanted else 'uneven'}"))
        numbers = {id(value): number for value, number in pairs}
        if any(repr(numbers[id(value)]) != repr(number) for value, number in pairs):     # as text: nan is nan
            faults.append("a parameter that is shared is given different numbers under its names")
        if faults:
            raise ValueError(f"load_state_dict: {'; '.join(faults)}; give the state of a module like this one")
        for value, number in pairs:
            value.data = number
        return self if strict else keys


def _entries(module: Parts) -> dict[str, Any]:
    """Each leaf Value, or list of such as large as it can be, under its name."""
    found: dict[str, Any] = {}
    above: set[int] = {id(module)}      # a module may contain itself
    waiting: list[tuple[str, Any, bool]] = [(name, x, False) for name, x in items("", module)]
    while waiting:
        name, x, done = waiting.pop()
        x = opened(name, x)
        if done:
            above.remove(id(x))
        elif _shape(x) is not None:
            if name in found:
                raise ValueError(f"two parameters have the name {name}; rename an attribute or a key of a dict")
            found[name] = x
        elif isinstance(x, (Parts, dict, list, tuple)) and id(x) not in above:
            above.add(id(x))
            waiting.append((name, x, True))
            waiting += [(key, item, False) for key, item in items(name, x)]
    return found


def _shape(x: Any, above: tuple[Any, ...] = ()) -> tuple[int, ...] | None:
    """Of a leaf Value, or of lists of those that have one length; None of anything else."""
    x = opened("", x)
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
