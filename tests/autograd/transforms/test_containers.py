"""Dicts, NamedTuples, dataclasses and registered classes as arguments and results, and as derivatives."""

from collections import OrderedDict, defaultdict
from dataclasses import dataclass, field, is_dataclass
from typing import Any, NamedTuple

import numpy as np
import pytest

import autograd as ag
from autograd import derivative, grad, gradcheck, hessian, hvp, jacobian, jvp, trace, value_and_grad, vjp
from tests.support.argument_trees import State
from tests.support.bit_identity import same


@dataclass(frozen=True)
class Spring:
    stiffness: Any
    mass: Any = 2.0
    name: str = "spring"
    steps: int = field(default=3, metadata={"static": True})


@dataclass
class Vector:
    x: Any
    y: Any
    norm: Any = field(init=False)

    def __post_init__(self):
        assert self.x > 0.0, "a check that a derivative may fail"
        self.norm = ag.sqrt(self.x**2 + self.y**2)


@dataclass(slots=True)
class Slotted:
    a: Any
    b: Any


class Interval:
    def __init__(self, low, high, closed):
        self.low, self.high, self.closed = low, high, closed

    def __eq__(self, other):
        return (self.low, self.high, self.closed) == (other.low, other.high, other.closed)


ag.register_pytree_node(Interval, lambda x: ((x.low, x.high), x.closed), lambda closed, ends: Interval(*ends, closed))

# a container, the same numbers in a list, and how the numbers of such a container are read
FORMS = {
    "dict": ({"b": 1.5, "a": 2.5}, lambda p: [p["b"], p["a"]]),
    "OrderedDict": (OrderedDict(b=1.5, a=2.5), lambda p: [p["b"], p["a"]]),
    "defaultdict": (defaultdict(float, b=1.5, a=2.5), lambda p: [p["b"], p["a"]]),
    "NamedTuple": (State(1.5, 2.5), lambda p: [p.position, p.speed]),
    "dataclass": (Spring(1.5, 2.5), lambda p: [p.stiffness, p.mass]),
    "slots": (Slotted(1.5, 2.5), lambda p: [p.a, p.b]),
    "registered": (Interval(1.5, 2.5, True), lambda p: [p.low, p.high]),
    "in a list": ([{"a": 1.5}, 2.5], lambda p: [p[0]["a"], p[1]]),
    "in each other": ({"s": State(Slotted(1.5, None), [2.5])}, lambda p: [p["s"].position.a, p["s"].speed[0]]),
    "keys of any kind": ({("w", 1): 1.5, 2: 2.5}, lambda p: [p["w", 1], p[2]]),
}


def energy(x, y):
    return x**2 * y + ag.sin(x * y)


@pytest.mark.parametrize("form", FORMS)
def test_derivatives_come_in_the_container_of_the_argument(form, jit):
    """The oracle is the same function of a list of these numbers."""
    tree, read = FORMS[form]
    flat = read(tree)
    f, plain = lambda p: energy(*read(p)), lambda p: energy(*p)
    for transform in (grad, lambda g: jit(grad(g)), jacobian, lambda g: jit(jacobian(g))):
        found = transform(f)(tree)
        assert type(found) is type(tree)
        assert same(read(found), transform(plain)(flat))
    for transform in (hessian, lambda g: jit(hessian(g))):
        assert same([read(row) for row in read(transform(f)(tree))], transform(plain)(flat))
    for compiled in (value_and_grad(f), jit(value_and_grad(f))):
        for _ in range(2):
            value, slope = compiled(tree)
            assert same((value, read(slope)), value_and_grad(plain)(flat))
    assert same(jit(f)(tree), value_and_grad(plain)(flat)[0])
    assert same(jvp(f, (tree,), (tree,)), jvp(plain, (flat,), (flat,)))
    assert same(read(hvp(f, tree, tree)), hvp(plain, flat, flat))
    value, pullback = vjp(lambda p: {"energy": f(p)}, tree)
    assert same(read(pullback({"energy": 2.0})), [2.0 * slope for slope in read(grad(f)(tree))])
    assert gradcheck(f, tree)
    assert trace(f, tree).inputs


@pytest.mark.parametrize("form", FORMS)
def test_results_keep_their_container(form, jit):
    tree, read = FORMS[form]
    double = lambda p: rebuilt(tree, [2.0 * x for x in read(p)])        # noqa: E731
    for compiled in (jit(double), lambda p: vjp(double, p)[0], lambda p: jvp(double, (p,), (p,))[0]):
        for _ in range(2):
            found = compiled(tree)
            assert type(found) is type(tree)
            assert read(found) == [3.0, 5.0]
    rows = [read(row) for row in read(jacobian(double)(tree))]
    assert rows == [[2.0, 0.0], [0.0, 2.0]]
    assert same(rows, [read(row) for row in read(jit(jacobian(double))(tree))])


