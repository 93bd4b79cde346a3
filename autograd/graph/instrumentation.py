"""Which methods are other ones inside blocks (no_grad, anomaly, tracing): the layers of these methods, in one list."""

import os
from collections import deque
from collections.abc import Callable, Sequence
from itertools import chain
from operator import add, getitem, mul, sub, truediv
from types import FunctionType
from typing import Any, NamedTuple

from autograd.graph.context import Entry, Scope, entered, modes, tracing, watching
from autograd.graph.operators import Arithmetic
from autograd.graph.value import _UNSET, Value, _data, new, serials
from autograd.ops.ieee import number
from autograd.ops.operand import OPERATORS, Operand
from autograd.ops.primitives import TABLE, Op
from autograd.ops.table import constant_power

Key = tuple[Any, str]                   # a class or a module, and the name of a method or a function
Wrapper = Callable[[Any], Any]          # takes the method of the layers below, gives this layer's


class Switch:
    """Puts the methods of some layers in place while a block is open, in any context, and takes them away after."""

    def __init__(self, open: set[Entry]) -> None:
        self.open, self.on = open, False
        self._plan: Any = None
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self.set)

    def set(self) -> None:
        """Make every method what it has to be now."""
        if self.on != bool(self.open):
            self.install()

    def install(self) -> None:
        """Set every method of this switch's layers; plan anew if a layer has been filled since.

        One call into C looks whether a block is open and sets all methods: no Ctrl-C, no other thread and no fork
        comes between, and no garbage collection, which may run Python code: iterators are made before. A lock would
        do for threads, and an interrupt could leave it taken.
        """
        other, = (switch for switch in _switches if switch is not self)
        self._plan = self._plan or self._planned(other)
        while True:
            known, owners, names, wanted = self._plan
            methods = {beside: {on: iter(row) for on, row in rows.items()} for beside, rows in wanted.items()}
            rows = map(methods.__getitem__, map(getattr, (other,), ("on",)))
            deque(map(setattr, owners, names, chain.from_iterable(map(getitem, rows, map(bool, (self.open,))))),
                  maxlen=0)
            if known == [layer.methods for layer in LAYERS]:
                return
            self._plan = self._planned(other)       # files that are loaded later fill their layers

    def _planned(self, other: "Switch") -> tuple[Any, ...]:
        """The layers' methods as they are now; and owners, names, and methods by the other's state and this one's.

        A method that layers of both switches replace is set by both.
        """
        known = [layer.methods.copy() for layer in LAYERS]
        keys = [*dict.fromkeys(key for layer, methods in zip(LAYERS, known, strict=True) if layer.switch is self
                               for key in methods)]

        def row(on: dict[Switch, bool]) -> list[Any]:
            found = []
            for key in keys:
                method = _usual[key]
                for layer, methods in zip(LAYERS, known, strict=True):
                    if on[layer.switch] and key in methods:
                        method = methods[key](method)
                found.append(method)
            return [*found, on[self]]

        wanted = {beside: {on: row({self: on, other: beside}) for on in (False, True)} for beside in (False, True)}
        return known, [*(owner for owner, _ in keys), self], [*(name for _, name in keys), "on"], wanted


class Layer(NamedTuple):
    """Methods that replace others while a switch is on."""

    name: str
    switch: Switch
    methods: dict[Key, Wrapper]


WATCHED, TRACED = _switches = Switch(watching), Switch(tracing)
# The innermost first: each layer wraps the methods of those before it, whichever file is loaded first. The file that
# defines what a layer is for fills it.
LAYERS = [
    Layer("no_grad", WATCHED, {}),      # this file
    Layer("anomaly", WATCHED, {}),      # diagnostics/anomalies.py
    Layer("calls", WATCHED, {}),        # compiler/jitted.py: calls of compiled functions inside anomaly
    Layer("tracing", TRACED, {}),       # compiler/recorder.py, compiler/traced_gradients.py
]
_usual: dict[Key, Any] = {}             # the methods where no layer is on


def fill(name: str, methods: dict[Key, Wrapper]) -> None:
    """Add methods to the layer of this name; they are in force at once, also inside a block."""
    layer = next(layer for layer in LAYERS if layer.name == name)
    for owner, method in methods:
        if (owner, method) not in _usual:
            _usual[owner, method] = getattr(owner, method)
    layer.methods.update(methods)
    if layer.switch.on or layer.switch.open:
        layer.switch.install()


# ---- no_grad ------------------------------------------------------------------------------------

