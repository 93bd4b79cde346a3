"""Value's operators: a generated file in the repository, and one ordered list of the layers that replace them."""

import inspect
import itertools
import subprocess
import sys
import traceback
from pathlib import Path

import pytest

import autograd
from autograd import Value, anomaly, no_grad
from autograd.compiler.recorder import Recorder
from autograd.graph import operators
from autograd.graph.operator_writer import dual_operators_source, operators_source
from autograd.transforms import dual_operators

ROOT = Path(autograd.__file__).parent.parent

# Imports modules in the order given, without `import autograd`; says which methods there are, in each state of blocks.
SCRIPT = """
import sys, types
from importlib import import_module
package = types.ModuleType("autograd")
package.__path__ = [sys.argv[1] + "/autograd"]
sys.modules["autograd"] = package
for name in sys.argv[2:]:
    import_module("autograd." + name)
import_module("autograd.diagnostics.anomalies"), import_module("autograd.compiler.jitted")
from autograd.graph.instrumentation import LAYERS, TRACED, WATCHED, no_grad
from autograd.compiler.recorder import Recorder

def shown(x):
    if isinstance(x, property):
        return "property(" + shown(x.fget) + ", " + shown(x.fset) + ")"
    if not hasattr(x, "__code__"):
        return type(x).__name__
    called = [const for const in x.__code__.co_consts if callable(const)]       # by code in the method's place
    if called:
        return shown(called[0])
    inner = [shown(cell.cell_contents) for cell in x.__closure__ or () if callable(cell.cell_contents)]
    return x.__code__.co_qualname + str(inner)

def say():
    for owner, name in sorted({key for layer in LAYERS for key in layer.methods}, key=str):
        print(owner, name, shown(getattr(owner, name)))

say()
with no_grad():
    say()
    with Recorder():
        say()
    say()
with Recorder():
    say()
    with no_grad():
        say()
say()
"""


def test_the_file_is_what_the_table_says():
    assert Path(operators.__file__).read_text() == operators_source(), "run python -m autograd.stubs"
    assert Path(dual_operators.__file__).read_text() == dual_operators_source(), "run python -m autograd.stubs"


def test_the_source_of_an_operator_can_be_read():
    assert "t1 = x * y" in inspect.getsource(Value.__mul__)
    assert "out = TANH.value(data)" in inspect.getsource(Value.tanh)
    assert inspect.getsource(Value).startswith("class Value(")


def test_a_traceback_shows_its_line():
    with pytest.raises(OverflowError) as caught:
        Value(1.0) * 10**400
    assert "return Operand.__mul__(self, other)" in "".join(traceback.format_exception(caught.value))


def test_importing_no_grad_installs_nothing():
    assert vars(operators.Arithmetic)["__mul__"] is Value.__mul__
    assert "__mul__" not in vars(Value)
    with no_grad():
        assert Value.__mul__.__code__.co_qualname == "Quiet.__mul__"
    assert vars(operators.Arithmetic)["__mul__"] is Value.__mul__


def test_modules_in_any_order_give_the_same_methods():
    modules = ["diagnostics.anomalies", "compiler.traced_gradients", "graph.instrumentation"]
    said = {subprocess.run([sys.executable, "-c", SCRIPT, str(ROOT), *order], capture_output=True, text=True,
                           check=True).stdout for order in itertools.permutations(modules)}
    assert len(said) == 1
    assert "_looking_apply" in said.pop()


def test_tracing_leaves_an_anomaly_block_as_it_was():
    def names():
        return Value.backward.__code__.co_qualname, Value._apply.__code__.co_qualname

    with anomaly():
        watched = names()
        autograd.trace(lambda x: x, 1.0)
        assert names() == watched
    assert names() == ("Value.backward", "Value._apply")


def test_blocks_change_the_code_of_methods_and_not_the_class():
    """A class that was changed a thousand times is slow for ever, from Python 3.13 on."""
    before = dict(vars(Value)), dict(vars(operators.Arithmetic))
    for block in (no_grad(), anomaly()):
        with block:
            assert (dict(vars(Value)), dict(vars(operators.Arithmetic))) == before
    with Recorder():
        assert {name for name, method in vars(Value).items() if method is not before[0][name]} == {"__hash__"}
    assert dict(vars(Value)) == before[0]
