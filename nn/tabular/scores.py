"""Scores of predictions and of a baseline guess, as sentences with figures."""

from collections.abc import Sequence
from math import fsum, hypot, sqrt

from autograd.quoting import quoted
from nn.tabular.columns import Column


def score(target: Column, found: Sequence[Sequence[float]], wanted: Sequence[float],
          guess: float | None = None) -> str:
    """Accuracy, or root mean square error and R²; and that of always guessing ``guess``, where it is given."""
    return _accuracy(target, found, wanted, guess) if target.labels else _errors(found, wanted, guess)


def best_class(probabilities: Sequence[float]) -> int:
    """The index of the most probable class."""
    return max(range(len(probabilities)), key=probabilities.__getitem__)


def baseline_guess(target: Column, wanted: Sequence[float]) -> float:
    """The guess that uses the target alone: its commonest class, or its mean."""
    return max(sorted({*wanted}), key=list(wanted).count) if target.labels else fsum(wanted) / len(wanted)


def _accuracy(target: Column, found: Sequence[Sequence[float]], wanted: Sequence[float], guess: float | None) -> str:
    right = sum(best_class(probabilities) == x for probabilities, x in zip(found, wanted, strict=True))
    told = f"accuracy {right / len(wanted):.1%} ({right:,} of {len(wanted):,})"
    if guess is None:
        return told
    return f"{told}; always {quoted(target.labels[int(guess)])}: {list(wanted).count(guess) / len(wanted):.1%}"


def _errors(found: Sequence[Sequence[float]], wanted: Sequence[float], guess: float | None) -> str:
    mean = fsum(wanted) / len(wanted)
    error, around = _root([x[0] - y for x, y in zip(found, wanted, strict=True)]), _root([y - mean for y in wanted])
    fit = ""
    if around:      # of equal numbers there is nothing to explain
        share = 1.0 - (error / around)**2
        fit = f", R² {share:{'.4f' if share > -1000.0 else '.4g'}}"
    told = f"root mean square error {error:.4g}{fit}"
    if guess is None:
        return told
    return f"{told}; always answering the mean, {guess:.4g}: error {_root([guess - y for y in wanted]):.4g}"


def _root(numbers: Sequence[float]) -> float:
    """The root of the mean of their squares."""
    return hypot(*numbers) / sqrt(len(numbers))
