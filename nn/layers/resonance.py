"""Resonance: comparison, recognition, vigilance and reset, the four parts of each adaptive resonance network."""

from collections.abc import Iterator, Mapping
from math import fsum
from typing import Any, NamedTuple

from nn.layers.data_rows import PlainState, read_rows
from nn.validators import positive, share, share_above_0


class Trial(NamedTuple):
    """One step of a search: a category that was tried, and whether it was reset."""

    category: int
    choice: float
    match: float
    vigilance: float
    reset: bool


class Resonance(PlainState):
    """The search of adaptive resonance, for inputs I and categories j with weights w_j of numbers in [0, 1].

        comparison layer   match of I with the expectation w_j: |I ∧ w_j| / |I|
        recognition layer  the categories compete by their choice T_j = |I ∧ w_j| / (choice + |w_j|), largest first
        vigilance          the recognition threshold: a match below it is no resonance
        reset              a category without resonance is out for this input, and the next one is tried

    a ∧ b is the smaller number of each pair (for 0 and 1: and), |a| the sum. The category that resonates learns,
    w_j <- rate (I ∧ w_j) + (1 - rate) w_j, and no other does; where all were reset, a new category takes I as its
    weights. So weights only fall, and a new kind of input leaves the old categories as they are.
    """

    def __init__(self, vigilance: float, choice: float, learning_rate: float) -> None:
        self.vigilance, self.choice = share("vigilance", vigilance), positive("choice", choice)
        self.learning_rate = share_above_0("learning_rate", learning_rate)
        self.weights: list[list[float]] = []        # [categories][numbers of an input]

    def comparison(self, pattern: list[float], category: int) -> float:
        """The match of an input with what a category expects, from 0 to 1."""
        return overlap(pattern, self.weights[category]) / fsum(pattern)

    def recognition(self, pattern: list[float]) -> list[tuple[float, int]]:
        """Choice and number of each category, in the order in which they are tried; of equals the older one first."""
        choices = [overlap(pattern, w) / (self.choice + fsum(w)) for w in self.weights]
        return sorted(zip(choices, range(len(choices)), strict=True), key=lambda pair: (-pair[0], pair[1]))

    def trials(self, pattern: list[float]) -> Iterator[Trial]:
        """The search for one input: categories are tried until one is not reset."""
        for choice, category in self.recognition(pattern):
            match = self.comparison(pattern, category)
            reset = match < self.vigilance
            yield Trial(category, choice, match, self.vigilance, reset)
            if not reset:
                return

    def learn(self, pattern: list[float], trials: list[Trial]) -> int:
        """The category that the search found, or a new one; it has learned the input."""
        if not trials or trials[-1].reset:
            self.weights.append(list(pattern))
            return len(self.weights) - 1
        category, rate, old = trials[-1].category, self.learning_rate, self.weights[trials[-1].category]
        self.weights[category] = [rate * min(x, w) + (1.0 - rate) * w for x, w in zip(pattern, old, strict=True)]
        return category

    def patterns(self, X: Any, name: str = "X") -> list[list[float]]:  # noqa: N803
        """The inputs I of rows of data, as this network compares them."""
        raise NotImplementedError

    def largest_choices(self, X: Any) -> list[int]:  # noqa: N803
        """The category with the largest choice for each row, without vigilance; -1 where none gets a signal."""
        if not self.weights:
            raise ValueError(f"{type(self).__name__} has no category yet; call fit first")
        ranked = [self.recognition(pattern) for pattern in self.patterns(X)]
        return [order[0][1] if order else -1 for order in ranked]

    def _read_state(self, state: Mapping[str, Any]) -> dict[str, Any]:
        given = state["weights"]
        weights = [] if isinstance(given, list) and not given else read_rows(given, name="weights")    # [] before fit
        if any(not 0.0 <= x <= 1.0 for w in weights for x in w):
            raise ValueError("load_state_dict: the weights of categories are numbers from 0 to 1")
        return {"weights": weights}


def overlap(a: list[float], b: list[float]) -> float:
    """|a ∧ b|, rounded once, so that the bits are the same for every Python."""
    return fsum([x if x < y else y for x, y in zip(a, b, strict=True)])
