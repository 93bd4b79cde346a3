"""jit on methods: each object has the versions of the function that it is a method of, and nobody else's."""

import copy
import gc
import pickle
import weakref
from abc import ABC, abstractmethod
from collections import namedtuple
from dataclasses import dataclass
from functools import cached_property, lru_cache, partialmethod, wraps

import pytest

import autograd as ag
from autograd import Value, grad, value_and_grad


def test_two_functions_of_one_name(jit):
    class Pair:
        f = jit(lambda self, x: x)
        g = jit(lambda self, x: 2.0 * x)

    pair = Pair()
    assert [pair.f(1.0), pair.g(1.0), pair.f(3.0), pair.g(3.0)] == [1.0, 2.0, 3.0, 6.0]


def test_decorators_without_wraps(jit):
    def scaled(factor):
        def decorate(method):
            def wrapper(self, x):
                return factor * method(self, x)
            return wrapper
        return decorate

    class Line:
        @jit
        @scaled(10.0)
        def one(self, x):
            return x + 1.0

        @jit
        @scaled(100.0)
        def two(self, x):
            return x + 2.0

    line = Line()
    assert [line.one(1.0), line.two(1.0), line.one(2.0)] == [20.0, 300.0, 30.0]


def hiding(method):
    def wrapper(self, *args):
        return 2.0 * method(self, *args)
    return wrapper


@pytest.mark.parametrize("verify", [None, 1])
def test_a_decorator_without_wraps_above_jit_is_an_error_that_says_what_to_do(verify, jit):
    class Line:
        @hiding
        @jit(verify=verify)
        def at(self, x):
            return 3.0 * x

        @property
        @hiding
        @jit(verify=verify)
        def slope(self):
            return Value(3.0)

    class Steep(Line):
        pass

    for line in (Line(), Steep()):
        for call in (lambda: line.at(1.0), lambda: line.slope, lambda: grad(line.at)(1.0)):     # noqa: B023
            with pytest.raises(TypeError, match=f"not {type(line).__name__}: a decorator above @jit hides that this is "
                                                r"a method; write @jit above it, or functools\.wraps in it"):
                call()


@pytest.mark.parametrize("verify", [None, 1])
def test_decorators_with_wraps_above_each_other(verify, jit):
    def twice(method):
        return wraps(method)(hiding(method))

    class Line:
        def __init__(self, k):
            self.k = k

        @twice
        @twice
        @jit(verify=verify)
        def at(self, x):
            return self.k * x

        @property
        @twice
        @jit(verify=verify)
        def area(self):
            return 3.0 * self.k

    line, other = Line(2.0), Line(5.0)
    assert [line.at(1.0), other.at(1.0), line.at(3.0)] == [8.0, 20.0, 24.0]
    assert [line.area, other.area] == [12.0, 30.0]


def test_super_between_classes_of_one_name(jit):
    def make(base, factor):
        class Layer(base):
            @jit
            def at(self, x):
                below = super().at(x) if hasattr(super(), "at") else 0.0
                return factor * x + below

        return Layer

    layer = make(make(make(object, 1.0), 10.0), 100.0)()
    assert [layer.at(1.0), layer.at(2.0)] == [111.0, 222.0]


def test_an_attribute_of_base_and_subclass(jit):
    class Base:
        step = jit(lambda self, x: x + 1.0)

        def both(self, x):
            return Base.step(self, x), self.step(x)

    class Sub(Base):
        @jit
        def step(self, x):
            return super().step(x) * 10.0

    sub = Sub()
    assert [sub.step(1.0), super(Sub, sub).step(4.0)] == [20.0, 5.0]
    assert [sub.both(1.0), Base().both(1.0)] == [(2.0, 20.0), (2.0, 2.0)]


def test_a_class_that_is_reloaded(jit):
    def load(factor):
        class Model:
            @jit
            def at(self, x):
                return factor * x

        return Model

    first, second = load(2.0), load(3.0)
    model = first()
    assert model.at(1.0) == 2.0
    model.__class__ = second
    assert model.at(1.0) == 3.0
    old = weakref.ref(first)
    first = None
    gc.collect()
    assert old() is None        # and with it the versions that the model had of it
    second.at = jit(lambda self, x: -x)
    assert model.at(1.0) == -1.0


