"""Takes and gives nested objects as the words of an entry say, in LLVM's language; all Programs share this."""

from autograd.lower.llvm.arrays import KIND, chosen

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
