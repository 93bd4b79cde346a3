"""check_engine on engines whose nodes keep their operands in a set, as micrograd's: named, and the same in each run."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from viz import check_engine
from viz.engine_check import check_file
from viz.engine_check.worker import numbered_nodes

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
def test_a_file_and_its_class_have_one_report_wherever_nodes_lie_in_memory(sweep, mistake, tmp_path):
    path, kept, reports = tmp_path / "engine.py", [], set()
    for i in (0, 3):
        filled = f"{ENGINE}{sweep}\nkept = [bytes(k % 90) for k in range({i * 13})]\n"
        path.write_text(filled)
        kept.append(engine(filled))
        for report in (check_file(path), check_engine(kept[-1])):
            assert report.counterexample.mistake == mistake
            reports.add(report.text().replace("engine.py:", "Value:"))
    assert len(reports) == 1


def test_a_class_hashes_as_before_after_its_check_and_in_other_threads_meanwhile():
    kind = engine(ENGINE + OVER_THE_SET)
    node = kind(1.0)
    with ThreadPoolExecutor(1) as other, numbered_nodes(kind):
        assert hash(node) == hash(node) != object.__hash__(node)
        assert other.submit(hash, node).result() == object.__hash__(node)
        inside = numbered_nodes(kind)
        other.submit(inside.__enter__).result()     # two threads check one class
        assert other.submit(hash, node).result() != object.__hash__(node)
        other.submit(inside.__exit__, None, None, None).result()
        assert hash(node) != object.__hash__(node)
    assert "__hash__" not in vars(kind)
    assert hash(node) == object.__hash__(node)

    class Frozen(type):
        def __setattr__(cls, name, value):
            raise TypeError(name)

    fixed = Frozen("Value", (kind,), {})
    slotted = type("Value", (), {"__slots__": (), "__init__": lambda node, x: None})
    with numbered_nodes(fixed), numbered_nodes(slotted):
        assert hash(node := fixed(1.0)) == object.__hash__(node)
        assert hash(node := slotted(1.0)) == hash(node) != object.__hash__(node)       # it takes no weak reference


def test_orders_in_sets_are_the_same_in_each_run_and_no_single_one():
    code = ("from viz.engine_check.worker import numbered_nodes\nclass Node:\n    def __init__(self, x): self.x = x\n"
            "with numbered_nodes(Node):\n    print([[node.x for node in {Node(0), Node(1)}] for _ in range(20)])")
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

    for kind in (Named, Unhashable):
        before = kind.__hash__
        with numbered_nodes(kind):
            assert kind.__hash__ is before
