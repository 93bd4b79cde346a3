"""Machine code behind Python functions.

The ways in are C functions written in LLVM's language beside the Program and called through Python's own
function objects (`PyCFunction`): through ctypes a call would cost more than most Programs.
"""

import ctypes
import ctypes.util
import struct
from functools import cache
from threading import Lock
from typing import Any

from llvmlite import binding  # type: ignore[import-untyped]

from autograd.lower.llvm import LIBRARY, SMALL, Kernel
from autograd.program import Program

PYTHON = {"PyList_GetItem": "ptr (ptr, i64)", "PyTuple_GetItem": "ptr (ptr, i64)", "PyList_Size": "i64 (ptr)",
          "PyTuple_Size": "i64 (ptr)", "PyFloat_AsDouble": "double (ptr)", "PyFloat_FromDouble": "ptr (double)",
          "PyList_New": "ptr (i64)", "PyList_SetItem": "i32 (ptr, i64, ptr)", "PyErr_Occurred": "ptr ()",
          "PyErr_Clear": "void ()", "PyLong_FromLongLong": "ptr (i64)", "PyBytes_AsString": "ptr (ptr)",
          "PyObject_CallObject": "ptr (ptr, ptr)", "Py_IncRef": "void (ptr)", "PyMem_RawMalloc": "ptr (i64)",
          "PyMem_RawFree": "void (ptr)"}

# A list or tuple of numbers in, a list or a number out; an int where a guard failed, None where an item is no number.
OF_NUMBERS = """
define ptr @{name}(ptr %self, ptr %arg) {{
  %n = call i64 @Py{kind}_Size(ptr %arg)
  %right = icmp eq i64 %n, {inputs}
  br i1 %right, label %room, label %other
room:
  %in = call ptr @PyMem_RawMalloc(i64 {bytes})
  %out = getelementptr double, ptr %in, i64 {inputs}
  %work = getelementptr double, ptr %out, i64 {outputs}
  br label %take
take:
  %i = phi i64 [ 0, %room ], [ %i1, %good ]
  %all = icmp eq i64 %i, {inputs}
  br i1 %all, label %run, label %next
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
run:
  %guard = call i64 @program(ptr %in, ptr %out, ptr %work)
  %held = icmp eq i64 %guard, -1
  br i1 %held, label %give, label %failed
failed:
  call void @PyMem_RawFree(ptr %in)
  %number = call ptr @PyLong_FromLongLong(i64 %guard)
  ret ptr %number
give:
{give}
}}"""
GIVE = {"number": """  %y = load double, ptr %out
  call void @PyMem_RawFree(ptr %in)
  %result = call ptr @PyFloat_FromDouble(double %y)
  ret ptr %result""", "list": """  %list = call ptr @PyList_New(i64 {outputs})
  br label %fill
fill:
  %j = phi i64 [ 0, %give ], [ %j1, %put ]
  %full = icmp eq i64 %j, {outputs}
  br i1 %full, label %done, label %put
put:
  %yp = getelementptr double, ptr %out, i64 %j
  %y = load double, ptr %yp
  %o = call ptr @PyFloat_FromDouble(double %y)
  %set = call i32 @PyList_SetItem(ptr %list, i64 %j, ptr %o)
  %j1 = add i64 %j, 1
  br label %fill
done:
  call void @PyMem_RawFree(ptr %in)
  ret ptr %list"""}
# self: the addresses of inputs, outputs and work as bytes, and what to call where a guard failed.
BOUND = """
define ptr @bound(ptr %self, ptr %nothing) {
  %held = call ptr @PyTuple_GetItem(ptr %self, i64 0)
  %places = call ptr @PyBytes_AsString(ptr %held)
  %in = load ptr, ptr %places
  %p1 = getelementptr ptr, ptr %places, i64 1
  %out = load ptr, ptr %p1
  %p2 = getelementptr ptr, ptr %places, i64 2
  %work = load ptr, ptr %p2
  %guard = call i64 @program(ptr %in, ptr %out, ptr %work)
  %right = icmp eq i64 %guard, -1
  br i1 %right, label %done, label %failed
failed:
  %again = call ptr @PyTuple_GetItem(ptr %self, i64 1)
  %result = call ptr @PyObject_CallObject(ptr %again, ptr null)
  ret ptr %result
done:
  call void @Py_IncRef(ptr @_Py_NoneStruct)
  ret ptr @_Py_NoneStruct
}"""


