"""ART1 and FuzzyART: categories that grow with the data, online, and keep what they learned before."""

from collections.abc import Mapping
from typing import Any, Self

from nn.layers.complement_coding import ComplementCoded
from nn.layers.data_rows import COUNTED, read_rows
from nn.layers.resonance import Resonance, Trial
from nn.validators import count


class Categories(Resonance):
    """A resonance network that learns from rows without classes."""

    def search(self, x: Any) -> list[Trial]:
        """The categories that are tried for one row, in order, without learning: all but the last are reset.

        If the last one is reset, too, or none was tried, learning would make a new category.
        """
        return list(self.trials(self.patterns([x], "x")[0]))

    def fit_predict(self, X: Any, *, epochs: int = 1) -> list[int]:  # noqa: N803
        """Learn from each row in turn; the category that each one found, or made, when it came last."""
        patterns = self.patterns(X)
        for _ in range(count("epochs", epochs)):
            found = [self.learn(pattern, list(self.trials(pattern))) for pattern in patterns]
        return found

    def fit(self, X: Any, *, epochs: int = 1) -> Self:  # noqa: N803
        """Learn from each row in turn, and go on from the present categories."""
        self.fit_predict(X, epochs=epochs)
        return self

    def predict(self, X: Any) -> list[int]:  # noqa: N803
        """The category with the largest choice for each row, without learning and without vigilance.

        -1 where no category gets a signal: in ART1, for a row that shares no 1 with any.
        """
        return self.largest_choices(X)


class ART1(Categories):
    """Adaptive resonance for rows of 0 and 1: a category is the set of features that all its rows have in common.

    The equations are those of `Resonance`, in fast learning (a rate of 1): the expectation is w_j, the bottom-up
    weights are L w_j / (L - 1 + |w_j|), and choice is L - 1. A category that shares no 1 with the input gets no signal
    and is not tried. Carpenter, Grossberg, "A massively parallel architecture for a self-organizing neural pattern
    recognition machine", 1987.

    vigilance: from 0 (few categories) to 1 (one for each row that differs). weights: [categories][features], plain
    floats: a search has no gradient.

    >>> art = ART1(vigilance=0.6)
    >>> art.fit_predict([[1, 1, 0, 0], [0, 0, 1, 1], [1, 0, 0, 0], [1, 1, 1, 0]])
    [0, 1, 0, 2]
    >>> for trial in art.search([1, 0, 1, 0]):
    ...     print(trial.category, trial.match, "reset" if trial.reset else "resonance")
    0 0.5 reset
    2 1.0 resonance
    """

    def __init__(self, vigilance: float, choice: float = 1.0) -> None:
        super().__init__(vigilance, choice, 1.0)

    def recognition(self, pattern: list[float]) -> list[tuple[float, int]]:
        """Choice and number of each category that shares a 1 with the input, in the order in which they are tried."""
        return [pair for pair in super().recognition(pattern) if pair[0] > 0.0]

    def patterns(self, X: Any, name: str = "X") -> list[list[float]]:  # noqa: N803
        """The rows themselves: 0 and 1, or False and True."""
        rows = read_rows(X, len(self.weights[0]) if self.weights else None, name)
        for i, row in enumerate(rows):
            other = next((x for x in row if x not in (0.0, 1.0)), None)
            if other is not None:
                raise ValueError(f"{name}, row {i} {COUNTED}, has the number {other}; ART1 takes 0 and 1: compare "
                                 "with a threshold first, or use FuzzyART")
            if not any(row):
                raise ValueError(f"{name}, row {i} {COUNTED}, has no 1, and ART1 compares nothing else; leave it "
                                 "out, or append 1 - x for each x to every row")
        return rows

    def _read_state(self, state: Mapping[str, Any]) -> dict[str, Any]:
        read = super()._read_state(state)
        if any(x not in (0.0, 1.0) for w in read["weights"] for x in w):
            raise ValueError("load_state_dict: the weights of ART1 are 0 and 1")
        return read

    def __repr__(self) -> str:
        return f"ART1(vigilance={self.vigilance!r}, choice={self.choice!r})"


class FuzzyART(ComplementCoded, Categories):
    """Adaptive resonance for rows of numbers in [0, 1]: a category is a box, which grows to take in its rows.

    The equations are those of `Resonance`, for I = (x, 1 - x), n numbers and their complements, so that |I| = n. Then
    w_j is a box, from its lower corner w_j[:n] to 1 - w_j[n:]. It may grow until its sides sum to n (1 - vigilance).
    Carpenter, Grossberg, Rosen, "Fuzzy ART: Fast stable learning and categorization of analog patterns by an adaptive
    resonance system", 1991.

    vigilance: from 0 (few large boxes) to 1 (a point for each row). choice: small, so that boxes around the input come
    first, the smallest of them before the others. learning_rate: 1 is fast learning; below 1 a box grows by that share
    (a new one takes its first row as a whole: fast commitment, slow recoding). weights: [categories][2 n], plain
    floats: a search has no gradient.

    >>> art = FuzzyART(vigilance=0.8)
    >>> art.fit_predict([[0.1, 0.1], [0.9, 0.8], [0.2, 0.1], [0.5, 0.5]])
    [0, 1, 0, 2]
    >>> art.boxes()[1]
    ([0.9, 0.8], [0.9, 0.8])
    """

    def __init__(self, vigilance: float, choice: float = 1e-3, learning_rate: float = 1.0) -> None:
        super().__init__(vigilance, choice, learning_rate)

    def __repr__(self) -> str:
        return f"FuzzyART(vigilance={self.vigilance!r}, choice={self.choice!r}, learning_rate={self.learning_rate!r})"
