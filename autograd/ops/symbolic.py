"""Reads a formula of the table once, on symbols, and writes it as a Python function.

So `where` evaluates one arm only, and nothing is dispatched twice: on floats 5 to 20 times faster
than the formula itself, and on Values a derivative's graph holds the chosen arm alone. A formula
that cannot be read (it branches, or calls `math`) is called as it is.
"""

from collections.abc import Callable, Sequence
from functools import cache
from itertools import count
from typing import Any

from autograd.errors import TraceError
from autograd.ops.ieee import number
from autograd.ops.noted import called, noting, ours
from autograd.ops.operand import SYMBOL, Operand
from autograd.ops.primitives import TABLE, Op, nothing, one, parameters

# What Python spells itself, on floats and on carriers alike.
OPERATORS = {"add": "{} + {}", "sub": "{} - {}", "mul": "{} * {}", "neg": "-{}", "greater": "{} > {}",
             "less": "{} < {}", "equal": "{} == {}"}
# On floats alone. Division raises where IEEE has inf: then the general spelling takes over.
QUICK = OPERATORS | {"div": "{} / {}", "pos": "{}", "stop_gradient": "{}"}


_serials = count()


class Symbol(Operand):
    """An argument of a formula, or the result of an op inside it."""

    __slots__ = ("args", "name", "op", "serial")
    _rank = (SYMBOL, 0)
    _symbolic = True

    def __init__(self, name: str, op: Op | None = None, args: Sequence[Any] = ()) -> None:
        self.name, self.op, self.args, self.serial = name, op, args, next(_serials)

    def _apply(self, op: Op, args: Any) -> "Symbol":
        return Symbol("", op, args)

    @property
    def _primal(self) -> Any:
        raise TraceError("a formula selects with where, greater and less; it cannot branch")


class Writer:
    """Straight-line source for a recorded formula; arms of `where` become indented blocks.

    quick: for floats, with the ops' values; else for anything, with their public functions.
    """

    def __init__(self, quick: bool) -> None:
        self.quick, self.count = quick, 0
        self.lines: list[str] = []
        self.space: dict[str, Any] = {"nan": float("nan"), "inf": float("inf"), "one": one}

    def write(self, x: Any, known: dict[Symbol, str], indent: str, whole: bool = True) -> str:
        """The name, or literal, that holds ``x``; ``known`` are those computed in enclosing blocks.

        whole: whether it is the result, or an arm of that.
        """
        if x is nothing:
            return "None"
        if not isinstance(x, Symbol):
            return "one" if whole and not self.quick and x == 1.0 else repr(float(x))
        if x.op is None:
            return x.name
        if x in known:
            return known[x]
        self.count += 1
        target = known[x] = f"t{self.count}"
        if x.op.name == "where":
            condition = self.write(x.args[0], known, indent, False)
            for head, arm in ((f"if {condition}:", x.args[1]), ("else:", x.args[2])):
                self.lines.append(indent + head)
                inner = dict(known)     # what an arm computes is not there after it
                self.lines.append(f"{indent} {target} = {self.write(arm, inner, indent + ' ', whole)}")
        else:
            args = [self.write(arg, known, indent, False) for arg in x.args]
            spelling = (QUICK if self.quick else OPERATORS).get(x.op.name)
            if spelling is None:
                self.space[f"op_{x.op.name}"] = x.op        # its value is looked up when called: it may be unread yet
                spelling = f"op_{x.op.name}.{'value' if self.quick else 'function'}({', '.join('{}' for _ in args)})"
            self.lines.append(f"{indent}{target} = {spelling.format(*args)}")
        return target


def record(formula: Callable[..., Any], names: Sequence[str]) -> Any:
    """The formula's result on symbols of these names; any error means that it cannot be read."""
    return formula(*map(Symbol, names))


def read(formula: Callable[..., Any], names: Sequence[str], quick: bool) -> Callable[..., Any]:
    """``formula`` as a function of floats (``quick``) or of anything, which gives None for nothing."""
    try:
        result = record(formula, names)
        general = cache(lambda: _compile(result, names, quick=False))
        return _compile(result, names, quick=True, general=lambda *args: general()(*args)) if quick else general()
    except (MemoryError, RecursionError):       # no fault of the formula's
        raise
    except Exception:       # it branches, or calls `math`
        return as_it_is(formula, names)


def as_it_is(formula: Callable[..., Any], names: Sequence[str], quick: bool = True) -> Callable[..., Any]:
    """The same without reading: slower, but it follows whatever variables the formula mentions."""
    name = called(formula)

    def call(*args: Any) -> Any:
        try:
            out = formula(*args)
        except ZeroDivisionError:       # where IEEE has inf; recorded now, with what it mentions now
            return _compile(record(formula, names), names, quick=False)(*args)
        return None if out is nothing else out if isinstance(out, Operand) else number(out, name)

    return call


def _reader(formula: Callable[..., Any]) -> Callable[..., Any]:
    """The table's own formulas mention constants only; a user's may mention variables, which reading would freeze."""
    return read if ours(formula) else as_it_is


def _compile(result: Any, names: Sequence[str], quick: bool, general: Any = None) -> Callable[..., Any]:
    writer = Writer(quick)
    answer = writer.write(result, {}, "  ")
    listed = ", ".join(names)
    body = "\n".join([*writer.lines, f"  return {answer}"])
    if " / " in body:
        body = f" try:\n{body}\n except ZeroDivisionError:\n  return general({listed})"
    space = {**writer.space, "general": general}
    exec(f"def f({listed}):\n{body}", space)
    return space.pop("f")       # type: ignore[no-any-return]  # whose globals they are


def _prepare(op: Op) -> None:
    """Composite values and all partials are read when they are first used, not at import."""
    if op.arity is None:
        return
    names = parameters(op.arity)

    def value(*args: Any) -> Any:
        op.value = _reader(op.formula)(op.formula, names, quick=True)
        return op.value(*args)

    def on_first_use(kind: str, i: int) -> Callable[..., Any]:
        def first(*args: Any) -> Any:
            functions = [_reader(partial)(partial, (*names, "out"), quick=kind == "float_partials")
                         for partial in op.partial_formulas]
            if kind == "partials":     # these take Values, which may be traced
                functions = [function if ours(partial) else noting(op, partial, function)
                             for function, partial in zip(functions, op.partial_formulas, strict=True)]
            setattr(op, kind, tuple(functions))
            return functions[i](*args)
        return first

    if op.composite:
        op.value = value
    op.float_partials = tuple(on_first_use("float_partials", i) for i in range(op.arity))
    op.partials = tuple(on_first_use("partials", i) for i in range(op.arity))


Op.compile = staticmethod(_prepare)
for _op in TABLE.values():
    _prepare(_op)
