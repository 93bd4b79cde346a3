"""Compiles the text of an expression into a function of its variables, without executing any of the text."""

import ast
import inspect
import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from autograd import ExpressionError
from autograd.quoting import printable, quoted
from viz.command.functions import CONSTANTS, CONSTANTS_ELSEWHERE, FUNCTIONS, NARY, call_of, usage
from viz.command.meant import call_advice
from viz.command.scanner import checked_tokens
from viz.words.expressions import ERRORS

OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    node: FUNCTIONS[name] for node, name in (
        (ast.Add, "add"), (ast.Sub, "sub"), (ast.Mult, "mul"), (ast.Div, "div"), (ast.Pow, "pow"), (ast.Mod, "mod"),
        (ast.FloorDiv, "floordiv"), (ast.USub, "neg"), (ast.UAdd, "pos"), (ast.Gt, "greater"), (ast.Lt, "less"),
        (ast.Eq, "equal"))}
# The table has no >=; 1 - (x < y) would give 1 for nan.
OPERATORS[ast.GtE] = lambda x, y: FUNCTIONS["add"](FUNCTIONS["greater"](x, y), FUNCTIONS["equal"](x, y))
OPERATORS[ast.LtE] = lambda x, y: FUNCTIONS["add"](FUNCTIONS["less"](x, y), FUNCTIONS["equal"](x, y))
OPERATORS[ast.NotEq] = lambda x, y: FUNCTIONS["sub"](1.0, FUNCTIONS["equal"](x, y))


class Expression:
    """An expression, checked and compiled to steps of a stack machine. Calls take floats, Values or Duals.

    names: the variables, in order of appearance. constants: the names of constants, such as pi, that it uses.

    >>> f = Expression("a * pi - 1")
    >>> f.names, f.constants, f(a=2.0)
    (['a'], ['pi'], 5.283185307179586)
    """

    def __init__(self, text: str, given: Collection[str] = ()) -> None:
        """given: names with a value, which are variables even if a constant has the name, as in e=2."""
        self.steps = list(_steps(_tree(" ".join(checked_tokens(text, given))), given))
        used = list(dict.fromkeys(step for step, _ in self.steps if isinstance(step, str)))
        self.constants = [name for name in used if name in CONSTANTS and name not in given]
        self.names = [name for name in used if name not in self.constants]

    def __call__(self, **values: Any) -> Any:
        """The value of the expression at these values of its variables."""
        known: Mapping[str, Any] = {**CONSTANTS, **values}
        stack: list[Any] = []
        for step, arity in self.steps:
            if callable(step):
                args = stack[len(stack) - arity:]
                stack[len(stack) - arity:] = [step(*args)]
            else:
                stack.append(known[step] if isinstance(step, str) else step)
        return stack[0]


def _tree(text: str) -> ast.expr:
    try:
        return ast.parse(text, mode="eval").body
    except SyntaxError as error:
        raise ExpressionError(ERRORS("no_syntax", quoted(str(error.msg)))) from None
    except (RecursionError, MemoryError):       # the tree of a + a + a + ... is as deep as the chain is long
        raise ExpressionError(ERRORS("long_chain")) from None


def _steps(tree: ast.expr, given: Collection[str]) -> Iterator[tuple[Any, int]]:
    """The steps of an expression in postfix order: numbers, names, and functions with their number of operands."""
    reader = _Reader(given)
    todo: list[Any] = [tree]
    while todo:
        item = todo.pop()
        if isinstance(item, tuple):
            yield item
            continue
        step, operands = reader.read(item)
        todo.append((step, len(operands)))
        todo += reversed(operands)


class _Reader:
    """Translates nodes of the syntax tree. Every kind of node that it does not list raises an error."""

    def __init__(self, given: Collection[str]) -> None:
        self.given = given
        self.conditions: set[ast.expr] = set()      # the comparisons that are the first argument of a where

    def read(self, node: ast.expr) -> tuple[Any, Sequence[ast.expr]]:
        """A number, a name or a function, and the nodes of its operands."""
        match node:
            case ast.Constant(value=int() | float() as x):
                try:
                    return float(x), ()
                except OverflowError:       # 0xfff... beyond 1.8e308, which is inf as 1e999 is
                    return math.inf, ()
            case ast.Name(id=name):
                if name in FUNCTIONS and name not in self.given:
                    raise ExpressionError(ERRORS("is_function", quoted(name), usage(name), name))
                return name, ()
            case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
                return OPERATORS[type(op)], (left, right)
            case ast.UnaryOp(op=op, operand=operand) if type(op) in OPERATORS:
                return OPERATORS[type(op)], (operand,)
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in OPERATORS:
                if node not in self.conditions:
                    raise ExpressionError(ERRORS("comparison"))
                return OPERATORS[type(op)], (left, right)
            case ast.Compare():
                raise ExpressionError(ERRORS("two_comparisons"))
            case ast.Call(func=ast.Name(id=name)):
                return self.call(name, node)
            case ast.List():
                raise ExpressionError(ERRORS("list"))
        raise ExpressionError(ERRORS("signs_example"))

    def call(self, name: str, node: ast.Call) -> tuple[Any, Sequence[ast.expr]]:
        """The function and its operands in order, given by position or by keyword."""
        function = FUNCTIONS.get(name)
        if function is None:
            call = _call(name, node) if name not in self.given else ""
            near = get_close_matches(name, FUNCTIONS, n=1) if name not in self.given else []
            factor = printable(CONSTANTS_ELSEWHERE.get(name, name))
            advice = ERRORS("write", call) if call else ERRORS("near", near[0]) if near else ERRORS("factor", factor)
            raise ExpressionError(ERRORS("no_function", quoted(name), advice))
        args = node.args
        if name in NARY:
            if len(args) == 1 and isinstance(args[0], ast.List):
                args = args[0].elts
            if not args or node.keywords:
                raise ExpressionError(ERRORS("nary", name, usage(name)))
            return lambda *xs: function(xs), args
        if name == "dot":
            lists = [arg.elts for arg in args if isinstance(arg, ast.List)]
            if len(lists) != 2 or len(args) != 2 or node.keywords or not len(lists[0]) == len(lists[1]) > 0:
                raise ExpressionError(ERRORS("dot", usage(name)))
            half = len(lists[0])
            return lambda *xs: function(xs[:half], xs[half:]), lists[0] + lists[1]
        named = {str(k.arg): k.value for k in node.keywords}
        try:
            operands = inspect.signature(function).bind(*args, **named).args
            if len(named) < len(node.keywords):
                raise TypeError
        except TypeError:
            raise ExpressionError(ERRORS("arguments", name, _call(name, node))) from None
        if name == "where":
            self.conditions.add(operands[0])
        return function, operands


def _call(name: str, node: ast.Call) -> str:
    """How to write a call of this name with as many arguments; empty if nothing is known."""
    texts = [ast.unparse(arg) if isinstance(arg, ast.Constant | ast.Name) else ""
             for arg in (*node.args, *(keyword.value for keyword in node.keywords))]
    return call_advice(name, [text.removesuffix(".0") for text in texts]) or call_of(name)
