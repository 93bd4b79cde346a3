"""A long Program as data, and the machine code that runs such data: compiled once, for all Programs.

Machine code of a million instructions takes LLVM ten seconds and a gigabyte, and runs slowly: it does not fit into the
processor's caches, and a processor fetches data from memory in advance, but not code.
"""

import struct
from array import array
from collections.abc import Callable, Iterator, Mapping

from autograd.lower.llvm.spellings import COMPARISONS, INVERSE, RELATIONS, SPELLINGS
from autograd.lower.schedule import UnspellableError, due
from autograd.ops.primitives import Op
from autograd.program.calls import called
from autograd.program.nested import has_loops
from autograd.program.program import Atom, Program

LONG = 300_000      # instructions from which a Program is interpreted; a selection counts eight
CALLS = "call1", "call2", "call3"
CODES = {kind: code for code, kind in enumerate([*SPELLINGS, *COMPARISONS, "where", *CALLS, *sorted(
    {*INVERSE, *INVERSE.values()})])}       # the last are guards, by what must hold


def is_long(program: Program) -> bool:
    """Whether a Program is interpreted: machine code would take more than some three megabytes."""
    count = len(program.instructions)
    return 8 * count > LONG and not has_loops(program) and (
        count + 7 * sum(op.selects for op, _ in program.instructions) > LONG)


