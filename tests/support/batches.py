"""What a plain loop of eager calls gives for the rows of a batch, as the arrays that vmap should give."""

import struct

import numpy

from autograd import Value
from autograd.transforms.pytree import unpack


def numbers(x):
    """The numbers of a result, Values as floats."""
    return [float(item.data if isinstance(item, Value) else item) for item in unpack(x)[0]]


def eager(f, row):
    """The numbers of one row; a function that is no derivative runs on Values, as while it is traced."""
    return numbers(f(*row)) if hasattr(f, "rule") else numbers(f(*map(values, row)))


def values(x):
    """Numbers as Values, in their places."""
    items, rebuild = unpack(x)
    return rebuild([Value(float(item)) for item in items])


def loop(f, rows):
    """The numbers of all rows, as a table."""
    return numpy.array([eager(f, row) for row in rows], float).reshape(len(rows), -1 if rows else 0)


def table(found, count):
    """The same of a batched result, whose arrays have the axis of rows first."""
    arrays = []
    waiting = [found]
    while waiting:
        x = waiting.pop()
        if isinstance(x, numpy.ndarray):
            arrays.append(numpy.asarray(x, float).reshape(count, -1) if count else numpy.empty((0, 0)))
        elif x is not None:
            waiting += reversed(list(x.values() if isinstance(x, dict) else x))
    return numpy.concatenate(arrays, axis=1) if arrays else numpy.empty((count, 0))


def same_bits(a, b):
    """Whether two arrays hold the same bits; all nans are alike."""
    a, b = numpy.ascontiguousarray(a, float), numpy.ascontiguousarray(b, float)
    return a.shape == b.shape and bool(numpy.all((a.view(numpy.int64) == b.view(numpy.int64))
                                                 | (numpy.isnan(a) & numpy.isnan(b))))


def added(rows):
    """The sums of the columns of a table, from 0.0, row after row."""
    sums = [0.0] * (len(rows[0]) if len(rows) else 0)
    for row in rows:
        sums = [total + float(x) for total, x in zip(sums, row, strict=True)]
    return sums


def bits(x):
    """A float's bits."""
    return struct.pack("d", x)
