"""Formulas become functions on their first use, each recorded and printed once; `primitive`, which adds an op.

So `where` evaluates one arm only, and nothing is dispatched twice: on floats a function is 5 to 20 times faster than
its formula, and on Values the graph of a derivative holds the chosen arm alone. A formula that cannot be recorded
(it branches, or calls `math`) is called as it is.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from autograd.ops.formula_dependencies import collecting, formula_name, from_table
from autograd.ops.ieee import number
from autograd.ops.operand import Operand
from autograd.ops.primitives import FORMS, TABLE, Op, define, nothing, parameters
from autograd.ops.printer import CARRIERS, FLOATS, Printer
from autograd.ops.symbolic import record


def primitive(name: str, value: Callable[..., Any], *partials: Callable[..., Any],
              domain: Any = (-2.0, 2.0), infix: str = "", latex: str = "",
              composite: bool = False, doc: str = "") -> Callable[..., Any]:
    """Register an op and return its function, which takes floats, Values and all other carriers.

    value: takes floats and gives a float (``composite``: a formula in other ops); the caller sees what it raises.
    partials: one per argument; each takes the arguments and then the result. Written with
        operators and ops, it also gives derivatives of derivatives; it may return ``nothing``.
    domain: the interval, or one interval per argument, in which tests sample.

    >>> cube = primitive("cube_", lambda x: x * x * x, lambda x, out: 3 * x * x)
    >>> cube(2.0)
    8.0
    """
    function = define(name, value, *partials, domain=domain, infix=infix, latex=latex, composite=composite, doc=doc)
    _prepare(TABLE[name])
    return function


def read(formula: Callable[..., Any], names: Sequence[str], on_floats: bool) -> Callable[..., Any]:
    """``formula`` as a function of floats, or of floats and carriers, which returns None for `nothing`."""
    try:
        result = record(formula, names)
        general = cache(lambda: _compile(result, names, False, formula))
        return _compile(result, names, True, formula, lambda *args: general()(*args)) if on_floats else general()
    except (MemoryError, RecursionError):       # no fault of the formula
        raise
    except Exception:       # it branches, or calls `math`
        return call_formula(formula, names)


def call_formula(formula: Callable[..., Any], names: Sequence[str], on_floats: bool = True) -> Callable[..., Any]:
    """As `read`, without recording: slower, but it follows the variables that the formula reads."""
    name = formula_name(formula)

    def call(*args: Any) -> Any:
        try:
            out = formula(*args)
        except ZeroDivisionError:       # where IEEE has inf; recorded now, with the present values of its variables
            return _compile(record(formula, names), names, False, formula)(*args)
        return None if out is nothing else out if isinstance(out, Operand) else number(out, name)

    return call


def _reader(formula: Callable[..., Any]) -> Callable[..., Any]:
    """How a formula becomes a function: the table's own is recorded; a user's, which may read variables, is called."""
    return read if from_table(formula) else call_formula


def _compile(result: Any, names: Sequence[str], on_floats: bool, formula: Any,
             general: Any = None) -> Callable[..., Any]:
    printer = Printer(FLOATS if on_floats else CARRIERS)
    printer.indent = "  "
    answer = printer.write(result)
    lines = [*printer.lines, f"  return {answer}"]
    if on_floats and any(" / " in line for line in lines):
        lines = [" try:", *lines, " except ZeroDivisionError:", f"  return general({', '.join(names)})"]
        printer.namespace["general"] = general
    return printer.function(names, lines, formula_name(formula))


def _prepare(op: Op) -> None:
    """Read composite values and all partials when they are first used, not at import."""
    if op.arity is None:
        return
    names = parameters(op.arity)

    def value(*args: Any) -> Any:
        op.value = _reader(op.formula)(op.formula, names, on_floats=True)
        return op.value(*args)

    def on_first_use(kind: str, i: int) -> Callable[..., Any]:
        def first(*args: Any) -> Any:
            functions = [_reader(partial)(partial, (*names, "out"), on_floats=kind == "float_partials")
                         for partial in op.partial_formulas]
            if kind == "partials":     # these take Values, which may be traced
                functions = [function if from_table(partial) else collecting(op, partial, function)
                             for function, partial in zip(functions, op.partial_formulas, strict=True)]
            setattr(op, kind, tuple(functions))
            return functions[i](*args)
        return first

    if op.composite:
        op.value = value
    op.float_partials = tuple(on_first_use("float_partials", i) for i in range(op.arity))
    op.partials = tuple(on_first_use("partials", i) for i in range(op.arity))


for _op in (*TABLE.values(), *FORMS):
    _prepare(_op)
