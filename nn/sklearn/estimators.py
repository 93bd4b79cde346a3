"""Estimator: what all estimators share: Python's numbers out of parameters, a seed, inputs scaled to [0, 1]."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, ClassVar, TypeVar

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.preprocessing import MinMaxScaler
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted, validate_data

from nn.layers.data_rows import MOST
from nn.validators import Rule

Array = Any     # numpy.ndarray
Method = TypeVar("Method", bound=Callable[..., Any])


def plain(x: Any) -> Any:
    """Python's number for NumPy's; all else as it is."""
    return x.item() if getattr(x, "shape", None) == () else x


def whole(method: Method) -> Method:
    """A ``fit`` that after an exception, Ctrl-C too, leaves the estimator as it was."""
    @wraps(method)
    def fitted(self: Any, *args: Any, **options: Any) -> Any:
        before = dict(vars(self))
        try:
            return method(self, *args, **options)
        except BaseException:
            vars(self).clear()
            vars(self).update(before)
            raise

    return fitted   # type: ignore[return-value]


class Estimator(BaseEstimator):  # type: ignore[misc]
    """A base: scikit-learn checks the rows, and the model of nn its parameters.

    Each column is scaled to [0, 1] by its range in ``fit``; later rows are scaled alike, and clipped.
    """

    _rules: ClassVar[Mapping[str, Rule]]        # what the parameters may be; an error names the estimator's, not nn's

    def _parameters(self, *names: str) -> list[Any]:
        """These parameters, checked, with Python's numbers for NumPy's, which a grid of an array has."""
        return [self._rules[name](f"{type(self).__name__}: {name}", plain(getattr(self, name))) for name in names]

    def _seed(self) -> int:
        """A seed for a model of nn by ``random_state``; None draws from NumPy's own generator."""
        try:
            return int(check_random_state(self.random_state).randint(2**31 - 1))
        except ValueError as error:
            raise ValueError(f"{type(self).__name__}: random_state: {error}") from None

    def _first_rows(self, X: Any) -> Array:
        """The rows of ``fit``, scaled."""
        return self._scaled(validate_data(self, X, dtype="float64"))

    def _scaled(self, X: Array) -> Array:
        self.scaler_ = fitted_scaler(X)
        return self.scaler_.transform(X)

    def _rows(self, X: Any) -> Array:
        """Rows for the fitted model."""
        check_is_fitted(self)
        X = validate_data(self, X, reset=False, dtype="float64")
        with np.errstate(over="ignore"):        # what overflows is clipped
            return self.scaler_.transform(X)


def fitted_scaler(X: Array) -> MinMaxScaler:
    """From the range of each column to [0, 1]; it gives arrays, also where scikit-learn is set to give tables.

    A ValueError names a number so large that the range may overflow.
    """
    if (beyond := np.argwhere(np.abs(X) > MOST)).size:
        i, j = beyond[0]
        raise ValueError(f"X, row {i}, column {j} (counted from 0), is {X[i, j]}, and the range of a column overflows "
                         f"with numbers beyond {MOST:g}: leave the row out, or divide the column by {MOST:g}")
    return MinMaxScaler(clip=True).set_output(transform="default").fit(X)