def module(program: Program, quick: str = "") -> tuple[str, int]:
    """The whole text: the Program and its ways in; and how many doubles its parts leave to each other."""
    kernel = Kernel(program, _library())
    lines = kernel.text()
    declared = ["declare double @llvm.sqrt.f64(double)", "@_Py_NoneStruct = external global i8"]
    declared += [f"declare {signature.split(' ')[0]} @{name}{signature[signature.index('('):]}"
                 for name, signature in PYTHON.items()]
    sizes = {"inputs": len(program.inputs), "outputs": len(program.outputs),
             "bytes": 8 * (len(program.inputs) + len(program.outputs) + len(kernel.home) + 1)}
    ways = [("of_list", "List", "list")] + ([("quick", quick.split()[0].title(), quick.split()[1])] if quick else [])
    entries = [OF_NUMBERS.format(name=name, kind=kind, give=GIVE[result].format(**sizes), **sizes)
               for name, kind, result in ways]
    return "\n".join([*declared, *lines, *entries, BOUND]), len(kernel.home)


@cache
def _library() -> dict[str, int]:
    """Where the C library's functions are."""
    library = ctypes.CDLL(ctypes.util.find_library("m"))
    return {name: ctypes.cast(getattr(library, function), ctypes.c_void_p).value or 0
            for name, function in LIBRARY.items()}


@cache
def _prepare() -> None:
    """Tell LLVM once where Python's functions are."""
    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    for name in PYTHON:
        binding.add_symbol(name, ctypes.cast(getattr(ctypes.pythonapi, name), ctypes.c_void_p).value)
    binding.add_symbol("_Py_NoneStruct", id(None))


class _Method(ctypes.Structure):
    """Python's PyMethodDef."""

    _fields_ = (("name", ctypes.c_char_p), ("function", ctypes.c_void_p), ("flags", ctypes.c_int),
                ("doc", ctypes.c_char_p))


METH_NOARGS, METH_O = 4, 8
_function = ctypes.pythonapi.PyCFunction_NewEx
_function.argtypes, _function.restype = (ctypes.c_void_p, ctypes.py_object, ctypes.py_object), ctypes.py_object
_lock = Lock()      # LLVM's parser is not made for several threads


class Native:
    """Machine code, and the functions that lead to it, each of which holds it."""

    def __init__(self, program: Program, quick: str = "") -> None:
        text, self.work = module(program, quick)
        level = 2 if len(program.instructions) <= SMALL else 0
        with _lock:
            _prepare()
            machine = binding.Target.from_default_triple().create_target_machine(opt=level)
            self.engine = binding.create_mcjit_compiler(binding.parse_assembly(text), machine)
            self.engine.finalize_object()
        self.methods: list[_Method] = []
        self.program = program

    def function(self, name: str, flags: int = METH_O, own: Any = None) -> Any:
        """One of the ways in, as a Python function; ``own``: what it gets as its self."""
        method = _Method(name.encode(), self.engine.get_function_address(name), flags, None)
        self.methods.append(method)     # Python keeps a pointer to it
        return _function(ctypes.addressof(method), own, self)

    def bound(self, inputs: Any, outputs: Any, again: Any) -> Any:
        """A function of no arguments from one buffer of doubles to another; ``again`` is called where a guard fails."""
        work = bytearray(8 * self.work + 8)
        places = struct.pack("PPP", *[_address(buffer) for buffer in (inputs, outputs, work)])
        return self.function("bound", METH_NOARGS, (places, again, inputs, outputs, work))


def _address(buffer: Any) -> int:
    return ctypes.addressof(ctypes.c_char.from_buffer(buffer)) if memoryview(buffer).nbytes else 0
