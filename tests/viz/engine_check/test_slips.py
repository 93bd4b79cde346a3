"""check_engine on single slips: each is found, at the operation that has it, and told in the right words."""

from dataclasses import replace

import pytest

from tests.support.engine_mutants import mutant, source
from viz import check_engine
from viz.engine_check import Counterexample, Report
from viz.engine_check.cases import cases_of
from viz.engine_check.diagnosis import Diagnosis
from viz.engine_check.expressions import Expression
from viz.words.engine_check import WORDS

RELU = {
    "a slope below 0": "(0.3 if -0.5 < self.data < 0 else float(self.data > 0)) * out.grad",
    "a threshold below 0": "(self.data > -0.1) * out.grad",
    "a threshold just below 0": "(self.data > -0.01) * out.grad",
    "a threshold above 0": "(self.data > 0.1) * out.grad",
    "a limit": "(0 < self.data < 6) * out.grad",
}


@pytest.mark.parametrize("name", RELU)
def test_a_relu_that_is_wrong_on_a_part_of_the_line_is_found(name):
    old = "(self.data > 0) * out.grad"
    text = source("")
    assert old in text
    names = {}
    exec(text.replace(old, RELU[name]), names)
    report = check_engine(names["Value"])
    assert report.counterexample.expression == "a.relu()"
    assert report.counterexample.mistake == "partial"
    assert report.points["relu"] == "wrong"


@pytest.mark.parametrize(("name", "expression"), [
    ("pow forgets the exponent", "a ** 2"), ("pow does not lower the exponent", "a ** 2"),
    ("neg loses the graph", "-a"), ("sub adds", "a - a"), ("every += is =", "a + a")])
def test_of_several_smallest_expressions_the_one_with_the_slip_is_shown(name, expression):
    found = check_engine(mutant(name)).counterexample
    assert found.expression == expression
    assert found.nodes == 2
    if found.mistake == "partial":
        assert f"The local partial of {expression} by a is" in found.why()


@pytest.mark.parametrize("lang", WORDS)
@pytest.mark.parametrize("got", [0.0, 1.0])
def test_where_added_up_and_alone_are_equal_one_number_is_named(got, lang):
    difference = replace(cases_of([Expression(1, (("-", 0, 0),))])[0], backwards=2)
    found = Counterexample(difference, {"value": 0.0, "gradients": [got]}, Diagnosis("second_backward"))
    text = Report("engine.py", second_backward=found).text(lang)
    words = WORDS[lang]
    assert f"    d/da = {got:g}   {words.must.format('0') if got else words.good}" in text.splitlines()
    assert words.second_must.format("0", "0") not in text


def test_a_sweep_that_is_not_reversed_is_named():
    for name in ("the order is not reversed", "the root alone"):        # one backward gives the same numbers
        assert "as without reversed()" in check_engine(mutant(name)).text()
        assert "漏写了 reversed()" in check_engine(mutant(name)).text("zh")
