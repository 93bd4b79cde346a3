"""Names, numbers and formulas on the cards of draw_dot."""

import math

import pytest

import autograd
from autograd import TABLE, Value, primitive, topological_order
from viz import draw_dot
from viz.graph.notation import formula
from viz.graph.picture import picture
from viz.text import LONGEST, clean, distinct, number, total


def test_names_are_distinct_and_generated_ones_clash_with_none():
    assert distinct(["b", "b", "", "v1", "b₂", "b"]) == ["b", "b₃", "v2", "v1", "b₂", "b₄"]
    assert distinct(["x" * 30, "x" * 40, " ", "\n"]) == ["x" * 23 + "…", "x" * 23 + "…₂", "v1", "v2"]
    many = distinct(["b"] * 2000)
    assert len(set(many)) == 2000


@pytest.mark.parametrize(("label", "shown"), [
    ("a\nb\tc", "a b c"), ("\x00\x1b", "��"), ("\ud800", "�"), ("\ufffe", "�"), ("\u202eevil", "�evil"),
    (" " * 500 + "a" + " " * 500 + "b", "a b"),
    ("x" * 24 + " y", "x" * 23 + "…"), ("a " * 99, "a a a a a a a a a a a a…"), ("a" + "\n" * 9999, "a"),
    ("梯度 😀", "梯度 😀"), ("x" * 10**6, "x" * (LONGEST - 1) + "…"), ("   ", "")])
def test_labels_become_one_harmless_line(label, shown):
    assert clean(label) == shown


@pytest.mark.parametrize(("x", "shown"), [
    (6.8813735870195432, "6.881"), (-1.5, "−1.5"), (5.0, "5"), (-0.0, "0"), (math.nan, "nan"), (math.inf, "inf"),
    (-math.inf, "−inf"), (1.2e-5, "1.2e−05"), (0.00012346, "0.0001235"), (123456.0, "123456"), (1e6, "1e+06"),
    (100.0, "100"), (0.99999, "1"), (5e-324, "4.941e−324"), (1e-320, "1e−320")])
def test_numbers(x, shown):
    assert number(x) == shown


def test_a_sum_with_negative_terms():
    assert total([-2.0, 3.0, -0.5, -math.inf]) == "−2 + 3 − 0.5 − inf"


@pytest.mark.parametrize(("build", "written"), [
    (lambda a, b: a - (b - a), "a − (b − a)"),
    (lambda a, b: (a - b) - a, "a − b − a"),
    (lambda a, b: -(a + b), "−(a + b)"),
    (lambda a, b: a - -b, "a − (−b)"),
    (lambda a, b: a * -3.0, "a × (−3)"),
    (lambda a, b: -3.0 * a, "−3·a"),
    (lambda a, b: a ** 2 * b, "a²·b"),
    (lambda a, b: (a + b) ** -1, "(a + b)⁻¹"),
    (lambda a, b: a ** b, "a^b"),
    (lambda a, b: a ** 0.5, "a^0.5"),
    (lambda a, b: a / (b * a), "a / (b·a)"),
    (lambda a, b: 2 * a * b, "2·a·b"),
    (lambda a, b: autograd.tanh(a * (b + 1)), "tanh(a × (b + 1))"),
    (lambda a, b: autograd.maximum(a, 0), "maximum(a, 0)"),
    (lambda a, b: autograd.dot([a, b], [2, a]), "a·2 + b·a"),
    (lambda a, b: 2 * autograd.dot([a, b], [b, a]), "2 × (a·b + b·a)"),
    (lambda a, b: autograd.dot([a] * 9, [b] * 9), "a·b + a·b + … + a·b"),
    (lambda a, b: autograd.sum([a] * 9), "sum(a, a, a, …, a)"),
    (lambda a, b: autograd.greater(a, b + 1), "a > b + 1"),
])
def test_formulas(build, written):
    a, b = Value(2.0, "a"), Value(3.0, "b")
    root = build(a, b)
    order = topological_order(root)
    assert formula(root, order, {a: "a", b: "b"}) == written


def test_an_infix_of_a_users_own_op_takes_brackets():
    join = primitive("join_", lambda x, y: x + y, lambda x, y, out: 1.0, lambda x, y, out: 1.0, infix="<&>")
    try:
        a = Value(1.0, "a")
        root = join(a + 1, join(a, 2)) * a
        assert picture(root).title == "v4 = ((a + 1) <&> (a <&> 2)) × a"
        assert "&lt;&amp;&gt;" in draw_dot(root).source
    finally:
        del TABLE["join_"]


def test_a_formula_too_long_is_left_out():
    x = Value(1.0, "x")
    for _ in range(60):     # 2^60 letters, if it were written out
        x = x + x
    assert picture(x, collapse=False).title is None
