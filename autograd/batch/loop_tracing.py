"""A loop in a function that is traced: its body traced once for each way, and the loop as one op of the outer trace."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import reduce
from typing import Any, NamedTuple

from autograd.batch.dual_parts import common, joined, matched, parts
from autograd.batch.iterations import Step
from autograd.batch.probing import missing_iteration
from autograd.batch.result_structures import different_results, structure
from autograd.compiler.loop_numbers import LoopNumbers, recorded
from autograd.compiler.recorder import Recorder, TooManyWaysError
from autograd.compiler.tracing import linearize
from autograd.errors import TraceError
from autograd.graph.context import modes
from autograd.graph.value import Value
from autograd.ops.internal import argument
from autograd.program.nested import CELLS, ROWS, Access, Block, Loop, Way, interpreted, item, lacks_way, with_inputs
from autograd.program.program import Program
from autograd.source_lines import users_line
from autograd.transforms.pytree import flatten, innermost, unpack

MOST = 64       # ways through one body
NONE: Any = object()        # in the place of a result before the first way; None is one


class BodyRecorder(Recorder):
    """The run of a loop's body, inside the run of another function."""

    def __init__(self, outer: Any, forced: Sequence[Any], known: Sequence[Any]) -> None:
        super().__init__()
        self.outer, self.levels, self.derived = outer, outer.levels, 1
        self.forced, self.known, self.adrift = list(forced), list(known), outer.adrift

    def traces(self, x: Value) -> bool:
        """Whether ``x`` depends on the run, or on the one around it."""
        return super().traces(x) or self.outer.traces(x)

    def leave(self, *_: object) -> None:
        """Close the block; what it met is met by the run around it."""
        super().leave()
        self.outer.foreign |= self.foreign


class WiderError(Exception):
    """A way has tangents that the carry or the results lack so far: their keys with these."""


class Traced(NamedTuple):
    """A way as it was traced."""

    program: Program                # its inputs: t, the carry, the columns, and what it captures
    captured: list[Value]
    key: Any                        # that of the carry, with what this way adds to it
    result: Any                     # the same of the results, their structure, and how to rebuild them; None: it ends
    history: tuple[Any, ...]        # how its comparisons came out, and the ways of the loops inside


