"""vmap: the public decorator, its options, and the promises that a batched function keeps."""

from collections.abc import Callable
from concurrent.futures import Executor
from functools import partial
from typing import Any

from autograd.batch.batched import Batched
from autograd.batch.in_axes import check_in_axes
from autograd.compiler.traced_gradients import MANY_DERIVATIVES
from autograd.transforms.reverse import Transform


def vmap(f: Callable[..., Any] | None = None, in_axes: Any = 0, *, fast: bool = False, reduce: str | None = None,
         threads: int | None = None, executor: Executor | None = None) -> Any:
    """``f`` for many points at once: written for one row, it runs over all rows at the width of the machine.

    f: a function of numbers, sequences, dicts, NamedTuples, dataclasses and arrays, as of `jit`; also ``grad``,
        ``value_and_grad``, ``jacobian``, ``hessian`` or ``jit`` of one, another ``vmap``, a method, or a Module. Values
        that it captures are read at each call and are the same for all rows.
    in_axes: which axis of each argument has the rows, as for JAX: an int for all, or a tuple with an entry for each
        argument by position; None shares the argument. An entry may be a container of entries, as ``{"w": None,
        "x": 0}``. Arguments by keyword have their rows along axis 0.
    fast: other bits for speed: a product and a sum may become one operation, C's vector functions are called where
        there are any, and sums are added in any order. What an ``if`` compares is neither fused nor reordered; rows for
        which last bits of C's functions decide may run uncompiled, with a warning. That of ``jit(f, fast=True)`` is
        taken over.
    reduce: "sum" or "mean" of the rows in place of each row's result.
    threads: how many compute at the same time, from a million operations on; None for one. The result does not depend
        on it. They wait for the next call; the calling thread is one of them.
    executor: any ``concurrent.futures.Executor`` in place of threads: a ProcessPoolExecutor, a Dask client's
        ``get_executor()``, a ThreadPoolExecutor. Chunks of rows go to its workers, with Programs and numbers; ``f`` is
        neither sent nor run there, so it may be any function. The result has the same bits, but that sums of ``fast``
        from processes are added row by row. Where the executor breaks, as by a killed worker, one warning says so, and
        what is missing is computed here.

    Arguments of n rows. For a number: a column, of shape (n,). For a sequence or an array: rows, of shape (n, k) or
    (n, k, l). Both are NumPy arrays of any real dtype and strides, lists (an item for each row, which may also be a
    dict or a dataclass), buffers such as ``array("d")``, or pandas' columns and tables. Other containers and tuples
    hold columns: ``{"x": xs, "y": ys}``. float64 is read where it is; other dtypes and lists are copied once. A row of
    an array is an array to ``f``, a row of a list is a list.

    The result has the structure of that of ``f``, with the axis of rows first: a number becomes an array of shape
    (n,); a list or an array of shape (k,) one of shape (n, k); tuples, dicts, NamedTuples and dataclasses hold arrays.
    Arrays are NumPy's where NumPy is loaded; else a column is an ``array("d")``, a table a memoryview of doubles. No
    rows, n = 0, give empty arrays: ``f`` is traced on a row of ones. Texts, flags and functions in results have to be
    the same for all rows. Results are plain numbers, also where ``f`` captures Values: for derivatives by these, batch
    ``value_and_grad(f, wrt=parameters)``.

    Each row has the bits of eager, unless ``fast``: those of ``f`` on a Value. So, as by `jit`, ``x**2`` that overflows
    and ``1 / 0`` are inf, where Python's floats raise OverflowError and ZeroDivisionError.

    ``f`` is traced as by `jit`, on one row; where a comparison comes out differently for other rows, these are gathered
    and run in a version of their own, also in a ``while`` that takes other numbers of rounds. Rows for which there are
    too many versions run one by one, with `jit`'s warning. Rows of a list that differ in texts, flags, functions or
    classes, as records of calls and puts, run one after another, each in the version that `jit` makes for it, at
    microseconds a row: give numbers, or a call for each kind, where speed counts. ``programs`` lists the versions of
    one row, and ``uncompiled`` repeats the warning. What `jit` says of captured state, static arguments and errors
    holds here.

    With ``reduce`` the results of all rows are added from 0.0 on in the order of the rows, as by ``total = 0.0`` and
    ``total = total + f(row)``, and "mean" divides them by n, last. So are derivatives by what the rows share:
    arguments whose axis is None, and captured Values. Derivatives by other arguments keep the axis of rows, and "mean"
    divides them, too. This is known of derivatives that are given to ``vmap``, as ``value_and_grad(f)``; of any other
    function all results are added up.

    An argument may be an iterator of chunks, each with some of the rows; then all that are not shared are iterators.
    The result is an iterator of results, or with ``reduce`` the total: a batch may be larger than memory. Large arrays
    of other dtypes, such as memory-mapped ones, are converted one part after another under ``reduce``.

    Pickles and copies take the versions along: what was called here is not traced where a pickle is read. The exception
    is a function that pickle finds by its name and that captures Values of its module: it is traced again there, and
    reads the module's numbers, not those trained here. Pass such weights as an argument, or take ``executor``.

    Ctrl-C ends a long call within some tenths of a second, as soon as the rows that machine code has at the time are
    done. One row of a very long loop is not interrupted.

    Inside a traced or differentiated function, and for arguments that hold Values, it is a plain loop over the rows,
    so that ``grad`` of a function that calls it, and a ``vmap`` inside another, are right.

    Raises ValueError for columns of different lengths, ragged rows, an axis that an argument does not have and the mean
    of no rows; TypeError for texts, bools and arrays of objects. Each message names the argument.

    >>> from array import array
    >>> from autograd import value_and_grad, vmap
    >>> area = vmap(lambda width, height: width * height)
    >>> area([1.0, 2.0, 3.0], [4.0, 5.0, 6.0]).tolist()
    [4.0, 10.0, 18.0]
    >>> vmap(lambda x: x * x if x > 0 else -x)(array("d", [-3.0, 2.0, -1.0])).tolist()
    [3.0, 4.0, 1.0]
    >>> def loss(w, x, y):
    ...     return (w[0] * x + w[1] - y)**2
    >>> step = vmap(value_and_grad(loss, argnums=0), in_axes=(None, 0, 0), reduce="mean")
    >>> step([2.0, 1.0], [0.0, 1.0, 2.0, 3.0], [1.0, 2.0, 5.0, 8.0])
    (0.5, [-1.0, 0.0])
    """
    options: Any = {"in_axes": in_axes, "fast": fast, "reduce": reduce, "threads": threads, "executor": executor}
    if reduce not in (None, "sum", "mean"):
        raise ValueError(f'vmap: reduce={reduce!r}; choose "sum", "mean", or None for the result of each row')
    if threads is not None and (type(threads) is not int or threads < 1):
        raise ValueError(f"vmap: threads={threads!r}; give a whole number from 1 on, or None for 1")
    if type(fast) is not bool:
        raise TypeError(f"vmap: fast={fast!r}; give True or False")
    if executor is not None and not hasattr(executor, "submit"):
        raise TypeError(f"vmap: executor={executor!r}; give an object of concurrent.futures.Executor, such as "
                        "ProcessPoolExecutor(), or a Dask client's get_executor()")
    if executor is not None and threads is not None:
        raise ValueError("vmap: threads and an executor; an executor has its own number of workers")
    check_in_axes(in_axes)
    if f is None:       # @vmap(reduce="mean")
        return partial(vmap, **options)
    if not callable(f):
        raise TypeError(f"vmap: expected a function, not {type(f).__name__}; write vmap(f)(xs)")
    if reduce and _traced_derivative(f):
        raise ValueError("vmap: reduce of third derivatives, where it is not known which are by what the rows share; "
                         "add up the result of vmap without reduce")
    return Batched(f, in_axes, reduce, threads or 1, fast, executor)


def _traced_derivative(f: Any) -> bool:
    """Whether a derivative in it is traced itself, and not taken of a Program."""
    derived = 0
    while isinstance(f := getattr(f, "_traceable", f), Transform):
        if derived >= MANY_DERIVATIVES:
            return True
        f, derived = f.function, derived + f.order
    return False
