"""A Program as C source: one file that needs only the C library's mathematics."""

import math
import re
from collections.abc import Iterator, Sequence

from autograd.lower.schedule import Step, UnspellableError, order
from autograd.ops.primitives import Op
from autograd.program.program import RELATIONS, Atom, Guard, Program
from autograd.program.rolled import straightened
from autograd.program.simplification import expand
from autograd.program.unrolling import unrolled

# Ops that are operators in C; the others are the functions of the C library that the table names.
SPELLINGS = {
    "add": "{} + {}", "sub": "{} - {}", "mul": "{} * {}", "div": "{} / {}", "neg": "-{}", "pos": "{}",
    "stop_gradient": "{}", "where": "{} != 0.0 ? {} : {}",
    "greater": "{} > {} ? 1.0 : 0.0", "less": "{} < {} ? 1.0 : 0.0", "equal": "{} == {} ? 1.0 : 0.0",
}
CHUNK = 500     # steps per function; gcc takes twice as long for one of 2000 as for four of 500
FILE = """\
/* {title}
   int {name}(const double *in, double *out): -1; or the number of the guard that failed, and then
   `out` is as it was{memory}. The two may not overlap.
   The same as in Python to the last bit: cc -O2 -ffp-contract=off -fno-builtin FILE.c -lm
{inputs}
*/
#include <math.h>
#include <stdlib.h>
#ifdef __FAST_MATH__
#error "this needs IEEE arithmetic: compile it without -ffast-math"
#endif
{functions}
int {name}(const double *in, double *out)
{{
{body}
}}
"""


def entry(program: Program) -> str:
    """The name of its C function: ASCII letters, with a prefix, so that it is no name of C itself."""
    return "pathgrad_" + re.sub(r"\W", "_", program.name, flags=re.ASCII)


def source(program: Program) -> str:
    """The Program as a file for any C compiler, with the user's names in comments.

    Raises UnspellableError for a user's own op that is not a formula in other ops, and UnrollingError for a loop that
    cannot be written out: its count or its ways depend on numbers that are computed, or it is more than 100,000
    instructions.

    >>> from autograd import trace
    >>> text = source(trace(lambda a, b: (a + b) * (b + 1), 2.0, 1.0))
    >>> "int pathgrad_f(const double *in, double *out)" in text
    True
    """
    program, name = expand(unrolled(straightened(program))), entry(program)
    steps = list(order(program))
    chunks = [steps[start:start + CHUNK] for start in range(0, len(steps), CHUNK)]
    work = _crossing(chunks, len(program.inputs))
    functions = "".join(
        f"\nstatic int {name}_{number}(const double *in, double *out, double *work)\n{{\n"
        + "".join(f"    {line}\n" for line in _lines(program, chunk, work)) + "    return -1;\n}\n"
        for number, chunk in enumerate(chunks))
    calls = [f"    if (failed < 0) failed = {name}_{number}(in, out, work);" for number in range(len(chunks))]
    body = ["    int failed = -1;",
            f"    double *work = {f'malloc({len(work)} * sizeof(double))' if work else 'NULL'};",
            *(["    if (!work) return -2;"] if work else []), *calls, "    free(work);", "    return failed;"]
    listed = [f"   in[{i}]: {harmless(x)}" for i, x in enumerate(program.inputs)]
    return FILE.format(title=harmless(program.name), name=name, functions=functions, body="\n".join(body),
                       memory="; or -2 where no memory is left" if work else "", inputs="\n".join(listed))


def _crossing(chunks: Sequence[Sequence[Step]], inputs: int) -> dict[int, int]:
    """The registers that are read outside their own chunk of C code, and the place of each in the C array `work`."""
    made: set[Atom] = set()
    places: dict[int, int] = {}
    for chunk in reversed(chunks):
        made = {step.number for step in chunk if step.makes}
        for step in chunk:
            for x in step.reads:
                if x.__class__ is int and x >= inputs and x not in made:
                    places.setdefault(x, len(places))
    return places


def _lines(program: Program, chunk: Sequence[Step], work: dict[int, int]) -> Iterator[str]:
    made: set[int] = set()      # the registers that are variables of this function

    def read(x: Atom) -> str:
        if x.__class__ is not int:
            return constant(x)
        return f"in[{x}]" if x < len(program.inputs) else f"v{x}" if x in made else f"work[{work[x]}]"

    for step in chunk:
        reads = list(map(read, step.reads))
        if isinstance(step.what, Guard):
            test = f"{reads[0]} {RELATIONS[step.what.relation]} {reads[1]}"
            yield f"if ({f'!({test})' if step.what.outcome else test}) return {step.number};"
        elif step.what is None:
            yield f"out[{step.number}] = {reads[0]};"
        else:
            label = program.labels.get(step.number, "")
            comment = f"    /* {harmless(label)} */" if label else ""
            yield f"double v{step.number} = {_spelling(step.what.op, reads)};{comment}"
            made.add(step.number)
            if step.number in work:
                yield f"work[{work[step.number]}] = v{step.number};"


def _spelling(op: Op, reads: Sequence[str]) -> str:
    if op.name in SPELLINGS:
        return SPELLINGS[op.name].format(*reads)
    if not op.c_name:
        raise UnspellableError(f"{op.name}: C cannot call its value, a Python function; state it as a "
                               "formula in other ops, with composite=True")
    return f"{op.c_name}({', '.join(reads)})"


def constant(x: float) -> str:
    """A float as a C literal with the same bits.

    >>> constant(-0.1), constant(math.inf)
    ('(-0x1.999999999999ap-4)', 'INFINITY')
    """
    text = "NAN" if x != x else "INFINITY" if abs(x) == math.inf else \
        re.sub(r"\.?0*p", "p", abs(x).hex())
    return f"(-{text})" if math.copysign(1.0, x) < 0.0 and x == x else text


def harmless(text: str) -> str:
    """Text that is safe inside a comment: ASCII, one line, without comment delimiters and trigraphs."""
    text = text.encode("unicode_escape").decode("ascii")
    return re.sub(r"(?<=\*)(?=/)|(?<=/)(?=\*)|(?<=\?)(?=\?)", " ", text)
