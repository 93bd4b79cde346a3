"""check_engine on engines whose nodes keep their operands in a set, as micrograd's: named, and the same in each run."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.engine_mutants import SOURCE
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


def test_only_nodes_that_a_check_makes_hash_by_number():
    kind = engine(ENGINE + OVER_THE_SET)
    before, own = kind(1.0), vars(kind)["__init__"]
    with ThreadPoolExecutor(1) as other, numbered_nodes(kind):
        node = kind(1.0)
        assert hash(node) == hash(node) != object.__hash__(node)
        assert other.submit(hash, node).result() == hash(node)      # the student's backward may run in another thread
        for theirs in (before, other.submit(kind, 1.0).result()):
            assert hash(theirs) == object.__hash__(theirs)
        inside = numbered_nodes(kind)
        other.submit(inside.__enter__).result()     # two threads check one class
        theirs = other.submit(kind, 1.0).result()
        assert hash(theirs) != object.__hash__(theirs)
        other.submit(inside.__exit__, None, None, None).result()
        node = kind(1.0)
        assert hash(node) != object.__hash__(node)
    assert "__hash__" not in vars(kind)
    assert vars(kind)["__init__"] is own
    assert hash(node) == object.__hash__(node)

    class Frozen(type):
        def __setattr__(cls, name, value):
            raise TypeError(name)

    fixed = Frozen("Value", (kind,), {})
    slotted = type("Value", (), {"__slots__": (), "__init__": lambda node, x: None})
    with numbered_nodes(fixed), numbered_nodes(slotted):
        assert hash(node := fixed(1.0)) == object.__hash__(node)
        assert hash(node := slotted(1.0)) == hash(node) != object.__hash__(node)       # it takes no weak reference


IN_A_THREAD = """def backward(self):
        errors = []
        def run():
            try:
                self.sweep()
            except BaseException as error:
                errors.append(error)
        thread = threading.Thread(target=run)
        thread.start(); thread.join()
        if errors:
            raise errors[0]
    def sweep(self):
        ORDER[self], ORDER[MINUS]"""


def test_an_engine_that_looks_its_nodes_up_in_another_thread_is_right():
    """Each node is a key from its making on, one from before the check, too; backward has a thread of its own."""
    text = SOURCE.replace("self.data = data", "self.data = data; ORDER[self] = len(ORDER)") \
        .replace("def backward(self):", IN_A_THREAD)
    assert text.count("ORDER") == 4
    kind = engine(f"import threading\nORDER = {{}}\n{text}\nMINUS = Value(-1.0)\n")
    assert "right on every expression" in check_engine(kind).text()


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
