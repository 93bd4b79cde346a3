"""trace: what a function is as a Program; grad, value_and_grad, jacobian and hessian differentiate their function's."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Any

from autograd.compiler.captured_state import CapturedState
from autograd.compiler.nondeterminism import NondeterministicCalls, warn
from autograd.compiler.traced_gradients import MANY_DERIVATIVES
from autograd.compiler.tracing import Trace, is_static, trace_function
from autograd.errors import TraceError
from autograd.graph.value import Value, topological_order
from autograd.ops.ieee import number
from autograd.program.gradients import gradients
from autograd.program.program import Program
from autograd.program.simplification import listed, simplify
from autograd.transforms.forms import by_arguments, second, size
from autograd.transforms.pytree import Form, check_number, flatten
from autograd.transforms.reverse import Transform, _chosen, _grad, _hessian, _jacobian, _value_and_grad


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
                            derived: int = 0) -> Trace:
    """What ``f`` is at these arguments; of a derivative, the derivative of what its function is.

    derived: how many derivatives are taken of it; where these are many, it is run.
    """
    f = getattr(f, "_traceable", f)
    if isinstance(f, Transform) and f.rule in _DERIVED and derived < MANY_DERIVATIVES:
        inner = trace_and_differentiate(f.function, args, kwargs, derived + (2 if f.rule is _hessian else 1))
        found: Trace = _DERIVED[f.rule](inner, args, **f.options)
        return found._replace(derived=True)
    return trace_function(f, args, kwargs, derived)


def _wrt(name: str, inner: Trace, args: Sequence[Any], argnums: Any) -> tuple[list[int], list[Form], bool]:
    """The inputs that the chosen arguments are, the forms of these, and whether the answer is a tuple."""
    starts = [*accumulate(map(size, inner.forms), initial=0)]
    chosen = [i % len(args) for i in _chosen(name, argnums, len(args))]
    for i in chosen:
        if is_static(args[i]):
            number(flatten(args[i], argument=True)[0][0], "argument")       # only flags are
            raise TypeError(f"jit: a derivative by the flag {args[i]}; choose other arguments with argnums, or give a "
                            "number")
    several = len(args) > 1 if argnums is None else not isinstance(argnums, int)
    return ([register for i in chosen for register in range(starts[i], starts[i + 1])],
            [inner.forms[i] for i in chosen], several)


def _of_grad(inner: Trace, args: Sequence[Any], argnums: Any) -> Trace:
    both = _of_value_and_grad(inner, args, argnums, None)
    return both._replace(program=replace(both.program, outputs=both.program.outputs[1:]),
                         rebuild=lambda items: both.rebuild([None, *items])[1])


def _of_value_and_grad(inner: Trace, args: Sequence[Any], argnums: Any, wrt: Sequence[Value] | None) -> Trace:
    check_number(inner.result(), "grad" if wrt is None else "value_and_grad", "use jacobian for several")
    if wrt is None:
        registers, forms, several = _wrt("grad", inner, args, argnums)
    else:
        registers, forms, several = _captured(inner, wrt), [[()] * len(wrt)], False
    known = [register for register in registers if register >= 0]
    program = gradients(inner.program, known)
    slopes = dict(zip(known, program.outputs[1:], strict=True))
    program = replace(program, outputs=(program.outputs[0], *(slopes.get(register, 0.0) for register in registers)))
    return inner._replace(
        program=program, rebuild=lambda items: (items[0], by_arguments((), forms, several, [items[1:]])))


def _captured(inner: Trace, wrt: Sequence[Value]) -> list[int]:
    """The inputs that these Values are; -1 for one that the function does not use."""
    places = {node: i for i, node in enumerate(inner.captured, len(inner.program.inputs) - len(inner.captured))}
    asked = set(wrt)
    for node in inner.captured:
        if node.op is not None and not (asked - {node}).isdisjoint(topological_order(node)):
            raise TraceError(f"{node!r} was computed outside from a Value of wrt, and would count as a constant; "
                             "compute it inside the function")
    return [places.get(node, -1) for node in wrt]


def _of_jacobian(inner: Trace, args: Sequence[Any], argnums: Any) -> Trace:
    registers, forms, several = _wrt("jacobian", inner, args, argnums)
    places, form = flatten(inner.result())
    outputs = len([check_number(place, "jacobian", "return numbers") for place in places])
    program = gradients(inner.program, registers, range(outputs))

    n = len(registers)
    return inner._replace(
        program=replace(program, outputs=program.outputs[outputs:]),
        rebuild=lambda items: by_arguments(form, forms, several, _rows(items, outputs, n)))


def _of_hessian(inner: Trace, args: Sequence[Any], argnums: Any) -> Trace:
    check_number(inner.result(), "hessian", "use jacobian for several")
    registers, forms, several = _wrt("hessian", inner, args, argnums)
    n = len(registers)
    first = gradients(inner.program, registers)
    first = replace(first, outputs=first.outputs[1:])
    twice = gradients(first, registers, range(n))
    return inner._replace(program=replace(twice, outputs=twice.outputs[n:]),
                          rebuild=lambda items: second(forms, several, _rows(items, n, n)))


def _rows(items: Sequence[Any], count: int, length: int) -> list[Sequence[Any]]:
    return [items[i * length:(i + 1) * length] for i in range(count)]


_DERIVED: dict[Callable[..., Any], Callable[..., Trace]] = {
    _grad: _of_grad, _value_and_grad: _of_value_and_grad, _jacobian: _of_jacobian, _hessian: _of_hessian}
