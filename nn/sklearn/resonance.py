"""ARTMAPClassifier: fuzzy ARTMAP as a classifier."""

from typing import Any, Self

import numpy as np
from sklearn.base import ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import validate_data

from nn.layers.fuzzy_artmap import FuzzyARTMAP
from nn.sklearn.estimators import Array, ScaledEstimator


class ARTMAPClassifier(ClassifierMixin, ScaledEstimator):  # type: ignore[misc]
    """`nn.FuzzyARTMAP` as a classifier: as many categories for each class as its rows need.

    Columns are scaled to [0, 1] by their range in ``fit``, and clipped later. The order of rows matters.

    vigilance, choice, learning_rate, epsilon: as of `FuzzyARTMAP`. n_iter: epochs.

    Fitted: classes_, model_ (the FuzzyARTMAP, whose classes are numbers of ``classes_``), scaler_.

    >>> model = ARTMAPClassifier().fit([[1, 1], [9, 9], [2, 2]], ["low", "high", "low"])
    >>> model.predict([[1, 3], [8, 9]]).tolist()
    ['low', 'high']
    """

    def __init__(self, vigilance: float = 0.0, *, choice: float = 1e-3, learning_rate: float = 1.0,
                 epsilon: float = 1e-10, n_iter: int = 1) -> None:
        self.vigilance = vigilance
        self.choice = choice
        self.learning_rate = learning_rate
        self.epsilon = epsilon
        self.n_iter = n_iter

    def fit(self, X: Any, y: Any) -> Self:
        """Learn new categories from the rows in their order."""
        X, y = validate_data(self, X, y, dtype="float64")
        check_classification_targets(y)
        epochs, *parameters, epsilon = self._parameters("n_iter", "vigilance", "choice", "learning_rate", "epsilon")
        self.classes_, numbers = np.unique(y, return_inverse=True)
        self.model_ = FuzzyARTMAP(*parameters, epsilon=epsilon).fit(self._scaled(X), numbers, epochs=epochs)
        return self

    def predict(self, X: Any) -> Array:
        """The class of each row's category."""
        rows = self._rows(X)
        return np.take(self.classes_, np.array(self.model_.predict(rows)))
