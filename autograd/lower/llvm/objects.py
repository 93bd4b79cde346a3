"""Reads numbers from Python's objects and makes objects of numbers, in LLVM's language; all Programs share this.

If there is no memory for an object, those made so far are released, and the result is null with MemoryError set.
"""

import sys
from ctypes import c_void_p

from autograd.lower.llvm.arrays import ARRAYS, KIND
from autograd.lower.llvm.structures import NESTED, STRUCTURES

PYTHON = {"PyList_GetItem": "ptr (ptr, i64)", "PyTuple_GetItem": "ptr (ptr, i64)", "PyList_Size": "i64 (ptr)",
          "PyTuple_Size": "i64 (ptr)", "PyFloat_AsDouble": "double (ptr)", "PyFloat_FromDouble": "ptr (double)",
          "PyList_New": "ptr (i64)", "PyList_SetItem": "i32 (ptr, i64, ptr)", "PyTuple_New": "ptr (i64)",
          "PyTuple_SetItem": "i32 (ptr, i64, ptr)", "PyErr_Occurred": "ptr ()", "PyErr_Clear": "void ()",
          "PyLong_FromLongLong": "ptr (i64)", "PyBytes_AsString": "ptr (ptr)", "PyType_IsSubtype": "i32 (ptr, ptr)",
          "PyObject_CallObject": "ptr (ptr, ptr)", "PyObject_GetBuffer": "i32 (ptr, ptr, i32)",
          "PyObject_RichCompareBool": "i32 (ptr, ptr, i32)", "PyBuffer_IsContiguous": "i32 (ptr, i32)",
          "PyLong_AsLongLong": "i64 (ptr)", "PyEval_SaveThread": "ptr ()", "PyEval_RestoreThread": "void (ptr)",
          "PyDict_New": "ptr ()", "PyDict_SetItem": "i32 (ptr, ptr, ptr)",
          "PyBuffer_Release": "void (ptr)", "Py_IncRef": "void (ptr)", "Py_DecRef": "void (ptr)",
          "PyMem_RawMalloc": "ptr (i64)", "PyMem_RawFree": "void (ptr)", "PyErr_NoMemory": "ptr ()"}
# The functions of `helpers` that entry points call. take: whether the object is as the words say; if so, it has put its
# numbers into their places. give: the object that the words say.
OWN = {"take": "i1 (ptr, ptr, ptr, ptr)", "give": "ptr (ptr, ptr, ptr)"}
# NumPy's classes of one real number. A half or a long double is converted by its own method.
SCALARS = ("float16", "float32", "longdouble", "int8", "int16", "int32", "int64", "longlong", "uint8", "uint16",
           "uint32", "uint64", "ulonglong")
_ScalarTable = c_void_p * (len(SCALARS) + 2)        # NumPy's array class, these, and null
VALUE = float.__basicsize__ - 8         # offset of a float's number
# Of the object %x the number where it is a float: then it goes on at label read, else at label other.
FLOAT = f"""  %kp = getelementptr i8, ptr %x, i64 {KIND}
  %kind = load ptr, ptr %kp
  %float = icmp eq ptr %kind, inttoptr (i64 {id(float)} to ptr)
  br i1 %float, label %read, label %other
read:
  %np = getelementptr i8, ptr %x, i64 {VALUE}
  %number = load double, ptr %np"""
