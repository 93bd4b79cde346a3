"""Programs as C, built by the installed compiler: bit-identical to eager."""

import ctypes
import math
import random
import shutil
import subprocess
from dataclasses import replace

import pytest

import autograd as ag
from autograd import TABLE, primitive, trace
from autograd.lower import c
from autograd.lower.schedule import UnspellableError
from autograd.program.program import Guard, Program
from tests.support import lowered_programs as programs
from tests.support.lowered_programs import GRID, eager, gradient, same

needs_cc = pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler (cc) on this machine")
FLAGS = ("-O2", "-ffp-contract=off", "-fno-builtin", "-Wcomment", "-Wtrigraphs", "-Werror")
OPS = {name: (f, middle) for name, f, middle in programs.functions()}
NAMES = ("d/dx", "exp", "double", "名字", "*/ }", "a\nb", "??/")
LABELS = ("*/ error", "/* // */*/", "a\nb\r\\", "??/", "损失", "\udc80\0", 'x"', "/", "*", "?" * 9)


def build(made, folder):
    """One library of all these Programs; for each a function that gives what C answers, and the outputs."""
    made = {key: replace(program, name=f"n{i} {program.name}") for i, (key, program) in enumerate(made.items())}
    file, library = folder / "programs.c", folder / "programs.so"
    file.write_text("\n".join(map(c.source, made.values())), encoding="ascii")
    subprocess.run(["cc", *FLAGS, "-shared", "-fPIC", "-o", library, file, "-lm"], check=True)
    loaded = ctypes.CDLL(str(library))

    def function(program):
        code = getattr(loaded, c.entry(program))

        def run(*inputs):
            out = (ctypes.c_double * len(program.outputs))(*[7.0] * len(program.outputs))
            return code((ctypes.c_double * len(inputs))(*inputs), out), list(out)

        return run

    return {key: function(program) for key, program in made.items()}


def random_programs(seeds):
    """Of every third with its derivatives, which make most of the work for the compiler."""
    for seed in seeds:
        f, base = programs.random_function(seed)
        yield seed, f, base, gradient(f, base) if seed % 3 == 0 else trace(f, *base)


def newton(s):
    x = s
    while True:
        step = 0.5 * (s / x - x)
        x = x + step
        if abs(step) < 1e-6:
            return x


def long(xs):
    """Longer than a C function may get, with guards in the middle."""
    total, turns = 0.0, 0
    for i in range(300):
        x = xs[i % len(xs)]
        if total > x:
            total, turns = total - x * 0.5, turns + 1
        else:
            total = total + x * x
    return total, xs[0], turns, total


def labelled():
    program = trace(lambda x: ag.sin(x) * 2.0, 1.0)
    count = len(LABELS)
    instructions = [program.instructions[0]] * count
    return Program("labels", LABELS, tuple(instructions), (count,), (), dict(enumerate(LABELS, count)))


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    made = {name: gradient(f, middle) for name, (f, middle) in OPS.items()}
    made |= {seed: program for seed, _, _, program in random_programs(range(300))}
    made["newton"] = trace(newton, 2.0)
    made["long"] = trace(long, [0.5, 1.0, 0.25])
    made["nothing"] = trace(lambda x: 1.0 if x > 0 else 2.0, 3.0)
    made["labels"] = labelled()
    made |= {("name", name): replace(trace(ag.exp, 1.0), name=name) for name in NAMES}
    made["decided"] = Program("decided", (), (), (), (Guard("less", 1.0, 2.0, True), Guard("less", 2.0, 1.0, True)))
    made["constants"] = Program("constants", (), (), tuple(map(float, (*GRID, 0.1, -1e-310))))
    return build(made, tmp_path_factory.mktemp("c"))


@needs_cc
@pytest.mark.parametrize("name", OPS)
def test_every_op_and_its_derivatives_are_eager_ones_to_the_bit(name, built):
    f, middle = OPS[name]
    for point in programs.points(name, len(middle)):
        failed, outputs = built[name](*point)
        assert failed == -1
        assert same(outputs, eager(f, point)), point


