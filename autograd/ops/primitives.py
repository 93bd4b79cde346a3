"""Op, a primitive: its columns in the table, its registration, and its application to any carrier."""

from collections.abc import Callable, Iterable, Sequence
from types import FunctionType
from typing import Any

from autograd.errors import AutogradError
from autograd.ops.elementwise import is_shaped, over_arrays, unboxed
from autograd.ops.generated_code import define_function
from autograd.ops.ieee import number


class Nothing:
    """Returned by a partial where no gradient flows at all: not 0, since 0 times inf is nan."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "nothing"


nothing = Nothing()
# Returned by a partial where the adjoint passes unchanged and no node is made: this very object. Another number may
# equal 1.0 by chance, and the order of additions in a second derivative must not depend on numbers.
one = float("1")


def always_nothing(*args: Any) -> Nothing:
    """The partial of an argument that counts as a constant, also where the result is nan."""
    return nothing


# The columns of the table that an entry may leave out.
DEFAULTS: dict[str, Any] = {
    "domain": (-2.0, 2.0), "infix": "", "latex": "", "composite": False, "c_name": "", "numpy_names": (), "python": "",
    "python_on_floats": "", "special_method": "", "method": True, "commutative": False, "neutral": None,
    "identity": False, "selects": False, "compares": False, "of_none": True, "by_constant": None, "keeps_nan": False,
    "nested": None}


class Op:
    """A primitive: its value, its partial derivatives, its sampling domain and its notation.

    The columns from ``c_name`` on tell the machinery about an op; machinery asks these and lists no ops by name.
    A backend lists the few ops that its language spells in a way of its own.
    """

    __slots__ = ("arity", "float_partials", "formula", "function", "key", "name", "nary_partials", "partial_formulas",
                 "partials", "value", *DEFAULTS)

    name: str
    key: str                        # the name, or that of a form of the op for some constants: of x**2, say
    arity: int | None               # None: any number of arguments
    composite: bool                 # the value, too, is a formula in other entries
    formula: Callable[..., Any]     # the value as the table states it
    value: Callable[..., Any]       # the value on floats, read from the formula on first use
    partial_formulas: tuple[Callable[..., Any], ...]    # one per argument, as the table states them
    float_partials: tuple[Callable[..., Any], ...]      # the partials on floats; None for `nothing`
    partials: tuple[Callable[..., Any], ...]    # the partials on carriers; likewise
    nary_partials: Callable[..., Any]       # of an n-ary op: (args, result) -> all partials
    domain: tuple[tuple[float, float], ...]     # one interval per argument, for sampling
    infix: str
    latex: str                      # a str.format template of the arguments
    function: Callable[..., Any]    # the public function

    c_name: str                     # the function of the C library that computes the value; "" if there is none
    numpy_names: tuple[str, ...]    # NumPy's names of it where they differ from the op's
    python: str                     # template of the Python expression that computes it, on floats and carriers; or ""
    python_on_floats: str           # the same on floats alone; where Python raises ZeroDivisionError, IEEE has inf, nan
    special_method: str             # Python's special method of a carrier that applies it, without underscores
    method: bool                    # whether carriers have a method of the op's name
    commutative: bool               # the operands may be swapped; every bit of the result stays
    neutral: float | None           # the right operand that leaves every bit of the left; both ways, if commutative
    identity: bool                  # the result is the operand
    selects: bool                   # the result is the second or the third operand, by the first
    compares: bool                  # the result is 1.0 or 0.0, by a comparison; no gradient
    of_none: bool                   # an n-ary op is defined for no operands at all
    by_constant: Callable[[float], "Op"] | None     # the form of the op where the last operand is this constant
    keeps_nan: bool                 # of one argument: the partial, as it is written, is nan where the value is nan
    nested: Any                     # what an op that holds Programs does with them, as a Loop of program/nested.py

    def __init__(self, **columns: Any) -> None:
        for column, content in (DEFAULTS | columns).items():
            setattr(self, column, content)

    def __repr__(self) -> str:
        return f"<op {self.name}>"

    @property
    def is_python_operator(self) -> bool:
        """Whether Python's operator gives every bit of the value of two floats where it raises nothing, as +."""
        return self.arity == 2 and (self.python or self.python_on_floats) == f"{{}} {self.infix} {{}}" \
            and bool(self.special_method)

    def __reduce__(self) -> tuple[Any, ...]:
        if self.nested is not None:
            return op_of, (self.nested,)
        if TABLE.get(self.key, INTERNAL.get(self.key)) is not self:
            raise TypeError(f"{self.name} is a function that jit compiled, or an op that is gone: copy what it was "
                            "computed from, and compute again")
        return find, (self.key,)


