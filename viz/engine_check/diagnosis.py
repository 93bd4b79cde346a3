"""Which mistake explains what an engine gives: one of the gallery, or one of a few that have no picture there."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice, product
from typing import Any

from autograd import Value, topological_order
from viz.engine_check.cases import Case, close
from viz.engine_check.expressions import NAMES
from viz.mistakes import ENGINES, sweeps
from viz.mistakes.steps import Run
from viz.text import number

Outcome = dict[str, Any]
Walk = Callable[[Value], Run]
Graph = tuple[Value, list[Value]]
BASIC = ("__add__", "__mul__", "__pow__")       # of which students make the other operators
# The ways in which a student may write a mistake that does not depend on the operation. One of them explains each case.
WALKS: dict[str, Sequence[Walk]] = {
    "early": [*(partial(sweeps.early, walk=walk) for walk in ("depth", "last", "breadth")), sweeps.early_at_once],
    "revisit": [sweeps.revisit, partial(sweeps.revisit, walk="after"), sweeps.revisit_at_once],
    "shallow": [sweeps.shallow]}
# The same where a student's nodes keep their operands in a set: in any order, and an operand that stands twice once.
IN_SETS: dict[str, Sequence[Callable[..., Run]]] = {
    "early": [sweeps.early, partial(sweeps.early, walk="breadth")],
    "revisit": [sweeps.revisit, partial(sweeps.revisit, walk="after")]}
MOST_ORDERS = 64        # of all operands of a graph
AT_SOME = {"assign": sweeps.assign, "upstream": sweeps.local_alone}     # everywhere, or at one operation or operand


@dataclass(frozen=True)
class Diagnosis:
    """A mistake by its name: of the gallery, or held, operand, value, raises, seed, start, partial, upstream, shallow
    or unknown.

    details: what its sentence names. walk: the engine that gives these very gradients; None if it is
    known by other expressions.
    """

    name: str
    details: Mapping[str, Any] = field(default_factory=dict)
    walk: Walk | None = None

    @property
    def in_gallery(self) -> bool:
        return self.name in ENGINES


def diagnose(case: Case, results: Iterable[tuple[Case, Outcome]]) -> Diagnosis:
    """Why the engine is wrong on this case. results: of all cases, some of which tell mistakes apart."""
    results = list(results)
    outcome = next(outcome for other, outcome in results if other is case)
    if "error" in outcome:
        return Diagnosis("raises", {"error": outcome["error"], "message": outcome["message"], "at": outcome["at"]})
    for name, before, after in (("held", list(case.numbers), outcome["held"]),
                                ("operand", outcome["held"], outcome["built"]),
                                ("updated_weights", outcome["built"], outcome["after"])):
        for i, (old, new) in enumerate(zip(before, after, strict=True)):
            if new != old:
                return Diagnosis(name, {"leaf": NAMES[i], "old": old, "new": new})
    if not close(outcome["value"], case.value):
        return Diagnosis("value", {"got": outcome["value"], "right": case.value})
    if any(outcome["before"]):
        return Diagnosis("start", {"got": next(filter(None, outcome["before"]))})
    if not case.expression.steps:
        return Diagnosis("seed", {"got": outcome["gradients"][0]})
    near = [(other, found) for other, found in results if other.expression.steps
            and other.expression.features <= case.expression.features and "error" not in found]
    # a student's a - b may be a + b * -1: then the mistake is that of the product, or of a graph of two operations
    basic = [(other, found) for other, found in results if other.expression.features <= {*BASIC}
             and "error" not in found]
    if wrong := _wrong_partial(near):
        return _wrong_partial(basic) or _fitting(case, outcome, basic) or wrong
    return _fitting(case, outcome, near) or _fitting(case, outcome, basic) or Diagnosis("unknown")


def _fitting(case: Case, outcome: Outcome, near: Sequence[tuple[Case, Outcome]]) -> Diagnosis | None:
    """The first mistake that explains every case, some of which are wrong."""
    if all(other.right(found) for other, found in near):
        return None
    graphs = [(other.graph(), found) for other, found in near]
    for name, walks in _hypotheses(case):
        if all(explains(walks, graph, found) for graph, found in graphs):
            return Diagnosis(name, walk=explains(walks, case.graph(), outcome))
    for name, in_sets in IN_SETS.items():
        if all(_explains_in_sets(in_sets, graph, found) for graph, found in graphs):
            return Diagnosis(name, walk=_explains_in_sets(in_sets, case.graph(), outcome))
    return None


def _hypotheses(case: Case) -> Iterator[tuple[str, Sequence[Walk]]]:
    """Each mistake, and the engines that make it."""
    operations = list(dict.fromkeys(sweeps.name(node) for node in topological_order(case.graph()[0]) if node.op))
    for name, engine in AT_SOME.items():
        yield name, [engine]
    yield from WALKS.items()
    for name, engine in AT_SOME.items():
        for op in operations:
            for place in (None, 0, 1):
                yield name, [partial(engine, op=op, place=place)]


def explains(walks: Sequence[Walk], graph: Graph, outcome: Outcome) -> Walk | None:
    """The first of these engines that gives what the student's gave. graph: of a case."""
    root, leaves = graph
    return next((walk for walk in walks if _same(walk, root, leaves, outcome)), None)


def _explains_in_sets(walks: Sequence[Callable[..., Run]], graph: Graph, outcome: Outcome) -> Walk | None:
    """The first of these engines that does so with some order of each node's operands."""
    root, leaves = graph
    nodes = topological_order(root)
    for orders in islice(product(*map(_orders, nodes)), MOST_ORDERS):
        for walk in walks:
            chosen = partial(_with_orders, walk, orders)
            if _same(chosen, root, leaves, outcome):
                return chosen
    return None


def _orders(node: Value) -> list[tuple[int, ...]]:
    """In which orders a recursion may go on to the operands, by their places."""
    places = {operand: i for i, operand in enumerate(sweeps.in_order(node))}
    forward = tuple(places.values())
    return [forward, forward[::-1]] if len(places) > 1 else [forward]


def _with_orders(walk: Callable[..., Run], orders: Sequence[tuple[int, ...]], root: Value) -> Run:
    """The orders are those of the nodes by their positions: each call has a graph of its own."""
    chosen = dict(zip(topological_order(root), orders, strict=True))

    def operands(node: Value) -> list[Value]:
        found = sweeps.in_order(node)
        return [found[place] for place in chosen[node]]

    return walk(root, operands=operands)


def _same(walk: Walk, root: Value, leaves: Sequence[Value], outcome: Outcome) -> bool:
    gradients = walk(root).gradients
    return all(close(gradients.get(leaf, 0.0), got) for leaf, got in zip(leaves, outcome["gradients"], strict=True))


def _wrong_partial(results: Iterable[tuple[Case, Outcome]]) -> Diagnosis | None:
    """A single operation on different Values whose gradient, which is its local partial, is wrong."""
    for case, outcome in results:
        if len(case.expression.steps) == 1 and not case.expression.shared:
            for place, (got, true) in enumerate(zip(outcome["gradients"], case.gradients, strict=True)):
                if not close(got, true):
                    return Diagnosis("partial", {"expression": str(case.expression), "leaf": NAMES[place],
                                                 "numbers": listed(case.numbers), "got": got, "right": true})
    return None


def listed(numbers: Iterable[float]) -> str:
    """The numbers of the leaves, by their names.

    >>> listed((3.0, -2.0))
    'a = 3, b = −2'
    """
    return ", ".join(f"{name} = {number(x)}" for name, x in zip(NAMES, numbers, strict=False))
