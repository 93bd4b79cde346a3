"""check_engine on engines whose nodes keep their operands in a set, as micrograd's: named, and the same in each run."""

import subprocess
import sys

import pytest

from viz import check_engine
from viz.engine_check import check_file
from viz.engine_check.worker import number_nodes

ENGINE = """\
class Value:
    def __init__(self, data, operands=()):
        self.data, self.grad, self.operands, self._backward = data, 0.0, set(operands), lambda: None
    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other))
        def _backward():
            self.grad += out.grad; INSIDE(self)
            other.grad += out.grad; INSIDE(other)
        out._backward = _backward
        return out
    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other))
        def _backward():
            self.grad += other.data * out.grad; INSIDE(self)
            other.grad += self.data * out.grad; INSIDE(other)
        out._backward = _backward
        return out
    def __pow__(self, exponent):
        out = Value(self.data ** exponent, (self,))
        def _backward():
            self.grad += exponent * self.data ** (exponent - 1) * out.grad; INSIDE(self)
        out._backward = _backward
        return out
    def __neg__(self): return self * -1
    def __sub__(self, other): return self + -other
    def __truediv__(self, other): return self * other ** -1
    def backward(self):
        self.grad = 1.0
        SWEEP(self)
def INSIDE(node):
    pass
"""
OVER_THE_SET = """
def SWEEP(node):
    node._backward()
    for operand in node.operands:
        SWEEP(operand)
"""
LISTED_FIRST = """
def visits(node):
    return [visit for operand in node.operands for visit in visits(operand)] + [node]
def SWEEP(node):
    for visit in reversed(visits(node)):
        visit._backward()
"""
IN_THE_CLOSURES = """
def INSIDE(node):
    node._backward()
SWEEP = INSIDE
"""
BREADTH_FIRST = """
def SWEEP(node):
    waiting, met = [node], set()
    while waiting:
        node = waiting.pop(0)
        if node not in met:
            met.add(node)
            node._backward()
            waiting.extend(node.operands)
"""
SWEEPS = [(OVER_THE_SET, "revisit"), (LISTED_FIRST, "revisit"), (IN_THE_CLOSURES, "revisit"), (BREADTH_FIRST, "early")]
IDS = ["over the set", "listed first", "in the closures", "breadth first"]


def engine(text):
    names = {"__name__": "student"}
    exec(text, names)
    return names["Value"]


@pytest.mark.parametrize(("sweep", "mistake"), SWEEPS, ids=IDS)
def test_a_sweep_over_sets_of_operands_is_named(sweep, mistake):
    for text in (ENGINE + sweep, (ENGINE + sweep).replace("set(operands)", "tuple(operands)")):
        found = check_engine(engine(text)).counterexample
        assert found.mistake == mistake
        assert found.picture()


@pytest.mark.parametrize(("sweep", "mistake"), SWEEPS, ids=IDS)
def test_a_file_has_the_same_report_wherever_its_nodes_lie_in_memory(sweep, mistake, tmp_path):
    path, reports = tmp_path / "engine.py", set()
    for i in (0, 3):
        path.write_text(f"{ENGINE}{sweep}\nkept = [bytes(k % 90) for k in range({i * 13})]\n")
        report = check_file(path)
        reports.add(report.text())
        assert report.counterexample.mistake == mistake
    assert len(reports) == 1


def test_orders_in_sets_are_the_same_in_each_run_and_no_single_one():
    code = ("from viz.engine_check.worker import number_nodes\nclass Node:\n    def __init__(self, x): self.x = x\n"
            "number_nodes(Node)\nprint([[node.x for node in {Node(0), Node(1)}] for _ in range(20)])")
    first, second = (subprocess.run([sys.executable, "-c", f"kept = [object() for _ in range({n})]\n{code}"],
                                    capture_output=True, text=True, check=True).stdout for n in (0, 333))
    assert first == second
    assert "[0, 1]" in first
    assert "[1, 0]" in first


def test_hashes_that_a_student_wrote_stay():
    class Named:
        def __init__(self, data):
            self.data = data

        def __eq__(self, other):
            return self.data == other.data

        def __hash__(self):
            return hash(self.data)

    class Unhashable:
        __hash__ = None

    class Slots:
        __slots__ = ("data",)

        def __init__(self, data):
            self.data = data

    for kind in (Named, Unhashable, Slots):
        before = kind.__hash__
        number_nodes(kind)
        assert kind.__hash__ is before
