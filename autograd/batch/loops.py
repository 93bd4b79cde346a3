"""fori_loop, while_loop, scan: loops whose iterations a compiled function holds once."""

from collections.abc import Callable
from math import inf
from typing import Any

from autograd.batch.dual_parts import primal
from autograd.batch.iterations import Step, checked_carry, run_plainly
from autograd.batch.loop_tracing import record
from autograd.batch.open_lists import OpenColumns, OpenList, record_open
from autograd.batch.scanned import Columns, stacked
from autograd.graph.context import modes
from autograd.ops.operand import Operand
from autograd.ops.table import floor
from autograd.transforms.pytree import innermost


def fori_loop(lower: Any, upper: Any, body: Callable[[Any, Any], Any], init: Any, *, checkpoint: Any = "all") -> Any:
    """``body(i, carry)`` for i from ``lower`` to ``upper - 1``, each time with what it returned before.

    lower, upper: whole numbers; in a function that `jit` compiles they may be inputs.
    body: takes i and the carry, and returns the next carry, of the same structure: numbers, lists, tuples, dicts,
        NamedTuples, dataclasses and arrays of them. In compiled code i is a Value: compute with it, and use `scan` to
        take the items of a list. Captured Values count as in any function.
    init: the first carry.
    checkpoint: how much of each iteration compiled code keeps for reverse mode; see `scan`.

    Eagerly it is the plain Python loop. In a compiled function the body is traced once for each way through it, and
    a native loop runs it: compilation takes the same time for any number of iterations. An iteration that branches in
    a new way makes the call trace the body again, and both ways are kept. So what the body does beside computing its
    carry, as appending to a list, counting calls or taking the next item of an iterator, happens once for each way
    there, not at each iteration; a traced number that leaves the body and is used outside is an error. Derivatives add
    in the order of Python's own loop; a number that the body returns twice, in another place or without computing it
    becomes a node of its own.

    Raises TypeError where the body changes the structure of the carry or a bound is no number, ValueError where it is
    not whole, OverflowError where it is 2**63 or more.

    >>> fori_loop(0, 10, lambda i, x: 0.5 * (x + 2 / x), 1.0)
    1.414213562373095
    >>> from autograd import grad, jit
    >>> jit(grad(lambda a: fori_loop(0, 10, lambda i, x: 0.5 * (x + a / x), 1.0)))(2.0)
    0.35355339059327373
    """
    items, rebuild = checked_carry("fori_loop", init, checkpoint)
    low, high = _bound("lower", lower), _bound("upper", upper)

    def step(t: Any, items: list[Any], _: Any) -> Any:
        return body(t + lower if lower.__class__ is not int or lower else t, rebuild(items)), None

    # where a bound is traced, so is the count, which has no derivative
    traced = modes.recorder and any(isinstance(x, Operand) for x in (lower, upper))
    count = primal(upper) - primal(lower) if traced else max(high - low, 0)
    if not (lower.__class__ is int and lower >= 0) and not count < 2.0**63:
        raise OverflowError(f"fori_loop: from {innermost(lower)!r} to {innermost(upper)!r} are 2**63 iterations or "
                            "more; bring lower and upper nearer")
    return rebuild(_run(Step("fori_loop", body, step, init, checkpoint=checkpoint), items, count)[0])


def while_loop(condition: Callable[[Any], Any], body: Callable[[Any], Any], init: Any, *,
               checkpoint: Any = "all") -> Any:
    """``body(carry)`` as long as ``condition(carry)``, each time with what the body returned before.

    condition: takes the carry and returns a comparison, True or False, or a number, which is true where it is not 0,
        as in Python's ``while``. Compiled code does not listen to Ctrl-C: where the condition may stay true for ever,
        give it a bound, as in ``lambda c: abs(c[0]) > 1e-9 and c[1] < 1000``, with a count in the carry.
    body, init, checkpoint: as for `fori_loop`. Reverse mode goes through it, also when it is compiled: the number of
        iterations is known on the way back.

    >>> while_loop(lambda x: x < 100.0, lambda x: 2 * x, 3.0)
    192.0
    >>> from autograd import grad, jit
    >>> jit(grad(lambda x: while_loop(lambda x: x < 100.0, lambda x: 2 * x, x)))(3.0)
    64.0
    """
    items, rebuild = checked_carry("while_loop", init, checkpoint)

    def step(t: Any, items: list[Any], _: Any) -> Any:
        carry = rebuild(items)
        more = condition(carry)
        if not isinstance(more, (Operand, float, int)) and getattr(more, "shape", None) != ():
            raise TypeError(f"while_loop: the condition returned {type(more).__name__}; return a comparison, "
                            "as in lambda x: x < 1.0")
        return (body(carry), None) if more else None

    return rebuild(_run(Step("while_loop", body, step, init, checkpoint=checkpoint), items, None)[0])


