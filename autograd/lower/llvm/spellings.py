"""How LLVM's language spells the elementary ops, comparisons and constants."""

import struct

SIGN = -2**63
# Ops that are instructions, of operands {1} and {2} into register {0}; the others are calls of the C library.
# Intrinsics other than sqrt, and an i1 converted to double, would switch LLVM to its slow instruction selection, which
# takes ten times as long.
SPELLINGS = {
    "add": "  %r{0} = fadd double {1}, {2}", "sub": "  %r{0} = fsub double {1}, {2}",
    "mul": "  %r{0} = fmul double {1}, {2}", "div": "  %r{0} = fdiv double {1}, {2}",
    "neg": "  %r{0} = fneg double {1}", "stop_gradient": "  %r{0} = fadd double {1}, -0.0",
    "sqrt": "  %r{0} = call double @llvm.sqrt.f64(double {1})",
    "abs": f"""  %x{{0}} = bitcast double {{1}} to i64
  %y{{0}} = and i64 %x{{0}}, {~SIGN}
  %r{{0}} = bitcast i64 %y{{0}} to double""",
}
COMPARISONS = {"greater": "ogt", "less": "olt", "equal": "oeq"}
RELATIONS = {"less": "olt", "less_equal": "ole", "greater": "ogt", "greater_equal": "oge", "equal": "oeq",
             "not_equal": "une"}
INVERSE = {"olt": "uge", "ole": "ugt", "ogt": "ule", "oge": "ult", "oeq": "une", "une": "oeq"}


def constant(x: float) -> str:
    """A float as an LLVM literal with the same bits."""
    return f"0x{struct.unpack('<Q', struct.pack('<d', x))[0]:016X}"
