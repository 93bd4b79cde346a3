"""The machine code that runs the steps of lane_steps.py for a block of rows: compiled once, for all Programs."""

from collections.abc import Iterator

from autograd.lower.llvm.lanes import INTRINSICS, live, splat
from autograd.lower.llvm.spellings import COMPARISONS, INVERSE, SIGN, spelled

ROWS = 32           # of a block: so many make it cheap to fetch a step
MOST = 3            # operands of a call
CALLS = {f"{kind}{arity}": arity for kind in ("call", "vectors") for arity in range(1, MOST + 1)}
ARITIES = {**dict.fromkeys(("add", "sub", "mul", "div", *COMPARISONS), 2), "where": 3,
           **dict.fromkeys(("neg", "stop_gradient", "abs", *INTRINSICS), 1), **CALLS,
           **dict.fromkeys(sorted({*INVERSE, *INVERSE.values()}), 2), "write": 1, "accumulate": 1, "read": 0}
CODES = {kind: 8 * i for i, kind in enumerate(ARITIES)}         # plus 1, 2 and 4 for operands that all rows share
VECTOR, TRUTH, WORD = f"<{ROWS} x double>", f"<{ROWS} x i1>", f"<{ROWS} x i64>"
SPELLINGS = spelled(VECTOR, WORD, splat(ROWS, "i64", ~SIGN), splat(ROWS, "double", "-0.0")) | {
    op: f"  %r{{0}} = call {VECTOR} @llvm.{name}.v{ROWS}f64({VECTOR} {{1}})" for op, name in INTRINSICS.items()}
# A step is six numbers: its code, the number of a column, output, guard or function, the places of three operands and
# of the result. in, shared, out, at, lanes: as for a LaneKernel. sums: the totals of the outputs that are added up;
# failed: for each row -1, or the number of the first guard that failed.
SOURCE = """
define void @interpret_rows(ptr %in, ptr %shared, ptr %out, ptr %sums, ptr %work, i64 %at, i64 %lanes,
                            ptr %failed, ptr %steps, i64 %count, ptr %table) {{
begin:
{live}
  br label %next
next:
  %i = phi i64 [ 0, %begin ], {sources}
  %done = icmp eq i64 %i, %count
  br i1 %done, label %end, label %step
step:
  %i1 = add i64 %i, 1
  %sp = getelementptr [6 x i32], ptr %steps, i64 %i
{words}
  %n64 = zext i32 %n to i64
  %to = getelementptr {vector}, ptr %work, i32 %result
{places}
  switch i32 %code, label %bad [
{jumps}
  ]
{cases}
bad:
  unreachable
end:
  ret void
}}"""


def lane_interpreter(width: int, fast: bool) -> str:
    """The source of @interpret_rows; width: of vector functions; fast: sums are added up here."""
    jumps, cases, sources = [], [], []
    for kind, arity in ARITIES.items():
        for shared in range(1 << arity):
            name = f"c{CODES[kind] + shared}"
            jumps.append(f"    i32 {CODES[kind] + shared}, label %{name}")
            body = _called(kind, arity, shared, name, width) if kind in CALLS else _case(kind, arity, shared, name)
            if kind == "accumulate":
                body = _added(shared, name, fast)
            cases += [f"{name}:", *body, f"  br label %{name}_end", f"{name}_end:", "  br label %next"]
            sources.append(f"[ %i1, %{name}_end ]")
    fields = "code", "n", "a", "b", "c", "result"
    words = "\n".join(f"  %{x}p = getelementptr i32, ptr %sp, i64 {i}\n  %{x} = load i32, ptr %{x}p"
                      for i, x in enumerate(fields))
    places = "\n".join(f"  %v{x} = getelementptr {VECTOR}, ptr %work, i32 %{x}\n"
                       f"  %s{x} = getelementptr double, ptr %shared, i32 %{x}" for x in "abc")
    declared = [f"declare {VECTOR} @llvm.{name}.v{ROWS}f64({VECTOR})" for name in INTRINSICS.values()]
    return "\n".join([*declared, SOURCE.format(
        sources=", ".join(sources), words=words, places=places, vector=VECTOR, live=live("live", ROWS, 0),
        jumps="\n".join(jumps), cases="\n".join(cases))])


def _operand(name: str, x: str, shared: bool, kind: str, at: str = "") -> Iterator[str]:
    """Reads operand a, b or c as a vector of this kind; at: from this row of the block on."""
    result, width = f"%{x}_{name}", kind.split()[0][1:]
    if shared:
        yield from (f"  %{x}n_{name} = load double, ptr %s{x}",
                    f"  %{x}o_{name} = insertelement {kind} undef, double %{x}n_{name}, i32 0",
                    f"  {result} = shufflevector {kind} %{x}o_{name}, {kind} undef, <{width} x i32> zeroinitializer")
    elif at:
        yield from (f"  %{x}q_{name} = getelementptr double, ptr %v{x}, i64 {at}",
                    f"  {result} = load {kind}, ptr %{x}q_{name}, align 8")
    else:
        yield f"  {result} = load {kind}, ptr %v{x}, align 8"


