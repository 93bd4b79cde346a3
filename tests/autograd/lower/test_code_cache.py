"""Compiled code on the disk: the bits of code that was just compiled, or no use of it at all."""

import math
import os
import pickle
import stat
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

import autograd as ag
from autograd import jit, value_and_grad
from autograd.lower import code_cache, recent_code

pytest.importorskip("llvmlite")
ROOT = Path(__file__).parents[3]
# Long formulas, C functions, arrays, guards, dicts, a buffer's code, which LLVM optimises, and code for many rows.
SCRIPT = """
import sys
import numpy as np
from llvmlite import binding
import autograd as ag
from autograd import jit, value_and_grad

if sys.argv[1] == "kept":
    def refused(*args):
        raise AssertionError("this compiles")
    binding.TargetMachine.emit_object = refused
    find, binding.parse_assembly = binding.parse_assembly, lambda text: refused() if text else find(text)

f = jit(value_and_grad(lambda p, k: sum(ag.sin(x) * ag.exp(y) for x, y in zip(p, p[1:])) + p[0] ** k if k > 0 else k,
                       argnums=(0, 1)), cache=True)
g = jit(lambda d: {"a": ag.gamma(d["x"]), "b": [d["x"] / 3.0, -0.0]}, cache=True)
h = jit(lambda p: p[0] * ag.tanh(p[1]), cache=True)
at, out = np.array([0.5, 1.5]), np.zeros(1)
h.bind(at, out=out)()
found = [f(np.array([0.3, -1.2, 2.5]), 2.5), f(np.array([0.3, -1.2, 2.5]), -2.5), g({"x": 2.75}), out.tolist()]
rows = np.linspace(-2.0, 3.0, 5001)
wave = jit(lambda x, y: ag.sin(x) * y if x > 0 else ag.exp(x) ** 2.5, cache=True)
found += [ag.vmap(wave)(rows, rows).tobytes().hex(), ag.vmap(wave, fast=True)(rows, rows).tobytes().hex(),
          ag.vmap(jit(value_and_grad(lambda w, x: ag.tanh(w * x)), cache=True), (None, 0), reduce="mean")(0.5, rows)[0]]
print([(value, slopes.tolist(), slope) for value, (slopes, slope) in found[:2]], found[2:])
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv(code_cache.VARIABLE, str(tmp_path))
    monkeypatch.setattr(code_cache, "_told", set())
    return tmp_path / "code"


def entries(folder):
    return sorted(folder.glob("*.code"))


def run(f, *args, **options):
    """What code gives that this process has not compiled before."""
    recent_code._kept.clear()
    return jit(f, **{"cache": True} | options)(*args)


def scripts(folder, *words):
    running = [subprocess.Popen([sys.executable, "-W", "error", "-c", SCRIPT, word], cwd=ROOT, stdout=subprocess.PIPE,
                                env=os.environ | {code_cache.VARIABLE: str(folder)}) for word in words]
    found = [(process.communicate(timeout=60)[0], process.returncode) for process in running]
    assert {code for _, code in found} == {0}
    return {text for text, _ in found}


def test_the_next_process_compiles_nothing_and_has_the_same_bits(tmp_path):
    """Processes that begin at once with an empty folder harm each other neither."""
    first = scripts(tmp_path, "first", "beside")
    assert len(first) == 1
    assert scripts(tmp_path, "kept") == first


def test_code_is_never_that_of_a_program_which_differs_in_a_bit(folder):
    numbers = [0.0, -0.0, 1.5, math.nextafter(1.5, 2.0), math.inf, 5e-324, math.nan]
    for again in range(2):
        for c in numbers:
            assert repr(run(lambda x, c=c: x * c + ag.sin(x), 2.0)) == repr(2.0 * c + math.sin(2.0))
            assert repr(run(lambda x, c=c: [x * c, ag.cos(x)], 2.0)) == repr([2.0 * c, math.cos(2.0)])
        if not again:
            count = len(entries(folder))
    assert count == len(entries(folder)) >= 2 * len(numbers)


def test_equal_layouts_of_other_objects_share_code_and_keep_their_objects(folder):
    assert run(lambda x: {"a": x * 2.0, "b": "text"}, 1.0) == {"a": 2.0, "b": "text"}
    count = len(entries(folder))
    assert run(lambda x: {"c": x * 2.0, "d": None}, 1.0) == {"c": 2.0, "d": None}
    assert len(entries(folder)) == count


@pytest.mark.parametrize("damage", [
    lambda data: b"", lambda data: data[:20], lambda data: data[:-1], lambda data: data + b"x", lambda data: b"\x7fELF",
    lambda data: data[:100] + bytes([data[100] ^ 1]) + data[101:], lambda data: data.replace(b"code 1", b"code 0")])
def test_damaged_truncated_and_old_entries_are_ignored_and_replaced(folder, damage):
    def f(x):
        return x * 3.25 + ag.exp(x)

    wanted = run(f, 2.0)
    whole = {path: path.read_bytes() for path in entries(folder)}
    for path, data in whole.items():
        path.write_bytes(damage(data))
    assert run(f, 2.0) == wanted
    rewritten = [path for path, data in whole.items() if path.read_bytes() == data]
    assert rewritten


def test_an_entry_under_another_name_is_ignored(folder):
    assert run(lambda x: x * 3.0, 2.0) == 6.0
    before = set(entries(folder))
    assert run(lambda x: x * 4.0, 2.0) == 8.0
    other, = set(entries(folder)) - before
    for path in before:
        path.write_bytes(other.read_bytes())
    assert run(lambda x: x * 3.0, 2.0) == 6.0


def test_other_versions_and_processors_have_code_of_their_own(folder, monkeypatch):
    from autograd.lower.llvm import native
    run(lambda x: x * 5.0, 2.0)
    count = len(entries(folder))
    for what in ("get_host_cpu_name", "get_default_triple"):
        native._setting.cache_clear()
        with monkeypatch.context() as changed:
            changed.setattr(native.binding, what, lambda: "another")
            native._setting()
            assert run(lambda x: x * 5.0, 2.0) == 10.0
        count += 1
        assert len(entries(folder)) == count
    native._setting.cache_clear()


def test_long_programs_which_are_data_are_not_kept(folder, monkeypatch):
    """Their code holds the address of that data."""
    from autograd.lower.llvm import interpreter
    monkeypatch.setattr(interpreter, "LONG", 10)

    def long(x):
        for i in range(20):
            x = ag.sin(x) * (i + 13.0)
        return x

    wanted = run(long, 0.5, cache=False)
    assert run(long, 0.5) == run(long, 0.5) == wanted
    assert not entries(folder)


def test_a_folder_that_is_none_is_one_warning_and_no_failure(tmp_path, monkeypatch):
    monkeypatch.setattr(code_cache, "_told", set())
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(code_cache.VARIABLE, str(tmp_path / "file"))
    with pytest.warns(RuntimeWarning, match="cannot be kept in .*file.*PATHGRAD_CACHE_DIR") as told:
        found = [run(lambda x, c=c: x * c, 2.0) for c in (6.0, 7.0)]
    assert found == [12.0, 14.0]
    assert len(told) == 1
    assert told[0].filename == __file__


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="a disk that is full by a limit of POSIX")
def test_a_full_disk_is_one_warning_and_leaves_nothing(folder):
    import resource
    run(lambda x: x, 2.0)
    before = sorted(folder.iterdir())
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, limits[1]))
    try:
        with pytest.warns(RuntimeWarning, match="File too large") as told:
            found = [run(lambda x, c=c: x * c, 2.0) for c in (8.0, 9.0)]
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert found == [16.0, 18.0]
    assert len(told) == 1
    assert sorted(folder.iterdir()) == before


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="permissions of POSIX")
def test_code_from_a_folder_that_others_may_write_into_is_not_run(folder):
    run(lambda x: x * 11.0, 2.0)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    folder.chmod(0o777)
    assert code_cache.read(entries(folder)[0].stem) is None
    with pytest.warns(RuntimeWarning, match="chmod 700"):
        assert run(lambda x: x * 11.0, 2.0) == 22.0
    folder.chmod(0o700)
    assert code_cache.read(entries(folder)[0].stem)


def test_the_oldest_entries_make_room(folder, monkeypatch):
    monkeypatch.setattr(code_cache, "MOST", 5000)
    monkeypatch.setattr(code_cache, "_written", 0)
    keys = [f"{i:064x}" for i in range(12)]
    for i, key in enumerate(keys):
        code_cache.write(key, os.urandom(1000))
        os.utime(folder / f"{key}.code", (i, i))
        assert code_cache.read(keys[0])     # and is now the newest
    kept = {key for key in keys if code_cache.read(key)}
    assert {keys[0], *keys[-3:]} == kept
    assert sum(path.stat().st_size for path in entries(folder)) <= 5000


def test_the_folder_follows_the_custom_of_the_platform(monkeypatch):
    monkeypatch.delenv(code_cache.VARIABLE, raising=False)
    monkeypatch.setenv("HOME", "/home/me")
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setattr(sys, "platform", "linux")
    assert code_cache.folder() == Path("/home/me/.cache/pathgrad/code")
    monkeypatch.setenv("XDG_CACHE_HOME", "/var/mine")
    assert code_cache.folder() == Path("/var/mine/pathgrad/code")
    monkeypatch.setattr(sys, "platform", "darwin")
    assert code_cache.folder() == Path("/home/me/Library/Caches/pathgrad/code")
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", "/local")
    assert code_cache.folder() == Path("/local/pathgrad/Cache/code")
    monkeypatch.setenv(code_cache.VARIABLE, "/own")
    assert code_cache.folder() == Path("/own/code")


def test_nothing_is_kept_unless_asked_for_and_by_python(folder):
    assert run(lambda x: x * 12.0, 2.0, cache=False) == run(lambda x: x * 12.0, 2.0, backend="python") == 24.0
    assert not folder.exists()
    with pytest.raises(TypeError, match="True or False"):
        jit(abs, cache="folder")


def test_copies_and_derivatives_of_a_function_keep_its_cache(folder):
    f = pickle.loads(pickle.dumps(jit(value_and_grad(doubled_square), cache=True)))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert f(2.0) == (8.0, 8.0)
    assert f.cache
    count = len(entries(folder))
    assert count
    recent_code._kept.clear()
    assert value_and_grad(jit(doubled_square, cache=True))(3.0) == (18.0, 12.0)      # its slopes are compiled, too
    assert len(entries(folder)) > count


def doubled_square(x):
    return x * x * 2.0
