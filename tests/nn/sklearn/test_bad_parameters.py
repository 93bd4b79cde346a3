"""A parameter that an estimator cannot take: the error names the estimator and its own parameter."""

import inspect

import numpy as np
import pytest

pytest.importorskip("sklearn")

import nn.sklearn

X = np.random.RandomState(0).rand(12, 3)
Y = np.arange(12) % 2
BAD = [-1, "bad", float("nan"), float("inf"), ("bad",), [2, "bad"], {"bad": 1}, np.array([-1, 2]), object(), 1 + 2j]
NONE = {"learning_rate", "weight_decay", "batch_size", "n_iter_no_change", "validation_fraction", "radius",
        "class_weight", "activation", "random_state"}       # may be None, in some or all
CASES = [(getattr(nn.sklearn, kind), name) for kind in nn.sklearn.__all__
         for name in inspect.signature(getattr(nn.sklearn, kind)).parameters]


@pytest.mark.parametrize(("kind", "name"), CASES)
def test_the_error_names_the_parameter(kind, name):
    for bad in [*BAD, *([None] if name not in NONE else [])]:
        message = "parameter of compute_sample_weight|are not in class_weight" if name == "class_weight" else (
            "^activation .* is no function of one number" if name == "activation" else
            rf"^{kind.__name__}: {name}(\[\d\])?(: | is )")
        with pytest.raises((ValueError, TypeError), match=message):
            kind(**{name: bad}).fit(X, Y)


@pytest.mark.parametrize(("kind", "given", "message"), [
    (nn.sklearn.SOMClusterer, {"map_shape": (0, 3)}, r"SOMClusterer: map_shape\[0\] is a whole number, at least 1"),
    (nn.sklearn.SOMClusterer, {"map_shape": (1, 2, 3)}, r"SOMClusterer: map_shape is the numbers of rows and columns"),
    (nn.sklearn.RBMTransformer, {"learning_rate": 0.5, "weight_decay": 3.0},
     "RBMTransformer: learning_rate times weight_decay is at most 1, not 1.5; lower one of them"),
    (nn.sklearn.NetworkRegressor, {"hidden_layer_sizes": (4, 0)},
     r"NetworkRegressor: hidden_layer_sizes\[1\] is a whole number, at least 1, not 0"),
    (nn.sklearn.NetworkRegressor, {"hidden_layer_sizes": 0}, "hidden_layer_sizes is a whole number, at least 1, not 0"),
    (nn.sklearn.NetworkRegressor, {"validation_fraction": (X, Y)},
     "NetworkRegressor: validation_fraction is a part of the rows, between 0 and 1, or None, not"),
    (nn.sklearn.NetworkClassifier, {"validation_fraction": 1}, "between 0 and 1, or None, not 1$"),
    (nn.sklearn.NetworkClassifier, {"jit": 1}, 'NetworkClassifier: jit is "auto", True or False, not 1$')])
def test_values_that_are_nearly_right(kind, given, message):
    with pytest.raises(ValueError, match=message):
        kind(**given).fit(X, Y)
