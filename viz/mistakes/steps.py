"""What a backward pass does, arrow by arrow, written down as data."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from autograd import Value


class Step(NamedTuple):
    """One contribution that an engine adds, or wrongly assigns, to the gradient of an operand.

    >>> from viz.mistakes import compare
    >>> a = Value(3.0)
    >>> step = compare(a * a, "assign").arrow
    >>> step.upstream, step.partial, step.contribution, step.before, step.total
    (1.0, 3.0, 3.0, 3.0, 3.0)
    """

    consumer: Value
    operand: Value
    place: int              # which operand of the consumer, from 0
    upstream: float         # the gradient of the consumer as the engine has it at this moment
    partial: float          # the local partial that the engine multiplies by
    contribution: float     # upstream × partial
    before: float           # the gradient of the operand before this step, and after it
    total: float
    sweep: int = 1          # 2 in a second backward


@dataclass
class Run:
    """The steps of one engine on one graph, in its order, and the gradients that it ends with.

    >>> from viz.mistakes import ENGINES
    >>> a = Value(3.0)
    >>> run = ENGINES["assign"].run(a * a)
    >>> len(run.steps), run.gradients[a]
    (2, 3.0)
    """

    gradients: dict[Value, float]
    steps: list[Step] = field(default_factory=list)
    first: int | None = None        # which step was the first that went wrong
    sweep: int = 1
    rate: float | None = None       # the learning rate, where weights take a step

    def step(self, consumer: Value, operand: Value, place: int, partial: float, *, adds: bool = True,
             upstream: float | None = None) -> Step:
        """Send a contribution to the operand, which stands at this place. upstream: if it is not the gradient."""
        upstream = self.gradients[consumer] if upstream is None else upstream
        contribution = upstream * partial
        before = self.gradients.get(operand, 0.0)
        # the first contribution is taken as it is: 0.0 + -0.0 would lose a sign
        total = before + contribution if adds and operand in self.gradients else contribution
        self.gradients[operand] = total
        self.steps.append(Step(consumer, operand, place, upstream, partial, contribution, before, total, self.sweep))
        return self.steps[-1]

    def went_wrong(self) -> None:
        """The last step is wrong; the first such step is kept."""
        if self.first is None:
            self.first = len(self.steps) - 1


def arrows(node: Value) -> Iterator[tuple[int, Value, float]]:
    """Place, operand and local partial of each arrow that gradient takes from ``node``."""
    for place, (arg, slope) in enumerate(zip(node.args, node.partials, strict=True)):
        if slope is not None and isinstance(arg, Value):
            yield place, arg, slope


def seed(root: Value) -> float:
    """The gradient that backward started with at the root; 1 before the first."""
    return root.grad if root.has_grad else 1.0


def same(x: float, y: float) -> bool:
    """Whether two gradients agree but for rounding: another order of additions changes the last digits.

    >>> same(0.1 + 0.2, 0.3), same(2.0, 5.0), same(float("nan"), float("nan"))
    (True, False, True)
    """
    return x == y or abs(x - y) <= 1e-9 * max(abs(x), abs(y)) or (x != x and y != y)
