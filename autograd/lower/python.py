"""How a Program is spelled in Python: one function of straight-line source, without any dependency."""

import builtins
import keyword
import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

from autograd.lower.schedule import due
from autograd.ops.generated_code import define_function
from autograd.ops.primitives import Op
from autograd.program.program import RELATIONS, Atom, Program

INFIX = {"add": "{} + {}", "sub": "{} - {}", "mul": "{} * {}", "neg": "-{}", "where": "{1} if {0} else {2}"}
TRUTHS = {"greater": "{} > {}", "less": "{} < {}", "equal": "{} == {}"}     # bools, which `where` alone may see
INTEGERS = ("floor", "ceil", "trunc")       # what math gives for these is no float
DEEPEST = 12                                # brackets inside each other
ROOM = " " * 4


def lower(program: Program) -> Callable[[Sequence[float]], Any]:
    """A function of all inputs, as one sequence of floats.

    It answers a tuple of the outputs, or an int, the number of the guard that failed.
    Tracebacks show its source. Where Python raises and IEEE has inf or nan, a second function
    takes over, in which every op is the table's own; it is made when that happens.
    """
    @cache
    def made() -> Any:
        return _compile(source(program, quick=False), program, {})

    def careful(inputs: Sequence[float]) -> Any:
        return made()(inputs)

    function: Callable[[Sequence[float]], Any] = _compile(source(program), program, {"careful": careful})
    return function


def _compile(text: str, program: Program, space: dict[str, Any]) -> Any:
    space |= {"math": math, "nan": math.nan, "inf": math.inf} | {f"op_{op.name}": op for op, _ in program.instructions}
    return define_function(text, space, _name(program), program.name)


def _name(program: Program) -> str:
    """The function's own name, unless its source means something else by that."""
    taken = keyword.iskeyword(program.name) or hasattr(builtins, program.name) or program.name.startswith("op_")
    return program.name + "_" if taken or program.name in ("math", "nan", "inf", "careful") else program.name


def source(program: Program, quick: bool = True) -> str:
    """The Program as a function; ``quick``: in Python's own arithmetic, which may raise."""
    lines = [f"def {_name(program)}(inputs):"]
    if quick:
        lines.append("  try:")
    lines += _body(program, quick)
    if quick:
        lines += ["  except (ZeroDivisionError, OverflowError, ValueError):", f"{ROOM}return careful(inputs)"]
    return "\n".join(lines) + "\n"


def _body(program: Program, quick: bool) -> Iterator[str]:
    inputs = len(program.inputs)
    uses = Counter(arg for _, args in program.instructions for arg in args)
    named = {*program.outputs, *(x for guard in program.guards for x in (guard.left, guard.right))}
    asked = _only_asked(program, named)
    text: dict[Atom, tuple[str, int]] = {i: (f"v{i}", 0) for i in range(inputs)}      # and how many brackets deep

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
            yield f"{ROOM}if {'not ' if outcome else ''}{test}:"
            yield f"{ROOM}    return {number}"

    if inputs:
        yield f"{ROOM}{''.join(f'v{i}, ' for i in range(inputs))}= inputs"
    yield from guards(inputs - 1)
    for register, (op, args) in enumerate(program.instructions, inputs):
        written = _spelling(op, len(args), quick, register in asked).format(*map(read, args))
        depth = 1 + max((text[arg][1] for arg in args if arg.__class__ is int), default=0)
        if uses[register] == 1 and register not in named and depth < DEEPEST:
            text[register] = written, depth
        else:
            yield f"{ROOM}v{register} = {written}"
            text[register] = f"v{register}", 0
        yield from guards(register)
    yield f"{ROOM}return {''.join(f'{read(x)}, ' for x in program.outputs) or '()'}"


def _only_asked(program: Program, named: set[Any]) -> set[int]:
    """Comparisons that are nothing but conditions: a bool will do."""
    other = {arg for op, args in program.instructions for arg in (args[1:] if op.name == "where" else args)}
    return {register for register, (op, _) in enumerate(program.instructions, len(program.inputs))
            if op.name in TRUTHS and register not in other and register not in named}


def _spelling(op: Op, arity: int, quick: bool, asked: bool) -> str:
    if op.name in TRUTHS:
        return TRUTHS[op.name] if asked else f"1.0 if {TRUTHS[op.name]} else 0.0"
    if op.name in INFIX:
        return INFIX[op.name]
    if quick and op.name == "div":
        return "{} / {}"
    slots = ", ".join(["{}"] * arity)
    if quick and hasattr(math, op.name) and op.name not in INTEGERS and not op.composite:
        return f"math.{op.name}({slots})"
    return f"op_{op.name}.value({slots})"