def test_a_dropped_function_leaves_no_versions_behind(jit):
    class Model:
        pass

    model, weights = Model(), [Value(2.0)]
    for factor in (1.0, 2.0):
        Model.at = jit(lambda self, x, factor=factor: weights[0] * x * factor)
        assert model.at(3.0).data == 6.0 * factor
    [kept] = [x for x in vars(model).values() if hasattr(x, "kept")]
    assert len(kept.kept) == 1
    del Model.at
    assert not kept.kept


class Slotted:
    __slots__ = ("__weakref__", "k")

    def __init__(self, k):
        self.k = k

    @ag.jit
    def at(self, x):
        return self.k * x


@dataclass(slots=True)
class Bare:
    k: float

    @ag.jit
    def at(self, x):
        return self.k * x


class Plain:
    def __init__(self, k):
        self.k = k

    @ag.jit
    def at(self, x):
        return self.k * x

    @ag.jit
    def above(self, x):
        return self.at(x) + 1.0

    def __eq__(self, other):
        return True

    __hash__ = None


class Steep(Plain):
    @ag.jit
    def at(self, x):
        return super().at(x) * 100.0


class Point(namedtuple("Point", "k")):
    @ag.jit
    def at(self, x):
        return self.k * x


TWINS = [copy.copy, copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))]


@pytest.mark.parametrize("twin", TWINS)
@pytest.mark.parametrize("kind", [Slotted, Bare, Plain, Steep])
def test_copies_have_versions_of_their_own(kind, twin):
    one = kind(2.0)
    factor = 100.0 if kind is Steep else 1.0
    assert one.at(3.0) == 6.0 * factor
    other = twin(one)
    other.k = 5.0
    assert [other.at(3.0), one.at(3.0), other.at(1.0)] == [15.0 * factor, 6.0 * factor, 5.0 * factor]
    assert len(one.at.programs) == (0 if kind is Bare else 1)


@pytest.mark.parametrize("twin", TWINS)
def test_copies_of_a_bound_method(twin):
    steep = Steep(2.0)
    assert twin(steep.at)(1.0) == 200.0
    assert twin(super(Steep, steep).at)(1.0) == 2.0      # where Python's own methods become the subclass's
    assert twin(Point(2.0).at)(3.0) == 6.0


def test_what_takes_neither_attributes_nor_weak_references(jit):
    point = Point(2.0)
    at = point.at
    assert [at(3.0), at(4.0), Point(7.0).at(3.0), Bare(3.0).at(2.0)] == [6.0, 8.0, 21.0, 6.0]


def test_the_state_of_one_object_in_another(jit):
    class Model:
        def __init__(self, k):
            self.k = k

        @jit
        def at(self, x):
            return self.k * x

    model = Model(2.0)
    assert model.at(1.0) == 2.0
    state = vars(model)
    del model
    for k in range(10):         # one of them is likely to be where the first was
        other = Model.__new__(Model)
        vars(other).update(state, k=float(k))
        assert other.at(1.0) == k


def test_a_bound_one_is_as_a_method_of_python_s(jit):
    class Model:
        k = 2.0

        @jit
        def at(self, x, mode="a"):
            """What it is there."""
            return self.k * x

    model, other = Model(), Model()
    assert model.at == model.at != other.at
    assert hash(model.at) == hash(model.at)
    assert model.at.__self__ is model
    assert model.at.__func__ is Model.at
    assert model.at.__name__ == "at"
    assert repr(model.at).endswith("Model.at: 0 versions>")
    calls = jit(lambda x, method: method(x))
    assert [calls(1.0, model.at) for _ in range(3)] == [2.0] * 3
    assert len(calls.programs) == 1
    assert grad(model.at)(3.0) == 2.0
    assert jit(grad(model.at))(3.0) == 2.0
    kept = weakref.ref(model)
    at = model.at
    del model, calls
    gc.collect()
    assert kept() is at.__self__


