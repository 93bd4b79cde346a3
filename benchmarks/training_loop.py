"""Compiled step in a loop: 10,000 training steps of a network with two inputs, two hidden neurons and two outputs.

python benchmarks/training_loop.py [--only NAME ...] [--hips PYTHON]

Eight weights, sigmoid, half the sum of squared errors, plain gradient descent. A Python loop calls each
engine's step, unless the engine's name says otherwise. The final weights of all engines are compared, and
ours also with the published outputs of this network.
"""

import math
from collections.abc import Callable, Sequence
from functools import partial
from itertools import repeat
from typing import Any

import numpy
import peers
from formulas import BIASES, INPUTS, RATE, TARGETS, WEIGHTS, loss, outputs, updated
from timing import Engine, Missing, agree, contest, deep, goal, machine, options, present

import autograd

STEPS = 10_000
TRAINED = [3.510187782978859e-05, 0.01591362044355068, 0.9840642735146238]     # the loss and both outputs
LIST, BUFFERS, LOOP = "ours, llvm, list in", "ours, llvm, buffers", "ours, fori_loop"
JAX, C = "jax, fori_loop", "C by hand, the whole loop"


def sigmoid_by(exp: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A sigmoid for an engine without one."""
    def sigmoid(z: Any) -> Any:
        return (1.0 + exp(-z)) ** -1

    return sigmoid


def in_a_loop(step: Callable[[Any], Any], steps: int, start: Any = WEIGHTS) -> Callable[[], Any]:
    def call() -> Any:
        w = start
        for _ in repeat(None, steps):
            w = step(w)
        return w

    return call


def to_and_fro(there: Callable[[], object], back: Callable[[], object], w: Any, steps: int) -> Engine:
    """The loop, for a pair of steps that read one buffer and write the other."""
    def call() -> None:
        w[:] = WEIGHTS
        for _ in repeat(None, steps // 2):
            there()
            back()

    return Engine(call, lambda _: w.tolist(), compiles=True)


def our_step(w: Sequence[Any]) -> list[Any]:
    return updated(w, autograd.grad(lambda w: loss(w, autograd.sigmoid))(w))


def ours(steps: int, backend: str) -> Engine:
    return Engine(in_a_loop(autograd.jit(our_step, backend=backend), steps), compiles=True)


def ours_with_buffers(steps: int) -> Engine:
    step: Any = autograd.jit(our_step, backend="llvm")
    if not hasattr(step, "bind"):
        raise Missing("this version has no bind")
    w, other = numpy.array(WEIGHTS), numpy.empty(len(WEIGHTS))
    return to_and_fro(step.bind(w, out=other), step.bind(other, out=w), w, steps)


def ours_as_one_loop(steps: int) -> Engine:
    train = autograd.jit(lambda w: autograd.fori_loop(0, steps, lambda _, w: our_step(w), w))
    return Engine(lambda: train(WEIGHTS), compiles=True)


def eager(steps: int) -> Engine:
    return Engine(in_a_loop(our_step, steps))


def of_slopes(slopes: peers.Slopes, steps: int, cycles: bool = False) -> Engine:
    return Engine(in_a_loop(lambda w: updated(w, slopes(w)[1]), steps), cycles=cycles)


def micrograd(steps: int) -> Engine:
    return of_slopes(peers.of_micrograd(lambda w: loss(w, sigmoid_by(peers.micrograd_exp))), steps, cycles=True)


def xad(steps: int) -> Engine:
    import xad.math
    return of_slopes(peers.of_xad(lambda w: loss(w, sigmoid_by(xad.math.exp))), steps)


def torch(steps: int) -> Engine:
    import torch
    x, targets = torch.tensor([INPUTS, TARGETS], dtype=torch.float64)

    def call() -> Any:
        first, second = torch.tensor(WEIGHTS, dtype=torch.float64).reshape(2, 2, 2)
        layers = [first.clone().requires_grad_(), second.clone().requires_grad_()]
        for _ in repeat(None, steps):
            hidden = torch.sigmoid(layers[0] @ x + BIASES[0])
            error = targets - torch.sigmoid(layers[1] @ hidden + BIASES[1])
            (0.5 * (error * error).sum()).backward()
            with torch.no_grad():
                for layer in layers:
                    layer -= RATE * layer.grad
                    layer.grad = None
        return [layer.detach() for layer in layers]

    return Engine(call)


def jax_step() -> Callable[[Any], Any]:
    import jax
    jax.config.update("jax_enable_x64", True)
    gradient = jax.grad(lambda w: loss(w, jax.nn.sigmoid))
    return lambda w: w - RATE * gradient(w)


def jax_in_a_loop(steps: int) -> Engine:
    import jax
    return Engine(in_a_loop(jax.jit(jax_step()), steps, jax.numpy.array(WEIGHTS)), compiles=True)


def jax_compiled_loop(steps: int) -> Engine:
    import jax
    step = jax_step()
    train = jax.jit(lambda w: jax.lax.fori_loop(0, steps, lambda _, w: step(w), w))
    return Engine(lambda: jax.block_until_ready(train(jax.numpy.array(WEIGHTS))), compiles=True)


def casadi(steps: int, lower: Callable[[Any], Any]) -> Engine:
    import casadi
    w = casadi.SX.sym("w", len(WEIGHTS))
    gradient = casadi.gradient(loss(casadi.vertsplit(w), sigmoid_by(casadi.exp)), w)
    step = lower(casadi.Function("step", [w], [casadi.densify(w - RATE * gradient)]))
    one, other = numpy.array(WEIGHTS), numpy.empty(len(WEIGHTS))
    return to_and_fro(peers.with_buffers(step, [one], [other]), peers.with_buffers(step, [other], [one]), one, steps)


def by_hand(steps: int) -> Engine:
    function = peers.by_hand("train")
    w = numpy.empty(len(WEIGHTS))

    def call() -> None:
        w[:] = WEIGHTS
        function(steps, peers.address(w))

    return Engine(call, lambda _: w.tolist(), compiles=True)


def python_by_hand(steps: int) -> Engine:
    """Without any engine: floats, and derivatives worked out by hand."""
    def step(w: list[float]) -> list[float]:
        (x, y), (s, t), (b, c), exp = INPUTS, TARGETS, BIASES, math.exp
        g, h = 1.0 / (1.0 + exp(-(w[0] * x + w[1] * y + b))), 1.0 / (1.0 + exp(-(w[2] * x + w[3] * y + b)))
        o, p = 1.0 / (1.0 + exp(-(w[4] * g + w[5] * h + c))), 1.0 / (1.0 + exp(-(w[6] * g + w[7] * h + c)))
        at_o, at_p = RATE * (o - s) * o * (1.0 - o), RATE * (p - t) * p * (1.0 - p)
        at_g = (at_o * w[4] + at_p * w[6]) * g * (1.0 - g)
        at_h = (at_o * w[5] + at_p * w[7]) * h * (1.0 - h)
        return [w[0] - at_g * x, w[1] - at_g * y, w[2] - at_h * x, w[3] - at_h * y,
                w[4] - at_o * g, w[5] - at_o * h, w[6] - at_p * g, w[7] - at_p * h]

    return Engine(in_a_loop(step, steps))


def main() -> None:
    chosen = options(__doc__).parse_args()
    trained = in_a_loop(our_step, STEPS)()
    agree({"published": TRAINED, "ours": [loss(trained, autograd.sigmoid), *outputs(trained, autograd.sigmoid)]}, 1e-14)
    makers = present({
        LIST: partial(ours, backend="llvm"),
        BUFFERS: ours_with_buffers,
        LOOP: ours_as_one_loop,
        "ours, python": partial(ours, backend="python"),
        "ours, eager": eager,
        "micrograd": micrograd,
        "XAD": xad,
        "HIPS autograd": lambda steps: peers.of_hips(chosen.hips, "training_loop", steps, 1),
        "PyTorch": torch,
        "jax": jax_in_a_loop,
        JAX: jax_compiled_loop,
        "CasADi, virtual machine": partial(casadi, lower=lambda step: step),
        "CasADi, C": partial(casadi, lower=peers.casadi_code),
        "Python by hand": python_by_hand,
        C: by_hand,
    }, 10, chosen.only)
    print(f"Training loop, milliseconds for {STEPS:,} steps and ratios to ours; medians; {machine()}\n")
    times = contest(makers, STEPS, chosen.rounds, 1e-12, ("ms", 1e3), [LOOP, BUFFERS, LIST], little=2)
    goal("one fori_loop within 2 times C by hand", times, LOOP, C, 2.0)
    goal("jax fori_loop takes >= 1.5 times as long", times, JAX, LOOP, 1.5, least=True)


if __name__ == "__main__":
    deep(main)
