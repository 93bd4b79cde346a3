"""How LLVM's language spells the elementary ops, comparisons and constants."""

import struct

SIGN = -2**63


def spelled(number: str, word: str, mask: str, neutral: str, fuse: str = "") -> dict[str, str]:
    """Ops that are instructions, of operands {1} and {2} into register {0}; the others are calls of the C library.

    number, word: the types of a float and of its bits; mask: all bits of a word but the sign; neutral: -0.0. fuse: a
    flag of products and sums.
    """
    return {
        "add": f"  %r{{0}} = fadd{fuse} {number} {{1}}, {{2}}", "sub": f"  %r{{0}} = fsub{fuse} {number} {{1}}, {{2}}",
        "mul": f"  %r{{0}} = fmul{fuse} {number} {{1}}, {{2}}", "div": f"  %r{{0}} = fdiv {number} {{1}}, {{2}}",
        "neg": f"  %r{{0}} = fneg{fuse} {number} {{1}}", "stop_gradient": f"  %r{{0}} = fadd {number} {{1}}, {neutral}",
        "abs": f"""  %x{{0}} = bitcast {number} {{1}} to {word}
  %y{{0}} = and {word} %x{{0}}, {mask}
  %r{{0}} = bitcast {word} %y{{0}} to {number}""",
    }


# Intrinsics other than sqrt, and an i1 converted to double, would switch LLVM to its slow instruction selection, which
# takes ten times as long.
SQRT = {"sqrt": "  %r{0} = call double @llvm.sqrt.f64(double {1})"}
SPELLINGS = spelled("double", "i64", str(~SIGN), "-0.0") | SQRT
FUSED = spelled("double", "i64", str(~SIGN), "-0.0", " contract") | SQRT
COMPARISONS = {"greater": "ogt", "less": "olt", "equal": "oeq"}
RELATIONS = {"less": "olt", "less_equal": "ole", "greater": "ogt", "greater_equal": "oge", "equal": "oeq",
             "not_equal": "une"}
INVERSE = {"olt": "uge", "ole": "ugt", "ogt": "ule", "oge": "ult", "oeq": "une", "une": "oeq"}


def constant(x: float) -> str:
    """A float as an LLVM literal with the same bits."""
    return f"0x{struct.unpack('<Q', struct.pack('<d', x))[0]:016X}"
