"""Captured Values that are replaced inside a function while it is differentiated."""

import pytest

import autograd as ag
from autograd import Value, grad, value_and_grad

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
