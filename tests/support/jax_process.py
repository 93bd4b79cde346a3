"""The checks of test_jax.py in a process of its own, because JAX fixes its number of devices once."""

import json
import sys

import jax
import jax.numpy as jnp
import numpy as np
from jax.sharding import Mesh, NamedSharding, PartitionSpec

try:
    from jax import shard_map
except ImportError:     # before 0.6
    from jax.experimental.shard_map import shard_map

import autograd as ag
from autograd import trace, value_and_grad
from autograd.lower.jax import checks, lower
from tests.support import jax_loops
from tests.support import lowered_programs as programs
from tests.support.lowered_programs import eager, gradient, ulps

LEAST = 2.2250738585072014e-308     # XLA takes what is smaller for 0


def table(drawn):
    """For each op, jitted, the worst difference of the value and of each derivative; and where it is."""
    made, inputs, points = {}, {}, {}
    for name, f, middle in programs.functions():
        tried = [point for point in programs.points(name, len(middle), drawn=drawn)
                 if not any(0.0 < abs(x) < LEAST for x in point)]
        points[name], size = tried, 1 << (len(tried) - 1).bit_length()
        inputs[name] = list(np.resize(np.array(tried), (size, len(middle))).T)
        made[name] = lower(gradient(f, middle))
    outputs = jax.jit(lambda xs: {name: made[name](xs[name]) for name in made})(inputs)
    found = {}
    for name, f, _ in programs.functions():
        got = np.array(outputs[name])
        worst, where = 0, None
        for i, point in enumerate(points[name]):
            for a, b in zip(map(float, got[:, i]), eager(f, point), strict=True):
                if (max(abs(a), abs(b)) >= LEAST and ulps(a, b) > worst) or (a != a) != (b != b):
                    worst, where = ulps(a, b), repr((point, a, b))
        found[name] = worst, where
    return found


def some_random(count):
    """What random programs, jitted fifty at a time, give at their points."""
    found = {}
    for start in range(0, count, 50):
        made = {seed: programs.random_function(seed) for seed in range(start, start + 50)}
        lowered = {seed: lower(gradient(f, base)) for seed, (f, base) in made.items()}
        run = jax.jit(lambda inputs, lowered=lowered: {seed: f(inputs[seed]) for seed, f in lowered.items()})
        outputs = run({seed: list(base) for seed, (_, base) in made.items()})
        found |= {seed: [float(x) for x in numbers] for seed, numbers in outputs.items()}
    return found


def payoff(xs):
    spot, strike, vol = xs
    d = (ag.log(spot / strike) + 0.5 * vol * vol) / vol
    call = spot * ag.normal_cdf(d) - strike * ag.normal_cdf(d - vol)
    return call + ag.tanh(d) * ag.stop_gradient(spot) + strike**2 * vol**0.5


def transforms():
    """JAX's jit, grad and vmap of a Program, against the engine."""
    point, rng = [1.2, 1.0, 0.3], np.random.default_rng(0)
    f = lower(trace(payoff, point))
    value, slopes = value_and_grad(payoff)(point)
    batch = [np.array(x) * (1.0 + 0.1 * rng.random(8)) for x in point]
    each = [value_and_grad(payoff)([float(x[i]) for x in batch]) for i in range(8)]
    one = jax.jit(jax.value_and_grad(lambda xs: f(xs)[0]))
    mapped = jax.jit(jax.vmap(jax.value_and_grad(lambda xs: f(xs)[0])))
    row = jax.jit(jax.vmap(lambda row: jnp.stack(f(row))))(np.array(batch).T)
    yield "one", [float(x) for x in jax.tree.leaves(one(point))], [value, *slopes]
    yield "mapped", [x.tolist() for x in jax.tree.leaves(mapped(batch))], \
        [[value for value, _ in each], *[[slopes[k] for _, slopes in each] for k in range(3)]]
    yield "broadcast", f([batch[0], 1.0, 0.3])[0].tolist(), [payoff([float(x), 1.0, 0.3]) for x in batch[0]]
    yield "rows", row[:, 0].tolist(), [value for value, _ in each]

    mesh = Mesh(np.array(jax.devices()), ("batch",))
    spread = [jax.device_put(x, NamedSharding(mesh, PartitionSpec("batch"))) for x in batch]
    out = jax.jit(f)(spread)[0]
    yield "sharded", out.tolist(), [value for value, _ in each]
    yield "devices", [len(out.sharding.device_set)], [4]
    total = jax.jit(jax.grad(lambda xs: jnp.sum(f(xs)[0])))(spread)
    yield "sharded grad", [x.tolist() for x in total], [[slopes[k] for _, slopes in each] for k in range(3)]


