"""Reads numbers from Python's objects and makes objects of numbers, in LLVM's language; all Programs share this.

If there is no memory for an object, those made so far are released, and the result is null with MemoryError set.
"""

PYTHON = {"PyList_GetItem": "ptr (ptr, i64)", "PyTuple_GetItem": "ptr (ptr, i64)", "PyList_Size": "i64 (ptr)",
          "PyTuple_Size": "i64 (ptr)", "PyFloat_AsDouble": "double (ptr)", "PyFloat_FromDouble": "ptr (double)",
          "PyList_New": "ptr (i64)", "PyList_SetItem": "i32 (ptr, i64, ptr)", "PyTuple_New": "ptr (i64)",
          "PyTuple_SetItem": "i32 (ptr, i64, ptr)", "PyErr_Occurred": "ptr ()", "PyErr_Clear": "void ()",
          "PyLong_FromLongLong": "ptr (i64)", "PyBytes_AsString": "ptr (ptr)", "PyType_IsSubtype": "i32 (ptr, ptr)",
          "PyObject_CallObject": "ptr (ptr, ptr)", "PyObject_GetBuffer": "i32 (ptr, ptr, i32)",
          "PyBuffer_Release": "void (ptr)", "Py_IncRef": "void (ptr)", "Py_DecRef": "void (ptr)",
          "PyMem_RawMalloc": "ptr (i64)", "PyMem_RawFree": "void (ptr)", "PyErr_NoMemory": "ptr ()"}
# The functions of `helpers`. take: whether the object is as expected; if so, its numbers are at the second address.
OWN = {"take_number": "i1 (ptr, ptr)", "take_list": "i1 (ptr, ptr, i64)", "take_tuple": "i1 (ptr, ptr, i64)",
       "take_array": "i1 (ptr, ptr, i64, ptr, i32, ptr)", "give_list": "ptr (ptr, i64)", "give_tuple": "ptr (ptr, i64)",
       "give_array": "ptr (ptr, ptr, i64)"}
KIND = object.__basicsize__ - 8         # offset of an object's type: at the end of its header
VALUE = float.__basicsize__ - 8         # offset of a float's number
# A bool is a flag, and a number in an array without axes is an array: both are refused.
NUMBER = f"""
define i1 @take_number(ptr %x, ptr %to) {{
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
  br i1 %is, label %ask, label %no
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
define i1 @take_{name}(ptr %x, ptr %to, i64 %n) {{
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

define ptr @give_{name}(ptr %from, i64 %n) {{
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
# Py_buffer is 80 bytes: the address, the object, bytes, bytes of an item, (read-only, axes), the format, the shape, ...
ARRAY = f"""
declare ptr @memmove(ptr, ptr, i64)

define i1 @take_array(ptr %x, ptr %to, i64 %bytes, ptr %expected, i32 %axes, ptr %shape) {{
  %view = alloca [10 x i64]
  %kp = getelementptr i8, ptr %x, i64 {KIND}
  %kind = load ptr, ptr %kp
  %right = icmp eq ptr %kind, %expected
  br i1 %right, label %open, label %no
open:
  %failed = call i32 @PyObject_GetBuffer(ptr %x, ptr %view, i32 12)
  %opened = icmp eq i32 %failed, 0
  br i1 %opened, label %look, label %clear
clear:
  call void @PyErr_Clear()
  br label %no
look:
  %fp = getelementptr i8, ptr %view, i64 40
  %format = load ptr, ptr %fp
  %c = load i8, ptr %format
  %doubles = icmp eq i8 %c, 100
  %ap = getelementptr i8, ptr %view, i64 36
  %count = load i32, ptr %ap
  %flat = icmp eq i32 %count, %axes
  %both = and i1 %doubles, %flat
  %sp = getelementptr i8, ptr %view, i64 48
  %lengths = load ptr, ptr %sp
  br i1 %both, label %next, label %close
next:
  %i = phi i32 [ 0, %look ], [ %i1, %one ]
  %all = icmp eq i32 %i, %axes
  br i1 %all, label %copy, label %one
one:
  %lp = getelementptr i64, ptr %lengths, i32 %i
  %length = load i64, ptr %lp
  %wp = getelementptr i64, ptr %shape, i32 %i
  %wanted = load i64, ptr %wp
  %same = icmp eq i64 %length, %wanted
  %i1 = add i32 %i, 1
  br i1 %same, label %next, label %close
copy:
  %data = load ptr, ptr %view
  %there = call ptr @memmove(ptr %to, ptr %data, i64 %bytes)
  call void @PyBuffer_Release(ptr %view)
  ret i1 true
close:
  call void @PyBuffer_Release(ptr %view)
  br label %no
no:
  ret i1 false
}}

define ptr @give_array(ptr %made, ptr %from, i64 %bytes) {{
  %view = alloca [10 x i64]
  %none = icmp eq ptr %made, null
  br i1 %none, label %done, label %open
open:
  %failed = call i32 @PyObject_GetBuffer(ptr %made, ptr %view, i32 9)
  %opened = icmp eq i32 %failed, 0
  br i1 %opened, label %copy, label %drop
copy:
  %data = load ptr, ptr %view
  %there = call ptr @memmove(ptr %data, ptr %from, i64 %bytes)
  call void @PyBuffer_Release(ptr %view)
  br label %done
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
    sequences = [SEQUENCE.format(name=kind.__name__, Name=kind.__name__.title(), where=KIND, kind=id(kind))
                 for kind in (list, tuple)]
    return "\n".join([*declared(PYTHON), NUMBER, *sequences, ARRAY])
