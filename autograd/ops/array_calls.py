"""NumPy's functions (ufuncs) of carriers and of arrays beside them, by name, without importing NumPy."""

import sys
from collections.abc import Callable, Mapping, Sequence
from operator import methodcaller
from typing import Any

from autograd.ops.elementwise import as_objects, elementwise, is_shaped
from autograd.ops.in_place import is_lost
from autograd.ops.plain_calls import formula_of, library_call, solver_call
from autograd.ops.table import TABLE

# NumPy calls a method, or a ufunc, of its own name; these names differ from the op's.
NUMPY_NAMES = {name: op.name for op in TABLE.values() for name in op.numpy_names}
# NumPy's, with which a solver looks at a result before it reads it as a float in C, where the error would get lost
CHECKS = ("isnan", "isfinite")
METHODS = {"conjugate": methodcaller("conjugate")}      # that numbers have as well
_known: dict[str, Callable[..., Any]] = {}      # the functions of those that were called already


def array_ufunc(ufunc: Any, method: str, inputs: Sequence[Any], kwargs: dict[str, Any],
                comparisons: Mapping[str, Callable[..., Any]]) -> Any:
    """A NumPy function of arrays and carriers, as of the arrays' ``astype(object)``."""
    if method == "__call__" and not kwargs:
        known = _known.get(ufunc.__name__)
        if known is not None and all(hasattr(x, "_apply") or x.__class__ is float for x in inputs):
            return known(*inputs)       # no array to go through
    name = NUMPY_NAMES.get(ufunc.__name__, ufunc.__name__)
    function: Any = comparisons.get(name) or (TABLE[name].function if name in TABLE else METHODS.get(name))
    if function is None:
        inside, advice = library_call()
        where = f", and {inside} computes with plain numbers: {advice}" if inside else \
            f"; write {formula_of(ufunc.__name__)}"
        own = vars(sys.modules["numpy"]).get(ufunc.__name__) is ufunc      # SciPy's have no name of their module
        raise TypeError(f"{'numpy.' * own}{ufunc.__name__.strip('_')} of a Value has no op in the table{where}")
    if ufunc.__name__ in CHECKS and (solver := solver_call()):
        raise TypeError(solver)
    out = [x for x in kwargs.pop("out", None) or () if x is not None]
    if method == "at" and as_objects(inputs[0]) is not inputs[0]:
        raise TypeError(f"numpy.{ufunc.__name__}.at changes its first argument, which cannot hold Values; make it an "
                        "array of objects, as numpy.zeros(n, object) or x.astype(object)")
    if method != "__call__":        # reduce, outer, accumulate: by NumPy's own loops over objects
        found = getattr(ufunc, method)(*map(as_objects, inputs), **kwargs)
    else:
        for option, given in kwargs.items():
            if option in ("where", "dtype") and not any(given is x for x in (True, None, object)):
                raise TypeError(f"numpy.{ufunc.__name__} of a Value does not take {option}=; leave it out")
        found = elementwise(function, inputs)
        if name not in comparisons and name not in CHECKS:
            _known[ufunc.__name__] = function
        if name in comparisons and is_shaped(found):
            found = found.astype(bool)
    if not out:
        return found
    target, = out
    if target.dtype == object or name in comparisons:
        target[...] = found
        return target
    if inputs and target is inputs[0]:
        if not is_lost(target, sys._getframe(2)):
            return found        # array += v: Python gives the name this new array
        raise TypeError(f"numpy.{ufunc.__name__} in place: an array of {target.dtype} cannot hold Values, and its "
                        "views and other names (of a row, of an argument) would not see the result; make it an array "
                        "of objects, as numpy.zeros(n, object) or x.astype(object), or write x = x + v")
    raise TypeError(f"numpy.{ufunc.__name__}: out= is an array of {target.dtype}, which cannot hold Values; leave it "
                    "out, or make it by x.astype(object)")
