"""``--check`` has one verdict at every kink, and confirms what is smooth there."""

import json

import pytest

from viz.command.cli import main

KINK = "the slopes on the two sides are {} and {}, a kink or a jump: no derivative confirms the gradient {}; check"


def verdict(capsys, *argv):
    status = main(["--json", "--check", *argv])
    out, err = capsys.readouterr()
    check = json.loads(out)["check"]
    assert check["passed"] is (status == 0)
    assert err == ("" if status == 0 else f"pathgrad: {check['message']}\n")
    assert len(err) < 250
    return check["message"]


@pytest.mark.parametrize(("text", "left", "right", "gradient"), [
    ("relu(x)", 0, 1, 0.0), ("abs(x)", -1, 1, 0.0), ("max(x, 0)", 0, 1, 0.5), ("max(0, x)", 0, 1, 0.5),
    ("min(x, 0)", 1, 0, 0.5), ("max(x, -x)", -1, 1, 0.0), ("clip(x, 0, 1)", 0, 1, 1.0),
    ("where(x > 0, x, 0)", 0, 1, 0.0), ("leaky_relu(x)", 0.01, 1, 0.01),
    ("3 * abs(x) + exp(x)", -2, 4, 1.0), ("max(x, y)", 0, 1, 0.5),
    ("hypot(x, y)", -1, 1, 0.0)])
def test_kinks_have_one_verdict(text, left, right, gradient, capsys):
    argv = [text, "x=0", *(["y=0"] if ", y)" in text else [])]
    assert verdict(capsys, *argv).startswith("x: " + KINK.format(left, right, gradient))


@pytest.mark.parametrize(("text", "x"), [("relu(x - 3)", 3), ("abs(x + 1e-3)", -1e-3), ("max(x, 7e5)", 7e5)])
def test_kinks_away_from_zero(text, x, capsys):
    assert "a kink or a jump: no derivative" in verdict(capsys, text, f"x={x}")


@pytest.mark.parametrize("text", [
    "x * relu(x)", "x * abs(x)", "relu(x)**2", "relu(x + 1)", "abs(x - 1e-3)", "max(x, -1)", "x**2", "exp(50 * x)",
    "sin(1e4 * x)", "x**3", "tanh(1e5 * x)", "max(x, x)", "gelu(x)", "softplus(x)", "1e-9 * x"])
def test_what_is_smooth_is_confirmed(text, capsys):
    assert verdict(capsys, text, "x=0") == ""


def test_a_kink_beside_the_point_does_no_harm(capsys):
    assert verdict(capsys, "relu(x) * abs(y) + max(x, y)", "x=0.5", "y=-2") == ""


@pytest.mark.parametrize(("text", "says"), [("sqrt(x)", "which nothing can measure"), ("floor(x)", "do not settle"),
                                          ("relu(x) - relu(-x)", "reverse mode gives 0.0, central differences 1.0")])
def test_other_verdicts_stay(text, says, capsys):
    assert says in verdict(capsys, text, "x=0")
