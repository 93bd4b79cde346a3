"""Tracing: a function runs once on Values, and the ops that these record become a Program."""

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import count, product
from operator import attrgetter
from typing import Any, NamedTuple

from autograd.compiler.recorder import OVER, Recorder, known_ways
from autograd.errors import TraceError
from autograd.graph.context import modes, transform_scope
from autograd.graph.value import Value, topological_order
from autograd.ops.ieee import number
from autograd.ops.operand import Operand
from autograd.program.gc_pause import gc_paused
from autograd.program.program import Guard, Instruction, Program
from autograd.source_lines import Line
from autograd.transforms.arrays import is_array
from autograd.transforms.containers import is_container, item_places, opened
from autograd.transforms.pytree import (
    SEQUENCES,
    Layout,
    Rebuild,
    StaticArgument,
    check_number,
    fill,
    flatten,
    innermost,
    is_static,
    unpack,
)


class CapturesDualError(TraceError):
    """The function captures a Dual, an input of a forward derivative, and so has no Program."""


class Trace(NamedTuple):
    """The result of tracing a function once."""

    program: Program            # its inputs are the numbers in the arguments and then the captured Values
    captured: list[Value]       # Values from outside that the function used
    rebuild: Rebuild            # from a list of numbers to the function's result
    forms: list[Layout]           # of the arguments
    plain: frozenset[int] = frozenset()     # registers of derivatives: plain numbers outside all transforms
    derived: bool = False       # whether its outputs are derivatives: plain numbers outside all transforms
    lines: Sequence[Line | None] = ()       # where the comparison of each guard is
    straight: Callable[[], Program] | None = None       # gives the Program without Repeats, of a derivative with any
    sites: Sequence[Any] = ()       # of each loop, how the comparisons in each way through its body came out
    by: Sequence[frozenset[int]] = ()       # of each output the inputs that it is a derivative by; empty: none is one
    flags: Mapping[int, Any] = {}   # the bools among the outputs, which stay bools

    def filled(self, numbers: Iterable[Any]) -> Any:
        """The function's result with these numbers, one of each output."""
        return self.rebuild([self.flags.get(i, x) for i, x in enumerate(numbers)] if self.flags else list(numbers))

    def result(self) -> Any:
        """The function's result, with the index of an output in the place of each number."""
        return self.rebuild([*range(len(self.program.outputs))])


@gc_paused
def trace_function(f: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any] | None = None,
           derived: int = 0) -> Trace:
    """Run ``f`` on fresh Values for the numbers in ``args``; ``derived``: how many derivatives are taken of it."""
    recorder = Recorder()
    recorder.derived, recorder.known = derived, list(known_ways.get())
    inputs: list[Value] = []
    entered: list[tuple[Any, Any]] = []     # each argument, and its inputs; None of a static one
    forms: list[Layout] = []
    given = [*args, *(kwargs or {}).values()]
    for name, arg in zip([*_names(f, len(args)), *(kwargs or {})], given, strict=True):
        if is_static(arg):
            entered.append((arg.value if arg.__class__ is StaticArgument else arg, None))
            forms.append([])
            continue
        items, form = flatten(arg, argument=True)
        fresh = [Value(number(innermost(x), "trace"), name + place)
                 for x, place in zip(items, _places(arg), strict=True)]
        inputs += fresh
        entered.append((arg, fresh))
        forms.append(form)
    recorder.inputs.update(inputs)
    with recorder, transform_scope(recorder.inputs):
        recorder.depth = len(modes.transforms)
        # here, as constructors of dataclasses may compare
        replaced = [arg if fresh is None else fill(arg, iter(fresh), argument=True) for arg, fresh in entered]
        try:
            out = f(*replaced[:len(args)], **dict(zip(kwargs or {}, replaced[len(args):], strict=True)))
        except IndexError:
            if recorder.lookup:
                raise TraceError(recorder.lookup) from None
            raise
    outs, rebuild = unpack(out)
    outs = [check_number(x, "trace", "return numbers, or sequences or arrays of them") for x in outs]
    if recorder.foreign or any(isinstance(x, Operand) and not isinstance(x, Value) for x in outs):
        raise CapturesDualError("a traced function captures what derivative or jvp is being taken by, and would freeze "
                                "it; give it as an argument")
    program, captured, plain, lines = linearize(f, recorder, inputs, outs)
    for check in recorder.checks:
        check(program)
    return Trace(program, captured, rebuild, forms, plain, lines=lines, sites=recorder.sites,
                 flags={i: x for i, x in enumerate(outs) if x.__class__ is bool})


def _places(x: Any) -> Iterator[str]:
    """The place of each number in an argument: [2, 0] in an array, [2][0] in sequences, .speed in a dataclass."""
    if is_array(x):
        yield from (f"[{', '.join(map(str, place))}]" for place in product(*map(range, x.shape)))
    elif is_container(x):
        for name, item in zip(item_places(x), opened(x, argument=True)[0], strict=True):
            if not is_static(item):
                yield from (name + place for place in _places(item))
    elif isinstance(x, SEQUENCES):
        for i, item in enumerate(x):
            yield from (f"[{i}]{place}" for place in _places(item))
    else:
        yield ""


