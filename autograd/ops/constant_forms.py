"""Forms of an op for a plain number as its second argument, as x * x for x ** 2: kept here, chosen by the table."""

from collections.abc import Callable, Mapping
from typing import Any

from autograd.ops.ieee import number
from autograd.ops.primitives import FORMS, TABLE, Nothing, Op, apply, internal, nothing

Formula = Callable[..., Any]


def _constant(x: Any, y: Any, out: Any) -> Nothing:
    """The partial by the constant."""
    return nothing


def forms(of: str, formulas: Mapping[Any, tuple[Formula, Formula] | Formula]) -> dict[Any, Op]:
    """Register the forms of the table's entry ``of``: by their keys, value and partial, or the partial alone.

    Users see that entry in their place.
    """
    found = {}
    for key, formula in formulas.items():
        value, partial = formula if isinstance(formula, tuple) else (lambda x, y: apply(TABLE[of], (x, y)), formula)
        name = f"{of}__{key}".replace("-", "minus_").replace(".", "_")
        found[key] = internal(name, of, name=of, value=value, formula=value, partial_formulas=(partial, _constant),
                              composite=True, c_name="", python="", python_on_floats="")
    FORMS.extend(found.values())
    return found


def form_of_three(key: str, value: Formula, *partials: Formula, spelled: str = "") -> Formula:
    """The function of an internal op of three arguments, for formulas; spelled: the value on floats, in Python."""
    def function(*args: Any) -> Any:
        return apply(op, args)

    op = internal(key, "where", value=value, formula=value, partial_formulas=partials, function=function,
                  composite=True, selects=False, python="", python_on_floats=spelled, latex="")
    FORMS.append(op)
    return function


def choosing(of: str, choice: Callable[[float], Op], function: Callable[..., Any]) -> Callable[..., Any]:
    """Make ``function`` that of the entry ``of``; return what formulas call where the second argument is constant."""
    function.__name__ = function.__qualname__ = of
    function.__module__ = "autograd"
    TABLE[of].function = function
    TABLE[of].python, TABLE[of].python_on_floats = f"apply(op_{of}, ({{}}, {{}}))", f"op_{of}.value({{}}, {{}})"
    op = internal(f"{of}__constant", of, function=function, by_constant=choice, python="", python_on_floats="",
                  value=lambda x, y: choice(y).value(x, y))
    return lambda x, y: apply(op, (x, y))


def chosen_form(of: str, choice: Callable[[float], Op], x: Any, y: Any) -> Any:
    """The op of x and y, in the form for y if that is a plain number; in formulas ``of`` itself."""
    if hasattr(y, "_apply") or hasattr(x, "_symbolic"):
        return apply(TABLE[of], (x, y))
    y = number(y, of)
    op = choice(y)
    return op.value(x, y) if x.__class__ is float else apply(op, (x, y))
