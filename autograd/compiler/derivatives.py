"""trace: what a function is as a Program; grad, value_and_grad, jacobian and hessian differentiate their function's."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from itertools import accumulate
from typing import Any

from autograd.compiler.captured_state import CapturedState
from autograd.compiler.nondeterminism import NondeterministicCalls, warn
from autograd.compiler.traced_gradients import MANY_DERIVATIVES
from autograd.compiler.tracing import Trace, trace_function
from autograd.errors import TraceError
from autograd.graph.value import Value, topological_order
from autograd.ops.ieee import number
from autograd.program.gradients import gradients, gradients_again, jacobian
from autograd.program.program import Program
from autograd.program.recent_results import Kept, result_of
from autograd.program.reroll import reroll
from autograd.program.rolled import is_rolled, straightened
from autograd.program.simplification import listed, simplify
from autograd.transforms.derivative_layout import DerivativeLayout, Rows, chosen_arguments, count_numbers
from autograd.transforms.pytree import StaticArgument, flatten, is_static, unpack
from autograd.transforms.reverse import Evaluation, Transform

_kept: Kept = []        # a network that is trained anew has the gradient of the one before


def trace(f: Callable[..., Any], *args: Any, **kwargs: Any) -> Program:
    """The Program that ``f`` is at ``args``: numbers, sequences or arrays, each number of which is an input.

    Values that ``f`` captures, such as a module's parameters, are inputs, too, after the arguments.
    A comparison of traced numbers that decides something becomes a guard: the Program holds where
    it comes out the same. Derivatives (`trace(grad(f), x)`) are simplified; a function is as it was
    recorded. Raises TraceError where a plain number would be frozen into the Program, and warns where a generator of
    random numbers or a clock gave one.

    >>> print(trace(lambda a, b: (a + b) * (b + 1), 2, 1))
    def f(a, b):
        v1 = a + b
        v2 = b + 1.0
        v3 = v1 * v2
        return v3
    """
    with NondeterministicCalls(CapturedState(f, *filter(is_static, (*args, *kwargs.values())), numbers=False)) as draws:
        made = trace_and_differentiate(f, args, kwargs)
    warn(draws, getattr(f, "__name__", "f"), set())
    return simplify(made.program) if made.derived else listed(made.program)


def trace_and_differentiate(f: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any],
                            derived: int = 0, rolled: Callable[[Program], Program] | None = None) -> Trace:
    """Trace ``f`` at these arguments; for a Transform, trace its function and differentiate that Program.

    derived: how many derivatives are taken of the result; beyond MANY_DERIVATIVES the transform itself is traced.
    rolled: gives a Program that may hold what repeats itself once; None where it may not.
    """
    f = getattr(f, "_traceable", f)
    if isinstance(f, Transform) and derived < MANY_DERIVATIVES:
        inner = trace_and_differentiate(f.function, args, kwargs, derived + f.order)
        if rolled and f.order == 1 and not inner.derived:       # second derivatives have eager's order without
            inner = rerolled(inner, rolled)
        made = _differentiate(f, inner, args, derived > 0)
    else:
        made = trace_function(f, args, kwargs, derived)
    return rerolled(made, rolled) if rolled else made


def rerolled(made: Trace, rolled: Callable[[Program], Program] = reroll) -> Trace:
    """The trace with what repeats itself once; rolled: gives that of a Program."""
    return made if made.plain else made._replace(program=rolled(made.program))


class TracedEvaluation(Evaluation):
    """An evaluation as a Program: a number is the place of an output, and derivatives become more outputs."""

    def __init__(self, name: str, inner: Trace, args: Sequence[Any], argnums: Any = None,
                 wrt: Sequence[Value] | None = None, has_aux: bool = False, again: bool = False) -> None:
        self.again = again      # whether all derivatives are differentiated again
        self.name, self.program, self.has_aux = name, inner.program, has_aux
        self.steps: list[tuple[Any, ...]] = []      # the derivatives that were appended
        self.take(inner.result())
        self.by = [*inner.by] or [frozenset[int]() for _ in inner.program.outputs]
        if wrt is None:
            chosen, several = chosen_arguments(name, argnums, len(args))
            for i in chosen:
                if is_static(args[i]):
                    what = "static argument"
                    if not isinstance(args[i], StaticArgument):
                        number(flatten(args[i], argument=True)[0][0], "argument")       # only flags are
                        what = "flag"
                    raise TypeError(f"jit: a derivative by the {what} {args[i]}; choose other arguments with argnums, "
                                    "or give a number")
            starts = [*accumulate(map(count_numbers, inner.forms), initial=0)]
            self.registers = [register for i in chosen for register in range(starts[i], starts[i + 1])]
            self.layout = DerivativeLayout([inner.forms[i] for i in chosen], several)
        else:
            self.registers, self.layout = _captured(inner, wrt), DerivativeLayout([[()] * len(wrt)], False)

    def gradients(self, outputs: Iterable[Any], last: bool = True) -> Rows:
        """The places of the derivatives of each output."""
        return self._appended(gradients if last and not self.again else gradients_again, [*outputs])

    def jacobian(self, outputs: Iterable[Any]) -> Rows:
        """The same in the mode that is cheaper."""
        places = [*outputs]
        return self.gradients(places) if len(self.registers) >= len(places) else self._appended(jacobian, places)

    def _appended(self, derivatives: Callable[..., Program], places: Sequence[int]) -> Rows:
        before, n = len(self.program.outputs), len(self.registers)
        self.steps.append((derivatives, self.registers, [*places]))
        self.program = _with_derivatives(self.program, *self.steps[-1])
        self.by += [self.by[place] | ({register} if register >= 0 else frozenset[int]())
                    for place in places for register in self.registers]
        return [range(before + i * n, before + (i + 1) * n) for i in range(len(places))]

    def leave(self, x: Any) -> Any:
        """The place itself."""
        return x


def _with_derivatives(program: Program, derivatives: Callable[..., Program], registers: Sequence[int],
                      places: Sequence[int]) -> Program:
    """The Program with the derivatives of its outputs at these places by these registers; 0.0 by -1."""
    before = len(program.outputs)
    known = [register for register in registers if register >= 0]
    # with other names it would be another text for the user
    found: Program = result_of(_kept, program, derivatives, known, places, program.name, program.inputs, program.labels,
                      make=lambda: derivatives(program, known, places))
    slopes, added = iter(found.outputs[before:]), list[Any]()
    for _ in places:
        added += [0.0 if register < 0 else next(slopes) for register in registers]
    return replace(found, outputs=(*found.outputs[:before], *added))


def _straight(program: Program, steps: Sequence[tuple[Any, ...]], kept: Sequence[int]) -> Program:
    """The same derivative without Repeats, node for node as eager accumulation records it."""
    program = straightened(program)
    for step in steps:
        program = _with_derivatives(program, *step)
    return replace(program, outputs=tuple([program.outputs[place] for place in kept]))


def _differentiate(transform: Transform, inner: Trace, args: Sequence[Any], again: bool) -> Trace:
    """The derivative of a traced function, by the rule of the eager derivative."""
    run = TracedEvaluation(transform.name, inner, args, **transform.options, again=again)
    places, rebuild = unpack(transform.rule(run))
    kept = sorted(places)       # the order of the sweeps, which by several arguments is not that of the result
    order = {place: i for i, place in enumerate(kept)}
    rebuilt = rebuild if places == kept else lambda items: rebuild([items[order[place]] for place in places])
    straight = partial(_straight, inner.program, run.steps, kept) if is_rolled(run.program) else None
    return inner._replace(program=replace(run.program, outputs=tuple([run.program.outputs[place] for place in kept])),
                          rebuild=rebuilt, derived=True, by=[run.by[place] for place in kept], straight=straight,
                          flags={i: inner.flags[place] for i, place in enumerate(kept) if place in inner.flags})


def _captured(inner: Trace, wrt: Sequence[Value]) -> list[int]:
    """The input index of each of these Values; -1 for one that the function does not use."""
    places = {node: i for i, node in enumerate(inner.captured, len(inner.program.inputs) - len(inner.captured))}
    asked = set(wrt)
    for node in inner.captured:
        if node.op is not None and not (asked - {node}).isdisjoint(topological_order(node)):
            raise TraceError(f"{node!r} was computed outside from a Value of wrt, and would count as a constant; "
                             "compute it inside the function")
    return [places.get(node, -1) for node in wrt]
