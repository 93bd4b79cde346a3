"""A Dual's operators, spelled out for floats; the last line of each is the general way, for all else."""

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

    def __add__(self, other):
        kind = other.__class__
        dx = self.tangent
        try:
            if kind is FloatDual:
                dy = other.tangent
                if dx is not None and dy is not None and other._rank is self._rank:
                    x = self.primal
                    y = other.primal
                    t1 = x + y
                    dual = new()
                    dual.primal = t1
                    dual.tangent = dx + dy
                    dual._rank = self._rank
                    return dual
            elif dx is not None and (kind is float or kind is int):
                x = self.primal
                y = other if kind is float else float(other)
                t1 = x + y
                dual = new()
                dual.primal = t1
                dual.tangent = dx
                dual._rank = self._rank
                return dual
        except (ZeroDivisionError, OverflowError):
            pass
        return Operand.__add__(self, other)

    def __radd__(self, other):
        kind = other.__class__
        dy = self.tangent
        try:
            if dy is not None and (kind is float or kind is int):
                x = other if kind is float else float(other)
                y = self.primal
                t1 = x + y
                dual = new()
                dual.primal = t1
                dual.tangent = dy
                dual._rank = self._rank
                return dual
        except (ZeroDivisionError, OverflowError):
            pass
        return Operand.__radd__(self, other)

    def __sub__(self, other):
        kind = other.__class__
        dx = self.tangent
        try:
            if kind is FloatDual:
                dy = other.tangent
                if dx is not None and dy is not None and other._rank is self._rank:
                    x = self.primal
                    y = other.primal
                    t1 = x - y
                    dual = new()
                    dual.primal = t1
                    dual.tangent = dx + -1.0 * dy
                    dual._rank = self._rank
                    return dual
            elif dx is not None and (kind is float or kind is int):
                x = self.primal
                y = other if kind is float else float(other)
                t1 = x - y
                dual = new()
                dual.primal = t1
                dual.tangent = dx
                dual._rank = self._rank
                return dual
        except (ZeroDivisionError, OverflowError):
            pass
        return Operand.__sub__(self, other)

    def __rsub__(self, other):
        kind = other.__class__
        dy = self.tangent
        try:
            if dy is not None and (kind is float or kind is int):
                x = other if kind is float else float(other)
                y = self.primal
                t1 = x - y
                dual = new()
                dual.primal = t1
                dual.tangent = -1.0 * dy
                dual._rank = self._rank
                return dual
        except (ZeroDivisionError, OverflowError):
            pass
        return Operand.__rsub__(self, other)

    def __mul__(self, other):
        kind = other.__class__
        dx = self.tangent
        try:
            if kind is FloatDual:
                dy = other.tangent
                if dx is not None and dy is not None and other._rank is self._rank:
                    x = self.primal
                    y = other.primal
                    t1 = x * y
                    dual = new()
                    dual.primal = t1
                    dual.tangent = y * dx + x * dy
                    dual._rank = self._rank
                    return dual
            elif dx is not None and (kind is float or kind is int):
                x = self.primal
                y = other if kind is float else float(other)
                t1 = x * y
                dual = new()
                dual.primal = t1
                dual.tangent = y * dx
                dual._rank = self._rank
                return dual
        except (ZeroDivisionError, OverflowError):
            pass
        return Operand.__mul__(self, other)

    def __rmul__(self, other):
        kind = other.__class__
        dy = self.tangent
        try:
            if dy is not None and (kind is float or kind is int):
                x = other if kind is float else float(other)
                y = self.primal
                t1 = x * y
                dual = new()
                dual.primal = t1
                dual.tangent = x * dy
                dual._rank = self._rank
                return dual
        except (ZeroDivisionError, OverflowError):
            pass
        return Operand.__rmul__(self, other)

    def __truediv__(self, other):
        kind = other.__class__
        dx = self.tangent
        try:
            if kind is FloatDual:
                dy = other.tangent
                if dx is not None and dy is not None and other._rank is self._rank:
                    x = self.primal
                    y = other.primal
                    t1 = x / y
                    t2 = 1.0 / y
                    t4 = t1 / y
                    t3 = -t4
                    dual = new()
                    dual.primal = t1
                    dual.tangent = t2 * dx + t3 * dy
                    dual._rank = self._rank
                    return dual
            elif dx is not None and (kind is float or kind is int):
                x = self.primal
                y = other if kind is float else float(other)
                t1 = x / y
                t2 = 1.0 / y
                dual = new()
                dual.primal = t1
                dual.tangent = t2 * dx
                dual._rank = self._rank
                return dual
        except (ZeroDivisionError, OverflowError):
            pass
        return Operand.__truediv__(self, other)

    def __rtruediv__(self, other):
        kind = other.__class__
        dy = self.tangent
        try:
            if dy is not None and (kind is float or kind is int):
                x = other if kind is float else float(other)
                y = self.primal
                t1 = x / y
                t3 = t1 / y
                t2 = -t3
                dual = new()
                dual.primal = t1
                dual.tangent = t2 * dy
                dual._rank = self._rank
                return dual
        except (ZeroDivisionError, OverflowError):
            pass
        return Operand.__rtruediv__(self, other)
