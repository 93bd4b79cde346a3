"""The errors this project raises on purpose.

    Exception
    └── AutogradError              anything below
        ├── TraceError             a gradient would be lost silently (also a TypeError)
        ├── GradientError          a gradient check failed
        ├── StaleValueError        a Value changed after it had been used
        ├── AnomalyError           a nan or an infinity arose inside ``anomaly`` (also a FloatingPointError)
        └── ExpressionError        a typed expression cannot be understood

Arguments of a wrong type raise Python's own ``TypeError``, and numbers outside what a function
takes its own ``ValueError``.
"""

from typing import Any

__all__ = ["AnomalyError", "AutogradError", "ExpressionError", "GradientError", "StaleValueError", "TraceError"]


class AutogradError(Exception):
    """The root of every error that pathgrad defines.

    >>> import autograd
    >>> issubclass(autograd.TraceError, autograd.AutogradError)
    True
    """


class TraceError(AutogradError, TypeError):
    """A Value was about to become a plain number, and its gradient to be lost.

    >>> import math
    >>> from autograd import Value
    >>> math.sin(Value(1.0))                # doctest: +ELLIPSIS
    Traceback (most recent call last):
    autograd.errors.TraceError: ...
    """


class GradientError(AutogradError):
    """A derivative disagrees with the one measured by another method.

    >>> from autograd import gradcheck, primitive
    >>> gradcheck(primitive("wrong", lambda x: x * x, lambda x, out: 3.0 * x), 1.0)         # doctest: +ELLIPSIS
    Traceback (most recent call last):
    autograd.errors.GradientError: ...
    """


class StaleValueError(AutogradError):
    """A Value was changed in a way that would mix two evaluations of one graph.

    >>> from autograd import Value
    >>> y = Value(2.0) * 3
    >>> y.data = 5.0                        # doctest: +ELLIPSIS
    Traceback (most recent call last):
    autograd.errors.StaleValueError: ...
    """


class AnomalyError(AutogradError, FloatingPointError):
    """A number or a gradient became nan or infinite; ``anomaly`` holds what ``find_anomaly`` found.

    >>> import autograd
    >>> with autograd.anomaly():
    ...     autograd.log(autograd.Value(-1.0))          # doctest: +ELLIPSIS
    Traceback (most recent call last):
    autograd.errors.AnomalyError: log(-1.0) is nan
    ...
    """

    anomaly: Any = None


class ExpressionError(AutogradError):
    """An expression, or a value given to one of its variables, cannot be understood: the command says it on one line.

    >>> raise ExpressionError("x = two: write a number, as in x=2")
    Traceback (most recent call last):
    autograd.errors.ExpressionError: x = two: write a number, as in x=2
    """


def missing(what: str, package: str, extra: str) -> ImportError:
    """The error where ``what`` needs a package that is not installed; ``extra``: pathgrad's extra with it."""
    return ImportError(f'{what} needs {package}: pip install ".[{extra}]" in a clone of pathgrad, or pip install '
                       f"{package}", name=package)
