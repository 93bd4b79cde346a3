"""ARTMAPClassifier: fuzzy ARTMAP as a classifier."""

from typing import Any, ClassVar, Self

import numpy as np
from sklearn.base import ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets, unique_labels
from sklearn.utils.validation import validate_data

from nn.layers.fuzzy_artmap import FuzzyARTMAP
from nn.sklearn.estimators import Array, Estimator, fitted_scaler, whole
from nn.validators import Rule, count, positive, share, share_above_0


class ARTMAPClassifier(ClassifierMixin, Estimator):  # type: ignore[misc]
    """`nn.FuzzyARTMAP` as a classifier: as many categories for each class as its rows need.

    Columns are scaled to [0, 1] by their range in ``fit``, and clipped later. The order of rows matters. `partial_fit`
    goes on with further rows and further classes, and forgets none.

    vigilance, choice, learning_rate, epsilon: as of `FuzzyARTMAP`. n_iter: epochs.

    Fitted: classes_, model_ (the FuzzyARTMAP, whose classes are numbers of ``classes_``), scaler_.

    >>> model = ARTMAPClassifier().fit([[1, 1], [9, 9], [2, 2]], ["low", "high", "low"])
    >>> model.predict([[1, 3], [8, 9]]).tolist()
    ['low', 'high']
    """

    _rules: ClassVar[dict[str, Rule]] = {"vigilance": share, "choice": positive, "learning_rate": share_above_0,
                                         "epsilon": positive, "n_iter": count}

    def __init__(self, vigilance: float = 0.0, *, choice: float = 1e-3, learning_rate: float = 1.0,
                 epsilon: float = 1e-10, n_iter: int = 1) -> None:
        self.vigilance = vigilance
        self.choice = choice
        self.learning_rate = learning_rate
        self.epsilon = epsilon
        self.n_iter = n_iter

    @whole
    def fit(self, X: Any, y: Any) -> Self:
        """Learn new categories from the rows in their order."""
        return self._learn(X, y, [], True, *self._parameters("n_iter"))

    @whole
    def partial_fit(self, X: Any, y: Any, classes: Any = None) -> Self:
        """Learn the rows in their order, once, on from the present categories; with none it begins.

        The range of a column is that of all rows so far: where it grows, categories keep their boxes in the units of X.
        Classes may be new in every call, and old ones stay. classes: more for ``classes_``, which need no row yet.
        """
        more = [x for x in (classes, getattr(self, "classes_", None)) if x is not None]
        return self._learn(X, y, more, not hasattr(self, "model_"), 1)

    def _learn(self, X: Any, y: Any, more: list[Any], anew: bool, epochs: int) -> Self:
        X, y = validate_data(self, X, y, dtype="float64", reset=anew)
        check_classification_targets(y)
        *parameters, epsilon = self._parameters("vigilance", "choice", "learning_rate", "epsilon")
        model, classes, scaler = FuzzyARTMAP(*parameters, epsilon=epsilon), unique_labels(y, *more), fitted_scaler(X)
        if not anew:
            scaler.fit(np.vstack([self.scaler_.data_min_, self.scaler_.data_max_, X]))
            model.weights = _moved(self.model_, self.scaler_, scaler)
            model.classes = [*np.searchsorted(classes, self.classes_[self.model_.classes]).tolist()]
        model.fit(scaler.transform(X), np.searchsorted(classes, y), epochs=epochs)
        self.scaler_ = scaler
        self.classes_: Array = classes
        self.model_: FuzzyARTMAP = model
        return self

    def predict(self, X: Any) -> Array:
        """The class of each row's category."""
        rows = self._rows(X)
        return np.take(self.classes_, np.array(self.model_.predict(rows)))


def _moved(model: FuzzyARTMAP, old: Any, new: Any) -> list[list[float]]:
    """The weights of the categories whose boxes are in the same place on another scale."""
    if (old.data_min_ == new.data_min_).all() and (old.data_max_ == new.data_max_).all():
        return [list(w) for w in model.weights]
    low, high = (new.transform(old.inverse_transform(corners)) for corners in zip(*model.boxes(), strict=True))
    weights: list[list[float]] = np.hstack([low, 1.0 - high]).tolist()
    return weights
