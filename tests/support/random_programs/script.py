"""A program as text, the numbers it is called with, and how it is run: eagerly, compiled, or exactly."""

from dataclasses import dataclass, field
from functools import partial
from math import inf, nan

import numpy as np

import autograd as ag
from tests.support.random_programs import names
from tests.support.random_programs.exact import Exact

HEAD = """from math import inf, nan

import numpy as np

import autograd as ag
from autograd import Value, jit

"""


@dataclass
class Script:
    """``calls``: expressions for what is called; ``points``: the text of each one's arguments."""

    text: str
    calls: list[str]
    points: list[str]
    order: list[tuple[int, int]]        # which call at which point, one after another
    bits: bool = True       # whether compiled is eager to the bit; else right to rounding
    floats: bool = True     # whether eager on plain floats is the reference, before eager on Values
    plain: bool = False     # whether these are plain numbers in it, where an int would be one: -0 is 0
    raises: bool = False    # whether the compiled may refuse
    changes: list[str] = field(default_factory=list)        # statements between the calls, by turns

    def __str__(self):
        lines = [HEAD + self.text, ""]
        for i, (call, point) in enumerate(self.order):
            lines += [self.changes[i % len(self.changes)]] if self.changes else []
            lines.append(f"print({self.calls[call]}({self.points[point]}))")
        return "\n".join(lines) + "\n"

    def run(self, kind):
        """The callables in a namespace of their own: "eager", "exact", or the name of a backend."""
        space = {"np": np, "inf": inf, "nan": nan, "ag": ag, "Value": ag.Value, "jit": plain, "__name__": "script"}
        if kind == "exact":
            space |= {"ag": names.ag, "Value": Exact}
        elif kind != "eager":
            space["jit"] = partial(ag.jit, backend=kind)
        exec(compile(self.text, f"<{kind}>", "exec"), space)
        return space

    def arguments(self, point):
        return eval(f"[{self.points[point]}]", {"np": np, "inf": inf, "nan": nan})


def plain(f=None, **options):
    """jit that compiles nothing."""
    return f if f else plain
