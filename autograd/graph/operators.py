"""Value's own operators and its methods of one argument, spelled out for floats.

Each operator computes the number and both local partials in place, and looks only at the class of the other
operand: 2 to 3 times as fast as the general way through `apply`, which the last line of each takes for all else.
"""

# Written by `python -m autograd.stubs` from the table in ops/table.py; do not edit.
# mypy: ignore-errors

from autograd.graph.ancestry import serials
from autograd.ops.ieee import number
from autograd.ops.operand import Operand
from autograd.ops.primitives import TABLE

Value = new = None      # value.py, which builds its class on this file, puts the class and its constructor here
ADD = TABLE["add"]
SUB = TABLE["sub"]
MUL = TABLE["mul"]
DIV = TABLE["div"]
NEG = TABLE["neg"]
POS = TABLE["pos"]
SQUARE = TABLE["square"]
SQRT = TABLE["sqrt"]
CBRT = TABLE["cbrt"]
RECIPROCAL = TABLE["reciprocal"]
SIGN = TABLE["sign"]
STEP = TABLE["step"]
ABS = TABLE["abs"]
FLOOR = TABLE["floor"]
CEIL = TABLE["ceil"]
TRUNC = TABLE["trunc"]
ROUND = TABLE["round"]
RELU = TABLE["relu"]
EXP = TABLE["exp"]
EXP2 = TABLE["exp2"]
EXPM1 = TABLE["expm1"]
LOG = TABLE["log"]
LOG2 = TABLE["log2"]
LOG10 = TABLE["log10"]
LOG1P = TABLE["log1p"]
SIGMOID = TABLE["sigmoid"]
SIGMOID_SLOPE = TABLE["sigmoid_slope"]
SIN = TABLE["sin"]
COS = TABLE["cos"]
TAN = TABLE["tan"]
ASIN = TABLE["asin"]
ACOS = TABLE["acos"]
ATAN = TABLE["atan"]
SINH = TABLE["sinh"]
COSH = TABLE["cosh"]
TANH = TABLE["tanh"]
ASINH = TABLE["asinh"]
ACOSH = TABLE["acosh"]
ATANH = TABLE["atanh"]
ERF = TABLE["erf"]
ERFC = TABLE["erfc"]
NORMAL_CDF = TABLE["normal_cdf"]
SOFTPLUS = TABLE["softplus"]
SILU = TABLE["silu"]
GELU = TABLE["gelu"]
STOP_GRADIENT = TABLE["stop_gradient"]


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


