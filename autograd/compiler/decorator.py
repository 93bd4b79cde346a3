"""jit: the public decorator, its options, and the promises that a compiled function keeps."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from autograd.compiler.jitted import Jitted, Verified
from autograd.compiler.methods import inside_descriptor
from autograd.compiler.static_arguments import StaticArguments
from autograd.lower.backend import check_backend


def jit(f: Callable[..., Any] | None = None, *, backend: str | None = None, verify: int | None = None,
        fast: bool = False, static_argnums: int | Sequence[int] = (),
        static_argnames: str | Sequence[str] = (), cache: bool = False) -> Any:
    """``f`` compiled: the same numbers to the bit, the same derivatives, in a fraction of the time.

    f: a function of numbers, sequences, dicts, NamedTuples, dataclasses and arrays, also inside each other, which it
        may return, too; also ``grad``, ``value_and_grad``, ``hessian``, ... of one.
    backend: "llvm" for machine code, which needs llvmlite (the extra ``jit``), or "python" for source code. Left out:
        llvm where it is installed; else, and for your own ops that only Python can compute, python.
    verify: one in this many calls runs ``f`` on Values, too; AutogradError where a bit differs: captured state has
        changed since, or ``f`` depends on state that jit cannot see. 1 checks every call. Not with ``fast``.
    fast: other bits for speed, in machine code: a product and a sum become one operation where the processor has it,
        and a long `sum`, `mean` or `dot` is added up in parts. Each op and slope stays within 4 ulps of the error that
        it has by default. Comparisons that choose the way through ``f`` are exact. Code takes longer to compile, as
        that of `bind` does. Python's backend, and calls that run uncompiled, keep eager's bits.
    static_argnums, static_argnames: the positions and the names of arguments that are constants, such as the ``n`` of
        ``range(n)``; one of the two finds the other. They reach ``f`` as they are, may be any hashable object, and
        ``f`` is compiled for each value and type: 2 and 2.0 are two.
    cache: whether machine code is kept on the disk, where the next process finds it; it traces ``f`` all the same. The
        folder is ``~/.cache/pathgrad`` (``XDG_CACHE_HOME``, ``LOCALAPPDATA``, ``~/Library/Caches``), or what the
        environment variable ``PATHGRAD_CACHE_DIR`` names, and holds 256 MiB at most, the code that was used last. Where
        nothing can be written, one warning says so. Python's code is made faster than it would be read.

    The inputs are all numbers in the arguments, and the Values that ``f`` captures, such as parameters. Each call
    reads them, as float64; change a captured one by assigning ``.data``. Bools, arrays of bools (where these only
    multiply, write ``mask.astype(float)``), strings, None and functions are static: for other static values, and for
    other containers, keys, lengths, shapes and layouts in memory, ``f`` is compiled again. The keys of a dict count in
    their order; so do fields of a dataclass that are marked static. All else keeps its state at
    compilation: captured plain numbers, the Value that a name or an attribute holds, random numbers, the clock. Side
    effects, such as printing, happen at compilation only; changes of a list or an array given as an argument, to a
    copy. A generator of random numbers or a clock that is called then gives a RuntimeWarning with your line. Results
    are those of Values, to the bit: 1/x is inf at 0.0, where plain floats raise; x**3 is x * x * x, where the last bit
    of a plain float's power, which is C's, may differ.

    Some captured state is checked all the same, as a gradient would be silently wrong. A Value that was computed
    outside, or that a derivative is taken by, is another one each time: calls that capture such Values run uncompiled.
    Where a derivative is taken, calls also run uncompiled if a captured Value was replaced by another, or a captured
    number by a Value. Checked is all that the code of ``f`` names: variables, attributes, defaults, context variables,
    and the lists, dicts, arrays and objects in these; not state that only C code sees, nor a name looked up in
    `globals()` by a computed string. ``f`` is compiled again where a variable that the formula of your own op mentions
    gets another number; a formula that reads a list or an object raises TraceError.

    A call for which there is no code yet traces ``f``: runs it on Values, and records their ops. Each comparison
    of traced Values (``if``, ``while``, ``max``, ``sorted``) is a guard; where one comes out differently in a later
    call, ``f`` is traced again and both versions are kept, up to 64 for one structure of the arguments and up to 256
    structures, and as long as compilation does not cost more than uncompiled calls: beyond some work that is free, one
    version for every 40 of these. Others run uncompiled, with one warning that names the comparison and what to write
    for it (``autograd.maximum`` for ``max``, ``where`` for ``if``). ``programs`` lists the versions, and ``uncompiled``
    repeats the warning. Uncompiled calls give the same bits and types.

    Each object has its own versions of a compiled method, for as long as it exists. ``@jit`` goes above or below
    ``@property``, ``@classmethod`` and ``@staticmethod``; other decorators belong below it, or use ``functools.wraps``.
    Third derivatives and higher ones of a power have guards for the cases of its slope, too.

    An operation that would freeze a traced number raises TraceError, with your line: ``float(x)``, ``int(x)``,
    ``math.sin(x)`` (write ``autograd.sin``), ``x.data``, ``x in {1.0, 2.0}``; so does one that would happen only while
    tracing, such as ``backward()``. Any thread may call, also while another one traces. Copies and pickles take the
    function with them, and not the code.

    Inside a larger function that is differentiated, a compiled one is one op: derivatives through it are right to
    rounding, but may be summed in another order than eagerly. Forward mode goes through ``f`` itself, also where
    ``f`` captures what the derivative is taken by.

    The bits of a second derivative may be others than eager's where it is taken by a cotangent of `vjp` or a
    tangent of `jvp` beside one that is 0 in this call: eager leaves that one out of a sum; code adds -0.0 in its place.

    >>> from autograd import grad
    >>> cube = jit(lambda x: x * x * x if x > 0 else 0 * x)
    >>> cube(2), cube(-1), len(cube.programs)
    (8.0, -0.0, 2)
    >>> cube.programs
    <Program f: 1 inputs, 2 instructions>
      x > 0.0 is False: <Program f: 1 inputs, 1 instructions>
    >>> grad(cube)(3.0), jit(grad(cube))(3.0)
    (27.0, 27.0)
    >>> @jit
    ... def norm(p, squared=False):
    ...     total = sum(x * x for x in p)
    ...     return total if squared else total**0.5
    >>> norm([3.0, 4.0]), norm((3, 4), squared=True)
    (5.0, 25.0)
    >>> @jit(static_argnames="n")
    ... def power(x, n):
    ...     product = 1.0
    ...     for _ in range(n):
    ...         product = product * x
    ...     return product
    >>> power(2.0, 3), power(2.0, n=10)
    (8.0, 1024.0)
    """
    if backend is not None:
        check_backend(backend)
    if verify is not None and (type(verify) is not int or verify < 1):
        raise ValueError(f"jit: verify={verify!r}; give a whole number, such as 100 for every hundredth call, or None")
    if type(fast) is not bool:
        raise TypeError(f"jit: fast={fast!r}; give True or False")
    if fast and verify is not None:
        raise ValueError("jit: verify compares bits, and fast=True gives other ones; leave one of the two out")
    if type(cache) is not bool:
        raise TypeError(f"jit: cache={cache!r}; give True or False; the folder is chosen by PATHGRAD_CACHE_DIR")
    options: Any = {"backend": backend, "verify": verify, "fast": fast, "static_argnums": static_argnums,
                    "static_argnames": static_argnames, "cache": cache}
    if f is None:       # @jit(backend="python")
        return partial(jit, **options)
    made = inside_descriptor(partial(jit, **options), f)
    if made is not None:        # above @property, @classmethod, ...: the other way round it is the same
        return made
    if not callable(f):
        raise TypeError(f"jit: expected a function, not {type(f).__name__}; write jit(f)(x)")
    found = StaticArguments(f, static_argnums, static_argnames)
    static = found if found.positions or found.names else None
    if verify is None:
        return Jitted(f, backend or "auto", static, fast, cache)
    return Verified(f, backend or "auto", static, cache, verify)
