"""When another version of a compiled function pays, and what its user can write where it does not."""

import re
from collections import Counter
from collections.abc import Iterable
from linecache import getline
from typing import Any

from autograd.source_lines import shown

# Work is counted in recorded instructions, not in seconds: what is compiled must not depend on the machine's load.
FEW = 2             # versions that every function may have
FREE = 5_000        # instructions of versions that are compiled without a question: about half a second
EACH = 40           # what a version costs besides its instructions
PRICE = 40          # uncompiled calls that cost as much as one version

# What to write for a comparison, by what stands in its line.
ADVICE = [
    (r"\b(max|min|sorted|sort)\(", "write autograd.maximum(a, b) for max(a, b) and autograd.minimum(a, b) for "
     "min(a, b); autograd.softmax(logits) and autograd.logsumexp(logits) need no max(logits)"),
    (r"\bwhile\b", "a fixed number of rounds has one version"),
    (r"\bif\b|[<>]|[!=]=|\band\b|\bor\b|\bnot\b", "write autograd.where(condition, a, b) for an if, and autograd.relu, "
     "abs, autograd.maximum or autograd.clip where they say the same"),
    (r"", "it is made in what this line calls, or in a higher derivative of a power"),
]


class VersionBudget:
    """What the versions of a function have cost, and whether another one pays.

    Beyond some work that is free, a version is compiled for every `PRICE` calls that ran uncompiled. So compilation
    never takes much longer than these calls did, and a branch that is often taken still gets its version.
    """

    __slots__ = ("calls", "made", "over", "work")

    def __init__(self) -> None:
        self.work = self.made = self.calls = 0      # calls: uncompiled ones since the last version
        self.over = ""      # why no other version is made, ever

    def pays(self) -> bool:
        """Whether the call that comes now is worth a version; else it counts as an uncompiled one."""
        if self.made < FEW or self.work < FREE or self.calls >= PRICE:
            return True
        self.calls += 1
        return False

    def wait(self, calls: int) -> None:
        """So many calls, rows of a batch, wait for one version: enough of them pay it before any runs uncompiled."""
        if self.calls + calls >= PRICE:
            self.calls = PRICE

    def spend(self, instructions: int) -> None:
        """A version of so many instructions was made."""
        self.work, self.made, self.calls = self.work + EACH + instructions, self.made + 1, 0


def decisive_comparison(failed: Iterable[tuple[Any, int]]) -> str:
    """The comparison that decides most often, the first one of equals, as its source line, and what to write for it.

    failed: the guards that did not hold, each a specialization and a number.
    """
    lines = Counter(line for above, guard in failed
                    if guard < len(above.trace.lines) and (line := above.trace.lines[guard]) is not None)
    if not lines:
        return ""
    line = max(lines, key=lines.__getitem__)
    text = getline(line[0], line[1])
    advice = next(advice for pattern, advice in ADVICE if re.search(pattern, text))
    return f". The comparison that decides most often is below; {advice}{shown(line)}"
