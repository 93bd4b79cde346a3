"""Bit-identical results: comparison of numbers and trees, and of a compiled function with the eager one."""

import math
import struct

from autograd.program.program import verify


def same(a, b):
    """Of one type and form, every float to the bit; all nans are alike."""
    if type(a) is not type(b):
        return False
    if hasattr(a, "tolist"):
        return a.shape == b.shape and a.dtype == b.dtype and same(a.tolist(), b.tolist())
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(map(same, a.values(), b.values()))
    if isinstance(a, float):
        return struct.pack("d", a) == struct.pack("d", b) or (a != a and b != b)
    return a == b


def bits(x):
    """Text that is equal exactly if the numbers are, to the bit."""
    return "nan" if math.isnan(x) else x.hex()


def equal_or_nan(x, y):
    """Equal as numbers, for which 0.0 equals -0.0; all nans are alike."""
    return x == y or (x != x and y != y)


def check_jit(f, *calls, jit, eager=None):
    """Assert that compiled and eager results are bit-identical for these calls; return the number of versions."""
    compiled = jit(f)
    for args in calls:
        assert same(compiled(*args), (eager or f)(*args)), args
    for program in compiled.programs:
        verify(program)
    return len(compiled.programs)