class Tracing:
    """The tracing of one loop."""

    def __init__(self, step: Step, items: list[Any], count: Any, done: int, key: Any = (), shape: Any = None) -> None:
        """key, shape: of the carry and of the results, where they are known."""
        self.step, self.items, self.count, self.done, self.outer = step, items, count, done, modes.recorder
        self.key: tuple[Any, ...] = key or parts(items)[1]
        self.init, self.shape, self.result = matched(items, self.key), shape, NONE
        self.columns, self.item_key = self._columns()
        self.ways: list[Traced] = []
        self.below: list[dict[int, int]] = []
        self.captured: list[Value] = []

    def _columns(self) -> tuple[list[list[Any]], Any]:
        """The numbers of each iteration's item, but for iterations that are done, and their key."""
        columns = self.step.columns
        if columns.xs is None:
            return [], ()
        items, layouts = zip(*[flatten(columns.item(t), argument=True) for t in range(self.done, columns.count)],
                             strict=True)
        for layout in layouts:
            if layout != layouts[0]:
                raise TypeError("scan: the items of xs have different structures; give items of one structure")
        key: tuple[Any, ...] = reduce(common, {parts(item)[1]: None for item in items})
        return [matched(item, key) for item in items], key

    def numbers(self, t: int, carry: Sequence[float]) -> list[float]:
        """The inputs of an iteration, but for what it captures."""
        return [float(t), *carry, *[float(innermost(x)) for x in (self.columns[t] if self.columns else ())]]

    def trace(self, inputs: Sequence[float], forced: Sequence[Any] = (), known: Sequence[Any] = ()) -> Traced:
        """Trace the body at these numbers."""
        recorder = BodyRecorder(self.outer, forced, known)
        values = [Value(x, "" if i else "t") for i, x in enumerate(inputs)]
        recorder.inputs.update(values)
        width = len(self.init)
        with recorder:
            carry = joined(values[1:1 + width], self.key)
            x = self.step.columns.item(0) if self.columns else None
            if self.columns:
                x = unpack(x, argument=True)[1](joined(values[1 + width:], self.item_key))
            t = values[0] + float(self.done) if self.done else values[0]
            try:
                found = self.step.numbers(t, carry, x)
            except IndexError:
                if recorder.lookup:
                    raise TraceError(recorder.lookup) from None
                raise
            outs, key, result = list[Any](), None, None
            if found is not None:
                inside, rebuild = unpack(found[1])
                self.result = found[1] if self.result is NONE else self.result
                if structure(found[1]) != structure(self.result):
                    raise different_results(self.result, found[1])
                key, shape = common(self.key, parts(found[0])[1]), parts(inside)[1]
                self.shape = shape if self.shape is None else self.shape
                shape = common(self.shape, shape)
                outs, result = [*matched(found[0], key), *matched(inside, shape)], (shape, rebuild)
        program, captured, _, _ = linearize(self.step.body, recorder, values, outs)
        return Traced(program, captured, key, result, (tuple(recorder.outcomes), tuple(recorder.sites)))

    def add(self, way: Traced, above: tuple[int, int] | None) -> None:
        """Keep a way; above: the way and the guard of it that leads there."""
        if len(self.ways) >= MOST:
            raise TooManyWaysError(f"the body of a {self.step.name} branches in more than {MOST} ways")
        if way.result is not None and (way.key, way.result[0]) != (self.key, self.shape):
            raise WiderError(way.key, way.result[0])
        if above:
            self.below[above[0]][above[1]] = len(self.ways)
        self.ways.append(way)
        self.below.append({})
        known = {id(x) for x in self.captured}      # == would compare numbers, and be recorded
        self.captured += [x for x in way.captured if id(x) not in known]

    def place(self, inputs: Sequence[float]) -> tuple[int, int] | None:
        """The way and the guard of it after which one is missing for these numbers; None where none is."""
        number = 0
        while True:
            way = self.ways[number]
            found = interpreted(way.program)([*inputs, *[x._data for x in way.captured]])
            if found.__class__ is not int:
                return None
            if found not in self.below[number]:
                return number, found
            number = self.below[number][found]

    # ---- the loop ----

    def passed_on(self) -> set[int]:
        """The numbers of the carry that every iteration passes on as they came: they are no carries, but captured.

        Also a captured number with which its carry begins. Of a number that stands there twice the second is copied.
        """
        kept: dict[int, Any] = {}
        for i, x in enumerate(self.init):
            if not any(x is other for other in kept.values() if isinstance(x, Value)) and all(
                    self._passes_on(way, i) for way in self.ways if way.result is not None):
                kept[i] = x
        return {*kept}

    def _passes_on(self, way: Traced, i: int) -> bool:
        """Whether a way gives a number of the carry as it came, or what it captures and the carry begins with."""
        out, inputs = way.program.outputs[i], len(way.program.inputs)
        if out.__class__ is int and out >= inputs:
            op, args = way.program.instructions[int(out) - inputs]
            return op is argument and any(x is self.init[i] for place, x in enumerate(
                way.captured, inputs - len(way.captured)) if args[0] == place)
        return out.__class__ is int and out == 1 + i

    def loop(self) -> tuple[Loop, list[Any]]:
        """The loop of all ways, and its operands."""
        width, across = len(self.init), len(self.columns[0]) if self.columns else 0
        fixed = 1 + width + across
        blocks = [Block(CELLS, 0, width)]
        args: list[Any] = list(self.init)
        kept = self.passed_on()
        reads, writes = [Access(0, i) for i in range(width)], [Access(0, i) for i in range(width) if i not in kept]
        if self.columns:
            blocks.append(Block(CELLS, len(args), across * len(self.columns)))
            reads += [Access(1, i, across) for i in range(across)]
            args += [x for row in self.columns for x in row]
        if self.captured:
            blocks.append(Block(CELLS, len(args), len(self.captured)))
            reads += [Access(len(blocks) - 1, i) for i in range(len(self.captured))]
            args += self.captured
        of_results = next((len(way.program.outputs) - width for way in self.ways if way.result is not None), 0)
        writes += [Access(len(blocks) + i, 0, 1) for i in range(of_results)]
        blocks += [Block(ROWS)] * of_results
        count: int | None = -1 if self.count is None else None
        count_at = -1
        if self.count.__class__ is int:
            count = self.count - self.done
        elif self.count is not None:
            count_at = len(args)
            args.append(self.count - float(self.done) if self.done else self.count)
        places = {x: fixed + i for i, x in enumerate(self.captured)}
        ways = [Way(with_inputs(_without(way.program, kept), [*range(fixed), *[places[x] for x in way.captured]],
                                fixed + len(self.captured)), tuple(sorted(below.items())), way.result is None)
                for way, below in zip(self.ways, self.below, strict=True)]
        return Loop(ways, blocks, reads, writes, count, count_at, name=self.step.name,
                    checkpoint=self.step.checkpoint), args

    def complete(self, known: Sequence[Any]) -> list[float]:
        """Trace all ways that the iterations take; the numbers of the last carry and of the results.

        known: the histories of ways that the run before had. Raises WiderError.
        """
        carry = [float(innermost(x)) for x in self.init]
        for forced, inside in known:
            way = self._again(self.numbers(0, carry), forced, inside)
            if way is None:
                continue
            if not self.ways:
                self.add(way, None)
            elif (above := self._forced_place(way, forced)) is not None:
                self.add(way, above)
        if not self.ways:
            self.add(self.trace(self.numbers(0, carry)), None)
        if self.outer.forced or self.outer.adrift:      # a while might never end
            return []
        while True:
            loop, args = self.loop()
            t, carry, results = missing_iteration(loop, [float(innermost(x)) for x in args], len(self.init))
            if t is None:
                return [*carry, *results]
            above = self.place(inputs := self.numbers(t, carry))
            if above is None:
                return [*carry, *results]
            number, guard = above
            inside = self.ways[number].history[1] if guard == len(self.ways[number].program.guards) else ()
            self.add(self.trace(inputs, (), inside), above)

    def _again(self, inputs: Sequence[float], forced: Sequence[Any], known: Sequence[Any]) -> Traced | None:
        """A way of the run before; None where it is none of this one, whose carry may have other tangents."""
        try:
            way = self.trace(inputs, forced, known)
        except Exception:       # at numbers that do not go this way the user's code may refuse them
            return None
        return way if way.history[0][:len(forced)] == tuple(forced) else None

    def _forced_place(self, way: Traced, forced: Sequence[Any]) -> tuple[int, int] | None:
        """Where a way that was traced with these outcomes belongs."""
        wanted = {repr(guard._replace(outcome=True)): guard.outcome for guard in way.program.guards}
        number = 0
        while True:
            guards = self.ways[number].program.guards
            failed = next((i for i, guard in enumerate(guards)
                           if wanted.get(repr(guard._replace(outcome=True)), guard.outcome) != guard.outcome), None)
            if failed is None:
                failed = len(guards)        # a loop inside
            if failed not in self.below[number]:
                return number, failed
            number = self.below[number][failed]


