"""The versions of a compiled function: a tree, in which below each are those for where one of its guards fails."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from autograd.compiler.executable import Compiled
from autograd.compiler.readings import Reading
from autograd.compiler.signature import flags, form, quick_parts, result_builder
from autograd.compiler.tracing import Trace
from autograd.compiler.uncompiled import Interpreted
from autograd.graph.context import active_inputs, modes
from autograd.lower.backend import CallLayout
from autograd.ops.mentions import Mention
from autograd.program.program import RELATIONS, Program, names
from autograd.program.simplification import listed, simplify


class Version:
    """What the function is for the inputs that pass its guards; below it, what it is where one fails."""

    __slots__ = ("code", "give", "looks", "made", "mentions", "others", "outside", "quick", "read")

    def __init__(self, made: Trace, backend: str | None, key: tuple[Any, ...],
                 mentions: Sequence[Mention], read: Reading | None) -> None:
        """backend: None for a version without code, for this call.

        mentions: what formulas in it mention. read: what else the function reads.
        """
        found = form(made)
        parts = quick_parts(key) if found is not None and not made.captured else None
        self.made, self.mentions, self.read = made, mentions, read
        self.code: Any = Interpreted(made.program) if backend is None else \
            Compiled(made.program, backend, CallLayout(parts, found) if parts else None)
        self.outside = self.code.outside(made.plain) if made.plain else self.code
        # of all arguments as a tuple; answers None for what it is not made for, and looks at nothing else
        self.quick: Any = None if mentions else self.code.quick
        self.give = result_builder(found) if found is not None else lambda out: made.rebuild(list(out))
        self.others: dict[int, Version] = {}        # by the number of the guard

    def holds(self, jitted: Any, key: Any) -> bool:
        """Whether it answers for what is outside now."""
        if self.mentions and not all(mention.holds() for mention in self.mentions):
            return False
        return not active_inputs or not self.moved(jitted, key)

    def moved(self, jitted: Any, key: Any) -> bool:
        """Whether, where a derivative is taken, the function reads other Values than it did.

        They may well depend on what the derivative is taken by, and would get a gradient of 0.
        """
        if self.read is None or not modes.transforms or self.read.same():
            return False
        now = Reading(*jitted.runs(key))
        if not now.finds(self.read):
            return True
        self.read = now     # other objects with the same Values
        return False

    def below(self, guard: int, args: Any) -> Any:
        """What the versions below answer, the quick way, where this guard failed; None if they cannot."""
        version = self
        while True:
            found = version.others.get(guard)
            if found is None or found.quick is None or active_inputs:
                return None
            version, out = found, found.quick(args)
            if out.__class__ is not int:
                return out
            guard = out

    def all(self) -> Iterator[tuple[int, "Version", "Version | None", int]]:
        """This one and those below it: how deep, below which, and which of its guards failed."""
        waiting: list[tuple[int, Version, Version | None, int]] = [(0, self, None, -1)]
        while waiting:
            depth, version, above, guard = waiting.pop()
            yield depth, version, above, guard
            below = version.others.copy()       # as it is now: another thread may be adding to it
            waiting += [(depth + 1, below[number], version, number) for number in sorted(below, reverse=True)]


class Specializations:
    """The versions of one function, or of one method of an object."""

    __slots__ = ("captures", "latest", "roots", "uncompiled")

    def __init__(self) -> None:
        self.roots: dict[Any, Version] = {}     # by the structure of the arguments
        self.latest: Version | None = None      # the root that may answer the quick way
        self.captures: Any = None       # a weak reference to the last derivative inside which it had no Program
        self.uncompiled: Counter[str] = Counter()       # the calls that ran so, by the reason


class Programs(list[Program]):
    """The Programs of all versions, as a list whose text shows the tree.

    >>> from autograd import jit
    >>> hinge = jit(lambda x: x * x if x > 1.0 else x if x > 0.0 else 0.0 * x)
    >>> [hinge(x) for x in (2.0, 0.5, -1.0)]
    [4.0, 0.5, -0.0]
    >>> hinge.programs
    <Program f: 1 inputs, 1 instructions>
      x > 1.0 is False: <Program f: 1 inputs, 0 instructions>
        x > 0.0 is False: <Program f: 1 inputs, 1 instructions>
    """

    def __init__(self, roots: Iterable[tuple[tuple[Any, ...], Version]]) -> None:
        super().__init__()
        self._lines: list[tuple[int, Any]] = []
        shown: dict[Version, Program] = {}
        for key, root in roots:
            for depth, version, above, guard in root.all():
                made = version.made     # a derivative is kept as eager would record it
                shown[version] = simplify(made.program) if made.derived else listed(made.program)
                self.append(shown[version])
                self._lines.append((depth, (shown[above], guard) if above else flags(key)))

    def __repr__(self) -> str:
        if not self or len(self) != len(self._lines):       # someone changed it
            return super().__repr__()
        return "\n".join(map(self._line, self._lines, self))

    __str__ = __repr__

    @staticmethod
    def _line(place: tuple[int, Any], program: Program) -> str:
        depth, why = place
        if depth:
            above, number = why
            relation, left, right, outcome = above.guards[number]
            called = names(above)
            left, right = (called[x] if x.__class__ is int else repr(x) for x in (left, right))
            return f"{'  ' * depth}{left} {RELATIONS[relation]} {right} is {not outcome}: {program!r}"
        return f"{program!r}{' for ' + ', '.join(map(repr, why)) if why else ''}"
