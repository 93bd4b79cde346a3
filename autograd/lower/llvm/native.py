"""Compiles LLVM's language to machine code, and makes Python functions of it.

The entry points are C functions in LLVM's language beside the Program (entries.py). They are called through Python's
own function objects (`PyCFunction`): a call through ctypes would cost more than most Programs.
"""

import ctypes
import struct
from functools import cache
from typing import Any

from llvmlite import binding  # type: ignore[import-untyped]

from autograd.locks import Alone
from autograd.lower.layout import Row
from autograd.lower.llvm.entries import BOUND, Entry
from autograd.lower.llvm.functions import formula
from autograd.lower.llvm.interpreter import Steps, interpreter, is_long, program_of
from autograd.lower.llvm.kernel import SMALL, Kernel
from autograd.lower.llvm.lanes import WIDE, widened
from autograd.lower.llvm.loop_texts import helpers as loop_helpers
from autograd.lower.llvm.objects import OWN, PYTHON, declared, fill_scalars, helpers
from autograd.lower.llvm.placement import repeats_text
from autograd.lower.llvm.rows import ROWS, Rows, address
from autograd.ops.primitives import TABLE, Op
from autograd.program.nested import has_loops
from autograd.program.program import Program
from autograd.program.rolled import is_rolled, straightened


def module(program: Program, quick: Entry | None = None) -> tuple[str, int, Any, Any]:
    """The text of the Program and its entry points; its working memory, in doubles; and what it refers to.

    That is an object, and machine code of its own.
    """
    engine: Any = None
    held: Any
    if is_long(program):
        steps = Steps(program, _library(), _function_of)
        header = ctypes.create_string_buffer(steps.header)
        work, held, lines = steps.size, (steps, header), program_of(_interpreter(), ctypes.addressof(header))
    else:
        kernel = Kernel(program, _library(), _function_of, _lanes())
        if kernel.repeats.begin:
            engine = _llvm(_compiled, repeats_text(kernel.repeats.lines, _lanes()), 2, True)
            kernel.addresses = {register: _llvm(engine.get_function_address, f"repeat{register}")
                                for register in kernel.repeats.begin}
        lines = kernel.text()
        work, held = kernel.size, kernel.repeats        # its tables
        if kernel.loops:
            lines = [*loop_helpers(*_memory()), *lines]
    inputs, outputs = len(program.inputs), len(program.outputs)
    points = [Entry("of_list", Row(list, inputs, 0), Row(list, outputs, 0)), *([quick] if quick else [])]
    entries = [line for entry in points for line in entry.text(inputs, outputs, work)]
    return "\n".join(["declare double @llvm.sqrt.f64(double)", "@_Py_NoneStruct = external global i8",
                      *declared(PYTHON), *declared(OWN), *lines, *entries, BOUND]), work, held, engine


def module_of_rows(program: Program) -> tuple[str, int, Any]:
    """The same of the functions that compute two rows at once, in pairs of doubles."""
    kernel = Kernel(program, _library(), _function_of)
    lines = [f"declare {WIDE} @llvm.sqrt.v2f64({WIDE})", *widened(kernel.text()), ROWS]
    return "\n".join(lines), len(kernel.home), None


@cache
def _library() -> dict[str, int]:
    """The addresses of the C library's functions that the table names; this process has loaded them already."""
    names = {op.c_name for op in TABLE.values() if op.c_name}

    def found(library: Any) -> dict[str, int]:
        return {name: ctypes.cast(getattr(library, name), ctypes.c_void_p).value or 0
                for name in names}

    try:
        library = ctypes.CDLL(None)
        both = {"sincos": ctypes.cast(library.sincos, ctypes.c_void_p).value or 0} if hasattr(library, "sincos") else {}
        return found(library) | both
    except (OSError, TypeError, AttributeError):        # Windows
        from ctypes.util import find_library  # starts another process, which takes 4 ms
        return found(ctypes.CDLL(find_library("m") or find_library("c")))


@cache
def _memory() -> tuple[int, int]:
    """The addresses of realloc and free, as Python has them for threads without its lock."""
    return tuple(ctypes.cast(getattr(ctypes.pythonapi, name), ctypes.c_void_p).value or 0       # type: ignore[return-value]
                 for name in ("PyMem_RawRealloc", "PyMem_RawFree"))


_shared: list[Any] = []      # the machine code that all Programs call


def _prepare() -> None:
    """Give LLVM, once, the addresses of Python's functions and of those in objects.py."""
    if _shared:
        fill_scalars(_shared[0].get_global_value_address("scalars"))
        return
    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    for name in PYTHON:
        binding.add_symbol(name, ctypes.cast(getattr(ctypes.pythonapi, name), ctypes.c_void_p).value)
    binding.add_symbol("_Py_NoneStruct", id(None))
    binding.add_symbol("memmove", ctypes.cast(ctypes.memmove, ctypes.c_void_p).value)
    engine = _compile(helpers(), 0)      # optimised it is no faster, and takes 10 ms more to make
    for name in OWN:
        binding.add_symbol(name, engine.get_function_address(name))
    fill_scalars(engine.get_global_value_address("scalars"))
    _shared.append(engine)


_functions: dict[Op, int] = {}      # the addresses of long formulas, which all Programs share


def _function_of(op: Op) -> int:
    if op not in _functions:
        _functions[op] = _llvm(_compile_function, op)
    return _functions[op]


