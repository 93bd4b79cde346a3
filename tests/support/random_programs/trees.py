"""Arguments and results as trees of numbers, and the forms of derivatives, as the docstrings of the transforms say."""

import numpy as np

from tests.support.random_programs.exact import Exact, number, within


def leaves(tree):
    """The numbers in lists, tuples, dicts and arrays, from left to right."""
    if isinstance(tree, np.ndarray):
        return list(tree.ravel()) if tree.dtype != object else [x for item in tree.ravel() for x in leaves(item)]
    if isinstance(tree, dict):
        tree = list(tree.values())
    return [x for item in tree for x in leaves(item)] if isinstance(tree, (list, tuple)) else [tree]


def rebuilt(tree, items):
    """The same tree of other things, taken one after another from the iterator ``items``."""
    if isinstance(tree, np.ndarray):
        out = np.empty(tree.shape, object)
        for place in np.ndindex(tree.shape):
            out[place] = next(items)
        return out
    if isinstance(tree, dict):
        return {key: rebuilt(item, items) for key, item in tree.items()}
    return type(tree)(rebuilt(item, items) for item in tree) if isinstance(tree, (list, tuple)) else next(items)


def entered(tree):
    """The same numbers as arguments: objects of their own, as ``in`` looks at these."""
    return rebuilt(tree, iter([within(Exact(number(x))) for x in leaves(tree)]))


def like(tree, items):
    return rebuilt(tree, iter(items))


def shape(tree):
    """Of a number, an array, or (nested) lists of numbers of one length; None of any other tree."""
    if isinstance(tree, np.ndarray):
        return tree.shape
    if not isinstance(tree, (list, tuple)):
        return ()
    inner = [None if isinstance(item, np.ndarray) else shape(item) for item in tree]
    return (len(tree), *inner[0]) if inner and inner[0] is not None and inner == inner[:1] * len(inner) else None


def parted(parts):
    """Each of the parts, and where its numbers are among all of theirs."""
    start = 0
    for part in parts:
        yield part, slice(start, start := start + len(leaves(part)))


def table(out, by, rows):
    """Derivatives in the form of the output, with the argument's form for each number; arrays by arrays at once."""
    arrays = isinstance(out, np.ndarray) or isinstance(by, np.ndarray)
    if arrays and shape(out) is not None and shape(by) is not None:
        return [x for row in rows for x in row]
    if isinstance(out, (list, tuple)):
        return [table(part, by, rows[place]) for part, place in parted(out)]
    if isinstance(by, (list, tuple)):
        return [table(out, part, [row[place] for row in rows]) for part, place in parted(by)]
    return rows[0][0]
