"""check_engine: finds each mutant of a correct engine with a small counterexample, and nothing in correct ones."""

import json
import re
import sys
from functools import cache

import pytest

import autograd
from tests.support.engine_mutants import MUTANTS, SECOND_BACKWARD, mutant, source
from viz import check_engine
from viz.engine_check.cases import large_cases, small_cases
from viz.engine_check.expressions import Expression, small_expressions
from viz.engine_check.worker import evaluate
from viz.mistakes import ENGINES
from viz.words.engine_check import WORDS

# The mistake that a mutant has, where the gallery has it; others are said in a sentence of their own.
NAMED = {
    "assign": [name for name in MUTANTS if "+= is =" in name or name == "every += is ="],
    "early": ["depth first, each node once", "breadth first"],
    "revisit": ["depth first, each node per arrow", "nodes are met twice"],
    "seed": ["the root starts with 0", "the root starts with its data"],
    "shallow": ["the root alone", "the order is not reversed"],
    "start": ["the root adds 1 to what nodes hold at first"],
    "upstream": ["mul forgets upstream"],
    "value": ["sub adds", "rsub is sub", "rtruediv is truediv"],
    "unknown": ["only the direct operands"],
}
MISTAKES = {name: mistake for mistake, names in NAMED.items() for name in names}


def checked_by_hand(kind, found):
    """Whether the counterexample is one: run as Python on the student's class and on this project's."""
    results = []
    for engine in (kind, autograd.Value):
        leaves = {name: engine(x) for name, x in found.as_json()["numbers"].items()}
        names = dict(leaves)
        *lines, last = found.expression.split("; ")
        for line in lines:
            exec(line, {}, names)
        out = eval(last, {}, names)
        out.backward()
        results.append([out.data, *(leaf.grad for leaf in leaves.values())])
    return results[0] != pytest.approx(results[1], rel=1e-9)


@cache
def report_on(name):
    return check_engine(mutant(name))


def test_there_are_thirty_mutants():
    assert len(MUTANTS) >= 30
    assert len({source(name) for name in MUTANTS}) == len(MUTANTS)


@pytest.mark.parametrize("name", MUTANTS)
def test_a_mutant_is_found_with_at_most_four_nodes(name):
    kind, report = mutant(name), report_on(name)
    found = report.counterexample
    assert not report
    assert report.status == 1
    assert found.nodes <= 4
    assert checked_by_hand(kind, found)
    assert found.mistake == MISTAKES.get(name, "partial")
    assert report.score < 1
    assert json.loads(report.as_json())["counterexample"]["mistake"] == found.mistake
    for lang in WORDS:
        assert "{" not in report.text(lang)
        assert found.expression in report.text(lang)


@pytest.mark.parametrize("name", ["depth first, each node once", "+= is = in relu", "rsub is sub",
                                  "mul forgets upstream"])
def test_the_counterexample_is_the_smallest(name):
    kind, found = mutant(name), report_on(name).counterexample
    for case in small_cases():
        if case.expression.nodes < found.nodes:
            assert case.right(evaluate(kind, case.task())), case


@pytest.mark.parametrize("kind", [autograd.Value, mutant("")], ids=["pathgrad", "a correct rewrite"])
def test_nothing_is_found_in_correct_engines(kind):
    report = check_engine(kind)
    assert report
    assert report.status == 0
    assert report.counterexample is report.second_backward is None
    assert report.score == 1
    assert report.missing == ()
    assert set(report.notes) == (set() if kind is autograd.Value else {"deep"})


def test_an_engine_like_micrograd_is_wrong_in_its_second_backward_alone():
    report = report_on(*SECOND_BACKWARD)
    assert report
    assert report.score == 1
    assert report.second_backward.mistake == "second_backward"
    assert report.second_backward.nodes <= 4
    assert "second backward on one graph is wrong" in report.text()
    found = json.loads(report.as_json())
    assert found["right"] is True
    assert found["second_backward"]["right"] is False
    x = autograd.Value(3.0)
    cube = x * x * x
    assert ENGINES["second_backward"](cube)[x] == 72.0


def test_micrograd_itself():
    engine = pytest.importorskip("micrograd.engine")
    report = check_engine(engine.Value)
    assert report
    assert report.second_backward.mistake == "second_backward"


def test_a_larger_mistake_is_shrunk():
    kind = mutant("")
    add = kind.__add__

    def size(node):
        return 1 + sum(map(size, node.operands))

    def wrong(self, other):
        out = add(self, other)
        if size(out) > 11:
            out.pass_on = lambda: None
        return out

    kind.__add__ = wrong
    report = check_engine(kind)
    assert not report
    assert checked_by_hand(kind, report.counterexample)
    assert len(report.counterexample.case.expression.steps) <= 6
    assert report.points["order"] == "wrong"


def test_equal_numbers_are_different_values():
    kind = mutant("")
    kind.__eq__ = lambda self, other: self.data == other.data
    kind.__hash__ = lambda self: hash(self.data)
    report = check_engine(kind)
    assert not report
    assert report.counterexample.nodes <= 4