def differing(built, some):
    """Random programs whose C is not what eager answers; and how many calls were compared, and refused."""
    wrong, compared, refused = [], 0, 0
    for seed, f, base, program in some:
        for point in programs.around(seed, base):
            failed, outputs = built[seed](*point)
            if failed == -1:
                compared += 1
                want = eager(f, point) if len(outputs) > 1 else [f(*point)]
                if not same(outputs, want) and not programs.asks_nan_for_its_sign(program, point):
                    wrong.append((seed, point))
            else:
                refused += 1
                with pytest.raises(ValueError, match="does not hold"):
                    program(*point)
    return wrong, compared, refused


@needs_cc
def test_random_programs_are_eager_ones_to_the_bit(built):
    wrong, compared, refused = differing(built, random_programs(range(300)))
    assert not wrong
    assert compared > 1000
    assert refused > 10


@needs_cc
@pytest.mark.campaign
def test_ten_thousand_random_programs(tmp_path, figure):
    wrong, compared = [], 0
    for start in range(0, 10_000, 500):
        some = list(random_programs(range(start, start + 500)))
        folder = tmp_path / str(start)
        folder.mkdir()
        found, more, _ = differing(build({seed: program for seed, _, _, program in some}, folder), some)
        wrong, compared = wrong + found, compared + more
    figure("C: random programs, eager to the bit", f"{len(wrong)} of {compared} calls differ")
    assert not wrong


@needs_cc
def test_a_failed_guard_is_named_and_leaves_the_outputs_alone(built):
    assert built["newton"](2.0) == (-1, [newton(2.0)])
    assert built["newton"](2.0001) == (-1, [newton(2.0001)])
    guards = len(trace(newton, 2.0).guards)
    assert guards > 3
    assert built["newton"](1.0) == (0, [7.0])           # converges at once
    assert built["newton"](1e6) == (guards - 1, [7.0])  # not yet
    assert built["newton"](math.nan) == (guards - 1, [7.0])
    assert built["decided"]() == (1, [])
    assert built["nothing"](2.0) == (-1, [1.0])
    assert built["nothing"](-2.0) == (0, [7.0])


@needs_cc
def test_a_long_program_is_split_into_functions(built):
    text = c.source(trace(long, [0.5, 1.0, 0.25]))
    assert text.count("static int") > 1
    assert "malloc" in text
    rng = random.Random(0)
    held = 0
    for point in [(0.5, 1.0, 0.25), *[tuple(x * (1.0 + 1e-4 * rng.random()) for x in (0.5, 1.0, 0.25))
                                      for _ in range(20)]]:
        failed, outputs = built["long"](*point)
        if failed == -1:
            held += 1
            assert outputs == [float(x) for x in long(point)]
        else:
            assert outputs == [7.0] * 4
    assert held > 1


@needs_cc
def test_no_name_or_label_can_break_the_file(built):
    x = 0.5
    assert built["labels"](*[x] * len(LABELS)) == (-1, [ag.sin(x)])
    for name in NAMES:
        assert built["name", name](x) == (-1, [ag.exp(x)])


@needs_cc
def test_constants_come_through_to_the_bit(built):
    failed, outputs = built["constants"]()
    assert failed == -1
    assert same(outputs, [*GRID, 0.1, -1e-310])


@needs_cc
def test_a_compiler_that_would_change_results_is_refused(tmp_path):
    file = tmp_path / "f.c"
    file.write_text(c.source(trace(lambda x: x + 1.0, 1.0)))
    done = subprocess.run(["cc", "-ffast-math", "-fsyntax-only", file], capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "IEEE" in done.stderr


def test_names_stand_in_comments():
    def f(price):
        rate = ag.exp(price)
        rate.label = "rate"
        return rate * 2.0
    text = c.source(trace(f, 1.0))
    assert "in[0]: price" in text
    assert "exp(in[0]);    /* rate */" in text


def test_an_op_that_only_python_can_compute_is_refused():
    odd = primitive("odd_", lambda x: float(int(x)), lambda x, out: 1.0)
    try:
        with pytest.raises(UnspellableError, match="odd_"):
            c.source(trace(odd, 1.0))
    finally:
        del TABLE["odd_"]
