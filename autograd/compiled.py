"""A Program as code, and as an op that Values and Duals can go through."""

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import replace
from typing import Any

from autograd.arguments import bottom
from autograd.differentiate import depends, gradients
from autograd.floats import number
from autograd.lower.order import UnspellableError
from autograd.lower.python import lower
from autograd.op import Op, apply
from autograd.operand import Operand
from autograd.program import Program
from autograd.simplify import expand
from autograd.uncollected import uncollected


class Compiled:
    """A Program, its code, and the op that it is to Values and Duals."""

    def __init__(self, program: Program, backend: str, quick: Any = None) -> None:
        self.program, self.backend = program, backend
        self.run, self.quick, self.native = code(program, backend, quick)
        self.cut: frozenset[int] = frozenset()
        self.slopes: dict[int, Compiled] = {}
        self._ops: dict[int, Op] = {}
        self._active: tuple[list[int], list[bool]] = [], []     # the last call's carriers, and which outputs they reach

    def outside(self, cut: frozenset[int]) -> "Compiled":
        """The same code where these registers are plain numbers: derivatives, outside all transforms."""
        other = copy(self)
        other.cut, other.slopes, other._ops, other._active = cut, {}, {}, ([], [])
        return other

    def on(self, inputs: Sequence[Any], out: Sequence[float]) -> Sequence[Any]:
        """The outputs for floats and carriers; ``out``: what they are for the plain numbers."""
        carriers = [i for i, x in enumerate(inputs) if isinstance(x, Operand)]
        if not carriers:
            return out
        before, reached = self._active
        if before != carriers:
            active = depends(self.program, carriers, self.cut)
            reached = [x.__class__ is int and active[x] for x in self.program.outputs]
            self._active = carriers, reached
        return [apply(self.op(i), inputs) if flows else out[i] for i, flows in enumerate(reached)]

    def op(self, output: int) -> Op:
        """One output as an op of all inputs, whose partials are a Program, too."""
        if output in self._ops:
            return self._ops[output]
        op = Op()
        op.name, op.arity, op.infix, op.composite = self.program.name, None, "", False
        op.latex = rf"\operatorname{{{op.name}}}".replace("_", r"\_")
        op.partials = op.slopes = op.rules = ()
        op.value = lambda *inputs: self.run(list(inputs))[output]
        op.rule = lambda inputs, out: self.partials(output, inputs)
        self._ops[output] = op      # last: another thread may be looking
        return op

    def partials(self, output: int, inputs: Sequence[Any]) -> list[Any]:
        """d output / d input for each input; None where nothing flows."""
        count = len(self.program.inputs)
        if output not in self.slopes:
            program = gradients(self.program, range(count), (output,), presence=True, cut=self.cut, exact=False)
            program = replace(program, outputs=program.outputs[len(self.program.outputs):])
            self.slopes[output] = Compiled(program, self.backend)
        slopes = self.slopes[output]
        found = slopes.on(inputs, slopes.run([bare(x) for x in inputs]))
        return [slope if bare(present) else None for slope, present in zip(found[:count], found[count:], strict=True)]


@uncollected()
def code(program: Program, backend: str, quick: Any) -> tuple[Callable[..., Any], Any, Any]:
    """The function of a list of floats; and, where llvm makes the code, the quick way in, and the code.

    quick: the arguments and the result as that way in shall take and give them; None for none.
    """
    program = expand(program)
    if backend != "python":
        try:
            from autograd.lower.entries import Entry
            from autograd.lower.native import Native
            entry = Entry("quick", *quick) if quick else None
            native = Native(program, entry)
            found = native.function("quick", own=(*entry.own,)) if entry else None
            return native.function("of_list"), found, native
        except ImportError:
            if backend == "llvm":
                raise
        except UnspellableError:    # an op of the user's own, which only Python can compute
            pass
    return lower(program), None, None


def bare(x: Any) -> float:
    """The plain number at the bottom, as a float."""
    x = bottom(x)
    return x if x.__class__ is float else number(x, "jit")
