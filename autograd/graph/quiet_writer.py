"""Writes the part of operators.py for no_grad: the same methods, which compute the number alone."""

from collections.abc import Mapping, Sequence

from autograd.ops.primitives import TABLE, Op
from autograd.ops.printer import FLOATS, Printer
from autograd.ops.symbolic import Symbol
from autograd.ops.table import constant_power

HEAD = '''

class Quiet:
    """The methods of Arithmetic inside no_grad, whose code instrumentation.py puts in the place of theirs.

    The comparison with ``blocks`` says that this context is inside no_grad and nothing else; the last line of each
    takes all else.
    """
'''

LEAF = """leaf = new()
leaf._data = {out}
leaf._a = None
leaf._b = None
leaf._da = None
leaf._db = None
leaf._origin = None
leaf._serial = next(serials)
return leaf"""

OPERATOR = '''
    def __{python}__(self, other):
        kind = other.__class__
        try:
            if entered() is blocks:
                x = self._data
                if kind is Value:
                    y = other._data
                elif kind is float:
                    y = other
                elif kind is int:
                    y = float(other)
                else:
                    return Operand.__{python}__(self, other)
{leaf}
        except (ZeroDivisionError, OverflowError):
            pass
        return Operand.__{python}__(self, other)

    def __r{python}__(self, other):
        kind = other.__class__
        try:
            if entered() is blocks and (kind is float or kind is int):
                x = other if kind is float else float(other)
                y = self._data
{leaf}
        except (ZeroDivisionError, OverflowError):
            pass
        return Operand.__r{python}__(self, other)
'''

POWER = '''
    def __pow__(self, other, modulus=None):
        kind = other.__class__
        try:
            if entered() is blocks and modulus is None:
                x = self._data
                if kind is int or kind is float:
{cases}
                    else:
                        y = float(other)
                        out = constant_power(y).value(x, y)
                elif kind is Value:
                    out = POW.value(x, other._data)
                else:
                    return Operand.__pow__(self, other)
{leaf}
        except (ZeroDivisionError, OverflowError):
            pass
        return Operand.__pow__(self, other, modulus)
'''

METHOD = '''
    def {name}(self):
        if entered() is blocks:
            out = {constant}.value(self._data)
            if out.__class__ is not float:
                out = number(out, "{name}")
{leaf}
        return Operand.{name}(self)
'''


def quiet_source(spelled_out: Mapping[str, Op], exponents: Sequence[float]) -> str:
    """The text of the class Quiet, with these operators and the powers by these exponents spelled out."""
    operators = [OPERATOR.format(python=python, leaf=_leaf(op, 16)) for python, op in spelled_out.items()]
    cases = indented("\n".join(map(_case, exponents)), 20).replace("elif", "if", 1)
    methods = [METHOD.format(name=op.name, constant=op.name.upper(), leaf=indented(LEAF.format(out="out"), 12))
               for op in TABLE.values() if op.arity == 1]
    return "".join([HEAD, *operators, POWER.format(cases=cases, leaf=indented(LEAF.format(out="out"), 16)), *methods,
                    "\n    __neg__ = neg\n"])


def _value(op: Op) -> tuple[list[str], str]:
    """The lines that compute the value of the op for floats x and y, and what stands for it."""
    printer = Printer(FLOATS)
    out = printer.write(op.formula(Symbol("x"), Symbol("y")))
    return printer.lines, out


def _leaf(op: Op, indent: int) -> str:
    lines, out = _value(op)
    return indented("\n".join([*lines, LEAF.format(out=out)]), indent)


def _case(y: float) -> str:
    lines, out = _value(constant_power(y))
    return f"elif other == {y}:\n" + indented("\n".join([*lines, f"out = {out}"]), 4)


def indented(text: str, spaces: int) -> str:
    """``text`` with so many spaces before each line."""
    return "\n".join(" " * spaces + line for line in text.splitlines())