def test_an_object_is_freed_with_its_versions_by_reference_counting_alone(jit):
    class Model:
        def __init__(self):
            self.w = Value(2.0)

        @jit
        def at(self, x):
            return self.w * x

        @jit
        def step(self, x):
            return value_and_grad(lambda: self.at(x), wrt=[self.w])()[1]

    gc.collect()
    gc.disable()
    try:
        model = Model()
        model.at(3.0).backward()
        grad(model.at)(2.0)
        model.step(1.0)
        gone = weakref.ref(model), *(weakref.ref(x.code) for x in model.at.versions.roots.values())
        del model
        assert [x() for x in gone] == [None] * 2
    finally:
        gc.enable()


# ---- properties and the like --------------------------------------------------------------------


def test_a_property(jit):
    class Circle:
        def __init__(self, r):
            self.r = Value(r)

        @property
        @jit
        def area(self):
            return self.r * self.r * 3.0

        @jit
        @property
        def border(self):
            """Around it."""
            return self.r * 6.0

        @cached_property
        @jit
        def once(self):
            return self.r + 1.0

        @jit
        @cached_property
        def again(self):
            return self.r + 2.0

    one, two = Circle(2.0), Circle(10.0)
    first, second = (12.0, 12.0, 3.0, 4.0), (300.0, 60.0, 11.0, 12.0)
    for circle, wanted in ((one, first), (two, second), (one, first)):
        assert (circle.area.data, circle.border.data, circle.once.data, circle.again.data) == wanted
    one.r.data = 3.0
    assert (one.area.data, one.border.data, one.once.data) == (27.0, 18.0, 3.0)
    assert Circle.border.__doc__ == "Around it."
    one.area.backward()
    assert one.r.grad == 18.0
    assert len(Circle.area.fget.programs) == 0      # they are the objects'


@pytest.mark.parametrize("inside", [True, False])
@pytest.mark.parametrize("kind", [classmethod, staticmethod])
def test_class_and_static_methods_in_both_orders(kind, inside, jit):
    def decorate(f):
        return jit(kind(f)) if inside else kind(jit(f))

    class Line:
        slope = 3.0

        at = decorate((lambda cls, x: cls.slope * x) if kind is classmethod else lambda x: 3.0 * x)

    class Steep(Line):
        slope = 30.0

    other = 30.0 if kind is classmethod else 3.0
    assert [Line.at(2.0), Line().at(2.0), Line.at(1.0)] == [6.0, 6.0, 3.0]
    assert [Steep.at(2.0), Steep().at(1.0)] == [2.0 * other, other]


def test_a_method_called_through_its_class_and_under_other_decorators(jit):
    def twice(f):
        @wraps(f)
        def wrapper(*args):
            return 2.0 * f(*args)
        return wrapper

    class Line:
        def __init__(self, k):
            self.k = k

        @jit
        def at(self, x):
            return self.k * x

        @twice
        @jit
        def double(self, x):
            return self.k * x

        @lru_cache(None)        # noqa: B019
        @jit
        def cached(self, x):
            return self.k * x

        three = partialmethod(at, 3.0)

    line, other = Line(2.0), Line(5.0)
    assert [Line.at(line, 3.0), Line.at(other, 3.0), line.double(1.0), other.double(1.0)] == [6.0, 15.0, 4.0, 10.0]
    assert [line.cached(1.0), other.cached(1.0), line.three(), other.three()] == [2.0, 5.0, 6.0, 15.0]
    assert [*map(Line.at, [line, other], [1.0, 1.0])] == [2.0, 5.0]
    with pytest.raises(TypeError, match="expected a number or a Value, not Line"):
        jit(lambda model, x: model.k * x)(line, 1.0)


def test_a_module_that_is_callable_is_no_flag_of_its_own_methods(jit):
    class Model:
        def __init__(self, k):
            self.k = k

        def __call__(self, x):
            return self.k * x

        @property
        @jit
        def twice(self):
            return self(2.0)

    gone = []
    for k in range(300):
        model = Model(float(k))
        assert model.twice == 2.0 * k
        gone.append(weakref.ref(model))
    del model
    assert not any(x() for x in gone)


def test_an_abstract_method(jit):
    class Shape(ABC):
        @abstractmethod
        @jit
        def area(self):
            ...

    with pytest.raises(TypeError, match="abstract"):
        Shape()


