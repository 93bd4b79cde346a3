"""Rows, and items of scan, that differ in texts, flags, functions or classes: each as the function has it eagerly."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pytest

import autograd as ag
import nn
from autograd import Value, fori_loop, grad, hessian, jit, scan, value_and_grad, vmap


@dataclass
class Contract:
    spot: float
    strike: float
    call: bool


class Order(NamedTuple):
    price: float
    side: object


def payoff(c):
    return max(c.spot - c.strike, 0.0) if c.call else max(c.strike - c.spot, 0.0)


def record(r):
    return max(r["spot"] - r["strike"], 0.0)**2 if r["kind"] == "call" else max(r["strike"] - r["spot"], 0.0)


CONTRACTS = [Contract(100.0 + i, 104.0 - i, i % 3 != 0) for i in range(9)]
RECORDS = [{"spot": c.spot, "strike": c.strike, "kind": "call" if c.call else "put"} for c in CONTRACTS]
CASES = {
    "flags": (payoff, CONTRACTS),
    "texts": (record, RECORDS),
    "functions": (lambda r: r["f"](r["x"]), [{"x": 0.5, "f": ag.sin}, {"x": 0.5, "f": ag.exp}]),
    "None and a text": (lambda o: o.price if o.side is None else -o.price, [Order(1.0, None), Order(2.0, "sell")]),
    "arrays of bools": (lambda r: r["x"] * (2 if r["m"][0] else 3), [{"x": 1.0, "m": np.array([True])},
                                                                    {"x": 1.0, "m": np.array([False])}]),
    "lists and tuples": (lambda r: r[0] * (2 if isinstance(r, list) else 3), [[1.0], (1.0,), [2.0]]),
    "lists of records": (lambda rs: ag.sum([record(r) for r in rs]), [RECORDS[:2], RECORDS[1:3], RECORDS[2:4]]),
}


@pytest.mark.parametrize("options", [{}, {"threads": 2}, {"executor": ThreadPoolExecutor(2)}],
                         ids=["plain", "threads", "executor"])
@pytest.mark.parametrize("case", CASES)
def test_each_row_is_computed_as_it_is(case, options):
    f, rows = CASES[case]
    batched = vmap(f, **options)
    assert batched(rows[:1] * 3).tolist() == [f(rows[0])] * 3       # rows that are alike, first
    assert batched(rows).tolist() == [float(f(row)) for row in rows]
    assert batched(rows[::-1]).tolist() == [float(f(row)) for row in rows[::-1]]
    total = 0.0
    for row in rows:
        total = total + f(row)
    assert vmap(f, reduce="sum", **options)(rows) == total
    assert vmap(f, reduce="mean", **options)(iter([rows[:1], rows[1:]])) == total / len(rows)


def test_derivatives_and_what_rows_share():
    w = Value(1.5)

    def f(r, scale):
        return w * scale * record(r)

    assert vmap(grad(record))(RECORDS)["spot"].tolist() == [grad(record)(r)["spot"] for r in RECORDS]
    step = vmap(value_and_grad(f, argnums=(0, 1)), in_axes=(0, None), reduce="mean")
    value, (by_record, by_scale) = step(RECORDS, 2.0)
    alone = [value_and_grad(f, argnums=(0, 1))(r, 2.0) for r in RECORDS]
    assert by_record["spot"].tolist() == [slopes[0]["spot"] / 9 for _, slopes in alone]
    assert value == sum(float(x) for x, _ in alone) / 9
    assert by_scale == sum(slopes[1] for _, slopes in alone) / 9
    mean, slopes = nn.accumulate(lambda r: w * record(r), [w], RECORDS)
    assert mean == slopes[0] * 1.5 == pytest.approx(sum(record(r) for r in RECORDS) / 9 * 1.5)
    w.data = 3.0
    assert vmap(f, in_axes=(0, None))(RECORDS, 2.0).tolist() == [f(r, 2.0).data for r in RECORDS]
    assert [type(x) for x in vmap(f, in_axes=(0, None))(RECORDS, w)] == [Value] * 9


def test_numbers_of_any_class_are_alike():
    assert vmap(lambda x: x * x)([1, 2.0, np.float64(3.0)]).tolist() == [1.0, 4.0, 9.0]
    assert vmap(lambda p: p[0] * p[1])([[1, 2.0], [3.0, 4]]).tolist() == [2.0, 12.0]
    for rows, lanes in ((RECORDS[1:3], True), (RECORDS[:2], False)):
        run = vmap(record)
        run(rows)
        assert bool(run.programs) is lanes


def test_results_that_hold_the_text_are_an_error():
    with pytest.raises(ValueError, match=r"another structure \(lengths, keys, texts\) for row 1"):
        vmap(lambda r: {"x": r["spot"], "kind": r["kind"]})(RECORDS[:2][::-1])


ITEMS = [{"x": 1.0, "k": "a"}, {"x": 2.0, "k": "b"}, {"x": 3.0, "k": "a"}]
SCANS = {
    "texts": (lambda c, d, a: c * a + d["x"] * (2 if d["k"] == "a" else 3), ITEMS),
    "bare texts": (lambda c, d, a: c * a + (1.0 if d == "a" else 7.0), ["a", "b", "b"]),
    "one text": (lambda c, d, a: c * a + (1.0 if d == "a" else 7.0), ["a", "a"]),
    "None or a number": (lambda c, d, a: c * a + (d[0] if d[1] is None else d[1]), [(1.0, None), (2.0, 3.0)]),
    "functions": (lambda c, d, a: d["f"](c * a), [{"f": ag.sin}, {"f": ag.exp}]),
    "columns": (lambda c, d, a: c * a + d[0] * (2 if d[1]["k"] == "a" else 3), ([0.5, 1.5, 2.5], ITEMS)),
    "classes": (lambda c, d, a: c * a + d[0] * (2 if isinstance(d, list) else 3), [[1.0], (2.0,)]),
}


@pytest.mark.parametrize("case", SCANS)
@pytest.mark.parametrize("reverse", [False, True])
def test_each_item_of_a_scan_is_taken_as_it_is(case, reverse):
    body, xs = SCANS[case]

    def f(a):
        last, ys = scan(lambda c, d: (body(c, d, a), c), a, xs, reverse=reverse)
        return last + ag.sum(ys)

    def plain(a):
        c, total = a, []
        items = [(n, b) for n, b in zip(*xs, strict=True)] if isinstance(xs, tuple) else xs
        for d in items[::-1] if reverse else items:
            total.append(c)
            c = body(c, d, a)
        return c + ag.sum(total[::-1] if reverse else total)

    assert f(0.7) == jit(f)(0.7) == vmap(f)([0.7])[0] == plain(0.7)
    assert grad(f)(0.7) == jit(grad(f))(0.7) == vmap(grad(f))([0.7])[0] == grad(plain)(0.7)
    assert hessian(f)(0.7) == jit(hessian(f))(0.7) == hessian(plain)(0.7)


@pytest.mark.parametrize("how", [lambda f: f, lambda f: jit(f, backend="python"), jit])
def test_a_carry_keeps_its_functions(how):
    start = Order(0.3, ag.sin)
    same = how(lambda x: fori_loop(0, 4, lambda i, c: c._replace(price=c.side(c.price)), start._replace(price=x)).price)
    assert same(0.3) == ag.sin(ag.sin(ag.sin(ag.sin(0.3))))
    with pytest.raises(TypeError, match=r"functions than it got: Order\(number, exp\), not Order\(number, sin\)"):
        how(lambda x: fori_loop(0, 4, lambda i, c: Order(c.price * x, ag.exp), start).price)(0.3)

