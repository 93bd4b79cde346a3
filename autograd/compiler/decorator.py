"""jit: the public decorator, its options, and the promises that a compiled function keeps."""

from collections.abc import Callable
from functools import partial
from typing import Any

from autograd.compiler.jitted import Jitted, Verified
from autograd.compiler.methods import inside_descriptor


def jit(f: Callable[..., Any] | None = None, *, backend: str | None = None, verify: int | None = None) -> Any:
    """``f`` compiled: the same numbers to the bit, the same derivatives, in a fraction of the time.

    f: a function of numbers, sequences and arrays; also ``grad``, ``value_and_grad``, ``hessian``, ... of one.
    backend: "llvm" for machine code, which needs llvmlite (the extra ``jit``), or "python" for source code. Left out:
        llvm where it is installed; else, and for ops of your own that only Python can compute, python.
    verify: every so many calls ``f`` runs on Values, too; AutogradError where the numbers differ in a bit: where
        something from outside has changed since, or ``f`` depends on what jit cannot see. 1 looks at every call.

    Inputs are all numbers in the arguments, and the Values that ``f`` captures, such as parameters: they are read
    at each call, as float64, so give them other numbers by assigning ``.data``. Bools, arrays of bools (where these
    only multiply, write ``mask.astype(float)``), strings, None and functions are static: for others of them, and for
    other containers, lengths, shapes and layouts in memory, ``f`` is compiled again. Everything else is as it was
    then: plain numbers from outside, which Value a name or an attribute holds, random numbers, the clock; and what
    ``f`` prints, or does to a list or an array that it was given, it does then only, to a copy. A generator or a clock
    that is called then gives a RuntimeWarning with your line. Results have IEEE's values, as those of Values: 1/x is
    inf at 0.0, where plain floats raise.

    Some things from outside are followed all the same, as a gradient would be wrong without a word. A Value that was
    computed outside, or that a derivative is taken by, is another one each time: calls that capture such ones run
    uncompiled. Where a derivative is taken, so do calls that find another Value than was compiled, or one where there
    was a number, in what the code of ``f`` names: variables, attributes, defaults, context variables, and the lists,
    dicts, arrays and objects in these; not what only code in C sees, nor `globals()` by a name put together. Variables
    that a formula of an op of your own mentions may be given other numbers, and ``f`` is compiled again; a formula that
    reads a list, or an object, is a TraceError.

    A call for which there is no code yet traces ``f``: runs it on Values, and records what they do. Each comparison
    of theirs (``if``, ``while``, ``max``, ``sorted``) is a guard; where one comes out differently in a later call,
    ``f`` is traced again and both versions are kept, up to 64 for one structure of the arguments and up to 256
    structures. Calls that need more than that run uncompiled, with one warning. ``programs`` shows what there is.
    Uncompiled calls give the same bits and types: ``f`` is traced, and what was recorded is carried out op by op.

    Each object has versions of its own of a compiled method, for as long as it is there. ``@jit`` goes above or below
    ``@property``, ``@classmethod`` and ``@staticmethod``; other decorators belong below it, or use ``functools.wraps``.
    Third derivatives and higher ones of a power have guards for the cases of its slope, too.

    What would make a constant of a traced number raises TraceError, with your line: ``float(x)``, ``int(x)``,
    ``math.sin(x)`` (write ``autograd.sin``), ``x.data``, ``x in {1.0, 2.0}``; and so does what would happen only while
    tracing, such as ``backward()``. Any thread may call, also while another one traces. Copies and pickles take the
    function with them, and not the code.

    Inside a larger function that is differentiated, a compiled one is one op: what passes through it is right to
    rounding, but may be added up in another order than eager's. Forward mode goes through ``f`` itself, also where
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
    """
    if backend not in (None, "llvm", "python"):
        raise ValueError(f"jit: backend={backend!r}; choose 'llvm' or 'python', or leave it out for the best there is")
    if verify is not None and (type(verify) is not int or verify < 1):
        raise ValueError(f"jit: verify={verify!r}; give a whole number, such as 100 for every hundredth call, or None")
    if f is None:       # @jit(backend="python")
        return partial(jit, backend=backend, verify=verify)
    made = inside_descriptor(partial(jit, backend=backend, verify=verify), f)
    if made is not None:        # above @property, @classmethod, ...: the other way round it is the same
        return made
    if not callable(f):
        raise TypeError(f"jit: expected a function, not {type(f).__name__}; write jit(f)(x)")
    return Jitted(f, backend or "auto") if verify is None else Verified(f, backend or "auto", verify)
