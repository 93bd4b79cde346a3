"""Compiled code, machine code included, is freed with its last reference, without the garbage collector."""

import gc
import subprocess
import sys
import weakref
from pathlib import Path

import numpy as np
import pytest

import autograd as ag
from autograd import TABLE, Value, grad, hessian, hvp, jacobian, jvp, primitive, value_and_grad, vjp
from autograd.lower import recent_code

W = Value(2.0)


def called(f, *calls):
    for args in calls:
        f(*args)
    return f


def map_primal(jit):
    f = jit(lambda x: ag.sin(x) * x / (x + 1.0) if x > 0.0 else x * x)
    for made in (grad, hessian, lambda f: grad(grad(f)), jacobian, value_and_grad):
        called(made(f), (1.0,), (-1.0,))
    hvp(f, 1.0, 2.0), vjp(f, 1.0)[1](1.0), jvp(f, (1.0,), (1.0,))
    f(Value(3.0)).backward()
    return f


def bound(jit, w=1.0):
    f = jit(lambda p: [ag.sin(p[0]) * p[1] * w, p[0]])
    run = f.bind(np.ones(2), out=np.zeros(2))
    run()
    overlapping = np.ones(2)
    f.bind(overlapping, out=overlapping)()
    return f


def traced_with_error(jit):
    f = jit(lambda x: float(x) if x > 0.0 else x)
    f(-1.0)
    with pytest.raises(ag.TraceError):
        f(1.0)
    return f


FACTOR = 2.0
OWN = primitive("freed_", lambda x: x * FACTOR, lambda x, out: FACTOR, composite=True)
del TABLE["freed_"]


def own_op(jit):
    global FACTOR
    f = jit(lambda x: OWN(x) * x)
    for FACTOR in (2.0, 3.0):       # noqa: B007
        grad(f)(1.0)
    return f


MADE = {
    "calls": lambda jit: called(jit(lambda x: 1 / x if x > 0 else x), (1.0,), (-1.0,), (0.0,), (2,), (Value(1.0),)),
    "gradients": lambda jit: called(jit(value_and_grad(lambda x, y: x**y / y)), (1.0, 2.0), (-1.0, 0.0)),
    "hessian": lambda jit: called(jit(hessian(lambda p: p[0] * ag.exp(p[1]))), ([1.0, 2.0],)),
    "gradients through it": map_primal,
    "captured Values": lambda jit: called(jit(lambda x: W * x), (1.0,), (2.0,), (Value(1.0),)),
    "weights": lambda jit: called(jit(value_and_grad(lambda x: W * x, wrt=[W])), (1.0,)),
    "derivatives inside": lambda jit: called(jit(lambda x: grad(ag.sin)(x) + jvp(ag.cos, (x,), (1.0,))[1]), (1.0,)),
    "forms": lambda jit: called(jit(lambda p: {"a": [p, (p[0],)], "b": None}), ([1.0, 2.0],), (np.ones(3),), ((1.0,),)),
    "bind": bound,
    "bind of captured Values": lambda jit: bound(jit, W),
    "an error": traced_with_error,
    "an op of the user's own": own_op,
}


@pytest.mark.parametrize("make", MADE.values(), ids=MADE)
def test_what_is_compiled_is_freed_by_reference_counting_alone(make, jit):
    make(jit)       # what is loaded once
    gc.collect()
    gc.disable()
    try:
        f = make(jit)
        gone = [weakref.ref(f), *(weakref.ref(version.code) for root in f.versions.roots.values()
                                  for _, version, _, _ in root.all())]
        del f
        assert [x() for x in gone] == [None] * len(gone)
        assert len(gone) > 1
        gc.set_debug(gc.DEBUG_SAVEALL)
        gc.collect()
        kinds = {type(x).__module__ for x in gc.garbage}
        assert not any(kind.partition(".")[0] in ("autograd", "llvmlite") for kind in kinds), kinds
        assert not any(getattr(x, "__module__", "").startswith("autograd") for x in gc.garbage)
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()


MEMORY = """
import gc, resource
from autograd import jit, grad, sin
gc.disable()
def once(i):
    f = jit(lambda p: sum(sin(x) * x for x in p) * float(i), backend="{backend}")
    f([1.0] * 40), grad(f)([2.0] * 40)
for i in range({warm}): once(i)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for i in range({count}): once(i)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, gc.collect())
"""


@pytest.mark.parametrize(("warm", "count"), [(15, 25), pytest.param(40, 160, marks=pytest.mark.campaign)])
@pytest.mark.parametrize("backend", ["python", "llvm"])
def test_the_memory_of_what_is_dropped_is_used_again(backend, warm, count):
    if backend == "llvm":
        pytest.importorskip("llvmlite")
    pytest.importorskip("resource")
    done = subprocess.run([sys.executable, "-c", MEMORY.format(backend=backend, warm=warm, count=count)],
                          capture_output=True, text=True, check=True, timeout=120, cwd=Path(__file__).parents[3])
    grown, garbage = map(int, done.stdout.split())
    assert grown < 25 * count, f"{grown} KiB for {count} compilations"       # each takes some 40
    assert garbage < 300        # what was there after the import


@pytest.fixture
def llvm(monkeypatch):
    """llvmlite, where no code that was compiled before is kept for equal Programs."""
    monkeypatch.setattr(recent_code, "_kept", [])
    return pytest.importorskip("llvmlite.binding")


def test_an_interrupt_while_machine_code_is_freed_does_not_free_it_again(llvm, monkeypatch):
    """The process died of that."""
    engine, freed = llvm.executionengine.ExecutionEngine, []
    dispose, detach = engine._dispose, engine.detach

    def disposed(self):
        freed.append(1)
        if len(freed) == 1:
            dispose(self)

    def interrupted(self):
        monkeypatch.setattr(engine, "detach", detach)
        raise KeyboardInterrupt

    f = ag.jit(lambda x: x * x, backend="llvm")
    assert f(3.0) == 9.0
    monkeypatch.setattr(engine, "_dispose", disposed)
    monkeypatch.setattr(engine, "detach", interrupted)
    monkeypatch.setattr(sys, "unraisablehook", lambda raised: None)
    del f
    recent_code._kept.clear()
    assert freed == [1]


def test_no_text_of_llvm_is_freed_where_an_interrupt_would_free_it_again(llvm, monkeypatch):
    """llvmlite forgets a text after it has freed it: a process that was interrupted between the two died."""
    assert ag.jit(lambda x: x * x, backend="llvm")(3.0) == 9.0
    freed, text = [], llvm.ffi.OutputString
    close = text.close

    def noted(self):
        freed.extend([str(self)] if self._ptr else [])
        close(self)

    monkeypatch.setattr(text, "close", noted)
    assert ag.jit(lambda x: x * x + 1.0, backend="llvm")(3.0) == 10.0
    assert not freed
