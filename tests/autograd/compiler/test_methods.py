"""jit on methods: each object has the specializations of the function that it is bound to, and no others."""

import gc
import weakref
from functools import wraps

import pytest

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
