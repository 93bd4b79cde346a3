"""Gradients of functions by reverse accumulation, as floats or, inside another transform, as Values.

Where the result leaves all transforms it is a float; inside another it is a graph again, so that
`grad` of it is a derivative of a derivative.
"""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from typing import Any

from autograd.graph.context import modes, outermost, transform_scope
from autograd.graph.value import Value
from autograd.ops.internal import argument
from autograd.ops.primitives import apply
from autograd.transforms.forms import alike, by_arguments, second
from autograd.transforms.higher_order import cotangents, pulled, variable
from autograd.transforms.pytree import Form, check_number, fill, flatten, map_primal, plain

NO_BLOCK = nullcontext()


class Transform:
    """A function made from another: ``rule`` says how, and ``function`` is the original."""

    def __init__(self, rule: Callable[..., Any], function: Callable[..., Any], **options: Any) -> None:
        if not callable(function):
            raise TypeError(f"{rule.__name__.strip('_')}: expected a function, not {type(function).__name__}; "
                            "give the function itself and its arguments in a second call: grad(f)(x)")
        self.rule, self.function, self.options = rule, function, options
        self.__doc__ = f"{rule.__name__.strip('_')} of {getattr(function, '__name__', 'a function')}"

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.rule(self.function, args, kwargs, **self.options)


class Run:
    """One evaluation of ``f`` with the chosen arguments replaced by fresh Values."""

    def __init__(self, name: str, f: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any],
                 argnums: Any = None) -> None:
        self.outermost = outermost()
        self.several = len(args) > 1 if argnums is None else not isinstance(argnums, int)
        self.leaves: list[Value] = []
        self.forms: list[Form] = []
        replaced = list(args)
        # in no_grad the copy of a Value would lose its history
        with transform_scope() if modes.no_grad_blocks else NO_BLOCK:
            for i in _chosen(name, argnums, len(args)):
                items, form = flatten(args[i], argument=True)
                replaced[i] = fill(args[i], iter([map_primal(item, self._enter) for item in items]))
                self.forms.append(form)
        with transform_scope(self.leaves):
            self.out = f(*replaced, **kwargs)

    def _enter(self, x: Any) -> Value:
        # a Value from outside is copied, so that only this use of it counts as the argument
        leaf = apply(argument, (x,)) if isinstance(x, Value) else variable(x)
        self.leaves.append(leaf)
        return leaf

    def by_arguments(self, out: Form, rows: Sequence[Sequence[Any]]) -> Any:
        """The derivatives of something of this form, of each number one row, by the arguments."""
        return by_arguments(out, self.forms, self.several, rows)

    def gradient(self, output: Any, last: bool | None = None) -> list[Any]:
        """d output / d leaf, one per number in the arguments; as floats if this is the ``last`` derivative."""
        return cotangents(output, self.leaves, self.outermost if last is None else last)

    def number(self, name: str) -> Any:
        """The function's result, which has to be one number."""
        return check_number(self.out, name, "use jacobian for several")


def _chosen(name: str, argnums: Any, n: int) -> Sequence[int]:
    if n == 0:
        raise TypeError(f"{name}: nothing to differentiate with respect to; call it with the arguments of f")
    chosen = range(n) if argnums is None else [argnums] if isinstance(argnums, int) else list(argnums)
    for i in chosen:
        if not isinstance(i, int) or not -n <= i < n:
            raise ValueError(f"{name}: argnums={argnums!r} does not name one of the {n} arguments given")
    if len({i % n for i in chosen}) < len(chosen):
        raise ValueError(f"{name}: argnums={argnums!r} names an argument twice")
    return chosen


def _value_and_grad(f: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any],
                    argnums: Any, wrt: Sequence[Value] | None) -> tuple[Any, Any]:
    if wrt is None:
        run = Run("grad", f, args, kwargs, argnums)
        out = run.number("grad")
        return plain(out, run.outermost), run.by_arguments((), [run.gradient(out)])
    last = outermost()
    with transform_scope():
        out = check_number(f(*args, **kwargs), "value_and_grad", "use jacobian for several")
    return plain(out, last), cotangents(out, wrt, last)


def _grad(f: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any], argnums: Any) -> Any:
    return _value_and_grad(f, args, kwargs, argnums, None)[1]


def _jacobian(f: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any], argnums: Any) -> Any:
    run = Run("jacobian", f, args, kwargs, argnums)
    outs, form = flatten(run.out)
    return run.by_arguments(form, [run.gradient(check_number(out, "jacobian", "return numbers")) for out in outs])


def _hessian(f: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any], argnums: Any) -> Any:
    run = Run("hessian", f, args, kwargs, argnums)
    with transform_scope():
        slopes = run.gradient(run.number("hessian"), last=False)
    return second(run.forms, run.several, [run.gradient(slope) for slope in slopes])