def spread():
    """The Program of the value and slopes, mapped over rows that lie on four devices; and its mean over all rows."""
    point, rng = [1.2, 1.0, 0.3], np.random.default_rng(1)
    f = lower(trace(value_and_grad(payoff), point))
    rows = np.array(point) * (1.0 + 0.1 * rng.random((64, 3)))
    each = [value_and_grad(payoff)(row.tolist()) for row in rows]
    wanted = np.array([[value, *slopes] for value, slopes in each])
    mesh = Mesh(np.array(jax.devices()), ("rows",))
    there = jax.device_put(rows, NamedSharding(mesh, PartitionSpec("rows")))
    mapped = jax.vmap(lambda row: jnp.stack(f(row)))
    out = jax.jit(mapped)(there)
    yield "devices", [len(out.sharding.device_set), [shard.data.shape[0] for shard in out.addressable_shards]], \
        [4, [16] * 4]
    yield "rows", out.tolist(), wanted.tolist()
    shared = jax.jit(jax.vmap(lambda spot, rest: jnp.stack(f([spot, *rest])), in_axes=(0, None)))(
        there[:, 0], jnp.array(point[1:]))
    alone = [value_and_grad(payoff)([spot, *point[1:]]) for spot in rows[:, 0].tolist()]
    yield "shared", shared.tolist(), [[value, *slopes] for value, slopes in alone]
    yield "mean", jax.jit(lambda rows: jnp.mean(mapped(rows), axis=0))(there).tolist(), wanted.mean(axis=0).tolist()
    by_hand = jax.jit(shard_map(mapped, mesh=mesh, in_specs=PartitionSpec("rows"), out_specs=PartitionSpec("rows")))
    yield "shard_map", by_hand(there).tolist(), wanted.tolist()
    program = trace(value_and_grad(branching), 0.5)
    xs = jax.device_put(np.linspace(0.0, 1.75, 8), NamedSharding(mesh, PartitionSpec("rows")))
    ways = [1.0] * 4 + [0.0] * 4        # a guard holds on two devices and fails on the others
    yield "guards", jax.jit(jax.vmap(lambda x: checks(program)([x])))(xs).astype(float).tolist(), ways
    held = jax.jit(jax.vmap(lambda x: jnp.stack(lower(program)([x]))))(xs)
    yield "held", held[:4].tolist(), [[x * x, 2.0 * x] for x in xs[:4].tolist()]
    yield "failed", jnp.isnan(held[4:]).all().astype(float).tolist(), 1.0


def branching(x):
    return x * x if x < 1.0 else ag.sin(x)


def guards():
    """What comes out where a guard does not hold."""
    program = trace(branching, 0.5)
    f, xs = lower(program), np.array([0.5, 2.0, np.nan])
    yield "values", jax.jit(f)([xs])[0].tolist()
    yield "derivatives", jax.vmap(jax.grad(lambda x: f([x])[0]))(xs).tolist()
    yield "second", jax.vmap(jax.grad(jax.grad(lambda x: f([x])[0])))(xs).tolist()
    yield "checks", jax.jit(checks(program))([xs]).tolist()
    yield "no guards", checks(trace(lambda x: x * 2.0, 1.0))([xs]).tolist()
    yield "constant", jax.jit(lower(trace(lambda x: 1.0 if x > 0 else 2.0, 1.0)))([xs - 1.0])[0].tolist()


def pendulum(xs):
    angle, speed = xs
    for _ in range(60):
        speed = speed - 0.1 * ag.sin(angle)
        angle = angle + 0.1 * speed
    return angle * angle + speed


def regions():
    """A long Program: how long the stretches between barriers are, and what it gives."""
    point = [1.0, 0.5]
    f, slopes = lower(trace(pendulum, point)), lower(trace(value_and_grad(pendulum), point))
    stretch, longest, barriers = 0, 0, 0
    for equation in jax.make_jaxpr(slopes)(point).eqns:
        border = equation.primitive.name == "optimization_barrier"
        barriers, stretch = barriers + border, 0 if border else stretch + 1
        longest = max(longest, stretch)
    yield "barriers", barriers
    yield "longest", longest
    value, expected = value_and_grad(pendulum)(point)
    batch = [np.array([1.0, 1.0]), np.array([0.5, 0.5])]
    each = jax.vmap(jax.value_and_grad(lambda x: f(x)[0]))(batch)
    yield "numbers", [([float(x) for x in jax.jit(slopes)(point)], [value, *expected]),
                      ([float(x[1]) for x in jax.tree.leaves(each)], [value, *expected])]


def error(f, *args):
    try:
        f(*args)
    except Exception as caught:
        return f"{type(caught).__name__}: {caught}"
    return "no error"


def refusals():
    odd = ag.primitive("std", lambda x: float(int(x)), lambda x, out: 1.0)      # a name that NumPy has, too
    yield "op", error(lower, trace(odd, 1.0))
    del ag.TABLE["std"]
    f = lower(trace(branching, 0.5))
    yield "count", error(f, [1.0, 2.0])
    jax.config.update("jax_enable_x64", False)
    yield "32 bits", error(f, [0.5])
    yield "32 bits, jitted", error(jax.jit(f), [0.5])
    yield "left alone", str(jax.config.jax_enable_x64)


def main():
    jax.config.update("jax_enable_x64", True)
    if sys.argv[1] == "campaign":
        json.dump({"table": table(3000), "random": some_random(500),
                   "loops": list(jax_loops.campaign(range(30)))}, sys.stdout)
    else:
        json.dump({"table": table(20), "transforms": list(transforms()), "spread": list(spread()),
                   "guards": dict(guards()), "loops": list(jax_loops.loops()),
                   "regions": dict(regions()), "refusals": dict(refusals())}, sys.stdout)


main()
