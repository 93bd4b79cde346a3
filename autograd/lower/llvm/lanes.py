"""A Program's functions in LLVM's language once more, for two rows at once: each number becomes a vector of two.

Each half of a vector is computed as a number alone would be, to the bit. Two is what every processor has.
"""

import re
from collections.abc import Iterable, Iterator

WIDE = "<2 x double>"
_CALL = re.compile(r"  (%r\d+) = call double (inttoptr .*? to ptr\))\((.*)\)")
_CONSTANT = re.compile(r"(?<=[ ,])-?(?:0x[0-9A-F]{16}|\d+\.\d+)(?=,|$)")


def widened(lines: Iterable[str]) -> Iterator[str]:
    """The lines of a `Kernel` without guards, for vectors. C's functions are called twice."""
    for line in (line for lines_of_one in lines for line in lines_of_one.split("\n")):
        call = _CALL.fullmatch(line)
        if call:
            yield from _two_calls(*call.groups())
        elif " bitcast " in line or " and i64 " in line:        # of abs
            line = re.sub(r"(and i64 %\w+), (-?\d+)", r"\1, <i64 \2, i64 \2>", line).replace("double", WIDE)
            yield re.sub(r"\bi64\b(?! -?\d)", "<2 x i64>", line)
        elif " i64 @" in line or "i64 %g" in line:                      # how functions begin, end and call each other
            yield line
        else:
            line = _CONSTANT.sub(lambda found: f"<double {found[0]}, double {found[0]}>", line)
            line = line.replace("llvm.sqrt.f64", "llvm.sqrt.v2f64").replace("select i1", "select <2 x i1>")
            line = re.sub(r"\bdouble\b(?! -?[0-9])", WIDE, line)
            yield f"{line}, align 8" if " = load " in line or line.startswith("  store ") else line


def _two_calls(result: str, function: str, given: str) -> Iterator[str]:
    name, args = result[2:], [arg.removeprefix("double ") for arg in given.split(", ")]
    for i in (0, 1):
        listed = []
        for j, arg in enumerate(args):
            if arg.startswith("%"):
                yield f"  %e{name}_{i}_{j} = extractelement {WIDE} {arg}, i32 {i}"
                arg = f"%e{name}_{i}_{j}"
            listed.append(f"double {arg}")
        yield f"  %f{name}_{i} = call double {function}({', '.join(listed)})"
    yield f"  %v{name} = insertelement {WIDE} undef, double %f{name}_0, i32 0"
    yield f"  {result} = insertelement {WIDE} %v{name}, double %f{name}_1, i32 1"