def scan(f: Callable[[Any, Any], Any], init: Any, xs: Any = None, length: int | None = None, *,
         reverse: bool = False, checkpoint: Any = "all") -> Any:
    """``carry, y = f(carry, x)`` for each x of ``xs``: the last carry, and all y.

    f: takes the carry and an item, and returns a pair: the next carry, of the same structure, and a result, which may
        be None.
    init: the first carry.
    xs: a list, a range, an array or a buffer such as ``array("d")``, whose items (numbers, rows, containers of one
        structure) are taken one after another; or a tuple, dict, NamedTuple or dataclass of such, of one length: then
        ``f`` gets a tuple, ... of their items. Items that differ in texts, flags, functions or classes make it a plain
        loop, written out. None: then ``length`` says how many iterations there are, and ``f`` gets None.
    length: how many items there are; to be checked where ``xs`` is given.
    reverse: from the last item to the first; the results stand in the order of the items.
    checkpoint: what compiled code keeps of the iterations for reverse mode. "all": the numbers that the way back needs
        of each. A number of snapshots, or bytes such as "50MB": so many carries; the way back computes the others from
        these again, with as few iterations as can be (binomial checkpointing: Griewank and Walther 2000, "Revolve",
        ACM TOMS 26), and to the same bits. ``cost()`` of the Program counts them. A second derivative keeps all.

    The results are stacked: numbers give a list, or an array where ``xs`` has one; arrays an array with one more axis,
    lists a list of lists; tuples, dicts, NamedTuples and dataclasses stay such, of stacked items.

    Raises ValueError where lengths differ, TypeError where ``f`` changes the structure of the carry, or where results
    of different structures cannot be stacked; eagerly numbers and lists of any structure can, compiled they cannot.

    >>> scan(lambda total, x: (total + x, total), 0.0, [1.0, 2.0, 3.0])
    (6.0, [0.0, 1.0, 3.0])
    """
    items, rebuild = checked_carry("scan", init, checkpoint)
    opened = isinstance(xs, OpenList)
    columns: Any = OpenColumns(xs, length, reverse) if opened else Columns(xs, length, reverse)

    def step(t: Any, items: list[Any], x: Any) -> Any:
        found = f(rebuild(items), x)
        if not isinstance(found, tuple) or len(found) != 2:
            raise TypeError("scan: f has to return a pair, a tuple of the next carry and a result (or None), not "
                            f"{type(found).__name__}")
        return found

    one = Step("scan", f, step, init, columns, checkpoint)
    if opened:
        last, ys = record_open(one, items)
        return rebuild(last), ys
    last, ys = _run(one, items, columns.count)
    return rebuild(last), stacked(ys[::-1] if reverse else ys, columns.has_arrays)


def _bound(name: str, x: Any) -> int:
    """A bound as an int; TypeError or ValueError where it is none."""
    plain = innermost(x)
    if isinstance(plain, bool) or not hasattr(plain, "__float__"):
        raise TypeError(f"fori_loop: {name} is {type(plain).__name__}, not a whole number")
    if isinstance(x, Operand):
        whole = floor(x) == x       # traced, it is a guard
    else:
        whole = isinstance(plain, int) or abs(plain) == inf or float(plain).is_integer()
    if not whole:
        raise ValueError(f"fori_loop: {name} is {plain!r}, not a whole number")
    if not abs(x) < 2.0**63:        # traced, it is a guard, too: machine code counts in words
        raise OverflowError(f"fori_loop: {name} is {plain!r}; give a number below 2**63")
    return int(plain)


def _run(step: Step, items: list[Any], count: Any) -> tuple[list[Any], list[Any]]:
    """The last carry's numbers, and the results of all iterations; count: None where the step ends it."""
    if modes.recorder and not (count.__class__ is int and count <= 1) and step.columns.alike():
        items, ys = record(step, items, count)
    else:
        items, ys = run_plainly(step, items, count)
    return items, ys