# ---- what is set anew where a derivative is taken -----------------------------------------------

K = Value(1.0)


def of_attribute(jit):
    class Model:
        def __init__(self):
            self.k = Value(1.0)

        def at(self, x):
            return self.k * x

    model = Model()

    def put(k):
        model.k = k

    return jit(model.at), put


def of_method(jit):
    class Model:
        k = Value(1.0)

        @jit
        def at(self, x):
            return self.inner(x)

        def inner(self, x):
            return self.k * x

    model = Model()

    def put(k):
        model.k = k

    return model.at, put


def of_super(jit):
    class Base:
        def __init__(self):
            self.k = Value(1.0)

        @jit
        def at(self, x):
            me = self
            return me.k * x

    class Sub(Base):
        @jit
        def at(self, x):
            return super().at(x) + 0.0

    model = Sub()

    def put(k):
        model.k = k

    return model.at, put


def of_global(jit):
    def put(k):
        global K
        K = k

    put(Value(1.0))
    return jit(lambda x: K * x), put


def of_closure(jit):
    k = Value(1.0)

    def put(new):
        nonlocal k
        k = new

    return jit(lambda x: k * x), put


def of_a_part(jit):
    class Part:
        k = Value(1.0)

    class Model:
        part = Part()

    model = Model()

    def put(k):
        model.part.k = k

    return jit(lambda x: model.part.k * x), put


def of_a_helper(jit):
    holder = type("Holder", (), {"k": Value(1.0)})

    def helper(x):
        return holder.k * x

    def put(k):
        holder.k = k

    return jit(lambda x: helper(x)), put


@pytest.mark.parametrize("before", [False, True], ids=["fresh", "called before"])
@pytest.mark.parametrize("make", [of_attribute, of_method, of_super, of_global, of_closure, of_a_part, of_a_helper])
def test_a_value_set_anew_inside_what_is_differentiated(make, before, jit):
    fast, put = make(jit)
    if before:
        assert fast(3.0).data == 3.0

    def loss(k):
        put(k)
        return fast(3.0)

    def computed(k):
        put(k * k)
        return fast(3.0) + fast(k)

    w = Value(2.0)

    def by_weight(x):
        put(w * w)
        return fast(x) * x

    for k in (2.0, 5.0, 2.0):
        assert value_and_grad(loss)(k) == (3.0 * k, 3.0)
        assert value_and_grad(computed)(k) == (3.0 * k * k + k ** 3, 6.0 * k + 3.0 * k * k)
        w.data = k
        assert value_and_grad(by_weight, wrt=[w])(3.0) == (9.0 * k * k, [18.0 * k])
        assert grad(grad(computed))(k) == 6.0 + 6.0 * k


def test_a_value_computed_outside_for_each_step(jit):
    v = Value(2.0)

    class Model:
        @jit
        def at(self, x):
            return self.w * x

    model = Model()
    for k in (2.0, 5.0, 7.0):
        v.data, v.grad = k, None
        model.w = v * v
        if k == 5.0:
            with pytest.warns(RuntimeWarning, match="captures a Value that was computed outside"):
                loss = model.at(3.0)
        else:
            loss = model.at(3.0)        # the first time nothing is wrong yet, and more than one warning is noise
        loss.backward()
        assert (loss.data, v.grad) == (3.0 * k * k, 6.0 * k)


def test_a_version_is_used_where_the_values_are_the_same(jit):
    w = Value(2.0)
    fast = jit(lambda x: w * x)
    fast(1.0)
    for k in (1.0, 2.0):
        assert grad(lambda x: fast(x) * fast(x))(k) == 8.0 * k
        assert value_and_grad(lambda: fast(3.0), wrt=[w])() == (6.0, [3.0])
    assert len(fast.programs) == 1


def test_a_dual_set_anew_is_followed(jit):
    for make in (of_attribute, of_closure):
        fast, put = make(jit)

        def loss(k, put=put, fast=fast):
            put(k)
            return fast(3.0)

        slope = grad(loss)(2.0)
        assert ag.derivative(loss)(2.0) == slope != 0.0
        put(Value(1.0))
        fast(3.0)
        assert ag.derivative(loss)(2.0) == slope
