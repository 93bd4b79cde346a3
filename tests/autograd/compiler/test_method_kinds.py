"""jit with properties, class methods, static methods and abstract methods."""

import weakref
from abc import ABC, abstractmethod
from functools import cached_property, lru_cache, partialmethod, wraps

import pytest

from autograd import Value


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