def _names(f: Callable[..., Any], n: int) -> list[str]:
    """The names of the function's first ``n`` parameters."""
    try:
        named = [p.name for p in inspect.signature(f).parameters.values() if p.kind in (p.POSITIONAL_ONLY,
                                                                                       p.POSITIONAL_OR_KEYWORD)]
    except (TypeError, ValueError):
        named = []
    return [named[i] if i < len(named) else f"x{i + 1}" for i in range(n)]


def linearize(f: Callable[..., Any], recorder: Recorder, inputs: Sequence[Value],
               outs: Sequence[Any]) -> tuple[Program, list[Value], frozenset[int], list[Line | None]]:
    """The recorded ops as a Program, in the order of creation; the captured Values; the registers of derivatives.

    And for each guard the line of its comparison.
    """
    comparisons = recorder.comparisons
    ends = [x for x in outs if isinstance(x, Value)] + recorder.kept
    ends += [x for _, left, right, *_ in comparisons for x in (left, right) if isinstance(x, Value)]
    made, captured, registers = _reached(ends, inputs, recorder.start)
    for node in captured:
        if any(x.group is OVER for x in (topological_order(node) if node._a is not None else (node,))):
            raise TraceError(f"Value(data={node._data!r}) was computed while another function was traced, or the same "
                             "one earlier, and would count as a constant; keep no traced Values outside")
    made.sort(key=attrgetter("_serial"))
    captured.sort(key=attrgetter("_serial"))
    registers.update(zip([*captured, *made], count(len(inputs))))

    def atom(x: Any) -> int | float:
        return registers[x] if isinstance(x, Value) else number(x, "trace")

    labels = {registers[node]: node.label for node in made if node._origin.__class__ is tuple and node.label}
    guards: dict[str, tuple[Guard, Line | None]] = {}
    for relation, left, right, outcome, line in comparisons:
        guard = Guard(relation, atom(left), atom(right), outcome)
        if int in (type(guard.left), type(guard.right)):
            guards.setdefault(repr(guard), (guard, line))       # as text: register 1 is not 1.0
    name = getattr(f, "__name__", "f")
    program = Program(
        name if name.isidentifier() else "f",
        (*_distinct([node.label or f"captured{i}" for i, node in enumerate([*inputs, *captured])]),),
        _instructions(made, registers),
        tuple(map(atom, outs)), tuple([guard for guard, _ in guards.values()]), labels)
    plain = frozenset(registers[node] for node in recorder.plain if node in registers)
    return program, captured, plain, [line for _, line in guards.values()]


def _reached(ends: Sequence[Value], inputs: Sequence[Value], start: int) -> tuple[list[Value], list[Value],
                                                                                  dict[Any, Any]]:
    """The nodes that were made since ``start`` and that the ends depend on, and older ones that these use.

    And a dict of all of them, in which inputs have their registers, and leaves made since, which are constants, their
    numbers.
    """
    made, captured, registers = list[Value](), list[Value](), dict[Any, Any](zip(inputs, count()))
    waiting = [node for node in dict.fromkeys(ends) if node not in registers]
    registers.update(dict.fromkeys(waiting))
    while waiting:      # written for speed, as there may be a million
        node = waiting.pop()        # the youngest first, mostly: nearly in order, they are sorted in no time
        a, b = node._a, node._b
        if node._serial < start:
            captured.append(node)
        elif a is None:
            if node.group is OVER:
                raise TraceError(f"Value(data={node._data!r}) is a number inside the body of a loop, or inside another "
                                 "function that was traced meanwhile, and would count as a constant outside; return "
                                 "it: in the carry, or as a result of scan")
            registers[node] = node._data
        else:
            made.append(node)
            for arg in a if a.__class__ is tuple else (a, b):
                if isinstance(arg, Value) and arg not in registers:
                    registers[arg] = None
                    waiting.append(arg)
    return made, captured, registers


def _instructions(made: Sequence[Value], registers: dict[Any, Any]) -> tuple[Instruction, ...]:
    """The ops of these nodes; written for speed, too."""
    ops, args = list[Any](), list[tuple[Any, ...]]()
    for node in made:
        origin, a, b = node._origin, node._a, node._b
        ops.append(origin[0] if origin.__class__ is tuple else origin)
        if a.__class__ is tuple:
            args.append(tuple([x if x.__class__ is float else registers[x] for x in a]))
            continue
        x = a if a.__class__ is float else registers[a]
        args.append((x,) if b is None else (x, b if b.__class__ is float else registers[b]))
    return tuple(map(partial(tuple.__new__, Instruction), zip(ops, args, strict=True)))     # twice as fast as a call


def _distinct(labels: Sequence[str]) -> list[str]:
    taken: set[str] = set()
    found = []
    for label in labels:
        name, count = label, 1
        while name in taken:
            count += 1
            name = f"{label}_{count}"
        taken.add(name)
        found.append(name)
    return found
