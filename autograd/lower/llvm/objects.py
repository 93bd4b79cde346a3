"""Reads numbers from Python's objects and makes objects of numbers, in LLVM's language; all Programs share this.

If there is no memory for an object, those made so far are released, and the result is null with MemoryError set.
"""

import sys
from ctypes import c_void_p

from autograd.lower.llvm.arrays import ARRAYS, KIND, chosen

PYTHON = {"PyList_GetItem": "ptr (ptr, i64)", "PyTuple_GetItem": "ptr (ptr, i64)", "PyList_Size": "i64 (ptr)",
          "PyTuple_Size": "i64 (ptr)", "PyFloat_AsDouble": "double (ptr)", "PyFloat_FromDouble": "ptr (double)",
          "PyList_New": "ptr (i64)", "PyList_SetItem": "i32 (ptr, i64, ptr)", "PyTuple_New": "ptr (i64)",
          "PyTuple_SetItem": "i32 (ptr, i64, ptr)", "PyErr_Occurred": "ptr ()", "PyErr_Clear": "void ()",
          "PyLong_FromLongLong": "ptr (i64)", "PyBytes_AsString": "ptr (ptr)", "PyType_IsSubtype": "i32 (ptr, ptr)",
          "PyObject_CallObject": "ptr (ptr, ptr)", "PyObject_GetBuffer": "i32 (ptr, ptr, i32)",
          "PyObject_RichCompareBool": "i32 (ptr, ptr, i32)", "PyBuffer_IsContiguous": "i32 (ptr, i32)",
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
# A bool is a flag, and is refused; an array without axes is a number.
NUMBER = f"""
@scalars = global [{_ScalarTable._length_} x ptr] zeroinitializer
@single = internal global [6 x i64] [i64 7, i64 0, i64 0, i64 0, i64 1, i64 3]
define internal i1 @take_number(ptr %x, ptr %to) {{
  %kp = getelementptr i8, ptr %x, i64 {KIND}
  %kind = load ptr, ptr %kp
  %float = icmp eq ptr %kind, inttoptr (i64 {id(float)} to ptr)
  br i1 %float, label %read, label %other
read:
  %vp = getelementptr i8, ptr %x, i64 {VALUE}
  %v = load double, ptr %vp
  store double %v, ptr %to
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
# The objects of a call, by the words of entries.py at %at, which moves past those that were followed.
STRUCTURES = f"""
define internal i1 @is_fixed(ptr %x, ptr %fixed) {{
  %same = icmp eq ptr %x, %fixed
  br i1 %same, label %yes, label %look
look:
  %kp = getelementptr i8, ptr %x, i64 {KIND}
  %kind = load ptr, ptr %kp
  %fp = getelementptr i8, ptr %fixed, i64 {KIND}
  %other = load ptr, ptr %fp
  %alike = icmp eq ptr %kind, %other
  %text = icmp eq ptr %kind, inttoptr (i64 {id(str)} to ptr)
  %both = and i1 %alike, %text
  br i1 %both, label %compare, label %no
compare:
  %equal = call i32 @PyObject_RichCompareBool(ptr %x, ptr %fixed, i32 2)
  %is = icmp eq i32 %equal, 1
  ret i1 %is
yes:
  ret i1 true
no:
  ret i1 false
}}

define i1 @take(ptr %x, ptr %at, ptr %in, ptr %self) {{
  %p = load ptr, ptr %at
  %code = load i64, ptr %p
  %p1 = getelementptr i64, ptr %p, i64 1
  %a = load i64, ptr %p1
  %p2 = getelementptr i64, ptr %p, i64 2
  %p3 = getelementptr i64, ptr %p, i64 3
  store ptr %p2, ptr %at
  %to = getelementptr double, ptr %in, i64 %a
{chosen("%code", "i64", {2: "tuple", 4: "tuples", 1: "list", 0: "number", 3: "lists", 6: "fixed"}, "array")}
number:
  %r0 = call i1 @take_number(ptr %x, ptr %to)
  ret i1 %r0
list:
  %n1 = load i64, ptr %p2
  store ptr %p3, ptr %at
  %r1 = call i1 @take_list(ptr %x, ptr %to, i64 %n1)
  ret i1 %r1
tuple:
  %n2 = load i64, ptr %p2
  store ptr %p3, ptr %at
  %r2 = call i1 @take_tuple(ptr %x, ptr %to, i64 %n2)
  ret i1 %r2
lists:
  %r3 = call i1 @take_lists(ptr %x, ptr %at, ptr %in, ptr %self, i64 %a)
  ret i1 %r3
tuples:
  %r4 = call i1 @take_tuples(ptr %x, ptr %at, ptr %in, ptr %self, i64 %a)
  ret i1 %r4
fixed:
  %object = call ptr @PyTuple_GetItem(ptr %self, i64 %a)
  %r6 = call i1 @is_fixed(ptr %x, ptr %object)
  ret i1 %r6
array:
  %r7 = call i1 @take_array(ptr %x, ptr %in, ptr %p)
  %ap = getelementptr i64, ptr %p, i64 3
  %axes = load i64, ptr %ap
  %three = mul i64 %axes, 3
  %skip = add i64 %three, 6
  %after = getelementptr i64, ptr %p, i64 %skip
  store ptr %after, ptr %at
  ret i1 %r7
}}

define ptr @give(ptr %at, ptr %out, ptr %self) {{
  %p = load ptr, ptr %at
  %code = load i64, ptr %p
  %p1 = getelementptr i64, ptr %p, i64 1
  %a = load i64, ptr %p1
  %p2 = getelementptr i64, ptr %p, i64 2
  %p3 = getelementptr i64, ptr %p, i64 3
  store ptr %p2, ptr %at
  %from = getelementptr double, ptr %out, i64 %a
{chosen("%code", "i64", {0: "number", 1: "list", 4: "tuples", 2: "tuple", 3: "lists", 5: "dict", 6: "fixed"}, "array")}
number:
  %x = load double, ptr %from
  %r0 = call ptr @PyFloat_FromDouble(double %x)
  ret ptr %r0
list:
  %n1 = load i64, ptr %p2
  store ptr %p3, ptr %at
  %r1 = call ptr @give_list(ptr %from, i64 %n1)
  ret ptr %r1
tuple:
  %n2 = load i64, ptr %p2
  store ptr %p3, ptr %at
  %r2 = call ptr @give_tuple(ptr %from, i64 %n2)
  ret ptr %r2
lists:
  %r3 = call ptr @give_lists(ptr %at, ptr %out, ptr %self, i64 %a)
  ret ptr %r3
tuples:
  %r4 = call ptr @give_tuples(ptr %at, ptr %out, ptr %self, i64 %a)
  ret ptr %r4
dict:
  %r5 = call ptr @give_dict(ptr %at, ptr %out, ptr %self, i64 %a)
  ret ptr %r5
fixed:
  %r6 = call ptr @PyTuple_GetItem(ptr %self, i64 %a)
  call void @Py_IncRef(ptr %r6)
  ret ptr %r6
array:
  %first = load i64, ptr %p2
  %numbers = getelementptr double, ptr %out, i64 %first
  %bytes = load i64, ptr %p3
  %p4 = getelementptr i64, ptr %p, i64 4
  store ptr %p4, ptr %at
  %maker = call ptr @PyTuple_GetItem(ptr %self, i64 %a)
  %b = add i64 %a, 1
  %shape = call ptr @PyTuple_GetItem(ptr %self, i64 %b)
  %empty = call ptr @PyObject_CallObject(ptr %maker, ptr %shape)
  %r7 = call ptr @give_array(ptr %empty, ptr %numbers, i64 %bytes)
  ret ptr %r7
}}

define internal ptr @give_dict(ptr %at, ptr %out, ptr %self, i64 %n) {{
  %made = call ptr @PyDict_New()
  %none = icmp eq ptr %made, null
  br i1 %none, label %done, label %next
next:
  %i = phi i64 [ 0, %0 ], [ %i1, %put ]
  %all = icmp eq i64 %i, %n
  br i1 %all, label %done, label %one
one:
  %p = load ptr, ptr %at
  %k = load i64, ptr %p
  %p1 = getelementptr i64, ptr %p, i64 1
  store ptr %p1, ptr %at
  %key = call ptr @PyTuple_GetItem(ptr %self, i64 %k)
  %item = call ptr @give(ptr %at, ptr %out, ptr %self)
  %missing = icmp eq ptr %item, null
  br i1 %missing, label %drop, label %put
put:
  %set = call i32 @PyDict_SetItem(ptr %made, ptr %key, ptr %item)
  call void @Py_DecRef(ptr %item)
  %i1 = add i64 %i, 1
  %fine = icmp eq i32 %set, 0
  br i1 %fine, label %next, label %drop
drop:
  call void @Py_DecRef(ptr %made)
  ret ptr null
done:
  ret ptr %made
}}"""
NESTED = """
define internal i1 @take_{name}s(ptr %x, ptr %at, ptr %in, ptr %self, i64 %n) {{
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
  %taken = call i1 @take(ptr %item, ptr %at, ptr %in, ptr %self)
  %i1 = add i64 %i, 1
  br i1 %taken, label %next, label %no
yes:
  ret i1 true
no:
  ret i1 false
}}

define internal ptr @give_{name}s(ptr %at, ptr %out, ptr %self, i64 %n) {{
  %made = call ptr @Py{Name}_New(i64 %n)
  %none = icmp eq ptr %made, null
  br i1 %none, label %done, label %next
next:
  %i = phi i64 [ 0, %0 ], [ %i1, %put ]
  %all = icmp eq i64 %i, %n
  br i1 %all, label %done, label %one
one:
  %item = call ptr @give(ptr %at, ptr %out, ptr %self)
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
