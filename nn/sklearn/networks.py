"""NetworkClassifier and NetworkRegressor: an MLP trained by `fit`, with the weights of rows."""

import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Self

import numpy as np
from sklearn.base import ClassifierMixin, RegressorMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.preprocessing import StandardScaler
from sklearn.utils import column_or_1d, compute_sample_weight
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_array, check_consistent_length, validate_data

from autograd import mul, softmax
from nn.layers.neuron import MLP, Activation
from nn.losses import cross_entropy, mse_loss
from nn.optim import Adam, Optimizer
from nn.sklearn.estimators import Array, Estimator, plain, whole
from nn.sklearn.network_rules import RULES
from nn.training.history import History
from nn.training.loop import fit
from nn.training.predict import predict
from nn.validators import Rule

BATCH = 200     # rows of a batch, if nothing else is said
Loss = Callable[[Any, Any], Any]


class NetworkEstimator(Estimator):
    """A base: parameters and training of an MLP."""

    _rules: ClassVar[dict[str, Rule]] = RULES

    def __init__(self, hidden_layer_sizes: int | Sequence[int] = (32,), activation: Activation = "relu", *,
                 optimizer: Callable[..., Optimizer] = Adam, learning_rate: float | None = 0.01,
                 weight_decay: float | None = None, batch_size: int | None = None, max_iter: int = 200,
                 tol: float = 1e-4, n_iter_no_change: int | None = 20, validation_fraction: float | None = None,
                 jit: bool | str = "auto", random_state: Any = None) -> None:
        self.hidden_layer_sizes = hidden_layer_sizes
        self.activation = activation
        self.optimizer = optimizer
        self.learning_rate = learning_rate
        self.weight_decay = weight_decay
        self.batch_size = batch_size
        self.max_iter = max_iter
        self.tol = tol
        self.n_iter_no_change = n_iter_no_change
        self.validation_fraction = validation_fraction
        self.jit = jit
        self.random_state = random_state

    def _weights(self, X: Array, given: Any, name: str = "sample_weight") -> Array | None:
        """The weight of each row, checked; None where all are 1."""
        if given is None:
            return None
        weights = column_or_1d(check_array(given, ensure_2d=False, dtype="float64", input_name=name))
        check_consistent_length(X, weights)
        if (weights < 0.0).any() or not weights.any():
            raise ValueError(f"{name} has a negative number; weights are 0 or more" if weights.any() else
                             f"{name} is zero for every row; give at least one a weight")
        with np.errstate(over="ignore"):
            mean = weights.sum() / len(weights)
            if not np.isfinite(mean) or np.isinf(1.0 / mean):
                raise ValueError(f"{name} overflows: weights are divided by their mean, {mean}; divide them by "
                                 f"{weights.max()} first")
        return weights

    def _train(self, loss: Loss, X: Array, targets: Array, weights: Array | None, outputs: int) -> None:
        """Train an MLP with so many outputs; ``weights`` of rows are factors of their losses, and are 1 on average."""
        sizes, make, rate, decay, size, epochs, tol, patience, part, jit = self._parameters(
            "hidden_layer_sizes", "optimizer", "learning_rate", "weight_decay", "batch_size", "max_iter", "tol",
            "n_iter_no_change", "validation_fraction", "jit")
        seed, X = self._seed(), self._scaled(X)
        self.model_ = MLP(self.n_features_in_, [*sizes, outputs], self.activation, seed=seed)
        options = {name: x for name, x in (("lr", rate), ("weight_decay", decay)) if x is not None}
        if weights is not None:     # the last number of a target: so the code is the same for all weights
            targets = np.column_stack([targets, weights * (len(weights) / weights.sum())])
            loss = _weighted_cross_entropy if loss is cross_entropy else _weighted_mse_loss
        plateau = None if part is not None or patience is None else Plateau(tol, patience)
        self.history_: History = fit(
            self.model_, loss, X, targets, make(self.model_.parameters(), **options), epochs,
            BATCH if size is None else size, part, jit=jit, progress=False, seed=seed,
            patience=None if part is None else patience, callbacks=[] if plateau is None else [plateau])
        self.loss_curve_, self.n_iter_ = self.history_["loss"], self.history_.epochs
        waited = plateau.waited if plateau else self.n_iter_ - (self.history_.best_epoch or 0)
        if patience is not None and waited < patience:
            warnings.warn(f"{type(self).__name__}: after max_iter={epochs} epochs the loss was still falling; raise "
                          "max_iter, tol or learning_rate, or set n_iter_no_change=None to train for so many epochs",
                          ConvergenceWarning, stacklevel=4)

    def _outputs(self, X: Any) -> Array:
        """The outputs of the network for each row."""
        rows = self._rows(X)
        return np.array(predict(self.model_, rows, jit=self.jit))