class Arithmetic(Operand):
    """The part of Value that is written from the table."""

    __slots__ = ()

    def __add__(self, other):
        kind = other.__class__
        try:
            if kind is Value:
                x = self._data
                y = other._data
                t1 = x + y
                node = new()
                node._a = self
                node._b = other
                node._da = 1.0
                node._db = 1.0
                node._data = t1
                node._origin = ADD
                node._serial = next(serials)
                return node
            if kind is float or kind is int:
                x = self._data
                y = other if kind is float else float(other)
                t1 = x + y
                node = new()
                node._a = self
                node._b = y
                node._da = 1.0
                node._db = None
                node._data = t1
                node._origin = ADD
                node._serial = next(serials)
                return node
        except (ZeroDivisionError, OverflowError):
            pass
        return Operand.__add__(self, other)

    def __radd__(self, other):
        kind = other.__class__
        try:
            if kind is float or kind is int:
                x = other if kind is float else float(other)
                y = self._data
                t1 = x + y
                node = new()
                node._a = x
                node._b = self
                node._da = None
                node._db = 1.0
                node._data = t1
                node._origin = ADD
                node._serial = next(serials)
                return node
        except (ZeroDivisionError, OverflowError):
            pass
        return Operand.__radd__(self, other)

    def __sub__(self, other):
        kind = other.__class__
        try:
            if kind is Value:
                x = self._data
                y = other._data
                t1 = x - y
                node = new()
                node._a = self
                node._b = other
                node._da = 1.0
                node._db = -1.0
                node._data = t1
                node._origin = SUB
                node._serial = next(serials)
                return node
            if kind is float or kind is int:
                x = self._data
                y = other if kind is float else float(other)
                t1 = x - y
                node = new()
                node._a = self
                node._b = y
                node._da = 1.0
                node._db = None
                node._data = t1
                node._origin = SUB
                node._serial = next(serials)
                return node
        except (ZeroDivisionError, OverflowError):
            pass
        return Operand.__sub__(self, other)

    def __rsub__(self, other):
        kind = other.__class__
        try:
            if kind is float or kind is int:
                x = other if kind is float else float(other)
                y = self._data
                t1 = x - y
                node = new()
                node._a = x
                node._b = self
                node._da = None
                node._db = -1.0
                node._data = t1
                node._origin = SUB
                node._serial = next(serials)
                return node
        except (ZeroDivisionError, OverflowError):
            pass
        return Operand.__rsub__(self, other)

    def __mul__(self, other):
        kind = other.__class__
        try:
            if kind is Value:
                x = self._data
                y = other._data
                t1 = x * y
                node = new()
                node._a = self
                node._b = other
                node._da = y
                node._db = x
                node._data = t1
                node._origin = MUL
                node._serial = next(serials)
                return node
            if kind is float or kind is int:
                x = self._data
                y = other if kind is float else float(other)
                t1 = x * y
                node = new()
                node._a = self
                node._b = y
                node._da = y
                node._db = None
                node._data = t1
                node._origin = MUL
                node._serial = next(serials)
                return node
        except (ZeroDivisionError, OverflowError):
            pass
        return Operand.__mul__(self, other)

    def __rmul__(self, other):
        kind = other.__class__
        try:
            if kind is float or kind is int:
                x = other if kind is float else float(other)
                y = self._data
                t1 = x * y
                node = new()
                node._a = x
                node._b = self
                node._da = None
                node._db = x
                node._data = t1
                node._origin = MUL
                node._serial = next(serials)
                return node
        except (ZeroDivisionError, OverflowError):
            pass
        return Operand.__rmul__(self, other)

    def __truediv__(self, other):
        kind = other.__class__
        try:
            if kind is Value:
                x = self._data
                y = other._data
                t1 = x / y
                t2 = 1.0 / y
                t4 = t1 / y
                t3 = -t4
                node = new()
                node._a = self
                node._b = other
                node._da = t2
                node._db = t3
                node._data = t1
                node._origin = DIV
                node._serial = next(serials)
                return node
            if kind is float or kind is int:
                x = self._data
                y = other if kind is float else float(other)
                t1 = x / y
                t2 = 1.0 / y
                node = new()
                node._a = self
                node._b = y
                node._da = t2
                node._db = None
                node._data = t1
                node._origin = DIV
                node._serial = next(serials)
                return node
        except (ZeroDivisionError, OverflowError):
            pass
        return Operand.__truediv__(self, other)

    def __rtruediv__(self, other):
        kind = other.__class__
        try:
            if kind is float or kind is int:
                x = other if kind is float else float(other)
                y = self._data
                t1 = x / y
                t3 = t1 / y
                t2 = -t3
                node = new()
                node._a = x
                node._b = self
                node._da = None
                node._db = t2
                node._data = t1
                node._origin = DIV
                node._serial = next(serials)
                return node
        except (ZeroDivisionError, OverflowError):
            pass
        return Operand.__rtruediv__(self, other)

    def neg(self):
        return unary(NEG, self)

    def pos(self):
        return unary(POS, self)

    def square(self):
        return unary(SQUARE, self)

    def sqrt(self):
        return unary(SQRT, self)

    def cbrt(self):
        return unary(CBRT, self)

    def reciprocal(self):
        return unary(RECIPROCAL, self)

    def sign(self):
        return unary(SIGN, self)

    def step(self):
        return unary(STEP, self)

    def abs(self):
        return unary(ABS, self)

    def floor(self):
        return unary(FLOOR, self)

    def ceil(self):
        return unary(CEIL, self)

    def trunc(self):
        return unary(TRUNC, self)

    def round(self):
        return unary(ROUND, self)

    def relu(self):
        return unary(RELU, self)

    def exp(self):
        return unary(EXP, self)

    def exp2(self):
        return unary(EXP2, self)

    def expm1(self):
        return unary(EXPM1, self)

    def log(self):
        return unary(LOG, self)

    def log2(self):
        return unary(LOG2, self)

    def log10(self):
        return unary(LOG10, self)

    def log1p(self):
        return unary(LOG1P, self)

    def sigmoid(self):
        return unary(SIGMOID, self)

    def sigmoid_slope(self):
        return unary(SIGMOID_SLOPE, self)

    def sin(self):
        return unary(SIN, self)

    def cos(self):
        return unary(COS, self)

    def tan(self):
        return unary(TAN, self)

    def asin(self):
        return unary(ASIN, self)

    def acos(self):
        return unary(ACOS, self)

    def atan(self):
        return unary(ATAN, self)

    def sinh(self):
        return unary(SINH, self)

    def cosh(self):
        return unary(COSH, self)

    def tanh(self):
        return unary(TANH, self)

    def asinh(self):
        return unary(ASINH, self)

    def acosh(self):
        return unary(ACOSH, self)

    def atanh(self):
        return unary(ATANH, self)

    def erf(self):
        return unary(ERF, self)

    def erfc(self):
        return unary(ERFC, self)

    def normal_cdf(self):
        return unary(NORMAL_CDF, self)

    def softplus(self):
        return unary(SOFTPLUS, self)

    def silu(self):
        return unary(SILU, self)

    def gelu(self):
        return unary(GELU, self)

    def stop_gradient(self):
        return unary(STOP_GRADIENT, self)

    __neg__ = neg