TABLE: dict[str, Op] = {}
INTERNAL: dict[str, Op] = {}        # ops that transforms alone use, and forms of ops for constants
FORMS: list[Op] = []                # of the latter


def find(key: str) -> Op:
    """The op of that key, for pickles; AutogradError where none has it."""
    op = TABLE.get(key, INTERNAL.get(key))
    if op is None:
        raise AutogradError(f"there is no op {key!r} here: import the module that defines it with "
                            f"primitive({key!r}, ...) before this pickle is read")
    return op


def op_of(nested: Any) -> Op:
    """The op of a loop."""
    op: Op = nested.op
    return op


def internal(key: str, like: str, **changes: Any) -> Op:
    """Register an internal op: the table's entry ``like`` with ``changes``."""
    op = INTERNAL[key] = Op()
    for slot in Op.__slots__:
        if slot in changes or hasattr(TABLE[like], slot):
            setattr(op, slot, changes[slot] if slot in changes else getattr(TABLE[like], slot))
    op.key, op.name = key, changes.get("name", key)
    return op


def apply(op: Op, args: Sequence[Any]) -> Any:
    """Evaluate ``op`` on arguments of any kind: the carrier of the highest rank decides."""
    carrier: Any = None     # mostly there are floats and carriers of one kind, which need not each be asked
    if len(args) <= 3:
        for arg in args:
            kind: Any = arg.__class__
            if kind is not float and kind is not int:
                if carrier is None:
                    carrier = arg
                elif kind is not carrier.__class__:
                    carrier = None
                    break
    else:
        kinds = set(map(type, args))
        kinds.discard(float)
        if len(kinds) == 1:
            kind = kinds.pop()
            carrier = next(arg for arg in args if arg.__class__ is kind)
    if getattr(carrier.__class__, "_rank", None).__class__ is tuple:      # the class's, not each carrier's own
        return carrier._apply(op, args)
    carrier = None
    for arg in args:
        if hasattr(arg, "_apply"):
            if carrier is None or arg._rank > carrier._rank:
                carrier = arg
        elif arg.__class__ is not float and hasattr(arg, "dtype"):
            if arg.dtype.kind == "O" and arg.shape == ():
                return apply(op, [*map(unboxed, args)])
            if op.arity is not None and is_shaped(arg):
                return over_arrays(op.function, args)
    if carrier is not None:
        return carrier._apply(op, args)
    return op.value(*[number(arg, op.name) for arg in args])


def define(name: str, value: Callable[..., Any], *partials: Callable[..., Any], doc: str = "",
           **columns: Any) -> Callable[..., Any]:
    """Register an op and return its function, as `primitive` does; columns: those of `Op` that have DEFAULTS."""
    if not name.isidentifier() or name in TABLE:
        raise ValueError(f"primitive: {name!r} is taken, or not an identifier; choose another name")
    if not partials or not all(map(callable, (value, *partials))):
        raise TypeError(f"primitive {name!r}: give the value and one partial per argument, as functions")
    names = parameters(len(partials))
    if isinstance(value, FunctionType) and not value.__code__.co_flags & 4:      # 4: takes *args
        names = value.__code__.co_varnames[:value.__code__.co_argcount]
        if len(names) != len(partials):
            raise TypeError(f"primitive {name!r}: the value takes {len(names)} arguments, but {len(partials)} partials "
                            "were given; give one for each")
    if len(partials) == 1 and partials[0] is not always_nothing and not columns.get("keeps_nan"):
        partials = (defined(partials[0]),)
    op = _register(name, len(partials), value, columns)
    op.partial_formulas = op.float_partials = op.partials = partials
    op.function = _entry(op, names)
    op.function.__defaults__ = getattr(value, "__defaults__", None)
    meaning = (value.__doc__ or "a formula in other ops.").splitlines()[0]
    return _named(op, doc or f"{name}({', '.join(names)}): {meaning}")


