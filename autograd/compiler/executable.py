"""A Program as code, and as an op that Values and Duals can go through."""

import functools
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import replace
from functools import partial
from typing import Any

from autograd.lower.backend import compile_program
from autograd.ops.formula_dependencies import collect_dependencies
from autograd.ops.free_variables import FreeVariable
from autograd.ops.ieee import number
from autograd.ops.operand import Operand
from autograd.ops.primitives import Op, apply
from autograd.program.gradients import gradients
from autograd.program.program import Program
from autograd.program.rolled import straightened
from autograd.program.sweep import depends
from autograd.transforms.pytree import innermost


class Executable:
    """A Program, its code, and the op that it is to Values and Duals."""

    def __init__(self, program: Program, backend: str, layout: Any = None, fast: bool = False, cache: bool = False,
                 straight: Callable[[], Program] | None = None) -> None:
        """straight: gives the Program without Repeats, of which derivatives are taken."""
        self.program, self.backend, self.fast, self.cache = program, backend, fast, cache
        self.straight = functools.cache(straight or partial(straightened, program))
        self.run, self.fast_entry, self.native = compile_program(program, backend, layout, fast, cache)
        self.slopes = Slopes(self.straight, backend, fast, cache)
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
            straight = self.straight()
            active = depends(straight, carriers, self.slopes.cut)
            reached = [x.__class__ is int and active[x] for x in straight.outputs]
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

    def __init__(self, program: Callable[[], Program], backend: str, fast: bool, cache: bool,
                 cut: frozenset[int] = frozenset()) -> None:
        """cut: registers that count as constants."""
        self.program, self.backend, self.fast, self.cache, self.cut = program, backend, fast, cache, cut
        self._origin: dict[int, tuple[Executable, list[FreeVariable]]] = {}

    def outside(self, cut: frozenset[int]) -> "Slopes":
        """The partials where these registers are constants."""
        return Slopes(self.program, self.backend, self.fast, self.cache, cut)

    def of(self, output: int, inputs: Sequence[Any]) -> list[Any]:
        """d output / d input for each input; None where nothing flows."""
        count = len(inputs)
        slopes, mentions = self._origin.get(output, (None, []))
        if slopes is None or not all(mention.holds() for mention in mentions):
            with collect_dependencies() as mentions:
                straight = self.program()
                program = gradients(straight, range(count), (output,), presence=True, cut=self.cut,
                                    exact=False)
                program = replace(program, outputs=program.outputs[len(straight.outputs):])
                slopes = Executable(program, self.backend, fast=self.fast, cache=self.cache)
            self._origin[output] = slopes, mentions
        found = slopes.on(inputs, slopes.run([bare(x) for x in inputs]))
        return [slope if there > 0.0 or (there and isinstance(slope, Operand)) else None
                for slope, there in zip(found[:count], map(bare, found[count:]), strict=True)]


def bare(x: Any) -> float:
    """The innermost primal, as a float."""
    x = innermost(x)
    return x if x.__class__ is float else number(x, "jit")
