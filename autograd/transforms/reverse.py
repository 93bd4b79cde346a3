"""Derivatives of functions by reverse accumulation: grad, value_and_grad, jacobian, hessian, hvp, vjp.

At the outermost level the result is floats. Inside another transform it is Values, a graph again, so that `grad` of
`grad` is a second derivative.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from typing import Any

from autograd.graph.context import modes, outermost, transform_scope
from autograd.graph.value import Value
from autograd.ops.internal import argument
from autograd.ops.primitives import apply
from autograd.transforms.derivative_layout import DerivativeLayout, Rows, chosen_arguments, numbers_of_shape
from autograd.transforms.higher_order import cotangents, pulled, tangents, variable
from autograd.transforms.pytree import Layout, check_number, fill, flatten, map_primal, plain, unpack

NO_SCOPE = nullcontext()


class Evaluation:
    """One evaluation of a function, which is to be differentiated: on fresh Values in the places of the arguments.

    wrt: instead by these Values, which the function captures. The compiler has a subclass that reads a Program.
    """

    def __init__(self, name: str, f: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any],
                 argnums: Any = None, wrt: Sequence[Value] | None = None, has_aux: bool = False) -> None:
        self.name, self.outermost, self.has_aux = name, outermost(), has_aux
        if wrt is not None:
            self.leaves, self.layout = wrt, DerivativeLayout([[()] * len(wrt)], False)
            with transform_scope():
                self.take(f(*args, **kwargs))
            return
        chosen, several = chosen_arguments(name, argnums, len(args))
        leaves: list[Value] = []
        layouts: list[Layout] = []
        entered: list[tuple[int, list[Any]]] = []
        self.leaves, replaced = leaves, list(args)

        def enter(x: Any) -> Value:
            # a Value from outside is copied: only this use of it counts as the argument
            leaves.append(apply(argument, (x,)) if isinstance(x, Value) else variable(x))
            return leaves[-1]

        # in no_grad the copy of a Value would lose its history
        with transform_scope() if modes.no_grad_blocks else NO_SCOPE:
            for i in chosen:
                if args[i].__class__ is float:      # the usual case
                    leaves.append(variable(args[i]))
                    replaced[i] = leaves[-1]
                    layouts.append(())
                    continue
                items, layout = flatten(args[i], argument=True)
                entered.append((i, [map_primal(item, enter) for item in items]))
                layouts.append(layout)
        self.layout = DerivativeLayout(layouts, several)
        with transform_scope(leaves):
            for i, items in entered:
                replaced[i] = fill(args[i], iter(items), argument=True)
            self.result = f(*replaced, **kwargs)
        if has_aux:
            self.take(self.result)

    def take(self, result: Any) -> None:
        """Note the function's result, of which with ``has_aux`` only the first part is differentiated."""
        self.result = result
        if self.has_aux:
            if not isinstance(result, tuple) or len(result) != 2:
                raise TypeError(f"{self.name}: with has_aux=True the function has to return a pair, a tuple of what to "
                                "differentiate and of other results")
            self.result, self.aux = result

    def with_aux(self, found: Any) -> Any:
        """``found``; with ``has_aux`` a pair of it and the function's other results."""
        if not self.has_aux:
            return found
        items, rebuild = unpack(self.aux)
        return found, rebuild([self.leave(x) for x in items])

    def number(self) -> Any:
        """The function's result, which has to be one number."""
        return check_number(self.result, self.name, "use jacobian for several")

    def gradients(self, outputs: Iterable[Any], last: bool = True) -> Rows:
        """The derivatives of each output by all numbers in the arguments; unless ``last``, for another derivative."""
        if last:
            return [cotangents(output, self.leaves, self.outermost) for output in outputs]
        with transform_scope():
            return [cotangents(output, self.leaves, False) for output in outputs]

    def jacobian(self, outputs: Iterable[Any]) -> Rows:
        """The same in the mode that is cheaper."""
        outputs = [*outputs]
        forward = len(self.leaves) < len(outputs) and all(isinstance(x, (Value, float, int)) for x in outputs)
        return tangents(outputs, self.leaves, self.outermost) if forward else self.gradients(outputs)

    def leave(self, x: Any) -> Any:
        """A number of the result as the caller gets it: a float at the outermost level."""
        return plain(x, self.outermost)