def rebuilt(x, items):
    """A tree like ``x`` with the next of ``items`` in the place of each number."""
    left = list(items)

    def walk(x):
        if isinstance(x, float):
            return left.pop(0)
        if isinstance(x, dict):
            made = defaultdict(float) if type(x) is defaultdict else type(x)()
            made.update((name, walk(item)) for name, item in x.items())
            return made
        if isinstance(x, State):
            return State(*map(walk, x))
        if isinstance(x, list):
            return [*map(walk, x)]
        if isinstance(x, Interval):
            return Interval(walk(x.low), walk(x.high), x.closed)
        if is_dataclass(x):
            return type(x)(*[walk(item) for item in ((x.a, x.b) if type(x) is Slotted else (x.stiffness, x.mass))])
        return x

    return walk(x)


def test_a_dict_keeps_its_order_and_a_tangent_is_found_by_key(jit):
    f = lambda p: p["b"] * 10.0 + p["a"] * p["a"]      # noqa: E731
    assert list(grad(f)({"b": 1.0, "a": 3.0})) == list(jit(grad(f))({"b": 1.0, "a": 3.0})) == ["b", "a"]
    assert jvp(f, ({"b": 1.0, "a": 3.0},), ({"a": 1.0, "b": 0.0},)) == (19.0, 6.0)
    assert hvp(f, {"b": 1.0, "a": 3.0}, {"a": 1.0, "b": 0.0}) == {"b": 0.0, "a": 2.0}
    pullback = vjp(lambda p: {"u": p["a"], "w": p["b"]}, {"b": 1.0, "a": 3.0})[1]
    assert pullback({"w": 1.0, "u": 2.0}) == {"b": 1.0, "a": 2.0}
    first = lambda p: next(iter(p.values()))        # noqa: E731
    compiled = jit(first)
    assert [compiled(p) for p in ({"a": 1.0, "b": 2.0}, {"b": 2.0, "a": 1.0}, {"a": 5.0, "b": 2.0})] == [1.0, 2.0, 5.0]
    for wrong in ({"b": 1.0}, {"b": 1.0, "c": 1.0}, [1.0, 1.0], {"b": 1.0, "a": [1.0]}):
        with pytest.raises(ValueError, match=r"jvp: .* give one for each, in the same shape"):
            jvp(f, ({"b": 1.0, "a": 3.0},), (wrong,))


def test_what_is_no_number_in_a_container_is_static(jit):
    traced = []

    def f(p, s):
        traced.append(p["kind"])
        total = sum(s.stiffness * s.mass for _ in range(s.steps))
        return total * (p["k"] if p["kind"] == "hard" and p["on"] else 1.0) if p["shift"] is None else total

    compiled = jit(value_and_grad(f))
    given = [({"k": 2.0, "kind": kind, "on": on, "shift": shift}, Spring(1.5, steps=steps))
             for kind in ("hard", "soft") for on in (True, False) for shift in (None, "x") for steps in (1, 2)]
    for args in given * 2:
        found = compiled(*args)
        assert found == value_and_grad(f)(*args)
        gradient = found[1]
        assert [gradient[0][name] for name in ("kind", "on", "shift")] == [None, None, None]
        assert (gradient[1].name, gradient[1].steps) == (None, args[1].steps)
    assert len(compiled.programs) == len(given)
    assert jit(lambda p: {"on": p["on"], "k": p["k"] + 1})({"on": True, "k": 1.0}) == {"on": True, "k": 2.0}
    assert jit(lambda s: s)(Spring(1.0)) == Spring(1.0)


def test_the_constructor_of_a_dataclass_is_differentiated_and_need_not_accept_a_derivative(jit):
    f = lambda v: v.norm * v.x      # noqa: E731
    step, slopes = 1e-6, []
    for dx, dy in ((step, 0.0), (0.0, step)):
        slopes.append((f(Vector(3.0 + dx, 4.0 + dy)) - f(Vector(3.0 - dx, 4.0 - dy))) / (2 * step))
    for made in (grad(f), jit(grad(f)), lambda v: grad(f)(Vector(3.0, 4.0))):
        found = made(Vector(3.0, 4.0))
        assert (found.x, found.y) == pytest.approx(slopes, rel=1e-8)
        assert found.norm is None
    assert grad(lambda v: -v.norm)(Vector(3.0, 4.0)).x == pytest.approx(-0.6)       # which the check refuses
    assert jit(lambda v: v)(Vector(3.0, 4.0)) == Vector(3.0, 4.0)
    point = lambda x: Vector(x, 4.0)        # noqa: E731
    value, slope = jvp(point, (3.0,), (-1.0,))      # as a result it has the field that the constructor computed
    assert (value, slope.x, slope.y) == (Vector(3.0, 4.0), -1.0, 0.0)
    assert slope.norm == pytest.approx(-0.6)
    assert jit(jacobian(point))(3.0).norm == pytest.approx(0.6)
    assert vjp(point, 3.0)[1](slope) == pytest.approx(-1.36)


