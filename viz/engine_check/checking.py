"""``check_engine``: runs an engine on expressions from the smallest on, and says what is wrong with it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from viz.engine_check.cases import Case, cases_of, large_cases, rounded_to_single, small_cases
from viz.engine_check.diagnosis import BASIC, Diagnosis, Outcome, diagnose, explains
from viz.engine_check.expressions import MOST_NODES, POINTS, Expression, feature, smaller
from viz.engine_check.report import Counterexample, Report
from viz.engine_check.worker import OPERATIONS, describe, evaluate, numbered_nodes
from viz.mistakes import sweeps

OPTIONAL = ("exp", "tanh")      # micrograd has neither
INTERFACE = ("__add__", "__mul__", "__pow__", "__neg__", "__sub__", "__truediv__", "__radd__", "__rmul__", "__rsub__",
             "__rtruediv__", "relu", *OPTIONAL)
METHODS_OF_TWO = ("__add__", "__mul__", "__sub__", "__truediv__")      # Values, or a Value and a number
DEEP = 2_000        # operations in a chain
NO_NUMBERS = ("AttributeError", "TypeError")        # what an operator raises that takes Values alone

Run = Callable[[Sequence[dict[str, Any]]], list[Outcome]]


def check_engine(engine: type) -> Report:
    """Grade a class with micrograd's interface: data, grad, + - * / **, relu, backward; exp and tanh if it has them.

    The report has the smallest expression on which the engine is wrong, of at most four nodes, and which mistake of
    `viz.mistakes` explains it. What an engine does not have yet is listed, and not wrong. A second backward on one
    graph is graded apart: micrograd's own is wrong there.

    The class runs in this process; ``pathgrad check-engine FILE.py`` runs a file in one of its own, with a time limit.
    Both give the same report in each run, also where nodes stand in sets: while it runs here, its nodes hash by number.

    >>> from autograd import Value
    >>> print(check_engine(Value))
    Value: right on every expression that was tried
    score: 19 of 19
    """
    if not isinstance(engine, type):
        raise TypeError(f"check_engine grades a class, not {type(engine).__name__}; write check_engine(Value)")

    def run(tasks: Sequence[dict[str, Any]]) -> list[Outcome]:
        with numbered_nodes(engine):
            return [evaluate(engine, task) for task in tasks]

    return grade(engine.__name__, lambda: describe(engine), run)


def grade(name: str, description: Callable[[], dict[str, Any]], run: Run) -> Report:
    """The report on an engine. run: gives the outcomes of tasks, in their order; description: what `worker.describe`
    says, asked for after the first of them."""
    [alone] = run([Expression(1, ()).task((3.0,))])
    methods = set(description()["methods"])
    if "backward" not in methods or alone.get("error") == "empty":
        return Report(name, unusable="no backward")
    if alone.get("error") and alone["at"] in ("Value", "data"):
        return Report(name, unusable="constructor", details={"message": f"{alone['error']}: {alone['message']}"})
    if not methods & set(INTERFACE):
        return Report(name, unusable="no operations")
    features = methods | {f"{method} number" for method in methods}
    small = [case for case in small_cases() if case.expression.features <= features]
    results = list(zip(small, run([case.task() for case in small]), strict=True))
    absent = _absent(results)
    results = [(case, outcome) for case, outcome in results if not case.expression.features & absent]
    if all(not case.expression.steps for case, _ in results):
        return Report(name, unusable="no operations")
    missing = _missing(methods - absent, absent)
    found = _first_wrong(results) or _larger_wrong(methods - absent, run)
    report = Report(name, _points(results, found), missing, found)
    return replace(report, second_backward=_second_backward(results, run), notes=_notes([] if found else results, run))


def _missing(methods: set[str], absent: set[str]) -> tuple[str, ...]:
    """What of the interface is not there; numbers are named where the method itself takes Values."""
    names = [name for name in INTERFACE if name not in methods and name not in OPTIONAL]
    return (*names, *(f"{name} number" for name in METHODS_OF_TWO if name in methods and f"{name} number" in absent))


def _absent(results: Iterable[tuple[Case, Outcome]]) -> set[str]:
    """Features that are not written yet: the method returns nothing, or takes no number."""
    found: set[str] = set()
    for case, outcome in results:
        if len(case.expression.steps) == 1 and "error" in outcome and outcome["at"] in OPERATIONS:
            name = feature(case.expression.steps[0])
            direct = name.replace("__r", "__") + " number" if name.startswith("__r") else name
            numbers = direct.endswith(" number") and (direct == name or direct in found)
            if outcome["error"] == "empty" or (numbers and outcome["error"] in NO_NUMBERS):
                found.add(name)
    return found


def _first_wrong(results: Sequence[tuple[Case, Outcome]]) -> Counterexample | None:
    """The smallest case that is wrong; of several the one of a basic operation, of which students make the others."""
    wrong = [(case, outcome) for case, outcome in results if not case.right(outcome)]
    if not wrong:
        return None
    case, outcome = min(wrong, key=lambda found: (found[0].expression.nodes,
                                                  not found[0].expression.features <= {*BASIC},
                                                  bool(found[0].expression.shared)))        # the first of equals
    return Counterexample(case, outcome, diagnose(case, results))


def _larger_wrong(methods: set[str], run: Run) -> Counterexample | None:
    """A larger case that is wrong, made as small as it stays wrong."""
    cases = large_cases(methods)
    results = list(zip(cases, run([case.task() for case in cases]), strict=True))
    found = next(((case, outcome) for case, outcome in results if not case.right(outcome)), None)
    while found:
        tried = cases_of(smaller(found[0].expression))
        near = list(zip(tried, run([case.task() for case in tried]), strict=True))
        less = next(((case, outcome) for case, outcome in near if not case.right(outcome)), None)
        if less is None:
            return Counterexample(*found, diagnose(found[0], [found]))
        found = less
    return None


def _points(results: Sequence[tuple[Case, Outcome]], found: Counterexample | None) -> dict[str, str]:
    """For each method on its own, and for what is used twice on methods that are right: right, wrong or missing."""
    alone = {name: True for case, _ in results if len(case.expression.steps) == 1 for name in case.expression.features}
    for case, outcome in results:
        if len(case.expression.steps) == 1 and not case.expression.shared and not case.right(outcome):
            alone |= dict.fromkeys(case.expression.features, False)
    # a power has a number as its exponent, and reflected methods have one on the left
    names = [*INTERFACE, *(f"{name} number" for name in METHODS_OF_TWO)]
    points = {name: "missing" if name not in alone else "right" if alone[name] else "wrong" for name in names
              if name in alone or name not in OPTIONAL}
    twice = {"accumulation": [case.right(outcome) for case, outcome in results if case.expression.shared
                              and not case.expression.shared_operations and _all(alone, case)],
             "order": [case.right(outcome) for case, outcome in results if case.expression.shared_operations
                       and _all(alone, case)]}
    for name, verdicts in twice.items():
        points[name] = "missing" if not verdicts else "right" if all(verdicts) else "wrong"
    if found is not None and "wrong" not in points.values():        # what shows in larger expressions alone
        points["order"] = "wrong"
    return points


def _all(alone: dict[str, bool], case: Case) -> bool:
    return all(alone.get(name, False) for name in case.expression.features)


def _second_backward(results: Sequence[tuple[Case, Outcome]], run: Run) -> Counterexample | None:
    """A smallest case that is right after one backward and wrong after two, if possible as micrograd's is."""
    cases = [replace(case, backwards=2) for case, outcome in results if 1 < case.expression.nodes < MOST_NODES
             and case.numbers[0] == POINTS[0][0] and case.right(outcome)]
    outcomes = run([case.task() for case in cases])
    again = [(case, outcome) for case, outcome in zip(cases, outcomes, strict=True) if not case.right(outcome)]
    for case, outcome in again:
        if "error" not in outcome and (walk := explains([sweeps.second_backward], case.graph(), outcome)):
            return Counterexample(case, outcome, Diagnosis("second_backward", walk=walk))
    for case, outcome in again:
        details: dict[str, Any] = {name: outcome[name] for name in ("error", "message", "at") if name in outcome}
        return Counterexample(case, outcome, Diagnosis("raises" if details else "second_backward", details))
    return None


def _notes(results: Iterable[tuple[Case, Outcome]], run: Run) -> dict[str, Any]:
    """What is not wrong, but worth knowing."""
    single = any(rounded_to_single(got, true) for case, outcome in results if "error" not in outcome
                 for got, true in zip([outcome["value"], *outcome["gradients"]], [case.value, *case.gradients],
                                      strict=True))
    notes: dict[str, Any] = {"single": 7} if single else {}
    chain = Expression(1, tuple(("+", i, 0) for i in range(DEEP)))
    [outcome] = run([chain.task((1.0,))])
    if outcome.get("error") == "RecursionError":
        return {**notes, "deep": f"{DEEP:,}"}
    return {**notes, "slow": f"{DEEP:,}"} if outcome.get("error") == "slow" else notes
