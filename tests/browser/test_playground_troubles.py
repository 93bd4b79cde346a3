"""What goes wrong in a reader's program is told in words, in both languages, and the next program runs."""

import json
import time

import pytest

from tests.support.playground_page import FOLDER

WORDS = json.loads((FOLDER / "page" / "words.json").read_text("utf-8"))
FINE = "from autograd import Value\na = Value(3.0, label='a')\na * a"
IMPORT = "from autograd import Value\n"
LOOP = "while True:\n    pass"

TOLD = [
    ("x = (1\ny = 2", "Line 1 is not Python: '(' was never closed."),
    ("if True:\nx = 1", "Line 2 is not Python: expected an indented block after 'if' statement on line 1."),
    ("x = 1\n\0", "Line 2 is not Python: source code string cannot contain null bytes."),
    ("x = 1\nreturn x", "Line 2 is not Python: 'return' outside function."),
    ("(" * 5000 + ")" * 5000, "too many nested parentheses|goes deeper than the browser"),
    ("-" * 100_000 + "1", "is not Python|goes deeper than the browser"),
    ("a = Value(2)", "Line 1: NameError: name 'Value' is not defined Begin the program with: "
                     "from autograd import Value"),
    (IMPORT + "a = Value(2)\nb = a + [1]", "Line 3: TypeError:"),
    (IMPORT + "def f(x):\n    return x * missing\n\nf(Value(2))", "Line 3: NameError: name 'missing' is not defined"),
    ("import numpy", "Line 1: ModuleNotFoundError|Only the packages autograd, nn, viz"),
    ("raise KeyError('<b>')", "Line 1: KeyError: '<b>'"),
    ("class Odd(BaseException):\n    def __str__(self): raise self\nraise Odd()", "Line 3: Odd: ?"),
    ("raise KeyboardInterrupt", "Line 1: KeyboardInterrupt"),
    ("", "There is no Value to show."), ("1 + 1", "There is no Value to show."),
    ("exit()", "The program ended itself with exit()"), ("import sys\nsys.exit(3)", "ended itself with exit()"),
    ("def f(n):\n    return f(n + 1)\nf(0)", "Line 2: a function calls itself too often (RecursionError)."),
    ("x = [0] * 10**9", "The program needs more memory than a page has."),
    ("x = bytearray(2**33)", "MemoryError|OverflowError|needs more memory"),
    ("input('name?')", "Line 1: "),
    (IMPORT + "import viz\nviz.write(viz.draw_dot(Value(1.0) * 2), 'a.png')", "a page draws svg and dot only"),
]


def test_each_mistake_is_told_and_the_next_program_runs(playground):
    opened = playground()
    for program, told in TOLD:
        opened.run(program)
        assert any(part in opened.problem() for part in told.split("|")), (program[:80], opened.problem())
        opened.run(FINE)
        assert opened.problem() == "", program
        assert opened.numbers()["a"] == ("3.0", "6.0"), program
    opened.page.click("[data-lang=zh]")
    opened.settle()
    opened.run("x = (1")
    assert opened.problem().startswith("第 1 行不是正确的 Python 语句：")


@pytest.mark.parametrize("loop", [LOOP, "while True:\n    print('x' * 1000)", "def f():\n    f()\nwhile True:\n    "
                                  "try: f()\n    except RecursionError: pass", "10**10**9"])
def test_an_endless_loop_is_stopped_and_told(playground, loop):
    opened = playground()
    took = opened.run(loop, 40)
    assert 10 <= took < 60
    assert opened.problem() == WORDS["en"]["tooSlow"].format(limit=10)
    opened.run(FINE)
    assert opened.problem() == ""


def test_the_stop_button_stops_at_once(playground):
    opened = playground()
    opened.start(LOOP)
    opened.page.wait(lambda: opened.page.find("#stop").is_enabled())
    time.sleep(0.3)
    start = time.monotonic()
    opened.page.click("#stop")
    assert opened.status() == WORDS["en"]["stopped"]
    opened.settle()
    assert time.monotonic() - start < 30
    opened.run(FINE)
    assert opened.numbers()["a"] == ("3.0", "6.0")


@pytest.mark.parametrize(("steps", "lang"), [(400, "en"), (20_000, "zh"), (300_000, "en")])
def test_a_huge_graph_is_folded_or_told(playground, steps, lang):
    opened = playground()
    opened.page.click(f"[data-lang={lang}]")
    opened.settle()
    opened.run(IMPORT + f"x = Value(1.0, label='x')\ny = x\nfor _ in range({steps}):\n    y = y * 0.999 + x\ny", 60)
    if steps < 100_000:
        assert opened.problem() == ""
    else:       # by the speed of the machine
        assert opened.problem() in ("", WORDS[lang]["tooSlow"].format(limit=10),
                                    WORDS[lang]["tooLarge"].format(limit=10, nodes=2 * steps + 1))
    if not opened.problem():
        word = WORDS[lang]["done" if steps < 500 else "still"].format(seconds="|", nodes=2 * steps + 1)
        assert opened.status().endswith(word.partition("|")[2])
        with opened.page.frame("#player") as player:
            assert player.text("svg")
    opened.page.screenshot(f"playground_huge_{steps}_{lang}")
    opened.run(FINE)
    assert opened.problem() == ""


def test_a_wide_graph_that_takes_too_long_to_lay_out_is_told(playground):
    opened = playground()
    wide = IMPORT + ("import viz.graph.truncate as t\nt.too_large = lambda order: False\n"
                     "x = [Value(float(i)) for i in range(60)]\ny = 0.0\n"
                     "for a in x:\n    for b in x:\n        y = y + a * b\ny")
    opened.run(wide, 60)
    assert opened.problem() == WORDS["en"]["tooLarge"].format(nodes=60 + 2 * 3600, limit=10)
    opened.run(FINE)
    assert opened.problem() == ""


def test_a_chain_too_long_to_be_freed_is_told(playground):
    opened = playground()
    opened.run(IMPORT + "y = Value(1.0)\nfor _ in range(100_000):\n    y = y * 0.999\ny = 0", 60)
    assert opened.problem() == WORDS["en"]["tooDeep"]
    opened.run(FINE)
    assert opened.problem() == ""


def test_what_is_printed_is_shown_and_cut(playground):
    opened = playground()
    opened.run(IMPORT + "import sys\nprint('<b>梯度</b>')\nprint('!', file=sys.stderr)\nValue(2.0) * 3")
    assert opened.page.text("#printed pre") == "<b>梯度</b> !"
    opened.run("print('x' * 10**7)")
    assert len(opened.page.text("#printed pre")) < 21_000


def test_a_run_that_is_asked_for_before_python_is_ready_comes_later(page, serve, playground_folder):
    from tests.support.playground_page import Playground
    opened = Playground(page(serve(playground_folder) + "#lang=en&py="))
    opened.page.wait("#run")
    opened.start(FINE)
    opened.page.wait("#player", 15)
    assert opened.numbers()["a"] == ("3.0", "6.0")
