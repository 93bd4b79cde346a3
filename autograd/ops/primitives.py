"""What a primitive is, how one is added to the table, and how it is applied to whatever comes."""

from collections.abc import Callable, Iterable, Sequence
from types import FunctionType
from typing import Any

from autograd.ops.ieee import number


class Nothing:
    """What a partial returns where no gradient flows at all: not 0, which times inf would be nan."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "nothing"


nothing = Nothing()
# What a partial returns where the adjoint passes as it is, and no node is made: this very object. Another number
# may be 1.0 by chance, and what a derivative of a derivative adds up in which order must not depend on numbers.
one = float("1")


def always_nothing(*args: Any) -> Nothing:
    """The partial of what counts as a constant, also where that is nan."""
    return nothing


class Op:
    """A primitive: how to compute it, how to differentiate it, where to sample it, how to write it."""

    __slots__ = (
        "arity",
        "c_name",
        "composite",
        "domain",
        "float_partials",
        "formula",
        "function",
        "infix",
        "latex",
        "name",
        "nary_partials",
        "partial_formulas",
        "partials",
        "value",
    )

    # symbolic.py, which alone can read formulas, puts its reader here; before that none is needed.
    compile: Callable[["Op"], None] = staticmethod(lambda op: None)

    name: str
    arity: int | None               # None: any number of arguments
    composite: bool                 # the value, too, is a formula in other entries
    formula: Callable[..., Any]     # the value as the table states it
    value: Callable[..., Any]       # the value on floats, read from the formula on first use
    partial_formulas: tuple[Callable[..., Any], ...]    # one per argument, as the table states them
    float_partials: tuple[Callable[..., Any], ...]      # the partials on floats; None where nothing flows
    partials: tuple[Callable[..., Any], ...]    # the partials on anything; likewise
    nary_partials: Callable[..., Any]       # of an n-ary op: (args, result) -> all partials
    domain: tuple[tuple[float, float], ...]     # one interval per argument, for sampling
    infix: str
    latex: str                      # a str.format template of the arguments
    c_name: str                     # the function of the C library that computes it, to the bit; "" if there is none
    function: Callable[..., Any]    # the public function

    def __repr__(self) -> str:
        return f"<op {self.name}>"

    def __reduce__(self) -> tuple[Any, ...]:
        if TABLE.get(self.name, UNLISTED.get(self.name)) is not self:
            raise TypeError(f"{self.name} is a function that jit compiled, or an op that is gone: copy what it was "
                            "computed from, and compute again")
        return find, (self.name,)


TABLE: dict[str, Op] = {}
UNLISTED: dict[str, Op] = {}        # ops that transforms alone use


def find(name: str) -> Op:
    """The op of that name."""
    return TABLE[name] if name in TABLE else UNLISTED[name]


def unlisted(name: str, like: str, **changes: Any) -> Op:
    """An op for the use of transforms: as the table's entry ``like``, but for ``changes``."""
    op = UNLISTED[name] = Op()
    for slot in Op.__slots__:
        if slot in changes or hasattr(TABLE[like], slot):
            setattr(op, slot, changes.get(slot) or getattr(TABLE[like], slot))
    op.name = name
    return op


def apply(op: Op, args: Sequence[Any]) -> Any:
    """Evaluate ``op`` on whatever the arguments are: the carrier of highest rank decides how."""
    carrier = None
    if len(args) > 3:       # mostly floats and carriers of one kind, which need not each be asked
        kinds = set(map(type, args))
        kinds.discard(float)
        kind: Any = kinds.pop() if len(kinds) == 1 else float
        if getattr(kind, "_rank", None).__class__ is tuple:      # the class's, not each carrier's own
            return next(arg for arg in args if arg.__class__ is kind)._apply(op, args)
    for arg in args:
        if hasattr(arg, "_apply") and (carrier is None or arg._rank > carrier._rank):
            carrier = arg
    if carrier is not None:
        return carrier._apply(op, args)
    return op.value(*[number(arg, op.name) for arg in args])


def primitive(name: str, value: Callable[..., Any], *partials: Callable[..., Any],
              domain: Any = (-2.0, 2.0), infix: str = "", latex: str = "",
              composite: bool = False, doc: str = "") -> Callable[..., Any]:
    """Register an op and return its function, which takes floats, Values and everything else.

    value: takes floats and gives a float (``composite``: a formula in other ops); what it raises
        is the caller's to see.
    partials: one per argument; each takes the arguments and then the result. Written with
        operators and ops, it also gives derivatives of derivatives; it may return ``nothing``.
    domain: the interval, or one interval per argument, in which tests sample.

    >>> cube = primitive("cube_", lambda x: x * x * x, lambda x, out: 3 * x * x)
    >>> cube(2.0)
    8.0
    """
    return define(name, value, *partials, domain=domain, infix=infix, latex=latex, composite=composite, doc=doc)


