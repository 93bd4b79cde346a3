"""vmap: the public decorator, its options, and the promises that a batched function keeps."""

from collections.abc import Callable
from functools import partial
from typing import Any

from autograd.batch.batched import Batched
from autograd.batch.in_axes import check_in_axes
from autograd.compiler.traced_gradients import MANY_DERIVATIVES
from autograd.transforms.reverse import Transform


def vmap(f: Callable[..., Any] | None = None, in_axes: Any = 0, *, reduce: str | None = None,
         threads: int | None = None) -> Any:
    """doc"""
    if reduce not in (None, "sum", "mean"):
        raise ValueError(f'vmap: reduce={reduce!r}; choose "sum", "mean", or None for the result of each row')
    if threads is not None and (type(threads) is not int or threads < 1):
        raise ValueError(f"vmap: threads={threads!r}; give a whole number from 1 on, or None for 1")
    check_in_axes(in_axes)
    if f is None:       # @vmap(reduce="mean")
        return partial(vmap, in_axes=in_axes, reduce=reduce, threads=threads)
    if not callable(f):
        raise TypeError(f"vmap: expected a function, not {type(f).__name__}; write vmap(f)(xs)")
    if reduce and _traced_derivative(f):
        raise ValueError("vmap: reduce of third derivatives, where it is not known which are by what the rows share; "
                         "add up the result of vmap without reduce")
    return Batched(f, in_axes, reduce, threads or 1)


def _traced_derivative(f: Any) -> bool:
    """Whether a derivative in it is traced itself, and not taken of a Program."""
    derived = 0
    while isinstance(f := getattr(f, "_traceable", f), Transform):
        if derived >= MANY_DERIVATIVES:
            return True
        f, derived = f.function, derived + f.order
    return False
