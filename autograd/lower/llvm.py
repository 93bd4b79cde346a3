"""How a Program is spelled in LLVM's language, and how the machine code gets behind a Python function.

The code is called through a C function object of Python's own (`PyCFunction`), written in the same
language: ctypes would cost more than most Programs. It allocates nothing but its result.
"""

import ctypes
import ctypes.util
import struct
from typing import Any

from llvmlite import binding  # type: ignore[import-untyped]

from autograd.program import Atom, Program

INTRINSICS = {"abs": "fabs", "sqrt": "sqrt", "floor": "floor", "ceil": "ceil", "trunc": "trunc", "round": "rint"}
# Ops that are instructions or intrinsics; the others are the C library's functions of the same name.
SPELLINGS = {
    "add": "fadd double {}, {}", "sub": "fsub double {}, {}", "mul": "fmul double {}, {}", "div": "fdiv double {}, {}",
    "neg": "fneg double {}", "stop_gradient": "fadd double {}, -0.0",
    **{name: f"call double @llvm.{intrinsic}.f64(double {{}})" for name, intrinsic in INTRINSICS.items()},
    "copysign": "call double @llvm.copysign.f64(double {}, double {})",
}
TRUTHS = {"greater": "ogt", "less": "olt", "equal": "oeq"}
RELATIONS = {"less": "olt", "less_equal": "ole", "greater": "ogt", "greater_equal": "oge", "equal": "oeq",
             "not_equal": "une"}
