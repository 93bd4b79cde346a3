"""Scores of predictions and of a baseline guess, as sentences with figures."""

from collections.abc import Sequence
from math import fsum, hypot, sqrt

from autograd.quoting import quoted
from nn.metrics import balanced_accuracy, confusion_matrix
from nn.tabular.columns import Column

MATRIX = 10     # classes that a confusion matrix shows; of more, as many of the commonest errors


def score(target: Column, found: Sequence[Sequence[float]], wanted: Sequence[float],
          guess: float | None = None) -> str:
    """Accuracy, or root mean square error and R²; and that of always guessing ``guess``, where it is given."""
    return _accuracy(target, found, wanted, guess) if target.labels else _errors(found, wanted, guess)


def score_number(target: Column, found: Sequence[Sequence[float]], wanted: Sequence[float]) -> float:
    """The score as one number, which is larger where predictions are better: accuracy, or R²; without R² the error."""
    if target.labels:
        return sum(best_class(probabilities) == x for probabilities, x in zip(found, wanted, strict=True)) / len(wanted)
    mean = fsum(wanted) / len(wanted)
    error, around = _root([x[0] - y for x, y in zip(found, wanted, strict=True)]), _root([y - mean for y in wanted])
    return 1.0 - (error / around)**2 if around else -error


def class_report(target: Column, found: Sequence[Sequence[float]], wanted: Sequence[float]) -> list[str]:
    """Lines with the balanced accuracy and the confusion matrix; of a regression none."""
    if not target.labels:
        return []
    targets = [int(x) for x in wanted]
    counts = confusion_matrix(found, targets)
    lines = [f"balanced accuracy {balanced_accuracy(found, targets):.1%}, the mean of each class's own"]
    if len(counts) > MATRIX:
        errors = sorted(((n, -i, -j) for i, row in enumerate(counts) for j, n in enumerate(row) if n and i != j),
                        reverse=True)[:MATRIX]
        return [*lines, *(f"  {quoted(target.labels[-i], 20)} taken for {quoted(target.labels[-j], 20)}: {n:,}"
                          for n, i, j in errors)]
    names = [quoted(label, 20)[1:-1] for label in target.labels]
    table = [["", *names], *([name, *(f"{n:,}" for n in row)] for name, row in zip(names, counts, strict=True))]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return [*lines, "confusion matrix: a row for each class, a column for each prediction",
            *("  " + "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) for row in table)]


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
