"""Writes operators.py and dual_operators.py: the table's formulas for `+ - * /` and more, spelled out for floats."""

from autograd.graph.quiet_writer import indented, quiet_source
from autograd.ops.operand import OPERATORS
from autograd.ops.primitives import TABLE, Op
from autograd.ops.printer import FLOATS, Printer
from autograd.ops.symbolic import Symbol
from autograd.ops.table import constant_power

# Of the operators, those that Python has for floats; the others go through `apply`.
SPELLED_OUT = {python: TABLE[name] for python, name in OPERATORS.items() if TABLE[name].is_python_operator}
EXPONENTS = (2.0, 3.0, -1.0)                    # of the powers by a constant

HEAD = '''"""Value's own operators and its methods of one argument, spelled out for floats.

Each operator computes the number and both local partials in place, and looks only at the class of the other
operand: 2 to 3 times as fast as the general way through `apply`, which the last line of each takes for all else.
"""

# Written by `python -m autograd.stubs` from the table in ops/table.py; do not edit.
# mypy: ignore-errors

from autograd.graph.ancestry import serials
from autograd.graph.context import entered
from autograd.ops.ieee import number
from autograd.ops.operand import Operand
from autograd.ops.primitives import TABLE
from autograd.ops.table import constant_power

Value = new = None      # value.py, which builds its class on this file, puts the class and its constructor here
blocks = None       # what `entered` gives where no_grad alone is in force; instrumentation.py knows when
'''

UNARY = '''

def unary(op, x):
    """The node of an op of one argument."""
    data = x._data
    out = op.value(data)
    if out.__class__ is not float:      # a user's op may give an int
        out = number(out, op.name)
    node = new()
    node._data = out
    node._da = op.float_partials[0](data, out)
    node._db = node._b = None
    node._a = x
    node._origin = op
    node._serial = next(serials)
    return node


def binary(op, a, b):
    """The node of an op of two arguments, of which one may be a constant."""
    of_a, of_b = isinstance(a, Value), isinstance(b, Value)
    x = a._data if of_a else a if a.__class__ is float else number(a, op.name)
    y = b._data if of_b else b if b.__class__ is float else number(b, op.name)
    out = op.value(x, y)
    if out.__class__ is not float:
        out = number(out, op.name)
    first, second = op.float_partials
    node = new()
    node._data = out
    node._a = a if of_a else x
    node._b = b if of_b else y
    node._da = first(x, y, out) if of_a else None
    node._db = second(x, y, out) if of_b else None
    node._origin = op
    node._serial = next(serials)
    return node


def ternary(op, a, b, c):
    """The node of an op of three arguments, of which two may be constants."""
    of_a, of_b, of_c = isinstance(a, Value), isinstance(b, Value), isinstance(c, Value)
    x = a._data if of_a else a if a.__class__ is float else number(a, op.name)
    y = b._data if of_b else b if b.__class__ is float else number(b, op.name)
    z = c._data if of_c else c if c.__class__ is float else number(c, op.name)
    out = op.value(x, y, z)
    if out.__class__ is not float:
        out = number(out, op.name)
    first, second, third = op.float_partials
    node = new()
    node._data = out
    node._a = a if of_a else x, b if of_b else y, c if of_c else z
    node._b = (first(x, y, z, out) if of_a else None, second(x, y, z, out) if of_b else None,
               third(x, y, z, out) if of_c else None)
    node._da = node._db = None
    node._origin = op
    node._serial = next(serials)
    return node


class Arithmetic(Operand):
    """The part of Value that is written from the table."""

    __slots__ = ()
'''

OPERATOR = '''
    def __{python}__(self, other):
        kind = other.__class__
        try:
            if kind is Value:
                x = self._data
                y = other._data
{both}
            if kind is float or kind is int:
                x = self._data
                y = other if kind is float else float(other)
{left}
        except (ZeroDivisionError, OverflowError):
            pass
        return Operand.__{python}__(self, other)

    def __r{python}__(self, other):
        kind = other.__class__
        try:
            if kind is float or kind is int:
                x = other if kind is float else float(other)
                y = self._data
{right}
        except (ZeroDivisionError, OverflowError):
            pass
        return Operand.__r{python}__(self, other)
'''

POWER = '''
    def __pow__(self, other, modulus=None):
        kind = other.__class__
        if (kind is int or kind is float) and modulus is None:
            try:
                x = self._data
{cases}
                y = float(other)
            except (ZeroDivisionError, OverflowError):
                return Operand.__pow__(self, other)
            op = constant_power(y)
            out = op.value(x, y)
            node = new()
            node._a = self
            node._b = y
            node._da = op.float_partials[0](x, y, out)
            node._db = None
            node._data = out
            node._origin = op
            node._serial = next(serials)
            return node
        return Operand.__pow__(self, other, modulus)
'''

METHOD = '''
    def {name}(self):
        data = self._data
        out = {constant}.value(data)
        if out.__class__ is not float:
            out = number(out, "{name}")
        node = new()
        node._data = out
        node._da = {constant}.float_partials[0](data, out)
        node._db = node._b = None
        node._a = self
        node._origin = {constant}
        node._serial = next(serials)
        return node
'''

