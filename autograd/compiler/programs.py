"""The Programs of a compiled function, as a list whose text shows which guard leads to which."""

from collections.abc import Iterable
from typing import Any

from autograd.compiler.signature import Signature
from autograd.compiler.specializations import Specialization
from autograd.program.program import RELATIONS, Program, names
from autograd.program.simplification import listed, simplify


class Programs(list[Program]):
    """The Programs of all specializations; the text is the tree of guards.

    >>> from autograd import jit
    >>> hinge = jit(lambda x: x * x if x > 1.0 else x if x > 0.0 else 0.0 * x)
    >>> [hinge(x) for x in (2.0, 0.5, -1.0)]
    [4.0, 0.5, -0.0]
    >>> hinge.programs
    <Program f: 1 inputs, 1 instructions>
      x > 1.0 is False: <Program f: 1 inputs, 0 instructions>
        x > 0.0 is False: <Program f: 1 inputs, 1 instructions>
    """

    def __init__(self, roots: Iterable[tuple[Signature, Specialization]]) -> None:
        super().__init__()
        self._lines: list[tuple[int, Any]] = []     # the depth; the Program above and its guard, or the static values
        self._notes: list[str] = []
        known: dict[Specialization, Program] = {}
        for signature, root in roots:
            for depth, specialization, above, guard in root.all():
                trace = specialization.trace        # a derivative is kept as eager would record it
                program = known[specialization] = (simplify if trace.derived else listed)(trace.program)
                self.append(program)
                self._lines.append((depth, (known[above], guard) if above else signature.static()))
                self._notes.append(specialization.note)

    def __repr__(self) -> str:
        if not self or len(self) != len(self._lines):       # someone changed it
            return super().__repr__()
        return "\n".join([line + note for line, note in zip(map(self._line, self._lines, self), self._notes,
                                                            strict=True)])

    __str__ = __repr__

    @staticmethod
    def _line(place: tuple[int, Any], program: Program) -> str:
        depth, why = place
        if depth:
            above, number = why
            if number >= len(above.guards):
                return f"{'  ' * depth}with another way through a loop: {program!r}"
            relation, left, right, outcome = above.guards[number]
            called = names(above)
            left, right = (called[x] if x.__class__ is int else repr(x) for x in (left, right))
            return f"{'  ' * depth}{left} {RELATIONS[relation]} {right} is {not outcome}: {program!r}"
        return f"{program!r}{' for ' + ', '.join(map(repr, why)) if why else ''}"
