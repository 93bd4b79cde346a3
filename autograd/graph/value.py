"""Value, the number that remembers how it was made, and `backward`, which walks those memories back.

Each operation stores its operands and, on the spot, its local partials as floats. So `backward`
only multiplies and adds, and always answers for the evaluation that ran, whatever was assigned since.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from functools import partial
from importlib import import_module
from itertools import chain, repeat
from operator import add, attrgetter
from typing import Any, NamedTuple

import autograd.graph.operators as operators
from autograd.errors import StaleValueError, TraceError
from autograd.graph.ancestry import feeding, serials
from autograd.graph.backward import sweep
from autograd.graph.context import active_inputs, begins, modes
from autograd.graph.pickling import copied, reduced
from autograd.ops.ieee import number
from autograd.ops.operand import Operand
from autograd.ops.primitives import Op

_UNSET = float("0")             # the gradient before any backward: this very object, which reads 0.0


class Group(NamedTuple):
    """A part of a graph that pictures frame: from ``inputs`` to the Value that carries this.

    >>> x = Value(2.0)
    >>> y = x * x
    >>> y.group = Group(("a square",), (x,))
    >>> y.group.path
    ('a square',)
    """

    path: tuple[str, ...]       # its title, preceded by those of the frames around it
    inputs: tuple[Any, ...]


class Value(operators.Arithmetic):
    """A number in a computational graph.

    data: a float, or anything that counts as one (int, bool, Fraction, NumPy scalar).
    label: the name it has in pictures and messages; it may also be set later.

    NumPy's functions take Values, and arrays of them (dtype object). Beside a Value an array of numbers acts as its
    ``astype(object)``: the result holds Values. So ``x += v`` cannot change an array of floats in place: it binds the
    name ``x`` to a new array, and other names keep the old one. ``x[0] = v`` needs an array of objects. Where floats
    and Values stand in one array, write `autograd.exp` for ``numpy.exp``, which calls a method that floats have not.

    >>> a, b = Value(2, label="a"), Value(1, label="b")
    >>> e = (a + b) * (b + 1)
    >>> e.backward()
    >>> a.grad, b.grad
    (2.0, 5.0)
    """

    # Eight slots, 96 bytes: one more would cost every node 16. Hence _origin, which holds the op, or
    # (op, label, group, source line) once it has one of those; and _changed, the serial of a leaf's last assignment, in
    # the slot of the second operand, which a leaf has not; _da of a leaf is True where it is what a derivative is taken
    # by, and gone when that is over; _frozen, True where a leaf requires no gradient, is in the slot of the second
    # partial. With many operands _a is the tuple of them and _b that of their partials. A partial is None for a
    # constant and where nothing flows.
    __slots__ = ("_a", "_b", "_da", "_data", "_db", "_grad", "_origin", "_serial")
    _changed: Any
    _frozen: Any

    def __init__(self, data: Any, label: str = "") -> None:
        if isinstance(data, Operand):
            raise TypeError("Value(v): v is a Value already; use it as it is, or v.detach() for a copy "
                            "without its history")
        self._data = number(data, "Value")
        self._a = self._b = self._da = self._db = self._origin = None
        self._grad = _UNSET
        self._serial = next(serials)
        if label:
            self.label = label

    # ---- what it holds ----

    @property
    def data(self) -> float:
        """The number. Only a leaf can be given another; graphs already built keep the old one.

        In a function that jit traces: of a Value that depends on the inputs it raises TraceError, of one from
        outside it is a constant, frozen into the compiled function. Compute with the Value itself.
        """
        return self._data       # type: ignore[no-any-return]

    @data.setter
    def data(self, data: Any) -> None:
        if self._a is not None:
            raise StaleValueError(f"this Value was computed by {self.op!r}; only a leaf can be assigned: "
                                  "assign to its inputs and compute again, or start from v.detach()")
        if data.__class__ is not float and isinstance(data, Operand):
            raise TraceError("data takes a plain number: write v.data = w.data")
        data = data if data.__class__ is float else number(data, "data")
        self._changed = next(serials)       # first: interrupted between the two it is stale, not mixed
        self._data = data

    @property
    def grad(self) -> float:
        """The adjoint: of a leaf, the sum over all backward calls; of any other, that of the last."""
        try:
            return self._grad       # type: ignore[no-any-return]
        except AttributeError:
            return 0.0

    @grad.setter
    def grad(self, grad: Any) -> None:
        self._grad = grad if grad.__class__ is float else _UNSET if grad is None else number(grad, "grad")

    @property
    def has_grad(self) -> bool:
        """Whether a backward pass has come here, or someone set ``grad``, since the last zero_grad."""
        return hasattr(self, "_grad") and self._grad is not _UNSET

    @property
    def requires_grad(self) -> bool:
        """Whether ``backward`` reports a gradient here. Of a leaf it can be set; a computed Value is always True.

        A leaf without is frozen: `backward` leaves its ``grad`` alone, and optimisers do not move it. Its number can be
        assigned as before. A derivative that is asked for by name, as in ``value_and_grad(f, wrt=[v])``, is given.

        >>> a, b = Value(2.0), Value(3.0)
        >>> b.requires_grad = False
        >>> (a * b).backward()
        >>> a.grad, b.grad, b.has_grad
        (3.0, 0.0, False)
        """
        return self._a is not None or self._frozen is None

    @requires_grad.setter
    def requires_grad(self, flag: bool) -> None:
        if flag is not True and flag is not False:
            raise TypeError(f"requires_grad is True or False, not {flag!r}")
        if self._a is None:
            self._frozen = None if flag else True
        elif not flag:
            raise StaleValueError(f"this Value was computed by {self.op!r}; only a leaf can be frozen: freeze its "
                                  "inputs, or start from v.detach()")

    @property
    def label(self) -> str:
        """Its name in pictures and messages; empty when it has none."""
        return self._details()[1]       # type: ignore[no-any-return]

    @label.setter
    def label(self, label: str) -> None:
        if not isinstance(label, str):
            raise TypeError(f"label: expected a string, not {type(label).__name__}")
        op, _, *rest = self._details()
        self._origin = (op, label, *rest)

    @property
    def group(self) -> Group | None:
        """What this is the result of, for pictures: a neuron, say; None for most Values."""
        return self._details()[2]       # type: ignore[no-any-return]

    @group.setter
    def group(self, group: Group | None) -> None:
        op, label, _, line = self._details()
        self._origin = (op, label, group, line)

    @property
    def op(self) -> Op | None:
        """The op that made it; None for a leaf."""
        return self._origin[0] if self._origin.__class__ is tuple else self._origin

    def _details(self) -> tuple[Any, ...]:
        return self._origin if self._origin.__class__ is tuple else (self._origin, "", None, None)

    @property
    def args(self) -> tuple[Any, ...]:
        """The operands it was made of, Values and constants (floats), in order; () for a leaf."""
        if self._a is None:
            return ()
        if self._a.__class__ is tuple:
            return self._a      # type: ignore[no-any-return]
        return (self._a,) if self._b is None else (self._a, self._b)

    @property
    def partials(self) -> tuple[float | None, ...]:
        """The local partial by each of ``args``; None for a constant, and where nothing flows."""
        if self._a.__class__ is tuple:
            return self._b      # type: ignore[no-any-return]
        return (self._da, self._db)[:len(self.args)]

    def __repr__(self) -> str:
        label = f", label={self.label!r}" if self.label else ""
        op = f", op={self.op.name}" if self.op else ""
        return f"Value(data={self._data!r}, grad={self.grad!r}{label}{op})"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Any:
        """The picture of the graph or its network, for notebooks; viz is named, not imported: it lies above."""
        return import_module("viz.network.notebook").notebook_picture(self)._repr_mimebundle_(include, exclude)

    # ---- the names of the well-known lecture ----

    @property
    def _prev(self) -> set["Value"]:
        return {arg for arg in self.args if isinstance(arg, Value)}

    @property
    def _op(self) -> str:
        return "" if self.op is None else self.op.infix or self.op.name

    def _backward(self) -> None:
        """One step by hand: add this node's contributions to its operands' gradients."""
        for arg, slope in zip(self.args, self.partials, strict=True):
            if slope is not None and arg.requires_grad:
                arg.grad += self.grad * slope

    # ---- the graph ----

    def assigned_since(self, user: "Value") -> bool:
        """Whether this leaf was given another number after ``user`` had been computed from it."""
        return self._a is None and self._changed is not None and self._changed > user._serial

    def detach(self) -> "Value":
        """The same number as a new leaf, without its history."""
        return Value(self._data, self.label)

    _sweep = sweep      # what `anomaly` replaces by one that looks

    def backward(self, seed: float = 1.0) -> None:
        """Add d self / d leaf times ``seed`` to every leaf's ``grad``; other nodes get this call's adjoint.

        Adjoints are computed aside and committed by one call into C, which neither a signal nor
        another thread can interrupt: after an exception every gradient is as it was.
        """
        adjoints, sums = self._sweep(number(seed, "backward"))
        if any(map(_frozen, sums)):
            sums = {leaf: adjoint for leaf, adjoint in sums.items() if not leaf._frozen}
        # All totals are there before the first is set: an addition needs memory, and setting needs none.
        # They wait in a deque, since the garbage collector, which may run Python code, never starts for one.
        while True:
            totals: deque[float] = deque()
            commit = chain(map(totals.append, map(add, map(_grad, sums), sums.values())),
                           map(setattr, sums, repeat("_grad"), iter(totals.popleft, None)),
                           map(setattr, adjoints, repeat("_grad"), adjoints.values()))
            try:
                deque(commit, maxlen=0)
                return
            except AttributeError:      # leaves made inside no_grad have none yet
                bare = [leaf for leaf in sums if not hasattr(leaf, "_grad")]
                if not bare:        # a subclass refuses it
                    raise
                deque(map(setattr, bare, repeat("_grad"), repeat(_UNSET)), maxlen=0)

    __reduce__, __copy__ = reduced, copied

    # ---- how ops apply ----

    @property
    def _primal(self) -> float:
        return self._data       # type: ignore[no-any-return]

    def _to_float(self) -> float:
        # another thread differentiates a function: is this a part of it?
        if (active_inputs and not modes.transforms and not modes.no_grad_blocks
                and begins(topological_order(self), active_inputs)):
            raise TraceError("a derivative taken in another thread depends on what is being differentiated here, "
                             "and would lose that; take it in the same thread")
        return self._data       # type: ignore[no-any-return]

    def _apply(self, op: Op, args: Sequence[Any]) -> "Value":
        arity = op.arity
        return (operators.unary if arity == 1 else operators.binary if arity == 2 else operators.ternary)(op, *args) \
            if arity and arity <= 3 else make_node(op, args)


Value._changed, Value._frozen = Value._b, Value._db
_data, _grad, _frozen = attrgetter("_data"), attrgetter("_grad"), attrgetter("_frozen")
new = partial(object.__new__, Value)       # faster than Value.__new__(Value)
operators.Value, operators.new = Value, new


def make_node(op: Op, args: Sequence[Any]) -> Value:
    """The node of any op: its data, and a partial for each operand that is a Value."""
    if op.arity == 2:
        return operators.binary(op, *args)      # type: ignore[no-any-return]
    if op.arity == 3:
        return operators.ternary(op, *args)     # type: ignore[no-any-return]
    try:
        args, data = tuple(args), list(map(_data, args))
        pure = True
    except AttributeError:      # constants among them
        args = tuple([a if isinstance(a, Value) else number(a, op.name) for a in args])
        data = [a._data if isinstance(a, Value) else a for a in args]
        pure = False
    out = number(op.value(*data), op.name)
    if op.arity is None:
        slopes = op.nary_partials(data, out)
        partials = tuple(slopes if pure and len(slopes) == len(args) else
                         [d if isinstance(a, Value) else None for a, d in zip(args, slopes, strict=True)])
    else:
        partials = tuple([slope(*data, out) if isinstance(a, Value) else None
                          for a, slope in zip(args, op.float_partials, strict=True)])
    node = new()
    node._data = out
    node._a, node._b, node._da, node._db = args, partials, None, None
    node._origin = op
    node._serial = next(serials)
    return node


# ---- the graph ----------------------------------------------------------------------------------


def topological_order(root: Value, since: int = 0) -> list[Value]:
    """Every Value that feeds ``root``, operands before their users, in order of creation.

    >>> a = Value(2, label="a")
    >>> [v.label or v._op for v in topological_order(a * a + 1)]
    ['a', '*', '+']
    """
    if not isinstance(root, Value):
        raise TypeError(f"topological_order: expected a Value, not {type(root).__name__}")
    return feeding([root], since)


def zero_grad(values: Iterable[Value]) -> None:
    """Forget the gradients of these Values (``grad`` reads 0.0 again).

    >>> x = Value(3.0)
    >>> (x * x).backward()
    >>> zero_grad([x])
    >>> x.grad, x.has_grad
    (0.0, False)
    """
    if modes.recorder:
        raise TraceError("zero_grad inside a traced function would happen once, while tracing; call it outside")
    try:
        values = list(values)
    except TypeError:
        raise TypeError("zero_grad takes an iterable of Values: write zero_grad([v])") from None
    for value in values:
        if not isinstance(value, Value):
            raise TypeError(f"zero_grad: expected Values, not {type(value).__name__}")
    deque(map(setattr, values, repeat("_grad"), repeat(_UNSET)), maxlen=0)      # one call into C, as in backward


def trainable(values: list[Value]) -> list[Value]:
    """Those of these leaves that require a gradient, in their order; the list itself where all do.

    >>> a, b = Value(2.0), Value(3.0)
    >>> b.requires_grad = False
    >>> trainable([a, b]) == [a]
    True
    """
    return [value for value in values if not value._frozen] if any(map(_frozen, values)) else values
