"""Adapters to the peers: scalar engines, C, CasADi's generated code, and HIPS autograd in its own environment.

A peer that is not installed raises Missing or ImportError; the scripts print it as missing.
"""

import ctypes
import json
import math
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable, Sequence
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, cast

from timing import Engine, Missing

Slopes = Callable[[Sequence[float]], tuple[float, list[float]]]    # the value and the gradient at a point

HERE = Path(__file__).parent
_scratch = TemporaryDirectory(prefix="benchmarks")
_numbers = count(1)


# ---- engines of scalars -------------------------------------------------------------------------


def of_micrograd(f: Callable[[list[Any]], Any]) -> Slopes:
    """``f`` on micrograd's Values."""
    from micrograd.engine import Value

    def slopes(point: Sequence[float]) -> tuple[float, list[float]]:
        x = list(map(Value, point))
        y = f(x)
        y.backward()
        return y.data, [p.grad for p in x]

    return slopes


def micrograd_exp(x: Any) -> Any:
    """exp for micrograd, which has none, written like its own ops."""
    out = type(x)(math.exp(x.data), (x,), "exp")

    def backward() -> None:
        x.grad += out.data * out.grad

    out._backward = backward
    return out


def of_xad(f: Callable[[list[Any]], Any]) -> Slopes:
    """``f`` on XAD's numbers, with one tape for all calls."""
    from xad.adj_1st import Real, Tape
    tape = Tape()

    def slopes(point: Sequence[float]) -> tuple[float, list[float]]:
        with tape:
            x = [Real(p) for p in point]
            tape.registerInputs(x)
            tape.newRecording()
            y = f(x)
            tape.registerOutput(y)
            y.derivative = 1.0
            tape.computeAdjoints()
            result = y.value, [p.derivative for p in x]
            tape.clearAll()
            return result

    return slopes


# ---- C ------------------------------------------------------------------------------------------


def library(source: Path, *flags: str) -> str:
    """A C file, compiled by ``cc``.

    Linked without the flags: with -ffast-math the linker has subnormals flushed in the whole process.
    """
    if not shutil.which("cc"):
        raise Missing("no C compiler called cc")
    path = f"{_scratch.name}/{source.stem}{next(_numbers)}"
    subprocess.run(["cc", "-O3", "-fPIC", "-c", *flags, str(source), "-o", f"{path}.o"], check=True)
    subprocess.run(["cc", "-shared", f"{path}.o", "-o", f"{path}.so", "-lm"], check=True)
    return f"{path}.so"


def by_hand(name: str, *flags: str) -> Any:
    """A function of native.c, through ctypes."""
    function = ctypes.CDLL(library(HERE / "native.c", "-march=native", *flags))[name]
    function.restype = None
    return function


def address(array: Any) -> ctypes.c_void_p:
    """A pointer to a NumPy array's data; it keeps the array alive."""
    pointer: ctypes.c_void_p = array.ctypes.data_as(ctypes.c_void_p)
    return pointer


# ---- CasADi -------------------------------------------------------------------------------------


def casadi_code(function: Any) -> Any:
    """The C code that a CasADi function generates, compiled and loaded."""
    import casadi
    name = f"{function.name()}{next(_numbers)}"
    generator = casadi.CodeGenerator(f"{name}.c")
    generator.add(function)
    generator.generate(f"{_scratch.name}/")
    return casadi.external(function.name(), library(Path(_scratch.name, f"{name}.c")))


def with_buffers(function: Any, inputs: Sequence[Any], outputs: Sequence[Any]) -> Callable[[], object]:
    """A call of a CasADi function that reads and writes these arrays, by CasADi's fastest interface."""
    buffer, trigger = function.buffer()
    trigger.kept = function, buffer, inputs, outputs     # CasADi keeps only their addresses
    for i, array in enumerate(inputs):
        buffer.set_arg(i, memoryview(array))
    for i, array in enumerate(outputs):
        buffer.set_res(i, memoryview(array))
    call: Callable[[], object] = trigger
    return call


# ---- HIPS autograd, whose import name is ours ---------------------------------------------------


@cache
def hips_python(python: str | None) -> str:
    """The interpreter ``python``, which imports HIPS autograd as ``autograd``; else that of a new environment."""
    if not python:
        print("making an environment for HIPS autograd; --hips PYTHON uses one that is there", file=sys.stderr)
        folder = Path(_scratch.name, "hips")
        venv.create(folder, with_pip=True)
        python = str(folder / ("Scripts" if os.name == "nt" else "bin") / "python")
        made = subprocess.run([python, "-m", "pip", "install", "-q", "autograd"], capture_output=True, text=True)
        if made.returncode:
            raise Missing("pip could not install it: " + (made.stderr.strip().splitlines() or ["no reason"])[-1])
    elif not shutil.which(python):
        raise Missing(f"{python} is no interpreter")
    return python


class Hips:
    """One task of hips.py in that interpreter."""

    def __init__(self, python: str | None, task: str, data: Any) -> None:
        environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        process = subprocess.Popen([hips_python(python), str(HERE / "hips.py")], text=True, env=environment,
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=_scratch.name)
        self.process, self.words, self.answers = process, cast(IO[str], process.stdin), cast(IO[str], process.stdout)
        self.say([task, data])

    def say(self, line: Any) -> Any:
        """Send a line and return the answer."""
        self.words.write(json.dumps(line) + "\n")
        self.words.flush()
        answer = self.answers.readline()
        if not answer:
            raise Missing("it does not answer; its last words are above")
        return json.loads(answer)


def of_hips(python: str | None, task: str, data: Any, repetitions: int, calls: int = 1) -> Engine:
    """A task in HIPS autograd; the time covers one message and ``repetitions`` runs of ``calls`` calls each."""
    hips = Hips(python, task, data)
    return Engine(lambda: hips.say(repetitions), lambda _: hips.say("numbers"), calls=repetitions * calls)
