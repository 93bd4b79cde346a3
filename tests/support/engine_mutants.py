"""Mistakes in student_engine.py, each a replacement in its source, by name."""

from pathlib import Path

SOURCE = Path(__file__).with_name("student_engine.py").read_text()
_BACKWARD = SOURCE[SOURCE.index("        order, met = [], set()"):SOURCE.index("    def __repr__")]
_ADD = "            self.grad += out.grad\n            other.grad += out.grad"
_MUL = "            self.grad += other.data * out.grad\n            other.grad += self.data * out.grad"

# By name: pairs of a text in the source and what replaces it, everywhere.
MUTANTS = {
    # contributions are not added
    "every += is =": [("grad +=", "grad =")],
    "+= is = in add": [(_ADD, _ADD.replace("+=", "="))],
    "+= is = in mul": [(_MUL, _MUL.replace("+=", "="))],
    "+= is = for the second operand of add": [("   other.grad += out.grad", "   other.grad = out.grad")],
    "+= is = in pow": [("self.grad += exponent", "self.grad = exponent")],
    "+= is = in relu": [("self.grad += (self.data > 0)", "self.grad = (self.data > 0)")],
    # the order
    "depth first, each node once": [(_BACKWARD, """\
        met = set()

        def visit(node):
            if node not in met:
                met.add(node)
                if node.pass_on:
                    node.pass_on()
                for operand in node.operands:
                    visit(operand)

        self.grad = 1.0
        visit(self)

""")],
    "depth first, each node per arrow": [(_BACKWARD, """\
        def visit(node):
            if node.pass_on:
                node.pass_on()
            for operand in node.operands:
                visit(operand)

        self.grad = 1.0
        visit(self)

""")],
    "breadth first": [(_BACKWARD, """\
        self.grad, waiting, met = 1.0, [self], {self}
        for node in waiting:
            if node.pass_on:
                node.pass_on()
            for operand in node.operands:
                if operand not in met:
                    met.add(operand)
                    waiting.append(operand)

""")],
    "the order is not reversed": [("in reversed(order)", "in order")],
    "nodes are met twice": [("if node not in met", "if True")],
    "only the direct operands": [("                    visit(operand)", "                    order.append(operand)")],
    # the seed
    "the root starts with 0": [("        self.grad = 1.0\n", "")],
    "the root starts with its data": [("self.grad = 1.0", "self.grad = self.data")],
    "the root adds 1 to what nodes hold at first": [("        self.grad = 0.0\n        self.operands",
                                                     "        self.grad = 1.0\n        self.operands")],
    # local partials
    "mul passes its own factor": [("+= other.data *", "+= self.data *")],
    "mul forgets its second operand": [("            other.grad += self.data * out.grad\n", "")],
    "add forgets its second operand": [("            other.grad += out.grad\n", "")],
    "mul forgets upstream": [("+= other.data * out.grad", "+= other.data")],
    "pow forgets the exponent": [("exponent * self.data ** (exponent - 1)", "self.data ** (exponent - 1)")],
    "pow does not lower the exponent": [("(exponent - 1)", "exponent")],
    "relu passes everything": [("(self.data > 0) * out.grad", "out.grad")],
    "relu passes its data": [("(self.data > 0) * out.grad", "out.data * out.grad")],
    "exp passes its argument": [("out.data * out.grad", "self.data * out.grad")],
    "tanh forgets to square": [("1 - out.data ** 2", "1 - out.data")],
    "tanh squares its argument": [("1 - out.data ** 2", "1 - self.data ** 2")],
    # operators made of others
    "sub adds": [("self + -Value.wrap(other)", "self + Value.wrap(other)")],
    "rsub is sub": [("Value.wrap(other) - self", "self - other")],
    "rtruediv is truediv": [("Value.wrap(other) / self", "self / other")],
    "neg loses the graph": [("return self * -1", "return Value(-self.data)")],
    "a second graph for numbers": [("x if isinstance(x, Value) else Value(x)",
                                    "Value(x.data if isinstance(x, Value) else x)")],
}

# Right but for a second backward: the operations keep the gradients of the first, as micrograd's do.
SECOND_BACKWARD = {"operations keep their gradients": [("                node.grad = 0.0\n", "                pass\n")]}


def source(name):
    """The source of the engine with that mistake; without a mistake for an empty name."""
    text = SOURCE
    for old, new in (MUTANTS | SECOND_BACKWARD)[name] if name else ():
        assert old in text, name
        text = text.replace(old, new)
    return text


def mutant(name):
    """The class Value with that mistake."""
    names = {"__name__": "student"}
    exec(compile(source(name), "student.py", "exec"), names)
    return names["Value"]
