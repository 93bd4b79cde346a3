"""What `check_engine` found: as text in English or Chinese, as JSON for graders, and as a picture."""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from autograd import topological_order
from viz.engine_check.cases import Case, close
from viz.engine_check.diagnosis import Diagnosis, Outcome, Walk, listed
from viz.engine_check.expressions import NAMES
from viz.graph.digraph import Drawing
from viz.mistakes import ENGINES
from viz.mistakes.comparison import Comparison, comparison
from viz.mistakes.drawing import drawing
from viz.mistakes.engines import Engine
from viz.mistakes.sweeps import right
from viz.text import clean, number
from viz.words.engine_check import WORDS
from viz.words.language import chosen

LONGEST = 300       # characters of an error's message, which a student's code may have written


@dataclass(frozen=True)
class Counterexample:
    """An expression on which the engine is wrong, and why.

    >>> from autograd import Value
    >>> from viz import check_engine
    >>> class Forgetful(Value):
    ...     def __neg__(self):
    ...         return Value(-self.data)
    >>> check_engine(Forgetful).counterexample.expression
    '-a'
    """

    case: Case
    outcome: Outcome
    diagnosis: Diagnosis

    @property
    def expression(self) -> str:
        """As Python."""
        return str(self.case.expression)

    @property
    def nodes(self) -> int:
        """How many: leaves, operations and numbers."""
        return self.case.expression.nodes

    @property
    def mistake(self) -> str:
        """Of the gallery; or held, operand, value, raises, seed, start, partial, upstream, shallow or unknown."""
        return self.diagnosis.name

    def why(self, lang: str | None = None) -> str:
        """One sentence: which mistake explains the numbers."""
        lang = chosen(lang)
        words = WORDS[lang]
        if self.mistake == "updated_weights":
            return words.updated.format(", ".join(f"{name} = {number(x)}" for name, x in self._after()))
        if self.diagnosis.in_gallery:
            engine, walk = ENGINES[self.mistake], self.diagnosis.walk
            return words.gallery.format(engine.title(lang), self._run(walk).reason(lang) if walk else engine.why(lang))
        details = {name: number(x) if isinstance(x, float) else clean(x, LONGEST)
                   for name, x in self.diagnosis.details.items()}
        if "right" in details:
            details["got"], details["right"] = apart(self.diagnosis.details["got"], self.diagnosis.details["right"])
        return words.mistakes[self.mistake].format(root="a", **details)

    def _after(self) -> Iterator[tuple[str, float]]:
        return ((NAMES[i], x) for i, x in enumerate(self.outcome["after"]) if x != self.outcome["built"][i])

    def _run(self, walk: Walk) -> Comparison:
        root, _ = self.case.graph()
        return comparison(ENGINES[self.mistake], root, walk(root))

    def rows(self) -> list[tuple[str, float | None, float]]:
        """What is compared, what the engine gives (None after an error), and what is right."""
        names = ["value", *(f"d/d{NAMES[i]}" for i in range(len(self.case.numbers)))]
        true = [self.case.value, *self.case.gradients]
        got = [None] * len(true) if "error" in self.outcome else [self.outcome["value"], *self.outcome["gradients"]]
        return list(zip(names, got, true, strict=True))

    def picture(self, lang: str | None = None) -> Drawing:
        """The expression with the engine's wrong gradients in red beside the right ones."""
        lang = chosen(lang)
        if self.diagnosis.in_gallery and self.diagnosis.walk:
            return drawing(self._run(self.diagnosis.walk), lang)
        root, leaves = self.case.graph()
        run = right(root)
        true = {node: run.gradients[node] for node in topological_order(root) if node in run.gradients}
        got = {} if "error" in self.outcome else dict(zip(leaves, self.outcome["gradients"], strict=True))
        # of one operation on different Values the arrow is known; else the engine's own arrows are not
        wrong = [i for i, step in enumerate(run.steps) if not close(got.get(step.operand, 0.0), true[step.operand])]
        alone = len(self.case.expression.steps) == 1 and not self.case.expression.shared
        first = wrong[0] if wrong and got and alone else None
        names = {node: node.label for node in true}
        return drawing(Comparison(_Student(self.mistake, right, lambda: root), root, true, true | got, true,
                                  tuple(run.steps), tuple(run.steps), first, names, self.why(lang)), lang)

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return {"expression": self.expression, "nodes": self.nodes,
                "numbers": {NAMES[i]: x for i, x in enumerate(self.case.numbers)},
                "compared": [{"what": what, "got": _plain(got), "right": _plain(true)}
                             for what, got, true in self.rows()],
                "mistake": self.mistake, "in_gallery": self.diagnosis.in_gallery, "why": self.why()}


class _Student(Engine):
    """Stands for an engine that no entry of the gallery explains, in its picture."""

    def title(self, lang: str | None = None) -> str:
        return WORDS[chosen(lang)].title


