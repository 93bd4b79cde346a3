"""RBMTransformer: the hidden probabilities of a restricted Boltzmann machine as features."""

from typing import Any, ClassVar, Self

import numpy as np
from sklearn.base import ClassNamePrefixFeaturesOutMixin, TransformerMixin

from nn.layers.rbm import RBM
from nn.sklearn.estimators import Array, Estimator, whole
from nn.validators import Rule, count, flag, fraction, not_negative, positive


class RBMTransformer(ClassNamePrefixFeaturesOutMixin, TransformerMixin, Estimator):  # type: ignore[misc]
    """`nn.RBM` as a transformer: from rows to the probabilities that its hidden units are on.

    Columns are scaled to [0, 1] by their range in ``fit``, and clipped later; so they are probabilities.

    n_components: hidden units. n_iter: epochs. learning_rate, batch_size, k, persistent, momentum, weight_decay: as of
    `RBM.fit`, which trains it by contrastive divergence.

    Fitted: components_ [hidden units][features], model_ (the RBM), reconstruction_errors_ of each epoch, scaler_.

    >>> RBMTransformer(n_components=2, random_state=0).fit_transform([[0, 5], [10, 0]]).shape
    (2, 2)
    """

    _rules: ClassVar[dict[str, Rule]] = {
        **dict.fromkeys(("n_components", "batch_size", "n_iter", "k"), count), "learning_rate": positive,
        "persistent": flag, "momentum": fraction, "weight_decay": not_negative}

    def __init__(self, n_components: int = 64, *, learning_rate: float = 0.1, batch_size: int = 10, n_iter: int = 10,
                 k: int = 1, persistent: bool = False, momentum: float = 0.0, weight_decay: float = 0.0,
                 random_state: Any = None) -> None:
        self.n_components = n_components
        self.learning_rate = learning_rate
        self.batch_size = batch_size
        self.n_iter = n_iter
        self.k = k
        self.persistent = persistent
        self.momentum = momentum
        self.weight_decay = weight_decay
        self.random_state = random_state

    @whole
    def fit(self, X: Any, y: Any = None) -> Self:
        """Train a new machine; y is not used."""
        X = self._first_rows(X)
        hidden, epochs, size, rate, k, persistent, momentum, decay = self._parameters(
            "n_components", "n_iter", "batch_size", "learning_rate", "k", "persistent", "momentum", "weight_decay")
        if rate * decay > 1.0:
            raise ValueError(f"RBMTransformer: learning_rate times weight_decay is at most 1, not {rate * decay}; "
                             "lower one of them")
        self.model_ = RBM(self.n_features_in_, hidden, seed=self._seed())
        self.reconstruction_errors_ = self.model_.fit(
            X, epochs, rate, size, k=k, persistent=persistent, momentum=momentum,
            weight_decay=decay)["reconstruction_error"]
        self.components_ = np.array([[w.data for w in row] for row in self.model_.weight])
        self._n_features_out = hidden
        return self

    def transform(self, X: Any) -> Array:
        """The probability of each hidden unit, for each row."""
        rows = self._rows(X)
        return np.array(self.model_.transform(rows))
