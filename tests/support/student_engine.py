"""A correct engine with micrograd's interface, as a student might hand it in; engine_mutants.py breaks it."""

import math


class Value:
    """A number that knows its operands, and how to pass its gradient on to them."""

    def __init__(self, data, operands=()):
        self.data = data
        self.grad = 0.0
        self.operands = operands
        self.pass_on = None

    @staticmethod
    def wrap(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = Value.wrap(other)
        out = Value(self.data + other.data, (self, other))

        def pass_on():
            self.grad += out.grad
            other.grad += out.grad

        out.pass_on = pass_on
        return out

    def __mul__(self, other):
        other = Value.wrap(other)
        out = Value(self.data * other.data, (self, other))

        def pass_on():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out.pass_on = pass_on
        return out

    def __pow__(self, exponent):
        if not isinstance(exponent, (int, float)):
            raise TypeError("only powers that are plain numbers")
        out = Value(self.data ** exponent, (self,))

        def pass_on():
            self.grad += exponent * self.data ** (exponent - 1) * out.grad

        out.pass_on = pass_on
        return out

    def relu(self):
        out = Value(self.data if self.data > 0 else 0.0, (self,))

        def pass_on():
            self.grad += (self.data > 0) * out.grad

        out.pass_on = pass_on
        return out

    def exp(self):
        out = Value(math.exp(self.data), (self,))

        def pass_on():
            self.grad += out.data * out.grad

        out.pass_on = pass_on
        return out

    def tanh(self):
        out = Value(math.tanh(self.data), (self,))

        def pass_on():
            self.grad += (1 - out.data ** 2) * out.grad

        out.pass_on = pass_on
        return out

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + -Value.wrap(other)

    def __truediv__(self, other):
        return self * Value.wrap(other) ** -1

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return Value.wrap(other) - self

    def __rtruediv__(self, other):
        return Value.wrap(other) / self

    def backward(self):
        order, met = [], set()

        def visit(node):
            if node not in met:
                met.add(node)
                for operand in node.operands:
                    visit(operand)
                order.append(node)

        visit(self)
        for node in order:
            if node.pass_on:
                node.grad = 0.0
        self.grad = 1.0
        for node in reversed(order):
            if node.pass_on:
                node.pass_on()

    def __repr__(self):
        return f"Value(data={self.data}, grad={self.grad})"