class Transform:
    """A function made from another: ``rule`` turns an `Evaluation` of ``function`` into the result."""

    def __init__(self, rule: Callable[[Any], Any], function: Callable[..., Any], **options: Any) -> None:
        name = rule.__name__[1:]
        if not callable(function):
            raise TypeError(f"{name}: expected a function, not {type(function).__name__}; "
                            "give the function itself and its arguments in a second call: grad(f)(x)")
        self.rule, self.function, self.options = rule, function, options
        self.__doc__ = f"{name} of {getattr(function, '__name__', 'a function')}"
        self.name = "grad" if rule is _value_and_grad and options["wrt"] is None else name      # in messages

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(state["rule"], state["function"], **state["options"])     # type: ignore[misc]  # older ones, too

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.rule(Evaluation(self.name, self.function, args, kwargs, **self.options))

    @property
    def order(self) -> int:
        """The number of derivatives it takes, one of another."""
        return 2 if self.rule is _hessian else 1


# ---- rules: of eager and of compiled derivatives ------------------------------------------------


def _value_and_grad(run: Evaluation) -> tuple[Any, Any]:
    out = run.number()
    value = run.leave(out)
    if run.has_aux:
        value = run.with_aux(value)
    return value, run.layout.gradient(run.gradients([out])[0])


def _grad(run: Evaluation) -> Any:
    value, gradient = _value_and_grad(run)
    return (gradient, value[1]) if run.has_aux else gradient


def _outputs_and_jacobian(run: Evaluation) -> tuple[list[Any], Any]:
    outs, layout = flatten(run.result)
    outs = [check_number(out, run.name, "return numbers") for out in outs]
    return outs, run.layout.jacobian(layout, run.jacobian(outs))


def _jacobian(run: Evaluation) -> Any:
    return run.with_aux(_outputs_and_jacobian(run)[1])


def _value_and_jacobian(run: Evaluation) -> tuple[Any, Any]:
    outs, jacobian = _outputs_and_jacobian(run)
    return run.with_aux(fill(run.result, iter([run.leave(out) for out in outs]))), jacobian


def _hessian(run: Evaluation) -> Any:
    return run.with_aux(run.layout.hessian(run.gradients(run.gradients([run.number()], last=False)[0])))


# ---- transforms ---------------------------------------------------------------------------------


def grad(f: Callable[..., Any], argnums: int | Sequence[int] | None = None, *, has_aux: bool = False) -> Transform:
    """The gradient of ``f``, which returns one number; it has the shape of the argument, for several it is a tuple.

    f: takes numbers, NumPy arrays, and lists, tuples, dicts, NamedTuples and dataclasses of these, also inside each
        other (`register_pytree_node` adds classes). It receives Values in the places of the numbers, and may use
        ``if``, ``while`` and Values from outside. The gradient has lists for lists and tuples, arrays for arrays, and
        for dicts, NamedTuples and dataclasses others of the same class: ``grad(f)(p)["rate"]``, ``grad(f)(p).rate``.
        Dicts keep their order (JAX sorts the keys). What a container holds beside numbers (None, bools, texts,
        functions) goes to ``f`` as it is, and is None in the gradient; so is a field of a dataclass marked with
        ``field(metadata={"static": True})``, which keeps its value. An argument's dataclass is made by its constructor,
        so that what that computes is differentiated, too; a gradient's is not. A dataclass that is callable is a
        function, no argument to differentiate by. An array without an axis is a number, an array of bools is none.
    argnums: the argument (an int) or arguments (a sequence) to differentiate by; default all.
    has_aux: ``f`` returns a pair, of the number and of other results; so does the gradient: (gradient, other results).

    >>> grad(lambda x, y: x * y + y)(2, 3)
    (3.0, 3.0)
    >>> grad(grad(lambda x: x * x * x))(2.0)
    12.0
    >>> grad(lambda p: p["rate"] * p["time"]**2)({"rate": 0.5, "time": 3.0})
    {'rate': 9.0, 'time': 3.0}
    >>> grad(lambda x: (x * x, {"doubled": 2 * x}), has_aux=True)(3.0)
    (6.0, {'doubled': 6.0})
    """
    return Transform(_grad, f, argnums=argnums, has_aux=has_aux)