def test_a_partial_engine_is_graded_on_what_it_has():
    kind = mutant("")
    for name in ("__pow__", "relu", "exp", "tanh", "__neg__", "__sub__", "__truediv__", "__rsub__", "__rtruediv__",
                 "__radd__"):
        delattr(kind, name)
    report = check_engine(kind)
    assert report
    assert set(report.missing) == {"__pow__", "relu", "__neg__", "__sub__", "__truediv__", "__rsub__",
                                   "__rtruediv__", "__radd__"}
    assert report.points["__mul__"] == "right"
    assert report.points["order"] == "right"
    assert "exp" not in report.points
    assert 0 < report.score < 1
    assert "not there: __pow__, __neg__" in report.text()
    kind.__mul__ = lambda self, other: None
    kind.__rmul__ = mutant("").__rmul__

    def later(self, other):
        raise NotImplementedError

    kind.__sub__ = later
    report = check_engine(kind)
    assert report, report
    assert {"__mul__", "__sub__"} <= set(report.missing)


def test_an_engine_that_takes_no_numbers_yet():
    kind = mutant("")
    kind.wrap = staticmethod(lambda x: x)
    for name in ("__neg__", "__sub__", "__truediv__", "__rsub__", "__rtruediv__"):
        delattr(kind, name)
    report = check_engine(kind)
    assert report, report
    assert {"__add__ number", "__mul__ number"} <= set(report.missing)
    assert (report.points["__add__"], report.points["__add__ number"]) == ("right", "missing")
    assert "__add__ with a number" in report.text()


class NoBackward:
    def __init__(self, data):
        self.data, self.grad = data, 0.0

    def __add__(self, other):
        return NoBackward(self.data + other.data)


class NoOperators:
    def __init__(self, data):
        self.data, self.grad = data, 0.0

    def backward(self):
        self.grad = 1.0


class TwoArguments(NoOperators):
    def __init__(self, data, name):
        super().__init__(data)


class LaterBackward(NoBackward):
    def backward(self):
        raise NotImplementedError


@pytest.mark.parametrize(("kind", "message"), [
    (NoBackward, "no method backward"), (LaterBackward, "no method backward"), (NoOperators, "no operator yet"),
    (TwoArguments, "missing 1 required positional argument"), (int, "no method backward")])
def test_what_cannot_be_graded_is_told(kind, message):
    report = check_engine(kind)
    assert report.status == 2
    assert not report
    assert message in report.text()
    assert report.reason("zh")
    assert json.loads(report.as_json())["usable"] is False
    assert report.picture() is None


def test_a_class_is_expected():
    with pytest.raises(TypeError, match=r"grades a class, not Value; write check_engine\(Value\)"):
        check_engine(autograd.Value(1.0))


def test_errors_of_a_student_are_findings():
    kind = mutant("")
    kind.tanh = lambda self: 1 / 0
    report = check_engine(kind)
    assert report.counterexample.mistake == "raises"
    assert "tanh fails with ZeroDivisionError: division by zero" in report.text()
    assert report.points["tanh"] == "wrong"
    kind.tanh = lambda self: sys.exit(3)
    assert check_engine(kind).counterexample.mistake == "raises"


def test_weights_that_backward_moves():
    kind = mutant("")
    backward = kind.backward

    def learn(self):
        backward(self)
        for leaf in {operand for operand in self.operands if not operand.operands}:
            leaf.data -= 0.1 * leaf.grad

    kind.backward = learn
    report = check_engine(kind)
    assert report.counterexample.mistake == "updated_weights"
    assert "backward changes the data of a leaf: a = " in report.text()


@pytest.mark.parametrize("name", ["every += is =", "depth first, each node once", "exp passes its argument",
                                  "the root alone", "the root starts with 0"])
@pytest.mark.parametrize("lang", WORDS)
def test_the_picture_shows_the_engines_numbers_beside_the_right_ones(name, lang):
    report = report_on(name)
    picture = report.picture(lang).source
    plain = " ".join(re.sub("<[^>]*>", " ", picture.replace("&#160;", " ")).split())
    assert plain.count("✗") > 1
    assert ("right: " if lang == "en" else "正确：") in plain


def test_the_picture_of_a_second_backward():
    assert "✗" in report_on(*SECOND_BACKWARD).picture().source


def test_expressions_are_written_as_python_evaluates_them():
    for case in (*small_cases()[::7], *large_cases(["__add__", "__mul__", "__sub__", "__neg__", "tanh"])):
        names = dict(zip("abcdefgh", map(autograd.Value, case.numbers), strict=False))
        *lines, last = str(case.expression).split("; ")
        for line in lines:
            exec(line, {}, names)
        assert eval(last, {}, names).data == case.value, case


def test_expressions_are_small_and_all_different():
    every = list(small_expressions())
    assert len(set(every)) == len(every)
    assert [e.nodes for e in every] == sorted(e.nodes for e in every)
    assert every[0] == Expression(1, ())
    assert max(e.nodes for e in every) == 4


def test_words_are_complete():
    english, chinese = WORDS["en"], WORDS["zh"]
    for field, text in english._asdict().items():
        other = getattr(chinese, field)
        if isinstance(text, dict):
            assert set(text) == set(other), field
            for key in text:
                assert set(re.findall(r"\{(\w*)\}", text[key])) == set(re.findall(r"\{(\w*)\}", other[key])), key
        else:
            assert re.findall(r"\{\w*\}", text) == re.findall(r"\{\w*\}", other), field