NODE = """{lines}
node = new()
node._a = {a}
node._b = {b}
node._da = {dx}
node._db = {dy}
node._data = {out}
node._origin = {constant}
node._serial = next(serials)
return node"""

DUAL_HEAD = '''"""A Dual's operators, spelled out for floats; the last line of each is the general way, for all else."""

# Written by `python -m autograd.stubs` from the table in ops/table.py; do not edit.
# mypy: ignore-errors

from typing import Any

from autograd.ops.operand import Operand

FloatDual: Any = None       # float_dual.py, which builds the class on this file, puts it and what makes it here
new: Any = None
make_dual: Any = None


class Arithmetic:
    """The part of FloatDual that is written from the table."""

    __slots__ = ()
'''

DUAL_OPERATOR = '''
    def __{python}__(self, other):
        kind = other.__class__
        dx = self.tangent
        try:
            if kind is FloatDual:
                if other._rank is self._rank:
                    x = self.primal
                    y = other.primal
                    dy = other.tangent
{both}
            elif kind is float or kind is int:
                x = self.primal
                y = other if kind is float else float(other)
{left}
        except (ZeroDivisionError, OverflowError):
            pass
        return Operand.__{python}__(self, other)

    def __r{python}__(self, other):
        kind = other.__class__
        dy = self.tangent
        try:
            if kind is float or kind is int:
                x = other if kind is float else float(other)
                y = self.primal
{right}
        except (ZeroDivisionError, OverflowError):
            pass
        return Operand.__r{python}__(self, other)
'''

DUAL = """{lines}
dual = new()
dual.primal = {out}
{tangent}
dual._rank = self._rank
return dual"""
BOTH = """if dx is None:
    dual.tangent = None if dy is None else {dy}
else:
    dual.tangent = {dx} if dy is None else {dx} + {dy}"""


def operators_source() -> str:
    """The text of operators.py."""
    unary = [op for op in TABLE.values() if op.arity == 1]
    constants = [f'{op.name.upper()} = TABLE["{op.name}"]' for op in (*SPELLED_OUT.values(), TABLE["pow"], *unary)]
    operators = [_operator(python, op) for python, op in SPELLED_OUT.items()]
    methods = [METHOD.format(name=op.name, constant=op.name.upper()) for op in unary]
    constants += [f"{_power_name(y)} = constant_power({y})" for y in EXPONENTS]
    cases = "\n".join(f"{' ' * 16}if other == {y}:\n{_node(constant_power(y), 'self', repr(y), _power_name(y), 20)}"
                      for y in EXPONENTS)
    return "".join([HEAD, "\n".join(constants), "\n", UNARY, *operators, POWER.format(cases=cases), *methods,
                    "\n    __neg__ = neg\n", quiet_source(SPELLED_OUT, EXPONENTS)])


def _operator(python: str, op: Op) -> str:
    name = op.name.upper()
    return OPERATOR.format(python=python, both=_node(op, "self", "other", name), left=_node(op, "self", "y", name),
                           right=_node(op, "x", "self", name))


def _power_name(y: float) -> str:
    return str(constant_power(y).key.upper())


def _node(op: Op, a: str, b: str, name: str, indent: int = 16) -> str:
    """The lines that make the node: each formula of the table is written out for floats x and y."""
    symbols = Symbol("x"), Symbol("y")
    out = op.formula(*symbols)
    printer = Printer(FLOATS)
    names = {"out": printer.write(out)}
    for place, operand, partial in zip(("dx", "dy"), (a, b), op.partial_formulas, strict=True):
        constant = operand not in ("self", "other")     # the float itself, not a Value that carries it
        names[place] = "None" if constant else printer.write(partial(*symbols, out))
    text = NODE.format(lines="\n".join(printer.lines), a=a, b=b, constant=name, **names)
    return indented(text, indent)


def dual_operators_source() -> str:
    """The text of dual_operators.py."""
    operators = [DUAL_OPERATOR.format(python=python, both=indented(_dual(op, "dx", "dy"), 20), left=indented(
        _dual(op, "dx", ""), 16), right=indented(_dual(op, "", "dy"), 16)) for python, op in SPELLED_OUT.items()]
    return "".join([DUAL_HEAD, *operators])


def _dual(op: Op, *tangents: str) -> str:
    """The lines that make the Dual; the tangent of a float is empty."""
    symbols = Symbol("x"), Symbol("y")
    out = op.formula(*symbols)
    printer = Printer(FLOATS)
    primal, terms = printer.write(out), {}
    for tangent, partial in zip(tangents, op.partial_formulas, strict=True):
        if tangent:     # a structural zero is None, and no slope multiplies it
            factor = printer.write(partial(*symbols, out))
            terms[tangent] = tangent if factor == "1.0" else f"{factor} * {tangent}"
    text = BOTH.format(**terms) if len(terms) > 1 else \
        "".join(f"dual.tangent = None if {tangent} is None else {term}" for tangent, term in terms.items())
    return DUAL.format(lines="\n".join(printer.lines), out=primal, tangent=text)
