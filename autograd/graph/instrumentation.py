"""Which methods are other ones inside blocks (no_grad, anomaly, tracing): the layers of these methods, in one list."""

import os
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from itertools import chain
from operator import getitem
from types import CodeType, FunctionType
from typing import Any, NamedTuple
from weakref import ref

import autograd.graph.operators as operators
from autograd.graph.context import Entry, Scope, entered, modes, tracing, watching
from autograd.graph.value import Value, _data, new, serials
from autograd.locks import Alone
from autograd.ops.ieee import number
from autograd.ops.primitives import Op

_alone = Alone()
Key = tuple[Any, str]                   # a class or a module, and the name of a method or a function
Wrapper = Callable[[Any], Any]          # takes the method of the layers below, gives this layer's


class Switch:
    """Puts the methods of some layers in place while a block is open, in any context, and takes them away after."""

    def __init__(self, open: set[Entry]) -> None:
        self.open = open
        self.on: bool | None = False
        self._plan: Any = None
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self.set)

    def set(self) -> None:
        """Make every method what it has to be now."""
        if self.on != bool(self.open):
            self.install()

    def install(self) -> None:
        """Set the code of every method of this switch's layers; plan anew if a layer has been filled since.

        Not the methods: from Python 3.13 on a class that was changed a thousand times is looked up without a cache.
        `__hash__` has no code, and is set itself, while a function is traced.

        One call into C looks whether a block is open and sets all methods: no Ctrl-C, no other thread and no fork
        comes between, and no garbage collection, which may run Python code: iterators are made before. But a hook of
        `sys.audit`, where there is one, runs Python code each time code is set: other threads wait, and ``on`` is
        neither true nor false meanwhile, nor where an interrupt has come.
        """
        _alone(self._install)

    def _install(self) -> None:
        other, = (switch for switch in _switches if switch is not self)
        self._plan = self._plan or self._planned(other)
        while True:
            known, owners, names, wanted = self._plan
            methods = {beside: {on: iter(row) for on, row in rows.items()} for beside, rows in wanted.items()}
            rows = map(methods.__getitem__, map(bool, map(getattr, (other,), ("on",))))
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
            found: list[Any] = []
            for key in keys:
                method = _usual[key]
                for layer, methods in zip(LAYERS, known, strict=True):
                    if on[layer.switch] and key in methods:
                        method = methods[key](method)
                found += [_code(part, own) if name == "__code__" else part
                          for part, (own, name) in zip(_parts(method), _places[key], strict=True)]
            return [None, *found, None, on[self]]

        wanted = {beside: {on: row({self: on, other: beside}) for on in (False, True)} for beside in (False, True)}
        places = [(self, "on"), *chain.from_iterable(map(_places.__getitem__, keys)), (operators, "blocks"),
                  (self, "on")]
        return known, [owner for owner, _ in places], [name for _, name in places], wanted


def _parts(method: Any) -> list[Any]:
    """The functions of a property; else the method alone."""
    return [part for part in (method.fget, method.fset) if part] if isinstance(method, property) else [method]


def _own(function: FunctionType) -> FunctionType:
    """A copy of a function, whose code can be set without a change to the function."""
    own = FunctionType(function.__code__, function.__globals__, function.__name__, function.__defaults__,
                       function.__closure__)
    own.__kwdefaults__, own.__annotations__ = function.__kwdefaults__, function.__annotations__
    return own


def _called(*args: Any, **kwargs: Any) -> Any:
    method: Any = "method"      # `_code` puts it here
    return method(*args, **kwargs)


def _code(function: Any, own: Any) -> CodeType:
    """What ``own`` runs to do what ``function`` does: its code, where that means the same there, else a call."""
    code: CodeType = function.__code__
    if not code.co_freevars and function.__globals__ is own.__globals__ and function.__defaults__ == own.__defaults__:
        return code
    consts = tuple([function if const == "method" else const for const in _called.__code__.co_consts])
    return _called.__code__.replace(co_consts=consts, co_name=code.co_name, co_qualname=code.co_qualname)


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
_places: dict[Key, list[Key]] = {}      # what is set for them: the code of a class's functions, else an attribute


def _prepared(owner: Any, name: str) -> tuple[Any, list[Key]]:
    """The method, and where it is set. A class gets functions of its own for that."""
    method = getattr(owner, name)
    parts = _parts(method)
    if not isinstance(owner, type) or not all(isinstance(part, FunctionType) for part in parts):
        return method, [(owner, name)]
    own: list[Any] = [_own(part) for part in parts]
    setattr(owner, name, own[0] if method is parts[0] else property(own[0], [*own, None][1], doc=method.__doc__))
    return method, [(part, "__code__") for part in own]


def fill(name: str, methods: dict[Key, Wrapper]) -> None:
    """Add methods to the layer of this name; they are in force at once, also inside a block."""
    layer = next(layer for layer in LAYERS if layer.name == name)
    for key in methods:
        if key not in _usual:
            _usual[key], _places[key] = _prepared(*key)
    layer.methods.update(methods)
    if layer.switch.on or layer.switch.open:
        layer.switch.install()


# ---- no_grad ------------------------------------------------------------------------------------

_unsettle = partial(setattr, operators, "blocks")       # in C: no Ctrl-C comes between


def _settled() -> bool:
    """Whether this result is one inside no_grad. Where only no_grad is in force, the next see that by ``blocks``.

    These blocks are all no_grad, and ``blocks`` is something else as soon as the ``with`` statement of the innermost
    one has ended, or a function is traced, in any context. No name for what that statement keeps: see `Entry`.
    """
    if not watching:        # an interrupt has ended the last block
        WATCHED.set()
    if TRACED.on:           # perhaps the last tracing, too
        TRACED.set()
    inside = entered()
    if not modes.only_no_grad:
        return modes.no_grad_blocks
    try:
        inside[-1].guard = ref(inside[-1](), _unsettle)
    except TypeError:       # None: it has ended just now
        return False
    operators.blocks = inside       # type: ignore[assignment]
    if tracing or inside[-1]() is None:
        operators.blocks = None
    return True


def _looking_apply(usual: Any) -> Any:
    def _apply(self: Value, op: Op, args: Sequence[Any]) -> Value:
        if entered() is operators.blocks or _settled():
            try:
                data = list(map(_data, args))
            except AttributeError:      # constants among them
                data = [a._data if isinstance(a, Value) else number(a, op.name) for a in args]
            leaf = new()
            leaf._data = number(op.value(*data), op.name)
            leaf._a = leaf._b = leaf._da = leaf._db = leaf._origin = None
            leaf._serial = next(serials)
            return leaf     # type: ignore[no-any-return]
        return usual(self, op, args)        # type: ignore[no-any-return]

    return _apply


def _quiet(method: Any) -> Wrapper:
    return lambda usual: method


fill("no_grad", {(Value, "_apply"): _looking_apply,
                 **{(operators.Arithmetic, name): _quiet(method) for name, method in vars(operators.Quiet).items()
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
    in force for whoever runs it. Costs nothing when off: entering puts other code into Value's methods, which looks.

    >>> with no_grad():
    ...     Value(2.0) * 3
    Value(data=6.0, grad=0.0)
    """

    mode = "quiet"