def _looking_apply(usual: Any) -> Any:
    def _apply(self: Value, op: Op, args: Sequence[Any]) -> Value:
        if not watching:        # an interrupt has ended the last block
            WATCHED.set()
        if modes.no_grad_blocks:
            try:
                data = list(map(_data, args))
            except AttributeError:      # constants among them
                data = [a._data if isinstance(a, Value) else number(a, op.name) for a in args]
            return Value(op.value(*data))
        return usual(self, op, args)        # type: ignore[no-any-return]

    return _apply


def _leaf(data: float) -> Value:
    """Value(data), without a look at what ``data`` is."""
    leaf = new()
    leaf._data = data
    leaf._a = leaf._b = leaf._da = leaf._db = leaf._origin = None
    leaf._grad = _UNSET
    leaf._serial = next(serials)
    return leaf     # type: ignore[no-any-return]


PLAIN = {"add": add, "radd": add, "sub": sub, "rsub": lambda x, y: y - x, "mul": mul, "rmul": mul, "truediv": truediv,
         "rtruediv": lambda x, y: y / x}       # as operators.py spells them
_quiet_blocks: tuple[Entry, ...] | None = None  # the blocks of the last result inside no_grad alone


def _only_no_grad(inside: tuple[Entry, ...]) -> bool:
    """Whether only no_grad is in force; then the next result has to see no more than that it is inside the same blocks.

    These are all no_grad, and the innermost one is in force while its ``with`` statement runs.
    """
    global _quiet_blocks
    if inside is _quiet_blocks and inside[-1]() is not None and not tracing:
        return True
    if not modes.only_no_grad:
        return False
    _quiet_blocks = inside
    return True


def _quiet(name: str) -> Wrapper:
    """A method that computes the number alone where only no_grad is in force; else Operand's own, through `_apply`."""
    general, python = getattr(Operand, name), name.strip("_")
    reflected = python not in OPERATORS and python.removeprefix("r") in OPERATORS
    binary = TABLE.get(OPERATORS.get(python.removeprefix("r") if reflected else python, ""))
    plain: Any = PLAIN.get(python)

    def of_one(self: Value) -> Any:
        return _leaf(TABLE[python].value(self._data)) if _only_no_grad(entered()) else general(self)

    def of_two(self: Value, other: Any) -> Any:
        kind = other.__class__
        if binary and (kind is Value or kind is float or kind is int) and _only_no_grad(entered()):
            y = other._data if kind is Value else number(other, binary.name)
            # a plain exponent decides which form of a power it takes; a Value's is any number
            power = kind is not Value and python == "pow"
            function = constant_power(y).value if power else binary.value if kind is Value else binary.function
            return _leaf(function(y, self._data) if reflected else function(self._data, y))
        return general(self, other)

    def of_plain(self: Value, other: Any) -> Any:
        kind = other.__class__
        inside = entered()
        # as `_only_no_grad`, without a call
        if inside is _quiet_blocks and inside[-1]() is not None and not tracing and (kind is Value or kind is float):
            try:
                data = plain(self._data, other._data if kind is Value else other)
            except (ZeroDivisionError, OverflowError):
                return of_two(self, other)
            leaf = new()
            leaf._data = data
            leaf._a = leaf._b = leaf._da = leaf._db = leaf._origin = None
            leaf._grad = _UNSET
            leaf._serial = next(serials)
            return leaf
        return of_two(self, other)

    chosen = of_one if python in TABLE and TABLE[python].arity == 1 else of_plain if plain else of_two
    return lambda usual: chosen


fill("no_grad", {(Value, "_apply"): _looking_apply,
                 **{(Arithmetic, name): _quiet(name) for name, method in vars(Arithmetic).items()
                    if isinstance(method, FunctionType)}})


class ThreadContext(Scope):
    """Inside it this context's Values look at ``modes``; while none is open, in any context, none looks."""

    switch = WATCHED
    open = watching


class no_grad(ThreadContext):
    """Inside it results are plain leaves: no graph is recorded.

    It is in force in the thread, or the coroutine's task, that entered it: others record while that one waits. What
    is started inside with a copy of its context (a task, `asyncio.to_thread`) is inside, too, until the block is
    left; a thread begins outside. A generator has no context of its own: one that yields inside the block leaves it
    in force for whoever runs it. Costs nothing when off: entering takes Value's hot methods away, and the general
    ones look.

    >>> with no_grad():
    ...     Value(2.0) * 3
    Value(data=6.0, grad=0.0)
    """

    mode = "quiet"
