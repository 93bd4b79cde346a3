"""What the expressions have to give: each with its numbers, its value and its gradients, by this project's engine."""

import ctypes
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from autograd import Value, topological_order
from viz.engine_check.expressions import (
    MOST_NODES,
    NAMES,
    NEAR,
    POINTS,
    Expression,
    large_expressions,
    small_expressions,
)
from viz.engine_check.worker import OPERATIONS

RELATIVE, ABSOLUTE = 1e-7, 1e-9     # a student may write tanh or a root in another way
SINGLE_RELATIVE, SINGLE_ABSOLUTE = 1e-5, 1e-5       # of numbers that float32 holds


@dataclass(frozen=True)
class Case:
    """An expression at one point, and what it gives."""

    expression: Expression
    numbers: tuple[float, ...]
    value: float
    gradients: tuple[float, ...]
    backwards: int = 1

    def task(self) -> dict[str, Any]:
        """What `worker.evaluate` reads."""
        return self.expression.task(self.numbers, self.backwards)

    def right(self, outcome: dict[str, Any]) -> bool:
        """Whether the engine gave the value and the gradients. After a second backward they may be doubled or not."""
        if "error" in outcome or not list(self.numbers) == outcome["held"] == outcome["built"] == outcome["after"]:
            return False
        if outcome["value"] == self.value and outcome["gradients"] == list(self.gradients):
            return True         # most are, to the last digit
        if not close(outcome["value"], self.value):
            return False
        times = (1, self.backwards) if self.backwards > 1 else (1,)
        return any(all(close(got, count * true) for got, true in zip(outcome["gradients"], self.gradients, strict=True))
                   for count in times)

    def graph(self) -> tuple[Value, list[Value]]:
        """The expression as this project's Values: its result and its leaves, with the names that it is written in."""
        leaves = [Value(number, NAMES[i]) for i, number in enumerate(self.numbers)]
        nodes = list(leaves)
        for name, *operands in self.expression.steps:
            nodes.append(OPERATIONS[name](*(float(x) if isinstance(x, str) else nodes[x] for x in operands)))
        for line, i in zip(self.expression.lines(), self.expression.shared_operations, strict=False):
            nodes[i].label = line.partition(" = ")[0]
        if self.expression.steps:
            nodes[-1].label = "y"
        return nodes[-1], leaves


def close(got: float, true: float) -> bool:
    """Whether two numbers agree but for rounding, which may be to float32, and for another formula of the function."""
    return math.isclose(got, true, rel_tol=RELATIVE, abs_tol=ABSOLUTE) or rounded_to_single(got, true)


def rounded_to_single(got: float, true: float) -> bool:
    """Whether two numbers agree only as far as float32 does: the first has no more digits than that.

    >>> rounded_to_single(0.3333333432674408, 1 / 3), rounded_to_single(0.3333333, 1 / 3), rounded_to_single(0.5, 0.5)
    (True, False, False)
    """
    return (got != true and ctypes.c_float(got).value == got
            and not math.isclose(got, true, rel_tol=RELATIVE / 100, abs_tol=ABSOLUTE)
            and math.isclose(got, true, rel_tol=SINGLE_RELATIVE, abs_tol=SINGLE_ABSOLUTE))


@cache
def small_cases() -> tuple[Case, ...]:
    """Every small expression at some points, the smallest first."""
    return tuple(case for expression in small_expressions() for case in _cases([expression], _points(expression)))


def _points(expression: Expression) -> Sequence[tuple[float, ...]]:
    if expression.leaves == len(expression.steps) == 1:
        return (*POINTS, *((x,) for x in NEAR))
    return POINTS if expression.nodes < MOST_NODES else (POINTS[0], POINTS[-1])


def large_cases(methods: Iterable[str]) -> list[Case]:
    """Larger expressions on the operations that an engine has."""
    return list(_cases(large_expressions(methods), POINTS[1:2]))


def cases_of(expressions: Iterable[Expression]) -> list[Case]:
    """These expressions at each point."""
    return list(_cases(expressions, POINTS))


def _cases(expressions: Iterable[Expression], points: Sequence[tuple[float, ...]]) -> Iterator[Case]:
    for expression in expressions:
        for numbers in dict.fromkeys(point[:expression.leaves] for point in points):
            if case := _case(expression, numbers):
                yield case


def _case(expression: Expression, numbers: tuple[float, ...]) -> Case | None:
    """None where an engine need not agree: at infinities and nan, at the kink of relu, at numbers beyond all reason."""
    root, leaves = Case(expression, numbers, 0.0, ()).graph()
    root.backward()
    order = topological_order(root)
    found = [x for node in order for x in (node.data, node.grad, *filter(None, node.partials))]
    kink = any(node.op and node.op.name == "relu" and node.args[0] == 0 for node in order)      # == compares numbers
    if kink or not all(abs(x) < 1e9 for x in found):      # nan, too
        return None
    return Case(expression, numbers, root.data, tuple(leaf.grad for leaf in leaves))
