"""pathgrad check-engine: files of every kind, each with its exit status and a sentence; nothing of theirs gets out."""

import json
import re
import time

import pytest

from tests.support.engine_mutants import SOURCE, source
from viz.command.cli import main
from viz.engine_check import check_file
from viz.words.engine_check import WORDS

SMALL = """\
class Value:
    def __init__(self, data, operands=()):
        self.data, self.grad, self.operands = data, 0.0, operands
    def __add__(self, other):
        return Value(self.data + other.data, (self, other))
    def backward(self):
        self.grad = 1.0
        for operand in self.operands:
            operand.grad += 1.0
"""


@pytest.fixture
def written(tmp_path):
    def write(text, name="engine.py"):
        path = tmp_path / name
        path.write_text(text)
        return str(path)
    return write


def test_a_right_file_has_status_0(written, capsys):
    assert main(["check-engine", written(SOURCE)]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "engine.py: right on every expression that was tried"


def test_a_wrong_file_has_status_1_and_a_picture(written, capsys, tmp_path):
    out = tmp_path / "wrong.svg"
    assert main(["check-engine", written(source("every += is =")), "--out", str(out), "--lang", "zh"]) == 1
    printed = capsys.readouterr().out
    assert "出错的最小表达式（2 个节点）" in printed
    assert "把 += 写成了 =" in printed
    assert "✗" in out.read_text()
    assert "正确：1 + 1 = 2" in out.read_text().replace("&#160;", " ")


def test_json_is_one_object_whatever_the_file_prints(written, capfd):
    noisy = "print('hello')\nimport sys, os\nsys.stderr.write('x')\nos.write(1, b'y')\n" + \
        source("sub adds").replace("out = Value", "print('building'); out = Value")
    assert main(["check-engine", written(noisy), "--json"]) == 1
    captured = capfd.readouterr()
    found = json.loads(captured.out)
    assert captured.err == ""
    assert found["right"] is False
    assert found["counterexample"]["expression"] == "a - a"
    assert found["counterexample"]["compared"][0] == {"what": "value", "got": 6.0, "right": 0.0}
    assert found["points"]["__sub__"] == "wrong"


def test_json_speaks_the_language_of_the_command(written, capfd):
    path = written(source("sub adds"))
    main(["check-engine", path, "--json"])
    english = json.loads(capfd.readouterr().out)
    main(["check-engine", "--lang", "zh", path, "--json"])
    chinese = json.loads(capfd.readouterr().out)
    assert re.search("[一-鿿]", chinese["counterexample"]["why"])
    assert not re.search("[一-鿿]", english["counterexample"]["why"])
    for found in (english, chinese):        # all else is for graders
        found["counterexample"].pop("why")
        found.pop("reason")
        found.pop("notes")
    assert english == chinese
    assert 0 < found["score"] < 1


UNUSABLE = {
    "no class": ("class Node:\n    pass\nclass Tensor:\n    pass\n", "no class named Value; classes there: Node, Te"),
    "an empty file": ("", "no class named Value, nor any other class"),
    "Value is a function": ("def Value(x):\n    return x\n", "no class named Value"),
    "a syntax error": ("class Value:\n    def __add__(self, other)\n        pass\n", "syntax error in line 2"),
    "an import error": ("import no_such_package\n", "ModuleNotFoundError: No module named 'no_such_package'"),
    "an exception": ("1 / 0\n", "running the file fails with ZeroDivisionError: division by zero"),
    "input": ("input()\n", "EOFError"),
    "sys.exit": ("import sys\nsys.exit(0)\n", "calls sys.exit while it is imported"),
    "an exit without a word": ("import os\nos._exit(7)\n", "ended before all was graded (exit status 7) while"),
    "no backward": ("class Value:\n    def __init__(self, data):\n        self.data = data\n", "no method backward"),
    "no data": ("class Value:\n    def backward(self):\n        pass\n", "must work, but give TypeError"),
    "bad bytes": ("x = '\0'\n", "fails with|syntax error|null bytes"),
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_a_file_that_cannot_be_used_has_status_2_and_a_reason(written, capsys, name):
    text, message = UNUSABLE[name]
    path = written(text)
    assert main(["check-engine", path, "--json"]) == 2
    found = json.loads(capsys.readouterr().out)
    assert found["usable"] is False
    assert any(part in found["reason"] for part in message.split("|")), found["reason"]


@pytest.mark.parametrize(("text", "where"), [
    ("import time\nwhile True:\n    time.sleep(9)\n", "within 0.5 seconds while the file is imported"),
    (SMALL.replace("        self.grad = 1.0\n", "        while self.operands: pass\n"), "within 0.5 seconds at a + a"),
    ("import threading, time\nthreading.Thread(target=time.sleep, args=(60,)).start()\n"
     "while True:\n    time.sleep(9)\n", "within 0.5 seconds while")])
def test_an_endless_loop_is_stopped(written, text, where):
    start = time.monotonic()
    report = check_file(written(text), timeout=0.5)
    assert report.status == 2
    assert where in report.text()
    assert time.monotonic() - start < 20


def test_memory_is_limited(written):
    report = check_file(written("x = bytearray(5 * 2**30)\n" + SOURCE))
    assert report.status == 2
    assert "MemoryError" in report.text()


def test_what_a_file_leaves_behind_does_no_harm(written):
    text = SOURCE + "\nimport atexit, threading, time\natexit.register(lambda: time.sleep(60))\n" \
        "threading.Thread(target=time.sleep, args=(60,)).start()\n" \
        "if __name__ == '__main__':\n    raise SystemExit(5)\n"
    start = time.monotonic()
    assert check_file(written(text)).status == 0
    assert time.monotonic() - start < 30


def test_a_file_may_import_its_neighbours_and_none_of_ours(written):
    written(SOURCE, "expressions.py")
    report = check_file(written("from expressions import Value\n", "homework.py"))
    assert report.right
    assert report.notes["imported"] == "expressions"
    assert "imported from expressions and not written in this file" in report.text()


def test_a_crash_deep_down_is_a_note(written):
    crash = SOURCE.replace("def visit(node):", "def visit(node, depth=0):\n            import os\n"
                           "            if depth > 500:\n                os._exit(11)").replace(
                               "visit(operand)", "visit(operand, depth + 1)")
    report = check_file(written(crash))
    assert report.right
    assert "deep" in report.notes


def test_messages_of_a_student_are_one_clean_line(written):
    text = SMALL.replace("        return Value(self.data + other.data, (self, other))",
                         "        raise ValueError('first\\nsecond \\x1b[31m red \\udcff')")
    report = check_file(written(text))
    assert report.status == 1
    assert "+ fails with ValueError: first second �[31m red �" in report.text()
    json.loads(report.as_json())


@pytest.mark.parametrize("line", ["{\"methods\": 3}", "[1]", "{", "{}\\n{\"value\": 1}",
                                  "{\"methods\": [], \"module\": \"\"}\\n[2]"])
def test_results_that_a_file_writes_itself_are_refused(written, line):
    forge = "import sys, os\nfor number in range(3, 20):\n    try:\n        os.write(number, b'FORGED\\n')\n" \
        "    except OSError:\n        pass\n"
    report = check_file(written(forge.replace("FORGED", line) + SOURCE))
    assert report.status == 2
    assert "writes into the results" in report.text()


def test_what_the_command_cannot_do_is_told(written, capsys, tmp_path):
    assert main(["check-engine"]) == 2
    assert "give a file, as in pathgrad check-engine engine.py" in capsys.readouterr().err
    assert main(["check-engine", str(tmp_path / "nothing.py")]) == 2
    assert "there is no such file" in capsys.readouterr().out
    assert main(["check-engine", str(tmp_path)]) == 2
    path = written(SOURCE)
    assert main(["check-engine", path, "--out", "graph.txt"]) == 2
    assert "must end in .svg, .png, .pdf, .dot" in capsys.readouterr().err
    assert main(["check-engine", path, "--timeout", "0"]) == 2
    assert main(["check-engine", path, "--timeout", "nan"]) == 2
    assert main(["check-engine", path, "--frobnicate"]) == 2
    assert "pathgrad check-engine --help" in capsys.readouterr().err
    wrong = written(source("sub adds"))
    assert main(["check-engine", wrong, "--out", str(tmp_path / "no" / "folder.svg")]) == 2
    assert "cannot be written" in capsys.readouterr().err
    assert main(["check-engine", "--help"]) == 0
    assert "Exit code: 0 right, 1 wrong, 2 cannot be used" in capsys.readouterr().out


def test_an_expression_may_still_subtract_engine_from_check(capsys):
    assert main(["check-engine", "check=3", "engine=1", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["value"] == 2.0


@pytest.mark.parametrize("lang", WORDS)
def test_each_reason_is_a_sentence_in_each_language(lang, written):
    report = check_file(written("import sys\nsys.exit()\n"))
    assert WORDS[lang].unusable.format("engine.py") in report.text(lang)
    assert WORDS[lang].reasons["exit"] in report.text(lang)


def test_the_command_speaks_chinese(capsys):
    assert main(["check-engine", "--lang", "zh", "--help"]) == 0
    assert "退出码：0 表示正确，1 表示有错误，2 表示无法评分" in capsys.readouterr().out
    assert main(["check-engine", "--lang", "zh"]) == 2
    assert "请给出文件，如 pathgrad check-engine engine.py" in capsys.readouterr().err
    assert main(["check-engine", "nothing.py", "--lang=zh"]) == 2
    assert "没有这个文件" in capsys.readouterr().out
