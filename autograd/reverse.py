"""Gradients of functions by reverse accumulation, as floats or, inside another transform, as Values.

Where the result leaves all transforms it is a float; inside another it is a graph again, so that
`grad` of it is a derivative of a derivative.
"""

from collections.abc import Callable, Sequence
from typing import Any

from autograd.arguments import check_number, flatten, plain, same_count, through
from autograd.cotangents import argument, combined, cotangents
from autograd.floats import number
from autograd.modes import nested, outermost
from autograd.op import apply
from autograd.value import Value


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
        self.forms: list[tuple[int, Any]] = []
        replaced = list(args)
        with nested():
            for i in _chosen(name, argnums, len(args)):
                items, rebuild = flatten(args[i])
                replaced[i] = rebuild([through(item, self._enter) for item in items])
                self.forms.append((len(items), rebuild))
        with nested(self.leaves):
            self.out = f(*replaced, **kwargs)

    def _enter(self, x: Any) -> Value:
        # a Value from outside is copied, so that only this use of it counts as the argument
        leaf = apply(argument, (x,)) if isinstance(x, Value) else Value(number(x, "argument"))
        self.leaves.append(leaf)
        return leaf

    def like_arguments(self, items: Sequence[Any]) -> Any:
        """One thing per number in the arguments, in the arguments' form."""
        waiting = iter(items)
        parts = tuple(rebuild([next(waiting) for _ in range(n)]) for n, rebuild in self.forms)
        return parts if self.several else parts[0]

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
        return plain(out, run.outermost), run.like_arguments(run.gradient(out))
    last = outermost()
    with nested():
        out = check_number(f(*args, **kwargs), "value_and_grad", "use jacobian for several")
    return plain(out, last), cotangents(out, wrt, last)


def _grad(f: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any], argnums: Any) -> Any:
    return _value_and_grad(f, args, kwargs, argnums, None)[1]


def _jacobian(f: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any], argnums: Any) -> Any:
    run = Run("jacobian", f, args, kwargs, argnums)
    outs, rebuild = flatten(run.out)
    rows = [run.like_arguments(run.gradient(check_number(out, "jacobian", "return numbers"))) for out in outs]
    if not run.several:
        return rebuild(rows)
    return tuple(rebuild([row[i] for row in rows]) for i in range(len(run.forms)))


def _hessian(f: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any], argnums: Any) -> Any:
    run = Run("hessian", f, args, kwargs, argnums)
    with nested():
        slopes = run.gradient(run.number("hessian"), last=False)
    rows = [run.like_arguments(run.gradient(slope)) for slope in slopes]
    if not run.several:
        return run.like_arguments(rows)
    columns = [run.like_arguments([row[j] for row in rows]) for j in range(len(run.forms))]
    return tuple(tuple(column[i] for column in columns) for i in range(len(run.forms)))


def grad(f: Callable[..., Any], argnums: int | Sequence[int] | None = None) -> Transform:
    """The gradient of ``f``, which returns one number, shaped like its argument; of several, a tuple.

    f: takes numbers, sequences or NumPy arrays, and may use ``if``, ``while`` and Values from outside.
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

    >>> jacobian(lambda p: [p[0] * p[1], p[0] + p[1]])([2, 3])
    [[3.0, 2.0], [1.0, 1.0]]
    """
    return Transform(_jacobian, f, argnums=argnums)


def hessian(f: Callable[..., Any], argnums: int | Sequence[int] | None = None) -> Transform:
    """All second derivatives of ``f``; of several arguments a tuple of tuples.

    >>> hessian(lambda p: p[0] * p[0] * p[1])([2, 3])
    [[6.0, 4.0], [4.0, 0.0]]
    """
    return Transform(_hessian, f, argnums=argnums)


def hvp(f: Callable[[Any], Any], x: Any, v: Any) -> Any:
    """The Hessian of ``f`` at ``x`` times ``v``, shaped like ``x``, at the cost of two gradients.

    >>> hvp(lambda p: p[0] * p[0] * p[1], [2, 3], [1, 0])
    [6.0, 4.0]
    """
    run = Run("hvp", f, (x,), {})
    along = flatten(v)[0]
    same_count("hvp", "components of v", len(along), len(run.leaves))
    with nested():
        slopes = run.gradient(run.number("hvp"), last=False)
        total = combined(slopes, along)
    return run.like_arguments(run.gradient(total))


def vjp(f: Callable[..., Any], *primals: Any) -> tuple[Any, Callable[[Any], Any]]:
    """The value of ``f`` and its pullback, which takes cotangents shaped like the value.

    The pullback gives what the arguments receive: shaped like the argument; of several, a tuple.

    >>> value, pullback = vjp(lambda x, y: [x * y, x + y], 2.0, 3.0)
    >>> value, pullback([1.0, 10.0])
    ([6.0, 5.0], (13.0, 12.0))
    """
    run = Run("vjp", f, primals, {})
    outs, rebuild = flatten(run.out)

    def pullback(cotangent: Any) -> Any:
        seeds = flatten(cotangent)[0]
        same_count("pullback", "cotangents", len(seeds), len(outs))
        last = outermost()
        with nested():
            total = combined(outs, seeds)
        return run.like_arguments(run.gradient(total, last))

    return rebuild([plain(check_number(out, "vjp", "return numbers"), run.outermost) for out in outs]), pullback
