"""`variable_names`: the caller's variables in paths and pictures, whatever stands between the caller and them."""

import gc
import pickle
import subprocess
import sys
import weakref
from dataclasses import dataclass
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
import pytest

import nn
from autograd import Value, paths, variable_names
from viz import draw_dot, play
from viz.mistakes import compare


def names_in(code, **variables):
    """Run code as a user's module; gives the variables that it leaves."""
    space = {"__name__": "users", **variables}
    exec(compile("from autograd import *\nfrom viz import draw_dot\n" + code, "users.py", "exec"), space)
    return space


def name_of(value):
    return variable_names().get(id(value))


def test_an_assigned_result_has_the_name_of_its_variable():
    a, b = Value(2), Value(1)
    c = a + b
    d = b + 1
    e = c * d
    e.backward()
    assert [str(path) for path in paths(e, b)] == ["b -> d -> e   1 × 3 = 3", "b -> c -> e   1 × 2 = 2"]
    source = draw_dot(e).source
    assert all(f"<B>{name}</B>" in source for name in "abcde")
    assert not any(node.label for node in (a, b, c, d, e))


def test_the_result_of_a_network_is_called_so_and_its_weights_as_before():
    model = nn.MLP(2, [3, 1], "tanh", seed=0)
    loss = sum((model([i / 9, 1.0]) - 0.5) ** 2 for i in range(9))
    loss.backward()
    folded, whole = draw_dot(loss).source, draw_dot(loss, collapse=False).source
    assert "<B>loss</B>" in folded      # of the operations behind the network
    assert "<I>loss</I>" in folded
    assert "<B>loss</B>" in whole
    assert "model" not in whole


def test_labels_false_switches_it_off():
    a = Value(2)
    b = a * 3
    assert str(paths(b, a, labels=False)[0]) == "2 -> *   3"
    assert "<B>v1</B>" in draw_dot(b, labels=False).source
    assert "<B>b</B>" not in draw_dot(b, labels=False).source


def test_a_label_wins_and_keeps_its_name_alone():
    a = Value(2, label="first")
    x = a * 3
    y = x * 2
    x.label = "y"
    assert str(paths(y, a)[0]).startswith("first -> y -> y")
    source = draw_dot(y).source
    assert "<B>y</B>" in source
    assert "<B>v1</B>" in source
    assert "₂" not in source


def test_of_two_names_the_one_bound_first():
    space = names_in("a = Value(1)\nb = a\nxs = [Value(2), Value(3)]\nfor x in xs:\n    pass\nfound = variable_names()")
    assert space["found"] == {id(space["a"]): "a", id(space["xs"][0]): "xs[0]", id(space["xs"][1]): "xs[1]"}


class Pair(NamedTuple):
    left: Value
    right: float


@dataclass
class Point:
    x: Value
    tag: str = "p"


@dataclass(slots=True)
class Slotted:
    x: Value


def test_elements_are_called_as_in_code():
    xs, w, grid = [Value(0)], {"bias": Value(0), 3: Value(0), (1, 2): Value(0)}, [[Value(0), Value(0)]]
    pair, point, slotted, space = Pair(Value(0), 1.0), Point(Value(0)), Slotted(Value(0)), SimpleNamespace(k=Value(0))
    array = np.array([[Value(0), Value(0)]], dtype=object)
    found = variable_names()
    wanted = {"xs[0]": xs[0], "w['bias']": w["bias"], "w[3]": w[3], "grid[0][1]": grid[0][1], "pair.left": pair.left,
              "point.x": point.x, "slotted.x": slotted.x, "space.k": space.k, "array[0, 1]": array[0, 1]}
    assert {name: found[id(value)] for name, value in wanted.items()} == {name: name for name in wanted}
    assert id(w[1, 2]) not in found


def test_underscores_and_the_history_of_a_notebook_do_not_count():
    code = "_ = _12 = __hidden = Value(1)\n_oh = Out = {12: _}\nfound = variable_names()"
    assert names_in(code)["found"] == {}
    assert len(names_in("Out = {12: Value(1)}\nfound = variable_names()")["found"]) == 1


def test_the_caller_is_found_in_comprehensions_lambdas_and_generators():
    a = Value(2.0)
    b = a * a
    assert [str(paths(b, a)[0]) for _ in range(1)] == ["a -> b (operand 1)   2"]
    assert next(str(paths(b, v)[0]) for v in [a]).startswith("v -> b")      # as that line calls it
    assert (lambda: str(paths(b, a)[0]))().startswith("a -> b")


