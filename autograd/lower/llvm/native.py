"""Compiles LLVM's language to machine code, and makes Python functions of it.

The entry points are C functions in LLVM's language beside the Program (entries.py). They are called through Python's
own function objects (`PyCFunction`): a call through ctypes would cost more than most Programs.
"""

import ctypes
import functools
import hashlib
import struct
import sys
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from llvmlite import __version__ as llvmlite_version  # type: ignore[import-untyped]
from llvmlite import binding

from autograd.locks import Alone
from autograd.lower.code_cache import read, write
from autograd.lower.layout import Row
from autograd.lower.llvm.entries import BOUND, Entry
from autograd.lower.llvm.functions import formula
from autograd.lower.llvm.interpreter import Steps, interpreter, is_long, program_of
from autograd.lower.llvm.kernel import SMALL, Kernel
from autograd.lower.llvm.loop_texts import helpers as loop_helpers
from autograd.lower.llvm.nested_kernel import NestedKernel
from autograd.lower.llvm.objects import OWN, PYTHON, declared, fill_scalars, helpers
from autograd.lower.llvm.placement import repeats_text
from autograd.lower.llvm.processor import features, widest
from autograd.lower.llvm.symbols import name_address, named
from autograd.ops.primitives import TABLE, Op
from autograd.program.nested import has_loops, item
from autograd.program.program import Program
from autograd.program.rolled import is_rolled


def module(program: Program, quick: Entry | None, fast: bool, cache: bool, lanes: Any) -> tuple[str, int, Any]:
    """The text of the Program and its entry points; its working memory, in doubles; and an object that it refers to."""
    lines, work, held = written(program, fast, cache, lanes)
    inputs, outputs = len(program.inputs), len(program.outputs)
    points = [Entry("of_list", Row(list, inputs, 0), Row(list, outputs, 0)), *([quick] if quick else [])]
    entries = [line for entry in points for line in entry.text(inputs, outputs, work)]
    return "\n".join(["declare double @llvm.sqrt.f64(double)", "@_Py_NoneStruct = external global i8",
                      *declared(PYTHON), *declared(OWN), *lines, *entries, BOUND]), work, held


def written(program: Program, fast: bool, cache: bool, lanes: Any = None) -> tuple[list[str], int, Any]:
    """The function @program; its working memory, in doubles; and an object that it refers to. lanes: as of Native."""
    functions = partial(function_of, cache=cache)
    if is_long(program):
        steps = Steps(program, library(), functions)
        header = ctypes.create_string_buffer(steps.header)
        return program_of(_interpreter(), ctypes.addressof(header)), steps.size, (steps, header)
    if has_loops(program):
        return _nested(program, functions, fast, lanes)
    kernel = Kernel(program, library(), functions, fast)
    return kernel.text(), len(kernel.home), None


def _nested(program: Program, functions: Callable[[Op], int], fast: bool, lanes: Any) -> tuple[list[str], int, Any]:
    """The same of a Program with loops or repeats; these are machine code of their own."""
    kernel = NestedKernel(program, library(), functions, fast, widest(), lanes)
    repeats = None
    if kernel.repeats.begin:
        repeats = Code(repeats_text(kernel.repeats.lines, widest()), OPTIMISED, False, True)
        kernel.addresses = {register: repeats.address(f"repeat{register}") for register in kernel.repeats.begin}
    lines = kernel.text()
    return [*(loop_helpers(memory()) if kernel.loops else ()), *lines], kernel.size, (kernel.repeats, repeats)


@functools.cache
def library() -> dict[str, int]:
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


@functools.cache
def memory() -> list[int]:
    """The addresses of realloc and free, as Python has them for threads without its lock."""
    found = {name: ctypes.cast(getattr(ctypes.pythonapi, name), ctypes.c_void_p).value or 0
             for name in ("PyMem_RawRealloc", "PyMem_RawFree")}
    for name, address in found.items():
        name_address(address, name)
    return [*found.values()]


OPTIMISED = 2   # LLVM's highest level of code generation but one
FUSING = 1      # the level at which fast code is compiled: at 0 nothing is fused, 2 takes up to three times as long
FEW = 100       # instructions beside Repeats up to which it does not pay
_shared: list[Any] = []      # the machine code that all Programs call


