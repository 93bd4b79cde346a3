"""pathgrad train refuses bad tables, options and files in one line, and no input breaks it."""

import json
import os
import re
import signal
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.bad_tables import GOOD, HEAD, ROWS, UNREADABLE, USAGE
from tests.support.command_process import command
from tests.support.train_command import FAST, fill_folder, made
from viz.command import train as training
from viz.command.cli import main


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    fill_folder()
    return tmp_path


def fails(argv, code, capsys):
    """What it says when it ends with this code."""
    assert main(argv) == code
    out, err = capsys.readouterr()
    assert out == "" or code == 1
    assert err.startswith("pathgrad: ")
    assert err.replace("\n", "").isprintable()
    return err


# ---- how it ends --------------------------------------------------------------------------------


@pytest.mark.parametrize(("data", "options", "message"), ROWS, ids=[f"{i}" for i in range(len(ROWS))])
def test_bad_tables(data, options, message, capsys, folder):
    Path("data.csv").write_bytes(data)
    err = fails(["train", "data.csv", "--target", "y", *options], 1, capsys)
    assert message in err
    assert err.count("\n") == 1 or (err.count("\n  ") == err.count("\n") - 1 <= 11 and "cannot be used" in err)
    assert made(folder) == []


def test_ten_bad_rows_are_listed(capsys):
    Path("data.csv").write_text(HEAD + GOOD + "1\n" * 30)
    err = fails(["train", "data.csv", "--target", "y"], 1, capsys)
    assert err.count("  line ") == 10
    assert err.endswith("\n  ... and 20 more\n")


@pytest.mark.parametrize(("argv", "message"), USAGE, ids=[f"{i}" for i in range(len(USAGE))])
def test_bad_options(argv, message, capsys, folder):
    err = fails(argv, 2, capsys)
    assert message in err
    assert err.count("\n") == 1
    assert made(folder) == []


@pytest.mark.parametrize(("argv", "message"), UNREADABLE, ids=[f"{i}" for i in range(len(UNREADABLE))])
def test_unreadable_files(argv, message, capsys, folder):
    err = fails(argv, 1, capsys)
    assert message in err
    assert err.count("\n") == 1
    assert made(folder) == []


def test_quiet_says_nothing(capsys):
    assert main(["train", "data.csv", "--target", "y", *FAST]) == 0
    assert capsys.readouterr() == ("", "")


def test_without_matplotlib_there_is_a_note(monkeypatch, capsys, folder):
    def missing(*_, **__):
        raise ImportError("pictures of training need matplotlib: install it")

    monkeypatch.setattr(training, "plot_loss", missing)
    assert main(["train", "data.csv", "--target", "y", "--epochs", "1"]) == 0
    assert "\nno picture: pictures of training need matplotlib: install it\n" in capsys.readouterr().out
    assert made(folder) == ["model.json"]


def test_interrupted(monkeypatch, capsys, folder):
    monkeypatch.setattr(training.nn, "fit", lambda *_, **__: signal.raise_signal(signal.SIGINT))
    assert main(["train", "data.csv", "--target", "y"]) == 130
    assert capsys.readouterr().err == "pathgrad: stopped\n"
    assert made(folder) == []


def test_a_closed_pipe_and_a_plain_terminal(folder):
    read, write = os.pipe()
    os.close(read)
    done = command("train", "data.csv", "--target", "y", capture_output=False, stdout=write, stderr=subprocess.PIPE)
    os.close(write)
    assert (done.returncode, done.stderr, made(folder)) == (141, b"", [])
    done = command("train", "data.csv", "--target", "y", "--epochs", "2", flags=["-W", "error"],
                   env={"PYTHONIOENCODING": "ascii"})
    assert (done.returncode, done.stderr) == (0, b"")
    assert b", R2 " in done.stdout