def _without(program: Program, outputs: Collection[int]) -> Program:
    return replace(program, outputs=tuple([x for i, x in enumerate(program.outputs) if i not in outputs]))


def record(step: Step, items: list[Any], count: Any) -> tuple[list[Any], list[Any]]:
    """The loop as an op of the function that is traced: the last carry's numbers, and the results."""
    done, ys = 0, list[Any]()
    while count.__class__ is not int or count > done:
        tracing = Tracing(step, items, count, done)
        first = tracing.trace(tracing.numbers(0, [float(innermost(x)) for x in tracing.init]))
        if first.result is None or first.key == tracing.key or done == len(items):
            last, results = _as_op(tracing)
            return last, [*ys, *results]
        # a derivative by forward mode, say, reaches more of the carry than at the beginning: the structure settles
        if count is not None and not count > done:
            break
        found = step.numbers(done, items, step.columns.item(done))
        if found is None:
            break
        items, ys, done = found[0], [*ys, found[1]], done + 1
    return items, ys


def _as_op(tracing: Tracing) -> tuple[list[Any], list[Any]]:
    site: list[Any] = []
    outer, line = tracing.outer, users_line()
    outer.sites.append((line, site))
    place = next((i for i, (before, _) in enumerate(outer.known) if before == line), None)
    known = () if place is None else outer.known.pop(place)[1]
    while True:
        try:
            numbers = tracing.complete(known)
            break
        except WiderError as wider:
            tracing = Tracing(tracing.step, tracing.items, tracing.count, tracing.done, *wider.args)
    site += [way.history for way in tracing.ways]
    loop, args = tracing.loop()
    op = loop.op
    node = recorded(op, args, LoopNumbers(op, args))
    if lacks_way(loop):
        outer.kept.append(node)
    width = len(tracing.init)
    numbers = numbers or [0.0] * (width + max(loop.count or 0, 0) * sum(block.kind == ROWS for block in loop.blocks))
    kept = tracing.passed_on()
    last = [tracing.init[i] if i in kept else recorded(item, (node, 0.0, float(i)), x)
            for i, x in enumerate(numbers[:width])]
    rows = [number for number, block in enumerate(loop.blocks) if block.kind == ROWS]
    shape = next((way.result for way in tracing.ways if way.result is not None), None)
    results, given = [], iter(numbers[width:])
    for t in range(loop.count or 0 if shape and tracing.step.name == "scan" else 0):
        pieces = [recorded(item, (node, float(row), float(t)), next(given)) for row in rows]
        results.append(shape[1](joined(pieces, shape[0])))      # type: ignore[index]
    return joined(last, tracing.key), results
