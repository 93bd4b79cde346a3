"""``compare``: right and wrong gradients side by side, and the first arrow that went wrong."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograd import Value, topological_order, variable_names
from viz.mistakes import sweeps
from viz.mistakes.engines import ENGINES, Engine
from viz.mistakes.steps import Run, Step, same
from viz.text import distinct, number
from viz.words.language import chosen
from viz.words.mistakes import WORDS


@dataclass(frozen=True, eq=False)
class Comparison:
    """One graph, differentiated rightly and by one engine of the gallery.

    right, wrong: the gradient of each Value, in the order of creation; 0.0 where none arrives. Of a sick neuron
        (saturated, dead_relu) the engine is right: ``wrong`` is what arrives, and equals ``right``.
    beside: what stands beside the wrong numbers: ``right``; of a sick neuron what a lively one would pass.
    steps, right_steps: every contribution of both engines, each in its own order.
    first: which of ``steps`` is the first that went wrong; None where the mistake does not show on this graph.
    rate: the learning rate of ``updated_weights``.
    said: the sentence, if it is not that of the gallery.

    >>> a = Value(3.0)
    >>> found = compare(a * a, "assign")
    >>> found.wrong[a], found.right[a], found.differs(a)
    (3.0, 6.0, True)
    """

    engine: Engine
    root: Value
    right: Mapping[Value, float]
    wrong: Mapping[Value, float]
    beside: Mapping[Value, float]
    steps: tuple[Step, ...]
    right_steps: tuple[Step, ...]
    first: int | None
    names: Mapping[Value, str]
    said: str = ""
    rate: float | None = None

    @property
    def sick(self) -> bool:
        """Whether a neuron is sick and the engine is right."""
        return self.beside is not self.right

    @property
    def arrow(self) -> Step | None:
        """The first step that went wrong, with its consumer, operand and place."""
        return None if self.first is None else self.steps[self.first]

    def differs(self, node: Value) -> bool:
        """Whether the number of this Value is wrong."""
        return not same(self.wrong[node], self.beside[node])

    def reason(self, lang: str | None = None) -> str:
        """One sentence: what happened at the arrow, and what is right instead."""
        words, step = WORDS[chosen(lang)], self.arrow
        if self.said:
            return self.said
        if step is None:
            return words.unseen[self.engine.name]
        return words.reasons[self.engine.name].format(
            consumer=self.names[step.consumer], operand=self.names[step.operand], before=number(step.before),
            contribution=number(step.contribution), upstream=number(step.upstream), partial=number(step.partial),
            complete=number(self.right[step.consumer]), stored=number(_stored(step)),
            rate="" if self.rate is None else number(self.rate))


def compare(root: Value, name: str, *, labels: bool = True, names: Mapping[Value, str] | None = None,
            **options: Any) -> Comparison:
    """Differentiate ``root`` by the engine of that name in `ENGINES`, beside the right one.

    labels: whether Values without a label are called by the caller's variables, as `draw_dot` calls them.
    names: of the Values, for sentences, where these shall be others.
    options: of ``updated_weights``: rate (0.5), and weights, the leaves that learn.

    No Value is changed: gradients start with ``root.grad``, or with 1 before the first backward.

    >>> a, b = Value(2.0, "a"), Value(1.0, "b")
    >>> found = compare((a + b) * (b + 1), "assign")
    >>> found.wrong[b], found.right[b], found.differs(a)
    (2.0, 5.0, False)
    """
    if not isinstance(root, Value):
        raise TypeError(f"compare differentiates one Value, not {type(root).__name__}")
    if name not in ENGINES:
        raise ValueError(f"there is no mistake {name!r} in the gallery; it has {', '.join(ENGINES)}")
    if options and name != "updated_weights":
        raise TypeError(f"{name} has no option {next(iter(options))!r}")
    if names is None:
        names = _names(topological_order(root), variable_names() if labels else {})
    return comparison(ENGINES[name], root, ENGINES[name].run(root, **options), names)


def comparison(engine: Engine, root: Value, run: Run, names: Mapping[Value, str] | None = None) -> Comparison:
    """A run of an engine beside the right gradients."""
    order, true = topological_order(root), sweeps.right(root)
    named = _names(order, {}) if names is None else names
    right, wrong = _all(true, order), _all(run, order)
    beside = _all(engine.awake(root), order) if engine.awake else right
    return Comparison(engine, root, right, wrong, beside, tuple(run.steps), tuple(true.steps), run.first, named,
                      rate=run.rate)


def _names(order: Sequence[Value], variables: Mapping[int, str]) -> dict[Value, str]:
    """The name of each Value, as in a picture of all of them."""
    labelled = {node.label for node in order}
    texts = (node.label or ("" if (name := variables.get(id(node), "")) in labelled else name) for node in order)
    return dict(zip(order, distinct(texts), strict=True))


def _all(run: Run, order: Iterable[Value]) -> dict[Value, float]:
    return {node: run.gradients.get(node, 0.0) for node in order}


def _stored(step: Step) -> float:
    """The local partial as the forward pass recorded it."""
    return step.consumer.partials[step.place] or 0.0