def define(name: str, value: Callable[..., Any], *partials: Callable[..., Any],
           domain: Any = (-2.0, 2.0), infix: str = "", latex: str = "",
           composite: bool = False, doc: str = "", c_name: str = "") -> Callable[..., Any]:
    """As `primitive`, with the columns that only the table fills: see `Op`."""
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
    if len(partials) == 1 and partials[0] is not always_nothing:
        partials = (defined(partials[0]),)
    op = _register(name, len(partials), value, domain, infix, latex, composite)
    op.c_name = c_name
    op.partial_formulas = partials
    op.float_partials = op.partials = partials
    Op.compile(op)
    op.function = _entry(op, names)
    op.function.__defaults__ = getattr(value, "__defaults__", None)
    meaning = (value.__doc__ or "a formula in other ops.").splitlines()[0]
    return _named(op, doc or f"{name}({', '.join(names)}): {meaning}")


def parameters(n: int) -> tuple[str, ...]:
    """Names for the arguments of formulas: x, y, z; from four on numbered."""
    return ("x", "y", "z")[:n] if n <= 3 else tuple(f"x{i}" for i in range(1, n + 1))


def _entry(op: Op, names: Sequence[str]) -> Callable[..., Any]:
    """The public function: straight to the value where all arguments are floats."""
    if list(names) == ["x"]:
        def one(x: Any) -> Any:
            return op.value(x) if x.__class__ is float else apply(op, (x,))
        return one
    if list(names) == ["x", "y"]:
        def two(x: Any, y: Any) -> Any:
            return op.value(x, y) if x.__class__ is float and y.__class__ is float else apply(op, (x, y))
        return two
    listed = ", ".join(names)       # parameters that have names of their own
    space: dict[str, Any] = {"_op_": op, "_apply_": apply}
    exec(f"def _entry_({listed}):\n return _apply_(_op_, ({listed},))", space)
    return space.pop("_entry_")       # type: ignore[no-any-return]


def nary(name: str, value: Callable[..., Any], rule: Callable[..., Any], *,
         latex: str = "", doc: str = "") -> Callable[..., Any]:
    """Register an op of any number of arguments, given as one iterable; it makes a single node."""
    op = _register(name, None, value, (0.1, 2.0), "", latex, True)
    op.partial_formulas, op.float_partials, op.partials, op.nary_partials = (), (), (), rule

    def function(xs: Iterable[Any]) -> Any:
        return apply(op, iterable(name, xs))

    op.function = function
    return _named(op, doc)


def iterable(name: str, xs: Iterable[Any]) -> list[Any]:
    """The arguments of an n-ary op as a list; one number, or none at all, is an error."""
    try:
        args = list(xs)
    except TypeError:
        raise TypeError(f"{name} takes one iterable of numbers, as in {name}([a, b]), "
                        f"not {type(xs).__name__}") from None
    if not args and name in ("mean", "logsumexp"):
        raise ValueError(f"{name} of no numbers is undefined; give at least one")
    return args


def _register(name: str, arity: int | None, value: Callable[..., Any], domain: Any,
              infix: str, latex: str, composite: bool) -> Op:
    op = Op()
    op.name, op.arity, op.formula, op.infix, op.composite = name, arity, value, infix, composite
    one = isinstance(domain[0], (int, float))
    op.domain = (tuple(domain),) * (arity or 1) if one else tuple(map(tuple, domain))
    slots = ", ".join(f"{{{i}}}" for i in range(arity or 1))
    op.latex = latex or rf"\operatorname{{{{{name}}}}}({slots})".replace("_", r"\_")
    op.c_name = ""
    op.value = value
    TABLE[name] = op
    return op


def _named(op: Op, doc: str) -> Callable[..., Any]:
    op.function.__name__ = op.function.__qualname__ = op.name
    op.function.__doc__ = doc
    op.function.__module__ = "autograd"
    return op.function


def defined(partial: Callable[..., Any]) -> Callable[..., Any]:
    """The rule for unary ops: where the value is nan so are its partial and second: log'(-1) is not -1."""
    def guarded(x: Any, out: Any) -> Any:
        return TABLE["where"].function(TABLE["equal"].function(out, out), partial(x, out), out)
    guarded.__wrapped__ = partial       # type: ignore[attr-defined]
    return guarded
