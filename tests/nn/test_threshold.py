"""One output and targets 0 and 1: the threshold that metrics and pictures take, and outputs that have no class."""

import math
import random
import warnings

import numpy
import pytest

import autograd as ag
import nn
from viz import plot_decision

CORNERS, ANSWERS = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0, 1, 1, 0]
METRICS = [nn.accuracy, nn.confusion_matrix, nn.balanced_accuracy]


@pytest.mark.parametrize("seed", [1, 2, 5, 7])
def test_a_linear_output_that_learned_xor_is_right(seed):
    """The title was "3 of 4 points right", and the accuracy 0.5 or 0.75: -1e-9 set the threshold to 0."""
    model = nn.MLP(2, [8, 1], "tanh", seed=seed)
    history = nn.fit(model, nn.mse_loss, CORNERS, ANSWERS, nn.Adam(model.parameters(), lr=0.05), 300, progress=False)
    outputs = nn.predict(model, CORNERS)
    assert history["loss"][-1] < 1e-3
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert nn.accuracy(outputs, ANSWERS) == nn.balanced_accuracy(outputs, ANSWERS) == 1.0
        assert nn.confusion_matrix(outputs, ANSWERS) == [[2, 0], [0, 2]]
        drawn = plot_decision(model, CORNERS, ANSWERS, steps=5)
    assert "4 of 4 points right" in drawn._suptitle.get_text()


@pytest.mark.parametrize("seed", range(20))
def test_least_squares_of_0_and_1_is_split_at_one_half(seed):
    """Also where it leaves [0, 1]: numpy fits it, its best threshold is near 1/2."""
    rng = numpy.random.default_rng(seed)
    x = rng.normal(size=(200, 2)) * 2
    y = (x[:, 0] + 0.3 * rng.normal(size=200) > 0).astype(int)
    columns = numpy.c_[x, numpy.ones(200)]
    outputs = columns @ numpy.linalg.lstsq(columns, y, rcond=None)[0]
    assert outputs.min() < 0.0
    assert outputs.max() > 1.0
    assert nn.accuracy(outputs, y) == numpy.mean((outputs > 0.5) == y)


@pytest.mark.parametrize("seed", range(20))
def test_logits_of_0_and_1_are_split_at_0(seed):
    rng = random.Random(seed)
    logits = [rng.gauss(0, 2) for _ in range(100)]
    targets = [int(rng.random() < 1 / (1 + math.exp(-z))) for z in logits]
    assert nn.accuracy(logits, targets) == sum((z > 0) == t for z, t in zip(logits, targets, strict=True)) / 100


def test_small_logits_are_warned_of_where_the_caller_called():
    logits, targets = [-0.2, 0.3, 0.2, -0.1], [0, 1, 1, 0]
    for metric in METRICS:
        with pytest.warns(RuntimeWarning, match=rf"{metric.__name__}: the threshold is 0\.5, and 0 would") as told:
            metric(logits, targets)
        assert told[0].filename == __file__
    with pytest.warns(RuntimeWarning, match=r"plot_decision: .* give threshold=") as told:
        plot_decision(lambda x: 0.2 * (x[0] - x[1]), [[0.0, 1.0], [1.0, 0.0]], [0, 1], steps=3)
    assert told[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert nn.accuracy(logits, targets, 0.0) == 1.0
        assert nn.accuracy(logits, [2 * t - 1 for t in targets]) == 1.0         # targets -1 and 1
        assert nn.accuracy([0.3, 0.6], [1, 1]) == 0.5                           # probabilities


@pytest.mark.parametrize("nan", [math.nan, numpy.float64("nan"), ag.Value(math.nan)])
def test_nan_is_wrong_and_has_no_class(nan):
    """Two nan and the targets 0 gave 1.0."""
    assert nn.accuracy([nan, nan], [0, 0]) == nn.balanced_accuracy([nan, nan], [0, 0]) == 0.0
    assert nn.accuracy([[nan], [0.9]], [[0], [1]]) == 0.5
    for outputs in ([[nan, 1.0], [1.0, 0.0]], [[1.0, nan], [1.0, 0.0]]):
        assert nn.accuracy(outputs, [0, 0]) == nn.balanced_accuracy(outputs, [0, 0]) == 0.5
        assert nn.accuracy(outputs, [1, 0]) == 0.5
        with pytest.raises(ValueError, match="confusion_matrix: example 0 has a nan"):
            nn.confusion_matrix(outputs, [0, 0])
    assert nn.accuracy([[math.inf, -math.inf], [0.0, 1.0]], [0, 0]) == 0.5


@pytest.mark.parametrize(("outputs", "targets", "message"), [
    ([1.1, 1.9], [1.5, 2.2], "the target 1.5|the target 2.2"), ([1.1, 1.9], [1, 2], "the target 2 for one output"),
    ([0.2, 0.7], [0.1, 0.9], "is no class; classes are 0 and 1"), ([0.2], [math.nan], "the target nan"),
    ([[0.0, 1.0]], [2], "no class 2 among 2"), ([[0.0, 1.0]], [-100], "no class -100"),
    ([[0.0, 1.0]], [0.5], r"no class 0\.5"), ([0.1, 0.2], ["no", "yes"], "the target '(no|yes)'")])
def test_targets_of_no_class(outputs, targets, message):
    """Targets 1 and 2 of one output gave 1.0."""
    for metric in METRICS:
        with pytest.raises(ValueError, match=f"{metric.__name__}: .*({message})"):
            metric(outputs, targets)


def test_class_weights_take_whole_numbers_alone():
    for targets in ([0.5, 1.0], [0.0, math.nan], [math.inf]):
        with pytest.raises(ValueError, match="class_weights: targets are the numbers of classes"):
            nn.class_weights(targets)
    assert nn.class_weights(numpy.array([0.0, 0.0, 1.0, 1.0])) == [1.0, 1.0]