@dataclass
class Sided:
    x: Any
    side: Any = field(init=False)

    def __post_init__(self):
        self.side = 1.0 if self.x > 0.0 else -1.0


def test_a_comparison_in_a_constructor_is_a_guard(jit):
    f = lambda p: p.side * p.x**2       # noqa: E731
    compiled, slope = jit(f), jit(grad(f))
    for x in (2.0, -3.0, 1.0, -1.0):
        assert compiled(Sided(x)) == f(Sided(x))
        assert slope(Sided(x)).x == grad(f)(Sided(x)).x == 2.0 * abs(x)
    assert len(compiled.programs) == 2


def test_signatures_distinguish_classes_keys_and_types(jit):
    class Other(NamedTuple):
        position: Any
        speed: Any

    seen = []

    def f(p):
        seen.append(p)
        return sum(p.values() if isinstance(p, dict) else p)

    compiled = jit(f)
    alike = [State(1.0, 2.0), Other(1.0, 2.0), (1.0, 2.0), {"a": 1.0, "b": 2.0}, {"a": 1.0, "c": 2.0},
             OrderedDict(a=1.0, b=2.0), defaultdict(float, a=1.0, b=2.0), defaultdict(int, a=1.0, b=2.0)]
    for _ in range(2):
        assert [compiled(p) for p in alike] == [3.0] * len(alike)
    assert [type(p) for p in seen] == [type(p) for p in alike]
    assert compiled({"a": 4, "b": 5.0}) == 9.0
    assert len(seen) == len(alike)      # numbers are numbers


def test_arrays_in_containers(jit):
    weights, data = {"W": np.array([[1.0, 2.0], [3.0, 4.0]]), "b": np.array([0.5, -0.5])}, np.array([2.0, 3.0])
    f = lambda p: np.sum((p["W"] @ data + p["b"])**2)      # noqa: E731
    residual = weights["W"] @ data + weights["b"]
    for made in (grad(f), jit(grad(f))):
        assert same(made(weights)["W"], 2.0 * np.outer(residual, data))
        assert same(made(weights)["b"], 2.0 * residual)
    rows = jacobian(lambda p: p["W"] @ data + p["b"])(weights)
    assert same(rows["b"], np.eye(2))
    assert rows["W"].shape == (2, 2, 2)


def test_registered_classes_and_callable_dataclasses():
    for wrong in (Interval, dict, float, list, ag.Value, np.ndarray):
        with pytest.raises(ValueError, match=f"register_pytree_node: {wrong.__name__} is known already"):
            ag.register_pytree_node(wrong, tuple, lambda _, x: x)
    with pytest.raises(TypeError, match="expected a class, not int"):
        ag.register_pytree_node(3, tuple, lambda _, x: x)
    with pytest.raises(TypeError, match="expected two functions, not NoneType"):
        ag.register_pytree_node(type("Mine", (), {}), None, lambda _, x: x)

    @dataclass(frozen=True)
    class Model:
        w: Any

        def __call__(self, x):
            return self.w * x

    w = ag.Value(3.0)
    assert ag.jit(lambda model, x: model(x))(Model(2.0), 3.0) == 6.0        # a function
    assert ag.jit(value_and_grad(lambda model, x: model(x), wrt=[w]))(Model(w), 2.0) == (6.0, [2.0])
    with pytest.raises(TypeError, match="expected a number or a Value, not Model"):
        grad(lambda model: model(2.0))(Model(2.0))

    @dataclass
    class Odd:
        a: Any

        def __init__(self):
            self.a = 1.0

    with pytest.raises(TypeError, match=r"Odd: its constructor, .* use autograd.register_pytree_node"):
        grad(lambda p: p.a)(Odd())
    with pytest.raises(TypeError, match=r"static in this Spring has to be hashable .*: write a tuple for a list"):
        ag.jit(lambda p: p.mass)(Spring(1.0, steps=[1]))


def test_containers_inside_other_derivatives(jit):
    f = lambda s: s.position**3 * s.speed       # noqa: E731
    outer = lambda x: grad(f)(State(x, 2.0)).position       # noqa: E731
    for made in (grad(outer), derivative(outer), jit(grad(outer)), grad(jit(outer)), grad(lambda x: jit(grad(f))(
            State(x, 2.0)).position)):
        assert made(3.0) == pytest.approx(36.0, rel=1e-15)
    held = ag.Value(3.0)
    compiled = jit(lambda p: p["x"] * p["y"])({"x": held, "y": 2.0})
    compiled.backward()
    assert (compiled.data, held.grad) == (6.0, 2.0)
    checked = ag.jit(f, verify=1)
    assert checked(State(1.5, 2.0)) == 6.75
