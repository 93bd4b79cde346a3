"""Graphs at scale: as large, deep and wide as memory holds, exact, and freed when dropped."""

import copy
import gc
import os
import pickle
import resource
import sys
import time
from pathlib import Path

import pytest

import autograd as ag
from autograd import Value, topological_order
from nn import MLP
from tests.support.random_graphs import EXACT, NEAR, adjoints, build, random_dag
from viz import draw_dot

# ---- random graphs ----


def compare(seed, n, ops, middle=False):
    """Every node's data and adjoint beside the edge-by-edge ones; the worst share of what rounding allows."""
    steps, values = random_dag(seed, n, ops)
    root = n // 2 if middle else n - 1
    expected, bounds = adjoints(steps, values, ops, root)
    nodes = build(steps, values, ops)
    assert [node.data for node in nodes] == values
    nodes[root].backward()
    assert [node.has_grad for node in nodes] == [x is not None for x in expected]
    grads = [node.grad for node in nodes]
    worst = 0.0
    if ops is EXACT:
        assert grads == [x or 0.0 for x in expected]
    else:
        for grad, x, bound in zip(grads, expected, bounds, strict=True):
            if x is not None and grad != x:
                worst = max(worst, abs(grad - x) / bound)
    assert worst <= 1.0
    nodes[root].backward()      # a leaf's gradients add up, any other's is the last
    assert [node.grad for node in nodes] == [
        grad * 2.0 if step[0] == "leaf" else grad for grad, step in zip(grads, steps, strict=True)]
    return worst


@pytest.mark.parametrize(("seed", "ops", "middle"), [(1, EXACT, False), (2, NEAR, False), (3, EXACT, True)])
def test_random_graphs_edge_by_edge(seed, ops, middle):
    compare(seed, 20_000, ops, middle)


@pytest.mark.campaign
def test_a_hundred_random_graphs_of_100_000_nodes(figure):
    start, worst = time.perf_counter(), 0.0
    for seed in range(100):
        worst = max(worst, compare(seed, 100_000, NEAR if seed % 2 else EXACT, middle=seed % 10 > 7))
    figure("random graphs against edge-by-edge accumulation", f"100 seeds of 100,000 nodes; half bit for bit, the "
           f"others within {worst:.2f} of what rounding allows; {time.perf_counter() - start:.0f} s")


def test_the_oracle_notices_one_wrong_edge():
    steps, values = random_dag(4, 2_000, EXACT)
    expected, _ = adjoints(steps, values, EXACT)
    nodes = build(steps, values, EXACT)
    edge = next(node for node, x in zip(nodes, expected, strict=True) if x and node.op is ag.TABLE["mul"])
    edge._da = edge._da * (1.0 + 2.0**-52)
    nodes[-1].backward()
    assert [node.grad for node in nodes] != [x or 0.0 for x in expected]


# ---- long and wide ----


def doublings():
    x = y = Value(1.0)
    for _ in range(1000):
        y = y + y
    y.backward()
    return x, y


def test_a_thousand_doublings_are_exact():
    x, y = doublings()
    assert x.grad == y.data == 2.0**1000


@pytest.mark.campaign
def test_a_thousand_doublings_take_milliseconds(figure):
    best = float("inf")
    for _ in range(20):
        start = time.perf_counter()
        doublings()
        best = min(best, time.perf_counter() - start)
    figure("y = y + y, 1000 times, and backward", f"2^1000 exactly, {best * 1e3:.2f} ms")
    assert best < 0.01