class NetworkClassifier(ClassifierMixin, NetworkEstimator):  # type: ignore[misc]
    """A multilayer perceptron for two or more classes, which lowers the cross entropy by gradients.

    Columns are scaled to [0, 1] by their range in ``fit``, and clipped later.

    hidden_layer_sizes, activation: as of `nn.MLP`; an int is one hidden layer. optimizer: an optimiser's class, or a
    function of parameters, ``lr`` and ``weight_decay``. learning_rate, weight_decay: None leaves the optimiser's own.
    batch_size: None takes 200 rows; all, where there are fewer. max_iter: epochs. Training ends earlier when the loss
    has not fallen by more than ``tol`` for ``n_iter_no_change`` epochs; or, with a ``validation_fraction``, when the
    loss of the rows held out has had no new lowest for so many, and then the best epoch's parameters are kept. Where
    ``max_iter`` comes first, a ConvergenceWarning says so; n_iter_no_change=None leaves out the rule and the warning.
    class_weight: None, "balanced", or a dict from a class to its weight. jit: as in `nn.fit`.

    Fitted: classes_, model_ (the MLP of the scaled columns), history_, loss_curve_, n_iter_, scaler_, n_features_in_.

    >>> model = NetworkClassifier(random_state=0).fit([[0, 0], [0, 1], [1, 0], [1, 1]], ["no", "yes", "yes", "no"])
    >>> model.predict([[0, 1], [1, 1]]).tolist()
    ['yes', 'no']
    """

    def __init__(self, hidden_layer_sizes: int | Sequence[int] = (32,), activation: Activation = "relu", *,
                 optimizer: Callable[..., Optimizer] = Adam, learning_rate: float | None = 0.01,
                 weight_decay: float | None = None, batch_size: int | None = None, max_iter: int = 200,
                 tol: float = 1e-4, n_iter_no_change: int | None = 20, validation_fraction: float | None = None,
                 class_weight: str | Mapping[Any, float] | None = None, jit: bool | str = "auto",
                 random_state: Any = None) -> None:
        super().__init__(hidden_layer_sizes, activation, optimizer=optimizer, learning_rate=learning_rate,
                         weight_decay=weight_decay, batch_size=batch_size, max_iter=max_iter, tol=tol,
                         n_iter_no_change=n_iter_no_change, validation_fraction=validation_fraction, jit=jit,
                         random_state=random_state)
        self.class_weight = class_weight

    @whole
    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Train a new network. sample_weight: of each row's loss; 0 leaves the row out."""
        X, y = validate_data(self, X, y, dtype="float64")
        check_classification_targets(y)
        weights = self._weights(X, sample_weight)
        if weights is not None:
            X, y, weights = (x[weights > 0.0] for x in (X, y, weights))
        self.classes_, numbers = np.unique(y, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError(f"NetworkClassifier learns to tell classes apart, and y has one class: {plain(y[0])!r}")
        if self.class_weight is not None:
            of_classes = self._weights(X, compute_sample_weight(self.class_weight, y), "class_weight")
            weights = of_classes if weights is None else self._weights(X, of_classes * weights)
        self._train(cross_entropy, X, numbers, weights, len(self.classes_))
        return self

    def predict_proba(self, X: Any) -> Array:
        """The probability of each class, in the order of ``classes_``."""
        return np.array([softmax(row) for row in self._outputs(X).tolist()])

    def predict(self, X: Any) -> Array:
        """The most probable class of each row."""
        best = self._outputs(X).argmax(1)
        return self.classes_[best]


class NetworkRegressor(RegressorMixin, NetworkEstimator):  # type: ignore[misc]
    """A multilayer perceptron for one number, or several, which lowers the mean squared error by gradients.

    Columns of X are scaled to [0, 1] by their range in ``fit``, and clipped later: beyond that range predictions stay
    what they are at its end. Targets are standardised, so losses and ``tol`` are those of targets of deviation 1.

    Parameters and fitted attributes are those of `NetworkClassifier`, without classes, and y_scaler_.

    >>> X = [[x / 10] for x in range(11)]
    >>> model = NetworkRegressor(random_state=0).fit(X, [1000 * x**2 for [x] in X])
    >>> bool(abs(model.predict([[0.5]])[0] - 250) < 25)
    True
    """

    @whole
    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Train a new network. y: a number for each row, or a row of them. sample_weight: as of the classifier."""
        X, y = validate_data(self, X, y, dtype="float64", multi_output=True, y_numeric=True)
        weights = self._weights(X, sample_weight)
        if weights is not None:
            X, y, weights = (x[weights > 0.0] for x in (X, y, weights))
        self._columns = None if y.ndim == 1 else y.shape[1]
        y = y.reshape(len(y), -1)
        with np.errstate(all="ignore"):
            self.y_scaler_ = StandardScaler().set_output(transform="default").fit(y, sample_weight=weights)
        variance = self.y_scaler_.var_
        if (faulty := ~np.isfinite(variance) | ((variance == 0.0) & (y != y[0]).any(0))).any():
            most = np.abs(y[:, faulty]).max()
            raise ValueError(f"y: the variance of numbers up to {most:g} overflows or underflows; divide them by "
                             f"{most:.0e}, and multiply the predictions by it")
        y = self.y_scaler_.transform(y)
        self._train(mse_loss, X, y if self._columns else y.ravel(), weights, y.shape[1])
        return self

    def predict(self, X: Any) -> Array:
        """The number, or the numbers, of each row."""
        outputs = self._outputs(X)
        found = self.y_scaler_.inverse_transform(outputs.reshape(len(outputs), -1))
        return found if self._columns else found.ravel()

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags


class Plateau:
    """A callback of fit that stops where the loss has not fallen by more than ``tol`` for so many epochs."""

    def __init__(self, tol: float, patience: int) -> None:
        self.tol, self.patience = tol, patience
        self.best, self.waited = float("inf"), 0

    def __call__(self, epoch: int, history: History) -> bool:
        loss = history["loss"][-1]
        self.waited = 0 if loss < self.best - self.tol else self.waited + 1
        self.best = min(self.best, loss)
        return self.waited >= self.patience


def _weighted_cross_entropy(output: Any, target: Any) -> Any:
    return mul(target[-1], cross_entropy(output, target[0]))


def _weighted_mse_loss(output: Any, target: Any) -> Any:
    return mul(target[-1], mse_loss(output, target[:-1]))
