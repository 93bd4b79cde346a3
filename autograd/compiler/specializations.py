"""The specializations of a compiled function: a tree, with a branch for each guard that failed."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from autograd.compiler.captured_values import CapturedValues
from autograd.compiler.executable import Executable
from autograd.compiler.interpreter import Interpreted
from autograd.compiler.layout import result_builder, result_layout
from autograd.compiler.signature import Signature
from autograd.compiler.tracing import Trace
from autograd.compiler.version_budget import VersionBudget, decisive_comparison
from autograd.graph.context import active_inputs, modes
from autograd.lower.layout import CallLayout
from autograd.ops.free_variables import FreeVariable
from autograd.program.reroll import reroll
from autograd.program.rolled import straightened

MOST = 64               # specializations of one call signature
MOST_SIGNATURES = 256


class Specialization:
    """The code for the inputs that pass its guards; below it, the specializations for those where one fails."""

    __slots__ = ("build_result", "by_failed_guard", "captured", "captured_values", "code", "fast_entry", "mentions",
                 "outside_code", "run", "trace")
    rolled = staticmethod(reroll)       # its Program may hold what repeats itself once

    def __init__(self, trace: Trace, backend: str | None, signature: Signature,
                 mentions: Sequence[FreeVariable], captured_values: CapturedValues | None, fast: bool,
                 cache: bool) -> None:
        """backend: None for a specialization without code, for one call. fast: as of `jit`.

        mentions: the variables that formulas in it mention. captured_values: the others that the function reads.
        cache: whether the code is kept on the disk.
        """
        layout = result_layout(trace)
        arguments = signature.fast_arguments() if not trace.captured else None
        self.trace, self.mentions, self.captured_values = trace, mentions, captured_values
        self.captured = trace.captured
        self.code: Any = Interpreted(trace.straight() if trace.straight else straightened(trace.program)) \
            if backend is None else Executable(
                trace.program, backend, CallLayout(arguments, layout) if layout is not None and arguments else None,
                fast, cache, trace.straight)
        self.run = self.code.run
        # the same code where derivatives leave all transforms and are plain numbers
        self.outside_code = self.code.outside(trace.plain) if trace.plain else self.code
        # takes all arguments as a tuple; gives None for others than it is made for, an int where a guard fails
        self.fast_entry: Any = None if mentions else self.code.fast_entry
        self.build_result = result_builder(layout) if layout is not None else lambda out: trace.filled(out)
        self.by_failed_guard: dict[int, Specialization] = {}

    def holds(self, jitted: Any, signature: tuple[Any, Any]) -> bool:
        """Whether it answers for the state that the function captures now."""
        if self.mentions and not all(mention.holds() for mention in self.mentions):
            return False
        return not active_inputs or not self.moved(jitted, signature)

    def moved(self, jitted: Any, signature: tuple[Any, Any]) -> bool:
        """Whether, where a derivative is taken, the function reads other Values than it did.

        They may depend on the inputs of the derivative, and would get a gradient of 0.
        """
        if self.captured_values is None or not modes.transforms or self.captured_values.same():
            return False
        now = CapturedValues(*jitted.functions(signature))
        if not now.finds(self.captured_values):
            return True
        self.captured_values = now      # other objects with the same Values
        return False

    @property
    def note(self) -> str:
        """What the list of Programs says of its code."""
        return ""

    def fast_result(self, guard: int, args: Any) -> Any:
        """The result of a specialization below, by its fast entry, where this guard failed; None if it has none."""
        above = self
        while True:
            found = above.by_failed_guard.get(guard)
            if found is None or found.fast_entry is None or active_inputs:
                return None
            above, out = found, found.fast_entry(args)
            if out.__class__ is not int:
                return out
            guard = out

    def all(self) -> Iterator[tuple[int, "Specialization", "Specialization | None", int]]:
        """This one and those below it: its depth, the one above it, and which guard failed there."""
        waiting: list[tuple[int, Specialization, Specialization | None, int]] = [(0, self, None, -1)]
        while waiting:
            depth, found, above, guard = waiting.pop()
            yield depth, found, above, guard
            below = found.by_failed_guard.copy()        # as it is now: another thread may be adding to it
            waiting += [(depth + 1, below[number], found, number) for number in sorted(below, reverse=True)]


class Specializations:
    """All specializations of one function, or of one method of an object."""

    __slots__ = ("budget", "captures", "direct", "latest", "latest_by_names", "reasons", "roots", "uncompiled")

    def __init__(self) -> None:
        self.roots: dict[Any, Specialization] = {}      # by call signature
        self.latest: Specialization | None = None       # the root whose fast entry is tried first
        self.latest_by_names: dict[tuple[str, ...], Specialization] = {}    # and with these arguments by keyword
        self.direct: Any = None         # of a batched function: its calls that machine code takes whole
        self.captures: Any = None       # a weak reference to the last derivative inside which it had no Program
        self.uncompiled: Counter[str] = Counter()       # how many calls ran uncompiled, by the reason
        self.reasons: list[str] = []        # what was told of them
        self.budget = VersionBudget()

    def keep_latest(self, found: Specialization | None, names: tuple[str, ...]) -> None:
        """Let calls with these arguments by keyword try this one first; None: no one."""
        if not names:
            self.latest = found
        elif found is None:
            self.latest_by_names.pop(names, None)
        else:
            self.latest_by_names[names] = found

    def full(self, signature: Signature, again: bool = False) -> str:
        """Why a call with this signature gets no version of its own; empty where it gets one.

        again: whether it replaces one, as what the function captures has changed.
        """
        if self.budget.over:
            return self.budget.over
        root = self.roots.get(signature)
        ways = sum(1 for _ in root.all()) if root is not None else 0
        if ways >= MOST:
            why = f"its comparisons came out in more than {MOST} ways for one structure of its arguments"
        elif root is None and len(self.roots) >= MOST_SIGNATURES:
            why = f"its arguments came in more than {MOST_SIGNATURES} structures (lengths, shapes, flags, functions)"
        elif again or self.budget.pays():
            return ""
        elif root is not None:
            why = "its comparisons come out in many ways, and to compile each costs more than uncompiled calls"
        else:
            why = "its arguments come in many structures (lengths, shapes, flags, functions), and to compile each " \
                  "costs more than uncompiled calls"
        return why

    def told(self, signature: Signature, why: str, above: tuple[Specialization, int] | None) -> str:
        """The reason with what follows from it, and the comparison that it is about; above: whose guard failed now."""
        failed, root = [above] if above else [], self.roots.get(signature)
        if above and root is not None:
            failed += [(other, guard) for _, _, other, guard in root.all() if other is not None]
        return f"{why}; from now on calls that need another version run uncompiled{decisive_comparison(failed)}"
