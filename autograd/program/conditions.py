"""Conditions of a tape and the implications between them: impossible combinations are not recorded."""

from typing import Any

from autograd.ops.internal import chosen
from autograd.ops.primitives import Op

Facts = frozenset[tuple[Any, bool]]
NONE: Facts = frozenset()


class Conditions:
    """The conditions of a tape, made of comparisons: operands, or 1.0 and 0.0 where the outcome is known."""

    def __init__(self) -> None:
        self._origin: dict[tuple[Any, ...], Any] = {}
        self._facts: dict[Any, Facts] = {}      # of a compound condition: the comparisons that it implies
        self._not: dict[Any, Any] = {}
        self._some: set[Any] = set()            # the conditions that their facts do not imply

    def emit(self, op: Op, *args: Any) -> Any:
        """The operand that holds ``op`` of these operands."""
        raise NotImplementedError

    def compare(self, op: Op, *args: Any) -> Any:
        """A comparison; equal ones are one, since no contribution passes through it."""
        key = op, *[repr(x) if x.__class__ is float else x for x in args]     # register 1 is not 1.0
        found = self._origin.get(key)
        if found is None:
            found = self._origin[key] = self.emit(op, *args)
        return found

    def facts(self, condition: Any) -> Facts:
        """The comparisons, and their outcomes, that the condition implies."""
        found = self._facts.get(condition)
        return frozenset([(condition, True)]) if found is None else found

    def follows(self, second: Any, facts: Facts) -> bool:
        """Whether these facts imply a condition."""
        return second not in self._some and self.facts(second) <= facts

    def both(self, first: Any, second: Any) -> Any:
        """The conjunction of two conditions."""
        if first.__class__ is float or second.__class__ is float:
            certain, other = (first, second) if first.__class__ is float else (second, first)
            return other if certain else 0.0
        left, right = self.facts(first), self.facts(second)
        if first is second or self.follows(second, left):
            return first
        if self.follows(first, right):
            return second
        if any((x, not way) in left for x, way in right):
            return 0.0
        found = self.compare(chosen, first, second, 0.0)
        self._facts[found] = left | right
        if first in self._some or second in self._some:
            self._some.add(found)
        return found

    def either(self, first: Any, second: Any) -> Any:
        """The disjunction of two conditions."""
        if first.__class__ is float or second.__class__ is float:
            certain, other = (first, second) if first.__class__ is float else (second, first)
            return 1.0 if certain else other
        left, right = self.facts(first), self.facts(second)
        if first is second or self.follows(first, right):
            return first
        if self.follows(second, left):
            return second
        if self._not.get(first) is second:
            return 1.0
        found = self.compare(chosen, first, 1.0, second)
        self._facts[found] = left & right
        self._some.add(found)
        return found

    def negated(self, condition: Any) -> Any:
        """The negation of a condition."""
        if condition.__class__ is float:
            return 0.0 if condition else 1.0
        found = self._not.get(condition)
        if found is None:
            found = self.compare(chosen, condition, 0.0, 1.0)
            self._not[condition], self._not[found] = found, condition
            facts = self._facts[found] = self._denied(condition)
            if not facts:
                self._some.add(found)
        return found

    def _denied(self, condition: Any) -> Facts:
        """The comparisons, and their outcomes, that the negation of the condition implies."""
        facts = self.facts(condition)
        sole = len(facts) == 1 and condition not in self._some
        return frozenset([(x, not way) for x, way in facts]) if sole else NONE

    def decide(self, condition: Any, first: Any, second: Any) -> Any:
        """``first`` where the condition holds, else ``second``."""
        if condition.__class__ is float:
            return first if condition else second
        if second.__class__ is float and not second:
            return self.both(condition, first)
        if first.__class__ is float:
            if first:
                return self.either(condition, second)
            return self.both(self.negated(condition), second)
        left, right = self.facts(condition), self._denied(condition)
        if self._related(left, first) or self._related(right, second):
            return self.either(self.both(condition, first), self.both(self.negated(condition), second))
        found = self.compare(chosen, condition, first, second)      # one selection in place of three
        self._facts[found] = (left | self.facts(first)) & (right | self.facts(second))
        self._some.add(found)
        return found

    def _related(self, facts: Facts, condition: Any) -> bool:
        """Whether the facts imply that a condition holds, or that it does not."""
        return condition.__class__ is not float and (
            self.follows(condition, facts) or any((x, not way) in facts for x, way in self.facts(condition)))
