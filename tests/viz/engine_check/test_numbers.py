"""check_engine on engines that hold other numbers than Python's float: NumPy's, float32, integers."""

import pytest

from tests.support.engine_mutants import MUTANTS, SOURCE, source
from viz import check_engine
from viz.engine_check import check_file
from viz.words.engine_check import WORDS

NUMPY = {
    "np.exp": [("math.exp(self.data)", "np.exp(self.data)")],
    "np.tanh": [("math.tanh(self.data)", "np.tanh(self.data)")],
    "np.maximum": [("self.data if self.data > 0 else 0.0", "np.maximum(self.data, 0)")],
    "float64 data": [("self.data = data", "self.data = np.float64(data)")],
    "float32 data": [("self.data = data", "self.data = np.float32(data)")],
    "0-d arrays": [("self.data = data", "self.data = np.array(data, dtype=float)")],
    "0-d arrays of float32": [("self.data = data", "self.data = np.array(data, np.float32)")],
    "0-d gradients": [("self.grad = 0.0\n        self.op", "self.grad = np.zeros(())\n        self.op")],
    "float32 gradients": [("self.grad = 0.0\n        self.op", "self.grad = np.float32(0)\n        self.op")],
}
SINGLE = ["float32 data", "0-d arrays of float32", "float32 gradients"]


def changed(pairs, text=SOURCE):
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return text


def engine(text):
    names = {"__name__": "student"}
    exec(compile(text, "student.py", "exec"), names)
    return names["Value"]


@pytest.mark.parametrize("name", NUMPY)
def test_a_right_engine_may_hold_numbers_of_numpy(name):
    pytest.importorskip("numpy")
    report = check_engine(engine("import numpy as np\n" + changed(NUMPY[name])))
    assert report, report
    assert report.score == 1
    assert report.second_backward is None
    assert ("single" in report.notes) == (name in SINGLE)
    for lang in WORDS:
        assert ("float32" in report.text(lang)) == (name in SINGLE)


def test_a_file_may_import_numpy(tmp_path):
    pytest.importorskip("numpy")
    path = tmp_path / "engine.py"
    path.write_text("import numpy as np\n" + changed(NUMPY["float32 data"]))
    report = check_file(path)
    assert report, report
    assert "about 7 digits" in report.text()


@pytest.mark.parametrize("name", [*MUTANTS][::6])
def test_a_mutant_is_found_in_float32(name):
    pytest.importorskip("numpy")
    text = source(name).replace("self.data = data", "self.data = np.float32(data)")
    report = check_engine(engine("import numpy as np\n" + text))
    assert not report
    assert report.counterexample.mistake != "unknown" or name == "only the direct operands"


def test_a_gradient_may_be_a_value():
    kind = engine(SOURCE)
    backward = kind.backward

    def wrap_those_of_leaves(self):
        backward(self)
        for operand in self.operands:
            if isinstance(operand.grad, float) and not operand.operands:
                operand.grad = kind(operand.grad)

    kind.backward = wrap_those_of_leaves
    assert check_engine(kind).points["__add__"] == "right"


DATA = {
    "held": ([("self.data = data", "self.data = int(data)")], "Value(0.5).data is 0"),
    "operand": ([("        out = Value(self.data + other.data, (self, other))",
                  "        self.data += other.data\n        out = Value(self.data, (self, other))")],
                "An operation changes the data of its operand a from 3 to 6"),
    "updated_weights": ([("        for node in reversed(order):",
                          "        for node in order:\n            node.data += 1\n"
                          "        for node in reversed(order):")],
                        "backward changes the data of a leaf: a = 4"),
}


@pytest.mark.parametrize("name", DATA)
def test_who_changes_the_data_of_a_leaf_is_told(name):
    pairs, sentence = DATA[name]
    report = check_engine(engine(changed(pairs)))
    assert report.counterexample.mistake == name
    assert sentence in report.text()
    others = [DATA[other][1].split(":")[0][:16] for other in DATA if other != name]
    assert not any(other in report.text() for other in others)
    assert "{" not in report.text("zh")
    assert report.counterexample.picture() is not None


def test_numbers_that_differ_late_are_shown_in_full():
    text = changed([("self.data ** exponent, (self,)", "self.data ** exponent + 1e-6, (self,)")])
    report = check_engine(engine(text))
    assert "9.000001 instead of 9.0" in report.text()
    assert "value = 9.000001   must be 9.0" in report.text()
    assert "single" not in report.notes


def test_an_array_of_several_dimensions_is_refused_in_words():
    numpy = pytest.importorskip("numpy")
    kind = engine("import numpy as np\n" + changed([("self.data = data", "self.data = np.array([[data, 1]])")]))
    assert numpy.ndim(kind(1.0).data) == 2
    report = check_engine(kind)
    assert report.status == 2
    assert "memory at" not in report.text()
