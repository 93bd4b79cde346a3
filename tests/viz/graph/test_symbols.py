"""One symbol, one meaning: ∂ is one step alone, d is along all paths, in pictures and in the command."""

import re

import pytest

import autograd as ag
from autograd import Value, count_paths, paths
from viz import draw_dot
from viz.command.cli import main
from viz.command.expression import Expression
from viz.command.report import name_steps


def texts(root, **options):
    return re.sub("<[^<>]*>", "", draw_dot(root, **options).source).replace("&#160;", " ")


def example():
    x = Value(3.0, "x")
    y = x * x
    z = y + x
    y.label, z.label = "y", "z"
    return z


def test_a_derivative_that_is_written_once_has_one_value():
    """dz/dx was 1 on an arrow and 7 on a card."""
    z = example()
    z.backward()
    shown = texts(z)
    assert "∂z/∂x = 1" in shown             # this step alone
    assert "dz/dx 1 + 3 + 3 = 7" in shown   # along all paths
    assert "∂z/∂x = 7" not in shown
    assert "dz/dx = 1" not in shown


def test_each_operand_has_a_sign_of_its_own():
    """y = x * x had two arrows that said dy/dx = 3, and a card that said 6."""
    z = example()
    z.backward()
    written = re.findall(r"∂\w+/∂[^=]*= [−0-9.]+", texts(z))
    assert sorted(written) == ["∂y/∂x (operand 1) = 3", "∂y/∂x (operand 2) = 3", "∂z/∂x = 1", "∂z/∂y = 1"]
    assert "∂y/∂x（第 2 个操作数） = 3" in texts(z, lang="zh")
    x, c = Value(2.0, "x"), Value(3.0, "c")
    y = ag.clip(x, c, x)                    # an operand after others keeps its place
    assert "∂y/∂x (operand 3)" in texts(y)


@pytest.mark.parametrize("backward", [False, True])
@pytest.mark.parametrize(("lang", "line"), [
    ("en", "∂: this step alone, other operands held. d: along all paths. Rounded to 4 digits."),
    ("zh", "∂：仅此一步，其余操作数不变。 d：沿所有路径。 数字取 4 位有效数字。")])
def test_one_line_of_the_legend_tells_both(backward, lang, line):
    z = example()
    if backward:
        z.backward()
    assert texts(z, lang=lang).count(line) == 1
    assert "∂:" not in texts(Value(1.0, "x"))       # without an arrow there is no ∂


def test_the_legend_names_the_signs_that_are_drawn():
    x = Value(3.0, "x")
    for root, drawn in ((x * 2, "positive"), (x * -2, "negative")):
        root.backward()
        assert re.findall("positive|negative", texts(root)) == [drawn]
    root = ag.relu(x * 0.0)
    root.backward()
    assert "contribution" not in texts(root)


@pytest.mark.parametrize("text", ["relu(x)", "x // 2", "relu(x) + x // 2", "relu(x * w)", "where(x > 0, w, 2) * x",
                                  "x * w + relu(x)", "floor(x)", "max(x, 0)", "abs(x)", "x * x", "sign(x) * w"])
def test_command_and_picture_agree_where_nothing_flows(text):
    """relu at 0: the command said that no path leads there, and the picture drew an arrow with 1 × 0 = 0."""
    expression = Expression(text)
    inputs = {name: Value(0.0, label=name) for name in expression.names}
    root = expression(**inputs)
    name_steps(root, set(inputs))
    root.backward()
    source = draw_dot(root).source
    keys = {name: key for key, name in re.findall(r"^\t(n\d+) \[.*?<B>(.*?)</B>", source, re.MULTILINE)}
    back = re.findall(r"^\t(n\d+) -> (n\d+) \[(?!.*style=dashed)", source, re.MULTILINE)
    for name, leaf in inputs.items():
        reached = {keys[name]: 1}
        for i in range(1, 1 + len(keys)):       # cards stand in topological order
            reached[f"n{i}"] = reached.get(f"n{i}", 0) + sum(
                reached.get(operand, 0) for operand, consumer in back if consumer == f"n{i}")
        assert reached[keys[root.label]] == count_paths(root, leaf)


# ---- the command ----


def printed(capsys, tmp_path, *argv):
    assert main([*argv, "--out", str(tmp_path / "x.dot")]) == 0
    return capsys.readouterr().out.splitlines()


def test_a_path_of_one_step_is_one_number(capsys, tmp_path):
    """It was printed as 6 = 6."""
    lines = printed(capsys, tmp_path, "x**2", "x=3")
    assert "  x -> a   6" in lines
    assert not any(re.search(r"\b(\S+) = \1$", line) for line in lines)


def test_equal_paths_say_by_which_operand(capsys, tmp_path):
    lines = printed(capsys, tmp_path, "x * x + x", "x=3")
    assert lines[lines.index("db/dx = 7") + 1:][:3] == [
        "  x -> a (operand 1) -> b   3 × 1 = 3", "  x -> a (operand 2) -> b   3 × 1 = 3",
        "  x -> b                            1"]
    assert "  x -> a（第 2 个操作数）   3" in printed(capsys, tmp_path, "x * x", "x=3", "--lang", "zh")


def test_the_command_says_once_what_its_d_means(capsys, tmp_path):
    lines = printed(capsys, tmp_path, "a * b", "a=3", "b=2")
    assert sum(line.startswith("d: along all paths.") for line in lines) == 1
    assert not any("∂" in line for line in lines)
    assert not any("along all paths" in line for line in printed(capsys, tmp_path, "2 * 3"))


def test_paths_know_their_operands():
    x = Value(3.0)
    assert [path.operands for path in paths(x * x, x)] == [(0,), (1,)]
    assert [path.operands for path in paths(2 - x * x, x)] == [(0, 1), (1, 1)]
