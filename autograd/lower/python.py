"""The backend `python`: a Program as one function of straight-line Python source, without any dependency."""

import builtins
import keyword
import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

from autograd.lower.backend import Executable
from autograd.lower.layout import CallLayout
from autograd.lower.schedule import due
from autograd.ops.generated_code import define_function
from autograd.ops.primitives import Op
from autograd.program.program import RELATIONS, Atom, MissingWayError, Program
from autograd.program.rolled import straightened

INFIX = {"add": "{} + {}", "sub": "{} - {}", "mul": "{} * {}", "neg": "-{}", "where": "{1} if {0} else {2}"}
COMPARISONS = {"greater": "{} > {}", "less": "{} < {}", "equal": "{} == {}"}     # bools, only for `where`
CALLS = True    # long formulas are their values on floats
INTEGERS = ("floor", "ceil", "trunc")       # for these the math module returns an int
MAX_DEPTH = 12                              # of nested brackets
INDENT = " " * 4


def make_executable(program: Program, layout: CallLayout | None, cache: bool = False) -> Executable:
    """See `Backend`; there is no fast entry, and nothing to keep: Python compiles faster than a disk reads."""
    return Executable(lower(program))


def lower(program: Program) -> Callable[[Sequence[float]], Any]:
    """A function of all inputs, as one sequence of floats.

    It returns a tuple of the outputs, or an int, the number of the guard that failed. Tracebacks show its source.
    Where Python raises an exception and IEEE gives inf or nan, a second function takes over, in which every op is the
    value in the table; it is compiled when that first happens.
    """
    program = straightened(program)

    @cache
    def compiled() -> Any:
        return _compile(source(program, quick=False), program, {})

    def careful(inputs: Sequence[float]) -> Any:
        return compiled()(inputs)

    function: Callable[[Sequence[float]], Any] = _compile(source(program), program, {"careful": careful})
    return function


def _compile(text: str, program: Program, space: dict[str, Any]) -> Any:
    space |= {"math": math, "nan": math.nan, "inf": math.inf} | {f"op_{op.key}": op for op, _ in program.instructions}
    space |= {f"run_{op.key}": _loop(op.nested) for op, _ in program.instructions if op.nested}
    space["MissingWayError"] = MissingWayError
    return define_function(text, space, _name(program), program.name)


def _loop(loop: Any) -> Callable[..., Any]:
    """A loop as a function of its operands, with the code of each way."""
    codes = [lower(way.program) for way in loop.ways]
    return lambda *args: loop.run(args, codes)


def _name(program: Program) -> str:
    """The Program's name, with an underscore if it means something else in the source."""
    taken = keyword.iskeyword(program.name) or hasattr(builtins, program.name) or program.name.startswith("op_")
    return program.name + "_" if taken or program.name in ("math", "nan", "inf", "careful") else program.name


def source(program: Program, quick: bool = True) -> str:
    """The source of the function; ``quick``: in Python's own arithmetic, which may raise."""
    lines = [f"def {_name(program)}(inputs):"]
    if quick:
        lines.append("  try:")
    lines += _body(program, quick)
    if quick:
        lines += ["  except (ZeroDivisionError, OverflowError, ValueError):", f"{INDENT}return careful(inputs)"]
    elif any(op.nested for op, _ in program.instructions):
        lines.insert(1, "  try:")
    if lines[1] == "  try:" and any(op.nested for op, _ in program.instructions):
        lines += ["  except MissingWayError:", f"{INDENT}return {len(program.guards)}"]
    return "\n".join(lines) + "\n"


def _body(program: Program, quick: bool) -> Iterator[str]:
    inputs = len(program.inputs)
    uses = Counter(arg for op, args in program.instructions for arg in args * (2 if op.nested else 1))
    named = {*program.outputs, *(x for guard in program.guards for x in (guard.left, guard.right))}
    conditions = _conditions_only(program, named)
    text: dict[Atom, tuple[str, int]] = {i: (f"v{i}", 0) for i in range(inputs)}      # and its depth of brackets

    def read(atom: Atom) -> str:
        if atom.__class__ is float:
            return repr(atom) if math.copysign(1.0, atom) > 0 else f"({atom!r})"
        written, depth = text[atom]
        return f"({written})" if depth else written

    ready = due(program)

    def guards(register: int) -> Iterator[str]:
        for number in ready.get(register, ()):
            relation, left, right, outcome = program.guards[number]
            test = f"{read(left)} {RELATIONS[relation]} {read(right)}"
            yield f"{INDENT}if {'not ' if outcome else ''}{test}:"
            yield f"{INDENT}    return {number}"

    if inputs:
        yield f"{INDENT}{''.join(f'v{i}, ' for i in range(inputs))}= inputs"
    yield from guards(inputs - 1)
    for register, (op, args) in enumerate(program.instructions, inputs):
        written = _spelling(op, len(args), quick, register in conditions).format(*map(read, args))
        depth = 1 + max((text[arg][1] for arg in args if arg.__class__ is int), default=0)
        if uses[register] == 1 and register not in named and depth < MAX_DEPTH and not op.nested:
            text[register] = written, depth
        else:
            yield f"{INDENT}v{register} = {written}"
            text[register] = f"v{register}", 0
        yield from guards(register)
    yield f"{INDENT}return {''.join(f'{read(x)}, ' for x in program.outputs) or '()'}"


def _conditions_only(program: Program, named: set[Any]) -> set[int]:
    """The registers of comparisons that are only used as conditions of `where`: these may be bools."""
    other = {arg for op, args in program.instructions for arg in (args[1:] if op.name == "where" else args)}
    return {register for register, (op, _) in enumerate(program.instructions, len(program.inputs))
            if op.name in COMPARISONS and register not in other and register not in named}


def _spelling(op: Op, arity: int, quick: bool, condition: bool) -> str:
    if op.name in COMPARISONS:
        return COMPARISONS[op.name] if condition else f"1.0 if {COMPARISONS[op.name]} else 0.0"
    if op.name in INFIX:
        return INFIX[op.name]
    if quick and op.name == "div":
        return "{} / {}"
    slots = ", ".join(["{}"] * arity)
    if op.nested:
        return f"run_{op.key}({slots})"
    if quick and op.c_name and hasattr(math, op.name) and op.name not in INTEGERS:
        return f"math.{op.name}({slots})"
    return f"op_{op.key}.value({slots})"