def _prepare(cache: bool) -> None:
    """Give LLVM, once, the addresses of Python's functions and of those in objects.py."""
    if (numpy := sys.modules.get("numpy")) is not None:
        name_address(id(numpy.ndarray), "ndarray")
    if _shared:
        fill_scalars(_shared[0].get_global_value_address("scalars"))
        return
    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    for name in PYTHON:
        binding.add_symbol(name, ctypes.cast(getattr(ctypes.pythonapi, name), ctypes.c_void_p).value)
    binding.add_symbol("_Py_NoneStruct", id(None))
    binding.add_symbol("memmove", ctypes.cast(ctypes.memmove, ctypes.c_void_p).value)
    for kind in (float, int, str, list, tuple):
        name_address(id(kind), kind.__name__)
    for name, function in library().items():
        name_address(function, f"c_{name}")
    engine = _compile(helpers(), 0, cache)      # optimised it is no faster, and takes 10 ms more to make
    for name in OWN:
        binding.add_symbol(name, engine.get_function_address(name))
    fill_scalars(engine.get_global_value_address("scalars"))
    _shared.append(engine)


_functions: dict[Op, int] = {}      # the addresses of long formulas, which all Programs share


def function_of(op: Op, cache: bool = False) -> int:
    """The address of a long formula's function; cache: as of `Code`."""
    if op not in _functions:
        text = formula(op, library())
        made = shared_code(text, "formula", cache=cache)["formula"]
        name_address(made, f"formula_{_meaning(text)}")
        _functions[op] = made
    return _functions[op]


@functools.cache
def _interpreter() -> int:
    """The address of @interpret."""
    return shared_code(interpreter(), "interpret")["interpret"]


def shared_code(text: str, *names: str, cache: bool = False, vectors: bool = False) -> dict[str, int]:
    """The addresses of functions that all Programs share. cache, vectors: as of `Code`."""
    found: dict[str, int] = _llvm(_compile_shared, text, names, cache, vectors)
    return found


_meanings: dict[str, str] = {}      # of the names of shared functions


def name_code(addresses: Mapping[str, int], text: str) -> None:
    """Let code that is compiled later call these functions, which are made of ``text``, by name."""
    for name, address in addresses.items():
        binding.add_symbol(name, address)
        _meanings[name] = _meaning(text)


def _meaning(text: str) -> str:
    """The same for the same code in every process."""
    return hashlib.sha256((named(text) or text).encode()).hexdigest()


def _compile_shared(text: str, names: tuple[str, ...], cache: bool, vectors: bool) -> dict[str, int]:
    _prepare(cache)
    engine = _compile(text, OPTIMISED, cache, vectors)
    _shared.append(engine)
    return {name: int(engine.get_function_address(name)) for name in names}


class _Module(binding.ModuleRef):       # type: ignore[misc]
    """LLVM's module, hashed by identity: llvmlite's hash casts its pointer, which from then on holds itself."""

    __hash__ = object.__hash__


@functools.cache
def _target() -> Any:
    """The machine that runs this. Asked once: llvmlite frees the name twice if an interrupt comes as it frees it."""
    return binding.Target.from_default_triple()


def _compiled(text: str, level: int, cache: bool, vectors: bool) -> Any:
    _prepare(cache)
    return _compile(text, level, cache, vectors)


def _compile(text: str, level: int, cache: bool, vectors: bool = False) -> Any:
    """See `Code`."""
    own = {"cpu": binding.get_host_cpu_name(), "features": ",".join(
        f"{'+' if there else '-'}{name}" for name, there in features().items())} if vectors else {}
    machine = _target().create_target_machine(opt=level, **own)
    relocatable = named(text) if cache else None
    if relocatable is None:
        engine = binding.create_mcjit_compiler(_parsed(text), machine)
        engine.finalize_object()
        return engine
    calls = [(name, meaning) for name, meaning in sorted(_meanings.items()) if f"@{name}(" in text]
    key = hashlib.sha256(f"{_setting()}\n{level} {vectors} {calls}\n{relocatable}".encode()).hexdigest()
    kept = read(key)
    code = kept or machine.emit_object(_parsed(relocatable))
    engine = binding.create_mcjit_compiler(_parsed(""), machine)
    engine.add_object_file(binding.ObjectFileRef.from_data(code))
    engine.finalize_object()
    if not kept:
        write(key, code)
    return engine


def _parsed(text: str) -> Any:
    parsed = binding.parse_assembly(text)
    parsed.__class__ = _Module
    return parsed