def value_and_grad(f: Callable[..., Any], argnums: int | Sequence[int] | None = None,
                   wrt: Sequence[Value] | None = None, *, has_aux: bool = False) -> Transform:
    """The value of ``f`` and its gradient; with ``wrt`` the gradient by these Values, which ``f`` captures, as a list.

    has_aux: ``f`` returns a pair, (value, other results); so does this, ((value, other results), gradient).

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
    return Transform(_value_and_grad, f, argnums=argnums, wrt=wrt, has_aux=has_aux)


def jacobian(f: Callable[..., Any], argnums: int | Sequence[int] | None = None, *, has_aux: bool = False) -> Transform:
    """All first derivatives of ``f``: by a sequence a list of lists, by an array a 2-D array.

    It has the layout of the result of ``f``, with each number replaced by the derivatives in the layout of the
    argument. An array by an array is one array: its shape is that of the result followed by that of the argument. If
    one of the two is an array, numbers in a list, or in lists of equal lengths, count as an array, too. Lists that hold
    arrays, and irregular lists, stay lists. Dicts, NamedTuples and dataclasses stay what they are, those of the result
    outside, those of the argument inside. By several arguments it is a tuple of the jacobians by each.

    has_aux: ``f`` returns a pair, (what to differentiate, other results); so does this, (jacobian, other results).

    Where the inputs are fewer than the outputs, it is computed by forward accumulation, one tangent per input; else by
    reverse accumulation, one sweep per output. The two add in different orders, and may differ in the last bits.

    >>> jacobian(lambda p: [p[0] * p[1], p[0] + p[1]])([2, 3])
    [[3.0, 2.0], [1.0, 1.0]]
    """
    return Transform(_jacobian, f, argnums=argnums, has_aux=has_aux)


def value_and_jacobian(f: Callable[..., Any], argnums: int | Sequence[int] | None = None, *,
                       has_aux: bool = False) -> Transform:
    """The value of ``f``, as ``f`` returns it, and its `jacobian`, from one evaluation.

    has_aux: ``f`` returns a pair, (value, other results); so does this, ((value, other results), jacobian).

    >>> value_and_jacobian(lambda x: [x, x * x, x * x * x])(2.0)
    ([2.0, 4.0, 8.0], [1.0, 4.0, 12.0])
    """
    return Transform(_value_and_jacobian, f, argnums=argnums, has_aux=has_aux)


def hessian(f: Callable[..., Any], argnums: int | Sequence[int] | None = None, *, has_aux: bool = False) -> Transform:
    """All second derivatives of ``f``, in the layout of its gradient's jacobian; by several arguments tuples of tuples.

    has_aux: ``f`` returns a pair, (value, other results); this gives (hessian, other results).

    >>> hessian(lambda p: p[0] * p[0] * p[1])([2, 3])
    [[6.0, 4.0], [4.0, 0.0]]
    """
    return Transform(_hessian, f, argnums=argnums, has_aux=has_aux)


def hvp(f: Callable[[Any], Any], x: Any, v: Any) -> Any:
    """The Hessian of ``f`` at ``x`` times ``v``, shaped like ``x``, at the cost of two gradients.

    v: has the shape of ``x``, in arrays or sequences; another shape is a ValueError.

    >>> hvp(lambda p: p[0] * p[0] * p[1], [2, 3], [1, 0])
    [6.0, 4.0]
    """
    run = Evaluation("hvp", f, (x,), {})
    along = numbers_of_shape("hvp", "components of v", v, run.layout.arguments[0], "x")
    slopes = run.gradients([run.number()], last=False)[0]
    return run.layout.gradient(pulled(slopes, along, run.leaves, run.outermost))


def vjp(f: Callable[..., Any], *primals: Any) -> tuple[Any, Callable[[Any], Any]]:
    """The value of ``f`` and its pullback, which takes cotangents shaped like the value.

    The pullback returns the cotangent of the argument, in its shape; of several arguments a tuple. Cotangents of
    another shape than the value, in arrays or sequences, are a ValueError. A cotangent of exactly 0 is a structural
    zero: it is not multiplied by a slope, which may be infinite.

    >>> value, pullback = vjp(lambda x, y: [x * y, x + y], 2.0, 3.0)
    >>> value, pullback([1.0, 10.0])
    ([6.0, 5.0], (13.0, 12.0))
    """
    run = Evaluation("vjp", f, primals, {})
    outs, layout = flatten(run.result)

    def pullback(cotangent: Any) -> Any:
        seeds = numbers_of_shape("pullback", "cotangents", cotangent, layout, "the value", argument=False)
        return run.layout.gradient(pulled(outs, seeds, run.leaves, outermost()))

    values = [run.leave(check_number(out, "vjp", "return numbers")) for out in outs]
    return fill(run.result, iter(values)), pullback