def shown(root):
    return draw_dot(root).source


def test_a_function_that_passes_a_value_on_names_nothing_where_its_caller_does():
    y = Value(3.0) * 2
    assert "<B>y</B>" in shown(y)
    assert "<B>root</B>" in shown(Value(3.0) * 2)


def test_an_inner_variable_hides_an_outer_one():
    code = ("a = Value(1)\nb = Value(2)\n"
            "def inner(a):\n    c = a * 2\n    return variable_names(), a, c\n"
            "found, argument, product = inner(b)")
    space = names_in(code)
    found = space["found"]
    assert found[id(space["argument"])] == "a"
    assert found[id(space["product"])] == "c"
    assert id(space["a"]) not in found      # a means another Value there


def test_a_notebooks_kernel_stands_between_cell_and_picture():
    pytest.importorskip("IPython")
    code = ("from IPython.core.interactiveshell import InteractiveShell\n"
            "shell = InteractiveShell.instance()\n"
            "import sys; sys.displayhook = shell.displayhook\n"
            "seen = []\n"
            "shell.display_pub.publish = lambda data, **_: seen.append(data)\n"
            "shell.displayhook.write_format_data = lambda data, *_: seen.append(data)\n"
            "shell.run_cell('from autograd import Value\\na = Value(2)\\nc = a * 3', store_history=True)\n"
            "shell.run_cell('c', store_history=True)\n"
            "shell.run_cell('c', store_history=True)\n"
            "print(*(all(f'>{name}<' in data['image/svg+xml'] for name in 'ac') for data in seen))")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=100)
    assert done.stdout.split()[-2:] == ["True", "True"], done.stderr


class Held:
    pass


def test_no_frame_and_no_variable_lives_longer():
    def function():
        held, a = Held(), Value(2.0)
        b = a * 2
        watch = weakref.ref(held)
        listed, picture = paths(b, a), draw_dot(b)
        del held
        assert watch() is None, "the frame keeps a copy of its variables"
        return listed, picture, watch

    gc.collect()
    gc.disable()
    try:
        listed, _, _ = function()
        assert str(listed[0]) == "a -> b   2"
        assert gc.collect() == 0
    finally:
        gc.enable()


def test_what_locals_gave_to_the_caller_stays():
    a = Value(2.0)
    before = locals()
    assert name_of(a) == "a"
    assert before["a"] is a


def test_a_trace_of_the_caller_keeps_its_variables():
    a = Value(2.0)
    seen = []
    old = sys.gettrace()
    sys.settrace(lambda frame, event, arg: seen.append(event))
    try:
        assert name_of(a) == "a"
    finally:
        sys.settrace(old)
    assert a.data == 2.0


def test_much_data_costs_little():
    numbers, tables = [0.5] * 10**6, {i: [float(i)] * 100 for i in range(10**4)}
    a = Value(2.0)
    assert name_of(a) == "a"
    assert len(numbers) + len(tables) > 10**6


def test_nothing_that_a_user_wrote_is_called():
    class Proxy:
        @property
        def __class__(self):
            raise AssertionError("asked")

        def __getattr__(self, name):
            raise AssertionError(name)

        def __eq__(self, other):
            raise AssertionError("compared")

    class Odd(list):
        def __iter__(self):
            raise AssertionError("iterated")

    proxy, odd, loop = Proxy(), Odd([Value(1)]), []
    loop.append(loop)
    found = variable_names()
    assert found[id(list.__getitem__(odd, 0))] == "odd[0]"
    assert proxy is not odd


def test_a_hostile_key_stays_text():
    d = {"<b>&\"": Value(1.0)}
    source = draw_dot(d["<b>&\""] * 2).source
    assert "d['&lt;b&gt;&amp;" in source


def test_a_named_path_is_the_same_tuple_and_pickles():
    a = Value(2.0)
    b = a * 2
    path = paths(b, a)[0]
    assert path == ((a, b), (2.0,), 2.0, (0,))
    assert path.names == ("a", "b")
    assert pickle.loads(pickle.dumps(path)).names == ("a", "b")


def test_results_of_this_project_give_no_names():
    a = Value(2.0)
    loss = (a * 3) ** 2
    found, ways, outs = compare(loss, "no_zero_grad"), paths(loss, a), nn.Linear(1, 1, seed=0)([a])
    names = variable_names()
    assert names == {id(a): "a", id(loss): "loss", id(outs[0]): "outs[0]"}
    assert "found" not in draw_dot(loss).source
    assert "found.steps" not in play(loss).html
    assert found.steps
    assert ways