def parameters(n: int) -> tuple[str, ...]:
    """Names of a formula's arguments: x, y, z; from four on numbered."""
    return ("x", "y", "z")[:n] if n <= 3 else tuple(f"x{i}" for i in range(1, n + 1))


def _entry(op: Op, names: Sequence[str]) -> Callable[..., Any]:
    """The public function of an op, which calls the value at once where all arguments are floats."""
    if list(names) == ["x"]:
        def one(x: Any) -> Any:
            return op.value(x) if x.__class__ is float else apply(op, (x,))
        return one
    if list(names) == ["x", "y"]:
        def two(x: Any, y: Any) -> Any:
            return op.value(x, y) if x.__class__ is float and y.__class__ is float else apply(op, (x, y))
        return two
    listed = ", ".join(names)       # parameters with names of their own
    return define_function(f"def _entry_({listed}):\n return _apply_(_op_, ({listed},))",
                           {"_op_": op, "_apply_": apply}, "_entry_", op.name)


def nary(name: str, value: Callable[..., Any], rule: Callable[..., Any], *, doc: str = "",
         **columns: Any) -> Callable[..., Any]:
    """Register an op of any number of arguments, given as one iterable; it makes a single node."""
    op = _register(name, None, value, {"domain": (0.1, 2.0), "composite": True} | columns)
    op.partial_formulas, op.float_partials, op.partials, op.nary_partials = (), (), (), rule

    def function(xs: Iterable[Any]) -> Any:
        return apply(op, operands(op, xs))

    op.function = function
    return _named(op, doc)


def operands(op: Op, xs: Iterable[Any]) -> list[Any]:
    """The operands of an n-ary op as a list; a number is a TypeError, no operands may be a ValueError."""
    try:
        args = list(xs)
    except TypeError:
        raise TypeError(f"{op.name} takes one iterable of numbers, as in {op.name}([a, b]), "
                        f"not {type(xs).__name__}") from None
    if not args and not op.of_none:
        raise ValueError(f"{op.name} of no numbers is undefined; give at least one")
    return args


def _register(name: str, arity: int | None, value: Callable[..., Any], columns: dict[str, Any]) -> Op:
    op = Op(**columns)
    op.key, op.name, op.arity, op.formula, op.value = name, name, arity, value, value
    domain: Any = op.domain
    one = isinstance(domain[0], (int, float))
    op.domain = (tuple(domain),) * (arity or 1) if one else tuple(map(tuple, domain))
    slots = ", ".join(f"{{{i}}}" for i in range(arity or 1))
    op.latex = op.latex or rf"\operatorname{{{{{name}}}}}({slots})".replace("_", r"\_")
    TABLE[name] = op
    return op


def _named(op: Op, doc: str) -> Callable[..., Any]:
    op.function.__name__ = op.function.__qualname__ = op.name
    op.function.__doc__ = doc
    op.function.__module__ = "autograd"
    return op.function


def defined(partial: Callable[..., Any]) -> Callable[..., Any]:
    """The rule of unary ops: where the value is nan, so is every derivative: log'(-1) is not -1."""
    def guarded(x: Any, out: Any) -> Any:
        return TABLE["where"].function(TABLE["equal"].function(out, out), partial(x, out), out)
    guarded.__wrapped__ = partial       # type: ignore[attr-defined]
    return guarded