def grad(f: Callable[..., Any], argnums: int | Sequence[int] | None = None) -> Transform:
    """The gradient of ``f``, which returns one number, shaped like its argument; of several, a tuple.

    f: takes numbers, NumPy arrays, and lists and tuples of these, in which it finds Values for numbers; it may use
    ``if``, ``while`` and Values from outside. The gradient has lists for sequences and arrays for arrays. An array
    without an axis is a number, and an array of bools none.
    argnums: the argument (an int) or arguments (a sequence) to differentiate by; default all.

    >>> grad(lambda x, y: x * y + y)(2, 3)
    (3.0, 3.0)
    >>> grad(grad(lambda x: x * x * x))(2.0)
    12.0
    """
    return Transform(_grad, f, argnums=argnums)


def value_and_grad(f: Callable[..., Any], argnums: int | Sequence[int] | None = None,
                   wrt: Sequence[Value] | None = None) -> Transform:
    """The value of ``f`` and its gradient; ``wrt``: by these Values, which ``f`` captures, as a list.

    >>> value_and_grad(lambda x: x * x)(3)
    (9.0, 6.0)
    >>> w = Value(4.0)
    >>> value_and_grad(lambda x: w * x, wrt=[w])(3)
    (12.0, [3.0])
    """
    if wrt is not None:
        wrt = list(wrt)
        if argnums is not None:
            raise ValueError("value_and_grad: give argnums or wrt, not both")
        for value in wrt:
            if not isinstance(value, Value):
                raise TypeError(f"value_and_grad: wrt takes Values, not {type(value).__name__}")
    return Transform(_value_and_grad, f, argnums=argnums, wrt=wrt)


def jacobian(f: Callable[..., Any], argnums: int | Sequence[int] | None = None) -> Transform:
    """All first derivatives of ``f``: by a sequence a list of lists, by an array a 2-D array.

    It has the form of what ``f`` returns, in which each number is replaced by the derivatives by the argument, in the
    argument's form; an array by an array is one array, of the result's shape and then the argument's. Where one of the
    two is an array, numbers in a list, or in lists of one length, count as an array, too. Lists that hold arrays, and
    lists without a shape, stay lists. By several arguments, it is a tuple of the jacobians by each.

    >>> jacobian(lambda p: [p[0] * p[1], p[0] + p[1]])([2, 3])
    [[3.0, 2.0], [1.0, 1.0]]
    """
    return Transform(_jacobian, f, argnums=argnums)


def hessian(f: Callable[..., Any], argnums: int | Sequence[int] | None = None) -> Transform:
    """All second derivatives of ``f``, in the form of its gradient's jacobian; of several arguments a tuple of tuples.

    >>> hessian(lambda p: p[0] * p[0] * p[1])([2, 3])
    [[6.0, 4.0], [4.0, 0.0]]
    """
    return Transform(_hessian, f, argnums=argnums)


def hvp(f: Callable[[Any], Any], x: Any, v: Any) -> Any:
    """The Hessian of ``f`` at ``x`` times ``v``, shaped like ``x``, at the cost of two gradients.

    v: of the shape of ``x``, in arrays or sequences; of another, it is a ValueError.

    >>> hvp(lambda p: p[0] * p[0] * p[1], [2, 3], [1, 0])
    [6.0, 4.0]
    """
    run = Run("hvp", f, (x,), {})
    along = alike("hvp", "components of v", v, run.forms[0], "x")
    with transform_scope():
        slopes = run.gradient(run.number("hvp"), last=False)
    return run.by_arguments((), [pulled(slopes, along, run.leaves, run.outermost)])


def vjp(f: Callable[..., Any], *primals: Any) -> tuple[Any, Callable[[Any], Any]]:
    """The value of ``f`` and its pullback, which takes cotangents shaped like the value.

    The pullback gives what the arguments receive: shaped like the argument; of several, a tuple. Cotangents of
    another shape than the value, in arrays or sequences, are a ValueError. A cotangent of exactly 0 is structural: it
    meets no slope, which may be infinite.

    >>> value, pullback = vjp(lambda x, y: [x * y, x + y], 2.0, 3.0)
    >>> value, pullback([1.0, 10.0])
    ([6.0, 5.0], (13.0, 12.0))
    """
    run = Run("vjp", f, primals, {})
    outs, form = flatten(run.out)

    def pullback(cotangent: Any) -> Any:
        seeds = alike("pullback", "cotangents", cotangent, form, "the value")
        return run.by_arguments((), [pulled(outs, seeds, run.leaves, outermost())])

    values = [plain(check_number(out, "vjp", "return numbers"), run.outermost) for out in outs]
    return fill(run.out, iter(values)), pullback