def _compile_function(op: Op) -> int:
    return _shared_code(formula(op, _library()), "formula")


@cache
def _interpreter() -> int:
    """The address of @interpret."""
    return _llvm(_shared_code, interpreter(), "interpret")


def _shared_code(text: str, name: str) -> int:
    _prepare()
    engine = _compile(text, 2)
    _shared.append(engine)
    return int(engine.get_function_address(name))


class _Module(binding.ModuleRef):       # type: ignore[misc]
    """LLVM's module, hashed by identity: llvmlite's hash casts its pointer, which from then on holds itself."""

    __hash__ = object.__hash__


@cache
def _target() -> Any:
    """The machine that runs this. Asked once: llvmlite frees the name twice if an interrupt comes as it frees it."""
    return binding.Target.from_default_triple()


@cache
def _processor() -> tuple[str, str]:
    """The name and the features of this processor; lanes need its own."""
    binding.initialize_native_target()
    return binding.get_host_cpu_name(), binding.get_host_cpu_features().flatten()


def _lanes() -> int:
    """How many doubles it computes at once."""
    features = _processor()[1].split(",")
    return 8 if "+avx512f" in features else 4 if "+avx" in features else 2


def _compiled(text: str, level: int, own: bool = False) -> Any:
    _prepare()
    return _compile(text, level, own)


def _compile(text: str, level: int, own: bool = False) -> Any:
    """own: for this processor's own instructions."""
    name, features = _processor() if own else ("", "")
    machine = _target().create_target_machine(opt=level, cpu=name, features=features)
    parsed = binding.parse_assembly(text)
    parsed.__class__ = _Module
    engine = binding.create_mcjit_compiler(parsed, machine)
    engine.finalize_object()
    return engine


class _Method(ctypes.Structure):
    """Python's PyMethodDef."""

    _fields_ = (("name", ctypes.c_char_p), ("function", ctypes.c_void_p), ("flags", ctypes.c_int),
                ("doc", ctypes.c_char_p))


METH_NOARGS, METH_O = 4, 8
_function = ctypes.pythonapi.PyCFunction_NewEx
_function.argtypes, _function.restype = (ctypes.c_void_p, ctypes.py_object, ctypes.py_object), ctypes.py_object
# LLVM's parser is not made for several threads; and a forked process would wait for ever for another to leave LLVM
_llvm = Alone(binding.ffi.lib._lock._lock) if hasattr(binding.ffi.lib, "_lock") else Alone()


class Native:
    """Machine code and its entry points; each Python function of it keeps it alive.

    level: LLVM's, of code generation. 2 takes three times as long as 0; between buffers the code is
    up to a third faster, which a call with Python's numbers does not show. wide: the functions of rows.py instead.
    """

    engine: Any = None
    repeats: Any = None     # the machine code of repeats
    alone = _llvm       # also at the end of the interpreter, when the file's names are gone

    def __init__(self, program: Program, quick: Entry | None = None, level: int = 0, wide: bool = False) -> None:
        if has_loops(program) and not is_rolled(program):
            level = 2       # which pays from some ten iterations on
        text, self.work, self.held, self.repeats = (*module_of_rows(program), None) if wide else module(program, quick)
        self.engine = self.alone(_compiled, text, level)
        self.methods: list[_Method] = []
        self.program = program
        self._optimised: Native | None = None
        self._of_rows: Native | None = None

    def __del__(self) -> None:
        for engine in (self.engine, self.repeats):
            if engine is not None:
                self.alone(self.dispose, engine)

    @staticmethod
    def dispose(engine: Any) -> None:
        """Free the engine's memory once: an interrupt inside llvmlite's `close` leaves it to the finalizer, too."""
        engine._owned = True        # llvmlite's finalizer frees nothing that has another owner
        engine._dispose()

    def function(self, name: str, flags: int = METH_O, own: Any = None) -> Any:
        """An entry point as a Python function; ``own``: its self."""
        method = _Method(name.encode(), self.address(name), flags, None)
        self.methods.append(method)     # Python keeps a pointer to it
        return _function(ctypes.addressof(method), own, self)

    def address(self, name: str) -> int:
        """Where a function of the machine code begins."""
        return self.alone(self.engine.get_function_address, name)       # type: ignore[no-any-return]

    def bound(self, inputs: Any, outputs: Any, again: Any) -> Any:
        """A function of no arguments from one buffer of doubles to another; ``again`` is called where a guard fails."""
        if len(self.program.instructions) + len(self.program.outputs) <= SMALL:
            self._optimised = self._optimised or Native(self.program, level=2)
            return self._optimised._bound(inputs, outputs, again)
        return self._bound(inputs, outputs, again)

    def _bound(self, inputs: Any, outputs: Any, again: Any) -> Any:
        work = bytearray(8 * self.work + 8)
        places = struct.pack("PPP", *[address(buffer) for buffer in (inputs, outputs, work)])
        return self.function("bound", METH_NOARGS, (places, again, inputs, outputs, work))

    def rows(self, width: int) -> Rows | None:
        """The same over tables; ``width``: a row is the first inputs. None of a long Program, or one with guards."""
        if self._of_rows is None:
            program = straightened(self.program)        # here a lane is a row
            if program.guards or not width or not program.outputs or is_long(program) or has_loops(program):
                return None
            self._of_rows = Native(program, wide=True)
        return Rows(self._of_rows, width)
