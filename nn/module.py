"""Module: an object whose parameters are the leaf Values in its attributes; it is called, trained, saved and shown."""

from reprlib import recursive_repr
from typing import Any, ClassVar, Self

from nn.modules.arguments import clear
from nn.modules.hooks import Hookable
from nn.modules.modes import switch
from nn.modules.noise import replace_later
from nn.modules.parts import modules_inside
from nn.modules.state import Stateful
from nn.modules.text import tree


class Module(Stateful, Hookable):
    """The base of neurons, layers and networks: assign Values and Modules to attributes, and that is all.

    >>> from autograd import Value
    >>> class Line(Module):
    ...     def __init__(self):
    ...         self.slope, self.offset = Value(2.0), Value(1.0)
    ...     def __call__(self, x):
    ...         return self.slope * x + self.offset
    >>> [name for name, _ in Line().named_parameters()]
    ['slope', 'offset']
    >>> Line().state_dict()
    {'slope': 2.0, 'offset': 1.0}

    A layer's author writes ``__init__``, which needs no ``super().__init__()``, and ``__call__`` (or ``forward``), of
    one example; where it is feed-forward, of a list of examples as well, by `nn.layers.examples.of_each`. A layer that
    behaves differently in training asks ``self.training``; one that draws by chance has a `nn.Noise` and asks that; one
    that keeps statistics has buffers (`register_buffer`) and changes them by `update_buffer`. Then it compiles, and
    `fit` repeats it bit by bit. ``extra_repr`` says in its text what is in the parentheses.
    """

    training: bool = True
    _unsupported: ClassVar[dict[str, str]] = {"device": "numbers are on the CPU; leave it out",
                                              "dtype": "numbers are Python's floats, of 64 bits; leave it out"}

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if "__init__" in vars(cls):
            setattr(cls, "__init__", clear(vars(cls)["__init__"], _made))    # noqa: B010 (mypy)

    def _entitle(self, outer: tuple[str, ...], name: str) -> None:
        """For pictures: the titles of the frames around this module, and its name, as in `state_dict`; "" alone."""

    def __call__(self, *args: Any, **options: Any) -> Any:
        """The result of ``forward``, as in PyTorch; a class may define ``__call__`` instead."""
        forward = getattr(self, "forward", None)
        if forward is None:
            name = type(self).__name__
            raise TypeError(f"{name} cannot be called: define {name}.__call__(self, x), or forward(self, x)")
        return forward(*args, **options)

    def train(self, mode: bool = True) -> Self:
        """Set ``training`` of this Module and of all inside: Dropout drops, BatchNorm takes its batch's statistics.

        Modules begin in this mode. `fit` sets it for the steps, measures in the other, and leaves what it found. A
        class that overrides ``train(self, mode=True)`` is asked by that, as in PyTorch, and ``eval()`` goes by it, too:
        ``return super().train(False)`` in a BatchNorm keeps its statistics.
        """
        if mode is not True and mode is not False:
            raise ValueError(f"train: mode is True or False, not {mode!r}")
        self.training = mode
        switch((module for module in self.modules() if module is not self), mode)
        return self

    def eval(self) -> Self:
        """``train(False)``: the mode in which a trained model is used."""
        return self.train(False)

    def add_module(self, name: str, module: "Module | None") -> None:
        """Make the attribute ``name`` that module, as ``setattr`` does; None keeps its place free, as in PyTorch.

        ValueError for a name that is none, or that of another attribute; TypeError for what is no Module.
        """
        if not isinstance(module, Module) and module is not None:
            raise TypeError(f"add_module takes a Module or None, not {type(module).__name__}")
        free = isinstance(name, str) and isinstance(getattr(self, name, None), Module | None)
        if not free or not name or "." in name:
            raise ValueError(f"add_module: {name!r} is no name for a module of this {type(self).__name__}; take a text "
                             "without a dot, which names no other attribute")
        setattr(self, name, module)
        name_modules(self)

    def update_buffer(self, name: str, numbers: Any) -> None:
        """Give the buffer ``name`` new numbers, as a layer does in each call of its training.

        numbers: of the buffer's shape; floats or Values, of which the numbers count. Under `fit` with ``batched=True``
        they are taken over after the step, compiled or not. Elsewhere they are assigned at once; a function that `jit`
        traces raises TraceError.
        """
        if name not in self._buffers:
            raise ValueError(f"update_buffer: {type(self).__name__} has no buffer {name!r}; it has "
                             f"{', '.join(self._buffers) or 'none'}")
        replace_later(f"update_buffer({name!r})", getattr(self, name), numbers)

    def extra_repr(self) -> str:
        """What the text of this Module has in parentheses, such as sizes; a class of its own may say so."""
        return ""

    @recursive_repr()
    def __repr__(self) -> str:
        return tree(type(self).__name__, [(name, repr(child)) for name, child in modules_inside("", self)],
                    self.extra_repr())


def _made(module: Any) -> None:
    """After an ``__init__``, a subclass's or that which it extends: the names of the module and of those inside."""
    module._entitle((), "")
    name_modules(module)


def name_modules(module: Any, outer: tuple[str, ...] = (), prefix: str = "") -> None:
    """Tell each module inside the name that it has in `state_dict`."""
    seen = {id(module)}
    waiting = [(outer, prefix, module)]
    while waiting:
        outer, prefix, module = waiting.pop()
        for name, inner in modules_inside(prefix, module):
            if id(inner) not in seen:
                seen.add(id(inner))
                inner._entitle(outer, name)
                waiting.append(((*outer, name), name, inner))
