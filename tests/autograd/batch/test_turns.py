"""Machine code gets rows in turns, between which Python sees Ctrl-C; no bit depends on them."""

import os
import signal
import threading
import time

import numpy as np
import pytest

import autograd as ag
from autograd import fori_loop, value_and_grad, vmap, while_loop
from autograd.batch import turns, version
from autograd.batch.turns import Turn
from autograd.lower.backend import Lanes
from autograd.program.program import Program
from tests.support.batches import same_bits

X = np.random.default_rng(0).uniform(0.1, 1.0, 5000)
llvm = pytest.importorskip("autograd.lower.llvm.native_lanes")


def root(x):
    return ag.sin(while_loop(lambda c: abs(c * c - x) > 1e-9, lambda c: 0.5 * (c + x / c), x))


def branches(x):
    return ag.sin(x) * x if x > 0.5 else ag.exp(x)


def long(x):
    return fori_loop(0, 5000, lambda i, c: 0.5 * ag.sin(c) + x, x)


@pytest.fixture
def counts(monkeypatch):
    """The rows of each call of machine code."""
    found = []
    each, add = llvm.NativeLanes.each, llvm.NativeLanes.sum
    monkeypatch.setattr(llvm.NativeLanes, "each", lambda self, *args: (found.append(args[4]), each(self, *args))[1])
    monkeypatch.setattr(llvm.NativeLanes, "sum", lambda self, *args: (found.append(args[4]), add(self, *args))[1])
    return found


@pytest.mark.parametrize("options", [{}, {"reduce": "sum"}, {"threads": 2}, {"reduce": "mean", "threads": 3},
                                     {"fast": True}, {"fast": True, "reduce": "sum"}], ids=str)
@pytest.mark.parametrize("f", [lambda x: ag.sin(x) * x, branches, root])
def test_no_bit_depends_on_the_turns(f, options, counts, monkeypatch):
    f = value_and_grad(f)
    wanted = vmap(f, **options)(X)
    counts.clear()
    monkeypatch.setattr(turns, "WORK", 100)
    assert all(map(same_bits, vmap(f, **options)(X), wanted))
    if not (options.get("fast") and options.get("reduce")) or f.function is branches:
        assert len(counts) > 100
    assert max(counts) <= 64 or options.get("fast")     # whose sums have parts of their own


@pytest.mark.parametrize("options", [{}, {"reduce": "sum"}, {"threads": 2}, {"reduce": "mean", "threads": 2}], ids=str)
def test_ctrl_c_ends_a_long_call_and_the_next_one_works(options):
    run = vmap(long, **options)
    wanted = run(X[:1500])
    main = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
    main.start()
    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        run(np.tile(X, 200))        # half a minute
    assert time.monotonic() - start < 5.0
    main.join()
    assert same_bits(run(X[:1500]), wanted)
    assert len(run.programs) == 1


def test_no_long_call_is_one_of_machine_code_alone(counts, monkeypatch):
    """From the third call on it could be, and would not hear Ctrl-C."""
    run = vmap(lambda x: ag.sin(x) * x)
    for calls in (3, 6):
        monkeypatch.setattr(turns, "WORK", 100 if calls == 3 else 1 << 25)
        counts.clear()
        for _ in range(calls):
            run(X[:2000])
        assert (len(counts) > 100) == (calls == 3)
        assert bool(run.versions.direct and run.versions.direct.calls) == (calls == 6)


def test_a_short_call_is_one_turn_and_a_long_one_fills_vectors():
    program = vmap(long)
    program(X[:2])
    turn = Turn(program.programs[0])
    assert turn.rows(100, frozenset()) == 100
    assert turn.rows(0, frozenset()) == 1
    size = turn.rows(400_000, frozenset())
    assert size % 32 == 0
    assert 32 <= size <= 10_000


def test_what_rows_share_is_not_computed_anew_in_every_turn():
    def heavy(p, x):
        for _ in range(3000):
            p = ag.sin(p) + 0.1
        return p + x
    run = vmap(heavy, in_axes=(None, 0))
    run(0.5, X[:2])
    turn = Turn(run.programs[0])
    assert turn.rows(10**9, frozenset([0])) >= 1 << 23
    assert turn.rows(10**9, frozenset()) < 1 << 15


def test_ctrl_c_while_code_is_compiled_leaves_no_slow_code(monkeypatch):
    run = vmap(branches)
    few = [0.6] * 2000 + [0.4] * 20
    run(few)

    def interrupted(program: Program, *args, **options) -> Lanes:
        raise KeyboardInterrupt

    monkeypatch.setattr(version, "compile_lanes", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run([0.6, *[0.4] * 2000])
    monkeypatch.undo()
    run([0.6, *[0.4] * 2000])
    (root,) = run.versions.roots.values()
    (below,) = root.by_failed_guard.values()
    assert isinstance(below.lanes(), llvm.NativeLanes)
