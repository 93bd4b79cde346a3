"""Loops of Programs on JAX: what the checks of jax_process.py ask of them."""

import random
import time

import jax
import jax.numpy as jnp
import numpy as np
from jax.sharding import Mesh, NamedSharding, PartitionSpec

import autograd as ag
from autograd import fori_loop, grad, hessian, scan, trace, value_and_grad, while_loop
from autograd.lower.jax import checks, lower
from autograd.transforms.pytree import flatten
from tests.support import loop_programs as programs

POINT = [9.8, 0.3]


def pendulum(steps, checkpoint="all"):
    """The end of a pendulum, by its parameters; leapfrog."""
    h = 5.0 / steps

    def end(p):
        def step(i, c):
            angle, speed = c
            speed = speed - h * (p[0] * ag.sin(angle) + p[1] * speed)
            return angle + h * speed, speed

        angle, speed = fori_loop(0, steps, step, (1.0, 0.0), checkpoint=checkpoint)
        return angle**2 + speed

    return end


def clipped(p):
    return fori_loop(0, 12, lambda i, c: c * p[1] + 0.2 * i if c < p[0] else ag.sin(c), p[0] * 0.5)


def newton(p):
    return while_loop(lambda x: abs(x * x - p[0]) > 1e-12, lambda x: 0.5 * (x + p[0] / x) if x < 1e9 else x, 4.0 * p[1])


def as_often(p):
    return fori_loop(0, ag.floor(p[0]), lambda i, c: c * 1.5 + i, p[1])


def path(p):
    last, ys = scan(lambda c, z: (c * p[1] + z, ag.sin(c) * z), p[0], [0.3, p[1], -0.2, p[0], 0.5])
    return last + sum(y**2 for y in ys)


def inside(p):
    def step(i, c):
        return while_loop(lambda d: d < 10.0, lambda d: d * 3, abs(c) + 1) * 0.1 + fori_loop(
            0, 2, lambda j, d: ag.sin(d) * p[1] + j, c)

    return fori_loop(0, 3, step, p[0])


def floored(p, checkpoint="all"):
    return fori_loop(0, 4, lambda i, c: ag.relu(c) * p[0] + p[1], p[0], checkpoint=checkpoint)


def bent(p):
    return fori_loop(0, 4, lambda i, c: ag.maximum(c * p[1] if c > 2.0 else c * 0.7, p[0]) - p[1], p[0])


def twins(p):
    def step(i, c):
        return ag.relu(c[0] - i) * p[1] + c[1], ag.clip(c[1] * p[0], -3.0, 3.0)

    a, b = fori_loop(0, 3, step, (p[0], p[0]))
    return a * b


def used_again(p):
    return fori_loop(0, 3, lambda i, c: ag.relu(c - 1.5 * i) * 0.5 + p[1], p[0]) * p[0]


def snapshots(p):
    return floored(p, 2)


# a first carry with other uses, and adjoints that may be absent
SHARED = [floored, bent, twins, used_again, snapshots]


def mapped(functions, whole=False):
    """Rows on four devices, all functions in one piece of machine code; and eagerly."""
    rows = np.array(POINT) * (1.0 + 0.1 * np.random.default_rng(2).random((8, 2)))
    lowered = [lower(trace(f, POINT)) for f in functions]
    mesh = Mesh(np.array(jax.devices()), ("rows",))
    there = jax.device_put(rows, NamedSharding(mesh, PartitionSpec("rows")))
    out = jax.jit(jax.vmap(lambda row: jnp.concatenate([jnp.stack(f(row)) for f in lowered])))(there)
    yield "devices", len(out.sharding.device_set), 4
    by_hand = jax.shard_map(jax.vmap(lambda row: jnp.concatenate([jnp.stack(f(row)) for f in lowered])), mesh=mesh,
                            in_specs=PartitionSpec("rows"), out_specs=PartitionSpec("rows"))
    if whole:
        yield "shard_map", jax.jit(by_hand)(there).tolist(), out.tolist()
    yield "rows", out.tolist(), [[x for f in functions for x in flatten(f(row))[0]]
                                 for row in rows.tolist()]


def loops():
    """A few loops of each kind; what is refused; and how much there is to compile."""
    yield from mapped([value_and_grad(pendulum(50, checkpoint=7)), clipped, newton, path, *map(grad, SHARED)])
    yield "shown steps", [len(jax.make_jaxpr(lower(trace(grad(pendulum(n)), POINT)))(POINT).pretty_print().split("\n"))
                    for n in (5, 5000)], None
    untaken = trace(lambda p: fori_loop(0, 3, lambda i, c: c * p[1] if c > 0 else -c, p[0]), [2.0, 1.5])
    yield "untaken", [checks(untaken)([x, 0.5]).item() for x in (1.0, -1.0)], [True, False]
    yield "nan", [jnp.isnan(lower(untaken)([x, 0.5])[0]).item() for x in (1.0, -1.0)], [False, True]
    yield "arrays", lower(untaken)([[1.0, 3.0], 0.5])[0].tolist(), [0.125, 0.375]
    try:
        lower(trace(grad(newton), POINT))
    except Exception as error:
        yield "refusal", f"{type(error).__name__}: {error}", None


def campaign(seeds):
    """Every kind of loop with its derivatives, on four devices in both ways; thousands of steps; random loops."""
    kinds = [clipped, path, pendulum(30), pendulum(30, checkpoint=4)]
    yield from mapped([*map(value_and_grad, [*kinds, as_often]), *map(hessian, [*kinds, *SHARED]), newton, as_often,
                       inside], True)
    f = pendulum(5000)
    yield "own gradient", [x.item() for x in jax.jit(jax.grad(lambda p: lower(trace(f, POINT))(p)[0]))(POINT)], \
        grad(f)(POINT)
    for steps, checkpoint in ((50, "all"), (5000, "all"), (5000, 50)):
        f = pendulum(steps, checkpoint)
        lowered = jax.jit(lower(trace(value_and_grad(f), POINT))).lower(POINT)
        start = time.process_time()
        made = lowered.compile()
        yield f"{steps}, {checkpoint}", [time.process_time() - start, made.memory_analysis().temp_size_in_bytes], None
        yield f"{steps}, {checkpoint}, numbers", [x.item() for x in made(POINT)], flatten(value_and_grad(f)(POINT))[0]
    for seed in seeds:
        f, plain = [programs.function(random.Random(seed), loops) for loops in (ag, programs.PlainLoops)]
        program = trace(value_and_grad(f), [0.3, -0.7, 1.1])
        try:
            made = lower(program)
        except ag.AutogradError:        # of a loop whose count is computed
            program = trace(f, [0.3, -0.7, 1.1])
            made, eager = lower(program), plain
        else:
            eager = value_and_grad(plain)
        rows = np.array([[0.3, -0.7, 1.1], [0.5, -0.2, 0.9], [-1.0, 0.3, 0.2], [0.3, -0.71, 1.12]])
        out, held = jax.jit(jax.vmap(lambda row, made=made, program=program: (
            jnp.stack(made(row)), checks(program)(row))))(rows)
        yield f"random {seed}", out[held].tolist(), [
            flatten(eager(row))[0] for row in rows[np.array(held)].tolist()]
        yield f"random {seed} elsewhere", [held[0].item(), jnp.isnan(out[~held]).all().item()], [True, True]
