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
    """The root of every error that pathgrad defines."""


class TraceError(AutogradError, TypeError):
    """A Value was about to become a plain number, and its gradient to be lost."""


class GradientError(AutogradError):
    """A derivative disagrees with the one measured by another method."""


class StaleValueError(AutogradError):
    """A Value was changed in a way that would mix two evaluations of one graph."""


class AnomalyError(AutogradError, FloatingPointError):
    """A number or a gradient became nan or infinite; ``anomaly`` holds what ``find_anomaly`` found."""

    anomaly: Any = None


class ExpressionError(AutogradError):
    """An expression, or a value given to one of its variables, cannot be understood."""


def missing(what: str, package: str, extra: str) -> ImportError:
    """The error where ``what`` needs a package that is not installed; ``extra``: pathgrad's extra with it."""
    return ImportError(f'{what} needs {package}: pip install ".[{extra}]" in a clone of pathgrad, or pip install '
                       f"{package}", name=package)