def test_a_failed_write_keeps_the_older_model(monkeypatch, capsys):
    Path("model.json").write_text("older")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(training.nn, "save", full)
    assert main(["train", "data.csv", "--target", "y", *FAST]) == 2
    assert capsys.readouterr().err == ("pathgrad: 'model.json' cannot be written: No space left on device; choose "
                                       "another file with --out\n")
    assert Path("model.json").read_text() == "older"


def test_the_words_are_still_variables(capsys):
    for name in ("train", "predict"):
        for argv in ([name, f"{name}=3"], ["--", f"{name} * 1", f"{name}=3"]):
            assert main(["--json", *argv]) == 0
            assert json.loads(capsys.readouterr().out)["value"] == 3
        assert main([name, f"{name}=3", "--out", "x.dot"]) == 0
        assert capsys.readouterr().out.startswith(f"{name} = 3\n")


def test_help_has_all_forms(capsys):
    assert main(["--help"]) == 0
    out = capsys.readouterr().out
    assert "\n       pathgrad train data.csv --target COLUMN [options]\n" in out
    assert "\n       pathgrad predict model.json data.csv [options]\n" in out
    for name in ("train", "predict"):
        assert main([name, "--help"]) == 0
        out = capsys.readouterr().out
        assert out.startswith(f"usage: pathgrad {name} ")
        assert "overwritten" in out
        assert "Exit code" in out


CELLS = st.one_of(st.sampled_from(["1", "-2.5", "0", "1e3", "", "nan", "red", "blue", '"', '"a"', '"1\n2"', "1e999",
                                   "é", "1,5", "1.234,5", "1,234", '"2,345"', "1 234", "NA", "?", "2024-03-01",
                                   "3/1/2024", "13/1/2024", "2024"]), st.text(max_size=4))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(CELLS, min_size=1, max_size=4), max_size=12) | st.integers(1, 3).flatmap(
           lambda n: st.lists(st.lists(CELLS, min_size=n, max_size=n), min_size=3, max_size=12)),
       st.sampled_from(",;\t|"), st.sampled_from(["\n", "\r\n", "\r"]), st.booleans(),
       st.sets(st.sampled_from(["--skip-bad-rows", "--impute", "--decimal=comma", "--dates=day-first"])))
def test_no_table_breaks_it(capsys, folder, rows, delimiter, end, named, options):
    width = len(rows[0]) if rows else 4
    text = (delimiter.join(["a", "b", "c", "y"][-width:]) + end if named else "") + \
        end.join(delimiter.join(cells) for cells in rows)
    Path("data.csv").write_bytes(text.encode("utf-8", "surrogatepass"))
    code = main(["train", "data.csv", "--target", "y" if named else f"column{width}", "--epochs", "1", "--hidden", "0",
                 "--plot", "loss.svg", *sorted(options)])
    assert code in (0, 1)
    assert bool(capsys.readouterr().err) == bool(code)
    if code == 0:       # its own rows are no news to the model
        assert main(["predict", "model.json", "data.csv", "--out", "p.csv",
                     *sorted(options - {"--impute"} | {"--skip-bad-rows"})]) in (0, 1)
        assert not re.search("damaged|has no", capsys.readouterr().err)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200))
def test_no_bytes_break_it(capsys, data):
    Path("data.csv").write_bytes(data)
    assert main(["train", "data.csv", "--target", "y"]) == 1
    assert capsys.readouterr().err.startswith("pathgrad: ")


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(["train", "predict"]), st.lists(st.text(max_size=8) | st.sampled_from([
    "none.csv", "plain.json", "data.csv", "--target", "--target=y", "y", "--hidden", "0", "--lr=1e-400", "--help", "-h",
    "--", "-", "--out", "--out=", "--plot=.png", "--drop", "--epochs=0", "--seed=1", "--holdout=1", "--task=regression",
    ]), max_size=5))
def test_no_options_break_it(capsys, name, argv):
    code = main([name, *argv, *(["--epochs=1", "--hidden=0", "--quiet"] if name == "train" else [])])
    err = capsys.readouterr().err
    assert (code, err) == (0, "") or (code in (1, 2) and err.startswith("pathgrad: ") and err.count("\n") == 1)
