"""Calls of machine code for which there is no memory: python without_memory.py some|positions|limit.

In a process of its own. positions: each allocation of a call fails in turn, alone and with all that follow; some: of
every kind of argument and of result, but not of all their combinations. limit: the process may have no more memory than
it has. A failure has to be MemoryError, take no reference along and leave nothing behind; after it the same call is
right.
"""

import gc
import sys

import numpy as np

from autograd import jit, trace, value_and_grad
from autograd.compiler.executable import Executable

X, LONG = 1234.5, 1200      # the room for LONG numbers is not on the stack
FORMS = {
    "number": lambda x: x[0] * 2.0,
    "list": lambda x: [x[0] * i for i in range(5)],
    "tuple": lambda x: tuple(x[0] * i for i in range(5)),
    "array": lambda x: np.array([x[0] * i for i in range(6)]).reshape(2, 3),
    "nested": lambda x: (x[0], [x[0] * 2.0, (x[0] * 3.0, [x[0] * 4.0])], ([x[0] * 5.0, x[0] * 6.0, x[0] * 7.0], x[0])),
    "arrays": lambda x: [np.array([x[0], x[0] * 2.0]), (np.array([x[0] * 3.0]), x[0] * 4.0), [x[0] * 5.0]],
    "empty": lambda x: [(), [], x[0]],
    "dict": lambda x: {"a": x[0], "b": {"c": [x[0] * 2.0, None], "d": (x[0],)}},
    "branch": lambda x: x[0] if x[0] > 1e9 else x[0] * 2.0 if x[0] > 0.0 else x[0] * 3.0,
    "long": lambda x: [x[0] * i for i in range(LONG)],
}
ARGUMENTS = {
    "number": (lambda f: lambda a: f([a]), (X,)),
    "int": (lambda f: lambda a, b: f([a, b]), (10**6, X)),
    "another float": (lambda f: lambda a: f([a]), (np.float64(X),)),
    "list": (lambda f: f, ([X] * 3,)),
    "tuple": (lambda f: f, ((X,) * 3,)),
    "array": (lambda f: lambda a: f(a.ravel()), (np.full((2, 3), X),)),
    "several": (lambda f: lambda a, b, c: f([a, *b, *c]), (X, [X, X], np.full(3, X))),
    "nested list": (lambda f: lambda a, b: f(a[0]), ([[X, X], (X,)], "flag")),
    "strided": (lambda f: lambda a: f(a.ravel()), (np.full((6, 2), 7, int)[::2, 0],)),
    "long list": (lambda f: f, ([X] * LONG,)),
    "long array": (lambda f: f, (np.full(LONG, X),)),
}


def calls(every):
    """Compiled functions of every kind of argument with some or all of the kinds of results; their arguments."""
    for i, (argument, (wrap, args)) in enumerate(ARGUMENTS.items()):
        for j, (form, function) in enumerate(FORMS.items()):
            if (argument == "long list") if form == "long" else every or (i + j) % 8 == 0:
                yield f"{argument} to {form}", jit(wrap(function), backend="llvm"), args
    yield "a list of all inputs", Executable(trace(FORMS["list"], [X, X]), "llvm").run, ([X, X],)
    yield "derivatives", jit(value_and_grad(lambda a, b: a * b[0] + b[1]), backend="llvm"), (X, [2.0, 3.0])


def flat(x):
    return [number for item in x for number in flat(item)] if isinstance(x, (list, tuple)) else np.ravel(x).tolist()


def same(a, b):
    return a.__class__ is b.__class__ and flat(a) == flat(b)


def failing(call, args, start, stop):
    """What ``call`` gives, or its error's class, where the allocations from ``start`` on fail, to ``stop`` if any."""
    import _testcapi
    gc.collect()        # which empties Python's lists of free floats, lists and tuples
    _testcapi.set_nomemory(start, stop)
    try:
        return call(*args)
    except Exception as error:
        return error.__class__
    finally:
        _testcapi.remove_mem_hooks()


def references(call, args):
    """What would be off where a reference was lost or kept."""
    things = [call, *args, *(item for arg in args if isinstance(arg, (list, tuple)) for item in arg[:1])]
    return [sys.getrefcount(thing) for thing in things]


def at_every_position(call, args):
    """How many allocations there are; each has failed."""
    expected, last = call(*args), 0
    while failing(call, args, last + 1, 0) is MemoryError:
        last += 1 if last < 40 else 50
    positions = [*range(1, min(last, 40) + 2), *range(41, last, 50)]
    for position in positions:
        for stop in (0, position + 1):
            before = references(call, args)
            found = failing(call, args, position, stop)
            assert references(call, args) == before, (position, stop)
            assert found is MemoryError or same(found, expected), (position, stop, found)
            assert same(call(*args), expected)

    def fail():
        for position in positions:
            failing(call, args, position, 0)

    fail()
    gc.collect()
    before = sys.getallocatedblocks()
    for _ in range(10):
        fail()
    gc.collect()
    assert sys.getallocatedblocks() <= before + 5, "what was made before memory ran out is kept"
    return last


def positions(every=True):
    total = 0
    gc.freeze()         # or a collection takes milliseconds
    for name, call, args in calls(every):
        print(name, flush=True)
        total += at_every_position(call, args)
    assert total > (500 if every else 60)
    print(f"{total} allocations failed")


def limit():
    import resource
    numbers = [X] * 20_000
    call, kinds = jit(lambda x: [v * 2.0 for v in x], backend="llvm"), {}
    arrays = jit(lambda x: x * 2.0, backend="llvm")
    for name, function, argument in (("list", call, numbers), ("array", arrays, np.array(numbers))):
        expected, hoard = function(argument), []
        resource.setrlimit(resource.RLIMIT_AS, (1, resource.RLIM_INFINITY))       # no more than there is
        for size in (2**24, 2**20, 2**17, 2**16):
            try:
                while True:
                    hoard.append(bytearray(size))
            except MemoryError:
                pass
        try:
            kinds[name] = function(argument).__class__
        except MemoryError:
            kinds[name] = MemoryError
        hoard.clear()
        resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        assert same(function(argument), expected)
    assert set(kinds.values()) == {MemoryError}, kinds
    print("MemoryError")


if __name__ == "__main__":
    {"some": lambda: positions(every=False), "positions": positions, "limit": limit}[sys.argv[1]]()
