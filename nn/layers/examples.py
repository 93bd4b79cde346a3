"""One example or a list of examples: how feed-forward layers tell the two apart, and read tensors.

A layer of vectors takes one example, a sequence of numbers, or a list of examples, for which it gives a list of
results. Its author writes a method for one example, and ``def __call__(self, x): return of_each(self._one, x)``. A
layer that calls itself for each example would run its hooks for each, and again for all.
"""

from collections.abc import Callable
from typing import Any

from nn.layers.outputs import Memory, Outputs
from nn.nested import NUMBERS, listed, misplaced


def of_each(one: Callable[[Any], Any], x: Any) -> Any:
    """``one`` of the example ``x``; of a list of examples, or of lists of such, a list with that of each.

    A TypeError for a text or None among the numbers names its place.

    >>> of_each(sum, [1.0, 2.0]), of_each(sum, [[1.0, 2.0], [3.0, 4.0]])
    (3.0, [3.0, 7.0])
    """
    try:
        return _of_each(one, x)
    except TypeError as error:
        fault = misplaced("input", x) if is_list(x) else ""
        if fault:
            raise TypeError(f"{_named(one)}: {fault}") from error
        raise


def _of_each(one: Callable[[Any], Any], x: Any) -> Any:
    if isinstance(x, (list, tuple)) and x and x[0].__class__ in NUMBERS:       # the usual case, fast
        return one(x)
    x = without_tensors(x)
    return [_of_each(one, row) for row in x] if holds_rows(x) else one(x)


def _named(one: Callable[[Any], Any]) -> str:
    """The name of a layer by its method, or of a function."""
    return type(owner).__name__ if (owner := getattr(one, "__self__", None)) is not None else one.__name__


def without_tensors(x: Any) -> Any:
    """Lists of numbers for a PyTorch tensor, an array or a table, and for each that is in a list; else ``x`` itself.

    The pair that a recurrent layer returns would be read as two examples: `refuse_pair`.
    """
    if isinstance(x, (list, tuple)):
        refuse_pair(x)
        return x if not x or x[0].__class__ in NUMBERS else list(map(without_tensors, x))
    return listed(x) if hasattr(x, "tolist") or hasattr(x, "to_numpy") else x


def refuse_pair(x: Any) -> None:
    """A TypeError for what a recurrent layer or cell returns.

    That is a list of outputs and something that is no such list, or the state (h, c) of an LSTM.
    """
    if x.__class__ is not tuple or len(x) != 2:
        return
    if isinstance(x[1], Memory):
        raise TypeError("the input is the state (h, c) of an LSTM; take h first: h, c = cell(x, (h, c)), and in a "
                        "Sequential lambda state: state[0] behind the LSTMCell")
    if _are_outputs(x[0]) and not _are_outputs(x[1]):
        raise TypeError("the input is a pair of outputs and state, which recurrent layers return, or attention of "
                        "outputs and weights; take the outputs first: outputs, state = lstm(x), and in a Sequential "
                        "lambda pair: pair[0] behind the LSTM")


def _are_outputs(x: Any) -> bool:
    return isinstance(x, list) and bool(x) and isinstance(x[0], Outputs)


def is_list(x: Any) -> bool:
    """Whether ``x`` is a list, a tuple or an array: a text, a dict or a set is none, though it has a length."""
    return isinstance(x, (list, tuple)) or (
        hasattr(x, "__len__") and not isinstance(x, (str, bytes, dict, set)) and getattr(x, "shape", None) != ())


def holds_rows(x: Any) -> bool:
    """Whether ``x`` is a sequence of sequences or arrays, as the examples of a batch are.

    >>> holds_rows([[1.0, 2.0]]), holds_rows([1.0, 2.0])
    (True, False)
    """
    if not is_list(x):
        return False
    first = next(iter(x), None)
    return isinstance(first, (list, tuple)) or getattr(first, "shape", ()) != ()


def is_row(x: Any, n: int) -> bool:
    """Whether ``x`` is a sequence of ``n``, and not one of rows."""
    return is_list(x) and len(x) == n and not holds_rows(x)


def wrong_inputs(what: str, x: Any, n: int) -> Exception:
    """The error for ``x``, which is no sequence of ``n``."""
    if not is_list(x):
        return TypeError(f"{what} takes a sequence of {n} numbers, not {type(x).__name__}")
    if holds_rows(x):
        return ValueError(f"{what} takes one row of {n} numbers, not a list of {len(x)} rows; call it for each, as in "
                          "for row in rows")
    times, rest = divmod(len(x), n)
    advice = "" if rest or times < 2 else (f", {times} times as many: if that is a list of {times} examples, keep "
                                           "them apart, as [[x] for x in X] and nn.Flatten(1) do")
    return ValueError(f"{what} of {n} inputs was given {len(x)}{advice}")