def chain(n):
    x = y = Value(1.0)
    for _ in range(n // 2):
        y = y * 0.5 + x
    return x, y


def fan(n):
    x = Value(1.0)
    return x, ag.sum([x * 2.0 for _ in range(n)])


def fan_of_additions(n):
    x = Value(1.0)
    y = x * 1.0
    for _ in range(n // 2):
        y = y + x * 2.0
    return x, y


def one_leaf_over_and_over(n):
    x = Value(3.0)
    return x, ag.dot([x] * (n // 2), [x] * (n // 2))


def computed_node_over_and_over(n):
    x = Value(1.0)
    y = x * 2.0
    return x, ag.sum([y] * n)


SHAPES = {chain: lambda n: 2.0, fan: lambda n: 2.0 * n, fan_of_additions: lambda n: n + 1.0,
          one_leaf_over_and_over: lambda n: 3.0 * n, computed_node_over_and_over: lambda n: 2.0 * n}


@pytest.mark.parametrize(("make", "n"), [
    (chain, 300_000), *((make, 100_000) for make in SHAPES if make is not chain),
    *(pytest.param(make, 1_000_000, marks=pytest.mark.campaign) for make in SHAPES)])
def test_a_million_operations_build_differentiate_and_are_freed(make, n):
    def ours():
        return sum(type(o) is Value for o in gc.get_objects())

    gc.collect()
    before = ours()
    enabled, threshold = gc.isenabled(), gc.get_threshold()
    x, y = make(n)
    y.backward()
    assert x.grad == SHAPES[make](n)
    assert (gc.isenabled(), gc.get_threshold()) == (enabled, threshold)
    gc.disable()    # so that only reference counting can free it
    try:
        del x, y
        assert ours() == before
    finally:
        gc.enable()


def test_old_and_new_nodes_far_apart():
    x = Value(2.0)
    old = [x * float(i) for i in range(1, 50)]
    for _ in range(3000):
        Value(0.0)
    y = old[0]
    for node in old[1:]:
        y = y + node
    y.backward()
    assert x.grad == sum(range(1, 50))


# ---- what else walks a graph ----


@pytest.mark.parametrize("depth", [30_000, pytest.param(100_000, marks=pytest.mark.campaign)])
def test_nothing_recurses(depth):
    assert sys.getrecursionlimit() <= 1000
    _, y = chain(depth)
    for other in (copy.deepcopy(y), pickle.loads(pickle.dumps({"loss": y}))["loss"]):
        other.backward()
        assert topological_order(other)[0].grad == 2.0
    assert repr(y) == "Value(data=2.0, grad=0.0, op=add)"
    assert len(draw_dot(y).source) < 25_000
    assert ag.count_paths(y, topological_order(y)[0]) == depth // 2 + 1


def test_a_copy_of_a_random_graph_has_the_same_gradients():
    steps, values = random_dag(5, 5_000, EXACT)
    expected, _ = adjoints(steps, values, EXACT)
    nodes = build(steps, values, EXACT)
    for others in (copy.deepcopy(nodes), pickle.loads(pickle.dumps(nodes))):
        others[-1].backward()
        assert [node.grad for node in others] == [x or 0.0 for x in expected]
    assert not any(node.has_grad for node in nodes)


# ---- memory ----


def training():
    """A step of a small network, again and again: as users write it."""
    net = MLP(2, [4, 1], "tanh", seed=1)
    data = [((0.0, 1.0), 1.0), ((1.0, 1.0), -1.0)]

    def step():
        loss = ag.mean([(net(x) - y) ** 2 for x, y in data])
        net.zero_grad()
        loss.backward()
        for p in net.parameters():
            p.data -= 0.01 * p.grad
        return loss.data

    return step


def blocks_per_span(step, steps, spans):
    """By how many blocks of memory, and how many objects, each of several spans grew."""
    grown = []
    for _ in range(spans):
        before = sys.getallocatedblocks(), len(gc.get_objects())
        for _ in range(steps):
            step()
        grown.append((sys.getallocatedblocks() - before[0], len(gc.get_objects()) - before[1]))
    return grown


@pytest.mark.parametrize("collect", [True, False])
def test_training_leaves_nothing_behind(collect):
    step = training()
    gc.collect()
    if not collect:
        gc.disable()
    try:
        # the interpreter keeps some thousands of freed tuples for later, so not every span says much; a single
        # block left behind at each step would show in all of them
        blocks, objects = zip(*blocks_per_span(step, 200, 6), strict=True)
    finally:
        gc.enable()
    assert min(blocks) < 100
    assert min(objects) < 100


def resident():
    """Bytes in memory now; where the system does not tell, the most that ever was."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


@pytest.mark.campaign
@pytest.mark.parametrize("collect", [True, False])
def test_resident_memory_is_flat_over_100_000_steps(collect, figure):
    step = training()
    gc.collect()
    if not collect:
        gc.disable()
    try:
        for _ in range(2_000):
            step()
        memory = resident()
        grown = blocks_per_span(step, 10_000, 10)
        memory = resident() - memory
    finally:
        gc.enable()
    blocks, objects = sorted(blocks for blocks, _ in grown), sorted(objects for _, objects in grown)
    figure(f"100,000 training steps, garbage collector {'on' if collect else 'off'}",
           f"{memory / 1024:+.0f} KiB resident; in each 10,000 {blocks[0]:+} to {blocks[-1]:+} blocks of memory, "
           f"{objects[0]:+} to {objects[-1]:+} objects")
    assert memory < 2**20
    assert blocks[0] < 100
    assert objects[0] < 100