@dataclass(frozen=True)
class Report:
    """The result of `check_engine`. True where the engine can be used and is right on everything that it has.

    name: of the class or file. unusable: why it cannot be graded, "" if it can; details: what that sentence names.
    points: of each method, and of a Value or a result that is used twice: "right", "wrong" or "missing".
    missing: what of micrograd's interface is not there. second_backward: of one graph, graded apart; None if right.
    notes: by name, for what is not wrong: "deep", "slow", "single", "imported".

    >>> from autograd import Value
    >>> from viz import check_engine
    >>> report = check_engine(Value)
    >>> bool(report), report.score, report.missing
    (True, 1.0, ())
    """

    name: str
    points: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    counterexample: Counterexample | None = None
    second_backward: Counterexample | None = None
    notes: Mapping[str, Any] = field(default_factory=dict)
    unusable: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return self.right

    @property
    def right(self) -> bool:
        """Whether it is right on everything that it has; what is missing is not wrong."""
        return not self.unusable and self.counterexample is None

    @property
    def status(self) -> int:
        """The exit status of the command: 0 right, 1 wrong, 2 cannot be used."""
        return 2 if self.unusable else 0 if self.right else 1

    @property
    def score(self) -> float:
        """The share of points that are right, from 0 to 1. A second backward does not count."""
        return sum(x == "right" for x in self.points.values()) / len(self.points) if self.points else 0.0

    def text(self, lang: str | None = None) -> str:
        """The report in "en" or "zh"; by default what `viz.set_language` says."""
        return "\n".join(self._lines(chosen(lang)))

    def __str__(self) -> str:
        return self.text()

    __repr__ = __str__

    def _lines(self, lang: str) -> Iterator[str]:
        words, found = WORDS[lang], self.counterexample
        if self.unusable:
            yield words.unusable.format(self.name)
            yield "  " + self.reason(lang)
        else:
            yield (words.right if found is None else words.wrong).format(self.name)
        if found is not None:
            yield words.smallest[found.nodes == 1].format(found.nodes)
            yield f"  {found.expression}   {words.given} {listed(found.case.numbers)}"
            for what, got, true in found.rows():
                if got is not None:
                    good = close(got, true)
                    given, must = (number(got), "") if good else apart(got, true)
                    verdict = words.good if good else words.must.format(must)
                    yield f"    {words.value if what == 'value' else what} = {given}   {verdict}"
            yield "  " + found.why(lang)
        if self.missing:
            yield words.missing.format(", ".join(self._method(name, lang) for name in self.missing))
        if self.second_backward is not None:
            yield words.second.format(self.second_backward.expression)
            for what, got, true in self.second_backward.rows()[1:]:
                if got is not None:
                    both, second = number(2 * true), number(true)
                    verdict = (words.second_must.format(both, second) if both != second
                               else words.good if close(got, true) else words.must.format(second))
                    yield f"    {what} = {number(got)}   {verdict}"
        yield from self._notes(lang)
        if self.points:
            yield words.score.format(sum(x == "right" for x in self.points.values()), len(self.points))

    def _method(self, name: str, lang: str) -> str:
        method, gap, _ = name.partition(" ")
        return WORDS[lang].number_of.format(method) if gap else method

    def _notes(self, lang: str) -> list[str]:
        return [getattr(WORDS[lang], note).format(detail) for note, detail in self.notes.items()]

    def reason(self, lang: str | None = None) -> str:
        """Why the engine cannot be used; empty if it can."""
        if not self.unusable:
            return ""
        words = WORDS[chosen(lang)]
        details = {name: clean(x, LONGEST) if isinstance(x, str) else x for name, x in self.details.items()}
        if "where" in details:
            details["where"] = words.stopped if details["where"] is None else words.stopped_at.format(details["where"])
        return words.reasons[self.unusable].format(**details)

    def picture(self, lang: str | None = None) -> Drawing | None:
        """The smallest wrong expression, or that of the second backward; None where nothing is wrong."""
        found = self.counterexample or self.second_backward
        return None if found is None else found.picture(lang)

    def as_json(self) -> str:
        """One JSON object on one line, for graders. Numbers that are not finite become "nan", "inf" and "-inf".

        Its keys and ``mistake`` are the same in all languages; its sentences are in the language that is spoken.
        """
        found, second = self.counterexample, self.second_backward
        return json.dumps({
            "engine": self.name, "usable": not self.unusable, "right": self.right, "score": round(self.score, 4),
            "points": dict(self.points), "missing": list(self.missing), "reason": self.reason(),
            "counterexample": found and found.as_json(),
            "second_backward": {"right": None if self.unusable else second is None,
                                "counterexample": second and second.as_json()},
            "notes": dict(zip(self.notes, self._notes(chosen(None)), strict=True))},
            allow_nan=False)


def apart(got: float, true: float) -> tuple[str, str]:
    """Two numbers as text, in full where they differ in late digits alone.

    >>> apart(0.5, 0.25), apart(9.000001, 9.0)
    (('0.5', '0.25'), ('9.000001', '9.0'))
    """
    short = number(got), number(true)
    return short if got == true or short[0] != short[1] else (repr(got), repr(true))


def _plain(x: float | None) -> float | str | None:
    return x if x is None or math.isfinite(x) else str(x)
