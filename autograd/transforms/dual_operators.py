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
                if other._rank is self._rank:
                    x = self.primal
                    y = other.primal
                    dy = other.tangent
                    t1 = x + y
                    dual = new()
                    dual.primal = t1
                    if dx is None:
                        dual.tangent = None if dy is None else dy
                    else:
                        dual.tangent = dx if dy is None else dx + dy
                    dual._rank = self._rank
                    return dual
            elif kind is float or kind is int:
                x = self.primal
                y = other if kind is float else float(other)
                t1 = x + y
                dual = new()
                dual.primal = t1
                dual.tangent = None if dx is None else dx
                dual._rank = self._rank
                return dual
        except (ZeroDivisionError, OverflowError):
            pass
        return Operand.__add__(self, other)

    def __radd__(self, other):
        kind = other.__class__
        dy = self.tangent
        try:
            if kind is float or kind is int:
                x = other if kind is float else float(other)
                y = self.primal
                t1 = x + y
                dual = new()
                dual.primal = t1
                dual.tangent = None if dy is None else dy
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
                if other._rank is self._rank:
                    x = self.primal
                    y = other.primal
                    dy = other.tangent
                    t1 = x - y
                    dual = new()
                    dual.primal = t1
                    if dx is None:
                        dual.tangent = None if dy is None else -1.0 * dy
                    else:
                        dual.tangent = dx if dy is None else dx + -1.0 * dy
                    dual._rank = self._rank
                    return dual
            elif kind is float or kind is int:
                x = self.primal
                y = other if kind is float else float(other)
                t1 = x - y
                dual = new()
                dual.primal = t1
                dual.tangent = None if dx is None else dx
                dual._rank = self._rank
                return dual
        except (ZeroDivisionError, OverflowError):
            pass
        return Operand.__sub__(self, other)

    def __rsub__(self, other):
        kind = other.__class__
        dy = self.tangent
        try:
            if kind is float or kind is int:
                x = other if kind is float else float(other)
                y = self.primal
                t1 = x - y
                dual = new()
                dual.primal = t1
                dual.tangent = None if dy is None else -1.0 * dy
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
                if other._rank is self._rank:
                    x = self.primal
                    y = other.primal
                    dy = other.tangent
                    t1 = x * y
                    dual = new()
                    dual.primal = t1
                    if dx is None:
                        dual.tangent = None if dy is None else x * dy
                    else:
                        dual.tangent = y * dx if dy is None else y * dx + x * dy
                    dual._rank = self._rank
                    return dual
            elif kind is float or kind is int:
                x = self.primal
                y = other if kind is float else float(other)
                t1 = x * y
                dual = new()
                dual.primal = t1
                dual.tangent = None if dx is None else y * dx
                dual._rank = self._rank
                return dual
        except (ZeroDivisionError, OverflowError):
            pass
        return Operand.__mul__(self, other)

    def __rmul__(self, other):
        kind = other.__class__
        dy = self.tangent
        try:
            if kind is float or kind is int:
                x = other if kind is float else float(other)
                y = self.primal
                t1 = x * y
                dual = new()
                dual.primal = t1
                dual.tangent = None if dy is None else x * dy
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
                if other._rank is self._rank:
                    x = self.primal
                    y = other.primal
                    dy = other.tangent
                    t1 = x / y
                    t2 = 1.0 / y
                    t3 = t1 / y
                    t4 = -t3
                    dual = new()
                    dual.primal = t1
                    if dx is None:
                        dual.tangent = None if dy is None else t4 * dy
                    else:
                        dual.tangent = t2 * dx if dy is None else t2 * dx + t4 * dy
                    dual._rank = self._rank
                    return dual
            elif kind is float or kind is int:
                x = self.primal
                y = other if kind is float else float(other)
                t1 = x / y
                t2 = 1.0 / y
                dual = new()
                dual.primal = t1
                dual.tangent = None if dx is None else t2 * dx
                dual._rank = self._rank
                return dual
        except (ZeroDivisionError, OverflowError):
            pass
        return Operand.__truediv__(self, other)

    def __rtruediv__(self, other):
        kind = other.__class__
        dy = self.tangent
        try:
            if kind is float or kind is int:
                x = other if kind is float else float(other)
                y = self.primal
                t1 = x / y
                t2 = t1 / y
                t3 = -t2
                dual = new()
                dual.primal = t1
                dual.tangent = None if dy is None else t3 * dy
                dual._rank = self._rank
                return dual
        except (ZeroDivisionError, OverflowError):
            pass
        return Operand.__rtruediv__(self, other)
