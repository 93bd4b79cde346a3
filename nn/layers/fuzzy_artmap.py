"""FuzzyARTMAP: adaptive resonance with classes, by match tracking."""

from collections.abc import Iterator, Mapping
from typing import Any, Self

from nn.layers.complement_coding import ComplementCoded
from nn.layers.resonance import Trial
from nn.validators import count, positive

Label = int | float | str


class FuzzyARTMAP(ComplementCoded):
    """FuzzyART whose categories each stand for one class: an error makes it look closer, and forget nothing.

    The equations are those of `Resonance`, for I = (x, 1 - x). Beside its weights a category has its class (the map
    field). In training, a category that passes the vigilance test but has another class is reset, and

        match tracking  vigilance <- match + epsilon, for the rest of this search

    so that only better matches are left; a new category takes the row's class. Carpenter, Grossberg, Markuzon,
    Reynolds, Rosen, "Fuzzy ARTMAP: A neural network architecture for incremental supervised learning of analog
    multidimensional maps", 1992, with given classes in the place of its second module.

    vigilance: where each search begins. choice, learning_rate: as in `FuzzyART`. weights: [categories][2 n], plain
    floats; classes: [categories]. A search has no gradient.

    >>> model = FuzzyARTMAP().fit([[0.1, 0.1], [0.9, 0.9], [0.2, 0.2]], ["low", "high", "low"])
    >>> model.fit([[0.1, 0.9]], ["corner"]).predict([[0.15, 0.15], [0.95, 0.9], [0.1, 0.8]])
    ['low', 'high', 'corner']
    """

    _entries = ("weights", "classes")

    def __init__(self, vigilance: float = 0.0, choice: float = 1e-3, learning_rate: float = 1.0, *,
                 epsilon: float = 1e-10) -> None:
        super().__init__(vigilance, choice, learning_rate)
        self.epsilon = positive("epsilon", epsilon)
        self.classes: list[Label] = []

    def tracked(self, pattern: list[float], label: Label) -> Iterator[Trial]:
        """The search for one input of a known class; a mismatch of the class raises the vigilance."""
        vigilance = self.vigilance
        for choice, category in self.recognition(pattern):
            match = self.comparison(pattern, category)
            passes, right = match >= vigilance, self.classes[category] == label
            yield Trial(category, choice, match, vigilance, not (passes and right))
            if passes and right:
                return
            if passes:
                vigilance = match + self.epsilon

    def search(self, x: Any, label: Any = None) -> list[Trial]:
        """The categories tried for one row of that class, or of an unknown one (None), in order, without learning."""
        [pattern] = self.patterns([x], "x")
        return list(self.trials(pattern) if label is None else self.tracked(pattern, *read_labels([label], 1)))

    def fit(self, X: Any, y: Any, *, epochs: int = 1) -> Self:  # noqa: N803
        """Learn each row and its class in turn, and go on from the present categories.

        y: one class for each row, numbers or text. Classes that come later are new; the old ones stay.
        """
        patterns = self.patterns(X)
        labels = read_labels(y, len(patterns))
        for _ in range(count("epochs", epochs)):
            for pattern, label in zip(patterns, labels, strict=True):
                trials = list(self.tracked(pattern, label))
                if not trials or trials[-1].reset:      # the class of a new category comes first: Ctrl-C may follow
                    self.classes[len(self.weights):] = [label]
                self.learn(pattern, trials)
        return self

    def predict(self, X: Any) -> list[Label]:  # noqa: N803
        """The class of the category with the largest choice for each row."""
        return [self.classes[category] for category in self.largest_choices(X)]

    def _read_state(self, state: Mapping[str, Any]) -> dict[str, Any]:
        read = super()._read_state(state)
        return {**read, "classes": read_labels(state["classes"], len(read["weights"]), "categories")}

    def __repr__(self) -> str:
        return (f"FuzzyARTMAP(vigilance={self.vigilance!r}, choice={self.choice!r}, "
                f"learning_rate={self.learning_rate!r})")


def read_labels(y: Any, rows: int, what: str = "rows") -> list[Label]:
    """One class for each row: Python's numbers and strings."""
    y = y.tolist() if hasattr(y, "tolist") else y
    if isinstance(y, (str, bytes)) or not hasattr(y, "__iter__"):
        raise TypeError(f"y is a {type(y).__name__}; give one class for each row, as in [0, 1, 1]")
    labels = [c.item() if getattr(c, "shape", None) == () else c for c in y]
    for c in labels:
        if not isinstance(c, (int, float, str)) or c != c:
            raise TypeError(f"y has {c!r}; a class is a number or a text")
    if len(labels) != rows:
        raise ValueError(f"{what}: {rows}, classes: {len(labels)}; give one class for each")
    return labels