# A bool is a flag, and is refused; an array without axes is a number.
NUMBER = f"""
@scalars = global [{_ScalarTable._length_} x ptr] zeroinitializer
@single = internal global [6 x i64] [i64 7, i64 0, i64 0, i64 0, i64 1, i64 3]
define internal i1 @take_number(ptr %x, ptr %to) {{
{FLOAT}
  store double %number, ptr %to
  ret i1 true
other:
  %int = icmp eq ptr %kind, inttoptr (i64 {id(int)} to ptr)
  br i1 %int, label %ask, label %heir
heir:
  %sub = call i32 @PyType_IsSubtype(ptr %kind, ptr inttoptr (i64 {id(float)} to ptr))
  %is = icmp ne i32 %sub, 0
  br i1 %is, label %ask, label %numpy
numpy:
  %array = load ptr, ptr @scalars
  %single = icmp eq ptr %kind, %array
  br i1 %single, label %view, label %next
view:
  %cp = getelementptr i64, ptr @single, i64 2
  store ptr %array, ptr %cp
  %viewed = call i1 @take_array(ptr %x, ptr %to, ptr @single)
  ret i1 %viewed
next:
  %i = phi i64 [ 1, %numpy ], [ %i1, %one ]
  %sp = getelementptr ptr, ptr @scalars, i64 %i
  %scalar = load ptr, ptr %sp
  %end = icmp eq ptr %scalar, null
  br i1 %end, label %no, label %one
one:
  %found = icmp eq ptr %kind, %scalar
  %i1 = add i64 %i, 1
  br i1 %found, label %ask, label %next
ask:
  %y = call double @PyFloat_AsDouble(ptr %x)
  store double %y, ptr %to
  %odd = fcmp oeq double %y, -1.0
  br i1 %odd, label %maybe, label %yes
maybe:
  %error = call ptr @PyErr_Occurred()
  %fine = icmp eq ptr %error, null
  br i1 %fine, label %yes, label %clear
clear:
  call void @PyErr_Clear()
  br label %no
yes:
  ret i1 true
no:
  ret i1 false
}}"""
SEQUENCE = """
define internal i1 @take_{name}(ptr %x, ptr %to, i64 %n) {{
  %kp = getelementptr i8, ptr %x, i64 {where}
  %kind = load ptr, ptr %kp
  %right = icmp eq ptr %kind, inttoptr (i64 {kind} to ptr)
  br i1 %right, label %look, label %no
look:
  %size = call i64 @Py{Name}_Size(ptr %x)
  %fits = icmp eq i64 %size, %n
  br i1 %fits, label %next, label %no
next:
  %i = phi i64 [ 0, %look ], [ %i1, %one ]
  %all = icmp eq i64 %i, %n
  br i1 %all, label %yes, label %one
one:
  %item = call ptr @Py{Name}_GetItem(ptr %x, i64 %i)
  %p = getelementptr double, ptr %to, i64 %i
  %taken = call i1 @take_number(ptr %item, ptr %p)
  %i1 = add i64 %i, 1
  br i1 %taken, label %next, label %no
yes:
  ret i1 true
no:
  ret i1 false
}}

define internal ptr @give_{name}(ptr %from, i64 %n) {{
  %made = call ptr @Py{Name}_New(i64 %n)
  %none = icmp eq ptr %made, null
  br i1 %none, label %done, label %next
next:
  %i = phi i64 [ 0, %0 ], [ %i1, %put ]
  %all = icmp eq i64 %i, %n
  br i1 %all, label %done, label %one
one:
  %p = getelementptr double, ptr %from, i64 %i
  %x = load double, ptr %p
  %item = call ptr @PyFloat_FromDouble(double %x)
  %missing = icmp eq ptr %item, null
  br i1 %missing, label %drop, label %put
put:
  %set = call i32 @Py{Name}_SetItem(ptr %made, i64 %i, ptr %item)
  %i1 = add i64 %i, 1
  br label %next
drop:
  call void @Py_DecRef(ptr %made)
  ret ptr null
done:
  ret ptr %made
}}"""


def declared(signatures: dict[str, str]) -> list[str]:
    """The declarations of these functions."""
    return [f"declare {signature.split(' ')[0]} @{name}{signature[signature.index('('):]}"
            for name, signature in signatures.items()]


def helpers() -> str:
    """The module that all Programs share."""
    sequences = [text.format(name=kind.__name__, Name=kind.__name__.title(), where=KIND, kind=id(kind))
                 for text in (SEQUENCE, NESTED) for kind in (list, tuple)]
    return "\n".join([*declared(PYTHON), NUMBER, *sequences, STRUCTURES, ARRAYS])


def fill_scalars(address: int) -> None:
    """Let numbers of NumPy's classes count as numbers; ``address``: of @scalars."""
    numpy = sys.modules.get("numpy")
    table = _ScalarTable.from_address(address)
    if numpy and not table[0]:
        table[1:-1] = [id(getattr(numpy, name)) for name in SCALARS]
        table[0] = id(numpy.ndarray)
