"""A layer's outputs and gradients on given numbers, as lists of floats beside those of PyTorch."""

import numpy as np

import autograd as ag
from autograd import Value
from tests.support.torch_layers import numbers


def close(found, wanted):
    np.testing.assert_allclose(np.array(floats(found), float), np.array(wanted, float), rtol=1e-10, atol=1e-12)


def floats(x):
    return [floats(item) for item in x] if isinstance(x, list) else x.data if isinstance(x, Value) else x


def run(layer, x, weights):
    """The output, and the gradients of its product with ``weights`` at the input and the parameters."""
    leaves = values(x)
    layer.zero_grad()
    out = layer(leaves)
    terms = [y * w for y, w in zip(np.ravel(np.array(out, object)), np.ravel(weights), strict=True)]
    ag.sum(terms).backward()
    return [floats(out), grads(leaves), [grads(p) for p in (layer.weight, layer.bias) if p is not None]]


def values(x):
    return [values(item) for item in x] if isinstance(x, list) else Value(x)


def grads(x):
    return [grads(item) for item in x] if isinstance(x, list) else x.grad


def same(found, wanted):
    for one, other in zip(found[:2], wanted[:2], strict=True):
        close(one, other)
    for one, other in zip(found[2], wanted[2], strict=True):
        close(one, other)


def set_parameters(layer, shape):
    for seed, name in enumerate(name for name in ("bias", "weight") if getattr(layer, name) is not None):
        layer.load_state_dict({name: numbers(90 + seed, *shape)}, strict=False)
