"""A Program as code, and as an op that Values and Duals can go through."""

from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from typing import Any

from autograd.lower.backend import compile_program
from autograd.ops.formula_dependencies import collect_dependencies
from autograd.ops.free_variables import FreeVariable
from autograd.ops.ieee import number
from autograd.ops.operand import Operand
from autograd.ops.primitives import Op, apply
from autograd.program.gradients import depends, gradients
from autograd.program.program import Program
from autograd.transforms.pytree import innermost


class Executable:
    """A Program, its code, and the op that it is to Values and Duals."""

    def __init__(self, program: Program, backend: str, fast: Any = None, cache: bool = False) -> None:
        self.program, self.backend, self.cache = program, backend, cache
        self.run, self.fast_entry, self.native = compile_program(program, backend, fast, cache)
        self.slopes = Slopes(program, backend, cache)
        self._ops: dict[int, Op] = {}
        self._active: tuple[list[int], list[bool]] = [], []     # the last call's carriers, and which outputs they reach

    def outside(self, cut: frozenset[int]) -> "Executable":
        """The same code where these registers are plain numbers: derivatives, outside all transforms."""
        other = copy(self)
        other.slopes, other._ops, other._active = self.slopes.outside(cut), {}, ([], [])
        return other

    def on(self, inputs: Sequence[Any], out: Sequence[float]) -> Sequence[Any]:
        """The outputs for operands that may be Values or Duals; ``out``: the outputs computed in floats."""
        carriers = [i for i, x in enumerate(inputs) if isinstance(x, Operand)]
        if not carriers:
            return out
        before, reached = self._active
        if before != carriers:
            active = depends(self.program, carriers, self.slopes.cut)
            reached = [x.__class__ is int and active[x] for x in self.program.outputs]
            self._active = carriers, reached
        return [apply(self.op(i), inputs) if flows else out[i] for i, flows in enumerate(reached)]

    def op(self, output: int) -> Op:
        """One output as an op of all inputs, whose partials are a Program, too; it does not hold this."""
        if output in self._ops:
            return self._ops[output]
        op = Op()
        op.key = op.name = self.program.name
        op.arity, op.infix, op.c_name, op.composite = None, "", "", False
        op.latex = rf"\operatorname{{{op.name}}}".replace("_", r"\_")
        op.partial_formulas = op.float_partials = op.partials = ()
        run, slopes = self.run, self.slopes
        op.value = lambda *inputs: run(list(inputs))[output]
        op.nary_partials = lambda inputs, out: slopes.of(output, inputs)
        self._ops[output] = op      # last: another thread may be looking
        return op


class Slopes:
    """The partials of a Program's outputs, each a Program, too, which is compiled when it is asked for."""

    def __init__(self, program: Program, backend: str, cache: bool, cut: frozenset[int] = frozenset()) -> None:
        """cut: registers that count as constants."""
        self.program, self.backend, self.cache, self.cut = program, backend, cache, cut
        self._origin: dict[int, tuple[Executable, list[FreeVariable]]] = {}

    def outside(self, cut: frozenset[int]) -> "Slopes":
        """The partials where these registers are constants."""
        return Slopes(self.program, self.backend, self.cache, cut)

    def of(self, output: int, inputs: Sequence[Any]) -> list[Any]:
        """d output / d input for each input; None where nothing flows."""
        count = len(self.program.inputs)
        slopes, mentions = self._origin.get(output, (None, []))
        if slopes is None or not all(mention.holds() for mention in mentions):
            with collect_dependencies() as mentions:
                program = gradients(self.program, range(count), (output,), presence=True, cut=self.cut,
                                    exact=False)
                program = replace(program, outputs=program.outputs[len(self.program.outputs):])
                slopes = Executable(program, self.backend, cache=self.cache)
            self._origin[output] = slopes, mentions
        found = slopes.on(inputs, slopes.run([bare(x) for x in inputs]))
        return [slope if there > 0.0 or (there and isinstance(slope, Operand)) else None
                for slope, there in zip(found[:count], map(bare, found[count:]), strict=True)]


def bare(x: Any) -> float:
    """The innermost primal, as a float."""
    x = innermost(x)
    return x if x.__class__ is float else number(x, "jit")
