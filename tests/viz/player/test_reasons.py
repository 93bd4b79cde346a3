"""Why no gradient flows: each reason agrees with what the engine does beside these numbers."""

import re

import pytest

import autograd as ag
from autograd import TABLE, Value
from viz import frames
from viz.player.lesson import lesson
from viz.player.reasons import reason
from viz.player.sentences import sentences

REASONS = {
    "relu": (lambda x, y: x.relu(), "The slope of relu is 0 for inputs up to 0; here x = −3."),
    "where": (lambda x, y: ag.where(x > 0, x, y), "where took y here and not x"),
    "where, second": (lambda x, y: ag.where(x < 0, y, x), "where took y here and not x"),
    "maximum": (lambda x, y: ag.maximum(x, y), "maximum took y here and not x"),
    "a constant": (lambda x, y: ag.maximum(x, 1.0) * y, "maximum took 1 here and not x"),
    "clip": (lambda x, y: ag.clip(x, -1, 1), "clip took −1 here and not x"),
    "twice": (lambda x, y: ag.maximum(x, y) + ag.where(x > 0, x, x), "where took x (3) here and not x (2)"),
    "floor": (lambda x, y: x // 2, "A small change of x does not change the result of //."),
    "stopped": (lambda x, y: ag.stop_gradient(x) * y, "stop_gradient lets no gradient through: it treats x as a const"),
}


def numbers():
    return Value(-3.0, label="x"), Value(2.0, label="y")


@pytest.mark.parametrize("case", REASONS)
def test_the_reason_is_told_in_the_step(case):
    make, told = REASONS[case]
    said = [text for text in sentences(lesson(make(*numbers())), "en") if "no gradient flows here. " in text]
    assert any(told in text for text in said), said
    chinese = [text for text in sentences(lesson(make(*numbers())), "zh") if "没有梯度流过" in text]
    assert len(chinese) == len(said)
    assert not any(text.endswith("没有梯度流过。") for text in chinese)


def samples():
    """Each op of the table at places inside and outside its domain."""
    for name, op in TABLE.items():
        for share in (-1.0, 0.0, 0.3, 0.7, 1.0, 2.0) if op.arity else ():
            args = [Value(low + (high - low) * share, label=f"x{i}") for i, (low, high) in enumerate(op.domain)]
            try:
                node = op.function(*args)
            except (TypeError, ValueError):     # of an op that takes some constants only
                continue
            if isinstance(node, Value) and node.op is not None:
                yield name, node


def test_every_op_of_the_table_has_a_true_reason():
    """By the op's own values and partials a little further on, and on the other side of the bound."""
    seen = set()
    for name, node in samples():
        names = {arg: arg.label for arg in node.args if isinstance(arg, Value)}
        for place, slope in enumerate(node.partials):
            if slope is not None or not isinstance(node.args[place], Value):
                continue
            told = reason(node, place, names)
            seen.add(told["why"])

            def at(x, node=node, place=place):
                given = [arg.data if isinstance(arg, Value) else arg for arg in node.args]
                given[place] = x
                return given, node.op.value(*given)

            x = node.args[place].data
            if told["why"] == "chosen":
                [other] = [arg for arg in node.args if isinstance(arg, Value) and arg.label == told["other"]]
                assert node.data == other.data, name
                assert at(x + 1e-9)[1] == node.data, name
            elif told["why"] in ("below", "upto", "above", "from"):
                bound, low = float(told["bound"]), told["why"] in ("below", "upto")
                beyond = [Value(v) for v in at(bound + 1e-3 if low else bound - 1e-3)[0]]
                assert (x <= bound) if low else (x >= bound), name
                assert node.op.function(*beyond).partials[place] is not None, name
            elif told["why"] == "steps":
                assert node.data in (at(x + 1e-9)[1], at(x - 1e-9)[1]), name
            else:
                assert name in ("stop_gradient", "equal", "polygamma", "flow"), (name, told)
    assert {"chosen", "upto", "steps", "stopped"} <= seen


def test_a_function_that_jit_compiled_is_no_error():
    x = Value(-3.0, label="x")
    f = ag.jit(lambda x: x.relu() * 2)
    assert lesson(f(x) * 1.0).data["reasons"] == {}


def test_slopes_that_are_zero_are_contributions_and_need_no_reason():
    x = Value(-3.0, label="x")
    assert lesson(x * 0.0 + x**0).data["reasons"] == {}


def test_slides_say_it():
    said = " ".join(re.findall(r">([^<>]*)</text>", " ".join(frames(numbers()[0].relu() * 2))))
    assert "up to 0" in said