LIBRARY = ("pow", "fmod", "atan2", "cbrt", "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "sin", "cos", "tan",
           "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "erf", "erfc")
CHUNK = 2000        # instructions of one function: longer ones need more stack, and more time for each instruction
SMALL = 150         # instructions up to which the code is worth optimising
INVERSE = {"olt": "uge", "ole": "ugt", "ogt": "ule", "oge": "ult", "oeq": "une", "une": "oeq"}


class UnspellableError(Exception):
    """An op that only Python can compute."""


def constant(x: float) -> str:
    """A float as LLVM reads it back to the bit."""
    return f"0x{struct.unpack('<Q', struct.pack('<d', x))[0]:016X}"


# ---- the Program --------------------------------------------------------------------------------


class _Writer:
    """The Program as functions of at most CHUNK instructions, which leave numbers to each other in `work`."""

    def __init__(self, program: Program) -> None:
        self.program, self.inputs = program, len(program.inputs)
        self.due = self._guards()
        self.home: dict[int, int] = {}      # of a register that a later chunk reads: its place in `work`
        self.truths: set[int] = set()       # registers that a `where` of the same chunk asks
        self.numbers = {x for x in program.outputs if x.__class__ is int}       # and those read as numbers
        self._look()
        self.lines: list[str] = []
        self.fresh = 0

    def _guards(self) -> dict[int, list[int]]:
        """The guards to check after each register: as soon as possible, but in their order."""
        due: dict[int, list[int]] = {}
        latest = self.inputs - 1
        for number, guard in enumerate(self.program.guards):
            latest = max(latest, *(x for x in (guard.left, guard.right) if x.__class__ is int))
            due.setdefault(latest, []).append(number)
        return due

    def _look(self) -> None:
        instructions = self.program.instructions
        for register, (op, args) in enumerate(instructions, self.inputs):
            chunk = (register - self.inputs) // CHUNK
            reads = [(arg, op.name == "where" and place == 0) for place, arg in enumerate(args)]
            for number in self.due.get(register, ()):
                reads += [(self.program.guards[number].left, False), (self.program.guards[number].right, False)]
            for arg, asked in reads:
                if arg.__class__ is not int or arg < self.inputs:
                    continue
                far = (arg - self.inputs) // CHUNK != chunk
                if far:
                    self.home.setdefault(arg, len(self.home))
                if asked and not far and instructions[arg - self.inputs].op.name in TRUTHS:
                    self.truths.add(arg)
                else:
                    self.numbers.add(arg)

    def text(self) -> list[str]:
        """Functions @k0, @k1, ...: each gives -1, or the number of a guard that failed."""
        total = len(self.program.instructions)
        stored: dict[int, list[int]] = {}
        for place, x in enumerate(self.program.outputs):
            stored.setdefault(x if x.__class__ is int and x >= self.inputs else -1, []).append(place)
        for chunk, start in enumerate(range(0, max(total, 1), CHUNK)):
            self.here, self.loaded = range(self.inputs + start, self.inputs + min(start + CHUNK, total)), set[int]()
            self.lines.append(f"define internal i64 @k{chunk}(ptr %in, ptr %out, ptr %work) {{")
            if chunk == 0:
                self._check(self.inputs - 1)
            for register in self.here:
                self._instruction(register)
                if register in self.home:
                    self._store("work", self.home[register], f"%r{register}")
                for place in stored.get(register, ()):
                    self._store("out", place, f"%r{register}")
                self._check(register)
            if start + CHUNK >= total:
                for place in stored.get(-1, ()):
                    self._store("out", place, self._read(self.program.outputs[place]))
            self.lines += ["  ret i64 -1", "}"]
        return self.lines

    def _read(self, atom: Atom) -> str:
        if atom.__class__ is not int:
            return constant(atom)
        if atom not in self.here and atom not in self.loaded:
            self.loaded.add(atom)
            area, place = ("in", atom) if atom < self.inputs else ("work", self.home[atom])
            self.lines += [f"  %p{atom} = getelementptr double, ptr %{area}, i64 {place}",
                           f"  %r{atom} = load double, ptr %p{atom}"]
        return f"%r{atom}"

    def _store(self, area: str, place: int, what: str) -> None:
        self.fresh += 1
        self.lines += [f"  %s{self.fresh} = getelementptr double, ptr %{area}, i64 {place}",
                       f"  store double {what}, ptr %s{self.fresh}"]

    def _instruction(self, register: int) -> None:
        op, args = self.program.instructions[register - self.inputs]
        if op.name in TRUTHS:
            left, right = map(self._read, args)
            self.lines.append(f"  %b{register} = fcmp {TRUTHS[op.name]} double {left}, {right}")
            if register in self.numbers:
                self.lines.append(f"  %r{register} = uitofp i1 %b{register} to double")
        elif op.name == "where":
            condition, a, b = args
            yes, no = self._read(a), self._read(b)
            if condition in self.truths and condition in self.here:
                asked = f"%b{condition}"
            else:
                asked = f"%c{register}"
                self.lines.append(f"  {asked} = fcmp une double {self._read(condition)}, {constant(0.0)}")
            self.lines.append(f"  %r{register} = select i1 {asked}, double {yes}, double {no}")
        elif op.name in SPELLINGS:
            self.lines.append(f"  %r{register} = {SPELLINGS[op.name].format(*map(self._read, args))}")
        elif op.name in LIBRARY:
            listed = ", ".join(f"double {self._read(arg)}" for arg in args)
            self.lines.append(f"  %r{register} = call double @pathgrad_{op.name}({listed})")
        else:
            raise UnspellableError(op.name)

    def _check(self, register: int) -> None:
        for number in self.due.get(register, ()):
            relation, left, right, outcome = self.program.guards[number]
            predicate = RELATIONS[relation]
            self.lines += [
                f"  %g{number} = fcmp {predicate if outcome else INVERSE[predicate]} double "
                f"{self._read(left)}, {self._read(right)}",
                f"  br i1 %g{number}, label %ok{number}, label %no{number}",
                f"no{number}:", f"  ret i64 {number}", f"ok{number}:"]


# ---- the way in from Python ---------------------------------------------------------------------

PYTHON = {"PyList_GetItem": "ptr (ptr, i64)", "PyTuple_GetItem": "ptr (ptr, i64)", "PyList_Size": "i64 (ptr)",
          "PyTuple_Size": "i64 (ptr)", "PyFloat_AsDouble": "double (ptr)", "PyFloat_FromDouble": "ptr (double)",
          "PyList_New": "ptr (i64)", "PyList_SetItem": "i32 (ptr, i64, ptr)", "PyErr_Occurred": "ptr ()",
          "PyErr_Clear": "void ()", "PyLong_FromLongLong": "ptr (i64)", "PyBytes_AsString": "ptr (ptr)",
          "Py_IncRef": "void (ptr)", "PyMem_RawMalloc": "ptr (i64)", "PyMem_RawFree": "void (ptr)"}


def _entry(name: str, kind: str, program: Program, chunks: int, work: int, scalar: bool) -> str:
    """A C function that takes one list or tuple of floats and gives a list of floats, or a float.

    It gives an int where a guard failed, and None where an item is no plain number.
    """
    n, m = len(program.inputs), len(program.outputs)
    calls = "\n".join(f"""  %f{i} = call i64 @k{i}(ptr %in, ptr %out, ptr %work)
  %h{i} = icmp eq i64 %f{i}, -1
  br i1 %h{i}, label %c{i + 1}, label %failed{i}
failed{i}:
  call void @PyMem_RawFree(ptr %in)
  %l{i} = call ptr @PyLong_FromLongLong(i64 %f{i})
  ret ptr %l{i}
c{i + 1}:""" for i in range(chunks))
    result = """  %y = load double, ptr %out
  call void @PyMem_RawFree(ptr %in)
  %result = call ptr @PyFloat_FromDouble(double %y)
  ret ptr %result""" if scalar else f"""  %list = call ptr @PyList_New(i64 {m})
  br label %fill
fill:
  %j = phi i64 [ 0, %c{chunks} ], [ %j1, %put ]
  %full = icmp eq i64 %j, {m}
  br i1 %full, label %done, label %put
put:
  %yp = getelementptr double, ptr %out, i64 %j
  %y = load double, ptr %yp
  %o = call ptr @PyFloat_FromDouble(double %y)
  %ig = call i32 @PyList_SetItem(ptr %list, i64 %j, ptr %o)
  %j1 = add i64 %j, 1
  br label %fill
done:
  call void @PyMem_RawFree(ptr %in)
  ret ptr %list"""
    return f"""
define ptr @{name}(ptr %self, ptr %arg) {{
start:
  %n = call i64 @Py{kind}_Size(ptr %arg)
  %right = icmp eq i64 %n, {n}
  br i1 %right, label %room, label %other
room:
  %in = call ptr @PyMem_RawMalloc(i64 {8 * (n + m + work + 1)})
  %out = getelementptr double, ptr %in, i64 {n}
  %work = getelementptr double, ptr %in, i64 {n + m}
  br label %take
take:
  %i = phi i64 [ 0, %room ], [ %i1, %good ]
  %all = icmp eq i64 %i, {n}
  br i1 %all, label %c0, label %next
next:
  %item = call ptr @Py{kind}_GetItem(ptr %arg, i64 %i)
  %x = call double @PyFloat_AsDouble(ptr %item)
  %odd = fcmp oeq double %x, -1.0
  br i1 %odd, label %maybe, label %good
maybe:
  %error = call ptr @PyErr_Occurred()
  %fine = icmp eq ptr %error, null
  br i1 %fine, label %good, label %bad
good:
  %xp = getelementptr double, ptr %in, i64 %i
  store double %x, ptr %xp
  %i1 = add i64 %i, 1
  br label %take
bad:
  call void @PyMem_RawFree(ptr %in)
  br label %other
other:
  call void @PyErr_Clear()
  call void @Py_IncRef(ptr @_Py_NoneStruct)
  ret ptr @_Py_NoneStruct
c0:
{calls}
{result}
}}"""


def module(program: Program, quick: str = "") -> str:
    """The whole text: the Program and its ways in; ``quick``: from a list or tuple to a list or number."""
    writer = _Writer(program)
    kernel = writer.text()
    chunks = sum(line.startswith("define") for line in kernel)
    arity = {op.name: len(args) for op, args in program.instructions}
    declared = [f"declare double @pathgrad_{name}({', '.join(['double'] * arity[name])})" for name in arity
                if name in LIBRARY]
    declared += [f"declare double @llvm.{name}.f64(double)" for name in INTRINSICS.values()]
    declared += ["declare double @llvm.copysign.f64(double, double)", "@_Py_NoneStruct = external global i8"]
    declared += [f"declare {signature.split(' ')[0]} @{name}{signature[signature.index('('):]}"
                 for name, signature in PYTHON.items()]
    entries = [_entry("of_list", "List", program, chunks, len(writer.home), False)]
    if quick:
        kind, result = quick.split()
        entries.append(_entry("quick", kind.title(), program, chunks, len(writer.home), result == "number"))
    return "\n".join([*declared, *kernel, *entries])


_ready = False


def _prepare() -> None:
    """Tell LLVM once where Python's and the C library's functions are."""
    global _ready
    if _ready:
        return
    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    library = ctypes.CDLL(ctypes.util.find_library("m"))
    for name in LIBRARY:
        binding.add_symbol(f"pathgrad_{name}", ctypes.cast(getattr(library, name), ctypes.c_void_p).value)
    for name in PYTHON:
        binding.add_symbol(name, ctypes.cast(getattr(ctypes.pythonapi, name), ctypes.c_void_p).value)
    binding.add_symbol("_Py_NoneStruct", id(None))
    _ready = True


class _Method(ctypes.Structure):
    """Python's PyMethodDef."""

    _fields_ = (("name", ctypes.c_char_p), ("function", ctypes.c_void_p), ("flags", ctypes.c_int),
                ("doc", ctypes.c_char_p))


METH_O = 8
_function = ctypes.pythonapi.PyCFunction_NewEx
_function.argtypes, _function.restype = (ctypes.c_void_p, ctypes.py_object, ctypes.c_void_p), ctypes.py_object


class Native:
    """Machine code. Each function into it holds it, so it goes when the last of them goes."""

    def __init__(self, program: Program, quick: str) -> None:
        _prepare()
        level = 2 if len(program.instructions) <= SMALL else 0
        parsed = binding.parse_assembly(module(program, quick))
        machine = binding.Target.from_default_triple().create_target_machine(opt=level)
        self.engine = binding.create_mcjit_compiler(parsed, machine)
        self.engine.finalize_object()
        self.methods: list[_Method] = []

    def function(self, name: str) -> Any:
        """One of its ways in, as a Python function."""
        method = _Method(name.encode(), self.engine.get_function_address(name), METH_O, None)
        self.methods.append(method)     # Python keeps a pointer to it
        return _function(ctypes.addressof(method), self, None)


def lower(program: Program, quick: str = "") -> tuple[Any, Any]:
    """The Program as a function of a list of floats; and the quick way in, if one is asked for.

    Both answer an int, the number of the guard, where one failed, and None where an item is no plain number.
    """
    native = Native(program, quick)
    return native.function("of_list"), native.function("quick") if quick else None
