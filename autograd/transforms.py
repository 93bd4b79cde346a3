"""trace: what a function is as a Program; grad, value_and_grad, jacobian and hessian differentiate their function's."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import Any

from autograd.arguments import Rebuild, check_number, flatten
from autograd.differentiate import gradients
from autograd.errors import TraceError
from autograd.program import Program
from autograd.recorded import OFTEN
from autograd.reverse import Transform, _chosen, _grad, _hessian, _jacobian, _value_and_grad
from autograd.simplify import listed, simplify
from autograd.tracing import Recording, record
from autograd.value import Value, topological_order


def trace(f: Callable[..., Any], *args: Any, **kwargs: Any) -> Program:
    """The Program that ``f`` is at ``args``: numbers, sequences or arrays, each number of which is an input.

    Values that ``f`` captures, such as a module's parameters, are inputs, too, after the arguments.
    A comparison of traced numbers that decides something becomes a guard: the Program holds where
    it comes out the same. Derivatives (`trace(grad(f), x)`) are simplified; a function is as it was
    recorded. Raises TraceError where a plain number would be frozen into the Program.

    >>> print(trace(lambda a, b: (a + b) * (b + 1), 2, 1))
    def f(a, b):
        v1 = a + b
        v2 = b + 1.0
        v3 = v1 * v2
        return v3
    """
    made = recording(f, args, kwargs)
    return simplify(made.program) if made.derived else listed(made.program)


def recording(f: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any], derived: int = 0,
              by: Collection[int] = ()) -> Recording:
    """What ``f`` is at these arguments; of a derivative, the derivative of what its function is.

    derived: how many derivatives are taken of it; ``by``: by which arguments. Where these are many, it is run.
    """
    f = getattr(f, "_traceable", f)
    if isinstance(f, Transform) and f.rule in _DERIVED and derived < OFTEN:
        if f.options.get("wrt") is None:
            name = "grad" if f.rule is _value_and_grad else f.rule.__name__.strip("_")
            by = {*by, *(i % len(args) for i in _chosen(name, f.options["argnums"], len(args)))}
        inner = recording(f.function, args, kwargs, derived + (2 if f.rule is _hessian else 1), by)
        found: Recording = _DERIVED[f.rule](inner, len(args), **f.options)
        return found._replace(derived=True)
    return record(f, args, kwargs, derived, by)


def _wrt(name: str, inner: Recording, count: int, argnums: Any) -> tuple[list[int], Rebuild, int | None]:
    """The inputs that the chosen arguments are, how a thing for each takes their form, and how many (or None)."""
    starts = [0]
    for n, _ in inner.forms:
        starts.append(starts[-1] + n)
    chosen = [i % count for i in _chosen(name, argnums, count)]
    several = len(chosen) if (count > 1 if argnums is None else not isinstance(argnums, int)) else None

    def like(items: list[Any]) -> Any:
        waiting = iter(items)
        parts = tuple(inner.forms[i][1]([next(waiting) for _ in range(inner.forms[i][0])]) for i in chosen)
        return parts[0] if several is None else parts

    return [register for i in chosen for register in range(starts[i], starts[i + 1])], like, several


def _of_grad(inner: Recording, count: int, argnums: Any) -> Recording:
    both = _of_value_and_grad(inner, count, argnums, None)
    return both._replace(program=replace(both.program, outputs=both.program.outputs[1:]),
                         rebuild=lambda items: both.rebuild([None, *items])[1])


def _of_value_and_grad(inner: Recording, count: int, argnums: Any, wrt: Sequence[Value] | None) -> Recording:
    check_number(inner.result(), "grad" if wrt is None else "value_and_grad", "use jacobian for several")
    if wrt is None:
        registers, like, _ = _wrt("grad", inner, count, argnums)
    else:
        registers, like = _captured(inner, wrt), list
    known = [register for register in registers if register >= 0]
    program = gradients(inner.program, known)
    slopes = dict(zip(known, program.outputs[1:], strict=True))
    program = replace(program, outputs=(program.outputs[0], *(slopes.get(register, 0.0) for register in registers)))
    return inner._replace(program=program, rebuild=lambda items: (items[0], like(items[1:])))


def _captured(inner: Recording, wrt: Sequence[Value]) -> list[int]:
    """The inputs that these Values are; -1 for one that the function does not use."""
    places = {node: i for i, node in enumerate(inner.captured, len(inner.program.inputs) - len(inner.captured))}
    asked = set(wrt)
    for node in inner.captured:
        if node.op is not None and not (asked - {node}).isdisjoint(topological_order(node)):
            raise TraceError(f"{node!r} was computed outside from a Value of wrt, and would count as a constant; "
                             "compute it inside the function")
    return [places.get(node, -1) for node in wrt]


def _of_jacobian(inner: Recording, count: int, argnums: Any) -> Recording:
    registers, like, several = _wrt("jacobian", inner, count, argnums)
    places, form = flatten(inner.result())      # rows come in lists, also those of a tuple
    outputs = len([check_number(place, "jacobian", "return numbers") for place in places])
    program = gradients(inner.program, registers, range(outputs))

    def rebuild(items: list[Any]) -> Any:
        rows = [like(items[i * len(registers):(i + 1) * len(registers)]) for i in range(outputs)]
        return form(rows) if several is None else tuple(form([row[i] for row in rows]) for i in range(several))

    return inner._replace(program=replace(program, outputs=program.outputs[outputs:]), rebuild=rebuild)


def _of_hessian(inner: Recording, count: int, argnums: Any) -> Recording:
    check_number(inner.result(), "hessian", "use jacobian for several")
    registers, like, several = _wrt("hessian", inner, count, argnums)
    n = len(registers)
    first = gradients(inner.program, registers)
    first = replace(first, outputs=first.outputs[1:])
    second = gradients(first, registers, range(n))

    def rebuild(items: list[Any]) -> Any:
        rows = [like(items[i * n:(i + 1) * n]) for i in range(n)]
        if several is None:
            return like(rows)
        columns = [like([row[j] for row in rows]) for j in range(several)]
        return tuple(tuple(column[i] for column in columns) for i in range(several))

    return inner._replace(program=replace(second, outputs=second.outputs[n:]), rebuild=rebuild)


_DERIVED: dict[Callable[..., Any], Callable[..., Recording]] = {
    _grad: _of_grad, _value_and_grad: _of_value_and_grad, _jacobian: _of_jacobian, _hessian: _of_hessian}