@functools.cache
def _setting() -> str:
    """What object code depends on besides its text; with the text of the functions that all of it calls by name."""
    return repr((llvmlite_version, binding.llvm_version_info, binding.get_default_triple(),
                 binding.get_host_cpu_name(), sorted(features().items()), sys.version, named(helpers())))


class Method(ctypes.Structure):
    """Python's PyMethodDef."""

    _fields_ = (("name", ctypes.c_char_p), ("function", ctypes.c_void_p), ("flags", ctypes.c_int),
                ("doc", ctypes.c_char_p))


METH_NOARGS, METH_O, METH_FASTCALL = 4, 8, 0x80
_function = ctypes.pythonapi.PyCFunction_NewEx
_function.argtypes, _function.restype = (ctypes.c_void_p, ctypes.py_object, ctypes.py_object), ctypes.py_object


def python_function(method: Method, own: Any, held: Any) -> Any:
    """A Python function of machine code; own: its self. It keeps ``held`` alive, and needs ``method`` as long."""
    return _function(ctypes.addressof(method), own, held)


# LLVM's parser is not made for several threads; and a forked process would wait for ever for another to leave LLVM
_llvm = Alone(binding.ffi.lib._lock._lock) if hasattr(binding.ffi.lib, "_lock") else Alone()


class Code:
    """Machine code of a text, which is freed with this, and Python functions of it, which keep this alive.

    level: LLVM's, of code generation. cache: keep it on the disk, too (code_cache.py). vectors: with all that this
    processor has. held: what the text refers to.
    """

    engine: Any = None
    alone = _llvm       # also at the end of the interpreter, when the file's names are gone

    def __init__(self, text: str, level: int, cache: bool, vectors: bool = False, held: Any = None) -> None:
        self.held = held
        self.engine = self.alone(_compiled, text, level, cache, vectors)
        self.methods: list[Method] = []

    def __del__(self) -> None:
        if self.engine is not None:
            self.alone(self.dispose, self.engine)

    @staticmethod
    def dispose(engine: Any) -> None:
        """Free the engine's memory once: an interrupt inside llvmlite's `close` leaves it to the finalizer, too."""
        engine._owned = True        # llvmlite's finalizer frees nothing that has another owner
        engine._dispose()

    def function(self, name: str, flags: int = METH_O, own: Any = None) -> Any:
        """An entry point as a Python function; ``own``: its self."""
        method = Method(name.encode(), self.address(name), flags, None)
        self.methods.append(method)
        return python_function(method, own, self)

    def address(self, name: str) -> int:
        """Where a function of the machine code begins."""
        return self.alone(self.engine.get_function_address, name)       # type: ignore[no-any-return]


class Native(Code):
    """The machine code of a Program and its entry points.

    level: 2 takes three times as long as 0; between buffers the code is up to a third faster, which a call with
    Python's numbers does not show. fast: as of a Kernel; it needs an optimised level, and what this processor has.
    lanes: NativeLanes, for the iterations of long Repeats.
    """

    def __init__(self, program: Program, quick: Entry | None = None, level: int = 0, fast: bool = False,
                 cache: bool = False, lanes: Any = None) -> None:
        if has_loops(program) and not is_rolled(program):
            level = OPTIMISED       # which pays from some ten iterations on
        elif fast and sum(not op.nested and op is not item for op, _ in program.instructions) > FEW:
            level = FUSING
        text, self.work, held = module(program, quick, fast, cache, lanes)
        super().__init__(text, level, cache, fast, held)
        self.program, self.fast, self._cache = program, fast, cache
        self._optimised: Native | None = None

    def bound(self, inputs: Any, outputs: Any, again: Any) -> Any:
        """A function of no arguments from one buffer of doubles to another; ``again`` is called where a guard fails."""
        if len(self.program.instructions) + len(self.program.outputs) <= SMALL and not self.fast:
            self._optimised = self._optimised or Native(self.program, level=OPTIMISED, cache=self._cache)
            return self._optimised._bound(inputs, outputs, again)
        return self._bound(inputs, outputs, again)

    def _bound(self, inputs: Any, outputs: Any, again: Any) -> Any:
        work = bytearray(8 * self.work + 8)
        places = struct.pack("PPP", *[_address(buffer) for buffer in (inputs, outputs, work)])
        return self.function("bound", METH_NOARGS, (places, again, inputs, outputs, work))


def _address(buffer: Any) -> int:
    """Where the numbers of a buffer begin; 0 of an empty one."""
    return ctypes.addressof(ctypes.c_char.from_buffer(buffer)) if memoryview(buffer).nbytes else 0
