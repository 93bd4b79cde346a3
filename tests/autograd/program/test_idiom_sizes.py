"""How many instructions the compiled value and gradient of a common idiom take; no simplification changes a bit."""

import math
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest

import autograd as ag
from autograd import Value, jit, value_and_grad
from autograd.program.simplification import expand
from tests.support.bit_identity import same

EDGES = [math.nan, math.inf, -math.inf, 0.0, -0.0, 5e-324, -5e-324, 0.5, -0.5, 1.0, -1.0, 1.7e308, -1.7e308]
MOST: dict[str, tuple[int, Callable[..., Any]]] = {
    "relu": (5, ag.relu), "abs": (5, abs), "leaky_relu": (5, ag.leaky_relu), "leaky_relu of 0.2":
    (5, lambda x: ag.leaky_relu(x, 0.2)), "maximum with 0.5": (7, lambda x: ag.maximum(x, 0.5)), "minimum with 0.5":
    (9, lambda x: ag.minimum(0.5, x)), "clip": (8, lambda x: ag.clip(x, -0.5, 0.5)), "maximum": (10, ag.maximum),
    "minimum": (10, ag.minimum), "clip between Values": (15, ag.clip),
    "gelu": (115, ag.gelu), "silu": (36, ag.silu), "hypot": (200, ag.hypot), "power": (133, pow),
    "softplus": (12, ag.softplus), "tanh": (13, ag.tanh)}


def gradient(f: Callable[..., Any], arguments: int) -> Any:
    return value_and_grad(f, argnums=tuple(range(arguments)) if arguments > 1 else 0)


def arguments(name: str) -> int:
    return 3 if name == "clip between Values" else 2 if name in ("maximum", "minimum", "hypot", "power") else 1


@pytest.mark.parametrize("name", MOST)
def test_a_value_and_its_slopes_take_few_instructions(name: str) -> None:
    most, f = MOST[name]
    compiled = jit(gradient(f, arguments(name)))
    compiled(*[0.3, 0.4, 0.5][:arguments(name)])
    assert len(expand(compiled.programs[0]).instructions) <= most


@pytest.mark.parametrize("backend", ["python", "llvm"])
@pytest.mark.parametrize("name", MOST)
def test_and_stay_eager_s_to_the_bit(name: str, backend: str) -> None:
    f = MOST[name][1]
    compiled = jit(gradient(f, arguments(name)), backend=backend)
    second = jit(lambda *xs: ag.grad(lambda x: ag.grad(lambda z: f(z, *xs[1:]) * z)(x) * x)(xs[0]), backend=backend)
    for args in product(EDGES, repeat=arguments(name)):
        assert same(compiled(*args), gradient(f, arguments(name))(*args)), args
        eager = ag.grad(lambda x, args=args: ag.grad(lambda z: f(z, *map(Value, args[1:])) * z)(x) * x)(args[0])
        assert same(second(*args), eager), args


def test_a_network_of_relus_takes_few_instructions_per_unit() -> None:
    compiled = jit(value_and_grad(lambda w: ag.sum([ag.relu(x * 0.7 + 0.1) for x in w])))
    compiled([0.1 * i for i in range(50)])
    assert len(expand(compiled.programs[0]).instructions) <= 50 * 11


@pytest.mark.parametrize("name", ["add", "mul", "sub", "truediv", "pow", "exp", "relu", "__neg__", "__rsub__"])
def test_no_grad_computes_what_recording_does(name: str) -> None:
    operator = name if name.startswith("__") or name in ("exp", "relu") else f"__{name}__"
    one = name in ("exp", "relu", "__neg__")
    for x, y in product(EDGES, EDGES if not one else [0.0]):
        for other in (y, Value(y)) if name != "__rsub__" else (y,):
            rest = () if one else (other,)
            recorded = getattr(Value(x), operator)(*rest)
            with ag.no_grad():
                plain = getattr(Value(x), operator)(*rest)
            assert plain.op is None
            assert same(plain.data, recorded.data), (x, y)
