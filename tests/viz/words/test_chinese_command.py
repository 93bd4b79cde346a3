"""``pathgrad --lang zh``: errors, help and results in Chinese, and English where that cannot be shown."""

import re
from pathlib import Path

import pytest

from tests.support import bad_expressions, bad_tables
from tests.support.command_process import command
from tests.support.predict_command import CLASSES, NUMBERS
from tests.support.train_command import fill_folder
from tests.viz.words.test_catalogue import HAN, SENTENCE
from viz.command.cli import main
from viz.command.functions import CONSTANTS, FUNCTIONS


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def english(told):
    """The English sentences in a text, without what it quotes and what is code."""
    plain = re.sub(r"'(?:\\.|[^'\\\n])*'|\"[^\"\n]*\"|https?://\S+|pathgrad (train|predict)[ -~]*|"
                   r"(apt|dnf|pip) install [ -~]*|--[a-z-]+( [a-z-]+)?", "", told)
    return SENTENCE.findall(re.sub(r"\b(" + "|".join([*FUNCTIONS, *CONSTANTS]) + r")\b", "", plain))


def in_chinese(argv, capsys):
    """Run with --lang zh; gives what is printed, after checks."""
    first = argv[:1] if argv[:1] in (["train"], ["predict"]) else []
    status = main([*first, "--lang", "zh", *argv[len(first):]])
    said = "".join(capsys.readouterr())
    assert HAN.search(said), (argv, said)
    assert not english(said), (argv, said)
    return status, said


def test_every_bad_expression_is_told_in_chinese(capsys):
    Path("folder.svg").mkdir()
    for argv, _ in bad_expressions.ROWS:
        if not any(arg.startswith("--lang") for arg in argv):
            assert in_chinese(argv, capsys)[0] == 2, argv


def test_every_bad_table_is_told_in_chinese(capsys):
    fill_folder()
    for data, options, _ in bad_tables.ROWS:
        Path("data.csv").write_bytes(data)
        assert in_chinese(["train", "data.csv", "--target", "y", *options], capsys)[0] == 1
    Path("data.csv").write_text(bad_tables.HEAD + bad_tables.GOOD)
    for argv, _ in [*bad_tables.USAGE, *bad_tables.UNREADABLE]:
        if "--lang" not in argv:
            assert in_chinese(argv, capsys)[0] in (1, 2)


def test_results_of_tables(capsys):
    Path("classes.csv").write_text(CLASSES + "7,,3,yes\n")
    Path("numbers.csv").write_text(NUMBERS)
    few = ["--target", "y", "--epochs", "2", "--hidden", "2", "--plot", "l.svg"]
    in_chinese(["train", "classes.csv", *few, "--impute", "--class-weight", "balanced", "--out", "c.json"], capsys)
    in_chinese(["train", "numbers.csv", *few, "--out", "n.json"], capsys)
    in_chinese(["predict", "c.json", "classes.csv", "--out", "p.csv"], capsys)
    in_chinese(["predict", "n.json", "numbers.csv", "--out", "p.csv"], capsys)
    assert "训练" not in Path("p.csv").read_text()


def test_help_and_results(capsys):
    for argv in (["--help"], ["train", "--help"], ["predict", "--help"]):
        status, said = in_chinese(argv, capsys)
        assert status == 0
        assert said.startswith("用法：")
    status, said = in_chinese(["(a + b) * (b + 1)", "a=2", "b=1", "--check"], capsys)
    assert status == 0
    assert "检验：所有梯度都与中心差分一致" in said
    assert in_chinese(["abs(x)", "x=0", "--check"], capsys)[0] == 1
    assert in_chinese(["sqrt(x)", "x=0"], capsys)[0] == 0


def test_a_terminal_without_the_characters_gets_english():
    done = command("a*", "a=1", "--lang", "zh", env={"PYTHONIOENCODING": "ascii"}, text=True)
    assert done.returncode == 2
    assert done.stderr == "pathgrad: at '*': something is missing after it\n"


def test_the_language_is_known_before_an_error(capsys):
    assert main(["--lang=zh", "--nope"]) == 2
    assert "没有" in capsys.readouterr().err
    assert main(["a", "a=1", "--lang", "fr"]) == 2
    assert "invalid choice: 'fr'" in capsys.readouterr().err