def _case(kind: str, arity: int, shared: int, name: str) -> Iterator[str]:
    for place in range(arity):
        yield from _operand(name, "abc"[place], bool(shared >> place & 1), VECTOR)
    a, b, c = (f"%{x}_{name}" for x in "abc")
    result = f"%r{name}"
    if kind in SPELLINGS:
        yield SPELLINGS[kind].format(name, a, b)
    elif kind in COMPARISONS:
        yield f"  %t{name} = fcmp {COMPARISONS[kind]} {VECTOR} {a}, {b}"
        yield f"  {result} = select {TRUTH} %t{name}, {VECTOR} {splat(ROWS, 'double', '1.0')}, " \
              f"{VECTOR} zeroinitializer"
    elif kind == "where":
        yield f"  %t{name} = fcmp une {VECTOR} {a}, zeroinitializer"
        yield f"  {result} = select {TRUTH} %t{name}, {VECTOR} {b}, {VECTOR} {c}"
    elif kind == "read":
        yield from (f"  %p{name} = getelementptr ptr, ptr %in, i64 %n64", f"  %q{name} = load ptr, ptr %p{name}",
                    f"  %o{name} = getelementptr double, ptr %q{name}, i64 %at",
                    f"  {result} = load {VECTOR}, ptr %o{name}, align 8")
    elif kind == "write":
        yield from (f"  %p{name} = getelementptr ptr, ptr %out, i64 %n64", f"  %q{name} = load ptr, ptr %p{name}",
                    f"  %o{name} = getelementptr double, ptr %q{name}, i64 %at",
                    f"  store {VECTOR} {a}, ptr %o{name}, align 8")
        return
    else:       # a guard, by what must not hold
        yield from (f"  %t{name} = fcmp {kind} {VECTOR} {a}, {b}", f"  %f{name} = load {WORD}, ptr %failed, align 8",
                    f"  %u{name} = icmp eq {WORD} %f{name}, {splat(ROWS, 'i64', -1)}",
                    f"  %w{name} = and {TRUTH} %t{name}, %u{name}",
                    f"  %x{name} = insertelement {WORD} undef, i64 %n64, i32 0",
                    f"  %y{name} = shufflevector {WORD} %x{name}, {WORD} undef, <{ROWS} x i32> zeroinitializer",
                    f"  %z{name} = select {TRUTH} %w{name}, {WORD} %y{name}, {WORD} %f{name}",
                    f"  store {WORD} %z{name}, ptr %failed, align 8")
        return
    yield f"  store {VECTOR} {result}, ptr %to, align 8"


def _called(kind: str, arity: int, shared: int, name: str, width: int) -> Iterator[str]:
    """Calls a function for each row of the block, or one of vectors for as many rows as these have."""
    several = width if kind.startswith("vectors") else 1
    number = f"<{width} x double>" if several > 1 else "double"
    yield from (f"  %p{name} = getelementptr ptr, ptr %table, i64 %n64", f"  %g{name} = load ptr, ptr %p{name}",
                f"  br label %{name}_one", f"{name}_one:",
                f"  %j{name} = phi i64 [ 0, %{name} ], [ %k{name}, %{name}_one ]")
    for place in range(arity):
        x = "abc"[place]
        if several > 1:
            yield from _operand(name, x, bool(shared >> place & 1), number, f"%j{name}")
        else:
            start = f"%s{x}, i64 0" if shared >> place & 1 else f"%v{x}, i64 %j{name}"
            yield from (f"  %{x}q_{name} = getelementptr double, ptr {start}",
                        f"  %{x}_{name} = load double, ptr %{x}q_{name}")
    listed = ", ".join(f"{number} %{x}_{name}" for x in "abc"[:arity])
    yield from (f"  %r{name} = call {number} %g{name}({listed})",
                f"  %o{name} = getelementptr double, ptr %to, i64 %j{name}",
                f"  store {number} %r{name}, ptr %o{name}, align 8", f"  %k{name} = add i64 %j{name}, {several}",
                f"  %more{name} = icmp slt i64 %k{name}, {ROWS}",
                f"  br i1 %more{name}, label %{name}_one, label %{name}_done", f"{name}_done:")


def _added(shared: int, name: str, fast: bool) -> Iterator[str]:
    """Adds the rows to a total in their order, or, fast, by halves first; -0.0 stands for a row that does not count."""
    neutral = splat(ROWS, "double", "-0.0")
    yield from _operand(name, "a", bool(shared), VECTOR)
    yield from (f"  %p{name} = getelementptr double, ptr %sums, i64 %n64", f"  %t{name}_0 = load double, ptr %p{name}",
                f"  %m{name}_{ROWS} = select {TRUTH} %live, {VECTOR} %a_{name}, {VECTOR} {neutral}")
    size = ROWS
    while fast and size > 1:
        whole, size = f"<{size} x double>", size // 2
        for half, start in (("l", 0), ("h", size)):
            lanes = ", ".join(f"i32 {i}" for i in range(start, start + size))
            yield f"  %{half}{name}_{size} = shufflevector {whole} %m{name}_{2 * size}, {whole} undef, " \
                  f"<{size} x i32> <{lanes}>"
        yield f"  %m{name}_{size} = fadd <{size} x double> %l{name}_{size}, %h{name}_{size}"
    for i in range(size):
        yield from (f"  %e{name}_{i} = extractelement <{size} x double> %m{name}_{size}, i32 {i}",
                    f"  %t{name}_{i + 1} = fadd double %t{name}_{i}, %e{name}_{i}")
    yield f"  store double %t{name}_{size}, ptr %p{name}"