class Steps:
    """The Program as steps: each four numbers of 32 bits, and a place in the working memory for its result.

    A step is its code plus 256 times the number of the function or guard, and the places of three operands. In the
    working memory stand the inputs, the steps' results and the constants. library, functions: as for a Kernel.
    """

    def __init__(self, program: Program, library: Mapping[str, int], functions: Callable[[Op], int]) -> None:
        self.library, self.functions = library, functions
        inputs, count = len(program.inputs), len(program.instructions) + len(program.guards)
        self.constants, self._known, self._first = array("d"), dict[str, int](), inputs + count
        self.table, self._codes = array("q"), dict[Op, int]()       # the addresses of functions; the codes of ops
        self.steps = array("i")
        places, ready = [*range(inputs)], due(program)

        def place(x: Atom) -> int:
            return places[x] if x.__class__ is int else self._constant(x)

        def guards(register: int) -> Iterator[int]:
            for number in ready.get(register, ()):
                relation, left, right, outcome = program.guards[number]
                holds = RELATIONS[relation]
                yield from (CODES[holds if outcome else INVERSE[holds]] + 256 * number, place(left), place(right), 0)

        add = self.steps.extend
        add(guards(inputs - 1))
        for register, (op, args) in enumerate(program.instructions, inputs):
            code = self._codes.get(op)
            if code is None:
                code = self._codes[op] = self._code(op, len(args))
            operands = [places[x] if x.__class__ is int else self._constant(x) for x in args]
            operands += (0, 0) if len(operands) == 1 else (0,) if len(operands) == 2 else ()
            places.append(inputs + len(self.steps) // 4)
            add((code, *operands))
            if register in ready:
                add(guards(register))
        self.outputs = array("i", map(place, program.outputs))
        self.size = self._first + len(self.constants)       # of the working memory, in doubles
        self.header = struct.pack("8q", self.steps.buffer_info()[0], len(self.steps) // 4,
                                  self.constants.buffer_info()[0], len(self.constants), inputs,
                                  self.outputs.buffer_info()[0], len(self.outputs), self.table.buffer_info()[0])

    def _constant(self, x: float) -> int:
        text = repr(x)
        if text not in self._known:
            self._known[text] = self._first + len(self.constants)
            self.constants.append(x)
        return self._known[text]

    def _code(self, op: Op, arity: int) -> int:
        if op.name in CODES:
            return CODES[op.name]
        if not (op.c_name or called(op)) or arity > len(CALLS):
            raise UnspellableError(op.name)
        self.table.append(self.library[op.c_name] if op.c_name else self.functions(op))
        return CODES[CALLS[arity - 1]] + 256 * (len(self.table) - 1)


def program_of(address: int, header: int) -> list[str]:
    """The function @program of a Kernel, which runs steps; the addresses of @interpret and of their header."""
    return ["define internal i64 @program(ptr %in, ptr %out, ptr %work) {",
            f"  %g = call i64 inttoptr (i64 {address} to ptr)(ptr %in, ptr %out, ptr %work, "
            f"ptr inttoptr (i64 {header} to ptr))", "  ret i64 %g", "}"]


def interpreter() -> str:
    """The source of @interpret(in, out, work, header): -1, or the number of the guard that failed."""
    cases, jumps, results = [], [], []
    for kind, code in CODES.items():
        jumps.append(f"    i32 {code}, label %k{code}")
        cases.append(f"k{code}:")
        if kind in SPELLINGS:
            cases.append(SPELLINGS[kind].format(f"v{code}", "%x", "%y"))
        elif kind in COMPARISONS:
            cases += [f"  %b{code} = fcmp {COMPARISONS[kind]} double %x, %y",
                      f"  %rv{code} = select i1 %b{code}, double 1.0, double 0.0"]
        elif kind == "where":
            cases += ["  %chosen = fcmp une double %x, 0.0", "  %arm = select i1 %chosen, i32 %b, i32 %c",
                      "  %at = getelementptr double, ptr %work, i32 %arm", f"  %rv{code} = load double, ptr %at"]
        elif kind in CALLS:
            arity = CALLS.index(kind) + 1
            operands = ", ".join(f"double {x}" for x in ("%x", "%y", f"%z{code}")[:arity])
            cases += [f"  %n{code} = lshr i32 %word, 8", f"  %t{code} = getelementptr ptr, ptr %table, i32 %n{code}",
                      f"  %f{code} = load ptr, ptr %t{code}", f"  %zp{code} = getelementptr double, ptr %work, i32 %c",
                      f"  %z{code} = load double, ptr %zp{code}", f"  %rv{code} = call double %f{code}({operands})"]
        else:
            cases += [f"  %b{code} = fcmp {kind} double %x, %y", f"  br i1 %b{code}, label %next, label %failed"]
            continue
        cases.append("  br label %store")
        results.append(f"[ %rv{code}, %k{code} ]")
    return SOURCE.format(jumps="\n".join(jumps), cases="\n".join(cases), results=", ".join(results))


_FIELDS = "steps:ptr", "count:i64", "constants:ptr", "some:i64", "inputs:i64", "outputs:ptr", "many:i64", "table:ptr"
SOURCE = """declare double @llvm.sqrt.f64(double)
declare ptr @memmove(ptr, ptr, i64)
define i64 @interpret(ptr %in, ptr %out, ptr %work, ptr %header) {{
begin:
""" + "\n".join(f"""  %h{i} = getelementptr i64, ptr %header, i64 {i}
  %{field.split(':')[0]} = load {field.split(':')[1]}, ptr %h{i}""" for i, field in enumerate(_FIELDS)) + """
  %room = mul i64 %inputs, 8
  %c1 = call ptr @memmove(ptr %work, ptr %in, i64 %room)
  %results = getelementptr double, ptr %work, i64 %inputs
  %kept = getelementptr double, ptr %results, i64 %count
  %room2 = mul i64 %some, 8
  %c2 = call ptr @memmove(ptr %kept, ptr %constants, i64 %room2)
  br label %head
head:
  %i = phi i64 [ 0, %begin ], [ %i1, %next ]
  %done = icmp eq i64 %i, %count
  br i1 %done, label %finish, label %step
step:
  %sp = getelementptr [4 x i32], ptr %steps, i64 %i
  %word = load i32, ptr %sp
  %ap = getelementptr i32, ptr %sp, i64 1
  %a = load i32, ptr %ap
  %bp = getelementptr i32, ptr %sp, i64 2
  %b = load i32, ptr %bp
  %cp = getelementptr i32, ptr %sp, i64 3
  %c = load i32, ptr %cp
  %xp = getelementptr double, ptr %work, i32 %a
  %x = load double, ptr %xp
  %yp = getelementptr double, ptr %work, i32 %b
  %y = load double, ptr %yp
  %code = and i32 %word, 255
  switch i32 %code, label %bad [
{jumps}
  ]
{cases}
store:
  %v = phi double {results}
  %to = getelementptr double, ptr %results, i64 %i
  store double %v, ptr %to
  br label %next
next:
  %i1 = add i64 %i, 1
  br label %head
failed:
  %guard = lshr i32 %word, 8
  %number = zext i32 %guard to i64
  ret i64 %number
bad:
  unreachable
finish:
  %j = phi i64 [ 0, %head ], [ %j1, %copy ]
  %all = icmp eq i64 %j, %many
  br i1 %all, label %end, label %copy
copy:
  %op = getelementptr i32, ptr %outputs, i64 %j
  %o = load i32, ptr %op
  %vp = getelementptr double, ptr %work, i32 %o
  %value = load double, ptr %vp
  %tp = getelementptr double, ptr %out, i64 %j
  store double %value, ptr %tp
  %j1 = add i64 %j, 1
  br label %finish
end:
  ret i64 -1
}}"""
