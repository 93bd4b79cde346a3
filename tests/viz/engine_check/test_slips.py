"""check_engine on single slips: each is found, at the operation that has it, and told in the right words."""

import pytest

from tests.support.engine_mutants import mutant, source
from viz import check_engine

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
