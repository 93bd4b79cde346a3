"""The command: its output, its files, and its exit codes."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.support.bad_expressions import ROWS
from tests.support.command_process import command
from viz import RenderError
from viz.command import picture_file
from viz.command.cli import main

ROOT = Path(__file__).parents[3]
COLAH = ["(a + b) * (b + 1)", "a=2", "b=1"]
PRINTED = """\
(a + b) * (b + 1) = 6

  c = a + b = 3
  d = b + 1 = 2
  e = c * d = 6

d: along all paths. Each path below is the product of its steps' local partials.

de/da = 2
  a -> c -> e   1 × 2 = 2

de/db = 5
  b -> d -> e   1 × 3 = 3
  b -> c -> e   1 × 2 = 2

picture: graph.svg
"""


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Somewhere to write, with things in the way."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.svg").mkdir()
    (tmp_path / "plain.txt").touch()
    return tmp_path


def new_files(folder):
    return sorted({path.name for path in folder.rglob("*")} - {"folder.svg", "plain.txt"})


# ---- what it prints -----------------------------------------------------------------------------


def test_golden(capsys, folder):
    assert main(COLAH) == 0
    assert capsys.readouterr() == (PRINTED, "")
    assert new_files(folder) == ["graph.svg"]
    picture = (folder / "graph.svg").read_text()
    assert picture.count("<svg") == 1
    assert all(f">{name}<" in picture for name in "abcde")


def test_process_says_the_same(folder):
    done = command(*COLAH, flags=["-W", "error"])
    assert (done.returncode, done.stdout.decode(), done.stderr) == (0, PRINTED, b"")
    (folder / "graph.svg").unlink()
    done = command(*COLAH, env={"PYTHONIOENCODING": "ascii"})
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode("ascii") == PRINTED.replace("×", "x")


def test_arguments_in_any_order(capsys):
    expected = None
    for argv in (COLAH, [*COLAH[1:], COLAH[0]], ["a=2", COLAH[0], " b = 1 "]):
        assert main(["--json", *argv]) == 0
        out = capsys.readouterr().out
        expected = expected or out
        assert out == expected
    assert main(["--json", "--", *COLAH]) == 0
    assert capsys.readouterr().out == expected


@pytest.mark.parametrize(("argv", "value"), [
    (["-a * 2", "a=3"], -6), (["--", "-a", "a=3"], -3), (["-a", "a=-3"], 3), (["--a", "a=3"], 3), (["-1"], -1),
    (["-h", "h=2"], -2), (["-(a)", "a=1"], -1), (["--out * -1", "out=4"], -4), (["e", "e=2"], 2), (["-pi * 0"], 0),
    (["--", "--json", "json=3"], 3), (["a", "a=1_000"], 1000), (["a", "a=1e-3"], 1e-3), (["a", "a= -.5 "], -.5)])
def test_minus_first_and_numbers(argv, value, capsys):
    assert main(["--json", *argv]) == 0
    assert json.loads(capsys.readouterr().out)["value"] == value


def test_names_do_not_clash(capsys):
    letters = "abcdefghijklmnopqrstuvwxyz"
    assert main(["--json", "*".join(letters) + " + v28", "v28=1", *(f"{c}=1" for c in letters)]) == 0
    steps = [step["name"] for step in json.loads(capsys.readouterr().out)["steps"]]
    assert steps == ["v27", *(f"v{i}" for i in range(29, 29 + len(steps) - 1))]
    assert main(["--json", "a * e", "a=1"]) == 0
    assert json.loads(capsys.readouterr().out)["root"] == "b"


def test_json_is_strict_and_alone(capsys, folder):
    def refuse(constant):
        raise AssertionError(constant)

    assert main(["--json", "a / b + nan + 0 * c", "a=1", "b=0", "c=inf"]) == 0
    out, err = capsys.readouterr()
    result = json.loads(out, parse_constant=refuse)
    assert (err, new_files(folder)) == ("", [])
    assert (result["value"], result["gradients"]["a"], result["gradients"]["b"]) == ("nan", "inf", "-inf")
    assert result["variables"]["c"] == "inf"
    assert main(["--json", "--out", "x.dot", *COLAH]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["gradients"] == {"a": 2, "b": 5}
    assert result["path_counts"] == {"a": 1, "b": 2}
    assert result["paths"]["b"][0] == {"nodes": ["b", "d", "e"], "operands": [1, 2], "partials": [1, 3],
                                       "product": 3}
    assert new_files(folder) == ["x.dot"]


def test_many_paths_are_counted(capsys):
    assert main([" * ".join(["(a + a)"] * 20), "a=1"]) == 0
    out = capsys.readouterr().out
    assert len(re.findall(r"^  a -> ", out, re.MULTILINE)) == 10
    assert "... and 30 more, 40 in all" in out
    assert main(["--paths", "0", "a + a", "a=1"]) == 0
    assert "... and 2 more, 2 in all" in capsys.readouterr().out


def test_a_chain_longer_than_the_parser_takes(capsys):
    code = main(["+".join("a" * 5_000), "a=1"])        # it depends on Python's version
    err = capsys.readouterr().err
    assert (code, err.partition(";")[0]) in [(0, ""), (2, "pathgrad: too many operations in one chain")]


def test_nothing_flows(capsys):
    assert main(["where(a > b, a, 1) + floor(b)", "a=1", "b=2"]) == 0
    out = capsys.readouterr().out
    assert "no path leads from a to f: no gradient flows" in out
    assert "no path leads from b to f: no gradient flows" in out


def test_constants_are_shown(capsys):
    assert main(["a * pi", "a=1"]) == 0
    assert "  pi = 3.141592654\n" in capsys.readouterr().out


def test_check(capsys, monkeypatch):
    assert main(["--check", *COLAH]) == 0
    assert "check: every gradient agrees with central differences\n" in capsys.readouterr().out
    assert main(["--check", "2 + 3"]) == 0
    capsys.readouterr()
    assert main(["--check", "--json", "x * relu(a)", "x=1", "a=0"]) == 1     # a kink, right there
    out, err = capsys.readouterr()
    assert json.loads(out)["check"]["passed"] is False
    assert err.startswith("pathgrad: a: the slopes on the two sides are 0 and 1, a kink or a jump")
    assert err.count("\n") == 1


def test_chinese(capsys):
    assert main(["--lang", "zh", "--out", "图.dot", "变 * 2 + floor(a)", "变=1", "a=1"]) == 0
    out = capsys.readouterr().out
    assert "没有从 a 到 d 的路径" in out
    assert "图：图.dot" in out
    assert "输入" in Path("图.dot").read_text(encoding="utf-8")
    done = command("--lang", "zh", *COLAH, env={"PYTHONIOENCODING": "latin-1"})
    assert b"picture: graph.svg" in done.stdout


@pytest.mark.parametrize(("suffix", "start"), [(".svg", b"<?xml"), (".PNG", b"\x89PNG"), (".pdf", b"%PDF"),
                                           (".dot", b"digraph")])
def test_formats(suffix, start, capsys):
    assert main(["--out", "x" + suffix, *COLAH]) == 0
    assert Path("x" + suffix).read_bytes().startswith(start)


def test_help_and_version(capsys):
    for argv in (["--help"], ["-h"], ["a", "--help"]):
        assert main(argv) == 0
        assert 'pathgrad "(a + b) * (b + 1)" a=2 b=1' in capsys.readouterr().out
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("pathgrad ")


# ---- how it ends --------------------------------------------------------------------------------


@pytest.mark.parametrize(("argv", "message"), ROWS, ids=[f"{i}" for i in range(len(ROWS))])
def test_bad_inputs(argv, message, capsys, folder):
    start = time.process_time()
    assert main(argv) == 2
    assert time.process_time() - start < 1
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert err.startswith("pathgrad: ")
    assert err.endswith("\n")
    assert message in err
    assert err[:-1].isprintable()
    assert len(err) < 250
    assert new_files(folder) == []


@pytest.mark.parametrize("argv", [["1if a else 2", "a=1"], ["0x1for a", "a=1"], ["a.", "a=1"], ["'\\d'"], ["", "--"],
                                  ["a", "a=1", "--out", "missing/x.svg"], ["\udc80"]])
def test_bad_inputs_to_a_process(argv, folder):
    done = command(*argv, flags=["-W", "error"], env={"PYTHONIOENCODING": "ascii"})
    assert (done.returncode, done.stderr.count(b"\n")) == (2, 1)
    assert done.stderr.startswith(b"pathgrad: ")
    assert new_files(folder) == []


def test_output_that_cannot_be_written():
    def ends(stdout, *argv):
        done = command(*argv, capture_output=False, stdout=stdout, stderr=subprocess.PIPE)
        return done.returncode, done.stderr

    for argv in (COLAH, ["--json", *COLAH], ["--help"]):
        read, write = os.pipe()
        os.close(read)
        assert ends(write, *argv) == (141, b"")     # as of other commands that nobody reads any more
        os.close(write)
    if Path("/dev/full").exists():
        with open("/dev/full", "w") as full:
            code, said = ends(full, *COLAH)
        assert (code, said.count(b"\n")) == (2, 1)
        assert said.startswith(b"pathgrad: standard output cannot be written: ")


@pytest.mark.skipif(os.name != "posix", reason="needs a shell")
def test_closed_streams(folder):
    for closed, expected in ((">&-", 2), ("2>&-", 0), ("<&-", 0), (">&- 2>&-", 2)):
        env = os.environ | {"PYTHONPATH": str(ROOT)}
        done = subprocess.run(f'"{sys.executable}" -m viz "a * 2" a=1 --out x.dot {closed}', shell=True, env=env,
                              capture_output=True, timeout=60, check=False)
        assert done.returncode == expected, closed
        assert b"Traceback" not in done.stderr
        assert done.stderr.count(b"\n") == (closed == ">&-")


def test_interrupted(monkeypatch, capsys, folder):
    def interrupt(*_, **__):
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(picture_file, "draw_dot", interrupt)
    assert main(COLAH) == 130
    assert capsys.readouterr().err == "pathgrad: stopped\n"
    assert new_files(folder) == []


def test_no_graphviz(monkeypatch, capsys, folder):
    def missing(*_, **__):
        raise RenderError("no Graphviz found: install it", "digraph {}")

    monkeypatch.setattr(picture_file, "write", missing)
    assert main(COLAH) == 2
    out, err = capsys.readouterr()
    assert out + "picture: graph.svg\n" == PRINTED.replace("\n\npicture", "\npicture")
    assert err == "pathgrad: no picture: no Graphviz found: install it; or write DOT text with --out graph.dot\n"
    assert new_files(folder) == []


@settings(max_examples=300, deadline=1000, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(
    st.text(max_size=30), st.text(alphabet="ab1.()+-*/%=,[]<> ^e_", max_size=40),
    st.sampled_from(["a=1", "b=-2", "x=nan", "--json", "--", "--check", "a + b", "-a", "--paths=3", "--paths"])),
    max_size=5))
@example(["--paths", "--"])
def test_no_text_breaks_it(capsys, argv):
    code = main(argv)
    assert code in (0, 1, 2)
    assert capsys.readouterr().err.count("\n") == (code > 0)
